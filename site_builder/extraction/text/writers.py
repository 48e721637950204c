"""The writers whom a page names elsewhere than under its headline: a draft in, one with authors out.

Only for a page that has named none so far: a labelled byline around the headline or right below the story, a label and
the name beside it (`Author` / `Ann Lee`), a bare name between date line and headline, or one right below the story that
the page has once more. Other people's bylines stand below stories too, with their teasers: where the
lines there name several different writers, none is taken.
"""

from __future__ import annotations

from site_builder.extraction.text.lines import Draft, Mark
from site_builder.vocabulary.lexicon import is_label, openings, phrases
from site_builder.vocabulary.names import Byline, byline, is_byline_word, is_name, names_in, people
from site_builder.vocabulary.stamps import stamp

ABOVE = 4
"""How many lines above the headline a byline is looked for."""
BELOW = 30
"""The same below the story."""
BEHIND = 3
"""Further down than this `By Ann Lee` is a teaser's, and `By: Ann Lee` is not."""
LONGEST = 16
"""Words of the longest byline."""
DATED = 8
"""How many lines above the headline a date line is looked for that a name may stand below."""
SIGNED = 2
"""How many lines behind the story's last its writer may sign."""
SHORTEST = 3
"""Lines of the shortest story that is looked for a signature."""
NOT_SIGNED = ("related story teaser", "related story list", "comment section", "site menu")
"""Rules of lines which say that another part of the page has begun."""
NAMES = 4
"""How many lines of names may follow a label."""


def read_writers(draft: Draft) -> Draft:
    """A draft whose lines that name its writers are marked, if any do."""
    if "authors" in draft.meta:
        return draft
    if draft.article.authors:
        return _shortened(draft)
    top = max(1, (draft.title if draft.title >= 0 else draft.start) - ABOVE)
    for zone in (range(top, draft.start), range(draft.end, draft.end + BELOW)):
        found = _zone(draft, zone)
        if found:
            names = next(iter(found.values()))
            marks = {index: Mark("authors", "byline") for index in found}
            return draft._replace(marks={**draft.marks, **marks}).with_facts(authors=names)
    for found, rule in (
        (_headed(draft), "name line"),
        (_signed(draft), "name below the story"),
        (_linked(draft), "link to the author's other stories"),
    ):
        for index, names in found.items():
            return draft._replace(marks={**draft.marks, index: Mark("authors", rule)}).with_facts(authors=names)
    return draft


def _shortened(draft: Draft) -> Draft:
    """A byline's name with a house behind it (`By Ann Lee Global Desk`), as the author box below the story has it."""
    boxed = [draft.lines[index].text for index, mark in draft.marks.items() if mark.rule == "author box"]
    names = [
        next((name for name in boxed if author.startswith(f"{name} ")), author) for author in draft.article.authors
    ]
    return draft.with_facts(authors=tuple(dict.fromkeys(names)))


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
    near = index < draft.end + BEHIND or ":" in line.text or _is_labelled(line.text)
    if told and told.people and not line.closed and near:
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


def _is_labelled(text: str) -> bool:
    """`Author Ann Lee`, `Autorin/Autor Ann Lee`: no teaser says so."""
    return text.split(maxsplit=1)[0].casefold() in phrases("byline", "labels") - phrases("byline", "sources")


def _signed(draft: Draft) -> dict[int, tuple[str, ...]]:
    """The line right behind the story's last that holds nothing but names, which stand on the page once more."""
    body = [index for index, mark in draft.marks.items() if mark.place == "body"]
    if len(body) < SHORTEST:
        return {}
    last = max(body)
    for index in range(last + 1, min(last + 1 + SIGNED, len(draft.lines))):
        line = draft.lines[index]
        if line.rule in ("decoration", "advertisement label"):
            continue
        if line.closed or draft.marks[index].rule in NOT_SIGNED:
            return {}
        names = _unknown(draft, index, body)
        others = [other.text for at, other in enumerate(draft.lines) if at != index and at not in body]
        return {index: names} if names and all(any(name in text for text in others) for name in names) else {}
    return {}


def _linked(draft: Draft) -> dict[int, tuple[str, ...]]:
    """A link to all that somebody wrote (`View all posts by Ann Lee`), if the page has such links to nobody else's."""
    links = openings("byline", "more")
    found: dict[int, tuple[str, ...]] = {}
    for index in range(draft.start, len(draft.lines)):
        line = draft.lines[index]
        if line.key[:2] not in links.starts or line.words > LONGEST or not _is_free(draft, index):
            continue
        opening = links.find(line.key)
        at = line.text.casefold().find(opening) + len(opening) if opening else len(line.text)
        name = line.text[at:].split("(")[0].strip(" :→>»")
        if name and is_name(name):
            found[index] = (name,)
    return found if len(set(found.values())) == 1 else {}


def _headed(draft: Draft) -> dict[int, tuple[str, ...]]:
    """The one name between the date line and the headline below it."""
    if draft.title < 1:
        return {}
    body = [index for index, mark in draft.marks.items() if mark.place == "body"]
    found: dict[int, tuple[str, ...]] = {}
    for index in range(draft.title - 1, max(0, draft.title - DATED), -1):
        line = draft.lines[index]
        when = stamp(line.text, draft.day_first) if line.words <= LONGEST else None
        if when and when.others <= 4:
            return found if len(found) == 1 else {}
        names = _unknown(draft, index, body) if index >= draft.title - ABOVE else ()
        if names:
            found[index] = names
    return {}


def _unknown(draft: Draft, index: int, body: list[int]) -> tuple[str, ...]:
    """The names of a line that holds nothing else, if the story speaks of none of these people."""
    if not _is_free(draft, index):
        return ()
    names = names_in(draft.lines[index].text, draft.article.publication)
    words = [word for name in names for word in name.split() if len(word) > 3]
    if not words or len(set(words)) < len(words) or any(is_label(word.casefold()) for word in words):
        return ()
    if any(word in draft.lines[at].text for at in body for word in words):
        return ()
    small = {word.casefold() for word in words} - set(words)
    page = (line.text for at, line in enumerate(draft.lines) if at != index)
    return () if any(not small.isdisjoint(text.split()) for text in page) else names  # `Old Mill` and `the old mill`


def _people(draft: Draft, index: int) -> Byline:
    text = draft.lines[index].text
    return people(text, draft.article.publication) if is_name(text.split(",")[0].split("|")[0].strip()) else Byline()
