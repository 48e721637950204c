"""Articles → their files, with a row in the ledger for each source: what is new is written, what people did stays."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from . import dates, documents, import_media, urls
from .errors import Problem, SiteError
from .import_ledger import Row, write_file
from .import_state import Held, State
from .import_take import Options, Taken, make_id
from .model import Article, Source


@dataclass(frozen=True, slots=True)
class Item:
    """One source that was looked at, what became of it, and its row.

    `outcome` is `taken`, `known`, `copy`, `edited`, `deleted`, `refused`; of a refresh also `refreshed` and `current`.
    `diff` shows what a refresh changes.
    """

    outcome: str
    row: Row
    article: Article | None = None
    diff: str = ""


class Writer:
    """Puts articles in their places and notes it; one for a run, in the order of the sources.

    `freed` names the files that held copies of texts whose articles have taken others since: they must be read again.
    """

    def __init__(self, content: Path, state: State, options: Options, tell: Callable[[Problem], None]) -> None:
        self._content = content
        self._state = state
        self._options = options
        self._tell = tell
        self.freed: set[str] = set()

    def write(self, taken: Taken) -> Item:
        """Write one article, or say why not. Raises SiteError if the disk is full."""
        row = Row(
            source=taken.name,
            sha256=taken.sha256,
            id=taken.article.id,
            meta=taken.meta,
            format=taken.article.source.format,
            fields=taken.fields,
            sketch=taken.sketch,
            repairs=taken.repairs,
            doubts=taken.doubts,
            lines=taken.lost,
        )
        if self._options.into:
            return self._write_into(self._options.into, taken.article, row)
        return self._write_archive(taken.article, row, taken.copies)

    def _write_archive(self, article: Article, row: Row, copies: tuple[import_media.Copy, ...]) -> Item:
        held = self._own(article, row)
        first = self._state.holder(row.sha256, row.content)
        if first and not (held and first.path == held.path):
            if is_place(article.source.part) and first.sha256 == row.sha256 and self._state.is_orphan(first):
                # It stood elsewhere in its file before.
                moved = replace(row, article=first.path, id=first.id, wrote=first.wrote, fields=first.fields)
                return self._note("known", moved, article)
            if _says_nothing_new(row, first):
                return self._note("copy", _as_copy(row, first, article.source), article)
            row = replace(row, doubts=(*row.doubts, "has the text of another article, but other facts"))
        article = replace(article, id=held.id if held else self._free_id(row))
        raw = documents.write(article).encode()
        path = self._content / held.path if held else self._free_path(article, raw)
        row = replace(row, id=article.id, article=path.relative_to(self._content).as_posix())
        if held and not os.path.lexists(path) and not self._options.force:
            return self._note("deleted", replace(row, wrote=held.wrote, fields=held.fields, kept="deleted"), article)
        wrote = hashlib.sha256(raw).hexdigest()
        # A run that was killed between the article and its ledger line left exactly what is to be written.
        if held and os.path.lexists(path) and digest_of(path) not in (held.wrote, wrote):
            if not self._options.force:
                message = "changed, but its article was edited since; the article is left as it is"
                self._tell(Problem(row.source, 0, message, f"compare it with {row.article}"))
            return self._note("edited", replace(row, wrote=held.wrote, fields=held.fields, kept="edited"), article)
        if held and held.sha256 != row.sha256:
            self._free_copies(held.path)
        if not self._options.dry_run:
            import_media.bring(self._content, copies, row.source, self._tell)
            write_file(path, raw)
        media = {copy.path: copy.named for copy in copies}
        return self._note("taken", replace(row, wrote=wrote, media=media), article)

    def _free_copies(self, path: str) -> None:
        """Nobody will have the text that this article had; a file that has it must not count as done."""
        for name in self._state.copies(path):
            file, part, _ = name.partition("#")
            row = self._state.source(file) if part else None
            if row and row.sha256:
                self._state.note(Row(file))
            self.freed.add(file)

    def _own(self, article: Article, row: Row) -> Held | None:
        """The article that this source was made into before, if it is still the source's own."""
        old = self._state.source(row.source)
        held = self._state.article(old.article) if old and old.article else None
        if not old or not held:
            return None
        if old.same_as or held.source != row.source:
            # A copy that has become a text of its own leaves the article that its row names to the other source.
            return held if held.sha256 == row.sha256 and self._state.is_orphan(held) else None
        if held.sha256 != row.sha256 and is_place(article.source.part) and not self._is_same_story(held, article):
            return None
        return held

    def _is_same_story(self, held: Held, article: Article) -> bool:
        """Whether what stands at a place now is what stood there: when a line is added on top, all others move."""
        try:
            document, _ = documents.read((self._content / held.path).read_bytes(), held.path)
        except OSError:
            return False
        if not document:
            return False
        old = document.article
        return old.source.url == article.source.url if article.source.url else old.title == article.title

    def _free_id(self, row: Row) -> str:
        """An id made of the source's bytes; of its name too, where an article of the same bytes has that one."""
        made, n = row.id, 0
        while self._state.has_id(made):
            made = make_id(hashlib.sha256(f"{row.sha256} {row.source} {n or ''}".encode()).hexdigest())
            n += 1
        return made

    def _free_path(self, article: Article, raw: bytes) -> Path:
        """A place for a new article by date and title; one that is taken gets the id behind it."""
        slug = urls.slugify(article.slug or article.title)
        bucket = dates.parse(article.date).bucket[:2] or ("undated",)
        folder = self._content.joinpath("articles", *bucket)
        for name in (f"{slug}.md", f"{slug}-{article.id}.md", *(f"{slug}-{article.id}-{n}.md" for n in range(2, 99))):
            path = folder / name
            # A run that was killed between the article and its ledger line left exactly these bytes.
            if not os.path.lexists(path) or _is(path, raw):
                held = self._state.article(path.relative_to(self._content).as_posix())
                if not held:
                    return path
        raise SiteError("a hundred articles want this name", str(folder / f"{slug}.md"), "rename some of them")

    def _note(self, outcome: str, row: Row, article: Article) -> Item:
        self._state.note(row)
        return Item(outcome, row, article)

    def _write_into(self, into: Path, article: Article, row: Row) -> Item:
        name = _mirrored(row.source)
        path = into / name.with_suffix(".md")
        if self._state.claim(f"{path}", path):  # a.txt and a.html
            path = into / name.with_name(f"{name.name}.md")
        raw = documents.write(article).encode()
        row = replace(row, article=path.relative_to(into).as_posix())
        if os.path.lexists(path) and not _is(path, raw) and not self._options.force:
            self._tell(Problem(str(path), 0, "exists already and differs, left as it is", "--force overwrites it"))
            return Item("edited", row, article)
        if not self._options.dry_run:
            write_file(path, raw)
        return Item("taken", row, article)


