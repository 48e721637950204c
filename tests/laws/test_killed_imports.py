"""An import that is killed in the middle of a file of many Records is completed by the next, with the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import crawls
from tests.heaps import story
from tests.laws.test_whole_pages import ROOT
from tests.test_imports import Archive

ROWS = 2000
"""Of one file; an import of them takes some seconds."""


def _row(n: int) -> str:
    # Every tenth text comes again, from another address: copies, which are settled at the end of a run.
    text = story(n - n % 10) if n % 10 == 9 else story(n)
    return json.dumps({"title": text.split("\n")[0], "text": text, "url": f"https://news.example/{n}", "id": f"{n}"})


SOURCES = {
    "rows.jsonl": "".join(f"{_row(n)}\n" for n in range(ROWS)).encode(),
    "crawl.warc.gz": crawls.packed([crawls.page(n, 3) for n in range(300)]),
}


def start(root: Path, jobs: int) -> subprocess.Popen[bytes]:
    """An import in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "site_builder", "import", "content/inbox", "--quiet", "--jobs", str(jobs)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def lines(archive: Archive) -> int:
    """How many rows the ledger has, a broken one included."""
    file = archive.content / "imports.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def archived(archive: Archive) -> dict[str, bytes]:
    """All that an import made, the ledger included."""
    return {path: raw for path, raw in archive.files.items() if not path.startswith("inbox/")}


@pytest.fixture(scope="module", params=SOURCES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def whole(name: str, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("whole"))
    archive.put({name: SOURCES[name]})
    process = start(archive.root, 2)
    process.communicate()
    assert process.returncode == 0
    return archive


def killed(archive: Archive, after: int, jobs: int = 2) -> int:
    """Kill an import, its workers too, once the ledger has so many lines; how many it has then."""
    process = start(archive.root, jobs)
    deadline = time.monotonic() + 60
    while lines(archive) < after and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return lines(archive)


@pytest.mark.parametrize(("part", "jobs"), [(0.001, 1), (0.4, 2), (0.8, 1)])
def test_killed_in_the_middle_of_a_file(part: float, jobs: int, name: str, whole: Archive, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put({name: SOURCES[name]})
    every = lines(whole)
    found = killed(archive, 1 + int(part * every), jobs)
    assert 0 < found < every - 1, "it was not killed in mid-file"
    tally = archive.take()
    assert tally.outcomes["known"] and tally.outcomes["taken"]
    # A line of the ledger that was half written is told, and its article found where it is.
    assert {problem.where for problem in tally.problems} <= {"imports.jsonl"}
    assert archived(archive) == archived(whole)


def test_killed_again_and_again(name: str, whole: Archive, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put({name: SOURCES[name]})
    every, found = lines(whole), 0
    for part in (0.1, 0.5, 0.9):
        found = killed(archive, max(found, int(part * every)) + 1)
        assert found < every
    archive.take()
    assert archived(archive) == archived(whole)
