"""A refresh right after the import, by the same program, changes nothing, whatever the sources are, and says so."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder import documents, importers
from site_builder.front_values import as_kept
from site_builder.model import Article
from tests import crawls
from tests.heaps import story
from tests.importers.test_arc import crawl
from tests.importers.test_feeds import ATOM, RSS
from tests.importers.test_mhtml import saved
from tests.importers.test_wxr import export, item, meta
from tests.test_import_media import PICTURE, packed
from tests.test_import_packed import tarred
from tests.test_imports import Archive

NOTE = f"---\ntitle: A note\nweight: 10\nid: '7'\nversion: 1.10\nparams:\n  code: '007'\n---\n{story(1)}\n![x](p.jpg)\n"
ODD: dict[str, Any] = {
    "id": "7",
    "code": "007",
    "sentiment": 0.5,
    "share": "0.5",
    "tiny": 1e-7,
    "huge": 10**22,
    "large": 1e22,
    "none": None,
    "deep": {"a  b": ["1", 1, 1.0, True, "true", None, "null", "~", "1e5"], "": "-3"},
    "far": "12345678901234567890",
    "tweet": 12345678901234567890,
}
ROWS = "".join(json.dumps({"title": f"Bridge {n}", "text": story(n), "n": n, **ODD}) + "\n" for n in range(3))
CSV = 'title,text,id,score\n"Bridge 1","The council voted to close it.",7,0.50\n"Bridge 2","It was closed.",007,1e5\n'
ITEM = "<item><title>T{0}</title><guid>{0}</guid><category>{0}</category><description>It was closed {0}.</description></item>"
RSS_FEED = RSS % "".join(ITEM.format(n) for n in ("1", "-2", "0.5", "https://a.example/3"))
ENTRY = (
    "<entry><id>{0}</id><title>T{0}</title><content type='html'>&lt;p&gt;It was closed {0}.&lt;/p&gt;</content></entry>"
)
ATOM_FEED = ATOM % "".join(ENTRY.format(n) for n in ("1", "1.10", "urn:x"))
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Die Post",
    "items": [{"id": "1", "content_html": "<p>It was closed 1.</p>"}, {"id": 2, "content_text": "It was closed 2."}],
}
POST = export(item(story(4), 7) + item(story(5), 8) + meta("views", "12"))

SAMPLES: Mapping[str, Mapping[str, str | bytes]] = {
    "warc": {"a.warc.gz": crawls.packed([crawls.page(n) for n in range(3)])},
    "arc": {"a.arc": b"".join(crawl())},
    "mhtml": {"a.mhtml": saved()},
    "wxr": {"a.xml": POST},
    "feed": {"a.xml": RSS_FEED, "b.xml": ATOM_FEED, "c.json": json.dumps(JSON_FEED)},
    "table": {"a.jsonl": ROWS, "b.csv": CSV, "c.json": json.dumps([ODD | {"text": story(6)}])},
    "markdown": {"a.md": NOTE, "p.jpg": PICTURE},
    "html": {f"{n}.html": crawls.html(n) for n in range(3)},
    "text": {f"{n}.txt": story(n) for n in range(5)},
    "zip": {"a.zip": packed({"a.md": NOTE, "p.jpg": PICTURE, "b.jsonl": ROWS})},
    "packed": {"a.txt.gz": gzip.compress(story(1).encode(), mtime=0)},
    "tar": {"a.tar.gz": tarred({"a.md": NOTE, "p.jpg": PICTURE, "b.xml": RSS_FEED})},
}
"""Some sources of each kind, with values that one may take for others."""


def hold_the_law(archive: Archive) -> None:
    taken = archive.take().outcomes
    before = archive.files
    for dry in (True, False):
        told: dict[str, int] = dict(archive.take(refresh=True, dry_run=dry).outcomes)
        assert told == {"current": taken["taken"]}
        assert archive.files == before
    assert not set(archive.take().outcomes) - {"known"} and archive.files == before


def test_there_are_sources_of_every_kind() -> None:
    assert list(SAMPLES) == [row.name for row in (*importers.IMPORTERS, *importers.CONTAINERS)]


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_kind_of_source(kind: str, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.put(SAMPLES[kind])
    hold_the_law(archive)


def test_a_heap_of_all_kinds_with_copies(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for kind, files in SAMPLES.items():
        archive.put({f"{folder}/{kind}/{name}": raw for folder in ("one", "two") for name, raw in files.items()})
    hold_the_law(archive)


KEY = st.text(max_size=5)
SCALAR = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=True),
    st.text(max_size=9),
    st.from_regex(r"\A[-+]?[0-9]{1,20}(\.[0-9]{0,3})?(e[-+]?[0-9]{1,3})?\Z"),
    st.sampled_from(["true", "null", "~", "no", "0x1f", "1_000", "2017-04-12", ".5", ".inf", "1:30"]),
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(VALUE)
def test_whatever_a_row_holds_comes_back_as_it_was_written(value: Any) -> None:
    article = Article(title="T", body="Text.", extra={"columns": as_kept({"x": value})})
    document, problems = documents.read(documents.write(article).encode(), "a.md")
    assert document and not problems
    assert repr(document.article.extra) == repr(article.extra)
    assert documents.sums(document.article) == documents.sums(article)


FACTS = st.dictionaries(st.text("abcxyz ", min_size=1, max_size=6), SCALAR, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACTS, min_size=1, max_size=8))
def test_any_rows(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    archive = Archive(tmp_path_factory.mktemp("rows"))
    lines = [json.dumps({**facts, "title": f"Bridge {n}", "text": story(n)}) for n, facts in enumerate(rows)]
    archive.put({"a.jsonl": "".join(f"{line}\n" for line in lines)})
    hold_the_law(archive)
