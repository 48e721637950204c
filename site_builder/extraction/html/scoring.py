"""Which blocks are the body's: two linear models over the blocks' features, the second with the first one's scores.

The weights lie in `weights.json`, one number for each feature; `tests/bench/train_html.py` makes them. Pure sums, so
that anybody can ask why a block was taken; of whole thousandths, so that no order of them gives another result.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from site_builder.extraction.html.features import Sign, spell

TAKEN = 0.5
MOST = 50_000
"""Signs whose sums are kept: pages of one outlet have the same ones, a thousand outlets have more than memory."""


class Sums(dict[Sign, int]):
    """The weight of a sign in thousandths: the sum of its names' weights, found when it is first met."""

    def __init__(self, table: Mapping[str, float]) -> None:
        self._table = {name: round(1000 * weight) for name, weight in table.items()}

    def __missing__(self, sign: Sign) -> int:
        total = sum([self._table.get(name, 0) for name in spell(sign)])
        if len(self) >= MOST:
            self.clear()
        self[sign] = total
        return total

    def of(self, signs: list[list[Sign]]) -> list[int]:
        """The weight of each block with these signs."""
        weigh = self.__getitem__
        return [sum(map(weigh, row)) for row in signs]


@lru_cache(maxsize=1)
def weights() -> tuple[Sums, Sums]:
    """The weights of the first and of the second pass."""
    table = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return Sums(table["first"]), Sums(table["second"])


def probabilities(totals: list[int]) -> list[float]:
    """How likely each block is to be the body's, from 0 to 1, by its weight in thousandths."""
    return [1 / (1 + math.exp(-max(-30_000, min(30_000, total)) / 1000)) for total in totals]


def neighbourhood(scores: list[float]) -> list[list[Sign]]:
    """What the first pass said of each block and of those around it, as signs for the second."""
    after = [*accumulate([0.0, *reversed(scores)], max)][::-1]
    fifths = [0, 0, 0, *[int(score * 4.999) for score in scores], 0, 0, 0]
    before = 0.0
    result: list[list[Sign]] = []
    for index, score in enumerate(scores):
        window = scores[index - 5 if index > 5 else 0 : index + 6]
        a, b, c, _, d, e, f = fifths[index : index + 7]
        mean = int(math.fsum(window) / len(window) * 4.999)
        result.append([
            ("score", int(score * 9.999), before > 0.5, after[index + 1] > 0.5), ("scores", a, b, c, d, e, f, mean)
        ])  # fmt: skip
        before = max(before, score)
    return result


def score(signs: list[list[Sign]], first: Sums, second: Sums) -> list[float]:
    """How likely each block is to be the body's, after both passes."""
    told = neighbourhood(probabilities(first.of(signs)))
    return probabilities([one + more for one, more in zip(second.of(signs), second.of(told), strict=True)])
