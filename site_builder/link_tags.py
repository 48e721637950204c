"""Links to the web in clean HTML that lead to the archive instead, and keep their first address."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_LINK = re.compile('<a href="(https?://[^"]*)"( title="[^"]*")? rel="nofollow noopener">')
"""A link as the allow-list leaves it (`markup.clean`). No text and no value of clean HTML can hold what begins it."""


def lead(made: str, find: Callable[[str], tuple[str, str]]) -> str:
    """HTML that has passed the allow-list, with some links led elsewhere.

    `find` gets each link's address and gives where it is to lead, and a title for it; an empty address leaves it as it
    is. The first address is kept in `data-original`; a title that the author gave stays.
    """

    def led(match: re.Match[str]) -> str:
        original, title = match.groups()
        there, said = find(html.unescape(original))
        if not there:
            return match[0]
        title = title or f' title="{html.escape(said)}"'
        return f'<a href="{html.escape(there)}" data-original="{original}"{title}>'

    return _LINK.sub(led, made)
