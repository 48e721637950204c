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

from site_builder.extraction.text.around import around
from site_builder.extraction.text.lines import Draft, Line, Memory
from site_builder.extraction.text.stretches import DENSEST, LIKELY, densest, stretch_signs
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
_SIGN = re.compile("[|>»›•·→]")
_WIDE_END = re.compile("[؟。！？]")


def _named(pattern: str, names: Iterable[str]) -> dict[str, str]:
    """Signs by the word in them: made once, for a page asks for thousands."""
    return {name: pattern.format(name) for name in names}


_WORDS = tuple(f"words {_LENGTH_NAMES[bisect_right(_LENGTHS, words)]}" for words in range(_LENGTHS[-1] + 1))
"""The sign by the number of words, which is looked up faster than it is compared; the last for all above."""
_COARSELY = tuple(_COARSE_NAMES[bisect_right(_COARSE, words)] for words in range(_COARSE[-1] + 1))
_CLOSED, _NO_END, _BULLET = (_named(name, _COARSE_NAMES) for name in ("closed {}", "no end {}", "bullet {}"))
_REPEATED, _YEARS, _DIGITS = (_named(name, _COARSE_NAMES) for name in ("repeated {}", "year {}", "digit {}"))
_STOP, _COMMON, _CAPITALS = (_named(name, _SHARE_NAMES) for name in ("stop words {}", "common words {}", "capitals {}"))
_SENTENCES = tuple(f"sentences {count}" for count in range(6))


_TAKEN, _OFTEN, _INDENT, _GAP = ("taken",), ("repeated often",), ("indent",), ("blank line before",)

Fixed = tuple[Signs, str, str]


def _fixed(line: Line) -> Fixed:
    """The signs that a line has on every page, its length in a word, and its share of stop words in another."""
    _, text, _, tokens, words, _, bullet, _, closed, rule, _, marks, cues, _, _ = line
    coarse = _COARSELY[words] if words < len(_COARSELY) else _COARSELY[-1]
    last = text[-1]
    found = [_WORDS[words] if words < len(_WORDS) else _WORDS[-1]]
    plain = not marks or marks.isalpha()  # more than half of a crawl's lines: no marks and no digits to look for
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
        inner = 4 if words >= 200 else 0 if plain else _inner_ends(text, marks)
        found.append(_SENTENCES[inner + 1 if inner < 4 else 5])
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
        found += _capitals(text, words, marks)
    stop = ""
    if tokens:
        stop = _SHARE_NAMES[bisect_right(_SHARES, language_words(tokens) / len(tokens))]
        if cues and not cues.isdisjoint(_cue_words()):
            found += _cues(cues, coarse)
    if words < 60 and not plain:
        found += _mark_signs(text, words, coarse, marks)
    return tuple(found), coarse, stop


_plain: Memory[Fixed] = Memory()
_bulleted: Memory[Fixed] = Memory()


_CAPITAL = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"A" * 26)


def _capitals(text: str, words: int, marks: str) -> list[str]:
    # `swapcase` is slow, and the first signs of nearly every line tell that it has small and capital letters.
    head = text[:3]
    if head == head.swapcase() and text == text.swapcase():
        share = 0.1 if words >= LONG else 0.5
        return [_CAPITALS[_SHARE_NAMES[bisect_right(_SHARES, share)]]]
    if words <= 40 and (text.isascii() or not any(map(str.isupper, marks))):
        count = f" {text}".encode(errors="surrogatepass").translate(_CAPITAL).count(b" A")
    else:
        count = sum(map(str.isupper, map(_FIRST, text.split(None, 40)[:40])))
    share = count / min(words, 40)
    named = _CAPITALS[_SHARE_NAMES[bisect_right(_SHARES, share)]]
    return ["all capitals", named] if text.isupper() else [named]


def _inner_ends(text: str, marks: str) -> int:
    """How many sentences end inside a line: one space stands behind each, and no small ASCII letter."""
    if not text.isascii() and _WIDE_END.search(marks):
        return len(_INNER.findall(text))
    count = 0
    for mark in ".!?":
        if mark in marks:
            for after in text.split(f"{mark} ")[1:]:
                first = after[:1]
                count += first.isalnum() and not ("a" <= first <= "z" or first.isdecimal())
    return count


