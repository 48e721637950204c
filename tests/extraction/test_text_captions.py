"""Captions of plain text: the line beside a credit that stands alone, and the pictures between headline and story."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from site_builder.extraction import extract
from site_builder.extraction.text.captions import find_credited, find_lead
from site_builder.extraction.text.lines import Draft, Mark, read_lines
from site_builder.model import Article, Image, Record

STORY = (
    "The council voted on Tuesday to close the old bridge, which engineers of the town have called unsafe for years.",
    "The bridge was built in 1931 and carries about four thousand cars a day, many of them on the way to the harbour.",
    "A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic again.",
)
CREDIT = "Photo: Ann Lee/AP"


def images(lines: list[str], scores: Sequence[float], blocks: bool = False, **more: int) -> list[tuple[str, str]]:
    """Captions and credits of a story's pictures."""
    read = read_lines(("\n\n" if blocks else "\n").join(lines))
    draft = Draft(read, {}, Article(title=""), end=len(read), blocks=blocks, scores=tuple(scores))
    draft = find_credited(draft._replace(**more))  # type: ignore[arg-type]
    return [(image.caption, image.credit) for image in find_lead(draft).article.images]


@pytest.mark.parametrize("blocks", [False, True])
def test_a_credit_alone_is_of_the_line_that_is_less_like_the_story(blocks: bool) -> None:
    above = [STORY[0], "The bridge in the morning.", CREDIT, STORY[1]]
    assert images(above, [3, -0.5, -3, 3], blocks) == [("The bridge in the morning.", "Ann Lee/AP")]
    below = [STORY[0], CREDIT, "Men look at the old bridge", STORY[1]]
    assert images(below, [1, -3, -0.5, 3], blocks) == [("Men look at the old bridge", "Ann Lee/AP")]


def test_a_label_above_a_credit_is_no_caption_if_a_sentence_stands_below() -> None:
    lines = [STORY[0], "Listen to this article", CREDIT, "The bridge in the morning.", STORY[1]]
    assert images(lines, [3, -2, -3, 0.5, 3]) == [("The bridge in the morning.", "Ann Lee/AP")]


@pytest.mark.parametrize(
    "line", ["Bo Ekmark", "By Bo Ekmark", "May 3, 2001", "Why now?", "© Harbour Post", "Home", "10.30: Vote"]
)
def test_what_is_no_caption_beside_a_credit(line: str) -> None:
    paragraph = " ".join(STORY)
    assert [caption for caption, _ in images([paragraph, line, CREDIT, paragraph], [3, -1, -3, 3])][-1] == ""


def test_the_headline_is_nobodys_caption() -> None:
    lines = ["Old Bridge To Close After Council Vote", CREDIT, "The bridge in the morning.", *STORY]
    scores = [-2, -3, -1, 3, 3, 3]
    assert images(lines, scores, start=3) == [("", "Ann Lee/AP")]  # not known yet
    assert images(lines, scores, start=3, title=0) == [("The bridge in the morning.", "Ann Lee/AP")]


def test_a_caption_far_above_the_story_but_below_the_headline() -> None:
    menu = [f"Entry {number} of the menu" for number in range(30)]
    lines = ["Old Bridge To Close After Council Vote", "The bridge in the morning. (AP Photo/Ann Lee)", *menu, *STORY]
    draft = Draft(read_lines("\n".join(lines)), {}, Article(title=""), start=32, end=35, title=0, blocks=False)
    assert find_credited(draft).article.images == ()
    assert find_lead(draft).article.images == (Image(caption="The bridge in the morning.", credit="AP Photo/Ann Lee"),)
    assert find_lead(draft).marks[1] == Mark("images", "caption")
    assert find_lead(draft._replace(title=-1)) is not None
    assert find_lead(draft._replace(title=-1)).article.images == ()


def test_a_label_in_its_own_line() -> None:
    text = "\n\n".join(
        ["Old Bridge To Close", "May 3, 2001", STORY[0], "Image caption", "Men at the bridge", *STORY[1:]]
    )
    found = extract(Record("page.txt", "text", text, ""))
    assert [image.caption for image in found.article.images] == ["Men at the bridge"]
    assert "Men at" not in found.article.body


@pytest.mark.parametrize(
    ("line", "score", "wanted"),
    [
        ("The mayor and two of his men at the bridge in Westport, May 3, 2001.", 1.0, True),
        ("Le maire et deux de ses hommes devant le vieux pont, le 3 mai 2001", 0.5, True),
        ("The mayor and two of his men at the bridge in Westport, May 3, 2001.", 2.0, False),
        ("The old bridge will be open on two days, May 3 – May 4, 2001.", 1.0, False),
        ("The mayor went home. The bridge was closed to all traffic on May 3, 2001.", 1.0, False),
        ("Ann Lee of the Harbour Post (@annlee) on the other bank, May 3, 2001", 1.0, False),
        ("The mayor and two of his men closed the bridge in May 2001.", 1.0, False),
    ],
)
def test_a_sentence_that_ends_on_a_day(line: str, score: float, wanted: bool) -> None:
    assert images([STORY[0], line, STORY[1]], [3, score, 3]) == ([(line, "")] if wanted else [])
