"""Some pages with all that they show, on their way to a worker: rows of the index in, a `Context` for each page out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from . import context, entries, markup, readahead, theme, urls, workers
from .context import NO_LEADS, Context, Document, Parts
from .index import Index
from .model import Card, Facts, Page
from .pictures import Picture
from .settings import Site
from .wording import Words

SIZE = 48
"""Pages in a batch: enough that the way to a worker costs little, few enough that the last ones end together."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages with all that they show, as values: any worker on any machine that sees the content can make them.

    `ours` tells of each page whether its place is ours or free; in `texts` bodies lie that the content may not have.
    `leads` has of articles that are shown whole the links that lead to others, as `Document` has them.
    """

    site: Site
    theme: theme.Theme
    facts: Facts
    pages: tuple[Page, ...]
    ours: tuple[bool, ...]
    cards: Mapping[int, tuple[str, str, str]]
    documents: Mapping[int, tuple[str, bytes, str]]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    texts: tuple[Path, ...] = ()
    leads: Mapping[int, Mapping[bytes, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stock:
    """All that pages are made of, out of which each batch gets what it shows. `pictures` and `texts` are as in `Batch`."""

    site: Site
    theme: theme.Theme
    facts: Facts
    index: Index
    pictures: Mapping[str, Picture]
    texts: tuple[Path, ...]

    def batches(self, todo: Iterable[tuple[Page, bool]]) -> Iterator[Batch]:
        """Pages with whether their place is ours or free → batches, in that order."""
        for part in workers.chunks(iter(todo), SIZE):
            pages, ours = tuple(page for page, _ in part), tuple(own for _, own in part)
            full = {number for page in pages for number in page.full}
            cards = full.union(*(page.items for page in pages))
            shown = {path: self.pictures[path] for path in self.index.shown(full) if path in self.pictures}
            held = self.index.cards(cards), self.index.documents(full), shown, self.texts, self.index.leads(full)
            yield Batch(self.site, self.theme, self.facts, pages, ours, *held)


def announced(batches: Iterable[Batch]) -> Iterator[Batch]:
    """These batches, each given on when the system was told which of the content's files it needs."""
    for batch in batches:
        readahead.announce(batch.site.content, [path for path, _, _ in batch.documents.values()])
        yield batch


def contexts(batch: Batch) -> list[Context | str]:
    """A context for each page of a batch, or the path of the source that changed since it was indexed."""
    batch = replace(batch, theme=theme.same(batch.theme))
    cards = {number: entries.card(*row) for number, row in batch.cards.items()}
    loaded: dict[int, Document | str] = {}
    rows = batch.documents.items()
    wanted = [(path, expected, entries.start(text)) for _, (path, expected, text) in rows]
    bodies = entries.bodies((batch.site.content, *batch.texts), wanted)
    for (number, (path, _, text)), body in zip(rows, bodies, strict=True):
        if body is None:
            loaded[number] = path
        else:
            article = entries.article(path, text, body)
            leads = batch.leads.get(number, NO_LEADS)
            loaded[number] = Document(article, cards[number].url, body, markup.convert(body), leads)
    parts = _parts(batch)
    return [_context(batch, page, cards, loaded, parts) for page in batch.pages]


def _parts(batch: Batch) -> Parts:
    site = batch.site
    said = theme.words(batch.theme)
    navigation = _navigation(site.pages.calendar, site.pages.search, batch.facts.kinds, said)
    linked = frozenset(("", *(path for _, path in navigation), *(item.url.lstrip("/") for item in site.menu)))
    values = {
        "site": site.site,
        "nav": navigation,
        "menu": site.menu,
        "kinds": batch.facts.kinds,
        "feeds": site.feeds.formats,
        "term_feeds": site.feeds.terms,
        "csp": context.csp(site),
        "extra": site.extra,
        "options": dict(batch.theme.options),
        "stylesheets": (urls.OPTIONS,) if batch.theme.stylesheet else (),
        "direction": context.direction,
        "machine": context.machine,
        "term_url": context.term_url,
        "front": urls.front,
        "chunk": urls.chunk,
        "on_this_day": urls.on_this_day,
        **context.speech(said),
    }
    return Parts(linked, values, batch.pictures, said=said)


def _context(
    batch: Batch,
    page: Page,
    cards: Mapping[int, Card],
    loaded: Mapping[int, Document | str],
    parts: Parts,
) -> Context | str:
    documents: list[Document] = []
    for number in page.full:
        document = loaded[number]
        if isinstance(document, str):
            return document
        documents.append(document)
    items = tuple(cards[number] for number in page.items)
    data = json.loads(page.data)
    way = _base_path(batch.site) if page.url == urls.NOT_FOUND else urls.root(page.url)
    return Context(batch.site, batch.theme, batch.facts, page, data, items, tuple(documents), [], parts, way)


def _base_path(site: Site) -> str:
    """Where the site begins on its host, which shows one page at any address."""
    return urlsplit(site.site.base_url).path.rstrip("/") + "/"


@lru_cache(maxsize=8)
def _navigation(calendar: bool, search: bool, kinds: tuple[str, ...], said: Words) -> tuple[tuple[str, str], ...]:
    items = ((said.text("archive"), urls.ARCHIVE),) if calendar else ()
    last = ((said.text("search"), urls.SEARCH),) if search else ()
    return (*items, *((said.text(kind), urls.index(kind)) for kind in kinds), *last)
