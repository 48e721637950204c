"""What can be seen of a block where it stands: names for a linear model, none of which is a site's.

Features are of the block (its element, length, links, punctuation), of the elements around it (their kinds, and what
their class names mean), of its neighbours, and of what others say of it (an extraction library, JSON-LD).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from pathlib import Path

from site_builder.extraction.html.blocks import Block
from site_builder.extraction.html.page import Element
from site_builder.vocabulary.lexicon import furniture, tokens_of

REGIONS = frozenset(
    "header footer nav aside figure figcaption form table article main section li blockquote button details dialog "
    "ul ol dl pre select label address a td th".split()
)
NEAR = 2
"""Levels above a block's own element whose class names are its own matter."""

_PARTS = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_STOPS = tuple(".!?…。！？؟")
_CLOSERS = "\"'”’»)]"
_CREDIT = re.compile(r"[^\w]*(?:photo|foto|image|bild|credit|фото|quelle|source)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _meanings() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("marks.toml").read_text("utf-8"))["names"]
    return {word: meaning for meaning, words in table.items() for word in words.split()}


@lru_cache(maxsize=20_000)
def meanings(names: str) -> frozenset[str]:
    """What the class and id names of an element mean, by the table in `marks.toml`."""
    known = _meanings()
    return frozenset(known[part] for word in _PARTS.split(names[:1000]) if (part := word.lower()) in known)


class Surroundings:
    """What stands around the blocks of one page, found once for each element."""

    def __init__(self) -> None:
        self._own: dict[Element, frozenset[str]] = {}
        self._above: dict[Element, frozenset[str]] = {}
        self._apart: dict[Element, frozenset[str]] = {}
        self._trunk: frozenset[Element] = frozenset()

    def own(self, element: Element) -> frozenset[str]:
        """What an element's own names mean, and its roles."""
        found = self._own.get(element)
        if found is None:
            attributes = element.attrib
            found = meanings(f"{attributes.get('class', '')} {attributes.get('id', '')}")
            kind = element.get("itemprop") or element.get("role") or ""
            if kind:
                found |= {f"is:{kind.lower()}"} if kind.lower() in _ROLES else meanings(kind)
            if "hidden" in attributes or "display:none" in attributes.get("style", "").replace(" ", ""):
                found |= {"unseen"}
            self._own[element] = found
        return found

    def apart(self, element: Element, trunk: frozenset[Element]) -> frozenset[str]:
        """Like `above`, of the elements between this one and the first that holds body blocks too (`trunk`).

        Answers are kept for the last trunk asked about.
        """
        if trunk is not self._trunk and trunk != self._trunk:
            self._apart.clear()
        self._trunk = trunk
        chain: list[Element] = []
        node = element
        while node is not None and node not in trunk and node not in self._apart:
            chain.append(node)
            node = node.getparent()
        found = self._apart.get(node, frozenset())
        for one in reversed(chain):
            found = found | {f"<{one.tag}"} | {f"~{meaning}" for meaning in self.own(one)}
            self._apart[one] = found
        return found

    def above(self, element: Element) -> frozenset[str]:
        """The kinds of the elements around, with `~` what their names mean: of this element and all above it."""
        chain = []
        node = element
        while node is not None and node not in self._above:
            chain.append(node)
            node = node.getparent()
        found = self._above[node] if node is not None else frozenset()
        for one in reversed(chain):
            if one.tag not in ("html", "body"):
                names = {f"~{meaning}" for meaning in self.own(one)}
                if one.tag in REGIONS:
                    names.add(f"<{one.tag}")
                found = found | names
            self._above[one] = found
        return found


def trunk_of(blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int]) -> frozenset[Element]:
    """The elements that hold body blocks, up to the root: what is true of them is no reason against anything inside."""
    found: set[Element] = set()
    for index in range(*span):
        node = blocks[index].element if scores[index] >= 0.5 else None
        while node is not None and node not in found:
            found.add(node)
            node = node.getparent()
    return frozenset(found)


_ROLES = frozenset({"articlebody", "navigation", "banner", "contentinfo", "complementary", "main", "article", "search"})


def _look(element: Element) -> tuple[object, ...]:
    """What blocks that a page's template makes alike have in common: the elements and classes of three levels."""
    look: list[object] = []
    node = element
    while node is not None and len(look) < 6:
        look += (node.tag, node.get("class"))
        node = node.getparent()
    return tuple(look)


def _is_ended(text: str) -> bool:
    """Whether a text ends like a sentence, closed quotes and brackets behind it or not."""
    return text.rstrip(_CLOSERS).endswith(_STOPS)


def _bucket(number: float, borders: tuple[float, ...]) -> int:
    return bisect_right(borders, number)


