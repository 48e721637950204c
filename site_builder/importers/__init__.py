"""Sources in, Records out: which file is which kind, and what lies beside it. Nothing is understood here.

A new kind of source is one module with `detect` and `read`, and one row in `IMPORTERS`; a new kind of archive is one
with `detect` and `members`, and one row in `CONTAINERS`. Siblings never import each other. What can't be read is a
Problem that names the file; the run goes on.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, NamedTuple

from site_builder import companions
from site_builder.errors import BombError, DamagedError, Problem
from site_builder.importers import feeds, html, looking, markdown, mhtml, packed, tables, tars, text, warc, wxr, zips
from site_builder.importers.reading import MAX_DEPTH, SNIFF, Item, Reading
from site_builder.importers.sidecar import SUFFIX, parse, read_sidecar
from site_builder.importers.warc import arc
from site_builder.model import Record, Skipped
from site_builder.streams import Budget, Member

Fields = tuple[tuple[str, str], ...]
"""Which column of a data set is which field of ours, where the settings say so: `(("text", "artikel"),)`."""
Read = Callable[[BufferedReader, str, int], Iterator[Record | Problem | Skipped]]
Reads = Callable[[BufferedReader, str], Iterator[Item]]
Watch = Callable[[int], None]
"""Told, again and again, up to which byte a file has been read."""


class Importer(NamedTuple):
    """A kind of source. `detect` sees a file's name and its first `SNIFF` bytes; `read` gives what the file holds.

    `read(stream, file, max_bytes)` gets the open stream at its start, the path that Records and Problems show, and
    the most bytes that one Record may have. It streams: what a file of many Records holds is never whole in memory.
    A Record of such a file says in `part` which it is. OSError and MemoryError of a stream are the caller's.
    `with_fields` gives such a `read` for sources whose columns the settings name. `many` tells that a file may hold
    more Records than one process should understand alone. `texts` is such a `read` for the Records alone whose format
    is `text`, where that spares reading the others.
    """

    name: str
    detect: Callable[[str, bytes], bool]
    read: Read
    with_fields: Callable[[Fields], Read] | None = None
    many: bool = False
    texts: Read | None = None


class Container(NamedTuple):
    """A kind of archive. `members(stream, name, file, budget)` opens what is in it, each to be read before the next.

    It gets the open stream (which may be one from another archive, and then can't seek), the archive's own name, the
    path that Problems show, and the budget that all that is unpacked from one file shares.
    """

    name: str
    detect: Callable[[str, bytes], bool]
    members: Callable[[BufferedReader, str, str, Budget], Iterator[Member | Problem | Skipped]]


IMPORTERS = (
    Importer("warc", warc.detect, warc.read, many=True, texts=warc.read_texts),
    Importer("arc", arc.detect, warc.read_arc, many=True),
    Importer("mhtml", mhtml.detect, mhtml.read),
    Importer("wxr", wxr.detect, wxr.read, many=True),
    Importer("feed", feeds.detect, feeds.read, many=True),
    Importer("table", tables.detect, tables.read, tables.with_fields, many=True),
    Importer("markdown", markdown.detect, markdown.read),
    Importer("html", html.detect, html.read),
    Importer("text", text.detect, text.read),
)
"""Asked in this order; the first that detects its kind reads the file."""

CONTAINERS = (
    Container("zip", zips.detect, zips.members),
    Container("packed", packed.detect, packed.members),
    Container("tar", tars.detect, tars.members),
)
"""Asked after the importers, which know crawl files in gzip, and what else is a zip and no heap of files."""


class Found(NamedTuple):
    """A file that may be a source, as the walk met it: its POSIX path below the root, where it lies, its stat, and
    the files of facts beside it.

    Paths are plain text: making 10,000 `Path` objects takes as long as walking over the files.
    """

    name: str
    path: str
    status: os.stat_result
    beside: tuple[str, ...]


def sources(
    root: Path,
    unreadable: Callable[[OSError], None] | None = None,
    passed_over: Callable[[Skipped], None] | None = None,
) -> Iterator[Found]:
    """The files below `root` that may be sources, sorted by POSIX path; `root` may be one file.

    Left out: dot files, sidecars, symbolic links, and what is no regular file (opening a fifo would hang). Left out
    and told to `passed_over` at the end, once for each ending: what pages are made of, the folders of saved pages
    (`page_files` beside `page.html`), and those of generators and programs (`companions.is_machinery`). `unreadable` is told of folders that can't be read; what is in the others is
    given all the same. Only one folder's names at a time are in memory.
    """
    if _is_regular(root):
        beside = tuple(os.fspath(path) for path in sidecars(root) if _is_regular(path))
        yield Found(root.name, os.fspath(root), os.lstat(root), beside)
        return
    parts: Counter[str] = Counter()
    folders = [_listed("", os.fspath(root), unreadable, parts)]  # folders may lie deeper than Python's calls go
    while folders:
        item = next(folders[-1], None)
        if item is None:
            folders.pop()
        elif item.name.endswith("/"):
            folders.append(_listed(item.name, item.path, unreadable, parts))
        else:
            yield item
    for reason, count in sorted(parts.items()):
        if passed_over is not None:
            passed_over(Skipped(str(root), reason, count))


def _listed(
    prefix: str, folder: str, unreadable: Callable[[OSError], None] | None, parts: Counter[str]
) -> Iterator[Found]:
    """The sources in one folder, and the folders in it, whose names end with a slash."""
    try:
        with os.scandir(folder) as entries:
            # A folder's name sorts with the slash that follows it, or `b/1` would come before `b-c`.
            every = list(entries)
            items = sorted((f"{e.name}/" if e.is_dir(follow_symlinks=False) else e.name, e) for e in _shown(every))
    except OSError as error:
        if unreadable and not isinstance(error, NotADirectoryError):
            unreadable(error)
        return
    names = frozenset(name for name, _ in items if not name.endswith("/"))
    facts = any(name.endswith(SUFFIX) for name in names)
    root = frozenset(entry.name for entry in every) if len(names) < len(items) else frozenset()
    for name, entry in items:
        beside: tuple[str, ...] = ()
        if name.endswith("/"):
            if companions.is_folder_of_page(name[:-1], names):
                count = sum(len(inside) for _, _, inside in os.walk(entry.path, onerror=unreadable))
                parts["files in the folders of saved pages"] += count
                continue
            if companions.is_machinery(name[:-1], root):
                parts["folders of a generator or program, not looked into"] += 1
                continue
        elif name.endswith(SUFFIX) or not entry.is_file(follow_symlinks=False):
            continue
        elif reason := companions.reason_of_part(name):
            parts[reason] += 1
            continue
        elif facts:
            beside = tuple(os.fspath(p) for p in sidecars(Path(entry.path)) if p.name in names and _is_regular(p))
        try:
            yield Found(prefix + name, entry.path, entry.stat(follow_symlinks=False), beside)
        except FileNotFoundError:
            continue  # deleted while we looked


def _shown(entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    return (entry for entry in entries if not companions.is_hidden(entry.name))


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def sidecars(path: Path) -> tuple[Path, Path]:
    """Where the facts beside a source may lie: `page.txt.meta.toml`, `page.meta.toml`."""
    return path.with_name(path.name + SUFFIX), path.with_name(path.stem + SUFFIX)


class Kind(NamedTuple):
    """What a file was recognised as: the name of an importer or container, and whether it may hold many Records."""

    name: str
    many: bool


def recognise(path: Path, kind: str = "") -> Kind | None:
    """What reads a file; `kind` names a row of `IMPORTERS` instead of detection. Raises OSError."""
    if not _is_regular(path):
        return None
    with path.open("rb") as stream:
        importer, container = _recognise(kind, path.name, stream.peek(SNIFF)[:SNIFF])
    return Kind(importer.name, importer.many) if importer else Kind(container.name, True) if container else None


def read(
    path: Path, file: str, max_bytes: int, kind: str = "", fields: Fields = (), watch: Watch | None = None
) -> Iterator[Record | Problem | Skipped]:
    """What one source holds, as Records, with a Problem for each thing that can't be read; at the end what was passed
    over, counted.

    `file` is the path that Records and Problems show; `kind` names a row of `IMPORTERS` instead of detection, for the
    files in an archive too; `watch` is told how far the reading is. The facts of a sidecar (`NAME.meta.toml`) win over those that the source itself has, and hold for all that is in an archive;
    while a sidecar is broken its source is not imported, for an archive entry without the date that somebody wrote
    down would have to be found and mended later. A Problem that is to be tried `again` tells that the file was not
    read to its end.
    """
    return _read(path, file, partial(_who, kind, fields, max_bytes, False), watch)


def read_texts(
    path: Path, file: str, max_bytes: int, kind: str = "", fields: Fields = (), watch: Watch | None = None
) -> Iterator[Record | Problem | Skipped]:
    """As `read`, but no other Records need come than those whose format is `text`."""
    return _read(path, file, partial(_who, kind, fields, max_bytes, True), watch)


def _read(
    path: Path, file: str, who: Callable[[Budget, str, bytes], Reads | None], watch: Watch | None
) -> Iterator[Record | Problem | Skipped]:
    try:
        if not _is_regular(path):
            yield Problem(file, 0, "is not a regular file", "folders, links, pipes and devices are not read")
            return
        with _opened(path, watch) as stream:
            if not stream.peek(1):
                yield Problem(file, 0, "is empty", "delete it, or fetch the page again")
                return
            meta, problems = read_sidecar(path, file)
            yield from problems
            if not problems:
                budget = Budget(os.fstat(stream.fileno()).st_size)
                yield from Reading(file, partial(who, budget), parse).all(stream, path.name, meta)
    except BombError as error:
        yield Problem(file, 0, str(error), "what came before was read; if it is sound, unpack it and import the folder")
    except DamagedError as error:
        yield Problem(file, 0, str(error), "what came before was read; fetch it again")
    except OSError as error:
        yield Problem(file, 0, f"can't be read: {error.strerror or error}", "check the file's permissions", again=True)


def files_in(path: Path, kind: str = "", watch: Watch | None = None) -> Iterator[looking.Beside]:
    """The pictures and documents in an archive and in those in it; where it is damaged or a bomb, those before.

    `kind` and `watch` are as for `read`, which tells what is wrong with it. Raises OSError.
    """

    def contain(name: str, stream: BufferedReader, depth: int) -> looking.Opens | None:
        container = _recognise(kind, name, stream.peek(SNIFF)[:SNIFF])[1] if depth <= MAX_DEPTH else None
        return partial(container.members, stream, name, name, budget) if container else None

    with _opened(path, watch) as stream:
        budget = Budget(os.fstat(stream.fileno()).st_size)
        yield from looking.files(stream, path.name, contain)


def _opened(path: Path, watch: Watch | None) -> BufferedReader:
    return BufferedReader(_Watched(path, watch))


class _Watched(FileIO):
    """A file that tells how far it has been read."""

    def __init__(self, path: Path, watch: Watch | None) -> None:
        super().__init__(path)
        self._watch = watch

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer)
        if self._watch:
            self._watch(self.tell())
        return count


def _who(
    kind: str, fields: Fields, max_bytes: int, texts: bool, budget: Budget, name: str, head: bytes
) -> Reads | None:
    """What reads a file of this name and beginning, once it is given the stream and what Problems call it."""
    importer, container = _recognise(kind, name, head)
    if importer:
        reads = importer.with_fields(fields) if fields and importer.with_fields else importer.read
        reads = importer.texts if texts and importer.texts else reads
        return lambda stream, shown: reads(stream, shown, max_bytes)
    if container:
        return lambda stream, shown: container.members(stream, name, shown, budget)
    return None


def _recognise(kind: str, name: str, head: bytes) -> tuple[Importer | None, Container | None]:
    wanted = [row for row in IMPORTERS if row.name == kind or not kind]
    importer = next((row for row in wanted if row.detect(name, head)), None)
    container = None if importer else next((row for row in CONTAINERS if row.detect(name, head)), None)
    if kind and not importer and not container:
        importer = wanted[0]
    return importer, container
