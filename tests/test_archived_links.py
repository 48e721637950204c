"""Links to the original address of an article that is in the archive: they lead to it here, and say where they led."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from site_builder import documents, imports, link_tags, markup, pipeline, settings
from tests import crawls, sites

OLD = "https://old.example"
ARCHIVE = f"""
-- content/articles/storm.md --
---
title: Storm
date: 2012-03-04
slug: storm
source: {{url: "{OLD}/storm.php?id=7"}}
---
It [began here](http://www.old.example/storm.php?id=7#top).
-- content/articles/flood.md --
---
title: Flood
date: 2013-05-06
---
After [the *storm*]({OLD}/storm.php?utm_source=x&id=7 "Said before"), see [the dam]({OLD}/dam) and <{OLD}/storm.php?id=7>.
-- content/articles/calm.md --
---
title: Calm
date: 2013-05-07
---
Nobody [knows](https://other.example/storm.php?id=7).
-- content/pages/about.md --
---
title: About
---
Like [this]({OLD}/storm.php?id=7).
"""
STORM, FLOOD, CALM, ABOUT = "2012/03/04/storm.html", "2013/05/06/flood.html", "2013/05/07/calm.html", "about.html"


def story(title: str, date: str = "2012-03-04", head: str = "", body: str = "Text.") -> str:
    return f"---\ntitle: {title}\ndate: {date}\n{head}---\n\n{body}\n"


def had(*addresses: str) -> str:
    """Front matter of a source, and of others with the same text."""
    first, *more = addresses
    others = [{"url": address} for address in more]
    return f"source: {json.dumps({'url': first})}\n" + (f"other_sources: {json.dumps(others)}\n" if others else "")


def links(root: Path, page: str) -> list[tuple[str, str]]:
    """Of the links in the text of a page, or in a feed's: where they lead, and where they led."""
    text = (root / "output" / page).read_text("utf-8")
    if page.endswith(".html"):
        text = text[text.index('<div class="body') :] if '<div class="body' in text else text[text.index("<main") :]
        text = text[: text.index("</main>")]
    else:
        text = "\n".join(item["content_html"] for item in json.loads(text)["items"])
    seen = sites.parse(text)
    return [
        (a["href"], a.get("data-original", ""))
        for a in seen.all("a")
        if ("data-original" in a or a["href"].startswith("http")) and "u-syndication" not in a.get("class", "")
    ]


def where(root: Path, page: str) -> list[str]:
    """The pages that its archived links lead to."""
    return [sites.resolve(page, href) for href, original in links(root, page) if original]


def made(root: Path) -> set[str]:
    """Build, and tell which articles and standing pages were made anew."""
    return {path for path, _ in sites.build(root, explain=True).why} & {STORM, FLOOD, CALM, ABOUT}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    sites.write(tmp_path, ARCHIVE)
    assert not sites.build(tmp_path).problems
    return tmp_path


def test_links_lead_to_the_archive_and_keep_their_address(root: Path) -> None:
    assert links(root, FLOOD) == [
        ("../../../2012/03/04/storm.html", f"{OLD}/storm.php?utm_source=x&id=7"),
        (f"{OLD}/dam", ""),
        ("../../../2012/03/04/storm.html", f"{OLD}/storm.php?id=7"),
    ]
    assert where(root, STORM) == [STORM]
    assert where(root, ABOUT) == [STORM]
    assert links(root, CALM) == [("https://other.example/storm.php?id=7", "")]
    text = (root / "output" / FLOOD).read_text("utf-8")
    assert 'title="Said before">the <em>storm</em></a>' in text
    assert f'title="In this archive. Original address: {OLD}/storm.php?id=7">{OLD}/storm.php?id=7</a>' in text
    assert f'<a href="{OLD}/dam" rel="nofollow noopener">' in text


def test_feeds_have_full_addresses(root: Path) -> None:
    sites.write(root, {"content/site.toml": '[site]\nbase_url = "https://archive.example/sub"\n'})
    sites.build(root)
    assert ("https://archive.example/sub/2012/03/04/storm.html", f"{OLD}/storm.php?id=7") in links(root, "feed.json")


def test_the_setting_leaves_them_as_they_are(root: Path) -> None:
    before = sites.read(root / "output")
    sites.write(root, {"content/site.toml": "[markup]\narchived_links = false\n"})
    sites.build(root)
    assert [original for page in (STORM, FLOOD, ABOUT) for _, original in links(root, page)] == [""] * 5
    (root / "content/articles/storm.md").unlink()
    assert made(root) == {STORM, FLOOD}  # a tombstone, and its neighbour in time; what only links to it stays
    sites.write(root, ARCHIVE)
    (root / "content/site.toml").unlink()
    sites.build(root)
    assert not sites.differences(sites.read(root / "output"), before)


def test_every_address_that_an_article_had(root: Path) -> None:
    head = had(f"{OLD}/a", f"{OLD}/copy", "https://agency.example/a") + 'canonical: "https://old.example/dam"\n'
    sites.write(root, {"content/articles/a.md": story("A", head=head)})
    body = "[1](https://agency.example/a) [2](http://old.example/copy/) [3](http://old.example/a) [4](http://old.example/dam)"
    sites.write(root, {"content/articles/b.md": story("B", body=body)})
    sites.build(root)
    assert where(root, "2012/03/04/b.html") == ["2012/03/04/a.html"] * 4
    assert where(root, FLOOD) == [STORM, "2012/03/04/a.html", STORM]


def test_an_address_of_two_articles_leads_to_none(root: Path) -> None:
    sites.write(root, {"content/articles/again.md": story("Again", head=had("http://old.example/storm.php?id=7"))})
    assert made(root) >= {STORM, FLOOD, ABOUT}
    assert not where(root, FLOOD) + where(root, STORM) + where(root, ABOUT)
    (root / "content/articles/again.md").unlink()
    sites.build(root)
    assert where(root, FLOOD) == [STORM, STORM]


def claimed(address: str, canonical: str) -> str:
    return f"source: {json.dumps({'url': address, 'canonical': canonical})}\n"


def test_what_a_page_names_as_its_address_counts_where_nobody_had_it(root: Path, tmp_path: Path) -> None:
    sites.write(root, {"content/articles/dam.md": story("Dam", head=claimed(f"{OLD}/m/dam", f"{OLD}/dam/"))})
    dam = "2012/03/04/dam.html"
    assert FLOOD in made(root)
    assert where(root, FLOOD) == [STORM, dam, STORM]
    sites.write(root, {"content/articles/dam-2.md": story("More", head=claimed(f"{OLD}/dam/2", f"{OLD}/dam"))})
    sites.build(root)
    assert where(root, FLOOD) == [STORM, STORM], "two claim it"
    sites.write(root, {"content/articles/dam-1.md": story("First", head=had(f"{OLD}/dam"))})
    sites.build(root)
    assert where(root, FLOOD) == [STORM, "2012/03/04/first.html", STORM], "who had it has the better right"
    assert not sites.differences(sites.read(root / "output"), sites.clean(root, tmp_path.with_name("clean"))[0])
    for name in ("dam-1", "dam-2"):
        (root / f"content/articles/{name}.md").unlink()
    sites.build(root)
    assert where(root, FLOOD) == [STORM, dam, STORM]


@pytest.mark.parametrize("status", ["draft", "withdrawn", "embargoed"])
def test_what_is_not_published_is_no_target(root: Path, status: str) -> None:
    file = root / "content/articles/storm.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("slug:", f"status: {status}\nslug:"), "utf-8")
    sites.build(root)
    assert not where(root, FLOOD) + where(root, ABOUT)
    file.write_text(text, "utf-8")
    sites.build(root)
    assert where(root, FLOOD) == [STORM, STORM]


def test_a_target_that_moves_remakes_what_links_to_it(root: Path) -> None:
    """And nothing else: what is beside it in time is made anew too, so there are articles between."""
    between = {
        f"content/articles/{n}.md": story(f"Between {n}", f"2012-{3 + n // 2:02}-{10 + n % 2}") for n in range(6)
    }
    sites.write(root, between)
    sites.build(root)
    file = root / "content/articles/storm.md"
    text = file.read_text("utf-8")
    file.write_text(text.replace("slug: storm", "slug: gale"), "utf-8")
    assert made(root) == {STORM, FLOOD, ABOUT}  # at the first a redirect stands now
    assert where(root, FLOOD) == ["2012/03/04/gale.html"] * 2
    file.write_text(text.replace("slug: storm", "slug: gale") + "\nAnd it went on.\n", "utf-8")
    assert made(root) == set()
    file.write_text(text.replace("slug: storm", "slug: gale").replace("title: Storm", "title: Gale"), "utf-8")
    assert made(root) == {STORM}  # of which the redirect shows the title
    sites.write(root, {"content/articles/dam.md": story("Dam", "2012-04-10", had(f"{OLD}/dam"))})
    assert made(root) == {FLOOD}


def test_a_crawl_from_import_to_site(tmp_path: Path) -> None:
    """Two stories of one crawl link to each other and to what was not crawled; the Markdown keeps every address."""
    told = (
        "The bridge at Węgry was closed on Tuesday after the river had risen by two metres in a night, the council said.",
        "Engineers who looked at its piers in the morning found no damage, but asked for a second survey by divers.",
        "Buses go by way of the old mill until then, which takes half an hour longer, and the school has sent word home.",
        "Nobody in the village remembers such a spring; the last flood of this height is marked on the church of 1903.",
    )
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in told)
    stories = {
        f"{OLD}/2017/bridge.php": ("Bridge closed", '<a href="/2017/river.php?utm_source=home">The river</a> rose.'),
        f"{OLD}/2017/river.php": ("River rises", f'<a href="{OLD}/2017/bridge.php#c1">The bridge</a> is closed.'),
        f"{OLD}/2017/rain.php": ("Rain goes on", '<a href="https://elsewhere.example/x.php">Others</a> told it.'),
    }
    records = [
        crawls.record(
            crawls.answer(
                f"<!DOCTYPE html><html><head><title>{title}</title>"
                f'<meta property="article:published_time" content="2017-04-1{n}T08:00:00Z"></head>'
                f"<body><article><h1>{title}</h1>{text}<p>{link} So the water board told us when we asked it what it "
                f"expects of the coming days, and how the farms below the dam are to be warned.</p></article></body></html>".encode()
            ),
            url=url,
        )
        for n, (url, (title, link)) in enumerate(stories.items(), 1)
    ]
    sites.write(tmp_path, {"content/inbox/crawl.warc.gz": crawls.packed(records)})
    tally = pipeline.import_inbox(sites.load(tmp_path), lambda item: None)
    assert tally is not None
    sites.build(tmp_path)
    files = {file.stem: file.read_text("utf-8") for file in (tmp_path / "content/articles").rglob("*.md")}
    assert f"]({OLD}/2017/river.php?utm_source=home)" in files["bridge-closed"]
    assert f"]({OLD}/2017/bridge.php#c1)" in files["river-rises"]
    bridge, river, rain = (f"2017/04/1{n}/{name}.html" for n, name in enumerate(files_in_order(files), 1))
    assert links(tmp_path, bridge) == [
        ("../../../2017/04/12/river-rises.html", f"{OLD}/2017/river.php?utm_source=home")
    ]
    assert links(tmp_path, river) == [("../../../2017/04/11/bridge-closed.html", f"{OLD}/2017/bridge.php#c1")]
    assert links(tmp_path, rain) == [("https://elsewhere.example/x.php", "")]


def files_in_order(files: dict[str, str]) -> list[str]:
    """The names of the crawl's stories by their day."""
    return sorted(files, key=lambda name: files[name].partition("\ndate: ")[2])


def test_only_links_are_led() -> None:
    """What looks like one in a text or in a value stays."""
    source = '[x](https://a.example/ "<a href=&quot;https://a.example/&quot; rel=")\n\n`<a href="https://a.example/">`'
    made = markup.finish(markup.convert(source))
    led = link_tags.lead(made, lambda address: ('there"&.html', "said"))
    assert [a.get("data-original") for a in sites.parse(led).all("a")] == ["https://a.example/"]
    assert [a["href"] for a in sites.parse(led).all("a")] == ['there"&.html']
    assert link_tags.lead(made, lambda address: ("", "")) == made


def test_a_crawl_with_another_address_than_its_page(tmp_path: Path) -> None:
    """It is kept, told, and no fact that would make a copy an article of its own."""
    text = crawls.html(1, 8).replace("</head>", f'<link rel="canonical" href="{OLD}/one"></head>')
    body = crawls.answer(text.encode())
    records = [crawls.record(body, url=f"{OLD}/m/one"), crawls.record(body + b"\n", url=f"{OLD}/one?print=1")]
    records.append(
        crawls.record(crawls.answer(crawls.html(2, 9).replace("</p>", f' <a href="{OLD}/one">One</a></p>').encode()))
    )
    (tmp_path / "content/inbox").mkdir(parents=True)
    (tmp_path / "content/inbox/a.warc").write_bytes(b"".join(records))
    site = settings.load(tmp_path / "content", tmp_path / "output", 1)
    tally = pipeline.import_sources(site, [], imports.Options())
    assert tally.outcomes == {"taken": 2, "copy": 1}
    assert tally.doubts["its page names another address than where it was fetched"] == 1
    (first,) = (path for path in (tmp_path / "content/articles").rglob("*.md") if "other_sources" in path.read_text())
    document, _ = documents.read(first.read_bytes(), "articles/a.md")
    assert document
    source, (other,) = document.article.source, document.article.other_sources
    assert (source.url, source.canonical) == (f"{OLD}/m/one", f"{OLD}/one")
    assert (other.url, other.canonical) == (f"{OLD}/one?print=1", f"{OLD}/one")
    sites.build(tmp_path)
    (linking,) = (path for path in sites.read(tmp_path / "output") if path.endswith("story-2.html"))
    assert "story-1" in where(tmp_path, linking)[0]
