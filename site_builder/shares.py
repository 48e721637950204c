"""What one build takes in and makes: a whole archive, one year of it (a part), or all parts joined.

A part is an output folder with the pages of one year's articles and fronts, and in its notes a summary: `part.json`
says of what and from what it was made, the index has its cards, and `texts/` the articles at its edges. `joining` has
the share that is made of parts.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from . import entries, ledger_tables, plan, scanning, urls
from .authorities import Authorities
from .entries import Entry
from .errors import Problem, SiteError
from .index import Index
from .ledger_tables import Wanted
from .model import Facts, Files, Group
from .publishing import FOLDER, Ready
from .settings import Site
from .sums import Sums
from .workers import chunks

UNDATED = "undated"
"""The part of the articles whose year is not known."""
INDEX = "index.sqlite3"
PART = "part.json"
TEXTS = "texts"
SHARE = "share"
TEXTS_AT_ONCE = 500
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

    def scan(self, site: Site) -> Iterable[scanning.Found]:
        """Path and signature of every file."""
        return scanning.scan(site.content)

    def read(self, content: Path, paths: Sequence[str]) -> list[Entry]:
        """The entries of files; runs in workers."""
        return list(entries.read(content, paths))

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
    def parts(self) -> tuple[Path, ...]:
        """Output folders in which pages and texts may lie ready."""
        return ()

    def sources(self) -> Iterator[Path]:
        """The notes of the parts, which nobody may build while they are read; on a disk without writes nobody can."""
        return (notes for part in self.parts if os.access(notes := part / FOLDER, os.W_OK))

    def find(self, wanted: Wanted) -> dict[str, Ready]:
        """Those of the wanted pages that lie ready in a part."""
        found: dict[str, Ready] = {}
        for part in self.parts:
            found |= ledger_tables.find(part, [pair for pair in wanted if pair[0] not in found])
        return found

    def texts(self) -> tuple[Path, ...]:
        """Folders beside the content in which bodies may lie."""
        return tuple(part / FOLDER / TEXTS for part in self.parts)

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

    def scan(self, site: Site) -> Iterable[scanning.Found]:
        return (found for found in scanning.scan(site.content) if not found[0].startswith("pages/"))

    def read(self, content: Path, paths: Sequence[str]) -> list[Entry]:
        return [self._own(entry) for entry in entries.read(content, paths)]

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
    """Have copies of the articles whose pages, or whose place in a feed, other years can change, and of no others.

    These are those at the edges (the first and the last of the year and of each of its sections, what leads the fronts of
    the first day and of the last, the newest, and the withdrawn: some tens for a year of any size), and those with links
    to the web: any year may have the article that they lead to. Copies that are right stay: of thousands few change.
    """
    wanted = {row[0] for row in index.rows("oldest")}
    wanted |= {row[0] for row in index.rows("latest", max(1, site.feeds.items if site.feeds.full_text else 1))}
    wanted |= {row[0] for name in ("withdrawn", "leads") for row in index.rows(name)}
    for _, rows in groupby(index.rows("sections"), key=itemgetter(0)):
        numbers = [row[1] for row in rows]
        wanted |= {numbers[0], numbers[-1]}
    if site.markup.archived_links:
        wanted |= {n for (n,) in index.rows("linking")}
    kept: dict[str, bytes] = {}
    for some in chunks(sorted(wanted), TEXTS_AT_ONCE):
        kept.update((path, expected) for path, expected, _ in index.documents(some).values())
    _remove_others(folder, kept)
    for path, expected in kept.items():
        if not entries.has(folder / path, expected):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(site.content / path, folder / path)


def _remove_others(folder: Path, kept: Container[str]) -> None:
    """Delete the files in a folder that are not among these, and folders that are empty."""
    for place, folders, files in os.walk(folder, topdown=False):
        here = Path(place)
        gone = [name for name in files if (here / name).relative_to(folder).as_posix() not in kept]
        for name in gone:
            (here / name).unlink()
        if len(gone) == len(files) and not any((here / name).is_dir() for name in folders):
            here.rmdir()
