"""Every address that was ever published, by id: `urls.jsonl` in the content folder, and its copy in the index.

The file is the truth and only grows; the copy is read anew when the file is not as it was left.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from . import urls
from .entries import signature
from .errors import Problem

FILE = "urls.jsonl"

# `untold` has the articles whose addresses may not be in the file, `unsettled` those whose ids and addresses may be
# another's too, `former` the addresses that may be nobody's now: a few after an edit, where to look through all took
# 300 ms at 100,000 articles.
TABLES = """
CREATE TABLE published (seq INTEGER PRIMARY KEY, uid TEXT, url TEXT, folded TEXT);
CREATE INDEX published_folded ON published (folded, seq);
CREATE UNIQUE INDEX published_once ON published (uid, url);
CREATE TABLE untold (n INTEGER PRIMARY KEY);
CREATE TABLE unsettled (n INTEGER PRIMARY KEY);
CREATE TABLE former (folded TEXT PRIMARY KEY) WITHOUT ROWID;
"""
TRIGGERS = """
INSERT INTO untold SELECT n FROM article;
INSERT INTO unsettled SELECT n FROM article;
CREATE TRIGGER address_new AFTER INSERT ON article BEGIN
    INSERT OR IGNORE INTO untold VALUES (new.n);
    INSERT OR IGNORE INTO unsettled VALUES (new.n);
END;
CREATE TRIGGER address_other AFTER UPDATE OF uid, url, folded ON article BEGIN
    INSERT OR IGNORE INTO untold VALUES (new.n);
    INSERT OR IGNORE INTO unsettled VALUES (new.n);
    INSERT OR IGNORE INTO former SELECT old.folded WHERE old.folded NOTNULL;
END;
CREATE TRIGGER address_gone AFTER DELETE ON article BEGIN
    INSERT OR IGNORE INTO former SELECT old.folded WHERE old.folded NOTNULL;
END;
"""


def read(db: sqlite3.Connection, file: Path) -> list[Problem]:
    """Bring the file into the index if it has changed since; a line that can't be read is a Problem."""
    try:
        sign = json.dumps(signature(file.stat()))
    except FileNotFoundError:
        sign = ""
    row = db.execute("SELECT value FROM meta WHERE name = 'urls'").fetchone()
    if row and json.loads(row[0])[0] == sign:
        return [Problem(*values) for values in json.loads(row[0])[1]]
    db.execute("DELETE FROM published")
    problems: list[Problem] = []
    for number, line in enumerate(file.read_bytes().decode("utf-8", "replace").split("\n") if sign else (), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            uid, url = str(values["id"]), str(values["url"])
            uid.encode(), urls.output_path(url)  # ValueError: it can't be kept, or can't be a file of ours
        except (ValueError, KeyError, TypeError, RecursionError):
            problems.append(Problem(FILE, number, "is not a line of the URL ledger", "restore it from a backup"))
            continue
        _publish(db, uid, url)
    db.execute("INSERT OR IGNORE INTO untold SELECT n FROM article")
    db.execute(
        "INSERT OR IGNORE INTO former SELECT folded FROM published p "
        "WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.folded = p.folded)"
    )
    _remember(db, sign, problems)
    return problems


def write(db: sqlite3.Connection, file: Path, problems: Sequence[Problem]) -> int:
    """Append the addresses that are new; in one write, so that a killed build leaves at most a broken last line.

    `problems` are those of the lines that are there already. Gives how many lines were written.
    """
    new = db.execute(
        "SELECT uid, url FROM untold CROSS JOIN article a USING (n) WHERE url > '' AND NOT EXISTS "
        "(SELECT 1 FROM published p WHERE p.uid = a.uid AND p.url = a.url) ORDER BY ord"
    ).fetchall()
    if db.execute("SELECT 1 FROM untold LIMIT 1").fetchone():
        db.execute("DELETE FROM untold")
    if not new:
        return 0
    lines = "".join(json.dumps({"id": uid, "url": url}, ensure_ascii=False) + "\n" for uid, url in new)
    with file.open("a+b") as ledger:
        if ledger.tell() > 0:
            ledger.seek(-1, os.SEEK_END)
            lines = lines if ledger.read(1) == b"\n" else f"\n{lines}"
        ledger.write(lines.encode())
    for uid, url in new:
        _publish(db, uid, url)
    _remember(db, json.dumps(signature(file.stat())), problems)
    return len(new)


def _publish(db: sqlite3.Connection, uid: str, url: str) -> None:
    db.execute("INSERT OR REPLACE INTO published (uid, url, folded) VALUES (?, ?, ?)", (uid, url, urls.fold(url)))


def _remember(db: sqlite3.Connection, sign: str, problems: Sequence[Problem]) -> None:
    values = [[p.where, p.line, p.message, p.hint] for p in problems]
    db.execute("INSERT OR REPLACE INTO meta VALUES ('urls', ?)", (json.dumps([sign, values]),))
