"""Parts that were built apart, as one archive: what a join takes from them, and why it may refuse them.

A join is a build of the whole whose index is filled from the parts' summaries. It takes those pages from the parts whose
stamps are the ones that it would give them, and makes the others: that what is joined equals the whole follows from the
stamps, as for every warm build, and needs no knowledge of which pages cross a year's border.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from . import entries, scanning, summaries, urls
from .entries import Entry, Signature
from .errors import Problem, SiteError
from .index import Index
from .model import Facts
from .publishing import FOLDER
from .settings import Site
from .shares import INDEX, JOINED, PART, UNDATED, WHOLE, Signs, Whole, Year


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was built: its folder, its year, and what it was made from."""

    folder: Path
    year: str
    kinds: tuple[str, ...]
    signs: Signs

    @property
    def index(self) -> Path:
        """The file of its summary."""
        return self.folder / FOLDER / INDEX


@dataclass(frozen=True, slots=True)
class Joined(Whole):
    """All articles of some parts, with the settings, standing pages, media and ledgers of the content folder."""

    joined: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Path, ...]:
        return tuple(part.folder for part in self.joined)

    @property
    def name(self) -> str:
        return JOINED

    def notes(self, site: Site) -> Path:
        return site.output / FOLDER

    def claim(self, site: Site, signs: Callable[[], Signs]) -> None:
        Whole.claim(self, site, signs)
        ours = signs()
        for part in self.joined:
            where = str(part.folder)
            for name, message in _OTHERWISE.items():
                if part.signs.get(name) != ours[name]:
                    raise SiteError(message[0], where, message[1])

    def scan(self, site: Site) -> Iterable[scanning.Found]:
        streams = [_tagged(part) for part in self.joined]
        for path, same in groupby(heapq.merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
            rows = list(same)
            sound = [row for row in rows if row[2]]
            if len(sound) > 1:
                years = " and in that of ".join(row[3] for row in sound)
                hint = "its date was changed between the two builds; build both parts again"
                raise SiteError(f"is in the part of {years}", path, hint)
            _, sign, _, _ = (sound or rows)[0]
            yield (path, *sign)
        yield from (found for found in scanning.scan(site.content) if found[0].startswith("pages/"))

    def read(self, content: Path, paths: Sequence[str]) -> list[Entry]:
        pages = [path for path in paths if path.startswith("pages/")]
        found = {entry.path: entry for entry in entries.read(content, pages)}
        rest = [path for path in paths if path not in found]
        for part in self.joined:
            for entry in summaries.read(part.index, rest):
                if entry.path not in found or not entry.refused:
                    found[entry.path] = entry
        return [found[path] for path in paths]

    def judge(self, index: Index) -> list[Problem]:
        """Tell of years that no part has. Raises SiteError if this would turn published addresses into dead ones."""
        years = {part.year for part in self.joined}
        lost: Counter[str] = Counter()
        for (url,) in index.rows("orphans"):
            place = urls.parse_article(url)
            if place and (year := (place[0] or (UNDATED,))[0]) not in years:
                lost[year] += 1
        if lost:
            year, count = min(lost.items())
            message = f"no part has {year}, of which {count:,} addresses were published"
            raise SiteError(
                message, "urls.jsonl", f"build it with --only {year}, even if it is empty, and name it here"
            )
        known = sorted(int(year) for year in years if year != UNDATED)
        gaps = [f"{year:04}" for year in range(known[0], known[-1]) if year not in known] if known else []
        hint = "build it with --only, even if it is empty, so that this is known"
        return [Problem(year, 0, "no part has this year", hint) for year in gaps]

    def demand(self, index: Index, facts: Facts, numbers: Iterable[int], content: Path) -> None:
        roots = (content, *self.texts())
        wanted = list(numbers)
        cards = index.cards(wanted)
        for number, (path, expected, text) in index.documents(wanted).items():
            if entries.bodies(roots, [(path, expected, entries.start(text))]) == [None]:
                own = entries.article(path, text).id
                hint = self._hint(facts) if own in ("", cards[number][1]) else _SAME_ID.format(id=own)
                raise SiteError("its page has to be made anew, and its text is not at hand", path, hint)

    def _hint(self, facts: Facts) -> str:
        for part in self.joined:
            if part.kinds != facts.kinds:
                return (
                    f"the parts together have {_listed(facts.kinds)}: build the part of {part.year} again with --kinds"
                )
        return (
            "build its part again, with media/, authorities.yaml and urls.jsonl as they are here; "
            "or name a content folder that has the articles with --content"
        )


_SAME_ID = (
    "an article of another year has its id '{id}': give one of them another and build that part again, "
    "or name a content folder that has the articles with --content"
)


def _listed(kinds: Sequence[str]) -> str:
    return ",".join(kinds) or "no terms"


_OTHERWISE = {
    "program": (
        "was built by another version of this program, of Python or of a package",
        "install the same versions everywhere, and build it again",
    ),
    "settings": ("was built with other settings", "use the same site.toml and options, and build it again"),
    "theme": ("was built with another theme", "use the same themes folder, and build it again"),
}


def _tagged(part: Part) -> Iterator[tuple[str, Signature, bool, str]]:
    return ((*row, part.year) for row in summaries.files(part.index))


def read_parts(folders: Sequence[Path]) -> Joined:
    """The parts in these folders. Raises SiteError for a folder that is none, and for a year that two of them have."""
    parts: dict[str, Part] = {}
    for folder in folders:
        try:
            values: dict[str, Any] = json.loads((folder / FOLDER / PART).read_text("utf-8"))
            part = Part(folder, values.pop("year"), tuple(values.pop("kinds")), values)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            hint = "build it with --only YEAR, to its end; a part is the output of such a build"
            raise SiteError("is no part, or one that is not finished", str(folder), hint) from error
        if part.year in parts:
            other = parts[part.year].folder
            raise SiteError(f"has {part.year}, and so has {other}", str(folder), "name one of the two")
        parts[part.year] = part
    return Joined(tuple(part for _, part in sorted(parts.items())))


def chosen(parts: Sequence[Path], year: str | None, kinds: tuple[str, ...]) -> Whole:
    """The share that a command line asks for."""
    return read_parts(parts) if parts else Year(year, kinds) if year else WHOLE
