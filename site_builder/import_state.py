"""What an import has to know of earlier ones, in one SQLite file: the newest row of each source, which article holds
which text, and the stats of files that need not be hashed again.

Nothing here is truth: all but the stats comes from `imports.jsonl`, and is read from it anew whenever that is not
just as the last import left it. A damaged or older file is thrown away.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from .errors import Problem
from .import_ledger import LEDGER, Appender, Row, mend, read_rows

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE source (
    name TEXT PRIMARY KEY, sha256 TEXT, meta TEXT, article TEXT, same_as TEXT, content TEXT, kept TEXT, records INT,
    row INT
) WITHOUT ROWID;
CREATE TABLE article (
    path TEXT PRIMARY KEY, id TEXT, source TEXT, sha256 TEXT, wrote TEXT, content TEXT, fields TEXT
) WITHOUT ROWID;
CREATE INDEX source_copy ON source (article) WHERE same_as != '';
CREATE INDEX article_sha256 ON article (sha256);
CREATE INDEX article_content ON article (content);
CREATE INDEX article_id ON article (id);
CREATE TABLE seen (
    name TEXT PRIMARY KEY, size INT, mtime INT, ctime INT, inode INT, sha256 TEXT, meta TEXT
) WITHOUT ROWID;
"""
_TEMPORARY = """
CREATE TEMP TABLE claimed (name TEXT PRIMARY KEY, path BLOB) WITHOUT ROWID;
CREATE TEMP TABLE todo (n INTEGER PRIMARY KEY, name TEXT, path BLOB, size INT);
"""
COMMIT = 2_000
"""Rows between two commits of the cache. It only saves room: a killed import reads the ledger again."""

Stat = tuple[int, int, int, int]
"""Size, mtime and ctime in nanoseconds, inode: if none has changed, a file's bytes have not."""


