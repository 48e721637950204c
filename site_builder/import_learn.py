"""What an outlet prints on page after page, learnt from the page texts of an import before they are understood.

The table lies in `furniture.jsonl` in the archive, where people can read and edit it. It is learnt from the sources
that are new, whatever their order, and joined with what is there; what is known already is not read again for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import importers
from .errors import system_error
from .import_ledger import write_file
from .import_state import Todo
from .import_take import Options, read
from .model import Record

FILE = "furniture.jsonl"
KINDS = frozenset(("text", "warc", "table", "zip", "packed", "tar"))
"""What may hold page texts."""


def learn(todos: Iterable[Todo], options: Options, file: Path, target: Path) -> tuple[str, str]:
    """Learn from new sources, join it with the table in `file`, and write the whole to `target`.

    Gives where the table lies, and its digest; both are empty for a table without lines. Raises SiteError for a line
    of `file` that can't be read, and for a full disk.
    """
    from .extraction.text import repeats  # 90 ms, which an import without new sources need not pay

    old = repeats.load(_text(file), FILE)
    table = repeats.merge(old, repeats.learn(_records(todos, options)))
    text = repeats.dump(table)
    if text != _text(target):
        write_file(target, text.encode())
    return (str(target), hashlib.sha256(text.encode()).hexdigest()) if text else ("", "")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise system_error(error, file, "can't be read") from error


def _records(todos: Iterable[Todo], options: Options) -> Iterator[Record]:
    for todo in todos:
        try:
            importer = importers.recognise(todo.path, options.kind)
        except OSError:
            continue  # whoever takes it will tell
        if importer and importer.name not in KINDS:
            continue
        for item in read(todo.path, todo.name, options):
            if isinstance(item, Record) and item.format == "text":
                yield item
