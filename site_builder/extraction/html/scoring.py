"""Which blocks are the body's: two linear models over the blocks' features, the second with the first one's scores.

The weights lie in `weights.json`, one number for each feature; `tests/bench/train_html.py` makes them. Pure sums, so
that anybody can ask why a block was taken.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

TAKEN = 0.5


@lru_cache(maxsize=1)
def weights() -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The weights of the first and of the second pass."""
    table = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return table["first"], table["second"]


def probabilities(features: list[list[str]], table: Mapping[str, float]) -> list[float]:
    """How likely each block is to be the body's, from 0 to 1."""
    result = []
    for names in features:
        total = sum([table[name] for name in names if name in table])
        result.append(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
    return result


def neighbourhood(scores: list[float]) -> list[list[str]]:
    """What the first pass said of each block and of those around it, as features of the second."""
    before, after = 0.0, [0.0] * (len(scores) + 1)
    for index in range(len(scores) - 1, -1, -1):
        after[index] = max(after[index + 1], scores[index])
    result = []
    for index, score in enumerate(scores):
        names = [f"score={int(score * 9.999)}", f"inside={before > 0.5}/{after[index + 1] > 0.5}"]
        for step in (-3, -2, -1, 1, 2, 3):
            there = scores[index + step] if 0 <= index + step < len(scores) else 0.0
            names.append(f"score{step}={int(there * 4.999)}")
        window = scores[max(0, index - 5) : index + 6]
        names.append(f"around={int(sum(window) / len(window) * 4.999)}")
        before = max(before, score)
        result.append(names)
    return result


def score(features: list[list[str]]) -> list[float]:
    """How likely each block is to be the body's, after both passes."""
    first, second = weights()
    told = neighbourhood(probabilities(features, first))
    return probabilities([[*names, *more] for names, more in zip(features, told, strict=True)], second)
