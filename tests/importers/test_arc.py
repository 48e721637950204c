"""ARC files: what is taken and what counted, and that damage costs what it hits."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from site_builder.errors import Problem
from site_builder.importers import read, recognise, warc
from site_builder.importers.warc import arc
from site_builder.model import Record, Skipped
from tests.crawls import answer, html

Items = list[Record | Problem | Skipped]


def line(url: str, kind: str, block: bytes, version: int) -> bytes:
    more = "200 AB12 - 345 crawl.arc.gz " if version == 2 else ""
    return f"{url} 192.0.2.1 20050412180500 {kind} {more}{len(block)}\n".encode() + block + b"\n"


def page(number: int, version: int = 1, url: str = "") -> bytes:
    return line(url or f"http://news.example/{number}", "text/html", answer(html(number).encode()), version)


def crawl(version: int = 1, *more: bytes) -> list[bytes]:
    """The records of a file: what it is, an address, three pages of which one is missing, a picture, and `more`."""
    about = f"{version} 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n".encode()
    return [
        line("filedesc://crawl.arc", "text/plain", about, version),
        line("dns:news.example", "text/dns", b"20050412180500\nnews.example. 60 IN A 192.0.2.1\n", version),
        page(1, version),
        line("http://news.example/gone", "text/html", answer(b"<p>gone</p>", status=404), version),
        line("http://news.example/a.gif", "image/gif", answer(b"GIF89a", "image/gif"), version),
        page(2, version),
        *more,
    ]


def taken(raw: bytes) -> Items:
    return list(warc.read_arc(io.BufferedReader(io.BytesIO(raw)), "crawl.arc", 1_000_000))


def urls(items: Items) -> list[str]:
    return [str(item.meta["url"]) for item in items if isinstance(item, Record)]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("packed", [False, True])
def test_pages_are_taken_and_the_rest_is_counted(version: int, packed: bool) -> None:
    records = crawl(version)
    items = taken(b"".join(gzip.compress(one, mtime=0) if packed else one for one in records))
    assert urls(items) == ["http://news.example/1", "http://news.example/2"]
    first = next(item for item in items if isinstance(item, Record))
    assert first.text == html(1) and first.format == "html" and first.part.startswith("offset=")
    assert first.meta["retrieved"] == "2005-04-12T18:05:00Z"
    assert {item.reason: item.count for item in items if isinstance(item, Skipped)} == {
        "HTTP status 404": 1,
        "filedesc records": 1,
        "media type image/gif": 1,
        "media type text/dns": 1,
    }
    assert not [item for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("packed", [False, True])
def test_damage_costs_one_record(packed: bool) -> None:
    records = [gzip.compress(one, mtime=0) if packed else one for one in crawl(1, page(3), page(4))]
    records[2] = records[2][:-40] + b"x" * 20 + records[2][-20:] if packed else records[2][:-40]
    items = taken(b"".join(records))
    assert urls(items) == [f"http://news.example/{n}" for n in (2, 3, 4)]
    assert len([item for item in items if isinstance(item, Problem)]) == 1


def test_one_that_was_cut_gives_what_is_whole() -> None:
    items = taken(b"".join(crawl())[:-50])
    assert urls(items) == ["http://news.example/1"]
    assert any(isinstance(item, Problem) for item in items)


def test_an_address_with_spaces_and_a_length_that_lies() -> None:
    lie = (
        b"http://news.example/lie 192.0.2.1 20050412180500 text/html 999999999999\n" + answer(html(9).encode()) + b"\n"
    )
    items = taken(b"".join(crawl(1, lie, page(5, url="http://news.example/a b c"))))
    assert urls(items) == ["http://news.example/1", "http://news.example/2", "http://news.example/a b c"]


def test_it_is_told_from_its_content_and_not_from_its_name(tmp_path: Path) -> None:
    raw = b"".join(crawl())
    assert arc.detect("any", raw[:4096]) and arc.detect("any", gzip.compress(raw)[:4096])
    assert not arc.detect("old.arc", b"\x1a\x02OLD.TXT\0") and not arc.detect("a.arc", b"\x1f\x8b\x08broken")
    file = tmp_path / "crawl.arc.gz"
    file.write_bytes(gzip.compress(raw))
    kind = recognise(file)
    assert kind and kind.name == "arc" and kind.many
    records = [item for item in read(file, "crawl.arc.gz", 1_000_000) if isinstance(item, Record)]
    assert [record.text for record in records] == [html(1), html(2)]
