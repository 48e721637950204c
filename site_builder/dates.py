"""Dates as far as they are known: EDTF and ISO 8601 text in, buckets, sort keys and words for people out.

EDTF levels 0 and 1 (ISO 8601-2:2019), and the level 2 form `XXXX-04-12` (a day in an unknown year), which scraped
news needs most. Nothing here looks at a clock or fills in what is not known.

The grammar is ours, because the `edtf` package (5.0) refuses `XXXX-04-12?`, takes 6 to 15 ms a date, and 200 ms to
import; the tests compare the two where both can read. Names of months come from CLDR, other words from `wording`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .locales import LANGUAGES as LANGUAGES
from .locales import long_day, month_name, month_names, skeleton
from .model import Date
from .wording import Words, spoken

_EDTF = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX|XXXX)"
    r"(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?"
    r"(?P<time>[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
    r"(?P<qualifier>[?~%])?",
    re.ASCII,
)
_USUAL = re.compile(
    r"((?!0000)(\d{4})-(?!02-29|02-3|(?:04|06|09|11)-31)(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))"
    r"(?:T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(Z|\+(?:0\d|1[0-3]):[0-5]\d|-(?:0[1-9]|1[0-3]):[0-5]\d))?",
    re.ASCII,
)
"""Days and moments as nearly all articles have them, which need no looking at the calendar: a quarter of the time."""
_OPEN = ("", "..")
"""An interval's beginning or end that is not known, and one that there is not."""
_MAX_LENGTH = 100
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}


UNKNOWN = Date("")


@lru_cache(maxsize=8192)  # an article asks for its own a dozen times, one after the other; 65,536 took 30 MB a worker
def parse(text: str) -> Date:
    """Read an EDTF or ISO 8601 date, or a date in words with day, month and year.

    Gives `UNKNOWN` for an empty text. Raises ValueError, with a sentence for people, for what is no date.
    """
    text = text.strip()
    if not text:
        return UNKNOWN
    usual = _USUAL.fullmatch(text)
    if usual:
        day, year, month, number, time, zone = usual.groups("")
        return Date(text, year, month, number, time, zone, "", f"{day}T{time or '00:00:00'}")
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"'{text[:40]}…' is no date that is understood")
    if not text.isascii():
        text = "".join(str(int(c)) if c.isdecimal() else c for c in text)  # ٢٠١٧
    first, slash, rest = text.partition("/")
    ends = (first, rest)
    if slash and all(end in _OPEN or _EDTF.fullmatch(end) for end in ends) and not (first in _OPEN and rest in _OPEN):
        return _interval(text, first, rest)
    return _single(text)


def _interval(text: str, first: str, rest: str) -> Date:
    start = Date(first, lower="0000-00-00T00:00:00") if first in _OPEN else _single(first)
    end = Date(rest) if rest in _OPEN else _single(rest)
    # The latest moment that the end can mean: 1985/198X is right.
    latest = f"{rest[:4].replace('X', '9')}-{end.month or '99'}-{end.day or '99'}T{end.time or '99'}"
    if rest not in _OPEN and latest < start.lower:
        raise ValueError(f"the interval '{text}' ends before it begins")
    return Date(f"{start.text}/{end.text}", start.year, qualifier=start.qualifier, lower=start.lower)


def _single(text: str) -> Date:
    match = _EDTF.fullmatch(text)
    if not match:
        found = [date for date in find(text) if date.start == 0 and date.end == len(text)]
        if len(found) != 1 or not found[0].date.year:
            raise ValueError(f"'{text}' is no date that is understood")
        return found[0].date
    year, month, day = match["year"], match["month"] or "", match["day"] or ""
    qualifier = match["qualifier"] or ""
    if month in _SEASONS and not day:
        return Date(
            text,
            year if year.isdigit() else "",
            qualifier=qualifier,
            lower=f"{year.replace('X', '0')}-{_season(month)}",
        )
    _check(text, year, month, day)
    time, zone = "", ""
    if match["time"]:
        if not day.isdigit():
            raise ValueError(f"'{text}' has a time but no full day")
        time, zone = _time(text, match["time"], match["zone"] or "")
    normal = "-".join(part for part in (year, month, day) if part) + (f"T{time}{zone}" if time else "") + qualifier
    lower = f"{year.replace('X', '0')}-{month if month.isdigit() else '00'}-{day if day.isdigit() else '00'}"
    return Date(
        normal,
        year if year.isdigit() else "",
        month if month.isdigit() else "",
        day if day.isdigit() else "",
        time,
        zone,
        qualifier,
        f"{lower}T{time or '00:00:00'}",
    )


