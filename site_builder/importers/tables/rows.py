"""A stream of JSON Lines or JSON → its rows, one at a time; what is broken is a `Fault`, and the next row comes.

Memory holds one row, of at most `max_bytes`.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

from site_builder.decoding import BOMS, decode

CHUNK = 1 << 18
PEEK = 1 << 13
MAX_COLUMNS = 10_000
"""Values of one row. The widest data sets of news have some hundreds; a million take 0.4 kB and 6 µs each."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: which it is (`line=12`, `item=3`), its values by name, its bytes, and how those had to be read."""

    part: str
    line: int
    values: dict[str, Any]
    raw: bytes
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that can't be used: the line that it begins in, or 0, and why, in words that are the same for its kind.

    Nothing behind the `last` one was read.
    """

    line: int
    why: str
    last: bool = False


# ------------------------------------------------------------------------------------------------ bytes


class _Transcoder(io.RawIOBase):
    """UTF-16 or UTF-32, as spreadsheets write it, as a stream of UTF-8."""

    def __init__(self, stream: BufferedReader, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self._ready:
            raw = self._stream.read(CHUNK)
            self._ready = self._decoder.decode(raw, final=not raw).encode("utf-8", "replace")
            if not raw:
                break
        count = min(len(target), len(self._ready))
        target[:count], self._ready = self._ready[:count], self._ready[count:]
        return count


def plain(stream: BufferedReader) -> BufferedReader:
    """The stream behind its byte order mark, as UTF-8 where the mark tells that it is another Unicode."""
    head = stream.peek(4)[:4]
    for bom, encoding in BOMS:
        if head.startswith(bom):
            if encoding != "utf-8-sig":
                return io.BufferedReader(_Transcoder(stream, encoding), CHUNK)
            stream.read(len(bom))
            break
    return stream


def lines_of(stream: BufferedReader, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers; None for one that is too long."""
    number = 0
    while line := stream.readline(max_bytes + 1):
        number += 1
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while (rest := stream.readline(CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line


def text_of(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a few lines. Line ends within it stay as they are unless the encoding had to be guessed."""
    try:
        return raw.decode(), ()
    except UnicodeDecodeError:
        text, repairs = decode(raw.replace(b"\0", b""))
        return text or "", repairs


def too_large(max_bytes: int) -> str:
    """Why a row of too many bytes is left out."""
    return f"more than {max_bytes:,} bytes"


# ------------------------------------------------------------------------------------------------- JSON

_NOT_JSON = "not JSON"
TOO_MANY = f"more than {MAX_COLUMNS:,} columns"
_NO_OBJECT = "no object with named values"


def _load(text: str) -> Any:
    return json.loads(text, strict=False, parse_constant=lambda _: None)


def json_rows(stream: BufferedReader, max_bytes: int) -> Iterator[Row | Fault]:
    """One JSON object a line; or the objects of a list (`[{…}, …]`, `{"articles": [{…}, …]}`); or one alone."""
    stream = plain(stream)
    if _LISTING.match(stream.peek(PEEK).decode("utf-8", "replace")):
        yield from _listed(stream, max_bytes)
        return
    for number, raw in lines_of(stream, max_bytes):
        if raw is None:
            yield Fault(number, too_large(max_bytes))
            continue
        if not raw.strip():
            continue
        text, repairs = text_of(raw)
        try:
            values = _load(text)
        except (ValueError, RecursionError):
            if number == 1 and not raw.rstrip().endswith(b"}"):
                yield from _whole(raw, stream, max_bytes)
                return
            yield Fault(number, _NOT_JSON)
            continue
        if number == 1 and isinstance(values, dict) and _is_listing(values):
            yield from _rows_in(values)
        elif isinstance(values, dict) and len(values) > MAX_COLUMNS:
            yield Fault(number, TOO_MANY)
        elif isinstance(values, dict):
            yield Row(f"line={number}", number, values, raw, repairs)
        else:
            yield Fault(number, _NO_OBJECT)


_LISTS = "articles|items|data|results|docs|documents|records|rows|news|posts|stories|entries|response"
_SCALAR = r'(?:"(?:[^"\\]|\\.)*"|-?[\d.eE+-]+|true|false|null)'
_LISTING = re.compile(
    rf'\s*(?:\[|\{{\s*(?:"[^"\\]{{0,100}}"\s*:\s*{_SCALAR}\s*,\s*){{0,20}}"(?:{_LISTS})"\s*:\s*\[)(?=\s*[{{\]])'
)
_GAP = re.compile(r"[\s,]*")
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")


def _whole(first: bytes, stream: BufferedReader, max_bytes: int) -> Iterator[Row | Fault]:
    """A JSON document of many lines, of which the first is read."""
    rest = stream.read(max_bytes)
    if len(rest) == max_bytes:
        yield Fault(1, too_large(max_bytes))
        return
    text, repairs = text_of(first + rest)
    try:
        value = _load(text)
    except (ValueError, RecursionError):
        yield Fault(1, _NOT_JSON)
        return
    if isinstance(value, dict) and not _is_listing(value):
        yield Row("", 1, value, first + rest, repairs)
    else:
        yield from _rows_in(value)


def _rows_in(value: Any) -> Iterator[Row | Fault]:
    """The rows of the longest list in a document."""
    longest = max(_lists_in(value), key=len) if isinstance(value, dict) else value
    for number, row in enumerate(longest, 1):
        if isinstance(row, dict):
            yield Row(f"item={number}", 0, row, json.dumps(row, sort_keys=True).encode("utf-8", "replace"))
        else:
            yield Fault(0, _NO_OBJECT)


def _is_listing(value: dict[str, Any]) -> bool:
    """Whether most of an object is a list of rows; an article's own lists (its pictures, its links) are its lesser part."""
    lists = _lists_in(value)  # of most objects none, which then need not be written out
    return bool(lists) and 2 * max(map(_size, lists)) > _size(value)


def _size(value: Any) -> int:
    """Characters of a value as JSON; without bound for one that is too deep to be written out again."""
    try:
        return len(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return sys.maxsize


def _lists_in(value: dict[str, Any]) -> list[list[Any]]:
    """The lists of rows in an object, and in the objects in it: `{"response": {"results": [{…}, …]}}`."""
    found: list[list[Any]] = []
    for inner in value.values():
        found += [inner] if _is_list_of_rows(inner) else []
        if isinstance(inner, dict):
            found += [deeper for deeper in inner.values() if _is_list_of_rows(deeper)]
    return found


def _is_list_of_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and _has_text(row) for row in value)


def _has_text(row: dict[str, Any]) -> bool:
    inner = [one for value in row.values() if isinstance(value, dict) for one in value.values()]
    return any(isinstance(value, str) and len(value) > 80 for value in (*row.values(), *inner))


def _listed(stream: BufferedReader, max_bytes: int) -> Iterator[Row | Fault]:
    """The objects of a list, decoded one by one out of a text that grows only as far as the next one reaches."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    reader = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
    text = decoder.decode(stream.read(CHUNK))
    opening = _LISTING.match(text)
    at = opening.end() if opening else 0
    line, number, ended, lost = text.count("\n", 0, at) + 1, 0, False, False
    while True:
        start = at
        if lost:
            found = _NEXT.search(text, at)
            lost, start = not found, found.end() if found else max(at, len(text) - 1000)
        elif gap := _GAP.match(text, at):
            start = gap.end()
        line += text.count("\n", at, start)
        at = start
        if not lost and text[at : at + 1] == "]":
            return
        if ended and (lost or at >= len(text)):
            yield Fault(line, "the list breaks off before its end")
            return
        if not lost and at < len(text):
            found_one, why = _decode_at(reader, text, at, ended, max_bytes)
            number += bool(found_one or why)
            if why:
                yield Fault(line, why)
                lost = True
                continue
            if found_one:
                value, end = found_one
                if isinstance(value, dict):
                    yield Row(f"item={number}", line, value, text[at:end].encode("utf-8", "replace"))
                else:
                    yield Fault(line, _NO_OBJECT)
                line += text.count("\n", at, end)
                at = end
                continue
        # Twice as much each time, so that an object in many pieces is not read from its beginning for each.
        raw = stream.read(max(CHUNK, len(text) - at))
        ended = not raw
        text, at = text[at:] + decoder.decode(raw, final=ended), 0


def _decode_at(
    reader: json.JSONDecoder, text: str, at: int, ended: bool, max_bytes: int
) -> tuple[tuple[Any, int] | None, str]:
    """The value that begins at a place and where it ends, or why there is none; neither if more text is needed."""
    try:
        return reader.raw_decode(text, at), ""
    except RecursionError:
        return None, "nested too deep"
    except json.JSONDecodeError as error:
        # What has merely not arrived yet is missing at the very end.
        cut = error.msg.startswith("Unterminated") or error.pos > len(text) - 100
        if ended or not cut:
            return None, _NOT_JSON
        return None, too_large(max_bytes) if len(text) - at > max_bytes else ""
    except ValueError:  # a number of thousands of digits
        return None, _NOT_JSON
