"""A file's bytes → an `Entry`, the small value that the index keeps of an article: card, fields, digests, terms.

Runs in workers; a body is looked at once here, for its digest, its opening and its number of words, and dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from . import dates, documents, file_links, markup, originals, readahead, urls
from .errors import Problem
from .model import NOTHING, Article, Card, Date, Image, Media, Note, Source

Signature = tuple[int, int, int]
"""Size, mtime and ctime in nanoseconds: if none has changed, a file's bytes have not."""

FOLDERS = ("articles", "pages", "media")
"""What of the content folder a site is built from."""
INBOX = "inbox"
"""Where sources lie that a build imports first."""

TICK = 60_000_000
"""Nanoseconds in which two changes can get the same time: Linux stamps files by a clock that ticks every 1 to 10 ms."""
COARSE_TICK = 2_000_000_000
STEP = 1_000_000
"""Bytes that are read before they are made sense of."""
_LISTS = re.compile(r"index|part-\d+")
"""Names that lists have in the folders of articles; an article titled "Part 1" must not take a list's place."""


class Term(NamedTuple):
    """One term that an article carries: kind, path part, and the name as the article has it."""

    kind: str
    slug: str
    name: str


class Entry(NamedTuple):
    """What the index keeps of one file. `path` is relative to the content folder.

    `anniversary` is month and day (`04-12`), which may be known where the year is not. `key` is the article's id, or a
    digest of its path where it has none. `base` is the site path that it asks for. `fixed` tells that the article named
    its slug itself; `aliases` are the site paths that are to lead to it. `card` and `document` are JSON texts;
    `pictures` are the paths in `media/` of those that it shows. `links` are the keys of the web addresses (`originals`)
    and sources' files (`file_links`) that its body links to, `addresses` those that it had itself, `claims` others that
    its page named as its own. `racy` tells that the file changed so shortly before it was read that its clock may not
    show the next change. `refused` tells that the file could not be used; `problems` says why.
    """

    path: str
    signature: Signature
    sum: bytes
    racy: bool = False
    refused: bool = True
    key: str = ""
    status: str = ""
    sort: str = ""
    bucket: tuple[str, ...] = ()
    anniversary: str = ""
    base: str = ""
    fixed: bool = False
    card: str = ""
    document: str = ""
    terms: tuple[Term, ...] = ()
    aliases: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    links: tuple[bytes, ...] = ()
    addresses: tuple[bytes, ...] = ()
    claims: tuple[bytes, ...] = ()
    problems: tuple[Problem, ...] = ()


def digest(*parts: bytes) -> bytes:
    """The first 16 bytes of SHA-256, which processors have instructions for: 17 µs for a page where BLAKE2b takes 43."""
    return hashlib.sha256(parts[0] if len(parts) == 1 else b"".join(parts)).digest()[:16]


