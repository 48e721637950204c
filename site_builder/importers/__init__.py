"""Sources in, Records out: which file is which kind, and what lies beside it. Nothing is understood here.

A new kind of source is one module with `detect` and `read`, and one row in `IMPORTERS`; a new kind of archive is one
with `detect` and `members`, and one row in `CONTAINERS`. Siblings never import each other. What can't be read is a
Problem that names the file; the run goes on.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from site_builder.errors import BombError, DamagedError, MissingPackageError, Problem
from site_builder.importers import companions, feeds, html, markdown, mhtml, packed, tables, tars, text, warc, wxr, zips
from site_builder.importers.sidecar import SUFFIX, parse, read_sidecar
from site_builder.model import Extra, Record, Skipped
from site_builder.streams import Budget, Member, label

SNIFF = 4096
"""How many bytes of a file are looked at to tell what it is."""


Read = Callable[[BufferedReader, str, int], Iterator[Record | Problem | Skipped]]
Fields = tuple[tuple[str, str], ...]
"""Which column of a data set is which field of ours, where the settings say so: `(("text", "artikel"),)`."""


class Importer(NamedTuple):
    """A kind of source. `detect` sees a file's name and its first `SNIFF` bytes; `read` gives what the file holds.

    `read(stream, file, max_bytes)` gets the open stream at its start, the path that Records and Problems show, and
    the most bytes that one Record may have. It streams: what a file of many Records holds is never whole in memory.
    A Record of such a file says in `part` which it is. OSError and MemoryError of a stream are the caller's.
    `with_fields` gives such a `read` for sources whose columns the settings name.
    """

    name: str
    detect: Callable[[str, bytes], bool]
    read: Read
    with_fields: Callable[[Fields], Read] | None = None


class Container(NamedTuple):
    """A kind of archive. `members(stream, name, file, budget)` opens what is in it, each to be read before the next.

    It gets the open stream (which may be one from another archive, and then can't seek), the archive's own name, the
    path that Problems show, and the budget that all that is unpacked from one file shares.
    """

    name: str
    detect: Callable[[str, bytes], bool]
    members: Callable[[BufferedReader, str, str, Budget], Iterator[Member | Problem | Skipped]]


IMPORTERS = (
    Importer("warc", warc.detect, warc.read),
    Importer("mhtml", mhtml.detect, mhtml.read),
    Importer("wxr", wxr.detect, wxr.read),
    Importer("feed", feeds.detect, feeds.read),
    Importer("table", tables.detect, tables.read, tables.with_fields),
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

MAX_DEPTH = 6
"""Archives in archives; `x.tar.gz` is two."""
MAX_PROBLEMS = 1_000
"""Of one file; more are counted."""


def sources(
    root: Path,
    unreadable: Callable[[OSError], None] | None = None,
    passed_over: Callable[[Skipped], None] | None = None,
) -> Iterator[Path]:
    """The files below `root` that may be sources, sorted by POSIX path; `root` may be one file.

    Left out: dot files, sidecars, symbolic links, and what is no regular file (opening a fifo would hang). Left out
    and told to `passed_over`, once for each ending: what pages are made of, and the folders of saved pages
    (`page_files` beside `page.html`). `unreadable` is told of folders that can't be read; what is in the others is
    given all the same.
    """
    if _is_regular(root):
        yield root
        return
    found: list[tuple[str, Path]] = []
    parts: Counter[str] = Counter()
    for folder, folders, files in os.walk(root, onerror=unreadable, followlinks=False):
        folders[:] = [name for name in folders if not companions.is_hidden(name)]
        names = frozenset(files)
        for name in [name for name in folders if companions.is_folder_of_page(name, names)]:
            folders.remove(name)
            count = sum(len(inside) for _, _, inside in os.walk(Path(folder, name), onerror=unreadable))
            parts["files in the folders of saved pages"] += count
        for name in files:
            path = Path(folder, name)
            if companions.is_hidden(name) or name.endswith(SUFFIX) or not _is_regular(path):
                continue
            if ending := companions.ending_of_part(name):
                parts[f"{ending} files"] += 1
            else:
                found.append((path.relative_to(root).as_posix(), path))
    for reason, count in sorted(parts.items()):
        if passed_over is not None:
            passed_over(Skipped(str(root), reason, count))
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


def read(
    path: Path, file: str, max_bytes: int, kind: str = "", fields: Fields = ()
) -> Iterator[Record | Problem | Skipped]:
    """What one source holds, as Records, with a Problem for each thing that can't be read; at the end what was passed
    over, counted.

    `file` is the path that Records and Problems show; `kind` names a row of `IMPORTERS` instead of detection, for the
    files in an archive too. The facts of a sidecar (`NAME.meta.toml`) win over those that the source itself has, and
    hold for all that is in an archive; while a sidecar is broken its source is not imported, for an archive entry
    without the date that somebody wrote down would have to be found and mended later.
    """
    try:
        if not _is_regular(path):
            yield Problem(file, 0, "is not a regular file", "folders, links, pipes and devices are not read")
            return
        with path.open("rb") as stream:
            if not stream.peek(1):
                yield Problem(file, 0, "is empty", "delete it, or fetch the page again")
                return
            meta, problems = read_sidecar(path, file)
            yield from problems
            if not problems:
                yield from _Reading(file, max_bytes, kind, fields, Budget(os.fstat(stream.fileno()).st_size)).all(
                    stream, path.name, meta
                )
    except BombError as error:
        yield Problem(file, 0, str(error), "what came before was read; if it is sound, unpack it and import the folder")
    except DamagedError as error:
        yield Problem(file, 0, str(error), "what came before was read; fetch it again")
    except OSError as error:
        yield Problem(file, 0, f"can't be read: {error.strerror or error}", "check the file's permissions")


class _Reading:
    """The reading of one file and of all that is packed in it."""

    def __init__(self, file: str, max_bytes: int, kind: str, fields: Fields, budget: Budget) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._kind = kind
        self._fields = fields
        self._budget = budget
        self._skipped: Counter[str] = Counter()
        self._problems = 0
        self._parts: set[bytes] = set()
        self._pages: set[str] = set()

    def all(self, stream: BufferedReader, name: str, meta: Extra) -> Iterator[Record | Problem | Skipped]:
        """What the file holds; Problems beyond `MAX_PROBLEMS` and all that was passed over are counted at the end."""
        for item in self._read(stream, name, "", meta, 0):
            if isinstance(item, Skipped):
                self._skipped[item.reason] += item.count
                continue
            if isinstance(item, Problem):
                self._problems += 1
                if self._problems > MAX_PROBLEMS:
                    continue
            yield item
        if self._problems > MAX_PROBLEMS:
            count = self._problems - MAX_PROBLEMS
            yield Problem(self._file, 0, f"has {count:,} more problems", "the first are listed")
        for reason, count in sorted(self._skipped.items()):
            yield Skipped(self._file, reason, count)

    def _read(
        self, stream: BufferedReader, name: str, inner: str, meta: Extra, depth: int
    ) -> Iterator[Record | Problem | Skipped]:
        """One file; `inner` is what it is called in the one on the disk, and empty for that itself."""
        shown = f"{self._file}#{inner}" if inner else self._file
        head = stream.peek(SNIFF)[:SNIFF]
        if inner and not head:
            self._skipped["empty files"] += 1
            return
        importer, container = self._who(name, head)
        if container and depth >= MAX_DEPTH:
            yield Problem(shown, 0, f"lies {MAX_DEPTH} archives deep", "unpack the outer ones, and import the folder")
        elif container:
            for member in container.members(stream, name, shown, self._budget):
                if isinstance(member, Member):
                    yield from self._member(member, inner, meta, depth)
                else:
                    yield member
        elif importer:
            read = importer.with_fields(self._fields) if importer.with_fields and self._fields else importer.read
            for item in read(stream, shown, self._max_bytes):
                yield self._named(item, shown, inner, meta)
        elif inner:
            self._skipped[_unknown(name)] += 1
        else:
            kinds = ", ".join(row.name for row in (*IMPORTERS, *CONTAINERS))
            hint = f"understood are: {kinds}; plain text wants the ending .txt"
            yield Problem(shown, 0, "not a kind of source that is understood", hint)

    def _who(self, name: str, head: bytes) -> tuple[Importer | None, Container | None]:
        wanted = [row for row in IMPORTERS if row.name == self._kind or not self._kind]
        importer = next((row for row in wanted if row.detect(name, head)), None)
        container = None if importer else next((row for row in CONTAINERS if row.detect(name, head)), None)
        if self._kind and not importer and not container:
            importer = wanted[0]
        return importer, container

    def _member(self, member: Member, inner: str, meta: Extra, depth: int) -> Iterator[Record | Problem | Skipped]:
        """One file of an archive, unless its name says that it is no source."""
        part = inner
        if member.label:
            name = member.name.replace("\\", "/")
            if reason := self._no_source(name, member.beside):
                self._skipped[reason] += 1
                return
            if companions.is_hidden(name):
                return
            part = self._unique(f"{inner}!{label(name)}" if inner else label(name))
        shown = f"{self._file}#{part}" if part else self._file
        try:
            if member.facts is not None:
                beside = f"{inner}!{label(member.sidecar)}" if inner else label(member.sidecar)
                facts, problems = parse(member.facts, f"{self._file}#{beside}")
                yield from problems
                if problems:
                    return
                meta = {**meta, **facts}
            yield from self._read(member.stream, member.name.rpartition("/")[2], part, meta, depth + 1)
        except BombError:
            raise
        except DamagedError as error:
            yield Problem(shown, 0, str(error), "what came before was read")
        except MissingPackageError as error:
            yield Problem(shown, 0, str(error), error.hint)

    def _no_source(self, name: str, beside: Collection[str]) -> str:
        """Why a member is passed over and counted, or nothing."""
        if companions.is_hidden(name):
            return ""
        if ending := companions.ending_of_part(name):
            return f"{ending} files"
        if companions.is_page(name) and not beside:
            self._pages.add(name)  # an archive that is read from front to back: what came before is known
        if companions.lies_in_folder_of_page(name, beside or self._pages):
            return "files in the folders of saved pages"
        return "sidecars in an archive that is read from front to back" if name.endswith(SUFFIX) else ""

    def _unique(self, part: str) -> str:
        """An archive may hold many files of one name; the second is called `name;2`. Digests, since names take room."""
        count, wanted = 1, part
        while (digest := hashlib.blake2b(wanted.encode(), digest_size=8).digest()) in self._parts:
            count += 1
            wanted = f"{part};{count}"
        self._parts.add(digest)
        return wanted

    def _named(
        self, item: Record | Problem | Skipped, shown: str, inner: str, meta: Extra
    ) -> Record | Problem | Skipped:
        """What an importer gave, under the names of the file on the disk and of the part in it."""
        if isinstance(item, Record):
            part = "!".join(name for name in (inner, item.part) if name)
            return replace(item, file=self._file, part=part, meta={**item.meta, **meta})
        if isinstance(item, Problem) and inner and item.where.startswith(f"{shown}#"):
            return replace(item, where=f"{shown}!{item.where[len(shown) + 1 :]}")
        return item


def _unknown(name: str) -> str:
    ending = PurePosixPath(name.lower()).suffix
    plain = ending if re.fullmatch("[.][a-z0-9]{1,8}", ending) else "other endings"
    return f"files of a kind that is not understood ({plain})"
