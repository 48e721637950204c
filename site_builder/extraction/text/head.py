"""Above the story: headline, kicker, breadcrumb, byline, date line and standfirst, each to its field."""

from __future__ import annotations

import re
from dataclasses import replace

from site_builder.extraction.text.lexicon import openings, phrases, section_names
from site_builder.extraction.text.lines import Draft, Line, Mark
from site_builder.extraction.text.names import Byline, agencies_in, byline, is_byline_word, is_name, people
from site_builder.extraction.text.stamps import stamp

REACH = 40
"""How far above the story a headline is looked for, and how far below it a byline, in lines."""
LONGEST_TITLE = 32
"""Words of the longest headline; 99 % of those in the development pages have up to 24."""

_SITE = re.compile(r"\s+[|–—·•»:\-]+\s+|\s*[|]\s*|\s+::\s+")
_CRUMB = re.compile(r"\s*[>»›→/❯]\s*")
_SLUG = re.compile(r"[A-Z0-9]{2,}(?:[-/][A-Z0-9]*)+(?:\s*\([^)]{2,30}\))?")


def read_head(draft: Draft) -> Draft:
    """A draft with the headline and what stands around it marked, and the story's start behind them."""
    draft = _find_title(draft)
    if draft.title < 0:
        return draft
    draft = _read_below(draft)
    return _read_above(draft)


# ----------------------------------------------------------------------------------------------- headline


def _find_title(draft: Draft) -> Draft:
    given = str(draft.meta.get("title", "")).casefold()
    if given:
        same = [index for index in draft.free(0, draft.end) if draft.lines[index].text.casefold() == given]
        if same:
            return _with_title(draft, same[0], "title")
    confirmed = _confirmed(draft)
    if confirmed is not None:
        return confirmed
    group = _candidates(draft)
    if not group:
        return _first_lines(draft)
    doubled = [index for index in group if draft.lines[index].copies > 1]
    long = [index for index in group if draft.lines[index].words >= 4]
    return _with_title(draft, min(doubled or long or group), "headline")


def _with_title(draft: Draft, index: int, rule: str, text: str = "") -> Draft:
    """The title with its line marked; further copies of it above the story are printed twice."""
    lines = draft.lines
    marks = {index: Mark("title", rule)}
    for other in draft.free(0, max(draft.start, index) + 3):
        if other != index and lines[other].key == lines[index].key:
            marks[other] = Mark("removed", "headline printed twice")
    start = max(draft.start, index + 1) if draft.start <= index else draft.start
    article = draft.article if draft.article.title else replace(draft.article, title=text or lines[index].text)
    draft = replace(draft, title=index, start=start, article=article)
    return replace(draft, marks={**draft.marks, **marks})


def _confirmed(draft: Draft) -> Draft | None:
    """The headline that a `<title>` in the first line confirms: `Headline | Site`, and the headline further down."""
    if not draft.lines or draft.lines[0].words < 3 or draft.end <= 0:
        return None
    first = draft.lines[0]
    parts = _SITE.split(first.text)
    heads = [first.text, *(first.text[: match.start()] for match in reversed(list(_SITE.finditer(first.text))))]
    for head in heads:
        key = head.casefold().strip(" .,:;-–—|\"'“”")
        if len(key.split()) < 2:
            continue
        same = [
            index
            for index in range(1, min(draft.end, draft.start + 12))
            if draft.lines[index].key.strip("\"'“”") == key
        ]
        if same:
            before = [index for index in same if index <= draft.start]
            found = _with_title(draft, (before or same)[-1], "headline")
            suffix = parts[-1].strip() if len(parts) > 1 and head != first.text else ""
            return _name_site(found, suffix).mark({0: Mark("removed", "page title with the site's name")})
    if draft.blocks or first.closed or first.words > LONGEST_TITLE:
        return None
    longest = max(parts, key=len).strip() if len(parts) > 1 else first.text
    if len(longest.split()) < 4:
        return None
    return _with_title(draft, 0, "page title", longest if len(parts) > 1 and first.text.startswith(longest) else "")


