"""The dateline and the story's date: the surest source that the page has, and a note of where it was read.

In this order: the sidecar, the date line near the headline, the web address, the dateline, a date line below the story,
days named in its sentences. A day without a year stays without one (`XXXX-04-12`) unless the caller or the address
knows the year. When a page was fetched says nothing about when it was published.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache

from site_builder import dates
from site_builder.extraction.text.lines import Draft, Mark
from site_builder.model import Note
from site_builder.vocabulary.lexicon import openings
from site_builder.vocabulary.names import agencies_in
from site_builder.vocabulary.stamps import stamp

_URL_DAY = re.compile(r"(?<!\d)((?:18|19|20)\d\d)([-/_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_YEAR = re.compile(r"/((?:18|19|20)\d\d)(?:/(0?[1-9]|1[0-2]))?/")
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-zß-öø-ÿ][^\d(:–—\n]{1,60}?)(?:,?\s+(?P<day>[^\W\d_]{3,10}\.?\s+\d{1,2}|\d{1,2}\.?\s+[^\W\d_]{3,10})(?:,?\s+(?P<year>\d{4}))?)?"
    r"\s*(?:[(\[](?P<source>[^)\]]{2,40})[)\]])?\s*(?:\.\s?[-–—]+|[-–—]{1,2}|:)\s+(?=\S)"
)
_DAY = re.compile(r"(?<![\w.,:/-])(?:3[01]|[12]\d|0?[1-9])(?![\d:/%-]|[.,]\d)")
_BEFORE = re.compile(r"([^\W\d_]{3,12})\.?\s+$")
_AFTER = re.compile(r"\.?(?:st|nd|rd|th|er|º)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,12})\.?")
_YEAR = re.compile(r",?\s+(?:de\s+|del\s+)?\d{4}(?!\d)")
BELOW = 6
"""How many lines below the story a date line is looked for."""
LEAD = 3
"""How many paragraphs count as the lead: news says its day there."""


def read_dateline(draft: Draft) -> Draft:
    """`MOSCOW, April 12 (Reuters) -` at the start of the story: place and agencies; the words stay in the body."""
    free = draft.free(draft.start, draft.end)
    match = _DATELINE.match(draft.lines[free[0]].text) if free else None
    if not match or not _is_dateline(match):
        return draft
    article = draft.article
    found = agencies_in(match["source"] or "") or agencies_in(match["place"])
    facts: dict[str, object] = {}
    if "agencies" not in draft.meta:
        facts["agencies"] = tuple(dict.fromkeys((*article.agencies, *found)))
    if not article.dateline and found[:1] != (match["place"].strip(),):
        facts["dateline"] = match["place"].strip(" ,")
    return draft.with_facts(**facts)


def _is_dateline(match: re.Match[str]) -> bool:
    """Capitals, an agency, a day or a caseless script tell a dateline from a sentence with a dash."""
    place = match["place"].strip(" ,")
    words = place.split()
    if len(words) > 6 or (match["day"] and not dates.is_month(re.sub(r"[\d\s.]", "", match["day"]))):
        return False
    if match["source"] or match["day"]:
        return words[0][0].isupper() or not words[0][0].islower()
    first = words[0].strip(",.")
    if first.isupper() and len(first) >= 2:
        return all(word.isupper() or (word[0].isupper() and len(word) <= 12) for word in words) and ":" not in match[0]
    return first[0].lower() == first[0].upper() and len(words) <= 3 and ":" not in match[0]


def read_dates(draft: Draft, year: str) -> Draft:
    """`date` and `updated`, with a note where the date was read."""
    meta = draft.meta
    published, updated, where = _stamped(draft)
    if not published and not updated:
        draft, published, updated, where = _passed_over(draft)
    if meta.get("updated"):
        updated = str(meta["updated"])
    if meta.get("date"):
        return draft.with_facts(date=str(meta["date"]), updated=updated)
    day, note = _choose(draft, published, updated, where, year or _url_year(draft))
    if year and day.startswith(year) and note.startswith("read in"):
        note = f"{note}; the year was given at import"
    elif not year and day[:4].isdigit() and note.startswith("read in"):
        note = f"{note}; the year is from the web address"
    if updated[:10] == day and not published:
        updated = ""  # it says no more than the date does
    facts: dict[str, object] = {"date": day, "updated": updated}
    if day:
        facts["notes"] = (*draft.article.notes, Note("date", note))
    return draft.with_facts(**facts)


def _choose(draft: Draft, published: str, updated: str, where: str, year: str) -> tuple[str, str]:
    """The date and the words about its source."""
    if published and not published.startswith("XXXX"):
        return published, where
    address = _url_date(draft)
    if address:
        return address, f"from the web address: {draft.meta['url']}"
    if published:
        return _with_year(published, year), where.replace("from the date line", "read in the date line")
    day, words = _dateline_day(draft)
    if day:
        return _with_year(day, year), f"read in the dateline: '{words}'"
    day, words = _told(draft)
    if updated:
        sure = "" if updated[5:10] == day[5:] else "?"
        return f"{updated[:10]}{sure}", "from the date line, which tells only the last update"
    if day:
        dated = _with_year(day, year)
        return (dated if dated != day else f"{day}?"), f"read in the story: '{words}'"
    month = _url_month(draft)
    return (month, f"from the web address: {draft.meta['url']}") if month else ("", "")


def _with_year(day: str, year: str) -> str:
    """`XXXX-04-12` in a year that is known; as it is without one, or where that year has no such day."""
    return (_checked(f"{year}{day[4:]}") if year and day.startswith("XXXX") else "") or day


def _stamped(draft: Draft) -> tuple[str, str, str]:
    """The date lines' dates: those nearest to the headline count most."""
    published = updated = where = ""
    marked = [index for index, mark in draft.marks.items() if mark.place in ("date", "updated", "authors")]
    title = max(draft.title, 0)
    for index in sorted(marked, key=lambda index: index - title if index >= title else 2 * (title - index) + 1):
        line = draft.lines[index]
        found = stamp(line.text, draft.day_first) if line.words <= 24 else None
        if not found or (published and index > draft.end):
            continue
        if found.published and not published:
            published, where = found.published, f"from the date line: '{line.text}'"
        updated = updated or found.updated
    return published, updated, where


