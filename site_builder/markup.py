"""Markdown in, safe HTML out; and plain text to Markdown that renders as that very text.

Three steps: blocks without Markdown syntax are rendered directly, the others by Python-Markdown, and the whole goes
through nh3's allow-list. Python-Markdown takes 1,600 µs for a 5.8 kB article and news is nearly all plain
paragraphs, so the direct road is nine tenths of a build's time; `tests/test_markup.py` holds it equal to
Python-Markdown, byte for byte. Raw HTML in Markdown is text here, never markup.

No links between articles, no templates and no files: whoever calls says how a link is to be resolved.
"""

from __future__ import annotations

import html
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from traceback import walk_stack
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element

import nh3

from . import plain_markdown

if TYPE_CHECKING:
    from markdown import Markdown

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
Resolve = Callable[[str, str], str]

MAX_CHARACTERS = 1_000_000
"""Longer bodies are shown as plain paragraphs: a novel has 500,000 characters, and some Markdown is quadratic."""
MAX_DEPTH = 900
"""Calls within each other that Python-Markdown may make: about 450 quotations in one another."""
MAX_SECONDS = 2.0
"""Of processor time, what one article may take in Python-Markdown before it is shown as plain paragraphs; usual is 2 ms.

An article's own page and the feeds are made apart, so that one that never ends costs this twice.
"""


class Converted(NamedTuple):
    """HTML of a text in which links are as they were written, and nothing is finished if there are `links`; else it is
    safe. `problem` is a sentence when the text could not be read as Markdown and is shown as plain text.

    `plain` tells that all of it came by the direct road, which makes no picture, no table and no code: looking for
    each of them takes 6 µs. Its links are all full addresses of the web, which are the same on every page.
    """

    html: str
    problem: str = ""
    plain: bool = False
    links: bool = False


def convert(text: str) -> Converted:
    """Markdown → HTML, which `finish` makes ready for a page."""
    dirty, problem, plain = _convert_or_not(text)
    links = not plain and _has_links(dirty)
    return Converted(dirty if links else clean(dirty), problem, plain, links)


def finish(converted: Converted, resolve: Resolve | None = None) -> str:
    """HTML that has passed the allow-list.

    `resolve` gets each `href` and `src` (the attribute's name, and its value as it stands in the text) and gives what
    the page is to carry; an empty answer drops the attribute.
    """
    return clean(converted.html, resolve) if converted.links else converted.html


def _has_links(dirty: str) -> bool:
    return "=" in dirty and ("href=" in dirty or "src=" in dirty)


def _convert_or_not(text: str) -> tuple[str, str, bool]:
    """HTML that is not yet clean, what was wrong, and whether it is plain."""
    if len(text) > MAX_CHARACTERS:
        return _paragraphs(text), f"longer than {MAX_CHARACTERS:,} characters, shown as plain text", False
    try:
        made, plain = _to_html(text)
    except (RecursionError, TimeoutError) as error:
        _markdown.cache_clear()  # one that was stopped half way reads the next article's pictures as text
        reason = "is nested too deeply" if isinstance(error, RecursionError) else f"takes over {MAX_SECONDS:.0f} s"
        return _paragraphs(text), f"its Markdown {reason}, shown as plain text", False
    # Python-Markdown 3.11 loses what stands behind crossed stars, `*a**b*[c](d)`, and leaves its own mark there.
    if not plain and _LEFT.search(made) and _MARK not in text:
        return _paragraphs(text), "its Markdown is ambiguous, shown as plain text", False
    if _escapes(made) > _MANY and max(map(_escapes, _ANY_TAG.findall(made)), default=0) > _MANY // 4:
        return _paragraphs(text), "an address or a title in its Markdown is too long, shown as plain text", False
    return made, "", plain


_MARK = "zzwxh:"
_LEFT = re.compile(f"[\x02\x03]|{_MARK}")
"""What is left of the mark `\x02klzzwxh:0001\x03`, of which any part may be cut off; it takes both signs from texts."""


_MANY = 20_000
"""nh3 0.3.8 takes time with the square of the escapes in one text or attribute: 0.05 s for so many, 27 for a million."""
_ANY_TAG = re.compile("(<[^<>]*>)")
_ESCAPES = re.compile("(?:[&\u00a0][^&\u00a0]*){500}")


