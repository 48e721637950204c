"""Where each block of a page ends: body, a field, or removed under the name of a rule.

The scores say which blocks are like a body. What is known better (the title, captions, bylines, date lines, notes
below the story) is placed first; everything that nobody wants goes under a rule that says where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from math import fsum

from site_builder.extraction.html.blocks import Block
from site_builder.extraction.html.figures import Figures
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.scoring import TAKEN
from site_builder.extraction.html.subheads import BOX, STANDFIRST, SUBHEAD
from site_builder.extraction.html.surroundings import Surroundings, trunk_of
from site_builder.extraction.html.writing import heading_level, is_entry
from site_builder.model import Note
from site_builder.vocabulary.lexicon import holds, openings, phrases, tokens_of
from site_builder.vocabulary.names import agencies_in, opens_biography
from site_builder.vocabulary.stamps import stamp

GAP = 40
"""Blocks of nothing but furniture within a body, after which what follows is another story."""
NEARLY, LONG = 0.25, 10
"""The score and the words of a paragraph that its neighbours make the body's; 10 of 11 such on real pages are."""
DEEP = 5
"""Elements around a table that have no paragraphs of the story themselves."""
_CELLS = ("td", "th")
SHORT = 30
FILLED = frozenset(("table", "pre", "blockquote", "ul", "ol"))
_BAD = frozenset(
    "unseen <nav <footer <aside <form ~navigation ~comments ~advert ~letter ~sharing ~related ~side".split()
)

