"""Index → pages: what should exist, what each page may show, and how little a new article changes."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from site_builder import authorities, entries, parts, plan, scanning, settings, urls
from site_builder.index import Index
from site_builder.model import Files, Page
from site_builder.settings import Site
from site_builder.views import VIEWS
from tests import sites

FILES = Files({"site.css": "1"}, {"media/a.jpg": "2"})
SITE = Site(Path(), Path())


@contextmanager
def index_of(root: Path, files: Mapping[str, str]) -> Iterator[Index]:
    """The index of an archive that is written for it."""
    sites.write(root, {f"content/{path}": text for path, text in files.items()})
    content = root / "content"
    with Index.open(root / "index.sqlite3", "test") as index:
        index.compare(scanning.scan(content))
        for path in index.unread():
            index.add([*entries.read(content, [path])])
        index.filled()
        index.read_url_ledger(content / "urls.jsonl")
        index.settle_addresses()
        yield index


def story(title: str = "Story", date: str = "", **more: str) -> str:
    lines = [
        f"title: {title}",
        *([f"date: {date}"] if date else []),
        *(f"{key}: {value}" for key, value in more.items()),
    ]
    return "---\n" + "\n".join(lines) + "\n---\n\nText.\n"


def days(count: int, first: int = 1, month: str = "2017-04") -> dict[str, str]:
    """One article a day."""
    return {f"articles/{month}-{n:02}.md": story(f"Of {n:02}", f"{month}-{n:02}") for n in range(first, first + count)}


class Plan:
    """A plan with the addresses of what its pages show in place of row numbers, which are nobody's business."""

    def __init__(self, pages: list[Page], index: Index) -> None:
        addresses = {n: row[0] for n, row in index.cards({n for page in pages for n in page.items + page.full}).items()}
        self.pages = pages
        self.by_url = {page.url: page for page in pages}
        self.items = {page.url: [addresses[n] for n in page.items] for page in pages}
        self.full = {page.url: [addresses[n] for n in page.full] for page in pages}

    def data(self, url: str) -> Any:
        return json.loads(self.by_url[url].data)

    def urls(self, *views: str) -> list[str]:
        return [page.url for page in self.pages if page.view in views]

    def shown(self) -> dict[str, Any]:
        """All that decides about the bytes of each page."""
        return {page.url: (page.view, self.items[page.url], self.full[page.url], page.data) for page in self.pages}


def planned(root: Path, files: Mapping[str, str], site: Site = SITE) -> Plan:
    with index_of(root, files) as index:
        return Plan(list(plan.pages(site, index, FILES, index.sums({}))), index)


def small(size: int = 2, **more: Any) -> Site:
    """Settings under which lists split soon."""
    return replace(SITE, pages=replace(settings.Pages(), list_size=size, **more))


# ----------------------------------------------------------------------------------------------------- whole


def test_an_empty_archive_has_a_front_page_and_the_files_that_hosts_look_for(tmp_path: Path) -> None:
    made = planned(tmp_path, {})
    assert sorted(made.by_url) == sorted(
        [
            *("search/", "search/start.js", "search/dates.js"),
            *("", "404.html", "archive/", "on-this-day/", "robots.txt", ".nojekyll", "_headers", "assets/code.css"),
            *(
                "feed.xml",
                "atom.xml",
                "feed.json",
                "sitemap.xml",
                "sitemap-pages.xml",
                "assets/site.css",
                "media/a.jpg",
            ),
        ]
    )


ARCHIVE = {
    "articles/a.md": story("A", "2017-04-12", tags="[Syria, C++]", authors="[Ann Lee]", section="World"),
    "articles/b.md": story("B", "2017-04", tags="[Syria]", people="[Bo]", places="[Homs]"),
    "articles/c.md": story("C", "2016", organizations="[UN]"),
    "articles/d.md": story("D", "XXXX-04-12"),
    "articles/draft.md": story("Draft", "2017-04-12", status="draft", tags="[Secret]"),
    "articles/embargo.md": story("Embargo", "2018-01-01", status="embargoed"),
    "articles/gone.md": story("Gone", "2017-04-13", status="withdrawn", tags="[Secret]"),
    "pages/about.md": story("About"),
}


