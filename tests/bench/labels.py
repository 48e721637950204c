"""What each line of a development page is, told by aligning it with the page's truth: the story's or not, and how much.

Used to train the line model and to find the lines that are read wrongly; nothing of it is in the product.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\w+")
_RUN = 4


def _runs(text: str) -> list[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    return list(zip(*(tokens[start:] for start in range(_RUN)), strict=False))


@dataclass(frozen=True, slots=True)
class Label:
    """`body`: the line is the story's. `weight`: its words as a share of the story's; 0 where neither answer counts."""

    body: bool
    weight: float


class Truth:
    """The truth of one page, to label its lines by."""

    def __init__(self, truth: dict[str, Any]) -> None:
        self.body = Counter(_runs(truth["body"]))
        self.neutral = {run for text in truth.get("neutral", ()) for run in _runs(text)} - set(self.body)
        self.lines = {" ".join(_TOKEN.findall(line)) for line in truth["body"].split("\n")}
        self.lines |= {" ".join(_TOKEN.findall(line)) for line in truth.get("subheads", ())}
        self.size = max(60, len(_TOKEN.findall(truth["body"])))

    def label(self, text: str) -> Label:
        """The label of one line."""
        tokens = _TOKEN.findall(text)
        weight = len(tokens) / self.size
        runs = _runs(text)
        if not runs:
            return Label(bool(tokens) and " ".join(tokens) in self.lines, weight)
        inside = sum(run in self.body for run in runs) / len(runs)
        if inside < 0.5 and sum(run in self.neutral for run in runs) >= 0.5 * len(runs):
            return Label(False, 0.0)
        return Label(inside >= 0.5, weight)
