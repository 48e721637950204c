"""Which stretch of a crawled page is the story, where another one is denser."""

from __future__ import annotations

from site_builder.extraction import extract
from site_builder.model import Record

TITLE = "The old bridge of Westport is closed to all traffic"
STORY = """The council voted on Tuesday to close the old bridge, which engineers of the town have called unsafe for years.
"We had no choice," the mayor said after the meeting. "It will be rebuilt by spring, and nobody will be cut off."
The bridge was built in 1931 and carries about four thousand cars a day, many of them on their way to the harbour.
A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic again.
"We shall lose a third of our customers," said Ida Brandt, who sells bread on the other bank of the river.
Traders fear for their work and have asked the town for help, about which the council will speak on Friday."""
CONSENT = [
    "The Post and its partners store what they learn on a device of the reader, and read it from there once more.",
    "This is done for tailored messages, for counting how often they were shown, and for the making of new offers.",
    "Where a reader agrees, it is told to those partners from which town he reads, and with what kind of machine.",
    "What was agreed to can be taken back on the page of the settings, to which a line at the foot of each page leads.",
    "Some of the partners hold that they have a right to it without being asked, which can be objected to there.",
    "Data may be brought to countries outside of the union, in which the courts see to it less than they do at home.",
]


def test_the_story_is_the_one_below_the_headline() -> None:
    """On sites that the weights never saw, a page's long notice of consent was taken for its story."""
    head = [
        f"{TITLE} - The Harbour Post",
        *CONSENT,
        *(f"{line[:-1]} as well." for line in CONSENT),
        "Home",
        "News",
        "Sport",
        TITLE,
        "By Ann Lee",
    ]
    found = extract(Record("page.txt", "text", "\n".join([*head, *STORY.splitlines(), "Home", "Sport"]), ""))
    assert [verdict.text for verdict in found.verdicts if verdict.place == "body"] == STORY.splitlines()
    assert found.article.title == TITLE
