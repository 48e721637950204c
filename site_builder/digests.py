"""The digests of all articles, kept in blocks: part of the index, which calls it.

A plan needs them all at once, and an edit changes one. A block has those of `SIZE` row numbers; the database itself notes
whose articles changed. To read them from a million rows took 1.3 s of each build that found a change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from .entries import digest
from .sums import Sums

SIZE = 1024
"""Articles of a block: of a million there are a thousand blocks, each 40 kB."""
WIDTHS = (16, 16, 8)
"""Bytes of the digest of a card, a file, and of an article's terms."""

TABLES = """
CREATE TABLE block (id INTEGER PRIMARY KEY, cards BLOB, files BLOB, terms BLOB);
CREATE TABLE stale_block (id INTEGER PRIMARY KEY);
"""
_MARK = f"INSERT OR IGNORE INTO stale_block VALUES ({{}}.n / {SIZE})"
_TRIGGERS = (
    f"CREATE TRIGGER block_new AFTER INSERT ON article BEGIN {_MARK.format('new')}; END",
    f"CREATE TRIGGER block_gone AFTER DELETE ON article BEGIN {_MARK.format('old')}; END",
    f"CREATE TRIGGER block_other AFTER UPDATE OF cardsum, filesum, termsum ON article BEGIN {_MARK.format('new')}; END",
    f"CREATE TRIGGER block_led AFTER INSERT ON lead BEGIN {_MARK.format('new')}; END",
    f"CREATE TRIGGER block_led_no_more AFTER DELETE ON lead BEGIN {_MARK.format('old')}; END",
)
_ROWS = "SELECT n, cardsum, filesum, termsum FROM article WHERE n >= ? AND n < ?"
_SHOWN = "SELECT n, picture FROM shows WHERE n >= ? AND n < ? ORDER BY n, picture"
_LED = "SELECT n, key, url FROM lead WHERE n >= ? AND n < ? ORDER BY n, key"


def sign(pictures: Mapping[str, str]) -> str:
    """Changes with what pages show of any picture."""
    return digest(json.dumps(sorted(pictures.items())).encode()).hex()


def read(db: sqlite3.Connection, pictures: Mapping[str, str]) -> Sums:
    """The digests of all articles; `pictures` tells what pages show of each picture, by path.

    A file's digest covers its path, its bytes, the pictures that its article shows, and where its links lead.
    """
    shown = sign(pictures)
    _refresh(db, pictures, shown)
    highest = db.execute("SELECT coalesce(max(id), -1) FROM block").fetchone()[0]
    cards, files, terms = (bytearray(width * SIZE * (highest + 1)) for width in WIDTHS)
    for number, *found in db.execute("SELECT id, cards, files, terms FROM block"):
        for whole, part in zip((cards, files, terms), found, strict=True):
            whole[number * len(part) : (number + 1) * len(part)] = part
    return Sums(bytes(cards), bytes(files), bytes(terms), shown)


def _refresh(db: sqlite3.Connection, pictures: Mapping[str, str], shown: str) -> None:
    """Make the blocks anew that are not up to date."""
    row = db.execute("SELECT value FROM meta WHERE name = 'summed'").fetchone()
    stale: Iterable[int]
    if row is None:
        # From now on each change leaves its mark; while an index is filled they would cost more than they save.
        for statement in _TRIGGERS:
            db.execute(statement)
        (highest,) = db.execute("SELECT coalesce(max(n), -1) FROM article").fetchone()
        stale = range(highest // SIZE + 1)
    else:
        stale = [number for (number,) in db.execute("SELECT id FROM stale_block")]
        if row[0] != shown:
            stale = {*stale, *(number for (number,) in db.execute(f"SELECT DISTINCT n / {SIZE} FROM shows"))}
    for number in stale:
        values = _block(db, number * SIZE, pictures)
        db.execute("INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?)", (number, *values))
    if stale:
        db.execute("DELETE FROM stale_block")
    if row is None or row[0] != shown:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('summed', ?)", (shown,))


def _block(db: sqlite3.Connection, start: int, pictures: Mapping[str, str]) -> tuple[bytes, ...]:
    whole = tuple(bytearray(width * SIZE) for width in WIDTHS)
    cards, files, terms = whole
    for n, card, file, term in db.execute(_ROWS, (start, start + SIZE)):
        at = n - start
        cards[16 * at : 16 * at + 16], files[16 * at : 16 * at + 16] = card, file
        terms[8 * at : 8 * at + 8] = term or bytes(8)
    for n, picture in db.execute(_SHOWN, (start, start + SIZE)):
        place = slice(16 * (n - start), 16 * (n - start) + 16)
        files[place] = digest(bytes(files[place]), f"{picture}\0{pictures.get(picture)}".encode())
    for n, key, url in db.execute(_LED, (start, start + SIZE)):
        place = slice(16 * (n - start), 16 * (n - start) + 16)
        files[place] = digest(bytes(files[place]), b"\0", key, url.encode())
    return tuple(map(bytes, whole))
