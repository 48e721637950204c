"""The pictures and documents in archives that can only be read from front to back (`.tar.gz`, a zip in a zip).

Such an archive is gone through three times: for a list of its files with their digests, for its articles, whose
references are held against that list (`import_media`), and for the files that they turned out to need. Nothing is
unpacked but those, and they go to their places in `media/` at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from . import import_catalogue, import_media, importers
from .errors import DamagedError, Problem
from .import_catalogue import MOST, Wants
from .import_ledger import write_file
from .import_media import LARGEST
from .importers.looking import Beside


def catalogue(
    archive: Path, kind: str, target: Path, is_zip: bool, watch: importers.Watch | None = None
) -> tuple[Path | None, bool]:
    """Write a list of an archive's files to `target`: where it is, None if it has none; and whether it is whole.

    Those of a zip itself are left out, since they can be found there at any time. `watch` is told how far it is.
    """
    digests = _digests(archive, kind, is_zip, watch)
    try:
        first = next(digests, None)
        if first is None:  # no file for a list, then: a folder may have ten thousand `page.html.gz`
            return None, True
        count = import_catalogue.make(target, chain([first], digests))
    except OSError:
        return None, True  # who reads it will tell
    return target, count < MOST


def _digests(archive: Path, kind: str, is_zip: bool, watch: importers.Watch | None) -> Iterator[tuple[str, str, str]]:
    for beside in importers.files_in(archive, kind, watch):
        if beside.scope or not is_zip:
            raw = _digest(beside)
            if raw:
                yield beside.scope, beside.name, raw


def _digest(beside: Beside) -> str:
    """The digest of a file that is not too large, without having it in memory."""
    digest, size = hashlib.sha256(), 0
    try:
        while piece := beside.stream.read(1 << 16):
            size += len(piece)
            if size > LARGEST:
                return ""
            digest.update(piece)
    except DamagedError:
        return ""
    return digest.hexdigest()


def fetch(content: Path, archive: Path, kind: str, name: str, wants: Wants, tell: Callable[[Problem], None]) -> None:
    """Bring the files of an archive that are wanted to their places; one that is there already stays.

    `name` is what the ledger calls the archive. What can't be found any more is told, and no more wanted. Raises
    SiteError if the disk is full.
    """
    if not wants.left(name):
        return
    fault = "is not as it was when its articles were read"
    try:
        for beside in importers.files_in(archive, kind):
            paths = wants.paths(name, import_catalogue.named(beside.scope, beside.name))
            raw = _bytes(beside) if paths else b""
            digest = hashlib.sha256(raw).hexdigest()
            for path in (path for path in paths if import_media.is_place_of(path, digest)):
                if import_media.leads_out(content, path, tell):
                    return
                if not os.path.lexists(content / path):
                    write_file(content / path, raw)
                wants.fetched(name, path)
            if paths and not wants.left(name):
                return
    except OSError as error:
        fault = f"can't be read again: {error.strerror or error}"
    for left in wants.left(name):
        tell(Problem(f"{name}#{left}", 0, fault, "import it again with --force"))


def _bytes(beside: Beside) -> bytes:
    try:
        return beside.stream.read(LARGEST)
    except DamagedError:
        return b""
