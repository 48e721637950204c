"""The two things the program does, as the few lines that call the stages: `import_sources` and `build`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from . import (
    authorities,
    batches,
    claims,
    making,
    pictures,
    readahead,
    scanning,
    taking,
    templates,
    theme,
    url_ledger,
    workers,
)
from .batches import Batch, Stock
from .comparing import Comparison
from .entries import INBOX, digest
from .errors import Problem, SiteError, system_error
from .index import Index
from .index_tables import remove
from .model import Files
from .output import Ledger
from .publishing import FOLDER
from .settings import SETTINGS_FILE, Site
from .shares import INDEX, WHOLE, Whole, Year
from .stamping import Stamps
from .versions import program_version
from .views import VIEWS

if TYPE_CHECKING:
    from . import imports

READ_BATCH = 200
FEW = 150
"""Pages up to which this process makes them alone: each worker would first compile the templates, which takes as long."""

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, how much is done, and of how much (0 if that is not known)."""


HERE = workers.Crew()


def no_progress(step: str, done: int, total: int) -> None:
    """For callers that do not watch."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, and what the output folder holds now. `why` is path and reason of each page made,
    `seconds` where the time went, by step, and `spent` that of making pages, by view."""

    written: int = 0
    removed: int = 0
    kept: int = 0
    articles: int = 0
    statuses: tuple[tuple[str, int], ...] = ()
    refused: int = 0
    files: int = 0
    bytes: int = 0
    problems: tuple[Problem, ...] = ()
    why: tuple[tuple[str, str], ...] = ()
    seconds: tuple[tuple[str, float], ...] = ()
    spent: tuple[making.Spent, ...] = ()


# ------------------------------------------------------------------------------------------------- import


def import_inbox(
    site: Site, watch: Callable[[imports.Item], None], progress: Progress = no_progress, crew: workers.Crew = HERE
) -> imports.Tally | None:
    """Import what is new in the archive's inbox; None if it has none. Raises as `import_sources` does."""
    if not (site.content / INBOX).is_dir():
        return None
    from . import imports

    return import_sources(site, [], imports.Options(), watch, progress, crew)


def import_sources(
    site: Site,
    roots: list[Path],
    options: imports.Options,
    watch: Callable[[imports.Item], None] = lambda item: None,
    progress: Progress = no_progress,
    crew: workers.Crew = HERE,
) -> imports.Tally:
    """Turn sources into Markdown: those below `roots`, or the archive's inbox if there are none.

    What the settings say about imports holds where `options` is silent; `watch` is called for each source. Raises
    SiteError for what stops an import; the articles that were written until then stay, and are known.
    """
    from . import imports  # with all importers it is a quarter of the start of a build, which seldom needs it

    filled = replace(
        options,
        year=options.year or site.import_.year,
        language=options.language or site.import_.language,
        publication=options.publication or site.import_.publication,
        max_bytes=site.import_.max_megabytes * 1_000_000,
        jobs=site.jobs,
        fields=site.import_.fields.named(),
    )
    inbox = site.content / INBOX
    roots = roots or ([inbox] if inbox.is_dir() else [])
    cache: Path | None = None
    with ExitStack() as stack:
        if options.into is None and not options.dry_run and roots:
            if not site.content.is_dir():
                raise SiteError("there is no such folder", str(site.content), "make it, or name yours with --content")
            cache = claims.cache(site.content)
            claims.lock(stack, cache)
        stack.enter_context(crew.share(roots, cache))
        try:
            return imports.run(site.content, roots, filled, watch, progress, crew)
        except sqlite3.Error as error:
            raise SiteError(f"the cache can't be used: {error}", str(site.cache), claims.CACHE_HINT) from error


# -------------------------------------------------------------------------------------------------- build


