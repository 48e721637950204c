"""Which of a story's short lines are its subheads, those that look like a box's among them: a draft in, answers out.

A subhead says what the paragraphs below it say, in part with their words. A teaser, a label or a caption that stands
between two paragraphs does not.
"""

from __future__ import annotations

import re

from site_builder.extraction.text.lines import Draft, Line
from site_builder.vocabulary.lexicon import has_word, places_of
from site_builder.vocabulary.names import is_name

LONGEST = 12
"""Words; 97 % of the subheads in the development pages have up to 12."""
LONG = 16
"""Words of one that the paragraphs below it say again."""
OVER = 8
"""Lines below a line in which its words are looked for."""
SHARE = 0.5
"""The share of its words that stand there: three of four subheads have it, and a third of the lines that look like one."""
STRANGE = 0.7
"""Log odds under which one or two words are none which the story has nowhere: 16 labels were so, and 4 subheads."""
SUBHEAD = -0.3
"""Log odds under which a short line is no subhead but something that a page has put there."""
OVERRULED = -1.8
"""The same in crawl text of a line between two paragraphs that the lower one says again."""
BETWEEN = -1.0
"""The same of one of letters alone, whatever its words."""
LISTED = 6
"""Words of each of two lines in a row that are headlines of other stories."""
STEM = 5
"""Letters of a word's beginning that are looked for: endings change."""

_CLOCK = re.compile(r"\d:\d\d\s*(?:min|std|h)\b")
_TIMED = re.compile(r"[0-2]?\d[.:h][0-5]\d\s*(?:uhr\s*)?[:–—-]\s*\S", re.IGNORECASE)
_TIME = re.compile(r"\d[:.][0-5]\d")
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s+\S")
_ODD = re.compile(r"[\d@|/()]")
_SIGN = re.compile(r"[|@]|>\s*$|^[^«]*»\s*$")
_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)$|\bimage-\d", re.IGNORECASE)
_QUESTION = ("?", "？", "؟")
_CALL = ("!", "！")
_CLOSERS = "\"'”’»"
_PASSING = ("read-on prompt", "advertisement label")
_BOXES = ("unlike the story's lines", "box or menu inside the story")
_PLAYERS = ("browser notice", "media player control")


