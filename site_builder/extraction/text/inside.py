"""Inside the story: teasers of other stories, notices and repeated lines go out; subheads and lists are told apart.

What is not understood stays: a short line that may be a subhead, a verse or a list entry is a paragraph of its own.
"""

from __future__ import annotations

from site_builder.extraction.text.lines import Draft, Line, Mark
from site_builder.extraction.text.subheads import LONG, LONGEST, SUBHEAD, Subheads
from site_builder.model import Note
from site_builder.vocabulary.lexicon import openings

LIKELY = 1.0
"""Log odds over which a sentence below `Read also` is the story again."""
SURE = 3.0
"""Log odds over which a line is the story's although the outlet has printed it elsewhere too."""
USUAL = 2.0
"""The score of a story's middle sentence on most pages."""
MORE = 1.5
"""How much lower the score of a whole sentence must be."""
UNLIKELY = -1.0
"""Log odds under which a line inside the story goes out."""

DIVIDER = 6
"""A prompt that a page has so often stands between its paragraphs (`Article content`): no teaser follows it."""

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
    found = [index for index in free if draft.scores[index] < least - (MORE if draft.lines[index].prose else 0.0)]
    subheads = None if draft.blocks else Subheads(draft)
    return draft.mark({index: rule for index in found if subheads is None or not subheads.is_dropped(index)})


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
    subheads = Subheads(draft, least)
    for position, index in enumerate(free):
        line = draft.lines[index]
        before = draft.lines[free[position - 1]] if position else None
        after = draft.lines[free[position + 1]] if position + 1 < len(free) else None
        if line.bullet and _is_entry(line, before, after):
            marks[index] = _ENTRY
        elif line.words <= LONG and subheads.is_one(index, before, after):
            marks[index] = _SUBHEAD
        else:
            marks[index] = _PARAGRAPH
    return draft.mark(marks)


_ENTRY, _SUBHEAD, _PARAGRAPH = Mark("body", "list entry"), Mark("body", "subhead"), Mark("body", "paragraph")


def _is_entry(line: Line, before: Line | None, after: Line | None) -> bool:
    """One of two or more bulleted lines in a row."""
    return bool(line.bullet) and any(other is not None and other.bullet == line.bullet for other in (before, after))


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
    """On a page without blank lines: runs of lines that are no sentences are boxes and menus inside the story.

    The last of a run may be a subhead, which stands right above its paragraph.
    """
    marks: dict[int, Mark] = {}
    run: list[int] = []
    subheads = Subheads(draft)
    for index in [*range(draft.start, draft.end), -1]:
        line = draft.lines[index] if index >= 0 else None
        if line is not None and index in draft.marks:
            continue
        likely = line is not None and bool(draft.scores) and draft.scores[index] > LIKELY
        if line is not None and not line.closed and line.words < 25 and not line.text.endswith(":") and not likely:
            run.append(index)
            continue
        words = sum(draft.lines[inside].words for inside in run)
        if len(run) >= 2 or (run and words > LONGEST + 2):
            if draft.scores and line is not None and subheads.is_dropped(run[-1]):
                run.pop()
            marks |= dict.fromkeys(run, Mark("removed", "box or menu inside the story"))
        if run and len(run) == 1 and draft.lines[run[0]].copies > 1:
            marks[run[0]] = Mark("removed", "box or menu inside the story")
        run = []
    return draft.mark(marks)
