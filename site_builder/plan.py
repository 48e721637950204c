"""Index → stream of `Page`: every output file that should exist, and all that each may show.

A plan is data: it opens no file, renders nothing, and gives the same pages in the same order for the same archive.
Lists are split by calendar, and numbered from the oldest inside a bucket, so that a new article changes a bounded
number of pages.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from . import urls
from .index import Index
from .model import Facts, Files, Page
from .settings import Site

Bucket = tuple[str, ...]

SITEMAP_SIZE = 40_000
"""The protocol allows 50,000 addresses and 50 MB a sitemap."""
INDEX_SIZE = 500
"""Terms that one A–Z page shows before each initial gets a page of its own."""
HOME_SECTIONS = 6
HOME_SECTION_ITEMS = 4


def facts(site: Site, index: Index) -> Facts:
    """The facts of an archive."""
    present = {str(row[0]) for row in index.rows("kinds")}
    return Facts(tuple(kind for kind in urls.KINDS if kind in present and kind in site.pages.terms))


def pages(site: Site, index: Index, files: Files) -> Iterator[Page]:
    """Every page of the site. Of two pages that want one file the first in this stream gets it."""
    calendar = _Calendar(index)
    listed: list[str] = []  # fronts and term pages, for the sitemap: short texts, a few for each day and term
    yield from _articles(index)
    for page in _fronts(site, index, calendar):
        listed.append(page.url)
        yield page
    sections: list[_Term] = []
    for page in _terms(site, index, sections):
        if page.view in ("term", "term_index"):
            listed.append(page.url)
        yield page
    yield from _home(site, index, calendar, sections)
    for number, url in index.rows("standing"):
        listed.append(_str(url))
        yield Page(_str(url), "standing", (_int(number),), (_int(number),))
    yield from _moved(index)
    if site.pages.sitemap:
        yield from _sitemaps(index, listed)
    yield from _files(site, files)
    yield from _aliases(index)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _data(**values: Any) -> str:
    return _encode(values)


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def _str(value: object) -> str:
    assert isinstance(value, str)
    return value


# ---------------------------------------------------------------------------------------- articles, fronts


def _articles(index: Index) -> Iterator[Page]:
    """Each article with its neighbours in time: a window of three over one stream."""
    before: tuple[object, ...] | None = None
    here: tuple[object, ...] | None = None
    for after in _then_none(index.rows("articles")):
        if here is not None:
            yield _article(before, here, after)
        before, here = here, after


def _then_none(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...] | None]:
    yield from rows
    yield None


_NEIGHBOURS = {
    (False, False): _data(prev=None, next=None),
    (True, False): _data(prev=1, next=None),
    (False, True): _data(prev=None, next=1),
    (True, True): _data(prev=1, next=2),
}


def _article(before: tuple[object, ...] | None, here: tuple[object, ...], after: tuple[object, ...] | None) -> Page:
    number = _int(here[0])
    items = (number, *(_int(row[0]) for row in (before, after) if row))
    return Page(_str(here[1]), "article", items, (number,), _NEIGHBOURS[before is not None, after is not None])


class _Calendar:
    """How many articles there are in each bucket; a few thousand small values for decades of days."""

    def __init__(self, index: Index) -> None:
        self.days: dict[Bucket, int] = {}
        self.months: Counter[Bucket] = Counter()
        self.years: Counter[Bucket] = Counter()
        self.undated = 0
        for y, m, d, count in index.rows("days"):
            number = _int(count)
            if not y:
                self.undated += number
                continue
            self.years[(_str(y),)] += number
            if m:
                self.months[(_str(y), _str(m))] += number
            if d:
                self.days[(_str(y), _str(m), _str(d))] = number

    @property
    def total(self) -> int:
        return sum(self.years.values()) + self.undated


def _fronts(site: Site, index: Index, calendar: _Calendar) -> Iterator[Page]:
    """Day, month and year fronts, the archive overview, and the articles without a year."""
    size = site.pages.list_size
    years = sorted(calendar.years)
    by_year = _group(calendar.months)
    by_month = _group(calendar.days)
    if site.pages.calendar:
        yield Page(
            urls.ARCHIVE,
            "archive",
            data=_data(
                years=[[y, calendar.years[(y,)], [[m[1], n] for m, n in by_year.get((y,), ())]] for (y,) in years],
                undated=calendar.undated,
                total=calendar.total,
            ),
        )
    neighbours = _neighbours(years) | _neighbours(sorted(calendar.months)) | _neighbours(sorted(calendar.days))
    rows = ((_int(n), (_str(y), _str(m), _str(d))) for n, _, y, m, d in index.rows("articles"))
    for year, in_year in groupby(rows, key=lambda row: row[1][0]):
        if not year:
            numbers = [n for n, _ in in_year]
            yield from _split(urls.UNDATED, "undated", numbers, size, total=len(numbers))
        elif site.pages.calendar:
            yield from _year((year,), list(in_year), calendar, by_year, by_month, neighbours, size)


def _group(counts: Mapping[Bucket, int]) -> dict[Bucket, list[tuple[Bucket, int]]]:
    """Counts of months by year, or of days by month."""
    groups: dict[Bucket, list[tuple[Bucket, int]]] = defaultdict(list)
    for bucket in sorted(counts):
        groups[bucket[:-1]].append((bucket, counts[bucket]))
    return groups


def _neighbours(buckets: Sequence[Bucket]) -> dict[Bucket, dict[str, Any]]:
    """The bucket before and after each that has articles; empty ones are skipped."""
    return {
        bucket: {
            "prev": buckets[i - 1] if i else None,
            "next": buckets[i + 1] if i + 1 < len(buckets) else None,
        }
        for i, bucket in enumerate(buckets)
    }


def _year(
    year: Bucket,
    rows: list[tuple[int, tuple[str, str, str]]],
    calendar: _Calendar,
    by_year: Mapping[Bucket, list[tuple[Bucket, int]]],
    by_month: Mapping[Bucket, list[tuple[Bucket, int]]],
    neighbours: Mapping[Bucket, Mapping[str, Any]],
    size: int,
) -> Iterator[Page]:
    months = [
        [month[1], count, [[day[2], n] for day, n in by_month.get(month, ())]] for month, count in by_year.get(year, ())
    ]
    vague = [n for n, (_, m, _) in rows if not m]
    shown = {"bucket": year, "months": months, "total": calendar.years[year], **neighbours[year]}
    yield from _split(urls.front(*year), "year", vague, size, **shown)
    for month, in_month in groupby((row for row in rows if row[1][1]), key=lambda row: row[1][:2]):
        listed = list(in_month)
        days = [[day[2], n] for day, n in by_month.get(month, ())]
        # A month of a big paper has thousands of headlines; then each day shows its first three and the way to all.
        brief = len(listed) > 2 * size
        numbers = [n for n, _ in listed] if not brief else _first_of_each_day(listed, 3)
        yield Page(
            urls.front(*month),
            "month",
            tuple(numbers),
            data=_data(bucket=month, days=days, total=len(listed), brief=brief, **neighbours[month]),
        )
        for day, in_day in groupby((row for row in listed if row[1][2]), key=lambda row: row[1]):
            numbers = [n for n, _ in in_day]
            shown = {"bucket": day, "total": len(numbers), **neighbours[day]}
            yield from _split(urls.front(*day), "day", numbers, size, **shown)


def _first_of_each_day(rows: list[tuple[int, tuple[str, str, str]]], count: int) -> list[int]:
    return [n for _, group in groupby(rows, key=itemgetter(1)) for n in [n for n, _ in group][:count]]


_ALONE: Mapping[str, Any] = {"months": [], "prev": None, "next": None}


def _split(folder: str, view: str, numbers: Sequence[int], size: int, **shown: Any) -> Iterator[Page]:
    """A list in a folder, oldest first: full parts that never change again, and the front with the newest.

    `part` 0 is the front, 1 the oldest. A full part knows its own articles and whether another part comes after it
    (`parts` is then greater than `part`): with more on it, each new article would rewrite them all.
    """
    full = max(0, (len(numbers) - 1) // size)
    alone = {key: _ALONE.get(key, value) for key, value in shown.items()}
    for part in range(1, full + 1):
        data = {**alone, "total": size, "folder": folder, "part": part, "parts": min(full, part + 1)}
        yield Page(urls.chunk(folder, part), view, tuple(numbers[(part - 1) * size : part * size]), data=_data(**data))
    yield Page(folder, view, tuple(numbers[full * size :]), data=_data(**shown, folder=folder, part=0, parts=full))


# -------------------------------------------------------------------------------------------------- terms


@dataclass(frozen=True, slots=True)
class _Term:
    kind: str
    slug: str
    name: str
    count: int
    latest: tuple[int, ...] = ()


def _terms(site: Site, index: Index, sections: list[_Term]) -> Iterator[Page]:
    """The pages and feeds of each term, and the A–Z index of each kind; `sections` gets what home shows of them."""
    for kind, rows in groupby(index.rows("members"), key=itemgetter(0)):
        if kind not in site.pages.terms:
            continue
        terms: list[_Term] = []
        for slug, members in groupby(rows, key=itemgetter(1)):
            listed = list(members)
            names = Counter(_str(row[4]) for row in listed)
            name = min(names, key=lambda name: (-names[name], name))
            term = _Term(_str(kind), _str(slug), name, len(listed))
            yield from _term(site, term, [(_int(row[2]), _str(row[3])) for row in listed])
            terms.append(term)
            if kind == "sections":
                latest = tuple(_int(row[2]) for row in listed[-HOME_SECTION_ITEMS:][::-1])
                sections.append(_Term(term.kind, term.slug, term.name, term.count, latest))
        yield from _term_index(_str(kind), terms)


def _term(site: Site, term: _Term, rows: list[tuple[int, str]]) -> Iterator[Page]:
    size = site.pages.list_size
    numbers = [n for n, _ in rows]
    years = sorted(Counter(year for _, year in rows).items())
    whole = len(rows) <= size
    shown = {"kind": term.kind, "slug": term.slug, "name": term.name}
    latest = tuple(numbers if whole else numbers[-(size // 2) :])
    folder = urls.term(term.kind, term.slug)
    yield Page(folder, "term", latest, data=_data(**shown, total=len(rows), years=years, whole=whole))
    if not whole:
        for year, group in groupby(rows, key=itemgetter(1)):
            listed = [n for n, _ in group]
            place = urls.term(term.kind, term.slug, year or "undated")
            yield from _split(place, "term_year", listed, size, **shown, year=year, total=len(listed))
    if site.feeds.terms:
        yield from _feeds(site, folder, tuple(numbers[: -site.feeds.items - 1 : -1]), (), **shown)


def _term_index(kind: str, terms: list[_Term]) -> Iterator[Page]:
    """One page of all terms, or one for each initial when there are many."""
    groups: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for term in sorted(terms, key=lambda term: (_sort_name(term.name), term.slug)):
        groups[_initial(term.name)].append((term.name, term.slug, term.count))
    initials = [[initial, len(listed)] for initial, listed in groups.items()]
    split = len(terms) > INDEX_SIZE
    shown = {"kind": kind, "total": len(terms), "initials": initials, "split": split}
    largest = sorted(terms, key=lambda term: (-term.count, term.slug))[:50]
    named = [(term.name, term.slug, term.count) for term in sorted(largest, key=lambda t: _sort_name(t.name))]
    front = [["", named]] if split else [[initial, listed] for initial, listed in groups.items()]
    yield Page(urls.index(kind), "term_index", data=_data(**shown, initial="", groups=front))
    if split:
        for initial, listed in groups.items():
            data = _data(**shown, initial=initial, groups=[[initial, listed]])
            yield Page(urls.index(kind, initial), "term_index", data=data)


def _sort_name(name: str) -> str:
    """A name as an index sorts it: without accents and case; the name itself decides between equals."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return f"{plain.casefold()}\0{name}"


