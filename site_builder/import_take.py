"""A source or Record in, what an article is made of out: the part of an import that is done in workers.

Nothing here knows the archive, so that a batch can be sent anywhere; nothing is written.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__, dates, documents, import_media, importers, originals, resemblance
from .errors import Problem
from .front_matter import MAX_FRONT_MATTER
from .front_values import as_kept
from .import_ledger import Line, Row
from .model import Article, Extraction, Record, Skipped, Source, Verdict

if TYPE_CHECKING:
    from .extraction.text import repeats

ID_LENGTH = 10
"""Fifty bits: among a million articles two meet once in two thousand archives; with eight letters, every other time."""
LOOKED = 1_000_000
"""Characters of a page in which its title is looked for; the words of twenty times as many take 0.25 GB."""
SHORT = 50
"""Articles with fewer words are worth a look: half of such pages are no articles."""


@dataclass(frozen=True, slots=True)
class Options:
    """What an import is to do.

    `into` writes Markdown there and touches nothing else; `year` dates days without one; `kind` names the importer
    instead of letting each source be recognised; `fields` names the columns of data sets. `refresh` runs the present
    extractors over sources that are known, and changes only fields that nobody edited. `furniture` is where the table
    of what outlets print on every page lies, and its digest.
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
    refresh: bool = False
    furniture: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read and understood: its name, where it lies, its digest, that of the facts beside it, its kind."""

    name: str
    path: Path
    sha256: str
    meta: str
    kind: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A Record that was read and is to be understood, a digest of the facts that came with it, and where it lies."""

    record: Record
    meta: str
    source: import_media.Source

    @property
    def size(self) -> int:
        """About as many bytes as it has in memory."""
        return len(self.record.text)


@dataclass(frozen=True, slots=True)
class End:
    """A file of many Records was read to its end, of which its row tells. It stands behind all its parts.

    `archive` is where it lies, if files that its articles need are to be fetched from it now.
    """

    row: Row
    archive: Path | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What was understood of one Record: the article with its source, and what is not in it.

    `fields` are the digests of the article's fields, `sketch` is its body's (`resemblance`), `lost` are the lines whose
    text it does not have, `copies` the files beside the source that it needs; `doubts` say why a person should look at it.
    """

    name: str
    sha256: str
    meta: str
    article: Article
    fields: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    lost: tuple[Line, ...] = ()
    copies: tuple[import_media.Copy, ...] = ()
    doubts: tuple[str, ...] = ()
    sketch: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A Record of a file of many that could not be understood: its row, which keeps it from being tried each time."""

    row: Row
    problem: Problem


Result = Taken | Refused | Problem | Skipped | End


def take(options: Options, batch: list[File | Part | End]) -> list[Result]:
    """Read and understand a few sources; the results are in their order."""
    results: list[Result] = []
    for job in batch:
        if isinstance(job, End):
            results.append(job)
        elif isinstance(job, Part):
            results.append(_understand(job.record, job.record.sha256, job.meta, job.source, options))
        else:
            results += _read(job, options)
    return results


def _read(job: File, options: Options) -> Iterator[Result]:
    """A file that one worker reads alone; if its Records have parts it ends with a row of its own."""
    records, parts, skipped, again = 0, False, Counter[str](), False
    for item in read(job.path, job.name, options):
        if isinstance(item, Record):
            records += 1
            parts = parts or bool(item.part)
            sha256, meta = (item.sha256, facts_sum(item)) if item.part else (job.sha256, job.meta)
            source = import_media.Source(job.path, job.name, saved=job.kind == "mhtml")
            yield _understand(item, sha256, meta, source, options)
            continue
        count(skipped, item)
        again = again or (isinstance(item, Problem) and item.again)
        yield item
    if parts and not again:
        yield End(Row(job.name, job.sha256, meta=job.meta, format=job.kind, records=records, skipped=dict(skipped)))


def count(skipped: Counter[str], item: Problem | Skipped) -> None:
    """Count what was not taken, by why."""
    if isinstance(item, Skipped):
        skipped[item.reason] += item.count
    else:
        skipped[item.message] += 1


