"""Which headings within a story are its subheads, and what the others are: titles of boxes and recordings, standfirsts.

Of a page's headings the model knows little, for they are short. Where a heading stands tells more: a subhead is among
the paragraphs that it parts, a box's title is with the box's own text in an element of a rare look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from site_builder.extraction.html.blocks import HEADINGS, Block
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.scoring import TAKEN
from site_builder.extraction.html.surroundings import Surroundings
from site_builder.extraction.html.writing import heading_level, is_bold_heading

HOME = 0.5
"""The share of the story's words in an element that is no box."""
ALIKE = 0.3
"""The share of them in elements that look like it: a page may have one for each subhead and its paragraphs."""
MANY = 3
"""More boxes of one look are the parts of a story: questions and answers, products, a recipe's steps."""
REAL = 2
"""So many headings are a page's way to set subheads, and its bold lines are none (20 of 20 such lines on real pages)."""
AHEAD = 6
"""Blocks, pictures with their captions among them, that may stand between a subhead and its text."""

SUBHEAD, BOX, RECORDING = "subhead", "title of a box", "title of a recording"
STANDFIRST, UNSEEN, LAST = "standfirst", "hidden part of the page", "heading without a text"

_PLAYERS = ("video", "audio", "iframe", "object")
_APART = frozenset("navigation comments advert letter sharing related side unseen legal tool".split())
_APART_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "summary"))
_FOR_EARS = re.compile(r"visually-?hidden|\bsr-?only|screen-?reader|off-?screen", re.IGNORECASE)
"""Class names of what is there for those who have a page read to them."""


@dataclass(slots=True)
class Headings:
    """What each heading of the story is, by its block's number, and the scores with those that lacked for a subhead."""

    scores: list[float]
    kinds: dict[int, str] = field(default_factory=dict)


def find_subheads(
    blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int], around: Surroundings
) -> Headings:
    """The headings of the story `blocks[span[0]:span[1]]`."""
    found = Headings(list(scores))
    taken = [index for index in range(*span) if scores[index] >= TAKEN]
    told = [index for index in taken if not heading_level(blocks[index])]
    if not told:
        return found
    text = _Text([blocks[index] for index in told])
    boxes: dict[tuple[str, str | None], list[int]] = {}
    for index in range(*span):
        block = blocks[index]
        if not heading_level(block):
            continue
        kind = _kind(block, index, (told[0], told[-1]), text, around)
        if scores[index] >= TAKEN:
            found.kinds[block.number] = kind
            if kind == BOX:
                boxes.setdefault(_look(text.holder(block.element)[0]), []).append(block.number)
        elif kind == SUBHEAD and _is_missed(blocks, index, scores, text, around):
            found.kinds[block.number] = kind
            found.scores[index] = TAKEN
    for numbers in boxes.values():
        if len(numbers) > MANY:
            found.kinds.update(dict.fromkeys(numbers, SUBHEAD))
    if sum(kind == SUBHEAD for kind in found.kinds.values()) < REAL:
        for index in told:
            if span[0] < index < taken[-1] and is_bold_heading(blocks[index]):
                found.kinds[blocks[index].number] = SUBHEAD
    return found


class _Text:
    """How many of the story's words stand in each element, and in all that look like it."""

    def __init__(self, blocks: list[Block]) -> None:
        self._inside: dict[Element, int] = {}
        self._alike: dict[tuple[str, str | None], int] = {}
        self._total = sum(block.words for block in blocks)
        within: dict[Element, int] = {}
        for block in blocks:
            parent = block.element.getparent()
            self._inside[block.element] = self._inside.get(block.element, 0) + block.words
            within[parent] = within.get(parent, 0) + block.words
        self.parents = frozenset(within)
        for parent, words in within.items():
            looks = set()
            for element in _line(parent) if parent is not None else ():
                self._inside[element] = self._inside.get(element, 0) + words
                looks.add(_look(element))
            for look in looks:
                self._alike[look] = self._alike.get(look, 0) + words

    def holder(self, element: Element) -> tuple[Element, Element]:
        """The first element at or above one that holds text, and the one below it on the way."""
        node = below = element
        while node is not None and node not in self._inside:
            node, below = node.getparent(), node
        return node, below

    def is_home(self, element: Element) -> bool:
        """Whether an element that holds text is where the story is, and no box beside it."""
        whole = self._inside[element] >= HOME * self._total
        return whole or self._alike.get(_look(element), 0) >= ALIKE * self._total


def _line(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _look(element: Element) -> tuple[str, str | None]:
    return element.tag, element.get("class")


def _kind(block: Block, index: int, told: tuple[int, int], text: _Text, around: Surroundings) -> str:
    """What a heading is; `told` are the indexes of the story's first and last text."""
    heading = block.element if block.element.tag in HEADINGS else block.element.getparent()
    if "unseen" in around.own(heading) or _FOR_EARS.search(heading.get("class") or ""):
        return UNSEEN
    if index > told[1]:
        return LAST
    if index < told[0] and heading.getparent() not in text.parents:
        return STANDFIRST
    holder, wrapper = text.holder(heading)
    if holder is not None and not text.is_home(holder):
        return BOX
    if next(wrapper.iter(*_PLAYERS), None) is not None:
        return RECORDING
    return SUBHEAD


def _is_missed(blocks: tuple[Block, ...], index: int, scores: list[float], text: _Text, around: Surroundings) -> bool:
    """Whether a heading that the scores left out is among the story's paragraphs, alone and with text behind it."""
    block, following = blocks[index], blocks[index + 1 : index + 1 + AHEAD]
    if not following or following[0].linked > 0.5 or block.linked > 0.5 or around.words(block).furniture:
        return False
    if not any(score >= TAKEN for score in scores[index + 1 : index + 1 + AHEAD]):
        return False
    _, wrapper = text.holder(block.element)
    for other in (*blocks[max(0, index - 1) : index], following[0]):
        if other.element is not block.element and any(element is wrapper for element in _line(other.element)):
            return False
    if next(block.element.iter(*_APART_TAGS), None) is not None:
        return False
    for element in _line(block.element):
        if element.tag in _APART_TAGS or _APART & around.own(element):
            return False
        if element is wrapper:
            break
    return True
