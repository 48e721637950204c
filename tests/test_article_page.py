"""An article's page: what reference managers, search engines and previews read off it, and nothing that is not known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests import sites
from tests.sites import Seen

SETTINGS = '[site]\ntitle = "The Courier"\nbase_url = "https://courier.example"\nrights = "All rights reserved"\n'
WHOLE = """---
id: whole1
title: Talks in Moscow
date: 2017-04-12
updated: 2017-04-14
authors: [Carl Schreck, Ann Lee]
section: World
publication: Herald
language: en
tags: [Syria, talks]
summary: They met.
images: [{src: media/a.jpg, caption: At the table, credit: AFP}]
media: [{type: video, title: At the door, duration: PT1H1M32S}]
notes: [{kind: correction, text: "Corrección: was wrong."}, {kind: correction, text: The name was wrong.}]
source: {url: "https://herald.example/talks", retrieved: "2019-07-01T10:00:00Z", sha256: abc}
other_sources:
  - {file: crawl.warc.gz, part: offset=12, url: "https://other.example/talks", retrieved: 2020-02-01, sha256: def}
  - {file: copy.txt, sha256: abc, url: "javascript:alert(1)"}
---

MOSCOW. They met.
"""


WIRE = """---
id: {id}
title: Probe dives
date: 1995-12-08
publication: {publication}
---