_REASONS = (
    ("unseen", "hidden part of the page"), ("<nav", "site menu"), ("~navigation", "site menu"), ("<footer", "page footer"),
    ("~foot", "page footer"), ("~comments", "comment section"), ("~advert", "advertisement"),
    ("~letter", "newsletter or sign-in box"), ("~sharing", "share button"), ("~related", "other stories"),
    ("<aside", "side box"), ("~side", "side box"), ("~legal", "legal notice of the site"), ("<form", "form"),
    ("<header", "page header"), ("~head", "page header"), ("<button", "button"), ("~tool", "button"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a block ended and why, as in `model.Verdict`."""

    place: str
    rule: str


@dataclass(slots=True)
class Places:
    """The marks of a page's blocks by number, with what the placed blocks say; filled by `place` alone."""

    marks: dict[int, Mark] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    agencies: dict[str, None] = field(default_factory=dict)
    summary: str = ""

    def put(self, block: Block, where: str, rule: str) -> None:
        """Mark a block, unless it has its place."""
        self.marks.setdefault(block.number, Mark(where, rule))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page before its blocks are placed; the tuples hold blocks' numbers."""

    title: str
    titles: tuple[int, ...]
    bylines: tuple[int, ...]
    authors: tuple[str, ...]
    section: str
    tags: tuple[str, ...]
    summaries: tuple[str, ...]
    publication: str
    headings: Mapping[int, str]
    """What `subheads` says of the story's headings."""


def mend(blocks: tuple[Block, ...], scores: list[float], around: Surroundings) -> list[float]:
    """Scores with the paragraphs that nearly were the body's and stand among those that are, of the same look; without
    the links to other stories between them that say so (`Read also: …`: 15 of 16 on real pages are no text)."""
    alike: dict[tuple[Element, str | None], int] = {}
    for block, score in zip(blocks, scores, strict=True):
        if score >= TAKEN and block.words >= LONG and block.element.tag == "p":
            look = (block.element.getparent(), block.element.get("class"))
            alike[look] = alike.get(look, 0) + 1
    mended = list(scores)
    for index, block in enumerate(blocks):
        if scores[index] >= TAKEN and block.linked > 0.5 and block.words > 3:
            if around.words(block).furniture == "read-on prompt":
                mended[index] = 0.0
        elif (
            NEARLY <= scores[index] < TAKEN and block.words >= LONG and block.linked < 0.35 and block.element.tag == "p"
        ):
            many = alike.get((block.element.getparent(), block.element.get("class")), 0) >= 3
            if many and not around.words(block).furniture:
                mended[index] = TAKEN
    return mended


def body_span(blocks: tuple[Block, ...], scores: list[float], around: Surroundings) -> tuple[int, int]:
    """The indexes of the first body block and of the one after the last; a far-off single block is left out.

    A table's cells part nothing, however many they are, nor does what stands in the middle of one `article`.
    """
    taken = [index for index, score in enumerate(scores) if score >= TAKEN]
    if not taken:
        return 0, 0
    loose = [*accumulate(not _is_cell(block.element) for block in blocks)]
    stretches = [[taken[0]]]
    for before, after in pairwise(taken):
        if loose[after] - loose[before] > GAP and not _are_one(blocks[before], blocks[after], around):
            stretches.append([])
        stretches[-1].append(after)
    best = max(stretches, key=lambda stretch: fsum(scores[index] for index in stretch))
    return best[0], best[-1] + 1


def _are_one(one: Block, other: Block, around: Surroundings) -> bool:
    article = around.article(one.element)
    return article is not None and article is around.article(other.element)


def _is_cell(element: Element) -> bool:
    parent = element.getparent()
    return element.tag in _CELLS or (parent is not None and parent.tag in _CELLS)


def fill(blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int], around: Surroundings) -> list[float]:
    """Scores with the tables, lists, quotations and code that stand between the body's paragraphs taken whole.

    Their short cells are like nothing that the model knows; where a page keeps its story's paragraphs is proof.
    """
    counts: dict[Element, int] = {}
    for index in range(*span):
        if scores[index] >= TAKEN and blocks[index].element.tag == "p":
            parent = blocks[index].element.getparent()
            counts[parent] = counts.get(parent, 0) + 1
    trunk = trunk_of(blocks, scores, span)
    filled = list(scores)
    for index in range(*span):
        block = blocks[index]
        if scores[index] >= TAKEN or block.linked > 0.5:
            continue
        node = block.element
        while node is not None and node.tag not in FILLED:
            node = node.getparent()
        if node is not None and not _BAD & around.apart(block.element, trunk):
            holder, steps = node.getparent(), DEEP if node.tag == "table" else 1
            while counts.get(holder, 0) < 2 and holder is not None and steps:  # a figure or a scrolling box around it
                holder, steps = holder.getparent(), steps - 1
            if counts.get(holder, 0) >= 2:
                filled[index] = TAKEN
    return filled


def place(
    blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int], figures: Figures, known: Known,
    around: Surroundings,
) -> Places:  # fmt: skip
    """Marks for all blocks of a page."""
    places = Places()
    for block in blocks:
        if block.number in known.titles:
            places.put(block, "title", "headline")
        elif block.number in figures.captions:
            places.put(block, "images", "caption")
        elif block.number in figures.credits:
            places.put(block, "images", "picture credit")
        elif block.number in known.bylines:
            places.put(block, "authors", "byline")
    _head(places, blocks, span, known, around)
    _tail(places, blocks, scores, span, known)
    for index in range(*span):
        if scores[index] >= TAKEN:
            _put(places, blocks[index], known.headings.get(blocks[index].number, ""))
    _labels(places, blocks, span, known)
    trunk = trunk_of(blocks, scores, span)
    for index, block in enumerate(blocks):
        if block.number not in places.marks:
            places.put(block, "removed", _reason(block, index, span, around, trunk))
    return places


def _put(places: Places, block: Block, heading: str) -> None:
    """Place a block of the story: its text in the body, a standfirst as its summary, what is no part of it nowhere."""
    if heading in ("", SUBHEAD, BOX):
        places.put(block, "body", heading or _kind(block))
    elif heading == STANDFIRST and block.words >= 4 and not places.summary and block.number not in places.marks:
        places.summary = block.text
        places.put(block, "summary", "standfirst")
    else:
        places.put(block, "removed", "second headline" if heading == STANDFIRST else heading)


def _kind(block: Block) -> str:
    names = {block.element.tag, *(one.tag for one in block.element.iterancestors())}
    if "pre" in names:
        return "preformatted text"
    if "table" in names and names & {"td", "th"}:
        return "table"
    if "blockquote" in names:
        return "quotation"
    return "list entry" if is_entry(block) else "paragraph"


def _head(places: Places, blocks: tuple[Block, ...], span: tuple[int, int], known: Known, around: Surroundings) -> None:
    """Date lines and the standfirst, around the headline and above the story."""
    top = min((number - 1 for number in known.titles), default=max(0, span[0] - 15))
    for index in range(max(0, min(top, span[0]) - 6), min(len(blocks), span[0] + 3)):
        block = blocks[index]
        if block.words <= 16 and not heading_level(block) and (when := stamp(block.text)) and when.others <= 2:
            places.put(block, "date" if when.published else "updated", "date line")
    for index in range(top, min(span[0] + 1, len(blocks))):
        block = blocks[index]
        if block.number in places.marks or places.summary or not 4 <= block.words <= 90:
            continue
        said = any(_same(block.text, text) for text in known.summaries)
        named = index < span[0] and "summary" in around.own(block.element) and block.linked < 0.5
        if named or (said and index < span[0]):
            places.summary = block.text
            places.put(block, "summary", "standfirst")


