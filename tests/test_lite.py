"""The theme `lite`: every kind of page as text alone, from the templates of `broadsheet`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import sites
from tests.browser.conftest import ARCHIVE, PAGES

THEMES = Path(__file__).parents[1] / "themes"
PICTURED = """---
title: Pictured
date: 2018-01-01
images: [{src: media/lead.jpg, caption: A rocket, credit: AP}]
---

First ![A "crowd" & more](media/crowd.jpg "there") and [![a plan](media/plan.jpg)](https://plans.example/).
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    archive = {**ARCHIVE, "content/articles/pictured.md": PICTURED}
    archive |= {f"content/media/{name}.jpg": "" for name in ("lead", "crowd", "plan")}
    archive["content/site.toml"] += 'theme = "lite"\n'
    root = sites.write(tmp_path_factory.mktemp("lite"), archive)
    sites.build(root)
    return sites.read(root / "output")


def test_overrides_few_and_is_small() -> None:
    assert [path.name for path in sorted((THEMES / "lite/templates").iterdir())] == [
        "day.html",
        "head.html",
        "search.html",
        "term.html",
        "term_index.html",
    ]
    assert (THEMES / "lite/static/lite.css").stat().st_size < 4000


def test_takes_nothing_of_the_other_themes_looks(built: dict[str, bytes]) -> None:
    assert {path for path in built if path.startswith("assets/")} <= {
        "assets/lite.css",
        "assets/icon.svg",
        "assets/code.css",
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_kind_of_page_is_text_alone(built: dict[str, bytes], name: str) -> None:
    path = PAGES[name] + ("index.html" if PAGES[name].endswith("/") or not PAGES[name] else "")
    seen = sites.parse(built[path])
    sheets = [link["href"].rpartition("/")[2] for link in seen.all("link") if link["rel"] == "stylesheet"]
    assert sheets == ["lite.css"]
    assert all(script.get("type") == "application/ld+json" for script in seen.all("script"))
    assert not any(True for _ in seen.all("img"))
    assert len(seen.texts["h1"]) == 1


def test_pictures_are_links_with_their_text(built: dict[str, bytes]) -> None:
    page = built["2018/01/01/pictured.html"].decode()
    assert '<a class="picture" href="../../../media/lead.jpg">Picture: A rocket</a>' in page
    assert '<a class="picture" href="../../../media/crowd.jpg">Picture: A &quot;crowd&quot; &amp; more</a>' in page
    assert ">Picture: a plan</a>" in page  # within the link that it stood in
    assert "A rocket" in page
    assert "plan.jpg" not in page


def test_no_link_is_broken(built: dict[str, bytes]) -> None:
    for path, content in built.items():
        if path.endswith(".html") and path != "404.html":
            for kind, link in sites.parse(content).links():
                if "://" not in link and not link.startswith("mailto:"):
                    assert not link or sites.resolve(path, link) in built, f"{kind} {link} on {path}"
