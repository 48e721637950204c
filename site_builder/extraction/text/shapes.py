"""Shapes of lines that several passes must tell apart: breadcrumbs and slug lines."""

from __future__ import annotations

import re

from site_builder.extraction.text.lines import Line
from site_builder.vocabulary.lexicon import phrases

_CRUMB = re.compile(r"\s*[>»›→/❯]\s*")
_BETWEEN = re.compile("[>»›→/❯]")
_SLUG = re.compile(r"[A-Z0-9]{2,}(?:[-/][A-Z0-9]*)+(?:\s*\([^)]{2,30}\))?")


def is_slug(line: Line) -> bool:
    """A wire service's name for a story: `MOON-ROCKET/IMPACT (UPDATE 2)`."""
    return ("-" in line.marks or "/" in line.marks) and bool(_SLUG.fullmatch(line.text))


def crumbs(line: Line) -> tuple[str, ...]:
    """The short entries after `Home` in a breadcrumb (`Home > News > Space`); none for other lines."""
    if line.words > 24 or line.closed or not _BETWEEN.search(line.marks):
        return ()
    entries = [entry.strip() for entry in _CRUMB.split(line.text) if entry.strip()]
    if len(entries) < 2:
        return ()
    first = entries[0].rpartition(":")[2].strip().casefold()
    if first in phrases("sources", "home"):
        return tuple(entry for entry in entries[1:] if len(entry.split()) <= 4)
    short = all(len(entry.split()) <= 3 and not any(map(str.isdigit, entry)) for entry in entries)
    return tuple(entries[1:]) if len(entries) >= 3 and short else ()
