"""Which files and folders are no sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder import companions, importers
from site_builder.model import Skipped

SITES = {
    "hugo": (
        "config.toml",
        "content/a.md",
        "layouts/index.html",
        "themes/x/exampleSite/content/b.md",
        "public/a/index.html",
    ),
    "jekyll": ("_config.yml", "_posts/2017-04-12-a.md", "_layouts/post.html", "_site/a.html", "vendor/gem/README.md"),
    "pelican": ("pelicanconf.py", "content/a.md", "output/a.html", "theme/templates/article.html"),
    "eleventy": (".eleventy.js", "src/a.md", "src/_includes/base.html", "_site/a/index.html", "node_modules/y/a.md"),
}


@pytest.mark.parametrize("site", SITES)
def test_of_a_generators_folder_only_the_sources_are_read(site: str, tmp_path: Path) -> None:
    for name in SITES[site]:
        (tmp_path / site / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / site / name).write_text("text")
    told: list[Skipped] = []
    found = [path.name for path in importers.sources(tmp_path, passed_over=told.append)]
    assert found == [f"{site}/{SITES[site][1]}"]
    assert "folders of a generator or program, not looked into" in {one.reason for one in told}

    names = {f"{site}/{name}" for name in SITES[site]} | {f"{site}/content/"}
    inside = [name for name in sorted(names) if name.endswith((".md", ".html"))]
    assert [name for name in inside if not companions.lies_in_machinery(name, names)] == found


def test_the_same_names_elsewhere_are_folders_like_others(tmp_path: Path) -> None:
    for name in ("public/a.html", "output/a.html", "_site/a.html", "themes/a.md", "data/a.jsonl", "layouts/a.html"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("text")
    assert len(list(importers.sources(tmp_path))) == 6
    assert not companions.lies_in_machinery("old/public/a.html", {"old/public/a.html"})


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.txt", ""),
        ("a.PNG", ".png files, but for those that articles name"),
        ("a.pdf", ".pdf files, but for those that articles name"),
        ("style.css", ".css files"),
        ("go.sum", ".sum files"),
    ],
)
def test_what_is_told_of_parts(name: str, reason: str) -> None:
    assert companions.reason_of_part(name) == reason
