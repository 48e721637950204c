"""The import ledger, `imports.jsonl`: what became of every source and of every line that is not in its article.

It is the truth about imports and part of the archive: appended to, read as a stream, never rewritten.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

from .errors import Problem, SiteError, system_error

LEDGER = "imports.jsonl"


class Line(NamedTuple):
    """A line of a source whose text is not in the article as it stood: number, place, rule and text.

    A tuple: a page has two hundred, and from a worker here they come twice as fast as values of a dataclass.
    """

    line: int
    place: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the import ledger: a source, and what became of it.

    A source is a Record (`page.txt`, `crawl.warc.gz#offset=10482`), a file of many Records that was read to its end
    (then `records` says how many it has, and `skipped` why others were not taken, with their numbers), or a folder
    outside of the inbox (`old/`, whose `meta` is a digest of where it lies).

    `media` are the files that were copied for the article: the path in `media/`, and what the source calls it.
    `sha256` is of the raw bytes, `meta` of the facts beside them, `wrote` of the Markdown as it was written, `fields`
    of each of its fields; `sketch` is of the article's body (see `resemblance`). `same_as` names the source of which
    this one is a copy; a copy keeps its `part`, `url`, `canonical` and time of capture here. `kept` says why no article
    was written: `edited`, `deleted`, `refused`. `doubts` are reasons for a person to look at the article.

    A row with `amended` is none of a source: it tells that an import changed this one field of an article later, and
    what `wrote` and the field's digest are since; with `kept` that somebody had edited the article, which was left.
    """

    source: str
    sha256: str = ""
    article: str = ""
    id: str = ""
    meta: str = ""
    wrote: str = ""
    sketch: str = ""
    format: str = ""
    same_as: str = ""
    kept: str = ""
    amended: str = ""
    part: str = ""
    url: str = ""
    canonical: str = ""
    retrieved: str = ""
    records: int | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def content(self) -> str:
        """The digest of title and body together; empty if the row has none."""
        title, body = self.fields.get("title", ""), self.fields.get("body", "")
        return f"{title}{body}" if title or body else ""


_TEXTS = tuple(
    "source sha256 article id meta wrote sketch format same_as kept amended part url canonical retrieved".split()
)


def read_rows(file: Path, problems: list[Problem]) -> Iterator[Row]:
    """Every row, from the oldest; a line that can't be read is a Problem. Raises SiteError for a file that can't."""
    try:
        with file.open("rb") as ledger:
            for number, raw in enumerate(ledger, 1):
                if not raw.strip():
                    continue
                row = _row(raw)
                if row:
                    yield row
                elif raw.endswith(b"\n"):
                    hint = "restore it from a backup, or delete it: its source is then imported again"
                    problems.append(Problem(LEDGER, number, "is not a line of the import ledger", hint))
                else:
                    hint = "its source is imported again"
                    problems.append(Problem(LEDGER, number, "ended in the middle of a line, which was dropped", hint))
    except FileNotFoundError:
        return
    except OSError as error:
        raise system_error(error, file, "can't be read") from error


def _row(raw: bytes) -> Row | None:
    """The row that a line of the ledger holds, None if it holds none."""
    try:
        values = json.loads(raw.decode("utf-8", "replace"))
        made: dict[str, Any] = {name: str(values[name]) for name in _TEXTS if name in values}
        "".join(made.values()).encode()  # raises ValueError for halves of characters, which no file can hold
        row = Row(
            **made,
            records=int(values["records"]) if "records" in values else None,
            skipped={str(name): int(count) for name, count in values.get("skipped", {}).items()},
            fields={str(name): str(sum_) for name, sum_ in values.get("fields", {}).items()},
            media={str(path): str(named) for path, named in values.get("media", {}).items()},
            repairs=tuple(map(str, values.get("repairs", ()))),
            doubts=tuple(map(str, values.get("doubts", ()))),
            lines=tuple(Line(int(n), str(a), str(b), str(c)) for n, a, b, c in values.get("lines", ())),
        )
        if values["source"] != row.source or "sha256" not in values or (row.article and not _is_article(row.article)):
            return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return row


def _is_article(path: str) -> bool:
    """Whether a path can be one that an import wrote: a ledger may come from strangers, as the rest of an archive."""
    parts = path.split("/")
    plain = not any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts)
    return plain and len(parts) > 1 and parts[0] == "articles" and path.endswith(".md")


def ledger_line(row: Row) -> str:
    """A row as a line of the ledger."""
    values: dict[str, Any] = {f.name: getattr(row, f.name) for f in fields(row) if getattr(row, f.name)}
    values["sha256"] = row.sha256
    if row.records is not None:
        values["records"] = row.records
    return json.dumps(values, ensure_ascii=False) + "\n"


def mend(file: Path) -> None:
    """Cut off what a killed run left of a last line, so that the ledger is whole from its first line to its last.

    A last line that lacks only its end gets it.
    """
    try:
        with file.open("r+b") as ledger:
            start = end = ledger.seek(0, os.SEEK_END)
            tail = b""
            while start and b"\n" not in tail:
                size = min(start, 1 << 16)
                start = ledger.seek(start - size)
                tail = ledger.read(size) + tail
            torn = tail[tail.rfind(b"\n") + 1 :]
            if torn and _row(torn):
                ledger.seek(end)
                ledger.write(b"\n")
            elif torn:
                ledger.truncate(end - len(torn))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(error, file) from error


class Appender:
    """Appends rows to a whole ledger, each in one write; a context manager that closes it. Opens it when needed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ledger: BinaryIO | None = None

    def __enter__(self) -> Appender:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._ledger:
            self._ledger.close()

    def append(self, row: Row) -> None:
        """Write one row. Raises SiteError for a disk that is full; no half of a line then stays."""
        raw = ledger_line(row).encode()
        try:
            if not self._ledger:
                self._ledger = self._file.open("ab", buffering=0)
            size = self._ledger.tell()
            if self._ledger.write(raw) != len(raw):
                self._ledger.truncate(size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise _unwritable(error, self._file) from error


def _unwritable(error: OSError, file: Path) -> SiteError:
    return system_error(error, file, "can't be written")


def write_file(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all. Raises SiteError for a disk that is full or a folder that can't be written.

    What a kill leaves of it has a name of the file's own, so that the next run, which writes the same file, wipes it.
    """
    temporary = path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        try:
            with temporary.open("xb") as file:  # never through a link
                file.write(raw)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(error, path) from error
