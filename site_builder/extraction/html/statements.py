"""What a page says of its article to machines: JSON-LD, meta elements, microdata; as they stand, not yet weighed."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from site_builder.extraction.html.page import Element, comments

MAX_JSON = 2_000_000
"""Characters of one JSON-LD script: an article with all its comments stays far below."""
MAX_NODES = 5_000
MOST = 400
"""Values in one statement that are looked at."""

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|CreativeWork|NewsStory|Liveblog)$")
_TRAILING = re.compile(r",(\s*[}\]])")
_TAG = re.compile(r"<[^<>]+>")
LONGEST_ADDRESS = 2_000
_SAVED = re.compile(r"saved from url=\(\d+\)\s*(\S+)")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statements:
    """`article` is the JSON-LD node of the page's article, `nodes` all of them; `meta` name → contents in order.

    `url` is where the page was fetched, or what it says of that; `canonical` its `rel=canonical`, if it has one.
    """

    article: Node
    nodes: tuple[Node, ...]
    meta: dict[str, tuple[str, ...]]
    url: str
    base: str
    language: str
    canonical: str = ""

    def first(self, *names: str) -> str:
        """The first content that one of these meta names has, by the order of the names."""
        return next((content for name in names for content in self.meta.get(name, ()) if content), "")

    def all(self, *names: str) -> tuple[str, ...]:
        """All contents of these meta names, once each."""
        return tuple(dict.fromkeys(content for name in names for content in self.meta.get(name, ()) if content))

    def resolve(self, link: str) -> str:
        """A link as an absolute http, https or mailto URL; empty for any other, and where no base is known."""
        link = "".join(link.split()) if link.lstrip().lower().startswith("javascript") else link.strip()
        try:
            whole = urljoin(self.base, link) if self.base else link
            parts = urlsplit(whole)
        except ValueError:
            return ""
        if parts.scheme == "mailto":
            return whole
        return whole if parts.scheme in ("http", "https") and parts.netloc else ""


def read_statements(root: Element, url: str = "") -> Statements:
    """The machine-readable side of a page; `url` is where it was fetched, if that is known."""
    meta: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = " ".join((element.get("content") or "").split())
        if name and content:
            meta.setdefault(name.strip().lower(), []).append(content)
    nodes = tuple(_nodes(root))
    frozen = {name: tuple(contents) for name, contents in meta.items()}
    canonical = _canonical(root, url)
    own = url or canonical or _own_url(root, frozen)
    base = next((element.get("href") or "" for element in root.iter("base") if element.get("href")), "")
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    return Statements(_article(nodes, own), nodes, frozen, own, _joined(own, base), language, canonical)


def _joined(url: str, base: str) -> str:
    try:
        return urljoin(url, base) if base else url
    except ValueError:
        return url


def _canonical(root: Element, url: str) -> str:
    """The first address that the page calls its canonical one; one without a host is of the site that it came from."""
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            href = "".join((link.get("href") or "").split())
            whole = href if _is_web(href) else _joined(url, href) if url and href else ""
            if _is_web(whole) and len(whole) <= LONGEST_ADDRESS:
                return whole
    return ""


def _own_url(root: Element, meta: dict[str, tuple[str, ...]]) -> str:
    for name in ("og:url", "twitter:url", "parsely-link", "al:web:url"):
        for content in meta.get(name, ()):
            if _is_web(content):
                return content
    for comment in comments(root):
        saved = _SAVED.search(comment)
        if saved and _is_web(saved[1]):
            return saved[1]
    return ""


def _is_web(link: str | None) -> bool:
    return bool(link) and bool(re.match(r"https?://[^/\s]+", str(link).strip(), re.IGNORECASE))


def _nodes(root: Element) -> Iterator[Node]:
    """Every JSON-LD object of the page, outer ones first; what can't be read is passed over."""
    count = 0
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting = deque([_json(script.text or "")])
        while waiting and count < MAX_NODES:
            count += 1
            value = waiting.popleft()
            if isinstance(value, list):
                waiting.extendleft(reversed(value[:MAX_NODES]))
            elif isinstance(value, dict):
                yield value
                for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart"):
                    if isinstance(value.get(key), (dict, list)):
                        waiting.append(value[key])


def _json(text: str) -> Any:
    if len(text) > MAX_JSON:
        return None
    text = text.strip()
    for before in ("<!--", "//", "<![CDATA["):
        text = text.removeprefix(before).lstrip()
    for after in (";", "-->", "]]>", "//", ";"):
        text = text.removesuffix(after).rstrip()
    for attempt in (text, _TRAILING.sub(r"\1", text), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def types(node: Node) -> tuple[str, ...]:
    """The types of a node without their vocabulary."""
    found = node.get("@type", ())
    names = found if isinstance(found, list) else [found]
    return tuple(str(name).rpartition("/")[2] for name in names if isinstance(name, str))


def _article(nodes: tuple[Node, ...], url: str) -> Node:
    """The article among the nodes: the fullest one, where several would do that with the page's own address."""
    best: Node = {}
    best_score = 0
    path = _path(url)
    for node in nodes:
        if not any(_ARTICLE.search(name) for name in types(node)):
            continue
        score = sum(
            bool(node.get(key))
            for key in ("headline", "datePublished", "author", "articleBody", "description", "dateModified", "image")
        )
        links = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
        links += [link.get("@id") for link in links if isinstance(link, dict)]
        if path and any(isinstance(link, str) and _path(link) == path for link in links):
            score += 10
        if score > best_score:
            best, best_score = node, score
    return best


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.strip("/")
    except ValueError:
        return ""


def texts(value: Any) -> list[str]:
    """The texts or names in a JSON-LD value of any shape, without markup."""
    found: list[str] = []
    waiting = deque([value])
    for _ in range(MOST):
        if not waiting:
            break
        one = waiting.popleft()
        if isinstance(one, str):
            text = plain(one)
            if text:
                found.append(text)
        elif isinstance(one, list):
            waiting.extendleft(reversed(one[:MOST]))
        elif isinstance(one, dict):
            inner = one.get("name") or one.get("@value")
            if inner and not isinstance(inner, dict):
                waiting.appendleft(inner)
    return found


def plain(text: str) -> str:
    """A text of JSON-LD or a meta element without the entities and tags that many pages leave in it."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return " ".join(_TAG.sub(" ", text).split())


def prose(value: Any) -> str:
    """A long text (`articleBody`) with its paragraphs' borders as newlines."""
    if not isinstance(value, str):
        return ""
    if "&" in value:
        value = html.unescape(value)
    value = re.sub(r"</(?:p|h\d|li|div|blockquote)>|<br\s*/?>", "\n", value, flags=re.IGNORECASE)
    lines = (" ".join(line.split()) for line in _TAG.sub(" ", value).splitlines())
    return "\n".join(line for line in lines if line)
