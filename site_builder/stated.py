"""What other systems state of an article → values for front matter: dates, names, terms, plain words, old addresses.

In come the values of exports, feeds and tables, in the dozen ways that they are written; out come EDTF texts, tuples
of names and one-line texts. What is not understood is an empty answer, or a ValueError where a caller must tell it.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import tomllib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from . import dates
from .decoding import decode
from .locales import month_names
from .model import Image
from .vocabulary.stamps import stamp

_EMPTY = {"", "none", "null", "nan", "nat", "n/a", "na", "undefined", "unknown", "[]", "{}", "-", "–", "—"}
"""What programs write where a value is missing; none of them is a date, a name or a headline."""
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BLOCK_TAG = re.compile(r"</?(?:p|div|br|li|h[1-6]|tr|ul|ol|blockquote)\b", re.IGNORECASE)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*){0,9}<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MARKUP = re.compile(
    r"</(?:p|div|a|em|strong|b|i|ul|ol|li|h[1-6]|blockquote|figure|span|table)\s*>|<(?:p|br|img)\b", re.I
)


def text_of(value: Any) -> str:
    """A value as plain text with its line breaks, without control characters; empty for what means "missing"."""
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    text = str(value)
    if not (text.isascii() and text.replace("\n", " ").isprintable()):  # else there is nothing that decoding would mend
        text = decode(text.encode("utf-8", "replace").replace(b"\0", b""))[0] or ""
    cleaned = text.strip()
    return "" if cleaned.casefold() in _EMPTY else cleaned


def line_of(value: Any) -> str:
    """A value as one line of plain text."""
    return " ".join(text_of(value).split())


def words_of(markup: Any) -> str:
    """The words of a short piece of HTML (a title, a teaser) as one line: tags gone, entities resolved."""
    text = text_of(markup)
    if "<" in text:
        text = _without_comments(text)
        text = _TAG.sub(lambda match: " " if _BLOCK_TAG.match(match[0]) else "", text)
    return line_of(html.unescape(text)) if "&" in text else " ".join(text.split())


def _without_comments(text: str) -> str:
    """In linear time, which a pattern would not take on openings that nothing closes."""
    out: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        out.append(text[at:start])
        at = end + 3
    return "".join((*out, text[at:]))


def is_html(text: str) -> bool:
    """Whether a text holds HTML tags that a renderer would have to obey."""
    return "<" in text and bool(_MARKUP.search(text))


def is_page(text: str) -> bool:
    """Whether a text is a whole web page, with all that stands around its story."""
    return bool(_PAGE.match(text))


# ------------------------------------------------------------------------------------------------- dates

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})(Z|[+-]\d{4})?)?", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{6})?", re.ASCII)
"""20150302, which as seconds would be a day of 1970."""
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d", re.ASCII)
_PARTED = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=\D|$)", re.ASCII)
_MAIL = re.compile(
    r"(?:[^\W\d_]{2,14}\.?,?\s+)?(\d{1,2})\s+([^\W\d_]{3,14})\.?\s+(\d\d(?:\d\d)?)\s+(\d{1,2}:\d{2}(?::\d{2})?)\s*(.*)"
)
_CTIME = re.compile(r"([A-Za-z]{3} )([A-Za-z]{3} +\d{1,2}) (\d\d:\d\d:\d\d)(?: (UTC|GMT|[+-]\d{4}))? (\d{4})", re.ASCII)
_DASHED = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?!\d)", re.ASCII)
_UTC = ("GMT", "UTC", "UT", "Z", "-0000")
_MIDNIGHT = re.compile(r"T00:00:00$")


def date_of(value: Any) -> str:
    """A date or moment as EDTF text: ISO 8601, RFC 5322 (mail and RSS), digits alone, or words with a year.

    A number is a day (20150302), a year, or seconds or milliseconds since 1970, in UTC. Midnight without a zone is how
    tables write a day, and is read as the day. Empty for a missing value. Raises ValueError for what is no date.
    """
    if isinstance(value, dict):  # as MongoDB writes it out
        value = value.get("$date", value.get("$numberLong"))
        return date_of(value) if not isinstance(value, dict) else date_of(value.get("$numberLong"))
    if isinstance(value, (list, tuple)):
        value = value[0] if len(value) == 1 and not isinstance(value[0], (dict, list)) else ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        digits = f"{value:.0f}"
        if not (_DAY.fullmatch(digits) or _YEAR.fullmatch(digits)):
            return _epoch(float(value))
        value = digits
    text = line_of(value)
    if not text or re.match(r"-?0000-00-00|0000-00|-0001|Mon, 30 Nov -0001", text):
        return ""
    if re.fullmatch(r"1\d{9}(?:\.\d+)?|1\d{12}", text, re.ASCII):
        return _epoch(float(text))
    if match := _COMPACT.fullmatch(text):
        year, month, day, *clock = match.groups()
        text = f"{year}-{month}-{day}" + ("T{}:{}:{}{}".format(*clock[:3], clock[3] or "") if clock[0] else "")
    elif match := _PARTED.match(text):
        text = f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}{text[match.end() :]}"
    elif match := _DASHED.match(text):
        text = f"{match[1]}/{match[2]}/{match[3]}{text[match.end() :]}"
    elif match := _CTIME.fullmatch(text):
        month, day = match[2].split()
        text = f"{day} {month} {match[5]} {match[3]} {match[4] or ''}".strip()
    try:
        return _MIDNIGHT.sub("", dates.parse(text).text)
    except ValueError:
        found = _mail_date(text)
        if found is None:
            line = stamp(text)  # as people write it: `Donnerstag, 14.02.2015 18:30 Uhr`
            if not line or line.others or not line.published or line.updated or line.published.startswith("X"):
                raise
            found = line.published
        return found


def _mail_date(text: str) -> str | None:
    """A moment as in mails and RSS, with names of any language; None for another text.

    A zone that is only a name (`BRT`, and many stand for several) is left out, with nothing in its place.
    """
    match = _MAIL.fullmatch(text)
    if not match:
        return None
    day, month, year, clock, zone = match.groups()
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        zone = "Z" if zone in _UTC else zone if re.fullmatch(r"[+-]\d\d:?\d\d", zone, re.ASCII) else ""
        try:
            return dates.parse(f"{year}-{_month_of(month):02}-{day:0>2}T{clock:0>5}{zone}").text
        except ValueError:
            raise ValueError(f"'{text[:60]}' is no date that is understood") from None
    return dates.parse(moment.isoformat() + ("Z" if zone in _UTC and not moment.tzinfo else "")).text


@lru_cache(maxsize=256)
def _month_of(word: str) -> int:
    """Which month a word names in any language, cut or not (`фев`); 0 for none, or where it could be two."""
    key = word.lower().rstrip(".")
    found = [one for language in dates.LANGUAGES for one in month_names(language)]
    whole = {number for number, name in found if name.lower().rstrip(".") == key}
    numbers = whole or {number for number, name in found if name.lower().startswith(key)}
    return numbers.pop() if len(numbers) == 1 else 0


def _epoch(number: float) -> str:
    seconds = number / 1000 if abs(number) >= 1e11 else number
    if not 1e7 < seconds < 1e10:
        raise ValueError(f"'{number:.0f}' is no date that is understood")
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# ------------------------------------------------------------------------------------------ names and terms

MAX_LIST = 20_000
"""Characters of a list that is written as a text; what is longer is no list of names."""
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")


@lru_cache(maxsize=1)
def _bylines() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What a byline begins with, what stands between its names, and what does so only between two whole names."""
    words = tomllib.loads(files(__package__).joinpath("stated.toml").read_text("utf-8"))
    by, both, last, perhaps = (
        "|".join(map(re.escape, words[key])) for key in ("by", "and", "comma_and", "perhaps_and")
    )
    between = rf"\s*[;|\n]\s*|\s*,?\s+(?:{both})\s+|,\s*(?:{last})\s+"
    unsure = rf"\s*,\s*|\s+(?:{perhaps})\s+"
    return re.compile(rf"(?:{by})[:\s]\s*(?=\S)", re.IGNORECASE), re.compile(between), re.compile(unsure)


