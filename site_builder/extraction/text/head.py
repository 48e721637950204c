"""Around the headline: kicker, breadcrumb, byline, date line and standfirst, each to its field."""

from __future__ import annotations

import re

from site_builder.extraction.text.lines import Draft, Line, Mark
from site_builder.extraction.text.shapes import crumbs, is_slug
from site_builder.model import Note
from site_builder.vocabulary.lexicon import has_word, is_label, openings, phrases, section_names
from site_builder.vocabulary.names import (
    Byline,
    agencies_in,
    byline,
    byline_within,
    is_byline_word,
    is_name,
    names_in,
    opens_biography,
    people,
    portrayed,
)
from site_builder.vocabulary.stamps import stamp

_HANDLE = re.compile(r"\s@\w+")
REACH = 40
"""How far below the headline a byline is looked for, in lines."""
CLOSE = 6
"""How far below it, in lines, a bare name is the author's."""
MANY = 8
"""How often a page may have the name of its author in lines of its own: below the story, with other stories of hers."""
BESIDE = 16
"""How far above a story without a headline of its own."""


def read_head(draft: Draft) -> Draft:
    """A draft with what stands around the headline marked, and the story's start behind it."""
    return _read_above(_read_below(draft))


# ------------------------------------------------------------------------------------------- below the headline


def _read_below(draft: Draft) -> Draft:
    """Byline, date line, names and section between headline and story; the sentences before them are the standfirst."""
    lines, marks = draft.lines, dict(draft.marks)
    facts = _Facts(draft)
    waiting: list[int] = []
    zone = draft.title + 1 if facts.under else max(draft.title + 1, draft.start - BESIDE)
    reach = zone + REACH if facts.under else draft.start + 4
    for index in range(zone, min(len(lines), reach)):
        line = lines[index]
        if index in marks:
            continue
        mark = facts.take(index)
        if mark:
            marks[index] = mark
            facts.stand(waiting, marks)
            waiting = []
            zone = index + 1
            continue
        waiting.append(index)
        if sum(lines[other].prose for other in waiting) >= 3 or (line.prose and line.words > 50):
            break
    if facts.people:
        marks |= dict.fromkeys(facts.names, Mark("removed", "page detail between headline and story"))
    draft = draft._replace(marks=marks).with_facts(**facts.found())
    start = max(zone, min(draft.start, draft.end))
    early = [index for index in waiting if index < start and lines[index].words >= 12]
    return _deck(draft._replace(start=min([start, *early]), end=max(draft.end, zone)))


def _deck(draft: Draft) -> Draft:
    """An unclosed line of some length right under the headline is a second deck."""
    free = draft.free(draft.title + 1, draft.start + 1)
    if draft.article.summary or not free or free[0] > draft.title + 3:
        return draft
    line = draft.lines[free[0]]
    if line.closed or not 5 <= line.words <= 45 or line.bullet or line.rule or line.text.endswith(":"):
        return draft
    start = max(draft.start, free[0] + 1)
    marked = draft.mark({free[0]: Mark("summary", "standfirst")})
    return marked._replace(start=start).with_facts(summary=line.text)


