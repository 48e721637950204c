"""Learns the line model's weights: `python -m tests.bench.train SHARED_DIR [--write]`. Needs scikit-learn and scipy.

Without `--write` it prints how well models do on sites they have not seen (five parts, no site in two of them); with it,
it writes `weights.json` from all pages. The same pages give the same file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from site_builder.extraction import text
from site_builder.extraction.text import line_model
from site_builder.extraction.text.features import EDGE, REACH, Signs, page_signs, place_signs, second_signs
from site_builder.extraction.text.furniture import mark_furniture
from site_builder.extraction.text.line_model import Model, likely, numbers
from site_builder.extraction.text.lines import Draft, read_lines
from site_builder.extraction.text.player import find_players
from site_builder.model import Article
from tests.bench import extraction
from tests.bench.labels import Truth

RARE = 12
"""A sign of fewer lines is not learnt."""
STRENGTH = {"first": 0.03, "second": 0.1}
"""How far weights may go (scikit-learn's C)."""
MOST, POWER, SCALE = 0.25, 0.5, 10.0
"""A line counts by the share of the story's words that it has, up to a quarter, to this power."""
WEIGHTS = Path(line_model.__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as the model sees it, and what its lines are."""

    page: str
    fold: int
    draft: Draft
    signs: list[Signs]
    places: list[Signs]
    answers: list[bool]
    weights: list[float]


def draft_of(page: str) -> Draft:
    """A page as it is when the story is looked for."""
    lines = read_lines(page)
    draft = Draft(lines, {}, Article(title=""), end=len(lines), blocks=text.has_blocks(lines))
    return mark_furniture(find_players(draft))


def samples(folder: Path, shape: str) -> Iterator[Sample]:
    for name in extraction.SETS:
        for page, content, truth in extraction.pages(folder, name, shape):
            draft = draft_of(content)
            told = Truth(truth)
            labels = [told.label(line.text) for line in draft.lines]
            yield Sample(
                page, extraction.fold_of(truth["site"]), draft, page_signs(draft), place_signs(draft),
                [label.body for label in labels],
                [label.weight for label in labels],
            )  # fmt: skip


class Columns:
    """Signs as columns of a matrix."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.of = {name: number for number, name in enumerate(self.names)}


def _known(rows: list[Signs]) -> list[str]:
    counts: dict[str, int] = {}
    for row in rows:
        for sign in row:
            counts[sign] = counts.get(sign, 0) + 1
    return sorted(sign for sign, count in counts.items() if count >= RARE)


def _matrix(rows: list[list[int]], width: int) -> Any:
    starts = numpy.cumsum([0, *map(len, rows)])
    columns = numpy.fromiter((column for row in rows for column in row), dtype=numpy.int64)
    return csr_matrix((numpy.ones(len(columns)), columns, starts), shape=(len(rows), width))


def _fit(matrix: Any, pages: list[Sample], strength: float) -> tuple[float, list[float]]:
    answers = numpy.array([answer for one in pages for answer in one.answers])
    weights = numpy.minimum([weight for one in pages for weight in one.weights], MOST) ** POWER
    found = LogisticRegression(C=strength, max_iter=400).fit(matrix, answers, sample_weight=weights * SCALE)
    return float(found.intercept_[0]), [float(weight) for weight in found.coef_[0]]


def learn_first(pages: list[Sample]) -> dict[str, Any]:
    near = Columns([*_known([row for one in pages for row in one.signs]), EDGE[0]])
    place = Columns(_known([row for one in pages for row in one.places]))
    span, width = 2 * REACH + 1, len(near.names)
    rows: list[list[int]] = []
    for one in pages:
        padded = [*(EDGE,) * REACH, *one.signs, *(EDGE,) * REACH]
        numbered = [[near.of[sign] for sign in row if sign in near.of] for row in padded]
        for index, places in enumerate(one.places):
            row = [offset * width + column for offset in range(span) for column in numbered[index + offset]]
            rows.append(row + [span * width + place.of[sign] for sign in places if sign in place.of])
    bias, found = _fit(_matrix(rows, span * width + len(place.names)), pages, STRENGTH["first"])
    return {
        "bias": round(bias, 3),
        "near": {
            name: [round(found[offset * width + column], 3) for offset in range(span)]
            for name, column in near.of.items()
        },
        "place": {name: round(found[span * width + column], 3) for name, column in place.of.items()},
    }


def learn_second(pages: list[Sample], scores: dict[str, list[float]]) -> dict[str, Any]:
    """`scores` are of a first pass that has not seen the page's site."""
    later = {one.page: second_signs(one.draft, likely(scores[one.page])) for one in pages}
    own = Columns(_known([row for one in pages for row in one.signs]))
    place = Columns(_known([row for one in pages for row in later[one.page]]))
    rows = [
        [own.of[sign] for sign in row if sign in own.of]
        + [len(own.names) + place.of[sign] for sign in places if sign in place.of]
        for one in pages
        for row, places in zip(one.signs, later[one.page], strict=True)
    ]
    width = len(own.names) + len(place.names)
    values = numpy.array([row for one in pages for row in numbers(scores[one.page], likely(scores[one.page]))])
    bias, found = _fit(hstack([_matrix(rows, width), csr_matrix(values)]).tocsr(), pages, STRENGTH["second"])
    return {
        "bias": round(bias, 3),
        "own": {name: round(found[column], 3) for name, column in own.of.items()},
        "place": {name: round(found[len(own.names) + column], 3) for name, column in place.of.items()},
        "around": [round(weight, 3) for weight in found[width:]],
    }


def learn(pages: list[Sample]) -> dict[str, Any]:
    """Both passes; the second learns from answers of firsts that did not see the page's site."""
    scores: dict[str, list[float]] = {}
    parts = sorted({one.fold for one in pages})
    for part in parts:
        first = learn_first([one for one in pages if one.fold != part])
        helper = Model({"first": first, "second": {}})
        for one in pages:
            if one.fold == part:
                scores[one.page] = helper.first(helper.rows(one.signs), one.places)
    return {"first": learn_first(pages), "second": learn_second(pages, scores)}


def answers(model: Model, one: Sample) -> list[float]:
    rows = model.rows(one.signs)
    first = model.first(rows, one.places)
    chances = likely(first)
    return model.second(rows, first, chances, second_signs(one.draft, chances))


def line_f1(pages: list[Sample], scores: dict[str, list[float]]) -> str:
    """Precision and recall of lines, weighted by their words, as means over pages."""
    parts = []
    for one in pages:
        pairs = list(zip(scores[one.page], one.answers, one.weights, strict=True))
        right = sum(weight for score, answer, weight in pairs if score > 0 and answer)
        got = sum(weight for score, _, weight in pairs if score > 0)
        want = sum(weight for _, answer, weight in pairs if answer)
        parts.append((right / got if got else 0.0, right / want if want else 1.0))
    precision, recall = (sum(part[side] for part in parts) / len(parts) for side in (0, 1))
    return f"P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}"


SHAPES = {"blocks": "rsp", "crawl": "wet"}


def cross(folder: Path) -> dict[str, dict[int, dict[str, Any]]]:
    """For each shape and part: weights learnt without that part's sites."""
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for shape, input_shape in SHAPES.items():
        pages = list(samples(folder, input_shape))
        found[shape] = {}
        ones: dict[str, list[float]] = {}
        twos: dict[str, list[float]] = {}
        for part in range(extraction.FOLDS):
            found[shape][part] = learn([one for one in pages if one.fold != part])
            model = Model(found[shape][part])
            for one in pages:
                if one.fold == part:
                    ones[one.page] = model.first(model.rows(one.signs), one.places)
                    twos[one.page] = answers(model, one)
        for name in extraction.SETS:
            group = [one for one in pages if one.page.startswith(name)]
            print(
                f"{shape} {name}: lines, first pass {line_f1(group, ones)}; second {line_f1(group, twos)}", flush=True
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--write", action="store_true", help="write weights.json, learnt from all pages")
    parser.add_argument("--parts", type=Path, help="write the weights of each part there, for the extraction's bench")
    options = parser.parse_args()
    folder = options.shared / "corpora" / "extraction-dev"
    if options.parts:
        options.parts.write_text(json.dumps(cross(folder)), "utf-8")
    elif options.write:
        found = {shape: learn(list(samples(folder, input_shape))) for shape, input_shape in SHAPES.items()}
        WEIGHTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    else:
        cross(folder)


if __name__ == "__main__":
    main()
