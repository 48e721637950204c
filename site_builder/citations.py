"""An article → how to cite it: Chicago, MLA and APA as texts with marks, BibTeX and RIS as files, and tags' dates.

Chicago is the bibliography form of the Manual's 17th edition (14.191–200), MLA that of the 9th, APA that of the 7th.
Their order and their italics are the same on every site; the words, quotation marks and dates are the site's
language's (`citation_words`). They are given for the newspaper where the article stood, and end with the archive's
address. Titles keep their capitals: to know which words of a headline are names is beyond a program. What is not known
is left out, or marked as each style marks it. BibTeX and RIS are for programs, and the same everywhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from . import dates
from .citation_words import Manner, ended, manner
from .model import Date
from .wording import ENGLISH, Words, spoken

CHICAGO_NAMES, CHICAGO_SHOWN = 10, 7
APA_NAMES, APA_SHOWN = 20, 19


class Work(NamedTuple):
    """What a citation names. `url` is the original's address, `here` the archive's, empty where there is none; `date`
    is EDTF; `key` is a word that no other article has.
    """

    title: str
    key: str
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    publication: str = ""
    date: str = ""
    url: str = ""
    here: str = ""
    archive: str = ""
    section: str = ""
    language: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()


ITALICS, UPRIGHT = "\x01", "\x02"
"""What stands before and behind a title in italics; no text of ours has these signs."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as lists have it; `family` alone for a group, or for a name that can't be told apart."""

    family: str
    given: str = ""
    suffix: str = ""


# -------------------------------------------------------------------------------------------------- names


@lru_cache(maxsize=1)
def _rules() -> dict[str, frozenset[str]]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {key: frozenset(words) for key, words in table.items()}


@lru_cache(maxsize=8192)
def name(text: str) -> Name:
    """A name taken apart: `Ursula von der Leyen` → `von der Leyen`, `Ursula`.

    Only where letters have cases is it the last word that is the family's; other scripts' names stay whole, and so do
    names of one word, of groups, and those with a comma or a digit.
    """
    words = text.split()
    rules = _rules()
    cased = all(word[:1].lower() != word[:1].upper() for word in words)
    if len(words) < 2 or not cased or re.search(r"[,;/&()\d]", text):
        return Name(text)
    if rules["groups"] & {word.casefold() for word in words} or " and " in text or (text.isupper() and len(words) > 3):
        return Name(text)
    suffix = words.pop() if words[-1].casefold() in rules["suffixes"] and len(words) > 2 else ""
    start = next((i for i in range(1, len(words) - 1) if words[i] in rules["particles"]), len(words) - 1)
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _inverted(one: Name) -> str:
    return ", ".join(part for part in (one.family, one.given, one.suffix) if part)


def _straight(one: Name) -> str:
    return " ".join(part for part in (one.given, one.family, one.suffix) if part)


