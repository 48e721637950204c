"""A crew on many machines: batches are done by the workers of a Dask cluster, over a file system that all of them see.

In: the address of a scheduler. Out: a `workers.Crew` whose `run` gives the results that one machine would give. Here it
is made sure that it does: before its first batch each worker, those that come later too, holds its versions and what it
sees of the shared folders against those of the machine where the run began.

A batch whose worker dies is done again by another (Dask tries four), so that two may do the same: pages are written
aside, in a folder of this run, and put in their places whole. At the end the folder is taken away, and a worker that was
given up and comes back late can put nothing anywhere any more.

Dask runs functions in threads and coroutines in the event loop, which in a worker process is the main thread. The work
is a coroutine: only the main thread gets the signal by which `markup` stops an article that takes too long, and one
batch at a time has to be in a process. A worker answers nobody meanwhile, which the scheduler bears for minutes.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import socket
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from . import versions, workers
from .errors import SiteError

Batch = TypeVar("Batch")
Result = TypeVar("Result")
Client = Any
"""Dask's own, most of which has no types."""

REACH = 5.0
"""Seconds in which a scheduler has to answer."""
PATIENCE = 60.0
"""Seconds in which a cluster has to have a worker: some start them only when there is work."""
RECOUNT = 5.0
"""Seconds after which the workers are counted again, for those that come and go."""
SETTLE = 2.0
"""Seconds that a worker waits for what it does not see yet: clients of network file systems remember for a while."""
SAMPLE, HEAD = 300, 65_536
"""Files of a folder that are held against each other, and bytes of each."""
MARK = "cluster-"


@dataclass(frozen=True, slots=True)
class _Sight:
    """One file that a worker has to see as it is here: where, its size, the digest of its beginning."""

    path: str
    size: int
    sum: str


@dataclass(frozen=True, slots=True)
class _Ticket:
    """What a worker has to agree with. `marks` are folders that this run made; `aside` is one that it has to write in."""

    versions: tuple[tuple[str, str], ...]
    sights: tuple[_Sight, ...] = ()
    marks: tuple[str, ...] = ()
    aside: str = ""


@dataclass(frozen=True, slots=True)
class _Job:
    """A batch on its way: opaque to Dask, which looks into lists and tuples, and shows in its logs what it can't do."""

    ticket: _Ticket = field(repr=False)
    function: Callable[..., Any] = field(repr=False)
    arguments: tuple[Any, ...] = field(repr=False)


# --------------------------------------------------------------------------------------- where the run began


def absolute(options: Mapping[str, Any]) -> dict[str, Any]:
    """The paths of a command's options from the root on, since workers start in folders of their own.

    Links stay as they are: `/home/x` may lead elsewhere on each machine.
    """

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(one) for one in value]
        return Path(os.path.abspath(value)) if isinstance(value, Path) else value

    return {name: whole(value) for name, value in options.items()}


@contextmanager
def crew(address: str) -> Iterator[workers.Crew]:
    """The crew of the cluster at `address` (`tcp://host:8786`), or of this machine where that is empty.

    Raises SiteError if there is no scheduler, or no worker that agrees in its versions with this machine.
    """
    if not address:
        yield workers.Crew()
        return
    with _connected(address) as client:
        cluster = Cluster(client, address)
        cluster.ask()
        yield cluster


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        import distributed
        from distributed.comm.addressing import get_address_host_port
    except ImportError as error:
        hint = 'pip install "site-builder[distributed]", here and where the workers run'
        raise SiteError("needs the package distributed", "--cluster", hint) from error
    # What matters is said in one line, here; a lost scheduler is complained of even after the end.
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        # Dask tries a closed door again and again, and says nothing of why; a plain knock tells at once.
        host, port = get_address_host_port(address)
        socket.create_connection((host, port), REACH).close()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions, which are compared below
            connect: Any = distributed.Client
            client: Client = connect(address, timeout=REACH, set_as_default=False, name="site-builder")
    except (OSError, OverflowError, ValueError) as error:
        hint = "start one with `dask scheduler`; it says its address, like tcp://host:8786"
        reason = getattr(error, "strerror", "") or str(error)
        raise SiteError(f"there is no Dask scheduler: {reason}", address, hint) from error
    try:
        yield client
    finally:
        client.close(timeout=REACH)


