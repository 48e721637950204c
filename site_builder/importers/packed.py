"""One file, packed: `.gz`, `.bz2`, `.xz`, `.zst`, told from its first bytes. The member is the file under its own name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader

from site_builder.errors import Problem
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
    yield Member(inner, stream_of(unpack(stream, packing(stream.peek(8))), budget))
