"""An importer of many Records for tests: `HEAP`, then Records that each begin with a line `== part [name=value …]`.

A part `!words` is a Problem, `?words` one that is to be tried again, `*words` a fault of the importer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from io import BufferedReader
from itertools import chain

import pytest

from site_builder import importers
from site_builder.errors import Problem
from site_builder.importers import Importer
from site_builder.model import Record


def detect(name: str, head: bytes) -> bool:
    return head.startswith(b"HEAP")


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem]:
    part, lines = "", list[bytes]()
    stream.readline()
    for line in chain(stream, [b"== end\n"]):
        if not line.startswith(b"== "):
            lines.append(line)
            continue
        raw = b"".join(lines)
        if part.startswith(("!", "?")):
            yield Problem(f"{file}#{part}", 0, part[1:], again=part.startswith("?"))
        elif part.startswith("*"):
            raise ValueError(part[1:])
        elif part or raw.strip():
            name, *facts = part.split(" ")
            meta = dict(fact.split("=", 1) for fact in facts)
            sha256 = hashlib.sha256(raw).hexdigest()
            yield Record(file, "text", raw.decode(), sha256, meta, part="" if name == "-" else name)
        part, lines = line[3:].decode().strip(), []


def heap(records: Iterable[tuple[str, str]]) -> str:
    """The text of a file with these Records: part (and facts) and text."""
    return "HEAP\n" + "".join(f"== {part}\n{text}" for part, text in records)


def story(n: int | str, more: str = "") -> str:
    """A small page of news."""
    return (
        f"Bridge {n} Closes After Vote\n\n"
        f"The council voted on Tuesday to close the old bridge {n}, which engineers have called unsafe for years.\n\n"
        "It has stood over the river for more than a century, and until last year trains went over it too.\n\n"
        f'"We had no choice," the mayor said after the meeting. "It will be rebuilt by the spring of next year."{more}\n\n'
        "All rights reserved. This material may not be published, broadcast or copied without permission.\n"
    )


def install(patch: pytest.MonkeyPatch, many: bool = True) -> None:
    """Put the importer first in the table."""
    patch.setattr(importers, "IMPORTERS", (Importer("heap", detect, read, many=many), *importers.IMPORTERS))
