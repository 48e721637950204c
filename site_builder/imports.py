"""Sources → Markdown files, and the import ledger that says what became of every line.

Import is idempotent: a source that the ledger knows is left alone, a file that somebody edited is never overwritten,
one that somebody deleted does not come back. Every line that is not in an article's body, and not word for word in
its front matter, stands in `imports.jsonl` under the name of the rule that placed it.

Files are first compared with the ledger by their stats, then read: small ones by the workers, those of many Records
here, whose Records the workers understand. A file of many has a row of its own when it was read to its end; one that
a killed run left half done is read again, and the Records that the ledger knows are passed over.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from . import (
    dates,
    documents,
    import_copies,
    import_learn,
    import_media,
    import_packed,
    import_take,
    import_walk,
    importers,
    urls,
    workers,
)
from .entries import INBOX
from .errors import Problem, SiteError
from .import_ledger import Row, write_file
from .import_refresh import Refresher
from .import_report import Tally
from .import_state import Seen, State, Todo
from .import_take import ID_LENGTH, End, File, Options, Part, Refused, Result, count, facts_sum
from .import_write import Item, Writer
from .model import Article, Record, Skipped

__all__ = ["ID_LENGTH", "INBOX", "Item", "Options", "Tally", "begin", "run", "write_report"]

CACHE = "imports.sqlite3"
LISTS = "packed"
BATCH = 16
BATCH_BYTES = 4_000_000
"""Sources in a batch, and bytes: a few large ones must not fill the memory of all workers' queues."""

Progress = Callable[[str, int, int], None]


def run(
    content: Path,
    roots: list[Path],
    options: Options,
    watch: Callable[[Item], None],
    progress: Progress,
    crew: workers.Crew,
) -> Tally:
    """Import the sources below `roots`; `watch` is called for each source as it is done, `progress` with bytes.

    Raises SiteError for a root that does not exist or a ledger that can't be written.
    """
    kinds = [row.name for row in importers.IMPORTERS]
    if options.kind and options.kind not in kinds:
        raise SiteError(f"there is no kind of source '{options.kind}'", hint=f"kinds: {', '.join(kinds)}")
    tally = Tally()
    if not roots:
        return tally
    cache = None if options.into or options.dry_run else content / ".cache" / CACHE
    with State(None if options.into else content, cache, tally.problems) as state:
        _Run(content, options, state, tally, watch, progress, crew).go(roots)
    tally.close()
    return tally


