"""A Record in, an article's fields and body out, with a verdict for each line of the source. No file is touched.

A new format is one module (or package) with an extractor, and one row in `EXTRACTORS`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from site_builder.extraction import html, markdown, text
from site_builder.model import Extraction, Record

Extractor = Callable[[Record, str, str], Extraction]

EXTRACTORS: dict[str, Extractor] = {
    "text": text.extract,
    "html": partial(html.extract, text.extract),
    "fragment": html.fragment,
    "markdown": markdown.extract,
}


def extract(record: Record, year: str = "", language: str = "", known: frozenset[str] = frozenset()) -> Extraction:
    """The article that a Record holds, without id, path and source.

    `year` (four digits) is the year of days that the source names without one; `language` (BCP 47) is taken where
    neither the record's facts nor the text tell; `known` are the lines that the outlet has on other pages too
    (`text.repeats.Table.of`), which only plain text needs. Raises KeyError for a format without a row here.
    """
    if known and record.format == "text":
        return text.extract(record, year, language, known)
    return EXTRACTORS[record.format](record, year, language)
