"""What stands around the blocks of a page: the kinds of the elements above them, and what their class names mean.

Answers are kept for one page; what a class name means is kept for all, for a site's pages have the same ones.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from site_builder.extraction.html.blocks import Block
from site_builder.extraction.html.page import Element
from site_builder.vocabulary.lexicon import furniture, tokens_of

REGIONS = frozenset(
    "header footer nav aside figure figcaption form table article main section li blockquote button details dialog "
    "ul ol dl pre select label address a td th".split()
)
LONGEST = 1000
"""Characters of an attribute that are looked at, and kept."""

_NOTHING: frozenset[str] = frozenset()
_PARTS = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_ROLES = frozenset({"articlebody", "navigation", "banner", "contentinfo", "complementary", "main", "article", "search"})


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("marks.toml").read_text("utf-8"))["names"]
    return {word: meaning for meaning, words in table.items() for word in words.split()}


@lru_cache(maxsize=20_000)
def meanings(names: str) -> frozenset[str]:
    """What the class and id names of an element mean, by the table in `marks.toml`."""
    known = _meanings()
    return frozenset(known[part] for word in _PARTS.split(names) if (part := word.lower()) in known)


@lru_cache(maxsize=20_000)
def _own(names: str, kind: str, unseen: bool) -> frozenset[str]:
    found = meanings(names)
    if kind:
        found |= {f"is:{kind.lower()}"} if kind.lower() in _ROLES else meanings(kind)
    return found | {"unseen"} if unseen else found


@lru_cache(maxsize=20_000)
def _with(found: frozenset[str], tag: str, own: frozenset[str]) -> frozenset[str]:
    """What is known of the elements above, and what an element adds; few sets, so that equal ones are the same one."""
    return found.union((f"<{tag}",) if tag else (), (f"~{meaning}" for meaning in own))


Answer = TypeVar("Answer")


def inherit(element: Element, known: dict[Element, Answer], step: Callable[[Answer, Element], Answer]) -> Answer:
    """What holds for an element, by `step` from what holds for the one above it.

    `known` are the answers so far and gets those of all elements on the way; it has one for None, above the root.
    """
    chain: list[Element] = []
    node = element
    while node not in known:
        chain.append(node)
        node = node.getparent()
    found = known[node]
    for one in reversed(chain):
        known[one] = found = step(found, one)
    return found


def _nearest_article(found: Element, element: Element) -> Element:
    named = element.tag == "article" or (element.get("itemtype") or "").endswith("Article")
    return element if named else found


class Words(NamedTuple):
    """A block's text as lists of known lines have it, its words, and the rule that takes it by them, if one does."""

    key: str
    tokens: frozenset[str]
    furniture: str


class Surroundings:
    """What stands around the blocks of one page, found once for each element."""

    def __init__(self) -> None:
        self._own: dict[Element, frozenset[str]] = {}
        self._above: dict[Element, frozenset[str]] = {None: _NOTHING}
        self._apart: dict[Element, frozenset[str]] = {None: _NOTHING}
        self._trunk: frozenset[Element] = frozenset()
        self._words: dict[int, Words] = {}
        self._article: dict[Element, Element] = {None: None}

    def own(self, element: Element) -> frozenset[str]:
        """What an element's own names mean, and its roles."""
        found = self._own.get(element)
        if found is None:
            get = element.get
            names, label, style = get("class") or "", get("id"), get("style")
            kind, unseen = get("itemprop") or get("role") or "", get("hidden") is not None
            if style and not unseen:
                unseen = "display:none" in style.replace(" ", "")
            names = f"{names} {label}" if label else names
            found = _own(names[:LONGEST], kind[:LONGEST], unseen)
            self._own[element] = found
        return found

    def apart(self, element: Element, trunk: frozenset[Element]) -> frozenset[str]:
        """Like `above`, of the elements between this one and the first that holds body blocks too (`trunk`).

        Answers are kept for the last trunk asked about.
        """
        if trunk is not self._trunk:
            if trunk != self._trunk:
                self._apart = dict.fromkeys((None, *trunk), _NOTHING)
            self._trunk = trunk
        return inherit(element, self._apart, self._and_own)

    def _and_own(self, found: frozenset[str], element: Element) -> frozenset[str]:
        return _with(found, element.tag, self.own(element))

    def above(self, element: Element) -> frozenset[str]:
        """The kinds of the elements around, with `~` what their names mean: of this element and all above it."""
        return inherit(element, self._above, self._and_region)

    def _and_region(self, found: frozenset[str], element: Element) -> frozenset[str]:
        tag, own = element.tag, self.own(element)
        if (own or tag in REGIONS) and tag not in ("html", "body"):
            return _with(found, tag if tag in REGIONS else "", own)
        return found

    def article(self, element: Element) -> Element:
        """The nearest element at or above this one that the page calls an article; None where there is none."""
        return inherit(element, self._article, _nearest_article)

    def related(self, element: Element, other: Element) -> str:
        """How the article around an element stands to the one around another element."""
        own, its = self.article(element), self.article(other) if other is not None else None
        if own is None:
            return "none" if its is None else "out"
        if its is None:
            return "only"
        if own is its:
            return "same"
        return "inner" if its in self._holders(own) else "outer" if own in self._holders(its) else "other"

    def _holders(self, article: Element) -> list[Element]:
        """The articles that an article is in."""
        found: list[Element] = []
        node = article.getparent()
        while node is not None and (node := self.article(node)) is not None:
            found.append(node)
            node = node.getparent()
        return found

    def words(self, block: Block) -> Words:
        """The words of a block, looked at once."""
        found = self._words.get(block.number)
        if found is None:
            key = key_of(block.text)
            tokens = tokens_of(key)
            self._words[block.number] = found = Words(key, tokens, furniture(key, block.words, tokens)[0])
        return found


def key_of(text: str) -> str:
    """A text as the lists of known lines have it."""
    return text.casefold().strip(" .,:;!?|•·–—-…\"'“”„«»")


def trunk_of(blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int]) -> frozenset[Element]:
    """The elements that hold body blocks, up to the root: what is true of them is no reason against anything inside."""
    found: set[Element] = set()
    for index in range(*span):
        node = blocks[index].element if scores[index] >= 0.5 else None
        while node is not None and node not in found:
            found.add(node)
            node = node.getparent()
    return frozenset(found)