@lru_cache(maxsize=1)
def _cue_words() -> frozenset[str]:
    return frozenset().union(*(phrases("cues", name) for name in ("reader", "site", "pictures", "speech")))


def _cues(cues: frozenset[str], coarse: str) -> list[str]:
    found = []
    asked = len(cues & phrases("cues", "reader"))
    if asked:
        found.append(f"reader {coarse}" if asked == 1 else f"reader twice {coarse}")
    of_site = len(cues & phrases("cues", "site"))
    if of_site:
        found.append(f"site word {coarse}" if of_site == 1 else f"site words {coarse}")
    if asked and of_site:
        found.append("reader and site words")
    if of_site >= 3:
        found.append("site words often")
    if asked + of_site >= 3:
        found.append("cues often" if asked + of_site < 5 else "cues very often")
    if not cues.isdisjoint(phrases("cues", "pictures")):
        found.append("picture word")
    if not cues.isdisjoint(phrases("cues", "speech")):
        found.append("speech word")
    return found


def _mark_signs(text: str, words: int, coarse: str, marks: str) -> list[str]:
    """The signs of what a line has besides letters."""
    found: list[str] = []
    digits = len(_DIGIT.findall(marks))
    if digits:
        dated = ("19" in marks or "20" in marks) and bool(_YEAR.search(text))
        found.append(_YEARS[coarse] if dated else _DIGITS[coarse])
        dates = list(_DATE.finditer(text)) if dated and words >= LONG and digits > 4 else ()
        if dates:
            place = "at the end" if len(text) - dates[-1].end() <= NEAR_END else "inside"
            found.append(f"date {place}")
    if ("." in marks or "@" in marks or "#" in marks or ":" in marks) and _has_address(text):
        found.append("address")
    if "©" in marks:
        found.append("copyright sign")
    if _SIGN.search(marks):
        found.append("menu signs")
    if words > 6 and marks.count(",") * 3 > words:
        found.append("many commas")
    if words < 25 and ("/" in marks or "(" in marks):
        found.append("bracket or slash")
    return found


def _has_address(text: str) -> bool:
    """A web or mail address, a handle or a hashtag."""
    if "www." in text or "http:" in text or "https:" in text:
        return True
    likely = "@" in text or "#" in text or ".com" in text or ".org" in text or ".net" in text
    return likely and bool(_ADDRESS.search(text))


def _long(draft: Draft) -> list[Line]:
    """The page's lines that are sentences of some length."""
    return [line for line in draft.lines if line.words >= LONG and line.closed and line.tokens]


def _common(long: list[frozenset[str]]) -> frozenset[str]:
    """The words that one in six of the page's long lines has: its language's commonest, without any list."""
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
    """The signs of each line by itself, in order.

    The page's own commonest words stand in for stop words where no list has its language. A script without capitals
    or spaces gets the signs that are usual for a line of its length.
    """
    long = _long(draft)
    common = _common([line.tokens for line in long if line.copies == 1])
    marks = draft.marks
    listed = _is_listed(long)
    rows: list[Signs] = []
    for index, line in enumerate(draft.lines):
        _, text, _, tokens, words, indent, bullet, gap, closed, _, _, _, _, _, copies = line
        memory = _bulleted if bullet else _plain
        found, coarse, stop = memory.get(text) or memory.keep(text, _fixed(line))
        if index in marks:
            found += _TAKEN
        if copies > 1:
            found += (_REPEATED[coarse],) if copies == 2 else _OFTEN
        if indent:
            found += _INDENT
        if gap:
            found += _GAP
        if words >= 4 and tokens:
            size = len(tokens)
            if size * 4 < words:  # a script that writes no spaces
                of_page = 0.4 if words >= LONG and closed else 0.2
                stop = _SHARE_NAMES[bisect_right(_SHARES, of_page)]
            else:
                of_page = len(tokens & common) / size
                stop = stop if listed else _SHARE_NAMES[bisect_right(_SHARES, of_page)]
            if common:
                found += (_STOP[stop], _COMMON[_SHARE_NAMES[bisect_right(_SHARES, of_page)]])
            else:
                found += (_STOP[stop],)
        rows.append(found)
    return rows


