"""A theme begun: it builds as it is, and nothing that exists is touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from site_builder import cli, theme_new
from site_builder.errors import SiteError
from tests import sites

ROOT = Path(__file__).parents[1]
STORY = "---\ntitle: A\ndate: 2017-04-12\n---\n\nText.\n"


@pytest.mark.parametrize("parent", ["broadsheet", "lite"])
def test_a_new_theme_adds_its_stylesheet_to_that_of_the_theme_below(tmp_path: Path, parent: str) -> None:
    sites.write(tmp_path, {"content/articles/a.md": STORY, "content/site.toml": '[site]\ntheme = "mine"\n'})
    files = theme_new.begin(tmp_path, "mine", parent)
    assert [path.relative_to(tmp_path / "themes/mine").as_posix() for path in files] == [
        "theme.toml",
        "templates/head.html",
        "static/mine.css",
    ]
    assert not sites.build(tmp_path).problems
    page = sites.read(tmp_path / "output")["2017/04/12/a.html"]
    sheets = [link["href"].rpartition("/")[2] for link in sites.parse(page).all("link") if link["rel"] == "stylesheet"]
    assert sheets == [f"{parent}.css", "mine.css"]


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "A", "a b", "a/b", "-a", 'a"', "{a}", "x" * 65, "broadsheet"])
def test_a_name_that_can_be_none_writes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(SiteError):
        theme_new.begin(tmp_path, name, "broadsheet")
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "themes/mine").mkdir(parents=True)
    with pytest.raises(SiteError, match="exists already"):
        theme_new.begin(tmp_path, "mine", "broadsheet")
    assert list((tmp_path / "themes/mine").iterdir()) == []


def test_the_command_extends_the_theme_in_use_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sites.write(tmp_path, {"content/site.toml": '[site]\ntheme = "lite"\n'})
    assert cli.main(["new", "--theme", "mine", "--content", str(tmp_path / "content")]) == 0
    said = capsys.readouterr().out
    assert 'extends = "lite"' in (tmp_path / "themes/mine/theme.toml").read_text("utf-8")
    assert str(tmp_path / "themes/mine/templates/head.html") in said
    assert 'theme = "mine" under [site]' in said
    assert cli.main(["new", "--theme", "mine", "--content", str(tmp_path / "content")]) == 2
    assert "exists already" in capsys.readouterr().err


def test_one_block_is_overridden_as_the_readme_shows(tmp_path: Path) -> None:
    block = re.search(
        r"```jinja\n({# themes/mine/templates/home\.html #}.*?)```", (ROOT / "README.md").read_text(), re.S
    )
    assert block
    archive = {"content/articles/a.md": STORY, "content/site.toml": '[site]\ntheme = "mine"\n'}
    archive |= {"themes/mine/theme.toml": 'extends = "broadsheet"\n', "themes/mine/templates/home.html": block[1]}
    sites.write(tmp_path, archive)
    assert not sites.build(tmp_path).problems
    home = sites.read(tmp_path / "output")["index.html"].decode()
    assert '<p>Kept by the friends of the library.</p>\n<p class="folio">' in home