def _escapes(text: str) -> int:
    return text.count("&") + text.count("\u00a0")


def _broken(dirty: str) -> str:
    """The same, with texts that have very many escapes cut in pieces by comments, which the cleaner takes out."""
    parts = _ANY_TAG.split(dirty)
    parts[::2] = [_ESCAPES.sub(r"<!---->\g<0>", part) for part in parts[::2]]
    return "".join(parts)


def clean(dirty: str, resolve: Resolve | None = None) -> str:
    """The single gate: allow-listed tags, attributes, classes and URL schemes; everything else goes."""
    if _is_bare(dirty):
        return dirty
    if _escapes(dirty) > _MANY:
        dirty = _broken(dirty)
    if resolve is None or not _has_links(dirty):
        cleaned = _cleaner().clean(dirty)
    else:
        cleaned = _make_cleaner(partial(_attribute, resolve)).clean(dirty)
    # `&#1;` has become a control character, on which every feed reader would stop.
    return _UNWANTED.sub("", cleaned) if "#" in dirty and "&#" in dirty else cleaned


def _is_bare(dirty: str) -> bool:
    """Whether this is nothing but paragraphs of bare text, which the cleaner would give back as they are.

    It looks at the HTML alone, whoever made it: with so many pairs of tags at the ends and at the joints, no `<` is left
    for any other; and nothing in a text without these signs is anything else than text, or is written in another way.
    Nine in ten articles are so, and to see it takes 10 µs, where to take them apart and put them together takes 43.
    """
    signs = dirty.count("<")
    return (
        dirty.startswith("<p>")
        and dirty.endswith("</p>")
        and dirty.count("</p>\n<p>") * 2 == signs - 2
        and dirty.count(">") == signs
        and not ("&" in dirty or "\0" in dirty or "\r" in dirty or "\u00a0" in dirty)
    )


def _attribute(resolve: Resolve, tag: str, name: str, value: str) -> str | None:
    return (resolve(name, value) or None) if name in ("href", "src") else value


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    """The cleaner of texts without links: making one takes 32 µs, a third of what cleaning an article takes."""
    return _make_cleaner(None)


def _make_cleaner(attribute: Callable[[str, str, str], str | None] | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_classes(),
        clean_content_tags={"script", "style"},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
        attribute_filter=attribute,
    )


# fmt: off
_TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u",
    "ul",
}
# fmt: on
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"lang", "dir"},
}


@lru_cache(maxsize=1)
def _classes() -> dict[str, set[str]]:
    from pygments.token import STANDARD_TYPES

    align = {"left", "right", "center"}
    return {
        "span": {name for name in STANDARD_TYPES.values() if name},
        "div": {"highlight"},
        "td": align,
        "th": align,
    }


# ----------------------------------------------------------------------------------------------- Markdown


def _to_html(text: str) -> tuple[str, bool]:
    """HTML, and whether all of it came by the direct road."""
    parts, others = plain_markdown.split(text)
    if others:
        with _time_limit(MAX_SECONDS), _room(MAX_DEPTH):  # which take 8 and 10 µs
            for place, run in others.items():
                parts[place] = _converted(run)
    return "\n".join([part for part in parts if part]), not others


@lru_cache(maxsize=64)
def _converted(run: str) -> str:
    """HTML by Python-Markdown. Kept, since an article's page and three feeds show the same text."""
    return _markdown().reset().convert(run)


def _paragraphs(text: str) -> str:
    return "\n".join(
        f"<p>{html.escape(block, quote=False)}</p>" for block in plain_markdown.BLANK_LINES.split(text) if block.strip()
    )