class Subheads:
    """The subheads of a draft's story; local to one pass. What is looked up for one line is kept for the next."""

    def __init__(self, draft: Draft, least: float = SUBHEAD) -> None:
        self.draft = draft
        self.least = least
        self._text = ""
        self._series: frozenset[int] | None = None

    def is_one(self, index: int, before: Line | None, after: Line | None) -> bool:
        """Whether a line of the story is a subhead; `before` and `after` are the story's lines around it."""
        draft = self.draft
        line = draft.lines[index]
        if before is None or after is None or line.words > LONG or line.text[0].islower() or not _looks_like_one(line):
            return False
        if draft.blocks and not (line.gap and _gap_after(draft, index)):
            return False
        if line.copies > 1 and self._stands_twice(index):
            return False
        firm = self._is_firm(index)
        if line.words > LONGEST and not firm and not self._is_long_one(index, before, after):
            return False
        if not firm and self._is_unlikely(index, before, after):
            return False
        if not firm and not self._stands_over(index, before, after):
            return False
        return firm or not (self._is_strange(index) or self._is_aside(index) or self._names_somebody(index))

    def is_dropped(self, index: int) -> bool:
        """Whether a line that looks like a box's is a subhead: in crawl text both stand between paragraphs."""
        draft = self.draft
        line = draft.lines[index]
        if line.words > LONG or line.copies > 1 or line.rule or _ODD.search(line.text) or line.text[0].islower():
            return False
        if draft.scores[index] < OVERRULED or not _looks_like_one(line):
            return False
        if line.words > LONGEST and not draft.lines[index - 1].prose:
            return False
        below = self._below(index)
        told = below is not None and below.closed and below.words >= 5 and self._share(index) >= SHARE
        return told and not self._names_somebody(index)

    def _is_unlikely(self, index: int, before: Line, after: Line) -> bool:
        draft = self.draft
        if not draft.scores or draft.scores[index] >= self.least:
            return False
        if draft.blocks or not after.closed or after.words < 5 or _ODD.search(draft.lines[index].text):
            return True
        if before.closed and after.prose and draft.scores[index] >= BETWEEN:
            return False
        return draft.scores[index] < OVERRULED or self._share(index) < SHARE

    def _is_long_one(self, index: int, before: Line, after: Line) -> bool:
        """Whether a line that is long for a subhead stands between sentences and is told again by the lower one."""
        line = self.draft.lines[index]
        between = before.prose and after.prose and not line.closed and line.text[0].isalnum()
        return between and self._share(index) >= SHARE

    def _stands_over(self, index: int, before: Line, after: Line) -> bool:
        """Whether the story begins anew with a line: behind a sentence's end, or told again by what stands below."""
        draft = self.draft
        if not (after.closed or after.words >= 8):
            return False
        if before.closed or before.words >= 12 or before.text.endswith(":"):
            return True
        if not after.prose:
            return False
        if not draft.blocks:
            return _asks(draft.lines[index])
        # A tag, a number, what is left of a picture: two words above it, in text that still has its blank lines.
        return before.words <= 2 or _asks(draft.lines[index]) or self._share(index) >= SHARE

    def _is_firm(self, index: int) -> bool:
        """Whether a line is a heading by its shape: an hour and what happened then, or a number of a series."""
        text = self.draft.lines[index].text
        if not text[0].isdecimal():
            return False
        if _TIMED.match(text):
            return True
        if self._series is None:
            self._series = _series(self.draft)
        return index in self._series

    def _is_strange(self, index: int) -> bool:
        """Whether a word or two that are not so surely the story's have none in common with any of it."""
        draft = self.draft
        line = draft.lines[index]
        if line.words > 2 or not draft.scores or draft.scores[index] >= STRANGE:
            return False
        stems = _stems(line)
        return bool(stems) and not any(stem in self._story() for stem in stems)

    def _is_aside(self, index: int) -> bool:
        """Whether a line belongs to a video or to a box below it, is a source or a time, or stands below a teaser in crawl text."""
        draft = self.draft
        text = draft.lines[index].text
        following, above = draft.marks.get(index + 1), draft.marks.get(index - 1)
        if following is not None and following.rule in (*_BOXES, *_PLAYERS):
            return True
        if not draft.blocks and draft.lines[index].words >= LISTED:
            asks = _asks(draft.lines[index])
            if self._is_listed(index + 1) or (not asks and self._is_listed(index - 1)):
                return True
        if draft.lines[index].bullet and is_name(text):
            return True  # `— Ann Lee`
        if _is_time(draft.lines[index]) or (above is None and _is_time(draft.lines[index - 1])):
            return True  # a teaser's
        if above is not None and not draft.blocks and above.rule in (_BOXES[0], "related story teaser"):
            return self._share(index) < SHARE or not draft.scores or draft.scores[index] < 0
        return False

    def _is_listed(self, index: int) -> bool:
        """Whether a line next to one that may be a subhead could be as long a one: headlines of other stories."""
        draft = self.draft
        if not draft.start <= index < draft.end or index in draft.marks:
            return False
        line = draft.lines[index]
        return LISTED <= line.words <= LONG and _looks_like_one(line) and not self._is_firm(index)

    def _names_somebody(self, index: int) -> bool:
        """Whether a line is somebody's name of whom the story speaks, with an office or not: whose quotation it was."""
        draft = self.draft
        name = draft.lines[index].text.split(",")[0]
        if not is_name(name) or any(word.islower() and word not in ("de", "van", "von") for word in name.split()):
            return False
        story = " ".join(line.text for line in draft.lines[draft.start : draft.end] if line.prose)
        if any(has_word(story, word.casefold()) for word in name.split()):
            return False  # `Weather Without Sunlight`
        begins = (". ", "! ", "? ")
        return any(not story.endswith(begins, 0, at) for at in places_of(name.split()[-1], story))

    def _stands_twice(self, index: int) -> bool:
        """Whether the story has a line twice; what stands above it as well is an entry of its table of contents."""
        draft = self.draft
        key = draft.lines[index].key
        return any(draft.lines[at].key == key for at in range(draft.start, draft.end) if at != index)

    def _below(self, index: int) -> Line | None:
        """The line below one; prompts and advertisements between them don't count."""
        draft = self.draft
        for at in range(index + 1, min(index + 4, draft.end)):
            mark = draft.marks.get(at)
            if mark is None:
                return draft.lines[at]
            if mark.rule not in _PASSING:
                return None
        return None

    def _share(self, index: int) -> float:
        """The share of a line's longer words that the sentences right below it have."""
        draft = self.draft
        stems = _stems(draft.lines[index])
        if not stems:
            return 0.0
        below = draft.lines[index + 1 : min(index + 1 + OVER, draft.end)]
        text = " ".join([line.key for line in below if line.prose])
        return sum(stem in text for stem in stems) / len(stems)

    def _story(self) -> str:
        if not self._text:
            draft = self.draft
            self._text = " ".join([line.key for line in draft.lines[draft.start : draft.end] if line.prose])
        return self._text


def _looks_like_one(line: Line) -> bool:
    text = line.text
    if len(text) > 130 or line.bullet not in ("", "-", "–", "—") or text[-1] in ".,;:…،؛-–—":
        return False
    if line.closed and not text.rstrip(_CLOSERS).endswith((*_QUESTION, *_CALL)):
        return False
    if line.closed and text[0] in '"“„«' and line.words > 6:
        return False  # a short quotation is a paragraph
    if "/" in text and line.words <= 4 and all(word[0].isupper() or word == "/" for word in text.split()):
        return False  # sources
    odd = _SIGN.search(text) or _CLOCK.search(text) or _FILE.search(text)
    return not odd and any(map(str.isalpha, text))


def _asks(line: Line) -> bool:
    return line.text.rstrip(_CLOSERS).endswith(_QUESTION)


def _is_time(line: Line) -> bool:
    """`Today, 12:34`, `05.09. | 2:03 min`."""
    return line.words <= 4 and not line.closed and bool(_TIME.search(line.text)) and not _CLOCK.search(line.text)


def _stems(line: Line) -> list[str]:
    """The beginnings of a line's longer words; none for a script without spaces."""
    if len(line.tokens) * 2 < line.words:
        return []
    return [token[:STEM] for token in line.tokens if len(token) > 3]


def _series(draft: Draft) -> frozenset[int]:
    """The lines `1. …`, `2. …`, `3. …` that have the story's other lines between them: a list's entries have none."""
    found: list[int] = []
    for index in draft.free(draft.start, draft.end):
        line = draft.lines[index]
        if line.text[0].isdecimal() and line.words <= LONG and not (line.closed and not _asks(line)):
            match = _NUMBERED.match(line.text)
            if match and int(match[1]) == len(found) + 1 and not (found and index - found[-1] < 2):
                found.append(index)
    return frozenset(found) if len(found) >= 3 else frozenset()


def _gap_after(draft: Draft, index: int) -> bool:
    return index + 1 >= len(draft.lines) or draft.lines[index + 1].gap
