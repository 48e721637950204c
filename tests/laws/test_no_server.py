"""Law 10. Every page works with scripts off, under a sub-path and from `file://`; what has to be absolute is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from tests import sites

STORIES = """
-- content/articles/linked.md --
---
id: linked
title: A story with links, über all
date: 2017-04-12
updated: 2018-01-02
authors: [Ünï Çode, Ann Lee]
section: "Arts & Ideas"
tags: [C++, C#, "a/b", "100%", "what?", "#hash"]
people: [Vladímir Putin]
places: ["São Paulo"]
organizations: [AT&T]
images:
  - {src: media/pic one.jpg, caption: A picture, alt: Alt}
  - {src: "https://example.org/far.jpg", caption: From elsewhere}
source: {url: "https://example.org/original?a=1&b=2"}
---

See [the other](/2017/04/13/other.html), [about](/about.html) and [a file](media/doc%20a.pdf), a
[fragment](#main), [far](https://example.org/), [mail](mailto:a@example.org) and ![a picture](media/pic%20one.jpg).

```python
print("x")
```
-- content/articles/other.md --
---
id: other
title: Other
date: 2017-04-13
tags: [C++]
---
Text.
-- content/articles/withdrawn.md --
---
id: withdrawn
title: Withdrawn
date: 2016-01-01
status: withdrawn
reason: It was wrong
---
Text.
-- content/articles/undated.md --
---
title: Undated
---
Text.
-- content/articles/vague.md --
---
title: Only the year
date: 2016
---
Text.
-- content/articles/yearless.md --
---
title: No year
date: XXXX-04-12?
---
Text.
-- content/pages/about.md --
# About

[Home](/), [a story](/2017/04/13/other.html)
-- content/pages/deep/er/page.md --
# Deep

[A file](/media/doc%20a.pdf)
-- content/media/pic one.jpg --
x
-- content/media/doc a.pdf --
x
-- content/urls.jsonl --
{"id": "other", "url": "2013/01/01/öld näme.html"}
{"id": "gone", "url": "2013/01/02/gone.html"}
"""
MENU = '[[menu]]\ntitle = "About"\nurl = "/about.html"\n[[menu]]\ntitle = "Far"\nurl = "https://example.org/"\n'
SITES = {
    "as it comes": "",
    "on a host": '[site]\nbase_url = "https://news.example"\n',
    "under a sub-path": '[site]\nbase_url = "https://news.example/old/papers/"\n',
    "without index.html": '[site]\nbase_url = "https://news.example/sub"\n[urls]\nindex_html = false\n',
    "without a calendar": "[pages]\ncalendar = false\nlist_size = 4\n",
    "without terms": "[pages]\nterms = []\nlist_size = 4\n",
    "with few terms": '[pages]\nterms = ["tags", "sections"]\nlist_size = 4\n',
    "without feeds and sitemap": "[pages]\nsitemap = false\n[feeds]\nformats = []\n",
    "with small lists": "[pages]\nlist_size = 2\nhome_size = 2\n[feeds]\nterms = false\n",
    "with an empty archive": "",
}


@dataclass(frozen=True)
class Built:
    """One built site."""

    name: str
    output: Path
    files: dict[str, bytes]
    pages: dict[str, sites.Seen]

    @property
    def base(self) -> str:
        """The address that its settings say."""
        found = re.search(r'base_url = "(.*?)/?"', SITES[self.name])
        return found[1] if found else ""

    @property
    def index_html(self) -> bool:
        """Whether links to folders name their file."""
        return "index_html = false" not in SITES[self.name]


@pytest.fixture(scope="module", params=SITES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    name = str(request.param)
    root = tmp_path_factory.mktemp("site")
    sites.write(root, {"content/site.toml": SITES[name] + MENU})
    if name == "with an empty archive":
        sites.write(root, {"content/site.toml": "", "content/pages/about.md": "# About\n"})
    else:
        sites.write(root, STORIES)
        sites.write(root, sites.many(30, tags=("One", "Two")))
    report = sites.build(root)
    assert not report.problems
    output = root / "output"
    return Built(name, output, sites.read(output), dict(sites.pages(output)))


def own(link: str) -> bool:
    """Whether a link stays in the site."""
    parts = urlsplit(link)
    return not parts.scheme and not parts.netloc


def test_every_internal_link_leads_to_a_file(built: Built) -> None:
    count = 0
    for path, seen in built.pages.items():
        for kind, link in seen.links():
            if not own(link) or path == "404.html":
                continue
            count += 1
            assert not link.startswith("/"), f"{kind}={link} on {path} is not relative"
            assert sites.resolve(path, link) in built.files, f"{kind}={link} on {path} leads nowhere"
    assert count > (30 if built.name == "with an empty archive" else 800)


def test_every_fragment_exists(built: Built) -> None:
    for path, seen in built.pages.items():
        for kind, link in seen.links():
            fragment = unquote(urlsplit(link).fragment)
            if fragment and own(link) and path != "404.html":
                target = sites.resolve(path, link)
                assert fragment in built.pages[target].ids, f"{kind}={link} on {path}"


def test_the_page_for_what_is_not_there_works_at_any_address(built: Built) -> None:
    prefix = urlsplit(built.base).path
    for kind, link in built.pages["404.html"].links():
        if own(link) and not link.startswith("#"):
            assert link.startswith(f"{prefix}/"), f"{kind}={link}"
            assert sites.resolve("404.html", link[len(prefix) + 1 :] or "./") in built.files, f"{kind}={link}"


def test_links_to_folders(built: Built) -> None:
    """With `index.html` they work from a disk, without it they are what a host shows."""
    for path, seen in built.pages.items():
        for kind, link in seen.links():
            place = urlsplit(link).path
            if not own(link) or not place:
                continue
            if built.index_html:
                assert not place.endswith("/"), f"{kind}={link} on {path}"
            else:
                assert not place.endswith("index.html"), f"{kind}={link} on {path}"


def test_no_page_needs_a_script(built: Built) -> None:
    for path, seen in built.pages.items():
        assert not any(name.startswith("on") or name == "style" for _, a in seen.tags for name in a), path
        assert "style" not in seen.texts, path
        for attributes in seen.all("script"):
            if attributes.get("type") != "application/ld+json":
                assert attributes.get("src"), f"an inline script on {path}"
                assert "defer" in attributes or attributes.get("type") == "module", f"a script holds {path} up"
        assert any(text.strip() for text in seen.texts.get("main", ())), f"{path} has no words of its own"
        assert len(seen.texts.get("h1", ())) == 1, path
        assert seen.texts["title"][0].strip(), path


def test_nothing_is_loaded_from_elsewhere(built: Built) -> None:
    for path, seen in built.pages.items():
        for tag, attributes in seen.tags:
            loaded = attributes.get("src") or (attributes.get("href") if tag == "link" else "") or ""
            if attributes.get("rel") not in ("canonical", "alternate"):
                assert own(loaded), f"<{tag} {loaded}> on {path}"
    for path, content in built.files.items():
        if path.endswith(".css"):
            assert b"http" not in re.sub(rb"http://www\.w3\.org/\S+", b"", content), path
            assert b"@import" not in content, path


def test_what_has_to_be_absolute_is(built: Built) -> None:
    base = built.base or "http://localhost:8000"
    for path, seen in built.pages.items():
        canonical = [a["href"] for a in seen.all("link") if a.get("rel") == "canonical"]
        here = path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path
        if not built.base:
            assert not canonical, path
        elif path != "404.html":
            assert [unquote(link) for link in canonical] == [f"{base}/{here}"], path
    for path, content in built.files.items():
        if not path.endswith(".xml"):
            continue
        addresses = [
            (element.get("href") or element.text or "").strip()
            for element in ElementTree.fromstring(content).iter()
            if element.tag.rpartition("}")[2] in ("loc", "link")
        ]
        assert addresses
        for address in addresses:
            assert address.startswith(f"{base}/"), f"{address} in {path}"
            target = unquote(address[len(base) + 1 :])
            assert target + "index.html" * (not target or target.endswith("/")) in built.files, f"{address} in {path}"
    for path, content in built.files.items():
        if path.endswith("feed.json"):
            feed = json.loads(content)
            for address in (feed["home_page_url"], feed["feed_url"], *(item["url"] for item in feed["items"])):
                assert address.startswith(f"{base}/"), f"{address} in {path}"


def test_every_page_can_be_reached_from_home(built: Built) -> None:
    """By links alone. Redirects, tombstones and the page for what is not there are for those who come from outside."""
    seen: set[str] = set()
    waiting = ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen or path not in built.pages:
            continue
        seen.add(path)
        for kind, link in built.pages[path].links():
            if own(link) and kind == "a href":
                waiting.append(sites.resolve(path, link))
    outside = {
        path
        for path, page in built.pages.items()
        if any("refresh" in a.get("http-equiv", "") for a in page.all("meta")) or "gone" in path or "withdrawn" in path
    }
    lost = built.pages.keys() - seen - outside - {"404.html"}
    lost -= {path for path in lost if path.startswith(("deep/", "about")) and built.name == "with an empty archive"}
    lost -= {path for path in lost if path == "deep/er/page.html"}  # its author did not put it in the menu
    assert not lost


def test_sitemaps_have_every_page_that_is_to_be_found(built: Built) -> None:
    if "sitemap.xml" not in built.files:
        return
    base = built.base or "http://localhost:8000"
    listed: list[str] = []
    for path, content in built.files.items():
        if re.fullmatch(r"sitemap-.*\.xml", path):
            listed += [element.text or "" for element in ElementTree.fromstring(content).iter() if "loc" in element.tag]
    assert len(listed) == len(set(listed))
    targets = {unquote(address[len(base) + 1 :]) for address in listed}
    articles = {path for path in built.files if re.match(r"(\d{4}|undated)/.*(?<!index)\.html$", path)}
    hidden = {path for path in articles if "gone" in path or "withdrawn" in path or "öld" in path}
    assert articles - hidden <= targets
    assert not hidden & targets


def test_former_addresses_lead_on_without_a_server(built: Built) -> None:
    if built.name == "with an empty archive":
        return
    moved = built.pages["2013/01/01/öld näme.html"]
    (target,) = [sites.resolve("2013/01/01/öld näme.html", link) for kind, link in moved.links() if "refresh" in kind]
    assert target == "2017/04/13/other.html"
    assert "2013/01/02/gone.html" in built.pages
    assert "It was wrong" in built.files["2016/01/01/withdrawn.html"].decode()