def test_every_article_and_list_has_its_page(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE)
    assert made.urls("article") == ["undated/d.html", "2016/c.html", "2017/04/b.html", "2017/04/12/a.html"]
    assert made.urls("year", "month", "day", "undated") == ["undated/", "2016/", "2017/", "2017/04/", "2017/04/12/"]
    assert sorted(made.urls("term")) == sorted(
        [
            *("authors/ann-lee/", "organizations/un/", "people/bo/", "places/homs/", "sections/world/"),
            *("tags/syria/", urls.term("tags", urls.term_slug("C++"))),
        ]
    )
    assert sorted(made.urls("term_index")) == [f"{kind}/" for kind in sorted(urls.KINDS)]
    assert made.urls("standing", "tombstone") == ["about.html", "2017/04/13/gone.html"]
    assert made.items["tags/syria/"] == ["2017/04/b.html", "2017/04/12/a.html"]


def test_drafts_and_embargoed_articles_are_on_no_page(tmp_path: Path) -> None:
    text = repr(planned(tmp_path, ARCHIVE).shown())
    assert "draft" not in text and "embargo" not in text and "2018" not in text and "secret" not in text.lower()


def test_no_two_pages_want_one_file_and_every_view_exists(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE | days(9), small(2))
    assert max(Counter(urls.fold(urls.output_path(page.url)) for page in made.pages).values()) == 1
    assert {page.view for page in made.pages} <= set(VIEWS)


def test_a_plan_is_the_same_whatever_the_order_in_which_files_came(tmp_path: Path) -> None:
    one = planned(tmp_path / "one", ARCHIVE | days(5))
    with index_of(tmp_path / "two", dict(reversed(days(5).items()))) as index:
        sites.write(tmp_path / "two", {f"content/{path}": text for path, text in ARCHIVE.items()})
        index.compare(scanning.scan(tmp_path / "two" / "content"))
        for path in reversed([*index.unread()]):
            index.add([*entries.read(tmp_path / "two" / "content", [path])])
        index.settle_addresses()
        two = Plan(list(plan.pages(SITE, index, FILES, index.sums({}))), index)
    assert list(one.shown().items()) == list(two.shown().items())


def test_what_a_page_has_whole_is_among_what_it_shows(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE)
    for page in made.pages:
        if page.view not in ("tombstone", "standing"):
            assert set(page.full) <= set(page.items)
    assert made.full["2017/04/12/a.html"] == ["2017/04/12/a.html"]


# ----------------------------------------------------------------------------------------------- settings


def test_settings_leave_out_whole_kinds_of_pages(tmp_path: Path) -> None:
    site = replace(
        SITE,
        pages=settings.Pages(calendar=False, terms=("tags",), sitemap=False),
        feeds=settings.Feeds(formats=("json",), terms=False),
    )
    made = planned(tmp_path, ARCHIVE, site)
    assert not made.urls("year", "month", "day", "archive", "sitemap", "sitemap_index", "feed_rss", "feed_atom")
    assert made.urls("feed_json") == ["feed.json"]
    assert made.urls("term_index") == ["tags/"]
    assert "undated/" in made.by_url, "what has no year stands in no other list"


def test_the_search_page_tells_how_much_each_index_has(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE)
    kinds = [["tags", 2], ["people", 1], ["places", 1], ["organizations", 1], ["authors", 1], ["sections", 1]]
    assert made.data("search/") == {"kinds": kinds, "span": ["2016", "2017"], "undated": 1, "total": 4}
    lists = {"start", "dates", "days-2017", *urls.KINDS}
    assert set(made.urls("search_start", "search_list")) == {urls.search_list(name) for name in lists}
    none = planned(tmp_path, ARCHIVE, small(60, search=False))
    assert not none.urls("search", "search_start", "search_list")
    undated = planned(tmp_path, ARCHIVE, small(60, calendar=False))
    assert set(undated.urls("search_list")) == {urls.search_list(kind) for kind in urls.KINDS}


def test_the_front_page_tells_each_month_and_day_of_the_year_that_has_articles(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE)
    assert made.data("")["months"] == [["2016", 1, []], ["2017", 2, [["04", 2]]]]
    assert made.data("")["days"] == [0, 0, 0, 1 << 11, *[0] * 8]


def test_the_sites_feeds_alone_have_whole_texts(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE)
    assert made.full["feed.xml"] == made.items["feed.xml"] != []
    assert made.items["tags/syria/feed.xml"] == ["2017/04/12/a.html", "2017/04/b.html"]
    assert made.full["tags/syria/feed.xml"] == []
    brief = planned(tmp_path / "brief", ARCHIVE, replace(SITE, feeds=settings.Feeds(full_text=False)))
    assert brief.full["feed.xml"] == []


