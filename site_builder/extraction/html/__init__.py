"""A web page, or the clean HTML of one article's body → an article, with a verdict for each line of visible text.

The page is parsed once. Its visible text is taken as blocks, one a line; a small model weighs which are the body's,
with what trafilatura and the page's JSON-LD say among its evidence; the facts come from what the page states for
machines and shows to readers, where these agree. The Markdown is written from the page's own elements, so that links,
subheads, lists and tables stay. No rule names a site.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import fsum
from typing import Any

from site_builder import markup, originals
from site_builder.extraction.html.blocks import Block, read_blocks
from site_builder.extraction.html.dating import find_dates
from site_builder.extraction.html.facts import language_of_page, publication_of, section_of, summaries_of, tags_of
from site_builder.extraction.html.features import describe
from site_builder.extraction.html.figures import find_figures
from site_builder.extraction.html.headline import find_title
from site_builder.extraction.html.heads import part_heads
from site_builder.extraction.html.opinions import gather
from site_builder.extraction.html.page import Element, parse
from site_builder.extraction.html.people import find_writers
from site_builder.extraction.html.placing import Known, Mark, Places, body_span, fill, mend, place
from site_builder.extraction.html.scoring import TAKEN, score, weights
from site_builder.extraction.html.statements import Statements, read_statements
from site_builder.extraction.html.subheads import SUBHEAD, find_subheads
from site_builder.extraction.html.surroundings import Surroundings
from site_builder.extraction.html.writing import write
from site_builder.model import Article, Extraction, Note, Record, Source, Verdict
from site_builder.vocabulary.names import one_each

LITTLE = 10
"""Words: a body of fewer is none, and the plain text of the page is tried."""
SURE = 0.9
"""The mean probability of the body's words. Below are 8 % of real pages, with a mean F1 of .89; of the others it is .97."""
STATED, MORE, WHOLE = 100, 2.5, 0.9
"""JSON-LD's text is the body where it has 100 words and 2.5 times those that the page shows; it often is an excerpt,
and where it is not, it is as good as the page's own and without links and subheads. A shown block belongs to it if nine
tenths of the block stand in it."""
TITLE = 100

Plain = Callable[[Record, str, str], Extraction]


def extract(plain: Plain, record: Record, year: str = "", language: str = "") -> Extraction:
    """The article of a web page. `plain` extracts from text, for pages whose elements tell nothing."""
    tree = parse(record.text)
    root = tree.root
    blocks = part_heads(read_blocks(root))
    said = read_statements(root, str(record.meta.get("url", "")))
    opinions = gather(root, blocks, said)
    around = Surroundings()
    scores = score(describe(blocks, opinions, around), *weights())
    scores = mend(blocks, scores, around)
    span = body_span(blocks, scores, around)
    taken = [index for index in range(*span) if scores[index] >= TAKEN]
    words = sum(blocks[index].words for index in taken)
    sure = fsum(blocks[index].words * scores[index] for index in taken) >= SURE * words
    stated = len(opinions.body.split())
    hidden = stated >= STATED and stated > MORE * words
    if blocks and words < LITTLE and not hidden:
        return _by_text(plain, record, root, blocks, said, year, language)
    headings = find_subheads(blocks, fill(blocks, scores, span, around), span, around)
    scores = headings.scores
    title = find_title(root, blocks, said, span[0])
    publication = publication_of(said)
    top = next((number - 1 for number in title.blocks), max(0, span[0] - 25))
    writers = find_writers(root, blocks, said, span, publication, around, top)
    figures = find_figures(root, blocks, scores, span, said, around)
    when = find_dates(root, blocks, said, span, str(record.meta.get("retrieved", "")), top)
    section, tags, summaries = section_of(said), tags_of(said), summaries_of(said)
    known = Known(
        title.text, title.blocks, writers.blocks, writers.authors, section, tags, summaries, publication, headings.kinds
    )
    places = place(blocks, scores, span, figures, known, around)
    body = [block for block in blocks if places.marks[block.number].place == "body"]
    if hidden:  # what readers see is the beginning, what machines are told is the whole
        body = []
        for number, mark in places.marks.items():
            if mark.place == "body" and (opinions.stated or ())[number - 1] < WHOLE:
                places.marks[number] = Mark("removed", "text beside what JSON-LD states")
    subheads = frozenset(number for number, mark in places.marks.items() if mark.rule == SUBHEAD)
    notes = [*places.notes, *((Note("date", when.note),) if when.note else ())]
    article = Article(
        title=title.text or _opening([block.text for block in body] or [opinions.body]),
        body=_paragraphs(opinions.body) if hidden else write(body, said.resolve, subheads),
        date=when.date,
        updated=when.updated,
        authors=writers.authors,
        section=section,
        publication=publication,
        agencies=one_each((*writers.agencies, *places.agencies)),
        tags=tags,
        summary=places.summary or _summary(summaries, body, title.text),
        images=figures.images,
        media=figures.media,
        notes=tuple(notes),
    )
    verdicts = _verdicts(blocks, places)
    if hidden:
        lines = enumerate(opinions.body.split("\n"), len(blocks) + 1)
        verdicts += tuple(Verdict(number, line, "body", "text that JSON-LD states") for number, line in lines)
    doubts = [f"the page was simplified: {tree.simplified}"] if tree.simplified else []
    doubts += ["the body is what the page tells machines, not what it shows"] if hidden else []
    doubts += ["little confidence in the body"] if not sure else []
    doubts += ["two dates that its page states disagree"] if when.disagree else []
    return Extraction(_with_meta(article, record, said, language), verdicts, tuple(doubts))


