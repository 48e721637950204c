"""Index → groups of `Page`: every output file that should exist, and all that each may show.

A plan is data: it opens no file, renders nothing, and gives the same pages in the same order for the same archive.
Its pages come in groups (a month's articles, a year's fronts, a term), each with a digest of what decides about it,
so that a build plans only the groups that changed: of the 25,000 pages of 10,000 articles one edit leaves all but 60
unplanned.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain, groupby
from operator import itemgetter

from site_builder import finding, urls
from site_builder.authorities import NONE, Authorities
from site_builder.index import Index
from site_builder.model import Facts, Files, Group, Page
from site_builder.parts import data, group, sitemaps
from site_builder.plan import fronts, terms
from site_builder.plan.fronts import Calendar
from site_builder.plan.terms import Tally, Term
from site_builder.settings import Site
from site_builder.sums import Sums

HOME_SECTIONS = 6
MONTHS = [f"{month:02}" for month in range(1, 13)]


def facts(site: Site, index: Index) -> Facts:
    """The facts of an archive."""
    present = {row[0] for row in index.rows("kinds")}
    return Facts(tuple(kind for kind in urls.KINDS if kind in present and kind in site.pages.terms))


def pages(site: Site, index: Index, files: Files, sums: Sums, known: Authorities = NONE) -> Iterator[Page]:
    """Every page of the site. Of two pages that want one file the first in this stream gets it."""
    for some in groups(site, index, files, sums, known):
        yield from some.pages()


def groups(site: Site, index: Index, files: Files, sums: Sums, known: Authorities = NONE) -> Iterator[Group]:
    """The groups of the site's pages; `known` are the authorities that the index has adopted. Digests leave out what `Site` and `Facts` say, which every page may show."""
    calendar = Calendar(index, sums)
    yield from fronts.articles(site, index, calendar, sums)
    yield from fronts.groups(site, index, calendar)
    listed: list[str] = list(fronts.listed(site, calendar))  # for the sitemap: short texts, a few for each day and term
    yield from fronts.anniversaries(site, index, sums, listed)
    tally = Tally()
    yield from terms.groups(site, index, sums, known, listed, tally)
    if site.pages.search:
        listed.append(urls.SEARCH)
        yield from _search(site, calendar, tally.counts)

    standing = [(number, url) for number, url in index.rows("standing")]

    def own() -> Iterator[Page]:
        yield from _home(site, index, calendar, tally.sections)
        for number, url in standing:
            yield Page(url, "standing", (number,), (number,))
        for number, url in index.rows("withdrawn"):  # it says why at its own address
            yield Page(url, "tombstone", (), (number,))

    yield Group("home and standing pages", b"", own)
    # Law 8: a page at every address that was ever published. By the beginnings of the addresses, which stand together.
    yield from _ways("moved", index.rows("moved"), sums)
    if site.pages.sitemap:
        listed += [url for _, url in standing]
        months = [month.name for month in calendar.months for _ in sitemaps(month.name, month.count)]
        yield group("sitemaps", partial(_sitemaps, calendar, listed), listed=listed, months=months)
    yield from _files(files)
    # A way from each address that an article had on its former site; last, since any other page goes before it.
    yield from _ways("aliases", index.rows("aliases"), sums)


CROSSING = ("the archive's front", "search dates")
"""Groups of the calendar that show all years."""


def of_year(site: Site, index: Index, sums: Sums) -> Iterator[Group]:
    """The groups of an index with one year's articles that other years change at their edges alone: its articles, its
    fronts and its days in the search."""
    calendar = Calendar(index, sums)
    found = [fronts.articles(site, index, calendar, sums), fronts.groups(site, index, calendar)]
    if site.pages.search and site.pages.calendar:
        found.append(finding.dates(calendar.years, calendar.of_months(), calendar.days))
    yield from (group for group in chain.from_iterable(found) if group.name not in CROSSING)


def _search(site: Site, calendar: Calendar, counts: dict[str, int]) -> Iterator[Group]:
    yield finding.page(counts, calendar.years, calendar.undated, calendar.total)
    if site.pages.calendar:
        yield from finding.dates(calendar.years, calendar.of_months(), calendar.days)


