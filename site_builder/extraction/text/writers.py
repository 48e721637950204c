"""The writers whom a page names elsewhere than under its headline: a draft in, one with authors out.

Only for a page that has named none so far: a labelled byline around the headline or right below the story, or a label and
the name beside it (`Author` / `Ann Lee`). Other people's bylines stand below stories too, with their teasers: where the
lines there name several different writers, none is taken.
"""

from __future__ import annotations

from site_builder.extraction.text.lines import Draft, Mark
from site_builder.vocabulary.lexicon import phrases
from site_builder.vocabulary.names import Byline, byline, is_byline_word, is_name, people

ABOVE = 4
"""How many lines above the headline a byline is looked for."""
BELOW = 16
"""The same below the story."""
BEHIND = 3
"""Further down than this `By Ann Lee` is a teaser's, and `By: Ann Lee` is not."""
LONGEST = 16
"""Words of the longest byline."""
NAMES = 4
"""How many lines of names may follow a label."""


def read_writers(draft: Draft) -> Draft:
    """A draft whose lines that name its writers are marked, if any do."""
    if draft.article.authors or "authors" in draft.meta:
        return draft
    top = max(1, (draft.title if draft.title >= 0 else draft.start) - ABOVE)
    for zone in (range(top, draft.start), range(draft.end, draft.end + BELOW)):
        found = _zone(draft, zone)
        if found:
            names = next(iter(found.values()))
            marks = {index: Mark("authors", "byline") for index in found}
            return draft._replace(marks={**draft.marks, **marks}).with_facts(authors=names)
    return draft


def _zone(draft: Draft, zone: range) -> dict[int, tuple[str, ...]]:
    """The lines of a zone that name writers; none where they name different ones."""
    found: dict[int, tuple[str, ...]] = {}
    for index in zone:
        if index >= len(draft.lines):
            break
        if index in found or not _is_free(draft, index):
            continue
        found |= _named(draft, index)
    return found if len({names for names in found.values() if names}) == 1 else {}


def _is_free(draft: Draft, index: int) -> bool:
    """A line whose text ends nowhere else."""
    mark = draft.marks.get(index)
    return (mark is None or mark.place in ("removed", "authors")) and draft.lines[index].words <= LONGEST


def _named(draft: Draft, index: int) -> dict[int, tuple[str, ...]]:
    """The lines of one byline: `Written by Ann Lee`, or a label and the names before or behind it."""
    line = draft.lines[index]
    told = byline(line.text, draft.article.publication)
    if told and told.people and not line.closed and (index < draft.end + BEHIND or ":" in line.text):
        return {index: told.people}
    if not is_byline_word(line.key) or line.key in phrases("byline", "sources"):
        return {}
    behind: list[int] = []
    for other in range(index + 1, min(index + 1 + NAMES, len(draft.lines))):
        if not _is_free(draft, other) or not _people(draft, other).people:
            break
        behind.append(other)
    if not behind and _is_free(draft, index - 1) and _people(draft, index - 1).people:
        behind = [index - 1]
    names = tuple(dict.fromkeys(name for other in behind for name in _people(draft, other).people))
    return dict.fromkeys((index, *behind), names) if names else {}


def _people(draft: Draft, index: int) -> Byline:
    text = draft.lines[index].text
    return people(text, draft.article.publication) if is_name(text.split(",")[0].split("|")[0].strip()) else Byline()
