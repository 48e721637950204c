"""The day that a story's own sentences are about: a draft in, an EDTF day without a year and its words out.

A sentence names many days, and few are the story's: of 128 days in the sentences of 61 pages 17 were within a day of
its date, and of the days that were simply named most or named last one in five. So a day counts only where the words
around it say that it is the story's: `today (Nov. 18)`, `on Friday, April 28` in the lead, `said on April 12`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from site_builder import dates
from site_builder.extraction.text.lines import Draft
from site_builder.vocabulary.lexicon import phrases

LEAD = 3
"""How many paragraphs count as the lead: news says its day there."""
OPENING = 5
"""In how many paragraphs a weekday beside a day means the last one: `on Friday, April 28`."""
NEAR = 8
"""Words before a day that may tell what it is of."""
BEHIND = 5
"""The same after it."""

# What may not stand before a day is asked of a match: a pattern that begins with it is tried at every sign.
# The first digit is a set of its own: `re` skips to the next of a set, and tries alternatives at every sign.
_DAY = re.compile(r"[0-9](?:(?<=3)[01]|(?<=[12])\d|(?<=0)[1-9]|(?<=[1-9]))(?![\d:/%-]|[.,]\d)")
_DIGIT = re.compile("[0-9]")
_GLUED = frozenset("_.,:/-")
_BEFORE = re.compile(r"([^\W\d_]{3,12})\.?\s+$")
_AFTER = re.compile(r"\.?(?:st|nd|rd|th|er|º)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,12})\.?")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?!\w)")
_YEAR = re.compile(r",?\s+(?:de\s+|del\s+)?\d{4}(?!\d)")
_RANGE = re.compile(r"\s*[–—-]\s*(?:\d|[^\W\d_]+\.? \d)")
_SENTENCE = re.compile(r"[.!?…]['\"”’»)]*\s+(?=[^\W\d_a-zß-öø-ÿ])")
_WORD = re.compile(r"[^\W\d_]+")


def told_day(draft: Draft) -> tuple[str, str]:
    """The day that the story's sentences tell as theirs, and the words around it; empty texts if they tell none.

    Where they tell several it is the last of those told half as often as any, the lead's mentions counting three times:
    a story of the twelfth tells of the eleventh too.
    Only days without a year are taken: a year in a sentence belongs to something else than the day's news.
    """
    counts: Counter[str] = Counter()
    months = dates.month_words(draft.language or "en")
    told: dict[str, str] = {}
    paragraphs = [index for index in range(draft.start, draft.end) if draft.marks.get(index, ("",))[0] == "body"]
    for position, index in enumerate(paragraphs):
        line = draft.lines[index]
        text = line.text
        for match in _DAY.finditer(text) if _DIGIT.search(line.marks) else ():
            before = text[match.start() - 1 : match.start()]
            span = None if before.isalnum() or before in _GLUED else _span(text, match, months)
            if span and _is_told(text, *span, position):
                day = _day(text[span[0] : span[1]].rstrip("."))
                if day:
                    counts[day] += 3 if position < LEAD else 1
                    told.setdefault(day, _phrase(text, span[0]))
    if not counts:
        return "", ""
    most = max(counts.values())
    often = [day for day in counts if counts[day] * 2 >= most]
    turn = any(day[5:7] == "12" for day in often)  # of the year: January is after December
    day = max(often, key=lambda day: (turn and day[5:7] == "01", day))
    return day, told[day]


def _span(text: str, match: re.Match[str], months: frozenset[str]) -> tuple[int, int] | None:
    """Where day and month stand; None where a number is no day of a month, or has a year or another day behind it."""
    before = _BEFORE.search(text, max(0, match.start() - 16), match.start())
    after = _AFTER.match(text, match.end())
    if before and _is_month(before[1], months):
        start, end = before.start(), match.end()
        ordinal = _ORDINAL.match(text, end)
        end = ordinal.end() if ordinal else end
    elif after and _is_month(after[1], months):
        start, end = match.start(), after.end()
    else:
        return None
    return None if _YEAR.match(text, end) or _RANGE.match(text, end) else (start, end)


def _is_told(text: str, start: int, end: int, position: int) -> bool:
    """Whether the words around a day say that it is the one which the story is told on."""
    since = max((stop.end() for stop in _SENTENCE.finditer(text, 0, start)), default=0)
    before = [word.casefold() for word in _WORD.findall(text[since:start])]
    sentence = _SENTENCE.search(text, end)
    after = [word.casefold() for word in _WORD.findall(text[end : sentence.start() if sentence else len(text)])]
    last, following = before[-NEAR:], after[:BEHIND]
    clause = next((place for place, word in enumerate(following) if word in phrases("told", "clauses")), BEHIND)
    following = following[:clause]
    if phrases("told", "today") & {*last[-2:], *following[:2]} and not phrases("told", "limits") & set(last[-1:]):
        return True
    if not phrases("told", "future").isdisjoint((*last, *following)):
        return False
    if not phrases("told", "limits").isdisjoint(last[-2:]):
        return False
    if position < OPENING and any(len(word) > 4 and word in phrases("dates", "weekdays") for word in last[-3:]):
        return True
    if position == 0 and since == 0 and (not before or before[-1] in phrases("told", "on")):
        return True
    says = [place for place, word in enumerate(last) if word in phrases("told", "verbs")]
    if says:
        return phrases("told", "clauses").isdisjoint(last[says[-1] :])
    return not phrases("told", "verbs").isdisjoint(following[:2])


def _is_month(word: str, months: frozenset[str]) -> bool:
    """A month's name in the story's language; short names only with a capital (`12 out of`, `20. des Monats`)."""
    key = word.casefold()
    return key in months and (
        len(word) > 4
        or word[0].isupper()
        or not word.isascii()
        or key in ("mai", "maj", "mars", "abril", "mayo", "juin", "août")
    )


@lru_cache(maxsize=4096)
def _day(words: str) -> str:
    """The EDTF text of a day and a month in words, without a year; empty for an impossible day."""
    return next((found.date.text for found in dates.find(words) if found.date.day and not found.date.year), "")


def _phrase(text: str, at: int) -> str:
    """The few words around a date, for the note."""
    start = text.rfind(" ", 0, max(0, at - 16)) + 1 if at > 16 else 0
    end = text.find(" ", min(len(text), at + 28))
    return text[start : end if end > 0 else len(text)].strip(' ,;:-–—"“”')
