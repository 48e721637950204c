"""SQL over which article has which term: part of the index, which calls it. Names are those that authorities prefer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from .authorities import Authorities, restore
from .entries import Term, article, digest, terms_of

TABLES = """
CREATE TABLE member (
    kind TEXT, slug TEXT, ord TEXT, n INT, y TEXT, name TEXT, given TEXT, PRIMARY KEY (kind, slug, ord)
) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX member_n ON member (n, kind, slug, name);
CREATE INDEX member_given ON member (n) WHERE given > '';
"""
INSERT = "INSERT INTO member VALUES (?, ?, ?, ?, ?, ?, ?)"
Row = tuple[str, str, str, int, str, str, str]

QUESTIONS = {
    "month_sections": (
        "SELECT n, (SELECT slug FROM member m WHERE m.n = a.n AND m.kind = 'sections') FROM article a "
        "WHERE live AND y = ? AND m = ? ORDER BY d, ord"
    ),
    "term": "SELECT n, y FROM member WHERE kind = ? AND slug = ? ORDER BY ord",
    # From each kind to the next: DISTINCT reads the whole table, 100 ms at 100,000 articles.
    "kinds": (
        "WITH RECURSIVE found(kind) AS (SELECT min(kind) FROM member UNION ALL "
        "SELECT (SELECT min(kind) FROM member WHERE member.kind > found.kind) FROM found WHERE found.kind NOTNULL) "
        "SELECT kind FROM found WHERE kind NOTNULL"
    ),
    # Of a month's articles, the variants that they name: the path parts that these would have, between spaces.
    "given": (
        "SELECT a.n, m.kind, m.slug, m.given FROM article a CROSS JOIN member m ON m.n = a.n AND m.given > '' "
        "WHERE a.live AND a.y = ? AND a.m = ? ORDER BY a.n, m.kind, m.slug"
    ),
    "has_term": "SELECT kind, name FROM member WHERE kind = ? AND slug = ? LIMIT 1",
    # Of one article, those that other terms' pages name: sections and authors stand in too many.
    "subjects": (
        "SELECT kind, slug, name FROM member WHERE n = ? AND kind IN ('tags', 'people', 'places', 'organizations') "
        "ORDER BY kind, slug"
    ),
}


def rows(n: int, ord_: str, year: str, given: Iterable[Term], say: Authorities) -> tuple[list[Row], bytes]:
    """The terms of a live article, each under its preferred name, and their digest.

    The column `given` has what else the article calls a term: the path parts of variants, between spaces.
    """
    terms: dict[tuple[str, str], str] = {}
    others: dict[tuple[str, str], list[str]] = {}
    for kind, slug, name in given:
        preferred, known_as = say.name(kind, slug, name)
        terms.setdefault((kind, preferred), known_as)
        if slug != preferred:
            others.setdefault((kind, preferred), []).append(slug)
    made = [
        (kind, slug, ord_, n, year, name, " ".join(sorted(others.get((kind, slug), ()))))
        for (kind, slug), name in sorted(terms.items())
    ]
    return made, digest(_json([(kind, slug, *more) for kind, slug, _, _, _, *more in made]).encode())[:8]


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def adopt(db: sqlite3.Connection, before: str, say: Authorities) -> None:
    """Bring the terms in step with authorities that were `before` (their text) when they were taken in.

    The articles themselves still have the names that they had; those that carry a name of either are read again.
    """
    names = restore(before).preferred.keys() | say.preferred.keys()
    db.execute("CREATE TEMP TABLE IF NOT EXISTS renamed (kind TEXT, slug TEXT, PRIMARY KEY (kind, slug)) WITHOUT ROWID")
    db.execute("DELETE FROM renamed")
    db.executemany("INSERT INTO renamed VALUES (?, ?)", sorted(names))
    renamed = db.execute(
        "SELECT n, path, ord, y, document FROM article WHERE n IN "
        "(SELECT m.n FROM renamed r CROSS JOIN member m ON m.kind = r.kind AND m.slug = r.slug)"
    ).fetchall()
    for n, path, ord_, year, document in renamed:
        db.execute("DELETE FROM member WHERE n = ?", (n,))
        carried, named = rows(n, ord_, year, terms_of(article(path, document)), say)
        db.executemany(INSERT, carried)
        db.execute("UPDATE article SET termsum = ? WHERE n = ?", (named, n))
