"""How well the import reads real web pages, beside trafilatura: `python -m tests.bench.extraction_html SHARED`."""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from site_builder.decoding import decode_html
from site_builder.extraction import extract
from site_builder.model import Record
from tests.bench.extraction import SETS, Score, _report, score, shingles


def html_pages(folder: Path, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The pages of one set: name, markup as the import decodes it, truth."""
    for page, truth in json.loads((folder / name / "truth.json").read_text("utf-8")).items():
        text, _ = decode_html(gzip.decompress((folder / name / f"{page}.html.gz").read_bytes()))
        if text:
            yield page, text, truth


def mean_scores(texts: list[tuple[str, dict[str, Any]]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of bodies, each with its page's truth."""
    precisions, recalls = [], []
    for text, truth in texts:
        want, got = shingles(truth["body"]), shingles(text)
        for neutral in truth.get("neutral", ()):
            got -= shingles(neutral) - want
        common = (want & got).total()
        if got:
            precisions.append(common / got.total())
        recalls.append(common / max(1, want.total()))
    precision, recall = mean(precisions), mean(recalls)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _trafilatura(pages: list[tuple[str, dict[str, Any]]]) -> str:
    """The body by trafilatura's best setting for news, as a line of the table."""
    import trafilatura

    texts, began = [], time.process_time()
    for text, truth in pages:
        found = trafilatura.extract(text, favor_precision=True, include_comments=False) or ""
        texts.append((found, truth))
    seconds = time.process_time() - began
    precision, recall, both = mean_scores(texts)
    return f"P {precision:.3f} R {recall:.3f} F1 {both:.3f} | {len(texts) / seconds:.0f}/s"


def table(folder: Path, worst: int = 0) -> Iterator[str]:
    """The lines of the table: each set by us, and its bodies by trafilatura."""
    for name in SETS:
        scores: list[Score] = []
        seconds, rules = 0.0, Counter[str]()
        pages = list(html_pages(folder, name))
        for page, text, truth in pages:
            began = time.process_time()
            found = extract(Record(page, "html", text, ""))
            seconds += time.process_time() - began
            # All of a page's facts are in its markup.
            known = {**truth, "seen": {"html": {"title": True, "date": True}}}
            scores.append(score(page, found, known, "html"))
            rules.update(verdict.rule for verdict in found.verdicts if verdict.place == "removed")
        yield _report(f"html {name}", scores, seconds)
        yield f"trafilatura {name:6s} {_trafilatura([(text, truth) for _, text, truth in pages])}"
        for one in sorted(scores, key=lambda one: (one.precision or 0) + one.recall)[:worst]:
            yield f"    {one.page}: P {one.precision or 0:.2f} R {one.recall:.2f} {one.title} {one.date}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="name the N worst pages of each set")
    options = parser.parse_args()
    for line in table(options.shared / "corpora" / "extraction-dev", options.worst):
        print(line, flush=True)


if __name__ == "__main__":
    main()
