"""The folders that one run has for itself: where they may lie, and the locks that hold them."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import filelock

from . import clusters, entries
from .entries import INBOX
from .errors import SiteError, system_error
from .settings import Site


def refuse_output_inside(site: Site) -> None:
    """Raises SiteError if the output folder is, or lies in, a folder of sources.

    The next build would read what this one wrote. An output beside `articles/` is fine."""
    output, content = Path(os.path.realpath(site.output)), Path(os.path.realpath(site.content))  # also of link loops
    if output == content or any(output.is_relative_to(content / name) for name in (*entries.FOLDERS, INBOX, ".cache")):
        raise SiteError("the output would lie among the sources", str(site.output), "name another folder with --output")


CACHE_HINT = "is the disk full? otherwise delete content/.cache and build again"


def cache(content: Path) -> Path:
    """The archive's folder for what can be made anew, made if there is none; git leaves it out. Raises SiteError."""
    folder = content / ".cache"
    try:
        folder.mkdir(exist_ok=True)
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text("*\n")
    except OSError as error:
        raise system_error(error, folder, "can't be used") from error
    return folder


def lock(stack: ExitStack, folder: Path) -> None:
    """Hold a folder for this build alone. Raises SiteError if another one holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / "lock", timeout=0)
    try:
        stack.enter_context(lock)
    except filelock.Timeout as error:
        raise SiteError("another build is at work here", str(folder.parent), "wait until it has ended") from error
    clusters.close_others(folder)
