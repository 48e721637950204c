"""What generators say of an article in their own ways, said in the common one; and what of it has no place there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from typing import Any

from site_builder import stated
from site_builder.front_values import FIELDS, OTHER_NAMES

_DATES = {"date": "date", "publishdate": "date", "pubdate": "date", "lastmod": "updated", "modified": "updated"}
_DATES |= {"updated": "updated", "last_modified_at": "updated"}
_PLACES = ("url", "permalink", "save_as", "path")
_PICTURES = (
    "image",
    "cover",
    "featured_image",
    "featuredimage",
    "feature_image",
    "thumbnail",
    "header_image",
    "banner",
)
_PUBLIC = {"published": "published", "publish": "published", "public": "published", "draft": "draft"}
_PUBLIC |= {"withdrawn": "withdrawn", "embargoed": "embargoed"}


def normal(given: dict[str, Any], jekyll: bool, kept: dict[str, Any]) -> dict[str, Any]:
    """The table with what generators say in their own ways said in the common one; `kept` gets what has no place."""
    table: dict[str, Any] = {}
    for key, value in {**given, **_unfolded(given)}.items():
        name = str(key)
        low = name.lower()
        if value is None or name in ("taxonomies", "extra"):
            continue
        if low in _DATES and _DATES[low] not in table:
            _set_date(table, kept, (_DATES[low], name), value)
        elif low in _DATES:
            kept[name] = value.isoformat() if hasattr(value, "isoformat") else str(value)[:200]
        elif low in _PLACES:
            _set_place(table, kept, name, value)
        elif low in _PICTURES or low == "images":
            _set_pictures(table, kept, name, value)
        elif low == "status" and isinstance(value, str):
            table["status"] = _PUBLIC.get(value.lower(), "draft")
            if value.lower() not in _PUBLIC:
                table["reason"] = f"its status was '{stated.line_of(value)[:40]}'"
        elif low == "published":
            _set_published(table, kept, value)
        elif low in ("authors", "author") and isinstance(value, str) and (";" in value or "," in value):
            table["authors"] = list(stated.names_of(value))
        elif jekyll and low in ("categories", "tags") and isinstance(value, str) and "," not in value:
            table[low] = value.split()  # as Jekyll reads it
        else:
            table[low if low in ("title", "slug", "tags", "summary", "lang", "category") else name] = value
    return table


def _unfolded(given: dict[str, Any]) -> dict[str, Any]:
    """What Zola keeps in tables of its own: `[taxonomies]`, `[extra]`."""
    found: dict[str, Any] = {}
    for name in ("taxonomies", "extra"):
        inner = given.get(name)
        if isinstance(inner, dict):
            found |= {key: value for key, value in inner.items() if key not in given and key not in found}
        elif inner is not None:
            found[f"{name}_"] = inner
    return found


def _set_date(table: dict[str, Any], kept: dict[str, Any], names: tuple[str, str], value: Any) -> None:
    """Our name and the given one; the value is kept under the latter when it can't be read."""
    field, key = names
    if isinstance(value, (dict, list)):
        kept[key] = value
        return
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    try:
        table[field] = stated.date_of(text)
    except ValueError:
        table[field] = text  # whoever reads it next tells it
        kept[key] = text[:200]


def _set_place(table: dict[str, Any], kept: dict[str, Any], name: str, value: Any) -> None:
    """The page's own address: where a reader finds it on the former site."""
    text = stated.line_of(value)
    if name.lower() == "url" and stated.web_address(text):
        table["source"] = {"url": text}  # another's: where the page came from
    elif text and ":" not in text and "{" not in text and isinstance(value, str):
        path = text if text.startswith("/") else f"/{text}"
        old = table.get("aliases", [])
        table["aliases"] = [*(old if isinstance(old, list) else [old]), path]
    else:
        kept[name] = value if isinstance(value, bool) or not text else text


def _set_pictures(table: dict[str, Any], kept: dict[str, Any], name: str, value: Any) -> None:
    """A lead picture: a path, or a table with a path or address and what belongs to it."""
    items = value if isinstance(value, list) else [value]
    found: list[dict[str, str]] = []
    for item in items:
        one = item if isinstance(item, dict) else {"src": item}
        source = next((one[key] for key in ("src", "path", "url", "image", "feature") if one.get(key)), "")
        words = {key: stated.words_of(one.get(key)) for key in ("caption", "credit", "alt")}
        if isinstance(source, str) and source.strip():
            found.append({"src": source.strip(), **{key: text for key, text in words.items() if text}})
    if not found:
        kept[name] = value
        return
    known = table.get("images", [])
    table["images"] = [*known, *(one for one in found if all(one["src"] != other["src"] for other in known))]


def _set_published(table: dict[str, Any], kept: dict[str, Any], value: Any) -> None:
    if value is False or str(value).lower() == "false":
        table["status"] = "draft"
    elif value is not True and str(value).lower() != "true" and "date" not in table:
        _set_date(table, kept, ("date", "published"), value)


def lost(given: dict[str, Any], found: list[Any]) -> dict[str, Any]:
    """The keys of a front matter with a word that nothing of what was made of it holds, whatever the reason was."""
    shown = set(_words(found))
    return {
        str(key): value
        for key, value in given.items()
        if str(key).lower() not in _DATES and str(value).lower() not in _PUBLIC and not shown.issuperset(_words(value))
    }


_STRUCTURE = {"name", "path", "feature", "image", "src", "url", "caption", "credit", "alt", *FIELDS, *OTHER_NAMES}
"""Keys within a value that say what a text is; once it is in its field nobody misses them."""


def _words(value: Any) -> Iterator[str]:
    """The words of all texts in a value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield from re.findall(r"\w+", one)
        elif isinstance(one, dict):
            waiting += [key for key in one if key not in _STRUCTURE] + list(one.values())
        elif isinstance(one, (list, tuple)):
            waiting += one
        elif is_dataclass(one) and not isinstance(one, type):
            waiting += asdict(one).values()
