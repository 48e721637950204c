"""What an import tells: counts are whole, examples few, and the ledger alone gives the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from site_builder import import_report, import_take, imports
from site_builder.errors import Problem
from site_builder.import_ledger import Line, Row
from site_builder.imports import Tally
from site_builder.model import Article, Extraction, Record, Source, Verdict
from tests.heaps import heap, install, story
from tests.test_imports import Archive


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    install(monkeypatch)
    made = Archive(tmp_path)
    made.put(
        {
            "a.txt": story(1) + "\nEmbed share\n",
            "b.heap": heap([("line=1", story(1) + "\nEmbed share\n"), ("!has no text", ""), ("line=3", story(3))]),
            "c.txt": "Café in Genève. ".encode("cp1252") * 3,
            "empty.txt": "",
        }
    )
    return made


def test_a_run_tells_what_it_took_and_what_not_and_why(archive: Archive) -> None:
    tally = archive.take()
    data = tally.data()
    assert data["outcomes"] == {"copy": 1, "taken": 3}
    assert {item["why"]: item["count"] for item in data["skipped"]} == {"has no text": 1, "is empty": 1}
    removed = {item["rule"]: item for item in data["removed"]}
    assert sum(item["lines"] for item in removed.values()) == sum(tally.rules.values()) > 0
    examples = [example for item in data["removed"] for example in item["examples"]]
    assert {"source": "a.txt", "line": 11, "text": "Embed share"} in examples
    doubts = {item["why"]: item for item in data["doubts"]}
    assert doubts["has no date"]["articles"] == 3
    assert [one["source"] for one in doubts["has fewer than 50 words"]["examples"]] == ["c.txt"]
    assert any("guessed" in item["what"] for item in data["repairs"])
    short, full = list(tally.text()), list(tally.text(full=True))
    assert len(short) < len(full) and any("Embed share" in line for line in full)
    assert any(line.endswith("such as “Embed share”") for line in short), "one short example"


def test_the_ledger_alone_gives_the_report_of_the_archive(archive: Archive) -> None:
    archive.take()
    once = import_report.of_archive(archive.content)
    assert once["outcomes"] == {"copy": 1, "taken": 3} and once["formats"] == {"text": 3}
    assert once["files"] == [{"file": "b.heap", "records": 2, "skipped": {"has no text": 1}}]
    assert once["skipped"] == [{"why": "has no text", "count": 1}]
    (archive.content / ".cache" / imports.CACHE).unlink()
    assert json.dumps(import_report.of_archive(archive.content)) == json.dumps(once)
    archive.put({"a.txt": story(5)})
    archive.take()
    again = import_report.of_archive(archive.content)
    assert again["outcomes"] == {"taken": 4}, "the newest row of each source counts"
    assert import_report.of_archive(archive.root)["outcomes"] == {}


@pytest.mark.parametrize("name", ["report.json", "report.txt"])
def test_a_report_is_written_where_it_is_wanted(archive: Archive, name: str) -> None:
    tally = archive.take()
    imports.write_report(archive.root / name, tally)
    text = (archive.root / name).read_text()
    assert json.loads(text) == tally.data() if name.endswith("json") else "Embed share" in text


def test_examples_are_few_and_different() -> None:
    tally = Tally()
    for n in range(1000):
        lines = (Line(1, "removed", "menu", "Home"), Line(2, "removed", "menu", f"Item {n % 5}"))
        tally.add("taken", Row(f"{n}.txt", article=f"articles/{n}.md", lines=lines, doubts=("has no date",)))
    (rule,) = tally.data()["removed"]
    assert rule["lines"] == 2000 and [one["text"] for one in rule["examples"]] == ["Home", "Item 0", "Item 1"]
    (doubt,) = tally.data()["doubts"]
    assert doubt["articles"] == 1000 and len(doubt["examples"]) == import_report.DOUBTFUL


def test_what_was_passed_over_is_told_and_what_was_told_singly_is_not_told_again() -> None:
    tally = Tally()
    tally.skipped["media type image/png"] += 3
    tally.tell(Problem("a.txt", 0, "is empty"))
    assert [line.split(maxsplit=1) for line in tally.text()] == [["3", "not taken: media type image/png"]]
    assert any("is empty" in line for line in tally.text(full=True))


def test_repairs_are_counted_by_their_kind() -> None:
    tally = Tally()
    for n in range(3):
        repairs = (f"{n + 2} signs that had been encoded twice mended", f"files that were not found (a{n}.jpg)")
        tally.add("taken", Row(f"{n}.txt", article=f"articles/{n}.md", repairs=repairs))
    kinds = ["files that were not found", "signs that had been encoded twice mended"]
    assert tally.data()["repairs"] == [{"what": kind, "sources": 3} for kind in kinds]


def test_problems_of_different_files_are_all_kept() -> None:
    tally = Tally()
    for n in range(100):
        tally.tell(Problem(f"{n}.txt", 0, "is empty"))
    tally.close()
    assert len(tally.problems) == 100


@pytest.mark.parametrize(
    ("date", "url", "retrieved", "doubts"),
    [
        ("2017-04-12", "https://paper.example/2017/04/12/x", "2019-07-01T10:00:00Z", []),
        ("2017-04-12", "https://paper.example/2017/04/13/x", "2017-04-11", []),
        ("2017-04-12", "https://paper.example/2017/x", "2017", []),
        ("2017-04-12", "https://paper.example/2016/04/12/x", "", ["its date and its address disagree"]),
        ("2017-04-12", "https://paper.example/2017-04-01/x", "", ["its date and its address disagree"]),
        ("2017-04-12", "", "2017-03-01", ["is dated after it was captured"]),
        ("2018", "", "2017-12-31", ["is dated after it was captured"]),
        ("XXXX-04-12", "https://paper.example/2016/05/", "2001", []),
        ("", "", "", ["has no date"]),
    ],
)
def test_dates_that_disagree(date: str, url: str, retrieved: str, doubts: list[str]) -> None:
    article = Article(title="Bridge", date=date, body="word " * 60, source=Source(url=url, retrieved=retrieved))
    found = Extraction(article, (Verdict(1, "BRIDGE", "title", "headline"),))
    assert list(import_take._doubts(found, article, "")) == doubts


def test_a_title_that_is_not_on_its_page_is_doubtful() -> None:
    article = Article(title="Tunnel", date="2017", body="word " * 60)
    found = Extraction(article, (Verdict(1, "Bridge", "title", "headline"),))
    assert list(import_take._doubts(found, article, "")) == ["its title is not on its page"]
    assert list(import_take._doubts(found, article, "Tunnel")) == [], "the source states it"
    assert list(import_take._doubts(found, article, "Tunnel")) == [], "the source states it"


def test_what_the_extractor_doubts_is_in_the_ledger(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from site_builder import extraction

    real = extraction.extract

    def extract(record: Record, *rest: Any) -> Extraction:
        return replace(real(record, *rest), doubts=("little confidence in the body",))

    monkeypatch.setattr(extraction, "extract", extract)
    archive.take()
    assert all(
        "little confidence in the body" in row["doubts"]
        for row in archive.ledger
        if {"wrote", "amended"} & row.keys() == {"wrote"}
    )


@pytest.mark.parametrize(
    ("url", "canonical", "doubtful"),
    [
        ("https://m.paper.example/1", "https://paper.example/1", True),
        ("https://paper.example/1?from=rss", "https://paper.example/1", False),
        ("https://paper.example/1?page=2", "https://paper.example/one", True),
        ("https://paper.example/1", "", False),
    ],
)
def test_a_page_that_names_another_address_is_doubtful(url: str, canonical: str, doubtful: bool) -> None:
    article = Article(title="Bridge", date="2017", body="word " * 60, source=Source(url=url, canonical=canonical))
    found = list(import_take._doubts(Extraction(article, ()), article, "Bridge"))
    assert found == ["its page names another address than where it was fetched"] * doubtful
