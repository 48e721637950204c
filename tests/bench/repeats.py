"""What the table of an outlet's repeated lines is worth: `python -m tests.bench.repeats SHARED_DIR [--parts FILE]`.

Only pages of outlets with two or more pages at hand count, each read with the table and without it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from site_builder.extraction import extract
from site_builder.import_learn import table_of
from site_builder.model import Record
from site_builder.workers import Crew
from tests.bench import extraction


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--parts", type=Path, help="weights by part from tests.bench.train")
    options = parser.parse_args()
    folder = options.shared / "corpora" / "extraction-dev"
    choose = extraction.unseen(json.loads(options.parts.read_text("utf-8"))) if options.parts else None
    for shape in extraction.SHAPES:
        heap = [
            (Record(page, "text", text, "", {"url": f"https://{truth['site']}/"}), truth)
            for name in extraction.SETS
            for page, text, truth in extraction.pages(folder, name, shape)
        ]
        counts = Counter(truth["site"] for _, truth in heap)
        table = table_of((record for record, _ in heap), Crew())
        for label in ("without", "with"):
            scores = []
            for record, truth in heap:
                if counts[truth["site"]] < 2:
                    continue
                if choose:
                    choose(truth["site"])
                known = table.of(record) if label == "with" else frozenset()
                bare = Record(record.file, record.format, record.text, "")
                scores.append(extraction.score(record.file, extract(bare, known=known), truth, shape))
            precision, recall, mean = extraction.f1(scores)
            print(f"{shape} {label:7s} n={len(scores)} P {precision:.4f} R {recall:.4f} F1 {mean:.4f}")


if __name__ == "__main__":
    main()
