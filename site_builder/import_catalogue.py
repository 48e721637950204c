"""What lies in an archive that can only be read from front to back: a list of the files that articles may need, by name.

It is an SQLite file, which workers look into; there is one for each archive of a run. What they find in it is noted as
wanted, and fetched when the archive is gone through once more. No archive is opened here.
"""

from __future__ import annotations

import os
import posixpath
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path

MOST = 200_000
"""Files of one archive that are listed; a zip may have as many."""


def make(file: Path, found: Iterable[tuple[str, str, str]]) -> int:
    """Write the list of these files (the archive in the archive, the name there, the digest); how many there are.

    Of two with one name it is the first that counts. Raises OSError and sqlite3.Error.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("CREATE TABLE file (scope TEXT, name TEXT, sha256 TEXT, PRIMARY KEY (scope, name)) WITHOUT ROWID")
        db.executemany("INSERT OR IGNORE INTO file VALUES (?, ?, ?)", islice(found, MOST))
        (count,) = db.execute("SELECT count(*) FROM file").fetchone()
    return int(count)


class Catalogue:
    """A list that was made, for those who look for a few of its files."""

    def __init__(self, file: str) -> None:
        # It does not change any more: no locks are needed, which not every shared file system has.
        uri = f"{Path(os.path.abspath(file)).as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def digest(self, scope: str, name: str) -> str:
        """The digest of a file; empty if the archive has none of this name."""
        row = self._db.execute("SELECT sha256 FROM file WHERE scope = ? AND name = ?", (scope, name)).fetchone()
        return str(row[0]) if row else ""


@lru_cache(maxsize=2)
def catalogue(file: str) -> Catalogue:
    """The list in a file, opened once in each process."""
    return Catalogue(file)


def places(part: str) -> Iterator[tuple[str, str]]:
    """Where a Record lies: in which archive in the archive (nothing for the outer one), and in which folder of it.

    The innermost comes first. `a.zip!site/b.md` lies in `site/` of `a.zip`, and so in the outermost folder.
    """
    steps = part.split("!")
    for depth in range(len(steps) - 1, -1, -1):
        yield "!".join(steps[:depth]), posixpath.dirname(steps[depth])


def named(scope: str, name: str) -> str:
    """What the ledger calls a file in an archive."""
    return f"{scope}!{name}" if scope else name


class Wants:
    """The files that the articles of a run need out of archives, until they have been fetched; in its SQLite file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, archive: str, name: str, path: str) -> None:
        """A file of an archive belongs at this path in the content folder."""
        self._db.execute("INSERT OR IGNORE INTO wanted VALUES (?, ?, ?)", (archive, name, path))

    def paths(self, archive: str, name: str) -> list[str]:
        """Where a file of an archive belongs; several where there were several of one name."""
        found = self._db.execute("SELECT path FROM wanted WHERE archive = ? AND name = ?", (archive, name))
        return sorted(path for (path,) in found)

    def fetched(self, archive: str, path: str) -> None:
        """A file is where it belongs."""
        self._db.execute("DELETE FROM wanted WHERE archive = ? AND path = ?", (archive, path))

    def left(self, archive: str) -> list[str]:
        """The names of up to a hundred files of an archive that are still wanted."""
        query = "SELECT DISTINCT name FROM wanted WHERE archive = ? ORDER BY name LIMIT 100"
        return [name for (name,) in self._db.execute(query, (archive,))]
