"""What a line of main-content text is worth where it stands: a page's lines in, named signs out.

For pages that divide their lines by blank ones. On sites not seen the F1 of lines gained .004 to .005 by these signs, the
one of bodies -.002 (`fundus`), .004 (`aeb`) and .001 (`wcxb`); in crawl text, with menus all around, bodies lost .004.
"""

from __future__ import annotations

from functools import lru_cache

from site_builder.extraction.text.lines import Line

Signs = tuple[str, ...]

TOLD = 3
"""Sentences above a heading that may end a story."""
_ENDING = frozenset(("comment section", "related story list", "cookie notice", "copyright line"))
"""Rules of the lines that stand below a story: the more of them are above a line, the less it is the story's."""
_ENDED = tuple(f"endings above: {name}" for name in ("0", "1", "2-3", "2-3", "4+"))


def around(lines: tuple[Line, ...], stretches: list[str]) -> list[Signs]:
    """For each line how often the story has ended above it, and its kind together with where it stands.

    `stretches` are the signs of where each line stands to the densest stretch.
    """
    told = ended = 0
    inside = False
    found: list[Signs] = []
    for line, stretch in zip(lines, stretches, strict=True):
        words, rule = line.words, line.rule
        size = 0 if words < 6 else 1 if words < 19 else 2
        names = _kinds(stretch)
        signs: Signs = (_ENDED[min(ended, 4)], names[size + 3 * line.closed])
        if rule:
            signs += (names[6],)
        ends = rule in _ENDING
        ended += ends and not inside and told >= TOLD  # a box of five lines is one
        inside = ends
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
