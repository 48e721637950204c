"""Plain text: bytes in, one Record out, with the words as they stand and every guess of the decoding named.

No line is joined, moved or judged here; that is `extraction`'s.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

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
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP = re.compile(rb"\s*(?:<\?xml|<!doctype|<html|WARC/1\.)", re.IGNORECASE)

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2007\u202f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def detect(path: Path, head: bytes) -> bool:
    """True for a text ending and content that is no markup and no binary format."""
    if path.suffix.lower() not in ENDINGS or head.startswith(_MAGIC):
        return False
    if any(head.startswith(bom) for bom, _ in _BOMS):
        return True
    return b"\x00" not in head and not _MARKUP.match(head)


def read(path: Path, file: str, max_bytes: int) -> Iterator[Record | Problem]:
    """One Record, or one Problem: too large, empty, no text, or unreadable."""
    try:
        size = path.stat().st_size
        if size > max_bytes:
            yield _too_large(file, size, max_bytes)
            return
        with path.open("rb") as stream:
            raw = stream.read(max_bytes + 1)  # it may have grown since
    except OSError as error:
        yield Problem(file, 0, f"can't be read: {error.strerror or error}", "check the file's permissions")
        return
    if len(raw) > max_bytes:
        yield _too_large(file, len(raw), max_bytes)
        return
    text, repairs = decode(raw)
    if text is None:
        yield Problem(file, 0, "is no text: it holds NUL bytes", "is it a picture or an archive?")
        return
    if not text.strip():
        yield Problem(file, 0, "has no text in it", "delete it, or fetch the page again")
        return
    yield Record(file, "text", text, hashlib.sha256(raw).hexdigest(), repairs=repairs)


def _too_large(file: str, size: int, max_bytes: int) -> Problem:
    return Problem(file, 0, f"has {size:,} bytes, more than {max_bytes:,}", "split it, or raise the limit")


def decode(raw: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The text with plain line ends and spaces, and what was guessed or dropped; None for what is no text."""
    repairs: list[str] = []
    text = _decode(raw, repairs)
    if text is None:
        return None, ()
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    # ZWJ and ZWNJ are spelling in Indic and Arabic scripts and glue in emoji; only there do they stay.
    text = _INVISIBLE.sub(lambda match: match[0] if _joins(match) else "", text)
    text, controls = _CONTROLS.subn("", text)
    text, bidi = _BIDI.subn("", text)
    if controls:
        repairs.append(f"{_count(controls, 'control character')} dropped")
    if bidi:
        repairs.append(f"{_count(bidi, 'text direction control')} dropped")
    return text, tuple(repairs)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _joins(match: re.Match[str]) -> bool:
    if match[0] not in "\u200c\u200d" or match.end() >= len(match.string) or not match.start():
        return False
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return all("\u0590" <= mark <= "\u109f" or (mark >= "\u2600" and not mark.isspace()) for mark in (before, after))


def _decode(raw: bytes, repairs: list[str]) -> str | None:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            text = raw.decode(encoding, "replace")
            if "\ufffd" in text:
                repairs.append(f"damaged {encoding} bytes were replaced by \ufffd")
            return text.lstrip("\ufeff")
    if b"\x00" in raw:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess(raw, error, repairs)


def _guess(raw: bytes, error: UnicodeDecodeError, repairs: list[str]) -> str:
    """Text that is UTF-8 but for a few bytes stays UTF-8; other text gets the likeliest old encoding."""
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if bad * 50 < sum(byte >= 0xC2 for byte in raw):
        repairs.append(f"{_count(bad, 'damaged UTF-8 byte')} replaced by \ufffd (the first at {error.start:,})")
        return text
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:200_000]).best()
    encoding = best.encoding if best is not None else "cp1252"
    # cp1252 is by far the commonest old encoding of the web's Latin-script text; its kin differ in a few signs.
    if encoding in ("latin_1", "cp1250", "cp1254", "cp1257", "cp1258", "mac_roman", "cp850", "cp437", "cp775") and (
        not re.search(rb"[\x81\x8d\x8f\x90\x9d]", raw)
    ):
        encoding = "cp1252"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "cp1252", raw.decode("cp1252", "replace")
    repairs.append(f"read as {encoding}, which was guessed: it is not UTF-8")
    return text