def _home(site: Site, index: Index, calendar: Calendar, sections: list[Term]) -> Iterator[Page]:
    latest = [row[0] for row in index.rows("latest", max(site.pages.home_size, site.feeds.items))]
    items = dict.fromkeys(latest[: site.pages.home_size])
    shown = sorted(sections, key=lambda term: (-term.count, term.slug))[:HOME_SECTIONS]
    for term in shown:
        items.update(dict.fromkeys(term.latest))
    place = {number: i for i, number in enumerate(items)}
    yield Page(
        "",
        "home",
        tuple(items),
        tuple(latest[:1]) if index.shown(latest[:1]) else (),  # for its picture
        data=data(
            latest=min(len(latest), site.pages.home_size),
            sections=[[term.name, term.slug, term.count, [place[n] for n in term.latest]] for term in shown],
            years=[[y, n] for y, n in sorted(calendar.years.items())],
            undated=calendar.undated,
            total=calendar.total,
            **_heat(site, calendar),
        ),
    )
    newest = tuple(latest[: site.feeds.items])
    full = newest if site.feeds.full_text else ()
    for name in site.feeds.formats:
        values = data(kind="", slug="", name="", folder="")
        yield Page(urls.FEEDS[name], f"feed_{name}", newest, full, values)


def _heat(site: Site, calendar: Calendar) -> dict[str, object]:
    """What the table of all years shows, and on which days of the year there is something to look back at."""
    if not site.pages.calendar:
        return {"months": [], "days": []}
    months = calendar.of_months()
    held = [[y, n, [[m, months[y, m]] for m in MONTHS if (y, m) in months]] for y, n in sorted(calendar.years.items())]
    return {"months": held, "days": finding.of_the_year(calendar.days)}


_Way = tuple[str, str, int, str]
"""An address, the one that it leads to, and the number and the status of the article there; 0 for none."""


def _ways(name: str, rows: Iterator[tuple[str, *_Way]], sums: Sums) -> Iterator[Group]:
    """Groups of redirects and tombstones: rows stand together by their first value."""
    for key, found in groupby(rows, key=itemgetter(0)):
        ways: list[_Way] = [row[1:] for row in found]
        numbers = [number for _, _, number, _ in ways if number]
        told = [(old, now, status) for old, now, _, status in ways]
        yield group(f"{name} {key}", partial(_led, ways), sums.of(numbers, numbers), ways=told)


def _led(ways: list[_Way]) -> Iterator[Page]:
    for old, now, number, status in ways:
        if now and status == "published":
            yield Page(old, "redirect", (number,), data=data(to=now))
        else:
            yield Page(old, "tombstone", (), (number,) if status == "withdrawn" else ())


def _sitemaps(calendar: Calendar, listed: list[str]) -> Iterator[Page]:
    """The sitemap of what is no article, in parts where the protocol wants it; and the index of all."""
    names = [name for month in calendar.months for name, _ in sitemaps(month.name, month.count)]
    others = ["", *listed]
    for name, part in sitemaps("pages", len(others)):
        yield Page(urls.sitemap(name), "sitemap", data=data(urls=others[part]))
        names.append(name)
    yield Page(urls.sitemap(), "sitemap_index", data=data(sitemaps=[urls.sitemap(name) for name in names]))


def _files(files: Files) -> Iterator[Group]:
    """What is no page of the archive: the files of the theme and the host, and the media, a group for each folder."""
    yield group("files", partial(_static, files), options=files.options, static=files.static)
    folders: dict[str, list[tuple[str, str, tuple[int, ...]]]] = {}
    for path, sign in files.media.items():
        folders.setdefault(path.rpartition("/")[0], []).append((path, sign, tuple(files.copies.get(path, ()))))
    for folder, held in folders.items():
        yield group(f"files {folder}", partial(_media, held), held=held)


def _static(files: Files) -> Iterator[Page]:
    yield Page(urls.NOT_FOUND, "not_found")
    yield Page("robots.txt", "robots")
    yield Page(".nojekyll", "empty")
    yield Page("_headers", "headers")
    yield Page("assets/code.css", "code_css")
    if files.options:
        yield Page(urls.OPTIONS, "options_css", data=data(css=files.options))
    for path, sign in files.static.items():
        yield Page(f"assets/{path}", "static", data=data(path=path, sign=sign))


def _media(held: list[tuple[str, str, tuple[int, ...]]]) -> Iterator[Page]:
    for path, sign, widths in held:
        yield Page(path, "media", data=data(path=path, sign=sign))
        for width in widths:
            yield Page(urls.smaller(path, width), "picture", data=data(path=path, sign=sign, width=width))