def _is_listed(long: list[Line]) -> bool:
    """Whether the stop words know the language of the page's sentences."""
    words = [line.tokens for line in long[:40]]
    enough = 0.15 * sum(map(len, words))
    return any(known >= enough for known in accumulate(map(language_words, words), initial=0))


def place_signs(draft: Draft) -> list[Signs]:
    """Where each line stands: the share of the page's sentences above it, and the stretch that has most of them."""
    lines, marks = draft.lines, draft.marks
    if not lines:
        return []
    _, _, keys, tokened, counts, _, _, _, closings, rules, _, _, _, told, copied = zip(*lines, strict=True)
    prose = [
        words if yes and copies == 1 and index not in marks else 0
        for index, (words, yes, copies) in enumerate(zip(counts, told, copied, strict=True))
    ]
    total = sum(prose) or 1
    count = len(lines)
    stretches = stretch_signs(DENSEST, *densest([(words if words < 60 else 60) or -12.0 for words in prose]), count)
    heading, opening = tokened[0], keys[0]
    copy = -1
    before = 0
    share = _BEFORE[0]
    found: list[Signs] = []
    further = around(counts, closings, rules, stretches) if draft.blocks else [()] * count
    near = min(6, count) - prose[:6].count(0)
    ahead = [*prose[6:], *[0] * 6]
    behind = [*[0] * 5, *prose]
    columns = zip(keys, tokened, counts, stretches, further, prose, ahead, behind, strict=False)
    for index, (key, tokens, words, stretch, more, here, enters, leaves) in enumerate(columns):
        signs: Signs = (share, _NEAR_SIGNS[near - 1 if here else near], stretch, *more)
        if words >= 3 and index:
            if words <= 40 and not tokens.isdisjoint(heading):
                shared = len(tokens & heading) / min(len(tokens), len(heading))
                if shared >= 0.2:
                    signs += ("words of the first line" if shared < 0.6 else "most words of the first line",)
            if len(key) >= 10 and opening.startswith(key):
                copy = index
                signs += ("headline of the page title",)
            elif copy > 0:
                signs += (_BELOW[index - copy if index - copy < 41 else 41],)
        elif copy > 0:
            signs += (_BELOW[index - copy if index - copy < 41 else 41],)
        if here:
            before += here
            share = _BEFORE[bisect_right(_SHARES_OF_PAGE, before / total)]
        if enters:
            near += 1
        if leaves:
            near -= 1
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


def second_signs(draft: Draft, likely: list[float]) -> list[Signs]:
    """What the first pass's answers (0 to 1 for each line) add: the stretch of likely lines, and words in common.

    A paragraph shares its rarer words with the other paragraphs of its story; a teaser or a notice does not.
    """
    lines = draft.lines
    counts = [line.words for line in lines]
    tokened = [line.tokens for line in lines]
    weights = [(chance - 0.4) * (words if words < 60 else 60) for words, chance in zip(counts, likely, strict=True)]
    stretches = stretch_signs(LIKELY, *densest(weights), len(lines))
    rarer = [
        [token for token in tokens if len(token) > 4] if words >= 6 else []
        for words, tokens in zip(counts, tokened, strict=True)
    ]
    sure = [chance >= 0.5 and words >= 8 for words, chance in zip(counts, likely, strict=True)]
    once: set[str] = set()
    twice: set[str] = set()
    for rare in compress(rarer, sure):
        twice.update(once.intersection(rare))
        once.update(rare)
    found: list[Signs] = []
    for words, tokens, yes, stretch, rare in zip(counts, tokened, sure, stretches, rarer, strict=True):
        if len(rare) >= 3 and len(tokens) * 4 >= words:
            shared = len((twice if yes else once).intersection(rare)) / len(rare)
            sign = (_STORYS_LONG if words >= 19 else _STORYS_SHORT)[bisect_right(_SHARES, shared)]
            found.append((stretch, sign))
        else:
            found.append((stretch,))
    return found


_STORYS_LONG, _STORYS_SHORT = (
    tuple(f"story's words {name} {length}" for name in _SHARE_NAMES) for length in ("long", "short")
)
