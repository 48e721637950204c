"""Bytes out of bytes: what is packed is unpacked in a stream, within bounds, and nothing is written to disk by name.

No kind of source is known here, only ways of packing. Damage ends one member, not the file.
"""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import IO, Any

from site_builder.errors import BombError, DamagedError
from site_builder.streams import packings
from site_builder.streams.gunzip import FREE, NO_GZIP, RATIO, Members

CHUNK = 1 << 16
SPOOL = 1 << 23
"""What is kept in memory of an archive that must be read from its end; more goes to a temporary file without a name."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive: its name and its open stream.

    `label` is what it is called in `Record.part`; empty in a file that holds just one, such as `page.txt.gz`.
    `sidecar` and `facts` are the name and the stream of the file of facts that lies beside it, if one does. `beside`
    are the names of all files in the archive, where there is a list of them. `repairs` says what is known to be wrong.
    """

    name: str
    stream: BufferedReader
    label: str = ""
    sidecar: str = ""
    facts: BufferedReader | None = None
    beside: Collection[str] = ()
    repairs: tuple[str, ...] = ()


class Budget:
    """How many bytes may still come out of one file, over all archives that are packed in it."""

    def __init__(self, packed: int) -> None:
        self.all = self.left = FREE + RATIO * packed

    def take(self, count: int) -> None:
        """Raises BombError when there are none left."""
        self.left -= count
        if self.left < 0:
            raise BombError(f"unpacks to more than {self.all:,} bytes, {RATIO} times its size: it was not read further")


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a stream, counted against a budget. An error comes after all that was read before it."""

    def __init__(self, pieces: Iterator[bytes], budget: Budget) -> None:
        self._pieces = pieces
        self._budget = budget
        self._rest = memoryview(b"")
        self._error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        done = 0
        while done < len(buffer) and self._next():
            count = min(len(buffer) - done, len(self._rest))
            buffer[done : done + count] = self._rest[:count]
            self._rest = self._rest[count:]
            done += count
        if not done and self._error:
            raise self._error
        return done

    def _next(self) -> bool:
        while not self._rest and not self._error:
            try:
                piece = next(self._pieces)
                self._budget.take(len(piece))
            except StopIteration:
                return False
            except Exception as error:
                self._error = error
                return False
            self._rest = memoryview(piece)
        return bool(self._rest)


def stream_of(pieces: Iterator[bytes], budget: Budget) -> BufferedReader:
    """A stream (not seekable) of pieces that are made as they are read."""
    return BufferedReader(_Pieces(pieces, budget), CHUNK)


def seekable(stream: BufferedReader) -> BufferedReader | IO[bytes]:
    """The stream, or where it can't seek a temporary copy of it, which goes when it is closed.

    A copy of a damaged stream ends where that does. Raises BombError.
    """
    if stream.seekable():
        return stream
    copy = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115
    try:
        while data := stream.read1(CHUNK):
            copy.write(data)
    except BombError:
        copy.close()
        raise
    except DamagedError:
        pass
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def packing(head: bytes) -> str:
    """How a file is packed, told from its first bytes, or nothing."""
    return next((name for name, magic in _MAGIC if head.startswith(magic)), "")


def unpack(stream: BufferedReader, name: str) -> Iterator[bytes]:
    """What a file packed as a whole holds, in pieces. Raises DamagedError and MissingPackageError while it goes."""
    return _UNPACKERS[name](stream)


def unpack_whole(raw: bytes, name: str, max_bytes: int) -> tuple[bytes, str]:
    """Unpack `br` or `zstd`: the bytes, up to a few more than `max_bytes`, and why they are not all there.

    Raises MissingPackageError.
    """
    return packings.unbrotli(raw, max_bytes) if name == "br" else packings.unzstd(raw, max_bytes)


def _gzip(stream: BufferedReader) -> Iterator[bytes]:
    members = Members(stream)
    while members.open():
        while data := members.read():
            yield data
        if members.fault:
            # Bytes behind the last member are dirt, those between two are not.
            fault, begun = members.fault, members.start
            if fault == NO_GZIP and begun and not members.open():
                return
            raise DamagedError(f"{fault}, at byte {begun:,}")


_MAGIC = (
    ("gzip", b"\x1f\x8b\x08"),
    ("bzip2", b"BZh"),
    ("xz", b"\xfd7zXZ\x00"),
    ("zstd", packings.ZSTD),
    ("zstd", packings.DICTIONARY),
)
_UNPACKERS: dict[str, Callable[[BufferedReader], Iterator[bytes]]] = {
    "gzip": _gzip,
    "bzip2": packings.bzip2,
    "xz": packings.xz,
    "zstd": packings.zstd,
}

_UNSAFE = re.compile("[%!#\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def label(name: str) -> str:
    """A member's name as part of a Record's: no path can be made of it that leads out of a folder.

    Backslashes are slashes; `..`, a drive's colon, control signs and what separates parts are written like `%2E`.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    parts = ["%2E%2E" if part == ".." else _UNSAFE.sub(_escaped, part) for part in parts]
    if parts and re.fullmatch(".:.*", parts[0], re.DOTALL):
        parts[0] = parts[0].replace(":", "%3A", 1)
    return "/".join(parts)[:1000] or "%"


class Names:
    """The names of parts of one file, each given once: an archive may hold many files of one name."""

    def __init__(self) -> None:
        self._given: set[bytes] = set()  # digests, since names take room

    def give(self, name: str) -> str:
        """This name, or `name;2` for the second that wants it."""
        count, wanted = 1, name
        while (digest := hashlib.blake2b(wanted.encode(), digest_size=8).digest()) in self._given:
            count += 1
            wanted = f"{name};{count}"
        self._given.add(digest)
        return wanted


def _escaped(match: re.Match[str]) -> str:
    return "".join(
        f"%{byte:02X}"
        for byte in match[0].encode(
            "utf-8", "surrogateescape" if match[0] >= "\udc80" and match[0] <= "\udcff" else "replace"
        )
    )
