"""The direct road equals Python-Markdown, escaping gives the text back, and nothing live gets through."""

from __future__ import annotations

import html
import re
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder import markup

WORDS = st.sampled_from(
    "The the talks ended. 12. 3) # ## - -- --- * ** _ __ ` `` ``` ~~~ > < <b> </p> & &amp; &copy; &#65; AT&T = === | |-| "
    "[a] [a]( (x) ]: [a]:x ![ ] \\ \\* 'quoted' “so” 1969 – foo_bar http://a.b <http://a.b> é ع snake! ? : ; + {x} ^ "
    "*one* **two** *three four* ***five*** six*seven*eight *[nine](http://a.b)* [*ten*](http://a.b) "
    "[a](http://b.c/d_e) [b](https://b.c/?x=1&y=2) [c](/d) [e](https://b.c)(f) ![g](https://b.c) [h](https://b.c)[i]".split()
) | st.sampled_from(["*a b*", "**a b c**", "[a b](https://c.d/e)", "* a", "a *b **c** d*", "[a\nb](https://c.d)"])
LINE = st.builds(
    lambda indent, words, end: indent + " ".join(words) + end,
    st.sampled_from(["", "", "", "", " ", "    ", "\t", "> ", "- ", "1. ", "## ", "# "]),
    st.lists(WORDS, max_size=6),
    st.sampled_from(["", "", "", " ", "  ", " #", "\\", "\u00a0"]),
)
TEXT = st.lists(st.one_of(LINE, st.just(""), st.just("A plain paragraph of news.")), max_size=14).map("\n".join)

# Blocks that mostly take the direct road, so that what stands next to what is tried too.
PIECE = st.sampled_from(
    "The talks ended. *one* **two** [a](http://b.c/d_e) 1969 AT&T so-called * _ ** [b] x* *y ] ( ) ![z](https://b.c)".split()
) | st.sampled_from(["*a b*", "**a b**", "[a b](https://c.d/e)"])
PHRASE = st.lists(PIECE, min_size=1, max_size=5).map(" ".join) | st.lists(PIECE, min_size=1, max_size=4).map("".join)
BLOCK = st.builds(
    lambda start, lines: "\n".join(start + line for line in lines),
    st.sampled_from(["", "", "- ", "- ", "> ", "## ", "* ", "1. "]),
    st.lists(PHRASE, min_size=1, max_size=3),
)
NEARLY_PLAIN = st.lists(BLOCK, min_size=1, max_size=5).map("\n\n".join)


def render(text: str, resolve: markup.Resolve | None = None) -> markup.Converted:
    """Both steps of a body's way to its page."""
    converted = markup.convert(text)
    return converted._replace(html=markup.finish(converted, resolve))


@settings(max_examples=1500, deadline=None)
@given(TEXT | NEARLY_PLAIN)
@example("*a b*\n\nThe\n**one*\n* [a b](https://c.d/e) *one*")
@example("*a b*\n\nThe\n*a b**a b*[a b](https://c.d/e)")
@example("**a b****a b****[a](http://b.c/d) **two**x")
def test_direct_road_equals_python_markdown(text: str) -> None:
    # Blank lines before the text are none of its business; Python-Markdown makes an empty code block of some.
    whole = re.sub(r"\A(?: *\n)+", "", text)
    wanted = markup._markdown().reset().convert(whole)
    if re.search("[\x02\x03]|zzwxh:", wanted):
        assert render(text).html == markup.clean(markup._paragraphs(text))
    else:
        assert markup.clean(markup._to_html(text)[0]) == markup.clean(wanted)


