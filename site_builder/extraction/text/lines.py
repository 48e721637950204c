"""The lines of a page and what is known about each: what all passes take and give. No pass is imported here.

A pass is a function `Draft -> Draft`. It gives lines a mark (where they end, by which rule), changes the article, or
narrows the story. A line's first mark stays, so the order of the passes is the order of trust.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import partial
from itertools import pairwise
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from site_builder.model import Article, Extra
from site_builder.vocabulary.lexicon import furniture, listed_words, spaced_lines, tokens_of

_BULLET = re.compile(r"[•●▪◦‣∙·*–—-]\s+(?=\S)|[•●▪◦‣]")
_BULLETS = frozenset("•●▪◦‣∙·*–—-")
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARKS = " .,:;!?…-–—\"'“”‘’«»„()[]|•·*>#©\u200e\u200f"
_CLOSERS = "\"'”’»«)]›」』 "
_STOPS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
# One set first, then what must follow: `re` skips to the next of a set, but not to the next of two alternatives.
_SENTENCE = re.compile(r"[.!?…؟。！？](?:(?<=[。！？])|[\"'”’»)]*\s+[\"'“‘«(]?[^\W\d_a-z])")

Value = TypeVar("Value")

LONGEST = 160
"""The words of the longest line in which phrases are looked for; `tokens` is empty in longer ones."""


COPYRIGHT = 10
"""A copyright line of more words is a legal notice, which is kept."""


WIDEST = 110
"""Characters of the longest line of a text that was wrapped at a width."""
REMEMBERED = 160
"""Characters of the longest line that is remembered between pages."""
MEMORY = 1 << 14
"""How many of them; some 10 MB at most."""


class Memory(dict[str, Value]):
    """What was found out about short lines by their text alone: most lines of an outlet's pages stand on all of them.

    Emptied when it is full. To ask a dict costs a fifth of asking `lru_cache` with a line's six facts.
    """

    def keep(self, text: str, value: Value) -> Value:
        """Remember the value if the text is short, and give it back."""
        if len(text) <= REMEMBERED:
            if len(self) >= MEMORY:
                self.clear()
            self[text] = value
        return value


class Mark(NamedTuple):
    """Where a line ends: `body`, a front-matter field or `removed`, and the rule in words."""

    place: str
    rule: str


class Line(NamedTuple):
    """One line of the page, or several that were one paragraph wrapped at a width (`parts`: number and raw text).

    `key` is the text to compare by: case folded, without marks at its ends; `tokens` are its words. `words` counts
    two signs of an unspaced script as one word. `gap`: a blank line stands before it. `closed`: it ends like a
    sentence. `rule` is of the furniture that this line looks like, `soft` if a story could have such a line too.
    `marks` is what `text` has besides ASCII letters and spaces, in order: few signs, in which a mark is looked for
    before the line is. `prose`: a whole sentence of the kind that stories are made of. `cues` are those of its words that any list has (`lexicon.listed_words`).
    """

    parts: tuple[tuple[int, str], ...]
    text: str
    key: str
    tokens: frozenset[str]
    words: int
    indent: int
    bullet: str
    gap: bool
    closed: bool
    rule: str
    soft: bool
    marks: str = ""
    cues: frozenset[str] = frozenset()
    prose: bool = False
    copies: int = 1

    @property
    def sentences(self) -> int:
        return len(_SENTENCE.findall(self.text)) + 1


class Draft(NamedTuple):
    """A page on its way to an article. The story is `lines[start:end]`; `title` is an index, -1 while unknown.

    `blocks`: the page divides its lines by blank ones, as main-content text does and crawl text does not. `meta` is
    what came beside the text. `scores` are the lines' log odds of being the story's; empty for a text that is no page.
    `known` are the keys of lines that the outlet prints on other pages too. `day_first`: whether 3/4/2017 is the third
    of April, None while unknown.
    """

    lines: tuple[Line, ...]
    meta: Extra
    article: Article
    marks: Mapping[int, Mark] = MappingProxyType({})
    start: int = 0
    end: int = 0
    title: int = -1
    blocks: bool = True
    language: str = ""
    scores: tuple[float, ...] = ()
    known: frozenset[str] = frozenset()
    day_first: bool | None = None

    def free(self, start: int = 0, end: int | None = None) -> list[int]:
        """The indexes without a mark, in order."""
        stop = len(self.lines) if end is None else min(end, len(self.lines))
        return [index for index in range(max(start, 0), stop) if index not in self.marks]

    def mark(self, marks: Mapping[int, Mark]) -> Draft:
        """A draft with these marks, where a line has none yet."""
        if not marks:
            return self
        return self._replace(marks={**marks, **self.marks})

    def with_facts(self, **facts: Any) -> Draft:
        """A draft whose article has these fields."""
        article = self.article
        if all(getattr(article, name) == value for name, value in facts.items()):
            return self  # most passes find nothing, and two copies cost as much as a pass
        values = list(_FACTS(article))
        for name, value in facts.items():
            values[_PLACES[name]] = value
        return self._replace(article=Article(*values))


# All fields of an article: `replace` looks at each of them, for three times as long.
_FACTS = attrgetter(*(one.name for one in fields(Article)))
_PLACES = {one.name: place for place, one in enumerate(fields(Article))}


def read_lines(text: str) -> tuple[Line, ...]:
    """The non-blank lines of a text."""
    raws = text.split("\n")
    found = [(number, raw) for number, raw in enumerate(raws, 1) if raw and not raw.isspace()]
    groups = _unwrap(found)
    marks = marks_of(text)
    # Only lines with other signs than ASCII are slow to fold.
    folded = text.casefold() if text.isascii() else "\n".join(map(str.casefold, raws))
    spaced = spaced_lines(folded, frozenset(marks))
    keys, marked = folded.split("\n"), marks.split("\n")
    known = _facts.get
    if groups:
        facts = [
            known(group[0][1]) or _read_one(*group[0], keys, spaced, marked)
            if len(group) == 1
            else _read(" ".join([raw for _, raw in group]))
            for group in groups
        ]
        parts = [tuple([(number, raw.strip()) for number, raw in group]) for group in groups]
        ends = [group[-1][0] + 1 for group in groups]
        found = [group[0] for group in groups]
    else:
        facts = [known(raw) or _read_one(number, raw, keys, spaced, marked) for number, raw in found]
        parts = [((number, raw.strip()),) for number, raw in found]
        ends = [number + 1 for number, _ in found]
    if not facts:
        return ()
    texts, keyed, tokens, words, bullets, closed, rules, soft, signs, cues, prose = zip(*facts, strict=True)
    gaps = [number > end for (number, _), end in zip(found, [0, *ends[:-1]], strict=True)]
    indents = [len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip()) if raw[0].isspace() else 0 for _, raw in found]
    copies = map(Counter(keyed).__getitem__, keyed)
    rows = zip(
        parts, texts, keyed, tokens, words, indents, bullets, gaps, closed, rules, soft, signs, cues, prose, copies,
        strict=True,
    )  # fmt: skip
    return tuple(map(_LINE, rows))


_LINE = partial(tuple.__new__, Line)  # a `Line` of its fields in order, for half of what a call of the class costs

Facts = tuple[str, str, frozenset[str], int, str, bool, str, bool, str, frozenset[str], bool]
"""What a line's text alone tells: `text`, `key`, `tokens`, `words`, `bullet`, `closed`, `rule`, `soft`, `marks`, `cues`
and `prose` of `Line`."""

_LETTERS = b" ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def marks_of(text: str) -> str:
    """A text without ASCII letters and spaces."""
    return text.encode(errors="surrogatepass").translate(None, _LETTERS).decode(errors="surrogatepass")


def _read_one(number: int, raw: str, keys: list[str], spaced: list[str], marked: list[str]) -> Facts:
    """The facts of a page's line, remembered: from its folded text, its spaced words and its marks."""
    return _facts.keep(raw, _read(raw, keys[number - 1], spaced[number - 1], marked[number - 1]))