class _Run:
    """One import: what is to do is found first, so that its size is known, and then done in that order."""

    def __init__(
        self,
        content: Path,
        options: Options,
        state: State,
        tally: Tally,
        watch: Callable[[Item], None],
        progress: Progress,
        crew: workers.Crew,
    ) -> None:
        self._content, self._options, self._state = content, options, state
        self._tally, self._watch, self._progress, self._crew = tally, watch, progress, crew
        writer = Refresher if options.refresh else Writer
        self._writer = writer(content, state, options, tally.tell)
        self._again: set[str] = set()
        self._containers = {row.name for row in importers.CONTAINERS}
        self._done = self._total = 0
        self._lists, self._listed = Path(), 0

    def go(self, roots: list[Path]) -> None:
        """Do it all; files that turn out to have the last copy of a text are looked into once more.

        What a killed run owed is settled first, while the ledger is just as that one left it.
        """
        self._settle_copies()
        self._once(roots)
        if self._writer.freed:
            self._again = set(self._writer.freed)
            self._state.begin_again()
            self._once(roots)
        self._settle_copies()
        self._tally.near = self._state.sketches.groups()

    def _settle_copies(self) -> None:
        if not (self._options.into or self._options.dry_run):
            import_copies.settle(self._content, self._state, self._tally.tell)

    def _once(self, roots: list[Path]) -> None:
        self._find(roots)
        self._done, self._total = 0, self._state.todo_bytes()
        with ExitStack() as stack:
            if not self._total:
                options = self._options
            else:
                self._lists = Path(stack.enter_context(self._folder_of_lists()))
                aside = self._options.into or self._options.dry_run
                folder = Path(stack.enter_context(self._temporary())) if aside else self._content
                file = self._content / import_learn.FILE
                learner = import_learn.Learner(
                    self._options, self._crew, partial(self._at, "looking for repeated lines")
                )
                table = learner.learn(self._new(), file, folder / import_learn.FILE)
                options = replace(self._options, furniture=table)
            self._take_all(partial(import_take.take, options))

    def _temporary(self) -> TemporaryDirectory[str]:
        """A folder for the table of a run that may not write into the archive; workers elsewhere must see it too."""
        place = self._options.into if self._crew.far else None
        if place:
            place.mkdir(parents=True, exist_ok=True)
        return TemporaryDirectory(prefix=".furniture-", dir=place)

    def _folder_of_lists(self) -> TemporaryDirectory[str]:
        """A folder for what archives hold; that of a run that was killed goes first."""
        if self._options.into or self._options.dry_run:
            return TemporaryDirectory(ignore_cleanup_errors=True)
        folder = self._content / ".cache" / LISTS
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return TemporaryDirectory(dir=folder, ignore_cleanup_errors=True)

    def _take_all(self, take: Callable[[list[File | Part | End]], list[Result]]) -> None:
        # In the order of the sources, so that of two with one name the same one always gets it.
        for results in self._crew.run(take, _batches(self._jobs()), self._options.jobs):
            for result in results:
                self._settle(result)
            self._at("importing", self._done)

    def _find(self, roots: list[Path]) -> None:
        """Put the files that have to be looked into on the list; those that are known by their stats are told."""
        found = import_walk.find(
            roots, self._content / INBOX, self._state, self._pass_over, mirror=self._options.into is not None
        )
        anew = self._options.force or self._options.refresh
        for number, (name, file, row) in enumerate(import_walk.compare(found, self._state)):
            if (self._options.refresh and not self._state.source(name)) or (self._again and name not in self._again):
                continue
            if row and not anew:
                self._tell(Item("known", row))
            else:
                self._state.add_todo(Todo(name, Path(file.path), file.status.st_size))
            if number % 1000 == 999:
                self._progress("looking", number + 1, 0)

    def _tell(self, item: Item) -> None:
        if self._again and item.outcome == "known":
            return
        self._tally.add(item.outcome, item.row)
        self._watch(item)

    # ------------------------------------------------------------------------------------------------ reading

    def _jobs(self) -> Iterator[File | Part | End]:
        for todo in self._state.todo():
            try:
                seen, row = self._look(todo)
                if row:
                    self._tell(Item("known", row))
                else:
                    importer = importers.recognise(todo.path, self._options.kind)
                    if importer and importer.many:
                        yield from self._parts(todo, seen, importer.name)
                    elif not self._options.refresh or self._may_refresh(todo.name, seen.sha256):
                        kind = importer.name if importer else self._options.kind
                        yield File(todo.name, todo.path, seen.sha256, seen.meta, kind, todo.size)
            except OSError as error:
                self._tally.tell(import_walk.unreadable(todo.name, error))
            self._done += todo.size

    def _look(self, todo: Todo) -> tuple[Seen, Row | None]:
        """A file's digests, and its row if they are known and nothing is to be done anew. Raises OSError."""
        seen = import_walk.look(todo, self._state)
        row = self._state.source(todo.name)
        anew = self._options.force or self._options.refresh
        return seen, row if row and not anew and self._state.is_known(row, seen.sha256, seen.meta) else None

    def _new(self) -> Iterator[Todo]:
        """What is to be taken. What only looks new, without a cache, was learnt from before, with more beside it."""
        for todo in self._state.todo():
            with suppress(OSError):  # who takes it will tell
                if not self._look(todo)[1]:
                    yield todo

    def _parts(self, todo: Todo, seen: Seen, kind: str) -> Iterator[Part | End]:
        """The Records of one file that are new, and its end if that was reached."""
        records, skipped, again = 0, Counter[str](), False
        source = self._source(todo, kind)
        watch = partial(self._reached, self._done)
        for item in import_take.read(todo.path, todo.name, self._options, watch):
            if not isinstance(item, Record):
                count(skipped, item)
                again = again or (isinstance(item, Problem) and item.again)
                self._pass_over(item)
                continue
            records += 1
            record = self._named(item, todo.path, records)
            part = Part(record, facts_sum(record), source._replace(part=record.part))
            row = self._state.source(record.name)
            if self._options.refresh:
                if self._may_refresh(record.name, record.sha256):
                    yield part
            elif row and not self._options.force and self._state.is_known(row, record.sha256, part.meta):
                self._want_again(todo.name, row)
                self._tell(Item("known", row))
            else:
                yield part
        self._state.release(todo.name)
        row = Row(todo.name, seen.sha256, meta=seen.meta, format=kind, records=records, skipped=dict(skipped))
        done = not again and not self._options.refresh and (records or not skipped)
        archive = todo.path if source.listed and not self._options.dry_run else None
        if done or archive:
            yield End(row if done else Row(todo.name), archive)

    def _source(self, todo: Todo, kind: str) -> import_media.Source:
        """Where the articles of a file come from; of an archive with a list of what can't be found in it at any time."""
        if kind not in self._containers or self._options.into:
            return import_media.Source(todo.path, todo.name)
        self._listed += 1
        target = self._lists / f"{self._listed}.sqlite3"
        is_zip = kind == "zip"
        watch = partial(self._reached, self._done, step="looking for pictures")
        listed, whole = import_packed.catalogue(todo.path, self._options.kind, target, is_zip, watch)
        if not whole:
            hint = "unpack it, and import the folder"
            self._tally.tell(Problem(todo.name, 0, "holds too many files for a list; some pictures stay behind", hint))
        path = str(listed) if listed else ""
        return import_media.Source(todo.path if is_zip or path else None, todo.name, packed=is_zip, listed=path)

    def _want_again(self, archive: str, row: Row) -> None:
        """What the articles of a killed run still lack, which wrote them and fetched no pictures yet."""
        for path, name in row.media.items():
            if not os.path.lexists(self._content / path):
                self._state.wants.add(archive, name, path)

    def _reached(self, before: int, place: int, step: str = "importing") -> None:
        self._at(step, before + place)

    def _at(self, step: str, place: int) -> None:
        self._progress(step, min(place, self._total), self._total)

    def _named(self, record: Record, path: Path, number: int) -> Record:
        """The Record under a name that no other of its file has: an archive file may hold one name twice."""
        named, tries = replace(record, part=record.part or f"record={number}"), 1
        part = named.part
        while self._state.claim(named.name, path):
            tries += 1
            named = replace(named, part=f"{part}~{tries}")
        return named

    def _may_refresh(self, name: str, sha256: str) -> bool:
        return self._state.own(name, sha256) is not None

    def _pass_over(self, item: Problem | Skipped) -> None:
        if isinstance(item, Problem):
            self._tally.tell(item)
        else:
            self._tally.skipped[item.reason] += item.count

    # ------------------------------------------------------------------------------------------------ writing

    def _settle(self, result: Result) -> None:
        if isinstance(result, (Problem, Skipped)):
            self._pass_over(result)
        elif isinstance(result, Refused):
            self._tally.tell(result.problem)
            self._state.note(result.row)
            self._tell(Item("refused", result.row))
        elif isinstance(result, End):
            if result.archive:
                name, wants = result.row.source, self._state.wants
                import_packed.fetch(self._content, result.archive, self._options.kind, name, wants, self._tally.tell)
            if not result.row.sha256:
                return
            if not self._options.into and (self._again or result.row.source not in self._writer.freed):
                self._state.note(result.row)
        else:
            item = self._writer.write(result)
            if self._options.into and item.outcome == "taken":
                self._state.sketches.add(item.row.article, item.row.source, item.row.sketch)
            self._tell(item)
            for copy in result.copies if item.outcome in ("taken", "refreshed") else ():
                if copy.later:
                    self._state.wants.add(result.article.source.file, copy.named, copy.path)