class _Facts:
    """What the lines under a headline have told so far; local to one call of `_read_below`."""

    def __init__(self, draft: Draft) -> None:
        self.lines = draft.lines
        self.marks = draft.marks
        self.meta = draft.meta
        self.publication = draft.article.publication
        self.summary = draft.article.summary
        self.section = draft.article.section
        self.people: dict[str, None] = {}
        self.agencies: dict[str, None] = {}
        self.opened = False
        self.names: dict[int, Byline] = {}
        self.title = draft.title
        self.start, self.end = draft.start, draft.end
        self.story: list[str] = []
        self.dated: set[int] = set()
        self.text = ""
        self.under = draft.title > 0 or (draft.blocks and draft.title == 0)
        self.under = self.under and draft.start - draft.title <= REACH
        self.day_first = draft.day_first

    def found(self) -> dict[str, object]:
        facts: dict[str, object] = {"summary": self.summary, "section": self.section}
        if "authors" not in self.meta:
            facts["authors"] = tuple(self.people or dict.fromkeys(self._named()))
        if "agencies" not in self.meta:
            facts["agencies"] = tuple(self.agencies)
        return facts

    def _named(self) -> list[str]:
        """The names of lines that are only a name, for a page without a byline; those beside a date, or the first three."""
        dated = [index for index in sorted(self.names) if index in self.dated]
        return [name for index in (dated or sorted(self.names)[:3]) for name in self.names[index].people]

    def take(self, index: int) -> Mark | None:
        """The mark of a line that is part of the head, its facts noted."""
        line = self.lines[index]
        if line.words > 24:
            return None
        found = byline(line.text, self.publication)
        opened, self.opened = self.opened, False
        if not found and opened and (is_name(line.text, caseless=True) or agencies_in(line.text)):
            found = people(line.text, self.publication)
            self.opened = bool(found.people)  # `By`, and each of its writers on a line
        if found:
            self._note(found)
            return Mark("authors" if found.people else "agencies", "byline")
        if is_byline_word(line.key):
            self.opened = True
            return Mark("authors", "byline")
        portrait = portrayed(line.text)
        if portrait:
            self.names[index] = Byline((portrait,))
            return Mark("authors", "name line")
        when = stamp(line.text, self.day_first) if line.marks else None  # no digit either
        if when and when.others <= 7 and not line.prose:
            text = _HANDLE.sub("", line.text) if "@" in line.marks else line.text
            names = names_in(text, self.publication) if when.others >= 2 else ()
            if when.others > 4 and not names:
                return self._take_label(index, line)
            first = re.split(r"\s*[|·•]\s*", line.text)[0]
            if not names and when.others >= 2 and first != line.text:
                names = names_in(first, self.publication)  # a name, its house and a date
            if names and not self._are_told_of(names, whole=True):
                self.names[index] = Byline(names)
                self.dated.add(index)
            else:
                self._note(byline_within(line.text, self.publication))
            return Mark("date" if when.published else "updated", "date line")
        if (
            line.words <= 7
            and openings("dates", "updated", "published").find(line.key)
            and any(map(str.isdigit, line.text))
        ):
            return Mark("removed", "time without a day")
        return self._take_label(index, line)

    def _take_label(self, index: int, line: Line) -> Mark | None:
        if self.publication and line.text.casefold() == self.publication.casefold():
            return Mark("publication", "site name")
        if line.text in phrases("agencies", "names") and (len(line.text) > 2 or self._beside_head(index)):
            self.agencies.setdefault(line.text)
            return Mark("agencies", "agency line")
        if line.key in section_names() and not self.section and self.under:
            self.section = line.text
            return Mark("section", "section label")
        names = names_in(line.text, self.publication)
        if not names or any(is_label(token) or token in section_names() for token in line.key.split()):
            return None
        beside = self._beside_head(index)
        if line.copies > (MANY if beside and self.under else 3) or self._are_words(names) or self._are_told_of(names):
            return None
        if beside or len(names) > 1 or (self.under and index - self.title <= CLOSE):
            self.names[index] = Byline(names)
            return Mark("authors", "name line")
        return None

    def _are_words(self, names: tuple[str, ...]) -> bool:
        """Whether the page writes two of a name's words, or both, small elsewhere: `Table of Contents`, `Social Sharing`."""
        if not self.text:
            self.text = " ".join([line.text for line in self.lines])
        return any(sum(_is_small(word.casefold(), self.text) for word in name.split()) >= 2 for name in names)

    def _are_told_of(self, names: tuple[str, ...], whole: bool = False) -> bool:
        """Whether the story speaks of somebody with one of these names: then the line is no byline.

        Beside a date only a `whole` name speaks against it. A writer's biography in the story is none of it.
        """
        if not self.story:
            self.story = [line.text for line in self.lines[self.start : self.end] if line.prose]
        told = [text for text in self.story if not opens_biography(text, names)]
        wanted = [name if whole else re.findall(r"\w+", name)[-1] for name in names]
        return any(has_word(text, name) for name in wanted for text in told)

    def _beside_head(self, index: int) -> bool:
        """Whether a date line, a byline or a counter stands within two lines."""
        for near in (index - 1, index + 1, index + 2, index - 2):
            if not 0 <= near < len(self.lines) or self.lines[near].words > 16:
                continue
            mark = self.marks.get(near)
            if mark and (mark.rule in ("counter", "reading time", "share button") or mark.place == "authors"):
                return True
            when = stamp(self.lines[near].text, self.day_first) if self.lines[near].marks else None
            if when and when.others <= 3:
                return True
        return False

    def _note(self, found: Byline) -> None:
        self.people.update(dict.fromkeys(found.people))
        self.agencies.update(dict.fromkeys(found.agencies))

    def stand(self, waiting: list[int], marks: dict[int, Mark]) -> None:
        """The lines between headline and byline: the standfirst, when they are one or two of its length."""
        decks = [index for index in waiting if self._is_deck(index)]
        if not decks or self.summary or not self.under:
            return
        first = decks[0]
        second = [index for index in decks[1:2] if index == first + 1 and self.lines[index].prose]
        for index in (first, *second):
            self.summary = f"{self.summary} {self.lines[index].text}".strip()
            marks[index] = Mark("summary", "standfirst")

    def _is_deck(self, index: int) -> bool:
        line = self.lines[index]
        return 5 <= line.words <= 75 and not line.bullet and not line.rule and index <= self.title + 6