def read(
    path: Path, name: str, options: Options, watch: importers.Watch | None = None
) -> Iterator[Record | Problem | Skipped]:
    """What a file holds; a fault of an importer costs the rest of that file and not the run."""
    try:
        for item in importers.read(path, name, options.max_bytes, options.kind, options.fields, watch):
            yield _writable(item) if isinstance(item, Record) else item
    except (Exception, MemoryError) as error:
        message = f"could not be read further: {_words(error)}"
        yield Problem(name, 0, message, "a fault of the program: please report it", again=True)


def read_texts(path: Path, name: str, options: Options, watch: importers.Watch | None = None) -> Iterator[Record]:
    """The page texts of a file alone; what else is in it, or wrong with it, `read` will tell."""
    try:
        for item in importers.read_texts(path, name, options.max_bytes, options.kind, options.fields, watch):
            if isinstance(item, Record) and item.format == "text":
                yield _writable(item)
    except (Exception, MemoryError):
        return


_HALF = re.compile("[\ud800-\udfff]")


def _writable(record: Record) -> Record:
    """A Record without halves of characters, which JSON can spell (`"\\ud83d"`) and no file can hold."""

    def whole(value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(whole, value))
        return _HALF.sub("\ufffd", value) if isinstance(value, str) else value

    text, part = _HALF.sub("\ufffd", record.text), _HALF.sub("\ufffd", record.part)
    meta = {key: whole(value) for key, value in record.meta.items()}
    if (text, part, meta) == (record.text, record.part, record.meta):
        return record
    repairs = (*record.repairs, "halves of characters were replaced by \ufffd")
    return replace(record, text=text, part=part, meta=meta, repairs=repairs)


def facts_sum(record: Record) -> str:
    """A digest of the facts that came with a Record; they may change when its bytes do not."""
    given = sorted((key, str(value)) for key, value in record.meta.items())
    return hashlib.sha256(repr(given).encode("utf-8", "surrogatepass")).hexdigest()[:16] if given else ""


MAX_LINES = 200_000
"""Of one page's text, each of which takes 20 µs and 0.6 kB here: 2,500,000 empty ones took 1.5 GB and minutes."""


MAX_LINE = 5_000_000
"""Characters of one of its lines, which are twenty bytes each in memory here."""


def _oversized(text: str) -> str:
    """Why a text is too much for one page, or nothing."""
    if text.count("\n") > MAX_LINES:
        return f"has more than {MAX_LINES:,} lines"
    if len(text) > MAX_LINE and max(map(len, text.split("\n"))) > MAX_LINE:
        return f"has a line of more than {MAX_LINE:,} characters"
    return ""


def _is_large(record: Record) -> bool:
    """Whether there is enough in a Record for a front matter that can't be read any more."""
    return len(record.text) + sum(len(str(value)) for value in record.meta.values()) > MAX_FRONT_MATTER // 2


def _refused(record: Record, sha256: str, meta: str, problem: Problem) -> Refused | Problem:
    """A Record that gives no article. One of a file of many gets a row; a file of its own is looked at again."""
    if not record.part:
        return problem
    return Refused(Row(record.name, sha256, meta=meta, format=record.format, kept="refused"), problem)


def _understand(
    record: Record, sha256: str, meta: str, source: import_media.Source, options: Options
) -> Taken | Refused | Problem:
    from . import extraction  # 90 ms, which a build without new sources need not pay

    if record.format == "text" and (fault := _oversized(record.text)):
        problem = Problem(record.name, 0, fault, "is it one page's text? else split it")
        return _refused(record, sha256, meta, problem)
    try:
        known = _furniture(*options.furniture).of(record) if options.furniture[0] else frozenset[str]()
        made = extraction.extract(record, options.year, options.language, known)
        article = replace(
            made.article,
            id=make_id(record.sha256),
            source=_source(record, made.article.source),
            publication=made.article.publication or options.publication,
            extra=as_kept(made.article.extra),
        )
        if options.into:
            source = source._replace(file=None)
        article, copies, missing = import_media.find(article, source)
        lost, fields = tuple(_lost(made.verdicts, article)), documents.sums(article)
        sketch = resemblance.sketch(article.body)
        if _is_large(record) and len(documents.write(replace(article, body=""))) > MAX_FRONT_MATTER:
            problem = Problem(record.name, 0, "would have a front matter that no build takes", "is it a page's text?")
            return _refused(record, sha256, meta, problem)
    except (Exception, MemoryError) as error:  # one hostile page costs one article
        hint = "a fault of the program: please report it; --force tries again"
        problem = Problem(record.name, 0, f"could not be understood: {_words(error)}", hint)
        return _refused(record, sha256, meta, problem)
    repairs = record.repairs
    if missing:
        shown = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        repairs += (f"files that were not found beside the source; their paths stay as they are ({shown[:300]})",)
    doubts = (*made.doubts, *_doubts(made, article, str(record.meta.get("title", ""))))
    return Taken(record.name, sha256, meta, article, fields, repairs, lost, copies, doubts, sketch)


