"""What an outlet prints on page after page, learnt from the page texts of an import before they are understood.

The table lies in `furniture.jsonl` in the archive, where people can read and edit it. It is learnt from the sources
that are new, whatever their order, and joined with what is there; what is known already is not read again for it.

Texts are read here and looked at by the workers, which is three quarters of it. What they found is kept in a temporary
SQLite file: of the 40,000 pages of one crawl file it would be 0.8 GB in memory.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from . import importers, workers
from .errors import system_error
from .import_ledger import write_file
from .import_state import Todo
from .import_take import Options, read_texts
from .model import Record

if TYPE_CHECKING:
    from .extraction.text import repeats

FILE = "furniture.jsonl"
KINDS = frozenset(("text", "warc", "table", "zip", "packed", "tar"))
"""What may hold page texts."""
BATCH = 64
BATCH_CHARACTERS = 1_000_000

_TABLE = "CREATE TABLE page (outlet BLOB, digest TEXT, seen BLOB, PRIMARY KEY (outlet, digest)) WITHOUT ROWID"

_Page = tuple[bytes, str, str]
"""Outlet, digest and text of a page."""
_Looked = tuple[bytes, str, bytes]
"""Outlet and digest of a page, and what was seen on it, packed."""


class Learner:
    """Learns from what an import with these options reads. `watch` is told how many bytes have been read."""

    def __init__(self, options: Options, crew: workers.Crew, watch: Callable[[int], None]) -> None:
        self._options, self._crew, self._watch = options, crew, watch
        self._done = 0

    def learn(self, todos: Iterable[Todo], file: Path, target: Path) -> tuple[str, str]:
        """Learn from new sources, join it with the table in `file`, and write the whole to `target`.

        Gives where the table lies, and its digest; both are empty for a table without lines. Raises SiteError for a
        line of `file` that can't be read, and for a full disk.
        """
        from .extraction.text import repeats  # 90 ms, which an import without new sources need not pay

        old = repeats.load(_text(file), FILE)
        table = repeats.merge(old, table_of(self._records(todos), self._crew, self._options.jobs))
        text = repeats.dump(table)
        if text != _text(target):
            write_file(target, text.encode())
        return (str(target), hashlib.sha256(text.encode()).hexdigest()) if text else ("", "")

    def _records(self, todos: Iterable[Todo]) -> Iterator[Record]:
        for todo in todos:
            try:
                importer = importers.recognise(todo.path, self._options.kind)
            except OSError:
                continue  # whoever takes it will tell
            if importer and importer.name in KINDS:
                yield from read_texts(todo.path, todo.name, self._options, self._reached)
            self._done += todo.size

    def _reached(self, place: int) -> None:
        self._watch(self._done + place)


def table_of(records: Iterable[Record], crew: workers.Crew, jobs: int = 1) -> repeats.Table:
    """The table of a heap of Records, the same whatever their order.

    Memory follows neither their number nor that of their outlets, but the lines that are learnt.
    """
    from .extraction.text import repeats

    with closing(sqlite3.connect("", check_same_thread=False)) as db:  # a temporary file
        db.execute(_TABLE)
        for looked in crew.run(_look, _batches(_chosen(records, db)), jobs):
            for outlet, digest, seen in looked:
                db.execute("UPDATE page SET seen = ? WHERE outlet = ? AND digest = ?", (seen, outlet, digest))
        return repeats.Table({outlet: lines for outlet, pages in _outlets(db) if (lines := repeats.repeated(pages))})


def _chosen(records: Iterable[Record], db: sqlite3.Connection) -> Iterator[_Page]:
    """The pages that may be among those of their outlet with the smallest digests."""
    from .extraction.text import repeats

    for record in records:
        outlet = repeats.outlet_of(record).encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(record.text.encode("utf-8", "replace"), digest_size=12).hexdigest()
        count, last = db.execute("SELECT count(*), max(digest) FROM page WHERE outlet = ?", (outlet,)).fetchone()
        if count >= repeats.PAGES and digest > last:
            continue
        if not db.execute("INSERT OR IGNORE INTO page VALUES (?, ?, NULL)", (outlet, digest)).rowcount:
            continue
        if count >= repeats.PAGES:
            db.execute("DELETE FROM page WHERE outlet = ? AND digest = ?", (outlet, last))
        yield outlet, digest, record.text


def _batches(pages: Iterator[_Page]) -> Iterator[list[_Page]]:
    batch: list[_Page] = []
    size = 0
    for page in pages:
        batch.append(page)
        size += len(page[2])
        if len(batch) >= BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _look(batch: list[_Page]) -> list[_Looked]:
    """What is seen on each page. Done in workers."""
    from .extraction.text import repeats

    looked: list[_Looked] = []
    for outlet, digest, text in batch:
        seen = repeats.look(text)
        raw = json.dumps([sorted(seen.lines), sorted(seen.sentences)], ensure_ascii=False)
        looked.append((outlet, digest, zlib.compress(raw.encode("utf-8", "surrogatepass"), 1)))
    return looked


def _outlets(db: sqlite3.Connection) -> Iterator[tuple[str, list[repeats.Seen]]]:
    """Each outlet that has several pages, with what was seen on them."""
    from .extraction.text import repeats

    several = "SELECT outlet FROM page GROUP BY outlet HAVING count(*) > 1 ORDER BY outlet"
    for (outlet,) in db.execute(several):
        found = db.execute("SELECT seen FROM page WHERE outlet = ? ORDER BY digest", (outlet,))
        pages = [json.loads(zlib.decompress(seen).decode("utf-8", "surrogatepass")) for (seen,) in found]
        seen = [repeats.Seen(frozenset(lines), frozenset(sentences)) for lines, sentences in pages]
        yield outlet.decode("utf-8", "surrogatepass"), seen


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise system_error(error, file, "can't be read") from error
