"""From a page's blocks to their scores: signs, their names, and sums that hang on no order."""

from __future__ import annotations

import lxml.html
import pytest

from site_builder.extraction.html import placing, scoring
from site_builder.extraction.html.blocks import Block, read_blocks
from site_builder.extraction.html.features import Sign, describe, spell
from site_builder.extraction.html.headline import likely_heading
from site_builder.extraction.html.library import library_text
from site_builder.extraction.html.opinions import Opinions
from site_builder.extraction.html.page import parse
from site_builder.extraction.html.surroundings import Surroundings
from tests.extraction.html_pages import BLOG, MICRODATA, STORY, TABLES


def blocks_of(text: str) -> tuple[Block, ...]:
    return read_blocks(parse(text).root)


def signs_of(text: str) -> list[list[Sign]]:
    blocks = blocks_of(text)
    chosen = [float(block.words > 12) for block in blocks]
    return describe(blocks, Opinions(chosen, None, ("Bridge to close",), ""), Surroundings())


@pytest.mark.parametrize("page", [BLOG, TABLES, MICRODATA])
def test_a_sign_weighs_what_its_names_weigh(page: str) -> None:
    rows = signs_of(page)
    names = [name for row in rows for sign in row for name in spell(sign)]
    table = {name: (index % 41 - 20) / 1000 for index, name in enumerate(sorted(set(names)))}
    sums = scoring.Sums(table)
    wanted = [sum(round(1000 * table[name]) for sign in row for name in spell(sign)) for row in rows]
    assert sums.of(rows) == wanted == sums.of(rows)
    assert {"bias", "tag=p", "1:none"} <= set(names)


def test_few_sums_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "MOST", 3)
    sums = scoring.Sums({"tag=p": 0.5})
    rows: list[list[Sign]] = [[("block", "p", size, 0, True)] for size in range(8)]
    assert sums.of(rows) == [500] * 8 == sums.of(rows)
    assert len(sums) <= 3


def test_the_second_pass_is_told_of_the_blocks_around() -> None:
    (first, *_), *_, (last, *_) = scoring.neighbourhood([0.1, 0.9, 0.9, 0.2])
    assert spell(first) == ["score=0", "inside=False/True"]
    assert spell(last) == ["score=1", "inside=True/False"]
    beside = scoring.neighbourhood([0.1, 0.9, 0.9, 0.2])[0][1]
    assert spell(beside)[:6] == ["score-3=0", "score-2=0", "score-1=0", "score1=4", "score2=4", "score3=0"]


def test_the_library_leaves_the_page_as_it_is() -> None:
    root = parse(BLOG).root
    before = lxml.html.tostring(root)
    assert STORY[0][:40] in library_text(root)
    assert lxml.html.tostring(root) == before


def test_text_behind_what_nobody_sees_is_seen() -> None:
    page = "<p>One <svg><title>No</title><path/></svg>two<script>no()</script> three<!-- no --> four.</p><style>no</style>five"
    assert [block.text for block in blocks_of(page)] == ["One two three four.", "five"]


def test_code_keeps_its_first_indent() -> None:
    (block,) = blocks_of("<pre>    <b>if</b> rain:\n        wait()</pre>")
    assert "".join(piece.text for piece in block.pieces) == "    if rain:\n        wait()"


def test_words_of_scripts_without_spaces_are_counted() -> None:
    assert [block.words for block in blocks_of("<p>Bridge to close</p><p>橋は閉鎖される</p>")] == [3, 4]


def test_the_heading_that_the_page_states_is_its_headline() -> None:
    page = "<h1>The Courier</h1><h2>Bridge to close</h2><p>Text</p><h1>Ferry to run</h1><p>Text</p>"
    blocks = blocks_of(page)
    assert likely_heading(blocks, ("Bridge to close",)) == (1, [0, 0, 0, 1, 1])
    assert likely_heading(blocks, ("Another story altogether",)) == (0, [0, 0, 0, 1, 1])
    assert likely_heading(blocks_of("<p>Text</p>"), ("Bridge to close",)) == (-1, [0])


def test_how_articles_stand_to_each_other() -> None:
    page = (
        "<article><h1>Bridge to close</h1><p>Story</p><article><p>Inside</p></article></article>"
        "<div itemtype='https://schema.org/NewsArticle'><p>Next</p></div><p>Foot</p>"
    )
    headline, story, inside, following, foot = (block.element for block in blocks_of(page))
    around = Surroundings()
    of = {"same": story, "inner": inside, "other": following, "out": foot}
    assert {name: around.related(element, headline) for name, element in of.items()} == {name: name for name in of}
    assert around.related(story, inside) == "outer"
    assert (around.related(story, foot), around.related(foot, foot), around.related(foot, None)) == (
        "only",
        "none",
        "none",
    )


def test_a_paragraph_among_those_of_the_body_needs_less() -> None:
    story = "".join(f"<p class='k'>{text}</p>" for text in STORY)
    blocks = read_blocks(parse(f"<div>{story}</div><div><p class='k'>{STORY[0]}</p></div>").root)
    scores = placing.mend(blocks, [0.9, 0.3, 0.9, 0.2, 0.9, 0.3], Surroundings())
    assert scores == [0.9, 0.5, 0.9, 0.2, 0.9, 0.3]


def test_a_link_between_paragraphs_that_says_read_also_is_no_text() -> None:
    line = "<p><b>Read also:</b> <a href='/b'>The old mill becomes a museum, says the mayor</a></p>"
    blocks = read_blocks(parse(f"<p>{STORY[0]}</p>{line}<p>{STORY[1]}</p>").root)
    assert placing.mend(blocks, [0.9, 0.8, 0.9], Surroundings()) == [0.9, 0.0, 0.9]