def names_of(value: Any) -> tuple[str, ...]:
    """Names of people: a list, a list written as text (`['A', 'B']`), or a byline.

    A comma parts names only where what it leaves are all of two words or more: `Ekberg, Carl` is one person. So do
    words that stand within names as well: `Ortega y Gasset`.
    """
    begins, between, unsure = _bylines()
    found: list[str] = []
    for item in _items(value):
        text = words_of(item)
        by = begins.match(text)
        for piece in between.split(text[by.end() :] if by else text):
            parts = unsure.split(piece)
            found += parts if all(len(part.split()) > 1 for part in parts) else [piece.strip()]
    return tuple(dict.fromkeys(name for name in found if name.casefold() not in _EMPTY))


def terms_of(value: Any) -> tuple[str, ...]:
    """Tags or sections: a list, a list written as text, or texts between commas, semicolons or bars."""
    found: list[str] = []
    for item in _items(value):
        text = words_of(item)
        found += re.split(r"\s*[,;|]\s*", text) if isinstance(value, str) and value.lstrip()[:1] != "[" else [text]
    return tuple(dict.fromkeys(term for term in found if term.casefold() not in _EMPTY))


def _items(value: Any) -> list[Any]:
    if isinstance(value, str) and len(value) < MAX_LIST and value.lstrip()[:1] == "[" and value.rstrip()[-1:] == "]":
        # A list as Python or JSON writes it; evaluating what a stranger wrote is never needed for that.
        quoted = [match[1] or match[2] or "" for match in _QUOTED.finditer(value)]
        return [re.sub(r"\\(.)", r"\1", text) for text in quoted] if quoted else value.strip()[1:-1].split(",")
    items = value if isinstance(value, (list, tuple)) else [value]
    return [
        item.get("name") or item.get("title") or item.get("label") if isinstance(item, dict) else item for item in items
    ]


