"""What a line of main-content text has around it further off than its neighbours: a page's lines in, named signs out.

For pages that divide their lines by blank ones. Crawl text has menus all around, which tell nothing: with these signs
bodies of its `fundus` pages on sites not seen lost .004, and those of main-content text gained .002 to .006.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate, chain, repeat

from site_builder.extraction.text.lines import Line

Signs = tuple[str, ...]

RULED, BITS = 10, 8
"""How far lines that are the site's, and short bits without an end, are counted before and behind a line."""
TOLD = 3
"""Sentences above a heading that may end a story."""
_ENDING = frozenset(
    ("comment section", "related story list", "newsletter prompt", "subscription or sign-in prompt", "cookie notice",
     "copyright line")
)  # fmt: skip
"""Rules of the lines that stand below a story: the more of them are above a line, the less it is the story's."""
_MANY = ("0", "1", "2-3", "2-3", *["4+"] * max(RULED, BITS))
_ENDED = tuple(f"endings above: {name}" for name in ("0", "1", "2-3", "2-3", "4+"))
_BEFORE_BEHIND = {
    what: tuple(tuple(f"{what} {side}: {name}" for name in _MANY) for side in ("before", "behind"))
    for what in ("site's lines", "bits")
}


def around(lines: tuple[Line, ...], stretches: list[str]) -> list[Signs]:
    """For each line: how many lines before and behind it are the site's, or short bits, how many ended the story above
    it, and what a line of its kind is worth where it stands to the densest stretch (`stretches`, a sign for each)."""
    ruled = _counts([1 if line.rule else 0 for line in lines], RULED, "site's lines")
    bits = _counts([1 if line.words < 8 and not line.closed else 0 for line in lines], BITS, "bits")
    told = ended = 0
    found: list[Signs] = []
    for line, stretch, near, short in zip(lines, stretches, ruled, bits, strict=True):
        words, rule = line.words, line.rule
        size = 0 if words < 6 else 1 if words < 19 else 2
        names = _kinds(stretch)
        signs = (_ENDED[min(ended, 4)], names[size + 3 * line.closed], *near, *short)
        if rule:
            signs += (names[6],)
            ended += told >= TOLD and rule in _ENDING
        told += line.prose
        found.append(signs)
    return found


@lru_cache(maxsize=64)
def _kinds(stretch: str) -> Signs:
    """The signs of the kinds of lines together with where they stand."""
    return (
        *(f"{end} {size}, {stretch}" for end in ("open", "closed") for size in ("short", "medium", "long")),
        f"site's line, {stretch}",
    )


def _counts(ones: list[int], reach: int, what: str) -> list[Signs]:
    sums = list(accumulate(ones, initial=0))
    count = len(ones)
    before, behind = _BEFORE_BEHIND[what]
    lows = chain(repeat(0, reach), range(count))
    highs = chain(range(reach + 1, count), repeat(count))
    return [
        (before[sums[index] - sums[low]], behind[sums[high] - sums[index + 1]])
        for index, (_, low, high) in enumerate(zip(ones, lows, highs, strict=False))
    ]
