"""Which headings of a story are its subheads: those among its paragraphs, and not the titles of what stands beside them."""

from __future__ import annotations

from site_builder.extraction import extract
from site_builder.model import Extraction, Record
from tests.extraction.html_pages import FOOTER, MENU, STORY, paragraphs

HEAD = "<h1>Council votes to close harbour bridge</h1>"


def read(story: str, head: str = HEAD) -> Extraction:
    page = f"<html><head><title>Council votes to close harbour bridge</title></head><body>{MENU}<main><article>{head}{story}</article></main>{FOOTER}</body></html>"
    return extract(Record("page.html", "html", page, ""))


def rules(found: Extraction) -> dict[str, tuple[str, str]]:
    return {verdict.text: (verdict.place, verdict.rule) for verdict in found.verdicts}


def test_a_box_has_a_title_and_the_story_has_subheads() -> None:
    box = f"<div class='k7'><div class='k8'><h3>The bridge in figures</h3><p>{STORY[2]}</p></div></div>"
    found = read(
        f"<div class='text'><p>{STORY[0]}</p><h3>What the mayor said</h3><p>{STORY[1]}</p>{box}<p>{STORY[3]}</p>"
        f"<h3>What comes next</h3><p>{STORY[4]}</p></div>"
    )
    assert rules(found)["The bridge in figures"] == ("body", "title of a box")
    assert rules(found)["What comes next"] == ("body", "subhead")
    assert "\n\n### What comes next\n\n" in found.article.body
    assert "\n\n**The bridge in figures**\n\n" in found.article.body


def test_sections_that_look_alike_are_no_boxes() -> None:
    parts = "".join(
        f"<section class='part'><h3>Part {number}</h3><p>{text}</p></section>" for number, text in enumerate(STORY)
    )
    found = rules(read(f"<div class='text'>{parts}</div>"))
    assert [found[f"Part {number}"] for number in range(5)] == [("body", "subhead")] * 5


def test_bold_lines_are_subheads_only_where_no_headings_are() -> None:
    bold = f"<p>{STORY[0]}</p><p><b>At noon</b></p><p>{STORY[1]}</p><p><b>At night</b></p><p>{STORY[2]}</p>"
    assert rules(read(bold))["At noon"] == ("body", "subhead")
    both = read(f"{bold}<h2>The ferry</h2><p>{STORY[3]}</p><h2>The shops</h2><p>{STORY[4]}</p>")
    assert rules(both)["At noon"] == ("body", "paragraph")
    assert "\n\n**At noon**\n\n" in both.article.body
    assert "\n\n## The shops\n\n" in both.article.body


def test_a_recordings_title_and_a_heading_for_the_ear_are_no_part_of_the_text() -> None:
    player = "<div class='k1'><h2>How bridges are measured</h2><video src='/a.mp4'></video></div>"
    found = read(
        f"<div class='text'><h2 class='visually-hidden'>Article text</h2>{paragraphs(*STORY[:3])}{player}"
        f"{paragraphs(*STORY[3:])}</div>"
    )
    for title in ("How bridges are measured", "Article text"):
        assert rules(found)[title][0] == "removed"
        assert title not in found.article.body


def test_a_heading_above_the_text_is_the_standfirst() -> None:
    deck = "<h2 class='k2'>Engineers have warned for years, and the town has no money for a new one</h2>"
    found = read(f"<div class='text'>{paragraphs(*STORY)}</div>", f"<header>{HEAD}{deck}</header>")
    assert found.article.summary == "Engineers have warned for years, and the town has no money for a new one"
    assert "Engineers have warned for years, and" not in found.article.body


def test_the_last_heading_with_nothing_below_it_is_left_out() -> None:
    more = (
        "<h2>You may also like</h2><ul><li><a href='/a'>Ferry timetable</a></li><li><a href='/b'>Old mill</a></li></ul>"
    )
    found = read(f"<div class='text'>{paragraphs(*STORY)}{more}</div>")
    assert rules(found)["You may also like"][0] == "removed"
