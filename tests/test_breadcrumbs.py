"""The way from home to a page, for readers and for machines: the same on both, and every step of it exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from site_builder import urls
from tests import sites

BASE = "https://courier.example/"
WAYS = {
    "archive/": ["Archive"],
    "2017/": ["Archive", "2017"],
    "2017/04/": ["2017", "April"],
    "2017/04/12/": ["2017", "April", "12"],
    "2017/04/12/part-1.html": ["2017", "April", "12, part 1"],
    "on-this-day/": ["On this day"],
    "on-this-day/04-12.html": ["On this day", "April 12"],
    "undated/": ["Undated articles"],
    "tags/": ["Tags"],
    "tags/syria/": ["Tags", "Syria"],
    "tags/syria/2017/": ["Tags", "Syria", "2017"],
    "tags/syria/undated/": ["Tags", "Syria", "Undated"],
}
STORY = "---\ntitle: Story {0}\ndate: {1}\ntags: [Syria]\n---\n\nText.\n"
ARCHIVE = {
    **{f"content/articles/{n}.md": STORY.format(n, "2017-04-12") for n in range(7)},
    "content/articles/old.md": STORY.format("old", "XXXX-04-12"),
}
SETTINGS = '[site]\ntitle = "</script>"\n{0}[pages]\nlist_size = 3\n'


def blocks(page: str) -> list[dict[str, Any]]:
    """All that a page says in JSON-LD."""
    return [
        json.loads(part.partition("</script>")[0]) for part in page.split('<script type="application/ld+json">')[1:]
    ]


def lists_of(page: str) -> list[list[dict[str, Any]]]:
    """The items of every BreadcrumbList of a page."""
    return [block["itemListElement"] for block in blocks(page) if block["@type"] == "BreadcrumbList"]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = SETTINGS.format(f'base_url = "{BASE}"\n')
    root = sites.write(tmp_path_factory.mktemp("ways"), {**ARCHIVE, "content/site.toml": settings})
    assert not sites.build(root).problems
    return root / "output"


@pytest.mark.parametrize("url", WAYS)
def test_lists_tell_the_way_to_them(output: Path, url: str) -> None:
    page = (output / urls.output_path(url)).read_text("utf-8")
    (items,) = lists_of(page)
    assert [item["name"] for item in items] == ["</script>", *WAYS[url]]
    assert [item["position"] for item in items] == list(range(1, len(items) + 1))
    assert "item" not in items[-1]
    for item in items[:-1]:
        assert (output / urls.output_path(item["item"].removeprefix(BASE))).is_file(), item
    shown = page.partition('<nav class="crumbs"')[2].partition("</nav>")[0]
    links = [step.rpartition(">")[2] for step in shown.split("</a>")[:-1]][1:]
    assert not shown or links == WAYS[url][:-1]


def test_the_front_page_is_the_site(output: Path) -> None:
    page = (output / "index.html").read_text("utf-8")
    (said,) = blocks(page)
    assert (said["@type"], said["name"], said["url"]) == ("WebSite", "</script>", BASE)
    assert said.keys() == {"@context", "@type", "name", "url", "inLanguage"}, "what is not known is not said"


def test_without_an_address_there_is_none(tmp_path: Path) -> None:
    """Its addresses have to be full ones."""
    root = sites.write(tmp_path, {**ARCHIVE, "content/site.toml": SETTINGS.format("")})
    sites.build(root)
    for url in WAYS:
        assert "BreadcrumbList" not in (root / "output" / urls.output_path(url)).read_text("utf-8")
    assert not blocks((root / "output/index.html").read_text("utf-8"))
