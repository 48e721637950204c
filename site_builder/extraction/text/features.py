"""What a line looks like to the line model: a short tuple of named signs, the same for lines that look alike.

No sign names a site or a story's words; signs that need a word list have a sibling that needs none, so that they work
for languages which the lists don't know.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate, chain, compress
from operator import itemgetter
from typing import NamedTuple

from site_builder.extraction.text.around import around
from site_builder.extraction.text.lines import Draft, Line, Memory
from site_builder.vocabulary.lexicon import language_words, phrases

Signs = tuple[str, ...]

LONG = 12
"""Words of a line that is long enough to tell the page's own commonest words from."""

_LENGTHS = (2, 3, 4, 6, 9, 13, 19, 31, 51, 90)
_LENGTH_NAMES = ("1", "2", "3", "4-5", "6-8", "9-12", "13-18", "19-30", "31-50", "51-89", "90+")
_COARSE = (4, 9, 19)
_COARSE_NAMES = ("short", "medium", "long", "paragraph")
_SHARES = (0.001, 0.15, 0.3, 0.45, 0.6)
_SHARE_NAMES = ("none", "few", "some", "a third", "half", "most")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A whole date, as captions and bylines have it and a story's sentences seldom: `Nov. 19, 2019`, `le 12 juillet 2023`.
_DATE = re.compile(
    r"(?<!\d)\d{1,2}(?:\.|er|st|nd|rd|th)?,?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:del?\s+)?(?:19|20)\d\d(?!\d)"
    r"|(?<![^\W\d_])[^\W\d_]{3,12}\.?\s+\d{1,2},?\s+(?:19|20)\d\d(?!\d)"
)
NEAR_END = 25
"""Signs behind a date that stands at a line's end."""
_ADDRESS = re.compile(r"\w@\w|\.(?:com|org|net)\b|(?<!\w)[@#]\w")
_FIRST = itemgetter(0)
_DIGIT = re.compile(r"\d")
_INNER = re.compile(r"[.!?؟。！？](?:(?<=[。！？])|\s+[^\W\d_a-z])")
_QUOTES = "\"'“”‘’„«»「『"
_SIGN = re.compile("[»›•·→]")
_ANY_MARK = re.compile(r"[\d:@#©|>»›•·→/(.](?:(?<!\.)|(?=[con])|(?<=www\.))")
"""What each sign of `_marks` but the commas has in it; a point only as in `.com`, for most sentences have one."""


def _named(pattern: str, names: Iterable[str]) -> dict[str, str]:
    """Signs by the word in them: made once, for a page asks for thousands."""
    return {name: pattern.format(name) for name in names}


_WORDS = tuple(f"words {name}" for name in _LENGTH_NAMES)
_CLOSED, _NO_END, _BULLET = (_named(name, _COARSE_NAMES) for name in ("closed {}", "no end {}", "bullet {}"))
_REPEATED, _YEARS, _DIGITS = (_named(name, _COARSE_NAMES) for name in ("repeated {}", "year {}", "digit {}"))
_STOP, _COMMON, _CAPITALS = (_named(name, _SHARE_NAMES) for name in ("stop words {}", "common words {}", "capitals {}"))
_SENTENCES = tuple(f"sentences {count}" for count in range(6))


def own_signs(line: Line, marked: bool, common: frozenset[str], listed: bool = True) -> Signs:
    """The signs of a line by itself; `marked`: a pass has taken it.

    `common` are the page's own commonest words; they stand in for stop words where no list has its language (`listed`
    is false). A script without capitals or spaces gets the signs that are usual for a line of its length.
    """
    _, text, _, tokens, words, indent, bullet, gap, closed, _, _, copies = line
    memory = _bulleted if bullet else _plain
    found, coarse, stop = memory.get(text) or memory.keep(text, _fixed(line))
    if marked:
        found += _TAKEN
    if copies > 1:
        found += (_REPEATED[coarse],) if copies == 2 else _OFTEN
    if indent:
        found += _INDENT
    if gap:
        found += _GAP
    if words >= 4 and tokens:
        if len(tokens) * 4 < words:  # a script that writes no spaces
            of_page = 0.4 if words >= LONG and closed else 0.2
            stop = _SHARE_NAMES[bisect_right(_SHARES, of_page)]
        else:
            of_page = len(tokens & common) / len(tokens)
            stop = stop if listed else _SHARE_NAMES[bisect_right(_SHARES, of_page)]
        if common:
            found += (_STOP[stop], _COMMON[_SHARE_NAMES[bisect_right(_SHARES, of_page)]])
        else:
            found += (_STOP[stop],)
    return found


