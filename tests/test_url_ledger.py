"""The URL ledger and its copy in the index: many addresses at once, lines that are alike, files that were left unfinished."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from site_builder import entries, scanning, url_ledger
from site_builder.index import Index
from tests import sites

COUNT = 9


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with some articles, of which the second has the first one's address."""
    sites.write(tmp_path, sites.many(COUNT))
    return tmp_path / "content"


def build(content: Path) -> list[str]:
    """What a build does with the addresses; the lines of the ledger."""
    with Index.open(content / ".cache" / "index", "test") as index:
        index.compare(scanning.scan(content))
        index.add([*entries.read(content, index.unread())])
        index.filled()
        problems = index.read_url_ledger(content / url_ledger.FILE)
        index.settle_addresses()
        index.write_url_ledger(content / url_ledger.FILE, problems)
        index.commit()
    return (content / url_ledger.FILE).read_text("utf-8").splitlines()


def addresses(content: Path) -> list[tuple[str, str]]:
    """Id and address of what the index has as published, in its order."""
    with Index.open(content / ".cache" / "index", "test") as index:
        return [*index._db.execute("SELECT uid, url FROM published ORDER BY seq")]


@pytest.mark.parametrize("part", [1, 2, COUNT, 5000])
def test_addresses_are_written_in_parts_of_any_size(part: int, content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(url_ledger, "PART", part)
    lines = build(content)
    assert len(lines) == COUNT
    assert [(line["id"], line["url"]) for line in map(json.loads, lines)] == addresses(content)
    assert build(content) == lines


@pytest.mark.parametrize("end", [0, 3, 30, 200, 333])
def test_a_ledger_that_a_killed_build_left_is_completed(end: int, content: Path) -> None:
    """Also one whose addresses the index does not know, since they are noted there when all are written."""
    lines = build(content)
    ledger = content / url_ledger.FILE
    ledger.write_bytes(ledger.read_bytes()[:end])
    assert [line for line in build(content) if line in lines] == lines
    (content / ".cache" / "index").unlink()
    build(content)
    assert len({*addresses(content)}) == len(addresses(content)) == COUNT


def test_of_lines_that_are_alike_the_last_one_counts(content: Path) -> None:
    lines = build(content)
    ledger = content / url_ledger.FILE
    ledger.write_text("\n".join([lines[0], lines[1], "", "no line", lines[0]]) + "\n", "utf-8")
    build(content)
    known = [json.loads(line)["id"] for line in (lines[1], lines[0])]
    assert [uid for uid, _ in addresses(content)][:2] == known
    # An index that has addresses already says the same.
    ledger.write_text("\n".join([lines[0], lines[1], lines[0]]) + "\n", "utf-8")
    build(content)
    assert [uid for uid, _ in addresses(content)][:2] == known
