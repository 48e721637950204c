"""What a line of main-content text is worth where it stands: a page's lines in, named signs out.

For pages that divide their lines by blank ones. On sites not seen the F1 of lines gained .004 to .005 by these signs, the
one of bodies -.002 (`fundus`), .004 (`aeb`) and .001 (`wcxb`); in crawl text, with menus all around, bodies lost .004.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

Signs = tuple[str, ...]

TOLD = 3
"""Sentences above a heading that may end a story."""
_ENDING = frozenset(("comment section", "related story list", "cookie notice", "copyright line"))
"""Rules of the lines that stand below a story: the more of them are above a line, the less it is the story's."""
_ENDED = tuple(f"endings above: {name}" for name in ("0", "1", "2-3", "2-3", "4+"))


def around(counts: Sequence[int], closings: Sequence[bool], rules: Sequence[str], stretches: list[str]) -> list[Signs]:
    """For each line how often the story has ended above it, and its kind together with where it stands.

    Of each line its words, whether it ends like a sentence, its rule, and the sign of where it stands to the densest
    stretch.
    """
    told = ended = 0
    inside = False
    found: list[Signs] = []
    for words, closed, rule, stretch in zip(counts, closings, rules, stretches, strict=True):
        names = _kinds(stretch)
        of_kind = names[(0 if words < 6 else 1 if words < 19 else 2) + 3 * closed]
        ending = _ENDED[ended if ended < 4 else 4]
        if rule:
            found.append((ending, of_kind, names[6]))
            ends = rule in _ENDING
            ended += ends and not inside and told >= TOLD  # a box of five lines is one
            inside = ends
        else:
            found.append((ending, of_kind))
            inside = False
        if closed and words >= 8:
            told += 1
    return found


@lru_cache(maxsize=64)
def _kinds(stretch: str) -> Signs:
    """The signs of the kinds of lines together with where they stand."""
    return (
        *(f"{end} {size}, {stretch}" for end in ("open", "closed") for size in ("short", "medium", "long")),
        f"site's line, {stretch}",
    )