@lru_cache(maxsize=2)
def _furniture(file: str, digest: str) -> repeats.Table:
    """The table in a file, once for each process and digest."""
    from .extraction.text import repeats

    return repeats.load(Path(file).read_text("utf-8", "replace"), file)


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def _source(record: Record, stated: Source) -> Source:
    """`stated` has the address that the page itself names; what came beside it wins."""
    return Source(
        file=record.file,
        part=record.part,
        url=str(record.meta.get("url", "")) or stated.url,
        canonical=stated.canonical,
        format=record.format,
        retrieved=str(record.meta.get("retrieved", "")),
        sha256=record.sha256,
        extractor=f"{record.format} {__version__}",
    )


def make_id(sha256: str) -> str:
    """An article's id from its source's digest."""
    return base64.b32encode(bytes.fromhex(sha256)).decode().lower()[:ID_LENGTH]


def _lost(verdicts: tuple[Verdict, ...], article: Article) -> Iterator[Line]:
    """The lines whose text is in the article neither as body nor word for word as a field."""
    front = documents.write(replace(article, body=""))
    for verdict in verdicts:
        if verdict.place == "body":
            continue
        if verdict.place == "removed" or " ".join(verdict.text.split()) not in front:
            yield Line(verdict.line, verdict.place, verdict.rule, verdict.text)


# ------------------------------------------------------------------------------------------------- doubts

_WORD = re.compile(r"\w+")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?:[/-](0[1-9]|[12]\d|3[01]))?(?=[/_.-])")


def _doubts(made: Extraction, article: Article, stated: str) -> Iterator[str]:
    """Why a person should look at an article. The words are the same for each, so that they can be counted.

    `stated` is the title that the source itself states, which need not be on the page.
    """
    if len(article.body) < SHORT * 6 and len(article.body.split()) < SHORT:  # the latter for scripts without spaces
        yield f"has fewer than {SHORT} words"
    if article.source.canonical and _page(article.source.canonical) != _page(article.source.url):
        yield "its page names another address than where it was fetched"
    if not article.date:
        yield "has no date"
    else:
        yield from _date_doubts(article)
    if article.title == stated or any(article.title in line.text for line in made.verdicts if line.place == "title"):
        return
    page = " ".join(verdict.text for verdict in made.verdicts)[:LOOKED].casefold()
    if article.title.casefold() not in page and _words_of(article.title) not in _words_of(page):
        yield "its title is not on its page"


def _page(address: str) -> bytes:
    """An address without its query: of 270 pages 17 have another canonical address, 13 of them for what the query adds."""
    return originals.key(address.partition("?")[0])


def _words_of(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _date_doubts(article: Article) -> Iterator[str]:
    """Dates that disagree. A day or two apart is nothing: zones differ, and a page may be stamped after midnight."""
    day = dates.parse(article.date).bucket
    found = _URL_DAY.search(article.source.url)
    if day and found and _days_apart(day, tuple(part for part in found.groups() if part)):
        yield "its date and its address disagree"
    if day and article.source.retrieved and _days_apart(day, dates.parse(article.source.retrieved).bucket) > 0:
        yield "is dated after it was captured"


def _days_apart(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """About how many days the first is later than the second, as far as both tell; 0 for less than three."""
    shared = min(len(one), len(other))
    days = [sum(int(part) * size for part, size in zip(d[:shared], (372, 31, 1), strict=False)) for d in (one, other)]
    apart = days[0] - days[1]
    return apart if abs(apart) > 2 else 0
