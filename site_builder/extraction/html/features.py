"""What can be seen of a block where it stands: names for a linear model, none of which is a site's.

Features are of the block (its element, length, links, punctuation), of the elements around it (their kinds, and what
their class names mean), of its neighbours, and of what others say of it (an extraction library, JSON-LD).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from typing import Any

from site_builder.extraction.html.blocks import Block
from site_builder.extraction.html.headline import likely_heading
from site_builder.extraction.html.opinions import Opinions
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.surroundings import Surroundings
from site_builder.vocabulary.lexicon import tokens_of

NEAR = 2
"""Levels above a block's own element whose class names are its own matter."""

_STOPS = tuple(".!?…。！？؟۔।॥։።")
_CLOSERS = "\"'”’»)]」』）"
_CREDIT = re.compile(r"[^\w]*(?:photo|foto|image|bild|credit|фото|quelle|source)\b", re.IGNORECASE)


def _is_ended(text: str) -> bool:
    """Whether a text ends like a sentence, closed quotes and brackets behind it or not."""
    return text.rstrip(_CLOSERS).endswith(_STOPS)


Sign = tuple[Any, ...]
"""What is seen of a block in one respect: the respect and its values. `spell` gives its names for the model."""

_SIZES, _LINKS = (2, 4, 7, 12, 20, 40, 80), (0.01, 0.2, 0.5, 0.9)
_SHARES, _CHOSEN, _STEPS = (0.001, 0.1, 0.3, 0.6, 0.999), (0.2, 0.6, 0.9), (2, 4, 10)
_AWAY = (1, 2, 3, 5, 8, 15, 40)


class _Shares:
    """How much of the page's prose stands beside a block, among its cousins, and in blocks that look like it."""

    def __init__(self, blocks: tuple[Block, ...], prose: list[bool], parents: list[Element]) -> None:
        self._siblings: dict[Element, int] = {}
        self._cousins: dict[Element, int] = {}
        self._looks: dict[Sign, int] = {}
        self._shape: dict[Element, Sign] = {}
        for block, sentence, parent in zip(blocks, prose, parents, strict=True):
            if not sentence:
                continue
            words = block.words
            self._siblings[parent] = self._siblings.get(parent, 0) + words
            if parent is not None:
                above = parent.getparent()
                self._cousins[above] = self._cousins.get(above, 0) + words
            look = self._look(block.element)
            self._looks[look] = self._looks.get(look, 0) + words
        self._most = max(self._siblings.values(), default=1)
        self._widest = max(self._cousins.values(), default=1)
        self._clearest = max(self._looks.values(), default=1)

    def of(self, element: Element, parent: Element) -> tuple[int, int, int]:
        above = parent.getparent() if parent is not None else None
        return (
            bisect_right(_SHARES, self._siblings.get(parent, 0) / self._most),
            bisect_right(_SHARES, self._cousins.get(above, 0) / self._widest),
            bisect_right(_SHARES, self._looks.get(self._look(element), 0) / self._clearest),
        )

    def _look(self, element: Element) -> Sign:
        """What blocks that a page's template makes alike have in common: the elements and classes of three levels."""
        look: Sign = ()
        node = element
        while node is not None and len(look) < 3:
            shape = self._shape.get(node)
            if shape is None:
                self._shape[node] = shape = (node.tag, node.get("class"))
            look += (shape,)
            node = node.getparent()
        return look


