"""run(function, batches): results in order, from this process or from many.

Batches are self-contained values and results small ones, so that any `concurrent.futures` executor can do the work,
on this machine or on others. Knows nothing of what is done.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from .errors import SiteError

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

Batch = TypeVar("Batch")
Result = TypeVar("Result")

AHEAD = 3
"""Batches per worker that are made before their turn: enough that none waits, few enough that memory stays flat."""


def run(
    function: Callable[[Batch], Result],
    batches: Iterable[Batch],
    jobs: int,
    executor: Callable[[int], AbstractContextManager[Executor]] | None = None,
    window: Callable[[], int] | None = None,
) -> Iterator[Result]:
    """Give `function(batch)` for each batch, in the order of the batches, with `jobs` workers.

    One batch, or one job, is done in this process. `window` tells how many batches may be under way, where that
    changes as workers come and go. An exception in a worker is raised here; a worker that dies is a SiteError.
    """
    batches = iter(batches)
    first = list(itertools.islice(batches, 2))
    stream = itertools.chain(first, batches)
    if jobs <= 1 or len(first) < 2:
        yield from map(function, stream)
        return
    try:
        with (executor or _processes)(jobs) as pool:
            yield from _in_order(pool, function, stream, window or (lambda: jobs * AHEAD))
    except BrokenProcessPool as error:
        raise SiteError("a worker process died", hint="out of memory? try --jobs 1") from error


class Crew:
    """Who does the work: here the processes of this machine. `clusters.Cluster` is a crew on many, and `far`."""

    far = False

    def __init__(self) -> None:
        self._stays: ExitStack | None = None
        self._pool: ProcessPoolExecutor | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Within this, workers that one run has started stay for the next, with all that they have loaded and kept."""
        with ExitStack() as self._stays:
            try:
                yield
            finally:
                self._stays = self._pool = None

    def run(self, function: Callable[[Batch], Result], batches: Iterable[Batch], jobs: int) -> Iterator[Result]:
        """As `run` of this module."""
        return run(function, batches, jobs, self._here)

    def prepare(self, function: Callable[[], object], jobs: int) -> None:
        """Let workers that wait for the next run do what it will need, once each, beside what this process does."""
        for _ in range(jobs if self._pool else 0):
            assert self._pool
            self._pool.submit(function)

    @contextmanager
    def _here(self, jobs: int) -> Iterator[Executor]:
        if self._stays is None:
            with _processes(jobs) as pool:
                yield pool
            return
        if self._pool is None:
            self._pool = self._stays.enter_context(_processes(jobs))
        yield self._pool

    def share(
        self, seen: Iterable[Path], cache: Path | None = None, output: Path | None = None
    ) -> AbstractContextManager[str]:
        """Make sure that all of the crew see these files and folders; the caller holds the last two for itself.

        Gives the folder in `output` into which pages are written before they are put in their places; empty where
        that is done beside each place. Raises SiteError for one that sees something else.
        """
        return nullcontext("")


class Beside(Generic[Batch, Result]):
    """`function(part)` for each part, in so many processes of their own beside this one, which helps when it asks for the
    results.

    Processes are started only where that is cheap and safe, so before this one has opened what it can't share with a
    copy of itself: threads and SQLite files.
    """

    def __init__(self, function: Callable[[Batch], Result], parts: Sequence[Batch], processes: int) -> None:
        self._work = function
        self._parts = parts
        self._helpers: list[tuple[Connection, multiprocessing.process.BaseProcess]] = []
        self._claim: Callable[[], int] = itertools.count().__next__
        self._known: list[Result] | None = None
        if processes and _may_fork():
            context = multiprocessing.get_context("fork")
            self._claim = partial(_next, context.Value("q", 0))
            for _ in range(processes):
                answers, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_help, args=(theirs, self._results), daemon=True)
                process.start()
                theirs.close()
                self._helpers.append((answers, process))

    def results(self) -> list[Result]:
        """What the function gives for each part, or raises."""
        if self._known is None:
            found = dict(self._results())
            for answers, _ in self._helpers:
                with suppress(EOFError):  # that process failed: this one does its parts, and finds out why
                    found.update(answers.recv())
            self.close()
            self._known = [found[n] if n in found else self._work(part) for n, part in enumerate(self._parts)]
        return self._known

    def _results(self) -> Iterator[tuple[int, Result]]:
        """The results of parts that nobody else has begun, until there are none."""
        while (number := self._claim()) < len(self._parts):
            yield number, self._work(self._parts[number])

    def close(self) -> None:
        """End the processes."""
        for answers, process in self._helpers:
            answers.close()
            process.kill()
            process.join()
        self._helpers = []


def _next(claimed: Synchronized[int]) -> int:
    with claimed:
        claimed.value += 1
        return claimed.value - 1


def _help(pipe: Connection, results: Callable[[], Iterator[tuple[int, object]]]) -> None:
    _end_with_parent()
    try:
        pipe.send([*results()])
    except Exception:
        pipe.close()


def _in_order(
    pool: Executor, function: Callable[[Batch], Result], batches: Iterator[Batch], window: Callable[[], int]
) -> Iterator[Result]:
    waiting: deque[Future[Result]] = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(function, batch))
            while len(waiting) >= window():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _processes(jobs: int) -> ProcessPoolExecutor:
    # fork starts a worker in 10 ms with all modules and templates loaded, spawn in 300 ms; but fork is unsafe beside
    # other threads (the development server's) and on macOS.
    context = multiprocessing.get_context("fork" if _may_fork() else "spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)


def _may_fork() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _begin() -> None:
    """What a worker does first."""
    _end_with_parent()
    collect_seldom()


def _end_with_parent() -> None:
    """End this worker when the main process is gone.

    One that was killed leaves workers that wait for ever, hold the build's lock, and may still write an old page.
    """
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            multiprocessing.connection.wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def collect_seldom() -> None:
    """Let the garbage collector of this process run seldom, and never over what is there already.

    A build makes millions of small values and hardly a ring of them; looking for rings took a quarter of its time.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def chunks(items: Iterable[Batch], size: int) -> Iterator[list[Batch]]:
    """Lists of up to `size` items."""
    items = iter(items)
    while part := list(itertools.islice(items, size)):
        yield part