def _paragraphs(text: str) -> str:
    return "\n\n".join(markup.escape(line) for line in text.split("\n"))


def fragment(record: Record, year: str = "", language: str = "") -> Extraction:
    """The article of a body's clean HTML; its facts stand in `record.meta`, and all its text is the body's.

    Figures become images, and what is embedded becomes media.
    """
    root = parse(record.text).root
    blocks = read_blocks(root)
    said = read_statements(root, str(record.meta.get("url", "")))
    links = dict(record.meta.get("links", ()))
    around = Surroundings()
    places = Places()
    article = Article(title="")
    if blocks:
        span = (0, len(blocks))
        figures = find_figures(root, blocks, [1.0] * len(blocks), span, said, around, whole=True)
        for block in blocks:
            if block.number in figures.captions:
                places.put(block, "images", "caption")
            elif block.number in figures.credits:
                places.put(block, "images", "picture credit")
            else:
                places.put(block, "body", "article's text")
        body = [block for block in blocks if places.marks[block.number].place == "body"]
        article = Article(
            title=_opening([block.text for block in body]),
            body=write(body, lambda link: links.get(link.strip()) or said.resolve(link)),
            images=figures.images,
            media=figures.media,
        )
    return Extraction(_with_meta(article, record, said, language), _verdicts(blocks, places))


def _with_meta(article: Article, record: Record, said: Statements, language: str) -> Article:
    """What came beside the page wins over what it says itself; a page without a language gets the given one."""
    beside = ("url", "retrieved", "links", "site_language")
    facts = {key: value for key, value in record.meta.items() if key not in beside and value}
    article = replace(
        article, language=language_of_page(said) or language, source=Source(url=said.url, canonical=_other(said))
    )
    for name in ("images", "media", "notes"):  # beside what stands in the text, and not instead of it
        if name in facts:
            given = tuple(facts[name])
            facts[name] = given + tuple(item for item in getattr(article, name) if item not in given)
    article = replace(article, **facts)
    if not article.title:
        article = replace(article, title=record.file.rpartition("/")[2] or "Untitled")
    return article


def _other(said: Statements) -> str:
    """The address that the page itself names, where that is an article's and not the one where it was fetched."""
    named = originals.key(said.canonical)
    return said.canonical if named and named != originals.key(said.url) else ""


def _opening(texts: list[str]) -> str:
    """A title for an article without one: the beginning of its first line."""
    text = next((text.split("\n")[0] for text in texts if text), "")
    return text if len(text) <= TITLE else text[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _summary(stated: tuple[str, ...], body: list[Block], title: str) -> str:
    """What the page says that it is about, unless that is its own beginning, cut off somewhere, or its title."""
    opening = _letters(" ".join(block.text for block in body[:3]))
    for text in stated:
        cut = text.rstrip(" .…[]")
        if not opening.startswith(_letters(cut)[:80]) and not text.endswith(("…", "...", "[…]")) and text != title:
            return text
    return ""


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text.casefold()))


def _verdicts(blocks: tuple[Block, ...], places: Places) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(block.number, block.text, (mark := places.marks[block.number]).place, mark.rule) for block in blocks
    )


def _by_text(
    plain: Plain, record: Record, root: Element, blocks: tuple[Block, ...], said: Statements, year: str, language: str,
) -> Extraction:  # fmt: skip
    """The article as the plain-text passes see it, for a page whose elements say nothing of where its story is.

    What the page states for machines is as good as on other pages, and goes before what its text alone tells.
    """
    text = "\n".join(block.text for block in blocks)
    found = plain(replace(record, format="text", text=text), year, language or language_of_page(said))
    article, nothing = found.article, (len(blocks), len(blocks))
    publication = article.publication or publication_of(said)
    when = find_dates(root, blocks, said, nothing, str(record.meta.get("retrieved", "")))
    facts: dict[str, Any] = {
        "title": find_title(blocks[0].element, blocks, said, len(blocks)).text,
        "publication": publication,
        "authors": article.authors or find_writers(root, blocks, said, nothing, publication, Surroundings()).authors,
        "section": article.section or section_of(said),
        "tags": article.tags or tags_of(said),
        "date": when.date,
        "updated": when.updated,
        "source": replace(article.source, url=article.source.url or said.url, canonical=_other(said)),
    }
    if when.date and not record.meta.get("date"):
        facts["notes"] = (*(note for note in article.notes if note.kind != "date"), Note("date", when.note))
    known = {name: value for name, value in facts.items() if value and not record.meta.get(name)}
    doubt = "no story found in the page's markup, read as plain text"
    return Extraction(replace(article, **known), found.verdicts, (*found.doubts, doubt))


__all__ = ["extract", "fragment"]
