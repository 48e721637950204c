"""Inside the story: teasers of other stories, notices and repeated lines go out; subheads and lists are told apart.

What is not understood stays: a short line that may be a subhead, a verse or a list entry is a paragraph of its own.
"""

from __future__ import annotations

import re

from site_builder.extraction.text.lines import Draft, Line, Mark
from site_builder.model import Note
from site_builder.vocabulary.lexicon import has_word, openings, places_of
from site_builder.vocabulary.names import is_name

LONGEST_SUBHEAD = 12
"""Words; 97 % of the subheads in the development pages have up to 12."""

LIKELY = 1.0
"""Log odds over which a sentence below `Read also` is the story again."""
SURE = 3.0
"""Log odds over which a line is the story's although the outlet has printed it elsewhere too."""
USUAL = 2.0
"""The score of a story's middle sentence on most pages."""
SUBHEAD = -0.3
"""Log odds under which a short line is no subhead but something that a page has put there."""
BETWEEN = -1.0
"""The same of one between two sentences of crawl text: down to here 14 of 23 more are subheads, on unseen sites one in two."""
MORE = 1.5
"""How much lower the score of a whole sentence must be."""
UNLIKELY = -1.0
"""Log odds under which a line inside the story goes out."""

DIVIDER = 6
"""A prompt that a page has so often stands between its paragraphs (`Article content`): no teaser follows it."""

_CLOCK = re.compile(r"\d:\d\d\s*(?:min|std|h)\b")
_ODD = re.compile(r"[\d@|/()]")
_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)$|\bimage-\d", re.IGNORECASE)
_PROMPTS = ("read-on prompt", "related story list")


def clean_inside(draft: Draft) -> Draft:
    """The story's lines that are none of it, marked."""
    draft = _take_notices(draft)
    draft = _drop_teasers(draft)
    draft = _drop_repeats(draft)
    draft = _drop_unlikely(_drop_known(draft))
    return draft if draft.blocks else _drop_runs(draft)


def _drop_known(draft: Draft) -> Draft:
    """Lines that the outlet prints on pages of other stories; a short one right above a paragraph may be a subhead."""
    if not draft.known:
        return draft
    rule = Mark("removed", "printed on several pages of the outlet")
    return draft.mark(
        {
            index: rule
            for index in draft.free(draft.start, draft.end)
            if draft.lines[index].key in draft.known and not (draft.scores and draft.scores[index] > SURE)
        }
    )


def _drop_unlikely(draft: Draft) -> Draft:
    """Lines that the line model holds for none of the story's."""
    if not draft.scores:
        return draft
    free = draft.free(draft.start, draft.end)
    least = UNLIKELY + min(0.0, _level(draft, free) - USUAL)
    rule = Mark("removed", "unlike the story's lines")
    return draft.mark(
        {index: rule for index in free if draft.scores[index] < least - (MORE if draft.lines[index].prose else 0.0)}
    )


