"""Sources → Markdown files, and the import ledger that says what became of every line.

Import is idempotent: a source that the ledger knows is left alone, a file that somebody edited is never overwritten,
one that somebody deleted does not come back. Every line that is not in an article's body, and not word for word in
its front matter, stands in `imports.jsonl` under the name of the rule that placed it.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from . import dates, documents, importers, urls, workers
from .errors import Problem, SiteError
from .import_ledger import LEDGER, Line, Row, append_line, ledger_line, read_ledger, write_file
from .model import Article, Record, Skipped, Source, Verdict

INBOX = "inbox"
BATCH = 16
ID_LENGTH = 10
"""Fifty bits: among a million articles two meet once in two thousand archives; with eight letters, every other time."""


@dataclass(frozen=True, slots=True)
class Options:
    """What an import is to do.

    `into` writes Markdown there and touches nothing else; `year` dates days without one; `kind` names the importer
    instead of letting each source be recognised; `fields` names the columns of data sets.
    """

    into: Path | None = None
    year: str = ""
    language: str = ""
    publication: str = ""
    max_bytes: int = 20_000_000
    force: bool = False
    dry_run: bool = False
    kind: str = ""
    jobs: int = 1
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One source that was looked at: what became of it (`taken`, `known`, `edited`, `deleted`, `copy`), and its row."""

    outcome: str
    row: Row
    article: Article | None = None


@dataclass(slots=True)
class Tally:
    """What an import did, counted while it runs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def add(self, item: Item) -> None:
        """Count one source."""
        self.outcomes[item.outcome] += 1
        if item.outcome in ("taken", "edited"):
            self.rules.update(line.rule for line in item.row.lines if line.place == "removed")


def run(
    content: Path,
    roots: list[Path],
    options: Options,
    watch: Callable[[Item], None],
    progress: Callable[[int, int], None],
) -> Tally:
    """Import the sources below `roots`; `watch` is called for each source as it is done.

    Raises SiteError for a root that does not exist or a ledger that can't be written.
    """
    kinds = [row.name for row in importers.IMPORTERS]
    if options.kind and options.kind not in kinds:
        raise SiteError(f"there is no kind of source '{options.kind}'", hint=f"kinds: {', '.join(kinds)}")
    tally = Tally()
    known = {} if options.into else read_ledger(content / LEDGER, tally.problems)
    jobs = list(_jobs(roots, content / INBOX, known, options, tally, watch))
    # In the order of the sources, so that of two with one name the same one always gets it.
    writer = _Writer(content, known, options)
    done = 0
    take = partial(_take, options)
    for batch in workers.run(take, workers.chunks(jobs, BATCH), options.jobs):
        for outcome in batch:
            if isinstance(outcome, Problem):
                tally.problems.append(outcome)
                continue
            if isinstance(outcome, Skipped):
                tally.skipped[outcome.reason] += outcome.count
                continue
            item = writer.write(outcome, tally.problems)
            tally.add(item)
            watch(item)
        done += len(batch)
        progress(done, len(jobs))
    return tally


# ----------------------------------------------------------------------------------------------- in workers


@dataclass(frozen=True, slots=True)
class _Job:
    """A source to read: where it is, what it is called, its digests, and the row that the ledger has for it."""

    path: Path
    file: str
    sha256: str
    meta: str
    old: Row | None


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a worker made of one record."""

    job: _Job
    article: Article
    format: str
    repairs: tuple[str, ...]
    lines: tuple[Line, ...]


