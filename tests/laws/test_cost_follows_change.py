"""Law 5. One new, edited or back-dated article rewrites a bounded number of pages, in an archive of any size.

What a build rewrote is known from `Report.why`, what changed on the disk from the bytes. Each bound says where it
comes from, and an archive four times as large must rewrite no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder import pipeline, workers
from tests import sites

SETTINGS = "[pages]\nlist_size = 5\nhome_size = 6\n[feeds]\nitems = 4\n"
SMALL, LARGE = 120, 480
STORY = (
    "---\nid: new\ntitle: Brand new\ndate: {date}\nauthors: [Reporter 1]\nsection: World\ntags: [one]\n---\n\nNew.\n"
)

TERMS = 3  # of one article here: its author, section and tag
FEEDS = 3
PARTS = 4  # a year has some fifty articles here, sixteen of a section: one in the middle shifts the parts after it
PAGES_OF_A_TERM = 1 + PARTS + 1 + FEEDS  # its page, its year's list, its kind's index, its feeds
FRONTS = 2 + 1 + 1  # day and one part of it, month, year
NEIGHBOUR_FRONTS = 2 * 3  # a first article of a day, month or year gives those before and after it a link
SITE = 1 + 1 + FEEDS + 2 + 1  # home, archive, feeds, sitemap of the month and of the lists, sitemap index
ARTICLES = 1 + 2 + 2  # itself, and its neighbours in time and in its section
BOUND = ARTICLES + FRONTS + NEIGHBOUR_FRONTS + TERMS * PAGES_OF_A_TERM + SITE


def archive(root: Path, count: int, years: float) -> Path:
    """An archive of so many articles, spread evenly over so many years."""
    sites.write(root, sites.many(count, days=int(years * 360)))
    sites.write(root, {"content/site.toml": SETTINGS})
    sites.build(root)
    return root


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small archive, and one of four times as many years."""
    return archive(tmp_path_factory.mktemp("small"), SMALL, 2.5), archive(tmp_path_factory.mktemp("large"), LARGE, 10)


def changed_by(root: Path, edit: Callable[[Path], None]) -> set[str]:
    """The pages that a build rewrote or removed after an edit; those that it made in vain count too."""
    before = sites.read(root / "output")
    edit(root / "content" / "articles")
    report = sites.build(root, explain=True)
    after = sites.read(root / "output")
    different = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    made = {path for path, _ in report.why}
    assert different <= made | (before.keys() - after.keys())
    return made | different


def story(folder: Path, number: int) -> Path:
    """The file of one of the generated articles."""
    (path,) = folder.rglob(f"story-{number:05}.md")
    return path