def describe(blocks: tuple[Block, ...], opinions: Opinions, around: Surroundings) -> list[list[Sign]]:
    """The signs of each block, of which the library and JSON-LD have these opinions."""
    chosen, stated = opinions.chosen, opinions.stated
    top, heads = likely_heading(blocks, opinions.titles)
    headline = blocks[top].element if top >= 0 else None
    copies = Counter([block.text for block in blocks])
    parents = [block.element.getparent() for block in blocks]
    ended = [_is_ended(block.text) for block in blocks]
    prose = [end and block.words >= 10 and block.linked < 0.5 for end, block in zip(ended, blocks, strict=True)]
    shares = _Shares(blocks, prose, parents)
    taken = [share >= 0.6 for share in chosen]
    first = next((index for index, one in enumerate(taken) if one), len(blocks))
    last = next((index for index in range(len(blocks) - 1, -1, -1) if taken[index]), -1)
    own_words = tokens_of("".join(opinions.titles[:1]).casefold())
    tags = [tag if (tag := block.element.tag) in _COMMON else "other" for block in blocks]
    near = [None, None, *zip(taken, prose, strict=True), None, None]
    result: list[list[Sign]] = []
    for index, block in enumerate(blocks):
        element, parent, text, here = block.element, parents[index], block.text, taken[index]
        size, tag, end = bisect_right(_SIZES, block.words), tags[index], ended[index]
        if index < first:
            place: Sign = ("before", bisect_right(_STEPS, first - index), end)
        elif index > last:
            place = ("after", bisect_right(_STEPS, index - last), end)
        elif not here:
            place = ("between", tag, end)
        else:
            place = ("inside", bisect_right((1, 3), index - first), bisect_right((1, 3), last - index))
        signs: list[Sign] = [
            ("block", element.tag, size, bisect_right(_LINKS, block.linked), end),
            ("around", around.above(element)),
            ("marked", *_marked(element, parent, around), here),
            ("shares", *shares.of(element, parent), size // 2),
            ("chosen", bisect_right(_CHOSEN, chosen[index]), here, tag, size // 2),
            place,
            ("beyond", near[index], near[index + 4]),
            ("heading", _distance(index, top), heads[index] if heads[index] < 2 else 2),
            ("article", around.related(element, headline), block.words >= 10),
        ]
        if special := _specialities(block, size, copies[text] > 1, own_words, around):
            signs.append(("special", *special))
        if stated is not None:
            signs.append(("stated", bisect_right(_CHOSEN, stated[index]), size // 4))
        for step, other in ((-1, index - 1), (1, index + 1)):
            if not 0 <= other < len(blocks):
                signs.append(("beside", step))
                continue
            there = blocks[other]
            same = parents[other] is parent or there.element is element
            signs.append(("beside", step, taken[other], prose[other], tags[other], same, there.linked >= 0.5))
        result.append(signs)
    return result


def _distance(index: int, top: int) -> str:
    """How far above or below the headline a block stands, in a few steps."""
    if top < 0:
        return "none"
    side = "same" if index == top else "above" if index < top else "below"
    return f"{side}{bisect_right(_AWAY, abs(index - top))}"


def _marked(element: Element, parent: Element, around: Surroundings) -> tuple[frozenset[str], ...]:
    """What the names of a block's own element and of the `NEAR` above it mean."""
    found: list[frozenset[str]] = []
    node = element
    while node is not None and len(found) <= NEAR and node.tag not in ("body", "html"):
        found.append(around.own(node))
        node = parent if node is element else node.getparent()
    return tuple(found)


def _specialities(
    block: Block, size: int, copied: bool, title: frozenset[str], around: Surroundings
) -> tuple[str, ...]:
    """What few blocks have, as names."""
    names, text, words = [], block.text, around.words(block)
    if words.furniture:
        names.append(f"furniture/{size // 3}")
    if copied:
        names.append(f"copies/{size // 3}")
    if "©" in text or "(c)" in text or "(C)" in text or _CREDIT.match(text):
        names.append("credit")
    if title and (count := len(words.tokens)) and len(words.tokens & title) >= 0.8 * max(count, 3):
        names.append("title")
    if text.isupper():
        names.append("upper")
    if sum([len(piece.text) for piece in block.pieces if piece.style & 1]) > 0.9 * len(text):
        names.append(f"bold/{size // 3}")
    return tuple(names)


def spell(sign: Sign) -> list[str]:
    """The names of a sign, in the same order always."""
    kind, *values = sign
    return _SPELLED[kind](*values)


def _spell_marked(*values: Any) -> list[str]:
    *levels, taken = values
    return [
        name
        for level, marks in enumerate(levels)
        for mark in sorted(marks)
        for name in (f"{'near' if level else 'own'}:{mark}", f"{'near' if level else 'own'}:{mark}/{taken}")
    ]


def _spell_beside(step: int, *values: Any) -> list[str]:
    if not values:
        return [f"{step}:none"]
    taken, prose, tag, same, linked = values
    return [
        f"{step}:chosen={taken}", f"{step}:prose={prose}", f"{step}:tag={tag}", f"{step}:same={same}/{taken}",
        f"{step}:links={linked}",
    ]  # fmt: skip


def _spell_beyond(*values: Any) -> list[str]:
    names = []
    for step, value in zip((-2, 2), values, strict=True):
        names += [f"{step}:none"] if value is None else [f"{step}:chosen={value[0]}", f"{step}:prose={value[1]}"]
    return names


_SPELLED: dict[str, Callable[..., list[str]]] = {
    "block": lambda tag, size, links, end: [
        "bias", f"tag={tag}", f"words={size}", f"links={links}", f"end={end}/{size // 2}"
    ],
    "around": sorted,
    "marked": _spell_marked,
    "shares": lambda siblings, cousins, looks, size: [
        f"siblings={siblings}", f"cousins={cousins}", f"looks={looks}/{size}"
    ],
    "chosen": lambda share, taken, tag, size: [f"chosen={share}", f"chosen={taken}/{tag}", f"chosen={taken}/{size}"],
    "before": lambda steps, end: [f"before={steps}/{end}"],
    "after": lambda steps, end: [f"after={steps}/{end}"],
    "between": lambda tag, end: [f"between/{tag}/{end}"],
    "inside": lambda start, end: [f"from={start}", f"till={end}"],
    "beyond": _spell_beyond,
    "beside": _spell_beside,
    "heading": lambda away, heads: [f"heading={away}", f"heads={heads}"],
    "article": lambda relation, long: [f"article={relation}", f"article={relation}/{long}"],
    "special": lambda *names: list(names),
    "stated": lambda share, size: [f"stated={share}/{size}"],
    "score": lambda score, before, after: [f"score={score}", f"inside={before}/{after}"],
    "scores": lambda *values: [
        *(f"score{step}={there}" for step, there in zip((-3, -2, -1, 1, 2, 3), values, strict=False)),
        f"around={values[6]}",
    ],
}  # fmt: skip
"""`score` and `scores` are of the second pass (`scoring.neighbourhood`)."""

_COMMON = frozenset("p h1 h2 h3 h4 li div td figcaption blockquote section".split())