def _passed_over(draft: Draft) -> tuple[Draft, str, str, str]:
    """A date line that no pass has taken for one: in the page title, around the headline, in or right below the story."""
    title = draft.title if draft.title >= 0 else draft.start
    around = range(max(min(title, draft.start) - 8, 0), min(draft.end + BELOW, len(draft.lines)))
    near = sorted(
        (index for index in around if index <= draft.start + BELOW or index >= draft.end),
        key=lambda index: index - title if index >= title else 2 * (title - index) + 1,
    )
    for index in (0, *near):
        mark = draft.marks.get(index)
        line = draft.lines[index] if draft.lines else None
        if line is None or mark is None or line.words > 24 or (mark.place == "body" and line.words > 6):
            continue
        if index == 0 and mark.rule.startswith("page title"):
            found = stamp(re.split(r"\s[–—|-]\s|, ", line.text)[-1], day_first=True)
            if found and found.published[:4].isdigit() and not found.others:
                return draft, found.published, "", f"from the page title: '{line.text}'"
            continue
        if mark.rule in _OTHERS:
            continue
        found = stamp(line.text, draft.day_first)
        when = (found.published or found.updated) if found else ""
        if (
            found
            and when[:4].isdigit()
            and found.others <= (4 if openings("dates", "published", "updated").find(line.key) else 1)
        ):
            place = Mark("date" if found.published else "updated", "date line")
            draft = replace(draft, marks={**draft.marks, index: place})
            return draft, found.published, found.updated, f"from the date line: '{line.text}'"
    return draft, "", "", ""


_OTHERS = ("related story teaser", "related story list", "comment section", "caption", "photo credit", "headline")


def _url_date(draft: Draft) -> str:
    match = _URL_DAY.search(str(draft.meta.get("url", "")))
    return _checked(f"{match[1]}-{match[3]}-{match[4]}") if match else ""


def _url_month(draft: Draft) -> str:
    match = _URL_YEAR.search(str(draft.meta.get("url", "")))
    return f"{match[1]}-{int(match[2]):02}" if match and match[2] else ""


def _url_year(draft: Draft) -> str:
    match = _URL_YEAR.search(str(draft.meta.get("url", "")))
    return match[1] if match else ""


def _checked(day: str) -> str:
    try:
        return dates.parse(day).text
    except ValueError:
        return ""


def _dateline_day(draft: Draft) -> tuple[str, str]:
    free = draft.free(draft.start, draft.end) or [
        index for index in range(draft.start, draft.end) if draft.marks[index].place == "body"
    ]
    match = _DATELINE.match(draft.lines[free[0]].text) if free and draft.article.dateline else None
    if not match or not match["day"]:
        return "", ""
    words = match[0].strip()
    for found in dates.find(words):
        if found.date.day:
            return found.date.text, words.rstrip("-–— ")
    return "", ""


def _told(draft: Draft) -> tuple[str, str]:
    """The day that the story's sentences name most, the lead's mentions counting three times; the later of equals.

    Only days without a year are taken: a year in a sentence belongs to something else than the day's news.
    """
    counts: Counter[str] = Counter()
    months = dates.month_words(draft.language or "en")
    told: dict[str, str] = {}
    paragraphs = [index for index in range(draft.start, draft.end) if draft.marks.get(index, ("",))[0] == "body"]
    for position, index in enumerate(paragraphs):
        text = draft.lines[index].text
        for match in _DAY.finditer(text):
            before = _BEFORE.search(text, max(0, match.start() - 16), match.start())
            after = _AFTER.match(text, match.end())
            if before and _is_month(before[1], months):
                start, end = before.start(), match.end()
            elif after and _is_month(after[1], months):
                start, end = match.start(), after.end()
            else:
                continue
            day = "" if _YEAR.match(text, end) else _day(text[start:end].rstrip("."))
            if day:
                counts[day] += 3 if position < LEAD else 1
                told.setdefault(day, _phrase(text, start))
    if not counts:
        return "", ""
    day = max(counts, key=lambda text: (counts[text], text))
    return day, told[day]


def _is_month(word: str, months: frozenset[str]) -> bool:
    """A month's name in the story's language; short names only with a capital (`12 out of`, `20. des Monats`)."""
    key = word.casefold()
    return key in months and (
        len(word) > 4
        or word[0].isupper()
        or not word.isascii()
        or key in ("mai", "maj", "mars", "abril", "mayo", "juin", "août")
    )


@lru_cache(maxsize=4096)
def _day(words: str) -> str:
    """The EDTF text of a day and a month in words, without a year; empty for an impossible day."""
    return next((found.date.text for found in dates.find(words) if found.date.day and not found.date.year), "")


def _phrase(text: str, at: int) -> str:
    """The few words around a date, for the note."""
    start = text.rfind(" ", 0, max(0, at - 16)) + 1 if at > 16 else 0
    end = text.find(" ", min(len(text), at + 28))
    return text[start : end if end > 0 else len(text)].strip(' ,;:-–—"“”')
