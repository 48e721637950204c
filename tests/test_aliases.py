"""Addresses of a former site: read, kept, and answered by a redirect unless another page wants the place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import documents, urls
from site_builder.model import Article
from tests import sites


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/2009/old-story/", "2009/old-story/"),
        ("2009/old-story", "2009/old-story/"),
        ("/2009/old.html", "2009/old.html"),
        ("/2009/index.html", "2009/"),
        ("/release-1.2", "release-1.2/"),
        ("/caf%C3%A9/", "café/"),
        ("/old.PHP", "old.PHP/"),
        ("/index.php/2009/old/", "index.php/2009/old/"),
        ("/old.htm", "old.htm"),
        ("/index.html/x.html", ""),
        ("/feed.xml", ""),
        ("/Feed.XML/x/", ""),
        ("/_headers", ""),
        ("/_headers/x/", ""),
        ("/assets/broadsheet.css", ""),
        ("/media/p.png/", ""),
        ("/media/2009/story/", "media/2009/story/"),
        ("/Talk:Bridge/", ""),
        ("/a%3Cb%3E.html", ""),
        ("/con/", ""),
        ("/aux.txt/x.html", ""),
        ("/trailing./x.html", ""),
        ("/trailing%20/x.html", ""),
        ("/" + "x/" * 130, ""),
        ("/?p=123", ""),
        ("/a.html?x=1", ""),
        ("/", ""),
        ("", ""),
        ("https://old.example/a/", ""),
        ("//old.example/a/", ""),
        ("/a#b", ""),
        ("/../../etc/passwd", ""),
        ("/%2e%2e/x/", ""),
        ("/a/%2e%2e%2fb", ""),
        ("/.site-builder/x/", ""),
        ("/a\\b/", ""),
        ("/a%00b/", ""),
        ("/" + "x" * 300, ""),
    ],
)
def test_which_file_answers(written: str, path: str) -> None:
    assert urls.alias(written) == path


@given(st.text(max_size=60))
def test_any_text_is_a_path_inside_the_site_or_none(text: str) -> None:
    path = urls.alias(text)
    if path:
        urls.output_path(path)


def read(text: str) -> Article:
    document, problems = documents.read(text.encode(), "articles/a.md")
    assert document
    assert not problems
    return document.article


def test_front_matter_of_several_generators() -> None:
    hugo = read("---\ntitle: A\naliases: [/b/, /c, d.html]\n---\n")
    assert hugo.aliases == ("/b/", "/c", "d.html")
    assert read("---\ntitle: A\nredirect_from: /b, with a comma/\n---\n").aliases == ("/b, with a comma/",)
    jekyll = read("---\ntitle: A\naliases: [/c/]\nredirect_from:\n  - /b/\n  - /c/\n---\n")
    assert jekyll.aliases == ("/c/", "/b/")
    assert read(documents.write(hugo)) == hugo
    document, (problem,) = documents.read(b"---\ntitle: A\naliases: [[1]]\n---\n", "articles/a.md")
    assert document
    assert "list of addresses" in problem.message


ARCHIVE = """
-- content/articles/2017/04/a.md --
---
id: aaaa
title: The Bridge
date: 2017-04-12
aliases: [/archives/bridge/, /old/bridge.html, "/?p=12", /2017/04/12/, /2017/04/12/other.html, /both/, /BOTH]
---

Text.
-- content/articles/2017/04/b.md --
---
id: bbbb
title: Other
date: 2017-04-12
---

Text.
-- content/articles/2017/04/c.md --
---
id: cccc
title: Gone
date: 2017-04-13
status: withdrawn
reason: It was wrong.
aliases: [/archives/gone/]
---

Text.
-- content/articles/2017/04/d.md --
---
id: dddd
title: Draft
status: draft
aliases: [/archives/draft/]
---

Text.
-- content/pages/about.md --
---
title: About
aliases: [/who-we-are/]
---

Text.
"""


def test_redirects_stand_where_no_other_page_does(tmp_path: Path) -> None:
    sites.write(tmp_path, ARCHIVE)
    report = sites.build(tmp_path)
    made = sites.read(tmp_path / "output")
    for path in ("archives/bridge/index.html", "old/bridge.html", "both/index.html"):
        assert b"2017/04/12/the-bridge.html" in made[path], path
    assert b"about.html" in made["who-we-are/index.html"]
    assert b"It was wrong." in made["archives/gone/index.html"]
    assert "archives/draft/index.html" not in made
    assert b"The Bridge" in made["2017/04/12/index.html"]
    assert b"Other" in made["2017/04/12/other.html"]
    assert not any("?" in path for path in made)
    assert [problem.where for problem in report.problems] == ["2017/04/12/"]
    assert not any(b"archives/bridge" in page for path, page in made.items() if path.startswith("sitemap"))


def test_no_address_of_old_costs_a_page_its_file(tmp_path: Path) -> None:
    """Of `index.html` and `index.html/x/` only one can be there, whoever is written first."""
    taken = [
        "/index.html/x/",
        "/robots.txt/",
        "/feed.xml/x.html",
        "/2017/04/12/other.html/x/",
        "/_headers/",
        "/404.html/a/",
    ]
    sites.write(tmp_path, ARCHIVE.replace("/archives/bridge/", ", ".join(taken)))
    sites.write(tmp_path, {"content/urls.jsonl": '{"id": "gone", "url": "index.html/gone.html"}\n'})
    report = sites.build(tmp_path)
    made = sites.read(tmp_path / "output")
    assert {"index.html", "robots.txt", "feed.xml", "2017/04/12/other.html", "_headers", "404.html"} <= set(made)
    assert [problem.where for problem in report.problems] == ["2017/04/12/", "urls.jsonl"]


def test_warm_equals_clean(tmp_path: Path) -> None:
    sites.write(tmp_path, ARCHIVE)
    sites.build(tmp_path)
    article = tmp_path / "content/articles/2017/04/a.md"
    article.write_text(article.read_text().replace("/archives/bridge/", "/elsewhere/").replace("The Bridge", "Bridge"))
    sites.build(tmp_path)
    made = sites.read(tmp_path / "output")
    assert "archives/bridge/index.html" not in made
    assert b"2017/04/12/bridge.html" in made["elsewhere/index.html"]
    again, _ = sites.clean(tmp_path, tmp_path / "clean")
    assert not sites.differences(made, again)
