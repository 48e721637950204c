"""Crawl files: what is taken, what is counted, and that damage costs what it hits and nothing else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import random
import re
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.errors import Problem
from site_builder.importers import read, read_texts, warc
from site_builder.importers.warc.languages import language_tag
from site_builder.model import Record, Skipped
from tests.crawls import answer, html, packed, page, record

NUMBER = re.compile(r"<title>Story (\d+)</title>")


def taken(raw: bytes, max_bytes: int = 1_000_000, name: str = "") -> list[Record | Problem | Skipped]:
    name = name or ("crawl.warc.gz" if raw[:2] == b"\x1f\x8b" else "crawl.warc")
    return list(warc.read(io.BufferedReader(io.BytesIO(raw)), name, max_bytes))


def stories(items: list[Record | Problem | Skipped]) -> list[int]:
    """The numbers of the pages, each of which must be whole."""
    numbers = []
    for item in items:
        if isinstance(item, Record):
            match = NUMBER.search(item.text)
            assert match
            assert item.text == html(int(match[1]))
            numbers.append(int(match[1]))
    return numbers


def problems(items: list[Record | Problem | Skipped]) -> list[str]:
    return [item.message for item in items if isinstance(item, Problem)]


def skipped(items: list[Record | Problem | Skipped]) -> dict[str, int]:
    return {item.reason: item.count for item in items if isinstance(item, Skipped)}


def one(raw: bytes) -> Record:
    (item,) = taken(raw)
    assert isinstance(item, Record), item
    return item


# ------------------------------------------------------------------------------------------------- what is taken


def test_a_page_with_its_facts() -> None:
    found = one(page(7))
    body = html(7).encode()
    assert found == Record(
        "crawl.warc",
        "html",
        html(7),
        hashlib.sha256(body).hexdigest(),
        {"url": "https://news.example/7", "retrieved": "2017-04-12T18:05:00Z"},
        (),
        "offset=0",
    )


def test_what_is_no_page_is_counted_by_its_reason() -> None:
    info = record(b"software: x\r\n", "warcinfo", fields="Content-Type: application/warc-fields\n")
    records = [
        info,
        record(b"GET / HTTP/1.1\r\n\r\n", "request", fields="Content-Type: application/http; msgtype=request\n"),
        page(1),
        record(b"x: y", "metadata", fields="Content-Type: application/warc-fields\n"),
        record(b"", "revisit", fields="Content-Type: application/http; msgtype=response\n"),
        record(answer(b"gone", status=404)),
        record(answer(b"moved", status=301)),
        record(answer(b"moved", status=301)),
        record(answer(b"\x89PNG", "image/png")),
        record(answer(b"{}", "application/json")),
        record(b"20170412\r\nnews.example. 300 IN A 10.0.0.1\r\n", fields="Content-Type: text/dns\n"),
        record(html(2).encode(), "resource"),
        record(b"\x89PNG", "resource", fields="Content-Type: image/png\n"),
        record(answer(html(3).encode(), "application/xhtml+xml")),
        record(answer(html(4).encode(), "")),
        record(answer(b"no markup", "")),
        record(answer(b"  ")),
        record(answer(bytes(1000))),
    ]
    for raw in (b"".join(records), packed(records), gzip.compress(b"".join(records))):
        items = taken(raw)
        assert stories(items) == [1, 2, 3, 4]
        assert problems(items) == []
        assert skipped(items) == {
            "warcinfo records": 1, "request records": 1, "metadata records": 1, "revisit records": 1,
            "HTTP status 404": 1, "HTTP status 301": 2, "media type image/png": 2, "media type application/json": 1,
            "media type text/dns": 1, "media type unknown": 1, "empty pages": 1,
            "what is called HTML and is no text": 1,
        }  # fmt: skip


def test_offsets_name_records_and_are_stable() -> None:
    records = [page(n) for n in range(3)]
    plain = [item.part for item in taken(b"".join(records)) if isinstance(item, Record)]
    assert plain == [f"offset={sum(map(len, records[:n]))}" for n in range(3)]
    members = [gzip.compress(one, mtime=0) for one in records]
    each = [item.part for item in taken(b"".join(members)) if isinstance(item, Record)]
    assert each == [f"offset={sum(map(len, members[:n]))}" for n in range(3)]
    whole = [item.part for item in taken(gzip.compress(b"".join(records))) if isinstance(item, Record)]
    assert whole == ["offset=0", f"offset=0+{len(records[0])}", f"offset=0+{len(records[0] + records[1])}"]


def test_wet_texts_with_their_language() -> None:
    text = "Story 1\nThe bridge is closed.\nHome | News\n"
    raw = record(text.encode(), "conversion", fields="WARC-Identified-Content-Language: ces,eng\n")
    found = one(packed([raw]))
    assert (found.format, found.text) == ("text", text)
    assert found.meta == {"url": "https://news.example/1", "retrieved": "2017-04-12T18:05:00Z", "language": "cs"}


@pytest.mark.parametrize(
    ("codes", "tag"),
    [("eng", "en"), ("deu,eng", "de"), ("zho", "zh"), ("ceb", "ceb"), ("", ""), ("und", ""), ("English", "")],
)
def test_languages(codes: str, tag: str) -> None:
    assert language_tag(codes) == tag


def test_records_in_blocks_of_gzip_that_do_not_know_them() -> None:
    whole = b"".join(page(n) for n in range(40))
    blocks = b"".join(gzip.compress(whole[at : at + 3000], mtime=0) for at in range(0, len(whole), 3000))
    assert stories(taken(blocks)) == list(range(40))


def test_warc_in_zstd_as_crawlers_write_it(tmp_path: Path) -> None:
    records = [page(n) for n in range(20)]
    dictionary = zstandard.train_dictionary(2000, [page(n) for n in range(400)])
    frames = b"".join(zstandard.ZstdCompressor(dict_data=dictionary).compress(one) for one in records)
    for raw in (dictionary.as_bytes(), zstandard.ZstdCompressor().compress(dictionary.as_bytes())):
        (tmp_path / "crawl.warc.zst").write_bytes(b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw + frames)
        items = list(read(tmp_path / "crawl.warc.zst", "crawl.warc.zst", 1_000_000))
        assert stories(items) == list(range(20))
        assert isinstance(items[1], Record)
        assert items[1].name == f"crawl.warc.zst#offset={len(records[0])}"


# ---------------------------------------------------------------------------------------- what came over the wire


def chunked(body: bytes, size: int = 50) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


BODY = html(1).encode()
RAW_DEFLATE = zlib.compress(BODY)[2:-4]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (chunked(BODY), "Transfer-Encoding: chunked\n"),
        (BODY, "Transfer-Encoding: chunked\n"),  # the crawler has joined it
        (gzip.compress(BODY), "Content-Encoding: gzip\n"),
        (gzip.compress(BODY), "content-encoding: X-GZIP\n"),
        (BODY, "Content-Encoding: gzip\n"),
        (zlib.compress(BODY), "Content-Encoding: deflate\n"),
        (RAW_DEFLATE, "Content-Encoding: deflate\n"),
        (BODY, "Content-Encoding: deflate\n"),
        (brotli.compress(BODY), "Content-Encoding: br\n"),
        (BODY, "Content-Encoding: br\n"),
        (zstandard.compress(BODY), "Content-Encoding: zstd\n"),
        (brotli.compress(gzip.compress(BODY)), "Content-Encoding: gzip, br\n"),
        (chunked(gzip.compress(BODY), 7), "Content-Encoding: gzip\nTransfer-Encoding: chunked\n"),
        (BODY, "Content-Encoding: identity\n"),
    ],
)
def test_packing_for_the_way_is_undone(body: bytes, fields: str) -> None:
    found = one(record(answer(body, fields=fields)))
    assert found.text == html(1)
    assert found.repairs == ()
    assert found.sha256 == hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize(
    ("body", "fields", "words"),
    [
        (chunked(BODY)[:290], "Transfer-Encoding: chunked\n", "breaks off in a chunk"),
        (chunked(BODY)[:-5], "Transfer-Encoding: chunked\n", "last chunk is missing"),
        (chunked(BODY)[:-5] + b"zz\r\n", "Transfer-Encoding: chunked\n", "damaged"),
        (gzip.compress(BODY)[:-40], "Content-Encoding: gzip\n", "breaks off"),
        (brotli.compress(BODY)[:-10], "Content-Encoding: br\n", "breaks off"),
        (BODY, "Content-Encoding: rot13\n", "not known: rot13"),
        (b"\xff" + BODY, "Content-Encoding: deflate\n", "which it is not"),
    ],
)  # fmt: skip
def test_packing_that_is_damaged_is_noted(body: bytes, fields: str, words: str) -> None:
    found = one(record(answer(body, fields=fields)))
    assert words in "; ".join(found.repairs)
    assert "<!DOCTYPE html>" in found.text


@pytest.mark.parametrize(
    ("bomb", "name"),
    [(gzip.compress(bytes(50_000_000)), "gzip"), (zlib.compress(bytes(50_000_000)), "deflate"),
     (brotli.compress(bytes(50_000_000)), "br"), (zstandard.compress(bytes(50_000_000)), "zstd")],
)  # fmt: skip
def test_a_page_that_is_a_bomb_is_left(bomb: bytes, name: str) -> None:
    items = taken(record(answer(bomb, fields=f"Content-Encoding: {name}\n")) + page(2))
    assert problems(items) == ["a record has more than 1,000,000 bytes"]
    assert stories(items) == [2]


def test_a_lying_charset() -> None:
    body = html(1).encode()
    found = one(record(answer(body, "text/html; charset=iso-8859-1")))
    assert found.text == html(1)
    assert "it is UTF-8" in found.repairs[0]


def test_digests_and_cuts_are_noted() -> None:
    block = answer(BODY)
    good = base64.b32encode(hashlib.sha1(block).digest()).decode()
    assert one(record(block, fields=f"WARC-Block-Digest: sha1:{good}\n")).repairs == ()
    assert one(record(block, fields=f"WARC-Block-Digest: sha256:{hashlib.sha256(block).hexdigest()}\n")).repairs == ()
    wrong = one(record(block.replace(b"bridge", b"fridge"), fields=f"WARC-Block-Digest: sha1:{good}\n"))
    assert "digest" in wrong.repairs[0]
    cut = one(record(answer(BODY), fields="WARC-Truncated: length\n"))
    assert cut.repairs == ("the crawler cut the page off (length)",)


def test_odd_but_sound_records() -> None:
    unix = page(1).replace(b"\r\n", b"\n")
    unix = re.sub(rb"Content-Length: \d+", b"content-length: %d" % len(answer(BODY).replace(b"\r\n", b"\n")), unix)
    folded = page(2).replace(b"WARC-Target-URI: https", b"WARC-Target-URI:\r\n\thttps")
    brackets = page(3).replace(b"https://news.example/3", b"<https://news.example/3>")
    items = taken(b"\r\n" + unix + folded + b"\r\n\r\n\r\n" + brackets)
    assert stories(items) == [1, 2, 3]
    assert problems(items) == []
    urls = [item.meta["url"] for item in items if isinstance(item, Record)]
    assert urls == [f"https://news.example/{n}" for n in (1, 2, 3)]


def test_a_date_that_is_none_is_left_out() -> None:
    assert "retrieved" not in one(page(1).replace(b"WARC-Date: 2017", b"WARC-Date: last year 2017")).meta


# ----------------------------------------------------------------------------------------------------- damage

RECORDS = [page(n) for n in range(30)]
WHOLE = packed(RECORDS)
STARTS = [sum(len(gzip.compress(one, mtime=0)) for one in RECORDS[:n]) for n in range(31)]
PLAIN = b"".join(RECORDS)
HIT = 12


def damaged(at: int, length: int) -> bytes:
    return WHOLE[:at] + random.Random(1).randbytes(length) + WHOLE[at + length :]


@pytest.mark.parametrize(
    ("raw", "lost"),
    [
        (damaged((STARTS[HIT] + STARTS[HIT + 1]) // 2, 20), [HIT]),
        (damaged(STARTS[HIT], 4), [HIT]),
        (damaged(STARTS[HIT + 1] - 4, 4), [HIT]),
        (damaged(STARTS[HIT] + 20, STARTS[HIT + 1] - STARTS[HIT]), [HIT, HIT + 1]),
        (WHOLE[: STARTS[HIT] + 100] + WHOLE[STARTS[HIT + 1] :], [HIT]),
        (WHOLE[: STARTS[HIT]] + random.Random(2).randbytes(1000) + WHOLE[STARTS[HIT] :], []),
        (WHOLE[: STARTS[HIT]] + b"\0" * 1000 + WHOLE[STARTS[HIT] :], []),
        (WHOLE[: STARTS[HIT]] + gzip.compress(b"no record") + WHOLE[STARTS[HIT + 1] :], [HIT]),
        (WHOLE[:-60], [29]),
        (WHOLE[20:], [0]),
        (b"rubbish" + WHOLE[20:], [0]),
        (WHOLE + b"\0" * 5000, []),
        (PLAIN[:-60], [29]),
        (PLAIN.replace(RECORDS[HIT], RECORDS[HIT][:500]), [HIT]),
        (PLAIN.replace(RECORDS[HIT], RECORDS[HIT].replace(b"Length: ", b"Length: 9")), [HIT]),
        (PLAIN.replace(RECORDS[HIT], RECORDS[HIT].replace(b"Length: ", b"Length: 99999999")), [HIT]),
        (PLAIN.replace(RECORDS[HIT], RECORDS[HIT].replace(b"Length: ", b"Length: x")), [HIT]),
        (PLAIN.replace(RECORDS[HIT], RECORDS[HIT].replace(b"Length: ", b"Longth: ")), [HIT]),
        (PLAIN.replace(RECORDS[HIT], RECORDS[HIT][:100]), [HIT]),
        (b"rubbish\n" + PLAIN, []),
        (gzip.compress(PLAIN)[:-200], None),
    ],
)
def test_damage_costs_what_it_hits(raw: bytes, lost: list[int] | None) -> None:
    items = taken(raw, name="crawl.warc.gz" if raw[:7] != b"rubbish\n"[:7] or raw[7:8] != b"\n" else "crawl.warc")
    found = stories(items)
    if lost is None:
        assert found == list(range(len(found)))
        assert len(found) > 20
    else:
        assert found == [n for n in range(30) if n not in lost]
    untroubled = raw in (WHOLE + b"\0" * 5000,) or b"\0" * 1000 in raw
    assert bool(problems(items)) is not untroubled


@pytest.mark.parametrize("raw", [WHOLE, PLAIN])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage(raw: bytes, data: st.DataObject) -> None:
    """Flipped, lost, doubled and foreign bytes, in up to three places: no exception, and all that was not hit."""
    places = sorted(data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=3)), reverse=True)
    sizes = [len(gzip.compress(one, mtime=0)) if raw is WHOLE else len(one) for one in RECORDS]
    ends = [sum(sizes[: n + 1]) for n in range(30)]
    hit = set()
    broken = bytearray(raw)
    origin = list(range(len(raw)))  # of each byte; damage upon damage reaches further than one
    for at in places:
        at = min(at, len(broken) - 1)
        length = data.draw(st.integers(1, 40))
        what = data.draw(st.sampled_from(["flip", "lose", "put", "double"]))
        reached = {at, *(place for place in origin[at : at + length] if place >= 0)}
        if what == "flip":
            broken[at] ^= 1 << data.draw(st.integers(0, 7))
        elif what == "lose":
            del broken[at : at + length], origin[at : at + length]
        elif what == "put":
            broken[at:at] = data.draw(st.binary(min_size=length, max_size=length))
            origin[at:at] = [-1] * length
        else:
            twice = broken[at : at + length]
            broken[at:at], origin[at:at] = twice, [-1] * len(twice)
        hit |= {n for n in range(30) if any((ends[n - 1] if n else 0) - 5 <= at <= ends[n] + 45 for at in reached)}
    items = taken(bytes(broken), name="crawl.warc.gz" if raw is WHOLE else "crawl.warc")
    if raw is WHOLE:
        assert set(stories(items)) >= set(range(30)) - hit  # checksums: what comes out is right
    else:
        texts = [item.text for item in items if isinstance(item, Record)]
        assert all(html(n) in texts for n in set(range(30)) - hit)


@given(st.binary(max_size=3000), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_bytes(raw: bytes, gz: bool) -> None:
    taken(raw, name="x.warc.gz" if gz else "x.warc")
    taken(b"WARC/1.0\r\n" + raw)
    taken(gzip.compress(b"WARC/1.0\r\nContent-Length: 20\r\n" + raw) + raw)


@given(st.lists(st.sampled_from([b"WARC/1.0\r\n", b"\r\n", b"Content-Length: 5\r\n", b"Content-Length: 99999999\r\n",
                                 b"WARC-Type: response\r\n", b"HTTP/1.1 200\r\n", b"x", b"<html>", b"\x1f\x8b\x08\0"]),
                max_size=60).map(b"".join))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_bytes_like_records(raw: bytes) -> None:
    taken(raw)
    taken(packed([raw, raw]))


def test_what_holds_no_record_says_so() -> None:
    assert problems(taken(b"<html>not found</html>", name="x.warc"))[-1] == "has no sound record in it"


def test_a_large_record_is_passed_over_and_named() -> None:
    large = page(1, paragraphs=30_000)
    for raw in (page(0) + large + page(2), packed([page(0), large, page(2)])):
        items = taken(raw)
        assert stories(items) == [0, 2]
        assert problems(items) == ["a record has more than 1,000,000 bytes"]
    film = record(answer(bytes(3_000_000), "video/mp4"))
    asked = record(bytes(3_000_000), "request")
    for raw in (page(0) + film + asked + page(2), packed([page(0), film, asked, page(2)])):
        items = taken(raw)
        assert stories(items) == [0, 2]
        assert problems(items) == []
        assert skipped(items) == {"media type video/mp4": 1, "request records": 1}


@pytest.mark.parametrize(
    "raw",
    [
        b"WARC/1.0\r\nContent-Length: 900000\r\n\r\n" * 50_000,
        b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n" * 20_000,
        b"WARC/1.0\n" * 200_000,
        gzip.compress(b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n" * 50_000),
        b"\x1f\x8b\x08\0" * 200_000,
        gzip.compress(b"", mtime=0) * 50_000,
    ],
)
def test_files_made_to_take_for_ever_do_not(raw: bytes) -> None:
    taken(raw, name="crawl.warc.gz" if raw[:1] == b"\x1f" else "crawl.warc")


def test_page_texts_alone_can_be_had_and_the_place_in_the_file_is_told(tmp_path: Path) -> None:
    text = record(b"A story\n\nThe bridge is closed.\n", "conversion", "https://news.example/9")
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(packed([page(1), text, page(2)]))
    places: list[int] = []
    found = list(read_texts(file, "crawl.warc.gz", 1_000_000, watch=places.append))
    assert found == [item for item in read(file, "crawl.warc.gz", 1_000_000) if getattr(item, "format", "") == "text"]
    assert len(found) == 1 and places[-1] == file.stat().st_size