def test_facts_name_the_kinds_that_are_there_in_a_fixed_order(tmp_path: Path) -> None:
    with index_of(tmp_path, ARCHIVE) as index:
        assert plan.facts(SITE, index).kinds == urls.KINDS
        assert plan.facts(small(terms=("people", "tags")), index).kinds == ("tags", "people")


# ------------------------------------------------------------------------------------------- time and lists


def test_neighbours_are_the_articles_before_and_after_in_time(tmp_path: Path) -> None:
    made = planned(tmp_path, days(3))
    first, middle, last = made.urls("article")
    alone = dict.fromkeys(("prev", "next", "section_prev", "section_next"))
    assert made.items[first] == [first, middle] and made.data(first) == alone | {"next": 1}
    assert made.items[middle] == [middle, first, last] and made.data(middle) == alone | {"prev": 1, "next": 2}
    assert made.items[last] == [last, middle] and made.data(last) == alone | {"prev": 1}


def test_one_article_alone_has_no_neighbours(tmp_path: Path) -> None:
    made = planned(tmp_path, days(1))
    alone = dict.fromkeys(("prev", "next", "section_prev", "section_next"))
    assert made.data("2017/04/01/of-01.html") == alone


def test_neighbours_in_the_section_may_be_years_away(tmp_path: Path) -> None:
    files = {
        f"articles/{n}.md": story(f"S{n}", f"20{n:02}-01-01", section="Arts" if n in (10, 14, 15) else "World")
        for n in range(10, 17)
    }
    made = planned(tmp_path, files)
    page = "2014/01/01/s14.html"
    found = {name: made.items[page][place][:4] for name, place in made.data(page).items()}
    assert found == {"prev": "2013", "next": "2015", "section_prev": "2010", "section_next": "2015"}
    assert len(made.items[page]) == 4, "the next one is the next of the section too"


def test_fronts_name_the_next_that_is_not_empty(tmp_path: Path) -> None:
    made = planned(tmp_path, days(1, 30, "2014-01") | days(1, 1, "2016-03") | days(1, 5, "2016-03"))
    assert made.data("2016/")["prev"] == ["2014"] and made.data("2016/")["next"] is None
    assert made.data("2016/03/")["prev"] == ["2014", "01"]
    assert made.data("2016/03/01/")["next"] == ["2016", "03", "05"]


@pytest.mark.parametrize(("count", "parts"), [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (9, 4)])
def test_a_list_is_split_into_full_parts_and_a_front_with_the_newest(tmp_path: Path, count: int, parts: int) -> None:
    files = {f"articles/{n}.md": story(f"N {n}") for n in range(count)}
    made = planned(tmp_path, files, small(2))
    pieces = [made.items[f"undated/part-{n}.html"] for n in range(1, parts + 1)]
    assert all(len(piece) == 2 for piece in pieces)
    assert [*itertools.chain(*pieces), *made.items["undated/"]] == made.urls("article")
    assert 1 <= len(made.items["undated/"]) <= 2
    assert made.data("undated/")["parts"] == parts and made.data("undated/")["total"] == count


def test_a_long_term_is_split_by_years(tmp_path: Path) -> None:
    files = {
        f"articles/{date}{n}.md": story(f"{date} {n}", date, tags="[Syria]")
        for date in ("", "2016", "2017-04-12")
        for n in range(3)
    }
    made = planned(tmp_path, files, small(2))
    assert made.urls("term_year") == [
        *("tags/syria/undated/part-1.html", "tags/syria/undated/"),
        *("tags/syria/2016/part-1.html", "tags/syria/2016/"),
        *("tags/syria/2017/part-1.html", "tags/syria/2017/"),
    ]
    assert made.data("tags/syria/")["years"] == [["", 3], ["2016", 3], ["2017", 3]]
    listed = [url for page in made.urls("term_year") for url in made.items[page]]
    assert listed == made.urls("article")


def test_a_crowded_month_shows_the_first_of_each_day(tmp_path: Path) -> None:
    files = {f"articles/{n}.md": story(f"N {n}", f"2017-04-{1 + n % 2:02}") for n in range(10)}
    made = planned(tmp_path, files, small(4))
    assert made.data("2017/04/")["brief"] and len(made.items["2017/04/"]) == 6
    assert made.data("2017/04/")["days"] == [["01", 5], ["02", 5]]


