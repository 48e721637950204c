"""Links between the posts of one export: they lead to where the archive answers for a post, and no more to its old site.

That is the post's old path, at which the archive has a page that leads to the article: nobody has to know at import
where an article will stand, and a link works whatever becomes of its file. Addresses on other sites, and those of
posts that the archive can't answer for (drafts, addresses with a query string), stay as they are.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote, unquote, urlsplit

from site_builder import stated, urls

_LINK = re.compile(r"<a\b[^<>]*?\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_NUMBER = re.compile(r"/?(?:index\.php)?\?(?:p|page_id)=(\d{1,18})")
"""How WordPress addresses a post by its number, as drafts of links to it have it."""


class Links:
    """The addresses of an export's published posts; a short text for each post is in memory."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}
        self._numbers: dict[str, str] = {}

    def add(self, number: str, old: tuple[str, ...]) -> None:
        """A post with the paths that it had, the present one first."""
        answered = [f"/{quote(path)}" for text in old if (path := urls.alias(text))]
        for path in answered:
            self._paths.setdefault(_key(path), path)
        if answered and number:
            self._numbers.setdefault(number, answered[0])

    def of(self, markup: str, base: str) -> tuple[tuple[str, str], ...]:
        """The links of a post's HTML to posts of the site at `base`, each with the path that the archive has for it."""
        found: dict[str, str] = {}
        for match in _LINK.finditer(markup) if self._paths and base else ():
            link = html.unescape(match[1] or match[2] or "").strip()
            path = self._path(link, base)
            if path:
                found[link] = path
        return tuple(found.items())

    def _path(self, link: str, base: str) -> str:
        whole = stated.web_address(link)
        try:
            here, folder = urlsplit(whole).path, urlsplit(base).path.rstrip("/")
        except ValueError:
            return ""
        if not whole or not f"{here}/".startswith(f"{folder}/"):
            return ""
        old = stated.old_path(whole, base)
        by_number = _NUMBER.fullmatch(old)
        return self._numbers.get(by_number[1], "") if by_number else self._paths.get(_key(old), "")


def _key(path: str) -> str:
    return urls.fold(unquote(path).rstrip("/"))
