"""Sources in, Records out: which file is which kind, and what lies beside it. Nothing is understood here.

A new kind of source is one module with `detect` and `read`, and one row in `IMPORTERS`. Siblings never import each
other. What can't be read is a Problem that names the file; the run goes on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from site_builder.errors import Problem
from site_builder.importers import html, text
from site_builder.importers.sidecar import SUFFIX, read_sidecar
from site_builder.model import Record

SNIFF = 4096
"""How many bytes of a file are looked at to tell what it is."""


class Importer(NamedTuple):
    """A kind of source. `detect` sees a file's name and its first `SNIFF` bytes; `read` gives what the file holds.

    `read(stream, file, max_bytes)` gets the open stream at its start, the path that Records and Problems show, and
    the most bytes that one Record may have. It streams: what a file of many Records holds is never whole in memory.
    A Record of such a file says in `part` which it is. OSError and MemoryError of a stream are the caller's.
    """

    name: str
    detect: Callable[[str, bytes], bool]
    read: Callable[[BufferedReader, str, int], Iterator[Record | Problem]]


IMPORTERS = (
    Importer("html", html.detect, html.read),
    Importer("text", text.detect, text.read),
)
"""Asked in this order; the first that detects its kind reads the file."""


def sources(root: Path, unreadable: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """The files below `root` that may be sources, sorted by POSIX path; `root` may be one file.

    Left out: dot files, sidecars, symbolic links, and what is no regular file (opening a fifo would hang).
    `unreadable` is told of folders that can't be read; what is in the others is given all the same.
    """
    if _is_regular(root):
        yield root
        return
    found: list[tuple[str, Path]] = []
    for folder, folders, files in os.walk(root, onerror=unreadable, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = Path(folder, name)
            if not name.startswith(".") and not name.endswith(SUFFIX) and _is_regular(path):
                found.append((path.relative_to(root).as_posix(), path))
    for _, path in sorted(found):
        yield path


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def sidecars(path: Path) -> tuple[Path, Path]:
    """Where the facts beside a source may lie: `page.txt.meta.toml`, `page.meta.toml`."""
    return path.with_name(path.name + SUFFIX), path.with_name(path.stem + SUFFIX)


def read(path: Path, file: str, max_bytes: int, kind: str = "") -> Iterator[Record | Problem]:
    """What one source holds, as Records, with a Problem for each thing that can't be read.

    `file` is the path that Records and Problems show; `kind` names a row of `IMPORTERS` instead of detection. The
    facts of a sidecar (`NAME.meta.toml`) win over those that the source itself has; while a sidecar is broken its
    source is not imported, for an archive entry without the date that somebody wrote down would have to be found and
    mended later.
    """
    try:
        if not _is_regular(path):
            yield Problem(file, 0, "is not a regular file", "folders, links, pipes and devices are not read")
            return
        with path.open("rb") as stream:
            yield from _read(stream, path, file, max_bytes, kind)
    except OSError as error:
        yield Problem(file, 0, f"can't be read: {error.strerror or error}", "check the file's permissions")


def _read(stream: BufferedReader, path: Path, file: str, max_bytes: int, kind: str) -> Iterator[Record | Problem]:
    head = stream.peek(SNIFF)[:SNIFF]
    if not head:
        yield Problem(file, 0, "is empty", "delete it, or fetch the page again")
        return
    importer = next((row for row in IMPORTERS if row.name == kind or (not kind and row.detect(path.name, head))), None)
    if importer is None:
        kinds = ", ".join(row.name for row in IMPORTERS)
        hint = f"understood are: {kinds}; plain text wants the ending .txt"
        yield Problem(file, 0, "not a kind of source that is understood", hint)
        return
    meta, problems = read_sidecar(path, file)
    yield from problems
    if problems:
        return
    for item in importer.read(stream, file, max_bytes):
        yield replace(item, meta={**item.meta, **meta}) if isinstance(item, Record) and meta else item
