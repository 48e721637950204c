"""Long lists in parts, and the digest by which a group of pages is known: the tools of `plan`.

A list is split from its oldest end: full parts never change again, and the front has the newest. So a new article
changes a bounded number of pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from . import urls
from .entries import digest
from .model import Group, Page

SITEMAP_SIZE = 40_000
"""The protocol allows 50,000 addresses and 50 MB a sitemap."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def data(**values: Any) -> str:
    """The other values that a page shows, as `Page.data` has them."""
    return _encode(values)


def group(name: str, pages: Callable[[], Iterable[Page]], /, *inputs: bytes, **values: Any) -> Group:
    """A group of pages that `inputs` (digests of cards and files) and `values` decide about."""
    return Group(name, digest(*inputs, b"\0", _encode(values).encode()), pages)


_ALONE: Mapping[str, Any] = {"months": [], "prev": None, "next": None}


def split(folder: str, view: str, numbers: Sequence[int], size: int, **shown: Any) -> Iterator[Page]:
    """A list in a folder, oldest first: full parts that never change again, and the front with the newest.

    `part` 0 is the front, 1 the oldest. A full part knows its own articles and whether another part comes after it
    (`parts` is then greater than `part`): with more on it, each new article would rewrite them all.
    """
    full = full_parts(len(numbers), size)
    alone = {key: _ALONE.get(key, value) for key, value in shown.items()} if full else {}
    for part in range(1, full + 1):
        values = {**alone, "total": size, "folder": folder, "part": part, "parts": min(full, part + 1)}
        yield Page(urls.chunk(folder, part), view, tuple(numbers[(part - 1) * size : part * size]), data=data(**values))
    yield Page(folder, view, tuple(numbers[full * size :]), data=data(**shown, folder=folder, part=0, parts=full))


def addresses(folder: str, count: int, size: int) -> Iterator[str]:
    """The site paths of a list that is split so."""
    yield from (urls.chunk(folder, part) for part in range(1, full_parts(count, size) + 1))
    yield folder


def full_parts(count: int, size: int) -> int:
    """How many full parts a list has beside its front, which is never empty."""
    return max(0, (count - 1) // size)


def sitemaps(name: str, count: int) -> list[tuple[str, slice]]:
    """The sitemaps that so many addresses need: the name of each, and which of the addresses are in it."""
    starts = range(0, count, SITEMAP_SIZE)
    return [(f"{name}-{n + 1}" if n else name, slice(start, start + SITEMAP_SIZE)) for n, start in enumerate(starts)]
