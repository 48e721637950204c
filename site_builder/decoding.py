"""Bytes of a source → text: the words as they stand, and every guess and repair named.

`decode` is for plain text, and makes line ends and spaces plain; `decode_html` is for web pages, which say how they are
encoded, not always truly. No line is joined, moved or judged here; that is `extraction`'s.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from io import BufferedReader

from .errors import Problem
from .model import Record

Decoded = tuple[str | None, tuple[str, ...]]
"""A text, or None for what is none, and what was guessed or mended."""

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

_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta\b[^>]{0,600}?\bcharset\s*=\s*[\"']?\s*([\w.:+-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:+-]{2,40})", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>")
_ASCII = bytes(range(128))
_C0 = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_BINARY = bytes({*_C0} - set(b"\x0b\x0c\x1b"))
"""In no text of any old encoding; ESC is in ISO-2022, and a vertical tab or form feed in old Word's texts."""
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_MAYBE_TWICE = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|[\xc5\xc6\xcb\xe2])")
PRESCAN = 16_384
"""Browsers look for a page's `charset` in the first 1,024 bytes; pages with long heads say it later."""

_WIDE = ("gbk", "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis", "iso-2022-jp")
_TWICE = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+"
)


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


def read_whole(
    stream: BufferedReader, file: str, max_bytes: int, kind: str, decoder: Callable[[bytes], Decoded]
) -> Record | Problem:
    """The one Record of a file of this format, or why there is none: too large, or no text."""
    raw = read_up_to(stream, max_bytes)
    if raw is None:
        return Problem(file, 0, f"has more than {max_bytes:,} bytes", "split it, or raise [import] max_megabytes")
    text, repairs = decoder(raw)
    if text is None:
        return Problem(file, 0, "is no text: it holds NUL bytes, or other controls", "is it a picture or an archive?")
    if not text.strip():
        return Problem(file, 0, "has no text in it", "delete it, or fetch the page again")
    return Record(file, kind, text, hashlib.sha256(raw).hexdigest(), repairs=repairs)


def decode(raw: bytes) -> tuple[str | None, tuple[str, ...]]:
    """The text with plain line ends and spaces, and what was guessed or dropped; None for what is no text."""
    repairs: list[str] = []
    text = _decode(raw, repairs)
    if text is None:
        return None, ()
    if _MAYBE_TWICE.search(raw):
        text = _mend_twice_encoded(text, repairs)
    return plain(text, tuple(repairs))


