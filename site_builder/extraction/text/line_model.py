"""How likely each line is the story's: a linear model over named signs, in two passes, with its weights in a file.

`weights.json` was learnt by `tests/bench/train.py` on pages with known answers. It can be read and edited: each sign's
weight is how much it speaks for (above 0) or against a line being the story's, in natural logarithms of the odds.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import accumulate, chain, repeat
from math import exp
from pathlib import Path
from typing import Any

from site_builder.extraction.text.features import (
    EDGE,
    REACH,
    Signs,
    page_signs,
    place_signs,
    second_signs,
)
from site_builder.extraction.text.lines import Draft

LIMIT = 8.0
"""Log odds are held within this, so that no line outvotes a page."""
WINDOW = 10
SEEN = 1 << 15
"""How many different rows of signs a model remembers; a page has some hundred."""


class Model:
    """The weights for one shape of text: with blank lines between blocks, or without as in crawls."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self._bias: float = weights["first"]["bias"]
        self._near: dict[str, list[float]] = weights["first"]["near"]
        self._place: dict[str, float] = weights["first"]["place"]
        self._second: dict[str, Any] = weights["second"]
        self._sums: dict[Signs, tuple[float, ...]] = {}
        self._own_sums: dict[Signs, float] = {}
        self._place_sums: dict[Signs, float] = {}
        self._second_sums: dict[Signs, float] = {}

    def first(self, signs: list[Signs], places: list[Signs]) -> list[float]:
        """Log odds of each line by its own signs, its neighbours' and its place."""
        edge = [self._sum(EDGE)] * REACH
        sums = self._sums
        rows = [*edge, *[sums.get(row) or self._sum(row) for row in signs], *edge]
        place, known, bias = self._place, self._place_sums, self._bias
        scores = []
        around = zip(*(rows[offset:] for offset in range(2 * REACH + 1)), places, strict=False)
        for a, b, c, d, e, f, g, where in around:
            of_place = known.get(where)
            if of_place is None:
                of_place = known[where] = sum([place.get(sign, 0.0) for sign in where])
            total = bias + of_place + a[0] + b[1] + c[2] + d[3] + e[4] + f[5] + g[6]
            scores.append(LIMIT if total > LIMIT else -LIMIT if total < -LIMIT else total)
        return scores

    def second(self, signs: list[Signs], scores: list[float], places: list[Signs]) -> list[float]:
        """Log odds of each line by the first pass's answers around it."""
        weights = self._second
        own, place = weights["own"], weights["place"]
        known, known_places, bias = self._own_sums, self._second_sums, weights["bias"]
        s, t, u, v, w, x, y, z, p, q, r = weights["around"]
        around = [  # spelt out: `sum(map(mul, ...))` takes twice the time
            a * s + b * t + c * u + d * v + e * w + f * x + g * y + h * z + i * p + j * q + k * r
            for a, b, c, d, e, f, g, h, i, j, k in numbers(scores)
        ]
        found = []
        for row, where, of_numbers in zip(signs, places, around, strict=True):
            of_own = known.get(row)
            if of_own is None:
                of_own = sum([own.get(sign, 0.0) for sign in row])
                if len(known) < SEEN:
                    known[row] = of_own
            of_place = known_places.get(where)
            if of_place is None:
                of_place = known_places[where] = sum([place.get(sign, 0.0) for sign in where])
            total = bias + of_own + of_place + of_numbers
            found.append(LIMIT if total > LIMIT else -LIMIT if total < -LIMIT else total)
        return found

    def _sum(self, signs: Signs) -> tuple[float, ...]:
        rows = [self._near[sign] for sign in signs if sign in self._near]
        found = tuple(map(sum, zip(*rows, strict=True))) or (0.0,) * (2 * REACH + 1)
        if len(self._sums) < SEEN:
            self._sums[signs] = found
        return found


def numbers(scores: list[float]) -> list[tuple[float, ...]]:
    """For each line: its score, the chances of four lines before, itself and four after, and the mean chance around."""
    chances = likely(scores)
    padded = [0.0] * 4 + chances + [0.0] * 4
    sums = list(accumulate(chances, initial=0.0))
    count = len(scores)
    lows, highs = chain(repeat(0, WINDOW), range(count)), chain(range(WINDOW + 1, count), repeat(count))
    means = [(sums[high] - sums[low]) / (high - low) for low, high, _ in zip(lows, highs, scores, strict=False)]
    around = (padded[offset : offset + count] for offset in range(9))
    return list(zip([score / 4 for score in scores], *around, means, strict=True))


def likely(scores: list[float]) -> list[float]:
    """Log odds as chances between 0 and 1."""
    return [1 / (1 + exp(-score)) for score in scores]


def score_lines(draft: Draft) -> list[float]:
    """Log odds for each line of a page that it is the story's."""
    found = model("blocks" if draft.blocks else "crawl")
    signs = page_signs(draft)
    first = found.first(signs, place_signs(draft))
    return found.second(signs, first, second_signs(draft, likely(first)))


@lru_cache(maxsize=2)
def model(shape: str) -> Model:
    """The learnt weights for `blocks` or `crawl`."""
    weights = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return Model(weights[shape])
