"""The sample archive: made-up pages in the shapes that scraping gives, each held to what its writer knows of it."""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from site_builder import importers
from site_builder.extraction import extract
from site_builder.model import Extraction, Record

ROOT = Path(__file__).parents[2]
INBOX = ROOT / "content" / "inbox"
TRUTH: dict[str, dict[str, Any]] = json.loads((ROOT / "tests/data/sample_truth.json").read_text("utf-8"))


@lru_cache(maxsize=128)
def found(name: str) -> Extraction:
    items = list(importers.read(INBOX / name, name, 20_000_000))
    assert len(items) == 1
    assert isinstance(items[0], Record), items[0]
    return extract(items[0])


def sidecar_has_date(name: str) -> bool:
    beside = (INBOX / name).with_suffix(".meta.toml")
    return beside.exists() and "date" in tomllib.loads(beside.read_text("utf-8"))


def paragraphs(name: str) -> list[str]:
    return [one.text for one in found(name).verdicts if one.place == "body" and one.rule != "subhead"]


pages = pytest.mark.parametrize("name", sorted(TRUTH))


@pages
def test_head(name: str) -> None:
    article, truth = found(name).article, TRUTH[name]
    assert article.title == truth["title"]
    assert article.section.casefold() == truth["section"].casefold()
    assert list(article.authors) == truth["authors"]
    assert article.summary == truth["standfirst"]
    assert article.dateline == truth["dateline"]
    assert article.language == truth["language"]


@pages
def test_dates(name: str) -> None:
    article, truth = found(name).article, TRUTH[name]
    assert re.sub(r"T.*", "", article.date) == truth["date"]
    assert re.sub(r"T.*", "", article.updated) == truth.get("updated", "")
    if article.date and not sidecar_has_date(name):
        assert any(note.kind == "date" for note in article.notes)


@pages
def test_paragraphs(name: str) -> None:
    got, want = paragraphs(name), TRUTH[name]["paragraphs"]
    assert [text.split()[:3] for text in got] == [one["first"].split()[:3] for one in want]
    for text, one in zip(got, want, strict=True):
        assert text.startswith(one["first"])
        assert text.endswith(one["last"])
        assert len(text.split()) == one["words"]


@pages
def test_subheads_captions_and_video(name: str) -> None:
    extraction, truth = found(name), TRUTH[name]
    assert [one.text for one in extraction.verdicts if one.rule == "subhead"] == truth["subheads"]
    assert [(image.caption, image.credit) for image in extraction.article.images] == [
        (one["text"], one["credit"]) for one in truth["captions"]
    ]
    media = [(one.title, one.duration) for one in extraction.article.media]
    wanted = truth["video"]
    # ISO 8601 writes no zero minutes; the truth's `PT0M58S` means the same.
    assert media == (
        [(wanted["title"], re.sub(r"PT0M|(?<=M)0", lambda match: match[0][:2].strip("0"), wanted["duration"]))]
        if wanted
        else []
    )


@pages
def test_agencies_tags_and_notes(name: str) -> None:
    article, truth = found(name).article, TRUTH[name]
    assert sorted(article.agencies) == sorted(truth["agencies"])
    assert list(article.tags) == truth["tags"]
    kinds = [
        (note.kind, note.text) for note in article.notes if note.kind in ("author", "legal", "editor", "correction")
    ]
    assert [kind for kind, _ in kinds] == [one["kind"] for one in truth["notes"]]
    for (_, text), one in zip(kinds, truth["notes"], strict=True):
        assert text.startswith(one["first"])
    credits = truth.get("credits", "")
    helpers = [*truth.get("contributors", ()), *truth.get("editors", ())]
    if helpers:
        assert any(credits in note.text for note in article.notes)
