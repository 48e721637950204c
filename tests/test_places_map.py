"""The index of places with its maps, as a reader gets it."""

from __future__ import annotations

import re
from pathlib import Path

from tests import sites

STORY = '---\ntitle: {0}\ndate: 2015-03-{1:02}\nplaces: ["{2}"]\n---\n\nText.\n'
PLACES = ["Moscow", "Moscow", "Base <One>", "Springfield", "Russia"]
FILES: dict[str, str | bytes] = {
    "content/authorities.yaml": "places:\n  Base <One>:\n    coordinates: [45.96, 63.31]\n",
    **{
        f"content/articles/{number}.md": STORY.format(f"Story {number}", number, name)
        for number, name in enumerate(PLACES, 1)
    },
}


def page(root: Path) -> str:
    return (root / "output/places/index.html").read_text("utf-8")


def test_each_known_place_is_a_dot_that_leads_to_its_page(tmp_path: Path) -> None:
    assert sites.build(sites.write(tmp_path, FILES)).problems == ()
    text = page(tmp_path)
    titles = re.findall(r'<a href="([^"]+)"><title>([^<]+)</title>', text)
    assert titles[0] == ("../places/moscow/index.html", "Moscow: 2 articles")
    assert {name.rpartition(":")[0] for _, name in titles} == {"Moscow", "Base &lt;One&gt;", "Russia"}
    assert "3 places of 4 on the map." in text and "their names alone do not tell" in text
    assert "Pale dots" in text and text.count('class="whole"') == 1
    assert "Natural Earth" in text and "GeoNames (CC BY 4.0)" in text
    assert "style=" not in text and 'href="../assets/places.css"' in text
    assert (tmp_path / "output/assets/places.css").stat().st_size < 2_500
    (base,) = (tmp_path / "output/places").glob("base-one*/index.html")
    assert '"geo":{"@type":"GeoCoordinates","latitude":45.96,"longitude":63.31}' in base.read_text("utf-8")
    assert "<svg" not in (tmp_path / "output/index.html").read_text("utf-8")


def test_authorities_win_and_a_change_of_theirs_is_seen(tmp_path: Path) -> None:
    sites.build(sites.write(tmp_path, FILES))
    sites.write(tmp_path, {"content/authorities.yaml": "places:\n  Moscow:\n    coordinates: []\n"})
    sites.build(tmp_path)
    assert "<title>Moscow:" not in page(tmp_path) and "1 place of 4 on the map." in page(tmp_path)
    sites.write(tmp_path, {"content/authorities.yaml": "places:\n  Springfield: [Wien]\n"})
    sites.build(tmp_path)
    assert "<title>Springfield: 1 article</title>" in page(tmp_path), "a variant tells where it lies"
    expected, _ = sites.clean(tmp_path, tmp_path / "clean")
    assert sites.differences(sites.read(tmp_path / "output"), expected) == []


def test_without_a_known_place_there_is_no_map(tmp_path: Path) -> None:
    sites.build(sites.write(tmp_path, {"content/articles/a.md": STORY.format("A", 1, "Springfield")}))
    assert "<svg" not in page(tmp_path) and "Springfield" in page(tmp_path)


def test_where_initials_have_pages_of_their_own_the_front_alone_has_a_map(tmp_path: Path) -> None:
    names = ", ".join(f"A{number}" for number in range(501))
    text = f'---\ntitle: All\ndate: 2015\nplaces: [{names}, "Moscow"]\n---\n\nText.\n'
    sites.build(
        sites.write(tmp_path, {"content/articles/a.md": text, "content/articles/1.md": FILES["content/articles/1.md"]})
    )
    assert "<title>Moscow: 2 articles</title>" in page(tmp_path) and "1 place of 300 on the map." in page(tmp_path)
    assert "Of 502 places, the 300 named most often were looked for." in page(tmp_path)
    others = [
        path for path in (tmp_path / "output/places").rglob("*.html") if "a-z" in str(path) or path.parent.name == "m"
    ]
    assert all("<figure" not in path.read_text("utf-8") for path in others)


def test_the_map_speaks_the_languages_of_the_interface(tmp_path: Path) -> None:
    for language, said in (("de", "Orte von 4 auf der Karte"), ("ar", "السواحل"), ("ru", "На карте 3 места из 4")):
        root = sites.write(tmp_path / language, {**FILES, "content/site.toml": f'[site]\nlanguage = "{language}"\n'})
        assert not [problem for problem in sites.build(root).problems if "lacks" in problem.message]
        assert said in page(root)


def test_the_theme_of_text_alone_has_none(tmp_path: Path) -> None:
    sites.build(sites.write(tmp_path, {**FILES, "content/site.toml": '[site]\ntheme = "lite"\n'}))
    assert "<svg" not in page(tmp_path) and "places.css" not in page(tmp_path) and "Moscow" in page(tmp_path)
