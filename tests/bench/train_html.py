"""Make `extraction/html/weights.json` from pages with known bodies: `python -m tests.bench.train_html SHARED [--folds 5]`.

Logistic regression by AdaGrad in plain Python, the same numbers on every machine. `--folds` writes nothing: it trains
on some sites and measures on the others, which is the figure to believe; what `extraction_html` prints for the same
pages after training is better than the truth.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from site_builder.extraction import extract, html
from site_builder.extraction.html import scoring
from site_builder.extraction.html.blocks import read_blocks
from site_builder.extraction.html.features import Sign, describe, spell
from site_builder.extraction.html.opinions import gather
from site_builder.extraction.html.page import parse
from site_builder.extraction.html.statements import read_statements
from site_builder.extraction.html.surroundings import Surroundings
from site_builder.model import Record
from tests.bench.extraction import SETS, body_text, shingles
from tests.bench.extraction_html import html_pages, mean_scores

STRENGTH = 0.02
"""The inverse of the penalty on large weights; from .005 to .2 the result is the same within .003."""
EPOCHS = 8
LEAST = 5
"""A feature that fewer blocks have is left out."""
_TOKENS = 5


class Example(NamedTuple):
    """One page: its set, markup, truth, and its blocks' signs, whether each is the body's, and its weight."""

    name: str
    text: str
    truth: dict[str, Any]
    signs: list[list[Sign]]
    wanted: list[bool]
    weights: list[float]


def example(name: str, text: str, truth: dict[str, Any]) -> Example:
    root = parse(text).root
    blocks, statements = read_blocks(root), read_statements(root)
    opinions = gather(root, blocks, statements)
    signs = describe(blocks, opinions, Surroundings())
    left = shingles(truth["body"])
    lines = Counter(" ".join(line.split()) for line in truth["body"].split("\n"))
    neutral: Counter[tuple[str, ...]] = sum((shingles(one) for one in truth.get("neutral", ())), Counter())
    wanted, weights = [], []
    for block in blocks:
        runs = shingles(block.text)
        count = runs.total()
        if len(block.text.split()) < _TOKENS:
            is_body = lines[block.text] > 0
        else:
            is_body = count > 0 and (runs & left).total() >= 0.5 * count
        if is_body:
            left -= runs
            lines[block.text] -= 1
        wanted.append(is_body)
        ignored = not count or (not is_body and (runs & neutral).total() >= 0.8 * count)
        weights.append(0.0 if ignored else math.sqrt(min(count, 60)))
    return Example(name, text, truth, signs, wanted, weights)


def spelled(signs: list[list[Sign]]) -> list[list[str]]:
    return [[name for sign in row for name in spell(sign)] for row in signs]


def fit(rows: list[list[str]], wanted: list[bool], importance: list[float]) -> dict[str, float]:
    """Weights of a logistic regression; feature `bias` stands in every row."""
    often = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in often.items() if count >= LEAST)
    place = {name: index for index, name in enumerate(names)}
    penalty = [1 / (STRENGTH * often[name]) for name in names]
    data = [
        ([place[name] for name in row if name in place], float(want), weight)
        for row, want, weight in zip(rows, wanted, importance, strict=True)
        if weight
    ]
    table, squares = [0.0] * len(names), [1e-6] * len(names)
    order = random.Random(1)
    for epoch in range(EPOCHS):
        order.shuffle(data)
        rate = 0.1 / (1 + epoch)
        for row, want, weight in data:
            total = sum(table[index] for index in row)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - want) * weight
            for index in row:
                slope = error + table[index] * penalty[index]
                squares[index] += slope * slope
                table[index] -= rate * slope / math.sqrt(squares[index])
    return {name: round(weight, 3) for name, weight in zip(names, table, strict=True) if abs(weight) >= 0.005}


def _flat(examples: list[Example]) -> tuple[list[list[str]], list[bool], list[float]]:
    return (
        [row for one in examples for row in spelled(one.signs)],
        [want for one in examples for want in one.wanted],
        [weight for one in examples for weight in one.weights],
    )


def _parts(examples: list[Example], folds: int) -> list[list[Example]]:
    """The pages in groups, a site's pages in one."""
    sites = sorted({one.truth["site"] for one in examples})
    random.Random(2).shuffle(sites)
    part = {site: number % folds for number, site in enumerate(sites)}
    return [[one for one in examples if part[one.truth["site"]] == number] for number in range(folds)]


def train(examples: list[Example]) -> dict[str, dict[str, float]]:
    """Both passes; the second learns from scores that the first gave to pages which it had not seen."""
    rows, wanted, importance = _flat(examples)
    seen: dict[int, list[list[str]]] = {}
    parts = _parts(examples, 4)
    for number, part in enumerate(parts):
        others = [one for other in range(4) if other != number for one in parts[other]]
        table = fit(*_flat(others))
        for one in part:
            told = scoring.neighbourhood(scoring.probabilities(scoring.Sums(table).of(one.signs)))
            seen[id(one)] = spelled([[*signs, *more] for signs, more in zip(one.signs, told, strict=True)])
    second = [row for one in examples for row in seen[id(one)]]
    return {"first": fit(rows, wanted, importance), "second": fit(second, wanted, importance)}


def read(one: Example, tables: dict[str, dict[str, float]]) -> str:
    """The body of a page by the whole extraction with these weights."""
    sums = scoring.Sums(tables["first"]), scoring.Sums(tables["second"])
    html.weights = lambda: sums  # type: ignore[attr-defined,assignment]
    return body_text(extract(Record("page", "html", one.text, "")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    options = parser.parse_args()
    folder = options.shared / "corpora" / "extraction-dev"
    examples = []
    for name in SETS:
        examples += [example(name, text, truth) for _, text, truth in html_pages(folder, name)]
    if not options.folds:
        path = Path(scoring.__file__).with_name("weights.json")
        tables = {name: dict(sorted(table.items())) for name, table in train(examples).items()}
        path.write_text(json.dumps(tables, ensure_ascii=False, indent=0) + "\n", "utf-8")
        return
    results: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    parts = _parts(examples, options.folds)
    for number, part in enumerate(parts):
        others = [one for other in range(options.folds) if other != number for one in parts[other]]
        tables = train(others)
        for one in part:
            results[one.name].append((read(one, tables), one.truth))
    for name, texts in results.items():
        print(name, " ".join(f"{value:.3f}" for value in mean_scores(texts)))


if __name__ == "__main__":
    main()
