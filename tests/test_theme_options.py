"""Options of themes: declared in theme.toml, set in site.toml, shown by templates and by a small stylesheet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from site_builder import theme, theme_options
from site_builder.errors import SiteError
from site_builder.theme import Theme
from tests import sites

ROOT = Path(__file__).parents[1]
ARCHIVE = """
-- content/site.toml --
{settings}
-- content/articles/a.md --
---
title: A
date: 2017-04-12
section: World
---

Text.
"""
BLUE = ["#00507a", "#8fc7ea"]


def child(root: Path, toml: str, name: str = "mine", **templates: str) -> None:
    folder = root / "themes" / name
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "theme.toml").write_text(toml)
    for template, text in templates.items():
        (folder / "templates" / f"{template}.html").write_text(text)


def find(root: Path, given: Mapping[str, Any], name: str = "broadsheet") -> Theme:
    return theme.find(name, root, given=given, settings="site.toml")


def refused(root: Path, given: Mapping[str, Any], name: str = "broadsheet") -> SiteError:
    with pytest.raises(SiteError) as caught:
        find(root, given, name)
    return caught.value


# ------------------------------------------------------------------------------------------------- values


def test_defaults_need_no_stylesheet(tmp_path: Path) -> None:
    found = find(tmp_path, {})
    assert dict(found.options)["columns"] == 4
    assert (found.stylesheet, found.doubts) == ("", ())
    assert find(tmp_path, {"columns": 4, "text_font": "serif"}) == found


def test_what_is_set_goes_before_the_default(tmp_path: Path) -> None:
    found = find(tmp_path, {"accent": BLUE, "text_font": "sans", "columns": 2, "home": ["held"]})
    values = dict(found.options)
    assert (values["accent"], values["columns"], values["home"]) == (tuple(BLUE), 2, ("held",))
    assert "--accent: light-dark(#00507a, #8fc7ea);" in found.stylesheet
    assert "--text: var(--sans);" in found.stylesheet
    assert "--columns: 2;" in found.stylesheet
    assert "--gap" not in found.stylesheet


def test_all_mistakes_are_told_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    given = {"acent": BLUE, "accent": "red", "columns": "3", "density": "compakt", "home": ["latest", "latest"], "x": 1}
    error = refused(tmp_path, given)
    assert error.where == "site.toml"
    assert error.message.split("; ") == [
        "unknown option 'theme.options.acent', did you mean 'theme.options.accent'?",
        (
            "'theme.options.accent' must be two colours, on light and on dark paper, "
            'like ["#8f1d14", "#f0a18f"], not \'red\''
        ),
        "'theme.options.columns' must be a whole number, not '3'",
        "'theme.options.density' can be airy, compact, not 'compakt', did you mean 'compact'?",
        "'theme.options.home' names one of its values twice",
        "unknown option 'theme.options.x'",
    ]


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#123456; }", "", "url(x)"])
def test_a_colour_is_six_digits_and_nothing_else(tmp_path: Path, colour: str) -> None:
    refused(tmp_path, {"accent": [colour, "#ffffff"]})


@pytest.mark.parametrize("value", [True, 1.0, 5, "4", [4]])
def test_a_number_is_a_number(tmp_path: Path, value: object) -> None:
    assert "columns" in refused(tmp_path, {"columns": value}).message


# -------------------------------------------------------------------------------------------- inheritance


def test_a_child_gives_other_defaults_and_its_own_options(tmp_path: Path) -> None:
    child(
        tmp_path,
        'extends = "broadsheet"\n[options.density]\ndefault = "compact"\n'
        '[options.ears]\ntype = "boolean"\ndefault = false\n[options.ears.css.True]\n--ears = "1"\n',
    )
    found = find(tmp_path, {}, "mine")
    assert dict(found.options)["density"] == "compact"
    assert dict(found.options)["ears"] is False
    # The stylesheet that it inherits says otherwise.
    assert "--gap" in found.stylesheet
    assert "--gap" not in find(tmp_path, {"density": "airy"}, "mine").stylesheet
    assert "--ears: 1;" in find(tmp_path, {"ears": True}, "mine").stylesheet


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("options = 3", "'options' must be a table"),
        ("[options]\na = 3", "'options.a' must be a table with type and default"),
        ('[options.a]\ntype = "colour"\ndefault = ""', "'options.a.type' must be one of text"),
        ('[options.a]\ntype = "text"\ndefault = 3', "'options.a.default' must be text in quotes, not 3"),
        ('[options.a]\ntype = "text"', "'options.a.default' must be text in quotes"),
        ('[options.a]\ntype = "text"\ndefault = "x"\nchoices = ["y"]', "'options.a.default' can be y, not 'x'"),
        ('[options.a]\ntype = "text"\ndefault = "x"\nchoice = ["y"]', "did you mean 'options.a.choices'?"),
        ('[options.a]\ntype = "text"\ndefault = "x"\nchoices = [1]', "'options.a.choices' must be a list"),
        ('[options.a]\ntype = "text"\ndefault = "x"\ncss = {color = "red"}', "'options.a.css' must be a table"),
        ('[options.a]\ntype = "text"\ndefault = "x"\ncss = {x = {color = "red"}}', "'options.a.css' must be a table"),
        ('[options.a]\ntype = "text"\ndefault = "x"\non = ["red"]', "'options.a.on' must be two colours"),
    ],
)
def test_a_wrong_declaration_is_told_with_its_file(tmp_path: Path, toml: str, said: str) -> None:
    child(tmp_path, toml)
    error = refused(tmp_path, {}, "mine")
    assert said in error.message
    assert error.where == str(tmp_path / "themes/mine/theme.toml")


# ----------------------------------------------------------------------------------------------- contrast


def test_contrast_is_that_of_the_standard() -> None:
    assert theme_options.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme_options.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_pale_colours_are_a_problem_and_no_error(tmp_path: Path) -> None:
    found = find(tmp_path, {"accent": ["#ffcc00", "#8fc7ea"]})
    (doubt,) = found.doubts
    assert doubt.where == "site.toml"
    assert "'accent'" in doubt.message
    assert "#ffcc00 has a contrast of 1.45:1 on light paper (#fcfaf6), 4.5:1 is needed" in doubt.message


@pytest.mark.parametrize("name", ["broadsheet", "lite"])
def test_our_own_defaults_can_be_read(name: str) -> None:
    assert theme.find(name, Path("/nowhere")).doubts == ()


# ---------------------------------------------------------------------------------------------- the build


def built(root: Path, settings: str) -> dict[str, bytes]:
    sites.write(root, ARCHIVE.format(settings=settings))
    assert not sites.build(root).problems
    return sites.read(root / "output")


def test_options_reach_pages_through_a_stylesheet_and_templates(tmp_path: Path) -> None:
    plain = built(tmp_path, "")
    assert "assets/options.css" not in plain
    assert b"options.css" not in plain["index.html"]
    assert b'class="strips"' in plain["index.html"]
    made = built(tmp_path, f'[theme.options]\naccent = {json.dumps(BLUE)}\nhome = ["latest"]')
    assert b"light-dark(#00507a, #8fc7ea)" in made["assets/options.css"]
    for path, url in (("index.html", "assets/"), ("2017/04/12/a.html", "../../../assets/")):
        hrefs = [link["href"] for link in sites.parse(made[path]).all("link") if link["rel"] == "stylesheet"]
        assert (hrefs[0], hrefs[-1]) == (f"{url}broadsheet.css", f"{url}options.css")
    assert b'class="strips"' not in made["index.html"]
    assert b'class="held"' not in made["index.html"]
    turned = built(tmp_path, '[theme.options]\nhome = ["held", "latest"]')["index.html"]
    assert turned.index(b'id="held"') < turned.index(b'id="latest"')
    assert built(tmp_path, "") == plain


def test_an_option_that_a_site_sets_is_the_archives_mistake(tmp_path: Path) -> None:
    sites.write(tmp_path, ARCHIVE.format(settings="[theme.options]\nsize = 3"))
    with pytest.raises(SiteError, match=r"unknown option 'theme\.options\.size'") as caught:
        sites.build(tmp_path)
    assert caught.value.where == str(tmp_path / "content/site.toml")


def test_templates_get_options_on_cards_too(tmp_path: Path) -> None:
    child(
        tmp_path,
        'extends = "broadsheet"\n[options.mark]\ntype = "text"\ndefault = "§"\n',
        card="<li>{{ options.mark }}{{ card.title }}</li>",
    )
    assert "§A".encode() in built(tmp_path, '[site]\ntheme = "mine"')["index.html"]
    toml = tmp_path / "themes/mine/theme.toml"
    toml.write_text(toml.read_text("utf-8").replace("§", "¶"), "utf-8")
    assert "¶A".encode() in built(tmp_path, '[site]\ntheme = "mine"')["index.html"]


# ------------------------------------------------------------------------------------------------ README


@pytest.mark.parametrize("name", ["broadsheet", "lite"])
def test_every_option_is_in_the_readme(name: str) -> None:
    table = (ROOT / "README.md").read_text("utf-8").partition(f"Options of `{name}`:")[2].split("\n\n")[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    options = theme.described(theme.find(name, Path("/nowhere")))
    said = {row[0].strip("`"): (json.loads(row[1].strip("`")), row[3]) for row in rows}
    assert said == {
        key: (list(o.default) if isinstance(o.default, tuple) else o.default, o.about) for key, o in options.items()
    }
    for row in rows:
        for choice in options[row[0].strip("`")].choices:
            assert str(choice) in row[2]
