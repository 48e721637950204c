"""The output folder: what we wrote there, what should be there, and the difference.

The ledger lies in the output itself (`.site-builder/`), so that it is gone when the output is, and a lost cache never
makes our own pages look like a stranger's. Only files that it names are ever overwritten or deleted. Pages are
written to a temporary file and renamed; a path is noted in the ledger before its file appears, so that a killed
build leaves nothing that the next one would not know as ours.
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

from . import intact, urls
from .errors import Problem, SiteError
from .index_tables import connect
from .ledger_tables import EACH_TIME, FILE, GONE, HELD, OVER, SCHEMA, UNREADY, VERSION, Wanted
from .model import Group, Page, Stamp
from .publishing import (
    FOLDER,
    Ready,
    Written,
    current_signature,
    file_sum,
    is_inside,
    lstat,
    remove_empty,
    temporary_path,
)
from .workers import Beside, chunks

COMPARE_PART = 500
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


class Ledger:
    """What was written into one output folder, and the comparison with what should be there."""

    def __init__(
        self, output: Path, connection: sqlite3.Connection, altered: Beside[intact.Places, frozenset[str]]
    ) -> None:
        self._output = output
        self._folder = f"{output}{os.sep}"
        self._db = connection
        self._altered = altered

    @classmethod
    def open(cls, output: Path, jobs: int = 1) -> Ledger:
        """Open or make the ledger, before any other SQLite file: with several `jobs` a process looks at the files.

        Raises SiteError for one that another program version wrote or that is damaged.
        """
        folder = output / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / FILE
        db: sqlite3.Connection | None = None
        altered = intact.look(output, file, jobs)
        try:
            db = connect(file)
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                db.executescript(SCHEMA)
                db.execute("INSERT INTO meta VALUES ('schema', ?)", (VERSION,))
                db.commit()
            (schema,) = db.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
        except (sqlite3.DatabaseError, TypeError) as error:
            altered.close()
            if db:
                db.close()
            # A disk that is full, or a folder that can't be written, is no reason to throw a site away.
            if isinstance(error, sqlite3.OperationalError):
                hint = "is the disk full, or the folder read-only?"
                raise SiteError(f"the record of the output can't be used: {error}", str(file), hint) from error
            raise SiteError("the record of the output is damaged", str(file), DAMAGED) from error
        if schema != VERSION:
            altered.close()
            raise SiteError("the output was made by another version", str(file), DAMAGED)
        db.executescript(EACH_TIME)
        ledger = cls(output, db, altered)
        ledger._sweep()
        return ledger

    def _sweep(self) -> None:
        """Remove what a killed build may have left beside the pages that it did not finish."""
        if self._inputs():
            return
        for (path,) in self._db.execute("SELECT path FROM page WHERE view IS NULL"):
            temporary = Path(temporary_path(f"{self._folder}{path}"))
            if is_inside(self._output, path):
                temporary.unlink(missing_ok=True)
                remove_empty(self._output, temporary.parent)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._altered.close()
        self._db.close()

    # ------------------------------------------------------------------------------------------- compare

    def is_current(self, inputs: bytes) -> bool:
        """Whether the last build was finished from these very inputs and every file is as it was left."""
        return self._inputs() == inputs and not self._altered.result()

    def _inputs(self) -> bytes:
        """Those of the last build, if it was finished."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'inputs'").fetchone()
        return bytes(row[0]) if row else b""

    def forget_inputs(self) -> None:
        """From here until `finish` the output is between two states."""
        self._db.execute("DELETE FROM meta WHERE name = 'inputs'")
        self._db.commit()

    def forget_stamps(self) -> None:
        """What `--clean` asks for: everything is made anew; whose files they are stays known."""
        self._db.execute("UPDATE page SET view = NULL, settings = NULL, data = NULL")
        self._db.execute("DELETE FROM plan")
        self.forget_inputs()

    def compare(
        self, groups: Callable[[], Iterable[Group]], stamp: Callable[[Page], Stamp], shared: bytes
    ) -> BuildPlan:
        """Hold the plan against what was written; afterwards `todo` gives the pages to make.

        Groups that are as they were at the last build are not planned, for their pages are those that the ledger has.
        `shared` changes with what every page may show, and `groups` begins the plan anew. Of two pages that would
        share a file, on any file system, the first one gets it and the other is a Problem; so that the first is the
        same one at every build, one clash means that all is planned.
        """
        known = {} if self._clashes() else dict[str, bytes](self._db.execute("SELECT name, inputs FROM plan"))
        if any(inputs.startswith(shared) for inputs in known.values()):
            plan = self._compare(groups(), stamp, shared, self._sound(known))
            if not plan.problems:
                return plan
        return self._compare(groups(), stamp, shared, {})

    def _sound(self, known: dict[str, bytes]) -> dict[str, bytes]:
        """The groups all of whose files are as they were left."""
        altered = self._altered.result()
        return {name: inputs for name, inputs in known.items() if name not in altered}

    def _compare(
        self, groups: Iterable[Group], stamp: Callable[[Page], Stamp], shared: bytes, known: Mapping[str, bytes]
    ) -> BuildPlan:
        db = self._db
        for table in ("planned", "todo", "kept", "fresh"):
            db.execute(f"DELETE FROM {table}")
        problems: list[Problem] = []
        there = {*map(urls.fold, os.listdir(self._output))}  # a new site's files need not be looked for one by one
        make = 0
        # One question for 500 pages takes a third of the time of 500 questions.
        for number, part in enumerate(chunks(self._changed(groups, shared, known), COMPARE_PART)):
            todo: list[tuple[object, ...]] = []
            placed = self._place(part, number, problems)
            rows = self._known(placed)
            for path, (page, group) in placed.items():
                row = rows.get(path)
                sign = stamp(page)
                why = self._why(path, row, sign)
                if not why:
                    if row and row[0] != group:
                        db.execute("UPDATE page SET part = ? WHERE path = ?", (group, path))
                    continue
                ours = (
                    row is not None or urls.fold(path).partition("/")[0] not in there or not lstat(self._folder + path)
                )
                packed = page.url, page.view, _numbers(page.items), _numbers(page.full), page.data
                todo.append((path, group, *packed, sign.view + sign.settings + sign.data, why, ours))
            make += len(todo)
            db.executemany("INSERT INTO todo VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", todo)
        # A build that finds nothing to do plans nothing; it still has to tell who did not get a place.
        clashes = json.dumps([[p.where, p.line, p.message, p.hint] for p in problems])
        db.execute("INSERT OR REPLACE INTO meta VALUES ('clashes', ?)", (clashes,))
        gone = tuple(path for (path,) in db.execute(GONE))
        (held,) = db.execute("SELECT count(*) FROM page").fetchone()
        (over,) = db.execute(OVER).fetchone()
        return BuildPlan(make, gone, held - len(gone) - over, tuple(problems))

    def _changed(
        self, groups: Iterable[Group], shared: bytes, known: Mapping[str, bytes]
    ) -> Iterator[tuple[Page, str]]:
        """The pages of the groups that are not as they are known, each with the name of its group."""
        for group in groups:
            inputs = shared + group.inputs if group.inputs else b""
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

    def _clashes(self) -> list[Problem]:
        """The pages that found no place when the site was last planned."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'clashes'").fetchone()
        return [Problem(*values) for values in json.loads(row[0] if row else "[]")]

    def todo(self) -> Iterator[tuple[Page, bool]]:
        """The pages to make, in the plan's order, and whether their place is ours or free."""
        ask = f"SELECT seq, url, view, items, full, data, ours FROM todo WHERE seq > ? {UNREADY} ORDER BY seq LIMIT 500"
        last = 0
        while rows := self._db.execute(ask, (last,)).fetchall():
            for _, url, view, items, full, data, ours in rows:
                yield Page(url, view, tuple(array("q", items)), tuple(array("q", full)), data), bool(ours)
            last = rows[-1][0]

    def offer(self, find: Callable[[Wanted], Mapping[str, Ready]]) -> None:
        """Let `find` say which of the pages to make lie ready elsewhere; `todo` then leaves them out."""
        self._db.execute("DELETE FROM ready")
        ask = "SELECT seq, path, stamp FROM todo WHERE seq > ? ORDER BY seq LIMIT 500"
        last = 0
        while rows := self._db.execute(ask, (last,)).fetchall():
            found = find([(path, stamp) for _, path, stamp in rows])
            values = [(path, ready.file, ready.sum, ready.problem) for path, ready in found.items()]
            self._db.executemany("INSERT INTO ready VALUES (?, ?, ?, ?)", values)
            last = rows[-1][0]

    def ready(self) -> Iterator[tuple[str, Ready, bool]]:
        """Path of each page that lies ready elsewhere, where, and whether its place here is ours or free."""
        ask = "SELECT path, file, sum, problem, ours FROM todo JOIN ready USING (path) WHERE path > ? ORDER BY path LIMIT 500"
        last = ""
        while rows := self._db.execute(ask, (last,)).fetchall():
            yield from ((path, Ready(file, sum_, problem), bool(ours)) for path, file, sum_, problem, ours in rows)
            last = rows[-1][0]

    def explain(self) -> Iterator[tuple[str, str]]:
        """Path and reason of each page to make."""
        yield from self._db.execute("SELECT path, why FROM todo ORDER BY path")

    # -------------------------------------------------------------------------------------------- record

    def intend(self, gone: Sequence[str]) -> None:
        """Note every path that will be written as ours, before the first file appears; clear what stands in the way.

        A file of ours that nothing wants any more goes first where a page needs its name for a folder, or the reverse.
        """
        self._db.execute("DELETE FROM plan WHERE name NOT IN (SELECT name FROM kept)")
        self._db.execute("INSERT OR IGNORE INTO page (path, part, problem) SELECT path, part, '' FROM todo WHERE ours")
        # Without a view a page counts as not finished: it is made again, and what was left beside it is swept away.
        self._db.execute("UPDATE page SET view = NULL WHERE path IN (SELECT path FROM todo)")
        self._db.commit()
        for path in gone:
            if self._stands_in_the_way(path):
                self._delete(path)

    def _stands_in_the_way(self, path: str) -> bool:
        below = self._db.execute("SELECT 1 FROM todo WHERE path > ? AND path < ? LIMIT 1", (f"{path}/", f"{path}0"))
        if below.fetchone():
            return True
        above = [(path[:i],) for i, character in enumerate(path) if character == "/"]
        return any(self._db.execute("SELECT 1 FROM todo WHERE path = ?", folder).fetchone() for folder in above)

    def record(self, written: Sequence[Written]) -> None:
        """Note what was written. Pages that were refused are noted nowhere, so that the next build tries again."""
        rows: list[tuple[object, ...]] = []
        for result in written:
            if result.refused:
                if not (is_inside(self._output, result.path) and os.path.lexists(self._output / result.path)):
                    self._db.execute("DELETE FROM page WHERE path = ? AND sum IS NULL", (result.path,))
                continue
            path, folded = result.path, urls.fold(result.path)
            rows.append((folded if folded != path else None, *result.signature, result.sum, result.problem, path))
        self._db.executemany(
            "INSERT OR REPLACE INTO page SELECT path, ?, part, substr(stamp, 1, 16), substr(stamp, 17, 16), "
            "substr(stamp, 33), ?, ?, ?, ?, ? FROM todo WHERE path = ?",
            rows,
        )

    def remove(self, paths: Sequence[str]) -> int:
        """Delete files of ours that no page wants any more, and folders that this leaves empty."""
        for path in paths:
            self._delete(path)
            self._db.execute("DELETE FROM page WHERE path = ?", (path,))
        return len(paths)

    def _delete(self, path: str) -> None:
        target = self._output / path
        # Where somebody put a folder in the place of our file, the file is gone and the folder is not ours.
        if is_inside(self._output, path) and (target.is_symlink() or not target.is_dir()):
            target.unlink(missing_ok=True)
            remove_empty(self._output, target.parent)

    def finish(self, inputs: bytes | None) -> None:
        """The output agrees with the plan; `inputs` is None if something could not be written."""
        if inputs is not None:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('inputs', ?)", (inputs,))
            self._db.execute("INSERT OR REPLACE INTO plan SELECT name, inputs FROM fresh WHERE inputs != x''")
        self._db.commit()

    def totals(self) -> tuple[int, int]:
        """How many files, and how many bytes, we have in the output folder."""
        row = self._db.execute("SELECT count(*), coalesce(sum(size), 0) FROM page WHERE size >= 0").fetchone()
        return int(row[0]), int(row[1])

    def problems(self) -> Iterator[Problem]:
        """What was wrong when the pages were made that stand there now, and the pages that found no place."""
        yield from self._clashes()
        for path, text in self._db.execute("SELECT path, problem FROM page WHERE problem > '' ORDER BY path"):
            yield Problem(path, 0, text)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and digest of every file that we have in the output folder."""
        yield from self._db.execute("SELECT path, sum FROM page WHERE size >= 0 ORDER BY path")


DAMAGED = "delete the output folder's contents and build again"
