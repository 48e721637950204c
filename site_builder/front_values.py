"""The table of a front matter → values of `Article`'s fields, and what is left over: other generators' keys included.

Reading is tolerant: what can't be used is reported, and the rest stands. No file and no text is read here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import lru_cache, partial
from typing import Any

from . import dates
from .errors import Problem
from .front_matter import DIGITS, Number
from .model import Article, Image, Media, Note, Source

UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Control characters that XML 1.0 forbids or HTML calls an error: one of them stops a feed reader."""
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Direction controls, which can make a name or title read as another (CVE-2021-42574)."""


class Reporter:
    """Collects Problems about keys of one front matter, and finds their lines."""

    def __init__(self, path: str, front: str, first_line: int, problems: list[Problem]) -> None:
        self.path, self._front, self._first_line, self._problems = path, front, first_line, problems

    def __call__(self, key: str, message: str, hint: str = "") -> None:
        found = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?\s*[:=]", self._front, re.MULTILINE)
        line = self._first_line + self._front.count("\n", 0, found.end()) if found else 0
        self._problems.append(Problem(self.path, line, message, hint))


OTHER_NAMES = {
    "author": "authors",
    "categories": "section",
    "category": "section",
    "sections": "section",
    "description": "summary",
    "excerpt": "summary",
    "publishDate": "date",
    "publishdate": "date",
    "pubDate": "date",
    "pubdate": "date",
    "lastmod": "updated",
    "modified": "updated",
    "last_modified_at": "updated",
    "lang": "language",
    "tag": "tags",
    "keywords": "tags",
    "organisations": "organizations",
    "redirect_from": "aliases",
}
"""Other generators' names for our keys."""

_LISTS = ("authors", "agencies", "tags", "people", "places", "organizations")
_JOINED = ("tags", "aliases")
"""Fields that several keys fill together."""
_RECORDS: dict[str, type[Image] | type[Media] | type[Note] | type[Source]] = {
    "images": Image,
    "media": Media,
    "notes": Note,
    "other_sources": Source,
}
_MAIN = {"images": "src", "media": "src", "notes": "text", "other_sources": "url"}
_DATES = ("date", "updated", "until")
STATUSES = ("published", "draft", "embargoed", "withdrawn")
FIELDS = {f.name for f in fields(Article)} - {"body", "path", "extra"}
DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")


