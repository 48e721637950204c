"""`authorities.yaml`: what it says, and one clear line for each mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder import authorities
from site_builder.authorities import Authority
from tests import sites


def test_names_variants_and_what_lies_beside_them() -> None:
    known = authorities.parse(
        """
people:
  Yuri Gagarin:
    variants: [Gagarin, Yuriy Gagarin]
    see also: Soyuz
    sameAs: [https://www.wikidata.org/wiki/Q7327]
  Bo: [Bob]
  Ann:
organisations:
  NASA: National Aeronautics and Space Administration
"""
    )
    assert known.problems == ()
    assert known.by_key["people", "yuri-gagarin"] == Authority(
        "people",
        "Yuri Gagarin",
        ("Gagarin", "Yuriy Gagarin"),
        ("Soyuz",),
        ("https://www.wikidata.org/wiki/Q7327",),
    )
    assert known.name("people", "bob", "BOB") == ("bo", "Bo")
    assert known.name("organizations", "nasa", "Nasa") == ("nasa", "NASA")
    assert known.name("tags", "gagarin", "Gagarin") == ("gagarin", "Gagarin"), "a variant is one of its kind alone"
    assert authorities.restore(known.text) == known


def test_coordinates_of_places() -> None:
    text = "places:\n  A:\n    coordinates: [45.96, -63]\n  B:\n    coordinates: -1.5, 2\n  C:\n    coordinates: []\n  D:\n"
    known = authorities.parse(text)
    assert known.problems == ()
    assert [one.coordinates for one in known.by_key.values()] == [(45.96, -63.0), (-1.5, 2.0), (), None]
    assert authorities.restore(known.text) == known


MISTAKES = {
    "peple:\n  A: B\n": (1, "unknown kind of term 'peple'"),
    "people:\n  A:\n    varients: [B]\n": (3, "unknown key 'varients'"),
    "people:\n  A:\n    variants:\n      - B\n      - [C]\n": (5, "is no text"),
    "people:\n  A:\n    same_as: javascript:alert(1)\n": (3, "is no address"),
    "people:\n  A: [C]\n  B: [C]\n": (3, "stands for 'A' too"),
    "people:\n  A: [B]\n  B:\n": (2, "stands for 'B' too"),
    "people:\n  Ann:\n  ANN:\n": (3, "has the same address"),
    "people: [A]\n": (1, "is not a list of names"),
    "places:\n  A:\n    coordinates: [91, 0]\n": (3, "are no coordinates"),
    "places:\n  A:\n    coordinates: here\n": (3, "are no coordinates"),
    "places:\n  A:\n    coordinates: [.nan, 1]\n": (3, "are no coordinates"),
    "places:\n  A:\n    coordinates: [1, 2, 3]\n": (3, "are no coordinates"),
    "people:\n  A:\n    coordinates: [1, 2]\n": (3, "only places"),
    "people:\n  A: &x [B]\n  C: *x\n": (2, "anchor"),
    "people:\n  A: !!python/name:os.system\n": (2, "tag"),
    "people:\n  A: [B\n": (3, "is not YAML"),
    "people:\n  A:\n  A:\n": (3, "stands twice"),
    "- people\n": (1, "is not a list of keys"),
    "people: " + "[" * 100 + "]" * 100: (1, "nested"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_told_once_with_its_line(text: str) -> None:
    (problem,) = authorities.parse(text).problems
    line, message = MISTAKES[text]
    assert (problem.where, problem.line) == ("authorities.yaml", line)
    assert message in problem.message
    assert "front matter" not in problem.message


def test_a_mistake_costs_its_own_line() -> None:
    known = authorities.parse("people:\n  A:\n    variants: [B]\n    same_as: x\nplcaes: {}\ntags:\n  C: [D]\n")
    assert len(known.problems) == 2
    assert {known.name("people", "b", "B"), known.name("tags", "d", "D")} == {("a", "A"), ("c", "C")}


def test_files_that_are_not_there_or_not_text(tmp_path: Path) -> None:
    assert authorities.load(tmp_path) == authorities.NONE
    (tmp_path / "authorities.yaml").write_bytes(b"people:\n  A: [\xff]\n")
    (problem,) = authorities.load(tmp_path).problems
    assert (problem.line, problem.message) == (2, "is not UTF-8")
    (tmp_path / "authorities.yaml").write_bytes(b"\xef\xbb\xbfpeople:\r\n  A: [B]\r\n")
    assert authorities.load(tmp_path).name("people", "b", "B") == ("a", "A")


def test_the_pages_of_a_term_and_of_its_variant(tmp_path: Path) -> None:
    story = "---\ntitle: {0}\ndate: {1}\npeople: [{2}]\ntags: [Orbit]\n---\n\nText.\n"
    sites.write(
        tmp_path,
        {
            "content/articles/a.md": story.format("First", "1961-04-12", "Gagarin"),
            "content/articles/b.md": story.format("Second", "1968-03-27", "Yuri Gagarin"),
            "content/authorities.yaml": 'people:\n  Yuri Gagarin:\n    variants: ["</script>", Gagarin]\n'
            "    see_also: [Orbit]\n    same_as: https://www.wikidata.org/wiki/Q7327\n  X: [\n",
        },
    )
    assert [problem.line for problem in sites.build(tmp_path).problems] == [7]
    text = (tmp_path / "content/authorities.yaml").read_text("utf-8").replace("  X: [\n", "")
    sites.write(tmp_path, {"content/authorities.yaml": text})
    assert sites.build(tmp_path).problems == ()
    page = (tmp_path / "output/people/yuri-gagarin/index.html").read_text("utf-8")
    assert page.count("<rect") == 2 and 'role="img" aria-label="Yuri Gagarin: articles a year, 1961 to 1968' in page
    assert '<th scope="row">1961</th><td>1</td>' in page
    assert '"sameAs":["https://www.wikidata.org/wiki/Q7327"]' in page and "\\u003c/script" in page
    assert "<bdi>Orbit</bdi></a>" in page and "First mention" in page and 'href="feed.xml"' in page
    variant = (tmp_path / "output/people/gagarin/index.html").read_text("utf-8")
    assert "url=../../people/yuri-gagarin/index.html" in variant
    index = (tmp_path / "output/people/index.html").read_text("utf-8")
    assert "<bdi>Gagarin</bdi>: See <a" in index
    also = '<span class="also">See also: <a href="../tags/orbit/index.html"><bdi>Orbit</bdi></a></span>'
    assert f'<span class="count">2</span> {also}</li>' in index and index.count("See also") == 1
    assert "<bdi>Gagarin</bdi>" in (tmp_path / "output/1961/04/12/first.html").read_text("utf-8")


def test_an_article_leads_from_a_variant_to_the_page_of_the_preferred_name(tmp_path: Path) -> None:
    """Straight there, under the name that the article has; and back, once nobody stands for it any more."""
    story = "---\ntitle: {0}\ndate: {1}\nauthors: [{2}]\npeople: [{2}, Rex]\nsection: {3}\n---\n\nText.\n"
    said = "people: {Yuri Gagarin: [Gagarin]}\nauthors: {Yuri Gagarin: [Gagarin]}\nsections: {World: [Abroad]}\n"
    sites.write(
        tmp_path,
        {
            "content/site.toml": '[site]\nbase_url = "https://a.example"\n',
            "content/articles/a.md": story.format("First", "1961-04-12", "Gagarin", "Abroad"),
            "content/articles/b.md": story.format("Second", "1961-04-13", "Yuri Gagarin", "World"),
            "content/authorities.yaml": said,
        },
    )
    assert sites.build(tmp_path).problems == ()
    first = tmp_path / "output/1961/04/12/first.html"
    page = first.read_text("utf-8")
    for term in ("people/yuri-gagarin", "authors/yuri-gagarin"):
        assert f'href="../../../{term}/index.html"><bdi>Gagarin</bdi></a>' in page
    assert '<a href="../../../sections/world/index.html">Abroad</a>' in page
    assert '"url":"https://a.example/authors/yuri-gagarin/"' in page
    assert 'href="../../../people/rex/index.html"><bdi>Rex</bdi></a>' in page
    (tmp_path / "content/authorities.yaml").unlink()
    assert sites.build(tmp_path).problems == ()
    page = first.read_text("utf-8")
    assert 'href="../../../people/gagarin/index.html"' in page and "yuri-gagarin" not in page
    sites.write(tmp_path, {"content/authorities.yaml": said})
    sites.build(tmp_path)
    again, _ = sites.clean(tmp_path, tmp_path / "clean")
    assert sites.differences(sites.read(tmp_path / "output"), again) == []
