"""What stands between the parts of a citation, in the language of the site: quotation marks, "and", "n.d.", dates.

Goes in: the words of the interface. Goes out: a `Manner`. What comes first and what in italics is the styles' own
(`citations`). English dates are those of the manuals; the manuals' editions in other languages (APA in Spanish,
Chicago-Deusto) write them as the language does, and so do we: as CLDR has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from . import dates, locales
from .model import Date
from .wording import ENGLISH, Words

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_QUOTED = re.compile(r"\"([^\"]*)\"|[“„]([^“”„]*)[”“]|«([^«»]*)»")


@dataclass(frozen=True, slots=True, eq=False)
class Manner:
    """The words of one language; equal to itself alone. `last` goes before the last of several names, `last_apa` so in
    APA; `date`, `held` … are what stands before and after a date and the archive's name.
    """

    said: Words
    english: bool
    comma: str
    last: str
    last_apa: str
    others: str
    about: str
    about_mla: str
    undated: str
    date: tuple[str, str]
    held: tuple[str, str]
    quotes: tuple[str, str]
    inside: tuple[str, str]

    def quoted(self, title: str) -> str:
        """A title as a sentence between quotation marks; marks in it become those for a quotation in a quotation."""
        if '"' in title or "“" in title or "„" in title or "«" in title:
            title = _QUOTED.sub(self._inside, title)
        start, end = self.quotes
        return f"{start}{title}{end.replace('.', '') if ended(title) else end}"

    def _inside(self, found: re.Match[str]) -> str:
        start, end = self.inside
        return f"{start}{found[found.lastindex or 1].strip()}{end}"

    def dated(self, shown: str) -> str:
        """A date as it stands among the other parts."""
        return f"{self.date[0]}{shown}{self.date[1]}"

    def words(self, date: str) -> str:
        """An EDTF date with all that it leaves open."""
        return dates.words(date, self.said.language, self.said)

    def long(self, date: Date) -> str:
        """`April 12, 2017`; `12. April 2017`. Of a date with a year, without what is not sure about it."""
        if not self.english:
            return self.words("-".join(date.bucket))
        day = f" {date.day.lstrip('0')}," if date.day else ""
        return f"{_month(date, _MONTHS)}{day} {date.year}".strip()

    def short(self, date: Date) -> str:
        """`12 Apr. 2017` as MLA shortens months in English; elsewhere as `long`."""
        if not self.english:
            return self.long(date)
        return " ".join(part for part in (date.day.lstrip("0"), _month(date, _SHORT), date.year) if part)

    def year_first(self, date: Date) -> str:
        """`2017, April 12`; `2017, 12. April`."""
        if self.english:
            rest = " ".join(part for part in (_month(date, _MONTHS), date.day.lstrip("0")) if part)
        elif date.day:
            rest = dates.day_name(f"{date.month}-{date.day}", self.said.language)
        else:
            rest = locales.month_name(date.month, self.said.language) if date.month else ""
        return f"{date.year}{self.comma}{rest}" if rest else date.year


def _month(date: Date, names: tuple[str, ...]) -> str:
    return names[int(date.month) - 1] if date.month else ""


def ended(text: str) -> bool:
    """Whether a mark ends a sentence already, before closing quotation marks if need be."""
    return text.rstrip("”’“‘»\"') \xa0")[-1:] in tuple(".?!…")


@lru_cache(maxsize=16)
def manner(said: Words) -> Manner:
    """The manner of a language; English where its words are."""

    def around(key: str, name: str) -> tuple[str, str]:
        before, _, after = said.text(key).partition(f"{{{name}}}")
        return before, after

    return Manner(
        said,
        said.language.split("-")[0].lower() == ENGLISH,
        said.text("cite_comma"),
        said.text("cite_last"),
        said.text("cite_last_apa"),
        said.text("cite_others"),
        said.text("cite_about"),
        said.text("cite_about_mla"),
        said.text("cite_undated"),
        around("cite_date", "date"),
        around("cite_held", "archive"),
        around("cite_quoted", "title"),
        around("cite_inside", "title"),
    )
