"""Below the story: credits, author boxes, notices, tags and lists of other stories, each to its place.

Sentence-like lines here (a biography, a legal notice) can't be told from the story one by one; what tells them is that
nothing but such lines follows. So the tail begins at the first line of a known kind after which little else comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from site_builder.extraction.text.kinds import kind_of, tags_in
from site_builder.extraction.text.lines import COPYRIGHT, Draft, Line, Mark
from site_builder.model import Note
from site_builder.vocabulary.lexicon import openings, phrases
from site_builder.vocabulary.names import agencies_in, is_name, opens_biography, people
from site_builder.vocabulary.stamps import stamp

_AFTER = Mark("removed", "line after the story")
_LISTS = ("related story list", "comment section")
_COMMENTS = re.compile(r"\d[\d.,]*\s+(?:comments?|responses?|replies|thoughts?)\s+(?:on|to)\b", re.IGNORECASE)

UNEXPLAINED = {"credits": 0.2, "copyright": 0.2, "author header": 0.2, "name": 0.2}
"""The share of the story's words that may follow the tail's first line without being understood; else `SOME`."""
SOME = 0.12
ENOUGH = 60
"""Words of sentences before a definite end of the story: fewer are a teaser above it."""

PAYWALL = 40
"""Words of the longest line that says so."""
THREAD = 3
"""Sentences below a comment section's heading, nine of ten indented, that make it one: threads are nested lists."""


def read_tail(draft: Draft) -> Draft:
    """A draft whose story ends where the tail begins, with every line after that marked."""
    cut, kinds = _cut(draft)
    tail = _Tail(draft, kinds)
    for index in range(cut, len(draft.lines)):
        tail.take(index)
    tail.close()
    return tail.result(cut)


def _is_definite(draft: Draft, index: int) -> bool:
    """A line that only ends a story, however much comes after it: a desk's credits, a comment section's heading."""
    line = draft.lines[index]
    credits = openings("credits", "definite")
    if line.key[:2] in credits.starts and line.words <= 30 and index not in draft.marks and credits.find(line.key):
        return True
    if line.text[0].isdigit() and _COMMENTS.match(line.text):
        return True
    if line.words > 4:
        return False
    counted = index in draft.marks and draft.marks[index].rule == "counter"
    counted = counted and not phrases("notes", "comments").isdisjoint(line.tokens)
    if not (line.rule == "comment section" or counted):
        return False
    following = draft.lines[index + 1 : index + 40]
    if sum(other.key in phrases("notes", "replies") for other in following) >= 2:
        return True
    prose = [other for other in draft.lines[index + 1 : draft.end] if other.prose]
    return len(prose) >= THREAD and 10 * sum(bool(other.indent or other.bullet) for other in prose) >= 9 * len(prose)


def _is_paywall(line: Line) -> bool:
    """Where a page shows no more of its story: what stands below is about accounts."""
    return line.words <= PAYWALL and bool(openings("notes", "paywalls").find(line.key))


def _cut(draft: Draft) -> tuple[int, dict[int, str]]:
    """The index of the tail's first line, and the kinds of the lines that were looked at for it."""
    lines, marks = draft.lines, draft.marks
    words = [line.words if line.prose and index not in marks else 0
             for index, line in enumerate(lines)]  # fmt: skip
    end = _definite_end(draft, words)
    total = sum(words[draft.start : end])
    kinds: dict[int, str] = {}
    if not total:
        return end, kinds
    seen = sum(words[draft.start : draft.start + 1])
    anchors: list[tuple[int, str]] = []
    explained = 0
    for index in range(draft.start + 1, end):
        if seen * 2 >= total:
            kind = ""
            if index not in marks:
                kind = kinds[index] = kind_of(draft, index)
            if kind or lines[index].rule in _LISTS:
                anchors.append((index, kind))
                explained += words[index] if kind else 0
        seen += words[index]
    for index, kind in anchors:
        rest = sum(words[index:end]) - explained
        share = UNEXPLAINED.get(kind, SOME)
        if rest <= max(share * 300, share * total):
            return index, kinds
        explained -= words[index]
    return end, kinds