def _jobs(
    roots: list[Path],
    inbox: Path,
    known: dict[str, Row],
    options: Options,
    tally: Tally,
    watch: Callable[[Item], None],
) -> Iterator[_Job]:
    """The sources that have to be read; what the ledger knows already is told and passed over."""
    seen: dict[str, Path] = {}

    def unreadable(error: OSError) -> None:
        message = f"can't be read: {error.strerror or error}"
        tally.problems.append(Problem(str(error.filename), 0, message, "look at its permissions"))

    def passed_over(skipped: Skipped) -> None:
        tally.skipped[skipped.reason] += skipped.count

    for root in roots:
        if not os.path.lexists(root):
            raise SiteError("there is no such file or folder", str(root))
        folder = "" if options.into else _named(root, inbox)
        for path in importers.sources(root, unreadable, passed_over):
            file = folder + (path.name if path == root else path.relative_to(root).as_posix())
            if file in seen:
                if not path.samefile(seen[file]):
                    message, hint = "is the name of two sources; the first was taken", "give one of them another name"
                    tally.problems.append(Problem(file, 0, message, hint))
                continue
            seen[file] = path
            if not _is_text(file):
                shown = os.fsencode(file).decode(errors="backslashreplace")
                tally.problems.append(Problem(shown, 0, "has a name that is not UTF-8", "rename it"))
                continue
            try:
                sha256, meta = _sha256(path), "".join(_sha256(beside) for beside in importers.sidecars(path))
            except OSError as error:
                message = f"can't be read: {error.strerror or error}"
                tally.problems.append(Problem(file, 0, message, "look at its permissions"))
                continue
            old = known.get(file)
            if old and old.same_as and known.get(old.same_as, old).sha256 != old.sha256:
                old = None  # what it was a copy of has changed, and nobody has its text any more
            if old and old.sha256 == sha256 and old.meta == meta and not options.force:
                item = Item("known", old)
                tally.add(item)
                watch(item)
            else:
                yield _Job(path, file, sha256, meta, old)


def _named(root: Path, inbox: Path) -> str:
    """What comes before the names of sources below a root.

    Nothing for those in the inbox, whose names are their paths there; the folder's name for others, since two old
    folders may well have a `001.txt` each, and one of a known name is a known source that has changed.
    """
    here, inbox = root.resolve(), inbox.resolve()
    if not here.is_dir():
        here = here.parent
    if here.is_relative_to(inbox):
        return "".join(f"{part}/" for part in here.relative_to(inbox).parts)
    return f"{here.name}/" if here.name else ""


def _is_text(file: str) -> bool:
    try:
        file.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _take(options: Options, jobs: list[_Job]) -> list[_Taken | Problem | Skipped]:
    """Read and understand a few sources; runs in a worker."""
    results: list[_Taken | Problem | Skipped] = []
    for job in jobs:
        for record in importers.read(job.path, job.file, options.max_bytes, options.kind, options.fields):
            results.append(_understand(record, job, options) if isinstance(record, Record) else record)
    return results


def _understand(record: Record, job: _Job, options: Options) -> _Taken:
    from . import extraction  # 90 ms, which a build without new sources need not pay

    made = extraction.extract(record, options.year, options.language)
    source = Source(
        file=record.file,
        url=str(record.meta.get("url", "")),
        format=record.format,
        retrieved=str(record.meta.get("retrieved", "")),
        sha256=record.sha256,
    )
    id_ = base64.b32encode(bytes.fromhex(record.sha256)).decode().lower()[:ID_LENGTH]
    publication = made.article.publication or options.publication
    article = replace(made.article, id=id_, source=source, publication=publication)
    lines = tuple(_lost(made.verdicts, article))
    return _Taken(job, article, record.format, record.repairs, lines)


def _lost(verdicts: tuple[Verdict, ...], article: Article) -> Iterator[Line]:
    """The lines whose text is in the article neither as body nor word for word as a field."""
    front = documents.write(replace(article, body=""))
    for verdict in verdicts:
        text = " ".join(verdict.text.split())
        if verdict.place != "body" and (verdict.place == "removed" or text not in front):
            yield Line(verdict.line, verdict.place, verdict.rule, verdict.text)


# ------------------------------------------------------------------------------------------------- writing


