"""A crew on a real cluster, of processes on this machine: the same bytes, whoever dies; and what it refuses to begin."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from site_builder import cli, clusters, pipeline, publishing, versions, workers
from site_builder.errors import SiteError
from tests import sites

distributed = pytest.importorskip("distributed")
pytestmark = [  # these two come from Dask, which tries ports by opening sockets, and talks of the one for its pages
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Port 8787 is already in use:UserWarning"),
]

SLOW = "[" * 8_000
"""Markdown that takes minutes: it is stopped by a signal, which only the main thread of a worker gets."""
DEEP = "* " * 4_000 + "x"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster of three processes with one thread each."""
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


def archive(root: Path) -> Path:
    """120 articles of all years, two that no Markdown reader ends with, and an inbox of 80 Records."""
    files: dict[str, str | bytes] = dict(sites.many(120))
    for name, text in (("slow", SLOW), ("deep", DEEP)):
        files[f"content/articles/1999/01/{name}.md"] = (
            f"---\nid: {name}\ntitle: {name}\ndate: 1999-01-02\n---\n\n{text}\n"
        )
    for n in range(20):
        files[f"content/inbox/{n:02}.txt"] = (
            f"The Bridge Number {n} Closes\n\nBy Ann Lee\n\nThe council voted on May {n % 28 + 1}, 1987 to close "
            f"bridge {n}, which engineers have called unsafe for {n + 2} years.\n\nIt will be rebuilt, the mayor said.\n"
        )
    files["content/inbox/many.jsonl"] = "".join(
        f'{{"title": "Flood {n}", "date": "1988-02-{n % 28 + 1:02}", "text": "The river rose by {n} feet, and fell."}}\n'
        for n in range(60)
    )
    return sites.write(root, files)


def run(root: Path, *arguments: str) -> None:
    folders = ["--content", str(root / "content"), "--output", str(root / "output"), "--quiet"]
    assert cli.main(["build", *folders, *arguments]) == 0


def everything(root: Path) -> dict[str, bytes]:
    """Articles, ledgers and pages; not the caches."""
    return {path: raw for path, raw in sites.read(root).items() if "/.cache/" not in path and sites.OWN not in path}


def test_import_and_build_give_the_bytes_of_one_machine(address: str, tmp_path: Path) -> None:
    here, there = archive(tmp_path / "here"), archive(tmp_path / "there")
    run(here, "--jobs", "1")
    run(there, "--cluster", address)
    assert sites.differences(everything(there), everything(here)) == []
    assert len(list((there / "content/articles").rglob("*.md"))) == 202
    assert b"[[[[" in (there / "output/1999/01/02/slow.html").read_bytes()
    # What was made there is what would be made here: nothing is left to do, and nothing of the run lies about.
    report = pipeline.build(sites.load(there))
    assert (report.written, report.removed) == (0, 0)
    assert {path.name for path in (there / "output" / sites.OWN).iterdir()} == {"ledger.sqlite3", "lock"}
    assert not list(there.rglob("*.tmp")) + list(there.rglob("cluster-*"))


def test_a_worker_that_is_killed_costs_its_batches_alone(address: str, tmp_path: Path) -> None:
    root = sites.write(tmp_path, sites.many(300))
    killed: list[int] = []
    with clusters.crew(address) as crew, distributed.Client(address, set_as_default=False) as client:
        pids = client.run(os.getpid)

        def kill(step: str, done: int, total: int) -> None:
            if step == "writing" and not killed:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        report = pipeline.build(sites.load(root), progress=kill, crew=crew)
    assert killed
    assert (
        report.written + report.kept == report.files
    )  # a page that the killed one had finished is found as it should be
    expected, _ = sites.clean(root, tmp_path / "clean")
    assert sites.differences(sites.read(root / "output"), expected) == []
    assert {path.name for path in (root / "output" / sites.OWN).iterdir()} == {"ledger.sqlite3", "lock"}


def test_an_import_into_another_folder_shares_its_table(address: str, tmp_path: Path) -> None:
    root = archive(tmp_path)
    for name, more in (("one", []), ("many", ["--cluster", address])):
        arguments = [str(root / "content/inbox"), "--into", str(tmp_path / name), "--quiet", *more]
        assert cli.main(["import", "--content", str(root / "content"), *arguments]) == 0
    assert sites.read(tmp_path / "many") == sites.read(tmp_path / "one")
    assert len(sites.read(tmp_path / "one")) == 80


