"""`site.toml` → a frozen `Site`. All mistakes are told at once, each with the nearest valid name. Reads one file."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from . import urls
from .errors import SiteError, system_error
from .model import NOTHING, Extra


@dataclass(frozen=True, slots=True)
class About:
    """`[site]`: what the archive is called, where it will stand, and in which language it speaks."""

    title: str = "News archive"
    tagline: str = ""
    description: str = ""
    base_url: str = ""
    language: str = "en"
    publisher: str = ""
    rights: str = ""
    theme: str = "broadsheet"


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """`[theme]`: the options of the theme that `site.theme` names; `theme` knows which there are."""

    options: Extra = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Urls:
    """`[urls]`: `index_html` names the file in links to folders, so that the site works from a disk."""

    index_html: bool = True


@dataclass(frozen=True, slots=True)
class Pages:
    """`[pages]`: which kinds of pages are made, and how many articles a list shows before it is split."""

    calendar: bool = True
    terms: tuple[str, ...] = urls.KINDS
    sitemap: bool = True
    search: bool = True
    list_size: int = 100
    home_size: int = 24


@dataclass(frozen=True, slots=True)
class Feeds:
    """`[feeds]`: formats, articles in each, whether terms have feeds, whether the site's feeds have whole texts."""

    formats: tuple[str, ...] = tuple(urls.FEEDS)
    items: int = 20
    terms: bool = True
    full_text: bool = True


@dataclass(frozen=True, slots=True)
class Markup:
    """`[markup]`: `remote_images` lets pages show pictures from other hosts, which can then count readers;
    `archived_links` leads links to the original address of an article to the article here.
    """

    remote_images: bool = False
    archived_links: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """`[import.fields]`: the columns of data sets whose names tell nothing; empty ones are found by the usual names."""

    text: str = ""
    title: str = ""
    date: str = ""
    updated: str = ""
    retrieved: str = ""
    url: str = ""
    authors: str = ""
    publication: str = ""
    section: str = ""
    tags: str = ""
    summary: str = ""
    dateline: str = ""
    language: str = ""
    image: str = ""

    def named(self) -> tuple[tuple[str, str], ...]:
        """Those that are set: field and column."""
        return tuple((name, column) for name, column in asdict(self).items() if column)


@dataclass(frozen=True, slots=True)
class Import:
    """`[import]`: what holds for sources that do not say it themselves, and how large one may be."""

    year: str = ""
    language: str = ""
    publication: str = ""
    max_megabytes: int = 20
    fields: Fields = Fields()


@dataclass(frozen=True, slots=True)
class Robots:
    """`[robots]`: `index` lets search engines in, `rights` is `allow` or `disallow` for AI and text mining."""

    index: bool = True
    rights: str = "allow"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One `[[menu]]` entry: a name and a site path or full address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Site:
    """All settings of one archive: the tables of `site.toml`, and the folders from the command line."""

    content: Path
    output: Path
    jobs: int = 1
    site: About = About()
    theme: ThemeTable = ThemeTable()
    urls: Urls = Urls()
    pages: Pages = Pages()
    feeds: Feeds = Feeds()
    markup: Markup = Markup()
    import_: Import = Import()
    robots: Robots = Robots()
    menu: tuple[MenuItem, ...] = ()
    extra: Extra = field(default_factory=lambda: NOTHING)

    @property
    def cache(self) -> Path:
        """The folder whose loss costs only time."""
        return self.content / ".cache"

    @property
    def address(self) -> str:
        """Where feeds and sitemaps say the site is; until `base_url` is set, where `serve` shows it."""
        return self.site.base_url or "http://localhost:8000"

    def digest(self) -> bytes:
        """Changes with any setting that a page can show; folders and jobs are none, the theme says what options do."""
        own = replace(self, content=Path(), output=Path(), jobs=0, import_=Import(), extra={}, theme=ThemeTable())
        shown = asdict(own)
        text = repr(sorted(shown.items())) + repr(_sorted(self.extra))
        return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((key, _sorted(inner)) for key, inner in value.items())
    return [_sorted(inner) for inner in value] if isinstance(value, list) else value


_TABLES = {"import": "import_"}
_COMMAND_LINE = ("content", "output", "jobs")
SETTINGS_FILE = "site.toml"


def load(content: Path, output: Path, jobs: int = 0, theme: str = "", base_url: str = "") -> Site:
    """Read `content/site.toml` (its absence means defaults) and lay the command line over it.

    `jobs` 0 means all cores. Raises SiteError that lists every unknown key, wrong type and impossible value.
    """
    _refuse_odd_files(content)
    file = content / SETTINGS_FILE
    mistakes: list[str] = []
    site = Site(content, output, jobs or os.cpu_count() or 1)
    try:
        table = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
        site = _fill(site, table, "", mistakes)
    except FileNotFoundError:
        pass
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"is not TOML: {error}", str(file), "strings need quotes; see toml.io") from error
    except RecursionError as error:
        raise SiteError("is not TOML that can be read: it is nested too deep", str(file), "write it flatter") from error
    except UnicodeDecodeError as error:
        raise SiteError("is not UTF-8", str(file), "save it as UTF-8") from error
    except OSError as error:
        raise system_error(error, file, "can't be read") from error
    about = replace(site.site, theme=theme or site.site.theme, base_url=(base_url or site.site.base_url).rstrip("/"))
    if base_url and not _is_web_address(base_url):
        raise SiteError(f"{base_url!r} is no web address", "--base-url", "write it like https://example.org")
    site = replace(site, site=about)
    _check(site, mistakes)
    if mistakes:
        raise SiteError("; ".join(mistakes), str(file), "every setting is described in README.md")
    return site


