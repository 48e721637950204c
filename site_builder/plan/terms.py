"""The plan of terms: the pages and feeds of each tag, person, place …, and the A–Z index of each kind."""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from site_builder import finding, urls
from site_builder.authorities import Authorities, Key
from site_builder.index import Index
from site_builder.model import Group, Page
from site_builder.parts import data, group, split
from site_builder.settings import Site
from site_builder.sums import Sums
from site_builder.tallies import NEWEST

INDEX_SIZE = 500
"""Terms that one A–Z page shows before each initial gets a page of its own."""
MAP_PLACES = 300
"""Places that are looked for on the map, those named most often: 140 kB of a page with closer maps, 28 kB packed."""
RELATED = 12
"""Terms that a term's page names as standing in the same articles."""


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


def groups(
    site: Site, index: Index, sums: Sums, known: Authorities, listed: list[str], tally: Tally
) -> Iterator[Group]:
    """A group for each term, one for each kind's index, and one for the lists in which the search page looks.

    `listed` gets the site paths for the sitemap, `tally` what home and the search page show.
    """
    said, subjects = _said(site, index, known), _subjects(index)
    for kind, tallies in groupby(index.tallies(sums), key=itemgetter(0)):
        if kind not in site.pages.terms:
            continue
        found: list[Term] = []
        for _, slug, count, sign, (name, latest) in tallies:
            term = Term(kind, slug, name, count, tuple(latest[::-1]) if kind == "sections" else ())
            found.append(term)
            listed.append(urls.term(kind, slug))
            own = said.get((kind, slug), _NOTHING)
            # Which terms stand beside this one is decided by the terms of its own articles, and by nothing else: one
            # more article changes what is beside its own terms, and no other term's page.
            yield group(f"{kind} {slug}", _Pages(site, index, term, own, subjects), sign, name=name, **own)
        if kind == "sections":
            tally.sections.extend(found)
        tally.counts[kind] = len(found)
        variants = _variants(known, found)
        initials = _by_initial(found, variants)
        listed += [urls.index(kind), *(urls.index(kind, initial) for initial in initials if len(found) > INDEX_SIZE)]
        made = _Index(kind, found, initials, variants, said)
        told = [(term.name, term.slug, term.count, said.get((kind, term.slug))) for term in found]
        yield group(f"{kind}, the index", made, terms=told, variants=variants)
        if site.pages.search:
            yield finding.names(kind, [(term.name, term.slug, term.count) for term in found])


_Subject = tuple[str, str, str]
"""Kind, path part and name of a term of an article."""
_Subjects = tuple[Sequence[_Subject], Callable[[int], tuple[int, ...]]]
_NOTHING: Mapping[str, Any] = {"variants": [], "same_as": [], "see_also": [], "coordinates": None}


def _said(site: Site, index: Index, known: Authorities) -> dict[Key, Mapping[str, Any]]:
    """What authorities say of each term, as its page shows it: links lead to terms that have a page."""
    said: dict[Key, Mapping[str, Any]] = {}
    for key, one in known.by_key.items():
        see = (_find(site, index, known, one.kind, name) for name in one.see_also)
        beside = [list(term) for term in see if term and term[:2] != key]
        said[key] = {
            "variants": one.variants,
            "same_as": one.same_as,
            "see_also": beside,
            "coordinates": one.coordinates,
        }
    return said


