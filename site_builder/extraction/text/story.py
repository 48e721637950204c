"""Where the story is: a score for each line, and the stretch of lines with the largest sum.

The score is the place where a learnt line model slots in: it has to give one number for a line, positive for the
story's. These weights were set by hand on the development pages.
"""

from __future__ import annotations

from math import fsum

from site_builder.extraction.text.line_model import likely, score_lines
from site_builder.extraction.text.lines import Draft, Line
from site_builder.extraction.text.stretches import densest
from site_builder.vocabulary.lexicon import language_of
from site_builder.vocabulary.stamps import writes_day_first

LITTLE = 40
"""A text with fewer words in sentences than this is no news page: all of it is kept."""

EVEN = 0.4
"""The chance at which a line neither lengthens nor shortens the story."""
TAIL = 0.0
"""Log odds over which a line below the densest stretch is the story's end, if nothing but prompts stands between."""
BEHIND = -5.0
"""The same for a line right behind a prompt: pages put those above the last paragraph."""
HEADLINE = 15
"""Signs of the shortest line that is taken for the page title's headline."""
BELOW = 120
"""How many lines below it the story is looked for."""
NEARLY = 0.2
"""How much of the densest stretch's worth the one below the headline must have."""
LONG = 60
"""Words that a line counts for at most."""


def find_story(draft: Draft) -> Draft:
    """A draft with the lines' `scores`, and `start` and `end` set to the stretch that most looks like running text."""
    lines = draft.lines
    scores = score_lines(draft)
    chances = likely(scores)
    counts = [line.words for line in lines]
    worth = [(chance - EVEN) * (words if words < LONG else LONG) for words, chance in zip(counts, chances, strict=True)]
    start, end = densest(worth)
    if not draft.blocks:
        start, end = _headed(lines, worth, start, end)
    start = next((index for index in range(start, end) if _opens(lines[index])), start)
    inside = sum(
        line.words for index, line in enumerate(lines[start:end], start) if line.prose and index not in draft.marks
    )
    if inside < LITTLE and draft.blocks:
        scores = []
        kept = draft.free()
        start, end = (kept[0], kept[-1] + 1) if kept else (0, 0)
    elif draft.blocks:
        end = _extend(draft, end, scores)
    language = str(draft.meta.get("language", "")) or language_of(" ".join([line.text for line in lines[start:end]]))
    order = writes_day_first([line.text for line in lines if "/" in line.marks], language)
    return draft._replace(start=start, end=end, language=language, scores=tuple(scores), day_first=order)


def _headed(lines: tuple[Line, ...], worth: list[float], start: int, end: int) -> tuple[int, int]:
    """The stretch right below the headline that the page's title confirms, if another one is somewhat denser.

    A long consent notice stands above it, a publisher's list of what it also runs below it.
    """
    opening = lines[0].key if lines else ""
    heads = [
        index
        for index, line in enumerate(lines)
        if opening.startswith(line.key) and index and len(line.key) >= HEADLINE and line.words >= 3
        and _is_all(line.key, opening)
    ]  # fmt: skip
    if not heads or heads[0] < start <= heads[-1] + BELOW:
        return start, end
    low, high = densest(worth[heads[-1] + 1 : heads[-1] + 1 + BELOW])
    near = fsum(worth[heads[-1] + 1 + low : heads[-1] + 1 + high])
    if near < max(LONG / 2, NEARLY * fsum(worth[start:end])):
        return start, end
    low, high = densest([*[0.0] * (heads[-1] + 1), *worth[heads[-1] + 1 : start if start > heads[-1] else None]])
    return low, high


def _is_all(key: str, opening: str) -> bool:
    """Whether a page's title, which begins with this, has behind it at most the site's name."""
    return opening[len(key) :].strip(" \"'”’»)")[:1] in (
        "",
        "|",
        "-",
        "–",
        "—",
        "·",
        "»",
        "/",
    )


def _opens(line: Line) -> bool:
    """Whether a story can begin with a line: a headline, which is much like one, stands above its story."""
    return (line.closed and line.words >= 5) or line.words >= 25


def _extend(draft: Draft, end: int, scores: list[float]) -> int:
    """Main-content text has little below its story: what looks like it, behind a prompt, belongs to it."""
    last = end
    for index in range(end, len(draft.lines)):
        line = draft.lines[index]
        if index in draft.marks and draft.marks[index].rule in _PASSING:
            continue
        if index in draft.marks or line.rule or "©" in line.text[:3] or line.key.startswith("copyright"):
            break
        behind = index - 1 in draft.marks and index > end  # a prompt stands right before it
        if (line.closed or line.bullet or line.words >= 8) and scores[index] > (BEHIND if behind else TAIL):
            last = index + 1
    return last


_PASSING = {
    "advertisement label",
    "newsletter prompt",
    "subscription or sign-in prompt",
    "read-on prompt",
    "share button",
    "media player control",
}
"""Boxes that pages put between paragraphs: the story may go on behind them."""
