"""A saved web page: one file, one Record, with its markup decoded and nothing understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader
from pathlib import PurePosixPath

from site_builder.decoding import BOMS, decode_html, read_whole
from site_builder.errors import Problem
from site_builder.model import Record

ENDINGS = {".html", ".htm", ".xhtml", ".xht", ".shtml"}

_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.I | re.DOTALL)
_NO_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<(?:rss|feed|rdf:RDF|urlset|svg)\b", re.IGNORECASE)


def detect(name: str, head: bytes) -> bool:
    """True for the endings of web pages, and for files of other names or none (`.txt`, `.php`) that begin as one."""
    ending = PurePosixPath(name).suffix.lower()
    if _NO_PAGE.match(head) or head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
        return False
    if ending in ENDINGS:
        return True
    known = {".md", ".markdown", ".xml", ".json", ".jsonl", ".warc", ".eml", ".mht", ".mhtml"}
    return ending not in known and bool(_MARKUP.match(_without_bom(head)))


def _without_bom(head: bytes) -> bytes:
    return next((head[len(bom) :] for bom, _ in BOMS if head.startswith(bom)), head)


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem]:
    """One Record, or one Problem: too large, or no text."""
    yield read_whole(stream, file, max_bytes, "html", decode_html)