# ---------------------------------------------------------------------------------------------- addresses


def web_address(value: Any) -> str:
    """An `http` or `https` address, or an empty text."""
    text = line_of(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and " " not in text else ""


def old_path(link: str, base: str = "") -> str:
    """Where an address lay on its own site, with its query: `https://x.example/blog/a/` → `/a/` below `/blog`.

    Empty for the site's front page, and for an address on another host than `base`.
    """
    try:
        here, site = urlsplit(link), urlsplit(base)
    except ValueError:
        return ""
    if base and here.netloc and here.netloc.removeprefix("www.") != site.netloc.removeprefix("www."):
        return ""
    folder = site.path.rstrip("/")
    path = here.path.removeprefix(folder) if here.path.startswith(f"{folder}/") else here.path
    path = (path or "/") + (f"?{here.query}" if here.query else "")
    return "" if path == "/" else path


# ----------------------------------------------------------------------------------------------- pictures


def with_pictures(markup: str, images: tuple[Image, ...]) -> tuple[str, tuple[Image, ...]]:
    """An article's HTML with the pictures that came beside it as figures at its head; and those that can't be there.

    All pictures of an article are then in one place and order, for whoever reads the HTML. One that the HTML shows
    already, be it in another of WordPress's sizes (`a-300x200.jpg`), is not put there again.
    """
    if not words_of(markup):  # a gallery, in which no words lead to the pictures: they go beside it
        return markup, tuple(dict.fromkeys((*images, *_pictures(markup))))
    figures: list[str] = []
    for image in images:
        stem, dot, ending = image.src.rpartition(".")
        shown = re.escape(html.escape(stem)) + r"(?:-\d+x\d+|-scaled)?" + re.escape(dot + ending)
        if not re.search(shown, markup):
            words = f"<figcaption>{html.escape(image.caption, quote=False)}</figcaption>" if image.caption else ""
            words += f'<div class="credit">{html.escape(image.credit, quote=False)}</div>' if image.credit else ""
            source = f'<img src="{html.escape(image.src)}" alt="{html.escape(image.alt)}" />'
            figures.append(f"<figure>{source}{words}</figure>\n")
    return "".join(figures) + markup, ()


_PICTURE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def _pictures(markup: str) -> Iterator[Image]:
    """The pictures in a piece of HTML that has addresses for them."""
    for match in _PICTURE.finditer(markup):
        given = {one[1].lower(): html.unescape(one[2] or one[3] or "") for one in _ATTRIBUTE.finditer(match[0])}
        if given.get("src"):
            yield Image(given["src"], alt=line_of(given.get("alt")))


# ------------------------------------------------------------------------------------------------- bounds

MAX_FACTS = 100_000
"""Characters that an article's facts may have together: a front matter of 256,000, with what quoting adds, is refused."""
MAX_TITLE = 1_000


def within_bounds(meta: dict[str, Any], told: list[str]) -> dict[str, Any]:
    """The facts without those that are too long for any front matter; what is left out or cut is told."""
    kept = {key: value for key, value in meta.items() if value}
    if len(kept.get("title", "")) > MAX_TITLE:
        told.append(f"title of {len(kept['title']):,} characters was cut")
        kept["title"] = kept["title"][:MAX_TITLE].rstrip() + "…"
    sizes = {key: len(repr(value)) for key, value in kept.items()}
    while sum(sizes.values()) > MAX_FACTS:
        largest = max(sizes, key=lambda key: sizes[key])
        told.append(f"{largest} of {sizes.pop(largest):,} characters is not kept: it is too long for a front matter")
        del kept[largest]
    return kept
