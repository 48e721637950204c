"""The densest stretch of a page's lines, and the signs of where each line stands to it: numbers in, places and names out."""

from __future__ import annotations

from typing import NamedTuple

_AWAY = ("1", "2-3", "2-3", *["4-10"] * 7)


class Stretch(NamedTuple):
    """The signs of a stretch's lines, of those right before and right behind it, in the page's order, and of others."""

    inside: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    far_before: str
    far_after: str


def _stretch(name: str) -> Stretch:
    before, after = (tuple(f"{name}: {side} {away}" for away in _AWAY) for side in ("before", "after"))
    return Stretch(f"{name}: inside", before[::-1], after, f"{name}: before far", f"{name}: after far")


DENSEST, LIKELY = _stretch("densest stretch"), _stretch("likely stretch")


def stretch_signs(signs: Stretch, start: int, end: int, count: int) -> list[str]:
    """The sign of each of a page's lines for where it stands to the stretch."""
    reach = len(_AWAY)
    above = [signs.far_before] * (start - reach)
    above += signs.before[max(0, reach - start) :]
    below = [*signs.after, *[signs.far_after] * (count - end - reach)]
    return [*above, *[signs.inside] * (end - start), *below[: count - end]]


def densest(scores: list[float]) -> tuple[int, int]:
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
