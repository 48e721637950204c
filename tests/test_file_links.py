"""Links between the files of what was imported: they lead to the articles that these became."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder import file_links
from site_builder.model import Source
from tests import sites


def leads(link: str, of: str, to: str) -> bool:
    """Whether a link in one source's text means the other; sources are written `file#part`."""
    here, there = (Source(*name.partition("#")[::2]) for name in (of, to))
    first, *more = file_links.keys(link, here) or (b"",)
    return first in file_links.own(there) or bool(set(more) & set(file_links.own(there)))


@pytest.mark.parametrize(
    ("link", "of", "to"),
    [
        ("storm.html", "old/2013/flood.html", "old/2013/storm.html"),
        ("../2014/storm.html#top", "old/2013/flood.html", "old/2014/storm.html"),
        ("../storm/", "old/flood/index.html", "old/storm/index.html"),
        ("Br%C3%BCcke%201.html", "old/a.html", "old/Bru\u0308cke 1.html"),
        ("b.html", "old.zip#site/a.html", "old.zip#site/b.html"),
        ("b.html", "old.tar#in.zip!site/a.html", "old.tar#in.zip!site/b.html"),
        ("storm.md", "hugo/content/flood/index.md", "hugo/content/storm.md"),  # by its name, as `ref` has it
        ("storm.md", "hugo/content/flood.md", "hugo/content/storm/index.md"),
        ("storm.md", "hugo/content/flood.fr.md", "hugo/content/storm.fr.md"),
        ("2017-03-01-storm", "jekyll/_posts/2017-04-12-flood.md", "jekyll/_posts/2017-03-01-storm.markdown"),
        ("@/blog/storm.md", "zola/content/blog/flood.md", "zola/content/blog/storm.md"),
        ("2013/storm.md", "pelican/content/2013/flood.md", "pelican/content/2013/storm.md"),
        ("storm", "hugo/content/flood.md", "hugo/content/storm.fr.md"),
    ],
)
def test_a_link_means_a_file(link: str, of: str, to: str) -> None:
    assert leads(link, of, to)
    assert file_links.linked(f"See [it]({link}).", Source(*of.partition("#")[::2]))


@pytest.mark.parametrize(
    ("link", "of", "to"),
    [
        ("storm.html", "old/2013/flood.html", "old/2014/storm.html"),
        ("storm.md", "one/content/flood.md", "two/content/storm.md"),
        ("/storm.html", "old/flood.html", "old/storm.html"),
        ("https://old.example/storm.html", "old/flood.html", "old/storm.html"),
        ("mailto:storm.html", "old/flood.html", "old/storm.html"),
        ("#storm", "old/flood.html", "old/storm.html"),
        ("storm.html", "dump.jsonl#line=3", "storm.html"),
        ("storm.html", "", "storm.html"),
        ("storm.rm", "old/flood.html", "old/storm.html"),  # a recording beside the page, which is in no language
    ],
)
def test_other_links(link: str, of: str, to: str) -> None:
    assert not leads(link, of, to)


ARCHIVE = """
-- content/articles/storm.md --
---
title: Storm
date: 2012-03-04
slug: storm
source: {file: old/content/2012/storm.md}
---
It began.
-- content/articles/flood.md --
---
title: Flood
date: 2013-05-06
slug: flood
source: {file: old/content/2013/flood.md}
---
After the [storm](../2012/storm.md "Before"), see [the dam](dam.md) and [all](https://other.example/storm.md).
"""
FLOOD = "output/2013/05/06/flood.html"


def test_a_built_page_leads_to_the_article(tmp_path: Path) -> None:
    sites.write(tmp_path, ARCHIVE)
    assert not sites.build(tmp_path).problems
    text = (tmp_path / FLOOD).read_text("utf-8")
    assert '<a href="../../../2012/03/04/storm.html" title="Before" rel="nofollow noopener">storm</a>' in text
    assert 'href="dam.md"' in text

    sites.write(tmp_path, {"content/articles/storm.md": MOVED})
    sites.build(tmp_path)
    assert 'href="../../../2012/03/05/storm.html"' in (tmp_path / FLOOD).read_text("utf-8")

    (tmp_path / "content/articles/storm.md").unlink()
    sites.build(tmp_path)
    assert 'href="../2012/storm.md"' in (tmp_path / FLOOD).read_text("utf-8")
    sites.write(tmp_path, ARCHIVE)
    sites.build(tmp_path)
    other = sites.write(tmp_path / "other", ARCHIVE)
    (other / "content/urls.jsonl").write_bytes((tmp_path / "content/urls.jsonl").read_bytes())
    sites.build(other)
    assert not sites.differences(sites.read(tmp_path / "output"), sites.read(other / "output"))


MOVED = """---
title: Storm
date: 2012-03-05
slug: storm
source: {file: old/content/2012/storm.md}
---
It began.
"""
