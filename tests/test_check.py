"""A built site looked at from outside: what is whole passes, and each kind of harm is named with its page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from site_builder import check
from site_builder.check import Checked
from site_builder.errors import SiteError
from tests import sites

ARCHIVE = """
-- content/site.toml --
[site]
title = "Countdown"
base_url = "https://news.example/sub"
-- content/articles/a.md --
---
title: A
date: 2017-04-12
tags: [Moon, "C++", Été]
---

See [b](/2017/04/b.html), [home](/), [the text](#main), [elsewhere](https://example.org/x) and [mail](mailto:a@b.example).

![picture](media/été.jpg)
-- content/articles/b.md --
---
title: B
date: 2017-04
tags: [Moon]
---

Text.
-- content/articles/gone.md --
---
title: Gone
date: 2016
status: withdrawn
reason: At the wish of the family
---
-- content/pages/help/about.md --
---
title: About
---

[Home](/).
-- content/media/été.jpg --
jpg
"""


def look(root: Path, verify: bool = False) -> Checked:
    return check.check(sites.load(root), verify)


def told(root: Path, verify: bool = False) -> list[str]:
    """The problems, without their hints."""
    return [f"{problem.where}: {problem.message}" for problem in look(root, verify).problems]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = sites.write(tmp_path_factory.mktemp("check"), ARCHIVE)
    assert not sites.build(root).problems
    return root


@pytest.fixture
def site(whole: Path, tmp_path: Path) -> Path:
    """A copy, to do harm to."""
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def test_a_whole_site_has_no_problems(whole: Path) -> None:
    before = sites.read(whole, own=True)
    report = look(whole, verify=True)
    assert report.problems == ()
    assert report.pages == len([path for path in sites.read(whole / "output") if path.endswith(".html")])
    assert report.links > 10 * report.pages
    after = sites.read(whole, own=True)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert all("/.site-builder/" in path for path in changed), "check reads, and changes no page and no source"


def test_no_site_is_no_crash(tmp_path: Path) -> None:
    sites.write(tmp_path, ARCHIVE)
    with pytest.raises(SiteError, match="no site was built here"):
        look(tmp_path)
    assert not (tmp_path / "output").exists()


def test_every_file_is_held_against_what_was_written(site: Path) -> None:
    (site / "output/2017/index.html").write_text("<p>mine</p>")
    (site / "output/2017/04/b.html").unlink()
    (site / "output/feed.json").unlink()
    said = told(site)
    assert "2017/index.html: is not as it was written" in said
    assert "2017/04/b.html: is gone" in said and "feed.json: is gone" in said
    sites.build(site)
    assert told(site, verify=True) == []


def broken(root: Path, body: str, path: str = "content/articles/new.md") -> list[str]:
    """What check says of one more article."""
    sites.write(root, {path: f"---\ntitle: New\n---\n\n{body}\n"})
    sites.build(root)
    return told(root)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("/2017/nothing.html", "has a link to a page that does not exist"),
        ("/nothing/", "has a link to a page that does not exist"),
        ("nothing.html", "has a link to a page that does not exist"),
        ("#nowhere", "links to '#nowhere', which undated/new.html does not have"),
        ("/2017/04/b.html#nowhere", "links to '#nowhere', which 2017/04/b.html does not have"),
        ("../../outside.html", "has a link that leads out of the site"),
    ],
)
def test_a_broken_link_is_named_with_its_page(site: Path, link: str, said: str) -> None:
    assert f"undated/new.html: {said}" in broken(site, f"[link]({link})")


@pytest.mark.parametrize(
    "link",
    [
        "/",
        "/2017/",
        "/2017/04/b.html",
        "/2017/04/b%2Ehtml",
        "/tags/%C3%A9t%C3%A9/",
        "https://[bad",
        "//host.example/x",
        "?q=1",
    ],
)
def test_a_link_that_works_or_leads_elsewhere_is_no_problem(site: Path, link: str) -> None:
    assert broken(site, f"[link]({link})") == []


def test_a_link_to_a_file_that_is_not_ours_but_there_is_no_problem(site: Path) -> None:
    (site / "output/paper.pdf").write_bytes(b"%PDF")
    assert broken(site, "[the paper](/paper.pdf)") == []


def test_a_link_that_works_only_at_the_root_of_a_host_is_named(site: Path) -> None:
    page = site / "output/2017/index.html"
    page.write_text('<a href="/tags/">x</a>')
    assert "2017/index.html: has a link that works only at the root of a host" in told(site)


def test_the_page_for_lost_readers_links_from_the_root_of_its_host(whole: Path) -> None:
    links = [value for kind, value in sites.parse((whole / "output/404.html").read_bytes()).links() if kind == "a href"]
    assert links and all(link.startswith(("/sub/", "#")) for link in links)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("feed.xml", "<rss><channel></rss>"),
        ("atom.xml", ""),
        ("sitemap.xml", "<a>&nbsp;</a>"),
        ("feed.json", '{"items": ['),
        ("feed.json", "\xff"),
    ],
)
def test_a_feed_that_no_reader_would_take_is_named(site: Path, path: str, text: str) -> None:
    (site / "output" / path).write_bytes(text.encode("latin-1"))
    assert [line for line in told(site) if line.startswith(f"{path}: is not well-formed")]


def test_what_the_build_said_of_its_pages_is_said_again(site: Path) -> None:
    sites.write(site, {"content/media/404.html/x.jpg": "x", "content/media/a.jpg": "x"})
    (site / "output/media/a.jpg").write_text("somebody's")
    first = sites.build(site).problems
    assert [problem.where for problem in first] == ["media/a.jpg"]
    (site / "output/media/a.jpg").unlink()
    assert not sites.build(site).problems and told(site) == []


def test_verify_finds_a_site_that_is_behind_its_sources(site: Path) -> None:
    (site / "content/articles/b.md").unlink()
    sites.write(site, {"content/articles/c.md": "---\ntitle: C\ndate: 2017-04-12\n---\nText.\n"})
    assert told(site) == []
    said = told(site, verify=True)
    assert "2017/04/12/c.html: only a clean build has this page" in said
    assert "2017/04/12/a.html: a clean build has other bytes here" in said
    assert any(line.startswith("tags/moon/index.html") for line in said)


def test_verify_publishes_no_address(site: Path) -> None:
    before = (site / "content/urls.jsonl").read_bytes()
    sites.write(site, {"content/articles/c.md": "---\ntitle: C\n---\nText.\n"})
    look(site, verify=True)
    assert (site / "content/urls.jsonl").read_bytes() == before


def test_a_damaged_record_is_one_clear_sentence(site: Path) -> None:
    for path in (site / "output/.site-builder").glob("ledger.sqlite3*"):
        path.write_bytes(b"no database at all" * 500)
    with pytest.raises(SiteError, match=r"record of the output is damaged"):
        look(site)
