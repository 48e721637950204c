"""Who wrote a text that does not say so in a byline under its headline; and where its story ends for that."""

from __future__ import annotations

import pytest

from site_builder.extraction import extract
from site_builder.model import Extraction, Record
from site_builder.vocabulary.names import one_each, portrayed

TITLE = "The old bridge of Westport is closed to all traffic"
STORY = """The council voted on Tuesday to close the old bridge, which engineers of the town have called unsafe for years.
"We had no choice," the mayor said after the meeting. "It will be rebuilt by spring, and nobody will be cut off."
The bridge was built in 1931 and carries about four thousand cars a day, many of them on their way to the harbour.
A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic again.
Traders on the other bank fear for their customers and have asked the town for help until the work is done."""
MENU = ("Home", "Sport", "Weather", "Contact us", "Sign in")
TEASERS = ("Related stories", "Ferry timetable to change in May", "Old mill becomes a museum")


def crawled(*head: str, foot: tuple[str, ...] = (), above: tuple[str, ...] = ()) -> Extraction:
    lines = (f"{TITLE} | The Harbour Post", *MENU, *above, TITLE, *head, *STORY.splitlines(), *foot, *TEASERS)
    return extract(Record("page.txt", "text", "\n".join((*lines, "© 1969 The Harbour Post")), ""))


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (("Posted on July 17, 1969 Posted by Ann Lee 59 Comments",), ("Ann Lee",)),
        (("17 July 1969 | by Ann Lee",), ("Ann Lee",)),
        (("By", "Ann Lee", "Bo Ek", "17 July 1969"), ("Ann Lee", "Bo Ek")),
        (("Table of Contents", "17 July 1969"), ()),
    ],
)
def test_under_the_headline(head: tuple[str, ...], authors: tuple[str, ...]) -> None:
    assert crawled(*head).article.authors == authors


@pytest.mark.parametrize(
    "foot",
    [
        ("Kommentar von", "Anna Maier", "Redakteurin"),
        ("Share this", "Topics of the day", "A line of the page", "Another of its lines", "Autorin/Autor Anna Maier"),
        ("Anna Maier", "Follow the author:", "Anna Maier"),
    ],
)
def test_below_the_story(foot: tuple[str, ...]) -> None:
    assert crawled(foot=foot).article.authors == ("Anna Maier",)


@pytest.mark.parametrize(
    "foot",
    [
        ("Verwendete Quellen", "The town's own figures"),  # what could be a name stands nowhere else
        ("Old Mill", "Old Mill"),  # a topic of which the page tells in other words too
        ("Comments Comments", "Comments Comments"),
    ],
)
def test_what_looks_like_a_name_below_the_story(foot: tuple[str, ...]) -> None:
    assert crawled(foot=foot).article.authors == ()


def test_a_name_between_date_and_headline() -> None:
    found = crawled(above=("Published 17 July 1969 at 10:23", "What the council has to say", "Ann Maier", "Listen"))
    assert found.article.authors == ("Ann Maier",)
    assert crawled(above=("Ann Maier", "Listen")).article.authors == ()


def test_a_name_that_the_page_has_often_is_the_author_s_if_a_date_stands_beside_it() -> None:
    foot = ("More by Ann Maier", "Ann Maier", "Ann Maier", "Ann Maier")
    assert crawled("Ann Maier", "17 July 1969", foot=foot).article.authors == ("Ann Maier",)


def test_the_author_box_tells_where_a_name_ends() -> None:
    foot = ("Ann Maier", "Ann Maier is a writer who covers bridges for the Post.")
    assert crawled("by Ann Maier Global Commons May 2nd 1969", foot=foot).article.authors == ("Ann Maier",)


BLOCKS = "\n\n".join(STORY.splitlines())


@pytest.mark.parametrize(
    "notice", ["Il vous reste 57.09% de cet article à lire.", "To continue reading, become a member."]
)
def test_a_story_ends_where_the_rest_must_be_paid_for(notice: str) -> None:
    account = "You can read the Post on as many of your devices as you like, but not on two of them at once."
    text = f"{TITLE}\n\n{BLOCKS}\n\n{notice}\n\n{account}\n\nThis message will be shown on the other device."
    found = extract(Record("page.txt", "text", text, ""))
    assert notice not in found.article.body
    assert account not in found.article.body


def test_the_author_s_name_alone_in_its_line_ends_the_story() -> None:
    box = "Since 1960 at the Post. Is interested in bridges, health and what the town does for its poor. Lives in Westport."
    text = f"{TITLE}\n\nBy Ann Maier\n\n{BLOCKS}\n\nAnn Maier\n\nReporter\n\n{box}\n\nTopics"
    found = extract(Record("page.txt", "text", text, ""))
    assert box not in found.article.body
    assert found.article.authors == ("Ann Maier",)
    assert any(note.text == box and note.kind == "author" for note in found.article.notes)


def main_content(head: str = "", foot: str = "") -> Extraction:
    story = "\n\n".join(STORY.split("\n"))
    return extract(Record("page.txt", "text", f"{TITLE}\n\n{head}\n\n{story}\n\n{foot}", ""))


@pytest.mark.parametrize(
    ("head", "foot", "authors"),
    [
        ("Headshot of Ann Lee\n\nJuly 17, 1969", "", ("Ann Lee",)),
        ("A headshot of Ann Lee in an office.", "", ("Ann Lee",)),
        ("Ann Lee @annlee July 17, 1969 Reading time", "", ("Ann Lee",)),
        ("Ann Lee 17 Jul 1969 Harbour News 7 Comments", "", ("Ann Lee",)),
        ("July 17, 1969", "View all posts by Ann Lee →", ("Ann Lee",)),
        ("July 17, 1969", "Alle Beiträge von Ann Lee (al)", ("Ann Lee",)),
        ("July 17, 1969", "View all posts by Ann Lee\n\nView all posts by Bo Ek", ()),
        ("July 17, 1969", "(Reporting by Ann Lee in Oslo and Bo Ek; Editing by Cy Ott)", ("Ann Lee", "Bo Ek")),
        ("July 17, 1969", "Reporting by Ann Lee, additional reporting by Bo Ek", ("Ann Lee",)),
        ("By Bo Ek\n\nJuly 17, 1969", "(Reporting by Ann Lee; Editing by Cy Ott)", ("Bo Ek",)),
        ("July 17, 1969", "Ann Lee is Trending Editor of the Post and lives at the harbour of the town.", ("Ann Lee",)),
        ("July 17, 1969", "Ann Lee\n\n(Editor / Journalist) – Ann comes from a family of sailors.", ("Ann Lee",)),
    ],
)
def test_portraits_links_and_credits_name_writers(head: str, foot: str, authors: tuple[str, ...]) -> None:
    assert main_content(head, foot).article.authors == authors


def test_an_agency_has_one_name_in_an_article() -> None:
    assert one_each(("AP", "The Associated Press", "Reuters", "Associated Press")) == ("Associated Press", "Reuters")
    assert one_each(("AP", "Reuters", "DPA", "dpa")) == ("AP", "Reuters", "dpa")
    found = main_content("By The Associated Press\n\nJuly 17, 1969", "The Associated Press contributed to this report.")
    assert found.article.agencies == ("Associated Press",)
    assert portrayed("Headshot of Ann Lee") == "Ann Lee"
    assert portrayed("Portrait of the town") == ""