def test_a_new_article_changes_no_full_part_but_the_last(tmp_path: Path) -> None:
    """Law 5, on the plan alone: of 200 articles' lists, one more changes those that end with it."""
    files = {f"articles/{n}.md": story(f"N {n:03}", "2017-04-12", tags="[Syria]") for n in range(200)}
    before = planned(tmp_path / "a", files, small(10)).shown()
    after = planned(tmp_path / "b", files | {"articles/x.md": story("N 999", "2017-04-12", tags="[Syria]")}, small(10))
    changed = {url for url, shown in after.shown().items() if before.get(url) != shown}
    # Part 19 was the last full one, and gets a link to part 20.
    parts = {f"{folder}part-{n}.html" for folder in ("2017/04/12/", "tags/syria/2017/") for n in (19, 20)}
    assert {url for url in changed if "part-" in url} <= parts
    assert len(changed) < 30


def test_an_initial_gets_its_own_page_where_names_are_many(tmp_path: Path) -> None:
    names = [f"{chr(97 + n % 26)}{n}" for n in range(plan.terms.INDEX_SIZE)] + ["Élan", "9 lives", "ışık", "ß"]
    made = planned(tmp_path, {"articles/a.md": story("A", tags=json.dumps(names, ensure_ascii=False))})
    initials = dict(made.data("tags/")["initials"])
    assert made.data("tags/")["split"] and sum(initials.values()) == len(names)
    for initial in initials:
        assert made.data(urls.index("tags", initial))["groups"][0][0] == initial
    assert "Élan" in [name for name, *_ in made.data(urls.index("tags", "E"))["groups"][0][1]]


# -------------------------------------------------------------------------------------------- law 8, sitemaps


def test_addresses_that_were_published_stay(tmp_path: Path) -> None:
    ledger = [
        {"id": "one", "url": "2017/old.html"},
        {"id": "nobody", "url": "2017/lost.html"},
        {"id": "hidden", "url": "2017/hidden.html"},
    ]
    files = {
        "articles/a.md": story("New", "2017-04-12", id="one"),
        "articles/b.md": story("Hidden", "2017-04-12", id="hidden", status="draft"),
        "urls.jsonl": "".join(json.dumps(line) + "\n" for line in ledger),
    }
    made = planned(tmp_path, files)
    assert made.by_url["2017/old.html"].view == "redirect"
    assert made.data("2017/old.html") == {"to": "2017/04/12/new.html"}
    assert made.by_url["2017/lost.html"].view == made.by_url["2017/hidden.html"].view == "tombstone"
    assert made.full["2017/hidden.html"] == [], "a draft is not shown by the address that it once had"


def test_sitemaps_are_one_a_month_and_name_every_page_once(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE)
    names = [f"sitemap-{name}.xml" for name in ("undated", "2016", "2017-04", "pages")]
    assert made.urls("sitemap") == names
    assert made.data("sitemap.xml") == {"sitemaps": names}
    named = [url for name in names for url in [*made.items[name], *made.data(name).get("urls", ())]]
    assert len(named) == len(set(named))
    listed = made.urls(
        *("home", "article", "standing", "archive", "year", "month", "day", "undated", "term", "term_index"),
        *("on_this_day", "days_of_year", "search"),
    )
    assert sorted(named) == sorted(listed)


def test_a_sitemap_is_split_before_the_protocols_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SITEMAP_SIZE", 4)
    made = planned(tmp_path, days(9))
    assert [len(made.items[f"sitemap-2017-04{part}.xml"]) for part in ("", "-2", "-3")] == [4, 4, 1]
    assert all(len(made.data(url).get("urls", ())) <= 4 for url in made.urls("sitemap"))
    assert made.data("sitemap.xml")["sitemaps"] == made.urls("sitemap")


def test_files_are_copied_as_they_are(tmp_path: Path) -> None:
    made = planned(tmp_path, {})
    assert made.by_url["assets/site.css"] == Page("assets/site.css", "static", data='{"path":"site.css","sign":"1"}')
    assert made.by_url["media/a.jpg"] == Page("media/a.jpg", "media", data='{"path":"media/a.jpg","sign":"2"}')


# ------------------------------------------------------------------------------------------------- groups


def grouped(root: Path, files: Mapping[str, str], site: Site) -> dict[str, tuple[bytes, list[Any]]]:
    """Inputs and pages of each group, the pages without row numbers but with the digests of what they show."""
    with index_of(root, files) as index:
        sums = index.sums({})
        return {
            group.name: (
                group.inputs,
                [(page.url, page.view, sums.of(page.items, page.full), page.data) for page in group.pages()],
            )
            for group in plan.groups(site, index, FILES, sums)
        }