def _batches(jobs: Iterator[File | Part | End]) -> Iterator[list[File | Part | End]]:
    batch: list[File | Part | End] = []
    size = 0
    for job in jobs:
        batch.append(job)
        size += job.size
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def write_report(file: Path, tally: Tally) -> None:
    """Write the whole report of an import: as JSON if the name ends in `.json`, else as text. Raises SiteError."""
    if file.suffix.lower() == ".json":
        text = json.dumps(tally.data(), ensure_ascii=False, indent=1) + "\n"
    else:
        text = "".join(f"{line}\n" for line in tally.text(full=True))
    write_file(file, text.encode("utf-8", "backslashreplace"))


def begin(content: Path, title: str, date: str) -> str:
    """Write the file of a new draft and give its path. Raises SiteError if the name is taken or there is no archive."""
    if not content.is_dir():
        raise SiteError("there is no such folder", str(content), "make it, or name yours with --content")
    if not title.strip():
        raise SiteError("an article needs a title", hint='new "Title"')
    bucket = dates.parse(date).bucket[:2] or ("undated",)
    path = content.joinpath("articles", *bucket, f"{urls.slugify(title)}.md")
    if os.path.lexists(path):
        raise SiteError("exists already", str(path), "give the article another title")
    text = documents.write(Article(title=title, date=date, status="draft", body="Text."))
    write_file(path, text.encode())
    return str(path)
