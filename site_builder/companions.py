"""Which files are no sources but lie beside them: facts, parts of pages, litter. Told by their names alone."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path, PurePosixPath

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
def _words() -> dict[str, tuple[str, ...]]:
    rows = tomllib.loads(Path(__file__).with_name("companions.toml").read_text("utf-8"))
    return {name: tuple(str(word).lower() for word in words) for name, words in rows.items()}
