"""When an article was published and changed: what a page states for machines, then what it shows. No clock is looked at."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections.abc import Iterator
from dataclasses import dataclass

from site_builder import dates
from site_builder.extraction.html.blocks import Block
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.statements import Statements
from site_builder.extraction.html.surroundings import meanings
from site_builder.vocabulary.lexicon import openings
from site_builder.vocabulary.stamps import stamp

PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dcterms.created", "dc.date.issued",
    "dcterms.issued", "dcterms.date", "dc.date.created", "dc.date", "citation_publication_date", "citation_date",
    "article.published", "published-date", "publish-date", "publishdate", "publish_date", "published_time",
    "publication_date", "pubdate", "pub_date", "originalpublicationdate", "article_date_original", "displaydate",
    "date.created", "date_published", "article:create", "bt:pubdate", "cdate", "date", "og:pubdate", "dc.created",
)  # fmt: skip
UPDATED = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "article:modified", "datemodified",
    "dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "date.updated", "date.modified", "updated_time",
)  # fmt: skip

_ISO = re.compile(
    r"\s*(?P<day>\d{4}-\d\d-\d\d)(?:[T\s]+(?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?"
)
_COMPACT = re.compile(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?\s*Z?$")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_HOLDERS = ("span", "small", "em", "i", "b", "a")
_CHANGE = re.compile(r"updat|modif|aktuali|chang", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dates:
    """EDTF texts, empty where unknown; `note` says where the date was read, `disagree` that the page states another."""

    date: str = ""
    updated: str = ""
    note: str = ""
    disagree: bool = False


def normal(text: str) -> str:
    """A date as pages write it for machines as EDTF text; empty for what is none, or has no year, month and day."""
    text = text[:100]
    match = _ISO.match(text)
    if match:
        zone = (match["zone"] or "").replace("UTC", "Z").replace("GMT", "Z")
        if len(zone) in (3, 5):
            zone = f"{zone[:3]}:{zone[3:] or '00'}"
        time = match["time"] or ""
        time = f"{time}:00" if len(time) == 5 else time
        return _checked(f"{match['day']}T{time}{zone}" if time else match["day"]) or _checked(match["day"])
    match = _COMPACT.match(text)
    if match:
        return _checked("-".join(match.groups()[:3]))
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return _checked(moment.isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    found = stamp(text)
    return (found.published or found.updated) if found and not found.published.startswith("XXXX") else ""


def _checked(text: str) -> str:
    try:
        return dates.parse(text).text
    except ValueError:
        return ""


def find_dates(
    root: Element, blocks: tuple[Block, ...], said: Statements, span: tuple[int, int], retrieved: str,
    top: int = 0,
) -> Dates:  # fmt: skip
    """The dates of an article whose body is `blocks[span[0]:span[1]]`; none after the day it was `retrieved`.

    `top` is the index of the headline.
    """
    latest = _day(retrieved)
    date = note = ""
    for name, text in _published(root, said, blocks, span, top):
        value = normal(text)
        if value[:4].isdigit() and (not latest or value[:10] <= latest):
            date, note = value, f"{name}: {' '.join(text.split())[:80]}"
            break
    updated = ""
    shown = [found.updated for block in _near(blocks, span, top) if block.words <= 14 and (found := stamp(block.text))]
    for text in (str(said.article.get("dateModified") or ""), *said.all(*UPDATED), *shown):
        value = normal(text)
        if value and (not latest or value[:10] <= latest):
            updated = value
            break
    if updated[:16] <= date[:16]:
        updated = ""
    return Dates(date, updated, note, _is_contradicted(date, said))


def _is_contradicted(date: str, said: Statements) -> bool:
    """Whether what is meant for machines states another day of publication, by more than zones make."""
    stated = [str(said.article.get("datePublished") or ""), *said.all(*PUBLISHED[:5])]
    days = [day for text in (date, *stated) if (day := _ordinal(normal(text)))]
    return bool(days) and max(days) - min(days) > 2


def _ordinal(text: str) -> int:
    try:
        return dt.date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return 0


def _day(text: str) -> str:
    """The last day that an article fetched on that day can have, two days on for the world's time zones."""
    try:
        return (dt.date.fromisoformat(text[:10]) + dt.timedelta(days=1)).isoformat()
    except ValueError:
        return ""


def _published(
    root: Element, said: Statements, blocks: tuple[Block, ...], span: tuple[int, int], top: int
) -> Iterator[tuple[str, str]]:
    """Each place that may state the date, with its name, the most trustworthy first."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        value = said.article.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            yield f"JSON-LD {key}", value
    for name in PUBLISHED:
        for content in said.meta.get(name, ()):
            yield f"meta {name}", content
    for element in root.iter("time", "abbr", "span", "div", "p"):
        if (element.get("itemprop") or "").lower() == "datepublished":
            yield "microdata datePublished", element.get("datetime") or element.get("content") or element.text or ""
        elif "dt-published" in (element.get("class") or "").split():
            yield "h-entry dt-published", element.get("datetime") or element.get("title") or element.text or ""
    times = [element for element in root.iter("time") if not _is_change(element)]
    for element in times:
        if element.get("pubdate") is not None or "published" in (element.get("class") or ""):
            yield "time published", element.get("datetime") or element.text_content()
    beside = _near(blocks, span, top)
    near = {block.element for block in beside}
    told = {block.element for block in beside if block.words <= 14 and _is_published(block.text)}
    for element in sorted(times, key=lambda one: one.getparent() not in told):  # those in a line that says so first
        if any(above in near for above in (element, *element.iterancestors())):
            yield "time", element.get("datetime") or element.text_content()
    for block in beside:
        if block.words <= 14 and (found := stamp(block.text)) and found.published and found.others <= 4:
            yield "line", block.text
    for block in beside:
        for element in block.element.iter(*_HOLDERS) if block.words <= 14 else ():
            marked = "date" in meanings(element.get("class") or "")
            if marked and (found := stamp(element.text_content().strip())) and found.published and not found.others:
                yield "marked date", found.published
    for block in blocks[span[1] : span[1] + 25]:
        labelled = block.words <= 8 and _is_published(block.text)
        if labelled and (found := stamp(block.text)) and found.published and not found.others:
            yield "line", block.text
    match = _IN_URL.search(said.url)
    if match:
        yield "address", "-".join(match.groups())


def _is_published(text: str) -> bool:
    return bool(openings("dates", "published").find(text.casefold()))


def _is_change(element: Element) -> bool:
    return bool(_CHANGE.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"))


def _near(blocks: tuple[Block, ...], span: tuple[int, int], top: int) -> tuple[Block, ...]:
    """The blocks from the headline to the body, and those right below it."""
    start = top if 0 < span[0] - top < 60 else max(0, span[0] - 15)
    end = span[0] + 2 if top < span[0] else top + 4  # a headline that counts as the body's first line
    return (*blocks[min(start, max(0, span[0] - 15)) : end], *blocks[span[1] : span[1] + 4])
