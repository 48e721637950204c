"""The way from home down to a page: the links at its head, and the same as schema.org's BreadcrumbList for machines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from . import urls
from .context import Context
from .theme import Markup, script_json

Step = tuple[str, str]
"""Name and site path of a page above this one, home not among them."""


def trail(context: Context, steps: Sequence[Step], name: str) -> dict[str, Any]:
    """What a template shows of the way to its page, which is called `name` there.

    `crumbs_ld` is empty where the site has no address: a BreadcrumbList needs full ones.
    """
    about = context.site.site
    if not about.base_url:
        return {"crumbs": steps, "crumbs_ld": ""}
    above = _above(context.site.address, about.title, tuple(steps))
    last = script_json({"@type": "ListItem", "position": len(steps) + 2, "name": name})
    return {"crumbs": steps, "crumbs_ld": Markup(f"{_LIST}{above},{last}]}}")}


_LIST = '{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":['


@lru_cache(maxsize=8192)
def _above(address: str, title: str, steps: tuple[Step, ...]) -> str:
    """The items of the pages above, home first; kept, since many pages have the same."""
    return ",".join(
        script_json({"@type": "ListItem", "position": n, "name": name, "item": urls.absolute(address, path)})
        for n, (name, path) in enumerate([(title, ""), *steps], 1)
    )
