"""Bytes of a source → text: the words as they stand, with plain line ends and spaces, and every guess and repair named.

No line is joined, moved or judged here; that is `extraction`'s.
"""

from __future__ import annotations

import codecs
import re
from io import BufferedReader

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2007\u202f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def read_up_to(stream: BufferedReader, max_bytes: int) -> bytes | None:
    """The rest of a stream, or None if that is more than `max_bytes`.

    In pieces: `read(20_000_000)` takes 200 µs to make room for bytes that a page does not have.
    """
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(1 << 16):
        size += len(piece)
        if size > max_bytes:
            return None
        pieces.append(piece)
    return b"".join(pieces)


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
    for bom, encoding in BOMS:
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