def _initials(one: Name) -> str:
    """`Ekberg, C. M.`; a hyphen stays: `Sartre, J.-P.`"""
    given = " ".join("-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in one.given.split())
    return ", ".join(part for part in (one.family, given, one.suffix) if part)


# Authors and dates stand on many articles: kept, they take a third of the time of an article's citations.
_kept = lru_cache(maxsize=8192)


@_kept
def _names(authors: tuple[str, ...], agencies: tuple[str, ...]) -> tuple[Name, ...]:
    """Who wrote it: people, or else the agencies that it came from."""
    return tuple(name(author) for author in authors) or tuple(Name(agency) for agency in agencies)


@_kept
def _chicago_authors(authors: tuple[str, ...], agencies: tuple[str, ...], by: Manner) -> str:
    names = _names(authors, agencies)
    if not names:
        return ""
    first, *rest = names
    if len(names) > CHICAGO_NAMES:
        return _stopped(by.comma.join([_inverted(first), *map(_straight, rest[: CHICAGO_SHOWN - 1]), by.others]))
    listed = [_inverted(first), *map(_straight, rest)]
    return _stopped(_series(listed, by.comma, by.last))


@_kept
def _mla_authors(authors: tuple[str, ...], agencies: tuple[str, ...], by: Manner) -> str:
    names = _names(authors, agencies)
    if len(names) > 2:
        return _stopped(f"{_inverted(names[0])}{by.comma}{by.others}")
    return _stopped(by.last.join([*map(_inverted, names[:1]), *map(_straight, names[1:])])) if names else ""


@_kept
def _apa_authors(authors: tuple[str, ...], agencies: tuple[str, ...], by: Manner) -> str:
    names = _names(authors, agencies)
    listed = [_initials(one) for one in names]
    if len(names) > APA_NAMES:
        return _stopped(by.comma.join(listed[:APA_SHOWN]) + f"{by.comma}. . . {listed[-1]}")
    return _stopped(_series(listed, by.comma, by.last_apa)) if names else ""


def _series(listed: Sequence[str], comma: str, last: str) -> str:
    return last.join([comma.join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


# -------------------------------------------------------------------------------------------------- dates


def _known(date: str) -> Date:
    try:
        return dates.parse(date)
    except ValueError:
        return dates.UNKNOWN


def _day(date: Date) -> str:
    return date.day.lstrip("0")


def _plain(date: Date) -> bool:
    """Whether year, month and day say all that is known."""
    return bool(date.year) and "/" not in date.text


def _marked(shown: str, qualifier: str, about: str) -> str:
    """A date with what is not sure about it; what is supplied stands in brackets."""
    marks = {"~": f"{about} {shown}", "?": f"[{shown}?]", "%": f"[{about} {shown}?]"}
    return marks.get(qualifier, shown)


@_kept
def _chicago_date(text: str, by: Manner) -> str:
    """`April 12, 2017`; `ca. 1998`; `[1985?]`, as what is supplied stands in brackets; `n.d.`, and what is known."""
    date = _known(text)
    if not _plain(date):
        return _stopped(_unknown(date, by))
    return _stopped(by.dated(_marked(by.long(date), date.qualifier, by.about)))


@_kept
def _mla_date(text: str, by: Manner) -> str:
    """`12 Apr. 2017`; `circa 1998`; `[1985?]`; nothing where there is none, for MLA has no word for that."""
    date = _known(text)
    if not _plain(date):
        said = by.words(date.text)
        return by.dated(f"[{said}]") if said else ""
    return by.dated(_marked(by.short(date), date.qualifier, by.about_mla))


@_kept
def _apa_date(text: str, by: Manner) -> str:
    """`2017, April 12`; `ca. 1998`; `1985?`; `n.d.`"""
    date = _known(text)
    if not _plain(date):
        return _unknown(date, by)
    about = f"{by.about} " if date.qualifier in ("~", "%") else ""
    return by.dated(f"{about}{by.year_first(date)}{'?' if date.qualifier in ('?', '%') else ''}")


def _unknown(date: Date, by: Manner) -> str:
    said = by.words(date.text)
    return by.dated(f"{by.undated} [{said}]" if said else by.undated)


def slashed(date: str) -> str:
    """`2017/04/12`, `2017/04` or `2017` for Highwire's tags; empty where it is not known for sure."""
    found = dates.parse(date)
    return "/".join(found.bucket) if found.year and not found.qualifier and "/" not in found.text else ""


# ------------------------------------------------------------------------------------------------ citations


def chicago(work: Work, said: Words | None = None) -> str:
    """Chicago, 17th edition: of an unsigned article the newspaper's name stands in the author's place."""
    by = _manner(said)
    authors, paper = _chicago_authors(work.authors, work.agencies, by), _italic(work.publication)
    first = f"{authors} " if authors else f"{paper}. " if paper else ""
    container = f"{paper}{by.comma}" if authors and paper else ""
    return f"{first}{by.quoted(work.title)} {container}{_chicago_date(work.date, by)}{_places(work, by)}"


def mla(work: Work, said: Words | None = None) -> str:
    """MLA, 9th edition: the archive is the second container."""
    by = _manner(said)
    authors, date, paper = _mla_authors(work.authors, work.agencies, by), _mla_date(work.date, by), work.publication
    made = by.quoted(work.title)
    if paper or date or work.url:
        made += f" {_italic(paper)}" if paper else ""
        if date:
            made += f"{by.comma}{date}" if paper else f" {date[:1].upper()}{date[1:]}"
        if work.url:
            made += f"{by.comma if paper or date else ' '}{_bare(work.url)}"
        made = _stopped(made)
    if work.archive:
        made += f" {_italic(work.archive)}{f'{by.comma}{_bare(work.here)}.' if work.here else '.'}"
    return f"{authors} {made}" if authors else made


def apa(work: Work, said: Words | None = None) -> str:
    """APA, 7th edition: of an unsigned article the title stands in the author's place."""
    by = _manner(said)
    authors, date, title = _apa_authors(work.authors, work.agencies, by), _apa_date(work.date, by), _stopped(work.title)
    first = f"{authors} ({date}). {title}" if authors else f"{title} ({date})."
    paper = f" {_italic(work.publication)}." if work.publication else ""
    return f"{first}{paper}{_places(work, by)}"


def _italic(title: str) -> str:
    return f"{ITALICS}{title}{UPRIGHT}" if title else ""


def _manner(said: Words | None) -> Manner:
    return manner(said or spoken(ENGLISH))


def _places(work: Work, by: Manner) -> str:
    """The addresses that end a citation: the original's, and the archive's with its name."""
    original = f" {work.url}{'.' if work.here or work.archive else ''}" if work.url else ""
    if not work.archive:
        return original
    before, after = by.held
    return f"{original} {before}{_italic(work.archive)}{after}{f'{by.comma}{work.here}' if work.here else ''}."


def _stopped(text: str) -> str:
    """A text that ends a sentence: with a full stop, unless a mark ends it already, before closing quotes if need be."""
    return text if ended(text) else f"{text}."


def _bare(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://")


# ---------------------------------------------------------------------------------------------------- files

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def bibtex(work: Work) -> str:
    """A BibTeX entry in UTF-8. `year` and `month` are for BibTeX, `date` (EDTF) for biblatex, which can say `1998~`."""
    here, address = work.here, _address(work.url or work.here)
    lines = [
        f"@{'article' if work.publication else 'misc'}{{{work.key},",
        f"  title = {{{{{_tex(work.title)}}}}},",
        *_tex_authors(work.authors, work.agencies),
        *((f"  journal = {{{_tex(work.publication)}}},", "  entrysubtype = {newspaper},") if work.publication else ()),
        *_tex_date(work.date),
    ]
    if address:
        lines.append(f"  url = {{{address}}},")
    if here:
        lines.append(f"  howpublished = {{{_tex(f'Archived in {work.archive}: ')}\\url{{{_address(here)}}}}},")
    if work.language:
        lines.append(f"  langid = {{{work.language}}},")
    lines.append("}")
    return "\n".join(lines)


@_kept
def _tex_authors(authors: tuple[str, ...], agencies: tuple[str, ...]) -> tuple[str, ...]:
    names = _names(authors, agencies)
    listed = " and ".join([_tex(_inverted(one)) if one.given else f"{{{_tex(one.family)}}}" for one in names])
    return (f"  author = {{{listed}}},",) if listed else ()


@_kept
def _tex_date(text: str) -> tuple[str, ...]:
    date = _known(text)
    if date.year and not date.qualifier and _plain(date):
        fields = (
            ("year", f"{{{date.year}}}"),
            ("month", date.month and _MONTHS[int(date.month) - 1]),
            ("day", _day(date)),
        )
        return tuple(f"  {key} = {f'{{{value}}}' if key == 'day' else value}," for key, value in fields if value)
    said = dates.words(date.text)
    known = (f"  date = {{{date.text.partition('T')[0]}}},",) if date.year else ()
    return (*known, f"  note = {{{_tex(f'Date: {said}')}}},") if said else known


def _tex(text: str) -> str:
    return text.translate(_LATEX)


def _address(url: str) -> str:
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D").replace(" ", "%20")


def ris(work: Work) -> str:
    """An RIS record of type NEWS. `DA` is year/month/day/other; a day whose year is not known is a note."""
    year, date, note = _ris_date(work.date)
    lines = [
        *("TY  - NEWS", f"TI  - {_line(work.title)}"),
        *_ris_authors(work.authors, work.agencies),
    ]
    for key, value in (("T2", work.publication), ("PY", year), ("DA", date), ("N1", note), ("AB", work.summary)):
        if value:
            lines.append(f"{key}  - {_line(value)}")
    lines += [f"KW  - {_line(tag)}" for tag in work.tags]
    for key, value in (
        *(("LA", work.language), ("SE", work.section), ("DB", work.archive)),
        *(("UR", work.url), ("UR", work.here)),
    ):
        if value:
            lines.append(f"{key}  - {_line(value)}")
    lines.append("ER  - ")
    return "\n".join(lines)


def _line(value: str) -> str:
    """A line is a field: a line end inside one would begin another. Such are rare, and looking costs a tenth of joining."""
    return value if value.isprintable() else " ".join(value.split())


@_kept
def _ris_authors(authors: tuple[str, ...], agencies: tuple[str, ...]) -> tuple[str, ...]:
    names = [_inverted(one) if one.given else one.family for one in _names(authors, agencies)]
    return tuple(f"AU  - {_line(name)}" for name in names if name)


@_kept
def _ris_date(text: str) -> tuple[str, str, str]:
    """Year, day and note of a record."""
    known = _known(text)
    if _plain(known):
        other = {"~": "ca.", "?": "uncertain", "%": "ca., uncertain"}.get(known.qualifier, "")
        return known.year, f"{known.year}/{known.month}/{known.day}/{other}", ""
    said = dates.words(known.text)
    return "", "", f"Date: {said}" if said else ""
