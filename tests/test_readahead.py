"""Files that are asked for ahead: which are, and that nothing goes wrong where they can't be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from site_builder import readahead

ON_DISK = "_is_on_disk"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that the system is asked to bring, all of which lie on the disk alone."""
    found: list[str] = []
    monkeypatch.setattr(readahead, ON_DISK, lambda path: True)
    monkeypatch.setattr(readahead, "_ask", found.append)
    return found


def test_all_files_of_a_batch_are_asked_for(asked: list[str]) -> None:
    root = Path("content")
    assert list(readahead.announced(root, iter([["a.md", "b.md"], ["c.md"]]))) == [["a.md", "b.md"], ["c.md"]]
    assert asked == [f"content{os.sep}{name}" for name in ("a.md", "b.md", "c.md")]


def test_a_batch_is_announced_no_earlier_than_it_is_wanted(asked: list[str]) -> None:
    batches = readahead.announced(Path("content"), iter([["a.md"], ["b.md"]]))
    next(batches)
    assert len(asked) == 1


def test_a_batch_whose_first_file_is_in_memory_is_left_alone(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readahead, ON_DISK, lambda path: path.endswith("b.md"))
    readahead.announce(Path("content"), ["a.md", "b.md"])
    readahead.announce(Path("content"), [])
    assert asked == []


def test_what_was_just_written_is_in_memory(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("text")
    assert not readahead._is_on_disk(os.fspath(tmp_path / "a.md"))


def test_files_that_cannot_be_opened_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "loop.md").symlink_to("loop.md")
    names = ["gone.md", "folder.md", "loop.md", "a.md"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.md")
        names.append("pipe.md")
    for name in names:
        assert not readahead._is_on_disk(os.fspath(tmp_path / name))
    if hasattr(os, "posix_fadvise"):
        monkeypatch.setattr(readahead, ON_DISK, lambda path: True)
    readahead.announce(tmp_path, names)


def test_a_system_without_such_a_call_is_asked_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("text")
    monkeypatch.delattr(os, "RWF_NOWAIT", raising=False)
    assert not readahead._is_on_disk(os.fspath(tmp_path / "a.md"))


def test_neither_a_link_is_followed_nor_a_pipe_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(OSError):
        readahead.opened(str(tmp_path / "link.md"))
    for name in ("a.md", "pipe.md"):
        os.close(readahead.opened(str(tmp_path / name)))
