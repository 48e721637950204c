"""Pages that lie ready in parts: found before a build begins, and put in their places instead of being made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import workers
from .comparing import Comparison
from .errors import Problem
from .index import Index
from .model import Facts
from .output import Ledger
from .publishing import Ready, Written, publish
from .settings import Site
from .shares import Whole

BATCH = 500
"""Pages in a batch: a link takes a hundredth of the time of a page that is made."""


def offer(share: Whole, site: Site, index: Index, facts: Facts, ledger: Ledger, plan: Comparison) -> None:
    """Note which of the pages to make lie ready. Raises SiteError if one that does not can't be made for want of a text."""
    if not share.parts:
        return
    plan.result()
    ledger.offer(share.find)
    for pages in workers.chunks(ledger.todo(plan), BATCH):
        share.demand(index, facts, {number for page, _ in pages for number in page.full}, site.content)


def take(
    site: Site, ledger: Ledger, total: int, progress: Callable[[str, int, int], None]
) -> tuple[int, list[Problem]]:
    """Put the pages that lie ready in their places; how many files changed, and those that could not be put there."""
    changed = done = 0
    refused: list[Problem] = []
    for results in workers.run(partial(publish_all, site.output), workers.chunks(ledger.ready(), BATCH), site.jobs):
        ledger.record(results)
        changed += sum(result.changed for result in results)
        refused += [Problem(result.path, 0, result.refused, result.hint) for result in results if result.refused]
        done += len(results)
        progress("taking from parts", done, total)
    return changed, refused


def publish_all(output: Path, batch: list[tuple[str, Ready, bool]]) -> list[Written]:
    """Publish pages that lie ready; runs in a worker."""
    sound: dict[str, bool] = {}
    return [publish(output, path, ready, ours, ready.problem, sound) for path, ready, ours in batch]
