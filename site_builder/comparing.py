"""The plan held against what was written: which pages have to be made, why, and which files nothing wants any more.

Reads and writes the tables of an output's ledger, and looks at files of the output; writes none of them.
"""

from __future__ import annotations

import json
import os
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import urls
from .errors import Problem
from .ledger_tables import GONE, HELD, IN_TURN, INTEND, OVER
from .model import Group, Page, Stamp
from .publishing import current_signature, file_sum, lstat
from .workers import chunks

PART = 500
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What a build has to do: so many pages to make, these files to remove, so many left as they are."""

    make: int
    remove: tuple[str, ...]
    keep: int
    problems: tuple[Problem, ...]


def _numbers(numbers: Sequence[int]) -> bytes:
    return array("q", numbers).tobytes() if numbers else b""


def _near(page: Page) -> int:
    """The turn in which a page is made: articles in the plan's order, and then lists by the first article on them.

    Lists of one time are of the same articles, whoever they are about, so that what a worker made of an article for
    one list is still there for the next. By the plan's order, term after term, it made most of them anew.
    """
    return page.items[0] if page.items and not page.full else 0


class Comparison:
    """One plan against one ledger; `stamp` says why a page is what it is, `shared` what every page may show.

    Fills the ledger's table of what is to be made, whole or part by part: `make` says how many pages are in it so far,
    and `total` how many there are, 0 while nobody knows. `groups` begins the plan anew.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        output: Path,
        groups: Callable[[], Iterable[Group]],
        stamp: Callable[[Page], Stamp],
        shared: bytes,
    ) -> None:
        self._db = db
        self._output = output
        self._folder = f"{output}{os.sep}"
        self._groups = groups
        self._stamp = stamp
        self._shared = shared
        self._plan: BuildPlan | None = None
        self.make = 0
        # Where no file is ours none can be gone, or stand in a page's way: pages can be made while others are planned.
        self.is_on_the_way = not db.execute("SELECT 1 FROM page LIMIT 1").fetchone()
        self._steps = self._compare({})

    def whole(self, altered: Callable[[], frozenset[str]]) -> None:
        """Plan all at once, for an output in which files are ours; `altered` names the groups that have one which is not
        as it was left.

        Groups that are as they were at the last build are not planned, for their pages are those that the ledger has,
        unless a file of theirs is among the `altered`. Of two pages that would share a file, on any file system, the
        first one gets it and the other is a Problem; so that the first is the same one at every build, one clash means
        that all is planned.
        """
        known = {} if clashes(self._db) else dict[str, bytes](self._db.execute("SELECT name, inputs FROM plan"))
        if any(inputs.startswith(self._shared) for inputs in known.values()):
            harmed = altered()
            sound = {name: inputs for name, inputs in known.items() if name not in harmed}
            self._steps = self._compare(sound)
            if not self.result().problems:
                return
            self._steps = self._compare({})
        self.result()

    def advance(self) -> bool:
        """Plan some more pages, and say whether there were any. What is not made yet is known as ours then."""
        return next(self._steps, self) is not self

    def result(self) -> BuildPlan:
        """The plan, when all of it is in the table."""
        while self.advance():
            pass
        assert self._plan
        return self._plan

    def _compare(self, known: Mapping[str, bytes]) -> Iterator[None]:
        db = self._db
        for table in ("planned", "todo", "kept", "fresh"):
            db.execute(f"DELETE FROM {table}")
        problems: list[Problem] = []
        there = {*map(urls.fold, os.listdir(self._output))}  # a new site's files need not be looked for one by one
        self.make, self._plan = 0, None
        # One question for 500 pages takes a third of the time of 500 questions.
        for number, part in enumerate(chunks(self._changed(self._groups(), known), PART)):
            todo: list[tuple[object, ...]] = []
            placed = self._place(part, number, problems)
            rows = self._known(placed)
            for path, (page, group) in placed.items():
                row = rows.get(path)
                sign = self._stamp(page)
                why = self._why(path, row, sign)
                if not why:
                    if row and row[0] != group:
                        db.execute("UPDATE page SET part = ? WHERE path = ?", (group, path))
                    continue
                ours = (
                    row is not None or urls.fold(path).partition("/")[0] not in there or not lstat(self._folder + path)
                )
                packed = page.url, page.view, _numbers(page.items), _numbers(page.full), page.data
                stamp = sign.view + sign.settings + sign.data
                todo.append((path, group, *packed, stamp, why, ours, _near(page)))
            db.executemany("INSERT INTO todo VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", todo)
            if self.is_on_the_way:
                db.execute(INTEND, (self.make,))
                db.commit()
            self.make += len(todo)
            yield
        db.execute(IN_TURN)
        # A build that finds nothing to do plans nothing; it still has to tell who did not get a place.
        clashes = json.dumps([[p.where, p.line, p.message, p.hint] for p in problems])
        db.execute("INSERT OR REPLACE INTO meta VALUES ('clashes', ?)", (clashes,))
        gone = tuple(path for (path,) in db.execute(GONE))
        (held,) = db.execute("SELECT count(*) FROM page").fetchone()
        (over,) = db.execute(OVER).fetchone()
        self._plan = BuildPlan(self.make, gone, held - len(gone) - over, tuple(problems))

    @property
    def total(self) -> int:
        """How many pages there are to make, 0 while nobody knows."""
        return self._plan.make if self._plan else 0

    def _changed(self, groups: Iterable[Group], known: Mapping[str, bytes]) -> Iterator[tuple[Page, str]]:
        """The pages of the groups that are not as they are known, each with the name of its group."""
        for group in groups:
            inputs = self._shared + group.inputs if group.inputs else b""
            if inputs and known.get(group.name) == inputs:
                self._db.execute("INSERT INTO kept VALUES (?)", (group.name,))
                continue
            self._db.execute("INSERT INTO fresh VALUES (?, ?)", (group.name, inputs))
            for page in group.pages():
                yield page, group.name

    def _place(
        self, part: Sequence[tuple[Page, str]], part_number: int, problems: list[Problem]
    ) -> dict[str, tuple[Page, str]]:
        """The pages of a part by the file that each gets; one that gets none is a Problem."""
        db = self._db
        placed: dict[str, tuple[Page, str]] = {}
        late: list[tuple[Page, str]] = []
        for page, group in part:
            try:
                path = urls.output_path(page.url)
            except ValueError:
                hint = "rename it: shorter, and without backslashes and control characters"
                problems.append(Problem(page.url, 0, "can't be an address", hint))
                continue
            if path in placed:
                late.append((page, path))
            else:
                placed[path] = page, group
        before = db.total_changes
        rows = [(path, urls.fold(path), page.url, part_number) for path, (page, _) in placed.items()]
        db.executemany("INSERT OR IGNORE INTO planned VALUES (?, ?, ?, ?)", rows)
        if db.total_changes - before < len(rows):
            ask = "SELECT path FROM planned WHERE part = ? AND path IN (SELECT value FROM json_each(?))"
            ours = {path for (path,) in db.execute(ask, (part_number, _json(list(placed))))}
            late += [(page, path) for path, (page, _) in placed.items() if path not in ours]
            placed = {path: pair for path, pair in placed.items() if path in ours}
        late += [(placed[path][0], path) for path in self._kept(placed)]
        problems += [self._clash(page, path) for page, path in late]
        return placed

    def _kept(self, paths: Iterable[str]) -> list[str]:
        """Those of these files that pages have which are not planned this time."""
        folded = {urls.fold(path): path for path in paths}
        return [folded[found] for (found,) in self._db.execute(HELD, (_json(list(folded)),))]

    def _known(self, paths: Iterable[str]) -> dict[str, tuple[Any, ...]]:
        """What the ledger has for each of these files."""
        ask = (
            "SELECT path, part, view, settings, data, size, mtime, ctime, sum FROM page "
            "WHERE path IN (SELECT value FROM json_each(?))"
        )
        return {path: tuple(values) for path, *values in self._db.execute(ask, (_json(list(paths)),))}

    def _why(self, path: str, row: tuple[Any, ...] | None, stamp: Stamp) -> str:
        """One sentence on why a page has to be made, or an empty text."""
        if row is None:
            return "it is new"
        _, view, settings, data, *sign, old = row
        if view is None:
            return "it was not finished, or everything is to be made anew"
        if data != stamp.data:
            return "what it shows changed"
        if view != stamp.view:
            return "its template or the program changed"
        if settings != stamp.settings:
            return "the settings changed"
        now = current_signature(f"{self._folder}{path}")
        if now == tuple(sign):
            return ""
        # Stat says that it may have changed; only its bytes can tell (a copied folder has new times).
        target = self._output / path
        if now and not target.is_symlink() and file_sum(target) == old:
            self._db.execute("UPDATE page SET size = ?, mtime = ?, ctime = ? WHERE path = ?", (*now, path))
            return ""
        return "its file was changed" if now else "its file is gone"

    def _clash(self, page: Page, path: str) -> Problem:
        row = self._db.execute("SELECT url FROM planned WHERE path = ? OR folded = ?", (path, urls.fold(path)))
        other = row.fetchone()[0]
        if other == page.url:
            return Problem(page.url or "/", 0, "two pages want this address, the first has it", "see slugs and aliases")
        return Problem(page.url or "/", 0, f"wants the file that {other or '/'} has", "rename one of the two sources")


def clashes(db: sqlite3.Connection) -> list[Problem]:
    """The pages that found no place when the site was last planned."""
    row = db.execute("SELECT value FROM meta WHERE name = 'clashes'").fetchone()
    return [Problem(*values) for values in json.loads(row[0] if row else "[]")]