def _mirrored(name: str) -> Path:
    """A source's name as a path that stays in its folder: the names in an archive file are strangers'."""
    file, mark, part = name.partition("#")
    parts = [one for one in f"{file}/{part}".split("/") if one not in ("", ".", "..")] if mark else file.split("/")
    return Path(*(_capped(one) for one in parts))


def _capped(part: str) -> str:
    part = part.replace("\0", "").replace("\\", "_")
    return part if len(part.encode()) <= 200 else f"{part[:40]}-{hashlib.sha256(part.encode()).hexdigest()[:16]}"


def is_place(part: str) -> bool:
    """Whether a part's name is its place in the file, and not a name of its own.

    `record=1` is not: it is what the one Record of a file is called that is packed alone (`page.html.gz`).
    """
    last = part.rpartition("!")[2]
    return bool(_PLACE.fullmatch(last)) and last != "record=1"


_PLACE = re.compile(r"(?:line|offset|row|record|item)=\d+")


def _says_nothing_new(row: Row, first: Held) -> bool:
    """Whether every fact of a source is in the article that has its text. Where it comes from the ledger notes."""
    if not first.fields:
        return first.sha256 == row.sha256
    return all(first.fields.get(name) == sum_ for name, sum_ in row.fields.items() if name != "source")


def _as_copy(row: Row, first: Held, source: Source) -> Row:
    """The row of a copy. The lines that are not in the article are known from the first of them if the bytes are."""
    lines = () if first.sha256 == row.sha256 else row.lines
    row = replace(row, article=first.path, id=first.id, same_as=first.source, lines=lines, doubts=(), sketch="")
    return replace(row, part=source.part, url=source.url, canonical=source.canonical, retrieved=source.retrieved)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; empty if there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _is(path: Path, raw: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == raw
