"""The tables of the output's ledger, and the reading of another output's: which of its pages are just what is wanted.

The ledger itself (`output`) writes them; from another's nothing is read but rows of pages, and nothing is written.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import SiteError
from .publishing import FOLDER, Ready, current_signature, file_sum

FILE = "ledger.sqlite3"
VERSION = "3"
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE page (
    path TEXT PRIMARY KEY, folded TEXT, part TEXT, view BLOB, settings BLOB, data BLOB,
    size INT, mtime INT, ctime INT, sum BLOB, problem TEXT
) WITHOUT ROWID;
CREATE TABLE plan (name TEXT PRIMARY KEY, inputs BLOB) WITHOUT ROWID;
"""
EACH_TIME = """
CREATE INDEX IF NOT EXISTS page_folded ON page (folded) WHERE folded NOTNULL;
CREATE INDEX IF NOT EXISTS page_problem ON page (path) WHERE problem > '';
CREATE TEMP TABLE planned (path TEXT PRIMARY KEY, folded TEXT UNIQUE, url TEXT, part INT) WITHOUT ROWID;
CREATE TEMP TABLE todo (
    seq INTEGER PRIMARY KEY, path TEXT UNIQUE, part TEXT,
    url TEXT, view TEXT, items BLOB, full BLOB, data TEXT, stamp BLOB, why TEXT, ours INT, near INT
);
CREATE TEMP TABLE kept (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE fresh (name TEXT PRIMARY KEY, inputs BLOB) WITHOUT ROWID;
CREATE TEMP TABLE ready (path TEXT PRIMARY KEY, file TEXT, sum BLOB, problem TEXT) WITHOUT ROWID;
"""
GONE = (
    "SELECT path FROM page WHERE (part IS NULL OR part NOT IN (SELECT name FROM kept)) "
    "AND path NOT IN (SELECT path FROM planned) ORDER BY path"
)
HELD = (
    "SELECT path FROM page WHERE path IN (SELECT value FROM json_each(?1)) AND folded ISNULL "
    "AND part IN (SELECT name FROM kept) UNION ALL SELECT folded FROM page WHERE folded NOTNULL "
    "AND folded IN (SELECT value FROM json_each(?1)) AND part IN (SELECT name FROM kept)"
)
"""Those of these paths, in lower case, that pages have which are not planned this time."""
OVER = "SELECT count(*) FROM todo t WHERE EXISTS (SELECT 1 FROM page p WHERE p.path = t.path)"
IN_TURN = "CREATE INDEX IF NOT EXISTS temp.todo_in_turn ON todo (near, seq)"
"""For `Ledger.todo`; made when the table is full, which is cheaper."""
INTEND = "INSERT OR IGNORE INTO page (path, part, problem) SELECT path, part, '' FROM todo WHERE ours AND seq > ?"
"""Notes the pages after a place in the table as ours, which has to be done before the first of their files appears."""
UNREADY = "AND path NOT IN (SELECT path FROM ready)"

Wanted = Sequence[tuple[str, bytes]]
"""Path and stamp of pages that should be made."""


def read_only(file: Path) -> sqlite3.Connection:
    """A SQLite file that nobody writes now, on a disk that may be read-only too.

    Raises SiteError for one that is missing, or that a killed program left unfinished.
    """
    log = file.with_name(f"{file.name}-wal")
    if not file.is_file() or (log.exists() and log.stat().st_size):
        raise SiteError("is not finished", str(file), "build this part again")
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def find(output: Path, wanted: Wanted) -> dict[str, Ready]:
    """Those of the wanted pages that lie in another output folder as they were written, with the very stamps."""
    stamps = dict(wanted)
    ask = (
        "SELECT path, view, settings, data, size, mtime, ctime, sum, problem FROM page "
        "WHERE path IN (SELECT value FROM json_each(?)) AND view IS NOT NULL"
    )
    db = read_only(output / FOLDER / FILE)
    try:
        rows: list[tuple[Any, ...]] = db.execute(ask, (json.dumps(list(stamps)),)).fetchall()
    finally:
        db.close()
    found: dict[str, Ready] = {}
    for path, view, settings, data, *sign, sum_, problem in rows:
        if view + settings + data != stamps[path]:
            continue
        file = output / path
        # A copied folder has new times, and so has a file that another join has linked.
        if current_signature(os.fspath(file)) == tuple(sign) or (not file.is_symlink() and file_sum(file) == sum_):
            found[path] = Ready(os.fspath(file), sum_, problem)
    return found
