"""An archive, and those in it → the files that pages may need, by names that lead nowhere, with open streams.

Nothing else is opened: a packed file that is no archive costs its first bytes. An archive in an archive has the name that
`reading` gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import NamedTuple

from site_builder import companions
from site_builder.errors import BombError, DamagedError, MissingPackageError, Problem
from site_builder.model import Record, Skipped
from site_builder.streams import Member, Names, label

Opens = Callable[[], Iterator[Record | Problem | Skipped | Member]]
Contain = Callable[[str, BufferedReader, int], Opens | None]
"""The name of a file, its stream, and how many archives lie around it → what opens it, if it is an archive."""


class Beside(NamedTuple):
    """A file that a page may need: the archive in the archive, its name there, and its bytes, to be read at once."""

    scope: str
    name: str
    stream: BufferedReader


def files(stream: BufferedReader, name: str, contain: Contain) -> Iterator[Beside]:
    """The files in an archive, in the order in which they lie there. What is damaged ends its archive, told by others.

    Raises OSError of the file itself.
    """
    try:
        opens = contain(name, stream, 0)
        yield from _Walk(contain).files(opens, "", 1) if opens else ()
    except (DamagedError, MissingPackageError):
        return


class _Walk:
    def __init__(self, contain: Contain) -> None:
        self._contain = contain
        self._names = Names()

    def files(self, opens: Opens, scope: str, depth: int) -> Iterator[Beside]:
        for item in opens():
            path = item.name.replace("\\", "/") if isinstance(item, Member) else ""
            if not isinstance(item, Member) or companions.is_hidden(path) or path.startswith("/"):
                continue
            try:
                if item.label and companions.ending_of_part(path) and not companions.is_file_of_page(path):
                    continue
                if item.label and companions.is_file_of_page(path):
                    if ".." not in path.split("/"):
                        yield Beside(scope, label(path), item.stream)
                elif inner := self._contain(path.rpartition("/")[2], item.stream, depth):
                    # What is packed alone has the name of its file.
                    yield from self.files(inner, self._inner(scope, path) if item.label else scope, depth + 1)
            except BombError:
                raise
            except (DamagedError, MissingPackageError):
                continue

    def _inner(self, scope: str, path: str) -> str:
        """What an archive is called."""
        return self._names.give(f"{scope}!{label(path)}" if scope else label(path))