class Cluster(workers.Crew):
    """The workers of a Dask cluster, however many there are at a time."""

    far = True

    def __init__(self, client: Client, address: str) -> None:
        super().__init__()
        self._client = client
        self._address = address
        self._ticket = _Ticket(versions.all_versions())
        self._counted = (0, -RECOUNT)

    def run(self, function: Callable[[Batch], Result], batches: Iterable[Batch], jobs: int) -> Iterator[Result]:
        """As `workers.run`, on the cluster; `jobs`, which are of this machine, do not count."""
        from distributed.scheduler import KilledWorker

        try:
            yield from workers.run(function, batches, 2, self._hands, self._window)
        except KilledWorker as error:
            hint = "out of memory? the logs of the workers tell; nothing is lost, and another run goes on from here"
            raise SiteError("one batch was lost with each worker that took it", self._address, hint) from error
        except CancelledError as error:
            raise self._lost() from error

    def _lost(self) -> SiteError:
        hint = "look at the scheduler; nothing is lost, and another run goes on from here"
        return SiteError("the connection to the scheduler was lost", self._address, hint)

    def _hands(self, jobs: int) -> _Hands:
        return _Hands(self._client, self._ticket)

    def _window(self) -> int:
        count, when = self._counted
        now = time.monotonic()
        if now - when > RECOUNT:
            with suppress(OSError):  # a connection that is lost is told where results are awaited
                count = len(self._client.nthreads())
            self._counted = count, now
        # Twice as many as here: a worker at work answers nobody, so that a result waits for the end of the next batch.
        return 2 * max(1, count) * workers.AHEAD

    @contextmanager
    def share(self, seen: Iterable[Path], cache: Path | None = None, output: Path | None = None) -> Iterator[str]:
        """See `workers.Crew.share`. Raises SiteError if a worker does not see these folders as this machine does."""
        token = MARK + secrets.token_hex(8)
        marks = [folder / token for folder in (cache, output) if folder]
        before = self._ticket
        try:
            for mark in marks:
                mark.mkdir()
            aside = str(output / token) if output else ""
            sights = tuple(_sight(file) for folder in seen for file in _sample(folder))
            self._ticket = _Ticket(before.versions, sights, tuple(map(str, marks)), aside)
            self.ask()
            yield aside
        finally:
            self._ticket = before
            for mark in marks:
                _take_away(mark)

    def ask(self) -> None:
        """Ask all workers that are there whether they agree with the ticket. Raises SiteError if one does not."""
        try:
            if not self._client.nthreads():  # some clusters start workers only for work that waits
                job = _Job(self._ticket, _nothing, ())
                self._client.submit(_work, job, pure=False).result(timeout=PATIENCE)
            answers = self._client.run(_agree, self._ticket, on_error="return")
        except TimeoutError as error:
            hint = f"start some: dask worker {self._address} --nworkers=-1 --nthreads 1"
            raise SiteError("the cluster has no workers", self._address, hint) from error
        except (ImportError, RuntimeError) as error:  # the scheduler, which reads all that it passes on
            raise _without_program(self._address, error.__cause__ or error) from error
        except (OSError, CancelledError) as error:
            raise self._lost() from error
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, OSError):
                continue  # gone since it was counted, as workers may
            if isinstance(answer, Exception):
                raise _without_program(worker, answer) from answer
            if answer:
                raise _refusal(worker, *answer)


def _without_program(where: str, error: BaseException) -> SiteError:
    hint = 'the scheduler and all workers need the same program: pip install "site-builder[distributed]"'
    return SiteError(f"can't run the program: {error}", where, hint)


def _refusal(worker: str, message: str, hint: str) -> SiteError:
    return SiteError(f"this worker {message}", worker, hint)


def close_others(folder: Path) -> None:
    """End the runs on a cluster that were killed here, so that none of their workers writes any more.

    The caller holds the folder for itself.
    """
    for mark in folder.glob(f"{MARK}*"):
        _take_away(mark)


def _take_away(mark: Path) -> None:
    """Under another name first: then nobody who knows the old one can add to it, or take from it."""
    gone = mark.with_name(f"{MARK}gone-{secrets.token_hex(8)}")
    try:
        mark.rename(gone)
    except FileNotFoundError:
        return
    shutil.rmtree(gone, ignore_errors=True)


