"""Law 3 for web pages: every line of visible text ends in one place, and what is said to be the body's is in the body."""

from __future__ import annotations

import gzip
import html
import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder import markup
from site_builder.decoding import decode_html, plain
from site_builder.extraction import extract
from site_builder.model import Extraction, Record
from tests.extraction.html_pages import BLOG, FRAGMENT, HIDDEN, MICRODATA, STORY, TABLES

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SITE_BUILDER_SHARED", ROOT.parent / "shared"))
FIELDS = {"title", "date", "updated", "authors", "section", "publication", "agencies", "tags", "summary"}
PLACES = FIELDS | {"body", "removed", "images", "notes"}
UNSEEN = set("script style template noscript noframes noembed svg canvas head title iframe datalist".split())


class Visible(HTMLParser):
    """The letters and digits that a reader sees, by another parser than the product's."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.letters: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in UNSEEN or self.unseen:
            self.unseen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unseen:
            del self.unseen[self.unseen.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.letters.append(data)


def letters(text: str) -> str:
    """A text without its spaces, which is what can't be lost."""
    return "".join(plain(text)[0].split())


def shown(body: str) -> str:
    converted = markup.convert(body)
    assert not converted.problem
    return html.unescape(re.sub(r"<[^>]+>", "", markup.finish(converted)))


def hold_the_law(found: Extraction) -> None:
    assert [one.line for one in found.verdicts] == list(range(1, len(found.verdicts) + 1))
    assert {one.place for one in found.verdicts} <= PLACES
    assert all(one.rule and one.text.strip() and "\n" not in one.text for one in found.verdicts)
    body = "".join(letters(one.text) for one in found.verdicts if one.place == "body")
    assert letters(shown(found.article.body)) == body
    article = found.article
    kept = letters(" ".join([
        article.summary, *(f"{image.caption} {image.credit}" for image in article.images),
        *(note.text for note in article.notes),
    ]))  # fmt: skip
    for one in found.verdicts:
        if one.place in ("notes", "summary"):
            assert letters(one.text) in kept
    assert article.title.strip()


def checked(text: str, kind: str = "html") -> Extraction:
    found = extract(Record("page.html", kind, text, "0" * 64))
    hold_the_law(found)
    return found


@pytest.mark.parametrize("page", [BLOG, TABLES, MICRODATA, FRAGMENT])
@pytest.mark.parametrize("kind", ["html", "fragment"])
def test_pages_of_several_kinds(page: str, kind: str) -> None:
    found = checked(page, kind)
    parser = Visible()
    parser.feed(page)
    assert "".join(letters(one.text) for one in found.verdicts) == letters(" ".join(parser.letters))


def test_a_hidden_story() -> None:
    found = extract(Record("page.html", "html", HIDDEN, "0" * 64))
    assert letters(shown(found.article.body)) == "".join(letters(text) for text in STORY)


TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("*_#`~[]()<>|\\!&;:.-+=1290 \n\u00a0\u00ad{}^\"'aB"), st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf"))
    ),
    max_size=60,
)  # fmt: skip
INLINE = st.sampled_from(
    [
        "%s",
        "<b>%s</b>",
        "<i>%s</i> ",
        "<a href='/x?a=1&b=(2)'>%s</a>",
        " <em><a href=y>%s</a></em>",
        "%s<br>",
        "<code>%s</code>",
    ]
)
WHOLE = st.sampled_from(
    ["<p>%s</p>", "<div>%s</div>", "<h2>%s</h2>", "<ul><li>%s</li></ul>", "<ol start=3><li>x<li>%s<ul><li>%s</li></ul></ol>",
     "<blockquote><p>%s</p></blockquote>", "<pre>%s</pre>", "<table><tr><td>%s<td>b<tr><td>c<td>%s</table>", "%s", "<br>",
     "<figure><img src=a.jpg><figcaption>%s</figcaption></figure>", "<li>%s", "<dl><dt>%s<dd>%s</dl>"]
)  # fmt: skip


def _filled(frame: str, text: str) -> str:
    return frame.replace("%s", text)


PIECE = st.builds(lambda frame, text: _filled(frame, html.escape(text)), INLINE, TEXT)
BLOCK = st.builds(lambda frame, pieces: _filled(frame, "".join(pieces)), WHOLE, st.lists(PIECE, max_size=4))


@settings(max_examples=400, deadline=None)
@given(st.lists(BLOCK, max_size=6))
@example([r"<table><tr><td>\|<td>b<tr><td>c<td>a|b \\|</table>"])
@example(["<h2>C#</h2>"])
def test_words_of_a_fragment_come_back_from_its_markdown(blocks: list[str]) -> None:
    checked("".join(blocks), "fragment")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(BLOCK, st.sampled_from(STORY).map(lambda text: f"<p>{text}</p>")), max_size=14))
def test_made_up_pages(blocks: list[str]) -> None:
    checked(f"<html><head><title>Bridge</title></head><body><h1>Bridge</h1>{''.join(blocks)}</body></html>")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/abdp!-\"'= &;", max_size=200))
def test_any_markup(text: str) -> None:
    checked(text)
    checked(text, "fragment")


def real_pages() -> list[Path]:
    return sorted((SHARED / "corpora" / "extraction-dev").glob("*/*.html.gz"))[::3]


@pytest.mark.skipif(not real_pages(), reason="the development corpora are not at hand")
@pytest.mark.parametrize("part", range(8))
def test_real_pages(part: int) -> None:
    for path in real_pages()[part::8]:
        text, _ = decode_html(gzip.decompress(path.read_bytes()))
        assert text
        try:
            found = checked(text)
        except AssertionError as error:
            raise AssertionError(f"{path.name}: {error}") from error
        parser = Visible()
        parser.feed(text)
        lost = Counter(letters(" ".join(parser.letters))) - Counter(
            letters(" ".join(one.text for one in found.verdicts))
        )
        assert lost.total() <= 0.02 * sum(len(one.text) for one in found.verdicts), path.name
