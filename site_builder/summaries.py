"""A part's index as a summary: the files that it has, and their entries as they were taken in. Reads, never writes.

An index has all that the pages of other years show of an article (its card, fields, terms, addresses) and no body.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from . import entries
from .entries import Entry, Signature, digest
from .errors import Problem
from .ledger_tables import read_only

# A file that was read, and is of another year, has neither an article nor problems: it is another part's.
_OURS = "(a.n IS NOT NULL OR f.problems != '')"
_FILES = (
    f"SELECT f.path, f.sum, f.problems, a.n IS NOT NULL FROM file f LEFT JOIN article a USING (path) "
    f"WHERE {_OURS} ORDER BY f.path"
)
_ENTRIES = (
    "SELECT f.path, f.sum, f.problems, a.n, a.key, a.status, a.ord, a.y, a.m, a.d, a.anniversary, a.base, a.fixed, "
    "a.card, a.document FROM file f LEFT JOIN article a USING (path) "
    f"WHERE f.path IN (SELECT value FROM json_each(?)) AND {_OURS} ORDER BY f.path"
)


def files(index: Path) -> Iterator[tuple[str, Signature, bool]]:
    """Path and signature of every file, by path, and whether it is an article; others could not be read.

    The signature is made of what was in the file and not of its times, which differ from one machine to another.
    Raises SiteError for an index that is not finished.
    """
    with closing(read_only(index)) as db:
        for path, sum_, problems, sound in db.execute(_FILES):
            yield path, _signature(sum_, problems), bool(sound)


def _signature(sum_: bytes, problems: str) -> Signature:
    sign = digest(sum_, problems.encode())
    return int.from_bytes(sign[:8], signed=True), int.from_bytes(sign[8:], signed=True), 0


def read(index: Path, paths: Sequence[str]) -> Iterator[Entry]:
    """The entries of those of these files that the index has."""
    with closing(read_only(index)) as db:
        for path, sum_, problems, n, key, status, ord_, y, m, d, anniversary, base, fixed, card, document in db.execute(
            _ENTRIES, (json.dumps(paths),)
        ).fetchall():
            told = tuple(Problem(*values) for values in json.loads(problems or "[]"))
            sign = _signature(sum_, problems)
            if n is None:
                yield Entry(path, sign, sum_, problems=told)
                continue
            yield Entry(
                path=path,
                signature=sign,
                sum=sum_,
                refused=False,
                key=key,
                status=status,
                sort=ord_.removesuffix(f" {path}"),
                bucket=tuple(part for part in (y, m, d) if part),
                anniversary=anniversary,
                base=base,
                fixed=bool(fixed),
                card=card,
                document=document,
                terms=entries.terms_of(entries.article(path, document)),
                aliases=tuple(row[0] for row in db.execute("SELECT url FROM alias WHERE n = ? ORDER BY url", (n,))),
                pictures=tuple(row[0] for row in db.execute("SELECT picture FROM shows WHERE n = ? ORDER BY 1", (n,))),
                links=_keys(db, "link", n),
                addresses=_keys(db, "address", n),
                claims=_keys(db, "claim", n),
                problems=told,
            )


def _keys(db: sqlite3.Connection, table: str, n: int) -> tuple[bytes, ...]:
    return tuple(key for (key,) in db.execute(f"SELECT key FROM {table} WHERE n = ? ORDER BY key", (n,)))
