"""The import ledger, `imports.jsonl`: what became of every source and of every line that is not in its article."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from .errors import Problem, SiteError

LEDGER = "imports.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source whose text is not in the article as it stood: number, place, rule and text."""

    line: int
    place: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the import ledger: a source, and what became of it.

    `sha256` is of the source, `meta` of the file of facts beside it, `wrote` of the Markdown as it was written.
    `same_as` names the source of which this one is an exact copy; `kept` says why an article was not written anew.
    """

    source: str
    sha256: str
    article: str = ""
    id: str = ""
    meta: str = ""
    wrote: str = ""
    format: str = ""
    same_as: str = ""
    kept: str = ""
    repairs: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def read_ledger(file: Path, problems: list[Problem]) -> dict[str, Row]:
    """The newest row of each source; a line that can't be read is a Problem."""
    rows: dict[str, Row] = {}
    try:
        lines = file.read_bytes().decode("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return rows
    except OSError as error:
        raise SiteError(f"can't be read: {error.strerror}", str(file)) from error
    names = {f.name for f in fields(Row)} - {"lines", "repairs"}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            # What was removed is read by nobody here, and is most of the ledger.
            texts: dict[str, Any] = {name: str(values[name]) for name in names & values.keys()}
            row = Row(**texts)
            if values["source"] != row.source or (row.article and not _is_article(row.article)):
                raise ValueError(row.article)
            rows[row.source] = row
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            hint = "restore it from a backup, or delete it: its source is then imported again"
            problems.append(Problem(LEDGER, number, "is not a line of the import ledger", hint))
    return rows


def _is_article(path: str) -> bool:
    """Whether a path can be one that an import wrote: a ledger may come from strangers, as the rest of an archive."""
    parts = path.split("/")
    plain = not any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts)
    return plain and len(parts) > 1 and parts[0] == "articles" and path.endswith(".md")


def ledger_line(row: Row) -> str:
    """A row as a line of the ledger."""
    values: dict[str, Any] = {f.name: getattr(row, f.name) for f in fields(row) if getattr(row, f.name)}
    if row.lines:
        values["lines"] = [[line.line, line.place, line.rule, line.text] for line in row.lines]
    return json.dumps(values, ensure_ascii=False) + "\n"


def write_file(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all. Raises SiteError for a disk that is full or a folder that can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(raw)
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SiteError(f"can't be written: {error.strerror or error}", str(path), "is the disk full?") from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def append_line(file: Path, line: str) -> None:
    """Append to a ledger in one write; a broken last line, left by a killed run, is closed first."""
    try:
        with file.open("a+b") as ledger:
            if ledger.tell() > 0:
                ledger.seek(-1, os.SEEK_END)
                if ledger.read(1) != b"\n":
                    line = f"\n{line}"
            ledger.write(line.encode())
    except OSError as error:
        raise SiteError(f"can't be written: {error.strerror or error}", str(file), "is the disk full?") from error
