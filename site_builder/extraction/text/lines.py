"""The lines of a page and what is known about each: what all passes take and give. No pass is imported here.

A pass is a function `Draft -> Draft`. It gives lines a mark (where they end, by which rule), changes the article, or
narrows the story. A line's first mark stays, so the order of the passes is the order of trust.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from site_builder.extraction.text.lexicon import furniture
from site_builder.model import Article, Extra

_BULLET = re.compile(r"[•●▪◦‣∙·*–—-]\s+(?=\S)|[•●▪◦‣]")
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLOSERS = "\"'”’»«)]›」』 "
_STOPS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
_SENTENCE = re.compile(r"[.!?…؟][\"'”’»)]*\s+[\"'“‘«(]?[^\W\d_a-z]|[。！？]")


class Mark(NamedTuple):
    """Where a line ends: `body`, a front-matter field or `removed`, and the rule in words."""

    place: str
    rule: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page, or several that were one paragraph wrapped at a width (`parts`: number and raw text).

    `key` is the text to compare by: case folded, without marks at its ends. `words` counts two signs of an unspaced
    script as one word. `gap`: a blank line stands before it. `closed`: it ends like a sentence. `rule` is of the
    furniture that this line looks like, `soft` if a story could have such a line too.
    """

    parts: tuple[tuple[int, str], ...]
    text: str
    key: str
    words: int
    indent: int
    bullet: str
    gap: bool
    closed: bool
    rule: str
    soft: bool
    copies: int = 1

    @property
    def prose(self) -> bool:
        """A whole sentence of the kind that stories are made of."""
        return self.closed and self.words >= 8

    @property
    def sentences(self) -> int:
        return len(_SENTENCE.findall(self.text)) + 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A page on its way to an article. The story is `lines[start:end]`; `title` is an index, -1 while unknown.

    `blocks`: the page divides its lines by blank ones, as main-content text does and crawl text does not. `meta` is
    what came beside the text.
    """

    lines: tuple[Line, ...]
    meta: Extra
    article: Article
    marks: Mapping[int, Mark] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    title: int = -1
    blocks: bool = True

    def free(self, start: int = 0, end: int | None = None) -> list[int]:
        """The indexes without a mark, in order."""
        stop = len(self.lines) if end is None else min(end, len(self.lines))
        return [index for index in range(max(start, 0), stop) if index not in self.marks]

    def mark(self, marks: Mapping[int, Mark]) -> Draft:
        """A draft with these marks, where a line has none yet."""
        return replace(self, marks={**marks, **self.marks}) if marks else self

    def with_facts(self, **facts: Any) -> Draft:
        """A draft whose article has these fields."""
        return replace(self, article=replace(self.article, **facts))


def read_lines(text: str) -> tuple[Line, ...]:
    """The non-blank lines of a text."""
    found = [(number, raw) for number, raw in enumerate(text.expandtabs(4).split("\n"), 1) if raw and not raw.isspace()]
    groups = _unwrap(found)
    lines: list[Line] = []
    last = 0
    for group in groups:
        lines.append(_line(tuple((number, raw.strip()) for number, raw in group), group[0][1], group[0][0] > last + 1))
        last = group[-1][0]
    counts = Counter(line.key for line in lines)
    return tuple(line if counts[line.key] == 1 else replace(line, copies=counts[line.key]) for line in lines)


def _line(parts: tuple[tuple[int, str], ...], first: str, gap: bool) -> Line:
    text = " ".join(" ".join(raw.split()) for _, raw in parts)
    bullet = _BULLET.match(text)
    if bullet and len(text) > bullet.end():
        text = text[bullet.end() :].strip() or text
    key = _ENDS.sub("", text.casefold())
    words = text.count(" ") + 1
    if not text.isascii() and _CJK.search(text):
        words = max(words, len(text) // 2)
    rule, soft = furniture(key, words)
    return Line(
        parts,
        text,
        key,
        words,
        len(first) - len(first.lstrip()),
        bullet[0].strip() if bullet else "",
        gap or parts[0][0] == 1,
        text.rstrip(_CLOSERS).endswith(_STOPS),
        rule,
        soft,
    )


def _unwrap(found: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Paragraphs that were wrapped at a fixed width, whole again.

    A break was made by a width if the next line's first word would not have fitted. Lines are joined only if that is
    true of nearly all breaks inside the text's blocks, for in scraped text each line is a paragraph of its own.
    """
    singles = [[item] for item in found]
    inner = [
        (raw, following)
        for (number, raw), (next_number, following) in zip(found, found[1:], strict=False)
        if next_number == number + 1
    ]
    width = max((len(raw.rstrip()) for _, raw in found), default=0)
    if len(inner) < 6 or not 40 <= width <= 110 or len(inner) * 2 < len(found):
        return singles
    if sum(_wrapped(raw, following, width) for raw, following in inner) < 0.85 * len(inner):
        return singles
    groups: list[list[tuple[int, str]]] = []
    for number, raw in found:
        before = groups[-1][-1] if groups else (0, "")
        indented = len(raw) - len(raw.lstrip()) > len(before[1]) - len(before[1].lstrip())
        if groups and number == before[0] + 1 and not indented and _wrapped(before[1], raw, width):
            groups[-1].append((number, raw))
        else:
            groups.append([(number, raw)])
    return groups


def _wrapped(raw: str, following: str, width: int) -> bool:
    first = following.split(maxsplit=1)[0]
    return len(raw.rstrip()) + 1 + len(first) > width - 2


def rules(indexes: Iterable[int], place: str, rule: str) -> dict[int, Mark]:
    """The same mark for several lines."""
    return dict.fromkeys(indexes, Mark(place, rule))