WIDE = {
    f"articles/{n}.md": story(f"Story {n}", date, tags=f"[Syria, t{n % 3}]", section=f"S{n % 2}", people=f"[P{n % 4}]")
    for n, date in enumerate(
        [
            "2016-12-31",
            "2017",
            "2017-01",
            "2017-01-01",
            "2017-01-01",
            "2017-01-02",
            "2017-02-03",
            "2018-05",
            "",
            "XXXX-04",
        ]
    )
}
EDITS: dict[str, dict[str, str]] = {
    "a body": {"articles/3.md": WIDE["articles/3.md"] + "\nMore.\n"},
    "a title": {"articles/3.md": WIDE["articles/3.md"].replace("Story 3", "Other")},
    "a tag": {"articles/3.md": WIDE["articles/3.md"].replace("Syria", "Homs")},
    "a tag's other spelling": {"articles/3.md": WIDE["articles/3.md"].replace("Syria", "SYRIA")},
    "a person's other spelling": {
        f"articles/{n}.md": WIDE[f"articles/{n}.md"].replace("[P1]", "[p1]") for n in (1, 5, 9)
    },
    "a date": {"articles/3.md": WIDE["articles/3.md"].replace("2017-01-01", "2017-03-09")},
    "the first day of the next year": {"articles/7.md": WIDE["articles/7.md"].replace("2018-05", "2018-04-30")},
    "a section": {"articles/3.md": WIDE["articles/3.md"].replace("section: S1", "section: S0")},
    "a year between": {"articles/new.md": story("New", "2017-12-31")},
    "a day before all": {"articles/new.md": story("New", "1999-12-31")},
    "another undated": {"articles/new.md": story("New")},
    "another vague one": {"articles/new.md": story("New", "2017", tags="[Syria]")},
    "one gone": {"articles/4.md": story("Story 4", "2017-01-01", status="draft")},
    "one with a new name": {"articles/4.md": "", "articles/0-first.md": WIDE["articles/4.md"]},
    "a standing page": {"pages/about.md": story("About")},
    "an old address": {"urls.jsonl": '{"id": "gone", "url": "2001/old.html"}\n'},
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("size", [2, 60])
def test_a_group_with_the_same_inputs_has_the_same_pages(tmp_path: Path, edit: str, size: int) -> None:
    before = grouped(tmp_path / "before", WIDE, small(size))
    files = {path: text for path, text in (WIDE | EDITS[edit]).items() if text}
    after = grouped(tmp_path / "after", files, small(size))
    same = [name for name in before.keys() & after.keys() if before[name][0] and before[name][0] == after[name][0]]
    assert [name for name in same if before[name][1] != after[name][1]] == []
    assert len(same) >= 10


def test_what_an_edit_does_not_touch_is_not_planned(tmp_path: Path) -> None:
    before = grouped(tmp_path / "before", WIDE, SITE)
    after = grouped(tmp_path / "after", WIDE | EDITS["a body"], SITE)
    assert [name for name in after if after[name][0] and after[name] != before[name]] == ["articles 2017-01"]
    after = grouped(tmp_path / "new", WIDE | EDITS["a year between"], SITE)
    changed = {name for name in after if after[name][0] and after[name][0] != before.get(name, (b"",))[0]}
    # Those beside it get another neighbour.
    wanted = {"articles 2017-12", "articles 2017-02", "articles 2018-05", "fronts 2017", "fronts 2018"}
    wanted |= {"the archive's front", "on this day", "on this day 12-31"}
    assert changed == wanted | {"the search page", "search dates", "search days-2017", "sitemaps"}


def test_a_day_of_the_year_has_the_articles_of_all_years(tmp_path: Path) -> None:
    stories = {
        "articles/a.md": story("A", "1961-04-12"),
        "articles/b.md": story("B", "1981-04-12"),
        "articles/c.md": story("C", "XXXX-04-12?"),
        "articles/d.md": story("D", "1981-04"),
        "articles/e.md": story("E", "1992-02-29"),
    } | {f"articles/f{n}.md": story(f"F{n}", "1999-04-12") for n in range(7)}
    made = planned(tmp_path, stories)
    assert made.urls("on_this_day") == ["on-this-day/02-29.html", "on-this-day/04-12.html"]
    shown = made.items["on-this-day/04-12.html"]
    assert [url[:4] for url in shown] == ["unda", "1961", "1981", *["1999"] * plan.fronts.ANNIVERSARY_ITEMS]
    assert made.data("on-this-day/04-12.html")["years"] == [["", 1, 1], ["1961", 1, 1], ["1981", 1, 1], ["1999", 7, 5]]
    assert made.data("on-this-day/")["days"] == [["02-29", 1], ["04-12", 10]]


def test_without_a_calendar_there_are_no_days_of_the_year(tmp_path: Path) -> None:
    made = planned(tmp_path, ARCHIVE, small(60, calendar=False))
    assert made.urls("on_this_day", "days_of_year", "day", "month", "year", "archive") == []


# ------------------------------------------------------------------------------------------ terms and authorities


def test_a_terms_page_names_what_stands_beside_it_most_often(tmp_path: Path) -> None:
    files = {
        "articles/a.md": story("A", "2017-01-01", tags="[Syria, War]", people="[Bo]", section="World"),
        "articles/b.md": story("B", "2018-01-01", tags="[Syria, War]", people="[Bo]", section="World"),
        "articles/c.md": story("C", "2019-01-01", tags="[Syria, Arts]", people="[Bo]", section="World"),
        "articles/d.md": story("D", tags="[Syria]"),
    }
    made = planned(tmp_path, files)
    assert made.data("tags/syria/")["related"] == [["people", "bo", "Bo", 3], ["tags", "war", "War", 2]]
    assert made.items["tags/syria/"][made.data("tags/syria/")["first"]] == "2017/01/01/a.html", (
        "the first mention, which is not what has no date"
    )
    assert planned(tmp_path, files, small(terms=("tags",))).data("tags/syria/")["related"] == [
        ["tags", "war", "War", 2]
    ]


AUTHORITIES = """
people:
  Yuri Gagarin:
    variants: [Gagarin, Jurij Gagarin]
    see_also: [Moon, Nobody]
    same_as: https://www.wikidata.org/wiki/Q7327
"""


def with_authorities(root: Path, files: Mapping[str, str], text: str, site: Site = SITE) -> Plan:
    known = authorities.parse(text)
    with index_of(root, files) as index:
        index.adopt(known)
        return Plan(list(plan.pages(site, index, FILES, index.sums({}), known)), index)


def test_variants_lead_to_the_preferred_name(tmp_path: Path) -> None:
    files = {
        "articles/a.md": story("A", "2017-01-01", people="[Gagarin]", tags="[Moon]"),
        "articles/b.md": story("B", "2018-01-01", people="[YURI GAGARIN, Jurij Gagarin]"),
    }
    made = with_authorities(tmp_path, files, AUTHORITIES)
    assert made.urls("term") == ["people/yuri-gagarin/", "tags/moon/"]
    shown = made.data("people/yuri-gagarin/")
    assert (shown["name"], shown["total"]) == ("Yuri Gagarin", 2)
    assert shown["see_also"] == [["tags", "moon", "Moon"]], "who is in no article has no page"
    assert shown["same_as"] == ["https://www.wikidata.org/wiki/Q7327"]
    assert made.urls("see") == ["people/gagarin/", "people/jurij-gagarin/"]
    assert made.data("people/gagarin/")["to"] == "people/yuri-gagarin/"
    assert made.data("people/")["groups"] == [
        ["G", [["Gagarin", "yuri-gagarin", 0, "Yuri Gagarin"]]],
        ["J", [["Jurij Gagarin", "yuri-gagarin", 0, "Yuri Gagarin"]]],
        ["Y", [["Yuri Gagarin", "yuri-gagarin", 2, "", [["tags", "moon", "Moon"]]]]],
    ]


def test_authorities_of_nobody_here_make_no_page(tmp_path: Path) -> None:
    assert with_authorities(tmp_path, ARCHIVE, AUTHORITIES).shown() == planned(tmp_path / "b", ARCHIVE).shown()


def test_terms_follow_authorities_there_and_back(tmp_path: Path) -> None:
    other = "people:\n  Gagarin: [Yuri Gagarin]\n"
    files = {f"articles/{n}.md": story(name, people=f"[{name}]") for n, name in enumerate(["Gagarin", "Yuri Gagarin"])}
    with index_of(tmp_path, files) as index:
        seen = []
        for text in (AUTHORITIES, other, "", AUTHORITIES):
            index.adopt(authorities.parse(text))
            seen.append([row[:2] for row in index.tallies(index.sums({}))])
    one, two = ("people", "gagarin"), ("people", "yuri-gagarin")
    assert seen == [[two], [one], [one, two], [two]]
