"""The plan of terms: the pages and feeds of each tag, person, place …, and the A–Z index of each kind."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from site_builder import finding, urls
from site_builder.index import Index
from site_builder.model import Group, Page
from site_builder.parts import data, group, split
from site_builder.settings import Site
from site_builder.sums import Sums

INDEX_SIZE = 500
"""Terms that one A–Z page shows before each initial gets a page of its own."""
HOME_SECTION_ITEMS = 4


@dataclass(frozen=True, slots=True)
class Term:
    """A term by the name that most of its articles have for it; `latest` for sections alone."""

    kind: str
    slug: str
    name: str
    count: int
    latest: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """What other pages show of the terms: all sections, and how many terms each kind has."""

    sections: list[Term] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def groups(site: Site, index: Index, sums: Sums, listed: list[str], tally: Tally) -> Iterator[Group]:
    """A group for each term, one for each kind's index, and one for the lists in which the search page looks.

    `listed` gets the site paths for the sitemap, `tally` what home and the search page show.
    """
    for kind, rows in groupby(index.rows("terms"), key=itemgetter(0)):
        if kind not in site.pages.terms:
            continue
        found: list[Term] = []
        for _, slug, text, lowest, highest in rows:
            numbers = [int(number) for number in text.split(",")]
            name = lowest if lowest == highest else _usual_name(index, kind, slug)
            latest = tuple(numbers[-HOME_SECTION_ITEMS:][::-1]) if kind == "sections" else ()
            term = Term(kind, slug, name, len(numbers), latest)
            found.append(term)
            listed.append(urls.term(kind, slug))
            yield group(f"{kind} {slug}", _Pages(site, index, term), sums.of(numbers), name=name)
        if kind == "sections":
            tally.sections.extend(found)
        tally.counts[kind] = len(found)
        initials = _by_initial(found)
        listed += [urls.index(kind), *(urls.index(kind, initial) for initial in initials if len(found) > INDEX_SIZE)]
        yield Group(f"{kind}, the index", b"", _Index(kind, found, initials))
        if site.pages.search:
            yield finding.names(kind, [(term.name, term.slug, term.count) for term in found])


def _usual_name(index: Index, kind: str, slug: str) -> str:
    names = Counter[str](row[2] for row in index.rows("term", kind, slug))
    return min(names, key=lambda name: (-names[name], name))


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages and feeds of one term."""

    site: Site
    index: Index
    term: Term

    def __call__(self) -> Iterator[Page]:
        site, term = self.site, self.term
        size = site.pages.list_size
        rows: list[tuple[int, str, str]] = list(self.index.rows("term", term.kind, term.slug))
        numbers = [n for n, _, _ in rows]
        years = sorted(Counter(year for _, year, _ in rows).items())
        whole = len(rows) <= size
        shown = {"kind": term.kind, "slug": term.slug, "name": term.name}
        latest = tuple(numbers if whole else numbers[-(size // 2) :])
        folder = urls.term(term.kind, term.slug)
        yield Page(folder, "term", latest, data=data(**shown, total=len(rows), years=years, whole=whole))
        if not whole:
            for year, in_year in groupby(rows, key=itemgetter(1)):
                listed = [n for n, _, _ in in_year]
                place = urls.term(term.kind, term.slug, year or "undated")
                yield from split(place, "term_year", listed, size, **shown, year=year, total=len(listed))
        if site.feeds.terms:
            newest, values = tuple(numbers[: -site.feeds.items - 1 : -1]), data(**shown, folder=folder)
            for name in site.feeds.formats:
                yield Page(folder + urls.FEEDS[name], f"feed_{name}", newest, (), values)


# -------------------------------------------------------------------------------------------------- A to Z


@dataclass(frozen=True, slots=True)
class _Index:
    """One page of all terms of a kind, or one for each initial when there are many."""

    kind: str
    terms: list[Term]
    initials: dict[str, list[tuple[str, str, int]]]

    def __call__(self) -> Iterator[Page]:
        initials = [[initial, len(listed)] for initial, listed in self.initials.items()]
        several = len(self.terms) > INDEX_SIZE
        shown = {"kind": self.kind, "total": len(self.terms), "initials": initials, "split": several}
        largest = sorted(self.terms, key=lambda term: (-term.count, term.slug))[:50]
        named = [(term.name, term.slug, term.count) for term in sorted(largest, key=lambda t: _sort_name(t.name))]
        front = [["", named]] if several else [[initial, listed] for initial, listed in self.initials.items()]
        yield Page(urls.index(self.kind), "term_index", data=data(**shown, initial="", groups=front))
        if several:
            for initial, listed in self.initials.items():
                values = data(**shown, initial=initial, groups=[[initial, listed]])
                yield Page(urls.index(self.kind, initial), "term_index", data=values)


def _by_initial(terms: list[Term]) -> dict[str, list[tuple[str, str, int]]]:
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for term in sorted(terms, key=lambda term: (_sort_name(term.name), term.slug)):
        found[_initial(term.name)].append((term.name, term.slug, term.count))
    return found


def _sort_name(name: str) -> str:
    """A name as an index sorts it: without accents and case; the name itself decides between equals."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return f"{plain.casefold()}\0{name}"


def _initial(name: str) -> str:
    first = _sort_name(name)[:1].upper()
    return first[:1] if first.isalpha() else "0–9"
