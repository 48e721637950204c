"""How likely each line is the story's: a linear model over named signs, in two passes, with its weights in a file.

`weights.json` was learnt by `tests/bench/train.py` on pages with known answers. It can be read and edited: each sign's
weight is how much it speaks for (above 0) or against a line being the story's, in natural logarithms of the odds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, chain, repeat
from math import exp, fsum
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


Row = tuple[float, ...]
"""What a line's signs are worth by the first pass: for the three lines below it, itself and the three above; and for
itself by the second."""


class Model:
    """The weights for one shape of text: with blank lines between blocks, or without as in crawls."""

    def __init__(self, weights: dict[str, Any]) -> None:
        first, second = weights["first"], weights["second"]
        self._bias: float = first["bias"]
        self._place: dict[str, float] = first["place"]
        near, own = first["near"], second.get("own", {})  # no second pass yet while it is learnt
        none = [0.0] * (2 * REACH + 1)
        self._signs = {sign: (*near.get(sign, none), own.get(sign, 0.0)) for sign in {**near, **own}}
        self._second_bias: float = second.get("bias", 0.0)
        self._second_place: dict[str, float] = second.get("place", {})
        self._around: list[float] = second.get("around", [])
        self._rows: dict[Signs, Row] = {}
        self._place_sums: dict[Signs, float] = {}
        self._second_sums: dict[Signs, float] = {}

    def rows(self, signs: list[Signs]) -> list[Row]:
        """What the signs of each line are worth."""
        known = self._rows.get
        return [known(row) or self._row(row) for row in signs]

    def _row(self, signs: Signs) -> Row:
        # `fsum`: from Python 3.12 on `sum` is exact to one more bit, and lines would be judged by another number.
        rows = filter(None, map(self._signs.get, signs))
        found: Row = tuple(map(fsum, zip(*rows, strict=True))) or (0.0,) * (2 * REACH + 2)
        if len(self._rows) < SEEN:
            self._rows[signs] = found
        return found

    def first(self, rows: list[Row], places: list[Signs]) -> list[float]:
        """Log odds of each line by its own signs, its neighbours' and its place."""
        edge = [self._rows.get(EDGE) or self._row(EDGE)] * REACH
        padded = [*edge, *rows, *edge]
        place, known, bias = self._place, self._place_sums, self._bias
        scores = []
        around = zip(*(padded[offset:] for offset in range(2 * REACH + 1)), places, strict=False)
        for a, b, c, d, e, f, g, where in around:
            of_place = known.get(where)
            if of_place is None:
                of_place = known[where] = fsum([place.get(sign, 0.0) for sign in where])
            total = bias + of_place + a[0] + b[1] + c[2] + d[3] + e[4] + f[5] + g[6]
            scores.append(LIMIT if total > LIMIT else -LIMIT if total < -LIMIT else total)
        return scores

    def second(self, rows: list[Row], scores: list[float], chances: list[float], places: list[Signs]) -> list[float]:
        """Log odds of each line by the first pass's answers around it: `scores`, and the same as `chances`."""
        place, known, bias = self._second_place, self._second_sums, self._second_bias
        s, t, u, v, w, x, y, z, p, q, r = self._around
        found = []
        # Spelt out: `sum(map(mul, ...))` takes twice the time.
        for row, where, (a, b, c, d, e, f, g, h, i, j, k) in zip(rows, places, numbers(scores, chances), strict=True):
            of_place = known.get(where)
            if of_place is None:
                of_place = known[where] = fsum([place.get(sign, 0.0) for sign in where])
            near = a * s + b * t + c * u + d * v + e * w + f * x + g * y + h * z + i * p + j * q + k * r
            total = bias + row[7] + of_place + near
            found.append(LIMIT if total > LIMIT else -LIMIT if total < -LIMIT else total)
        return found


def numbers(scores: list[float], chances: list[float]) -> Iterator[tuple[float, ...]]:
    """For each line: its score, the chances of four lines before, itself and four after, and the mean chance around."""
    padded = [0.0] * 4 + chances + [0.0] * 4
    sums = list(accumulate(chances, initial=0.0))
    count = len(scores)
    lows, highs = chain(repeat(0, WINDOW), range(count)), chain(range(WINDOW + 1, count), repeat(count))
    means = [(sums[high] - sums[low]) / (high - low) for low, high, _ in zip(lows, highs, scores, strict=False)]
    quarters = [score / 4 for score in scores]
    return zip(quarters, *(padded[offset : offset + count] for offset in range(9)), means, strict=True)


def likely(scores: list[float]) -> list[float]:
    """Log odds as chances between 0 and 1."""
    return [1 / (1 + exp(-score)) for score in scores]


def score_lines(draft: Draft) -> list[float]:
    """Log odds for each line of a page that it is the story's."""
    found = model("blocks" if draft.blocks else "crawl")
    rows = found.rows(page_signs(draft))
    first = found.first(rows, place_signs(draft))
    chances = likely(first)
    return found.second(rows, first, chances, second_signs(draft, chances))


@lru_cache(maxsize=2)
def model(shape: str) -> Model:
    """The learnt weights for `blocks` or `crawl`."""
    weights = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return Model(weights[shape])