def _name_site(draft: Draft, suffix: str) -> Draft:
    """The site's name after the headline is the publication if a line or the copyright confirms it."""
    if draft.article.publication or not suffix or len(suffix.split()) > 5:
        return draft
    key = suffix.casefold()
    confirmed = any(
        line.key == key or (key in line.key and ("©" in line.text or "copyright" in line.key))
        for line in draft.lines[1:]
    )
    return draft.with_facts(publication=suffix) if confirmed else draft


def _candidates(draft: Draft) -> list[int]:
    """The headline-like lines above the story, from the nearest up to a kicker or a menu."""
    group: list[int] = []
    misses = 0
    for index in range(draft.start - 1, max(-1, draft.start - REACH), -1):
        line = draft.lines[index]
        if index in draft.marks:
            if group and draft.marks[index].rule in ("skip link", "site menu") and not draft.blocks:
                break
            continue
        if _is_headline(line):
            group.append(index)
            misses = 0
        elif _crumbs(line) or (line.key in section_names() and group):
            break
        elif group and line.words <= 3 and draft.blocks and line.gap:
            break
        elif group and not draft.blocks:
            misses += 1
            if misses > 2:
                break
    if group:
        return group
    return [
        index
        for index in draft.free(max(0, draft.start - 12), draft.start)
        if draft.lines[index].words == 2 and not draft.lines[index].rule and _is_plain(draft.lines[index])
    ][-1:]


def _is_headline(line: Line) -> bool:
    if not 3 <= line.words <= LONGEST_TITLE or line.rule or line.bullet or line.key in section_names():
        return False
    if line.closed and not line.text.rstrip("\"'”’»").endswith(("?", "!")):
        return False
    return _is_plain(line) and not line.text.endswith((":", ","))


def _is_plain(line: Line) -> bool:
    """No byline, date line, address, slug or breadcrumb."""
    if _crumbs(line) or _SLUG.fullmatch(line.text) or line.text.startswith(("http://", "https://")):
        return False
    if byline(line.text) or agencies_in(line.text)[:1] == (line.text,):
        return False
    found = stamp(line.text)
    return not (found and found.others <= 3)


def _first_lines(draft: Draft) -> Draft:
    """Without a headline above the story, the story's own first line if it is short and stands apart."""
    free = draft.free(draft.start, draft.end)
    if len(free) < 2:
        return draft
    line, following = draft.lines[free[0]], draft.lines[free[1]]
    if line.words <= 24 and line.sentences <= 2 and following.words > line.words and following.gap == line.gap:
        return _with_title(draft, free[0], "first line")
    return draft


# ------------------------------------------------------------------------------------------- below the headline


def _read_below(draft: Draft) -> Draft:
    """Byline, date line, names and section between headline and story; the sentences before them are the standfirst."""
    lines, marks = draft.lines, dict(draft.marks)
    facts = _Facts(draft)
    waiting: list[int] = []
    zone = draft.title + 1
    for index in range(draft.title + 1, min(len(lines), draft.title + REACH)):
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
        if sum(lines[other].prose for other in waiting) >= 3 or (line.prose and line.words > 70):
            break
    draft = replace(draft, marks=marks).with_facts(**facts.found())
    start = max(zone, min(draft.start, draft.end))
    early = [index for index in waiting if index < start and lines[index].words >= 12]
    return _deck(replace(draft, start=min([start, *early]), end=max(draft.end, zone)))