def _season(month: str) -> str:
    return {"21": "03", "22": "06", "23": "09", "24": "12"}[month] + "-00T00:00:00"


def _check(text: str, year: str, month: str, day: str) -> None:
    if day.isdigit() and not month.isdigit():
        raise ValueError(f"'{text}' has a day but no month")
    try:
        # 2000 is a leap year, so that 29 February is possible in an unknown year.
        dt.date(
            int(year) if year.isdigit() and int(year) else 2000,
            int(month) if month.isdigit() else 1,
            int(day) if day.isdigit() else 1,
        )
    except ValueError:
        raise ValueError(f"'{text}' is not a day of the calendar") from None


def _time(text: str, part: str, zone: str) -> tuple[str, str]:
    clock = part[1:].removesuffix(zone).strip()
    clock = clock.split(".")[0]
    clock = clock if len(clock) == 8 else f"{clock}:00"
    try:
        dt.time.fromisoformat(clock)
    except ValueError:
        raise ValueError(f"'{text}' has an impossible time") from None
    if zone in ("Z", "UTC", "GMT") or (zone[:1] == "-" and not zone.strip("-:0")):
        return clock, "Z"  # -00:00 is UTC in RFC 3339, and no zone in ISO 8601 and HTML
    if zone and len(zone) == 3:
        zone += ":00"
    elif zone and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    if zone and (int(zone[1:3]) > 14 or int(zone[4:]) > 59):
        raise ValueError(f"'{text}' has an impossible time zone")
    return clock, zone


def moment(date: Date) -> dt.datetime | None:
    """The date as a moment for feeds, midnight UTC where time or zone are not known; None if the day is not known for sure."""
    if not date.machine:
        return None
    zone = date.zone.replace("Z", "+00:00") or "+00:00"
    return dt.datetime.fromisoformat(f"{date.year}-{date.month}-{date.day}T{date.time or '00:00:00'}{zone}")


# ------------------------------------------------------------------------------------------------- words

_QUALIFIED = {"~": "about", "?": "uncertain", "%": "about_uncertain"}


def words(text: str, language: str = "en", said: Words | None = None) -> str:
    """An EDTF text in words, in the language's own order (CLDR): `14 February 2013`, `about 1957`, `the 1980s`.

    An empty text gives an empty text. `said` are the words of the interface, those of `language` if it is left out.
    """
    return _in_words(without_time(text), language, said)


@lru_cache(maxsize=16384)
def _in_words(text: str, language: str, said: Words | None) -> str:
    """Kept by the day, which many moments share: each article has one of its own."""
    date = parse(text)
    if not date.text:
        return ""
    if _USUAL.fullmatch(date.text):
        return long_day(dt.date(int(date.year), int(date.month), int(date.day)), language)
    if "/" in date.text:
        ends = date.text.split("/")
        return " – ".join("…" if end in _OPEN else words(end, language, said) for end in ends)
    said = said or spoken(language)
    plain = date.text.rstrip("?~%").split("T")[0]
    shown = _plain_words(plain, date, language, said)
    # "year unknown" says it already.
    sure = plain.startswith("XXXX") or not date.qualifier
    return shown if sure else said.text(_QUALIFIED[date.qualifier], date=shown)


def without_time(text: str) -> str:
    """The day of a moment, which thousands of moments share: what is kept by it serves them all. Other dates stay."""
    day, at, clock = text.partition("T")
    return day if at and clock[-1:] not in "?~%" and "/" not in clock else text


