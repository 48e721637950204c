"""Crawl files for tests, written here: WARC records, HTTP answers, and gzip members that are always the same bytes."""

from __future__ import annotations

import gzip

DATE = "2017-04-12T18:05:00Z"


def html(number: int, paragraphs: int = 6) -> str:
    """A whole page whose number is in its title and in its text."""
    text = "".join(
        f"<p>Paragraph {n} of story {number}: the bridge at Węgry is closed.</p>\n" for n in range(paragraphs)
    )
    return f"<!DOCTYPE html>\n<html><head><title>Story {number}</title></head>\n<body>{text}</body></html>\n"


def answer(body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, fields: str = "") -> bytes:
    """An HTTP response; `fields` are whole lines that end in newlines."""
    lines = f"HTTP/1.1 {status} OK\nServer: x\n" + (f"Content-Type: {kind}\n" if kind else "") + fields
    return lines.replace("\n", "\r\n").encode() + b"\r\n" + body


def record(block: bytes, kind: str = "response", url: str = "https://news.example/1", fields: str = "") -> bytes:
    """A WARC record; `fields` are whole lines that end in newlines."""
    media = {"response": "application/http; msgtype=response", "conversion": "text/plain"}.get(kind, "text/html")
    lines = (
        f"WARC/1.0\nWARC-Type: {kind}\nWARC-Record-ID: <urn:x:1>\nWARC-Date: {DATE}\nWARC-Target-URI: {url}\n"
        + ("" if "Content-Type" in fields else f"Content-Type: {media}\n")
        + f"{fields}Content-Length: {len(block)}\n\n"
    )
    return lines.replace("\n", "\r\n").encode() + block + b"\r\n\r\n"


def page(number: int, paragraphs: int = 6) -> bytes:
    """The record of a page."""
    return record(answer(html(number, paragraphs).encode()), url=f"https://news.example/{number}")


def packed(records: list[bytes]) -> bytes:
    """One gzip member for each."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)
