"""Media players: a block of controls and running times becomes one Media with title and duration."""

from __future__ import annotations

import re
from functools import lru_cache

from site_builder import dates
from site_builder.extraction.text.lines import Draft, Line, Mark, rules
from site_builder.model import Media
from site_builder.vocabulary.lexicon import openings, phrases

_CLOCKS = re.compile(r"(?:[-–/]?\s*\d{1,2}:\d{2}(?::\d{2})?\s*)+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_QUALITY = re.compile(r"(?:\d{3,4}p\b|\d+\s*kbps\b)", re.IGNORECASE)
_LABEL = re.compile(r"([^:：]{2,24})[:：]\s*(\S.+)")

_COPIED = "the code has been copied"

REACH = 30
"""How many lines a player's block may have; those of the seen sites have up to 20."""


def find_players(draft: Draft) -> Draft:
    """Each player's lines marked, and what they play given to the article."""
    marks: dict[int, Mark] = {}
    media: list[Media] = []
    strong = phrases("player", "strong")
    likely = [  # nearly no lines: a call for each costs as much as all else here
        index
        for index, line in enumerate(draft.lines)
        if line.key in strong or line.marks.count(":") > 1 or line.key.startswith(_COPIED)
    ]
    for index in likely:
        line = draft.lines[index]
        if line.key not in strong and not _is_strong(line):
            continue
        if index in marks or index in draft.marks:
            continue
        start, end = _block(draft, index)
        titles = _titles(draft, start, end)
        for inside in range(start, end + 1):
            marks.setdefault(inside, Mark("removed", "media player control"))
        found = _describe(draft, start, end, titles, marks)
        if found and found not in media:
            media.append(found)
    marks |= _alone(draft, marks, media)
    return draft.mark(marks).with_facts(media=tuple(media))


def _is_control(line: Line) -> bool:
    return (
        line.key in phrases("player", "exact")
        or bool(openings("player", "starts").find(line.key))
        or bool(_CLOCKS.fullmatch(line.text))
        or (bool(_QUALITY.match(line.text)) and line.words <= 5)
    )


def _is_strong(line: Line) -> bool:
    if line.key.startswith(_COPIED):
        return True
    return line.text.count(":") >= 2 and len(_CLOCK.findall(line.text)) >= 2 and bool(_CLOCKS.fullmatch(line.text))


def _label(line: Line) -> tuple[str, str]:
    """`WATCH: Title` → ("video", "Title"); two empty texts for other lines."""
    match = _LABEL.fullmatch(line.text)
    if not match or line.words > 30:
        return "", ""
    word = match[1].strip().casefold()
    if word in phrases("player", "watch"):
        return "video", match[2].strip()
    return ("audio", match[2].strip()) if word in phrases("player", "listen") else ("", "")


def _block(draft: Draft, index: int) -> tuple[int, int]:
    """The first and last line of the block of controls around `index`; titles between controls belong to it."""
    lines = draft.lines
    start = end = index
    while start > 0 and index - start < REACH and start - 1 not in draft.marks:
        if _is_control(lines[start - 1]) or (
            start > 1 and lines[start - 1].copies > 1 and _is_control(lines[start - 2]) and not lines[start - 1].prose
        ):
            start -= 1
        else:
            break
    while end + 1 < len(lines) and end - index < REACH and end + 1 not in draft.marks and _is_control(lines[end + 1]):
        end += 1
    return start, end


def _titles(draft: Draft, start: int, end: int) -> list[int]:
    """The lines that name what is played: right above the block, inside it, or after `WATCH:` right below it."""
    lines = draft.lines
    found = [index for index in range(start, end + 1) if not _is_control(lines[index])]
    if end + 1 < len(lines) and _label(lines[end + 1])[1] and end + 1 not in draft.marks:
        found.append(end + 1)
    above = start - 1
    if above >= 0 and above not in draft.marks and lines[above].words <= 30:
        named = {lines[index].key for index in found} | {_label(lines[index])[1].casefold() for index in found}
        same = any(key and (lines[above].key == key or lines[above].text.casefold() == key) for key in named)
        if same or (not lines[start].gap and not lines[above].prose and above > 0 and lines[above].gap):
            found.insert(0, above)
    return found


def _describe(draft: Draft, start: int, end: int, titles: list[int], marks: dict[int, Mark]) -> Media | None:
    lines = draft.lines
    title, kind = "", "video"
    for index in titles:
        labelled, text = _label(lines[index])
        kind = labelled or kind
        if not title:
            title = text or lines[index].text
            marks[index] = Mark("media", f"{kind} title")
        else:
            marks[index] = Mark("removed", f"{kind} title printed twice")
    if any("kbps" in lines[index].key or lines[index].key.startswith("audio") for index in range(start, end + 1)):
        kind = "audio"
    duration = ""
    for index in range(start, end + 1):
        if not _CLOCKS.fullmatch(lines[index].text):
            continue
        longest = max(_CLOCK.findall(lines[index].text), key=_seconds)
        if not duration and dates.duration(longest):
            duration = dates.duration(longest)
            marks[index] = Mark("media", "running time")
    return Media(kind, title, duration) if title or duration else None


def _seconds(clock: str) -> int:
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part)
    return total


@lru_cache(maxsize=1)
def _controls() -> frozenset[str]:
    return phrases("player", "exact") - phrases("player", "ambiguous")


def _alone(draft: Draft, taken: dict[int, Mark], media: list[Media]) -> dict[int, Mark]:
    """Controls without a block around them, and later repeats of a title that a player has shown."""
    controls = _controls()
    titles = {one.title for one in media if one.title}
    marks: dict[int, Mark] = {}
    for index, line in enumerate(draft.lines):
        if line.key in controls or (line.text[0].isdigit() and line.words <= 4 and _QUALITY.match(line.text)):
            if index in taken or index in draft.marks:
                continue
            marks |= rules([index], "removed", "media player control")
        elif titles and index not in taken and index not in draft.marks and _label(line)[1] in titles:
            marks |= rules([index], "removed", "video title printed twice")
    return marks