def values_of(table: dict[str, Any], path: str, report: Reporter) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that a front matter sets, and what it holds beside them."""
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for raw_key, value in table.items():
        key = raw_key if raw_key in FIELDS else plain(raw_key)
        name = key if key in FIELDS else OTHER_NAMES.get(key, key)
        if value is None:
            continue
        if name not in FIELDS or (name != key and name != "aliases" and (name in table or name in values)):
            extra[key] = as_kept(value)
        elif name == "section":
            _read_section(value, values, report)
        else:
            fitted = _fit(name, value, partial(report, key))
            if fitted is not None:
                if name in _JOINED:
                    fitted = tuple(dict.fromkeys((*values.get(name, ()), *fitted)))
                values[name] = fitted
    if extra.get("draft") is True:
        values.setdefault("status", "draft")
    dated = DATED_NAME.fullmatch(stem_of(path))
    if dated and "date" not in table and _is_date(dated[1]):
        values["date"] = dated[1]
    return values, extra


def stem_of(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def _is_date(text: str) -> bool:
    try:
        return bool(dates.parse(text))
    except ValueError:
        return False


def _read_section(value: Any, values: dict[str, Any], report: Reporter) -> None:
    names = (plain(value),) if isinstance(value, str) else _texts(value)  # "Arts, Culture" is one name
    if names is None:
        report("section", f"'section' must be text, not {value!r}")
    elif names:
        values["section"] = names[0]
        values["tags"] = (*values.get("tags", ()), *names[1:])


def _fit(name: str, value: Any, report: Any) -> Any:
    """A value in the type of its field, or None after a report."""
    if name in _LISTS:
        texts = _texts(value)
        if texts is None:
            report(f"'{name}' must be a list of texts, not {_short(value)}")
        return texts
    if name == "aliases":
        return _addresses(value, report)
    if name in _RECORDS:
        return _records(name, value, report)
    if name == "source":
        return _record(Source, value, report) if isinstance(value, dict) else Source(url=plain(value))
    if name in _DATES:
        return _date(plain(value) if not hasattr(value, "isoformat") else value.isoformat(), report)
    if isinstance(value, (dict, list)):
        report(f"'{name}' must be text, not {_short(value)}")
        return None
    text = plain(value)
    if name == "status" and text not in STATUSES:
        report(f"status '{text}' is not one of {', '.join(STATUSES)}", "it is kept as a draft")
        return "draft"
    return text


def _date(text: str, report: Any) -> str | None:
    try:
        return dates.parse(text).text
    except ValueError as error:
        report(str(error), "dates are written 2017-04-12, 2017-04 or 1957~; the article is listed as undated")
        return None


def _texts(value: Any) -> tuple[str, ...] | None:
    """A list of names; a text with commas is taken apart, `{name: …}` stands for its name; None if it is neither."""
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return (plain(value),)
    if all(type(item) is str for item in value):
        return tuple(dict.fromkeys([text for text in map(_name, value) if text]))
    names = [item.get("name") or item.get("title") if isinstance(item, dict) else item for item in value]
    if any(isinstance(name, (dict, list)) for name in names):
        return None
    return tuple(dict.fromkeys(text for name in names if name is not None and (text := plain(name))))


def _addresses(value: Any, report: Any) -> tuple[str, ...] | None:
    """A list of addresses, or one, in which a comma is a sign like others."""
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, (dict, list)) for item in items):
        report(f"'aliases' must be a list of addresses, not {_short(value)}")
        return None
    return tuple(dict.fromkeys(text for item in items if item is not None and (text := plain(item))))


def _records(name: str, value: Any, report: Any) -> tuple[Any, ...] | None:
    items = value if isinstance(value, list) else [value]
    kind, main = _RECORDS[name], _MAIN[name]
    if any(isinstance(item, list) for item in items):
        report(f"'{name}' must be a list of tables, not {_short(value)}")
        return None
    return tuple(_record(kind, item if isinstance(item, dict) else {main: item}, report) for item in items)


def _record(kind: Any, table: Mapping[str, Any], report: Any) -> Any:
    known = {f.name for f in fields(kind)}
    unknown = [str(key) for key in table if key not in known]
    if unknown:
        report(f"unknown key '{unknown[0]}'", f"known here: {', '.join(sorted(known))}")
    given = {key: value for key, value in table.items() if key in known and value is not None}
    reads = _READS.get(kind, {})
    return kind(**{key: reads.get(key, plain)(value) for key, value in given.items()})


def plain(value: Any) -> str:
    """A value as one line of text, without what is invisible or turns the writing round."""
    if type(value) is str and value.isprintable():  # then a space is the only white space, and mostly it is single
        return " ".join(value.split()) if "  " in value else value.strip(" ")
    if value is True or value is False:
        return "true" if value else "false"
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return " ".join(_BIDI.sub("", UNWANTED.sub("", text)).split())  # YAML and TOML have escapes for them


def file_name(value: Any) -> str:
    """A file's name, in which every space counts, without what is invisible or turns the writing round."""
    if type(value) is str:
        return value if value.isprintable() else _BIDI.sub("", UNWANTED.sub("", value))
    return plain(value)


def _name(value: str) -> str:
    """`plain`, kept for short texts: most names stand on many articles."""
    return _short_name(value) if len(value) < 80 else plain(value)


_short_name = lru_cache(maxsize=16384)(plain)


def _prose(value: Any) -> str:
    """A text of several paragraphs, which stay apart."""
    return "\n\n".join(text for part in re.split(r"\n\s*\n", str(value)) if (text := plain(part)))


_READS: dict[Any, dict[str, Callable[[Any], str]]] = {
    Note: {"text": _prose},
    Source: {"file": file_name, "part": file_name},
}
"""What reads a value of a record that is more than one line of words."""


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:57]}…"


def as_kept(value: Any) -> Any:
    """An extra value as JSON can carry it, and as it comes back when it has been written.

    Numbers that YAML has bare become such where that loses no letter of them.
    """
    if isinstance(value, dict):
        return {plain(key): as_kept(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_kept(inner) for inner in value]
    if isinstance(value, Number):
        return _number(value)
    if isinstance(value, str):
        return UNWANTED.sub("", value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**DIGITS:
        return str(value)
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)


def _number(text: Number) -> int | float | str:
    """`1` and `0.5`, but not the version `1.10`, which would become 1.1; a sign before it is no loss."""
    if text.lstrip("+-").isdigit():
        return int(text)
    number = float(text)
    return number if math.isfinite(number) and repr(number) == text else str(text)
