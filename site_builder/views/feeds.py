"""RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1, for the site and for each term.

No clock: a feed is as new as its newest article. A moment is given only for articles whose day is known; Atom,
which demands one, leaves the others out.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

from .. import __version__, dates, urls
from ..context import Context
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
    if data["kind"]:
        return context.said.text("kind_and_name", kind=context.said.text(data["kind"]), name=data["name"])
    return about.description or about.tagline


def _bodies(context: Context) -> dict[str, str]:
    """The whole text by article id, where the feed carries it."""
    pairs = zip(context.cards, context.documents, strict=False)  # the plan asks for documents in the cards' order
    # As plain text, for `Markup.replace` would escape what `escape` puts in, and readers would see the tags.
    return {card.id: str(context.body(document, absolute=True)[0]) for card, document in pairs}


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


def _xml(lines: list[str]) -> bytes:
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', *lines, ""]).encode()


KEPT = 8192
"""Items that a process keeps of each format: an article stands in the feeds of a dozen terms, and made anew for each
they took a tenth of a build.
"""


def _items(context: Context, item: Callable[[str, Card, str], str]) -> list[str]:
    """What a format makes of each card; `item` gets the site's address, the card, and its text where it is shown."""
    bodies = _bodies(context)
    return [item(context.site.address, card, bodies.get(card.id, "")) for card in context.cards]


def _categories(card: Card) -> list[str]:
    return [name for name in dict.fromkeys((card.section, *card.tags)) if name]


_MODULES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


def rss(context: Context) -> bytes:
    """RSS 2.0 with content, creator and Atom's self link."""
    about = context.site.site
    own = _attribute(context.absolute(context.page.url))
    lines = [
        f'<rss version="2.0" {_MODULES}>',
        f"<channel>\n<title>{escape(_title(context))}</title>\n<link>{escape(context.absolute(context.data['folder']))}</link>",
        # Readers take a description for HTML.
        f"<description>{escape(escape(_description(context) or about.title))}</description>",
        f"<language>{escape(about.language)}</language>",
        f"<lastBuildDate>{_rfc822(_newest(context))}</lastBuildDate>",
        f"<generator>site-builder {__version__}</generator>",
        f'<atom:link rel="self" type="application/rss+xml" href={own}/>',
        *_items(context, _rss_item),
        "</channel>\n</rss>",
    ]
    return _xml(lines)


@lru_cache(maxsize=KEPT)
def _rss_item(address: str, card: Card, body: str) -> str:
    lines = [
        f"<item>\n<title>{escape(card.title)}</title>\n<link>{escape(urls.absolute(address, card.url))}</link>",
        f'<guid isPermaLink="false">{_urn(card.id)}</guid>',
    ]
    if moment := _moment(card.date):
        lines.append(f"<pubDate>{_rfc822(moment)}</pubDate>")
    lines += [f"<dc:creator>{escape(name)}</dc:creator>" for name in card.authors]
    lines += [f"<category>{escape(name)}</category>" for name in _categories(card)]
    if card.summary:
        lines.append(f"<description>{escape(escape(card.summary))}</description>")
    if body:
        lines.append(f"<content:encoded>{escape(body)}</content:encoded>")
    return "\n".join([*lines, "</item>"])


def atom(context: Context) -> bytes:
    """Atom 1.0."""
    about = context.site.site
    lines = [
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_attribute(about.language)}>',
        f"<id>{_urn(context.site.address, context.page.url)}</id>\n<title>{escape(_title(context))}</title>",
        f"<updated>{_newest(context).isoformat()}</updated>",
        f'<link rel="self" type="application/atom+xml" href={_attribute(context.absolute(context.page.url))}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(context.absolute(context.data["folder"]))}/>',
        f"<author><name>{escape(about.publisher or about.title)}</name></author>",
        f'<generator version="{__version__}">site-builder</generator>',
        *filter(None, _items(context, _atom_entry)),
        "</feed>",
    ]
    return _xml(lines)


@lru_cache(maxsize=KEPT)
def _atom_entry(address: str, card: Card, body: str) -> str:
    published = _moment(card.date)
    if not published:
        return ""
    lines = [
        f"<entry>\n<id>{_urn(card.id)}</id>\n<title>{escape(card.title)}</title>",
        f'<link rel="alternate" type="text/html" href={_attribute(urls.absolute(address, card.url))}/>',
        f"<published>{published.isoformat()}</published>",
        f"<updated>{(_moment(card.updated) or published).isoformat()}</updated>",
        *(f"<author><name>{escape(name)}</name></author>" for name in card.authors),
        *(f"<category term={_attribute(name)}/>" for name in _categories(card)),
    ]
    if card.summary:
        lines.append(f"<summary>{escape(card.summary)}</summary>")
    if body:
        lines.append(f'<content type="html">{escape(body)}</content>')
    return "\n".join([*lines, "</entry>"])


def json_feed(context: Context) -> bytes:
    """JSON Feed 1.1."""
    about = context.site.site
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
    items = ",\n".join(_items(context, _json_item))
    head = ",\n".join(f"{_json(key)}:{_json(value)}" for key, value in shown.items())
    return f'{{{head},\n"items":[\n{items}\n]}}\n'.encode()


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(maxsize=KEPT)
def _json_item(address: str, card: Card, body: str) -> str:
    published, updated = _moment(card.date), _moment(card.updated)
    item: dict[str, Any] = {
        "id": _urn(card.id),
        "url": urls.absolute(address, card.url),
        "title": card.title,
        "content_html": body,
        "content_text": "" if body else card.summary or card.title,
        "summary": card.summary,
        "date_published": published.isoformat() if published else "",
        "date_modified": updated.isoformat() if updated else "",
        "authors": [{"name": name} for name in card.authors],
        "tags": _categories(card),
        "language": card.language,
    }
    return _json({key: value for key, value in item.items() if value not in ("", [])})
