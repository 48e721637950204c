"""Which places on a map get their names beside them: those of most articles first, where nothing is in the way."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True, slots=True)
class Look:
    """How large letters are, in units of the map, and how many units a pixel of the screen is where they are used."""

    size: float
    pixel: float
    most: int


WIDE, NARROW = Look(12, 1.0, 40), Look(24, 2.0, 12)
"""For screens of 720 pixels and of 360, as the stylesheet has them: a little large between."""
LONGEST = 32
"""Letters of a name that can stand on a map."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name on a map; `anchor` is which end of it (`start`, `middle`, `end`) lies at `x`, `y` its base line."""

    text: str
    x: int
    y: int
    anchor: str


def beside(
    dots: Sequence[tuple[float, float, float, str]], look: Look, width: float, height: float, taken: Sequence[Box]
) -> tuple[Label, ...]:
    """The names that fit on a map of that size. `dots` are x, y, width in pixels, and name; the first matter most."""
    full = [*taken, *(_square(x, y, size * look.pixel / 2) for x, y, size, _ in dots)]
    found: list[Label] = []
    for number, (x, y, size, name) in enumerate(dots):
        if len(found) >= look.most:
            break
        if len(name) > LONGEST:
            continue
        for label, box in _ways(x, y, size * look.pixel / 2, name, look):
            own = len(taken) + number
            free = box[0] >= 2 and box[2] <= width - 2 and box[1] >= 2 and box[3] <= height - 2
            if free and not any(_meet(box, other) for i, other in enumerate(full) if i != own):
                full.append(box)
                found.append(label)
                break
    return tuple(found)


def _square(x: float, y: float, half: float) -> Box:
    return x - half, y - half, x + half, y + half


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _ways(x: float, y: float, half: float, name: str, look: Look) -> Iterator[tuple[Label, Box]]:
    """The places for a name around its dot: right, left, above, below."""
    long = look.size * sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in name)
    up, down, gap = look.size * 0.8, look.size * 0.25, look.size * 0.3
    base = y + look.size * 0.35
    for start, line, anchor in (
        (x + half + gap, base, "start"),
        (x - half - gap - long, base, "end"),
        (x - long / 2, y - half - gap, "middle"),
        (x - long / 2, y + half + gap + up, "middle"),
    ):
        at = {"start": start, "end": start + long, "middle": x}[anchor]
        yield Label(name, round(at), round(line), anchor), (start, line - up, start + long, line + down)
