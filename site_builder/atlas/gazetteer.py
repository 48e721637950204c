"""Where on Earth the place of a name lies: `gazetteer.tsv.gz`, searched in place. What it does not tell stays unknown.

A line of the file is a name as `key` spells it, the code of its country (and state: `US-TX`), latitude, longitude and a
mark: `*` where the name alone means this place, `=` for a country or a state itself. `tests/bench/gazetteer.py` makes
the file and says by which rule. Its facts come from GeoNames (geonames.org, CC BY 4.0), the names of countries from
CLDR.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .. import urls

FILE = Path(__file__).with_name("gazetteer.tsv.gz")
ALONE, AREA = "*", "="


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on Earth, in degrees north and east; `area` if it stands for a whole country."""

    latitude: float
    longitude: float
    area: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    latitude: str
    longitude: str
    mark: str

    @property
    def spot(self) -> Spot | None:
        return Spot(float(self.latitude), float(self.longitude), self.mark == AREA) if self.latitude else None


def key(name: str) -> str:
    """A name as the file has it: like a part of an address, and without accents, which papers leave out at will."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return urls.slugify(plain)


def locate(names: Iterable[str]) -> Spot | None:
    """The place that a name stands for; of several names for one place the first that is known decides.

    A name that leaves it open (`Springfield`) is not known; `Springfield, Illinois` is, where there is one of it.
    """
    return next((spot for spot in map(_locate, names) if spot), None)


def _locate(name: str) -> Spot | None:
    lines = list(_lines(key(name)))
    for mark in (AREA, ALONE):
        found = [line.spot for line in lines if line.mark == mark and line.latitude]
        if len(found) == 1:
            return found[0]
    town, comma, within = name.rpartition(",")
    return _qualified(town, within) if comma else None


def _qualified(town: str, within: str) -> Spot | None:
    """`Paris`, `Texas`: the one town of that name in the country or state."""
    codes = {line.code for line in _lines(key(within)) if line.mark == AREA}
    spots = [
        line.spot
        for line in _lines(key(town))
        if line.mark != AREA and any(line.code == code or line.code[:2] == code for code in codes)
    ]
    return spots[0] if len(spots) == 1 else None


@lru_cache(maxsize=1)
def _text() -> bytes:
    return gzip.decompress(FILE.read_bytes())


def _lines(wanted: str) -> Iterator[_Line]:
    """The lines of a key, found by halving: the file's lines are sorted by their bytes."""
    text, sought = _text(), wanted.encode() + b"\t"
    low, high = 0, len(text)
    while low < high:
        start = text.rfind(b"\n", 0, (low + high) // 2) + 1
        if text[start : start + len(sought)] < sought:
            low = text.index(b"\n", start) + 1
        else:
            high = start
    while text.startswith(sought, low):
        end = text.index(b"\n", low)
        yield _Line(*text[low + len(sought) : end].decode().split("\t"))
        low = end + 1
