"""How well the import reads real pages, as text and as HTML: `python -m tests.bench.extraction SHARED_DIR [--worst N]`.

Counts as `corpora/extraction-dev/README.md` says: runs of four tokens for the body, exact titles, dates within a day.
The truth names agencies, outlets and initials as authors; `people` leaves out of it what is none of somebody's name.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple
from zlib import crc32

from site_builder import workers
from site_builder.decoding import decode
from site_builder.extraction import extract
from site_builder.extraction.text import line_model
from site_builder.model import Extraction, Record
from site_builder.vocabulary.names import agencies_in

SETS = ("fundus", "aeb", "wcxb")
SHAPES = ("rsp", "wet")
FOLDS = 5
WARM = "Harbour opens\n\nPublished May 3, 1969\n\nThe harbour was opened on Tuesday.\n"
"""Read before the clock starts: month names and word lists are loaded once a process, which costs as much as 50 pages."""
_TOKEN = re.compile(r"\w+")


class Score(NamedTuple):
    """One page: body precision (None for an empty answer) and recall, and what became of title, date and authors."""

    page: str
    precision: float | None
    recall: float
    title: str
    date: str
    authors: tuple[int, int, int]
    people: tuple[int, int, int]
    subheads: tuple[int, int, int]
    captions: tuple[int, int, int]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The multiset of runs of four tokens; one shorter run for a text of fewer."""
    tokens = _TOKEN.findall(text)
    return Counter(zip(*(tokens[start:] for start in range(4)), strict=False)) or Counter(
        [tuple(tokens)] if tokens else []
    )


def body_text(found: Extraction) -> str:
    """The body as the words of its source: Markdown's escapes would count as tokens."""
    return "\n".join(verdict.text for verdict in found.verdicts if verdict.place == "body")


def score(page: str, found: Extraction, truth: dict[str, Any], shape: str) -> Score:
    want, got = shingles(truth["body"]), shingles(body_text(found))
    for neutral in truth.get("neutral", ()):
        got -= shingles(neutral) - want
    common = sum((want & got).values())
    article, seen = found.article, truth["seen"].get(shape, {})
    title = ""
    if truth.get("title") and seen.get("title"):
        title = "right" if plain(article.title) == plain(truth["title"]) else "wrong"
    date = ""
    if truth.get("date"):
        date = "wrong" if article.date[:4].isdigit() and not article.date.endswith("?") else "none"
        date = "right" if days_apart(article.date[:10], truth["date"]) <= 1 else date
        date += " visible" if seen.get("date") else ""
    names = truth.get("authors", ())
    shown = [name for name, visible in zip(names, seen.get("authors", [True] * len(names)), strict=True) if visible]
    right, told, _ = _overlap(article.authors, names)
    authors = (right, told, max(right, len({plain(name) for name in shown})))
    outlets = {plain(name) for name in (*article.agencies, article.publication) if name}
    wanted = {plain(name) for name in shown if " " in name and not agencies_in(name)} - outlets
    people = (right, told, len(wanted | ({plain(name) for name in article.authors} & {plain(name) for name in names})))
    subheads = _overlap(
        [verdict.text for verdict in found.verdicts if verdict.rule == "subhead"], truth.get("subheads", ())
    )
    captions = _overlap([image.caption for image in article.images], truth.get("captions", ()), loose=True)
    return Score(
        page, common / sum(got.values()) if got else None, common / max(1, sum(want.values())), title, date, authors, people,
        subheads, captions,
    )  # fmt: skip


def days_apart(found: str, truth: str) -> int:
    """A day is nothing: the truth has UTC's, and pages their own zone's; it is how the figures of IMPORT.md are counted."""
    try:
        return abs((dt.date.fromisoformat(found) - dt.date.fromisoformat(truth)).days)
    except ValueError:
        return 9999


def plain(text: str) -> str:
    return " ".join(_TOKEN.findall(text.casefold()))


