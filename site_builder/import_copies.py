"""Copies → the articles that have their text: each names its other sources in its front matter.

Which these are follows from the ledger alone, in the order of their names, so that neither the number of workers nor
the order in which they were found can be seen. They are written at the end of a run: a crawl that has one wall page
ten thousand times would else write its article as often. A run that was killed before is completed by the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from . import documents
from .errors import Problem
from .import_ledger import Row, write_file
from .import_refresh import Merge, patch
from .import_state import OTHERS, Held, State
from .model import Article, Source


def settle(content: Path, state: State, tell: Callable[[Problem], None]) -> None:
    """Bring up to date what articles say of their other sources. A file that somebody edited is left, and told once.

    Raises SiteError if the disk is full.
    """
    for path in state.owed():
        held = state.article(path)
        if held:
            _settle(content, held, state, tell)
        state.settled(path)


def _settle(content: Path, held: Held, state: State, tell: Callable[[Problem], None]) -> None:
    others, count = state.others(held.path)
    sum_ = documents.sums(Article(title="", other_sources=others)).get(OTHERS, "")
    if sum_ == held.others:
        return
    try:
        raw = (content / held.path).read_bytes()
    except FileNotFoundError:  # deleted, or put elsewhere
        return
    except OSError as error:
        tell(Problem(held.path, 0, f"can't be read: {error.strerror or error}", "look at its permissions"))
        return
    row = Row(held.source, held.sha256, held.path, held.id, amended=OTHERS, wrote=held.wrote, fields={OTHERS: sum_})
    text = _with(raw, held, others, sum_)
    if text is None:
        hint = "the import ledger has them; `import --refresh` writes them where that can be done"
        tell(Problem(held.path, 0, "was edited, so what it says of its other sources is left as it is", hint))
        state.note(replace(row, kept="edited"))
        return
    if len(others) < count:
        hint = "the import ledger has all; is it a page that stood in the place of others?"
        tell(Problem(held.path, 0, f"{count:,} sources have its text; it names {len(others):,} of them", hint))
    made = text.encode()
    if made != raw:
        write_file(content / held.path, made)
    if not held.fields:  # of a ledger from before there were digests of fields
        document, _ = documents.read(made, held.path)
        row = replace(row, fields=documents.sums(document.article) if document else {})
    state.note(replace(row, wrote=hashlib.sha256(made).hexdigest()))


def _with(raw: bytes, held: Held, others: tuple[Source, ...], sum_: str) -> str | None:
    """The text of an article's file with these other sources; None if somebody edited it."""
    document, _ = documents.read(raw, held.path)
    if not document:
        return None
    article = document.article
    plain = documents.write(article)
    if hashlib.sha256(raw).hexdigest() == held.wrote:
        new = replace(article, other_sources=others)
        return documents.write(new) if plain.encode() == raw else patch(raw, document, Merge(new, (OTHERS,), ()))
    # A run that was killed between the article and its ledger line left exactly what is to be written.
    expected = {name: text for name, text in {**held.fields, OTHERS: sum_}.items() if text}
    return plain if documents.sums(article) == expected and plain.encode() == raw else None
