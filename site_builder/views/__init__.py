"""Page → bytes: one row for each kind of page. A view is a function of its context; it fetches nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..context import Context, Draft
from . import articles, feeds, files, fronts, search, sitemaps, terms


@dataclass(frozen=True, slots=True)
class View:
    """How one kind of page is made: a function that gives its values, its bytes, or the file to copy; and its template."""

    make: Callable[[Context], Draft | bytes | Path]
    template: str = ""


VIEWS = {
    "article": View(articles.article, "article.html"),
    "standing": View(articles.standing, "page.html"),
    "redirect": View(articles.redirect, "redirect.html"),
    "tombstone": View(articles.tombstone, "tombstone.html"),
    "home": View(fronts.home, "home.html"),
    "archive": View(fronts.archive, "archive.html"),
    "year": View(fronts.year, "year.html"),
    "month": View(fronts.month, "month.html"),
    "day": View(fronts.day, "day.html"),
    "on_this_day": View(fronts.on_this_day, "on_this_day.html"),
    "days_of_year": View(fronts.days_of_year, "days_of_year.html"),
    "undated": View(fronts.undated, "undated.html"),
    "term": View(terms.term, "term.html"),
    "term_year": View(terms.year, "term_year.html"),
    "see": View(terms.see, "see.html"),
    "term_index": View(terms.index, "term_index.html"),
    "search": View(search.search, "search.html"),
    "search_start": View(search.start),
    "search_list": View(search.listed),
    "feed_rss": View(feeds.rss),
    "feed_atom": View(feeds.atom),
    "feed_json": View(feeds.json_feed),
    "sitemap": View(sitemaps.sitemap),
    "sitemap_index": View(sitemaps.index),
    "not_found": View(files.not_found, "404.html"),
    "robots": View(files.robots),
    "headers": View(files.headers),
    "empty": View(files.empty),
    "code_css": View(files.code_css),
    "options_css": View(files.options_css),
    "static": View(files.copy),
    "media": View(files.copy),
    "picture": View(files.picture),
}