def _level(draft: Draft, free: list[int]) -> float:
    """The score of the middle one of the story's sentences: low all over where a page is unlike those learnt from."""
    found = sorted(draft.scores[index] for index in free if draft.lines[index].prose)
    return found[len(found) // 2] if found else 0.0


def mark_body(draft: Draft) -> Draft:
    """Every line of the story that is left, marked as paragraph, subhead or list entry."""
    marks: dict[int, Mark] = {}
    free = draft.free(draft.start, draft.end)
    # Relative to the story's level, which in crawl text finds more menus than subheads.
    least = SUBHEAD + (min(0.0, _level(draft, free) - USUAL) if draft.scores and draft.blocks else 0.0)
    for position, index in enumerate(free):
        line = draft.lines[index]
        before = draft.lines[free[position - 1]] if position else None
        after = draft.lines[free[position + 1]] if position + 1 < len(free) else None
        if line.bullet and _is_entry(line, before, after):
            marks[index] = _ENTRY
        elif line.words <= LONGEST_SUBHEAD and _is_subhead(draft, index, before, after, least):
            marks[index] = _SUBHEAD
        else:
            marks[index] = _PARAGRAPH
    return draft.mark(marks)


_ENTRY, _SUBHEAD, _PARAGRAPH = Mark("body", "list entry"), Mark("body", "subhead"), Mark("body", "paragraph")


def _is_entry(line: Line, before: Line | None, after: Line | None) -> bool:
    """One of two or more bulleted lines in a row."""
    return bool(line.bullet) and any(other is not None and other.bullet == line.bullet for other in (before, after))


def _is_subhead(draft: Draft, index: int, before: Line | None, after: Line | None, least: float) -> bool:
    line = draft.lines[index]
    if before is None or after is None or len(line.text) > 100:
        return False
    if (
        line.bullet not in ("", "-", "–", "—")
        or (line.copies > 1 and _stands_twice(draft, index))
        or line.text[-1] in ".,;:…،؛-–—"
        or not any(sign.isalpha() for sign in line.text)
    ):
        return False
    if line.closed and not line.text.rstrip("\"'”’»").endswith(("?", "!", "？", "！", "؟")):
        return False
    if line.closed and line.text[0] in '"“„«' and line.words > 6:
        return False  # a short quotation is a paragraph
    if line.text[0].islower() or (draft.blocks and not (line.gap and _gap_after(draft, index))):
        return False
    if draft.scores and draft.scores[index] < least:
        bare = not (draft.blocks or _ODD.search(line.text)) and before.closed and after.prose
        if not (bare and draft.scores[index] >= BETWEEN):
            return False
    told = before.closed or before.words >= 12 or before.text.endswith(":")
    # A tag, a number, what is left of a picture: two words above it, in text that still has its blank lines.
    told = told or (draft.blocks and before.words <= 2 and after.prose)
    if not (told and (after.closed or after.words >= 8)):
        return False
    return not (_CLOCK.search(line.text) or _FILE.search(line.text) or _names_somebody(draft, index))


def _stands_twice(draft: Draft, index: int) -> bool:
    """Whether the story has a line twice; what stands above it as well is an entry of its table of contents."""
    key = draft.lines[index].key
    return any(draft.lines[at].key == key for at in range(draft.start, draft.end) if at != index)


def _names_somebody(draft: Draft, index: int) -> bool:
    """Whether a line is the name of somebody whom the story speaks of, with an office or not: whose quotation it was."""
    name = draft.lines[index].text.split(",")[0]
    if not is_name(name) or any(word.islower() and word not in ("de", "van", "von") for word in name.split()):
        return False
    story = " ".join(line.text for line in draft.lines[draft.start : draft.end] if line.prose)
    if any(has_word(story, word.casefold()) for word in name.split()):
        return False  # `Weather Without Sunlight`
    begins = (". ", "! ", "? ")
    return any(not story.endswith(begins, 0, at) for at in places_of(name.split()[-1], story))


def _gap_after(draft: Draft, index: int) -> bool:
    return index + 1 >= len(draft.lines) or draft.lines[index + 1].gap


def _take_notices(draft: Draft) -> Draft:
    """Editor's notes and corrections that stand inside the story."""
    marks: dict[int, Mark] = {}
    notes: list[Note] = []
    kinds = [(kind, openings("notes", kind)) for kind in ("correction", "editor")]
    for index in draft.free(draft.start, draft.end):
        line = draft.lines[index]
        for kind, opened in kinds:
            if line.key[:2] not in opened.starts:
                continue
            opening = opened.find(line.key)
            colon = line.key[len(opening) :].lstrip().startswith((":", "：")) if opening else False
            if opening and line.words <= 90 and colon and (" " in opening or kind == "correction") and line.words > 3:
                notes.append(Note(kind, line.text))
                marks[index] = Mark("notes", "correction note" if kind == "correction" else "editor's note")
                break
    return draft.mark(marks).with_facts(notes=(*draft.article.notes, *notes)) if marks else draft


def _drop_teasers(draft: Draft) -> Draft:
    """Headlines of other stories after `Read also`: in its block, or one line of a headline's length after it."""
    marks: dict[int, Mark] = {}
    lines = draft.lines
    for index in range(draft.start, draft.end):
        line = lines[index]
        rule = draft.marks[index].rule if index in draft.marks else line.rule
        if rule not in _PROMPTS or line.copies >= DIVIDER or (line.text.endswith(".") and line.words > 12):
            continue
        following = index + 1
        taken: list[int] = []
        while following < draft.end and following not in draft.marks and len(taken) < 8:
            other = lines[following]
            if draft.scores and other.prose and draft.scores[following] > LIKELY:
                break
            if (other.closed and other.words >= 8 and other.gap) or (other.prose and other.words > 30):
                break
            if other.gap and (taken or other.words < 5 or other.closed):
                break
            if not draft.blocks and (other.prose or other.words < 4):
                break
            taken.append(following)
            following += 1
        bare = line.words <= 5 or line.text.endswith((":", "："))
        if taken and bare:
            marks |= dict.fromkeys(taken, Mark("removed", "related story teaser"))
        if index not in draft.marks and ((taken and bare) or not draft.blocks):
            marks[index] = Mark("removed", rule)
    return draft.mark(marks)


def _drop_repeats(draft: Draft) -> Draft:
    """A sentence that the story has word for word before, and its headline once more, are printed twice."""
    seen: set[str] = set()
    marks: dict[int, Mark] = {}
    title = draft.lines[draft.title].key if draft.title >= 0 else ""
    for index in draft.free(draft.start, draft.end):
        line = draft.lines[index]
        if line.key == title and line.words >= 3:
            marks[index] = Mark("removed", "headline printed twice")
        elif line.copies > 1 and line.prose:
            if line.key in seen:
                marks[index] = Mark("removed", "sentence printed twice")
            seen.add(line.key)
        elif draft.article.summary and line.text == draft.article.summary:
            marks[index] = Mark("removed", "standfirst printed twice")
    return draft.mark(marks)


def _drop_runs(draft: Draft) -> Draft:
    """On a page without blank lines: runs of lines that are no sentences are boxes and menus inside the story."""
    marks: dict[int, Mark] = {}
    run: list[int] = []
    for index in [*range(draft.start, draft.end), -1]:
        line = draft.lines[index] if index >= 0 else None
        if line is not None and index in draft.marks:
            continue
        likely = line is not None and bool(draft.scores) and draft.scores[index] > LIKELY
        if line is not None and not line.closed and line.words < 25 and not line.text.endswith(":") and not likely:
            run.append(index)
            continue
        words = sum(draft.lines[inside].words for inside in run)
        if len(run) >= 2 or (run and words > LONGEST_SUBHEAD + 2):
            marks |= dict.fromkeys(run, Mark("removed", "box or menu inside the story"))
        if run and len(run) == 1 and draft.lines[run[0]].copies > 1:
            marks[run[0]] = Mark("removed", "box or menu inside the story")
        run = []
    return draft.mark(marks)