def _initial(name: str) -> str:
    first = _sort_name(name)[:1].upper()
    return first[:1] if first.isalpha() else "0–9"


# ----------------------------------------------------------------------------------- home, feeds, the rest


def _home(site: Site, index: Index, calendar: _Calendar, sections: list[_Term]) -> Iterator[Page]:
    latest = [_int(row[0]) for row in index.rows("latest", max(site.pages.home_size, site.feeds.items))]
    items = dict.fromkeys(latest[: site.pages.home_size])
    shown = sorted(sections, key=lambda term: (-term.count, term.slug))[:HOME_SECTIONS]
    for term in shown:
        items.update(dict.fromkeys(term.latest))
    place = {number: i for i, number in enumerate(items)}
    yield Page(
        "",
        "home",
        tuple(items),
        data=_data(
            latest=min(len(latest), site.pages.home_size),
            sections=[[term.name, term.slug, term.count, [place[n] for n in term.latest]] for term in shown],
            years=[[y, n] for (y,), n in sorted(calendar.years.items())],
            undated=calendar.undated,
            total=calendar.total,
        ),
    )
    newest = tuple(latest[: site.feeds.items])
    yield from _feeds(site, "", newest, newest if site.feeds.full_text else (), kind="", slug="", name="")


def _feeds(site: Site, folder: str, items: tuple[int, ...], full: tuple[int, ...], **shown: str) -> Iterator[Page]:
    for name in site.feeds.formats:
        yield Page(folder + urls.FEEDS[name], f"feed_{name}", items, full, _data(**shown, folder=folder))


