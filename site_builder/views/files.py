"""What is no article and no list: files that are copied, and the small files that hosts and robots look for."""

from __future__ import annotations

from pathlib import Path

from .. import markup, pictures, urls
from ..context import Context, Draft, csp, source_file


def copy(context: Context) -> Path:
    """A static file of the theme, or a picture from `media/`, as it is."""
    return source_file(context)


def picture(context: Context) -> bytes | Path:
    """A smaller copy of a picture; the picture itself where that fails, so that what shows it stays whole."""
    file = context.site.content / str(context.data["path"])
    try:
        return pictures.resized(file, context.data["width"])
    except ValueError as error:
        context.problems.append(str(error))
        return file


def code_css(context: Context) -> bytes:
    """The colours of highlighted code."""
    return markup.code_styles().encode()


def options_css(context: Context) -> bytes:
    """What the options of the theme change in its look; the policy forbids to say so in the pages themselves."""
    return str(context.data["css"]).encode()


def not_found(context: Context) -> Draft:
    """What a host shows at an address that does not exist."""
    return context.html("404.html", context.said.text("not_found"))


def robots(context: Context) -> bytes:
    """robots.txt (RFC 9309), with one signal for AI and text mining, as the settings say."""
    settings = context.site.robots
    lines = ["User-agent: *", "Allow: /" if settings.index else "Disallow: /"]
    if settings.rights == "disallow":
        for agent in ("GPTBot", "ClaudeBot", "Google-Extended", "CCBot", "PerplexityBot", "Bytespider"):
            lines += ["", f"User-agent: {agent}", "Disallow: /"]
    if context.site.pages.sitemap:
        lines += ["", f"Sitemap: {context.absolute(urls.sitemap())}"]
    return "\n".join([*lines, ""]).encode()


def headers(context: Context) -> bytes:
    """`_headers`, which Netlify and Cloudflare Pages read: what a meta element can't say."""
    lines = [
        f"Content-Security-Policy: {csp(context.site)}; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: strict-origin-when-cross-origin",
    ]
    return "\n".join(["/*", *(f"  {line}" for line in lines), ""]).encode()


def empty(context: Context) -> bytes:
    """`.nojekyll`: GitHub Pages leaves the site alone."""
    return b""
