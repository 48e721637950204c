"""Plain scraped text → an article: passes over the page's lines, in order, each line marked with where it ends.

Nothing is deleted: a line is the body's, a field's, or removed under the name of a rule. No rule names a site.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from site_builder import markup
from site_builder.extraction.text.captions import find_credited, find_lead
from site_builder.extraction.text.dating import read_dateline, read_dates
from site_builder.extraction.text.doubled import find_doubled
from site_builder.extraction.text.doubting import doubts
from site_builder.extraction.text.furniture import mark_furniture
from site_builder.extraction.text.head import read_head
from site_builder.extraction.text.headline import find_headline
from site_builder.extraction.text.inside import clean_inside, mark_body
from site_builder.extraction.text.kickers import trim_title
from site_builder.extraction.text.lines import Draft, Line, Mark, read_lines
from site_builder.extraction.text.player import find_players
from site_builder.extraction.text.story import find_story
from site_builder.extraction.text.tail import read_tail
from site_builder.extraction.text.writers import read_writers
from site_builder.model import Article, Extraction, Record, Verdict
from site_builder.vocabulary.names import one_each

PASSES = (
    find_players,
    mark_furniture,
    find_story,
    find_credited,
    find_headline,
    trim_title,
    read_head,
    find_lead,
    find_doubled,
    read_tail,
    clean_inside,
    read_dateline,
    mark_body,
)
"""In the order of trust: a line keeps the first mark that it gets."""

TITLE = 100
"""A title made of a story's first sentence has up to about this many characters."""

_SYNTAX = re.compile(r"[\\`*_<&\]|]")
_STARTS = frozenset("#>+=~-")
"""What `markup.escape` looks for in a line, or at its start as it does for a digit: three of four have none of it, and
need not be asked six questions."""


_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟])[\"'”’»)]*(?=\s|$)")


def extract(record: Record, year: str = "", language: str = "", known: frozenset[str] = frozenset()) -> Extraction:
    """The article that a scraped text holds, and a verdict for each of its non-blank lines.

    `known` are lines that the outlet has on other pages (`repeats.Table.of`): no story's, unless they are its headline
    or stand in its head.
    """
    lines = read_lines(record.text)
    draft = Draft(lines, record.meta, _known(record), end=len(lines), blocks=has_blocks(lines), known=known)
    for read in PASSES:
        draft = read(draft)
    draft = read_writers(_with_title(_settle(draft)))
    draft = read_dates(draft, year)
    body = _markdown(draft)
    language = draft.article.language or draft.language or language
    agencies = draft.article.agencies if "agencies" in record.meta else one_each(draft.article.agencies)
    draft = draft.with_facts(language=language, body=body, agencies=agencies)
    return Extraction(draft.article, _verdicts(draft), doubts(draft))


def _known(record: Record) -> Article:
    """The article as far as what came beside the text tells it."""
    facts = {key: value for key, value in record.meta.items() if key not in ("url", "retrieved") and value}
    return replace(Article(title=""), **facts)


def has_blocks(lines: tuple[Line, ...]) -> bool:
    return sum(line.gap for line in lines) > 0.15 * len(lines) or len(lines) < 12


def _settle(draft: Draft) -> Draft:
    """Lines that no pass has taken are the site's above and below a story, and the story's where none was found."""
    free = draft.free()
    if not free:
        return draft
    if draft.end <= draft.start:
        return draft.mark(dict.fromkeys(free, Mark("body", "paragraph")))
    menu, rule = Mark("removed", "site menu"), Mark("removed", "page detail between headline and story")
    kept = Mark("body", "paragraph")
    return draft.mark(
        {
            index: kept
            if draft.lines[index].words >= 12 and index > draft.title and (draft.blocks or index >= draft.start - 6)
            else menu
            if draft.lines[index].words <= 4
            else rule
            for index in free
        }
    )


def _with_title(draft: Draft) -> Draft:
    """An article always has a title: without a headline it is the body's first sentence, which stays there too."""
    if draft.article.title:
        return draft
    body = [index for index, mark in sorted(draft.marks.items()) if mark.place == "body"]
    if body and (len(body) > 1 or draft.lines[body[0]].words > 12):
        line = draft.lines[body[0]]
        if line.words <= 20 and not line.prose and len(body) > 1:
            return draft._replace(marks={**draft.marks, body[0]: Mark("title", "first line")}).with_facts(
                title=line.text
            )
        return draft.with_facts(title=_opening(line.text))
    index = body[0] if body else min(draft.marks)
    return draft._replace(marks={**draft.marks, index: Mark("title", "first line")}).with_facts(
        title=draft.lines[index].text
    )


def _opening(text: str) -> str:
    """The first sentence; of a long one, the words up to `TITLE` characters."""
    ends = (match.end() for match in _SENTENCE_END.finditer(text))
    end = next(
        (end for end in ends if text.count(" ", 0, end) not in (1, 2)), len(text)
    )  # `HAYWARD, Calif.` is no sentence
    sentence = text[:end]
    if len(sentence) <= TITLE:
        return sentence
    return sentence[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–-") or sentence[:TITLE]


def _markdown(draft: Draft) -> str:
    """The body's lines in order: paragraphs, `##` subheads and `-` lists."""
    blocks: list[str] = []
    entry = False
    for index, mark in sorted(draft.marks.items()):
        if mark.place != "body":
            continue
        line = draft.lines[index]
        text = line.text
        if text[0] in _STARTS or text[0].isdecimal() or _SYNTAX.search(line.marks):
            text = markup.escape(text)
        if mark.rule == "list entry":
            if entry:
                blocks[-1] += f"\n- {text}"
            else:
                blocks.append(f"- {text}")
        else:
            blocks.append(markup.heading(text) if mark.rule == "subhead" else text)
        entry = mark.rule == "list entry"
    return "\n\n".join(blocks)


def _verdicts(draft: Draft) -> tuple[Verdict, ...]:
    marks = [mark for _, mark in sorted(draft.marks.items())]  # of every line: `_settle` leaves none without
    rows = [part + mark for line, mark in zip(draft.lines, marks, strict=True) for part in line.parts]
    return tuple(map(_VERDICT, rows))


_VERDICT = partial(tuple.__new__, Verdict)
