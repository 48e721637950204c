"""What is not as it was left in an output folder is found, beside the build or in it, and mended."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from site_builder import intact
from site_builder.errors import SiteError
from site_builder.ledger_tables import FILE
from site_builder.publishing import FOLDER
from site_builder.workers import Beside
from tests import sites

ROOT = Path(__file__).resolve().parents[1]
PAGE = "2017/04/12/one.html"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A site of two articles, built."""
    text = "---\ntitle: {}\ndate: 2017-0{}-12\n---\n\nText.\n"
    sites.write(
        tmp_path, {"content/articles/1.md": text.format("One", 4), "content/articles/2.md": text.format("Two", 5)}
    )
    sites.build(tmp_path)
    return tmp_path


def altered(root: Path) -> frozenset[str]:
    work = intact.look(root / "output", root / "output" / FOLDER / FILE, 1)
    return frozenset[str]().union(*work.results())


def test_what_was_left_alone_is_as_it_was_left(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert altered(archive) == frozenset()
    monkeypatch.setattr(os, "supports_dir_fd", set())
    assert altered(archive) == frozenset()


def lengthen(page: Path) -> None:
    page.write_bytes(page.read_bytes() + b"!")


def turn_around(page: Path) -> None:
    page.write_bytes(page.read_bytes()[::-1])


def turn_around_with_the_old_time(page: Path) -> None:
    before = page.stat().st_mtime_ns
    turn_around(page)
    os.utime(page, ns=(before, before))


def put_a_folder_there(page: Path) -> None:
    page.unlink()
    page.mkdir()


def put_a_file_for_its_folder(page: Path) -> None:
    shutil.rmtree(page.parent)
    page.parent.write_text("x")


def put_a_link_there(page: Path) -> None:
    page.rename(page.with_name("x"))
    page.symlink_to("x")


EDITS = (
    lengthen,
    turn_around,
    turn_around_with_the_old_time,
    Path.unlink,
    put_a_folder_there,
    put_a_file_for_its_folder,
    put_a_link_there,
)


def test_every_file_is_in_one_part(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was added and removed since the borders were noted."""
    monkeypatch.setattr(intact, "PART", 7)
    ledger = archive / "output" / FOLDER / FILE
    with closing(sqlite3.connect(ledger)) as db:
        paths = [path for (path,) in db.execute("SELECT path FROM page")]
        intact.note(db, len(paths))
        db.commit()
        (borders,) = db.execute("SELECT value FROM meta WHERE name = 'borders'").fetchone()
        assert json.loads(borders) == paths[6::7]
        intact.note(db, len(paths) + 14)
        assert db.execute("SELECT value FROM meta WHERE name = 'borders'").fetchone() == (borders,)
    for gone in (paths[0], paths[6], paths[-1]):
        (archive / "output" / gone).unlink()
        results = intact.look(archive / "output", ledger, 1).results()
        assert len(results) == len(paths) // 7 + 1
        assert sum(map(bool, results)) == 1
        assert sites.build(archive).written == 1


@pytest.mark.parametrize("edit", EDITS)
def test_a_page_that_is_not_is_found_by_its_group(edit: Callable[[Path], None], archive: Path) -> None:
    edit(archive / "output" / PAGE)
    assert "articles 2017-04" in altered(archive)
    assert "articles 2017-05" not in altered(archive)


@pytest.mark.parametrize("edit", EDITS[:4])
def test_and_made_again(edit: Callable[[Path], None], archive: Path) -> None:
    before = sites.read(archive / "output")
    edit(archive / "output" / PAGE)
    assert sites.build(archive).written == 1
    assert sites.read(archive / "output") == before


APART = """
import sys
from pathlib import Path
from site_builder import intact, pipeline, settings, workers
intact.LARGE = 0
begun = []
make = workers.Beside.__init__
def note(self, *values):
    make(self, *values)
    begun.append(len(self._helpers))
workers.Beside.__init__ = note
root = Path(sys.argv[1])
report = pipeline.build(settings.load(root / "content", root / "output", 2))
print(report.written, report.removed, begun)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is started for it")
def test_a_process_of_its_own_finds_the_same(archive: Path) -> None:
    """In a Python without the threads of a test runner, beside which no process may be copied."""

    def build() -> str:
        run = subprocess.run(
            [sys.executable, "-c", APART, str(archive)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return run.stdout.strip()

    before = sites.read(archive / "output")
    build()  # the program is another one for it, if only by this process's imports
    assert build() == "0 0 [1]"
    (archive / "output" / PAGE).write_text("somebody's")
    (archive / "output/index.html").unlink()
    assert build() == "2 0 [1]"
    assert build() == "0 0 [1]"
    assert sites.read(archive / "output") == before
    (archive / "output" / FOLDER / FILE).unlink()
    assert build() == "0 0 [0]"


# -------------------------------------------------------------------------------------------------- beside


def test_results_are_worked_out_once_and_when_they_are_asked_for() -> None:
    asked: list[int] = []

    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    work = Beside(double, [3, 4], processes=0)
    assert asked == []
    assert (work.results(), work.results(), asked) == ([6, 8], [6, 8], [3, 4])
    work.close()
    assert Beside(double, [], processes=0).results() == []


FAILING = """
import os, signal, time
from site_builder.workers import Beside
here = os.getpid()
def elsewhere(number):
    time.sleep(0.01)
    return os.getpid() != here
def die_elsewhere(number):
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
def fail(number):
    raise ValueError("elsewhere" if os.getpid() != here else "here")
def sleep(number):
    time.sleep(600)
def after(seconds, work):
    time.sleep(seconds)
    return work.results()
print(after(2, Beside(elsewhere, [1, 2, 3], processes=2)))
print({*Beside(elsewhere, [*range(90)], processes=2).results()} == {True, False})
print(Beside(lambda n: 2 * n, [*range(900)], processes=3).results() == [*range(0, 1800, 2)])
print(after(1, Beside(die_elsewhere, [2, 3, 4, 5], processes=2)))
try:
    after(1, Beside(fail, [3], processes=1))
except ValueError as error:
    print(error)
left = Beside(sleep, [4], processes=2)
(_, process), _ = left._helpers
left.close()
left.close()
print(process.exitcode)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is started for it")
def test_a_process_that_fails_is_no_loss_and_one_that_nobody_waits_for_is_ended() -> None:
    run = subprocess.run([sys.executable, "-c", FAILING], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split("\n") == ["[True, True, True]", "True", "True", "[2, 3, 4, 5]", "here", "-9", ""]
    assert run.stderr == ""


def test_a_damaged_ledger_is_told_as_ever(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (archive / "output" / FOLDER / FILE).write_bytes(b"no database")
    monkeypatch.setattr(intact, "LARGE", 0)
    with pytest.raises(SiteError, match="damaged"):
        sites.build(archive, jobs=2)
