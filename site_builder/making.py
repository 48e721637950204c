"""A batch of pages made and put in their places; runs in a worker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from . import batches, urls
from .context import Context, Draft
from .publishing import Written, publish
from .templates import closure
from .theme import Theme, load
from .views import VIEWS


class Spent(NamedTuple):
    """Seconds that pages of one view took, all workers together: to gather their values, in the template (empty for a view
    that has none), and to put them in their places. `TEXTS` stands for reading articles and making HTML of them.
    """

    view: str
    template: str
    pages: int
    values: float
    rendering: float = 0
    writing: float = 0


TEXTS = "texts"


class Made(NamedTuple):
    """What became of a batch, and the time that it took."""

    written: list[Written]
    spent: list[Spent]


def make_pages(batch: batches.Batch, aside: str = "") -> Made:
    """Make and publish the pages of one batch; runs in a worker. `aside` is as in `publish`.

    One step for all pages, and then the next: page by page, each step finds the processor's caches full of the others,
    and an article takes a tenth longer. What comes as bytes may be large, and does not wait.
    """
    sound: dict[str, bool] = {}
    results: list[Written] = []
    spent: list[Spent] = []
    drafts: list[tuple[int, Context, Draft, float]] = []

    def put(number: int, content: bytes | Path, problems: list[str], values: float, rendering: float = 0) -> None:
        page, ours, begun = batch.pages[number], batch.ours[number], perf_counter()
        path = urls.output_path(page.url)
        results.append(publish(batch.site.output, path, content, ours, "; ".join(problems), sound, aside))
        spent.append(Spent(page.view, VIEWS[page.view].template, 1, values, rendering, perf_counter() - begun))

    begun = perf_counter()
    contexts = batches.contexts(batch)
    spent.append(Spent(TEXTS, "", len(batch.documents), perf_counter() - begun))
    for number, ready in enumerate(contexts):
        page, begun = batch.pages[number], perf_counter()
        if isinstance(ready, str):
            why = f"{ready} changed while the build ran"
            results.append(Written(urls.output_path(page.url), refused=why, hint="build again"))
            continue
        made = VIEWS[page.view].make(ready)
        values = perf_counter() - begun
        if isinstance(made, Draft):
            drafts.append((number, ready, made, values))
        else:
            put(number, made, ready.problems, values)
    texts: list[tuple[bytes, float]] = []
    for _, _, draft, _ in drafts:
        begun = perf_counter()
        texts.append((draft.made(), perf_counter() - begun))
    for (number, ready, _, values), (text, rendering) in zip(drafts, texts, strict=True):
        put(number, text, ready.problems, values, rendering)
    return Made(results, add_up(spent))


def add_up(parts: Iterable[Spent]) -> list[Spent]:
    """One row for each view, that with the most time first."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for view, template, *figures in parts:
        sums[view, template] = [a + b for a, b in zip(sums[view, template], figures, strict=True)]
    rows = [Spent(view, template, int(pages), *times) for (view, template), (pages, *times) in sums.items()]
    return sorted(rows, key=lambda row: -sum(row[3:]))


def load_templates(chosen: Theme) -> None:
    """What a worker does while the site is planned: compiling all templates takes it 0.2 s."""
    named = [view.template for view in VIEWS.values() if view.template]
    for name in dict.fromkeys(name for template in named for name in sorted(closure(chosen, template))):
        load(chosen, name)
