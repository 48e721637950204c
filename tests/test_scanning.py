"""The files of an archive in the order of their paths; and how the index holds them against those that it knows."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import entries, scanning
from site_builder import index as index_module
from site_builder.entries import Entry
from site_builder.index import Changes, Index
from tests import sites

NAMES = ["a.md", "a/b.md", "a/c/d.md", "a-b.md", "a0.md", "a.b/c.md", "É/x.md", "z.md", "日本/語.md", "A.md"]


def write(root: Path, names: list[str], text: str = "---\ntitle: One\n---\n\nText.\n") -> Path:
    """A content folder with these articles."""
    sites.write(root, {f"content/articles/{name}": text for name in names})
    return root / "content"


def paths(content: Path) -> list[str]:
    return [path for path, *_ in scanning.scan(content)]


def test_files_come_by_path_whatever_lies_beside_them(tmp_path: Path) -> None:
    content = write(tmp_path, NAMES)
    sites.write(tmp_path, {"content/pages/about.md": "About."})
    assert paths(content) == sorted([f"articles/{name}" for name in NAMES] + ["pages/about.md"])


def test_signatures_are_those_of_the_files(tmp_path: Path) -> None:
    content = write(tmp_path, NAMES)
    for path, *sign in scanning.scan(content):
        assert tuple(sign) == entries.signature((content / path).stat())


def test_without_handles_of_folders_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write(tmp_path, NAMES)
    expected = list(scanning.scan(content))
    monkeypatch.setattr(os, "supports_dir_fd", set())
    assert list(scanning.scan(content)) == expected


def test_links_dot_files_and_other_endings_are_passed_over(tmp_path: Path) -> None:
    content = write(tmp_path, ["a.md", ".b.md", ".c/d.md", "e.txt", "f.md/g.md"])
    (content / "articles/link.md").symlink_to(content / "articles/a.md")
    (content / "articles/links").symlink_to(content / "articles", target_is_directory=True)
    (content / "articles/nowhere.md").symlink_to(content / "none")
    assert paths(content) == ["articles/a.md", "articles/f.md/g.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_a_name_that_is_no_text_has_its_place_in_the_order(tmp_path: Path) -> None:
    content = write(tmp_path, ["a.md", "z.md", "[.md"])
    os.close(os.open(os.fsencode(content / "articles") + b"/\xff.md", os.O_CREAT))
    assert paths(content) == ["articles/[.md", "articles/\\xff.md", "articles/a.md", "articles/z.md"]


def test_a_scan_that_is_given_up_leaves_no_folder_open(tmp_path: Path) -> None:
    content = write(tmp_path, NAMES)
    held = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    scan = scanning.scan(content)
    next(scan)
    del scan
    assert not held or len(os.listdir("/proc/self/fd")) == held


def test_a_file_that_goes_away_meanwhile_is_not_there(tmp_path: Path) -> None:
    content = write(tmp_path, ["a.md", "b.md"])
    scan = scanning.scan(content)
    next(scan)
    (content / "articles/b.md").unlink()
    assert list(scan) == []


# ------------------------------------------------------------------------------------------------- compare


def unread(index: Index, content: Path) -> tuple[list[str], int]:
    """The paths that the index wants to be read, and how many files are gone."""
    changes = index.compare(scanning.scan(content))
    wanted = [*index.unread()]
    assert changes == Changes(len(wanted), changes.gone)
    return wanted, changes.gone


def test_the_index_finds_what_is_new_changed_and_gone(tmp_path: Path) -> None:
    content = write(tmp_path, ["b.md", "d.md", "f.md", "h.md"])
    with Index.open(tmp_path / "index", "test") as index:
        found = entries.read(content, unread(index, content)[0])
        index.add([entry._replace(racy=False) for entry in found])
        index.filled()
        assert unread(index, content) == ([], 0)
        (content / "articles/b.md").unlink()
        (content / "articles/h.md").unlink()
        (content / "articles/f.md").write_text("---\ntitle: Longer\n---\n")
        write(tmp_path, ["a.md", "e.md", "z.md"])
        wanted = ["articles/a.md", "articles/e.md", "articles/f.md", "articles/z.md"]
        assert unread(index, content) == (wanted, 2)
        assert unread(index, content) == (wanted, 0)
        assert {row[0] for row in index.rows("statuses")} == {"published"}


FILES = st.dictionaries(st.sampled_from([f"{n:02}" for n in range(30)]), st.integers(0, 2))


@given(FILES, FILES, st.integers(1, 7))
def test_whatever_changed_is_found(before: dict[str, int], after: dict[str, int], part: int) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "COMPARE_PART", part)
        with Index.open(Path(name) / "index", "test") as index:
            index.add([Entry(path, (size, 1, 1), b"", False) for path, size in before.items()])
            index.filled()
            changes = index.compare((path, size, 1, 1) for path, size in sorted(after.items()))
            assert [*index.unread()] == sorted(path for path in after if after[path] != before.get(path))
            assert changes.gone == len(before.keys() - after.keys())
            index.add([Entry(path, (after[path], 1, 1), b"", False) for path in index.unread()])
            assert index.compare((path, size, 1, 1) for path, size in sorted(after.items())) == Changes(0, 0)


def test_a_file_that_changed_shortly_before_it_was_read_is_read_again(tmp_path: Path) -> None:
    content = write(tmp_path, ["a.md"])
    with Index.open(tmp_path / "index", "test") as index:
        index.add([entry._replace(racy=True) for entry in entries.read(content, ["articles/a.md"])])
        assert unread(index, content) == (["articles/a.md"], 0)


def test_an_index_that_was_not_filled_is_made_anew(tmp_path: Path) -> None:
    content = write(tmp_path, ["a.md"])
    with Index.open(tmp_path / "index", "test") as index:
        index.add([*entries.read(content, ["articles/a.md"])])
        index.commit()
    with Index.open(tmp_path / "index", "test") as index:
        assert unread(index, content) == (["articles/a.md"], 0)
        index.filled()
        index.commit()
    with Index.open(tmp_path / "index", "test") as index:
        assert next(index.rows("refused")) == (0,)
