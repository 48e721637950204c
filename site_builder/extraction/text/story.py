"""Where the story is: a score for each line, and the stretch of lines with the largest sum.

The score is the place where a learnt line model slots in: it has to give one number for a line, positive for the
story's. These weights were set by hand on the development pages.
"""

from __future__ import annotations

from dataclasses import replace

from site_builder.extraction.text.lines import Draft, Line
from site_builder.wording.lexicon import language_of

LITTLE = 40
"""A text with fewer words in sentences than this is no news page: all of it is kept."""


_PASSING = {
    "advertisement label",
    "newsletter prompt",
    "subscription or sign-in prompt",
    "read-on prompt",
    "share button",
    "media player control",
}
"""Boxes that pages put between paragraphs: the story may go on behind them."""


def find_story(draft: Draft) -> Draft:
    """A draft with `start` and `end` set to the stretch of lines that most looks like running text."""
    lines = draft.lines
    scores = [_score(line, index in draft.marks, draft.blocks) for index, line in enumerate(lines)]
    start, end = _best_stretch(scores)
    inside = sum(
        line.words for index, line in enumerate(lines[start:end], start) if line.prose and index not in draft.marks
    )
    if inside < LITTLE and draft.blocks:
        kept = draft.free()
        start, end = (kept[0], kept[-1] + 1) if kept else (0, 0)
    elif draft.blocks:
        end = _extend(draft, end)
    language = str(draft.meta.get("language", "")) or language_of(" ".join(line.text for line in lines[start:end]))
    return replace(draft, start=start, end=end, language=language)


def _extend(draft: Draft, end: int) -> int:
    """Main-content text has little below its story: lines that nothing marks as the site's belong to it."""
    last = end
    for index in range(end, len(draft.lines)):
        line = draft.lines[index]
        if index in draft.marks and draft.marks[index].rule in _PASSING:
            continue
        if index in draft.marks or line.rule or _is_end(line):
            break
        if line.closed or line.bullet or line.words >= 8:
            last = index + 1
    return last


def _is_end(line: Line) -> bool:
    return "©" in line.text[:3] or line.key.startswith("copyright")


def _score(line: Line, marked: bool, blocks: bool) -> float:
    if marked:
        return -0.2 if blocks else -0.4
    if line.rule:
        return -0.6 if blocks else -1.0
    if line.closed and line.words >= 8:
        return min(line.words, 60) / 16 + 0.4 if line.copies == 1 else 0.6
    if line.closed and line.words >= 3:
        return 0.3
    if line.words >= 25:
        return 1.2
    if blocks:
        return -0.3 if not line.bullet else -0.4
    return -0.9 if line.words < 4 or line.copies > 1 else -0.75


def _best_stretch(scores: list[float]) -> tuple[int, int]:
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
