"""Lines that an outlet prints on many of its pages: learnt from a heap of Records, kept as text that people can edit.

`look` takes a page, `repeated` the pages of one outlet; which pages those are is not said here. Tables can be joined
(`merge`). No file is read or written: `dump` and `load` speak JSON lines. What the table says of a page's lines is used after the
line model has scored them (`text.extract(..., known=table.of(record))`), for a line that the story also has would
otherwise spoil its neighbours.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from site_builder.errors import SiteError
from site_builder.extraction.text.lines import read_lines
from site_builder.model import Record

PAGES = 24
"""How many pages of an outlet are compared; those with the smallest digests, so that the order of Records is no matter.

A handful of pages already shows two thirds of the lines that are none of a story's.
"""
LONGEST = 90
"""Words of the longest line that is learnt."""
RERUN = 0.5
"""The share of long sentences in common that makes two pages one story, crawled twice."""
SENTENCE = 15
"""Words of a long sentence."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of one page: its lines' keys, and which of them are long sentences."""

    lines: frozenset[str]
    sentences: frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """For each outlet the keys of lines that are not a story's, and on how many stories' pages each was seen.

    A line with 0 pages was set so by a person: it is never taken out.
    """

    outlets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, record: Record) -> frozenset[str]:
        """The keys that are known of the outlet that a Record comes from."""
        return frozenset(key for key, pages in self.outlets.get(outlet_of(record), {}).items() if pages)


def outlet_of(record: Record) -> str:
    """Whose page it is: its address's host, else its publication, else the first folder that its file lies in."""
    try:
        host = urlsplit(str(record.meta.get("url", ""))).hostname or ""
    except ValueError:  # an address that is none: `http://[broken`
        host = ""
    if host:
        return host.removeprefix("www.")
    publication = str(record.meta.get("publication", ""))
    return publication or (record.file.split("/")[0] if "/" in record.file else "")


def look(text: str) -> Seen:
    """What is kept of a page's text."""
    lines = [line for line in read_lines(text) if line.key and line.words <= LONGEST]
    return Seen(
        frozenset(line.key for line in lines),
        frozenset(line.key for line in lines if line.closed and line.words >= SENTENCE and not line.rule),
    )


def repeated(pages: list[Seen]) -> dict[str, int]:
    """The lines that an outlet's pages share: of two or more stories; of three or more where many pages are at hand."""
    stories = _stories(pages)
    counts: Counter[str] = Counter()
    for story in stories:
        counts.update(frozenset().union(*(page.lines for page in story)))
    least = 2 if len(stories) <= 10 else 3
    return {key: count for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count >= least}


def _stories(pages: list[Seen]) -> list[list[Seen]]:
    """Pages that share most of their sentences are one story; who is whose twin does not hang on their order.

    A sentence that stands on most pages is a notice and tells nothing of stories.
    """
    counts = Counter(key for page in pages for key in page.sentences)
    usual = {key for key, count in counts.items() if count > max(2, len(pages) // 2)}
    group = list(range(len(pages)))
    for one, page in enumerate(pages):
        mine = page.sentences - usual
        for other in range(one):
            theirs = pages[other].sentences - usual
            if mine and theirs and len(mine & theirs) >= RERUN * min(len(mine), len(theirs)):
                old, new = group[one], group[other]
                group = [new if number == old else number for number in group]
    found: dict[int, list[Seen]] = defaultdict(list)
    for number, page in zip(group, pages, strict=True):
        found[number].append(page)
    return [found[number] for number in sorted(found)]


def merge(*tables: Table) -> Table:
    """Several tables as one: the larger count of each line; what a person has set to 0 stays 0."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for table in tables:
        for outlet, lines in table.outlets.items():
            for key, pages in lines.items():
                before = found[outlet].get(key)
                found[outlet][key] = pages if before is None else 0 if 0 in (before, pages) else max(before, pages)
    return Table({outlet: dict(sorted(lines.items(), key=_order)) for outlet, lines in sorted(found.items())})


def _order(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def dump(table: Table) -> str:
    """A table as JSON lines, one for each line of an outlet; the same table gives the same text."""
    return "".join(
        json.dumps({"outlet": outlet, "pages": pages, "line": key}, ensure_ascii=False) + "\n"
        for outlet, lines in sorted(table.outlets.items())
        for key, pages in sorted(lines.items(), key=_order)
    )


def load(text: str, where: str = "furniture.jsonl") -> Table:
    """The table that `dump` wrote and people may have edited. Raises SiteError for a line that is none of it."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip():
            continue
        try:
            entry = json.loads(raw)
            found[str(entry["outlet"])][str(entry["line"])] = int(entry["pages"])
        except (ValueError, TypeError, KeyError, RecursionError):
            hint = 'a line looks like {"outlet": "example.org", "pages": 3, "line": "…"}; delete the file to learn anew'
            raise SiteError("is no entry of the table of repeated lines", f"{where}:{number}", hint) from None
    return Table(dict(found))
