"""Every address that was ever published, by id: `urls.jsonl` in the content folder, and its copy in the index.

The file is the truth and only grows; the copy is read anew when the file is not as it was left.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from . import urls
from .entries import signature
from .errors import Problem
from .workers import chunks

_encode = json.JSONEncoder(ensure_ascii=False).encode

FILE = "urls.jsonl"
PART = 5000
"""Addresses that are held at once: all of a million took half a gigabyte."""

Address = tuple[str, str]
"""An article's id, and a site path at which it was published."""

# `untold` has the articles whose addresses may not be in the file, `unsettled` those whose ids and addresses may be
# another's too, `former` the addresses that may be nobody's now: a few after an edit, where to look through all took
# 300 ms at 100,000 articles.
TABLES = """
CREATE TABLE published (seq INTEGER PRIMARY KEY, uid TEXT, url TEXT, folded TEXT);
CREATE TABLE untold (n INTEGER PRIMARY KEY);
CREATE TABLE unsettled (n INTEGER PRIMARY KEY);
CREATE TABLE former (folded TEXT PRIMARY KEY) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX published_folded ON published (folded, seq);
CREATE UNIQUE INDEX published_once ON published (uid, url);
"""
TRIGGERS = """
INSERT INTO untold SELECT n FROM article;
INSERT INTO unsettled SELECT n FROM article;
CREATE TRIGGER address_new AFTER INSERT ON article BEGIN
    INSERT OR IGNORE INTO untold VALUES (new.n);
    INSERT OR IGNORE INTO unsettled VALUES (new.n);
END;
CREATE TRIGGER address_other AFTER UPDATE OF uid, url, folded ON article BEGIN
    INSERT OR IGNORE INTO untold VALUES (new.n);
    INSERT OR IGNORE INTO unsettled VALUES (new.n);
    INSERT OR IGNORE INTO former SELECT old.folded WHERE old.folded NOTNULL;
END;
CREATE TRIGGER address_gone AFTER DELETE ON article BEGIN
    INSERT OR IGNORE INTO former SELECT old.folded WHERE old.folded NOTNULL;
END;
"""


def read(db: sqlite3.Connection, file: Path) -> list[Problem]:
    """Bring the file into the index if it has changed since; a line that can't be read is a Problem."""
    try:
        sign = json.dumps(signature(file.stat()))
    except FileNotFoundError:
        sign = ""
    row = db.execute("SELECT value FROM meta WHERE name = 'urls'").fetchone()
    if row and json.loads(row[0])[0] == sign:
        return [Problem(*values) for values in json.loads(row[0])[1]]
    db.execute("DELETE FROM published")
    problems: list[Problem] = []
    if sign:
        with file.open("rb") as lines, _filling(db):
            _publish(db, _addresses(lines, problems))
    db.execute("INSERT OR IGNORE INTO untold SELECT n FROM article")
    db.execute(
        "INSERT OR IGNORE INTO former SELECT folded FROM published p "
        "WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.folded = p.folded)"
    )
    _remember(db, sign, problems)
    return problems


def _addresses(lines: Iterable[bytes], problems: list[Problem]) -> Iterator[Address]:
    """Id and address of each line; one that can't be read becomes a Problem."""
    for number, raw in enumerate(lines, 1):
        line = raw.decode("utf-8", "replace")
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            uid, url = str(values["id"]), str(values["url"])
            uid.encode(), urls.output_path(url)  # ValueError: it can't be kept, or can't be a file of ours
        except (ValueError, KeyError, TypeError, RecursionError):
            problems.append(Problem(FILE, number, "is not a line of the URL ledger", "restore it from a backup"))
            continue
        yield uid, url


def write(db: sqlite3.Connection, file: Path, problems: Sequence[Problem]) -> None:
    """Append the addresses that are new; a killed build leaves at most a broken last line.

    `problems` are those of the lines that are there already.
    """
    ask = (
        "SELECT uid, url FROM untold CROSS JOIN article a USING (n) WHERE url > '' AND NOT EXISTS "
        "(SELECT 1 FROM published p WHERE p.uid = a.uid AND p.url = a.url) ORDER BY ord"
    )
    with _filling(db):
        new = chunks(db.execute(ask), PART)
        if first := next(new, []):
            with file.open("a+b") as ledger:
                _begin_line(ledger)
                _publish(db, _told(ledger, chain([first], new)))
            _remember(db, json.dumps(signature(file.stat())), problems)
    if db.execute("SELECT 1 FROM untold LIMIT 1").fetchone():
        db.execute("DELETE FROM untold")


def _begin_line(ledger: BinaryIO) -> None:
    """After half a last line, which a killed build left."""
    if ledger.tell() > 0:
        ledger.seek(-1, os.SEEK_END)
        if ledger.read(1) != b"\n":
            ledger.write(b"\n")


def _told(ledger: BinaryIO, parts: Iterable[list[Address]]) -> Iterator[Address]:
    """These addresses, each part of them once it is in the file."""
    for part in parts:
        ledger.write("".join([f"{_encode({'id': uid, 'url': url})}\n" for uid, url in part]).encode())
        yield from part


def _publish(db: sqlite3.Connection, new: Iterable[Address]) -> None:
    """Take in addresses; of two that are alike the last one counts."""
    values = ((uid, url, urls.fold(url)) for uid, url in new)
    db.executemany("INSERT OR REPLACE INTO published (uid, url, folded) VALUES (?, ?, ?)", values)


@contextmanager
def _filling(db: sqlite3.Connection) -> Iterator[None]:
    """Ids come in no order, so that each one changes another leaf of its index: where there are no addresses yet, the
    indexes are made when all are in, and sorted. Begins before anything is asked of the table.
    """
    if db.execute("SELECT 1 FROM published LIMIT 1").fetchone():
        yield
        return
    db.execute("DROP INDEX published_folded")
    db.execute("DROP INDEX published_once")
    yield
    db.execute("DELETE FROM published WHERE seq NOT IN (SELECT max(seq) FROM published GROUP BY uid, url)")
    for statement in INDEXES.split(";")[:-1]:
        db.execute(statement)


def _remember(db: sqlite3.Connection, sign: str, problems: Sequence[Problem]) -> None:
    values = [[p.where, p.line, p.message, p.hint] for p in problems]
    db.execute("INSERT OR REPLACE INTO meta VALUES ('urls', ?)", (json.dumps([sign, values]),))