def signature(status: os.stat_result) -> Signature:
    """The signature of a file from its stat."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def read(root: Path, paths: Iterable[str]) -> Iterator[Entry]:
    """The entry of each of these files below the content folder `root`. Never raises for what is in a file.

    A megabyte of them is read, and then made sense of: file by file took a tenth longer, since each call of the system
    empties the processor's caches.
    """
    waiting: list[tuple[str, bytes, Signature, bool]] = []
    held = 0
    for path in paths:
        try:
            raw, sign = _bytes(f"{root}{os.sep}{path}")
        except OSError as error:
            yield _unreadable(path, error)
            continue
        newest = max(sign[1:])
        # A time of whole seconds comes from a file system that knows no finer ones; FAT's are even seconds.
        racy = newest > time.time_ns() - (TICK if newest % 1_000_000_000 else COARSE_TICK)
        waiting.append((path, raw, sign, racy))
        held += len(raw)
        if held > STEP:
            yield from [_entry(*file) for file in waiting]
            waiting, held = [], 0
    yield from [_entry(*file) for file in waiting]


def _unreadable(path: str, error: OSError) -> Entry:
    message, hint = f"can't be read: {error.strerror or error}", "look at its permissions"
    if "\\" in path:  # as `_walk` writes what is no text
        message, hint = "has a name that is not UTF-8", "rename it"
    return Entry(path, (-1, -1, -1), b"", problems=(Problem(path, 0, message, hint),))


def _entry(path: str, raw: bytes, sign: Signature, racy: bool) -> Entry:
    document, problems = documents.read(raw, path)
    if document is None:
        return Entry(path, sign, digest(raw), racy, problems=problems)
    article = document.article
    day = dates.parse(article.date)
    slug = urls.slugify(article.slug or article.title)
    standing = path.startswith("pages/")
    if _LISTS.fullmatch(slug):
        slug = f"{slug}-"
    base = urls.standing(path.removeprefix("pages/")) if standing else urls.article(day.bucket, slug)
    return Entry(
        path=path,
        signature=sign,
        sum=digest(raw),
        racy=racy,
        refused=False,
        key=article.id or digest(path.encode()).hex()[:12],
        status=article.status,
        sort=_sort(day),
        bucket=day.bucket,
        anniversary=f"{day.month}-{day.day}" if day.month and day.day else "",
        base=base,
        fixed=bool(article.slug),
        card=_card(article),
        document=_document(article, document.start),
        terms=() if standing else terms_of(article),
        aliases=_aliases(article),
        pictures=_pictures(article),
        links=originals.linked(article.body) + file_links.linked(article.body, article.source),
        addresses=_addresses(article),
        claims=_claims(article),
        problems=problems,
    )


def _sort(day: Date) -> str:
    """By bucket first, so that a year's, a month's and a day's articles stand together; what is vague comes first."""
    year, month, date = (*day.bucket, "00", "00", "00")[:3] if day.bucket else ("0000", "00", "00")
    return f"{year}-{month}-{date} {day.sort}"


def _bytes(path: str) -> tuple[bytes, Signature]:
    """A file's bytes, at most one more than may be; never opens what would block or lead elsewhere.

    What is written to it meanwhile is left for the next build, which sees another signature. Paths are texts here, and
    the file no object: that takes 7 µs less, of 16.
    """
    handle = readahead.opened(path)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "is not a plain file")
        wanted = min(status.st_size, documents.MAX_BYTES + 1)
        raw = os.read(handle, wanted)
        while len(raw) < wanted and (more := os.read(handle, wanted - len(raw))):
            raw += more
        return raw, signature(status)
    finally:
        os.close(handle)


def bodies(roots: Sequence[Path], wanted: Iterable[tuple[str, bytes, int]]) -> list[str | None]:
    """The bodies of files that the index knows, by path, digest and where each body starts; None for one that no folder
    has with the expected bytes (any more).
    """
    found = [(_known(roots, path, expected), start) for path, expected, start in wanted]
    return [None if raw is None else documents.body(raw, start) for raw, start in found]


def has(file: Path, expected: bytes) -> bool:
    """Whether a file is there and has the bytes of this digest."""
    try:
        raw, _ = _bytes(os.fspath(file))
    except OSError:
        return False
    return digest(raw) == expected


def _known(roots: Sequence[Path], path: str, expected: bytes) -> bytes | None:
    for root in roots:
        try:
            raw, _ = _bytes(f"{root}{os.sep}{path}")
        except OSError:
            continue
        if digest(raw) == expected:
            return raw
    return None


# ----------------------------------------------------------------------------------------- JSON, both ways

_CARD_FIELDS = "title date section authors publication language summary updated tags".split()
_DOCUMENT_FIELDS = (
    "title id date updated authors section publication dateline language agencies tags people places organizations "
    "summary slug aliases status until reason"
).split()
_RECORDS: Mapping[str, Any] = {"images": Image, "media": Media, "notes": Note, "other_sources": Source}
_TUPLES = frozenset(("aliases", "authors", "agencies", "tags", "people", "places", "organizations"))


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _card(article: Article) -> str:
    summary = article.summary or markup.opening(article.body)
    return _json(
        [
            article.title,
            article.date,
            article.section,
            article.authors,
            article.publication,
            article.language,
            summary,
            article.updated,
            article.tags,
        ]
    )


