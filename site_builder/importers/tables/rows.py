"""A stream of JSON Lines, JSON or CSV → its rows, one at a time; what is broken is a `Fault`, and the next row comes.

Memory holds one row, of at most `max_bytes`.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

from site_builder.decoding import BOMS, decode

CHUNK = 1 << 18
PEEK = 1 << 13
MAX_COLUMNS = 10_000
"""Values of one row. The widest data sets of news have some hundreds; a million take 0.4 kB and 6 µs each."""
DELIMITERS = ",;\t|"


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
    """A row that can't be used: the line that it begins in, or 0, and why, in words that are the same for its kind."""

    line: int
    why: str


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


def _plain(stream: BufferedReader) -> BufferedReader:
    """The stream behind its byte order mark, as UTF-8 where the mark tells that it is another Unicode."""
    head = stream.peek(4)[:4]
    for bom, encoding in BOMS:
        if head.startswith(bom):
            if encoding != "utf-8-sig":
                return io.BufferedReader(_Transcoder(stream, encoding), CHUNK)
            stream.read(len(bom))
            break
    return stream


def _lines(stream: BufferedReader, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
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


def _text(raw: bytes) -> tuple[str, tuple[str, ...]]:
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
_TOO_MANY = f"more than {MAX_COLUMNS:,} columns"
_NO_OBJECT = "no object with named values"


def _load(text: str) -> Any:
    return json.loads(text, strict=False, parse_constant=lambda _: None)


def json_rows(stream: BufferedReader, max_bytes: int) -> Iterator[Row | Fault]:
    """One JSON object a line; or the objects of a list (`[{…}, …]`, `{"articles": [{…}, …]}`); or one alone."""
    stream = _plain(stream)
    if _LISTING.match(stream.peek(PEEK).decode("utf-8", "replace")):
        yield from _listed(stream, max_bytes)
        return
    for number, raw in _lines(stream, max_bytes):
        if raw is None:
            yield Fault(number, too_large(max_bytes))
            continue
        if not raw.strip():
            continue
        text, repairs = _text(raw)
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
            yield Fault(number, _TOO_MANY)
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
    text, repairs = _text(first + rest)
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
    largest = max((_size(rows) for rows in _lists_in(value)), default=0)
    return 2 * largest > _size(value)


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


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


# -------------------------------------------------------------------------------------------------- CSV


def csv_rows(stream: BufferedReader, max_bytes: int) -> Iterator[Row | Fault]:
    """The rows of a table with a header, its delimiter found in that."""
    source = _CsvLines(_lines(_plain(stream), max_bytes), max_bytes)
    csv.field_size_limit(max(max_bytes, csv.field_size_limit()))
    header_raw = next(source, None)
    if header_raw is None:
        yield Fault(1, too_large(max_bytes))
        return
    if max(map(header_raw.count, DELIMITERS)) > MAX_COLUMNS:
        yield Fault(1, _TOO_MANY)
        return
    delimiter = max(DELIMITERS, key=lambda sign: len(_cells(header_raw, sign) or ()))
    header = [name.strip() for name in _cells(header_raw, delimiter) or ()]
    if len(header) < 2:
        yield Fault(1, "the first line does not name columns")
        return
    source.take()
    while True:
        cells = _next_row(source, delimiter)
        if cells is None:
            return
        number, raw, repairs = source.take()
        if raw is None:
            yield Fault(number, too_large(max_bytes))
        elif isinstance(cells, str) or len(cells) != len(header):
            if cells == []:
                continue  # an empty line
            why = cells if isinstance(cells, str) else "not as many cells as the header has"
            yield Fault(number, why)
            source.give_back()  # a quotation mark that nobody closed has swallowed what follows
        else:
            yield Row(f"line={number}", number, dict(zip(header, cells, strict=True)), raw, repairs)


_OPEN = "a quotation mark that is not closed"


def _next_row(source: _CsvLines, delimiter: str) -> list[str] | str | None:
    """The cells of the next row, what is wrong with it, or None at the end."""
    try:
        # A strict reader refuses a sign behind a closing mark: without that, a mark which nobody closed runs on to the
        # next row that has one, and all between become one cell.
        cells = next(csv.reader(source, delimiter=delimiter, strict=True), None)
    except csv.Error:
        single = source.count == 1 and not source.ended
        return (_cells(source.text, delimiter) or "not CSV") if single else _OPEN
    if source.too_long:
        return _OPEN if source.count > 1 else too_large(source.max_bytes)
    return cells


def _cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of one line, read with patience."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None


class _CsvLines:
    """Lines for a csv.reader, which remembers those of the row being read and stops it when they become too many.

    `text` is the line that was given last.
    """

    def __init__(self, lines: Iterator[tuple[int, bytes | None]], max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._lines = lines
        self._waiting: list[tuple[int, bytes | None]] = []
        self._row: list[tuple[int, bytes | None]] = []
        self._last: list[tuple[int, bytes | None]] = []
        self._size = 0
        self._repairs: tuple[str, ...] = ()
        self.text = ""
        self.too_long = self.ended = False

    @property
    def count(self) -> int:
        """How many lines the row has so far."""
        return len(self._row)

    def __iter__(self) -> _CsvLines:
        return self

    def __next__(self) -> str:
        found = self._waiting.pop() if self._waiting else next(self._lines, None)
        if found is None:
            self.ended = True
            raise StopIteration
        self._row.append(found)
        self._size += len(found[1] or b"")
        if found[1] is None or self._size > self.max_bytes:
            self.too_long = True
            raise StopIteration
        text, repairs = _text(found[1].replace(b"\0", b""))
        self.text = text
        self._repairs = (*self._repairs, *repairs)
        return text

    def take(self) -> tuple[int, bytes | None, tuple[str, ...]]:
        """Line, bytes and repairs of the row that was read; the next one begins."""
        self._last, self._row = self._row, []
        repairs, self._repairs = tuple(dict.fromkeys(self._repairs)), ()
        self._size = 0
        self.too_long = False
        if not self._last:
            return 0, b"", ()
        raw = None if self._last[0][1] is None else b"".join(line or b"" for _, line in self._last)
        return self._last[0][0], raw, repairs

    def give_back(self) -> None:
        """Let all lines of the last row but its first be read again, as rows of their own."""
        self._waiting += self._last[:0:-1]
        self.ended = False
