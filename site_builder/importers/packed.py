"""One file, packed: `.gz`, `.bz2`, `.xz`, `.zst`, told from its first bytes. The member is the file under its own name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader

from site_builder.errors import DamagedError, MissingPackageError, Problem
from site_builder.model import Skipped
from site_builder.streams import Budget, Member, packing, stream_of, unpack

_ENDING = re.compile(r"\.(?:gz|gzip|z|bz2|bzip2|xz|lzma|zst|zstd)$", re.IGNORECASE)
_SHORT = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}


def detect(name: str, head: bytes) -> bool:
    """True for the first bytes of gzip, bzip2, xz and zstd, whatever the name."""
    return bool(packing(head))


def members(stream: BufferedReader, name: str, file: str, budget: Budget) -> Iterator[Member | Problem | Skipped]:
    """The one file that it holds."""
    inner = _ENDING.sub("", name)
    for short, long in _SHORT.items():
        if name.lower().endswith(short):
            inner = name[: -len(short)] + long
    kind = packing(stream.peek(8))
    repairs = _doubts(stream, kind, budget.left)
    yield Member(inner, stream_of(unpack(stream, kind), budget), repairs=repairs)


def _doubts(stream: BufferedReader, kind: str, most: int) -> tuple[str, ...]:
    """What has to be said of all that comes out of a damaged file.

    Its checksum stands at its end, when the texts have been taken long since; so it is unpacked twice, which costs a
    hundredth of what is done with the texts. Of a file that was cut, what there is is right.
    """
    if not stream.seekable():
        return ()
    fault = ""
    try:
        for piece in unpack(stream, kind):
            most -= len(piece)
            if most < 0:
                break
    except DamagedError as error:
        fault = str(error)
    except MissingPackageError:
        pass  # told when it is read
    stream.seek(0)
    if not fault or fault.startswith("breaks off"):
        return ()
    return (f"its file {fault}: this text may be changed",)