def day_name(day: str, language: str = "en") -> str:
    """A day of the year (`04-12`) in the language's own order: `April 12`, `12 de abril`."""
    month, number = day.split("-")
    return skeleton("MMMMd", dt.date(2000, int(month), int(number)), language)


def _plain_words(plain: str, date: Date, language: str, said: Words) -> str:
    year, month, day = date.year, date.month, date.day
    if season := _SEASONS.get(plain[5:]):
        if year:
            return said.text("season_of_year", season=said.text(season), year=plain[:4])
        return said.text("day_of_year", day=said.text(season), year=_vague_year(plain, said))
    if year and int(year) == 0:
        return plain
    if year and month and day:
        return long_day(dt.date(int(year), int(month), int(day)), language)
    if year and month:
        return skeleton("yMMMM", dt.date(int(year), int(month), 1), language)
    if month:
        known = skeleton("MMMMd", dt.date(2000, int(month), int(day)), language) if day else month_name(month, language)
        return said.text("day_of_year", day=known, year=_vague_year(plain, said))
    return plain[:4] if year else _vague_year(plain, said)


def _vague_year(plain: str, said: Words) -> str:
    """`the 1980s` for `198X`, `1900–1999` for `19XX`: "the 1900s" are the ten years after 1899, too."""
    if plain.startswith("XXXX"):
        return said.text("year_unknown")
    known = plain[:4].rstrip("X")
    return said.text("decade", year=f"{known}0") if len(known) == 3 else f"{known}00–{known}99"


# -------------------------------------------------------------------------------------------- in running text


@dataclass(frozen=True, slots=True)
class Found:
    """A date in running text: where it stands, and what it says; a day without a year has no year."""

    start: int
    end: int
    date: Date


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for number, name in month_names(language):
            key = name.lower().rstrip(".")
            if len(key) > 2 and not key.isdigit():
                names.setdefault(key, number)
    # Newsroom habits that CLDR does not have.
    names |= {"sept": 9, "setiembre": 9, "januar": 1, "marz": 3}
    return names


def is_month(word: str) -> bool:
    """Whether a word is a month's name in one of `LANGUAGES`; far cheaper than `find`, to ask first."""
    return word.lower().rstrip(".") in _months()


@lru_cache(maxsize=64)
def month_words(language: str) -> frozenset[str]:
    """The names and short names of the months in one language, lower case and without a final dot."""
    names = {name for _, name in month_names(language)}
    return frozenset(name.lower().rstrip(".") for name in names if len(name) > 2 and not name.isdigit())


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """Those for days in figures, which all have a year; a month's name behind a day; those that begin with the name."""
    month = "|".join(re.escape(name) for name in sorted(_months(), key=lambda name: (-len(name), name)))
    day, year = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|º|\.)?", r"(?P<year>1[5-9]\d\d|20\d\d)"
    link = r"\s{0,3}(?:de|d'|of|del)?\s{0,3}"  # bounded: with \s*, a line of 100,000 spaces took minutes
    figures = (
        re.compile(
            r"(?<!\d)(?P<year>1[5-9]\d\d|20\d\d)(?P<sep>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=sep)(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)"
        ),
        re.compile(rf"(?<![\d.])(?P<day>3[01]|[12]\d|0?[1-9])\.\s?(?P<month>0?[1-9]|1[0-2])\.\s?{year}(?!\d)"),
        re.compile(
            r"(?<!\d)(?P<year>1[5-9]\d\d|20\d\d)\s?年\s?(?P<month>1[0-2]|0?[1-9])\s?月\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?日"
        ),
        re.compile(rf"(?<![\d/])(?P<first>\d\d?)/(?P<second>\d\d?)/{year}(?![\d/])"),
    )
    behind_day = re.compile(rf"(?<!\w){day}{link}(?P<name>{month})\b\.?(?:{link},?\s*{year}(?!\d))?", re.IGNORECASE)
    before = (
        re.compile(rf"(?<!\w)(?P<name>{month})\b\.?\s+{day}(?!\d)(?!\s*[:.]\d)(?:,?\s+{year}(?!\d))?", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?P<name>{month})\b\.?,?{link}{year}(?!\d)", re.IGNORECASE),
    )
    return figures, behind_day, before


