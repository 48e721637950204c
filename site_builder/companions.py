"""Which files are no sources but lie beside them: facts, parts of pages, litter. Told by their names alone."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Container
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

SIDECAR = ".meta.toml"
"""What is put behind a source's name for the file of facts about it."""


def is_hidden(name: str) -> bool:
    """Whether any step of a path is hidden, or is what a system leaves in folders and archives."""
    return any(
        (step.startswith(".") and step not in (".", "..")) or step == "__MACOSX" or step.lower() in _words()["litter"]
        for step in name.split("/")
    )


def ending_of_part(name: str) -> str:
    """`.png` for a picture, and so for all that pages are made of but no page is; else nothing."""
    ending = PurePosixPath(name.lower()).suffix
    return ending if ending in _words()["endings"] else ""


def reason_of_part(name: str) -> str:
    """What a report says of a file that is such a part; nothing for others."""
    ending = ending_of_part(name)
    if not ending:
        return ""
    return f"{ending} files" + (", but for those that articles name" if is_file_of_page(name) else "")


def is_machinery(folder: str, root: Container[str]) -> bool:
    """Whether a folder's name tells that it holds no sources, by itself or in a generator's folder of these names."""
    if folder.lower() in _words()["machinery"]:
        return True
    return any(
        folder in one["folders"]
        and any(mark in root for mark in one["marks"])
        and all(name in root for name in one["with"])
        for one in _generators()
    )


def lies_in_machinery(name: str, files: Collection[str]) -> bool:
    """Whether a file in an archive lies in such a folder. `files` are whole names; the folders are told by them."""
    steps = name.split("/")[:-1]
    return any(is_machinery(step, _Inside("/".join(steps[:count]), files)) for count, step in enumerate(steps))


class _Inside(Container[str]):
    """The names in one folder of an archive, as far as somebody asks for them."""

    def __init__(self, folder: str, files: Collection[str]) -> None:
        self._prefix = f"{folder}/" if folder else ""
        self._files = files

    def __contains__(self, name: object) -> bool:
        return f"{self._prefix}{name}" in self._files or f"{self._prefix}{name}/" in self._files


def is_file_of_page(name: str) -> bool:
    """Whether a name is that of a picture, a recording or a document that an article may need."""
    return PurePosixPath(name.lower()).suffix in _words()["files"]


def served() -> tuple[str, ...]:
    """Folders of generators whose files are served from the root of the site."""
    return _words()["served"]


def is_page(name: str) -> bool:
    """Whether a file's name is that of a saved page."""
    return name.lower().endswith(_words()["pages"])


def is_folder_of_page(folder: str, files: Collection[str]) -> bool:
    """Whether `page_files` is the folder of the parts of a `page.html` among `files`. Both may be whole paths."""
    for mark in _words()["folders"]:
        if folder.lower().endswith(mark):
            stem = folder[: -len(mark)]
            if stem and any(
                f"{stem}{ending}" in files or f"{stem}{ending.upper()}" in files for ending in _words()["pages"]
            ):
                return True
    return False


def lies_in_folder_of_page(name: str, files: Collection[str]) -> bool:
    """Whether a file in an archive is a part of a page in it."""
    steps = name.split("/")
    return any(is_folder_of_page("/".join(steps[:count]), files) for count in range(1, len(steps)))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("companions.toml").read_text("utf-8"))


@cache
def _words() -> dict[str, tuple[str, ...]]:
    rows = {name: words for name, words in _table().items() if name != "generators"}
    return {name: tuple(str(word).lower() for word in words) for name, words in rows.items()}


@cache
def _generators() -> tuple[dict[str, list[str]], ...]:
    return tuple(_table()["generators"])
