"""Comments below a story: a nested list under their heading, whatever is said there."""

from __future__ import annotations

from site_builder.extraction import extract
from site_builder.model import Record

HEAD = "Old Bridge To Close After Council Vote"
STORY = """The council voted on Tuesday to close the old bridge, which engineers of the town have called unsafe for years.

"We had no choice," said the mayor after the meeting. "It will be rebuilt by spring at the latest, we hope."

The bridge was built in 1931 and carries about four thousand cars a day, many of them on the way to the harbour.

A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic again."""
THREAD = """  • Bo in the harbour

    The council should have thought of this years ago, when the first engineers wrote their report about the bridge.

    • Cy Ott

      They did think of it, and there was no money for a new bridge in any of the years since then, as we all know.

  • Di from the other bank

    I have a shop on the other side of the river, and nobody has asked me how my customers are to get there now."""


def places(heading: str, thread: str = THREAD) -> set[tuple[str, str]]:
    text = f"{HEAD}\n\nMay 3, 2001\n\n{STORY}\n\n{heading}\n\n{thread}"
    found = extract(Record("page.txt", "text", text, ""))
    said = [line.strip(" •") for line in thread.splitlines() if len(line) > 60]
    return {(verdict.place, verdict.rule) for verdict in found.verdicts if verdict.text.strip(" •") in said}


def test_a_thread_is_no_story() -> None:
    for heading in ("Comments", "3 Comments", "3 Kommentare"):
        assert places(heading) == {("removed", "comment section")}, heading


def test_paragraphs_below_a_counter_are() -> None:
    flat = "\n\n".join(line.strip(" •") for line in THREAD.splitlines() if len(line) > 60)
    assert places("3 Comments", flat) == {("body", "paragraph")}