class _Hands(Executor):
    """An executor whose work is done on the cluster.

    Dask's own leaves a future open for ever when the connection breaks while its result is fetched.
    """

    def __init__(self, client: Client, ticket: _Ticket) -> None:
        self._client, self._ticket = client, ticket

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """As Executor.submit. Results are fetched as they are ready, each for itself."""
        job = _Job(self._ticket, partial(function, **named), arguments)
        # Never `pure`: Dask would hash each batch, to find out whether it has done the same before.
        remote = self._client.submit(_work, job, pure=False)
        future: Future[Any] = Future()
        future.add_done_callback(lambda done: remote.cancel() if done.cancelled() else None)
        self._client.loop.add_callback(_fetch, self._client, remote, future)
        return future


async def _fetch(client: Client, remote: Any, future: Future[Any]) -> None:
    import asyncio  # 20 ms, which builds without a cluster need not pay

    from distributed import CancelledError as Cancelled
    from distributed.comm.core import CommClosedError

    with suppress(InvalidStateError):  # nobody waits any more
        try:
            future.set_result(await client.gather(remote, asynchronous=True))
        except (CommClosedError, Cancelled, asyncio.CancelledError):
            future.set_exception(CancelledError())
        except Exception as error:
            future.set_exception(error)


def _sample(folder: Path) -> list[Path]:
    """Some of the files below a folder; itself, if it is a file."""
    if not folder.is_dir():
        return [folder]
    found: list[Path] = []
    for here, folders, names in os.walk(folder):
        folders.sort()
        found += [path for name in sorted(names)[:SAMPLE] if (path := Path(here, name)).is_file()]
        if len(found) >= SAMPLE:
            break
    return found[:SAMPLE]


def _sight(path: Path) -> _Sight:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            return _Sight(str(path), os.fstat(file.fileno()).st_size, hashlib.sha256(head).hexdigest())
    except OSError:
        return _Sight(str(path), -1, "")


# -------------------------------------------------------------------------------------------- in the workers


async def _work(job: _Job) -> Any:
    """Do one batch. Raises SiteError for a worker that may not."""
    from distributed import get_worker

    worker = get_worker()
    doubt = _doubt(job.ticket, worker.state.nthreads)
    if doubt:
        raise _refusal(worker.address, *doubt)
    return job.function(*job.arguments)


async def _agree(ticket: _Ticket, dask_worker: Any) -> tuple[str, str] | None:
    return _doubt(ticket, dask_worker.state.nthreads)


@lru_cache(maxsize=4)
def _doubt(ticket: _Ticket, threads: int) -> tuple[str, str] | None:
    """Why this process may not work on what the ticket is for, and a hint; None if it may. Asked once for a ticket."""
    others = _others(dict(ticket.versions), dict(versions.all_versions()))
    if others:
        hint = "install the same everywhere (site_builder/constraints.txt has the versions), and start the workers anew"
        return f"has {', '.join(others)}", hint
    hint = "a process does one batch at a time: dask worker ADDRESS --nworkers=-1 --nthreads 1"
    if threads != 1:
        return f"has {threads} threads", hint
    if threading.current_thread() is not threading.main_thread():
        return "does not run in the main thread of its process", hint
    missing = _missing(ticket)
    until = time.monotonic() + SETTLE
    while missing and time.monotonic() < until:
        time.sleep(SETTLE / 8)
        missing = _missing(ticket)
    if missing:
        return missing, "all machines must see the same folders under the same names"
    workers.collect_seldom()
    return None


def _others(wanted: dict[str, str], held: dict[str, str]) -> list[str]:
    """In words, what is of another version here than it is wanted; the first few."""
    differ = [name for name in sorted(wanted | held) if wanted.get(name, "") != held.get(name, "")]
    if "site-builder" in differ and len(differ) == 1:
        return ["another version of the program"]
    told = [f"{name} {held.get(name) or 'not'} (here {wanted.get(name) or 'none'})" for name in differ]
    return [text for name, text in zip(differ, told, strict=True) if name != "site-builder"][:4]


def _missing(ticket: _Ticket) -> str:
    """What this process does not see, or may not write; empty if there is nothing."""
    for mark in ticket.marks:
        if not os.path.isdir(mark):
            return f"does not see the folder {os.path.dirname(mark)}"
    for sight in ticket.sights:
        if _sight(Path(sight.path)) != sight:
            return f"does not see {sight.path}, or sees another"
    if ticket.aside:
        probe = os.path.join(ticket.aside, secrets.token_hex(8))
        try:
            with open(probe, "xb"):
                pass
            os.unlink(probe)
        except OSError as error:
            return f"can't write in {os.path.dirname(ticket.aside)}: {error.strerror or error}"
    return ""


def _nothing() -> None:
    """The least that a worker can be asked to do."""
