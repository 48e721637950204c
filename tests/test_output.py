"""The ledger's list of the pages to make: complete, in an order in which lists of the same articles stand together, and
known as ours before anything is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from site_builder import urls
from site_builder.ledger_tables import FILE
from site_builder.model import Group, Page, Stamp
from site_builder.output import Ledger
from site_builder.publishing import FOLDER, Written


def stamp(page: Page) -> Stamp:
    return Stamp(b"v" * 16, b"s" * 16, page.url.encode())


def todo(output: Path, pages: list[Page]) -> list[Page]:
    with Ledger.open(output) as ledger:
        plan = ledger.compare(lambda: [Group("all", b"", lambda: pages)], stamp, b"")
        assert plan.is_on_the_way and plan.total == 0
        found = [page for page, _ in ledger.todo(plan)]
        assert plan.total == plan.result().make == len(found)
        assert [page for page, _ in ledger.todo(plan)] == found
        return found


def test_articles_come_first_and_lists_by_their_first_article(tmp_path: Path) -> None:
    pages = [
        Page("b.html", "article", (9, 1), (2,)),
        Page("tags/x/1999/", "term_year", (5, 6)),
        Page("a.html", "article", (1,), (1,)),
        Page("tags/x/2000/", "term_year", (8, 9)),
        Page("tags/y/1999/", "term_year", (4, 7)),
        Page("robots.txt", "robots"),
        Page("tags/y/feed.xml", "feed_rss", (8, 4)),
    ]
    assert [page.url for page in todo(tmp_path, pages)] == [
        *("b.html", "a.html", "robots.txt"),
        *("tags/y/1999/", "tags/x/1999/", "tags/x/2000/", "tags/y/feed.xml"),
    ]


@pytest.mark.parametrize("spread", [1, 7, 400, 1400])
def test_each_page_is_given_once_with_all_that_it_has(tmp_path: Path, spread: int) -> None:
    pages = [
        Page(
            f"{number}.html",
            "day",
            tuple(range(number * 31 % spread, number * 31 % spread + number % 4)),
            (number,) if number % 5 == 0 else (),
            data=f'{{"n":{number}}}',
        )
        for number in range(1400)  # more than two questions bring
    ]
    given = todo(tmp_path, pages)
    assert sorted(given, key=lambda page: int(page.url.removesuffix(".html"))) == pages


def articles(first: int, last: int) -> list[Page]:
    return [Page(f"{number}.html", "article", (), (number,)) for number in range(first, last)]


def known(output: Path) -> set[str]:
    """The paths that the ledger has, as another process sees them."""
    db = sqlite3.connect(f"file:{output / FOLDER / FILE}?mode=ro", uri=True)
    try:
        return {path for (path,) in db.execute("SELECT path FROM page")}
    finally:
        db.close()


def test_a_page_is_known_as_ours_before_it_is_given(tmp_path: Path) -> None:
    planned: list[str] = []

    def groups() -> Iterator[Group]:
        for start in range(0, 3000, 100):
            planned.append(str(start))
            yield Group(str(start), b"", partial(articles, start, start + 100))

    given = 0
    with Ledger.open(tmp_path) as ledger:
        plan = ledger.compare(groups, stamp, b"")
        for page, ours in ledger.todo(plan):
            assert ours
            if given % 97 == 0:
                assert page.url in known(tmp_path)
            if given == 0:
                assert len(planned) < 30  # the rest of the plan is still to come
            given += 1
    assert given == 3000


def test_a_plan_that_stops_leaves_nothing_that_is_not_known(tmp_path: Path) -> None:
    def groups() -> Iterator[Group]:
        yield Group("first", b"", partial(articles, 0, 1200))
        raise RuntimeError("stopped")

    given: list[str] = []
    with Ledger.open(tmp_path) as ledger:
        plan = ledger.compare(groups, stamp, b"")
        with pytest.raises(RuntimeError):
            given.extend(page.url for page, _ in ledger.todo(plan))
    assert given and set(given) <= known(tmp_path)
    with Ledger.open(tmp_path) as ledger:
        plan = ledger.compare(lambda: [Group("first", b"", partial(articles, 0, 1300))], stamp, b"")
        assert not plan.is_on_the_way
        assert len(list(ledger.todo(plan))) == plan.total == 1300


@pytest.mark.parametrize("apart", [1, 2000])
def test_of_two_pages_for_one_file_the_first_is_given_and_the_other_told(tmp_path: Path, apart: int) -> None:
    pages = [*articles(0, apart), Page("0.HTML", "article", (), (1,)), *articles(apart, apart + 10)]
    with Ledger.open(tmp_path) as ledger:
        plan = ledger.compare(lambda: [Group("all", b"", lambda: pages)], stamp, b"")
        assert [page.url for page, _ in ledger.todo(plan)] == [page.url for page in articles(0, apart + 10)]
        assert [problem.where for problem in plan.result().problems] == ["0.HTML"]


def test_pages_of_an_output_that_has_some_are_planned_first(tmp_path: Path) -> None:
    def build(pages: list[Page]) -> tuple[bool, int, tuple[str, ...]]:
        with Ledger.open(tmp_path) as ledger:
            plan = ledger.compare(lambda: [Group("all", b"", lambda: pages)], stamp, b"")
            ledger.intend(plan)
            written = [Written(urls.output_path(page.url), (1, 2, 3), b"sum", True) for page, _ in ledger.todo(plan)]
            ledger.record(written)
            result = plan.result()
            ledger.remove(result.remove)
            ledger.finish(b"inputs")
            return plan.is_on_the_way, result.make, result.remove

    assert build(articles(0, 5)) == (True, 5, ())
    assert build(articles(2, 5)) == (False, 3, ("0.html", "1.html"))  # their files are gone
