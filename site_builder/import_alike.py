"""The sketches of articles in the cache of an import → groups of articles that have nearly the same text.

Agency copy in two papers, and versions of a story: nothing is done to them, they are named in the report. Those of the
run are held against each other and against all that were there. The same ledger gives the same groups.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from itertools import groupby
from operator import itemgetter

from . import resemblance

GROUPS = 500
NAMED = 6
"""Groups that are named, and articles of each: a paper's weather can be one group of ten thousand."""
LEADERS = 4
"""Articles of those with one key that each other one is held against: with all, ten thousand would need a minute."""


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a group, its source, and how much of its text is the same as of the first that is named, to 1."""

    article: str
    source: str
    share: float


@dataclass(frozen=True, slots=True)
class Group:
    """Articles that have nearly the same text: how many, and the first of them."""

    articles: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups that have an article of the run: how many, of how many articles, and the largest of them."""

    count: int = 0
    articles: int = 0
    largest: tuple[Group, ...] = ()


class Sketches:
    """The sketches of an archive's articles, in the tables `sketch` and `sketch_key` of the cache.

    Keys are made at the end of a run and sorted, so that a million articles do not have theirs put in one by one: all
    of it takes 60 µs an article. Ten more articles among 50,000 take 4 ms.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        (last,) = db.execute("SELECT coalesce(max(n), 0) FROM sketch").fetchone()
        self._last = self._since = max(last, self._keyed())  # of the newest article the sketch may be gone again

    def clear(self) -> None:
        """Forget all, before the ledger is read anew."""
        self._db.execute("DELETE FROM sketch")
        self._db.execute("DELETE FROM sketch_key")
        self._db.execute("DELETE FROM meta WHERE name = 'keyed'")
        self._last = self._since = 0

    def begin(self) -> None:
        """What comes from now on is the run's."""
        self._since = self._last

    def add(self, path: str, source: str, sketch: str) -> None:
        """Know the sketch of an article's text, in the place of an earlier one; none if it is empty."""
        if sketch:
            self._last += 1
            self._db.execute("INSERT OR REPLACE INTO sketch VALUES (?, ?, ?, ?)", (self._last, path, source, sketch))
        else:
            self._db.execute("DELETE FROM sketch WHERE path = ?", (path,))

    def all_groups(self) -> Groups:
        """The groups of the whole archive."""
        self._since = 0
        return self.groups()

    def groups(self) -> Groups:
        """The groups that have an article of the run; once a run. Memory is four bytes an article, and the groups'."""
        if self._since == self._last:
            return Groups()
        self._make_keys()
        parents = array("I", bytes(4 * (self._last + 1)))
        for _, found in groupby(self._shared(), key=itemgetter(0)):
            _link(parents, ((n, resemblance.values(sketch)) for _, n, sketch in found))
        return self._named(parents)

    def _keyed(self) -> int:
        """Up to which one articles have their keys."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'keyed'").fetchone()
        return int(row[0]) if row else 0

    def _make_keys(self) -> None:
        found = self._db.execute("SELECT n, sketch FROM sketch WHERE n > ?", (self._keyed(),))
        made = ((key, n) for n, sketch in found for key in resemblance.keys(resemblance.values(sketch)))
        self._db.executemany("INSERT INTO new_key VALUES (?, ?)", made)
        self._db.execute("INSERT OR IGNORE INTO sketch_key SELECT key, n FROM new_key ORDER BY key, n")
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('keyed', ?)", (str(self._last),))

    def _shared(self) -> Iterator[tuple[int, int, str]]:
        """Each key that an article of the run shares with another, with the articles that have it, in order."""
        # One step after another in the order of the keys; the planner would go through all keys there are.
        ours = "SELECT DISTINCT key FROM new_key WHERE n > ? ORDER BY key"
        self._db.execute(f"INSERT INTO our_key {ours}", (self._since,))
        several = "SELECT 1 FROM sketch_key k WHERE k.key = o.key LIMIT 1 OFFSET 1"
        return self._db.execute(
            "SELECT k.key, k.n, s.sketch FROM our_key o CROSS JOIN sketch_key k ON k.key = o.key "
            f"CROSS JOIN sketch s ON s.n = k.n WHERE EXISTS ({several}) ORDER BY o.key, k.n"
        )

    def _named(self, parents: array[int]) -> Groups:
        sizes, ours = Counter[int](), set[int]()
        for n, parent in enumerate(parents):
            if parent:
                root = _root(parents, n)
                sizes[root] += 1
                if n > self._since:
                    ours.add(root)
        largest = nlargest(GROUPS, ours, key=lambda root: (sizes[root], -root))
        members: dict[int, list[int]] = {root: [] for root in largest}
        for n in (*range(self._since + 1, len(parents)), *range(1, self._since + 1)) if largest else ():
            chosen = members.get(_root(parents, n)) if parents[n] else None
            if chosen is not None and len(chosen) < NAMED:
                chosen.append(n)
        groups = tuple(Group(sizes[root], tuple(self._members(members[root]))) for root in largest)
        return Groups(len(ours), sum(sizes[root] for root in ours), groups)

    def _members(self, numbers: list[int]) -> Iterator[Member]:
        marks = ", ".join("?" * len(numbers))
        query = f"SELECT path, source, sketch FROM sketch WHERE n IN ({marks}) ORDER BY path"
        found = self._db.execute(query, numbers).fetchall()
        first = resemblance.values(found[0][2])
        for path, source, sketch in found:
            yield Member(path, source, round(resemblance.alike(first, resemblance.values(sketch)), 2))


def _link(parents: array[int], articles: Iterable[tuple[int, tuple[int, ...]]]) -> None:
    """Put articles that have one key, and nearly the same text, into one group."""
    leaders: list[tuple[int, tuple[int, ...]]] = []
    for n, held in articles:
        for other, there in leaders:
            one, two = _root(parents, n), _root(parents, other)
            if one == two:
                break
            if resemblance.alike(held, there) >= resemblance.NEAR:
                first = min(one, two)
                parents[one] = parents[two] = parents[n] = parents[other] = first
                break
        else:
            if len(leaders) < LEADERS:
                leaders.append((n, held))


def _root(parents: array[int], n: int) -> int:
    """The first article of the group; shortens the way there."""
    while parents[n] and parents[n] != n:
        parents[n] = parents[parents[n]] or parents[n]
        n = parents[n]
    return n
