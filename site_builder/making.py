"""A batch of pages made and put in their places; runs in a worker."""

from __future__ import annotations

from pathlib import Path

from . import batches, urls
from .context import Context, Draft
from .publishing import Written, publish
from .templates import closure
from .theme import Theme, load
from .views import VIEWS


def make_pages(batch: batches.Batch, aside: str = "") -> list[Written]:
    """Make and publish the pages of one batch; runs in a worker. `aside` is as in `publish`.

    One step for all pages, and then the next: page by page, each step finds the processor's caches full of the others,
    and an article takes a tenth longer. What comes as bytes may be large, and does not wait.
    """
    sound: dict[str, bool] = {}
    results: list[Written] = []
    drafts: list[tuple[int, Context, Draft]] = []

    def put(number: int, content: bytes | Path, problems: list[str]) -> None:
        path, ours = urls.output_path(batch.pages[number].url), batch.ours[number]
        results.append(publish(batch.site.output, path, content, ours, "; ".join(problems), sound, aside))

    for number, ready in enumerate(batches.contexts(batch)):
        page = batch.pages[number]
        if isinstance(ready, str):
            why = f"{ready} changed while the build ran"
            results.append(Written(urls.output_path(page.url), refused=why, hint="build again"))
            continue
        made = VIEWS[page.view].make(ready)
        if isinstance(made, Draft):
            drafts.append((number, ready, made))
        else:
            put(number, made, ready.problems)
    texts = [draft.made() for _, _, draft in drafts]
    for (number, ready, _), text in zip(drafts, texts, strict=True):
        put(number, text, ready.problems)
    return results


def load_templates(chosen: Theme) -> None:
    """What a worker does while the site is planned: compiling all templates takes it 0.2 s."""
    named = [view.template for view in VIEWS.values() if view.template]
    for name in dict.fromkeys(name for template in named for name in sorted(closure(chosen, template))):
        load(chosen, name)