def build(
    site: Site,
    clean: bool = False,
    explain: bool = False,
    publish_addresses: bool = True,
    progress: Progress = no_progress,
    crew: workers.Crew = HERE,
    share: Whole = WHOLE,
) -> Report:
    """Make the output folder agree with the content folder, or with a `share`: one year of it, or parts joined.

    `clean` makes every page anew; `explain` fills `Report.why`; without `publish_addresses` the URL ledger is only
    read, which is what a preview wants. Raises SiteError for what stops a build: the old site then stands whole.
    """
    if not site.content.is_dir():
        raise SiteError("there is no such folder", str(site.content), "make it, or name yours with --content")
    claims.refuse_output_inside(site)
    chosen = theme.find(
        site.site.theme,
        site.content.parent,
        site.site.language,
        site.theme.options,
        str(site.content / SETTINGS_FILE),
    )
    try:
        with ExitStack() as stack:
            own = () if isinstance(share, Year) else (claims.cache(site.content),)
            for folder in (*own, site.output / FOLDER):
                claims.lock(stack, folder)
            share.claim(site, lambda: _signs(site, chosen))
            for folder in share.sources():
                claims.lock(stack, folder)
            stack.enter_context(crew.at_work())
            notes = share.notes(site)
            aside = stack.enter_context(crew.share(chosen.folders, site.cache if own else None, site.output / FOLDER))
            if clean:
                remove(notes / INDEX)
                (notes / "pictures.json").unlink(missing_ok=True)
            ledger = stack.enter_context(Ledger.open(site.output, site.jobs))
            index = stack.enter_context(Index.open(notes / INDEX, program_version()))
            if clean:
                ledger.forget_stamps()
            return _build(site, chosen, index, ledger, explain, publish_addresses, progress, crew, aside, share)
    except OSError as error:
        raise system_error(error, error.filename or site.output) from error
    except sqlite3.Error as error:
        raise SiteError(
            f"the cache or the output's record can't be used: {error}", str(site.cache), claims.CACHE_HINT
        ) from error


def _signs(site: Site, chosen: theme.Theme) -> dict[str, str]:
    """What decides about every page, so that parts can be told to be of one whole."""
    looks = repr((chosen.options, chosen.stylesheet)).encode()
    sums = [templates.digest(chosen, view.template) for view in VIEWS.values() if view.template]
    made = {"settings": site.digest(), "theme": digest(theme.words_digest(chosen), looks, *sums)}
    return {"program": program_version(), **{name: sign.hex() for name, sign in made.items()}}


def _build(
    site: Site,
    chosen: theme.Theme,
    index: Index,
    ledger: Ledger,
    explain: bool,
    publish_addresses: bool,
    progress: Progress,
    crew: workers.Crew,
    aside: str,
    share: Whole,
) -> Report:
    clock = _Clock()
    named = authorities.load(site.content)
    index.adopt(named)
    problems = [*_bring_up_to_date(site, index, progress, crew, share), *named.problems]
    crew.prepare(partial(making.load_templates, chosen), site.jobs)
    clock.lap("read what changed into the index")
    ledger_problems = index.read_url_ledger(site.content / url_ledger.FILE)
    problems += [*ledger_problems, *index.settle_addresses(), *theme.missing_words(chosen), *chosen.doubts]
    index.settle_links(site.markup.archived_links)
    problems += share.judge(index)
    if publish_addresses and share.publishes and not share.parts:
        index.write_url_ledger(site.content / url_ledger.FILE, ledger_problems)
    index.commit()
    clock.lap("settle addresses")
    showing = list(index.showing())
    media = share.media(_media(site), {path for _, path in showing})
    known = pictures.look(site.content, share.notes(site) / "pictures.json", media, program_version())
    problems += pictures.problems(known, media, showing)
    copies = {path: known[path].widths for _, path in showing if path in known}
    files = Files(_static(chosen), media, chosen.stylesheet, copies)
    facts = share.facts(site, index)
    signs = pictures.signs(known, media)
    sums = cache(partial(index.sums, signs))
    stamps = Stamps(site, chosen, facts, sums)
    told = repr((share.name, sorted(files.static.items()), sorted(media.items()), sorted(copies.items()))).encode()

    def inputs() -> bytes:
        return digest(stamps.fingerprint, index.fingerprint(signs, sums), told)

    if share.is_finished(site) and ledger.is_current(inputs()):
        clock.lap("find that nothing changed")
        report = _report(site, index, ledger, problems)
        return replace(report, kept=report.files, seconds=clock.laps)
    ledger.forget_inputs()
    progress("planning", 0, 0)
    plan = ledger.compare(lambda: share.groups(site, index, files, sums(), named), stamps.of, stamps.fingerprint)
    taking.offer(share, site, index, facts, ledger, plan)
    if publish_addresses and share.parts:  # a join that is refused, as it may be until here, has published nothing
        index.write_url_ledger(site.content / url_ledger.FILE, ledger_problems)
        index.commit()
    share.begin(site)
    ledger.intend(plan)
    clock.lap("plan, and compare with what was written")
    taken, declined = taking.take(site, ledger, plan.total, progress)
    clock.lap("take pages from parts")

    def make(some: Iterator[Batch], jobs: int) -> Iterator[making.Made]:
        some = some if crew.far else batches.announced(some)
        return crew.run(partial(making.make_pages, aside=aside), some, jobs)

    stock = Stock(site, chosen, facts, index, known, share.texts())
    written, refused, spent = _make(stock, ledger, plan, make, progress)
    written, refused = written + taken, refused + declined
    clock.lap("plan, make and write pages" if plan.is_on_the_way else "make and write pages")
    todo = plan.result()
    why = tuple(ledger.explain()) if explain else ()
    removed = ledger.remove(todo.remove)
    problems += [*todo.problems, *refused]
    ledger.finish(inputs() if not refused else None)
    if not refused:
        share.end(site, lambda: _signs(site, chosen), index, facts)
    clock.lap("remove what is gone, and note what was done")
    kept = todo.keep + todo.make - written - len(refused)
    report = _report(site, index, ledger, problems)
    return replace(report, written=written, removed=removed, kept=kept, why=why, seconds=clock.laps, spent=spent)


