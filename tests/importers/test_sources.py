"""Which files are sources, and who reads them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from site_builder import importers
from site_builder.errors import Problem
from site_builder.model import Record, Skipped


def only(path: Path, max_bytes: int = 1_000_000) -> Record | Problem | Skipped:
    (item,) = importers.read(path, path.name, max_bytes)
    return item


def test_walk_is_sorted_and_leaves_out_what_is_no_source(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "b-c.txt", ".hidden.txt", ".git/x.txt", "a.meta.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = list(importers.sources(tmp_path))
    assert [file.name for file in found] == ["a.txt", "b-c.txt", "b/1.txt", "b/2.txt"]
    assert [file.beside for file in found] == [(str(tmp_path / "a.meta.toml"),), (), (), ()]
    (one,) = importers.sources(tmp_path / "a.txt")
    assert (one.path, one.beside) == (
        str(tmp_path / "a.txt"),
        (str(tmp_path / "a.meta.toml"),),
    ) and one.status.st_size == 4
    assert list(importers.sources(tmp_path / "nothing")) == []


def test_parts_of_pages_are_counted_and_their_folders_left(tmp_path: Path) -> None:
    files = (
        "page.html", "page_files/frame.html", "page_files/deep/1.png", "Seite.HTM", "Seite-Dateien/x.js", "a.mhtml",
        "a_fichiers/x.css", "strona.html", "strona_pliki/x.txt", "case_files/note.txt", "img/1.png", "img/2.PNG", "s.css",
        "Thumbs.db",
    )  # fmt: skip
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    told: list[Skipped] = []
    found = [path.name for path in importers.sources(tmp_path, passed_over=told.append)]
    assert found == ["Seite.HTM", "a.mhtml", "case_files/note.txt", "page.html", "strona.html"]
    assert {one.reason: one.count for one in told} == {
        ".png files, but for those that articles name": 2,
        ".css files": 1,
        "files in the folders of saved pages": 5,
    }


def test_a_pipe_is_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    problem = only(tmp_path / "pipe.txt")
    assert isinstance(problem, Problem)
    assert "regular file" in problem.message


NOISE = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(1000))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.css", b"p { color: red }", "not a kind of source"),
        ("feed.html", b"<?xml version='1.0'?><svg></svg>", "not a kind of source"),
        ("paper.rst", b"Title\n=====\n\nText.", "not a kind of source"),
        ("blank.html", b" \n ", "no text"),
        ("large.html", b"x" * 1_000_001, "more than 1,000,000"),
        ("nul.html", b"\x00\x01\x02" * 900, "no text"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
        ("noise.html", NOISE, "no text"),
        ("noise.txt", NOISE.replace(b"\0", b""), "no text"),
        ("early.txt", b"Some \x00 text", "NUL"),
        ("early.md", b"# Some \x00 text", "NUL"),
        ("paper.txt", b"%PDF-1.7 ...", "not a kind of source"),
        ("archive.txt", b"PK\x03\x04....", "is damaged or cut"),
        ("nul.txt", b"Some text " * 600 + b"\x00 and more", "NUL"),
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n\t\n", "no text"),
        ("large.txt", b"x" * 1_000_001, "more than 1,000,000"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    problem = only(tmp_path / name)
    assert isinstance(problem, Problem)
    assert problem.where == name
    assert words in problem.message
    assert problem.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("text")
    (tmp_path / "page.txt").chmod(0)
    problem = only(tmp_path / "page.txt")
    assert isinstance(problem, Problem)
    assert "permission" in problem.hint


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.write(b"one line of text " * 300)
        stream.truncate(50_000_000_000)  # sparse: reading it whole would not end
    problem = only(tmp_path / "huge.txt")
    assert isinstance(problem, Problem)
    assert "more than 1,000,000 bytes" in problem.message


def test_sidecar_facts_come_with_the_record(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("A headline\n\nA text.")
    (tmp_path / "page.meta.toml").write_text('date = 2017-04-12\nauthor = "Ann Lee"\nurl = "https://news.example/a"\n')
    record = only(tmp_path / "page.txt")
    assert isinstance(record, Record)
    assert record.meta == {"date": "2017-04-12", "authors": ("Ann Lee",), "url": "https://news.example/a"}


def test_a_broken_sidecar_holds_the_import_back(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("A headline\n\nA text.")
    (tmp_path / "page.meta.toml").write_text('dat = "2017"\nauthors = 3\ndate = "last week"\n')
    problems = list(importers.read(tmp_path / "page.txt", "in/page.txt", 1000))
    assert [type(one) for one in problems] == [Problem] * 3
    assert all(isinstance(one, Problem) and one.where == "in/page.meta.toml" for one in problems)
    assert isinstance(problems[0], Problem)
    assert problems[0].hint == "did you mean 'date'?"


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe\x00", b"[" * 5000])
def test_a_sidecar_that_is_no_toml(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "page.txt").write_text("A headline\n\nA text.")
    (tmp_path / "page.meta.toml").write_bytes(content)
    assert [type(one) for one in importers.read(tmp_path / "page.txt", "page.txt", 1000)] == [Problem]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<p>Gr\xfc\xdfe aus <b>Westhaven</b></p>"),
        ("page.htm", "<meta charset=utf-8><p>Grüße aus".encode()),
        ("index.php", "\ufeff<!-- saved --><!DOCTYPE html><p>Grüße aus".encode()),
        ("page.txt", "<?xml version='1.0' encoding='utf-8'?>\n<html><p>Grüße aus".encode()),
        ("without-ending", "<html lang=de><p>Grüße aus".encode()),
    ],
)
def test_web_pages_are_known_by_ending_or_beginning(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    record = only(tmp_path / name)
    assert isinstance(record, Record)
    assert record.format == "html"
    assert "Grüße aus" in record.text
