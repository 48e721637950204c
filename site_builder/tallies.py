"""What the plan wants to know of all the articles of a month, of a day of the year, or with a term.

Part of the index, which calls it. A tally is worked out from the rows of its articles, and kept until one of them
changes: the database itself notes of which that is so. So an edit among 100,000 articles reads the rows of some
thousands; to go through all of them took a second.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .entries import digest
from .sums import Sums

MONTH, ANNIVERSARY = "month", "anniversary"
"""Kinds of tallies beside the kinds of terms. A month's name is the year and the month with a space between them; both
may be empty. An anniversary's is month and day."""
NEWEST = 200
"""How many of a term's articles are looked at for the terms beside it: so a term of thousands costs what others do."""
LATEST = 4
"""Articles of a term that others may show of it."""

TABLES = """
CREATE TABLE tally (kind TEXT, slug TEXT, count INT, sign BLOB, told TEXT, PRIMARY KEY (kind, slug)) WITHOUT ROWID;
CREATE TABLE stale (kind TEXT, slug TEXT, PRIMARY KEY (kind, slug)) WITHOUT ROWID;
"""

_MARK = "INSERT OR IGNORE INTO stale"
_OF_ARTICLE = (
    f"{_MARK} SELECT '{MONTH}', {{0}}.y || ' ' || {{0}}.m WHERE {{0}}.live; "
    f"{_MARK} SELECT '{ANNIVERSARY}', {{0}}.anniversary WHERE {{0}}.live AND {{0}}.anniversary > '';"
)
_OF_LINKER = f"{_MARK} SELECT '{MONTH}', y || ' ' || m FROM article WHERE n = {{0}}.n AND live;"
_TRIGGERS = (
    f"CREATE TRIGGER tally_member_new AFTER INSERT ON member BEGIN {_MARK} VALUES (new.kind, new.slug); END",
    f"CREATE TRIGGER tally_member_gone AFTER DELETE ON member BEGIN {_MARK} VALUES (old.kind, old.slug); END",
    f"CREATE TRIGGER tally_article_new AFTER INSERT ON article BEGIN {_OF_ARTICLE.format('new')} END",
    f"CREATE TRIGGER tally_article_gone AFTER DELETE ON article BEGIN {_OF_ARTICLE.format('old')} END",
    (
        f"CREATE TRIGGER tally_article_other AFTER UPDATE ON article BEGIN {_OF_ARTICLE.format('new')} "
        f"{_MARK} SELECT kind, slug FROM member WHERE n = new.n; END"
    ),
    f"CREATE TRIGGER tally_led AFTER INSERT ON lead BEGIN {_OF_LINKER.format('new')} END",
    f"CREATE TRIGGER tally_led_no_more AFTER DELETE ON lead BEGIN {_OF_LINKER.format('old')} END",
)
_ALL = (
    f"{_MARK} SELECT DISTINCT kind, slug FROM member",
    f"{_MARK} SELECT DISTINCT '{MONTH}', y || ' ' || m FROM article WHERE live",
    f"{_MARK} SELECT DISTINCT '{ANNIVERSARY}', anniversary FROM article WHERE live AND anniversary > ''",
)
_SHOWING = f"{_MARK} SELECT DISTINCT '{MONTH}', y || ' ' || m FROM shows CROSS JOIN article USING (n) WHERE live"

_MONTH = (
    "SELECT n, d, (SELECT slug FROM member m WHERE m.n = a.n AND m.kind = 'sections') FROM article a "
    "WHERE live AND y = ? AND m = ? ORDER BY d, ord"
)
_ANNIVERSARY = "SELECT n FROM article WHERE live AND anniversary = ? AND anniversary > '' ORDER BY y, ord"
_TERM = "SELECT n, name FROM member WHERE kind = ? AND slug = ? ORDER BY ord"

Row = tuple[int, bytes, list[Any]]


class Tally(NamedTuple):
    """How many articles are `held` under a kind and name, the digests of what decides about their pages, and more.

    `sign` has for a month the digest of the cards and that of files and terms, 16 bytes each. `told` has for a month
    the numbers of its first and last article, the number of articles of each of its days, and of each section its
    first and last article there; for a term the name that most articles have for it, and its latest articles.
    """

    kind: str
    slug: str
    held: int
    sign: bytes
    told: list[Any]


def of(db: sqlite3.Connection, kind: str = "") -> Iterator[Tally]:
    """The tallies of one kind, or those of all kinds of terms, by kind and name; after `refresh`."""
    where, values = ("kind = ?", (kind,)) if kind else ("kind NOT IN (?, ?)", (MONTH, ANNIVERSARY))
    rows = db.execute(f"SELECT kind, slug, count, sign, told FROM tally WHERE {where} ORDER BY kind, slug", values)
    for kind, slug, count, sign, told in rows:
        yield Tally(kind, slug, count, sign, json.loads(told))


def refresh(db: sqlite3.Connection, sums: Sums) -> None:
    """Work out anew what is not up to date."""
    row = db.execute("SELECT value FROM meta WHERE name = 'tallied'").fetchone()
    if row is None:
        # From now on each change leaves its marks; while an index is filled they would cost more than they save.
        for statement in (*_TRIGGERS, *_ALL):
            db.execute(statement)
    elif row[0] != sums.pictures:
        db.execute(_SHOWING)
    if not row or row[0] != sums.pictures:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('tallied', ?)", (sums.pictures,))
    stale = db.execute("SELECT kind, slug FROM stale").fetchall()
    for kind, slug in stale:
        count, sign, told = _WORK.get(kind, _term)(db, kind, slug, sums)
        if count:
            values = kind, slug, count, sign, json.dumps(told, ensure_ascii=False)
            db.execute("INSERT OR REPLACE INTO tally VALUES (?, ?, ?, ?, ?)", values)
        else:
            db.execute("DELETE FROM tally WHERE kind = ? AND slug = ?", (kind, slug))
    if stale:
        db.execute("DELETE FROM stale")


def _month(db: sqlite3.Connection, kind: str, name: str, sums: Sums) -> Row:
    year, _, month = name.partition(" ")
    numbers: list[int] = []
    days: Counter[str] = Counter()
    sections: dict[str, list[int]] = {}
    for n, day, section in db.execute(_MONTH, (year, month)):
        numbers.append(n)
        days[day] += 1
        if section is not None:
            sections.setdefault(section, [n, n])[1] = n
    if not numbers:
        return 0, b"", []
    del days[""]
    sign = digest(sums.of(numbers)) + digest(sums.of((), numbers), sums.terms(numbers))
    ends = [[section, *pair] for section, pair in sorted(sections.items())]
    return len(numbers), sign, [numbers[0], numbers[-1], sorted(days.items()), ends]


def _anniversary(db: sqlite3.Connection, kind: str, day: str, sums: Sums) -> Row:
    numbers = [n for (n,) in db.execute(_ANNIVERSARY, (day,))]
    return len(numbers), digest(sums.of(numbers)), []


def _term(db: sqlite3.Connection, kind: str, slug: str, sums: Sums) -> Row:
    numbers, names = array("q"), Counter[str]()
    for n, name in db.execute(_TERM, (kind, slug)):
        numbers.append(n)
        names[name] += 1
    if not numbers:
        return 0, b"", []
    usual = min(names, key=lambda name: (-names[name], name))
    sign = digest(sums.of(numbers), sums.terms(numbers[-NEWEST:]))
    return len(numbers), sign, [usual, numbers[-LATEST:].tolist()]


_WORK: dict[str, Callable[[sqlite3.Connection, str, str, Sums], Row]] = {MONTH: _month, ANNIVERSARY: _anniversary}
