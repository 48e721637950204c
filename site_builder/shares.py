"""What one build takes in and makes: a whole archive, one year of it (a part), or all parts joined.

A part is an output folder with the pages of one year's articles and fronts, and in its notes a summary: `part.json`
says of what and from what it was made, the index has its cards, and `texts/` the articles at its edges. A join is a
build of the whole whose index is filled from the summaries. It takes those pages from the parts whose stamps are the
ones that it would give them, and makes the others: that what is joined equals the whole follows from the stamps, as for
every warm build, and needs no knowledge of which pages cross a year's border.
"""

from __future__ import annotations

import heapq
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from . import entries, ledger_tables, plan, summaries, urls
from .authorities import Authorities
from .entries import Entry, Signature
from .errors import Problem, SiteError
from .index import Index
from .ledger_tables import Wanted
from .model import Facts, Files, Group
from .publishing import FOLDER, Ready
from .settings import Site
from .sums import Sums

UNDATED = "undated"
"""The part of the articles whose year is not known."""
INDEX = "index.sqlite3"
PART = "part.json"
TEXTS = "texts"
SHARE = "share"
JOINED = "joined"
Signs = Mapping[str, str]
"""What decides about every page: digests of the program, the settings and the theme, by these names."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All that lies in the content folder; and what the other two have in common with it."""

    @property
    def name(self) -> str:
        """What an output folder is of: one keeps to what it was first built for."""
        return ""

    @property
    def publishes(self) -> bool:
        """Whether addresses are noted in the URL ledger."""
        return True

    def notes(self, site: Site) -> Path:
        """The folder of the index."""
        return site.cache

    def claim(self, site: Site, signs: Callable[[], Signs]) -> None:
        """Take the output folder for this share. Raises SiteError if it holds another, or if this one can't be built.

        The other pages of a whole site would be removed by a part, and all by a build where no articles lie.
        """
        notes = site.output / FOLDER
        held = held_by(site.output)
        if (notes / ledger_tables.FILE).exists() and held != self.name:
            what = {"": "a whole site", JOINED: "a site that was joined"}.get(held, f"a part (build --{held})")
            raise SiteError(f"holds {what}", str(site.output), "name another folder with --output")
        if self.name:
            (notes / SHARE).write_text(self.name, "utf-8")

    def scan(self, site: Site) -> Iterable[tuple[str, Signature]]:
        """Path and signature of every file."""
        return entries.scan(site.content)

    def read(self, content: Path, paths: Sequence[str]) -> list[Entry]:
        """The entries of files; runs in workers."""
        return [entries.read(content, path) for path in paths]

    def judge(self, index: Index) -> list[Problem]:
        """What is wrong with all articles together. Raises SiteError if they can't be published so."""
        return []

    def media(self, found: Mapping[str, str], shown: set[str]) -> Mapping[str, str]:
        """Those of the pictures and files in `media/` that matter; `shown` are those that articles show."""
        return found

    def facts(self, site: Site, index: Index) -> Facts:
        """The facts of the archive."""
        return plan.facts(site, index)

    def groups(self, site: Site, index: Index, files: Files, sums: Sums, known: Authorities) -> Iterable[Group]:
        """The plan."""
        return plan.groups(site, index, files, sums, known)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Where pages and texts may lie ready."""
        return ()

    def sources(self) -> Iterator[Path]:
        """The notes of the parts, which nobody may build while they are read; those on a disk that takes no writes
        nobody can."""
        return (notes for part in self.parts if os.access(notes := part.folder / FOLDER, os.W_OK))

    def find(self, wanted: Wanted) -> dict[str, Ready]:
        """Those of the wanted pages that lie ready in a part."""
        found: dict[str, Ready] = {}
        for part in self.parts:
            found |= ledger_tables.find(part.folder, [pair for pair in wanted if pair[0] not in found])
        return found

    def texts(self) -> tuple[Path, ...]:
        """Folders beside the content in which bodies may lie."""
        return tuple(part.folder / FOLDER / TEXTS for part in self.parts)

    def demand(self, index: Index, facts: Facts, numbers: Iterable[int], content: Path) -> None:
        """Raises SiteError if the body of one of these articles, which are shown whole, can't be had."""

    def is_finished(self, site: Site) -> bool:
        """Whether all but the pages is there."""
        return True

    def begin(self, site: Site) -> None:
        """Pages are about to be written."""

    def end(self, site: Site, signs: Callable[[], Signs], index: Index, facts: Facts) -> None:
        """All pages are in their places."""


WHOLE = Whole()


