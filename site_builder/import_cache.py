"""The SQLite file in which an import keeps what it knows of earlier ones: its tables, and how it is opened.

Nothing in it is truth: a damaged file, or one with other tables, is thrown away.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE source (
    name TEXT PRIMARY KEY, sha256 TEXT, meta TEXT, article TEXT, same_as TEXT, content TEXT, kept TEXT, records INT,
    row INT, origin TEXT, media TEXT
) WITHOUT ROWID;
CREATE TABLE article (
    path TEXT PRIMARY KEY, id TEXT, source TEXT, sha256 TEXT, wrote TEXT, content TEXT, fields TEXT, others TEXT
) WITHOUT ROWID;
CREATE INDEX source_copy ON source (article) WHERE same_as != '';
CREATE INDEX article_sha256 ON article (sha256);
CREATE INDEX article_content ON article (content);
CREATE INDEX article_id ON article (id);
CREATE TABLE sketch (n INTEGER PRIMARY KEY, path TEXT UNIQUE, source TEXT, sketch TEXT);
CREATE TABLE sketch_key (key INT, n INT, PRIMARY KEY (key, n)) WITHOUT ROWID;
CREATE TABLE owed (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE seen (
    name TEXT PRIMARY KEY, size INT, mtime INT, ctime INT, inode INT, sha256 TEXT, meta TEXT
) WITHOUT ROWID;
"""
_TEMPORARY = """
CREATE TEMP TABLE claimed (name TEXT PRIMARY KEY, path BLOB) WITHOUT ROWID;
CREATE TEMP TABLE new_key (key INT, n INT);
CREATE TEMP TABLE our_key (key INTEGER PRIMARY KEY);
CREATE TEMP TABLE wanted (archive TEXT, name TEXT, path TEXT, PRIMARY KEY (archive, name, path)) WITHOUT ROWID;
CREATE TEMP TABLE todo (n INTEGER PRIMARY KEY, name TEXT, path BLOB, size INT);
"""


def open_cache(cache: Path | None) -> sqlite3.Connection:
    """The cache file with the tables of one run, made anew where that is needed; or a temporary one."""
    db = _opened(cache)
    db.executescript(_TEMPORARY)
    return db


def _opened(cache: Path | None) -> sqlite3.Connection:
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