def _deck(draft: Draft) -> Draft:
    """An unclosed line of some length right under the headline is a second deck."""
    free = draft.free(draft.title + 1, draft.start + 1)
    if draft.article.summary or not free or free[0] > draft.title + 3:
        return draft
    line = draft.lines[free[0]]
    if line.closed or not 5 <= line.words <= 45 or line.bullet or line.rule or line.text.endswith(":"):
        return draft
    start = max(draft.start, free[0] + 1)
    return replace(draft.mark({free[0]: Mark("summary", "standfirst")}), start=start).with_facts(summary=line.text)


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

    def found(self) -> dict[str, object]:
        facts: dict[str, object] = {"summary": self.summary, "section": self.section}
        if "authors" not in self.meta:
            facts["authors"] = tuple(self.people)
        if "agencies" not in self.meta:
            facts["agencies"] = tuple(self.agencies)
        return facts

    def take(self, index: int) -> Mark | None:
        """The mark of a line that is part of the head, its facts noted."""
        line = self.lines[index]
        if line.words > 24:
            return None
        if self.opened and (is_name(line.text, caseless=True) or agencies_in(line.text)):
            self._note(people(line.text, self.publication))
            return Mark("authors", "byline")
        self.opened = False
        found = byline(line.text, self.publication)
        if found:
            self._note(found)
            return Mark("authors" if found.people else "agencies", "byline")
        if is_byline_word(line.key):
            self.opened = True
            return Mark("authors", "byline")
        when = stamp(line.text)
        if when and when.others <= 4 and not line.prose:
            first = re.split(r"\s*[|·•,/]\s*|\s\d", line.text)[0]
            if when.others >= 2 and is_name(first):
                self._note(people(first, self.publication))
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
        if line.text in phrases("agencies", "names"):
            self.agencies.setdefault(line.text)
            return Mark("agencies", "agency line")
        if line.key in section_names() and not self.section:
            self.section = line.text
            return Mark("section", "section label")
        first = re.split(r"\s*[|·•]\s*", line.text)[0]
        if (is_name(line.text) and self._beside_head(index)) or (first != line.text and is_name(first)):
            self._note(people(first, self.publication))
            return Mark("authors", "name line")
        return None

    def _beside_head(self, index: int) -> bool:
        """Whether a date line, a byline or a counter stands within two lines."""
        for near in (index - 1, index + 1, index + 2, index - 2):
            if not 0 <= near < len(self.lines) or self.lines[near].words > 16:
                continue
            mark = self.marks.get(near)
            if mark and (mark.rule in ("counter", "reading time", "share button") or mark.place == "authors"):
                return True
            when = stamp(self.lines[near].text)
            if when and when.others <= 3:
                return True
        return False

    def _note(self, found: Byline) -> None:
        self.people.update(dict.fromkeys(found.people))
        self.agencies.update(dict.fromkeys(found.agencies))

    def stand(self, waiting: list[int], marks: dict[int, Mark]) -> None:
        """The lines between headline and byline: the standfirst, when they are one or two of its length."""
        decks = [index for index in waiting if 5 <= self.lines[index].words <= 75 and not self.lines[index].bullet]
        if not decks or self.summary:
            return
        for index in decks[:2]:
            self.summary = f"{self.summary} {self.lines[index].text}".strip()
            marks[index] = Mark("summary", "standfirst")


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
        found = stamp(line.text) if near <= 6 else None
        near += not (found or _SLUG.fullmatch(line.text))
        if publication and line.text.casefold() == publication:
            marks[index] = Mark("publication", "site name")
        elif _crumbs(line):
            crumb = crumb or _crumbs(line)
            marks[index] = Mark("section", "breadcrumb")
        elif _SLUG.fullmatch(line.text):
            marks[index] = Mark("removed", "slug line")
        elif found and found.others <= 3:
            marks[index] = Mark("date", "date line")
        elif near <= 3 and byline(line.text, draft.article.publication):
            draft = _take_byline(draft, line)
            marks[index] = Mark("authors", "byline")
        elif not section and _is_kicker(draft, line, near):
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
    from site_builder.model import Note

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


def _crumbs(line: Line) -> str:
    """The last short entry of a breadcrumb (`Home > News > Space`); empty for other lines."""
    if line.words > 20 or line.closed or not any(sign in line.text for sign in ">»›→/❯"):
        return ""
    entries = [entry.strip() for entry in _CRUMB.split(line.text) if entry.strip()]
    if len(entries) < 2 or entries[0].casefold() not in phrases("sources", "home"):
        return ""
    short = [entry for entry in entries[1:] if len(entry.split()) <= 4]
    return short[-1] if short else ""
