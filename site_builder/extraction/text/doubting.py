"""Of what in a text's article a person should be told that it may be wrong: a finished draft in, words out.

What any article can be doubted for (few words, no date, an address of another day) the import asks itself; here stands
what only these passes know. The words are the same for each article, so that the import's report can count them.
"""

from __future__ import annotations

from math import fsum

from site_builder import dates
from site_builder.extraction.text.line_model import likely
from site_builder.extraction.text.lines import Draft
from site_builder.vocabulary.stamps import stamp

SURE = 0.65
"""Mean chance of the body's words to be the story's from which the body is trusted. Of 538 texts of sites that the model
had not learnt from, the 12 below it had a mean F1 of .68, the others .93."""
APART = 2
"""Days by which two date lines may differ: a story is stamped at night and again in the morning."""


def doubts(draft: Draft) -> tuple[str, ...]:
    """Reasons to look at the article, in words that people understand; none for most."""
    found: list[str] = []
    if not draft.scores:
        found.append("no story found among its lines, all of them were kept")
    elif _confidence(draft) < SURE:
        found.append("little confidence in the body")
    headed = any(mark.rule != "first line" for mark in draft.marks.values() if mark.place == "title")
    if not headed and "title" not in draft.meta:
        found.append("no headline found, its title is its beginning")
    if "date" not in draft.meta:
        if draft.article.date.endswith("?"):
            found.append("its date is uncertain: told by a sentence or by the last update alone")
        if _disagree(draft):
            found.append("two dates stand at its head")
    return tuple(found)


def _confidence(draft: Draft) -> float:
    """The mean chance of the body's words to be the story's, by the line model."""
    body = [index for index, mark in draft.marks.items() if mark.place == "body"]
    counts = [draft.lines[index].words for index in body]
    chances = likely([draft.scores[index] for index in body])
    return fsum([count * chance for count, chance in zip(counts, chances, strict=True)]) / (sum(counts) or 1)


def _disagree(draft: Draft) -> bool:
    """Whether two date lines above the story's end name days of publication that are further apart than `APART`."""
    days = set()
    for index, mark in draft.marks.items():
        line = draft.lines[index]
        if mark.place == "date" and index < draft.end and line.words <= 24:
            found = stamp(line.text, draft.day_first)
            if found and found.published[:4].isdigit():
                days.add(found.published[:10])
    moments = sorted(moment for day in days if (moment := dates.moment(dates.parse(day))))
    return bool(moments) and (moments[-1] - moments[0]).days > APART