def _same(one: str, other: str) -> bool:
    left, right = (re.findall(r"\w+", text.casefold()) for text in (one, other))
    if not left or not right:
        return False
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) >= 4 and longer[: len(shorter)] == shorter and len(shorter) >= TAKEN * len(longer)


def _tail(places: Places, blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int], known: Known) -> None:
    """Credits, biographies, corrections and notices at the end of the story, and notes at its beginning."""
    end = min(len(blocks), span[1] + 6)
    last = [index for index in range(*span) if scores[index] >= TAKEN][-12:]
    near = sorted({*last[len(last) // 3 :], *range(span[1], end), *range(span[0], min(span[0] + 2, span[1]))})
    for index in near:
        block = blocks[index]
        if block.number in places.marks or block.words < 3 or heading_level(block) or block.linked > 0.6:
            continue
        inside = index < span[1] and scores[index] >= TAKEN
        if not inside and index < span[1]:
            continue
        kind = _note_kind(block, known.authors, inside, index - span[0] < 2)
        if not kind:
            continue
        if kind == "credits":
            found = agencies_in(block.text)
            places.agencies.update(dict.fromkeys(found))
            places.notes.append(Note("note", block.text))
            places.put(block, "notes", "credits line")
        elif kind == "author":
            about = opens_biography(block.text, known.authors)
            places.notes.append(Note("author", block.text, about=about))
            places.put(block, "notes", "author's biography")
        else:
            places.notes.append(Note(kind, block.text))
            rule = {"legal": "legal notice", "correction": "correction note", "editor": "editor's note"}[kind]
            places.put(block, "notes", rule)


def _note_kind(block: Block, authors: tuple[str, ...], inside: bool, first: bool) -> str:
    key = block.text.casefold().strip(" .,:;*•()[]–—-\"'“”")
    if openings("notes", "correction").find(key) and re.match(r"\W*\w+\W{0,2}\s*[:：–—-]", block.text):
        return "correction"
    if openings("notes", "editor").find(key) and block.words >= 5 and ":" in block.text[:40]:
        return "editor"
    if first:
        return ""
    if block.words <= SHORT and openings("credits", "definite").find(key):
        return "credits"
    if block.words <= SHORT and holds("credits", "holds").find(key, tokens_of(key)):
        return "credits"
    if not inside and not authors:
        return ""
    if authors and block.words >= 6 and any(block.text.startswith(name) for name in authors):
        about = opens_biography(block.text)
        if about and block.words <= 120:
            return "author"
    if inside and holds("legal", "holds").find(key, tokens_of(key)) and block.words <= 60:
        return "legal"
    return ""


def _labels(places: Places, blocks: tuple[Block, ...], span: tuple[int, int], known: Known) -> None:
    """Tags below or above the story, and the section's label above it."""
    tags = {tag.casefold().lstrip("#") for tag in known.tags}
    low, high = max(0, span[0] - 20), min(len(blocks), span[1] + 25)
    for index in [*range(low, span[0]), *range(span[1], high)]:
        block = blocks[index]
        key = block.text.casefold().strip(" #,·|")
        if block.words > 8 or block.number in places.marks:
            continue
        if known.section and key == known.section.casefold() and index < span[0]:
            places.put(block, "section", "section label")
        elif key in tags:
            places.put(block, "tags", "tag")
        elif known.publication and key == known.publication.casefold():
            places.put(block, "publication", "publication's name")


def _reason(block: Block, index: int, span: tuple[int, int], around: Surroundings, trunk: frozenset[Element]) -> str:
    words = around.words(block)
    if words.furniture:
        return words.furniture
    if words.key in phrases("byline", "labels"):
        return "byline label"
    names = around.apart(block.element, trunk)
    found = next((rule for name, rule in _REASONS if name in names), "")
    if found:
        return found
    if span[0] <= index < span[1]:
        return "insertion in the story"
    if block.linked > 0.5:
        return "links to other pages"
    return "text before the story" if index < span[0] else "text after the story"
