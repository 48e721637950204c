"""Law 3: every non-blank line of a source ends in exactly one place, and nothing is invented.

Tried with pages made of sentences, furniture and odd strings, and with the real pages of the development corpora and
the seeds where they are at hand (`SITE_BUILDER_SHARED`, or a folder `shared` beside the repository).
"""

from __future__ import annotations

import html
import os
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import markup
from site_builder.decoding import decode
from site_builder.extraction import extract
from site_builder.model import Extraction, Record
from site_builder.vocabulary.lexicon import _grammar, _words

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SITE_BUILDER_SHARED", ROOT.parent / "shared"))
FIELDS = {"title", "date", "updated", "authors", "section", "publication", "dateline", "agencies", "tags", "summary"}
PLACES = FIELDS | {"body", "removed", "images", "media", "notes"}
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def shown(body: str) -> str:
    """What a reader sees of a Markdown body."""
    return html.unescape(re.sub(r"<[^>]+>", " ", markup.finish(markup.convert(body))))


def hold_the_law(text: str, found: Extraction) -> None:
    wanted = [(number, raw.strip()) for number, raw in enumerate(text.split("\n"), 1) if raw.strip()]
    assert [(one.line, one.text) for one in found.verdicts] == wanted
    assert {one.place for one in found.verdicts} <= PLACES
    assert all(one.rule for one in found.verdicts)

    body = [word for one in found.verdicts if one.place == "body" for word in words(one.text)]
    assert words(shown(found.article.body)) == body

    article = asdict(found.article)
    source = " ".join(words(text))
    for name in ("title", "summary", "section", "dateline", "publication"):
        assert " ".join(words(article[name])) in source, f"{name} is not in the source"
    for name in ("authors", "tags", "agencies"):
        for one in article[name]:
            assert " ".join(words(one)) in source, f"{one!r} in {name} is not in the source"
    for image in article["images"]:
        assert " ".join(words(image["caption"])) in source
        assert " ".join(words(image["credit"])) in source
    for note in article["notes"]:
        if note["kind"] != "date":
            assert all(" ".join(words(part)) in source for part in note["text"].split("\n\n"))
    assert article["title"].strip()


def checked(text: str, year: str = "") -> Extraction:
    found = extract(Record("page.txt", "text", text, "0" * 64), year)
    hold_the_law(text, found)
    return found


def imported(text: str) -> str:
    """A text as the importer gives it: without control characters, lines ended by newlines."""
    return decode(text.replace("\0", "").encode())[0] or ""


# ---------------------------------------------------------------------------------------------------- made up

SENTENCES = st.sampled_from(
    [
        "The council voted on Tuesday to close the old bridge, which engineers have called unsafe for years.",
        '"We had no choice," the mayor said after the meeting. "It will be rebuilt by spring."',
        "MOSCOW, April 12 (Reuters) - Two ships met in the harbour on Wednesday and exchanged their crews.",
        "Later on April 12 the ministry denied it, and on April 4 it had said the opposite.",
        "Die Brücke wird am 3. Mai gesperrt, teilte die Stadt am Montag mit.",
        "Según la policía, nadie resultó herido en el incendio del 4 de marzo.",
        "Ann Lee is a reporter who covers courts. She joined the station in 2009.",
        "قالت الوزارة يوم الاثنين إن الجسر سيغلق أمام حركة المرور لمدة شهر كامل.",
        "All rights reserved. This material may not be published, broadcast or copied without permission.",
        "Correction: an earlier version of this story gave the wrong day.",
        "A man looks at the bridge from the shore. (Photo: AP)",
        "With reporting by Reuters, AP, and TASS",
        "(Reporting by Ann Lee; Editing by Bo Ek)",
    ]
)
SHORT = st.sampled_from(
    [
        "Bridge To Close After Vote", "'A Long Winter'", "By Ann Lee and Bo Ek, Staff Writers", "Von Anna Lee",
        "April 12, 2017", "Published July 17, 1969 at 6:00 a.m.", "Updated 4 hours ago", "World", "Home > News > World",
        "Home | News | Sport", "• 16x9 Image", "WATCH: Bridge Closes", "0:00 0:01:32 0:00", "please wait",
        "Ann Lee", "Tags: bridge, council", "Bridge To Close After Vote | The Daily", "About the author",
        "Related stories", "5 comments", "© 2017 The Daily",
        "No media source currently available", "Embed share", "- item", "1. first", "Photo: AP",
        "MOON-ROCKET (UPDATE 2)",
    ]
)  # fmt: skip
FURNITURE = st.sampled_from(
    [phrase for row in _words()["furniture"] for name in ("exact", "starts", "holds") for phrase in row.get(name, ())]
    + [phrase for part in _grammar().values() for names in part.values() for phrase in names]
)
ODD = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"), max_size=60)
LINE = st.one_of(SENTENCES, SHORT, FURNITURE, FURNITURE.map(str.title), ODD, st.just(""), st.just("    "))
PAGE = st.lists(
    st.one_of(LINE, LINE.map(lambda line: f"{line}\n"), LINE.map(lambda line: f"{line}\n{line}")), max_size=40
)


@settings(max_examples=300, deadline=None)
@given(PAGE.map("\n".join), st.sampled_from(["", "2017"]))
def test_made_up_pages(text: str, year: str) -> None:
    text = imported(text)
    if text.strip():
        checked(text, year=year)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=400).filter(lambda text: bool(text.strip())))
def test_any_text(text: str) -> None:
    text = imported(text)
    if text.strip():
        checked(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=14), st.integers(0, 5))
def test_sentences_alone_are_kept(sentences: list[str], gaps: int) -> None:
    text = ("\n" * (1 + gaps % 2)).join(sentences)
    found = checked(text)
    assert any(one.place in ("body", "title", "notes") for one in found.verdicts)


def test_hard_wraps_are_joined_and_each_line_is_accounted_for() -> None:
    paragraph = (
        "The council of the town voted late on Tuesday to close the old\n"
        "bridge over the river, which engineers have for many years\n"
        "called unsafe, and to build another one, further down the same\n"
        "river, before the end of the year that follows the next one."
    )
    text = "A Bridge Is Closed At Last\n\n" + "\n\n".join([paragraph] * 2 + [paragraph.replace("council", "board")])
    found = checked(text)
    assert "old bridge" in found.article.body


# ------------------------------------------------------------------------------------------------------ real


def real_pages() -> list[Path]:
    folder = SHARED / "corpora" / "extraction-dev"
    paths = [path for shape in ("rsp", "wet") for path in sorted(folder.glob(f"*/*.{shape}.txt"))]
    return [*sorted((SHARED / "seeds").glob("*.txt")), *paths[::2]]


@pytest.mark.skipif(not real_pages(), reason="the development corpora are not at hand")
@pytest.mark.parametrize("part", range(8))
def test_real_pages(part: int) -> None:
    for path in real_pages()[part::8]:
        text, _ = decode(path.read_bytes())
        if text and text.strip():
            try:
                checked(text)
            except AssertionError as error:
                raise AssertionError(f"{path.name}: {error}") from error


def test_sample_pages() -> None:
    for path in sorted((ROOT / "content" / "inbox").rglob("*.txt")):
        text, _ = decode(path.read_bytes())
        assert text
        checked(text)
