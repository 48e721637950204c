"""Date lines (`Published July 17, 1969 at 6:00 a.m.`): a line in, EDTF texts out. No clock is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from site_builder import dates
from site_builder.vocabulary.lexicon import ordered, phrases

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?")
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<zone>GMT|UTC|Z\b)?(?P<shift>[+-]\d{1,2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?<![\d/])(\d\d?)/(\d\d?)/((?:19|20)?\d\d)(?![\d/])")
_BESIDE = re.compile(
    r"(?<![\d/])\d\d?/\d\d?/(?:19|20)?\d\d\W{1,4}(?:at\s)?"
    r"(?:(?P<hour>1[3-9]|2[0-3])[:.h][0-5]\d(?!\d)|\d\d?:\d\d\s?[AaPp]\.?[Mm]\.?\s(?:[ECMP][SD]T|[ECMP]T)\b)"
)
_DOTTED = re.compile(r"(?<![\d.])(1[0-2]|0?[1-9])\.(3[01]|2\d|1[3-9])\.((?:19|20)\d\d)(?![\d.])")
_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*")
# Scraping often loses the space between two elements: `PublishedMay 3, 20242:26 PM`.
_GLUED = re.compile(
    r"(?<=[^\W\d_])(?=\d)|(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=(?<!\d)[12]\d{3})(?=\d{1,2}[:.])|(?<=, [12]\d{3})(?=\d)|(?<=\.[12]\d{3})(?=\d)"
)
_PERHAPS_GLUED = re.compile(r"[^\W\d_]\d|[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]|\d{5}")
"""What is in every text that `_GLUED` finds something in, for an eighth of its time."""
_DIGIT = re.compile(r"\d")
_COLON = re.compile(r"[:：]")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The dates of one line as EDTF text, and how many of its words are neither date nor the usual words for one."""

    published: str = ""
    updated: str = ""
    others: int = 0


def stamp(text: str, day_first: bool | None = None) -> Stamp | None:
    """What a short line says about when the story was published; None for a line without a date.

    `day_first`: whether the page writes 3/4/2017 for the third of April; such a date is not read if that is not known.
    """
    return _stamp(text, day_first if "/" in text else None) if len(text) <= 200 and _DIGIT.search(text) else None


@lru_cache(maxsize=4096)
def _stamp(text: str, day_first: bool | None) -> Stamp | None:
    raw = text
    whole = "T" in text and _ISO.search(text)
    if not whole and _PERHAPS_GLUED.search(text):
        text = _GLUED.sub(" ", text)
    if not (whole or dates.may_hold(text) or (day_first is not None and "/" in text)):
        return None  # six of ten lines with a digit
    moments = [(match.start(), match.end(), _iso(match[0])) for match in _ISO.finditer(text)] if whole else []
    moments = [moment for moment in moments if moment[2]]
    for found in dates.find(text):
        if found.date.day and not any(start < found.end and found.start < end for start, end, _ in moments):
            moments.append((found.start, found.end, found.date.text))
    if day_first is not None and "/" in text:
        taken = {start for start, _, _ in moments}
        moments += [one for one in _slashed(text, day_first) if one[2] and one[0] not in taken]
    if not moments and text.count(".") > 1:  # 11.15.2019 can only be November
        moments = [(one.start(), one.end(), _iso(f"{one[3]}-{one[1]:0>2}-{one[2]}")) for one in _DOTTED.finditer(text)]
        moments = [moment for moment in moments if moment[2]]
    if not moments or _is_broadcast(raw):
        return None
    moments.sort()
    published = updated = ""
    rest: list[str] = []
    before = 0
    for number, (start, end, day) in enumerate(moments):
        after = moments[number + 1][0] if number + 1 < len(moments) else len(text)
        lead, trail = text[before:start], text[end:after]
        cut = _change(trail)
        clock = "" if "T" in day else _clock(trail[:cut]) or _clock(lead)
        when = day + clock if clock and not day.startswith("XXXX") else day
        if _is_update(lead):
            updated = updated or when
        else:
            published = published or when
        rest += [lead, trail[:cut]]
        before = end + cut
    return Stamp(published, updated, _others(" ".join(rest)))


def _slashed(text: str, day_first: bool) -> list[tuple[int, int, str]]:
    """Where dates such as 3/4/2017 stand, and what they say; an empty text for a day that there is not."""
    found = []
    for match in _SLASHED.finditer(text):
        day, month = (match[1], match[2]) if day_first else (match[2], match[1])
        if len(match[3]) == 4:
            found.append((match.start(), match.end(), _iso(f"{match[3]}-{month:0>2}-{day:0>2}")))
    return found


def writes_day_first(texts: Iterable[str], language: str) -> bool | None:
    """Whether a page writes 3/4/2017 for the third of April; None if nothing on it tells.

    Only English is written in both ways; there the page's other dates tell, of which one number is over 12, else the
    time beside one: no American writes 15:30, and no other Eastern time.
    """
    if language.split("-")[0] not in ("", "en"):
        return True
    days = months = False
    timed: set[bool] = set()
    for text in texts:
        beside = _BESIDE.search(text) if "/" in text else None
        if beside:
            timed.add(bool(beside["hour"]))
        for match in _SLASHED.finditer(text) if "/" in text else ():
            first, second = int(match[1]), int(match[2])
            days |= 12 < first <= 31 and 1 <= second <= 12
            months |= 12 < second <= 31 and 1 <= first <= 12
    if days == months:
        return timed.pop() if len(timed) == 1 and not days else None
    return days


def _is_broadcast(text: str) -> bool:
    """Whether a line says when a recording was broadcast: `Listen: 3 May 2024`."""
    label = _COLON.split(text, maxsplit=1)[0].strip().casefold()
    return label in phrases("player", "listen") or label in phrases("player", "watch")


def _iso(text: str) -> str:
    try:
        return dates.parse(text).text
    except ValueError:
        return ""


def _change(text: str) -> int:
    """Where in the text after a date the words about the next one begin."""
    match = _changes().search(text)
    return match.start() if match else len(text)


@lru_cache(maxsize=1)
def _changes() -> re.Pattern[str]:
    words = sorted((*ordered("dates", "updated"), *ordered("dates", "published")), key=lambda word: -len(word))
    return re.compile(
        rf"[/|·•(;](?!\s*\d{{1,2}}[:.h]\d\d)|(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _updates() -> re.Pattern[str]:
    words = sorted(ordered("dates", "updated"), key=lambda word: -len(word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _is_update(lead: str) -> bool:
    return bool(_updates().search(lead))


def _clock(text: str) -> str:
    match = _CLOCK.search(text)
    if not match:
        return ""
    hour = int(match["hour"])
    half = (match["half"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = ""
    if match["zone"]:
        zone = _shift(match["shift"]) if match["shift"] else "Z"
    return f"T{hour:02}:{match['minute']}:{match['second'] or '00'}{zone}"


def _shift(shift: str) -> str:
    sign, digits = shift[0], shift[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return f"{sign}{hours:02}:{minutes:02}" if hours <= 14 and minutes < 60 else ""


@lru_cache(maxsize=1)
def _usual() -> frozenset[str]:
    words: set[str] = set()
    for name in ("published", "updated", "weekdays", "clockwords"):
        for phrase in phrases("dates", name):
            words.update(re.split(r"[\s.]+", phrase))
    return frozenset(words)


def _others(text: str) -> int:
    usual = _usual()
    return sum(
        not all(part in usual for part in re.split(r"[.'’]", word.casefold()) if part) for word in _WORD.findall(text)
    )
