"""What CLDR knows of a language, through Babel: dates, numbers, plural categories, names of days. No words of ours.

Babel is imported here and nowhere else, and late, for it takes 60 ms. A language that it does not know is taken for
its main part (`pt-XX` for `pt`), and else for English.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale
    from babel.localedata import LocaleDataDict

LANGUAGES = (
    "en",
    "es",
    "fr",
    "de",
    "it",
    "pt",
    "nl",
    "ru",
    "uk",
    "ar",
    "pl",
    "tr",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "ro",
)
"""Languages whose month names are looked for in running text."""


@lru_cache(maxsize=1)
def _language_class() -> type[Locale]:
    """Babel's `Locale`, with names of months that belong to one language.

    Babel (2.18) keeps what it has looked up in data that languages share: after `he`, April is Hebrew in `no`, too
    (python-babel issue 1234). What a page says would depend on what was rendered before it.
    """
    from babel import Locale
    from babel.localedata import LocaleDataDict, load

    class Language(Locale):
        @cached_property
        def months(self) -> LocaleDataDict:
            return _own(self, "months")

        @cached_property
        def days(self) -> LocaleDataDict:
            return _own(self, "days")

    def _own(locale: Locale, name: str) -> LocaleDataDict:
        shared = load(str(locale).partition("@")[0])
        own: dict[str | int | None, Any] = {**dict(shared.items()), name: deepcopy(shared[name])}
        found: LocaleDataDict = LocaleDataDict(own)[name]
        return found

    return Language


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    from babel import UnknownLocaleError

    try:
        return _language_class().parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        first = language.split("-")[0]
        return _language_class()(first if first in LANGUAGES else "en")


def long_day(day: dt.date, language: str) -> str:
    """A day with its month's name and the year, in the language's own order."""
    pattern, months = _long_days(language)
    if pattern:
        return pattern % {"d": day.day, "dd": f"{day.day:02}", "MMMM": months[day.month], "y": day.year}
    from babel.dates import format_date

    return format_date(day, "long", locale=_locale(language))


@lru_cache(maxsize=64)
def _long_days(language: str) -> tuple[str, Mapping[int, str]]:
    """CLDR's pattern for a day, empty where it has rare parts, and the months' names: to fill it in here takes a fifth
    of the time, and nearly every page shows a day that no other one does.
    """
    from babel.dates import get_date_format, get_month_names

    pattern = str(get_date_format("long", _locale(language)).format)
    rare = set(re.findall(r"%\((\w+)\)s", pattern)) - {"d", "dd", "MMMM", "y"}
    names = get_month_names("wide", "format", _locale(language))
    return "" if rare else pattern, {number: str(names[number]) for number in range(1, 13)}


def skeleton(pattern: str, day: dt.date, language: str) -> str:
    """The parts of a day that a CLDR skeleton names (`yMMMM`, `MMMMd`), in the language's own order."""
    from babel.dates import format_skeleton

    return format_skeleton(pattern, dt.datetime(day.year, day.month, day.day), locale=_locale(language))


@lru_cache(maxsize=1024)
def month_name(month: str, language: str = "en", width: str = "wide") -> str:
    """`04` → `April`, as CLDR names a month that stands alone; `width` may be `abbreviated`."""
    from babel.dates import get_month_names

    return str(get_month_names(width, "stand-alone", _locale(language))[int(month)])  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def month_names(language: str) -> tuple[tuple[int, str], ...]:
    """Number and name of each month, wide and abbreviated, in and out of a date."""
    months = _locale(language).months
    return tuple(
        (number, name)
        for context in months.values()
        for width in ("wide", "abbreviated")
        for number, name in context[width].items()
    )


@lru_cache(maxsize=64)
def week_days(language: str) -> tuple[tuple[str, str], ...]:
    """The shortest and the full name of each day of the week, from Monday."""
    days = _locale(language).days["stand-alone"]
    return tuple((str(days["narrow"][n]), str(days["wide"][n])) for n in range(7))


@lru_cache(maxsize=4096)
def number(value: int, language: str) -> str:
    """A whole number with the language's separators: `1,234`, `1.234`, `1 234`."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale(language))


@lru_cache(maxsize=64)
def plural_rule(language: str) -> Callable[[int], str]:
    """A function from a whole number to its CLDR plural category: `one`, `few`, `other` …"""
    form = _locale(language).plural_form
    return lambda value: str(form(value))


@lru_cache(maxsize=64)
def plural_categories(language: str) -> frozenset[str]:
    """The plural categories that whole numbers have in a language."""
    return frozenset(_locale(language).plural_form.tags | {"other"})


@lru_cache(maxsize=1)
def _language_names() -> Mapping[str, str]:
    return {name.lower(): code for code, name in sorted(_locale("en").languages.items()) if len(code) < 4}


def language_of_name(name: str) -> str:
    """The code of a language by its English name (`English`), or an empty text."""
    return _language_names().get(name.strip().lower(), "")
