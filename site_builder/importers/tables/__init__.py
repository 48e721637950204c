"""Data sets: JSON Lines, JSON and CSV with one article a row. Each row that has a text is a Record.

The columns are known by the names that the usual data sets have (`fields.toml`), or by the settings' `[import.fields]`.
What no field of ours takes is kept under `extra`. Rows that can't be used are counted and told by kind.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from importlib.resources import files
from io import BufferedReader
from pathlib import PurePosixPath
from typing import Any

from site_builder import stated
from site_builder.decoding import BOMS
from site_builder.errors import Problem
from site_builder.importers.tables.cells import csv_rows, header_of
from site_builder.importers.tables.nested import images_in, key_of, lifted, names_in, text_in
from site_builder.importers.tables.rows import Fault, Row, json_rows
from site_builder.locales import language_of_name
from site_builder.model import Record, Skipped

_JSON = (".jsonl", ".ndjson", ".jl", ".json")
_CSV = (".csv", ".tsv", ".tab")
_TEXT = (".txt", ".text", "")
_LONGEST_HEADER, _LONGEST_NAME = 2_000, 40
_OBJECT = re.compile(rb'\{\s*"[^"\\\n]{1,100}"\s*:\s*["\[{\d.tfn-]')
MAX_EXTRA = 2_000
MAX_EXTRAS = 20_000
"""Characters of one value that no field takes, and of all that an article keeps: some rows carry a whole page's HTML."""
SNIFF = 4096
_SHOWN = 5
_NO_ARTICLE = "JSON files without an article's text"
_CUT = re.compile(r"\[\+\d+ chars\]\s*\Z")
_LANGUAGE = re.compile("[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def detect(name: str, head: bytes) -> bool:
    """True for the endings of JSON and CSV with content to match; in a `.txt` for what begins as an object of JSON, or
    with a header of known names and a row that fits it.
    """
    ending = PurePosixPath(name).suffix.lower()
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if ending in _JSON:
        return text[:1] in (b"{", b"[") or head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if ending in _TEXT:
        return bool(_OBJECT.match(text)) or _is_csv(head)
    return ending in _CSV and (b"\0" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"))


def _is_csv(head: bytes) -> bool:
    """Whether a text's beginning is that of a table, which no prose with commas is: its first line has nothing but short
    names, one of them that of a column with the text and another of a field of ours, and the rows have as many cells.
    """
    encoding = next((encoding for bom, encoding in BOMS if head.startswith(bom)), "utf-8")
    first, _, rest = head.decode(encoding, "replace").partition("\n")
    if not rest.strip() or len(first) > _LONGEST_HEADER:
        return False
    delimiter, names = header_of(first.rstrip("\r"))
    keys = {key_of(name) for name in names}
    if len(keys) < max(len(names), 2) or not all(0 < len(name) <= _LONGEST_NAME for name in names):
        return False
    known = [name for name, usual in _known().items() if keys.intersection(usual)]
    return "text" in known and len(known) > 1 and _fits(rest, delimiter, len(names), cut=len(head) >= SNIFF)


def _fits(text: str, delimiter: str, columns: int, cut: bool) -> bool:
    """Whether the first row of a text has as many cells; where the text is `cut`, that row may lack its end."""
    source = iter(text.splitlines(keepends=True))
    try:
        cells = next(filter(None, csv.reader(source, delimiter=delimiter, strict=True)), [])
    except csv.Error as error:
        # The one mistake of a row that goes on behind the cut; an open mark makes the rest one cell.
        loose = next(filter(None, csv.reader(text.splitlines(keepends=True), delimiter=delimiter)), [])
        return cut and "unexpected end" in str(error) and 1 < len(loose) <= columns
    return len(cells) == columns or (cut and 1 < len(cells) < columns and next(source, None) is None)


def read(
    stream: BufferedReader, file: str, max_bytes: int, fields: tuple[tuple[str, str], ...] = ()
) -> Iterator[Record | Problem | Skipped]:
    """A Record for each row with a text, and a Problem for each kind of row that could not be used.

    `fields` names columns for our fields: `(("text", "artikel"),)`. `part` is `line=` the line that the row begins
    in, or `item=` its number in a JSON list.
    """
    faults = _Faults(file)
    given = dict(fields)
    rows = records = 0
    for row in _rows(stream, max_bytes):
        if isinstance(row, Fault) and row.last:
            yield from faults.told()
            yield Problem(file, row.line, row.why, "mend it there; what came before was read")
            return
        rows += 1
        if isinstance(row, Fault):
            faults.add(row.line, row.why)
            continue
        record = _record(row, file, given)
        if record is None and not row.part:
            yield Skipped(file, _NO_ARTICLE, 1)
        elif record is None:
            faults.add(row.line, "no text", row.values)
        else:
            records += 1
            yield record
    if not rows:
        yield Problem(file, 0, "is a table without rows", "its first line should name the columns")
    elif rows == 1 and not records and PurePosixPath(file).suffix.lower() == ".json" and faults.only_without_text():
        yield Skipped(file, _NO_ARTICLE, 1)  # settings of a program, in one line
    else:
        yield from faults.told()


def with_fields(
    fields: tuple[tuple[str, str], ...],
) -> Callable[[BufferedReader, str, int], Iterator[Record | Problem | Skipped]]:
    """The same `read` for tables whose columns are named: `(("text", "artikel"),)`."""
    return partial(read, fields=fields)


def _rows(stream: BufferedReader, max_bytes: int) -> Iterator[Row | Fault]:
    """By the content and not by a name's ending, for a stream may come out of an archive."""
    head = stream.peek(SNIFF)[:SNIFF].lstrip(b"\xef\xbb\xbf\xff\xfe\xfe\0 \t\r\n")
    return json_rows(stream, max_bytes) if head[:1] in (b"{", b"[") else csv_rows(stream, max_bytes)


class _Faults:
    """Rows that could not be used, by what is wrong with them: thousands of a kind are one Problem."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}
        self._names: list[str] = []

    def add(self, line: int, why: str, values: Mapping[str, Any] | None = None) -> None:
        self._counts[why] = self._counts.get(why, 0) + 1
        shown = self._lines.setdefault(why, [])
        if len(shown) < _SHOWN:
            shown.append(line)
        if values and not self._names:
            self._names = [name[:60] for name in names_in(values)][:20]

    def only_without_text(self) -> bool:
        """Whether nothing worse was met than a row without a text."""
        return list(self._counts) == ["no text"]

    def told(self) -> Iterator[Problem]:
        for why, count in self._counts.items():
            lines = self._lines[why]
            places = f", the first in line {lines[0]}" if count > 1 and lines[0] else ""
            hint = "mend the file, or leave it: the other rows are imported"
            if why == "no text":
                hint = f"which column has it? say so in [import.fields]: text = one of {', '.join(self._names)}"
            rows = "1 row was" if count == 1 else f"{count:,} rows were"
            yield Problem(self._file, lines[0] if count == 1 else 0, f"{rows} left out: {why}{places}", hint)


# --------------------------------------------------------------------------------------------- one row


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    text = files(__package__).joinpath("fields.toml").read_text("utf-8")
    names: dict[str, list[str]] = tomllib.loads(text)
    return names


@lru_cache(maxsize=1)
def _paths() -> frozenset[str]:
    """The usual names of what stands within another column."""
    return frozenset(name for names in _known().values() for name in names if "." in name)


def _record(row: Row, file: str, given: Mapping[str, str]) -> Record | None:
    if any(isinstance(value, dict) for value in row.values.values()):
        row = replace(row, values=lifted(row.values, _paths() | {key_of(name) for name in given.values()}))
    by_key = {key_of(name): name for name in reversed(row.values) if name is not None}
    found: dict[str, str] = {}
    for name, usual in _known().items():
        wanted = [by_key[key] for key in usual if key in by_key]
        if name in given:
            wanted = [given[name] if given[name] in row.values else key_of(given[name])]
        free = (one for one in wanted if one not in found.values() and not _is_empty(row.values.get(one), name))
        if column := next(free, None):
            found[name] = column
    text = text_in(row.values[found["text"]]) if "text" in found else ""
    if not text:
        return None
    told = list(row.repairs)
    facts = _facts(row, found, told)
    columns = {**facts.pop("unread"), **_extra(row, found, told)}
    extra = {"columns": columns} if columns else {}
    if cut := _CUT.search(text):
        told.append(f"the row has only the beginning of the text: {cut[0].strip()}")
    meta = stated.within_bounds({**facts, "extra": extra}, told)
    kind = "html" if stated.is_page(text) else "fragment" if stated.is_html(text) else "text"
    if kind == "fragment" and "images" in meta:
        text, _ = stated.with_pictures(text, meta.pop("images"))
    return Record(file, kind, text, hashlib.sha256(row.raw).hexdigest(), meta, tuple(told), row.part)


def _is_empty(value: Any, name: str = "") -> bool:
    if isinstance(value, (list, dict)):
        return not (text_in(value) if name == "text" else value)
    # A long text is something, and cleaning it twice would be half of the work on a row.
    return value is None or (isinstance(value, str) and not (value[:1000].strip() and stated.text_of(value[:1000])))


def _facts(row: Row, found: Mapping[str, str], told: list[str]) -> dict[str, Any]:
    """The values that could be read under our names; those that could not, under their columns' in `unread`."""
    facts: dict[str, Any] = {}
    unread: dict[str, Any] = {}
    for name, column in found.items():
        value = row.values[column]
        if name == "text":
            continue
        try:
            facts[name] = _READ[name](value)
        except ValueError:
            facts[name] = ""
        if not facts[name]:
            told.append(f"{name} '{str(value)[:60]}' was not understood")
            if len(str(value)) <= MAX_EXTRA:
                unread[stated.line_of(column)] = (
                    value if isinstance(value, (int, float)) else stated.line_of(str(value))
                )
    if isinstance(facts.get("section"), tuple):
        sections = facts["section"]
        facts["section"], facts["tags"] = (sections or ("",))[0], (*sections[1:], *facts.get("tags", ()))
    if images := facts.pop("image", ()):
        facts["images"] = images
    return {**facts, "unread": unread}


def _language(value: Any) -> str:
    text = stated.line_of(value)
    return language_of_name(text) or (text.replace("_", "-") if _LANGUAGE.fullmatch(text) else "")


def _publication(value: Any) -> str:
    text = stated.words_of((stated.terms_of([value]) or ("",))[0])
    return "" if stated.web_address(text) else text.removeprefix("www.") if _HOST.fullmatch(text) else text


def _terms(value: Any) -> tuple[str, ...]:
    """A category in one text is one name, comma or not; a list is several."""
    whole = isinstance(value, str) and value.lstrip()[:1] != "["
    names = (stated.words_of(value),) if whole else stated.terms_of(value)
    return tuple(name for name in names if not name.isdecimal())  # a classifier's number is no name


def _summary(value: Any) -> str:
    return stated.words_of(" ".join(map(str, value)) if isinstance(value, list) else value)


def _names(value: Any) -> tuple[str, ...]:
    return tuple(name for name in stated.names_of(value) if not name.isdecimal())  # a user's number


_READ: dict[str, Any] = {
    "title": stated.words_of,
    "date": stated.date_of,
    "updated": stated.date_of,
    "retrieved": stated.date_of,
    "url": stated.web_address,
    "authors": _names,
    "publication": _publication,
    "section": _terms,
    "tags": stated.terms_of,
    "summary": _summary,
    "dateline": stated.line_of,
    "language": _language,
    "image": images_in,
}


def _extra(row: Row, found: Mapping[str, str], told: list[str]) -> dict[str, Any]:
    """What no field takes, as it was."""
    kept: dict[str, Any] = {}
    room, taken = MAX_EXTRAS, set(found.values())
    for name, value in row.values.items():
        key = stated.line_of(name)
        if name in taken or not key or key.startswith("Unnamed:") or _is_empty(value):
            continue
        size = len(str(value))
        if size > min(MAX_EXTRA, room) or len(key) > 200 or not _is_flat(value):
            told.append(f"column '{key[:60]}' of {size:,} characters is not kept")
            continue
        room -= size
        kept[key] = stated.text_of(value) if isinstance(value, str) else value
    return kept


def _is_flat(value: Any, depth: int = 0) -> bool:
    if isinstance(value, dict):
        return depth < 4 and all(_is_flat(inner, depth + 1) for inner in value.values())
    if isinstance(value, list):
        return depth < 4 and all(_is_flat(inner, depth + 1) for inner in value)
    return True
