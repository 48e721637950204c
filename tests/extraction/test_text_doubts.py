"""What the extraction of plain text doubts itself."""

from __future__ import annotations

import pytest

from site_builder.extraction import extract
from site_builder.extraction.text import doubting
from site_builder.model import Record

HEAD = "Old Bridge To Close After Council Vote"
STORY = """The council voted on Tuesday to close the old bridge, which engineers have called unsafe for years.

"We had no choice," the mayor said after the meeting. "It will be rebuilt by spring, and nobody will be cut off."

The bridge was built in 1931 and carries about four thousand cars a day, many of them on their way to the harbour.

A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic."""


def doubts(text: str, **meta: object) -> tuple[str, ...]:
    return extract(Record("page.txt", "text", text, "", meta)).doubts


def test_a_plain_story_leaves_none() -> None:
    assert doubts(f"{HEAD}\n\nBy Ann Lee\n\nMay 3, 2001\n\n{STORY}") == ()


def test_a_text_that_is_no_story() -> None:
    assert "no story found among its lines, all of them were kept" in doubts(
        "Ferry times\n\nMonday 6:00\n\nTuesday 6:30"
    )


def test_a_story_without_a_headline() -> None:
    found = "no headline found, its title is its beginning"
    text = STORY.replace("Tuesday", "Tuesday evening, after a debate of three hours and in spite of protests,")
    assert found in doubts(text)
    assert found not in doubts(text, title=HEAD)


def test_dates_that_are_not_sure() -> None:
    told = "its date is uncertain: told by a sentence or by the last update alone"
    assert doubts(f"{HEAD}\n\nUpdated May 3, 2001\n\n{STORY}") == (told,)
    assert doubts(f"{HEAD}\n\n{STORY.replace('on Tuesday', 'on April 12')}") == (told,)
    assert doubts(f"{HEAD}\n\n{STORY.replace('on Tuesday', 'on April 12')}", date="2001-04-12") == ()
    assert doubts(f"{HEAD}\n\nMay 3, 2001\n\nAugust 17, 2003\n\n{STORY}") == ("two dates stand at its head",)
    assert doubts(f"{HEAD}\n\nMay 3, 2001\n\nMay 4, 2001\n\n{STORY}") == ()


def test_a_body_of_lines_that_are_hardly_a_story_s(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{HEAD}\n\nBy Ann Lee\n\nMay 3, 2001\n\n{STORY}"
    monkeypatch.setattr(doubting, "SURE", 0.9)
    assert doubts(text) == ("little confidence in the body",)