def plain(text: str, repairs: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
    """A text with plain line ends and spaces, and what was dropped, after the `repairs` that it had already.

    Also for text out of markup, whose entities can spell all the signs that a file can hold.
    """
    text = text.replace("\u00a0", " ")
    if text.replace("\n", " ").replace("\t", " ").isprintable():
        return text, repairs  # nine of ten texts, for a fifteenth of what five patterns take
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    # ZWJ and ZWNJ are spelling in Indic and Arabic scripts and glue in emoji; only there do they stay.
    text = _INVISIBLE.sub(lambda match: match[0] if _joins(match) else "", text)
    text, controls = _CONTROLS.subn("", text)
    text, bidi = _BIDI.subn("", text)
    if controls:
        repairs += (f"{_count(controls, 'control character')} dropped",)
    if bidi:
        repairs += (f"{_count(bidi, 'text direction control')} dropped",)
    return text, repairs


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
        return None if _is_binary(raw) else _guess(raw, error.start, repairs)


def _is_binary(raw: bytes) -> bool:
    """Whether bytes that are not UTF-8 are no text at all: of noise, a tenth are control characters."""
    return (len(raw) - len(raw.translate(None, _BINARY))) * 50 > len(raw)


def _guess(raw: bytes, first: int, repairs: list[str], sample: bytes = b"") -> str:
    """Text that is UTF-8 but for a few bytes stays UTF-8; other text gets the likeliest old encoding.

    `sample` are the bytes to guess by, where they are not all: a page's markup is the same in every encoding.
    """
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if bad * 50 < sum(byte >= 0xC2 for byte in raw):
        repairs.append(f"{_count(bad, 'damaged UTF-8 byte')} replaced by \ufffd (the first at {first:,})")
        return text
    from charset_normalizer import from_bytes

    best = from_bytes((sample or raw)[:200_000]).best()
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


# ---------------------------------------------------------------------------------------------------- web pages


def decode_html(raw: bytes, declared: str = "") -> tuple[str | None, tuple[str, ...]]:
    """The markup of a web page as text, and what was guessed, mended or not as declared; None for what is no text.

    `declared` is the charset that came with the page (HTTP's `Content-Type`), if any. In this order: a byte order mark;
    what is UTF-8 without a fault is UTF-8, whatever is declared; then what HTTP, `<meta>` or the XML declaration says,
    if the bytes agree, by the names and with the meanings of the WHATWG Encoding Standard (`iso-8859-1` is cp1252,
    `gb2312` is gb18030); at last a guess. Line ends become newlines and control characters go; all else, entities and
    spaces of every width included, stays as it is.
    """
    repairs: list[str] = []
    text = _decode_html(raw, declared, repairs)
    if text is None:
        return None, ()
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # Most pages need neither of these, and bytes tell it in a tenth of the 0.7 ms that looking at each sign takes.
    again = text.encode(errors="surrogatepass")
    if _MAYBE_TWICE.search(again):
        text = _mend_twice_encoded(text, repairs)
        again = text.encode(errors="surrogatepass")
    if may_have_controls(again):
        text, controls = _CONTROLS.subn("", text)
        if controls:
            repairs.append(f"{_count(controls, 'control character')} dropped")
    return text, tuple(repairs)


def may_have_controls(raw: bytes) -> bool:
    """Whether UTF-8 can hold a control character: 2 µs for 6 kB, where looking at each sign of its text takes 20."""
    return len(raw.translate(None, _C0)) < len(raw) or (not raw.isascii() and bool(_C1.search(raw)))


def _decode_html(raw: bytes, declared: str, repairs: list[str]) -> str | None:
    encoding = next((name for bom, name in BOMS if raw.startswith(bom)), "") or _sixteen_bits(raw)
    if encoding:
        return _replacing(raw, encoding, repairs)
    if raw.count(0) * 100 > len(raw) + 400:  # a few are dirt
        return None
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    named = list(dict.fromkeys(name for name in (_encoding(declared), _declared_inside(raw)) if name))
    if _is_utf8(raw, bool(named) and named[0] in _WIDE):
        if named and named[0] != "utf-8":
            repairs.append(f"declared as {named[0]}, but it is UTF-8")
        return _replacing(raw, "utf-8", repairs)
    if _is_binary(raw):
        return None
    for name in named:
        if (text := _agreeing(raw, name, repairs)) is not None:
            if name != named[0]:
                repairs.append(f"declared as {named[0]} and as {name}: read as the second, which fits")
            return text
    if named:
        repairs.append(f"declared as {' and as '.join(named)}, which does not fit")
    return _guess(raw, 0, repairs, _TAG.sub(b" ", raw[:400_000]))


def _encoding(label: str) -> str:
    """The WHATWG's name for an encoding, or nothing where it has none."""
    from webencodings import lookup

    found = lookup(label) if label.isascii() else None
    return "" if found is None or found.name in ("replacement", "x-user-defined") else str(found.name)


def _declared_inside(raw: bytes) -> str:
    head = _COMMENT.sub(b"", raw[:PRESCAN])
    match = _XML.match(head) or _META.search(head)
    name = _encoding(match[1].decode("ascii", "replace")) if match else ""
    # That this could be read as ASCII shows that it is not UTF-16.
    return "utf-8" if name.startswith("utf-16") else name


def _sixteen_bits(raw: bytes) -> str:
    """UTF-16 without a byte order mark shows in its first tag: `<` and a letter with a NUL behind each."""
    first = raw.find(b"<", 0, 400)
    if first < 0 or raw[first + 1 : first + 4 : 2] != b"\0\0":
        return ""
    return "utf-16-be" if first % 2 else "utf-16-le"


def _python_name(name: str) -> str:
    from webencodings import lookup

    return {"gbk": "gb18030"}.get(name, str(lookup(name).codec_info.name))


def _is_utf8(raw: bytes, doubted: bool) -> bool:
    """Whether all is UTF-8, but for one byte in fifty, or a last sign that was cut through.

    Two signs in GBK are UTF-8 by chance in one text of thirty, six in one of thirty thousand: where a page declares
    such an encoding (`doubted`), that many are asked for.
    """
    high = len(raw.translate(None, _ASCII))
    if doubted and high < 12:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(raw, final=False)
    except UnicodeDecodeError:
        return _bad_bytes(raw, raw.decode("utf-8", "replace")) * 50 < high
    return True


def _bad_bytes(raw: bytes, text: str) -> int:
    """How many bytes of what was read as UTF-8 were damaged; signs that were lost before the page was sent are not."""
    return text.count("\ufffd") - raw.count(b"\xef\xbf\xbd")


def _agreeing(raw: bytes, name: str, repairs: list[str]) -> str | None:
    """The text in a declared encoding, or None where the bytes speak against it."""
    encoding = _python_name(name)
    text = raw.decode(encoding, "replace")
    bad, high = text.count("\ufffd"), len(raw.translate(None, _ASCII))
    if bad and bad * 50 > high:
        return None
    # Letters with accents stand alone between plain ones. Heaped up they are another script, read wrongly: many servers
    # called every page iso-8859-1.
    heaped = sum(match.end() - match.start() for match in re.finditer(rb"[\xc0-\xff]{3,}", raw))
    if name == "windows-1252" and heaped * 2 > high > 5:
        return None
    if bad:
        repairs.append(f"{_count(bad, f'damaged {encoding} byte')} replaced by \ufffd")
    return text


def _replacing(raw: bytes, encoding: str, repairs: list[str]) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
    repairs.append(f"{_count(max(_bad_bytes(raw, text), 1), f'damaged {encoding} byte')} replaced by \ufffd")
    return text


def _mend_twice_encoded(text: str, repairs: list[str]) -> str:
    """UTF-8 that was taken for cp1252 and encoded again, which made `Ã©` of `é`: undone where it is proven.

    Proven means: of the runs of signs that this mistake makes, three or more are UTF-8, and nine of ten. A sound text
    has `é` beside plain letters, which is none.
    """
    runs = Counter(match[0] for match in _TWICE.finditer(text))
    mended = {run: once for run in runs if (once := _once(run))}
    count = sum(runs[run] for run in mended)
    if count < 3 or count * 10 < runs.total() * 9:
        return text
    repairs.append(f"{_count(count, 'sign')} that had been encoded twice mended")
    return _TWICE.sub(lambda match: mended.get(match[0], match[0]), text)


def _once(run: str) -> str:
    try:
        raw = b"".join(sign.encode("latin-1" if sign <= "\xff" else "cp1252") for sign in run)
        return raw.decode("utf-8")
    except UnicodeError:
        return ""
