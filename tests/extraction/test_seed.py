"""The page that the project started from, in full. Not part of the repository: `SITE_BUILDER_SHARED` says where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from site_builder import importers
from site_builder.extraction import extract
from site_builder.model import Extraction, Record

SHARED = Path(os.environ.get("SITE_BUILDER_SHARED", Path(__file__).parents[3] / "shared"))
SEEDS = sorted((SHARED / "seeds").glob("000_*.txt"))

pytestmark = pytest.mark.skipif(not SEEDS, reason="the seed is not at hand")


def read(year: str = "", **meta: str) -> Extraction:
    record = next(importers.read(SEEDS[0], "seed.txt", 20_000_000))
    assert isinstance(record, Record)
    return extract(Record(record.file, record.format, record.text, record.sha256, {**record.meta, **meta}), year=year)


def source_lines() -> list[str]:
    return SEEDS[0].read_text("utf-8").split("\n")


def test_head() -> None:
    article = read().article
    assert article.title.startswith("U.S., Russia Urge Better Ties")
    assert article.title.endswith("Syria Rift Remains")
    assert article.section == "Breaking News"
    assert article.authors == ("Carl Schreck",)
    assert article.agencies == ("Reuters", "AP", "AFP", "TASS", "Interfax", "RIA Novosti")
    assert article.language == "en"
    assert article.summary == article.dateline == article.updated == article.publication == ""


def test_video() -> None:
    (video,) = read().article.media
    assert (video.type, video.duration) == ("video", "PT1M32S")
    assert video.title == "Lavrov, Tillerson Call For Repairing U.S.-Russia Relations"


def test_captions_stand_once() -> None:
    extraction = read()
    captions = [image.caption for image in extraction.article.images]
    assert [caption.split()[:3] for caption in captions] == [["A", "child", "receives"], ["U.S.", "Secretary", "of"]]
    doubled = [one for one in extraction.verdicts if one.rule == "caption printed twice"]
    assert [one.text for one in doubled] == captions
    assert {one.place for one in doubled} == {"removed"}


def test_notes() -> None:
    notes = {note.kind: note for note in read().article.notes}
    assert set(notes) == {"author", "legal", "date"}
    assert notes["author"].about == "Carl Schreck"
    assert notes["author"].text.endswith("in 2014.")
    assert notes["legal"].text.split("\n\n")[2] == "To find out more, click here."
    assert "April 12" in notes["date"].text


def test_body_has_the_paragraphs_in_order_and_nothing_else() -> None:
    extraction = read()
    lines = source_lines()
    start = next(index for index, line in enumerate(lines) if line.startswith("The United States and Russia have"))
    end = next(index for index, line in enumerate(lines) if line.startswith("With reporting by"))
    captions = {image.caption for image in extraction.article.images}
    wanted = [line for line in lines[start:end] if line and line not in captions]
    blocks = extraction.article.body.split("\n\n")
    assert [block.removeprefix("## ") for block in blocks] == wanted
    assert [block for block in blocks if block.startswith("#")] == ["## 'Prospects For Joint Work'"]


@pytest.mark.parametrize(
    ("year", "meta", "date"),
    [
        ("", {}, "XXXX-04-12?"),
        ("2017", {}, "2017-04-12"),
        ("", {"date": "2017-04-12"}, "2017-04-12"),
        ("", {"url": "https://news.example/2017/04/12/ties.html"}, "2017-04-12"),
        ("", {"url": "https://news.example/2017/04/ties.html"}, "2017-04-12"),
        ("", {"retrieved": "2024-11-18"}, "XXXX-04-12?"),
    ],
)
def test_date_is_what_the_sources_support(year: str, meta: dict[str, str], date: str) -> None:
    article = read(year, **meta).article
    assert article.date == date
    assert any(note.kind == "date" for note in article.notes) == ("date" not in meta)


def test_every_line_has_one_verdict_in_plain_words() -> None:
    verdicts = read().verdicts
    wanted = [(number, line.strip()) for number, line in enumerate(source_lines(), 1) if line.strip()]
    assert [(one.line, one.text) for one in verdicts] == wanted
    rules = {one.text: (one.place, one.rule) for one in verdicts}
    assert rules["Accessibility links"] == ("removed", "skip link")
    assert rules["please wait"] == ("removed", "media player control")
    assert rules["Breaking News"] == ("section", "kicker")
