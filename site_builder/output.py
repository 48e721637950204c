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
from pathlib import Path
from typing import Any

from . import comparing, intact, urls
from .comparing import Comparison
from .errors import Problem, SiteError
from .index_tables import connect
from .ledger_tables import EACH_TIME, FILE, INTEND, SCHEMA, UNREADY, VERSION, Wanted
from .model import Group, Page, Stamp
from .publishing import (
    FOLDER,
    Ready,
    Written,
    is_inside,
    remove_empty,
    temporary_path,
)

AT_ONCE = 200
"""Pages that are asked for at once; on the way, one part of the plan (`comparing.PART`) is taken after each so many."""
COMMIT = 20_000
"""Pages after which they are noted for good: a build that is killed has lost some seconds, and SQLite's log stays small."""


class Ledger:
    """What was written into one output folder, and the comparison with what should be there."""

    def __init__(self, output: Path, connection: sqlite3.Connection, altered: intact.Altered) -> None:
        self._output = output
        self._folder = f"{output}{os.sep}"
        self._db = connection
        self._altered = altered
        self._recorded = 0

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
        return self._inputs() == inputs and not self._altered_groups()

    def _inputs(self) -> bytes:
        """Those of the last build, if it was finished."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'inputs'").fetchone()
        return bytes(row[0]) if row else b""

    def forget_inputs(self) -> None:
        """From here until `finish` the output is between two states."""
        self._db.execute("DELETE FROM meta WHERE name IN ('inputs', 'totals')")
        self._db.commit()

    def forget_stamps(self) -> None:
        """What `--clean` asks for: everything is made anew; whose files they are stays known."""
        self._db.execute("UPDATE page SET view = NULL, settings = NULL, data = NULL")
        self._db.execute("DELETE FROM plan")
        self.forget_inputs()

    def compare(
        self, groups: Callable[[], Iterable[Group]], stamp: Callable[[Page], Stamp], shared: bytes
    ) -> Comparison:
        """Hold the plan against what was written; afterwards `todo` gives the pages to make.

        `shared` changes with what every page may show, and `groups` begins the plan anew. In a folder without pages of
        ours nothing has been planned yet, and `todo` does it on the way.
        """
        plan = Comparison(self._db, self._output, groups, stamp, shared)
        if not plan.is_on_the_way:
            plan.whole(self._altered_groups)
        return plan

    def _altered_groups(self) -> frozenset[str]:
        return frozenset[str]().union(*self._altered.results())

    def todo(self, plan: Comparison) -> Iterator[tuple[Page, bool]]:
        """The pages to make, those that show the same articles near each other, and whether their place is ours or free.

        Articles come as soon as they are planned, and the rest of the `plan` goes on beside them.
        """
        last = 0
        while True:
            rows = self._todo("near = 0 AND seq > ?", last)
            yield from map(_page, rows)
            last = rows[-1][1] if rows else plan.make
            if not plan.advance() and last == plan.make:
                break
        turn = 1, 0
        while rows := self._todo("(near, seq) > (?, ?)", *turn):
            yield from map(_page, rows)
            turn = rows[-1][:2]

    def _todo(self, where: str, *values: int) -> list[Any]:
        columns = "near, seq, url, view, items, full, data, ours"
        ask = f"SELECT {columns} FROM todo WHERE {where} {UNREADY} ORDER BY near, seq LIMIT {AT_ONCE}"
        return self._db.execute(ask, values).fetchall()

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

    def intend(self, plan: Comparison) -> None:
        """Note every path that will be written as ours, before the first file appears; clear what stands in the way.

        A file of ours that nothing wants any more goes first where a page needs its name for a folder, or the reverse.
        """
        if plan.is_on_the_way:  # it notes them itself
            return
        self._db.execute("DELETE FROM plan WHERE name NOT IN (SELECT name FROM kept)")
        self._db.execute(INTEND, (0,))
        # Without a view a page counts as not finished: it is made again, and what was left beside it is swept away.
        self._db.execute("UPDATE page SET view = NULL WHERE path IN (SELECT path FROM todo)")
        self._db.commit()
        for path in plan.result().remove:
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
        self._recorded += len(rows)
        if self._recorded >= COMMIT:
            self._db.commit()
            self._recorded = 0

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
            totals = self._count()
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('totals', ?)", (json.dumps(totals),))
            intact.note(self._db, totals[0])
        self._db.commit()

    def totals(self) -> tuple[int, int]:
        """How many files, and how many bytes, we have in the output folder."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'totals'").fetchone()
        return tuple(json.loads(row[0])) if row else self._count()

    def _count(self) -> tuple[int, int]:
        """To go through all of a million articles' files takes half a second."""
        row = self._db.execute("SELECT count(*), coalesce(sum(size), 0) FROM page WHERE size >= 0").fetchone()
        return int(row[0]), int(row[1])

    def problems(self) -> Iterator[Problem]:
        """What was wrong when the pages were made that stand there now, and the pages that found no place."""
        yield from comparing.clashes(self._db)
        for path, text in self._db.execute("SELECT path, problem FROM page WHERE problem > '' ORDER BY path"):
            yield Problem(path, 0, text)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and digest of every file that we have in the output folder."""
        yield from self._db.execute("SELECT path, sum FROM page WHERE size >= 0 ORDER BY path")


def _page(row: Sequence[Any]) -> tuple[Page, bool]:
    _, _, url, view, items, full, data, ours = row
    return Page(url, view, tuple(array("q", items)), tuple(array("q", full)), data), bool(ours)


DAMAGED = "delete the output folder's contents and build again"
