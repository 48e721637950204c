"""Crawl files: WARC and ARC, with the pages as they came over the wire, and WET, with their texts. A Record for each page.

Taken are answers with status 200 that are HTML, HTML stored as a `resource`, and the plain texts of `conversion`
records; all else is counted by its reason. A damaged record costs itself, and is a Problem.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BufferedReader

from site_builder import dates
from site_builder.decoding import decode, decode_html
from site_builder.errors import MissingPackageError, Problem
from site_builder.importers.warc import arc, http
from site_builder.importers.warc.framing import NO_RECORD, Fault, Large, Layout, Raw, Tape, records
from site_builder.importers.warc.languages import language_tag
from site_builder.model import Record, Skipped

HTML = ("text/html", "application/xhtml+xml")
MAX_REASONS = 40
"""A crawl may have met thousands of media types, most of them misspelt."""

_NAME = re.compile(r"\.(?:warc|wet|wat)(?:\.gz)?$", re.IGNORECASE)
_LOOKS_HTML = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head)\b", re.IGNORECASE | re.DOTALL)


def detect(name: str, head: bytes) -> bool:
    """True for a WARC file, plain or in gzip; and for its name, since its beginning may be what is damaged."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 64)
        except zlib.error:
            head = b""
    return head.lstrip(b"\r\n").startswith(b"WARC/") or bool(_NAME.search(name))


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem | Skipped]:
    """A Record for each page, named by the byte at which it begins, and what was passed over.

    `url` and `retrieved` come from the crawler, `language` from those that tell it. In gzip, `offset=N` is the
    member's.
    """
    return _read(_raws(stream, file, max_bytes), file, max_bytes)


def read_arc(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem | Skipped]:
    """As `read`, of an ARC file."""
    packed = stream.peek(2)[:2] == b"\x1f\x8b"
    return _read(records(stream, packed, max_bytes + http.MAX_HEADER, _ARC), file, max_bytes)


def _arc_header(tape: Tape, offset: str) -> tuple[dict[str, str], int] | Fault:
    tape.ensure(arc.MAX_LINE)
    return arc.line(tape.buffer, tape.place) or Fault(offset, tape.fault or NO_RECORD)


_ARC = Layout(arc.START, arc.NEXT, _arc_header)


def _read(raws: Iterator[Raw | Large | Fault], file: str, max_bytes: int) -> Iterator[Record | Problem | Skipped]:
    skipped: Counter[str] = Counter()
    some = False
    for raw in raws:
        if isinstance(raw, Fault):
            where = f"{file}#offset={raw.offset}"
            yield Problem(where, 0, f"a record {raw.message}", "the records before and after it were read")
            continue
        some = True
        made = _large(raw.start, file, max_bytes) if isinstance(raw, Large) else _understand(raw, file, max_bytes)
        if isinstance(made, str):
            skipped[made if made in skipped or len(skipped) < MAX_REASONS else "other records"] += 1
        else:
            yield made
    if not some:
        yield Problem(file, 0, "has no sound record in it", "fetch it again; is it another kind of file?")
    for reason, count in sorted(skipped.items()):
        yield Skipped(file, reason, count)


def read_texts(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record]:
    """The Records of `conversion` records alone: pages as they came over the wire need not be decoded for them."""
    for raw in _raws(stream, file, max_bytes):
        if isinstance(raw, Raw) and raw.fields.get("warc-type", "").lower() == "conversion":
            made = _understand(raw, file, max_bytes)
            if isinstance(made, Record):
                yield made


def _raws(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Raw | Large | Fault]:
    head = stream.peek(64)[:64].lstrip(b"\r\n")
    packed = head.startswith(b"\x1f\x8b") or (file.lower().endswith(".gz") and not head.startswith(b"WARC/"))
    # HTTP fields come before a page; a page's packing is undone within its own bounds.
    return records(stream, packed, max_bytes + http.MAX_HEADER)


def _large(start: Raw, file: str, max_bytes: int) -> Problem | str:
    """A film is counted like any other record that is no page; a page that is too large is a Problem."""
    made = _understand(start, file, max_bytes)
    return made if isinstance(made, str) else _too_large(f"{file}#offset={start.offset}", max_bytes)