_TAKEN, _OFTEN, _INDENT, _GAP = ("taken",), ("repeated often",), ("indent",), ("blank line before",)

Fixed = tuple[Signs, str, str]


def _fixed(line: Line) -> Fixed:
    """The signs that a line has on every page, its length in a word, and its share of stop words in another."""
    _, text, _, tokens, words, _, bullet, _, closed, rule, _, _ = line
    coarse = _COARSE_NAMES[bisect_right(_COARSE, words)]
    last = text[-1]
    found = [_WORDS[bisect_right(_LENGTHS, words)]]
    plain = text.replace(" ", "").isalpha()  # more than half of a crawl's lines: no marks and no digits to look for
    if rule:
        found.append(f"rule: {rule}")
    if plain:
        found.append(_NO_END[coarse])
    elif closed:
        found.append(_CLOSED[coarse])
    elif last in ":：":
        found.append("ends with a colon")
    elif last in ",;…-–":
        found.append("ends open")
    else:
        found.append(_NO_END[coarse])
    if last in "?!？！":
        found.append("asks or calls")
    if words >= 9:
        inner = 9 if words >= 200 else 0 if plain else len(_INNER.findall(text))
        found.append(_SENTENCES[min(inner, 4) + 1])
    if bullet:
        found.append(_BULLET[coarse])
    first = text[0]
    if first.islower():
        found.append("starts small")
    elif plain:
        pass
    elif first in _QUOTES:
        found.append("starts with a quote")
    elif first.isdigit():
        found.append("starts with a digit")
    if words > 1:
        found += _capitals(text, words)
    stop = ""
    if tokens:
        stop = _SHARE_NAMES[bisect_right(_SHARES, language_words(tokens) / len(tokens))]
        if not tokens.isdisjoint(_cue_words()):
            found += _cues(tokens, coarse)
    if words < 60 and not plain:
        found += _marks(text, words, coarse)
    return tuple(found), coarse, stop


_plain: Memory[Fixed] = Memory()
_bulleted: Memory[Fixed] = Memory()


_CAPITAL = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"A" * 26)


def _capitals(text: str, words: int) -> list[str]:
    # `swapcase` is slow, and the first signs of nearly every line tell that it has small and capital letters.
    head = text[:3]
    if head == head.swapcase() and text == text.swapcase():
        share = 0.1 if words >= LONG else 0.5
        return [_CAPITALS[_SHARE_NAMES[bisect_right(_SHARES, share)]]]
    if words <= 40 and text.isascii():
        count = f" {text}".encode().translate(_CAPITAL).count(b" A")
    else:
        count = sum(map(str.isupper, map(_FIRST, text.split(None, 40)[:40])))
    share = count / min(words, 40)
    named = _CAPITALS[_SHARE_NAMES[bisect_right(_SHARES, share)]]
    return ["all capitals", named] if text.isupper() else [named]


@lru_cache(maxsize=1)
def _cue_words() -> frozenset[str]:
    return frozenset().union(*(phrases("cues", name) for name in ("reader", "site", "pictures", "speech")))


def _cues(tokens: frozenset[str], coarse: str) -> list[str]:
    found = []
    asked = len(tokens & phrases("cues", "reader"))
    if asked:
        found.append(f"reader {coarse}" if asked == 1 else f"reader twice {coarse}")
    of_site = len(tokens & phrases("cues", "site"))
    if of_site:
        found.append(f"site word {coarse}" if of_site == 1 else f"site words {coarse}")
    if asked and of_site:
        found.append("reader and site words")
    if of_site >= 3:
        found.append("site words often")
    if asked + of_site >= 3:
        found.append("cues often" if asked + of_site < 5 else "cues very often")
    if not tokens.isdisjoint(phrases("cues", "pictures")):
        found.append("picture word")
    if not tokens.isdisjoint(phrases("cues", "speech")):
        found.append("speech word")
    return found


