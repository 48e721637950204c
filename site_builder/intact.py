"""Which of our files in an output folder are not as they were left: looked for while a build does other work.

Every file is looked at in every build, since one that somebody changed or deleted is to be mended by the next. That is
half of what a build of 100,000 articles costs in which nothing changed, and it can be done beside the other half, and
then by all cores: the files are looked at in parts.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from .workers import Beside

LARGE = 40_000
"""Files from which on a process of its own takes less time than it costs."""
PART = 5000
"""Files that are looked at in one go: some 20 ms, which is the longest that one process waits for another."""
HELPERS = 7
"""Processes at most: more would only wait for the disk's locks."""

Part = tuple[str, str | None]
"""The files from a path on and before another, if there is one."""
Altered = Beside[Part, frozenset[str]]


def look(output: Path, ledger: Path, jobs: int) -> Altered:
    """In parts, the names of the groups of which a file is not as it was left, empty for a file of none; before anything
    of SQLite is open in this process."""
    borders = _borders(ledger) if ledger.exists() else []
    helpers = min(jobs - 1, HELPERS) if ledger.exists() and len(borders) * PART >= LARGE else 0
    return Beside(partial(_altered, output, ledger), [*zip(["", *borders], [*borders, None], strict=True)], helpers)


# ------------------------------------------------------------------------------------------------- borders


def note(db: sqlite3.Connection, files: int) -> None:
    """Keep in the ledger, of so many files, where its parts begin; they may be out of date by a tenth."""
    row = db.execute("SELECT value FROM meta WHERE name = 'borders'").fetchone()
    known: list[str] = json.loads(row[0]) if row else []
    if abs(files // PART - len(known)) > len(known) / 10:
        ask = "SELECT path FROM (SELECT path, row_number() OVER (ORDER BY path) AS place FROM page) WHERE place % ? = 0"
        borders = [path for (path,) in db.execute(ask, (PART,))]
        db.execute("INSERT OR REPLACE INTO meta VALUES ('borders', ?)", (json.dumps(borders),))


def _borders(ledger: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(ledger)) as db:
            row = db.execute("SELECT value FROM meta WHERE name = 'borders'").fetchone()
            borders: list[str] = json.loads(row[0]) if row else []
            return borders
    except (sqlite3.Error, ValueError):  # whoever opens the ledger will say so
        return []


# ---------------------------------------------------------------------------------------------------- look


def _altered(output: Path, ledger: Path, part: Part) -> frozenset[str]:
    first, end = part
    found: set[str] = set()
    where, values = ("path >= ?", [first]) if end is None else ("path >= ? AND path < ?", [first, end])
    folder = os.open(output, os.O_RDONLY) if os.stat in os.supports_dir_fd else None
    start, stat = "" if folder is not None else f"{output}{os.sep}", os.stat
    try:
        with closing(sqlite3.connect(ledger)) as db:
            # A page without a view was not finished.
            rows = db.execute(
                f"SELECT path, iif(view ISNULL, NULL, size), mtime, ctime FROM page WHERE {where}", values
            )
            while some := rows.fetchmany(500):  # row by row took a tenth longer
                for path, size, mtime, ctime in some:
                    try:
                        status = stat(start + path, dir_fd=folder, follow_symlinks=False)
                        if status.st_ctime_ns == ctime and status.st_mtime_ns == mtime and status.st_size == size:
                            continue
                    except OSError:
                        pass
                    (group,) = db.execute("SELECT part FROM page WHERE path = ?", (path,)).fetchone()
                    found.add(group or "")
    finally:
        if folder is not None:
            os.close(folder)
    return frozenset(found)
