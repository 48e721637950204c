"""What views get beside their data: the descriptions of lists."""

from __future__ import annotations

from pathlib import Path

from site_builder.context import DESCRIBED, with_headlines
from site_builder.model import Card
from tests import sites


def card(title: str) -> Card:
    return Card("a.html", "a", title, "2017", "", (), "", "", "", "", ())


def test_a_description_names_the_first_headlines_that_fit_whole() -> None:
    assert with_headlines("2017: 2 articles.", []) == "2017: 2 articles."
    assert with_headlines("2017: 2 articles.", [card("One"), card("Two")]) == "2017: 2 articles. One; Two"
    long = card("word " * 30)
    assert with_headlines("2017.", [card("One"), long, long, card("Two")]) == f"2017. One; {long.title}"
    assert with_headlines("2017.", [card("x" * 300)]) == "2017."
    assert len(with_headlines("2017.", [card("Headline")] * 99)) <= DESCRIBED


def test_every_list_has_a_description_of_its_own_with_headlines(tmp_path: Path) -> None:
    story = "---\ntitle: {}\ndate: 2017-04-12\ntags: [Syria]\n---\n\nText.\n"
    sites.write(tmp_path, {f"content/articles/{name}.md": story.format(name) for name in ("One", "Two")})
    sites.build(tmp_path)
    seen = {}
    for path in ("2017/04/12", "2017/04", "on-this-day/04-12", "tags/syria"):
        file = tmp_path / "output" / (f"{path}/index.html" if "on-this" not in path else f"{path}.html")
        (seen[path],) = (
            meta["content"] for meta in sites.parse(file.read_bytes()).all("meta") if meta.get("name") == "description"
        )
        assert seen[path].endswith("2 articles. Two; One")
    assert len(set(seen.values())) == len(seen)
