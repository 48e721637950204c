"""Values within values: a column named by its path (`fields.bodyText`), a text in pieces, pictures with their words.

In come the parsed values of a row, out come values that the row's columns can have. Which column is which field is not
known here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from typing import Any

from site_builder import stated
from site_builder.model import Image

_HEADS = ("headline", "heading", "subhead")
_PARTS = ("sections", "paragraphs", "blocks", "children", "text", "content", "body", "value")
_DEEP = 6
MAX_PIECES = 20_000
"""Paragraphs of one text; more are the rest of a bomb."""


def key_of(name: Any) -> str:
    """A column's name as names are compared: lower case, with `_` for spaces and hyphens."""
    return re.sub(r"[\s-]+", "_", str(name).strip().lower())


def lifted(values: Mapping[str, Any], paths: Collection[str]) -> dict[str, Any]:
    """The values with those that stand deeper under the paths that lead to them, each in one place only.

    `paths` are made of keys (`key_of`) with dots between.
    """
    found = dict(values)
    for name, value in values.items():
        if isinstance(value, dict):
            taken: dict[str, Any] = {}
            rest = _without(value, key_of(name), paths, taken, 0)
            if taken:
                found[name] = rest
                found |= {path: inner for path, inner in taken.items() if path not in found}
    return found


def _without(value: dict[str, Any], path: str, paths: Collection[str], taken: dict[str, Any], depth: int) -> Any:
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        here = f"{path}.{key_of(name)}"
        if here in paths and here not in taken:
            taken[here] = inner
        elif isinstance(inner, dict) and depth < _DEEP:
            kept[name] = _without(inner, here, paths, taken, depth + 1)
        else:
            kept[name] = inner
    return kept


def names_in(values: Mapping[str, Any]) -> list[str]:
    """The names of columns, with those that stand one level deeper as paths."""
    names: list[str] = []
    for name, value in values.items():
        names += [f"{name}.{key}" for key in value] if isinstance(value, dict) and value else [str(name)]
    return names


def text_in(value: Any) -> str:
    """An article's text: as it is, or put together from a list of paragraphs, or from sections with headlines as HTML."""
    if not isinstance(value, (list, dict)):
        return stated.text_of(value)
    pieces = _pieces(value, 0)[:MAX_PIECES]
    if any(tag == "h2" for tag, _ in pieces):
        return "\n".join(f"<{tag}>{html.escape(text, quote=False)}</{tag}>" for tag, text in pieces)
    return "\n\n".join(text for _, text in pieces)


def _pieces(value: Any, depth: int) -> list[tuple[str, str]]:
    if isinstance(value, list) and depth < _DEEP:
        return [piece for one in value for piece in _pieces(one, depth + 1)]
    if isinstance(value, dict) and depth < _DEEP:
        heads = [("h2", text) for key in _HEADS for _, text in _pieces(value.get(key), depth + 1)]
        return heads + [piece for key in _PARTS for piece in _pieces(value.get(key), depth + 1)]
    text = stated.text_of(value)
    return [("p", text)] if text else []


def images_in(value: Any) -> tuple[Image, ...]:
    """The first picture of a list; all of them where they have captions, and so are the article's and not the page's."""
    found: list[Image] = []
    for one in value if isinstance(value, list) else [value]:
        given = one if isinstance(one, dict) else {"url": one}
        versions = given.get("versions")
        first = versions[0] if isinstance(versions, list) and versions else None
        source = given.get("url") or given.get("src") or (first.get("url") if isinstance(first, dict) else first)
        if source := stated.web_address(source):
            credit = ", ".join(stated.names_of(given.get("credit") or given.get("authors")))
            caption, alt = stated.words_of(given.get("caption")), given.get("alt") or given.get("description")
            found.append(Image(source, caption, credit, stated.words_of(alt)))
    return tuple(dict.fromkeys(found)) if any(image.caption for image in found) else tuple(found[:1])
