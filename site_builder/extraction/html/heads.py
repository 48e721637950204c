"""Blocks → blocks: headline, byline and date that are parted by single `<br>`s become lines of their own.

So pages of the 1990s are made. Elsewhere a `<br>` parts the lines of one thing (a verse, an address), which stays whole:
a date line is what tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.extraction.html.blocks import Block, Piece, block_of
from site_builder.vocabulary.names import byline
from site_builder.vocabulary.stamps import stamp

LINES = 4
"""Kicker, headline, deck or byline, and the date line at the latest."""
WORDS = 25
"""Of a line above the date: a headline has up to 20."""
STAMP = 14
"""Words of a date line or byline."""
OTHERS = 4
"""Of these, those that are none of a date: a writer's name, or a town."""


def part_heads(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks, of which those that begin with a few short lines and a date line are divided at these, numbered anew."""
    if not any(_is_broken(block) for block in blocks):
        return blocks
    found: list[Block] = []
    for block in blocks:
        parts = list(_parts(block)) if _is_broken(block) else [block.pieces]
        made = [block] if len(parts) < 2 else [one for pieces in parts if (one := block_of(0, block.element, pieces))]
        found += [one._replace(number=len(found) + n) for n, one in enumerate(made, 1)]
    return tuple(found)


def _is_broken(block: Block) -> bool:
    return any(piece.text == "\n" for piece in block.pieces)


def _parts(block: Block) -> Iterator[tuple[Piece, ...]]:
    """The pieces of each line of the head, and of what is below it."""
    lines: list[list[Piece]] = [[]]
    for piece in block.pieces:
        if piece.text == "\n":
            lines.append([])
        else:
            lines[-1].append(piece)
    texts = [" ".join("".join(piece.text for piece in line).split()) for line in lines]
    end = _head(texts)
    for line in lines[:end]:
        yield tuple(line)
    rest = [piece for line in lines[end:] for piece in (Piece("\n"), *line)][1:]
    if rest:
        yield tuple(rest)


def _head(texts: list[str]) -> int:
    """How many lines from the first on are a head; 0 for none."""
    for index, text in enumerate(texts[:LINES]):
        count = len(text.split())
        if count <= STAMP and (found := stamp(text)) and found.others <= OTHERS:
            end = index + 1
            while end < len(texts) and end < LINES and len(texts[end].split()) <= STAMP and byline(texts[end]):
                end += 1
            return end
        if not count or count > WORDS:
            return 0
    return 0
