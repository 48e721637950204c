"""The text of an HTML page → its tree, within bounds; the one module that knows lxml.

libxml2 stops at 256 levels and drops what comes after. A page that is nested deeper loses its wrappers first, and if
that is not enough all its tags, so that its text is there whatever its author did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html

Element = Any
"""An element of lxml's tree; lxml has no types of its own."""

MAX_DEPTH = 255
"""Levels that libxml2 reads without its option for huge documents."""
MAX_TAG = 100_000
"""Characters of one tag: more is a picture or a data base written into an attribute, and libxml2 stops at ten million."""

_BIG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{MAX_TAG},}}>")
_NAME = re.compile(r"<([A-Za-z][\w:-]*)")
_WRAPPERS = re.compile(
    r"</?(?:div|section|center|article|main|header|footer|form|fieldset|ul|ol|li|dl|table|tbody|tr|td|blockquote)\b[^>]*>",
    re.IGNORECASE,
)
_INLINE = re.compile(r"</?(?:span|font|b|i|u|strong|em|small|big|nobr|s|strike|tt|sub|sup|label|ins|del)\b[^>]*>", re.I)
_SCRIPTS = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_BREAKS = re.compile(r"(?:<br>\s*){3,}")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed page: its root element, and how it had to be simplified (empty if it did not)."""

    root: Element
    simplified: str = ""


def parse(text: str) -> Tree:
    """The tree of a page, however broken: a page without any element gives an empty one."""
    text = _DECLARATION.sub("", text, count=1).replace("\x00", "")
    if len(text) > MAX_TAG:
        text = _BIG_TAG.sub(_without_attributes, text)
    root, whole = _parse(text)
    if whole:
        return Tree(root)
    text = _BREAKS.sub("<br><br>", _INLINE.sub("", _WRAPPERS.sub("<br><br>", text)))
    root, whole = _parse(text)
    if whole:
        return Tree(root, "it is nested too deeply: its wrappers were taken off")
    text = _BREAKS.sub("<br><br>", _TAG.sub("<br><br>", _SCRIPTS.sub("", text)).replace("<!--", ""))
    return Tree(_parse(f"<body>{text}")[0], "it is nested too deeply: its tags were taken off")


def _without_attributes(match: re.Match[str]) -> str:
    name = _NAME.match(match[0])
    return f"<{name[1]}>" if name else ""


def _parse(text: str) -> tuple[Element, bool]:
    parser = lxml.html.HTMLParser(huge_tree=False, remove_pis=True, encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=True)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        root = lxml.html.document_fromstring("<html><body></body></html>")
        return root, not text.strip()
    return root, not any("XML_PARSE_HUGE" in error.message for error in parser.error_log)


def copy(root: Element) -> Element:
    """A tree that may be taken apart, for libraries that do."""
    return deepcopy(root)


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """`("start", element)`, `("end", element)` and `("comment", …)` in document order; no recursion.

    Comments count for the text behind them: some frameworks put one before and after each word that they fill in.
    """
    return iter(lxml.etree.iterwalk(root, events=("start", "end", "comment")))


def comments(root: Element) -> Iterator[str]:
    """The texts of a page's comments, those before its root element too."""
    before = root.getprevious()
    while before is not None:
        if before.tag is lxml.etree.Comment:
            yield before.text or ""
        before = before.getprevious()
    for comment in root.iter(lxml.etree.Comment):
        yield comment.text or ""
