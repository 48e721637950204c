"""MHTML as browsers and mail programs save it."""

from __future__ import annotations

import base64
import io
import quopri
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import Problem
from site_builder.importers import mhtml
from site_builder.model import Record, Skipped
from tests.crawls import html

BODY = html(1).encode()


def saved(body: bytes = BODY, way: str = "quoted-printable", kind: str = "text/html") -> bytes:
    coded: dict[str, Callable[[bytes], bytes]] = {
        "quoted-printable": quopri.encodestring,
        "base64": base64.encodebytes,
        "binary": bytes,
        "8bit": bytes,
    }
    page = coded[way](body).replace(b"\n", b"\r\n") if way != "binary" else body
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://news.example/1\nSubject: Story\n"
        "Date: Wed, 12 Apr 2017 18:05:00 +0200\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="----Multipart--x----"\n\n\n'
        f"------Multipart--x----\nContent-Type: {kind}\nContent-ID: <frame-1@mhtml.blink>\n"
        f"Content-Transfer-Encoding: {way}\nContent-Location: https://news.example/1#top\n\n"
    )
    tail = (
        "\n------Multipart--x----\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n"
        "Content-Location: https://news.example/x.png\n\niVBORw0KGgo=\n"
        "------Multipart--x----\nContent-Type: text/html\n\n<p>An advertisement</p>\n------Multipart--x------\n"
    )
    return head.replace("\n", "\r\n").encode() + page + tail.replace("\n", "\r\n").encode()


def taken(raw: bytes) -> list[Record | Problem | Skipped]:
    return list(mhtml.read(io.BufferedReader(io.BytesIO(raw)), "page.mhtml", 1_000_000))


@pytest.mark.parametrize("way", ["quoted-printable", "base64", "8bit", "binary"])
def test_the_page_and_where_it_was(way: str) -> None:
    raw = saved(way=way)
    assert mhtml.detect("page.mhtml", raw[:4096])
    assert mhtml.detect("page", raw[:4096])
    record, *skipped = taken(raw)
    assert isinstance(record, Record)
    assert record.text.strip() == html(1).strip()
    assert record.meta == {"url": "https://news.example/1", "retrieved": "2017-04-12T18:05:00+02:00"}
    assert record.repairs == ()
    assert skipped == [
        Skipped("page.mhtml", "parts of saved pages (image/png), but for those that articles name", 1),
        Skipped("page.mhtml", "parts of saved pages (text/html)", 1),
    ]


def test_charsets() -> None:
    body = html(1).replace("ę", "é").encode("cp1252")
    for kind in ("text/html; charset=iso-8859-1", 'text/html; charset="windows-1252"'):
        record = taken(saved(body, kind=kind))[0]
        assert isinstance(record, Record)
        assert "Wégry" in record.text


def test_the_part_that_start_names_is_the_page() -> None:
    raw = saved().replace(b'type="text/html";', b'start="<second>";')
    raw = raw.replace(
        b"Content-Type: text/html\r\n\r\n<p>An", b"Content-Type: text/html\r\nContent-ID: <second>\r\n\r\n<p>An"
    )
    record = taken(raw)[0]
    assert isinstance(record, Record)
    assert "An advertisement" in record.text


def test_a_page_alone_needs_the_name() -> None:
    raw = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + BODY
    assert mhtml.detect("page.mht", raw)
    assert not mhtml.detect("page.txt", raw)
    record = taken(raw)[0]
    assert isinstance(record, Record)
    assert record.text == html(1)
    assert record.meta == {}


def test_what_is_none() -> None:
    assert not mhtml.detect("page.mhtml", BODY)
    assert not mhtml.detect("page.txt", b"From: a report\nMIME-Version: 1.0\n\nText\n")
    (problem,) = taken(saved(kind="text/plain").replace(b"text/html\r\n\r\n<p>", b"text/plain\r\n\r\n<p>"))
    assert isinstance(problem, Problem)
    assert "no HTML part" in problem.message


def test_a_file_that_was_cut_says_so() -> None:
    raw = saved()
    record = taken(raw[: raw.index(b"Paragraph 4")])[0]
    assert isinstance(record, Record)
    assert "breaks off" in record.repairs[0]


@given(st.data())
def test_any_damage(data: st.DataObject) -> None:
    raw = bytearray(saved(way=data.draw(st.sampled_from(["quoted-printable", "base64"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    mhtml.detect("x", bytes(raw))
    for item in taken(bytes(raw)):
        str(item)


def test_too_many_parts_and_too_deep_ones_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"MIME-Version: 1.0\n"
    for n in range(5000):
        deep += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n)
    (problem,) = mhtml.read(io.BufferedReader(io.BytesIO(deep)), "page.mhtml", 1_000_000)
    assert isinstance(problem, Problem) and problem.message == "has parts in parts that are nested too deeply"
    monkeypatch.setattr(mhtml, "MAX_PARTS", 2)
    (problem,) = mhtml.read(io.BufferedReader(io.BytesIO(saved())), "page.mhtml", 1_000_000)
    assert isinstance(problem, Problem) and problem.message == "has more than 2 parts"