def _replace(number: int, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = story(folder, number)
        text = path.read_text("utf-8")
        assert re.search(old, text)
        path.write_text(re.sub(old, new, text), "utf-8")

    return edit


def _new(date: str, name: str = "new") -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        (folder / f"{name}-{date}.md").write_text(
            STORY.format(date=date).replace("id: new", f"id: {name}{date}"), "utf-8"
        )

    return edit


def test_a_typo_touches_one_page(archives: tuple[Path, Path]) -> None:
    for root in archives:
        pages = changed_by(root, _replace(3, "And here it ends", "And here it Ends"))
        assert len(pages) == 1
        assert re.fullmatch(r"\d{4}/\d\d/\d\d/story-number-00003\.html", pages.pop())


def test_a_typo_in_the_newest_touches_the_feeds_too(archives: tuple[Path, Path]) -> None:
    """They have the whole text."""
    for root in archives:
        newest = sorted(path for path in sites.read(root / "output") if "/story-number" in path)[-1]
        number = int(newest[-10:-5])
        pages = changed_by(root, _replace(number, "And here it ends", "And here it Ends"))
        assert pages == {newest, "feed.xml", "atom.xml", "feed.json"}


def test_another_paragraph_changes_one_page(archives: tuple[Path, Path]) -> None:
    """The number of words is on the article's card, so that lists are looked at; none of them changes."""
    for root in archives:
        before = sites.read(root / "output")
        pages = changed_by(root, _replace(4, "And here it", "A paragraph more.\n\nAnd here it"))
        after = sites.read(root / "output")
        assert len(pages) <= BOUND
        assert [path for path in after if after[path] != before[path]] == [p for p in pages if "-00004.html" in p]


EDITS = {
    "new and newest": _new("2031-05-05"),
    "new in the middle": _new("2016-03-07"),
    "back-dated before all": _new("1999-12-31"),
    "of a day that is not known": _new("2016-03"),
    "of a year that is not known": _new("XXXX-04-12"),
    "retitled": _replace(9, "title: .*", "title: Another title"),
    "retagged": _replace(11, r"tags: \[.*\]", "tags: [brand-new]"),
    "redated": _replace(10, "date: .*", "date: 2016-01-01"),
    "withdrawn": _replace(12, "id: ", "status: withdrawn\nid: "),
    "deleted": lambda folder: story(folder, 15).unlink(),
}
# Edits that take an article out of one place and put it into another pay in both; a changed address leaves a redirect.
TWICE = {"redated", "retitled", "retagged", "withdrawn", "deleted"}
# An initial that the A-Z index did not have, or a first undated article, is told on no more than their own pages.
SPREAD = 6
"""By how much the counts of two archives may differ: lists that have a second part in one and not in the other."""


@pytest.mark.parametrize("name", EDITS)
def test_bounded(name: str, archives: tuple[Path, Path]) -> None:
    small, large = (changed_by(root, EDITS[name]) for root in archives)
    bound = BOUND + (BOUND - SITE if name in TWICE else 0)
    assert len(small) <= bound, sorted(small)
    assert len(large) <= bound, sorted(large)
    assert len(large) <= len(small) + SPREAD, sorted(large)


def test_full_parts_of_lists_stand_still(tmp_path: Path) -> None:
    """What is new at the end of a day, a year or a term's year changes none of the full parts before it but the last.

    The last one must say that there is one after it now. So a day of a thousand articles costs what a day of ten does.
    """
    root = archive(tmp_path, 300, 0.5)
    same_day = {f"content/articles/{n}.md": STORY.format(date="2016-01-01").replace("new", f"n{n}") for n in range(30)}
    undated = {f"content/articles/u{n}.md": STORY.format(date="").replace("new", f"u{n}") for n in range(30)}
    vague = {f"content/articles/v{n}.md": STORY.format(date="2016").replace("new", f"v{n}") for n in range(30)}
    sites.write(root, same_day | undated | vague)
    sites.build(root)
    parts = {path for path in sites.read(root / "output") if "/part-" in path}
    assert len(parts) > 30
    for date in ("2016-01-01", "2016", ""):
        pages = changed_by(root, _new(date, "zzz"))
        # What is vague stands before all days of its year, in the year's list of a term too.
        of_year = {path for path in pages & parts if date != "2016" or path.startswith("2016/")}
        folders = [path.rpartition("/")[0] for path in of_year]
        assert len(folders) == len(set(folders)), sorted(pages & parts)


def test_nothing_changed_makes_nothing(archives: tuple[Path, Path]) -> None:
    for root in archives:
        report = sites.build(root, explain=True)
        assert (report.why, report.written, report.removed) == ((), 0, 0)


class Watched(workers.Crew):
    """A crew that notes with how many workers something was done."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []

    def run(self, function: Callable[[Any], Any], batches: Iterable[Any], jobs: int) -> Iterator[Any]:
        """As a crew does."""
        self.seen.append(jobs)
        return super().run(function, batches, 1)


def test_a_few_pages_wait_for_no_workers(tmp_path: Path) -> None:
    root = archive(tmp_path, SMALL, 2.5)
    _replace(3, "And here it ends", "And here it Ends")(root / "content" / "articles")
    crew = Watched()
    assert pipeline.build(sites.load(root, jobs=4), crew=crew).written == 1
    assert crew.seen == [4, 1]  # to read, and to make
    assert pipeline.build(sites.load(root, jobs=4), clean=True, crew=crew).kept > pipeline.FEW
    assert crew.seen[2:] == [4, 4]
