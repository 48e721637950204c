"""Folders → the sources in them by name, and which of them have to be looked into. No source is read here, only hashed.

A source's name is what the ledger knows it by: its path in the inbox, or `FOLDER/path` for one from elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from . import importers, workers
from .entries import COARSE_TICK, TICK
from .errors import Problem, SiteError
from .import_ledger import Row
from .import_state import Seen, Stat, State, Todo
from .model import Skipped

INT = (1 << 63) - 1
"""The largest number that SQLite holds; some file systems have larger inodes."""


Tell = Callable[[Problem | Skipped], None]


def find(
    roots: list[Path], inbox: Path, state: State, tell: Tell, mirror: bool = False
) -> Iterator[tuple[str, importers.Found]]:
    """The sources below `roots` by name. Raises SiteError for a root that does not exist.

    `mirror` names them by their paths below their roots alone. What can't be read, or has the name of another,
    or is passed over, is told.
    """
    for root in roots:
        if not os.path.lexists(root):
            raise SiteError("there is no such file or folder", str(root), "look at how it is spelt")

    names = _Names(inbox, state, tell)
    for root in roots:
        folder, inside = ("", False) if mirror else names.folder(root)
        for found in importers.sources(root, lambda error: tell(unreadable(str(error.filename), error)), tell):
            name = folder + found.name
            if not _is_text(name):
                shown = os.fsencode(name).decode(errors="backslashreplace")
                tell(Problem(shown, 0, "has a name that is not UTF-8", "rename it"))
            elif inside and names.is_taken(name):
                continue
            else:
                other = state.claim(name, Path(found.path)) if len(roots) > 1 else None
                if not other:
                    yield name, found
                elif not other.samefile(found.path):
                    message, hint = "is the name of two sources; the first was taken", "give one of them another name"
                    tell(Problem(name, 0, message, hint))


class _Names:
    """What comes before the names of the sources below a root.

    Nothing for those in the inbox. The folder's name for others, since two old folders may well have a `001.txt`
    each, and one of a known name is a known source that has changed. Two folders of one name are told apart by where
    they lie, of which the ledger keeps a digest: the second is `old~2/`.
    """

    def __init__(self, inbox: Path, state: State, tell: Tell) -> None:
        self._inbox = inbox.resolve()
        self._state = state
        self._tell = tell
        self._first: dict[str, bool] = {}

    def folder(self, root: Path) -> tuple[str, bool]:
        """The prefix for one root, noted in the ledger when it is new, and whether the root lies in the inbox."""
        here = root.resolve()
        if not here.is_dir():
            here = here.parent
        if here.is_relative_to(self._inbox):
            return "".join(f"{part}/" for part in here.relative_to(self._inbox).parts), True
        if not here.name or not _is_text(here.name):
            return "", False
        place = hashlib.sha256(os.fsencode(here)).hexdigest()[:16]
        number = 1
        while True:
            name = f"{here.name}/" if number == 1 else f"{here.name}~{number}/"
            row = self._state.source(name)
            if row and row.meta == place:
                return name, False
            if not row and not (self._inbox / name).exists() and not self._state.begins(name):
                self._state.note(Row(name, meta=place))
                return name, False
            number += 1

    def is_taken(self, name: str) -> bool:
        """Whether a source of the inbox has a name that belongs to a folder elsewhere; told once for each folder."""
        first, slash, _ = name.partition("/")
        if not slash:
            return False
        folder = f"{first}/"
        if folder not in self._first:
            self._first[folder] = self._state.source(folder) is not None
            if self._first[folder]:
                message = "has the name of a folder from elsewhere that was imported before"
                self._tell(Problem(f"inbox/{folder}", 0, message, "rename it; until then it is passed over"))
        return self._first[folder]


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def compare(
    files: Iterable[tuple[str, importers.Found]], state: State
) -> Iterator[tuple[str, importers.Found, Row | None]]:
    """Files, each with its row if it is known as it is, which its stat alone can tell; None for one to be read."""
    for some in workers.chunks(files, 500):
        known = state.seen_sources([name for name, _ in some])
        for name, found in some:
            seen, row = known.get(name, (None, None))
            same = seen and seen.stat == _stat_of(found) and state.is_known(row, seen.sha256, seen.meta)
            yield name, found, row if same else None


def _stat_of(found: importers.Found) -> Stat | None:
    try:
        return _stat([found.status, *map(os.lstat, found.beside)])
    except FileNotFoundError:  # deleted while we looked
        return None


def _stat(every: list[os.stat_result]) -> Stat:
    """What changes when a file or what lies beside it does; the newest of each, and the sum of their sizes."""
    if len(every) == 1:
        (one,) = every
        return one.st_size, one.st_mtime_ns, one.st_ctime_ns, one.st_ino & INT
    return (
        sum(one.st_size for one in every),
        max(one.st_mtime_ns for one in every),
        max(one.st_ctime_ns for one in every),
        sum(one.st_ino for one in every) & INT,
    )


def look(todo: Todo, state: State) -> Seen:
    """A file's digests, from its stat where they are known. Raises OSError."""
    beside = [path for path in importers.sidecars(todo.path) if path.is_file() and not path.is_symlink()]
    before = _stat([path.lstat() for path in (todo.path, *beside)])
    seen = state.seen(todo.name)
    if seen and seen.stat == before:
        return seen
    made = Seen(before, _sha256(todo.path), "".join(_sha256(path) for path in beside))
    newest = max(before[1:3])
    # A file that changed a moment ago may change again without its clock showing it.
    if newest < time.time_ns() - (TICK if newest % 1_000_000_000 else COARSE_TICK):
        state.note_seen(todo.name, made)
    return made


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unreadable(name: str, error: OSError) -> Problem:
    """What is told of a source that the system refuses to read."""
    return Problem(name, 0, f"can't be read: {error.strerror or error}", "look at its permissions", again=True)
