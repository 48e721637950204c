"""An HTTP response as a crawler stored it → status, fields and the body as the server meant it, mistakes named.

What cannot be undone leaves the body as far as it came; a crawler that undid it already is believed. RFC 9110, 9112.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from email.message import Message

from site_builder.streams import unpack_whole

MAX_HEADER = 1 << 18

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b[^\n]*\r?\n", re.IGNORECASE)
_END = re.compile(rb"(?:^|\n)\r?\n")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")


@dataclass(frozen=True, slots=True)
class Response:
    """Status 0 means that there is no HTTP in it. Names of fields are in lower case."""

    status: int
    fields: dict[str, str]
    body: bytes


class TooLargeError(Exception):
    """The body has more bytes than are wanted, once it is unpacked."""


def parse(block: bytes) -> Response:
    """The response in a WARC record's block, with its body as it was sent."""
    status = _STATUS.match(block)
    if status is None:
        return Response(0, {}, block)
    # Some servers send a header without an end: what there is of it then is all.
    end = _END.search(block, status.end(), status.end() + MAX_HEADER)
    head = block[status.end() : end.start() if end else len(block)]
    fields: dict[str, str] = {}
    for line in re.sub(r"\r?\n[ \t]+", " ", head.decode("latin-1")).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return Response(int(status[1]), fields, block[end.end() :] if end else b"")


def media_type(value: str) -> tuple[str, str]:
    """`Text/HTML; charset="utf-8"` → `text/html` and `utf-8`; either may be missing."""
    message = Message()
    message["content-type"] = " ".join(value.split())[:500]
    charset = message.get_param("charset", "")
    kind = value.partition(";")[0].partition(",")[0].strip().lower()
    return kind, charset.strip() if isinstance(charset, str) else ""


def body(response: Response, max_bytes: int, repairs: list[str]) -> bytes:
    """The body without the packing for the way. Raises TooLargeError, and MissingPackageError for brotli and zstd."""
    raw = response.body
    if "chunked" in response.fields.get("transfer-encoding", "").lower():
        raw = _join_chunks(raw, repairs)
    names = response.fields.get("content-encoding", "").lower().replace(",", " ").split()
    for name in reversed(names[-4:]):  # they were put on in this order
        raw = _unpack(raw, name.removeprefix("x-"), max_bytes, repairs)
    return raw


def _join_chunks(raw: bytes, repairs: list[str]) -> bytes:
    """RFC 9112, 7.1. A body that does not begin like a chunk was joined by the crawler, which left the field as it was."""
    pieces: list[bytes] = []
    place = 0
    while size := _SIZE.match(raw, place):
        length, start = int(size[1], 16), size.end()
        if not length:
            return b"".join(pieces)
        pieces.append(raw[start : start + length])
        if start + length > len(raw):
            repairs.append("the page breaks off in a chunk")
            return b"".join(pieces)
        place = start + length
        place += 2 if raw.startswith(b"\r\n", place) else 1 if raw.startswith(b"\n", place) else 0
    if not pieces:
        return raw
    if raw[place:].strip():
        repairs.append("the page's chunks are damaged: the rest was taken as it is")
        pieces.append(raw[place:])
    else:
        repairs.append("the page's last chunk is missing")
    return b"".join(pieces)


def _unpack(raw: bytes, name: str, max_bytes: int, repairs: list[str]) -> bytes:
    if name in ("gzip", "deflate"):
        if name == "gzip" and raw[:2] != b"\x1f\x8b":
            return raw  # unpacked by the crawler
        data, fault = _inflate(raw, 47 if name == "gzip" else 15, max_bytes)
        if fault and not data:
            data, fault = _inflate(raw, -15, max_bytes)  # many servers took `deflate` at its word
        if fault and not data:
            if not raw[:1] or raw[:1] in b"<{ \t\r\n":
                return raw
            repairs.append(f"declared as {name}, which it is not")
            return raw
    elif name in ("br", "zstd"):
        if raw.lstrip()[:1] == b"<":
            return raw
        data, fault = unpack_whole(raw, name, max_bytes)
    elif name in ("", "identity", "none", "utf-8"):
        return raw
    else:
        repairs.append(f"has a content encoding that is not known: {name[:40]}")
        return raw
    if len(data) > max_bytes:
        raise TooLargeError
    if fault:
        repairs.append(f"the page breaks off: its {name} {fault}")
    return data


def _inflate(raw: bytes, window: int, max_bytes: int) -> tuple[bytes, str]:
    """What can be unpacked, up to one byte more than `max_bytes`, and why not all."""
    inflater = zlib.decompressobj(wbits=window)
    pieces: list[bytes] = []
    size = place = 0
    step = 1 << 14
    while place < len(raw) and not inflater.eof and size <= max_bytes:
        packed = raw[place : place + step]
        before = inflater.copy()
        try:
            pieces.append(inflater.decompress(packed, max_bytes + 1 - size))
        except zlib.error:
            if step == 1:
                return b"".join(pieces), "data is damaged"
            inflater, step = before, 1
            continue
        size += len(pieces[-1])
        place += len(packed) - len(inflater.unconsumed_tail)
    return b"".join(pieces), "" if inflater.eof else "data has been cut"
