"""Plain text: one file, one Record, with the words as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader
from pathlib import PurePosixPath

from site_builder.decoding import BOMS, decode, read_whole
from site_builder.errors import Problem
from site_builder.model import Record

ENDINGS = {".txt", ".text", ""}

_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BZh",
    b"\xfd7zXZ",
    b"Rar!",
    b"7z\xbc",
    b"\x28\xb5\x2f\xfd",
)
_MARKUP = re.compile(rb"\s*(?:<\?xml|<!doctype|<html|WARC/1\.)", re.IGNORECASE)


def detect(name: str, head: bytes) -> bool:
    """True for a text ending and content that is no markup and no binary format."""
    if PurePosixPath(name).suffix.lower() not in ENDINGS or head.startswith(_MAGIC):
        return False
    if any(head.startswith(bom) for bom, _ in BOMS):
        return True
    return b"\x00" not in head and not _MARKUP.match(head)


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem]:
    """One Record, or one Problem: too large, or no text."""
    yield read_whole(stream, file, max_bytes, "text", decode)