class _Clock:
    """Where the time of a build went, for `--profile`: seconds by step, in their order."""

    def __init__(self) -> None:
        self.laps: tuple[tuple[str, float], ...] = ()
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """The step that ends here."""
        now = time.perf_counter()
        self.laps += ((step, now - self._last),)
        self._last = now


def _bring_up_to_date(site: Site, index: Index, progress: Progress, crew: workers.Crew, share: Whole) -> list[Problem]:
    """Read the files that changed into the index."""
    changes = index.compare(share.scan(site))
    done = 0
    read = partial(share.read, site.content)
    unread: Iterator[Sequence[str]] = workers.chunks(index.unread(), READ_BATCH)
    unread = unread if crew.far else readahead.announced(site.content, unread)  # others' memory is out of reach
    for batch in crew.run(read, unread, site.jobs):
        index.add(batch)
        done += len(batch)
        progress("reading", done, changes.read)
    index.filled()
    return list(index.problems())


def _static(chosen: theme.Theme) -> dict[str, str]:
    return {path: digest(file.read_bytes()).hex() for path, file in theme.static_files(chosen).items()}


def _media(site: Site) -> dict[str, str]:
    return {path: "-".join(map(str, sign)) for path, *sign in scanning.scan_media(site.content)}


def _make(
    stock: Stock,
    ledger: Ledger,
    plan: Comparison,
    make: Callable[[Iterator[Batch], int], Iterator[making.Made]],
    progress: Progress,
) -> tuple[int, list[Problem], tuple[making.Spent, ...]]:
    """Make the pages that the ledger wants; how many files changed, the pages that could not be put in place, and the
    time by view."""
    changed = done = 0
    spent: list[making.Spent] = []
    refused: list[Problem] = []
    while plan.make <= FEW and plan.advance():
        pass
    for results, times in make(stock.batches(ledger.todo(plan)), stock.site.jobs if plan.make > FEW else 1):
        ledger.record(results)
        spent = making.add_up((*spent, *times))
        changed += sum(result.changed for result in results)
        refused += [Problem(result.path, 0, result.refused, result.hint) for result in results if result.refused]
        done += len(results)
        progress("writing", done, plan.total)
    return changed, refused, tuple(spent)


def _report(site: Site, index: Index, ledger: Ledger, problems: list[Problem]) -> Report:
    """What the archive and the output hold now, and what is wrong with them."""
    files, size = ledger.totals()
    statuses = tuple((str(status), int(str(count))) for status, count in index.rows("statuses"))
    (refused,) = next(index.rows("refused"))
    return Report(
        articles=dict(statuses).get("published", 0),
        statuses=statuses,
        refused=int(str(refused)),
        files=files,
        bytes=size,
        problems=tuple(sorted({*problems, *ledger.problems()})),
    )
