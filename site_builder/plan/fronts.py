"""The plan by calendar: each month's articles, and the fronts of days, months and years."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from site_builder import urls
from site_builder.index import Index
from site_builder.model import Group, Page
from site_builder.parts import addresses, data, group, sitemaps, split
from site_builder.settings import Site
from site_builder.sums import Sums
from site_builder.tallies import ANNIVERSARY, MONTH

ANNIVERSARY_ITEMS = 5
"""Articles of each year that a day of the year shows; the day's front has the others."""

Bucket = tuple[str, ...]
Rows = list[tuple[int, str, str]]
"""Number, month and day of articles; both empty where they are not known."""


@dataclass(frozen=True, slots=True)
class Month:
    """The articles of one month, or of a year or of no year where no more is known: how many there are, the numbers
    of the first and the last, the digests of their cards and of their files and terms.

    `ends` has for each section the last article before the month, and the first after it; 0 for none.
    """

    year: str
    month: str
    count: int
    first: int
    last: int
    cards: bytes
    files: bytes
    ends: Mapping[str, tuple[int, int]]

    @property
    def name(self) -> str:
        """As its sitemap is called."""
        return f"{self.year}-{self.month}" if self.month else self.year or "undated"


class Calendar:
    """How many articles there are in each bucket; a few thousand small values for decades of days."""

    def __init__(self, index: Index, sums: Sums) -> None:
        self.days: dict[Bucket, int] = {}
        self.years: Counter[str] = Counter()
        self.months: list[Month] = []
        months = list(index.tallies(sums, MONTH))
        sections = [{slug: (first, last) for slug, first, last in month.told[3]} for month in months]
        before = _last_before(sections, 1)
        after = _last_before(sections[::-1], 0)[::-1]
        for month, found, ahead, behind in zip(months, sections, before, after, strict=True):
            y, _, m = month.slug.partition(" ")
            first, last, days, _ = month.told
            self.days.update(((y, m, d), n) for d, n in days)
            ends = {slug: (ahead[slug], behind[slug]) for slug in found}
            self.months.append(Month(y, m, month.held, first, last, month.sign[:16], month.sign[16:], ends))
            if y:
                self.years[y] += month.held

    @property
    def undated(self) -> int:
        """How many articles have no year."""
        return sum(month.count for month in self.months if not month.year)

    @property
    def total(self) -> int:
        """How many articles there are."""
        return sum(month.count for month in self.months)

    def of_months(self) -> dict[Bucket, int]:
        """How many articles each month has."""
        return {(month.year, month.month): month.count for month in self.months if month.month}


def _last_before(months: Sequence[Mapping[str, tuple[int, int]]], which: int) -> list[dict[str, int]]:
    """Of each month's sections, one article of the last month before that has the section: the first or the last."""
    known: dict[str, int] = {}
    found: list[dict[str, int]] = []
    for sections in months:
        found.append({slug: known.get(slug, 0) for slug in sections})
        known.update((slug, pair[which]) for slug, pair in sections.items())
    return found


# ----------------------------------------------------------------------------------------------- articles


def articles(site: Site, index: Index, calendar: Calendar, sums: Sums) -> Iterator[Group]:
    """The articles of each month, with their neighbours in time, overall and in the section, and the month's sitemap."""
    for i, month in enumerate(calendar.months):
        before = calendar.months[i - 1].last if i else None
        after = calendar.months[i + 1].first if i + 1 < len(calendar.months) else None
        around = sums.of([before or 0, after or 0, *chain.from_iterable(month.ends.values())])
        yield group(
            f"articles {month.name}",
            _Articles(site, index, month, before, after),
            *(month.cards, month.files, around),
            ends=[before is None, after is None],
        )


