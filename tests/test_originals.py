"""Which web addresses are the same, and which of them a Markdown text links to."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder import markup, originals

STORY = "https://old.example/2012/03/story.php"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (STORY, "http://www.old.example/2012/03/story.php"),
        (STORY, " HTTPS://WWW.Old.Example:443/2012/03/story.php/ "),
        (STORY, "http://old.example:80/2012/03/story.php#comments"),
        (STORY, "https://user:word@old.example./2012/03/story.php?"),
        (STORY, f"{STORY}?utm_source=feed&utm_medium=rss&fbclid=Iw.AR-0_x&gclid"),
        (f"{STORY}?id=7&page=2", f"{STORY}?utm_campaign=a%20b&id=7&&page=2#x"),
        ("https://old.example/?p=12", "http://www.old.example?p=12"),
        ("https://old.example/caf%c3%a9/%7eann", "https://old.example/café/~ann/"),
        ("https://old.example/a%2fb", "https://old.example/a%2Fb"),
        ("https://old.example/a b", "https://old.example/a%20b"),
        ("https://müller.example/a", "https://xn--mller-kva.example/a"),
    ],
)
def test_spellings_of_one_address(one: str, other: str) -> None:
    assert originals.key(one) == originals.key(other) != b""


@pytest.mark.parametrize(
    "other",
    [
        "https://old.example/2012/03/Story.php",
        "https://old.example/2012/03/story.php?id=7",
        "https://m.old.example/2012/03/story.php",
        "https://old.example:8080/2012/03/story.php",
        "https://old.example/2012/03/story.php/index.html",
        "https://old.example/2012%2F03/story.php",
    ],
)
def test_other_addresses(other: str) -> None:
    assert originals.key(STORY) != originals.key(other) != b""


NONE = [
    "",
    "https://",
    "https:///a",
    "ftp://old.example/a",
    "/2012/03/story.php",
    "mailto:a@old.example",
    "old.example/a",
]
FRONTS = ["https://old.example", "http://www.old.example/#top", "https://old.example/?utm_source=x"]


@pytest.mark.parametrize("text", [*NONE, *FRONTS, "see https://a.example/b"])
def test_what_is_no_address_of_an_article(text: str) -> None:
    """The front of a site is none either: whoever links to it does not mean a story."""
    assert originals.key(text) == b""


@given(st.text() | st.text("htps:/.?#%&@ aé", max_size=30).map("https://old.example/".__add__))
def test_any_text_is_taken(text: str) -> None:
    assert len(originals.key(text)) in (0, 16)


LINKS = [
    f"[a]({STORY})",
    f'[a *b*]({STORY}?a=1&b=2&copy=3 "Said")',
    f"[a](  <{STORY}?a b>  )",
    f"<{STORY}?id=1>",
    "[a](https://old.example/a_(b)_c)",
    r"[a](https://old.example/a\_b\(c)",
    "[a](https://old.example/?a=1&amp;b=2)",
    f"[![p](media/p.jpg)]({STORY}/p)",
    f"[a][one]\n\n[one]: {STORY}?one",
    f"[a][]\n\n[a]: <{STORY}?two> 'Said'",
    f"[a][three]\n\n[three]:\n    {STORY}?three",
    "- [a](https://old.example/caf%C3%A9/é)\n- more",
    f"> [a]({STORY})**b**",
    f"[a\nb]({STORY}?lines)",
    "A plain paragraph: 1 < 2 [so].",
    f"`[a]({STORY}?code)`",
]
_HREF = re.compile('<a href="(https?://[^"]*)"')


@given(st.lists(st.sampled_from(LINKS), min_size=1, max_size=4), st.sampled_from(["\n\n", " ", "\n"]))
@example(LINKS, "\n\n")
def test_no_link_of_a_page_is_missed(parts: list[str], between: str) -> None:
    """What Markdown makes a link of is among what was found in the text."""
    text = between.join(parts)
    made = markup.finish(markup.convert(text), lambda name, value: value)
    shown = {originals.key(html.unescape(href)) for href in _HREF.findall(made)}
    assert shown <= {*originals.linked(text), b""}


def test_links_are_told_once_and_sorted() -> None:
    found = originals.linked(f"[a]({STORY}) [b](http://www.old.example/2012/03/story.php#b) <https://b.example/c>")
    assert found == tuple(sorted((originals.key(STORY), originals.key("https://b.example/c"))))


def test_a_text_without_links() -> None:
    assert originals.linked("See https://old.example/a [so] and (b) < c.") == ()
    assert originals.linked("[a](/here.html) [b](#c) [d](mailto:e@f.example)") == ()


@pytest.mark.parametrize("hostile", ["](", "](http://a", "](http://a(", "<http://", "]:", "]: <http://a\\", "]( "])
def test_odd_texts_end(hostile: str) -> None:
    """In time that grows as the text does: with its square this would take minutes."""
    assert len(originals.linked(hostile * 100_000)) <= 1
