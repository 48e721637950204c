"""Dates of plain text: which of the days that a page names is the story's, and which are not read at all."""

from __future__ import annotations

import pytest

from site_builder.extraction import extract
from site_builder.model import Article, Record
from site_builder.vocabulary.stamps import Stamp, stamp, writes_day_first

HEAD = "Old Bridge To Close After Council Vote"
LEAD = "Engineers of the town have called the old bridge over the river unsafe for many years, and nobody contradicted."
STORY = """"We had no choice," the mayor said after the meeting. "It will be rebuilt by spring, and nobody will be cut off."

The bridge was built in 1931 and carries about four thousand cars a day, many of them on their way to the harbour.

A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic."""


def article(text: str, **meta: object) -> Article:
    return extract(Record("page.txt", "text", text, "", meta)).article


def told(sentence: str) -> str:
    return article(f"{HEAD}\n\n{LEAD} {sentence}\n\n{STORY}").date


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("The council said on May 3 that it would be closed.", "XXXX-05-03?"),
        ("The study was published today (May 3) in a journal.", "XXXX-05-03?"),
        ("The vote was held on Friday, May 3.", "XXXX-05-03?"),
        ("The council announced May 3rd that it had no choice.", "XXXX-05-03?"),
        ("The council on May 3 rejected the other plan.", "XXXX-05-03?"),
    ],
)
def test_days_that_a_story_is_told_on(sentence: str, date: str) -> None:
    assert told(sentence) == date


@pytest.mark.parametrize(
    "sentence",
    [
        "The two sides are to meet again on May 3.",
        "The mayor said they will meet again on May 3.",
        "A second vote is scheduled for Friday, May 3.",
        "The bridge can be used until May 3.",
        "It was damaged in the May 3 storm.",
        "The mayor said that on May 3 a car had fallen into the river.",
        "The fair runs May 3 – 7 on both banks.",
        "Cars had crossed it on May 3.",
        "It opened on May 3rd, 1931, with a feast.",
    ],
)
def test_days_of_something_else(sentence: str) -> None:
    assert told(sentence) == ""


def test_the_last_of_the_days_told() -> None:
    days = "The council said on April 11 that it was too late. The mayor told the paper on April 12 that he knew."
    assert told(days) == "XXXX-04-12?"
    turn = "The council said on December 31 that it was too late. The mayor told the paper on January 1 that he knew."
    assert told(turn) == "XXXX-01-01?"


def test_a_day_told_in_other_languages() -> None:
    german = "Der Stadtrat erklärte am 3. Mai, dass die alte Brücke über den Fluss nicht mehr sicher ist und geschlossen wird."
    rest = "Die Brücke ist seit vielen Jahren nicht mehr sicher, und niemand hat das bestritten oder etwas dagegen getan.\n\n"
    assert article(f"Alte Brücke geschlossen\n\n{german}\n\n{rest * 3}").date == "XXXX-05-03?"


# ------------------------------------------------------------------------------------------------ date lines


def test_slashes_are_read_as_the_page_writes_them() -> None:
    assert writes_day_first(["8/27/2025", "no date"], "en") is False
    assert writes_day_first(["27/8/2025"], "en") is True
    assert writes_day_first(["27/8/2025", "8/27/2025"], "en") is None
    assert writes_day_first(["3/4/2025"], "en") is None
    assert writes_day_first(["03/04/2025 - 15:30 GMT+1"], "en") is True
    assert writes_day_first(["3/4/2025 at 3:30 PM EST"], "en") is False
    assert writes_day_first(["3/4/2025 at 3:30 PM EST", "4/4/2025, 15:30"], "en") is None
    assert writes_day_first(["3/4/2025 9:30"], "en") is None
    assert writes_day_first([], "de") is True
    assert stamp("8/1/2025", day_first=False) == Stamp("2025-08-01")
    assert stamp("31/31/2025", day_first=True) is None
    assert stamp("11.15.2019 10:09 AM") == Stamp("2019-11-15T10:09:00")
    page = f"{HEAD}\n\n8/1/2025\n\nUpdated 8/27/2025\n\n{LEAD}\n\n{STORY}"
    assert (article(page).date, article(page).updated) == ("2025-08-01", "2025-08-27")


@pytest.mark.parametrize(
    ("line", "years", "date"),
    [
        ("15.10.24 23:35", "© 2024 The Harbour Post", "2024-10-15T23:35:00"),
        ("15.10.87", "© 1988 The Harbour Post", "1987-10-15"),
        ("15.10.24 23:35", "", ""),
        ("3/4/24", "© 2024 The Harbour Post", ""),
        ("4/13/24", "© 2024 The Harbour Post", "2024-04-13"),
    ],
)
def test_a_year_of_two_digits_needs_the_century_from_the_page(line: str, years: str, date: str) -> None:
    assert article(f"{HEAD}\n\n{line}\n\n{LEAD}\n\n{STORY}\n\n{years}").date == date


def test_dates_of_teasers_below_a_story_are_not_its_own() -> None:
    teasers = "\n\n".join(
        f"How the harbour of town number {number} was built\n\nOctober {number}, 2025" for number in (24, 19, 12)
    )
    assert article(f"{HEAD}\n\n{LEAD}\n\n{STORY}\n\nMore stories\n\n{teasers}").date == ""
    found = article(f"{HEAD}\n\nUpdated: December 23, 2025\n\n{LEAD}\n\n{STORY}\n\nMore stories\n\n{teasers}")
    assert found.date == "2025-12-23?"


def test_a_labelled_date_below_a_story_is_its_own() -> None:
    assert article(f"{HEAD}\n\n{LEAD}\n\n{STORY}\n\nFirst published on May 3, 2024 / 8:16 AM").date.startswith(
        "2024-05-03"
    )
