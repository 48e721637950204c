"""One file put in its place, whole or not at all; and what lies in that place now. Runs in the workers.

Knows nothing of what should be there: the ledger says whose a place is.
"""

from __future__ import annotations

import errno
import filecmp
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from . import urls
from .entries import Signature, digest, signature
from .errors import SiteError, system_error

FOLDER = urls.RECORDS
"""The folder of the program's notes in the output."""


class Written(NamedTuple):
    """What became of one page. `changed` is False if the file already had these bytes; `refused` says why not, with a
    `hint`.
    """

    path: str
    signature: Signature = (-1, -1, -1)
    sum: bytes = b""
    changed: bool = False
    refused: str = ""
    hint: str = ""
    problem: str = ""


AWAY = "it stays as it is; move it away and build again"


@dataclass(frozen=True, slots=True)
class Ready:
    """A page that was made in another output folder: its file there, its digest, and what was wrong when it was made."""

    file: str
    sum: bytes
    problem: str = ""


def current_signature(path: str) -> Signature | None:
    status = lstat(path)
    return signature(status) if status else None


def _sum(content: bytes | Path) -> bytes:
    return digest(content) if isinstance(content, bytes) else file_sum(content)


def file_sum(path: Path) -> bytes:
    try:
        return digest(path.read_bytes())
    except OSError:
        return b""


def publish(
    output: Path,
    path: str,
    content: bytes | Path | Ready,
    ours: bool,
    problem: str = "",
    sound: dict[str, bool] | None = None,
    aside: str = "",
) -> Written:
    """Put a page's bytes, a copy of a file, or a link to one that is ready, in its place, by a temporary file and a
    rename.

    `sound` is kept between the pages of a batch: the folders that were seen to be real ones, and whether each was made
    for them, so that nothing can stand there yet. `aside` is a folder of this build alone for the temporary file, on a
    cluster: there two workers may make the same page, when one that was given up comes back, and once the folder is
    gone nobody can put an old page in place of a new one (but may make an empty folder).

    A stranger's file in the place is left alone and told, unless it has these very bytes. A full disk is a
    SiteError: the old page still stands. Paths are texts here: with pathlib this took 150 µs more a page.
    """
    root = os.fspath(output)
    target = f"{root}{os.sep}{path}"
    folder = path.rpartition("/")[0]
    sound = {} if sound is None else sound
    try:
        if not _is_folder(root, folder, sound):
            return Written(path, refused="its folder is a link or a file that this program did not make", hint=AWAY)
    except OSError as error:
        raise _failure(error, target) from error
    sum_ = content.sum if isinstance(content, Ready) else _sum(content)
    existing = None if sound.get(folder) else lstat(target)
    if existing:
        plain = stat.S_ISREG(existing.st_mode)
        if plain and _has(target, existing.st_size, content):
            return Written(path, signature(existing), sum_, problem=problem)
        if not ours or stat.S_ISDIR(existing.st_mode):
            return Written(path, refused="a file that this program did not write stands in its place", hint=AWAY)
    temporary = f"{aside}{os.sep}{os.urandom(12).hex()}" if aside else temporary_path(target)
    try:
        _write(temporary, content)
        os.replace(temporary, target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise _failure(error, target) from error
    # The rename gave the file a new ctime.
    return Written(path, signature(os.lstat(target)), sum_, changed=True, problem=problem)


def _failure(error: OSError, target: str) -> SiteError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return SiteError("the disk is full", target, "the old page still stands; make room, build again")
    return system_error(error, target, "can't be written")


def _is_folder(root: str, folder: str, sound: dict[str, bool]) -> bool:
    """Whether a folder below `root` is a real one, and all above it, after it was made if there was none.

    Making one right away takes a third of what `os.makedirs` takes, which first looks for all above it.
    """
    if not folder or folder in sound:
        return True
    if not _is_folder(root, folder.rpartition("/")[0], sound):
        return False
    path = f"{root}{os.sep}{folder}"
    try:
        os.mkdir(path)
        sound[folder] = True
    except FileExistsError:
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            return False
        sound[folder] = False
    return True


def temporary_path(target: str) -> str:
    """Where a page is written before it is renamed: beside its place, which on ext4 takes 100 µs less a page than one
    folder for all, and under a name that the next build can know, should this one be killed.
    """
    start = max(target.rfind("/"), target.rfind(os.sep)) + 1
    return f"{target[:start]}.{digest(target[start:].encode()).hex()[:12]}.tmp"


def _write(temporary: str, content: bytes | Path | Ready) -> None:
    if isinstance(content, Ready):
        _link(content.file, temporary)
        return
    if isinstance(content, Path):
        shutil.copyfile(content, temporary)
        return
    # A file object takes 6 µs more.
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        done = os.write(handle, content)
        while done < len(content):  # a write may take only a part, on a disk that is nearly full
            done += os.write(handle, memoryview(content)[done:])
    finally:
        os.close(handle)


def _link(file: str, temporary: str) -> None:
    """A second name for a file, which takes no room on the disk; a copy where the system can't give one.

    A page is never written in place, so that neither folder can change the other's file.
    """
    try:
        os.link(file, temporary)
    except OSError:
        shutil.copyfile(file, temporary)


def lstat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _has(target: str, size: int, content: bytes | Path | Ready) -> bool:
    if not isinstance(content, bytes):
        return filecmp.cmp(target, content.file if isinstance(content, Ready) else content, shallow=False)
    if size != len(content):
        return False
    with open(target, "rb") as file:
        return file.read() == content


def is_inside(output: Path, path: str) -> bool:
    """Whether each folder on the way to a file is a real folder, or can become one."""
    folder = os.fspath(output)
    for part in path.split("/")[:-1]:
        folder = f"{folder}{os.sep}{part}"
        status = lstat(folder)
        if status is None:
            return True
        if not stat.S_ISDIR(status.st_mode):
            return False
    return True


def remove_empty(output: Path, folder: Path) -> None:
    while folder != output:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