The probe fell into the clouds on Thursday.
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one article that has all there is, and some that lack what they can."""
    root = tmp_path_factory.mktemp("archive")
    files: dict[str, str | bytes] = {
        "content/site.toml": SETTINGS,
        "content/media/a.jpg": "a picture",
        "content/articles/whole.md": WHOLE,
        "content/articles/bare.md": "---\ntitle: Bare\ndate: XXXX-04-12?\n---\n\nNothing is known.\n",
        "content/articles/about.md": "---\ntitle: About\ndate: 1998~\nagencies: [AFP]\n---\n\nA wire story.\n",
        "content/articles/own.md": "---\ntitle: Own\ndate: 1999\npublication: The Courier\n---\n\nOurs.\n",
        "content/articles/first.md": "---\ntitle: First\ndate: 2001-01-01\nsection: World\n---\n\nOne.\n",
        "content/articles/wire-1.md": WIRE.format(id="wire000001", publication="Herald"),
        "content/articles/wire-2.md": WIRE.format(id="wire000002", publication="Post"),
        "content/articles/wire-3.md": WIRE.format(id="wire000003", publication="Post\nslug: probe-dives-3"),
        "content/articles/other.md": "---\ntitle: Other\ndate: 2016-01-01\nsection: Arts\n---\n\nTwo.\n",
    }
    sites.write(root, files)
    assert not sites.build(root).problems
    return root / "output"


def page(output: Path, path: str) -> Seen:
    return sites.parse((output / path).read_bytes())


def metas(seen: Seen) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in seen.all("meta"):
        if name := meta.get("name") or meta.get("property"):
            found.setdefault(name, []).append(meta["content"])
    return found


def linked_data(seen: Seen) -> dict[str, Any]:
    return {value["@type"]: value for value in map(json.loads, (t for t in seen.texts["script"] if t.strip()))}


ADDRESS = "https://courier.example/2017/04/12/talks-in-moscow.html"


def test_reference_managers_find_the_newspaper_and_not_the_archive(output: Path) -> None:
    found = metas(page(output, "2017/04/12/talks-in-moscow.html"))
    expected = {
        "z:itemType": ["newspaperArticle"],
        "citation_title": ["Talks in Moscow"],
        "citation_author": ["Carl Schreck", "Ann Lee"],
        "citation_publication_date": ["2017/04/12"],
        "citation_language": ["en"],
        "citation_public_url": [ADDRESS],
        "citation_keywords": ["Syria; talks"],
        "prism.publicationName": ["Herald"],
        "prism.publicationDate": ["2017-04-12"],
        "DC.title": ["Talks in Moscow"],
        "DC.creator": ["Carl Schreck", "Ann Lee"],
        "DC.date": ["2017-04-12"],
        "DC.language": ["en"],
        "DC.identifier": ["whole1"],
        "DC.rights": ["All rights reserved"],
        "og:image": ["https://courier.example/media/a.jpg"],
        "og:image:alt": ["At the table"],
        "twitter:card": ["summary_large_image"],
    }
    assert {name: found.get(name) for name in expected} == expected
    assert "citation_journal_title" not in found


def test_what_is_not_known_has_no_tag(output: Path) -> None:
    found = metas(page(output, "undated/bare.html"))
    for name in found:
        assert not re.match(r"citation_(author|publication_date|keywords)|prism|DC\.creator|og:image|article:", name), (
            name
        )
    assert found["DC.date"] == ["XXXX-04-12?"]
    assert found["twitter:card"] == ["summary"]
    assert "citation_publication_date" not in metas(page(output, "1998/about.html")), "about 1998 is not 1998"


def test_linked_data(output: Path) -> None:
    found = linked_data(page(output, "2017/04/12/talks-in-moscow.html"))
    article, crumbs = found["NewsArticle"], found["BreadcrumbList"]["itemListElement"]
    assert article["image"] == "https://courier.example/media/a.jpg"
    assert article["mainEntityOfPage"] == article["url"] == ADDRESS
    assert article["author"][0] == {
        "@type": "Person",
        "name": "Carl Schreck",
        "url": "https://courier.example/authors/carl-schreck/",
    }
    assert [(item["position"], item["name"], item.get("item")) for item in crumbs] == [
        (1, "The Courier", "https://courier.example/"),
        (2, "2017", "https://courier.example/2017/"),
        (3, "April", "https://courier.example/2017/04/"),
        (4, "12", "https://courier.example/2017/04/12/"),
        (5, "Talks in Moscow", None),
    ]


def test_one_day_s_articles_of_one_title_are_told_apart_and_cuts_of_a_wire_story_by_their_papers(output: Path) -> None:
    pages = [page(output, str(file.relative_to(output))) for file in (output / "1995/12/08").glob("probe-dives*.html")]
    assert sorted(seen.texts["title"][0] for seen in pages) == [
        "Probe dives – December 8, 1995 – 3 – The Courier",
        "Probe dives – December 8, 1995 – The Courier",
        "Probe dives – December 8, 1995 – wire000002 – The Courier",
    ]
    assert sorted({metas(seen)["description"][0] for seen in pages}) == [
        "The probe fell into the clouds on Thursday. – Herald, December 8, 1995",
        "The probe fell into the clouds on Thursday. – Post, December 8, 1995",
    ]


def test_of_an_unsigned_article_the_agency_or_the_paper_is_the_author(output: Path) -> None:
    wire = linked_data(page(output, "1998/about.html"))["NewsArticle"]
    assert wire["author"] == [{"@type": "Organization", "name": "AFP"}]
    ours = linked_data(page(output, "1999/own.html"))["NewsArticle"]
    assert ours["author"] == [{"@type": "Organization", "name": "The Courier"}]
    assert "author" not in linked_data(page(output, "undated/bare.html"))["NewsArticle"]


def test_citations_and_provenance_stand_on_the_page(output: Path) -> None:
    seen = page(output, "2017/04/12/talks-in-moscow.html")
    said = [attributes for attributes in seen.all("p") if attributes.get("class") == "citation"]
    assert [set(one) for one in said] == [{"class"}] * 3, "they speak and read as the page does"
    text = "\n".join(seen.texts["p"] + seen.texts["pre"] + seen.texts["dd"])
    assert "Schreck, Carl, and Ann Lee. “Talks in Moscow.” Herald, April 12, 2017." in text
    assert "@article{whole1," in text and "TY  - NEWS" in text
    assert "Herald, April 12, 2017https://herald.example/talks" in text
    assert "July 1, 2019" in text and "abc" in text
    assert "crawl.warc.gz#offset=12https://other.example/talksText captured: February 1, 2020def" in text
    assert "copy.txt" in seen.texts["p"]
    assert "javascript" not in (output / "2017/04/12/talks-in-moscow.html").read_text("utf-8")
    assert "Also held as" in seen.texts["dt"] and "Also held as" not in page(output, "1999/own.html").texts["dt"]
    assert "n.d. [April 12, year unknown]" in "\n".join(page(output, "undated/bare.html").texts["p"])
    assert "AFP. “About.” ca. 1998." in "\n".join(page(output, "1998/about.html").texts["p"])


def test_a_paper_that_keeps_its_own_archive_is_named_once(output: Path) -> None:
    said = "\n".join(page(output, "1999/own.html").texts["p"])
    assert "The Courier. “Own.” 1999. https://courier.example/1999/own.html\n" in said
    assert "Archived" not in said


def test_neighbours_in_time_and_in_the_section(output: Path) -> None:
    html = (output / "2017/04/12/talks-in-moscow.html").read_text("utf-8")
    ways = html[html.index('<nav class="ways"') :]
    assert re.findall(r'class="before"[^>]*href="([^"]+)"', ways) == [
        "../../../2016/01/01/other.html",
        "../../../2001/01/01/first.html",
    ]
    assert "Earlier in <bdi>World</bdi></span> <bdi>First</bdi>" in ways
    first = (output / "2001/01/01/first.html").read_text("utf-8")
    assert "Later in <bdi>World</bdi></span> <bdi>Talks in Moscow</bdi>" in first
    other = (output / "2016/01/01/other.html").read_text("utf-8")
    assert " in <bdi>Arts" not in other


def test_a_correction_says_so_once_in_whatever_language(output: Path) -> None:
    text = "\n".join(page(output, "2017/04/12/talks-in-moscow.html").texts["aside"])
    assert text.split("\n")[1::3] == ["Corrección: was wrong.", "Correction. The name was wrong."]
    assert "1:01:32" in "\n".join(page(output, "2017/04/12/talks-in-moscow.html").texts["li"])


def test_lists_are_feeds_for_microformats(output: Path) -> None:
    seen = page(output, "tags/syria/index.html")
    classes = {name for _, attributes in seen.tags for name in attributes.get("class", "").split()}
    assert {"h-feed", "h-entry", "p-name", "u-url", "dt-published", "p-author", "p-summary"} <= classes
    classes = {
        name
        for _, attributes in page(output, "2017/04/12/talks-in-moscow.html").tags
        for name in attributes.get("class", "").split()
    }
    assert {
        "h-entry",
        "p-name",
        "u-url",
        "dt-published",
        "dt-updated",
        "p-author",
        "p-category",
        "e-content",
    } <= classes


def test_lists_name_the_paper_unless_it_is_the_archive(output: Path) -> None:
    """`own.md` is of The Courier, as the archive is called; its own page says so all the same."""
    home = (output / "index.html").read_text()
    assert "<cite>Herald</cite>" in home
    assert "<cite>The Courier</cite>" not in home
    assert "The Courier" in (output / "1999/own.html").read_text().partition('class="dates"')[2].partition("</p>")[0]