def test_what_a_worker_holds_otherwise_is_told_before_anything_is_done(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = sites.write(tmp_path, sites.many(3))
    theirs = dict(versions.all_versions()) | {"lxml": "1.0"}
    with monkeypatch.context() as patch:
        patch.setattr(versions, "all_versions", lambda: tuple(theirs.items()))
        message = r"this worker has lxml [\d.]+ \(here 1\.0\)"
        with pytest.raises(SiteError, match=message) as caught, clusters.crew(address):
            pass
        assert caught.value.where.startswith("tcp://")
        theirs |= {"lxml": dict(versions.all_versions())["lxml"]}
    with monkeypatch.context() as patch:
        patch.setattr(clusters, "_sight", lambda path: clusters._Sight(str(path), 0, "of another machine"))
        with clusters.crew(address) as crew, pytest.raises(SiteError, match=r"does not see .*, or sees another"):
            pipeline.build(sites.load(root), crew=crew)
    assert not list((root / "output").rglob("*.html")) + list(root.rglob("cluster-*"))


def test_workers_that_share_a_process_are_refused() -> None:
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", dashboard_address=None, silence_logs=50
    ) as cluster:
        with pytest.raises(SiteError, match="has 2 threads") as caught, clusters.crew(cluster.scheduler_address):
            pass
        assert "--nthreads 1" in caught.value.hint


def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "PATIENCE", 0.2)
    with (
        distributed.LocalCluster(
            n_workers=0, processes=False, protocol="tcp", dashboard_address=None, silence_logs=50
        ) as cluster,
        pytest.raises(SiteError, match="has no workers"),
        clusters.crew(cluster.scheduler_address),
    ):
        pass


# ------------------------------------------------------------------------------------------ without a cluster


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1", "tcp://127.0.0.1:99999", "carrier://pigeon:1"])
def test_a_wrong_address_is_told_at_once(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = sites.write(tmp_path, sites.many(3))
    began = time.monotonic()
    assert cli.main(["build", "--content", str(root / "content"), "--cluster", address]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {address}: there is no Dask scheduler: ")
    assert said.count("\n") == 1
    assert time.monotonic() - began < 60  # some ms; with Dask's own attempts it would be for ever
    assert not (root / "output").exists()


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SiteError) as caught, clusters.crew("tcp://127.0.0.1:1"):
        pass
    assert 'pip install "site-builder[distributed]"' in caught.value.hint


def test_a_scheduler_that_goes_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Executor):
        def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.cancel()  # as Dask does with all that is under way
            return future

    cluster = clusters.Cluster(None, "tcp://gone:8786")
    monkeypatch.setattr(cluster, "_hands", lambda jobs: Gone())
    monkeypatch.setattr(cluster, "_window", lambda: 2)
    with pytest.raises(SiteError, match="the connection to the scheduler was lost"):
        list(cluster.run(abs, range(9), 1))


def test_the_crew_here_needs_no_cluster() -> None:
    with clusters.crew("") as crew, crew.share([Path("anything")]) as aside:
        assert (type(crew), aside, list(crew.run(abs, [-1, 2], 1))) == (workers.Crew, "", [1, 2])


def test_a_worker_that_was_given_up_can_put_nothing_in_place(tmp_path: Path) -> None:
    """It may come back after its run has ended, or when another one is at work."""
    output, aside = tmp_path / "output", tmp_path / "output" / publishing.FOLDER / f"{clusters.MARK}1"
    aside.mkdir(parents=True)
    made = publishing.publish(output, "2017/a.html", b"old", True, aside=str(aside))
    assert made.changed
    assert not list(aside.iterdir())
    clusters.close_others(aside.parent)
    assert not list(aside.parent.iterdir())
    with pytest.raises(SiteError):
        publishing.publish(output, "2017/a.html", b"older", True, aside=str(aside))
    assert (output / "2017/a.html").read_bytes() == b"old"


def test_two_that_make_one_page_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one begins and ends between the first one's two steps."""
    aside = tmp_path / "aside"
    aside.mkdir()
    replace = os.replace
    turns: list[str] = []

    def interrupted(source: str, target: str) -> None:
        turns.append(source)
        if len(turns) == 1:
            assert publishing.publish(tmp_path, "a/b.html", b"whole", True, aside=str(aside)).changed
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    (tmp_path / "a").mkdir()
    publishing.publish(tmp_path, "a/b.html", b"whole", True, aside=str(aside))
    assert len(set(turns)) == 2
    assert (tmp_path / "a/b.html").read_bytes() == b"whole"
    assert not list(aside.iterdir())


def test_paths_of_a_command_are_made_whole() -> None:
    given = {"content": Path("a/../b"), "sources": [Path("c")], "into": None, "jobs": 2, "cluster": "x"}
    here = Path.cwd()
    assert clusters.absolute(given) == given | {"content": here / "b", "sources": [here / "c"]}


def test_all_that_shapes_a_page_is_compared() -> None:
    from site_builder import bootstrap

    names = {name for name, _ in versions.all_versions()}
    assert set(bootstrap.REQUIRED) - {"filelock", "tqdm", "watchdog"} <= names
    assert {"Python", "site-builder", "dask", "distributed", "justext", "htmldate"} <= names
