"""What an import has to know of earlier ones, in one SQLite file: the newest row of each source, which article holds
which text, and the stats of files that need not be hashed again.

Nothing here is truth: all but the stats comes from `imports.jsonl`, and is read from it anew whenever that is not
just as the last import left it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from . import import_cache
from .errors import Problem
from .front_values import file_name
from .import_alike import Sketches
from .import_catalogue import Wants
from .import_ledger import LEDGER, Appender, Row, mend, read_rows
from .model import Source

OTHERS = "other_sources"
"""The field of an article that follows from the ledger, and changes when a copy is met."""
MAX_OTHERS = 100
MAX_OTHERS_SIZE = 50_000
"""Other sources that an article names, and their characters: a crawl can have one wall page ten thousand times, and a
front matter of 256,000 characters is refused. The ledger has all."""
COMMIT = 2_000
"""Rows between two commits of the cache. It only saves room: a killed import reads the ledger again."""

Stat = tuple[int, int, int, int]
"""Size, mtime and ctime in nanoseconds, inode: if none has changed, a file's bytes have not."""


@dataclass(frozen=True, slots=True)
class Held:
    """An article that an import wrote: its path, its source, and digests of what it was made from and into.

    `others` is the digest of the list of its other sources that was last written, or told of where it could not be.
    """

    path: str
    id: str
    source: str
    sha256: str
    wrote: str
    content: str
    fields: dict[str, str]
    others: str


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


_ROW = "s.name, s.sha256, s.article, s.meta, s.same_as, s.kept, s.records, s.media"


_SAME_TEXT = "(a.sha256 = s.sha256 OR (s.content != '' AND a.content = s.content))"
"""Whether a copy still has the text of the article that its row names."""


def _origin(row: Row) -> str:
    """Where a copy comes from, as an article that has its text says it."""
    file = row.source.removesuffix(f"#{row.part}") if row.part else row.source
    source = Source(file_name(file), file_name(row.part), row.url, row.canonical, row.format, row.retrieved, row.sha256)
    return json.dumps({name: text for name in Source.__slots__ if (text := getattr(source, name))}, ensure_ascii=False)


def _row(values: tuple[Any, ...]) -> Row:
    name, sha256, article, meta, same_as, kept, records, media = values
    media = json.loads(media) if media else {}
    return Row(name, sha256, article, meta=meta, same_as=same_as, kept=kept, records=records, media=media)


class State:
    """One archive's imports; a context manager. Without a cache file it lives in a temporary one and notes nothing."""

    def __init__(self, content: Path | None, cache: Path | None, problems: list[Problem]) -> None:
        """`content` holds the ledger, None is for an import without one; `cache` is the SQLite file.

        What is wrong with the ledger is added to `problems`. Raises SiteError for a ledger that can't be read.
        """
        self._ledger = content / LEDGER if content else None
        self._appender = Appender(self._ledger) if self._ledger and cache else None
        self._db = import_cache.open_cache(cache)
        self.sketches = Sketches(self._db)
        self.wants = Wants(self._db)
        self._changes = self._rows = 0
        if self._ledger and _stamp(self._ledger) != self._meta("ledger"):
            self._read_anew(self._ledger, problems, write=cache is not None)
            self.sketches.begin()

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
        self._db.execute("DELETE FROM owed")
        self.sketches.clear()
        for row in read_rows(ledger, problems):
            self._apply(row)
        self._db.execute(
            "INSERT INTO owed SELECT article FROM source WHERE same_as != '' "
            "UNION SELECT path FROM article WHERE others != ''"
        )
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
                f"SELECT 1 FROM source s JOIN article a ON a.path = s.article WHERE s.name = ? AND {_SAME_TEXT}",
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

    def others(self, path: str) -> tuple[tuple[Source, ...], int]:
        """The sources that have the text of an article beside its own, by name, as far as an article can name them;
        and how many there are.
        """
        found = self._db.execute(
            "SELECT s.origin FROM source s JOIN article a ON a.path = s.article "
            f"WHERE s.same_as != '' AND s.article = ? AND s.name != a.source AND {_SAME_TEXT} ORDER BY s.name",
            (path,),
        )
        named: list[Source] = []
        count = size = 0
        for (origin,) in found:
            count += 1
            size += len(origin)
            if count <= MAX_OTHERS and size <= MAX_OTHERS_SIZE:
                named.append(Source(**json.loads(origin)))
        return tuple(named), count

    def owed(self) -> Iterator[str]:
        """The articles whose list of other sources may not be what it should be, by path, until they are `settled`."""
        last = ""
        while found := self._db.execute("SELECT path FROM owed WHERE path > ? LIMIT 1", (last,)).fetchone():
            (last,) = found
            yield last

    def settled(self, path: str) -> None:
        """The list of an article's other sources is as it should be, or was told of."""
        self._db.execute("DELETE FROM owed WHERE path = ?", (path,))
        self._changed()

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
        path, id_, source, sha256, wrote, content, fields, others = row
        return Held(path, id_, source, sha256, wrote, content, json.loads(fields), others)

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
        if not row.amended:
            # The article that a copy leaves, the one that it comes to, and the one that it is a copy of.
            self._db.execute(
                "INSERT OR IGNORE INTO owed SELECT article FROM source WHERE name = ? AND same_as != ''", (row.source,)
            )
            self._apply(row)
            self._db.execute(
                "INSERT OR IGNORE INTO owed SELECT article FROM source WHERE article = ? AND same_as != '' LIMIT 1",
                (row.article,),
            )
        else:
            self._apply(row)
        self._changed()

    def _changed(self) -> None:
        self._changes += 1
        if self._changes % COMMIT == 0 and self._appender:
            self._db.commit()

    def _apply(self, row: Row) -> None:
        self._rows += 1
        if row.amended:
            self._amend(row)
            return
        same, origin = (row.content, _origin(row)) if row.same_as else ("", "")
        self._db.execute(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.source,
                row.sha256,
                row.meta,
                row.article,
                row.same_as,
                same,
                row.kept,
                row.records,
                self._rows,
                origin,
                json.dumps(dict(row.media)) if row.media and "#" in row.source else "",
            ),
        )
        if row.article and not row.same_as and not row.kept:
            self.sketches.add(row.article, row.source, row.sketch)
            fields, others = json.dumps(dict(row.fields)), row.fields.get(OTHERS, "")
            self._db.execute(
                "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row.article, row.id, row.source, row.sha256, row.wrote, row.content, fields, others),
            )

    def _amend(self, row: Row) -> None:
        held, others = self.article(row.article), row.fields.get(OTHERS, "")
        if held and row.kept:
            self._db.execute("UPDATE article SET others = ? WHERE path = ?", (others, row.article))
        elif held:
            fields = {name: sum_ for name, sum_ in {**held.fields, **row.fields}.items() if sum_}
            self._db.execute(
                "UPDATE article SET wrote = ?, fields = ?, others = ? WHERE path = ?",
                (row.wrote, json.dumps(fields), others, row.article),
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
