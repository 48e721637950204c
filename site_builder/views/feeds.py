"""RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1, for the site and for each term.

No clock: a feed is as new as its newest article. A moment is given only for articles whose day is known; Atom,
which demands one, leaves the others out.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any

from .. import __version__, dates
from ..context import KIND_TITLES, Context
from ..model import Card

_NAMESPACE = uuid.UUID("6c0f5f0e-9d52-4f0a-8f0b-5a4b8f7a1d57")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@lru_cache(maxsize=16384)
def _urn(*parts: str) -> str:
    """An id that survives edits, moves and a new host name."""
    return uuid.uuid5(_NAMESPACE, "\0".join(parts)).urn


def _title(context: Context) -> str:
    title = context.site.site.title
    return f"{context.data['name']} – {title}" if context.data["name"] else title


def _description(context: Context) -> str:
    about = context.site.site
    data = context.data
    return f"{KIND_TITLES[data['kind']]}: {data['name']}" if data["kind"] else about.description or about.tagline


def _bodies(context: Context) -> dict[str, str]:
    """The whole text by article id, where the feed carries it."""
    pairs = zip(context.cards, context.documents, strict=False)  # the plan asks for documents in the cards' order
    # As plain text, for `Markup.replace` would escape what `escape` puts in, and readers would see the tags.
    return {card.id: str(context.body(document, absolute=True)) for card, document in pairs}


@lru_cache(maxsize=16384)
def _moment(date: str) -> dt.datetime | None:
    return dates.moment(dates.parse(date))


def _newest(context: Context) -> dt.datetime:
    moments = [moment for card in context.cards for date in (card.date, card.updated) if (moment := _moment(date))]
    return max(moments, default=_EPOCH)


def _rfc822(moment: dt.datetime) -> str:
    from email.utils import format_datetime  # 26 ms, for workers only

    return format_datetime(moment)


def _attribute(text: str) -> str:
    return f'"{escape(text)}"'


def _xml(lines: Iterator[str]) -> bytes:
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', *lines, ""]).encode()


def rss(context: Context) -> bytes:
    """RSS 2.0 with content, creator and Atom's self link."""
    return _xml(_rss(context))


def _rss(context: Context) -> Iterator[str]:
    about = context.site.site
    bodies = _bodies(context)
    yield (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    )
    yield f"<channel>\n<title>{escape(_title(context))}</title>"
    yield f"<link>{escape(context.absolute(context.data['folder']))}</link>"
    yield f"<description>{escape(escape(_description(context) or about.title))}</description>"  # readers take it for HTML
    yield f"<language>{escape(about.language)}</language>"
    yield f"<lastBuildDate>{_rfc822(_newest(context))}</lastBuildDate>"
    yield f"<generator>site-builder {__version__}</generator>"
    yield f'<atom:link rel="self" type="application/rss+xml" href={_attribute(context.absolute(context.page.url))}/>'
    for card in context.cards:
        yield f"<item>\n<title>{escape(card.title)}</title>\n<link>{escape(context.absolute(card.url))}</link>"
        yield f'<guid isPermaLink="false">{_urn(card.id)}</guid>'
        if moment := _moment(card.date):
            yield f"<pubDate>{_rfc822(moment)}</pubDate>"
        yield from (f"<dc:creator>{escape(name)}</dc:creator>" for name in card.authors)
        yield from (
            f"<category>{escape(name)}</category>" for name in dict.fromkeys((card.section, *card.tags)) if name
        )
        if card.summary:
            yield f"<description>{escape(escape(card.summary))}</description>"
        if card.id in bodies:
            yield f"<content:encoded>{escape(bodies[card.id])}</content:encoded>"
        yield "</item>"
    yield "</channel>\n</rss>"


def atom(context: Context) -> bytes:
    """Atom 1.0."""
    return _xml(_atom(context))


def _atom(context: Context) -> Iterator[str]:
    about = context.site.site
    bodies = _bodies(context)
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_attribute(about.language)}>'
    yield f"<id>{_urn(context.site.address, context.page.url)}</id>\n<title>{escape(_title(context))}</title>"
    yield f"<updated>{_newest(context).isoformat()}</updated>"
    yield f'<link rel="self" type="application/atom+xml" href={_attribute(context.absolute(context.page.url))}/>'
    yield f'<link rel="alternate" type="text/html" href={_attribute(context.absolute(context.data["folder"]))}/>'
    yield f"<author><name>{escape(about.publisher or about.title)}</name></author>"
    yield f'<generator version="{__version__}">site-builder</generator>'
    for card in context.cards:
        published = _moment(card.date)
        if not published:
            continue
        yield f"<entry>\n<id>{_urn(card.id)}</id>\n<title>{escape(card.title)}</title>"
        yield f'<link rel="alternate" type="text/html" href={_attribute(context.absolute(card.url))}/>'
        yield f"<published>{published.isoformat()}</published>"
        yield f"<updated>{(_moment(card.updated) or published).isoformat()}</updated>"
        yield from (f"<author><name>{escape(name)}</name></author>" for name in card.authors)
        yield from (
            f"<category term={_attribute(name)}/>" for name in dict.fromkeys((card.section, *card.tags)) if name
        )
        if card.summary:
            yield f"<summary>{escape(card.summary)}</summary>"
        if card.id in bodies:
            yield f'<content type="html">{escape(bodies[card.id])}</content>'
        yield "</entry>"
    yield "</feed>"


def json_feed(context: Context) -> bytes:
    """JSON Feed 1.1."""
    about = context.site.site
    bodies = _bodies(context)
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(context),
        "home_page_url": context.absolute(context.data["folder"]),
        "feed_url": context.absolute(context.page.url),
        "description": _description(context),
        "language": about.language,
    }
    shown = {key: value for key, value in feed.items() if value != ""}
    # One item a line, for people and for diffs; `indent` would turn off the C encoder, which is eight times as fast.
    items = ",\n".join(_json(_item(context, card, bodies.get(card.id, ""))) for card in context.cards)
    head = ",\n".join(f"{_json(key)}:{_json(value)}" for key, value in shown.items())
    return f'{{{head},\n"items":[\n{items}\n]}}\n'.encode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _item(context: Context, card: Card, body: str) -> dict[str, Any]:
    published, updated = _moment(card.date), _moment(card.updated)
    item: dict[str, Any] = {
        "id": _urn(card.id),
        "url": context.absolute(card.url),
        "title": card.title,
        "content_html": body,
        "content_text": "" if body else card.summary or card.title,
        "summary": card.summary,
        "date_published": published.isoformat() if published else "",
        "date_modified": updated.isoformat() if updated else "",
        "authors": [{"name": name} for name in card.authors],
        "tags": [name for name in dict.fromkeys((card.section, *card.tags)) if name],
        "language": card.language,
    }
    return {key: value for key, value in item.items() if value not in ("", [])}