@dataclass(frozen=True, slots=True)
class _Articles:
    """The pages of a month's articles. Numbers are all that is held of them, 12 MB for a million of one month."""

    site: Site
    index: Index
    month: Month
    before: int | None
    after: int | None

    def __call__(self) -> Iterator[Page]:
        numbers, *in_section = self._in_section()
        renamed = self._renamed()
        last = len(numbers) - 1
        for i, here in enumerate(self.index.rows("month", self.month.year, self.month.month)):
            time = numbers[i - 1] if i else self.before, numbers[i + 1] if i < last else self.after
            yield self._article(here, (*time, *(beside[i] or None for beside in in_section)), renamed)
        if self.site.pages.sitemap:
            for name, part in sitemaps(self.month.name, len(numbers)):
                yield Page(urls.sitemap(name), "sitemap", tuple(numbers[part]))

    def _in_section(self) -> tuple[array[int], array[int], array[int]]:
        """The articles in their order, and of each the one before and after it in its section; 0 for none."""
        numbers, before, after = array("i"), array("i"), array("i")
        places: dict[str, int] = {}
        for n, slug in self.index.rows("month_sections", self.month.year, self.month.month):
            ends = self.month.ends.get(slug, (0, 0))
            here = len(numbers)
            last = places.get(slug)
            numbers.append(n)
            before.append(ends[0] if last is None else numbers[last])
            after.append(ends[1])
            if slug is not None:
                if last is not None:
                    after[last] = n
                places[slug] = here
        return numbers, before, after

    def _renamed(self) -> _Renamed:
        """By article: what stands for each variant that it names."""
        found: _Renamed = {}
        for n, kind, slug, given in self.index.rows("given", self.month.year, self.month.month):
            found.setdefault(n, {}).setdefault(kind, {}).update(dict.fromkeys(given.split(), slug))
        return found

    @staticmethod
    def _article(here: tuple[int, str], beside: tuple[int | None, ...], renamed: _Renamed) -> Page:
        number, url = here
        items = tuple(dict.fromkeys((number, *(n for n in beside if n is not None))))
        places = tuple(items.index(n) if n else None for n in beside)
        shown = _places(*places) if number not in renamed else _shown(*places, preferred=renamed[number])
        return Page(url, "article", items, (number,), shown)


_Renamed = dict[int, dict[str, dict[str, str]]]
"""By article and kind of term: the path part of a variant, and that of the name which stands for it."""


def _shown(prev: int | None, next: int | None, before: int | None, after: int | None, **more: Any) -> str:
    """Where in its items a page finds its neighbours."""
    return data(prev=prev, next=next, section_prev=before, section_next=after, **more)


_places = lru_cache(maxsize=256)(_shown)
"""There are some forty ways, and a million articles."""


# ------------------------------------------------------------------------------------------------- fronts


def groups(site: Site, index: Index, calendar: Calendar) -> Iterator[Group]:
    """Day, month and year fronts, a group for each year; the archive overview; and the articles without a year."""
    months = calendar.of_months()
    by_year, by_month = _by_bucket(months), _by_bucket(calendar.days)
    years = sorted(calendar.years)
    if site.pages.calendar:
        held = [[y, calendar.years[y], [[m[1], n] for m, n in by_year.get((y,), ())]] for y in years]
        values = data(years=held, undated=calendar.undated, total=calendar.total)
        yield group("the archive's front", lambda: [Page(urls.ARCHIVE, "archive", data=values)], values=values)
    ways = _neighbours([(y,) for y in years]) | _neighbours(sorted(months)) | _neighbours(sorted(calendar.days))
    pictures = bool(index.some("pictures"))
    for year, found in groupby(calendar.months, key=lambda month: month.year):
        parts = list(found)
        cards = [month.cards for month in parts]
        if not year:
            yield group("the undated", _Undated(site, index, calendar.undated), *cards)
        elif site.pages.calendar:
            counts = {month: (count, by_month.get(month, [])) for month, count in by_year.get((year,), ())}
            own = {
                bucket: ways[bucket]
                for bucket in ((year,), *counts, *(day for _, days in counts.values() for day, _ in days))
            }
            edges = [[way["prev"], way["next"]] for way in own.values()]
            # With its lead story's picture a day shows more than cards.
            files = [month.files for month in parts] if pictures else []
            pages = _Year(site, index, year, calendar.years[year], counts, own, pictures)
            yield group(f"fronts {year}", pages, *cards, *files, ways=edges)


def anniversaries(site: Site, index: Index, sums: Sums, listed: list[str]) -> Iterator[Group]:
    """A group for each day of the year that has articles, and the overview of all; `listed` gets the site paths."""
    if not site.pages.calendar:
        return
    counts: list[tuple[str, int]] = []
    tallies = list(index.tallies(sums, ANNIVERSARY))  # 366 at most
    for i, (_, day, count, sign, _) in enumerate(tallies):
        ways = [tallies[j].slug if 0 <= j < len(tallies) else None for j in (i - 1, i + 1)]
        counts.append((day, count))
        listed.append(urls.on_this_day(day))
        yield group(f"on this day {day}", _Anniversary(index, day, ways), sign, ways=ways)
    listed.append(urls.ON_THIS_DAY)
    values = data(days=counts)
    yield group("on this day", lambda: [Page(urls.ON_THIS_DAY, "days_of_year", data=values)], values=values)