@settings(max_examples=600, deadline=None)
@given(st.one_of(TEXT, st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")))))
def test_escaped_text_renders_as_itself(text: str) -> None:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    shown = html.unescape(re.sub(r"<[^>]+>", "", render(markup.escape(text)).html)).strip("\n")
    assert shown == "\n".join(lines)
    assert "<a" not in render(markup.escape(text)).html


@settings(max_examples=400, deadline=None)
@given(TEXT)
def test_an_escaped_text_is_one_paragraph(text: str) -> None:
    rendered = render(markup.escape(text)).html
    assert rendered == "" or re.fullmatch(r"<p>[^<]*</p>\n?", rendered)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVa&#10;script:alert(1))",
        "[x](&#106;avascript:alert(1))",
        '[x](http://a.b "onmouseover=alert(1)")',
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "```html onload=alert(1)\n<script>alert(1)</script>\n```",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_nothing_live_gets_through(hostile: str) -> None:
    rendered = render(hostile).html
    assert not re.search(
        r"<(script|svg|iframe|style|form)|<[^>]*\son\w+\s*=|(href|src)=.?\s*(javascript|data):",
        rendered,
        re.I,
    )


def test_code_is_highlighted_and_never_guessed() -> None:
    assert 'class="kn"' in render("```python\nimport os\n```").html
    assert "<span class=" not in render("    import os\n    print(1)").html


def test_the_headline_stays_the_only_first_level_heading() -> None:
    assert render("# Part\n\n## Sub").html == "<h2>Part</h2>\n<h2>Sub</h2>"


def test_links_are_resolved() -> None:
    assert 'href="../x"' in render("[a](x)", lambda name, target: f"../{target}").html
    assert "src" not in render("![a](x)", lambda name, target: "").html


@pytest.mark.parametrize("pathological", ["- " * 5000 + "x", ">" * 3000, "*" * 50_000, "`" * 20_000 + "a"])
def test_pathological_markdown_ends(pathological: str) -> None:
    rendered = render(pathological)
    assert rendered.html


def test_what_could_not_be_read_leaves_no_trace() -> None:
    text = "![a picture](media/a.jpg) and `code`"
    before = render(text).html
    assert "<img" in before
    markup._converted.cache_clear()
    assert render("- " * 5000 + "x").problem
    assert render(text).html == before


def test_too_much_text_is_shown_plain_and_said() -> None:
    rendered = render("a" * (markup.MAX_CHARACTERS + 1))
    assert rendered.html.startswith("<p>aaa") and "plain text" in rendered.problem


_PIECES = "<p> </p> \n </p>\n<p> a b& &lt; &#1; < > <b> </b> <p/> <P> <p\n <!-- --> <script> <p\0> \0 \r \u00a0 \u2028 “é” ش 😀".split(
    " "
)


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join), st.booleans())
@example("<p>a</p>\n<p>b</p>", False)
@example("<p>a</p>\n<p>b</p>c</p>\n<p>", False)
@example("<p></p>", False)
@settings(max_examples=3000, deadline=None)
def test_what_is_not_sent_through_the_cleaner_would_come_back_as_it_is(dirty: str, closed: bool) -> None:
    dirty = f"<p>{dirty}</p>" if closed else dirty
    if markup._is_bare(dirty):
        assert markup._cleaner().clean(dirty) == dirty
    cleaned = markup._cleaner().clean(dirty)
    assert markup.clean(dirty) == (markup._UNWANTED.sub("", cleaned) if "&#" in dirty else cleaned)


def test_no_character_is_changed_by_the_cleaner_in_bare_text() -> None:
    bare = 0
    for start in range(0, sys.maxunicode, 64):
        signs = "".join(chr(number) for number in range(start, start + 64) if not 0xD800 <= number < 0xE000)
        for text in (signs, *signs) if start < 0x3100 else (signs,):
            made = f"<p>{text}a</p>\n<p>a{text}</p>"
            if markup._is_bare(made):
                bare += 1
                assert markup._cleaner().clean(made) == made
    assert bare > 25_000


@pytest.mark.parametrize("sign", ["&", "a & ", "\u00a0x", "<&"])
def test_a_text_full_of_escapes_is_cleaned_in_pieces(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cleaner's time grows with the square of the escapes in one text: a million of them took it 27 s."""
    given: list[str] = []

    class Seen:
        def clean(self, dirty: str) -> str:
            given.append(dirty)
            return cleaner.clean(dirty)

    cleaner = markup._cleaner()
    monkeypatch.setattr(markup, "_cleaner", Seen)
    text = f"x{sign * 30_000}y"
    assert render(text).html == f"<p>{html.escape(text, quote=False).replace(chr(0xA0), '&nbsp;')}</p>"
    assert all(markup._escapes(piece) <= 1000 for dirty in given for piece in re.split("<[^<>]*>", dirty))


def test_an_address_full_of_escapes_is_shown_plain_and_said() -> None:
    rendered = render(f'[a](b "{"&" * 30_000}")')
    assert rendered.html.startswith("<p>[a](b ") and "too long" in rendered.problem
    assert render(f'[a](b "&&&") {"&" * 30_000}').html.startswith('<p><a href="b" title="&amp;&amp;&amp;"')


def test_opening_is_the_first_paragraph_as_plain_text() -> None:
    assert (
        markup.opening("## Head\n\nA *nice* [link](http://x) & \\*star\\* foo_bar.") == "A nice link & *star* foo_bar."
    )
    assert markup.opening("- a\n- b") == ""
    assert markup.opening("word " * 100, 20) == "word word word word…"


@pytest.mark.parametrize("text", ["C#", "0##", "# 1 #", "#", "\\#", "a\\", "C# and F#"])
def test_a_heading_keeps_the_signs_at_its_end(text: str) -> None:
    assert render(markup.heading(markup.escape(text))).html == f"<h2>{text}</h2>"


def deepest(frames: int) -> int:
    """How many quotations in one another are rendered, when so many more calls are on the stack."""
    if frames:
        return deepest(frames - 1)
    low, high = 1, 2000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if render(">" * middle + " a").problem else (middle, high)
    return low


def test_how_deep_a_text_may_be_nested_does_not_hang_on_who_asks() -> None:
    found = deepest(0)
    markup._converted.cache_clear()
    assert 300 < found == deepest(57)
