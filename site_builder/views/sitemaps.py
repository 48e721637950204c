"""Sitemaps by the protocol of sitemaps.org 0.9: one a month, one for the other pages, and their index."""

from __future__ import annotations

from html import escape

from ..context import Context, machine

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(context: Context) -> bytes:
    """Articles with the day of their last change where it is known, or other pages without one."""
    lines = [f"{_HEAD}<urlset {_NAMESPACE}>"]
    for card in context.cards:
        changed = machine(card.updated) or machine(card.date)
        # The protocol takes W3C dates from the year 1 on; it has no way to say "not known".
        lastmod = f"<lastmod>{changed}</lastmod>" if changed and not changed.startswith("0000") else ""
        lines.append(f"<url><loc>{escape(context.absolute(card.url))}</loc>{lastmod}</url>")
    lines += [f"<url><loc>{escape(context.absolute(url))}</loc></url>" for url in context.data.get("urls", ())]
    return "\n".join([*lines, "</urlset>", ""]).encode()


def index(context: Context) -> bytes:
    """The index of all sitemaps."""
    sitemaps = context.data["sitemaps"]
    lines = [f"<sitemap><loc>{escape(context.absolute(url))}</loc></sitemap>" for url in sitemaps]
    return "\n".join([f"{_HEAD}<sitemapindex {_NAMESPACE}>", *lines, "</sitemapindex>", ""]).encode()
