"""Headlines of crawl text, whose first line is the page's title: which line is it, and how much of it."""

from __future__ import annotations

import pytest

from site_builder.extraction import extract
from site_builder.extraction.text.kickers import trim_title
from site_builder.extraction.text.lines import Draft, read_lines
from site_builder.model import Article, Record

MENU = "Home\nNews\nSport\nWeather\nContact us\nSign in"
STORY = """The council voted on Tuesday to close the old bridge, which engineers of the town have called unsafe for years.
"We had no choice," the mayor said after the meeting. "It will be rebuilt by spring, and nobody will be cut off."
The bridge was built in 1931 and carries about four thousand cars a day, many of them on their way to the harbour.
A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic again.
Traders on the other bank fear for their customers and have asked the town for help until the work is done."""
FOOT = "More stories\nThe Harbour Post\n© 1969 The Harbour Post"


def title(first: str, *head: str) -> str:
    text = "\n".join((first, MENU, *head, STORY, FOOT))
    return extract(Record("page.txt", "text", text, "")).article.title


@pytest.mark.parametrize(
    "headline",
    [
        "Budget 1969 | Town hires an army of bridge builders",
        "Europe : the old bridge of the town is closed to traffic",
        "Council explains: the old bridge is closed - and then it is not",
        '"Just close it" : the words of the mayor about the old bridge',
    ],
)
def test_what_the_page_title_holds_whole_is_not_cut(headline: str) -> None:
    assert title(headline, headline, "By Ann Lee") == headline
    assert title(f"{headline} | The Harbour Post", headline, "By Ann Lee") == headline
    assert title(f"{headline} | The Harbour Post", f"{headline} | The Harbour Post", "By Ann Lee") == headline


def test_a_page_that_prints_its_title_twice_has_its_headline_below() -> None:
    first = "Old Bridge To Close After Council Vote - Harbour 5 Westport"
    text = "\n".join((first, first, MENU, "Old Bridge To Close After Council Vote", "By Ann Lee", STORY, FOOT))
    assert extract(Record("page.txt", "text", text, "")).article.title == "Old Bridge To Close After Council Vote"


def test_titles_in_scripts_without_spaces() -> None:
    first = "古い橋が閉鎖へ町議会が採決-社会-港新聞"
    body = "町議会は火曜日、長年にわたり技師たちが危険だと指摘してきた古い橋を閉鎖することを賛成多数で決めた。\n" * 5
    text = f"{first}\n社会\n経済\n{first.split('-')[0]}\n1969年7月17日 10:00\n{body}"
    assert extract(Record("page.txt", "text", text, "")).article.title == "古い橋が閉鎖へ町議会が採決"


def test_a_deck_is_not_its_headline() -> None:
    head = (
        "Bridges expected to close in storm this week",
        "Bridges are likely to close across town both Friday and Saturday",
    )
    assert title("A few bridges could close Friday and Saturday - The Harbour Post", *head, "By Ann Lee") == head[0]


def test_a_headline_in_other_words_than_the_page_title() -> None:
    found = title("Traffic plans explained for drivers of Westport", "Council votes for a ferry instead", "By Ann Lee")
    assert found == "Council votes for a ferry instead"


def test_a_page_title_without_a_headline_stays() -> None:
    assert title("Traffic plans explained for drivers of Westport") == "Traffic plans explained for drivers of Westport"


def test_the_section_behind_both_headlines_is_neither_one_s() -> None:
    found = title("Traffic plans for Westport | Opinion", "Council votes for a ferry instead | Opinion", "By Ann Lee")
    assert found == "Council votes for a ferry instead"


def test_neither_a_button_nor_a_question_in_the_story_is_the_headline() -> None:
    button = "Show the old bridge picture larger"
    lines = STORY.splitlines()
    text = "\n".join(("Traffic plans of Westport", MENU, button, lines[0], button, lines[1], button, *lines[2:], FOOT))
    assert extract(Record("page.txt", "text", text, "")).article.title == "Traffic plans of Westport"
    question = "The council has voted to close the old bridge. Was it right to close the old bridge now?"
    text = "\n".join(
        ("Was it right to close the old bridge? | Talk", MENU, lines[0], lines[1], question, *lines[2:], FOOT)
    )
    assert extract(Record("page.txt", "text", text, "")).article.title == "Was it right to close the old bridge?"


@pytest.mark.parametrize(
    ("first", "line", "wanted"),
    [
        (
            "New owner: The old bridge is sold | Harbour Post",
            "New owner - The old bridge is sold",
            "The old bridge is sold",
        ),
        (
            "Council: «The bridge is sold» - Harbour Post",
            "A town divided - «The bridge is sold»",
            "«The bridge is sold»",
        ),
        ("The old bridge is sold", "The old bridge is sold | Opinion", "The old bridge is sold"),
        ("The old bridge is sold", "Opinion | The old bridge is sold", "The old bridge is sold"),
        (
            "New owner - The old bridge is sold",
            "New owner - The old bridge is sold",
            "New owner - The old bridge is sold",
        ),
        ("The town decides", "The town decides - the old bridge is sold", "The town decides - the old bridge is sold"),
        ("Europe: fewer bridges sold", "Europe: fewer bridges sold", "Europe: fewer bridges sold"),
    ],
)
def test_kickers_and_sections_are_cut_off(first: str, line: str, wanted: str) -> None:
    lines = read_lines("\n".join((first, line, STORY)))
    draft = Draft(lines, {}, Article(title=line), title=1, start=2, end=len(lines), blocks=False)
    found = trim_title(draft).article
    assert found.title == wanted
    assert found.section == ("Opinion" if "Opinion" in line else "")
    assert trim_title(draft._replace(meta={"title": line})).article.title == line


def test_in_main_content_neither_a_writer_nor_an_alt_text_is_the_headline() -> None:
    story = "\n\n".join(STORY.split("\n"))
    text = f"Old bridge to close at last\n\nBy:\n\nThe Harbour Team\n\n{story}"
    assert extract(Record("page.txt", "text", text, "")).article.title == "Old bridge to close at last"
    picture = "Men and women of the town on the bridge\n\nThe bridge on Tuesday. Photo: Ann Lee/AP"
    text = f"Old Bridge To Close At Last\n\nThe ferry will be ready in May, says the mayor.\n\n{picture}\n\n{story}"
    assert extract(Record("page.txt", "text", text, "")).article.title == "Old Bridge To Close At Last"


def test_in_main_content_the_headline_stands_above_date_and_bullets() -> None:
    story = "\n\n".join(STORY.split("\n"))
    head = "Bridge builders in Westport are hired - the old bridge to close\n\n  • The old bridge of Westport closed at last"
    assert extract(Record("page.txt", "text", f"{head}\n\n{story}", "")).article.title == head.split("\n")[0]
    text = f"Old Bridge To Close At Last\n\nMay 3, 2001\n\nHarbour Office 2 minutes read\n\n{story}"
    assert extract(Record("page.txt", "text", text, "")).article.title == "Old Bridge To Close At Last"
