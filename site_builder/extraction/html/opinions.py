"""What others say of which blocks are the body: the extraction library, and the page's own JSON-LD."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from site_builder.extraction.html.blocks import Block
from site_builder.extraction.html.library import library_text
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.statements import Statements, plain, prose

RUN = 4
STATED = 300
"""Characters of an `articleBody` that is more than a summary."""
AGREES = 0.6
TITLES, LONGEST = 4, 400
"""Headlines that are looked for among a page's headings, and their characters."""
LARGEST = 2_000_000
"""Characters of a page's text that others are asked about: of ten times as many the runs alone take half a gigabyte."""
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Opinions:
    """For each block the share of its words that the library chose, and that JSON-LD states (None: it states none)."""

    chosen: list[float]
    stated: list[float] | None
    titles: tuple[str, ...]
    """What JSON-LD and Open Graph state as the headline."""
    body: str
    """JSON-LD's `articleBody`, one paragraph a line."""


def gather(root: Element, blocks: tuple[Block, ...], statements: Statements) -> Opinions:
    """All opinions on a page; nobody has one on a page of more than `LARGEST` characters."""
    body = prose(statements.article.get("articleBody"))
    stated = (plain(str(statements.article.get("headline") or "")), *statements.all("og:title"))
    titles = tuple(title for title in stated if 0 < len(title) <= LONGEST)[:TITLES]
    if sum(len(block.text) for block in blocks) > LARGEST:
        return Opinions([0.0] * len(blocks), None, titles, body)
    shown = shares(blocks, body) if len(body) >= STATED else None
    return Opinions(shares(blocks, library_text(root)), shown, titles, body)


def _runs(tokens: list[str]) -> list[tuple[str, ...]]:
    if len(tokens) < RUN:
        return [tuple(tokens)] if tokens else []
    return list(zip(*(tokens[start:] for start in range(RUN)), strict=False))


def shares(blocks: tuple[Block, ...], text: str) -> list[float]:
    """For each block the share of its runs of four words that `text` has; what a block uses up is used up.

    A block of fewer words counts where it is a line of `text`, whole.
    """
    lines = Counter(tuple(_TOKEN.findall(line)) for line in text.splitlines())
    left = Counter(_runs(_TOKEN.findall(text)))
    result: list[float] = []
    for block in blocks:
        tokens = _TOKEN.findall(block.text)
        if len(tokens) < RUN + 1:
            found = bool(tokens) and lines[tuple(tokens)] > 0
            lines[tuple(tokens)] -= found
            result.append(float(found))
            continue
        runs = _runs(tokens)
        common = [run for run in runs if left.get(run, 0) > 0]
        share = len(common) / len(runs)
        if share >= AGREES:
            for run in common:
                left[run] -= 1
        result.append(share)
    return result
