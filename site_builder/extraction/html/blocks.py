"""A page's tree → its visible text as blocks, one for each line that a reader sees. No block is judged here.

A block is the text between two borders of block elements, with its links and emphasis. What no reader sees (scripts,
styles, templates, fallbacks for browsers without scripts) has no block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from site_builder.decoding import plain
from site_builder.extraction.html.page import Element, walk

MAX_BLOCKS, TOGETHER = 30_000, 1_000
"""A page of more blocks is no article; the others become blocks of so many pieces each, so that its cost is bounded."""
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p "
    "pre search section select summary table tbody td textarea tfoot th thead tr ul video audio iframe object".split()
)
SKIPPED = frozenset("script style template noscript noframes noembed svg canvas head title iframe datalist".split())
BOLD, ITALIC, CODE = 1, 2, 4
STYLES = {"b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC, "cite": ITALIC, "code": CODE, "kbd": CODE}
_DENSE = re.compile("[\u3040-\u9fff\uac00-\ud7af]")
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]")


class Piece(NamedTuple):
    """A run of text within a block that looks alike: its link as it stands in the page, and its styles."""

    text: str
    href: str = ""
    style: int = 0


class Block(NamedTuple):
    """One line of visible text. `element` is the nearest block element around it, `number` counts from 1."""

    number: int
    element: Element
    pieces: tuple[Piece, ...]
    text: str
    linked: float
    """The share of its characters that are links."""
    words: int
    """How many words it has; scripts without spaces count two characters for one."""


@dataclass(slots=True)
class _Writer:
    """The blocks as far as they were read; local to one walk."""

    found: list[Block] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    holder: Element = None
    breaks: int = 0

    def add(self, text: str, holder: Element, href: str, style: int, raw: int) -> None:
        if text.isspace():  # half of all texts: what stands between two tags
            if self.pieces or raw:
                self.pieces.append(Piece(text if raw else " ", href, style))
            return
        if _ODD.search(text):
            text = plain(text)[0]
        words = text.split()
        if not raw and text:
            before, after = " " * text[0].isspace(), " " * text[-1].isspace()
            text = f"{before}{' '.join(words)}{after}"
        if words:
            if self.holder is None:
                self.holder = holder
            self.breaks = 0
        self.pieces.append(Piece(text, href, style))

    def line_break(self) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self.close()
        elif self.holder is not None:
            self.pieces.append(Piece("\n"))

    def close(self) -> None:
        if len(self.found) >= MAX_BLOCKS and len(self.pieces) < TOGETHER:
            self.pieces.append(Piece(" "))
            return
        self.flush()

    def flush(self) -> None:
        """The pieces as a block, if they hold any text."""
        pieces, holder = self.pieces, self.holder
        self.breaks = 0
        if not pieces:
            return
        self.pieces, self.holder = [], None
        if holder is None:
            return
        block = block_of(len(self.found) + 1, holder, tuple(pieces))
        if block:
            self.found.append(block)


def block_of(number: int, element: Element, pieces: tuple[Piece, ...]) -> Block | None:
    """The block of these pieces; None if they hold no words."""
    words = "".join([piece.text for piece in pieces]).split()
    text, count, links = " ".join(words), len(words), 0
    if not words:
        return None
    if not text.isascii():
        count += len(_DENSE.findall(text)) // 2
    for piece in pieces:
        if piece.href:
            links += len(piece.text.strip())
    return Block(number, element, pieces, text, min(1.0, links / len(text)), count)


def read_blocks(root: Element) -> tuple[Block, ...]:
    """The blocks of a page in document order."""
    writer = _Writer()
    add = writer.add
    holders: list[Element] = [root]
    links: list[str] = [""]
    style = 0
    styles: list[int] = []
    raw = 0
    steps = walk(root)
    for event, element in steps:
        if event == "start":
            tag = element.tag
            if tag in BLOCKS:
                writer.close()
            if tag in SKIPPED:
                steps.skip_subtree()
                continue
            if tag in BLOCKS:
                holders.append(element)
                raw += tag == "pre"
            elif tag == "a":
                links.append(element.get("href") or links[-1])
            elif tag in STYLES:
                styles.append(style)
                style |= STYLES[tag]
            elif tag == "br":
                writer.line_break()
            if text := element.text:
                add(text, holders[-1], links[-1], style, raw)
            continue
        if event == "end":
            tag = element.tag
            if tag in BLOCKS:
                writer.close()
                if tag not in SKIPPED:
                    holders.pop()
                    raw -= tag == "pre"
            elif tag == "a":
                links.pop()
            elif tag in STYLES:
                style = styles.pop()
        if text := element.tail:
            add(text, holders[-1] if holders else root, links[-1], style, raw)
    writer.flush()
    return tuple(writer.found)
