"""Tar archives, read from front to back: nothing is written, names are labels, and only regular files are looked at.

The blocks are followed here, because tarfile reads names and sparse maps of any size into memory, and stops at the
first block that is not as it should be; here the next header with a right checksum is looked for.
"""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterator
from io import BufferedReader

from site_builder.errors import DamagedError, Problem
from site_builder.model import Skipped
from site_builder.streams import CHUNK, Budget, Member, stream_of

BLOCK = 512
MAX_NAME = 1 << 16
"""A long name or a header of properties; more is no name."""

_NAMES = (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)


def detect(name: str, head: bytes) -> bool:
    """True if the first block is a tar header: its checksum is right."""
    return _header(head[:BLOCK]) is not None


def _header(block: bytes) -> tarfile.TarInfo | None:
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, IndexError):
        return None


def members(stream: BufferedReader, name: str, file: str, budget: Budget) -> Iterator[Member | Problem | Skipped]:
    """Its regular files in the order in which they lie there; links, devices and sparse files are counted."""
    skipped: Counter[str] = Counter()
    damaged = lost = closed = False
    long_name, facts = "", dict[str, str]()
    while block := stream.read(BLOCK):
        closed = not any(block)
        if closed:
            continue
        info = _header(block) if len(block) == BLOCK and (not lost or block[257:262] == b"ustar") else None
        if info is None or info.size < 0:
            damaged = lost = True
            continue
        lost = False
        if info.type in _NAMES and info.size <= MAX_NAME:
            raw = _Data(stream, info.size).read()
            if info.type == tarfile.GNUTYPE_LONGNAME:
                long_name = raw.rstrip(b"\0").decode("utf-8", "surrogateescape")
            else:
                facts = _properties(raw)
            continue
        title = facts.get("path") or long_name or info.name
        size = facts.get("size", "")
        data = _Data(stream, int(size) if size.isdecimal() and len(size) < 16 else info.size)
        if info.type == tarfile.GNUTYPE_SPARSE or any(key.startswith("GNU.sparse") for key in facts):
            skipped["sparse files"] += 1
            _skip_map(stream, info.type, block)
            data.drain()
        elif info.type in _FILES:
            yield Member(title, stream_of(data.pieces(), budget), title)
            data.drain()
        elif info.type in _LINKS:
            skipped["links and devices"] += 1
        elif info.type != tarfile.DIRTYPE:
            data.drain()  # properties of all, labels of volumes, and what nobody knows
        long_name, facts = "", {}
    if damaged or not closed:
        message = "is damaged: not all files in it could be found" if damaged else "has no end: it may have been cut"
        yield Problem(file, 0, message, "what could be found was read; fetch it again")
    for reason, count in sorted(skipped.items()):
        yield Skipped(file, reason, count)


class _Data:
    """The data behind a header, filled up to a whole block."""

    def __init__(self, stream: BufferedReader, size: int) -> None:
        self._stream = stream
        self._left = size
        self._fill = -size % BLOCK

    def pieces(self) -> Iterator[bytes]:
        """All of it. Raises DamagedError where it ends too soon."""
        while self._left:
            data = self._stream.read(min(CHUNK, self._left))
            if not data:
                self._left = 0
                raise DamagedError("breaks off: the archive has been cut")
            self._left -= len(data)
            yield data

    def read(self) -> bytes:
        """All of it at once."""
        raw = b"".join(self.pieces())
        self.drain()
        return raw

    def drain(self) -> None:
        """Go over what was not read."""
        left = self._left + self._fill
        while left and (data := self._stream.read(min(CHUNK, left))):
            left -= len(data)
        self._left = self._fill = 0


def _properties(raw: bytes) -> dict[str, str]:
    """`25 path=…` lines (POSIX.1-2001, pax)."""
    facts: dict[str, str] = {}
    while raw:
        length, _, _rest = raw.partition(b" ")
        if not length.isdigit() or not len(length) < int(length[:6]) <= len(raw):
            break
        key, _, value = raw[len(length) + 1 : int(length[:6])].rstrip(b"\n").partition(b"=")
        facts[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        raw = raw[int(length[:6]) :]
    return facts


def _skip_map(stream: BufferedReader, kind: bytes, block: bytes) -> None:
    """The map of an old sparse file goes on in blocks of its own."""
    more = kind == tarfile.GNUTYPE_SPARSE and block[482] == 1
    while more and len(block := stream.read(BLOCK)) == BLOCK:
        more = block[504] == 1