def _marks(text: str, words: int, coarse: str) -> list[str]:
    found: list[str] = []
    if not _ANY_MARK.search(text):  # nine of ten lines of menus
        return ["many commas"] if words > 6 and text.count(",") * 3 > words else found
    if _DIGIT.search(text):
        dated = bool(_YEAR.search(text))
        found.append(_YEARS[coarse] if dated else _DIGITS[coarse])
        dates = list(_DATE.finditer(text)) if dated and words >= LONG else ()
        if dates:
            place = "at the end" if len(text) - dates[-1].end() <= NEAR_END else "inside"
            found.append(f"date {place}")
    if _has_address(text):
        found.append("address")
    if "©" in text:
        found.append("copyright sign")
    if "|" in text or ">" in text or _SIGN.search(text):
        found.append("menu signs")
    if text.count(",") * 3 > words > 6:
        found.append("many commas")
    if words < 25 and ("/" in text or "(" in text):
        found.append("bracket or slash")
    return found


def _has_address(text: str) -> bool:
    """A web or mail address, a handle or a hashtag."""
    if "www." in text or "http:" in text or "https:" in text:
        return True
    likely = "@" in text or "#" in text or ".com" in text or ".org" in text or ".net" in text
    return likely and bool(_ADDRESS.search(text))