def _too_large(where: str, max_bytes: int) -> Problem:
    return Problem(where, 0, f"a record has more than {max_bytes:,} bytes", "raise [import] max_megabytes")


def _understand(raw: Raw, file: str, max_bytes: int) -> Record | Problem | str:
    """What one record is, or why it is passed over."""
    kind = raw.fields.get("warc-type", "").lower()
    outer, charset = http.media_type(raw.fields.get("content-type", ""))
    if kind == "conversion":
        return _text(raw, file) if outer in ("text/plain", "") else f"converted to {_label(outer)}"
    if kind == "response" and (outer == "application/http" or raw.block.startswith(b"HTTP/")):
        return _response(raw, file, max_bytes)
    if kind in ("resource", "response"):
        if outer in HTML or (not outer and _LOOKS_HTML.match(raw.block)):
            return _html(raw, file, raw.block, charset, [])
        return f"media type {_label(outer)}"
    return f"{_label(kind)} records"


def _label(value: str) -> str:
    return value if re.fullmatch(r"[\w.+/-]{1,60}", value, re.ASCII) else "unknown"


def _response(raw: Raw, file: str, max_bytes: int) -> Record | Problem | str:
    response = http.parse(raw.block)
    if response.status != 200:
        return f"HTTP status {response.status}" if response.status else "answers that are not HTTP"
    kind, charset = http.media_type(response.fields.get("content-type", ""))
    told = raw.fields.get("warc-identified-payload-type", "").lower()
    if kind not in HTML and told not in HTML and kind:
        return f"media type {_label(kind)}"
    where = f"{file}#offset={raw.offset}"
    repairs: list[str] = []
    try:
        body = http.body(response, max_bytes, repairs)
    except http.TooLargeError:
        return _too_large(where, max_bytes)
    except MissingPackageError as error:
        return Problem(where, 0, f"a page {error}", error.hint, again=True)
    if not kind and told not in HTML and not _LOOKS_HTML.match(body):
        return "media type unknown"
    return _html(raw, file, body, charset, repairs)


def _html(raw: Raw, file: str, body: bytes, charset: str, repairs: list[str]) -> Record | str:
    text, decoding = decode_html(body, charset)
    if text is None:
        return "what is called HTML and is no text"
    if not text.strip():
        return "empty pages"
    return _record(raw, file, "html", text, body, (*repairs, *decoding))


def _text(raw: Raw, file: str) -> Record | str:
    text, repairs = decode(raw.block)
    if text is None:
        return "what is called text and is none"
    if not text.strip():
        return "empty pages"
    return _record(raw, file, "text", text, raw.block, repairs)


def _record(raw: Raw, file: str, format_: str, text: str, body: bytes, repairs: tuple[str, ...]) -> Record:
    """`sha256` is of the page and not of its HTTP fields: captured twice, it is the same page."""
    meta = {"url": raw.fields.get("warc-target-uri", "").strip("<>")}
    try:
        meta["retrieved"] = dates.parse(raw.fields.get("warc-date", "")).text
    except ValueError:
        meta["retrieved"] = ""
    meta["language"] = language_tag(raw.fields.get("warc-identified-content-language", ""))
    if cut := raw.fields.get("warc-truncated", ""):
        repairs = (*repairs, f"the crawler cut the page off ({_label(cut)})")
    if not _is_whole(raw):
        repairs = (*repairs, "its digest is another: its bytes may have been damaged or changed")
    known = {name: value for name, value in meta.items() if value}
    return Record(file, format_, text, hashlib.sha256(body).hexdigest(), known, repairs, f"offset={raw.offset}")


def _is_whole(raw: Raw) -> bool:
    """Whether a record's block has the digest that was noted for it, if one was; base 16 or 32."""
    name, _, noted = raw.fields.get("warc-block-digest", "").partition(":")
    name = name.lower().replace("-", "")
    if name not in ("sha1", "sha256", "md5") or not noted:
        return True
    digest = hashlib.new(name, raw.block, usedforsecurity=False).digest()
    spelt = base64.b32encode(digest).decode()
    return noted.strip().upper() in (digest.hex().upper(), spelt, spelt.rstrip("="))
