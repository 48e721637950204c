"""ARC files, the Internet Archive's crawl files until WARC came (1996 to 2009): how their records begin.

A record is one line and as many bytes as that says at its end. Version 1 has an address, an IP address, the time of
capture, a media type and the length in the line; version 2 has five more between the last two. The fields are given
under the names that they have in WARC. https://archive.org/web/researcher/ArcFileFormat.php
"""

from __future__ import annotations

import re
import zlib

MAX_LINE = 1 << 14
"""An address has up to 8,000 characters or so; dirty ones have spaces."""

_LINE = re.compile(
    rb"(?P<url>[a-z][a-z0-9+.-]{0,11}:[^\r\n]{1,12000}?) (?P<ip>[\w.:-]{1,60}) (?P<date>\d{14}) "
    rb"(?P<type>[^ \r\n]{1,200})(?: [^\r\n]{0,2000})? (?P<length>\d{1,15})\r?\n",
    re.IGNORECASE,
)
START = re.compile(rb"[a-z][a-z0-9+.-]{0,11}:", re.IGNORECASE)
NEXT = re.compile(rb"(?<=\n)[a-z][a-z0-9+.-]{0,11}:[^\r\n]{1,2000}? [\w.:-]{1,60} \d{14} ", re.IGNORECASE)


def detect(name: str, head: bytes) -> bool:
    """True for an ARC file, plain or in gzip: its first record describes the file."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 64)
        except zlib.error:
            return False
    return head.startswith(b"filedesc://")


def line(buffer: bytearray, place: int) -> tuple[dict[str, str], int] | None:
    """The fields of a record that begins at a place, and how many bytes its line has; None if none begins there."""
    found = _LINE.match(buffer, place, place + MAX_LINE)
    if found is None:
        return None
    url, kind = found["url"].decode("utf-8", "replace"), found["type"].decode("utf-8", "replace").rstrip(";")
    day, time = found["date"][:8].decode(), found["date"][8:].decode()
    fields = {
        "warc-type": "filedesc" if url.startswith("filedesc:") else "response",
        "warc-target-uri": url,
        "warc-date": f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z",
        "content-type": kind,
        "content-length": found["length"].decode(),
    }
    return fields, found.end() - place