def common_words(draft: Draft) -> frozenset[str]:
    """The words that one in six of the page's long lines has: its language's commonest, without any list."""
    long = [
        line.tokens for line in draft.lines if line.words >= LONG and line.tokens and line.closed and line.copies == 1
    ]
    if len(long) < 4:
        return frozenset()
    counts = Counter(chain.from_iterable(long))
    least = max(2, len(long) // 6)
    return frozenset([word for word, count in counts.items() if count >= least])


REACH = 3
"""How many neighbours on each side a line is judged with."""
EDGE: Signs = ("page's edge",)
"""The signs of the lines that a page doesn't have, before its first and behind its last."""


def page_signs(draft: Draft) -> list[Signs]:
    """The signs of each line by itself, in order."""
    common = common_words(draft)
    marks = draft.marks
    listed = _is_listed(draft)
    return [own_signs(line, index in marks, common, listed) for index, line in enumerate(draft.lines)]


def _is_listed(draft: Draft) -> bool:
    """Whether the stop words know the language of the page's sentences."""
    long = [line.tokens for line in draft.lines if line.words >= LONG and line.closed and line.tokens][:40]
    enough = 0.15 * sum(map(len, long))
    return any(known >= enough for known in accumulate(map(language_words, long), initial=0))


def place_signs(draft: Draft) -> list[Signs]:
    """Where each line stands: the share of the page's sentences above it, and the stretch that has most of them."""
    lines, marks = draft.lines, draft.marks
    prose = [line.words if line.prose and line.copies == 1 and index not in marks else 0
             for index, line in enumerate(lines)]  # fmt: skip
    total = sum(prose) or 1
    count = len(lines)
    stretches = _stretches(_DENSEST, *densest([min(words, 60) if words else -12.0 for words in prose]), count)
    heading = lines[0].tokens if lines else frozenset()
    opening = lines[0].key if lines else ""
    copy = -1
    before = 0
    share = _BEFORE[0]
    found: list[Signs] = []
    further = around(lines, stretches) if draft.blocks else [()] * count
    near = sum(1 for words in prose[:6] if words)
    for index, (line, stretch) in enumerate(zip(lines, stretches, strict=True)):
        here = prose[index]
        signs: Signs = (share, _NEAR_SIGNS[near - 1 if here else near], stretch, *further[index])
        tokens, words = line.tokens, line.words
        if index and 3 <= words <= 40 and not tokens.isdisjoint(heading):
            shared = len(tokens & heading) / min(len(tokens), len(heading))
            if shared >= 0.2:
                signs += ("words of the first line" if shared < 0.6 else "most words of the first line",)
        if index and words >= 3 and len(line.key) >= 10 and opening.startswith(line.key):
            copy = index
            signs += ("headline of the page title",)
        elif copy > 0:
            signs += (_BELOW[min(index - copy, 41)],)
        if here:
            before += here
            share = _BEFORE[bisect_right(_SHARES_OF_PAGE, before / total)]
        near += index + 6 < count and prose[index + 6] > 0
        near -= index >= 5 and prose[index - 5] > 0
        found.append(signs)
    return found


_SHARES_OF_PAGE = (0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999)
_BEFORE = tuple(
    f"sentences before {name}" for name in ("none", "to .1", "to .3", "to .5", "to .7", "to .9", "nearly all", "all")
)
_NEAR_SIGNS = tuple(f"sentences near {name}" for name in ("0", "1", "2-3", "2-3", *["4-6"] * 3, *["7+"] * 5))
"""By how many of the ten lines around are sentences."""
_BELOW = tuple(f"below the headline: {name}" for name in ("", *["1-4"] * 4, *["5-15"] * 11, *["16-40"] * 25, "far"))
"""By the distance in lines."""
_AWAY = ("1", "2-3", "2-3", *["4-10"] * 7)


class _Stretch(NamedTuple):
    """The signs of a stretch's lines, of those right before and right behind it, in the page's order, and of others."""

    inside: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    far_before: str
    far_after: str


def _stretch(name: str) -> _Stretch:
    before, after = (tuple(f"{name}: {side} {away}" for away in _AWAY) for side in ("before", "after"))
    return _Stretch(f"{name}: inside", before[::-1], after, f"{name}: before far", f"{name}: after far")


_DENSEST, _LIKELY = _stretch("densest stretch"), _stretch("likely stretch")


def _stretches(signs: _Stretch, start: int, end: int, count: int) -> list[str]:
    """The sign of each of a page's lines for where it stands to the stretch."""
    reach = len(_AWAY)
    above = [signs.far_before] * (start - reach)
    above += signs.before[max(0, reach - start) :]
    below = [*signs.after, *[signs.far_after] * (count - end - reach)]
    return [*above, *[signs.inside] * (end - start), *below[: count - end]]


def second_signs(draft: Draft, likely: list[float]) -> list[Signs]:
    """What the first pass's answers (0 to 1 for each line) add: the stretch of likely lines, and words in common.

    A paragraph shares its rarer words with the other paragraphs of its story; a teaser or a notice does not.
    """
    lines = draft.lines
    weights = [(chance - 0.4) * min(line.words, 60) for line, chance in zip(lines, likely, strict=True)]
    stretches = _stretches(_LIKELY, *densest(weights), len(lines))
    rarer = [[token for token in line.tokens if len(token) > 4] if line.words >= 6 else [] for line in lines]
    sure = [chance >= 0.5 and line.words >= 8 for line, chance in zip(lines, likely, strict=True)]
    counts = Counter(chain.from_iterable(compress(rarer, sure)))
    once, twice = frozenset(counts), frozenset([token for token, count in counts.items() if count > 1])
    found: list[Signs] = []
    for line, yes, stretch, rare in zip(lines, sure, stretches, rarer, strict=True):
        words = line.words
        if len(rare) >= 3 and len(line.tokens) * 4 >= words:
            shared = len((twice if yes else once).intersection(rare)) / len(rare)
            sign = (_STORYS_LONG if words >= 19 else _STORYS_SHORT)[bisect_right(_SHARES, shared)]
            found.append((stretch, sign))
        else:
            found.append((stretch,))
    return found


_STORYS_LONG, _STORYS_SHORT = (
    tuple(f"story's words {name} {length}" for name in _SHARE_NAMES) for length in ("long", "short")
)


def densest(scores: list[float]) -> tuple[int, int]:
    """Start and end of the run with the largest sum; the first of equals."""
    best, best_range = 0.0, (0, 0)
    total, start = 0.0, 0
    for index, score in enumerate(scores):
        if total <= 0:
            total, start = 0.0, index
        total += score
        if total > best:
            best, best_range = total, (start, index + 1)
    return best_range
