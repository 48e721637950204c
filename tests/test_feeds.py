"""RSS, Atom and JSON Feed as readers see them: well-formed whatever the text, dates that are known, ids for ever."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder import documents
from site_builder.model import Article
from tests import sites

BASE = "https://news.example/archive"
SITE = f'[site]\ntitle = "A & B <Archive>"\nbase_url = "{BASE}"\ndescription = "Old news"\nlanguage = "en"\n'
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"

ARCHIVE = f"""
-- content/site.toml --
{SITE}
-- content/articles/eagle.md --
---
id: eagle00001
title: The Eagle Has Landed
date: 1969-07-20T20:17:40Z
updated: 1969-07-21T10:00:00+02:00
authors: [Ann Lee, Bo Ek]
section: World
tags: [Moon, NASA]
language: en
summary: Two men are on the Moon.
---

They came down on [the sea](/1969/07/) and took ![a picture](media/moon.jpg).

Then they [slept](https://example.org/sleep?a=1&b=2#c).
-- content/articles/day.md --
---
id: day0000001
title: A Day Is Known
date: 2017-04-12
tags: [Moon]
---

Text.
-- content/articles/month.md --
---
id: month00001
title: A Month Is Known
date: 2017-04
tags: [Moon]
---

Text.
-- content/articles/none.md --
---
id: none000001
title: Nothing Is Known
tags: [Moon]
---

Text.
"""


@dataclass
class Feeds:
    """The three feeds of one folder."""

    rss: ET.Element
    atom: ET.Element
    json: dict[str, Any]

    @property
    def rss_titles(self) -> list[str]:
        return [item.findtext("title") or "" for item in self.rss.iter("item")]

    @property
    def atom_titles(self) -> list[str]:
        return [entry.findtext(f"{ATOM}title") or "" for entry in self.atom.iter(f"{ATOM}entry")]

    @property
    def json_titles(self) -> list[str]:
        return [item["title"] for item in self.json["items"]]

    def item(self, title: str) -> ET.Element:
        return next(item for item in self.rss.iter("item") if item.findtext("title") == title)

    def entry(self, title: str) -> ET.Element:
        return next(entry for entry in self.atom.iter(f"{ATOM}entry") if entry.findtext(f"{ATOM}title") == title)

    def ids(self) -> dict[str, set[str]]:
        """The id that each title has, in all feeds."""
        found: dict[str, set[str]] = {}
        for item in self.rss.iter("item"):
            found.setdefault(item.findtext("title") or "", set()).add(item.findtext("guid") or "")
        for entry in self.atom.iter(f"{ATOM}entry"):
            found.setdefault(entry.findtext(f"{ATOM}title") or "", set()).add(entry.findtext(f"{ATOM}id") or "")
        for one in self.json["items"]:
            found.setdefault(one["title"], set()).add(one["id"])
        return found


def feeds(root: Path, folder: str = "") -> Feeds:
    output = root / "output" / folder
    return Feeds(
        ET.fromstring((output / "feed.xml").read_bytes()),
        ET.fromstring((output / "atom.xml").read_bytes()),
        json.loads((output / "feed.json").read_bytes()),
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = sites.write(tmp_path_factory.mktemp("feeds"), ARCHIVE)
    sites.write(root, {"content/media/moon.jpg": b"jpg"})
    sites.build(root)
    return root


def many_feeds(root: Path) -> list[Path]:
    names = ("feed.xml", "atom.xml", "feed.json")
    return [path for name in names for path in (root / "output").rglob(name)]


# ----------------------------------------------------------------------------------------------- well-formed


def test_every_feed_and_sitemap_is_well_formed(built: Path) -> None:
    assert len(many_feeds(built)) == 3 * (1 + 2 + 2 + 1)
    for path in (built / "output").rglob("*.xml"):
        ET.fromstring(path.read_bytes())


def test_a_feed_reader_finds_nothing_wrong(built: Path) -> None:
    feedparser = pytest.importorskip("feedparser")
    for path in many_feeds(built):
        if path.suffix == ".xml":
            read = feedparser.parse(path.read_bytes())
            assert not read.bozo, read.bozo_exception
            assert read.version == ("rss20" if path.name == "feed.xml" else "atom10")
            assert read.feed.title.endswith("A & B <Archive>") and read.feed.link.startswith(BASE)
            assert all(entry.id.startswith("urn:uuid:") and entry.link.startswith(BASE) for entry in read.entries)


def test_json_feed_has_the_keys_of_version_1_1(built: Path) -> None:
    feed_keys = set("version title home_page_url feed_url description language items authors icon favicon".split())
    item_keys = set(
        "id url external_url title content_html content_text summary image banner_image date_published date_modified "
        "authors tags language attachments".split()
    )
    for folder in ("", "tags/moon/"):
        feed = feeds(built, folder).json
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == f"{BASE}/{folder}feed.json" and feed["home_page_url"] == f"{BASE}/{folder}"
        assert feed.keys() <= feed_keys and {"title", "items"} <= feed.keys()
        for item in feed["items"]:
            assert item.keys() <= item_keys
            assert item["id"] and ("content_html" in item) != ("content_text" in item)
            assert all(set(author) == {"name"} for author in item.get("authors", []))
            for name in ("date_published", "date_modified"):
                assert datetime.fromisoformat(item.get(name, "2017-04-12T00:00:00+00:00")).tzinfo


def test_every_feed_names_itself_and_its_page(built: Path) -> None:
    for folder in ("", "tags/moon/", "authors/ann-lee/", "sections/world/"):
        found = feeds(built, folder)
        (rss_self,) = found.rss.iter(f"{ATOM}link")
        links = {link.get("rel"): link.get("href") for link in found.atom.findall(f"{ATOM}link")}
        assert rss_self.get("href") == f"{BASE}/{folder}feed.xml"
        assert found.rss.findtext("channel/link") == links["alternate"] == f"{BASE}/{folder}"
        assert links["self"] == f"{BASE}/{folder}atom.xml"


# ----------------------------------------------------------------------------------------------------- dates


def test_dates_are_given_as_far_as_they_are_known(built: Path) -> None:
    found = feeds(built)
    eagle, day = found.item("The Eagle Has Landed"), found.item("A Day Is Known")
    assert parsedate_to_datetime(eagle.findtext("pubDate") or "").isoformat() == "1969-07-20T20:17:40+00:00"
    assert parsedate_to_datetime(day.findtext("pubDate") or "").isoformat() == "2017-04-12T00:00:00+00:00"
    for title in ("A Month Is Known", "Nothing Is Known"):
        assert found.item(title).find("pubDate") is None
        assert all("date_published" not in item for item in found.json["items"] if item["title"] == title)
    entry = found.entry("The Eagle Has Landed")
    assert entry.findtext(f"{ATOM}published") == "1969-07-20T20:17:40+00:00"
    assert entry.findtext(f"{ATOM}updated") == "1969-07-21T10:00:00+02:00"


def test_undated_articles_are_in_the_feeds_that_can_hold_them(built: Path) -> None:
    found = feeds(built)
    everything = ["A Day Is Known", "A Month Is Known", "The Eagle Has Landed", "Nothing Is Known"]
    assert found.rss_titles == found.json_titles == everything, "newest first, and at last what has no date"
    assert found.atom_titles == ["A Day Is Known", "The Eagle Has Landed"], "Atom demands a moment"


def test_a_feed_is_as_new_as_its_newest_article(built: Path) -> None:
    for folder, moment in (("", "2017-04-12T00:00:00+00:00"), ("tags/nasa/", "1969-07-21T10:00:00+02:00")):
        found = feeds(built, folder)
        assert found.atom.findtext(f"{ATOM}updated") == moment
        newest = parsedate_to_datetime(found.rss.findtext("channel/lastBuildDate") or "")
        assert newest == datetime.fromisoformat(moment)


@pytest.mark.parametrize("date", ["0000-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "XXXX-02-29"])
def test_the_ends_of_the_calendar_break_no_feed(tmp_path: Path, date: str) -> None:
    texts = {
        f"content/articles/{n}.md": f"---\ntitle: T{n}\ndate: {d}\n---\n" for n, d in enumerate([date, "2017-04-12"])
    }
    sites.write(tmp_path, texts)
    sites.build(tmp_path)
    assert sorted(feeds(tmp_path).rss_titles) == ["T0", "T1"]


def test_an_archive_without_dates_still_has_feeds(tmp_path: Path) -> None:
    sites.write(tmp_path, {"content/articles/a.md": "---\ntitle: T\n---\nText.\n"})
    sites.build(tmp_path)
    found = feeds(tmp_path)
    assert found.rss_titles == ["T"] and found.atom_titles == []
    assert found.atom.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


# ------------------------------------------------------------------------------------------------------- ids


def test_one_article_has_one_id_in_all_feeds(built: Path) -> None:
    ids = feeds(built).ids() | feeds(built, "tags/moon/").ids()
    assert all(len(names) == 1 for names in ids.values()) and len(set.union(*ids.values())) == 4
    assert feeds(built).ids()["The Eagle Has Landed"] == feeds(built, "tags/moon/").ids()["The Eagle Has Landed"]


def test_ids_survive_edits_moves_and_a_new_host(tmp_path: Path) -> None:
    root = sites.write(tmp_path, ARCHIVE)
    sites.build(root)
    (before,) = feeds(root).ids()["The Eagle Has Landed"]
    path = root / "content/articles/eagle.md"
    text = path.read_text().replace("The Eagle Has Landed", "The Eagle").replace("1969-07-20", "1969-07-19")
    path.unlink()
    sites.write(root, {"content/articles/elsewhere/moved.md": text})
    sites.write(root, {"content/site.toml": SITE.replace("news.example", "other.example")})
    sites.build(root)
    found = feeds(root)
    assert found.ids()["The Eagle"] == {before}
    assert "1969/07/19/the-eagle.html" in (found.item("The Eagle").findtext("link") or "")
    assert "other.example" in (found.item("The Eagle").findtext("link") or "")


# ------------------------------------------------------------------------------------------- whole, and brief


def test_the_sites_own_feeds_have_whole_texts_with_links_that_work_anywhere(built: Path) -> None:
    found = feeds(built)
    (item,) = [item for item in found.json["items"] if item["title"] == "The Eagle Has Landed"]
    html = found.item("The Eagle Has Landed").findtext(CONTENT) or ""
    content = found.entry("The Eagle Has Landed").find(f"{ATOM}content")
    assert content is not None and content.get("type") == "html"
    assert html == content.text == item["content_html"]
    links = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert links == [f"{BASE}/1969/07/", f"{BASE}/media/moon.jpg", "https://example.org/sleep?a=1&amp;b=2#c"]


@pytest.mark.parametrize(
    "target",
    ["/%2e%2e/%2e%2e/x", "/a/..%2f..%2fx", "/%2fevil.example/x", "media/%2e%2e/%2e%2e/x", "/a%5c..%5cx", "/%00"],
)
def test_a_link_leads_nowhere_if_it_leads_out_of_the_site_once_decoded(tmp_path: Path, target: str) -> None:
    sites.write(tmp_path, {"content/articles/a.md": f"---\ntitle: T\n---\n[link]({target}) ![picture]({target})\n"})
    sites.write(tmp_path, {"content/site.toml": SITE})
    sites.build(tmp_path)
    for html in (feeds(tmp_path).json["items"][0]["content_html"], (tmp_path / "output/undated/t.html").read_text()):
        assert "evil" not in html and not re.search(r'(?:href|src)="[^"]*(?:/x"|%00|%5c)', html, re.IGNORECASE)


def test_the_feeds_of_terms_have_summaries(built: Path) -> None:
    found = feeds(built, "tags/moon/")
    assert found.item("The Eagle Has Landed").find(CONTENT) is None
    assert found.item("The Eagle Has Landed").findtext("description") == "Two men are on the Moon."
    assert found.rss.findtext("channel/description") == "Tags: Moon"


def test_what_is_known_of_an_article_is_said(built: Path) -> None:
    found = feeds(built)
    item, entry = found.item("The Eagle Has Landed"), found.entry("The Eagle Has Landed")
    assert [one.text for one in item.findall(CREATOR)] == ["Ann Lee", "Bo Ek"]
    assert [one.text for one in item.findall("category")] == ["World", "Moon", "NASA"]
    assert [one.get("term") for one in entry.findall(f"{ATOM}category")] == ["World", "Moon", "NASA"]
    assert [one.text for one in entry.findall(f"{ATOM}author/{ATOM}name")] == ["Ann Lee", "Bo Ek"]
    (one,) = [one for one in found.json["items"] if one["title"] == "The Eagle Has Landed"]
    assert (one["authors"], one["tags"]) == ([{"name": "Ann Lee"}, {"name": "Bo Ek"}], ["World", "Moon", "NASA"])


def test_a_feed_has_as_many_articles_as_the_settings_say(tmp_path: Path) -> None:
    sites.write(tmp_path, sites.many(9))
    sites.write(tmp_path, {"content/site.toml": '[feeds]\nitems = 3\nformats = ["json"]\nfull_text = false\n'})
    sites.build(tmp_path)
    assert not list((tmp_path / "output").rglob("atom.xml")) and not (tmp_path / "output/feed.xml").exists()
    items = json.loads((tmp_path / "output/feed.json").read_bytes())["items"]
    assert len(items) == 3 and all("content_html" not in item and item["content_text"] for item in items)


# --------------------------------------------------------------------------------------------------- hostile

HOSTILE = [
    "<script>alert(1)</script>",
    "]]>",
    "<![CDATA[x]]>",
    "AT&T &amp; &lt;b&gt;",
    "\"quotes\" 'and' more",
    "<b>bold</b> & <i>",
    "&#0; &#x1F;",
    "--> <!-- ",
    "<?xml version='1.0'?>",
    "{{ 7 * 7 }} {% raw %}",
    "مركبة فضائية تهبط على القمر",
    "חללית נחתה על הירח",
    "月面着陸 😀 \U0001f468\u200d\U0001f680",
    "\u2028line\u2029end",
    "noncharacters \ufdd0",
    "x" * 5000,
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each hostile text as title, summary, author, tag, section and body."""
    root = tmp_path_factory.mktemp("hostile")
    for n, text in enumerate(HOSTILE):
        names = {"authors": (text,), "tags": (text,), "section": text, "summary": text, "extra": {text[:50]: [text]}}
        page = Article(text, text, id=f"id{n:08}", date=f"2017-04-{n + 1:02}", language="ar", **names)  # type: ignore[arg-type]
        sites.write(root, {f"content/articles/{n}.md": documents.write(page)})
    control = "---\ntitle: 'a\x07b\x0bc'\ndate: 2017-05-01\n---\n\nbo\x00dy \x1b[31m red\ufffe\n"
    sites.write(root, {"content/articles/control.md": control, "content/site.toml": SITE})
    report = sites.build(root)
    assert report.articles == len(HOSTILE) + 1 and not report.refused
    return root


def _spaces(texts: list[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]


def test_hostile_titles_stay_the_text_they_are(hostile: Path) -> None:
    wanted = _spaces(["abc", *HOSTILE[::-1]])
    found = feeds(hostile)
    assert _spaces(found.rss_titles) == _spaces(found.atom_titles) == _spaces(found.json_titles) == wanted


def test_hostile_names_stay_the_text_they_are(hostile: Path) -> None:
    wanted = _spaces(HOSTILE[::-1])
    found = feeds(hostile)
    assert _spaces([one.text or "" for one in found.rss.iter(CREATOR)]) == wanted
    assert _spaces([item["tags"][0] for item in found.json["items"][1:]]) == wanted


def test_every_feed_of_a_hostile_term_is_well_formed(hostile: Path) -> None:
    paths = many_feeds(hostile)
    assert len(paths) == 3 * (1 + 3 * len(HOSTILE))
    for path in paths:
        raw = path.read_bytes()
        (json.loads if path.suffix == ".json" else ET.fromstring)(raw)
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", raw)


def test_no_text_is_markup_for_a_reader_of_feeds(hostile: Path) -> None:
    found = feeds(hostile)
    html = [item.findtext(name) or "" for item in found.rss.iter("item") for name in ("description", CONTENT)]
    html += [content.text or "" for content in found.atom.iter(f"{ATOM}content")]
    html += [item.get("content_html", "") for item in found.json["items"]]
    assert len(html) > 4 * len(HOSTILE)
    assert not [text for text in html if "<script" in text or "<b" in text.replace("<blockquote", "")]


def test_a_feed_reader_takes_hostile_feeds(hostile: Path) -> None:
    feedparser = pytest.importorskip("feedparser")
    for path in many_feeds(hostile):
        if path.suffix == ".xml":
            read = feedparser.parse(path.read_bytes())
            assert not read.bozo, (path, read.bozo_exception)
            assert read.entries