def _moved(index: Index) -> Iterator[Page]:
    """Law 8: a page at every address that was ever published; a withdrawn article says why at its own."""
    for number, url in index.rows("withdrawn"):
        yield Page(_str(url), "tombstone", (), (_int(number),))
    for old, now, number, status in index.rows("moved"):
        if now and status == "published":
            yield Page(_str(old), "redirect", (_int(number),), data=_data(to=now))
        else:
            yield Page(_str(old), "tombstone", (), (_int(number),) if status == "withdrawn" else ())


def _aliases(index: Index) -> Iterator[Page]:
    """A way from each address that an article had on its former site; last, since any other page goes before it."""
    for old, now, number, status in index.rows("aliases"):
        if status == "published":
            yield Page(_str(old), "redirect", (_int(number),), data=_data(to=now))
        else:
            yield Page(_str(old), "tombstone", (), (_int(number),))


def _sitemaps(index: Index, listed: Iterable[str]) -> Iterator[Page]:
    """One a month and one for what has no month, in parts where the protocol wants it; and the index of them."""
    names: list[str] = []
    for (y, m), rows in groupby(index.rows("articles"), key=itemgetter(2, 3)):
        bucket = f"{y}-{m}" if m else _str(y) or "undated"
        numbers = [_int(row[0]) for row in rows]
        for start in range(0, len(numbers), SITEMAP_SIZE):
            names.append(_part(bucket, start))
            yield Page(urls.sitemap(names[-1]), "sitemap", tuple(numbers[start : start + SITEMAP_SIZE]))
    others = ["", *listed]
    for start in range(0, len(others), SITEMAP_SIZE):
        names.append(_part("pages", start))
        data = _data(urls=others[start : start + SITEMAP_SIZE])
        yield Page(urls.sitemap(names[-1]), "sitemap", data=data)
    yield Page(urls.sitemap(), "sitemap_index", data=_data(sitemaps=[urls.sitemap(name) for name in names]))


def _part(bucket: str, start: int) -> str:
    return f"{bucket}-{start // SITEMAP_SIZE + 1}" if start else bucket


def _files(site: Site, files: Files) -> Iterator[Page]:
    yield Page(urls.NOT_FOUND, "not_found")
    yield Page("robots.txt", "robots")
    yield Page(".nojekyll", "empty")
    yield Page("_headers", "headers")
    yield Page("assets/code.css", "code_css")
    for path, sign in files.static.items():
        yield Page(f"assets/{path}", "static", data=_data(path=path, sign=sign))
    for path, sign in files.media.items():
        yield Page(path, "media", data=_data(path=path, sign=sign))
