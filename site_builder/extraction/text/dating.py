"""The dateline and the story's date: the surest source that the page has, and a note of where it was read.

In this order: the sidecar, the date line near the headline, the web address, the dateline, a date line below the story,
days named in its sentences. A day without a year stays without one (`XXXX-04-12`) unless the caller or the address
knows the year. When a page was fetched says nothing about when it was published.
"""

from __future__ import annotations

import re

from site_builder import dates
from site_builder.extraction.text.lines import Draft, Mark
from site_builder.extraction.text.told import told_day
from site_builder.model import Note
from site_builder.vocabulary.lexicon import openings
from site_builder.vocabulary.names import agencies_in, is_name
from site_builder.vocabulary.stamps import Stamp, stamp

_URL_DAY = re.compile(r"(?<!\d)((?:18|19|20)\d\d)([-/_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_YEAR = re.compile(r"/((?:18|19|20)\d\d)(?:/(0?[1-9]|1[0-2]))?/")
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-zß-öø-ÿ][^\d(:–—\n]{1,60}?)(?:,?\s+(?P<day>[^\W\d_]{3,10}\.?\s+\d{1,2}|\d{1,2}\.?\s+[^\W\d_]{3,10})(?:,?\s+(?P<year>\d{4}))?)?"
    r"\s*(?:[(\[](?P<source>[^)\]]{2,40})[)\]])?\s*(?:\.\s?[-–—]+|[-–—]{1,2}|:)\s+(?=\S)"
)
_SHORT = re.compile(r"(?<![\w./-])(\d\d?)([./])(\d\d?)\2(\d\d)(?![\w./-]|[:,]\d)")
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEAR_FIRST = ("hu", "ja", "ko", "lt", "lv", "zh")
BELOW = 6
"""How many lines below the story a date line is looked for."""
BENEATH = 20
"""How many lines below the story, or its beginning, a date line may be its own if others agree or a name stands above."""


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
    day, words = told_day(draft)
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
    title = max(draft.title, 0)
    marked = [index for index, mark in draft.marks.items() if mark.place in ("date", "updated", "authors")]
    dated = [(index, found) for index in marked if (found := _stamp_of(draft, index))]
    below = _below(draft, [(index, found) for index, found in dated if index >= draft.end])
    for index, found in sorted(
        (one for one in dated if one[0] < draft.end or one in below),
        key=lambda one: one[0] - title if one[0] >= title else 2 * (title - one[0]) + 1,
    ):
        if published and index > draft.end:
            continue
        if found.published and not published:
            published, where = found.published, f"from the date line: '{draft.lines[index].text}'"
        updated = updated or found.updated
    return published, updated, where


def _stamp_of(draft: Draft, index: int) -> Stamp | None:
    line = draft.lines[index]
    return stamp(line.text, draft.day_first) if line.words <= 24 else None


def _below(draft: Draft, found: list[tuple[int, Stamp]]) -> list[tuple[int, Stamp]]:
    """Which of the date lines below a story are its own: teasers and comments have theirs there too."""
    close = [one for one in found if one[0] < draft.end + 2]
    near = [one for one in found if one[0] < draft.end + BENEATH]
    days = {(one.published or one.updated)[:10] for _, one in near}
    return close or [one for one in near if len(days) == 1 or _is_labelled(draft, one[0])]


def _is_labelled(draft: Draft, index: int) -> bool:
    return bool(openings("dates", "published", "updated").find(draft.lines[index].key))


def _passed_over(draft: Draft) -> tuple[Draft, str, str, str]:
    """A date line that no pass has taken for one: in the page title, around the headline, in or right below the story."""
    title = draft.title if draft.title >= 0 else draft.start
    around = range(max(min(title, draft.start) - 8, 0), min(draft.end + BELOW, len(draft.lines)))
    near = sorted(
        (index for index in around if index <= draft.start + BENEATH or index >= draft.end),
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
        found = stamp(_with_century(draft, line.text), draft.day_first)
        when = (found.published or found.updated) if found else ""
        if not found or not when[:4].isdigit():
            continue
        labelled = _is_labelled(draft, index)
        if mark.rule in _OTHERS and not (labelled and not found.others and index > draft.end):
            continue
        if draft.start + BELOW < index < draft.end and (found.others or not is_name(draft.lines[index - 1].text)):
            continue  # a teaser between paragraphs has its date below its headline, a story below its writer
        if found.others <= (4 if labelled or (index > title and _is_short(line.text)) else 1):
            place = Mark("date" if found.published else "updated", "date line")
            draft = draft._replace(marks={**draft.marks, index: place})
            return draft, found.published, found.updated, f"from the date line: '{line.text}'"
    return draft, "", "", ""


def _is_short(text: str) -> bool:
    return bool(_SHORT.search(text))


def _with_century(draft: Draft, text: str) -> str:
    """`15.10.24 23:35` with the century that the page's other years tell; as it is where they tell none.

    `15/10/24` needs to be known for a day first too; `24.10.15` is no day first in languages that begin with the year.
    """
    match = _SHORT.search(text)
    if not match or draft.language.split("-")[0] in _YEAR_FIRST:
        return text
    day, month = (match[1], match[3]) if match[2] == "." or draft.day_first else (match[3], match[1])
    if match[2] == "/" and draft.day_first is None:
        return text
    told = {int(year) for line in draft.lines for year in _ANY_YEAR.findall(line.text)}
    years = [century + int(match[4]) for century in (1900, 2000)]
    year = next((year for year in years if not told.isdisjoint((year - 1, year, year + 1))), 0)
    return f"{text[: match.start()]}{day}.{month}.{year}{text[match.end() :]}" if year else text


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