def held_by(output: Path) -> str:
    """The name of the share that an output folder holds; empty for a whole site, or none."""
    file = output / FOLDER / SHARE
    return file.read_text("utf-8") if file.exists() else ""


@dataclass(frozen=True, slots=True)
class Year(Whole):
    """The articles of one year (four digits, or `undated`). `kinds` are kinds of terms that other years have.

    Writes nothing but its output, so that many machines can build from one content folder, each its own year.
    """

    year: str
    kinds: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"only {self.year}"

    @property
    def publishes(self) -> bool:
        return False

    def notes(self, site: Site) -> Path:
        return site.output / FOLDER

    def scan(self, site: Site) -> Iterable[tuple[str, Signature]]:
        return (found for found in entries.scan(site.content) if not found[0].startswith("pages/"))

    def read(self, content: Path, paths: Sequence[str]) -> list[Entry]:
        return [self._own(entries.read(content, path)) for path in paths]

    def _own(self, entry: Entry) -> Entry:
        """An article of another year is known as a file, so that it is not read again, and no more."""
        if entry.refused or (entry.bucket or (UNDATED,))[0] == self.year:
            return entry
        return Entry(entry.path, entry.signature, entry.sum, entry.racy)

    def media(self, found: Mapping[str, str], shown: set[str]) -> Mapping[str, str]:
        return {path: sign for path, sign in found.items() if path in shown}

    def facts(self, site: Site, index: Index) -> Facts:
        facts = plan.facts(site, index)
        kinds = {*facts.kinds, *self.kinds}
        return replace(facts, kinds=tuple(kind for kind in urls.KINDS if kind in kinds and kind in site.pages.terms))

    def groups(self, site: Site, index: Index, files: Files, sums: Sums, known: Authorities) -> Iterable[Group]:
        return plan.of_year(site, index, sums)

    def is_finished(self, site: Site) -> bool:
        return (site.output / FOLDER / PART).exists()

    def begin(self, site: Site) -> None:
        (site.output / FOLDER / PART).unlink(missing_ok=True)

    def end(self, site: Site, signs: Callable[[], Signs], index: Index, facts: Facts) -> None:
        notes = site.output / FOLDER
        _save_texts(site, index, notes / TEXTS)
        values = {"year": self.year, **signs(), "kinds": facts.kinds}
        temporary = notes / f"{PART}.tmp"
        temporary.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
        os.replace(temporary, notes / PART)


def _save_texts(site: Site, index: Index, folder: Path) -> None:
    """Copy the articles whose pages, or whose place in a feed, other years can change: those at the edges.

    These are the first and the last of the year and of each of its sections, the newest, and the withdrawn: some tens
    of files for a year of any size.
    """
    shutil.rmtree(folder, ignore_errors=True)
    first = next(index.rows("days"), None)
    wanted = {int(first[3].split(",")[0])} if first else set[int]()
    wanted |= {row[0] for row in index.rows("latest", max(1, site.feeds.items if site.feeds.full_text else 1))}
    wanted |= {row[0] for row in index.rows("withdrawn")}
    for _, rows in groupby(index.rows("sections"), key=itemgetter(0)):
        numbers = [row[1] for row in rows]
        wanted |= {numbers[0], numbers[-1]}
    for path, _, _ in index.documents(wanted).values():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site.content / path, folder / path)


# --------------------------------------------------------------------------------------------------- joined


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
    def parts(self) -> tuple[Part, ...]:
        return self.joined

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

    def scan(self, site: Site) -> Iterable[tuple[str, Signature]]:
        yield from (found for found in entries.scan(site.content) if found[0].startswith("pages/"))
        streams = [_tagged(part) for part in self.joined]
        for path, same in groupby(heapq.merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
            rows = list(same)
            sound = [row for row in rows if row[2]]
            if len(sound) > 1:
                years = " and in that of ".join(row[3] for row in sound)
                hint = "its date was changed between the two builds; build both parts again"
                raise SiteError(f"is in the part of {years}", path, hint)
            yield (sound or rows)[0][:2]

    def read(self, content: Path, paths: Sequence[str]) -> list[Entry]:
        found = {path: entries.read(content, path) for path in paths if path.startswith("pages/")}
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
        for path, expected, text in index.documents(numbers).values():
            if entries.body(roots, path, expected, entries.start(text)) is None:
                raise SiteError("its page has to be made anew, and its text is not at hand", path, self._hint(facts))

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


def joined(folders: Sequence[Path]) -> Joined:
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
    return joined(parts) if parts else Year(year, kinds) if year else WHOLE