_PLAIN_FILES = (SETTINGS_FILE, "authorities.yaml", "imports.jsonl", "urls.jsonl", "furniture.jsonl")


def _refuse_odd_files(content: Path) -> None:
    """A pipe or a device in the place of one of the archive's own files would be read for ever."""
    if content.exists() and not content.is_dir():
        raise SiteError("is no folder", str(content), "name the archive's folder with --content")
    for file in (content / name for name in _PLAIN_FILES):
        try:
            mode = file.stat().st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            raise system_error(error, file, "can't be read") from error
        if not stat.S_ISREG(mode):
            raise SiteError("is not a plain file", str(file), "move it away")


def _fill(value: Any, table: Mapping[str, Any], prefix: str, mistakes: list[str]) -> Any:
    """`value` with the fields that `table` sets; what does not fit goes to `mistakes`."""
    hints = get_type_hints(type(value))
    names = {f.name for f in fields(value)} - (set(_COMMAND_LINE) if isinstance(value, Site) else set())
    valid = set(_TABLES) | {n for n in names if n not in _TABLES.values()} if not prefix else names
    changes: dict[str, Any] = {}
    for key, given in table.items():
        name = _TABLES.get(key, key) if not prefix else key
        if key not in valid:
            near = difflib.get_close_matches(key, valid, 1)
            mistakes.append(
                f"unknown setting '{prefix}{key}'" + (f", did you mean '{prefix}{near[0]}'?" if near else "")
            )
        elif is_dataclass(getattr(value, name)) and isinstance(given, dict):
            changes[name] = _fill(getattr(value, name), given, f"{prefix}{key}.", mistakes)
        else:
            fitted = _fit(given, hints[name], f"{prefix}{key}", mistakes)
            if fitted is not None:
                changes[name] = fitted
    return replace(value, **changes)


_WORDS = {str: "text in quotes", bool: "true or false", int: "a whole number"}


def _fit(given: Any, hint: Any, key: str, mistakes: list[str]) -> Any:
    if hint in _WORDS:
        if type(given) is hint:
            return given
        mistakes.append(f"'{key}' must be {_WORDS[hint]}, not {given!r}")
    elif get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        if isinstance(given, list) and inner is str and all(isinstance(item, str) for item in given):
            return tuple(given)
        if isinstance(given, list) and inner is MenuItem and all(_is_menu_item(item) for item in given):
            return tuple(MenuItem(**item) for item in given)
        wanted = 'a list of texts, like ["a", "b"]' if inner is str else "a list of tables with title and url"
        mistakes.append(f"'{key}' must be {wanted}, not {given!r}")
    elif isinstance(given, dict):
        return given
    else:
        mistakes.append(f"'{key}' must be a table, not {given!r}")
    return None


def _is_menu_item(item: Any) -> bool:
    return isinstance(item, dict) and set(item) == {"title", "url"} and all(isinstance(v, str) for v in item.values())


def _check(site: Site, mistakes: list[str]) -> None:
    """Values of the right type that still can't be."""
    for key, given, known in (
        ("feeds.formats", site.feeds.formats, tuple(urls.FEEDS)),
        ("pages.terms", site.pages.terms, urls.KINDS),
        ("robots.rights", (site.robots.rights,), ("allow", "disallow")),
    ):
        for name in given:
            if name not in known:
                mistakes.append(f"'{key}' can be {', '.join(known)}, not {name!r}")
        if len({*given}) < len(given):
            mistakes.append(f"'{key}' names one of its values twice")
    for key, number in (
        ("pages.list_size", site.pages.list_size),
        ("pages.home_size", site.pages.home_size),
        ("feeds.items", site.feeds.items),
        ("import.max_megabytes", site.import_.max_megabytes),
    ):
        if not 1 <= number <= 10_000:
            mistakes.append(f"'{key}' must be from 1 to 10000, not {number}")
    if site.site.base_url and not _is_web_address(site.site.base_url):
        mistakes.append(f"'site.base_url' must be a web address like https://example.org, not {site.site.base_url!r}")
    for key, language in (("site.language", site.site.language), ("import.language", site.import_.language)):
        if not _LANGUAGE.fullmatch(language) and (language or key == "site.language"):
            mistakes.append(f"'{key}' must be a language tag like en or pt-BR, not {language!r}")
    if site.import_.year and not _YEAR.fullmatch(site.import_.year):
        mistakes.append(f"'import.year' must be four digits in quotes, not {site.import_.year!r}")
    shown = {f"site.{key}": text for key, text in asdict(site.site).items()}
    shown |= {"menu": "".join(item.title + item.url for item in site.menu)}
    mistakes += [f"'{key}' holds a control character" for key, text in shown.items() if _CONTROLS.search(text)]


_LANGUAGE = re.compile("[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_YEAR = re.compile("[0-9]{4}")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
"""What XML forbids: one of them in a title, and no reader takes the feeds."""
_ADDRESS = re.compile(r"https?://[^\s\"<>\\^`{|}?#]+", re.IGNORECASE)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(_ADDRESS.fullmatch(text) and parts.hostname and parts.port != 0)
    except ValueError:  # https://[::1, or a port that is none
        return False
