"""Which files an archive has: their paths and signatures, by path, straight from the folders. Opens none of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from .entries import FOLDERS

Found = tuple[str, int, int, int]
"""A file's path, size, and times in nanoseconds (`entries.Signature`)."""


def scan(root: Path) -> Iterator[Found]:
    """Path and signature of every Markdown file in `articles/` and `pages/`, by path; links and dot files are passed over.

    Raises OSError for a folder that can't be read: its articles would look deleted.
    """
    for name in FOLDERS[:2]:
        if (root / name).is_dir():
            yield from _walk(f"{root}{os.sep}", name, ".md")


def scan_media(root: Path) -> Iterator[Found]:
    """Path and signature of every file in `media/`, by path."""
    if (root / "media").is_dir():
        yield from _walk(f"{root}{os.sep}", "media", "")


def _walk(root: str, folder: str, ending: str) -> Iterator[Found]:
    """Of a folder all names are held, since they are sorted; each file is looked at when its turn comes."""
    waiting = [(folder, _names(root + folder, ending))]
    with _Place() as place:
        stat = os.stat
        while waiting:
            here, names = waiting[-1]
            start, handle = place.enter(root + here)
            for name in names:
                path = f"{here}/{name}"
                if name[-1] == "/":
                    waiting.append((path[:-1], _names(root + path, ending)))
                    break
                try:
                    status = stat(start + name, dir_fd=handle, follow_symlinks=False)
                except FileNotFoundError:  # it went away meanwhile
                    continue
                path = path if path.isascii() else _readable(path)
                yield path, status.st_size, status.st_mtime_ns, status.st_ctime_ns
            else:
                waiting.pop()


class _Place:
    """The folder whose files are looked at: from its handle a file is found in three quarters of the time."""

    def __init__(self) -> None:
        self._handle: int | None = None

    def __enter__(self) -> _Place:
        return self

    def enter(self, folder: str) -> tuple[str, int | None]:
        """Go to a folder: what to put before a name, and the handle, where the system has such."""
        self.__exit__()
        if os.stat not in os.supports_dir_fd:
            return f"{folder}{os.sep}", None
        self._handle = os.open(folder, os.O_RDONLY)
        return "", self._handle

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _names(folder: str, ending: str) -> Iterator[str]:
    """The names of the files with this ending in a folder, and of its folders with a slash, in the order of the paths."""
    names: list[str] = []
    with os.scandir(folder) as found:
        for item in found:
            name = item.name
            # Both say no to a link, and ask the disk for nothing.
            if name.endswith(ending) and item.is_file(follow_symlinks=False):
                if name[0] != ".":
                    names.append(name)
            elif name[0] != "." and item.is_dir(follow_symlinks=False):
                names.append(f"{name}/")
    names.sort(key=None if all(map(str.isascii, names)) else _readable)
    return iter(names)


def _readable(path: str) -> str:
    """A path as a text that can be kept: one that is not UTF-8 stays recognisable, and who reads it finds no file."""
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")