def _read(raw: str, folded: str = "", spaced: str = "", marks: str | None = None) -> Facts:
    """The facts of a line; `folded` is it case folded, and `spaced` what `spaced_lines` makes of that, if known."""
    text, key = raw, folded
    if marks is None:
        marks = marks_of(raw)
    if not marks.isprintable():
        text = " ".join(raw.split())
        marks = marks_of(text)
    elif "  " in raw:
        text = " ".join(raw.split())
    elif raw[0] == " " or raw[-1] == " ":
        text = raw.strip()
    bullet = ""
    if text[0] in _BULLETS:
        match = _BULLET.match(text)
        if match:
            bullet = match[0].strip()
            text = text[match.end() :].strip() or text
            marks = marks_of(text)
    if text is not raw or not key:
        key = text.casefold()
    if not (key[0].isalnum() and key[-1].isalnum()):
        key = key.strip(_MARKS)
        if not (key and key[0].isalnum() and key[-1].isalnum()):
            key, spaced = _ENDS.sub("", key), ""  # what was cut off here may be a part of words there
    # The rules for short lines must not meet a megabyte without spaces.
    words = max(text.count(" ") + 1, len(text) // 40)
    if not text.isascii() and _CJK.search(marks):
        words = max(words, len(text) // 2)
    if words > LONGEST:
        tokens = _NONE
    elif spaced and not bullet:
        tokens = frozenset(spaced.split())
    else:
        tokens = tokens_of(key)
    cues = tokens & listed_words()
    rule, soft = furniture(key, words, cues)
    last = text[-1]
    closed = last in _STOPS or (last in _CLOSERS and text.rstrip(_CLOSERS).endswith(_STOPS))
    return text, key, tokens, words, bullet, closed, rule, soft, marks, cues, closed and words >= 8


_NONE: frozenset[str] = frozenset()
_facts: Memory[Facts] = Memory()


def _unwrap(found: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Paragraphs that were wrapped at a fixed width, whole again; nothing for other texts.

    A break was made by a width if the next line's first word would not have fitted. Lines are joined only if that is
    true of nearly all breaks inside the text's blocks, for in scraped text each line is a paragraph of its own.
    """
    if any(len(raw) > WIDEST and len(raw.rstrip()) > WIDEST for _, raw in found):
        return []
    inner = [
        (raw, following) for (number, raw), (next_number, following) in pairwise(found) if next_number == number + 1
    ]
    width = max((len(raw.rstrip()) for _, raw in found), default=0)
    if len(inner) < 6 or not 40 <= width <= WIDEST or len(inner) * 2 < len(found):
        return []
    if sum(_wrapped(raw, following, width) for raw, following in inner) < 0.85 * len(inner):
        return []
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
