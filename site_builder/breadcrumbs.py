"""The way from home down to a page: the links at its head, and the same as schema.org's BreadcrumbList for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .context import Context
from .theme import Markup, script_json

Step = tuple[str, str]
"""Name and site path of a page above this one, home not among them."""


def trail(context: Context, steps: Sequence[Step], name: str) -> dict[str, Any]:
    """What a template shows of the way to its page, which is called `name` there.

    `crumbs_ld` is empty where the site has no address: a BreadcrumbList needs full ones.
    """
    return {"crumbs": steps, "crumbs_ld": _json_ld(context, steps, name) if context.site.site.base_url else ""}


def _json_ld(context: Context, steps: Sequence[Step], name: str) -> Markup:
    items: list[dict[str, Any]] = [
        {"@type": "ListItem", "position": n, "name": above, "item": context.absolute(path)}
        for n, (above, path) in enumerate([(context.site.site.title, ""), *steps], 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": name})
    return script_json({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
