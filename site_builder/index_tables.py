"""The tables of the index, how an index is filled for the first time, and the ways to a SQLite file of ours."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from . import digests, linking, members, tallies, url_ledger

_TABLES = (
    """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE file (
    path TEXT PRIMARY KEY, size INT, mtime INT, ctime INT, racy INT, sum BLOB, problems TEXT
) WITHOUT ROWID;
CREATE TABLE article (
    n INTEGER PRIMARY KEY, path TEXT, standing INT, key TEXT, uid TEXT, status TEXT, live INT,
    ord TEXT, y TEXT, m TEXT, d TEXT, anniversary TEXT, base TEXT, url TEXT, folded TEXT, fixed INT,
    card TEXT, cardsum BLOB, sum BLOB, document TEXT, filesum BLOB, termsum BLOB
);
CREATE TABLE alias (n INT, url TEXT, folded TEXT, PRIMARY KEY (n, url)) WITHOUT ROWID;
CREATE TABLE shows (n INT, picture TEXT, PRIMARY KEY (n, picture)) WITHOUT ROWID;
"""
    + members.TABLES
    + linking.TABLES
    + url_ledger.TABLES
    + tallies.TABLES
    + digests.TABLES
)
_INDEXES = (
    """
CREATE INDEX file_told ON file (path) WHERE problems != '';
CREATE UNIQUE INDEX article_path ON article (path);
CREATE INDEX article_day ON article (y, m, d, ord) WHERE live;
CREATE INDEX article_anniversary ON article (anniversary, y, ord) WHERE live AND anniversary > '';
CREATE INDEX article_key ON article (key);
CREATE INDEX article_uid ON article (uid);
CREATE INDEX article_folded ON article (folded);
CREATE INDEX article_moved ON article (n) WHERE url != base OR uid != key;
CREATE INDEX article_aside ON article (status, standing) WHERE NOT live;
"""
    + members.INDEXES
    + linking.INDEXES
    + url_ledger.INDEXES
    + url_ledger.TRIGGERS
)


def connect(file: Path) -> sqlite3.Connection:
    """A SQLite file set up as a cache: at a power loss the last commits may be gone, never torn."""
    db = _connect(file)
    _keep_log(db)
    return db


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level="DEFERRED", check_same_thread=False)
    db.execute("PRAGMA temp_store = FILE")
    db.execute("PRAGMA cache_size = -32000")
    return db


def _keep_log(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")


def begin(file: Path) -> sqlite3.Connection:
    """An index to be filled. It has no version until that is done, so that one that was torn is made anew.

    Indexes and triggers come at the end, and there is no log: this takes half of the time.
    """
    db = _connect(file)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.executescript(_TABLES)
    return db


def finish(db: sqlite3.Connection, file: Path, version: str) -> None:
    """The index is filled: from now on each change is kept whole."""
    db.executescript(_INDEXES)
    db.commit()
    with file.open("rb+") as written:
        os.fsync(written.fileno())
    _keep_log(db)
    db.execute("INSERT INTO meta VALUES ('version', ?)", (version,))
    db.commit()


def remove(file: Path) -> None:
    """Delete a SQLite file with its companions."""
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
