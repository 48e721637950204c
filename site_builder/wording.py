"""The words of the interface: one file a language, `words/LANGUAGE.toml`, in the program or in a theme.

A file has `[text]`, a word or sentence by its key, and `[plural.KEY]` with a form for each plural category that CLDR
gives the language. `{name}` is filled in. A language is added by adding its file. What a file lacks is said in
English, and told. Texts come out plain: who puts them into HTML escapes them.
"""

from __future__ import annotations

import hashlib
import stat
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from . import locales
from .errors import Problem, SiteError

FOLDER = Path(__file__).parent / "words"
ENGLISH = "en"


Forms = tuple[Mapping[str, str], Callable[[int], str]]
"""A text's plural forms by category, and the category of a number in the language that they are in."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of one language; equal to itself alone, so that what is made with them can be kept by them."""

    language: str
    texts: Mapping[str, str]
    plurals: Mapping[str, Forms]

    def text(self, key: str, **values: object) -> str:
        """A text with its values filled in. Raises KeyError for a key or a value that there is not."""
        text = self.texts[key]
        return text.format(**values) if values else text

    def counted(self, key: str, number: int, **values: object) -> str:
        """A text in the plural form of a number, which is `{n}` in it."""
        return self.form(key, number).format(n=self.number(number), **values)

    def form(self, key: str, number: int) -> str:
        """The plural form for a number, with nothing filled in."""
        forms, category = self.plurals[key]
        return forms.get(category(number)) or forms["other"]

    def number(self, value: int) -> str:
        """A whole number as the language writes it."""
        return str(value) if 0 <= value < 1000 else locales.number(value, self.language)


def spoken(language: str) -> Words:
    """The words of a language as the program has them."""
    return load(language)


@lru_cache(maxsize=32)
def load(language: str, folders: tuple[str, ...] = (), version: str = "") -> Words:
    """The words of a language: those of `folders`, the nearest first, over the program's, over the English ones.

    `version` changes with the files. Raises SiteError for a file that can't be read.
    """
    texts: dict[str, str] = {}
    plurals: dict[str, Forms] = {}
    for name in (ENGLISH, *_names(language)):
        rule = locales.plural_rule(name)
        for folder in (FOLDER, *map(Path, reversed(folders))):
            found = _read(folder / f"{name}.toml")
            texts |= found.get("text", {})
            plurals |= {key: (forms, rule) for key, forms in found.get("plural", {}).items()}
    return Words(language, texts, plurals)


def _names(language: str) -> Iterator[str]:
    """`pt`, then `pt-BR`: the files of a language, each over those before it."""
    parts = language.split("-")
    for end in range(1, len(parts) + 1):
        yield "-".join((parts[0].lower(), *parts[1:end]))


@lru_cache(maxsize=1)
def everywhere(key: str) -> tuple[str, ...]:
    """What a text is in every language that the program has, in lower case: to find it in articles."""
    return tuple(sorted({_read(file)["text"][key].casefold() for file in FOLDER.glob("*.toml")}))


def version(folders: tuple[str, ...]) -> str:
    """Changes with any file of words in these folders."""
    digest = hashlib.blake2b(digest_size=16)
    for place, folder in enumerate(folders):
        for file in sorted(Path(folder).glob("*.toml")):
            digest.update(f"{place} {file.name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def problems(language: str, folders: tuple[str, ...] = ()) -> list[Problem]:
    """What the interface lacks in a language, as one line."""
    names = [name for name in _names(language) if name != ENGLISH]
    if not names or language.split("-")[0] == ENGLISH:
        return []
    paths = [folder / f"{name}.toml" for folder in (*map(Path, folders), FOLDER) for name in names]
    files = [path for path in paths if path.is_file()]
    if not files:
        message = f"the interface has no words for the language '{language}', and is in English"
        return [Problem("site.toml", 0, message, f"add the file words/{names[0]}.toml to your theme; see README.md")]
    wanted = set(keys(_read(FOLDER / f"{ENGLISH}.toml")))
    lacking = sorted(wanted - {key for file in files for key in keys(_read(file))})
    if not lacking:
        return []
    listed = ", ".join(lacking[:5]) + (" …" if len(lacking) > 5 else "")
    return [Problem(str(files[0]), 0, f"lacks {len(lacking)} words, which are in English: {listed}", "add them")]


def keys(table: Mapping[str, Any]) -> Iterator[str]:
    """The keys of a file of words, `plural.` before those with forms."""
    yield from table.get("text", {})
    yield from (f"plural.{key}" for key in table.get("plural", {}))


@lru_cache(maxsize=64)
def _read_at(file: Path, sign: tuple[int, int]) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text("utf-8"))
        _check(found)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, OSError) as error:
        raise SiteError(f"is no file of words: {error}", str(file), "compare it with words/en.toml") from error
    return found


def _read(file: Path) -> dict[str, Any]:
    """A file of words; nothing where there is none."""
    try:
        status = file.stat()
    except (OSError, ValueError):
        return {}
    if not stat.S_ISREG(status.st_mode):  # a pipe would be read for ever
        return {}
    return _read_at(file, (status.st_mtime_ns, status.st_size))


def _check(table: Mapping[str, Any]) -> None:
    """Raise ValueError for what is no text, or names what can't be filled in."""
    texts, plurals = table.get("text", {}), table.get("plural", {})
    if not isinstance(texts, dict) or not isinstance(plurals, dict):
        raise ValueError("'text' and 'plural' must be tables")
    for key, forms in plurals.items():
        if not isinstance(forms, dict) or "other" not in forms:
            raise ValueError(f"plural.{key} needs the form 'other'")
    forms = [(key, text) for key, table in plurals.items() for text in table.values()]
    for key, text in (*texts.items(), *forms):
        if not isinstance(text, str):
            raise ValueError(f"'{key}' must be text in quotes")
        if not all(name is None or name.isidentifier() for _, name, _, _ in Formatter().parse(text)):
            raise ValueError(f"'{key}' has a brace that names no value")