@dataclass(frozen=True, slots=True)
class _Anniversary:
    """What happened on one day of the year, the newest year first, with the first few articles of each."""

    index: Index
    day: str
    ways: list[str | None]

    def __call__(self) -> Iterator[Page]:
        years: list[tuple[str, int, int]] = []
        numbers: list[int] = []
        for year, rows in groupby(self.index.rows("anniversary", self.day), key=itemgetter(1)):
            found = [n for n, _ in rows]
            numbers += found[:ANNIVERSARY_ITEMS]
            years.append((year, len(found), len(found[:ANNIVERSARY_ITEMS])))
        values = data(day=self.day, years=years, ways=self.ways)
        yield Page(urls.on_this_day(self.day), "on_this_day", tuple(numbers), data=values)


def listed(site: Site, calendar: Calendar) -> Iterator[str]:
    """The site paths of all fronts, for the sitemap."""
    size = site.pages.list_size
    if site.pages.calendar:
        yield urls.ARCHIVE
    vague = {month.year: month.count for month in calendar.months if not month.month}
    if "" in vague:
        yield from addresses(urls.UNDATED, vague[""], size)
    if not site.pages.calendar:
        return
    for year in sorted(calendar.years):
        yield from addresses(urls.front(year), vague.get(year, 0), size)
    for bucket in sorted(calendar.of_months()):
        yield urls.front(*bucket)
    for bucket, count in sorted(calendar.days.items()):
        yield from addresses(urls.front(*bucket), count, size)


def _by_bucket(counts: Mapping[Bucket, int]) -> dict[Bucket, list[tuple[Bucket, int]]]:
    """Counts of months by year, or of days by month."""
    found: dict[Bucket, list[tuple[Bucket, int]]] = defaultdict(list)
    for bucket in sorted(counts):
        found[bucket[:-1]].append((bucket, counts[bucket]))
    return found


def _neighbours(buckets: Sequence[Bucket]) -> dict[Bucket, dict[str, Any]]:
    """The bucket before and after each that has articles; empty ones are skipped."""
    return {
        bucket: {
            "prev": buckets[i - 1] if i else None,
            "next": buckets[i + 1] if i + 1 < len(buckets) else None,
        }
        for i, bucket in enumerate(buckets)
    }


@dataclass(frozen=True, slots=True)
class _Undated:
    site: Site
    index: Index
    total: int

    def __call__(self) -> Iterator[Page]:
        numbers = [row[0] for row in self.index.rows("year", "")]
        yield from split(urls.UNDATED, "undated", numbers, self.site.pages.list_size, total=len(numbers))


@dataclass(frozen=True, slots=True)
class _Year:
    """The fronts of a year. `counts` has its months with their days, `ways` the neighbours of each bucket; `pictures`
    is whether any article shows some.
    """

    site: Site
    index: Index
    year: str
    total: int
    counts: Mapping[Bucket, tuple[int, list[tuple[Bucket, int]]]]
    ways: Mapping[Bucket, Mapping[str, Any]]
    pictures: bool

    def __call__(self) -> Iterator[Page]:
        rows: Rows = list(self.index.rows("year", self.year))
        months = [[month[1], count, [[day[2], n] for day, n in days]] for month, (count, days) in self.counts.items()]
        vague = [n for n, m, _ in rows if not m]
        pictured = {n for (n,) in self.index.rows("pictured", self.year)} if self.pictures else set()
        bucket = (self.year,)
        shown = {"bucket": bucket, "months": months, "total": self.total, **self.ways[bucket]}
        yield from split(urls.front(self.year), "year", vague, self.site.pages.list_size, **shown)
        for m, in_month in groupby((row for row in rows if row[1]), key=itemgetter(1)):
            yield from self._month((self.year, m), list(in_month), pictured)

    def _month(self, bucket: Bucket, rows: Rows, pictured: set[int]) -> Iterator[Page]:
        size = self.site.pages.list_size
        days = [[day[2], n] for day, n in self.counts[bucket][1]]
        # A month of a big paper has thousands of headlines; then each day shows its first three and the way to all.
        brief = len(rows) > 2 * size
        numbers = _first_of_each_day(rows, 3) if brief else [n for n, _, _ in rows]
        shown = data(bucket=bucket, days=days, total=len(rows), brief=brief, **self.ways[bucket])
        yield Page(urls.front(*bucket), "month", tuple(numbers), data=shown)
        for d, in_day in groupby((row for row in rows if row[2]), key=itemgetter(2)):
            day = (*bucket, d)
            numbers = [n for n, _, _ in in_day]
            ways = self.ways[day]
            *parts, front = split(urls.front(*day), "day", numbers, size, bucket=day, total=len(numbers), **ways)
            yield from parts
            yield front._replace(full=front.items[-1:]) if front.items[-1] in pictured else front


def _first_of_each_day(rows: Iterable[tuple[int, str, str]], count: int) -> list[int]:
    return [n for _, group in groupby(rows, key=itemgetter(2)) for n in [n for n, _, _ in group][:count]]
