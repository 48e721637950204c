"""What stands in a headline's line and is none of it: a section's name, or a kicker that the page title joins otherwise."""

from __future__ import annotations

import re

from site_builder.extraction.text.lines import Draft
from site_builder.vocabulary.lexicon import section_names

LEAST = 3
"""Words that must be left of a headline."""

_JOINED = re.compile(r"\s[-–—]\s")


def trim_title(draft: Draft) -> Draft:
    """`Culture | The bridge is sold` and `The bridge is sold | Opinion`; `New owner - The bridge is sold` if the page
    title has a colon there.

    A section's name before a colon is a part of the headline (`Europe: fewer cars sold`).
    """
    title = draft.article.title
    if draft.title < 0 or "title" in draft.meta or not title:
        return draft
    section = ""
    before, sign, rest = title.partition(" | ")
    if sign and before.casefold() in section_names():
        section, title = before, rest
    rest, sign, behind = title.rpartition(" | ")
    if sign and behind.casefold() in section_names():
        section, title = section or behind, rest
    opening = draft.lines[0].text
    for match in _JOINED.finditer(title) if draft.title else ():
        if f": {title[match.end() :]}" in opening:
            title = title[match.end() :]
            break
    if title == draft.article.title or len(title.split()) < LEAST:
        return draft
    return draft.with_facts(title=title, section=draft.article.section or section)
