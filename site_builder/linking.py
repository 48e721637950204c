"""SQL over the links between articles by their original addresses: part of the index, which calls it.

`link` has the addresses that articles link to, `address` those that they had themselves, and `claim` those that their
pages named as their own, which counts where nobody had them; all as keys of `originals` and `file_links`. `lead` is what
follows: where those links lead whose address one published article had. It is kept while nothing changes that it
follows from; the database itself notes what did. A page that shows an article depends on its rows of `lead`, as it does
on the pictures (`digests`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from .entries import Entry

TABLES = """
CREATE TABLE link (n INT, key BLOB, PRIMARY KEY (n, key)) WITHOUT ROWID;
CREATE TABLE address (n INT, key BLOB, PRIMARY KEY (n, key)) WITHOUT ROWID;
CREATE TABLE claim (n INT, key BLOB, PRIMARY KEY (n, key)) WITHOUT ROWID;
CREATE TABLE lead (n INT, key BLOB, url TEXT, PRIMARY KEY (n, key)) WITHOUT ROWID;
CREATE TABLE stale_key (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE stale_linker (n INTEGER PRIMARY KEY);
"""
INDEXES = """
CREATE INDEX link_key ON link (key);
CREATE INDEX address_key ON address (key);
CREATE INDEX claim_key ON claim (key);
CREATE INDEX lead_key ON lead (key);
"""
_MARK_KEY, _MARK_LINKER = "INSERT OR IGNORE INTO stale_key", "INSERT OR IGNORE INTO stale_linker"
_TRIGGERS = (
    f"CREATE TRIGGER link_new AFTER INSERT ON link BEGIN {_MARK_LINKER} VALUES (new.n); END",
    f"CREATE TRIGGER link_gone AFTER DELETE ON link BEGIN {_MARK_LINKER} VALUES (old.n); END",
    f"CREATE TRIGGER link_address_new AFTER INSERT ON address BEGIN {_MARK_KEY} VALUES (new.key); END",
    f"CREATE TRIGGER link_address_gone AFTER DELETE ON address BEGIN {_MARK_KEY} VALUES (old.key); END",
    f"CREATE TRIGGER link_claim_new AFTER INSERT ON claim BEGIN {_MARK_KEY} VALUES (new.key); END",
    f"CREATE TRIGGER link_claim_gone AFTER DELETE ON claim BEGIN {_MARK_KEY} VALUES (old.key); END",
    (
        "CREATE TRIGGER link_moved AFTER UPDATE OF url ON article WHEN old.url != new.url BEGIN "
        f"{_MARK_KEY} SELECT key FROM address WHERE n = new.n UNION SELECT key FROM claim WHERE n = new.n; END"
    ),
)
QUESTIONS = {"linking": "SELECT DISTINCT n FROM link ORDER BY n"}

# An address that two articles have tells neither from the other: where a link to it should lead nobody knows.
_ALL = (
    "INSERT INTO lead SELECT l.n, o.key, a.url FROM "
    "(SELECT key, min(n) AS n FROM address GROUP BY key HAVING min(n) = max(n) UNION ALL "
    "SELECT key, min(n) FROM claim WHERE key NOT IN (SELECT key FROM address) GROUP BY key HAVING min(n) = max(n)) o "
    "CROSS JOIN link l ON l.key = o.key CROSS JOIN article a ON a.n = o.n"
)
_OWNERS = "SELECT url FROM address CROSS JOIN article USING (n) WHERE address.key = ? LIMIT 2"
_CLAIMANTS = "SELECT url FROM claim CROSS JOIN article USING (n) WHERE claim.key = ? LIMIT 2"


def add(db: sqlite3.Connection, numbered: Sequence[tuple[int, Entry]]) -> None:
    """Take in the links of articles that are new. Those that are not published lead nowhere, and nothing leads there."""
    shown = [(n, entry) for n, entry in numbered if entry.status == "published"]
    db.executemany("INSERT INTO link VALUES (?, ?)", [(n, key) for n, entry in shown for key in entry.links])
    db.executemany("INSERT INTO address VALUES (?, ?)", [(n, key) for n, entry in shown for key in entry.addresses])
    db.executemany("INSERT INTO claim VALUES (?, ?)", [(n, key) for n, entry in shown for key in entry.claims])


def forget(db: sqlite3.Connection, n: int) -> None:
    """An article is gone, or about to be taken in anew."""
    db.execute("DELETE FROM link WHERE n = ?", (n,))
    db.execute("DELETE FROM address WHERE n = ?", (n,))
    db.execute("DELETE FROM claim WHERE n = ?", (n,))


def settle(db: sqlite3.Connection, wanted: bool) -> None:
    """Find out where links lead, after addresses are settled; nowhere if that is not `wanted`."""
    known = db.execute("SELECT 1 FROM meta WHERE name = 'led'").fetchone()
    if not wanted:
        if known:
            db.execute("DELETE FROM lead")
            db.execute("DELETE FROM meta WHERE name = 'led'")
        _forget_stale(db)
        return
    if not known:
        _settle_all(db)
        return
    for (key,) in db.execute("SELECT key FROM stale_key ORDER BY key"):  # streamed: after an import they are many
        _settle_key(db, key)
    for (n,) in db.execute("SELECT n FROM stale_linker ORDER BY n"):
        _settle_linker(db, n)
    _forget_stale(db)


def _settle_all(db: sqlite3.Connection) -> None:
    """From now on each change leaves its mark; while an index is filled they would cost more than they save."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'link_new'").fetchone():
        for statement in _TRIGGERS:
            db.execute(statement)
    if db.execute("SELECT 1 FROM link LIMIT 1").fetchone():
        db.execute(_ALL)
    _forget_stale(db)
    db.execute("INSERT INTO meta VALUES ('led', '')")