def describe(blocks: tuple[Block, ...], chosen: list[float], stated: list[float] | None, title: str) -> list[list[str]]:
    """The features of each block. `chosen`: the share of its words that the library took for the body; `stated` the
    same of JSON-LD's articleBody, None where the page has none."""
    around = Surroundings()
    copies = Counter(block.text for block in blocks)
    siblings: Counter[Element] = Counter()
    cousins: Counter[Element] = Counter()
    looks: Counter[tuple[object, ...]] = Counter()
    alike: list[tuple[object, ...]] = []
    prose: list[bool] = []
    for block in blocks:
        sentence = block.words >= 10 and block.linked < 0.5 and _is_ended(block.text)
        prose.append(sentence)
        look = _look(block.element)
        alike.append(look)
        if sentence:
            parent = block.element.getparent()
            siblings[parent] += block.words
            if parent is not None:
                cousins[parent.getparent()] += block.words
            looks[look] += block.words
    taken = [share >= 0.6 for share in chosen]
    first = next((index for index, one in enumerate(taken) if one), len(blocks))
    last = next((index for index in range(len(blocks) - 1, -1, -1) if taken[index]), -1)
    most, widest = max(siblings.values(), default=1), max(cousins.values(), default=1)
    clearest = max(looks.values(), default=1)
    own_words = tokens_of(title.casefold())
    own: list[list[str]] = []
    for index, block in enumerate(blocks):
        names = ["bias"]
        element = block.element
        words, text = block.words, block.text
        names.append(f"tag={element.tag}")
        size = _bucket(words, (2, 4, 7, 12, 20, 40, 80))
        names.append(f"words={size}")
        names.append(f"links={_bucket(block.linked, (0.01, 0.2, 0.5, 0.9))}")
        ended = _is_ended(text)
        names.append(f"end={ended}/{size // 2}")
        key = text.casefold().strip(" .,:;!?|•·–—-…\"'“”„«»")
        tokens = tokens_of(key)
        if furniture(key, words, tokens)[0]:
            names.append(f"furniture/{size // 3}")
        if copies[text] > 1:
            names.append(f"copies/{size // 3}")
        if "©" in text or "(c)" in text or "(C)" in text or _CREDIT.match(text):
            names.append("credit")
        if own_words and tokens and len(tokens & own_words) >= 0.8 * max(len(tokens), 3):
            names.append("title")
        if text.isupper():
            names.append("upper")
        bold = sum(len(piece.text) for piece in block.pieces if piece.style & 1) > 0.9 * len(text)
        if bold:
            names.append(f"bold/{size // 3}")
        names += around.above(element)
        node, level = element, 0
        while node is not None and level <= NEAR and node.tag not in ("body", "html"):
            place = "own" if not level else "near"
            for meaning in around.own(node):
                names += (f"{place}:{meaning}", f"{place}:{meaning}/{taken[index]}")
            node, level = node.getparent(), level + 1
        parent = element.getparent()
        shares = (0.001, 0.1, 0.3, 0.6, 0.999)
        names.append(f"siblings={_bucket(siblings[parent] / most, shares)}")
        names.append(f"cousins={_bucket(cousins[parent.getparent() if parent is not None else None] / widest, shares)}")
        names.append(f"looks={_bucket(looks[alike[index]] / clearest, shares)}/{size // 2}")
        names.append(f"chosen={_bucket(chosen[index], (0.2, 0.6, 0.9))}")
        names.append(f"chosen={taken[index]}/{element.tag if element.tag in _COMMON else 'other'}")
        names.append(f"chosen={taken[index]}/{size // 2}")
        if index < first:
            names.append(f"before={_bucket(first - index, (2, 4, 10))}/{ended}")
        elif index > last:
            names.append(f"after={_bucket(index - last, (2, 4, 10))}/{ended}")
        elif not taken[index]:
            names.append(f"between/{element.tag if element.tag in _COMMON else 'other'}/{ended}")
        else:
            names.append(f"from={_bucket(index - first, (1, 3))}")
            names.append(f"till={_bucket(last - index, (1, 3))}")
        if stated is not None:
            names.append(f"stated={_bucket(stated[index], (0.2, 0.6, 0.9))}/{size // 4}")
        own.append(names)
    for index in range(len(blocks)):
        parent = blocks[index].element.getparent()
        for step in (-2, -1, 1, 2):
            other = index + step
            if not 0 <= other < len(blocks):
                own[index].append(f"{step}:none")
                continue
            there = blocks[other]
            own[index].append(f"{step}:chosen={taken[other]}")
            own[index].append(f"{step}:prose={prose[other]}")
            if abs(step) == 1:
                own[index].append(f"{step}:tag={there.element.tag if there.element.tag in _COMMON else 'other'}")
                same = there.element.getparent() is parent or there.element is blocks[index].element
                own[index].append(f"{step}:same={same}/{taken[other]}")
                own[index].append(f"{step}:links={there.linked >= 0.5}")
    return own


_COMMON = frozenset("p h1 h2 h3 h4 li div td figcaption blockquote section".split())
