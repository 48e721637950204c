"""Whom web pages name as their authors, where their heads and their bylines do not say the same."""

from __future__ import annotations

import json

import pytest

from site_builder.extraction import extract
from site_builder.model import Extraction, Record
from tests.extraction.html_pages import FOOTER, MENU, STORY, paragraphs

SITE = "The Westhaven Courier"


def read(story: str = "", head: str = "", above: str = "", below: str = "") -> Extraction:
    text = story or paragraphs(*STORY)
    page = (
        f"<html><head><title>Council votes to close harbour bridge</title><meta property='og:site_name' content='{SITE}'>"
        f"{head}</head><body>{MENU}<main><article><h1>Council votes to close harbour bridge</h1>{above}<div class='text'>"
        f"{text}</div></article>{below}</main>{FOOTER}</body></html>"
    )
    return extract(Record("page.html", "html", page, ""))


def stated(author: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Council votes to close harbour bridge", "author": author}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


@pytest.mark.parametrize("line", ["By Lia Ostberg, MS, RD", "By Lia Ostberg. This page has links to our partners."])
def test_the_storys_own_byline_goes_before_the_account_that_put_it_there(line: str) -> None:
    found = read(f"<p>{line}</p>{paragraphs(*STORY)}", "<meta name='author' content='Sten Kay'>")
    assert found.article.authors == ("Lia Ostberg",)


def test_an_outlets_account_with_an_initial_is_no_writer() -> None:
    found = read(f"<p>LIA OST</p>{paragraphs(*STORY)}", stated({"@type": "Person", "name": "Westhaven C"}))
    assert found.article.authors == ("LIA OST",)


def test_an_outlets_desk_may_have_a_number_in_its_name() -> None:
    found = read(head="<meta property='og:site_name' content='W24'>" + stated({"name": "W24 Redaktion"}))
    assert found.article.authors == ("W24 Redaktion",)


def test_initials_that_the_page_marks_as_its_author() -> None:
    sign = "<p>Radio 4, 10:05; <span itemprop='author'>whc/abc;lo</span></p>"
    assert read(below=sign).article.authors == ("whc/abc", "lo")
    assert read(head=stated("Lia Ost"), below=sign).article.authors == ("Lia Ost",)


def test_a_name_with_another_name_in_brackets() -> None:
    assert read(head="<meta name='author' content='Lia (Berg) Ost'>").article.authors == ("Lia (Berg) Ost",)


def test_the_one_name_that_a_blog_gives() -> None:
    assert read(head="<meta name='author' content='Lia'>").article.authors == ("Lia",)
    assert read(head="<meta name='author' content='Sport'>").article.authors == ()


@pytest.mark.parametrize("label", ["By", "Author(s)", "Von"])
def test_a_label_and_a_name_on_two_lines(label: str) -> None:
    assert read(above=f"<div>{label}</div><div>The Courier Team</div>").article.authors == ("The Courier Team",)
    assert read(above=f"<div>{label}</div><div>Lia Ost</div>").article.authors == ("Lia Ost",)


def test_a_list_of_names_under_a_label_below_the_story() -> None:
    box = "<aside><h6>Type</h6><p>Study</p><h6>Author(s)</h6><ul><li>Lia Ost</li><li>Sten Kay</li></ul><h6>Pages</h6></aside>"
    assert read(below=box).article.authors == ("Lia Ost", "Sten Kay")


def test_a_heading_that_the_page_marks_as_its_writers() -> None:
    assert read(above="<div class='article-author'><h4>Lia Ost</h4></div>").article.authors == ("Lia Ost",)
    assert read(above="<div class='region'><h4>Middle East</h4></div>").article.authors == ()


def test_the_pages_foot_and_pictures_name_no_writers() -> None:
    foot = "<p>Published May 3, 2019</p><div>Terms of Service Privacy Notice</div>"
    assert read(below=foot).article.authors == ()
    picture = "<p>May 3, 2019</p><div class='image-meta'>Sten Kay/PHOTOS</div>"
    assert read(above=picture).article.authors == ()


def test_a_weekday_behind_a_name_is_no_part_of_it() -> None:
    assert read(above="<p>By Lia Ost and Sten Kay Monday, May 3, 2019</p>").article.authors == ("Lia Ost", "Sten Kay")
