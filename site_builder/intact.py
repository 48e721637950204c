"""Which of our files in an output folder are not as they were left: looked for while a build does other work.

Every file is looked at in every build, since one that somebody changed or deleted is to be mended by the next. That is
half of what a build of 100,000 articles costs in which nothing changed, and it can be done beside the other half.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from .workers import Beside

LARGE = 8_000_000
"""Bytes of a ledger, some 40,000 files, from which on a process of its own takes less time than it costs."""

Places = tuple[Path, Path]
"""An output folder, and its ledger."""


def look(output: Path, ledger: Path, jobs: int) -> Beside[Places, frozenset[str]]:
    """The names of the groups of which a file is not as it was left, empty for a file of none; before anything of SQLite
    is open in this process."""
    apart = jobs > 1 and ledger.exists() and ledger.stat().st_size >= LARGE
    return Beside(_altered, (output, ledger), apart)


def _altered(places: Places) -> frozenset[str]:
    output, ledger = places
    found: set[str] = set()
    db = sqlite3.connect(ledger)
    folder = os.open(output, os.O_RDONLY) if os.stat in os.supports_dir_fd else None
    start, stat = "" if folder is not None else f"{output}{os.sep}", os.stat
    try:
        # A page without a view was not finished. In parts: row by row took a tenth longer.
        rows = db.execute("SELECT path, iif(view ISNULL, NULL, size), mtime, ctime FROM page")
        while part := rows.fetchmany(500):
            for path, size, mtime, ctime in part:
                try:
                    status = stat(start + path, dir_fd=folder, follow_symlinks=False)
                    if status.st_ctime_ns == ctime and status.st_mtime_ns == mtime and status.st_size == size:
                        continue
                except OSError:
                    pass
                (group,) = db.execute("SELECT part FROM page WHERE path = ?", (path,)).fetchone()
                found.add(group or "")
    finally:
        db.close()
        if folder is not None:
            os.close(folder)
    return frozenset(found)