def _is_small(word: str, text: str) -> bool:
    """Whether a text has this word of small letters, with no other letter beside it."""
    if not word.islower() or not all(map(_is_letter, word)):
        return False
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (at and _is_letter(text[at - 1])) and not (end < len(text) and _is_letter(text[end])):
            return True
        at = text.find(word, at + 1)
    return False


def _is_letter(sign: str) -> bool:
    return sign.isalnum() and not sign.isdecimal()


# ------------------------------------------------------------------------------------------- above the headline


def _read_above(draft: Draft) -> Draft:
    """Kicker, breadcrumb, date line and site name above the headline; what else stands there is the site's."""
    lines = draft.lines
    marks: dict[int, Mark] = {}
    section = crumb = ""
    publication = draft.article.publication.casefold()
    near = 0
    for index in range(draft.title - 1, -1, -1):
        if index in draft.marks:
            continue
        line = lines[index]
        found = stamp(line.text, draft.day_first) if near <= 6 and line.marks else None
        slug = is_slug(line)
        near += not (found or slug)
        entries = crumbs(line) if line.marks else ()
        if publication and line.text.casefold() == publication:
            marks[index] = Mark("publication", "site name")
        elif entries:
            crumb = crumb or entries[-1]
            marks[index] = Mark("section", "breadcrumb")
        elif slug:
            marks[index] = Mark("removed", "slug line")
        elif found and found.others <= 3:
            marks[index] = Mark("date", "date line")
        elif near <= 3 and byline(line.text, draft.article.publication):
            draft = _take_byline(draft, line)
            marks[index] = Mark("authors", "byline")
        elif not section and near <= 4 and _is_kicker(draft, line, near):
            section = line.text
            marks[index] = Mark("section", "kicker")
        else:
            marks[index] = _above(line)
    if not draft.article.section:
        draft = draft.with_facts(section=crumb or section)
    return _keep_texts(draft.mark(marks), marks)


def _is_kicker(draft: Draft, line: Line, near: int) -> bool:
    if line.closed or line.words > 5 or line.text.startswith(("http", "#", "@")):
        return False
    if line.key in section_names() or line.key.removesuffix(" news") in section_names():
        return near <= 4
    return near == 1 and draft.blocks and line.gap and not line.rule and line.words <= 4 and line.text[:1].isalpha()


def _above(line: Line) -> Mark:
    if line.rule:
        return Mark("removed", line.rule)
    if line.closed and line.words >= 20:
        return Mark("notes", "text above the headline")
    return Mark("removed", "site menu" if line.words <= 4 else "line above the headline")


def _keep_texts(draft: Draft, marks: dict[int, Mark]) -> Draft:
    notes = tuple(
        Note("note", draft.lines[index].text)
        for index in sorted(marks)
        if marks[index].rule == "text above the headline"
    )
    return draft.with_facts(notes=(*draft.article.notes, *notes)) if notes else draft


def _take_byline(draft: Draft, line: Line) -> Draft:
    found = byline(line.text, draft.article.publication)
    if not found:
        return draft
    facts: dict[str, object] = {}
    if "authors" not in draft.meta and not draft.article.authors:
        facts["authors"] = found.people
    if "agencies" not in draft.meta:
        facts["agencies"] = tuple(dict.fromkeys((*draft.article.agencies, *found.agencies)))
    return draft.with_facts(**facts)
