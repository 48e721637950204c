"""The present extractor over sources that were imported before: what nobody edited in an article is brought up to date.

The ledger has a digest of each field as the import wrote it. A field that still has it is the program's and may
change; any other is somebody's and stays. A file that somebody edited keeps its form: only the lines of the fields
that change are replaced, comments and unknown keys stay where they are.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import documents, import_media
from .errors import Problem
from .import_ledger import Row, write_file
from .import_state import Held, State
from .import_take import Options, Taken
from .import_write import Item
from .model import Article


@dataclass(frozen=True, slots=True)
class Merge:
    """An article brought up to date: which fields change, and which would if somebody had not edited them."""

    article: Article
    changed: tuple[str, ...]
    left: tuple[str, ...]


class Refresher:
    """Brings articles up to date; stands in the place of the `Writer` of an import."""

    def __init__(self, content: Path, state: State, options: Options, tell: Callable[[Problem], None]) -> None:
        self._content = content
        self._state = state
        self._options = options
        self._tell = tell
        self.freed: set[str] = set()

    def write(self, taken: Taken) -> Item:
        """Bring one article up to date, or say why not. Raises SiteError if the disk is full."""
        held = self._state.own(taken.name, taken.sha256)
        row = Row(taken.name, taken.sha256, meta=taken.meta, format=taken.article.source.format, sketch=taken.sketch)
        if not held:
            return Item("current", row)
        row = replace(row, article=held.path, id=held.id, repairs=taken.repairs, doubts=taken.doubts, lines=taken.lost)
        path = self._content / held.path
        if not os.path.lexists(path):
            return Item("deleted", row)
        raw = path.read_bytes()
        document, _ = documents.read(raw, held.path)
        untouched = hashlib.sha256(raw).hexdigest() == held.wrote
        if not document or not (untouched or held.fields):
            self._leave(held.path, "was edited and can't be compared with what an import wrote")
            return Item("edited", row)
        others, _ = self._state.others(held.path)
        new = replace(taken.article, id=document.article.id, path=held.path, other_sources=others)
        wrote = documents.sums(document.article) if untouched else held.fields
        merge = merge_fields(document.article, new, wrote)
        if merge.left:
            fields = ", ".join(name.lstrip(":") for name in merge.left)
            self._leave(held.path, f"the extractor reads now otherwise what somebody edited: {fields}")
        if not merge.changed:
            return Item("edited" if merge.left else "current", row, document.article)
        if not self._options.dry_run:
            import_media.bring(self._content, taken.copies, taken.name, self._tell)
        media = {copy.path: copy.named for copy in taken.copies}
        text = documents.write(merge.article) if untouched else patch(raw, document, merge)
        if text is None:
            self._leave(held.path, f"has a form that can't be changed in part ({', '.join(merge.changed)})")
            return Item("edited", row, document.article)
        return self._note(held, replace(row, media=media), raw, text, merge, wrote, untouched)

    def _note(
        self, held: Held, row: Row, raw: bytes, text: str, merge: Merge, wrote: Mapping[str, str], untouched: bool
    ) -> Item:
        now = documents.sums(merge.article)
        fields = {name: sum_ for name, sum_ in wrote.items() if name not in merge.changed}
        fields |= {name: now[name] for name in merge.changed if name in now}
        # The digest of the whole stays what it was if the file was edited: an edited file stays one.
        whole = hashlib.sha256(text.encode()).hexdigest() if untouched else held.wrote
        row = replace(row, wrote=whole, fields=fields)
        if not self._options.dry_run:
            write_file(self._content / held.path, text.encode())
        self._state.note(row)
        return Item("refreshed", row, merge.article, _diff(held.path, raw, text))

    def _leave(self, path: str, why: str) -> None:
        hint = "compare it with what `import --into` makes of its source"
        self._tell(Problem(path, 0, f"{why}; left as it is", hint))


def merge_fields(old: Article, new: Article, wrote: Mapping[str, str]) -> Merge:
    """The old article with the new one's value in each field that has the digest of what an import wrote.

    Another version of the extractor alone is no change.
    """
    was, now = documents.sums(old), documents.sums(new)
    differ = [name for name in sorted(was.keys() | now.keys()) if was.get(name) != now.get(name)]
    free = [name for name in differ if was.get(name) == wrote.get(name)]
    left = tuple(name for name in differ if name not in free and now.get(name) != wrote.get(name) and name != "source")
    if free == ["source"] and replace(old.source, extractor=new.source.extractor) == new.source:
        free = []
    values: dict[str, Any] = {name: getattr(new, name) for name in free if not name.startswith(":")}
    extra = {key: value for key, value in old.extra.items() if f":{key}" not in free}
    extra |= {key: value for key, value in new.extra.items() if f":{key}" in free}
    return Merge(replace(old, **values, extra=extra), tuple(free), left)


_KEY = re.compile(r"""(["']?)([\w-]+)\1[ \t]*:(?=\s|$)""")


def patch(raw: bytes, document: documents.Document, merge: Merge) -> str | None:
    """The text of an edited file with only the changed fields replaced; None where that can't be done for sure."""
    text = raw.decode("utf-8", "replace")
    if "\r" in text or not text.startswith("---\n"):
        return None
    front, body = text[: document.start], text[document.start :]
    head, fence, rest = front[4:].rpartition("\n---")
    if not fence:
        return None
    blocks = _blocks(head.split("\n"))
    lines = documents.front(merge.article)
    for name in merge.changed:
        if name == "body":
            body = f"\n{merge.article.body.strip(chr(10))}\n"
            continue
        key = name.lstrip(":")
        at = [number for number, (found, _) in enumerate(blocks) if found == key]
        made = [(key, lines[key].split("\n"))] if key in lines else []
        if at:
            blocks[at[0] : at[0] + 1] = made
        else:
            blocks += made
    text = "\n".join(["---", *(line for _, block in blocks for line in block)]) + fence + rest + body
    again, problems = documents.read(text.encode(), merge.article.path)
    if not again or problems or documents.sums(again.article) != documents.sums(merge.article):
        return None
    return text


def _blocks(lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The lines of a front matter by their keys; comments and blank lines between keys have none."""
    blocks: list[tuple[str, list[str]]] = []
    for line in lines:
        key = _KEY.match(line)
        if key:
            blocks.append((key[2], [line]))
        elif blocks and blocks[-1][0] and line[:1] in (" ", "\t", "-"):
            blocks[-1][1].append(line)
        else:
            blocks.append(("", [line]))
    return blocks


def _diff(path: str, old: bytes, new: str) -> str:
    before = old.decode("utf-8", "replace").splitlines()
    return "\n".join(difflib.unified_diff(before, new.splitlines(), path, path, lineterm=""))