@lru_cache(maxsize=1)
def _markdown() -> Markdown:
    """The one converter of a process; building it takes 5 ms."""
    from markdown import Markdown
    from markdown.extensions.codehilite import CodeHiliteExtension
    from markdown.extensions.fenced_code import FencedCodeExtension
    from markdown.extensions.sane_lists import SaneListExtension
    from markdown.extensions.tables import TableExtension
    from markdown.treeprocessors import Treeprocessor

    class Fit(Treeprocessor):
        """The page has one `h1`, its headline; and alignment is a class, since the CSP forbids inline style."""

        def run(self, root: Element) -> None:
            for element in root.iter():
                if element.tag == "h1":
                    element.tag = "h2"
                style = element.attrib.pop("style", "") if element.tag in ("td", "th") else ""
                if style:
                    element.set("class", style.removeprefix("text-align:").strip(" ;"))

    converter = Markdown(
        extensions=[
            TableExtension(),
            FencedCodeExtension(),
            # Never guess: one indented block cost 30,000 µs when Pygments tried every language on it.
            CodeHiliteExtension(guess_lang=False, css_class="highlight"),
            SaneListExtension(),
        ]
    )
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.treeprocessors.register(Fit(converter), "fit", 0)
    return converter


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in this thread after so many seconds of processor time: a busy machine must not change a page.

    Where signals can't be had, there is no limit. Python's regular expressions look for them as they run, so that
    backtracking ends too.
    """
    if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _room(calls: int) -> Iterator[None]:
    """Leave room for so many calls within each other, however many there are already.

    Python counts from the bottom of the stack, which differs with the number of workers: a page would, too.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + calls - _free(limit, len(list(walk_stack(sys._getframe())))))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


@lru_cache(maxsize=64)
def _free(limit: int, depth: int) -> int:
    """How many more calls there may be within each other at a depth, as far as it goes: 100 µs."""

    def count(calls: int) -> int:
        try:
            return count(calls + 1)
        except RecursionError:
            return calls

    return count(0)


def code_styles() -> str:
    """The stylesheet of highlighted code, light and dark, by Pygments."""
    from pygments.formatters import HtmlFormatter

    def styles(name: str) -> str:
        formatter: Any = HtmlFormatter(style=name)  # whose stubs leave this method untyped
        return str(formatter.get_style_defs(".highlight"))

    light, dark = styles("friendly"), styles("github-dark")
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


# ------------------------------------------------------------------------------------- text to Markdown

_INLINE_SYNTAX = re.compile(r"[\\`*_]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\]\s*[\[(:]")
_LINE_START = re.compile(r"^(?:([#>]|[+-](?=\s|[+-]|$))|(\d+)([.)])(?=\s|$)|([=~]))", re.MULTILINE)
_TABLE_RULE = re.compile(r"^[-|: ]+$", re.MULTILINE)


def escape(text: str) -> str:
    """The plain text of one paragraph → Markdown that renders as that text, with as few marks as that takes."""
    text = "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())
    text = _INLINE_SYNTAX.sub(r"\\\g<0>", text)
    text = _TAG.sub("&lt;", plain_markdown.ENTITY.sub("&amp;", text))
    if _LINK.search(text):
        text = text.replace("[", "\\[").replace("]", "\\]")
    if "|" in text and _TABLE_RULE.search(text):
        text = text.replace("|", "\\|")
    return _LINE_START.sub(_escape_line_start, text)


def heading(text: str, level: int = 2) -> str:
    """A heading of text that is Markdown already: a sign at its end (`C#`) would be taken for the heading's own."""
    return "#" * level + " " + _CLOSING.sub(r"\1\\#", text)


_CLOSING = re.compile(r"(?<!\\)((?:\\\\)*)#$")


def _escape_line_start(match: re.Match[str]) -> str:
    if match[1]:
        return f"\\{match[1]}"
    if match[2]:
        return f"{match[2]}\\{match[3]}"
    return f"&#{ord(match[4])};"


_MARKS = re.compile(r"!\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|(?<!\\)[*`]+|(?<![\\\w])_+|(?<!\\)_+(?!\w)")


def opening(text: str, limit: int = 220) -> str:
    """The first paragraph of a Markdown text as plain text, cut at a word within `limit` characters.

    Empty if the text starts with nothing but headings, lists, tables and pictures.
    """
    for block in plain_markdown.BLANK_LINES.split(text[: 20 * limit].strip("\n")):
        if not block.strip() or block[:1] in "#>|!`~-+* " or re.match(r"\d+\.", block):
            continue
        plain = _MARKS.sub(lambda match: match[1] or match[2] or "", block)
        plain = html.unescape(re.sub(r"\\([\\`*_\[\](){}#+.!|>-])", r"\1", plain))
        return shorten(" ".join(plain.split()), limit)
    return ""


def shorten(text: str, limit: int) -> str:
    """`text`, or its beginning up to the last whole word within `limit` characters and an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[:limit].rsplit(" ", 1)[0] if " " in text[:limit] else text[:limit]
    return cut.rstrip(" ,;:–-") + "…"
