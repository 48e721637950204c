"""Which id and which address each article has, where several ask for one: part of the index, which calls it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from . import urls
from .entries import digest
from .errors import Problem


def settle(db: sqlite3.Connection) -> list[Problem]:
    """Give every article one id and one address of its own; what clashes gets a suffix, and is told.

    Who keeps the address: the one that was published under it last (the URL ledger knows), else the lowest id.
    """
    for (n,) in db.execute("SELECT n FROM article WHERE url != base OR uid != key").fetchall():
        db.execute(
            "UPDATE article SET uid = key, url = CASE WHEN folded IS NULL THEN '' ELSE base END WHERE n = ?", (n,)
        )
        _move(db, n)
    problems = [*_settle_ids(db), *_settle_urls(db)]
    if db.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone():
        db.execute("DELETE FROM unsettled")
    return problems


def card_sum(card: str, url: str, uid: str) -> bytes:
    """The digest of all that a list shows of an article."""
    return digest(card.encode(), b"\0", url.encode(), b"\0", uid.encode())


_SHARED = (
    "SELECT DISTINCT a.{0} FROM unsettled CROSS JOIN article a USING (n) WHERE a.{0} > '' AND EXISTS "
    "(SELECT 1 FROM article b WHERE b.{0} = a.{0} AND b.n != a.n) ORDER BY a.{0}"
)
"""Ids or addresses that several articles have: one of them at least is new, or had to have another until now."""


def _settle_ids(db: sqlite3.Connection) -> Iterator[Problem]:
    for (key,) in db.execute(_SHARED.format("key")).fetchall():
        first, *rest = db.execute("SELECT n, path FROM article WHERE key = ? ORDER BY path", (key,)).fetchall()
        for n, path in rest:
            own = f"{key}-{digest(path.encode()).hex()[:6]}"
            db.execute("UPDATE article SET uid = ? WHERE n = ?", (own, n))
            _move(db, n)
            yield Problem(path, 0, f"has the same id '{key}' as {first[1]}", "give one of them another id")


def _settle_urls(db: sqlite3.Connection) -> Iterator[Problem]:
    suffix = _suffix
    told: dict[str, Problem] = {}
    while clashes := db.execute(_SHARED.format("folded")).fetchall():
        for (folded,) in clashes:
            told.update((problem.where, problem) for problem in _settle_url(db, folded, suffix))
        suffix = _surer_suffix  # an address with a suffix was somebody else's
    yield from told.values()


def _settle_url(db: sqlite3.Connection, folded: str, suffix: Callable[[str, str], str]) -> Iterator[Problem]:
    owner = db.execute("SELECT uid FROM published WHERE folded = ? ORDER BY seq DESC LIMIT 1", (folded,)).fetchone()
    rows = db.execute("SELECT n, uid, path, url, fixed FROM article WHERE folded = ?", (folded,)).fetchall()
    rows.sort(key=lambda row: (owner is None or row[1] != owner[0], row[1], row[2]))
    for n, uid, path, url, fixed in rows[1:]:
        own = f"{url.removesuffix('.html')}-{suffix(uid, path)}.html"
        db.execute("UPDATE article SET url = ? WHERE n = ?", (own, n))
        _move(db, n)
        if fixed:
            message = f"asks for the same address as {rows[0][2]}, published as {own}"
            yield Problem(path, 0, message, "give one of them another slug")


def _move(db: sqlite3.Connection, n: int) -> None:
    """After a change of address or id: what is derived from them."""
    url, uid, card = db.execute("SELECT url, uid, card FROM article WHERE n = ?", (n,)).fetchone()
    db.execute(
        "UPDATE article SET folded = ?, cardsum = ? WHERE n = ?",
        (urls.fold(url) if url else None, card_sum(card, url, uid), n),
    )


def _suffix(uid: str, path: str) -> str:
    """What tells an article's address from another's: its id, or a digest of one that is long (`https://…`)."""
    slug = urls.slugify(uid)
    return slug if len(slug) <= 16 and slug != "untitled" else digest(uid.encode()).hex()[:8]


def _surer_suffix(uid: str, path: str) -> str:
    return digest(path.encode()).hex()[:8]
