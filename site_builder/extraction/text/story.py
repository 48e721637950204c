"""Where the story is: a score for each line, and the stretch of lines with the largest sum.

The score is the place where a learnt line model slots in: it has to give one number for a line, positive for the
story's. These weights were set by hand on the development pages.
"""

from __future__ import annotations

from dataclasses import replace

from site_builder.extraction.text.lines import Draft, Line

LITTLE = 40
"""A text with fewer words in sentences than this is no news page: all of it is kept."""


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
    return replace(draft, start=start, end=end)


def _score(line: Line, marked: bool, blocks: bool) -> float:
    if marked:
        return -0.15 if blocks else -0.4
    if line.rule:
        return -0.6 if blocks else -1.0
    if line.closed and line.words >= 8:
        return min(line.words, 60) / 14 + 0.4 if line.copies == 1 else 0.6
    if line.closed and line.words >= 3:
        return 0.3
    if line.words >= 25:
        return 1.2
    if blocks:
        return -0.25 if not line.bullet else -0.35
    return -0.75 if line.words < 4 or line.copies > 1 else -0.6


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
