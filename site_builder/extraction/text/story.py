"""Where the story is: a score for each line, and the stretch of lines with the largest sum.

The score is the place where a learnt line model slots in: it has to give one number for a line, positive for the
story's. These weights were set by hand on the development pages.
"""

from __future__ import annotations

from dataclasses import replace

from site_builder.extraction.text.features import densest
from site_builder.extraction.text.lexicon import language_of
from site_builder.extraction.text.line_model import likely, score_lines
from site_builder.extraction.text.lines import Draft

LITTLE = 40
"""A text with fewer words in sentences than this is no news page: all of it is kept."""

EVEN = 0.4
"""The chance at which a line neither lengthens nor shortens the story."""
LONG = 60
"""Words that a line counts for at most."""


def find_story(draft: Draft) -> Draft:
    """A draft with the lines' `scores`, and `start` and `end` set to the stretch that most looks like running text."""
    lines = draft.lines
    scores = score_lines(draft)
    chances = likely(scores)
    start, end = densest([(chance - EVEN) * min(line.words, LONG) for line, chance in zip(lines, chances, strict=True)])
    inside = sum(
        line.words for index, line in enumerate(lines[start:end], start) if line.prose and index not in draft.marks
    )
    if inside < LITTLE:
        scores = []
        if draft.blocks:
            kept = draft.free()
            start, end = (kept[0], kept[-1] + 1) if kept else (0, 0)
    language = str(draft.meta.get("language", "")) or language_of(" ".join(line.text for line in lines[start:end]))
    return replace(draft, start=start, end=end, language=language, scores=tuple(scores))
