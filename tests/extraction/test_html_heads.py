"""Headline, byline and date that only `<br>`s part; verses and addresses stay whole."""

from __future__ import annotations

import pytest

from site_builder.extraction import extract
from site_builder.extraction.html.blocks import read_blocks
from site_builder.extraction.html.heads import part_heads
from site_builder.extraction.html.page import parse
from site_builder.model import Record
from tests.extraction.html_pages import STORY


def texts(body: str) -> list[str]:
    blocks = part_heads(read_blocks(parse(f"<html><body>{body}</body></html>").root))
    assert [block.number for block in blocks] == [*range(1, len(blocks) + 1)]
    return [block.text for block in blocks]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<b>Bridge Closes</b><br>By Ann Lee<br>April 12, 1997", ["Bridge Closes", "By Ann Lee", "April 12, 1997"]),
        (
            "<p>Bridge Closes<br>12 April 1997<br>By Ann Lee<br>The town said.<br>It will open.</p>",
            ["Bridge Closes", "12 April 1997", "By Ann Lee", "The town said. It will open."],
        ),
        ("<p>The river runs<br>below the town<br>and to the sea</p>", ["The river runs below the town and to the sea"]),
        ("<p>Town Hall<br>3 Bridge Street<br>Westhaven 1931</p>", ["Town Hall 3 Bridge Street Westhaven 1931"]),
        (f"<p>{STORY[0]} {STORY[1]}<br>April 12, 1997</p>", [f"{STORY[0]} {STORY[1]} April 12, 1997"]),
        ("<p>No break, April 12, 1997</p>", ["No break, April 12, 1997"]),
    ],
)
def test_only_heads_with_a_date_line_are_divided(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


def test_a_page_of_tables_and_breaks() -> None:
    told = "<p>".join(STORY)
    page = (
        "<html><head><title>Bridge Closes After Vote</title></head><body bgcolor=white><table><tr><td><a href=/>Home</a>"
        "<br><a href=/w>World</a></td><td><font size=5><b>Bridge Closes After Vote</b></font><br><font size=2>"
        f"By Ann Lee<br>April 12, 1997</font><p>{told}</td></tr></table></body></html>"
    )
    article = extract(Record("a.html", "html", page, "0" * 64)).article
    assert (article.title, article.date, article.authors) == ("Bridge Closes After Vote", "1997-04-12", ("Ann Lee",))
    assert article.body.startswith(STORY[0][:40])
