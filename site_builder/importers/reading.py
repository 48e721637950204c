"""One file and all that is packed in it → Records under their names. Who reads what is the table's to say.

Members of archives are looked at as files in folders are: what their names tell to be no source is passed over, facts
that lie beside them are read. A member that is damaged costs itself, one that is a bomb the rest of the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from io import BufferedReader
from pathlib import PurePosixPath
from typing import Any

from site_builder import companions
from site_builder.errors import BombError, DamagedError, MissingPackageError, Problem
from site_builder.model import Extra, Record, Skipped
from site_builder.streams import Member, Names, label

SNIFF = 4096
"""How many bytes of a file are looked at to tell what it is."""
MAX_DEPTH = 6
"""Archives in archives; `x.tar.gz` is two."""

Item = Record | Problem | Skipped | Member
Who = Callable[[str, bytes], Callable[[BufferedReader, str], Iterator[Item]] | None]
"""The name and the first bytes of a file → what reads it: importers give Records, containers Members."""
Parse = Callable[[BufferedReader, str], tuple[dict[str, Any], list[Problem]]]
"""A stream of facts and what Problems call it → the facts, and what is wrong with them."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file on the disk we are: what that part of it is called (nothing for the file itself), how many
    archives lie around it, and what those and their sidecars have to say of all that is in them."""

    inner: str = ""
    depth: int = 0
    meta: Extra = field(default_factory=dict)
    repairs: tuple[str, ...] = ()


class Reading:
    """The reading of one file, which Records and Problems call `file`. It is good for one time."""

    def __init__(self, file: str, who: Who, parse: Parse) -> None:
        self._file = file
        self._who = who
        self._parse = parse
        self._skipped: Counter[str] = Counter()
        self._names = Names()
        self._pages: set[str] = set()

    def all(self, stream: BufferedReader, name: str, meta: Extra) -> Iterator[Record | Problem | Skipped]:
        """What the file holds; all that was passed over is counted at the end."""
        for item in self._read(stream, name, _Place(meta=meta)):
            if isinstance(item, Skipped):
                self._skipped[item.reason] += item.count
            else:
                yield item
        for reason, count in sorted(self._skipped.items()):
            yield Skipped(self._file, reason, count)

    def _read(self, stream: BufferedReader, name: str, place: _Place) -> Iterator[Record | Problem | Skipped]:
        shown = self._shown(place.inner)
        head = stream.peek(SNIFF)[:SNIFF]
        if place.inner and not head:
            self._skipped["empty files"] += 1
            return
        reads = self._who(name, head)
        if reads is None and place.inner:
            self._skipped[_unknown(name)] += 1
        elif reads is None:
            hint = "README.md has a table of sources; plain text wants the ending .txt"
            what = "not a kind of source that is understood"
            if PurePosixPath(name.lower()).suffix in _MARKUP:
                hint = "turn it into Markdown, with pandoc for example, and import that"
            if b"\0" in head:
                what, hint = "is no text: it holds NUL bytes", "is it a picture, or was it damaged? fetch it again"
            yield Problem(shown, 0, what, hint)
        else:
            for item in reads(stream, shown):
                if not isinstance(item, Member):
                    yield self._named(item, place)
                elif place.depth < MAX_DEPTH:
                    yield from self._member(item, place)
                else:
                    hint = "unpack the outer ones, and import the folder"
                    yield Problem(shown, 0, f"lies {MAX_DEPTH} archives deep", hint)
                    return

    def _shown(self, inner: str) -> str:
        return f"{self._file}#{inner}" if inner else self._file

    def _member(self, member: Member, around: _Place) -> Iterator[Record | Problem | Skipped]:
        """One file of an archive, unless its name says that it is no source."""
        prefix = f"{around.inner}!" if around.inner else ""
        inner, meta = around.inner, around.meta
        if member.label:
            name = member.name.replace("\\", "/")
            if reason := self._no_source(name, member.beside):
                self._skipped[reason] += 1
                return
            if companions.is_hidden(name):
                return
            inner = self._names.give(prefix + label(name))
        try:
            if member.facts is not None:
                facts, problems = self._parse(member.facts, self._shown(prefix + label(member.sidecar)))
                yield from problems
                if problems:
                    return
                meta = {**meta, **facts}
            place = _Place(inner, around.depth + 1, meta, around.repairs + member.repairs)
            yield from self._read(member.stream, member.name.rpartition("/")[2], place)
        except BombError:
            raise
        except DamagedError as error:
            yield Problem(self._shown(inner), 0, str(error), "what came before was read")
        except MissingPackageError as error:
            yield Problem(self._shown(inner), 0, str(error), error.hint, again=True)

    def _no_source(self, name: str, beside: Collection[str]) -> str:
        """Why a member is passed over and counted, or nothing."""
        if companions.is_hidden(name):
            return ""
        if name.endswith(companions.SIDECAR):
            return "sidecars in an archive that is read from front to back"
        if reason := companions.reason_of_part(name):
            return reason
        if companions.lies_in_machinery(name, beside):
            return "files in folders of a generator or program"
        if companions.is_page(name) and not beside:
            self._pages.add(name)  # an archive that is read from front to back: what came before is known
        if companions.lies_in_folder_of_page(name, beside or self._pages):
            return "files in the folders of saved pages"
        return ""

    def _named(self, item: Record | Problem | Skipped, place: _Place) -> Record | Problem | Skipped:
        """What an importer gave, under the names of the file on the disk and of the part in it."""
        if isinstance(item, Record):
            part = "!".join(name for name in (place.inner, item.part) if name)
            meta, repairs = {**item.meta, **place.meta}, place.repairs + item.repairs
            return replace(item, file=self._file, part=part, meta=meta, repairs=repairs)
        shown = self._shown(place.inner)
        if isinstance(item, Problem) and place.inner and item.where.startswith(f"{shown}#"):
            return replace(item, where=f"{shown}!{item.where[len(shown) + 1 :]}")
        return item


_MARKUP = (".rst", ".rest", ".adoc", ".asciidoc", ".org", ".textile", ".mediawiki", ".tex")
"""Texts with marks that other generators read and this program does not."""


def _unknown(name: str) -> str:
    ending = PurePosixPath(name.lower()).suffix
    plain = ending if re.fullmatch("[.][a-z0-9]{1,8}", ending) else "other endings"
    return f"files of a kind that is not understood ({plain})"