def _definite_end(draft: Draft, words: list[int]) -> int:
    """The first line after which no story goes on, whatever follows; the story's end without one."""
    seen = sum(words[draft.start : draft.start + 1])
    total = sum(words[draft.start : draft.end])
    for index in range(draft.start + 1, draft.end):
        if seen >= ENOUGH and _is_definite(draft, index):
            return index
        if seen >= ENOUGH and seen * 2 >= total and _is_paywall(draft.lines[index]):
            return index
        seen += words[index]
    return draft.end


def _reporters(line: Line) -> tuple[str, ...]:
    """Whom a line such as `Reporting by Ann Lee in Oslo, Bo Ek in Rome; Editing by Cy Ott` names first."""
    opening = openings("byline", "reported").find(line.key)
    at = line.text.casefold().find(opening) if opening else -1
    if at < 0:
        return ()
    named = re.split(r"[;:)]|,\s+(?=[a-z])", line.text[at + len(opening) :], maxsplit=1)[0]
    parts = [
        re.sub(r"\s+(?:in|from|at|en|em|a|aus|à)\s.*", "", part)
        for part in re.split(r", | and | und | et | y | e ", named)
    ]
    return tuple([part.strip(" .") for part in parts if is_name(part.strip(" ."))])


@dataclass(slots=True)
class _Tail:
    """The tail as far as it has been read; local to one call of `read_tail`."""

    draft: Draft
    kinds: dict[int, str]
    marks: dict[int, Mark] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    agencies: dict[str, None] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    reporters: tuple[str, ...] = ()
    state: str = ""
    plain: list[int] = field(default_factory=list)
    legal: list[int] = field(default_factory=list)

    def take(self, index: int) -> None:
        line = self.draft.lines[index]
        if index in self.draft.marks:
            rule = self.draft.marks[index].rule
            if rule in _LISTS and index >= self.draft.start:
                self._turn(rule)
            elif rule == "counter" and _is_definite(self.draft, index):
                self._turn("comment section")
            return
        kind = self.kinds.get(index)
        if kind is None:
            kind = kind_of(self.draft, index)
        if self.state == "tags" and not kind and not line.rule and line.words <= 5 and not line.closed:
            self.tags.append(line.text)
            self.marks[index] = Mark("tags", "tag")
        elif kind:
            self._known(index, line, kind)
        elif line.rule:
            self._turn(line.rule if line.rule in _LISTS else "")
            self.marks[index] = Mark("removed", line.rule)
        else:
            self._unknown(index, line)

    def _turn(self, state: str) -> None:
        self.close()
        if state or self.state == "tags":
            self.state = state

    def _known(self, index: int, line: Line, kind: str) -> None:
        if kind != "legal":
            self.close()
        if kind == "credits":
            self._credits(index, line)
        elif kind == "author header":
            self.state = "author"
            self.marks[index] = Mark("removed", "heading of the author box")
        elif kind == "name" and line.text.split()[-1].casefold() in self.draft.article.title.casefold():
            self.marks[index] = Mark("removed", "line after the story")  # the topic's name, of whom the headline speaks
        elif kind == "name":
            self.state = "author"
            self.writers += people(line.text).people[:1] or (line.text,)
            self.marks[index] = Mark("authors", "author box")
        elif kind == "biography":
            self.notes.append(Note("author", line.text, about=opens_biography(line.text, self.draft.article.authors)))
            self.marks[index] = Mark("notes", "author's biography")
            self.state = ""
        elif kind == "tags":
            self.tags += tags_in(line) or ()
            self.state = "" if tags_in(line) else "tags"
            self.marks[index] = Mark("tags", "tags line")
        elif kind == "legal":
            self._notice(index, line)
        elif kind == "copyright":
            if line.words > COPYRIGHT:
                self._notice(index, line)
            else:
                self.marks[index] = Mark("removed", "copyright line")
        else:
            self.notes.append(Note(kind, line.text))
            self.marks[index] = Mark("notes", f"{kind} note" if kind == "correction" else "editor's note")

    def _credits(self, index: int, line: Line) -> None:
        found = agencies_in(line.text)
        if not found:
            named = people(
                re.sub(r"^\W*(?:with reporting by|based on reporting by|with)\s+", "", line.text, flags=re.I)
            )
            found = named.agencies
        self.agencies.update(dict.fromkeys(found))
        self.reporters += _reporters(line)
        left = line.text
        for name in found:
            left = left.replace(name, " ")
        helpers = any(is_name(part.strip()) for part in re.split(r"[,;:()]| by | from | and ", left))
        if found and not helpers:
            self.marks[index] = Mark("agencies", "credits line")
        else:
            self.notes.append(Note("note", line.text))
            self.marks[index] = Mark("notes", "credits line")

    def _notice(self, index: int, line: Line) -> None:
        """A legal notice takes the sentences right before it that nothing else explains."""
        if line.words < 6:
            self.marks[index] = Mark("removed", "copyright line")
            return
        if not self.state:
            self.legal += self.plain
            self.plain = []
        self.legal.append(index)

    def _unknown(self, index: int, line: Line) -> None:
        if self.legal and (line.prose or openings("legal", "continues").find(line.key)):
            self.legal.append(index)
        elif self.state == "author" and line.words >= 6:
            about = self.writers[-1] if self.writers else ""
            self.notes.append(Note("author", line.text, about=about))
            self.marks[index] = Mark("notes", "author's biography")
            self.state = ""
        elif self.state in _LISTS:
            rule = "related story teaser" if self.state == _LISTS[0] else self.state
            self.marks[index] = Mark("removed", rule)
        elif line.prose and self._near():
            self.plain.append(index)
        else:
            self._outside(index, line)

    def _near(self) -> bool:
        return self.draft.blocks or (bool(self.marks) and len(self.marks) < 12)

    def _outside(self, index: int, line: Line) -> None:
        when = stamp(line.text, self.draft.day_first) if line.marks and line.words <= 14 else None
        if when and when.others <= 2:
            self.marks[index] = Mark("date" if when.published else "updated", "date line")
        elif self.state == "author":
            self.marks[index] = Mark("removed", "line of the author box")
        elif not line.closed:
            self.marks[index] = _AFTER
        else:
            self.marks[index] = Mark("removed", "text after the story")

    def close(self) -> None:
        """End a run of sentences: a legal notice becomes one note, sentences of unknown kind one each."""
        if self.legal:
            text = "\n\n".join(self.draft.lines[index].text for index in self.legal)
            self.notes.append(Note("legal", text))
            self.marks.update(dict.fromkeys(self.legal, Mark("notes", "legal notice")))
        for index in self.plain:
            self.notes.append(Note("note", self.draft.lines[index].text))
            self.marks[index] = Mark("notes", "text after the story")
        self.legal, self.plain = [], []

    def result(self, cut: int) -> Draft:
        article, meta = self.draft.article, self.draft.meta
        facts: dict[str, object] = {"notes": (*article.notes, *self.notes)}
        if "agencies" not in meta:
            facts["agencies"] = tuple(dict.fromkeys((*article.agencies, *self.agencies)))
        if "tags" not in meta:
            facts["tags"] = tuple(dict.fromkeys((*article.tags, *self.tags)))
        if "authors" not in meta and not article.authors:
            facts["authors"] = (
                tuple(dict.fromkeys(self.writers))
                or tuple(dict.fromkeys(note.about for note in self.notes if note.kind == "author" and note.about))
                or self.reporters
            )
        return self.draft.mark(self.marks).with_facts(**facts)._replace(end=max(cut, self.draft.start))