def _overlap(got: Any, want: Any, loose: bool = False) -> tuple[int, int, int]:
    """How many are right, found, and wanted."""
    left, right = {plain(one) for one in got if one}, {plain(one) for one in want if one}
    if loose:
        hits = sum(any(one in other or other in one for other in right) for one in left if one)
    else:
        hits = len(left & right)
    return hits, len(left), len(right)


def pages(folder: Path, name: str, shape: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The pages of one set: name, text as the import decodes it, truth."""
    for page, truth in json.loads((folder / name / "truth.json").read_text("utf-8")).items():
        path = folder / name / f"{page}.{shape}.txt"
        if path.exists():
            text, _ = decode(path.read_bytes())
            if text and text.strip():
                yield page, text, truth


def f1(scores: list[Score]) -> tuple[float, float, float]:
    precision = mean(one.precision for one in scores if one.precision is not None)
    recall = mean(one.recall for one in scores)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _report(name: str, scores: list[Score], seconds: float) -> str:
    precision, recall, mean_f1 = f1(scores)
    titles = Counter(one.title for one in scores if one.title)
    days = Counter(one.date.split()[0] for one in scores if one.date)
    visible = Counter(one.date.split()[0] for one in scores if "visible" in one.date)
    shares = " ".join(
        f"{label} {_share([getattr(one, field) for one in scores])}"
        for label, field in (
            ("authors", "authors"),
            ("people", "people"),
            ("subheads", "subheads"),
            ("captions", "captions"),
        )
    )
    title = f"{titles['right'] / max(1, titles.total()):.3f}"
    right, wrong = visible["right"] / max(1, visible.total()), days["wrong"] / max(1, days.total())
    return (
        f"{name:11s} n={len(scores):3d} P {precision:.3f} R {recall:.3f} F1 {mean_f1:.3f} | title {title} "
        f"| date of visible {right:.3f} wrong {wrong:.3f} | {shares} | {len(scores) / seconds:.0f}/s"
    )


def _share(parts: list[tuple[int, int, int]]) -> str:
    hits, got, want = (sum(part[index] for part in parts) for index in range(3))
    return f"{hits / max(1, got):.2f}/{hits / max(1, want):.2f}"


def fold_of(site: str) -> int:
    """Which part of the pages a site belongs to; a site's domains in several countries are one site."""
    labels = [label for label in site.split(".") if label not in ("www", "com", "co", "org", "net")]
    return crc32(max(labels or [site], key=len).encode()) % FOLDS


def unseen(parts: Any) -> Callable[[str], None]:
    """A function that makes the extraction use the weights which were learnt without a site."""
    models = {
        shape: {int(part): line_model.Model(one) for part, one in found.items()} for shape, found in parts.items()
    }
    current: dict[str, line_model.Model] = {}

    def choose(site: str) -> None:
        current.update({shape: found[fold_of(site)] for shape, found in models.items()})

    line_model.model = current.__getitem__  # type: ignore[assignment]
    return choose


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="name the N worst pages of each set")
    parser.add_argument(
        "--parts", type=Path, help="weights by part from tests.bench.train: each page by those that never saw its site"
    )
    options = parser.parse_args()
    folder = options.shared / "corpora" / "extraction-dev"
    extract(Record("first", "text", WARM, ""))
    choose = unseen(json.loads(options.parts.read_text("utf-8"))) if options.parts else None
    workers.collect_seldom()  # as an import's workers do
    for shape in SHAPES:
        for name in SETS:
            scores, seconds = [], 0.0
            for page, text, truth in pages(folder, name, shape):
                if choose:
                    choose(truth["site"])
                began = time.process_time()
                found = extract(Record(page, "text", text, ""))
                seconds += time.process_time() - began
                scores.append(score(page, found, truth, shape))
            print(_report(f"{shape} {name}", scores, seconds))
            for one in sorted(scores, key=lambda one: (one.precision or 0) + one.recall)[: options.worst]:
                print(f"    {one.page}: P {one.precision or 0:.2f} R {one.recall:.2f}")
    if options.parts:
        return  # whose weights are those of texts
    from tests.bench import extraction_html  # which counts as this module does

    for line in extraction_html.table(folder, options.worst):
        print(line, flush=True)


if __name__ == "__main__":
    main()
