"""Subheads of plain text: what is one, what only looks like one, and what a prompt between paragraphs does to them."""

from __future__ import annotations

import pytest

from site_builder.extraction import extract
from site_builder.extraction.text.inside import clean_inside, mark_body
from site_builder.extraction.text.lines import Draft, read_lines
from site_builder.model import Article, Record

HEAD = "Old Bridge To Close After Council Vote"
STORY = (
    "The council voted on Tuesday to close the old bridge, which engineers of the town have called unsafe for years.",
    '"We had no choice," said Bo Ekmark, the mayor, after the meeting. "It will be rebuilt by spring at the latest."',
    "The bridge was built in 1931 and carries about four thousand cars a day, many of them on the way to the harbour.",
    "A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic again.",
)


def rules(between: str, divider: str = "") -> dict[str, str]:
    """The rules that the lines of a story with a line between its second and third paragraph ended under."""
    blocks = [HEAD, "May 3, 2001", *STORY[:2], between, *STORY[2:]]
    text = f"\n\n{divider}\n\n".join(blocks) if divider else "\n\n".join(blocks)
    return {verdict.text: verdict.rule for verdict in extract(Record("page.txt", "text", text, "")).verdicts}


@pytest.mark.parametrize("line", ["A ferry instead of the bridge", "What will become of the traders?"])
def test_subheads(line: str) -> None:
    assert rules(line)[line] == "subhead"


@pytest.mark.parametrize(
    "line", ["Bo Ekmark", "Bo Ekmark, mayor of the town", "03.05.2001 | 2:43 min", "Old bridge - plan.png"]
)
def test_what_only_looks_like_one(line: str) -> None:
    assert rules(line)[line] != "subhead"


def test_a_prompt_between_all_paragraphs_is_a_divider() -> None:
    line = "A ferry instead of the bridge"
    found = rules(line, "Article content")
    assert found[line] == "subhead"
    assert all(found[paragraph] == "paragraph" for paragraph in STORY)


def test_an_entry_of_the_contents_above_the_story_is_a_subhead_in_it() -> None:
    line = "Ferry instead"
    text = "\n\n".join([HEAD, "May 3, 2001", "Contents", line, *STORY[:2], line, *STORY[2:]])
    found = extract(Record("page.txt", "text", text, "")).verdicts
    assert [verdict.rule for verdict in found if verdict.text == line][1] == "subhead"


def test_a_label_above_a_subhead_says_nothing_against_it() -> None:
    line = "A ferry instead of the bridge"
    assert rules(f"Harbour\n\n{line}")[line] == "subhead"
    assert rules(f"Harbour and town today\n\n{line}")[line] == "subhead"  # the paragraphs below it speak of a ferry
    line = "Sailing is cheap enough"
    assert rules(f"Harbour\n\n{line}")[line] == "subhead"
    assert rules(f"Harbour and town today\n\n{line}")[line] != "subhead"


@pytest.mark.parametrize(
    ("line", "score", "rule"),
    [
        ("A ferry instead", -0.8, "subhead"),  # between two sentences
        ("A ferry instead", -1.2, "paragraph"),
        ("A ferry (photo)", -0.8, "paragraph"),
        ("A ferry at 10", -0.8, "paragraph"),
    ],
)
def test_in_crawl_text_a_subhead_may_be_unlike_the_story(line: str, score: float, rule: str) -> None:
    lines = read_lines("\n".join([STORY[0], line, STORY[1]]))
    draft = Draft(lines, {}, Article(title=""), start=0, end=3, blocks=False, scores=(2.0, score, 2.0))
    assert mark_body(draft).marks[1].rule == rule


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Engineers call it unsafe, the council votes for a ferry and for a new bridge", "subhead"),  # 15 words
        ("Nobody asked us about sailing before, which is the reason why people are angry", "paragraph"),
        ("11.40 - Harbour master resigns", "subhead"),
        ("WATCH | A ferry instead of the bridge", "paragraph"),
        ("— Ann Leeds (@annleeds) May 3, 2001", "paragraph"),
        ("— Ann Leeds", "paragraph"),
        ("Today, 11:40", "paragraph"),
        ("A ferry instead >>", "paragraph"),
        ("« A ferry instead »", "subhead"),
    ],
)
def test_what_the_text_below_says_again_may_be_longer(line: str, rule: str) -> None:
    below = "A ferry is to run from Monday, for the council voted against the bridge, which engineers called unsafe at last."
    lines = read_lines("\n\n".join([STORY[1], line, below]))
    draft = Draft(lines, {}, Article(title=""), start=0, end=3, scores=(2.0, 1.0, 2.0))
    assert mark_body(draft).marks[1].rule == rule


def test_numbers_with_text_between_them_are_subheads_though_no_sentence_follows() -> None:
    items = ("1. Row a boat", "2. Hire a sailor", "3. Build a raft")
    parts = [part for item in items for part in (item, "From 20 crowns", STORY[2])]
    found = [STORY[0], *parts, STORY[1]]
    lines = read_lines("\n\n".join(found))
    draft = Draft(lines, {}, Article(title=""), start=0, end=len(lines), scores=(1.0,) * len(lines))
    marks = mark_body(draft).marks
    assert [lines[index].text for index, mark in marks.items() if mark.rule == "subhead"] == list(items)


def crawl(lines: list[str], scores: list[float]) -> list[str]:
    """The rules that the lines of a story in crawl text ended under."""
    read = read_lines("\n".join(lines))
    draft = Draft(read, {}, Article(title=""), start=0, end=len(read), blocks=False, scores=tuple(scores))
    marks = mark_body(clean_inside(draft)).marks
    return [marks[index].rule for index in range(len(lines))]


def test_in_crawl_text_the_last_of_a_box_may_be_a_subhead() -> None:
    box, other = "box or menu inside the story", "unlike the story's lines"
    rules = crawl([STORY[0], "Harbour news", "A ferry instead", STORY[3]], [2, 0, 0, 2])
    assert rules == ["paragraph", box, "subhead", "paragraph"]
    assert crawl([STORY[0], "Harbour news", "Sailing is cheap", STORY[3]], [2, 0, 0, 2])[1:3] == [box, box]
    assert crawl([STORY[0], "A ferry instead", STORY[3]], [2, -1.5, 2])[1] == "subhead"
    assert crawl([STORY[0], "A ferry instead", STORY[3]], [2, -2.5, 2])[1] == other
    assert crawl([STORY[0], "Sailing is cheap", STORY[3]], [2, -1.5, 2])[1] == other
