"""Zip archives, and WACZ, which are zips of crawl files. Nothing is written, and names are labels.

zipfile reads the list at the end; where that is missing, for the file was cut, the members are read from the front as
far as they go.
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO

from site_builder.companions import SIDECAR
from site_builder.errors import BombError, DamagedError, Problem
from site_builder.model import Skipped
from site_builder.streams import CHUNK, Budget, Member, seekable, stream_of

MAX_MEMBERS = 200_000
"""zipfile holds 700 bytes for each in memory."""
MAX_LIST = 1 << 26

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_HEADER = struct.Struct("<4sHHHHHIIIHH")
_ENCRYPTED, _LATER, _UTF8 = 0x1, 0x8, 0x800
_LOCKED = "encrypted files"
_FAILURES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError, struct.error, OSError)
"""What zipfile raises for a member that is not as it should be."""


def detect(name: str, head: bytes) -> bool:
    """True for the first bytes of a zip, whatever the name."""
    return head.startswith((_LOCAL, _END))


def members(stream: BufferedReader, name: str, file: str, budget: Budget) -> Iterator[Member | Problem | Skipped]:
    """Its files in the order in which they lie there; of a WACZ only the crawl files in `archive/`."""
    with seekable(stream) as whole:
        if _has_too_many(whole):
            hint = "unpack it, and import the folder"
            yield Problem(file, 0, f"holds more than {MAX_MEMBERS:,} files, which is too much for a list", hint)
            return
        try:
            archive = zipfile.ZipFile(whole)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error, OverflowError) as error:
            hint = "what could be found in it was read; fetch it again"
            yield Problem(file, 0, f"is damaged or cut: {str(error)[:100]}", hint)
            whole.seek(0)
            yield from _from_the_front(whole, budget)
            return
        with archive:
            yield from _listed(archive, file, budget)


def _has_too_many(whole: IO[bytes]) -> bool:
    """Counted in the list at the end, for what a file says of itself may be a lie."""
    size = whole.seek(0, 2)
    whole.seek(max(size - (1 << 16) - 22, 0))
    start = whole.tell()
    tail = whole.read()
    found = tail.rfind(_END)
    length = 0
    if found >= 0 and len(tail) - found >= 22:
        length = struct.unpack_from("<I", tail, found + 12)[0]
        big = tail.rfind(b"PK\x06\x06", 0, found)
        if length == 0xFFFFFFFF and big >= 0 and found - big >= 48:
            length, found = struct.unpack_from("<Q", tail, big + 40)[0], big
    if length > MAX_LIST:
        return True
    whole.seek(max(start + found - length, 0))
    listed = whole.read(length)
    whole.seek(0)
    count = place = 0
    while listed.startswith(_CENTRAL, place) and place + 46 <= length:
        place += 46 + sum(struct.unpack_from("<HHH", listed, place + 28))
        count += 1
    return count > MAX_MEMBERS


class Files:
    """The files of a zip by their names, for who looks for a few of them; none where it has no sound list."""

    def __init__(self, path: Path) -> None:
        self._archive: zipfile.ZipFile | None = None
        self._entries: dict[str, zipfile.ZipInfo] = {}
        try:
            with path.open("rb") as whole:
                if not _has_too_many(whole):
                    self._archive = zipfile.ZipFile(path)
        except (NotImplementedError, *_FAILURES, OverflowError):
            return
        for entry in self._archive.infolist() if self._archive else ():
            if stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG) and not entry.flag_bits & _ENCRYPTED:
                self._entries.setdefault(_name(entry).replace("\\", "/"), entry)

    def read(self, name: str, largest: int) -> bytes | None:
        """The bytes of a file; None for one that is not there, is damaged, or has or unpacks to more than `largest`."""
        entry = self._entries.get(name)
        if not entry or not self._archive or entry.file_size > largest:
            return None
        try:
            with self._archive.open(entry) as data:
                raw = data.read(largest + 1)  # what the list says of its size may be a lie
        except (NotImplementedError, *_FAILURES):
            return None
        return raw if len(raw) <= largest else None


# --------------------------------------------------------------------------------------------- by the list at the end


def _listed(archive: zipfile.ZipFile, file: str, budget: Budget) -> Iterator[Member | Problem | Skipped]:
    skipped: Counter[str] = Counter()
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    names = {_name(entry): entry for entry in entries}
    crawl = "datapackage.json" in names and any(_is_crawl(name) for name in names)
    end = 0
    for entry in entries:
        name = _name(entry)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if name.endswith("/") or (name.endswith(SIDECAR) and not crawl):
            continue
        if entry.header_offset < end:
            skipped["files that overlap others in their archive"] += 1
        elif kind not in (0, stat.S_IFREG):
            skipped["links and devices"] += 1
        elif crawl and not _is_crawl(name):
            skipped["indexes and logs of a WACZ"] += 1
        elif entry.flag_bits & _ENCRYPTED:
            skipped[_LOCKED] += 1
        else:
            yield _member(archive, entry, name, names, budget)
        end = max(end, entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size)
    if count := skipped.pop(_LOCKED, 0):
        yield Problem(file, 0, f"holds {count:,} {_LOCKED}", "unpack it with its password, and import the folder")
    for reason, count in sorted(skipped.items()):
        yield Skipped(file, reason, count)


def _is_crawl(name: str) -> bool:
    return name.startswith("archive/") and ".warc" in name


def _name(entry: zipfile.ZipInfo) -> str:
    """A name that is not marked as UTF-8 often is: every packer of the last years writes it, some without the mark."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, names: dict[str, zipfile.ZipInfo], budget: Budget
) -> Member:
    stream = stream_of(_pieces(archive, entry), budget)
    for facts in (f"{name}{SIDECAR}", f"{name.rpartition('.')[0]}{SIDECAR}"):
        if facts in names and not names[facts].flag_bits & _ENCRYPTED:
            return Member(name, stream, name, facts, stream_of(_pieces(archive, names[facts]), budget), names)
    return Member(name, stream, name, beside=names)


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member. Raises DamagedError."""
    try:
        with archive.open(entry) as data:
            while piece := data.read(CHUNK):
                yield piece
    except NotImplementedError as error:
        raise DamagedError(f"is packed in a way that is not known here ({error})") from error
    except BombError:
        raise
    except _FAILURES as error:
        raise DamagedError(f"is damaged ({str(error)[:100]})") from error


# --------------------------------------------------------------------------------------------- from the front


def _from_the_front(whole: IO[bytes], budget: Budget) -> Iterator[Member]:
    """The members of an archive without a list, as far as their headers tell how long they are."""
    while len(head := whole.read(_HEADER.size)) == _HEADER.size and head.startswith(_LOCAL):
        _, _, flags, method, _, _, crc, packed, _, name_size, extra_size = _HEADER.unpack(head)
        raw = whole.read(name_size)
        start = whole.seek(extra_size, 1)
        later = bool(flags & _LATER) or packed == 0xFFFFFFFF
        deflated = method == zipfile.ZIP_DEFLATED
        known = deflated or (method == zipfile.ZIP_STORED and not later)
        if later and (not known or flags & _ENCRYPTED):
            return  # nobody knows where it ends
        if known and not flags & _ENCRYPTED:
            data = _Data(whole, packed, deflated, None if later else crc)
            stream = stream_of(data.pieces(), budget)
            name = raw.decode("utf-8" if _is_utf8(raw) else "cp437", "surrogateescape")
            if not name.endswith(("/", SIDECAR)):
                yield Member(name, stream, name)
            try:
                while stream.read(CHUNK):  # whoever took it may have had enough
                    pass
            except BombError:
                raise
            except DamagedError:
                if later:
                    return
            packed = data.packed if later else packed
        # Behind it there may be 12 to 24 bytes that repeat its size.
        whole.seek(start + packed)
        found = whole.read(28).find(_LOCAL)
        if found < 0:
            return
        whole.seek(start + packed + found)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Data:
    """The data of a member whose length may be known only at its end; `packed` is that, once it has been read."""

    def __init__(self, whole: IO[bytes], packed: int, deflated: bool, crc: int | None) -> None:
        self.packed = packed
        self._whole = whole
        self._inflater = zlib.decompressobj(wbits=-15) if deflated else None
        self._crc = crc

    def pieces(self) -> Iterator[bytes]:
        """Raises DamagedError."""
        start, crc = self._whole.tell(), 0
        done = 0
        while not (self._inflater.eof if self._inflater else done >= self.packed):
            self._whole.seek(start + done)
            raw = self._whole.read(CHUNK if self._crc is None else min(CHUNK, self.packed - done))
            if not raw:
                raise DamagedError("breaks off: the archive has been cut")
            done += len(raw)
            data = raw
            if self._inflater:
                try:
                    data = self._inflater.decompress(raw, CHUNK * 4)
                except zlib.error as error:
                    raise DamagedError(f"is damaged ({error})") from error
                done -= len(self._inflater.unconsumed_tail or self._inflater.unused_data)
            crc = zlib.crc32(data, crc)
            yield data
        self.packed = done
        if self._crc not in (None, crc):
            raise DamagedError("is damaged: its checksum is another")
