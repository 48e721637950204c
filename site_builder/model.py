"""Every value that crosses a stage, frozen. No I/O and no rendering here.

Those that go to workers and back by the thousand are named tuples: to pickle and to make one takes a third of the time
that it takes for a dataclass.

`Article` is content, `Page` is an output file, `Card` is what a list may show of an article: keep the words apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Extra = Mapping[str, Any]
NOTHING: Extra = {}  # a plain dict, since a mapping proxy can't be sent to a worker; nobody writes to an Extra

# ------------------------------------------------------------------------------------------------ content


class Date(NamedTuple):
    """One date with its precision. `year`, `month` and `day` are digits, or empty where they are not known.

    `time` is `HH:MM:SS` and `zone` `+HH:MM`, `Z` or empty; `qualifier` is `?` (uncertain), `~` (approximate), `%`
    (both) or empty; `text` is the normal form that front matter keeps.
    """

    text: str
    year: str = ""
    month: str = ""
    day: str = ""
    time: str = ""
    zone: str = ""
    qualifier: str = ""
    lower: str = ""

    @property
    def machine(self) -> str:
        """The value for `<time datetime>` and feeds: full days and moments only, else an empty string."""
        if not (self.year and self.month and self.day) or self.qualifier or self.year == "0000":
            return ""  # HTML and the W3C's date format have no year 0
        day = f"{self.year}-{self.month}-{self.day}"
        return f"{day}T{self.time}{self.zone}" if self.time and self.zone else day

    @property
    def sort(self) -> str:
        """A text that sorts by the earliest moment the date can mean; unknown years sort first."""
        return self.lower

    @property
    def bucket(self) -> tuple[str, ...]:
        """`("2017", "04", "12")`, shorter where less is known, `()` when the year is not."""
        if not self.year:
            return ()
        if not self.month:
            return (self.year,)
        return (self.year, self.month, self.day) if self.day else (self.year, self.month)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; `src` is a path in `media/` or a URL, and empty where only the caption has come down to us."""

    src: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A video or sound recording that the page carried; `duration` is ISO 8601 (`PT1M32S`)."""

    type: str = "video"
    title: str = ""
    duration: str = ""
    src: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Text that came with an article and is not its story.

    `kind` is `author` (a biography), `legal`, `editor`, `correction`, `date` (where the date was read) or `note`;
    `about` names whom a biography is about, `date` (EDTF) tells when a correction was made.
    """

    kind: str = "note"
    text: str = ""
    about: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article came from. `file` is relative to the inbox, `part` says where in a file of many Records.

    `canonical` is the address that the page itself names, if it was fetched at another, which `url` is. `sha256` is of
    the Record's bytes as they were read, `retrieved` the time of its capture; `extractor` is the name and version of
    what told the article from the page.
    """

    file: str = ""
    part: str = ""
    url: str = ""
    canonical: str = ""
    format: str = ""
    retrieved: str = ""
    sha256: str = ""
    extractor: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its Markdown file has it: front matter and body. Dates are EDTF or ISO 8601 strings.

    `path` is relative to the content folder. `status` is published, draft, embargoed or withdrawn. `aliases` are the
    addresses that it had before it came here (`/2009/old.html`). `other_sources` have the same text as `source`. Front matter that this program has no use for is
    kept in `extra`.
    """

    title: str
    body: str = ""
    path: str = ""
    id: str = ""
    date: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    publication: str = ""
    dateline: str = ""
    language: str = ""
    agencies: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    summary: str = ""
    images: tuple[Image, ...] = ()
    media: tuple[Media, ...] = ()
    notes: tuple[Note, ...] = ()
    source: Source = Source()
    other_sources: tuple[Source, ...] = ()
    slug: str = ""
    aliases: tuple[str, ...] = ()
    status: str = "published"
    until: str = ""
    reason: str = ""
    extra: Extra = field(default_factory=lambda: NOTHING)


# ------------------------------------------------------------------------------------------------- import


@dataclass(frozen=True, slots=True)
class Record:
    """One source, read and decoded but not understood.

    `file` is relative to the folder that was imported; `sha256` is of the raw bytes; `meta` is what came beside the
    text (a sidecar file, a crawl's headers) under front-matter names plus `url`, `retrieved` and `links` (pairs of a
    link of a `fragment` and where it is to lead); `repairs` says in words what decoding had to guess or mend. `part` tells the Records of one file apart (`offset=10482`, `line=12`,
    `inner/page.html`), in the same words at every import; empty where the file is the Record. Parts of parts follow
    after a `!`: `inner/crawl.warc.gz!offset=123`. Names in archives are labels and no paths: they have neither `..`
    nor a drive nor a slash at an end, and what could be taken for a sign of this spelling is written `%21`.
    """

    file: str
    format: str
    text: str
    sha256: str
    meta: Extra = field(default_factory=lambda: NOTHING)
    repairs: tuple[str, ...] = ()
    part: str = ""

    @property
    def name(self) -> str:
        """What the import ledger calls it."""
        return f"{self.file}#{self.part}" if self.part else self.file


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many things in a source were passed over because they are no articles, and what they are.

    `file` is the source, `reason` words for people (`HTTP status 404`, `.png files`). An importer yields these at the
    end of a file: what is expected in large numbers is counted, what is not is a Problem.
    """

    file: str
    reason: str
    count: int


class Verdict(NamedTuple):
    """Where one non-blank line of a source ended: law 3 wants exactly one of these for each.

    `line` counts from 1. `place` is `body`, a front-matter field (`title`, `notes`, …) or `removed`; `rule` names
    the rule that decided, in words that a person understands.
    """

    line: int
    text: str
    place: str
    rule: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor made of a `Record`: the article without id, path and source, and a verdict for each line.

    `doubts` says in words of what the extractor itself is unsure (`little confidence in the body`); the import report
    lists the articles that have any.
    """

    article: Article
    verdicts: tuple[Verdict, ...]
    doubts: tuple[str, ...] = ()


# -------------------------------------------------------------------------------------------------- build


class Card(NamedTuple):
    """What a list may show of an article. `url` is its site path, `id` stays the same for ever, `date` is EDTF."""

    url: str
    id: str
    title: str
    date: str
    section: str
    authors: tuple[str, ...]
    publication: str
    language: str
    summary: str
    updated: str
    tags: tuple[str, ...]


class Page(NamedTuple):
    """One output file that should exist, with everything that its view may look at.

    `url` is a site path (`2017/04/12/slug.html`, `tags/syria/`), `view` a row of the views' table. `items` are the
    index numbers of the articles whose cards it shows, `full` of those whose fields and body it shows (with their
    pictures, and the addresses here of articles that they link to), `data` the other values, as JSON text. A view can reach nothing else, so the digests of these are the digest of the page.
    """

    url: str
    view: str
    items: tuple[int, ...] = ()
    full: tuple[int, ...] = ()
    data: str = "{}"


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that are planned together. While `inputs` stays the same, so do they; it is empty where nobody can say.

    `pages` makes them, in the same order every time; whoever does not call it has paid for the digest alone.
    """

    name: str
    inputs: bytes
    pages: Callable[[], Iterable[Page]]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Why a page is what it is: digests of the code and templates, of the settings, and of the data it shows."""

    view: bytes
    settings: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """What every page may show of the whole archive: which kinds of terms there are. It changes seldom."""

    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """Files that go into the site as they are: site path → what changes when the file does; and the text of the
    stylesheet that a theme's options make, if they do. `copies` are the widths of the smaller copies of pictures.
    """

    static: Mapping[str, str]
    media: Mapping[str, str]
    options: str = ""
    copies: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
