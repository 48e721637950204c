"""What the search page looks in, as pages of the plan: names in lists by the beginnings of their words, and dates.

A list is a small script, since a page that lies on a disk can load nothing else. Each holds `LIST_SIZE` names at most:
one with more of them has those with the most articles, and tells by which letters its words go on; for each of these,
up to `MAX_LETTERS`, there is another list. So a name is found by any of its words in two or three lists, whatever the size of the archive,
and a new name changes the lists of its own words. `fold` is done in the same way by the theme's `search.js`, which
gets the letters of `finding.toml` with its first list.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import urls
from .model import Group, Page
from .parts import data, group

LIST_SIZE = 800
"""Names of a list: some 40 kB; the longest that can be, under 500 kB."""
MAX_NAME = 120
"""Characters of a name that a list shows."""
MAX_WORDS = 12
"""Words, or beginnings in scripts that set no spaces, by which a name is found."""

MAX_LETTERS = 16
"""Letters by which lists are told apart; what these do not part stays in one list, cut."""

Name = tuple[str, str, int]
"""A term's name, its path part, and how many articles it has."""

NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\U00020000-\U0003ffff"
"""Scripts that set no spaces between words, as ranges of a regular expression: a word may begin at any letter."""
_UNSPACED = re.compile(f"[{NO_SPACES}]")
_GAPS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1)
def table() -> Mapping[str, Mapping[str, object]]:
    """The letters that are taken for others, and the words that dates may carry."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def letters() -> dict[str, str]:
    """Letters that are taken for others, digits of other scripts among them."""
    digits = {chr(zero + n): str(n) for zero in (0x660, 0x6F0, 0x966, 0x9E6) for n in range(10)}
    return {**{letter: str(other) for letter, other in table()["letters"].items()}, **digits}


def fold(text: str) -> str:
    """A text as it is compared: words of letters and digits with one space between them, no accents, no capitals."""
    if text.isascii():
        return _GAPS.sub(" ", text.lower()).strip()
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M"))
    ours = letters()
    told = "".join(ours.get(c, c) for c in plain.lower())
    return " ".join("".join(c if unicodedata.category(c)[0] in "LN" else " " for c in told).split())


def beginnings(name: str) -> list[str]:
    """What a name may be found by: each of its words, and where no spaces are set each rest of one."""
    found: dict[str, None] = {}
    for word in fold(name).split():
        found[word] = None
        if _UNSPACED.search(word):
            found |= dict.fromkeys(word[n:] for n in range(1, len(word)))
    return list(found)[:MAX_WORDS]


def page(counts: Mapping[str, int], years: Mapping[str, int], undated: int, total: int) -> Group:
    """The search page, with the ways to all indexes and how much each holds; and what its script starts with."""
    known = sorted(years)
    values = data(
        kinds=[[kind, counts[kind]] for kind in urls.KINDS if counts.get(kind)],
        span=[known[0], known[-1]] if known else [],
        undated=undated,
        total=total,
    )
    kinds = data(kinds=[kind for kind in urls.KINDS if counts.get(kind)], dates=bool(known))
    made = [Page(urls.SEARCH, "search", data=values), Page(urls.search_list("start"), "search_start", data=kinds)]
    return group("the search page", lambda: made, values=values)


# ---------------------------------------------------------------------------------------------------- names


def names(kind: str, terms: Sequence[Name]) -> Group:
    """The lists of a kind of terms."""
    return group(f"search {kind}", _Lists(kind, terms), names=terms)


@dataclass(frozen=True, slots=True)
class _Lists:
    """A list for each beginning that too many words share, and one for each letter that follows it."""

    kind: str
    terms: Sequence[Name]

    def __call__(self) -> Iterator[Page]:
        ranked = sorted(self.terms, key=lambda term: (-term[2], term[1]))
        # A name without letters or digits is in the first list, as far as that goes.
        pairs = [(word, n) for n, (name, _, _) in enumerate(ranked) for word in beginnings(name) or [""]]
        yield from self._under("", pairs, ranked)

    def _under(self, start: str, pairs: Iterable[tuple[str, int]], ranked: Sequence[Name]) -> Iterator[Page]:
        below: dict[str, list[tuple[str, int]]] = defaultdict(list)
        held: dict[int, None] = {}
        for word, n in pairs:
            held[n] = None
            if len(word) > len(start):
                below[word[len(start)]].append((word, n))
        whole = len(held) <= LIST_SIZE
        letters = "" if whole or len(start) == MAX_LETTERS else "".join(sorted(below))
        shown = [(_short(name), slug, count) for name, slug, count in (ranked[n] for n in list(held)[:LIST_SIZE])]
        key = "-".join((self.kind, *(f"{ord(c):x}" for c in start)))
        yield Page(urls.search_list(key), "search_list", data=data(key=key, values=[shown, letters, int(not whole)]))
        for letter in letters:
            yield from self._under(start + letter, below[letter], ranked)


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


# ---------------------------------------------------------------------------------------------------- dates


def dates(
    years: Mapping[str, int], months: Mapping[tuple[str, ...], int], days: Mapping[tuple[str, ...], int]
) -> Iterator[Group]:
    """A list of all years with their months, and one of each year's days, with how many articles each has."""
    held = [[y, n, [months.get((y, f"{m:02}"), 0) for m in range(1, 13)]] for y, n in sorted(years.items())]
    yield _list("dates", [held, of_the_year(days)])
    by_year: dict[str, list[list[object]]] = {year: [] for year in sorted(years)}
    for (y, m, d), n in sorted(days.items()):
        by_year[y].append([m + d, n])
    for year, listed in by_year.items():
        if listed:
            yield _list(f"days-{year}", [listed])


def of_the_year(days: Iterable[tuple[str, ...]]) -> list[int]:
    """The days of the year that have articles, as a number for each month: bit 0 is its first day."""
    found = [0] * 12
    for _, month, day in days:
        found[int(month) - 1] |= 1 << (int(day) - 1)
    return found


def _list(key: str, values: object) -> Group:
    told = data(key=key, values=values)
    return group(f"search {key}", lambda: [Page(urls.search_list(key), "search_list", data=told)], values=told)
