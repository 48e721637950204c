"""The text of an HTML page → its tree, within bounds; the one module that knows lxml.

libxml2 stops at 256 levels and drops what comes after. A page that is nested deeper loses its wrappers first, and if
that is not enough all its tags, so that its text is there whatever its author did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

Element = Any
"""An element of lxml's tree; lxml has no types of its own."""

MAX_TAG = 100_000
"""Characters of one tag: more is a picture or a data base written into an attribute, and libxml2 stops at ten million."""
MAX_TAGS = 300_000
"""A live blog of a week has a tenth of that. Beyond, only the text is read, in no more than `MAX_LINES` lines."""
MAX_LINES = 20_000

_BIG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{MAX_TAG},}}>")
_NAME = re.compile(r"<([A-Za-z][\w:-]*)")
_WRAPPERS = re.compile(
    r"</?(?:div|section|center|article|main|header|footer|form|fieldset|ul|ol|li|dl|table|tbody|tr|td|blockquote)\b[^<>]*>",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"</?(?:span|font|b|i|u|strong|em|small|big|nobr|s|strike|tt|sub|sup|label|ins|del)\b[^<>]*>", re.IGNORECASE
)
_SCRIPT = re.compile(r"<(script|style)\b", re.IGNORECASE)
_SCRIPT_END = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style")}
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_BREAKS = re.compile(r"(?:<br>\s*){3,}")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CLASSES = lxml.etree.ElementDefaultClassLookup(
    element=lxml.html.HtmlElement, comment=lxml.html.HtmlComment, entity=lxml.html.HtmlEntity
)
"""One class for all elements: lxml.html's own way asks a function in Python for the class of each, at every visit."""
_COUNT = lxml.etree.XPath("count(//*)")


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed page: its root element, and how it had to be simplified (empty if it did not)."""

    root: Element
    simplified: str = ""


def parse(text: str) -> Tree:
    """The tree of a page, however broken: a page without any element gives an empty one."""
    text = _DECLARATION.sub("", text, count=1).replace("\x00", "")
    parts = text.split("<")
    if max(map(len, parts)) > MAX_TAG:
        text = _BIG_TAG.sub(_without_attributes, text)
    if len(parts) > MAX_TAGS:
        return Tree(_parse(_bare(text))[0], f"it has more than {MAX_TAGS:,} tags")
    root, whole = _parse(text)
    if whole:
        return Tree(root)
    flat = _BREAKS.sub("<br><br>", _INLINE.sub("", _WRAPPERS.sub("<br><br>", text)))
    root, whole = _parse(flat)
    if whole:
        return Tree(root, "it is nested too deeply")
    return Tree(_parse(_bare(text))[0], "it is nested too deeply")


def _bare(text: str) -> str:
    """A page's text as paragraphs and nothing else; where it has too many lines, several are one paragraph."""
    lines = [line for line in _TAG.sub("\n", _without_scripts(text)).split("\n") if line.strip()]
    size = -(-len(lines) // MAX_LINES) or 1
    groups = (" ".join(lines[start : start + size]) for start in range(0, len(lines), size))
    return "<body>" + "".join(f"<p>{group.replace('<', '&lt;')}</p>" for group in groups)


def _without_scripts(text: str) -> str:
    """Without scripts and styles; those that never end stay, for what is behind them might be the story."""
    parts: list[str] = []
    place = 0
    ends = dict(_SCRIPT_END)
    while (start := _SCRIPT.search(text, place)) is not None:
        name = start[1].lower()
        end = ends[name].search(text, start.end()) if name in ends else None
        if end is None:  # none further on either: looking again for each would take for ever
            ends.pop(name, None)
        parts.append(text[place : start.start() if end else start.end()])
        place = end.end() if end else start.end()
    return "".join((*parts, text[place:]))


def _without_attributes(match: re.Match[str]) -> str:
    name = _NAME.match(match[0])
    return f"<{name[1]}>" if name else ""


def _parse(text: str) -> tuple[Element, bool]:
    parser = lxml.html.HTMLParser(huge_tree=False, remove_pis=True, encoding="utf-8")
    parser.set_element_class_lookup(_CLASSES)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        root = lxml.html.document_fromstring("<html><body></body></html>")
        return root, not text.strip()
    return root, not any("XML_PARSE_HUGE" in error.message for error in parser.error_log)


def count(root: Element) -> int:
    """How many elements a page has."""
    return int(_COUNT(root))


def walk(root: Element) -> Any:
    """`("start", element)`, `("end", element)` and `("comment", …)` in document order; no recursion.

    After a start, `skip_subtree()` of what is returned leaves out what is in the element. Comments count for the text
    behind them: some frameworks put one before and after each word that they fill in.
    """
    return lxml.etree.iterwalk(root, events=("start", "end", "comment"))


def comments(root: Element) -> Iterator[str]:
    """The texts of a page's comments, those before its root element too."""
    before = root.getprevious()
    while before is not None:
        if before.tag is lxml.etree.Comment:
            yield before.text or ""
        before = before.getprevious()
    for comment in root.iter(lxml.etree.Comment):
        yield comment.text or ""