def _find(site: Site, index: Index, known: Authorities, first: str, name: str) -> tuple[str, str, str] | None:
    """Kind, path part and name of the term that a name stands for: of the kind `first`, else of any other."""
    for kind in (first, *(kind for kind in site.pages.terms if kind != first)):
        slug, shown = known.name(kind, urls.term_slug(name), name)
        if kind in site.pages.terms and any(True for _ in index.rows("has_term", kind, slug)):
            return kind, slug, shown
    return None


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages and feeds of one term."""

    site: Site
    index: Index
    term: Term
    said: Mapping[str, Any]
    subjects: _Subjects

    def __call__(self) -> Iterator[Page]:
        site, term = self.site, self.term
        size = site.pages.list_size
        numbers, starts = self._listed()
        total = len(numbers)
        ends = [start for _, start in starts[1:]] + [total]
        in_years = [(year, start, end) for (year, start), end in zip(starts, ends, strict=True)]
        years = sorted((year, end - start) for year, start, end in in_years)
        whole = total <= size
        shown = {"kind": term.kind, "slug": term.slug, "name": term.name}
        latest = tuple(numbers if whole else numbers[-(size // 2) :])
        dated = next((numbers[start] for year, start in starts if year), None)
        items = latest if dated is None or dated in latest else (*latest, dated)
        first = None if dated is None else items.index(dated)
        folder = urls.term(term.kind, term.slug)
        values = data(
            **shown,
            total=total,
            listed=len(latest),
            years=years,
            whole=whole,
            first=first,
            related=self._related(numbers),
            **self.said,
        )
        yield Page(folder, "term", items, data=values)
        if not whole:
            for year, start, end in in_years:
                listed = numbers[start:end]
                place = urls.term(term.kind, term.slug, year or "undated")
                yield from split(place, "term_year", listed, size, **shown, year=year, total=len(listed))
        if site.feeds.terms:
            newest, values = tuple(numbers[: -site.feeds.items - 1 : -1]), data(**shown, folder=folder)
            for name in site.feeds.formats:
                yield Page(folder + urls.FEEDS[name], f"feed_{name}", newest, (), values)

    def _listed(self) -> tuple[array[int], list[tuple[str, int]]]:
        """The numbers of its articles, the oldest first, and where among them each year begins.

        Of a section of a million articles they are many: as rows of texts they would take 200 bytes each.
        """
        numbers = array("q")
        starts: list[tuple[str, int]] = []
        for n, year in self.index.rows("term", self.term.kind, self.term.slug):
            if not starts or starts[-1][0] != year:
                starts.append((year, len(numbers)))
            numbers.append(n)
        return numbers, starts

    def _related(self, numbers: Sequence[int]) -> list[tuple[str, str, str, int]]:
        """The terms beside this one most often, and in how many of its newest articles."""
        known, numbered = self.subjects
        counts = Counter(chain.from_iterable(map(numbered, numbers[-NEWEST:])))
        kept: dict[str, tuple[str, str, str, int]] = {}
        for (kind, slug, name), total in sorted(
            [(known[i], total) for i, total in counts.items() if total > 1], key=lambda item: (-item[1], item[0])
        ):
            # One name of two kinds (the Moon as a tag and as a place) is named once.
            if kind in self.site.pages.terms and slug != self.term.slug:
                kept.setdefault(slug, (kind, slug, name, total))
        return list(kept.values())[:RELATED]


def _subjects(index: Index) -> _Subjects:
    """Subjects, and a function that gives those of an article by their places: asked once for an article, not for each
    of its terms.

    Counting in SQL took a quarter longer, and counting tuples of texts twice as long as counting numbers. What is
    remembered is bounded by the articles, 32,768, and by the terms.
    """
    known: list[_Subject] = []
    places: dict[_Subject, int] = {}

    def place(subject: _Subject) -> int:
        found = places.setdefault(subject, len(known))
        if found == len(known):
            known.append(subject)
        return found

    @lru_cache(maxsize=32768)
    def subjects(number: int) -> tuple[int, ...]:
        return tuple([place(subject) for subject in index.some("subjects", number)])

    return known, subjects


# -------------------------------------------------------------------------------------------------- A to Z


_Line = tuple[str, str, int, str]
"""A line of an index: name, path part of the page that it leads to, its articles; and the name there, if it is another."""


@dataclass(frozen=True, slots=True)
class _Index:
    """One page of all terms of a kind, or one for each initial when there are many."""

    kind: str
    terms: list[Term]
    initials: dict[str, list[_Line]]
    variants: list[_Line]
    said: Mapping[Key, Mapping[str, Any]]

    def __call__(self) -> Iterator[Page]:
        initials = [[initial, len(listed)] for initial, listed in self.initials.items()]
        several = len(self.terms) > INDEX_SIZE
        shown = {"kind": self.kind, "total": len(self.terms), "initials": initials, "split": several}
        ranked = sorted(self.terms, key=lambda term: (-term.count, term.slug))
        named: list[_Line] = [
            (term.name, term.slug, term.count, "") for term in sorted(ranked[:50], key=lambda t: _sort_name(t.name))
        ]
        letters: list[list[Any]] = [[initial, self._beside(listed)] for initial, listed in self.initials.items()]
        front = [["", self._beside(named)]] if several else letters
        yield Page(
            urls.index(self.kind),
            "term_index",
            data=data(**shown, initial="", groups=front, places=self._places(ranked)),
        )
        if several:
            for initial, listed in letters:
                values = data(**shown, initial=initial, groups=[[initial, listed]], places=[])
                yield Page(urls.index(self.kind, initial), "term_index", data=values)
        present = {term.slug for term in self.terms}
        for variant, slug, _, name in self.variants:
            former = urls.term_slug(variant)
            if former not in present:
                to = urls.term(self.kind, slug)
                yield Page(urls.term(self.kind, former), "see", data=data(variant=variant, name=name, to=to))

    def _beside(self, lines: list[_Line]) -> list[tuple[Any, ...]]:
        """Lines with the terms to see also (kind, path part, name), of which few have any."""
        found: list[tuple[Any, ...]] = []
        for line in lines:
            also = [] if line[3] else self.said.get((self.kind, line[1]), _NOTHING)["see_also"]
            found.append((*line, also) if also else line)
        return found

    def _places(self, ranked: list[Term]) -> list[tuple[Any, ...]]:
        """What a map is made of: name, path part, articles, other names, and the coordinates that somebody gave."""
        if self.kind != "places":
            return []
        lines = [(term, self.said.get((term.kind, term.slug), _NOTHING)) for term in ranked[:MAP_PLACES]]
        return [(term.name, term.slug, term.count, own["variants"], own["coordinates"]) for term, own in lines]


def _variants(known: Authorities, terms: list[Term]) -> list[_Line]:
    """The lines of names that stand for one of these terms, and are more than its own in other letters."""
    lines: dict[str, _Line] = {}
    for term in terms:
        one = known.by_key.get((term.kind, term.slug))
        for variant in one.variants if one else ():
            slug = urls.term_slug(variant)
            if slug != term.slug and known.preferred[term.kind, slug][1] == term.slug:
                lines.setdefault(slug, (variant, term.slug, 0, term.name))
    return list(lines.values())


def _by_initial(terms: list[Term], variants: list[_Line]) -> dict[str, list[_Line]]:
    found: dict[str, list[_Line]] = defaultdict(list)
    lines: list[_Line] = [(term.name, term.slug, term.count, "") for term in terms]
    for line in sorted(lines + variants, key=lambda line: (_sort_name(line[0]), line[1])):
        found[_initial(line[0])].append(line)
    return found


def _sort_name(name: str) -> str:
    """A name as an index sorts it: without accents and case; the name itself decides between equals."""
    if name.isascii():
        return f"{name.lower()}\0{name}"
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return f"{plain.casefold()}\0{name}"


def _initial(name: str) -> str:
    first = _sort_name(name)[:1].upper()
    return first[:1] if first.isalpha() else "0–9"