class _Writer:
    """Puts articles in their places and notes it; one for a run, in the order of the sources."""

    def __init__(self, content: Path, known: dict[str, Row], options: Options) -> None:
        self._content = content
        self._known = known
        self._options = options
        self._by_sum = {row.sha256: row.source for row in known.values() if not row.same_as}
        self._mine: set[Path] = set()

    def write(self, taken: _Taken, problems: list[Problem]) -> Item:
        """Write one article, or say why not."""
        if self._options.into:
            return self._write_into(self._options.into, taken, problems)
        return self._write_archive(taken, problems)

    def _write_archive(self, taken: _Taken, problems: list[Problem]) -> Item:
        job, old = taken.job, taken.job.old
        if old and old.same_as and old.sha256 != job.sha256:
            old = None  # a copy that has become a text of its own; the article that the row names is another's
        article = replace(taken.article, id=old.id) if old and old.id else taken.article
        row = Row(
            job.file, job.sha256, "", article.id, job.meta, "", taken.format, repairs=taken.repairs, lines=taken.lines
        )
        first = self._by_sum.get(job.sha256, job.file)
        if first != job.file and first in self._known and self._known[first].sha256 == job.sha256:
            row = replace(row, article=self._known[first].article, same_as=first, lines=())
            return self._note(Item("copy", row, article))
        path = self._content / old.article if old and old.article else self._free_path(article)
        row = replace(row, article=path.relative_to(self._content).as_posix())
        if old and not path.exists() and not self._options.force:
            return self._note(Item("deleted", replace(row, wrote=old.wrote, kept="deleted"), article))
        if old and path.exists() and _sha256(path) != old.wrote:
            if not self._options.force:
                message = "changed, but its article was edited since; the article is left as it is"
                problems.append(Problem(job.file, 0, message, f"compare it with {row.article}"))
            return self._note(Item("edited", replace(row, wrote=old.wrote, kept="edited"), article))
        raw = documents.write(article).encode()
        if not self._options.dry_run:
            write_file(path, raw)
        return self._note(Item("taken", replace(row, wrote=hashlib.sha256(raw).hexdigest()), article))

    def _free_path(self, article: Article) -> Path:
        """A place for a new article by date and title; one that is taken gets the id behind it."""
        slug = urls.slugify(article.slug or article.title)
        bucket = dates.parse(article.date).bucket[:2] or ("undated",)
        folder = self._content.joinpath("articles", *bucket)
        raw = documents.write(article).encode()
        for name in (f"{slug}.md", f"{slug}-{article.id}.md", *(f"{slug}-{article.id}-{n}.md" for n in range(2, 99))):
            path = folder / name
            # A run that was killed between the article and its ledger line left exactly these bytes.
            if path not in self._mine and (not os.path.lexists(path) or _is(path, raw)):
                self._mine.add(path)
                return path
        raise SiteError("a hundred articles want this name", str(folder / f"{slug}.md"))

    def _note(self, item: Item) -> Item:
        self._known[item.row.source] = item.row
        self._by_sum.setdefault(item.row.sha256, item.row.source)
        if not self._options.dry_run:
            append_line(self._content / LEDGER, ledger_line(item.row))
        return item

    def _write_into(self, into: Path, taken: _Taken, problems: list[Problem]) -> Item:
        source = Path(taken.job.file)
        path = into / source.with_suffix(".md")
        if path in self._mine:  # a.txt and a.html
            path = into / f"{taken.job.file}.md"
        self._mine.add(path)
        raw = documents.write(taken.article).encode()
        row = Row(taken.job.file, taken.job.sha256, path.relative_to(into).as_posix(), taken.article.id)
        row = replace(row, format=taken.format, repairs=taken.repairs, lines=taken.lines)
        if os.path.lexists(path) and not _is(path, raw) and not self._options.force:
            problems.append(Problem(str(path), 0, "exists already and differs, left as it is", "--force overwrites it"))
            return Item("edited", row, taken.article)
        if not self._options.dry_run:
            write_file(path, raw)
        return Item("taken", row, taken.article)


def _is(path: Path, raw: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == raw


def begin(content: Path, title: str, date: str) -> str:
    """Write the file of a new draft and give its path. Raises SiteError if the name is taken or there is no archive."""
    if not content.is_dir():
        raise SiteError("there is no such folder", str(content), "make it, or name yours with --content")
    if not title.strip():
        raise SiteError("an article needs a title")
    bucket = dates.parse(date).bucket[:2] or ("undated",)
    path = content.joinpath("articles", *bucket, f"{urls.slugify(title)}.md")
    if os.path.lexists(path):
        raise SiteError("exists already", str(path), "give the article another title")
    text = documents.write(Article(title=title, date=date, status="draft", body="Text."))
    write_file(path, text.encode())
    return str(path)
