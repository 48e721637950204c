"""`authorities.yaml` → `Authorities`: the preferred name of each person, place …, its variants, and what lies beside it.

Reads one text. Each mistake is one Problem and costs the line that it is on; whether an article names any of it is
not known here.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from . import front_matter, urls
from .errors import Problem

FILE = "authorities.yaml"
MAX_BYTES = 16_000_000
_SPELLINGS = {"organisations": "organizations", "see also": "see_also", "sameAs": "same_as", "same as": "same_as"}
_KEYS = ("variants", "see_also", "same_as", "coordinates")

Key = tuple[str, str]
"""A term: its kind and its path part."""
_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """One preferred name. `see_also` are names, each of any kind; `same_as` full addresses.

    `coordinates` are degrees north and east, `()` if it has none on Earth, and None where nobody has said.
    """

    kind: str
    name: str
    variants: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    coordinates: tuple[float, ...] | None = None

    @property
    def key(self) -> Key:
        """The term that it is."""
        return self.kind, urls.term_slug(self.name)


@dataclass(frozen=True, slots=True)
class Authorities:
    """All of them by the term that each is; `preferred` leads from every name that they have to that term."""

    by_key: Mapping[Key, Authority] = field(default_factory=dict)
    preferred: Mapping[Key, Key] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def name(self, kind: str, slug: str, given: str) -> tuple[str, str]:
        """Path part and name of the term that a name stands for: its own, if nobody says otherwise."""
        key = self.preferred.get((kind, slug))
        return (key[1], self.by_key[key].name) if key else (slug, given)

    @property
    def text(self) -> str:
        """All that a page could show of them: equal texts, equal pages."""
        values = [
            [one.kind, one.name, one.variants, one.see_also, one.same_as, one.coordinates]
            for one in self.by_key.values()
        ]
        return json.dumps(values, ensure_ascii=False) if values else ""


NONE = Authorities()


def restore(text: str) -> Authorities:
    """The authorities of which `text` is the text."""
    read = [
        Authority(kind, name, tuple(names), tuple(beside), tuple(same), None if place is None else tuple(place))
        for kind, name, names, beside, same, place in json.loads(text or "[]")
    ]
    return _gather([(one, ()) for one in read], _Reader({}))


def load(content: Path) -> Authorities:
    """The authorities of a content folder; none where there is no such file. Raises OSError if it can't be read."""
    try:
        with (content / FILE).open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return NONE
    if len(raw) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES // 1_000_000} MB"
        return Authorities(problems=(Problem(FILE, 0, message, "take out what the archive does not name"),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Authorities(problems=(Problem(FILE, line, "is not UTF-8", "save it as UTF-8"),))
    return parse(text)


def parse(text: str) -> Authorities:
    """The authorities that a file's text says."""
    try:
        table, lines = front_matter.parse_lines(text.replace("\r\n", "\n"))
    except front_matter.Refused as error:
        message = str(error).replace("front matter ", "", 1)
        return Authorities(problems=(Problem(FILE, error.line, message, error.hint),))
    reader = _Reader(lines)
    return _gather(list(reader.read(table)), reader)


def _gather(read: list[tuple[Authority, _Path]], reader: _Reader) -> Authorities:
    """Who has which name. Of two that want one, the first gets it."""
    by_key: dict[Key, Authority] = {}
    for one, path in read:
        if one.key in by_key:
            reader.tell(path, f"'{one.name}' has the same address as '{by_key[one.key].name}'", "make them one")
        else:
            by_key[one.key] = one
    preferred = {key: key for key in by_key}
    for one, path in read:
        for variant in one.variants if by_key[one.key] is one else ():
            key = one.kind, urls.term_slug(variant)
            holder = preferred.setdefault(key, one.key)
            if holder != one.key:
                other = by_key[holder].name
                reader.tell(path, f"'{variant}' stands for '{other}' too, and is taken for that", "leave out one")
    return Authorities(by_key, preferred, tuple(reader.problems))


class _Reader:
    """Plain values → authorities, each with where it stands; `problems` fills up on the way."""

    def __init__(self, lines: Mapping[_Path, int]) -> None:
        self.problems: list[Problem] = []
        self._lines = lines

    def tell(self, path: _Path, message: str, hint: str = "") -> None:
        """Note what is wrong with the value at a path."""
        self.problems.append(Problem(FILE, self._lines.get(path, 0), message, hint))

    def read(self, table: Mapping[Any, Any]) -> Iterator[tuple[Authority, _Path]]:
        """Every entry of the file."""
        for given, entries in table.items():
            kind = self._key(given, urls.KINDS, (given,), "kind of term")
            if not kind or entries is None:
                continue
            if not isinstance(entries, dict):
                self.tell((given,), f"'{given}' is not a list of names and what is said of them", "write 'Name: …'")
                continue
            for name, value in entries.items():
                if not isinstance(name, str) or not name.strip():
                    self.tell((given, name), f"'{name}' is no name", "put it in quotes")
                else:
                    yield self._entry(kind, name.strip(), value, (given, name)), (given, name)

    def _entry(self, kind: str, name: str, value: Any, path: _Path) -> Authority:
        """A table of what is said, or just the variants."""
        said: dict[str, tuple[str, ...]] = {}
        if not isinstance(value, dict):
            said["variants"] = self._texts(value, path)
        place: tuple[float, ...] | None = None
        for given, more in value.items() if isinstance(value, dict) else ():
            key = self._key(given, _KEYS, (*path, given), "key")
            if key == "coordinates":
                place = self._coordinates(kind, more, (*path, given))
            elif key:
                said[key] = self._texts(more, (*path, given))
        addresses = said.get("same_as", ())
        sound = tuple(text for text in addresses if _is_address(text))
        for text in addresses:
            if text not in sound:
                self.tell((*path, "same_as"), f"'{text}' is no address", "write it in full, with https://")
        own = (name, *said.get("variants", ()))
        variants = tuple(text for text in dict.fromkeys(own) if text != name)
        return Authority(kind, name, variants, tuple(dict.fromkeys(said.get("see_also", ()))), sound, place)

    def _coordinates(self, kind: str, value: Any, path: _Path) -> tuple[float, ...] | None:
        """Degrees north and east as a list or as a text (`45.96, 63.31`); an empty list says that there are none."""
        if kind != "places":
            self.tell(path, "only places have 'coordinates'")
            return None
        values = value.split(",") if isinstance(value, str) else value
        if values == []:
            return ()
        try:
            north, east = map(float, values)
        except (TypeError, ValueError):
            north = east = 1000.0
        if abs(north) <= 90 and abs(east) <= 180:
            return north, east
        hint = "write degrees north and east: [45.96, 63.31]; south and west are negative"
        self.tell(path, f"'{str(value)[:60]}' are no coordinates", hint)
        return None

    def _texts(self, value: Any, path: _Path) -> tuple[str, ...]:
        values = [] if value is None else value if isinstance(value, list) else [value]
        found: list[str] = []
        for place, item in enumerate(values):
            if isinstance(item, str) and item.strip():
                found.append(item.strip())
            else:
                where = (*path, place) if isinstance(value, list) else path
                self.tell(where, f"of '{path[-1]}' is no text: {str(item)[:60]}", "put it in quotes")
        return tuple(found)

    def _key(self, given: Any, valid: tuple[str, ...], path: _Path, what: str) -> str:
        key = _SPELLINGS.get(str(given), str(given))
        if key in valid:
            return key
        near = difflib.get_close_matches(key, valid, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(valid)}"
        self.tell(path, f"unknown {what} '{given}'", hint)
        return ""


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)
