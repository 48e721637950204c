"""Sources in, Records out: which file is which kind, and what lies beside it. Nothing is understood here.

A new kind of source is one module with `detect` and `read`, and one row in `IMPORTERS`. Siblings never import each
other. What can't be read is a Problem that names the file; the run goes on.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from site_builder.errors import Problem
from site_builder.importers import feeds, markdown, tables, text, wxr
from site_builder.importers.sidecar import SUFFIX, read_sidecar
from site_builder.model import Record

SNIFF = 4096
"""How many bytes of a file are looked at to tell what it is."""


Read = Callable[[BufferedReader, str, int], Iterator[Record | Problem]]
Fields = tuple[tuple[str, str], ...]
"""Which column of a data set is which field of ours, where the settings say so: `(("text", "artikel"),)`."""


class Importer(NamedTuple):
    """A kind of source. `detect` sees a file's name and its first `SNIFF` bytes; `read` gives what the file holds.

    `read(stream, file, max_bytes)` gets the open stream at its start, the path that Records and Problems show, and
    the most bytes that one Record may have. It streams: what a file of many Records holds is never whole in memory.
    A Record of such a file says in `part` which it is. OSError and MemoryError of a stream are the caller's.
    `with_fields` gives such a `read` for sources whose columns the settings name.
    `many` tells that a file may hold more Records than one process should understand alone.
    """

    name: str
    detect: Callable[[str, bytes], bool]
    read: Read
    with_fields: Callable[[Fields], Read] | None = None
    many: bool = False


IMPORTERS = (
    Importer("wxr", wxr.detect, wxr.read, many=True),
    Importer("feed", feeds.detect, feeds.read, many=True),
    Importer("table", tables.detect, tables.read, tables.with_fields, many=True),
    Importer("markdown", markdown.detect, markdown.read),
    Importer("text", text.detect, text.read),
)
"""Asked in this order; the first that detects its kind reads the file."""


class Found(NamedTuple):
    """A file that may be a source, as the walk met it: its POSIX path below the root, where it lies, its stat, and
    the files of facts beside it.

    Paths are plain text: making 10,000 `Path` objects takes as long as walking over the files.
    """

    name: str
    path: str
    status: os.stat_result
    beside: tuple[str, ...]


def sources(root: Path, unreadable: Callable[[OSError], None] | None = None) -> Iterator[Found]:
    """The files below `root` that may be sources, sorted by POSIX path; `root` may be one file.

    Left out: dot files, sidecars, symbolic links, and what is no regular file (opening a fifo would hang).
    `unreadable` is told of folders that can't be read; what is in the others is given all the same. Only one folder's
    names at a time are in memory.
    """
    if _is_regular(root):
        beside = tuple(os.fspath(path) for path in sidecars(root) if _is_regular(path))
        yield Found(root.name, os.fspath(root), os.lstat(root), beside)
        return
    folders = [_listed("", os.fspath(root), unreadable)]  # not by recursion: folders may lie deeper than Python goes
    while folders:
        item = next(folders[-1], None)
        if item is None:
            folders.pop()
        elif item.name.endswith("/"):
            folders.append(_listed(item.name, item.path, unreadable))
        else:
            yield item


def _listed(prefix: str, folder: str, unreadable: Callable[[OSError], None] | None) -> Iterator[Found]:
    """The sources in one folder, and the folders in it, whose names end with a slash."""
    try:
        with os.scandir(folder) as entries:
            # A folder's name sorts with the slash that follows it, or `b/1` would come before `b-c`.
            items = sorted((f"{e.name}/" if e.is_dir(follow_symlinks=False) else e.name, e) for e in _shown(entries))
    except OSError as error:
        if unreadable and not isinstance(error, NotADirectoryError):
            unreadable(error)
        return
    names = {name for name, _ in items if name.endswith(SUFFIX)}
    for name, entry in items:
        if name.endswith(SUFFIX) or not (name.endswith("/") or entry.is_file(follow_symlinks=False)):
            continue
        beside: tuple[str, ...] = ()
        if names:
            beside = tuple(os.fspath(p) for p in sidecars(Path(entry.path)) if p.name in names and _is_regular(p))
        try:
            yield Found(prefix + name, entry.path, entry.stat(follow_symlinks=False), beside)
        except FileNotFoundError:
            continue  # deleted while we looked


def _shown(entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    return (entry for entry in entries if not entry.name.startswith("."))


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def sidecars(path: Path) -> tuple[Path, Path]:
    """Where the facts beside a source may lie: `page.txt.meta.toml`, `page.meta.toml`."""
    return path.with_name(path.name + SUFFIX), path.with_name(path.stem + SUFFIX)


def recognise(path: Path, kind: str = "") -> Importer | None:
    """Who reads a file: the row of `IMPORTERS` named `kind`, or the first that detects its own. Raises OSError."""
    if not _is_regular(path):
        return None
    with path.open("rb") as stream:
        return _recognise(stream, path, kind)


def _recognise(stream: BufferedReader, path: Path, kind: str) -> Importer | None:
    head = stream.peek(SNIFF)[:SNIFF]
    return next((row for row in IMPORTERS if row.name == kind or (not kind and row.detect(path.name, head))), None)


Opened = Callable[[BufferedReader], None]


def read(
    path: Path, file: str, max_bytes: int, kind: str = "", fields: Fields = (), opened: Opened | None = None
) -> Iterator[Record | Problem]:
    """What one source holds, as Records, with a Problem for each thing that can't be read.

    `file` is the path that Records and Problems show; `kind` names a row of `IMPORTERS` instead of detection;
    `opened` is given the stream, whose place tells how far the reading is. The facts of a sidecar (`NAME.meta.toml`)
    win over those that the source itself has; while a sidecar is broken its source is not imported, for an archive
    entry without the date that somebody wrote down would have to be found and mended later. A Problem that is to be
    tried `again` tells that the file was not read to its end.
    """
    try:
        if not _is_regular(path):
            yield Problem(file, 0, "is not a regular file", "folders, links, pipes and devices are not read")
            return
        with path.open("rb") as stream:
            if opened:
                opened(stream)
            yield from _read(stream, path, file, max_bytes, kind, fields)
    except OSError as error:
        yield Problem(file, 0, f"can't be read: {error.strerror or error}", "check the file's permissions", again=True)


def _read(
    stream: BufferedReader, path: Path, file: str, max_bytes: int, kind: str, fields: Fields
) -> Iterator[Record | Problem]:
    if not stream.peek(1):
        yield Problem(file, 0, "is empty", "delete it, or fetch the page again")
        return
    importer = _recognise(stream, path, kind)
    if importer is None:
        kinds = ", ".join(row.name for row in IMPORTERS)
        hint = f"understood are: {kinds}; plain text wants the ending .txt"
        yield Problem(file, 0, "not a kind of source that is understood", hint)
        return
    meta, problems = read_sidecar(path, file)
    yield from problems
    if problems:
        return
    read_all = importer.with_fields(fields) if importer.with_fields and fields else importer.read
    for item in read_all(stream, file, max_bytes):
        yield replace(item, meta={**item.meta, **meta}) if isinstance(item, Record) and meta else item