@lru_cache(maxsize=16384)
def card(url: str, uid: str, text: str) -> Card:
    """A card from the index's JSON, with the address and the id that the index gave it."""
    title, date, section, authors, publication, language, summary, updated, tags = json.loads(text)
    return Card(url, uid, title, date, section, tuple(authors), publication, language, summary, updated, tuple(tags))


def _document(article: Article, start: int) -> str:
    values: dict[str, Any] = {"start": start}
    for name in _DOCUMENT_FIELDS:
        value = getattr(article, name)
        if value:
            values[name] = value
    for name in _RECORDS:
        records: Sequence[Any] = getattr(article, name)
        if records:
            values[name] = [[getattr(record, field) for field in record.__slots__] for record in records]
    if article.source != Source():
        values["source"] = [getattr(article.source, field) for field in Source.__slots__]
    if article.extra:
        values["extra"] = dict(article.extra)
    return _json(values)


def article(path: str, text: str, body: str = "") -> Article:
    """An article from the index's JSON, with the body that is given."""
    values = json.loads(text)
    del values["start"]
    for name in _TUPLES & values.keys():
        values[name] = tuple(values[name])
    for name in _RECORDS.keys() & values.keys():
        values[name] = tuple(_RECORDS[name](*record) for record in values[name])
    if "source" in values:
        values["source"] = Source(*values["source"])
    values.setdefault("extra", NOTHING)
    return Article(path=path, body=body, **values)


def start(text: str) -> int:
    """Where the body starts in a document's file, from the index's JSON, without reading all of it."""
    return int(text[text.index(":") + 1 : text.index(",") if "," in text else -1])


def terms_of(article: Article) -> tuple[Term, ...]:
    """The terms that an article carries, by the names that it has for them."""
    given = {
        "tags": article.tags,
        "people": article.people,
        "places": article.places,
        "organizations": article.organizations,
        "authors": article.authors,
        "sections": (article.section,) if article.section else (),
    }
    terms = {(kind, urls.term_slug(name)): name for kind, names in given.items() for name in reversed(names)}
    return tuple(Term(kind, slug, name) for (kind, slug), name in sorted(terms.items()))


def _aliases(article: Article) -> tuple[str, ...]:
    paths = sorted(old for text in article.aliases if (old := urls.alias(text)))
    return tuple({urls.fold(path): path for path in paths}.values())


def _pictures(article: Article) -> tuple[str, ...]:
    """The pictures of an article that lie in `media/`: those of its front matter, and those that its Markdown names."""
    named = [image.src for image in article.images if image.src]
    if "]" in article.body and "](" in article.body:  # the first alone takes a tenth of the time
        named += [found[1] or found[2] for found in _PICTURE.finditer(article.body)]
    return tuple(sorted({path for path in map(urls.medium, named) if path}))


_CANONICAL = ("canonical", "canonical_url", "canonicalURL")
"""How other generators' front matter calls the address at which an article was published first."""


def _addresses(article: Article) -> tuple[bytes, ...]:
    """The keys of the web addresses that an article had before it came here, and of its file: its own and its copies'."""
    files = file_links.own(article.source)
    if article.source.url and not (article.other_sources or article.extra):
        own = originals.key(article.source.url)
        return (own, *files) if own else files
    said = [article.source.url, *(source.url for source in article.other_sources)]
    said += [value for name in _CANONICAL if isinstance(value := article.extra.get(name), str)]
    files += tuple(key for source in article.other_sources for key in file_links.own(source))
    return tuple(sorted({*files, *(originals.key(address) for address in said if address)} - {b""}))


def _claims(article: Article) -> tuple[bytes, ...]:
    """The keys of the addresses that its pages named as their own, beside those where they were fetched.

    The second page of a story names the first one so: who was fetched there has the better right.
    """
    said = [source.canonical for source in (article.source, *article.other_sources) if source.canonical]
    return tuple(sorted({*map(originals.key, said)} - {b"", *_addresses(article)})) if said else ()


_PICTURE = re.compile(r"!\[[^\]\n]*\]\(\s*(?:<([^<>\n]+)>|([^\s()<>]+))")
