"""Pictures in an article's finished HTML: loaded late, or shown as links by themes of text alone. HTML in, HTML out.

What comes in has passed the allow-list: its attributes stand in double quotes, and none of their values has one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape

_TOKEN = re.compile(r'<img((?: [a-z-]+="[^"]*")+)>|<a(?: [a-z-]+="[^"]*")*>|</a>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


def attributes(width: int, height: int, copies: Sequence[tuple[str, int]]) -> str:
    """What lets a browser keep a picture's place, and choose among its copies (address and width), as HTML."""
    if not width or not height:
        return ""
    made = f' width="{width}" height="{height}"'
    if len(copies) > 1:
        # A comma would begin the next address.
        names = ", ".join(f"{escape(url.replace(',', '%2C'))} {wide}w" for url, wide in copies)
        made += f' srcset="{names}" sizes="{SIZES}"'
    return made


SIZES = "(min-width: 40rem) 37rem, 100vw"
"""How wide a picture is shown: as the story's column, which fills a small screen."""


def late(html: str, lead: bool, more_of: Callable[[str], str]) -> str:
    """Every picture says that it may be loaded late, but for the first of a page, which readers meet at once.

    `more_of` gives the attributes of a picture by its address.

    `lead` is whether the first one here is the page's first. Each gets an `alt`, empty if its author wrote none.
    """
    first = lead

    def dress(token: re.Match[str]) -> str:
        nonlocal first
        if not token[1]:
            return token[0]
        more = "" if first else ' loading="lazy"'
        more += more_of(unescape(dict(_ATTRIBUTE.findall(token[1])).get("src", "")))
        more += ' alt=""' if " alt=" not in token[1] else ""
        first = False
        return f"<img{token[1]}{more}>"

    return _TOKEN.sub(dress, html) if "<img" in html else html


def as_links(html: str, say: Callable[[str], str]) -> str:
    """Links in place of pictures. `say` gives the text of a link by the picture's own; both are HTML.

    A picture within a link is its text alone; one without an address, which is not held, too.
    """
    inside = 0

    def link(token: re.Match[str]) -> str:
        nonlocal inside
        if not token[1]:
            inside = max(0, inside - 1) if token[0] == "</a>" else inside + 1
            return token[0]
        values = dict(_ATTRIBUTE.findall(token[1]))
        text = say(values.get("alt") or values.get("title") or values.get("src", "").rpartition("/")[2])
        return text if inside or not values.get("src") else f'<a class="picture" href="{values["src"]}">{text}</a>'

    return _TOKEN.sub(link, html) if "<img" in html else html
