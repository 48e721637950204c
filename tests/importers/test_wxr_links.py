"""Links between the posts of an export: which lead to the archive, and that they arrive."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from site_builder import check, extraction, settings
from site_builder.model import Record
from tests import sites
from tests.importers.test_wxr import HEAD, TAIL, attachment, export, item, meta, read
from tests.test_imports import Archive

SITE = "https://harbour.example/news"
WORDS = "The council voted on Tuesday to close the old bridge, which engineers have called unsafe for years."


def post(number: int, name: str, content: str = WORDS, **fields: str) -> str:
    given = {"title": f"<![CDATA[Story {name}]]>", "link": f"{SITE}/2017/04/{name}/", "wp__post_name": name}
    return item(content, number, **(given | fields))


OTHERS = [
    post(2, "pier"),
    post(3, "caf%C3%A9"),
    post(4, "ship", more=meta("_wp_old_slug", "boat")),
    post(5, "draft", wp__status="draft"),
    post(6, "secret", wp__post_password="x"),
    post(7, "number", link=f"{SITE}/?p=7"),
    post(8, "gone", wp__status="trash"),
    post(9, "hollow", content="", title=""),
    post(10, "menu", wp__post_type="nav_menu_item"),
    attachment(11, "https://harbour.example/up/a.jpg"),
]


def body(href: str, *others: str) -> str:
    """The Markdown of a post with one link."""
    records = read(export(post(1, "first", f"{WORDS} <a href='{href}'>Read it</a>."), *(others or OTHERS)))
    record = next(one for one in records if isinstance(one, Record))
    return extraction.extract(record).article.body


@pytest.mark.parametrize(
    ("href", "there"),
    [
        (f"{SITE}/2017/04/pier/", "/2017/04/pier/"),
        ("http://www.harbour.example/news/2017/04/pier", "/2017/04/pier/"),
        ("/news/2017/04/pier/#more-2", "/2017/04/pier/"),
        (f" {SITE}/2017/04/Caf%c3%a9/ ", "/2017/04/caf%C3%A9/"),
        (f"{SITE}/2017/04/boat/", "/2017/04/boat/"),
        (f"{SITE}/?p=4", "/2017/04/ship/"),
        (f"{SITE}/?p=2&amp;preview=true", ""),
        (f"{SITE}/2017/04/first/", "/2017/04/first/"),
        # What the archive has no page for stays as it is.
        (f"{SITE}/2017/04/draft/", ""),
        (f"{SITE}/2017/04/secret/", ""),
        (f"{SITE}/?p=7", ""),
        (f"{SITE}/?p=5", ""),
        (f"{SITE}/2017/04/gone/", ""),
        (f"{SITE}/2017/04/hollow/", ""),
        (f"{SITE}/2017/04/menu/", ""),
        (f"{SITE}/2017/04/", ""),
        (f"{SITE}/", ""),
        ("https://harbour.example/2017/04/pier/", ""),
        ("https://harbour.example/newsroom/2017/04/pier/", ""),
        ("https://other.example/news/2017/04/pier/", ""),
        ("https://harbour.example/up/a.jpg", ""),
        ("https://[harbour.example/", ""),
        ("mailto:ann@harbour.example", ""),
    ],
)
def test_where_links_lead(href: str, there: str) -> None:
    found = re.search(r"\[Read it\]\(([^)]*)\)", body(href))
    given = href.strip().replace("&amp;", "&")
    given = f"https://harbour.example{given}" if given.startswith("/") else given
    assert (found[1] if found else "") == (there or ("" if "[" in href else given))


def test_a_post_without_such_links_is_read_as_it_was() -> None:
    """Its facts are the same, so that an archive that has it need not take it anew."""
    first, *_ = read(export(post(1, "first"), *OTHERS))
    assert "links" not in first.meta


def test_an_export_that_does_not_say_where_it_stood_leaves_links_alone() -> None:
    nowhere = re.sub(r"<link>.*\n|<wp:base_.*\n", "", HEAD)
    text = f'{WORDS} <a href="{SITE}/2017/04/pier/">Read it</a>.'
    first, *_ = read(nowhere + post(1, "first", text) + post(2, "pier") + TAIL)
    assert "links" not in first.meta


def test_links_arrive(tmp_path: Path) -> None:
    """From the post's page over the page at the old address to the article, in the built site."""
    archive = Archive(tmp_path)
    text = f'{WORDS}\n\n<a href="{SITE}/2017/04/pier/">The pier</a> and <a href="{SITE}/?p=4">the ship</a>.'
    archive.put({"export.xml": export(post(1, "first", text), post(2, "pier"), post(4, "ship", f"A ship. {WORDS}"))})
    sites.write(tmp_path, {"content/site.toml": '[site]\nbase_url = "https://archive.example/"\n'})
    assert archive.take().outcomes == {"taken": 3}
    (first,) = [text for path, text in archive.articles.items() if path.endswith("first.md")]
    assert "[The pier](/2017/04/pier/) and [the ship](/2017/04/ship/)" in first
    assert archive.outcomes(force=True) == {"taken": 3} and first in archive.articles.values()
    sites.build(tmp_path)
    page = (tmp_path / "output/2017/04/12/first.html").read_text("utf-8")
    for name in ("pier", "ship"):
        assert f'href="../../../2017/04/{name}/index.html"' in page
        moved = (tmp_path / f"output/2017/04/{name}/index.html").read_text("utf-8")
        assert f"12/{name}.html" in moved
    site = settings.load(tmp_path / "content", tmp_path / "output", 1)
    assert check.check(site, verify=True).problems == ()


def test_a_refresh_mends_the_links_of_an_older_import(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    text = f'{WORDS} <a href="{SITE}/2017/04/pier/">The pier</a>.'
    archive.put({"export.xml": export(post(1, "first", text), post(2, "pier", f"Pier. {WORDS}"))})
    from site_builder.importers.wxr.links import Links

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Links, "of", lambda *_: ())
        archive.take()
    assert sum(SITE in text.partition("\n---\n")[2] for text in archive.articles.values()) == 1
    assert archive.outcomes() == {"known": 2}
    assert archive.outcomes(refresh=True) == {"refreshed": 1, "current": 1}
    assert sum("(/2017/04/pier/)" in text for text in archive.articles.values()) == 1