_DIGIT = re.compile(r"\d")
_FIGURES = tuple(map(re.compile, (r"[-/.]\d", r"[.]", "年", r"/\d\d?/")))
"""What a day in figures has inside it, in the order of their patterns; to look for a sign costs a tenth."""
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_RUN = re.compile(r"\w+")


def find(text: str) -> Iterator[Found]:
    """The dates in a text, from left to right, longest reading first; impossible days are passed over.

    `3/4/2017` is ambiguous between two countries' orders and is read only where one number is over 12.
    """
    if not _DIGIT.search(text):
        return
    found: list[Found] = []
    taken = bytearray(len(text))  # 1 for each character of a date; a list of them took 20 s for 20,000 dates
    for match in _matches(text):
        start, end = match.span()
        if 1 in taken[start:end]:
            continue
        date = _read(match.groupdict())
        if date:
            found.append(Found(start, end, date))
            taken[start:end] = b"\1" * (end - start)
    yield from sorted(found, key=lambda date: date.start)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What the patterns find, one pattern after the other, each tried only where it can match.

    Most lines with a digit name neither a month nor a year; they cost a fortieth of what seven searches for one of
    300 names do.
    """
    figures, behind_day, before = _patterns()
    if _YEAR.search(text):
        for sign, pattern in zip(_FIGURES, figures, strict=True):
            if sign.search(text):
                yield from pattern.finditer(text)
    if not _may_name_month(text):
        return
    yield from behind_day.finditer(text)
    months = _months()
    starts = [run.start() for run in _RUN.finditer(text) if run[0].lower() in months]
    for pattern in before:
        end = 0
        for start in starts:
            match = pattern.match(text, start) if start >= end else None
            if match:
                end = match.end()
                yield match


def _may_name_month(text: str) -> bool:
    """False if no word is a month's name, nor ends in one behind what can be glued to it: `3May`, `3 deabril`."""
    months, ends = _months(), _month_ends()
    runs = _RUN.findall(text.lower())
    if not months.keys().isdisjoint(runs):
        return True
    return any(
        run[0].isdigit() or (run[:2] in ("de", "of") and (run[2:] in months or run[3:] in months))
        for run in [run for run in runs if run[-3:] in ends]
    )


@lru_cache(maxsize=1)
def _month_ends() -> frozenset[str]:
    return frozenset([name[-3:] for name in _months()])


def may_hold(text: str) -> bool:
    """False for most texts in which `find` finds nothing; costs a fifth of it."""
    return bool(_YEAR.search(text)) or _may_name_month(text)


def _read(parts: dict[str, str | None]) -> Date | None:
    year = f"{int(parts['year'] or 0):04}" if parts.get("year") else "XXXX"  # int: digits of any script
    if parts.get("first"):
        first, second = int(parts["first"] or 0), int(parts["second"] or 0)
        if first != second and (first <= 12) == (second <= 12):
            return None
        month, day = (second, first) if first > 12 else (first, second)
    else:
        name = parts.get("name")
        # 0 for a name in odd letters, which `re` takes for the usual ones: the long s of `ſept`
        month = _months().get(name.lower().rstrip("."), 0) if name else int(parts.get("month") or 0)
        day = int(parts.get("day") or 0)
    try:
        return _single(f"{year}-{month:02}" + (f"-{day:02}" if day else ""))
    except ValueError:
        return None


_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")


def duration(clock: str) -> str:
    """`0:01:32` or `1:32` → ISO 8601 `PT1M32S`; an empty text for zero or what is no running time."""
    match = _CLOCK.fullmatch(clock.strip())
    if not match:
        return ""
    hours, minutes, seconds = int(match[1] or 0), int(match[2]), int(match[3])
    if seconds > 59 or (match[1] and minutes > 59):
        return ""
    minutes, hours = minutes % 60, hours + minutes // 60
    parts = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if value)
    return f"PT{parts}" if parts else ""
