"""The ledger's list of the pages to make: complete, and in an order in which lists of the same articles stand together."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.model import Group, Page, Stamp
from site_builder.output import Ledger


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
