"""A built site, looked at from outside: links and fragments, feeds, files against the ledger, warm against clean.

Reads the output folder and the ledger; builds elsewhere for `verify`; changes neither.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from . import pipeline, urls
from .entries import digest
from .errors import Problem, SiteError
from .output import DAMAGED, Ledger
from .publishing import FOLDER
from .settings import Site
from .shares import JOINED, held_by


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong."""

    pages: int
    links: int
    problems: tuple[Problem, ...]


class _Page(HTMLParser):
    """The links, pictures and ids of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect from one element."""
        for name, value in attrs:
            if name in ("href", "src") and value is not None and (tag, name) != ("base", "href"):
                self.targets.append(value)
            elif name == "id" and value:
                self.ids.add(value)


def check(site: Site, verify: bool) -> Checked:
    """Look at a site that was built. Raises SiteError if there is none."""
    if not (site.output / FOLDER).is_dir():
        raise SiteError("no site was built here", str(site.output), "build it first")
    try:
        with Ledger.open(site.output) as ledger:
            files = dict(ledger.files())
            problems = [*_files(site.output, files), *ledger.problems()]
    except sqlite3.DatabaseError as error:
        raise SiteError(f"the record of the output can't be read: {error}", str(site.output), DAMAGED) from error
    held = held_by(site.output)
    if verify and (held not in ("", JOINED) or (held and not (site.content / "articles").is_dir())):
        raise SiteError("is a part, or was joined from parts", str(site.output), "check it without --verify")
    fragments: dict[str, set[str]] = {}
    links: list[tuple[str, str, str]] = []
    count = pages = 0
    for path in files:
        if path.endswith(".html"):
            pages += 1
            page = _parse(site.output / path)
            fragments[path] = page.ids
            for target in page.targets:
                count += 1
                problem, wanted, fragment = _resolve(site, path, target, files)
                if problem:
                    problems.append(Problem(path, 0, problem, f"the link is '{target}'"))
                elif fragment:
                    links.append((path, wanted, fragment))
        else:
            problems += _feed(site.output / path, path)
    for path, wanted, fragment in links:
        if wanted in fragments and fragment not in fragments[wanted]:
            problems.append(Problem(path, 0, f"links to '#{fragment}', which {wanted} does not have", "mend the link"))
    if verify:
        problems += _verify(site, files)
    return Checked(pages, count, tuple(sorted(problems)))


def _files(output: Path, files: dict[str, bytes]) -> Iterator[Problem]:
    for path, expected in files.items():
        try:
            if digest((output / path).read_bytes()) != expected:
                yield Problem(path, 0, "is not as it was written", "build again")
        except OSError:
            yield Problem(path, 0, "is gone", "build again")


def _parse(file: Path) -> _Page:
    page = _Page()
    try:
        page.feed(file.read_text("utf-8", "replace"))
    except OSError:  # it is gone, which was said already
        return page
    page.close()
    return page


def _resolve(site: Site, here: str, target: str, files: dict[str, bytes]) -> tuple[str, str, str]:
    """What is wrong with a link, if anything; else the file and the fragment that it leads to."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return "", "", ""
    path = unquote(parts.path)
    if path.startswith("/"):
        prefix = urlsplit(site.site.base_url).path.rstrip("/")
        if here != urls.NOT_FOUND or not path.startswith(f"{prefix}/"):
            return "has a link that works only at the root of a host", "", ""
        wanted = path[len(prefix) + 1 :]
    elif not path:
        wanted = here
    else:
        wanted = os.path.normpath(str(PurePosixPath(here).parent / path))
        wanted = "" if wanted == "." else wanted + ("/" if path.endswith(("/", "/.")) else "")
    if wanted.startswith("../"):
        return "has a link that leads out of the site", "", ""
    wanted = f"{wanted}index.html" if not wanted or wanted.endswith("/") else wanted
    if wanted not in files and not (site.output / wanted).is_file():
        return "has a link to a page that does not exist", "", ""
    return "", wanted, unquote(parts.fragment)


def _feed(file: Path, path: str) -> Iterator[Problem]:
    """XML and JSON that no reader would take."""
    try:
        if path.endswith(".xml"):
            parser = expat.ParserCreate()
            with file.open("rb") as stream:
                parser.ParseFile(stream)
        elif path.endswith(".json"):
            json.loads(file.read_bytes())
    except (expat.ExpatError, ValueError) as error:
        yield Problem(path, 0, f"is not well-formed: {error}", "build again")
    except OSError:
        return


def _verify(site: Site, files: dict[str, bytes]) -> Iterator[Problem]:
    """Build the same content into an empty folder with an empty cache, and compare every byte."""
    with tempfile.TemporaryDirectory(prefix="site-builder-") as folder:
        fresh = Path(folder)
        content = fresh / "content"
        content.mkdir()
        for item in site.content.iterdir():
            if item.name != ".cache":
                (content / item.name).symlink_to(item.resolve())
        themes = site.content.resolve().parent / "themes"
        if themes.is_dir():
            (fresh / "themes").symlink_to(themes)
        pipeline.build(replace(site, content=content, output=fresh / "output"), publish_addresses=False)
        with Ledger.open(fresh / "output") as ledger:
            clean = dict(ledger.files())
    for path in sorted(files.keys() | clean.keys()):
        if path not in clean:
            yield Problem(
                path, 0, "a clean build does not have this page", "this is a fault of the program; please report it"
            )
        elif path not in files:
            yield Problem(path, 0, "only a clean build has this page", "build again")
        elif files[path] != clean[path]:
            yield Problem(
                path, 0, "a clean build has other bytes here", "this is a fault of the program; please report it"
            )
