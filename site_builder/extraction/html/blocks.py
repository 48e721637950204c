"""A page's tree → its visible text as blocks, one for each line that a reader sees. No block is judged here.

A block is the text between two borders of block elements, with its links and emphasis. What no reader sees (scripts,
styles, templates, fallbacks for browsers without scripts) has no block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

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
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text within a block that looks alike: its link as it stands in the page, and its styles."""

    text: str
    href: str = ""
    style: int = 0


@dataclass(frozen=True)
class Block:
    """One line of visible text. `element` is the nearest block element around it, `number` counts from 1."""

    number: int
    element: Element
    pieces: tuple[Piece, ...]
    text: str
    linked: float
    """The share of its characters that are links."""

    @cached_property
    def words(self) -> int:
        """How many words it has; scripts without spaces count two characters for one."""
        count = len(self.text.split())
        return count if self.text.isascii() else count + len(_DENSE.findall(self.text)) // 2


@dataclass(slots=True)
class _Writer:
    """The blocks as far as they were read; local to one walk."""

    found: list[Block] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    holder: Element = None
    breaks: int = 0

    def add(self, text: str | None, holder: Element, href: str, style: int, raw: bool) -> None:
        if not text:
            return
        if _ODD.search(text):
            text = plain(text)[0]
        if not raw:
            text = _SPACE.sub(" ", text)
        if text.strip():
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
        self.pieces, self.holder, self.breaks = [], None, 0
        if holder is None:
            return
        text = " ".join("".join(piece.text for piece in pieces).split())
        if not text:
            return
        links = sum(len(piece.text.strip()) for piece in pieces if piece.href)
        self.found.append(Block(len(self.found) + 1, holder, tuple(pieces), text, min(1.0, links / len(text))))


def read_blocks(root: Element) -> tuple[Block, ...]:
    """The blocks of a page in document order."""
    writer = _Writer()
    holders: list[Element] = [root]
    links: list[str] = [""]
    style = 0
    styles: list[int] = []
    skipping: Element = None
    raw = 0
    for event, element in walk(root):
        tag = element.tag
        if skipping is not None:
            if event == "end" and element is skipping:
                skipping = None
                if tag in BLOCKS:
                    writer.close()
                writer.add(element.tail, holders[-1], links[-1], style, raw > 0)
            continue
        if event == "comment":
            writer.add(element.tail, holders[-1], links[-1], style, raw > 0)
            continue
        if event == "start":
            if tag in SKIPPED:
                if tag in BLOCKS:
                    writer.close()
                skipping = element
                continue
            if tag in BLOCKS:
                writer.close()
                holders.append(element)
                raw += tag == "pre"
            elif tag == "a":
                links.append(element.get("href") or links[-1])
            elif tag in STYLES:
                styles.append(style)
                style |= STYLES[tag]
            elif tag == "br":
                writer.line_break()
            writer.add(element.text, holders[-1], links[-1], style, raw > 0)
            continue
        if tag in BLOCKS:
            writer.close()
            holders.pop()
            raw -= tag == "pre"
        elif tag == "a":
            links.pop()
        elif tag in STYLES:
            style = styles.pop()
        writer.add(element.tail, holders[-1] if holders else root, links[-1], style, raw > 0)
    writer.flush()
    return tuple(writer.found)
