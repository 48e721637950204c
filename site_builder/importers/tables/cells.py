"""A stream of CSV → its rows, one at a time; what is broken is a `Fault`, and the next row comes.

Memory holds one row, of at most `max_bytes`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BufferedReader

from site_builder.importers.tables.rows import MAX_COLUMNS, TOO_MANY, Fault, Row, lines_of, plain, text_of, too_large

DELIMITERS = ",;\t|"
MAX_NO_ROWS = 100_000
"""Lines on end that are no rows of a table, after which nothing is read any more: 180 MB of them took a minute."""


def csv_rows(stream: BufferedReader, max_bytes: int) -> Iterator[Row | Fault]:
    """The rows of a table with a header, its delimiter found in that."""
    source = _CsvLines(lines_of(plain(stream), max_bytes), max_bytes)
    csv.field_size_limit(max(max_bytes, csv.field_size_limit()))
    header_raw = next(source, None)
    if header_raw is None:
        yield Fault(1, too_large(max_bytes))
        return
    if max(map(header_raw.count, DELIMITERS)) > MAX_COLUMNS:
        yield Fault(1, TOO_MANY)
        return
    delimiter, header = header_of(header_raw)
    if len(header) < 2:
        yield Fault(1, "the first line does not name columns")
        return
    source.take()
    first, count = Fault(0, ""), 0  # of the lines on end that are no rows
    while count < MAX_NO_ROWS:
        cells = _next_row(source, delimiter)
        if cells is None:
            return
        number, raw, repairs = source.take()
        if raw is not None and isinstance(cells, list) and len(cells) == len(header):
            count = 0
            yield Row(f"line={number}", number, dict(zip(header, cells, strict=True)), raw, repairs)
            continue
        if raw is None:
            fault = Fault(number, too_large(max_bytes))
        elif cells == []:
            continue  # an empty line
        else:
            fault = Fault(number, cells if isinstance(cells, str) else "not as many cells as the header has")
        first = first if count else fault
        count += 1
        yield fault
        if raw is not None:
            source.give_back()  # a quotation mark that nobody closed has swallowed what follows
    mark = f"{_OPEN}, and " if first.why == _OPEN else ""
    why = f"has {mark}{MAX_NO_ROWS:,} lines on end that are no rows: it was not read further"
    yield Fault(first.line, why, last=True)


def header_of(line: str) -> tuple[str, list[str]]:
    """The delimiter of a table with this first line, and the names of its columns: by the most that there can be."""
    delimiter = max(DELIMITERS, key=lambda sign: len(_cells(line, sign) or ()))
    return delimiter, [name.strip() for name in _cells(line, delimiter) or ()]


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
        text, repairs = text_of(found[1].replace(b"\0", b""))
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
