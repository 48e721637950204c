"""What is not as it was left in an output folder is found, beside the build or in it, and mended."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
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
    return intact.look(root / "output", root / "output" / FOLDER / FILE, 1).result()


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
    begun.append(self._answers is not None)
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
    assert build() == "0 0 [True]"
    (archive / "output" / PAGE).write_text("somebody's")
    (archive / "output/index.html").unlink()
    assert build() == "2 0 [True]"
    assert build() == "0 0 [True]"
    assert sites.read(archive / "output") == before
    (archive / "output" / FOLDER / FILE).unlink()
    assert build() == "0 0 [False]"


# -------------------------------------------------------------------------------------------------- beside


def test_a_result_is_worked_out_once_and_when_it_is_asked_for() -> None:
    asked: list[int] = []

    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    work = Beside(double, 3, apart=False)
    assert asked == []
    assert (work.result(), work.result(), asked) == (6, 6, [3])
    work.close()


FAILING = """
import os, signal, time
from site_builder.workers import Beside
here = os.getpid()
def die_elsewhere(number):
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
def fail(number):
    raise ValueError("elsewhere" if os.getpid() != here else "here")
def sleep(number):
    time.sleep(600)
print(Beside(lambda n: os.getpid() != here, 1, apart=True).result())
print(Beside(die_elsewhere, 2, apart=True).result())
try:
    Beside(fail, 3, apart=True).result()
except ValueError as error:
    print(error)
left = Beside(sleep, 4, apart=True)
left.close()
left.close()
print(left._process.exitcode)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is started for it")
def test_a_process_that_fails_is_no_loss_and_one_that_nobody_waits_for_is_ended() -> None:
    run = subprocess.run([sys.executable, "-c", FAILING], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split("\n") == ["True", "2", "here", "-9", ""]
    assert run.stderr == ""


def test_a_damaged_ledger_is_told_as_ever(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (archive / "output" / FOLDER / FILE).write_bytes(b"no database")
    monkeypatch.setattr(intact, "LARGE", 0)
    with pytest.raises(SiteError, match="damaged"):
        sites.build(archive, jobs=2)