@dataclass(frozen=True, slots=True)
class Held:
    """An article that an import wrote: its path, its source, and digests of what it was made from and into."""

    path: str
    id: str
    source: str
    sha256: str
    wrote: str
    content: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was hashed: its stat, its digest, and that of the facts beside it."""

    stat: Stat
    sha256: str
    meta: str


@dataclass(frozen=True, slots=True)
class Todo:
    """A file that has to be looked into: its name, where it lies, and its size in bytes."""

    name: str
    path: Path
    size: int


_ROW = "s.name, s.sha256, s.article, s.meta, s.same_as, s.kept, s.records"


def _row(values: tuple[Any, ...]) -> Row:
    name, sha256, article, meta, same_as, kept, records = values
    return Row(name, sha256, article, meta=meta, same_as=same_as, kept=kept, records=records)


class State:
    """One archive's imports; a context manager. Without a cache file it lives in a temporary one and notes nothing."""

    def __init__(self, content: Path | None, cache: Path | None, problems: list[Problem]) -> None:
        """`content` holds the ledger, None is for an import without one; `cache` is the SQLite file.

        What is wrong with the ledger is added to `problems`. Raises SiteError for a ledger that can't be read.
        """
        self._ledger = content / LEDGER if content else None
        self._appender = Appender(self._ledger) if self._ledger and cache else None
        self._db = _open(cache)
        self._db.executescript(_TEMPORARY)
        self._changes = self._rows = 0
        if self._ledger and _stamp(self._ledger) != self._meta("ledger"):
            self._read_anew(self._ledger, problems, write=cache is not None)

    def __enter__(self) -> State:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._appender:
            self._appender.__exit__(kind, error, at)
            if kind is None and self._ledger:
                self._set_meta("ledger", _stamp(self._ledger))
            self._db.commit()
        self._db.close()

    def _read_anew(self, ledger: Path, problems: list[Problem], write: bool) -> None:
        self._db.execute("DELETE FROM source")
        self._db.execute("DELETE FROM article")
        for row in read_rows(ledger, problems):
            self._apply(row)
        if write:
            mend(ledger)
            self._set_meta("ledger", _stamp(ledger))
            self._db.commit()

    def _meta(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def _set_meta(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # ------------------------------------------------------------------------------------------ what is known

    def source(self, name: str) -> Row | None:
        """The newest row of a source, without the lines and fields that only the ledger itself has."""
        found = self._db.execute(f"SELECT {_ROW} FROM source s WHERE name = ?", (name,)).fetchone()
        return _row(found) if found else None

    def seen_sources(self, names: list[str]) -> dict[str, tuple[Seen, Row]]:
        """Files that were seen before, with their rows: for many at once, which is ten times as fast as singly."""
        marks = ", ".join("?" * len(names))
        found = self._db.execute(
            f"SELECT f.size, f.mtime, f.ctime, f.inode, f.sha256, f.meta, {_ROW} "
            f"FROM seen f JOIN source s ON s.name = f.name WHERE f.name IN ({marks})",
            names,
        )
        return {row[6]: (Seen(row[:4], row[4], row[5]), _row(row[6:])) for row in found}

    def is_known(self, row: Row | None, sha256: str, meta: str) -> bool:
        """Whether a source with these bytes and facts needs no reading.

        One that is a copy has to be read when the article that holds its text has taken another.
        """
        if not row or row.sha256 != sha256 or row.meta != meta:
            return False
        return not row.same_as or bool(
            self._db.execute(
                "SELECT 1 FROM source s JOIN article a ON a.path = s.article "
                "WHERE s.name = ? AND (a.sha256 = s.sha256 OR (s.content != '' AND a.content = s.content))",
                (row.source,),
            ).fetchone()
        )

    def article(self, path: str) -> Held | None:
        """What is known of the article at a path."""
        return self._held("path = ?", path)

    def holder(self, sha256: str, content: str) -> Held | None:
        """The article that was made of the same bytes, or else that has the same title and body."""
        return self._held("sha256 = ?", sha256) or (self._held("content = ?", content) if content else None)

    def own(self, name: str, sha256: str) -> Held | None:
        """The article that was made of just this source with just these bytes, and not of one that it is a copy of."""
        row = self.source(name)
        held = self.article(row.article) if row and row.article and row.sha256 == sha256 else None
        if not row or not held or held.sha256 != sha256:
            return None
        return held if (held.source == name and not row.same_as) or self.is_orphan(held) else None

    def is_orphan(self, held: Held) -> bool:
        """Whether the source that an article was made of holds something else now."""
        row = self.source(held.source)
        return not row or bool(row.same_as) or (row.sha256 != held.sha256 and not row.kept)

    def copies(self, path: str) -> list[str]:
        """The names of the sources that are copies of the one an article was made of."""
        found = self._db.execute("SELECT name FROM source WHERE same_as != '' AND article = ? ORDER BY name", (path,))
        return [name for (name,) in found]

    def has_id(self, id_: str) -> bool:
        """Whether an article has this id."""
        return bool(self._db.execute("SELECT 1 FROM article WHERE id = ?", (id_,)).fetchone())

    def is_newest(self, row: Row, number: int) -> bool:
        """Whether the row that is the ledger's n-th, counted from 1, is the newest of its source."""
        found = self._db.execute("SELECT row FROM source WHERE name = ?", (row.source,)).fetchone()
        return bool(found and found[0] == number)

    def _held(self, where: str, value: str) -> Held | None:
        row = self._db.execute(f"SELECT * FROM article WHERE {where} ORDER BY path LIMIT 1", (value,)).fetchone()
        if not row:
            return None
        path, id_, source, sha256, wrote, content, fields = row
        return Held(path, id_, source, sha256, wrote, content, json.loads(fields))

    def begins(self, prefix: str) -> bool:
        """Whether the name of any source begins like this."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        query = "SELECT 1 FROM source WHERE name >= ? AND name < ? LIMIT 1"
        return bool(self._db.execute(query, (prefix, end)).fetchone())

    # ------------------------------------------------------------------------------------------- what is done

    def note(self, row: Row) -> None:
        """Write a row to the ledger, and know it."""
        if self._appender:
            self._appender.append(row)
        self._apply(row)
        self._changed()

    def _changed(self) -> None:
        self._changes += 1
        if self._changes % COMMIT == 0 and self._appender:
            self._db.commit()

    def _apply(self, row: Row) -> None:
        same = row.content if row.same_as else ""
        self._rows += 1
        self._db.execute(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row.source, row.sha256, row.meta, row.article, row.same_as, same, row.kept, row.records, self._rows),
        )
        if row.article and not row.same_as and not row.kept:
            self._db.execute(
                "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row.article, row.id, row.source, row.sha256, row.wrote, row.content, json.dumps(dict(row.fields))),
            )

    def claim(self, name: str, path: Path) -> Path | None:
        """Take a name for the rest of the run; the path of the one who has it already, or None."""
        cursor = self._db.execute("INSERT OR IGNORE INTO claimed VALUES (?, ?)", (name, os.fsencode(path)))
        if cursor.rowcount:
            return None
        (other,) = self._db.execute("SELECT path FROM claimed WHERE name = ?", (name,)).fetchone()
        return Path(os.fsdecode(other))

    def begin_again(self) -> None:
        """Forget the names that were taken and the list of files to look into, for another round over them."""
        self._db.execute("DELETE FROM claimed")
        self._db.execute("DELETE FROM todo")

    def release(self, prefix: str) -> None:
        """Give back the names that begin like this: those of a file's Records, when it is done."""
        self._db.execute("DELETE FROM claimed WHERE name >= ? AND name < ?", (f"{prefix}#", f"{prefix}$"))

    # --------------------------------------------------------------------------------------- stats, and to do

    def seen(self, name: str) -> Seen | None:
        """A file as it was when it was hashed last."""
        row = self._db.execute("SELECT * FROM seen WHERE name = ?", (name,)).fetchone()
        return Seen(row[1:5], row[5], row[6]) if row else None

    def note_seen(self, name: str, seen: Seen) -> None:
        """Remember a file's digest."""
        self._db.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", (name, *seen.stat, seen.sha256, seen.meta)
        )
        self._changed()

    def add_todo(self, todo: Todo) -> None:
        """Put a file on the list of those to look into."""
        self._db.execute("INSERT INTO todo VALUES (NULL, ?, ?, ?)", (todo.name, os.fsencode(todo.path), todo.size))

    def todo(self) -> Iterator[Todo]:
        """The list, in its order."""
        last = 0
        while rows := self._db.execute("SELECT * FROM todo WHERE n > ? ORDER BY n LIMIT 500", (last,)).fetchall():
            yield from (Todo(name, Path(os.fsdecode(path)), size) for _, name, path, size in rows)
            last = rows[-1][0]

    def todo_bytes(self) -> int:
        """The size of all files on the list."""
        (size,) = self._db.execute("SELECT coalesce(sum(size), 0) FROM todo").fetchone()
        return int(size)


def _stamp(ledger: Path) -> str:
    """Changes with the ledger."""
    try:
        status = ledger.stat()
    except OSError:
        return "none"
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _open(cache: Path | None) -> sqlite3.Connection:
    """The cache file, made anew if it is damaged or was made otherwise; or a temporary one."""
    if cache:
        try:
            db = _connect(str(cache))
            row = db.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
            if row and row[0] == _SCHEMA:
                return db
            db.close()
        except sqlite3.DatabaseError:
            pass
        for ending in ("", "-wal", "-shm", "-journal"):
            cache.with_name(cache.name + ending).unlink(missing_ok=True)
    db = _connect(str(cache or ""))
    db.executescript(_SCHEMA)
    db.execute("INSERT INTO meta VALUES ('schema', ?)", (_SCHEMA,))
    db.commit()
    return db


def _connect(file: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level="DEFERRED", check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA temp_store = FILE")
    return db
