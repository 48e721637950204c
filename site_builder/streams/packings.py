"""Ways of packing a file: gzip, bzip2, xz, zstd, brotli, in pieces, and never more at a time than memory can bear."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable, Iterator
from io import BufferedReader, BytesIO
from typing import Any

from site_builder.errors import DamagedError, MissingPackageError

CHUNK = 1 << 16
XZ_MEMORY = 1 << 28
ZSTD, DICTIONARY = b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18"
MAX_DICTIONARY = 1 << 23
CUT = "breaks off: the file has been cut"


def unbrotli(raw: bytes, max_bytes: int) -> tuple[bytes, str]:
    """The bytes, up to a few more than `max_bytes`, and why they are not all there. Raises MissingPackageError."""
    try:
        import brotli
    except ImportError as error:
        raise MissingPackageError("brotli", "warc") from error
    decoder = brotli.Decompressor()
    pieces: list[bytes] = []
    size = place = 0
    try:
        while not decoder.is_finished() and size <= max_bytes:
            packed = b""
            if decoder.can_accept_more_data():
                packed = raw[place : place + 1024]
                place += len(packed)
                if not packed:
                    return b"".join(pieces), "data has been cut"
            pieces.append(decoder.process(packed, output_buffer_limit=CHUNK))
            size += len(pieces[-1])
    except brotli.error:
        return b"".join(pieces), "data is damaged"
    return b"".join(pieces), ""


def unzstd(raw: bytes, max_bytes: int) -> tuple[bytes, str]:
    """The same for zstd."""
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in zstd(BufferedReader(BytesIO(raw))):
            pieces.append(piece)
            size += len(piece)
            if size > max_bytes:
                break
    except DamagedError as error:
        return b"".join(pieces), str(error)
    return b"".join(pieces), ""


def bzip2(stream: BufferedReader) -> Iterator[bytes]:
    """What a bzip2 file holds. Raises DamagedError, as all here."""
    return _by(stream, bz2.BZ2Decompressor)


def xz(stream: BufferedReader) -> Iterator[bytes]:
    """What an xz file holds."""
    return _by(stream, lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY))


def _by(stream: BufferedReader, make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]) -> Iterator[bytes]:
    rest = b""
    while True:
        rest = (rest or stream.read(CHUNK)).lstrip(b"\0")
        if not rest:
            return
        decoder = make()
        while not decoder.eof:
            try:
                data = decoder.decompress(rest if decoder.needs_input else b"", CHUNK * 4)
            except (OSError, lzma.LZMAError, EOFError, ValueError) as error:
                raise DamagedError(f"is damaged ({error})") from error
            if data:
                yield data
            rest = b""
            if decoder.needs_input and not decoder.eof:
                rest = stream.read(CHUNK)
                if not rest:
                    raise DamagedError(CUT)
        rest = decoder.unused_data


def zstd(stream: BufferedReader) -> Iterator[bytes]:
    """What a zstd file holds, crawlers' `.warc.zst` with a dictionary in front included. Raises MissingPackageError."""
    try:
        import zstandard
    except ImportError as error:
        raise MissingPackageError("zstd", "zstd") from error
    unpacker = zstandard.ZstdDecompressor(max_window_size=XZ_MEMORY)
    if stream.peek(4)[:4] == DICTIONARY:
        unpacker = _zstd_with_dictionary(stream)
    rest = b""
    while True:
        # A kilobyte of run-length blocks unpacks to 32 megabytes: more at a time could fill the machine.
        rest = rest or stream.read(1024)
        if not rest:
            return
        decoder = unpacker.decompressobj()
        while not decoder.eof:
            try:
                data = decoder.decompress(rest)
            except zstandard.ZstdError as error:
                raise DamagedError(f"is damaged ({error})") from error
            if data:
                yield data
            if not decoder.eof:
                rest = stream.read(1024)
                if not rest:
                    raise DamagedError(CUT)
        rest = decoder.unused_data


def _zstd_with_dictionary(stream: BufferedReader) -> Any:
    import zstandard

    size = int.from_bytes(stream.read(8)[4:], "little")
    raw = stream.read(size) if size < MAX_DICTIONARY else b""
    try:
        if raw[:4] == ZSTD:
            raw = zstandard.ZstdDecompressor().decompress(raw, max_output_size=MAX_DICTIONARY)
        return zstandard.ZstdDecompressor(zstandard.ZstdCompressionDict(raw), max_window_size=XZ_MEMORY)
    except (zstandard.ZstdError, ValueError) as error:
        raise DamagedError(f"has a damaged dictionary ({error})") from error