def _settle_key(db: sqlite3.Connection, key: bytes) -> None:
    """Where all links to an address lead, which is looked at only if that is not where they led."""
    url = _target(db, key)
    row = db.execute("SELECT url FROM lead WHERE key = ? LIMIT 1", (key,)).fetchone()
    if url == (row[0] if row else ""):
        return
    db.execute("DELETE FROM lead WHERE key = ?", (key,))
    if url:
        db.execute("INSERT INTO lead SELECT n, key, ? FROM link WHERE key = ?", (url, key))


def _settle_linker(db: sqlite3.Connection, n: int) -> None:
    """Where all links of an article lead."""
    keys = [key for (key,) in db.execute("SELECT key FROM link WHERE n = ? ORDER BY key", (n,))]
    found = [(key, url) for key in keys if (url := _target(db, key))]
    if found != db.execute("SELECT key, url FROM lead WHERE n = ? ORDER BY key", (n,)).fetchall():
        db.execute("DELETE FROM lead WHERE n = ?", (n,))
        db.executemany("INSERT INTO lead VALUES (?, ?, ?)", [(n, key, url) for key, url in found])


def _target(db: sqlite3.Connection, key: bytes) -> str:
    """The site path of the one article that had an address, else claims it; empty if there is none, or more."""
    owners = db.execute(_OWNERS, (key,)).fetchall() or db.execute(_CLAIMANTS, (key,)).fetchall()
    return str(owners[0][0]) if len(owners) == 1 else ""


def _forget_stale(db: sqlite3.Connection) -> None:
    for table in ("stale_key", "stale_linker"):
        if db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            db.execute(f"DELETE FROM {table}")


def of(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, dict[bytes, str]]:
    """Of each of these articles the links that lead somewhere: key and site path."""
    found: dict[int, dict[bytes, str]] = {}
    ask = "SELECT n, key, url FROM lead WHERE n IN (SELECT value FROM json_each(?))"
    for n, key, url in db.execute(ask, (json.dumps(list(numbers)),)):
        found.setdefault(n, {})[key] = url
    return found
