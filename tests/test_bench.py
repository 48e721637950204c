"""The benchmark's full Hugo theme shows what the default theme shows: else "equal contents" would be a word."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest

from tests.bench import corpus, hugo
from tests.bench.ours import Ours, interpreter

EQUAL_PAGES = Path(__file__).parent / "bench" / "equal_pages.toml"


class _Contents(HTMLParser):
    """What a page holds, in its order: metas, links with their texts, elements, texts, and JSON-LD as values."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.elements: list[str] = []
        self.texts: list[str] = []
        self.data: list[Any] = []
        self._address, self._in_data = address, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_data = given.get("type") == "application/ld+json"
        if tag == "meta":
            key = given.get("name") or given.get("property") or given.get("http-equiv") or "charset"
            self.metas.append((key, "" if key == "generator" else given.get("content", "")))
        for name in ("href", "src"):
            if name in given:
                self.links.append(unquote(urljoin(self._address, given[name])).removesuffix("index.html"))
        self.elements.append(f"{tag} {given.get('class', '')} {given.get('rel', '')} {given.get('aria-label', '')}")

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data.append(json.loads(data))
            self._in_data = False
        elif text := " ".join(data.split()):
            self.texts.append(text)


def _read(output: Path, path: str) -> _Contents:
    contents = _Contents(f"{corpus.BASE_URL}{path}")
    contents.feed((output / path).read_text(encoding="utf-8"))
    return contents


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The outputs of both programs over the same articles."""
    binary = hugo.installed()
    if binary is None:
        pytest.skip("no Hugo; `python -m tests.bench` installs one")
    folder = tmp_path_factory.mktemp("bench")
    made = corpus.make(folder / "content", 50, seed=1)
    ours = Ours(folder, made, EQUAL_PAGES.read_text(encoding="utf-8"))
    theirs = hugo.Hugo(binary, folder / "hugo", made, hugo.full())
    for program in (ours, theirs):
        program.prepare()
        subprocess.run(program.command(), cwd=program.folder, check=True, capture_output=True)
    return ours.output, theirs.output


def _articles(output: Path) -> Iterator[str]:
    for path in sorted(output.glob("[0-9]*/[0-9]*/[0-9]*/*.html")):
        yield path.relative_to(output).as_posix()


def _plain(page: str) -> bool:
    """Whether the body is all paragraphs: what else Markdown has, the programs render each in its way."""
    body = page.partition("e-content")[2].partition("</div>")[0]
    return set(re.findall("<([a-z0-9]+)", body)) == {"p"}


def test_articles_have_the_same_contents(sites: tuple[Path, Path]) -> None:
    ours, theirs = sites
    paths = list(_articles(ours))
    assert paths == list(_articles(theirs))
    plain = [path for path in paths if _plain((theirs / path).read_text("utf-8"))]
    assert len(plain) > 30
    for path in plain:
        one, other = _read(ours, path), _read(theirs, path)
        assert one.metas == other.metas
        assert one.links == other.links
        assert one.elements == other.elements
        assert one.data == other.data
        assert one.texts == other.texts


def test_lists_have_the_same_contents(sites: tuple[Path, Path]) -> None:
    ours, theirs = sites
    terms = [
        path.relative_to(ours).as_posix()
        for kind in ("tags", "authors", "sections")
        for path in ours.glob(f"{kind}/*/index.html")
    ]
    assert len(terms) > 50
    for path in ("index.html", "404.html", "tags/index.html", "sections/index.html", *terms):
        one, other = _read(ours, path), _read(theirs, path)
        assert one.metas == other.metas, path
        assert one.links == other.links, path
        assert one.texts == other.texts, path
        assert one.data == other.data, path


def test_feeds_have_the_same_contents(sites: tuple[Path, Path]) -> None:
    ours, theirs = sites
    paths = sorted(path.relative_to(ours).as_posix() for path in ours.rglob("feed.xml"))
    assert paths == sorted(path.relative_to(theirs).as_posix() for path in theirs.rglob("feed.xml"))
    for path in paths:
        assert _items(ours / path) == _items(theirs / path), path


def _items(path: Path) -> list[tuple[str, str]]:
    """Elements and texts of a feed; ids and the program's name are each program's own."""
    own = {"guid", "generator", "{http://purl.org/rss/1.0/modules/content/}encoded"}
    return [
        (element.tag, "" if element.tag in own else (element.text or "").strip())
        for element in ET.fromstring(path.read_bytes()).iter()
    ]


def test_a_change_of_the_template_is_seen_in_both_themes(tmp_path: Path) -> None:
    made = corpus.Corpus(tmp_path / "content", 0, 0, "2020-01-01")
    for name, theme in hugo.THEMES.items():
        site = hugo.Hugo(Path("hugo"), tmp_path / name, made, theme())
        site.prepare()
        site.change_template("Changed 1")
        foot = (site.folder / "layouts" / site.theme.foot).read_text("utf-8")
        assert foot.count("<p>Changed 1</p></footer>") == 1


def test_the_interpreter_is_named() -> None:
    assert re.match(r"\w+ 3\.\d+\.\d+\S*, .+, core (shared|built in)", interpreter())
