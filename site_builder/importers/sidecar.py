"""`NAME.meta.toml` beside a source: what somebody knows about it that its text does not say.

Front-matter names plus `url` and `retrieved`. Every mistake in the file is a Problem of its own, with the nearest
valid name.
"""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from io import BufferedReader
from pathlib import Path
from typing import Any

from site_builder import dates
from site_builder.companions import SIDECAR
from site_builder.errors import Problem

SUFFIX = SIDECAR
MAX_BYTES = 1_000_000

DATES = ("date", "updated", "retrieved", "until")
TEXTS = ("title", "section", "publication", "dateline", "language", "summary", "url", "slug", "status", "reason")
LISTS = ("authors", "agencies", "tags", "people", "places", "organizations")
KEYS = DATES + TEXTS + LISTS
# Other generators' names for the same thing, as in front matter.
_ALIASES = {"author": "authors", "description": "summary", "categories": "section"}


def read_sidecar(path: Path, file: str) -> tuple[dict[str, Any], list[Problem]]:
    """The facts beside `path` under front-matter names, lists as tuples, dates as EDTF text; and what is wrong.

    `NAME.txt` has its facts in `NAME.meta.toml` or `NAME.txt.meta.toml`; without either, both answers are empty.
    """
    for beside in (path.with_name(path.name + SUFFIX), path.with_name(path.stem + SUFFIX)):
        if beside.is_file() and not beside.is_symlink():
            shown = str(Path(file).with_name(beside.name).as_posix())
            return _read(beside, shown)
    return {}, []


def _read(path: Path, shown: str) -> tuple[dict[str, Any], list[Problem]]:
    try:
        with path.open("rb") as stream:
            return parse(stream, shown)
    except OSError as error:
        return {}, [Problem(shown, 0, f"can't be read: {error.strerror or error}", "check its permissions")]


def parse(stream: BufferedReader, shown: str) -> tuple[dict[str, Any], list[Problem]]:
    """The facts in a sidecar, which Problems call `shown`; and what is wrong. OSError is the caller's."""
    try:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            return {}, [Problem(shown, 0, f"is larger than {MAX_BYTES:,} bytes", "a sidecar is a few lines")]
        values = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, [Problem(shown, 0, "is not UTF-8", "save it as UTF-8")]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, [Problem(shown, 0, f"is not valid TOML: {error}", 'lines look like: date = "2017-04-12"')]
    facts: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        name = _ALIASES.get(key, key)
        if name not in KEYS:
            near = difflib.get_close_matches(key, (*KEYS, *_ALIASES), 1)
            hint = f"did you mean '{near[0]}'?" if near else f"valid are: {', '.join(KEYS)}"
            problems.append(Problem(shown, 0, f"'{key}' is not known", hint))
            continue
        try:
            facts[name] = _value(name, value)
        except ValueError as error:
            problems.append(Problem(shown, 0, f"'{key}': {error}", _HINTS[_kind(name)]))
    return facts, problems


_HINTS = {
    "date": 'write date = "2017-04-12", or "1998~" where less is known',
    "list": 'write authors = ["First Last", "Second Last"]',
    "text": 'write section = "World"',
}


def _kind(name: str) -> str:
    return "date" if name in DATES else "list" if name in LISTS else "text"


def _value(name: str, value: object) -> str | tuple[str, ...]:
    kind = _kind(name)
    if kind == "date":
        if isinstance(value, dt.date):
            value = value.isoformat()
        if not isinstance(value, str):
            raise ValueError(f"a date is wanted, not {_named(value)}")
        return dates.parse(value).text
    if kind == "list":
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ValueError(f"a list of texts is wanted, not {_named(value)}")
        return tuple(item.strip() for item in items if item.strip())
    if not isinstance(value, str):
        raise ValueError(f"a text is wanted, not {_named(value)}")
    return " ".join(value.split())


def _named(value: object) -> str:
    names = {bool: "yes or no", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")
