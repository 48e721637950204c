"""Themes: which file wins, what a template depends on, and one clear sentence for what is wrong with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from site_builder import templates, theme
from site_builder.errors import SiteError
from site_builder.theme import Theme


class Shelf:
    """A folder with themes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, toml: str | bytes = "", **templates: str) -> None:
        """Write a theme, or more of one."""
        folder = self.root / "themes" / name
        (folder / "templates").mkdir(parents=True, exist_ok=True)
        (folder / "theme.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())
        for template, text in templates.items():
            (folder / "templates" / f"{template}.html").write_text(text)

    def find(self, name: str = "mine") -> Theme:
        return theme.find(name, self.root)

    def render(self, text: str, **values: Any) -> str:
        self.put("mine", page=text)
        return theme.render(self.find(), "page.html", values)

    def digest(self, template: str = "page.html") -> bytes:
        return templates.digest(self.find(), template)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def refused(shelf: Shelf, name: str = "mine") -> SiteError:
    with pytest.raises(SiteError) as caught:
        shelf.find(name)
    return caught.value


# -------------------------------------------------------------------------------------------------- finding


def test_the_nearest_theme_wins(shelf: Shelf) -> None:
    shelf.put("mine", 'extends = "yours"', page="mine {% include 'part.html' %}")
    shelf.put("yours", 'extends = "broadsheet"', page="yours", part="your part")
    found = shelf.find()
    assert [folder.name for folder in found.folders] == ["mine", "yours", "broadsheet"]
    assert theme.render(found, "page.html", {}) == "mine your part"


def test_a_theme_beside_the_archive_may_have_the_name_of_ours(shelf: Shelf) -> None:
    shelf.put("broadsheet", page="other")
    assert [folder.parent.parent for folder in shelf.find("broadsheet").folders] == [shelf.root]


def test_static_files_come_from_all_and_never_through_links(shelf: Shelf) -> None:
    shelf.put("mine", 'extends = "yours"')
    shelf.put("yours")
    for path in ("mine/static/a.css", "yours/static/a.css", "yours/static/fonts/b.woff2", "yours/static/.hidden"):
        (shelf.root / "themes" / path).parent.mkdir(parents=True, exist_ok=True)
        (shelf.root / "themes" / path).write_text(path)
    (shelf.root / "themes/mine/static/passwd").symlink_to("/etc/passwd")
    files = theme.static_files(shelf.find())
    assert {name: path.read_text() for name, path in files.items()} == {
        "a.css": "mine/static/a.css",
        "fonts/b.woff2": "yours/static/fonts/b.woff2",
    }


@pytest.mark.parametrize("name", ["", ".", "..", "../themes/mine", "mine/", "/etc", "nobody", "nul\0"])
def test_a_name_that_is_no_theme_is_answered_with_those_there_are(shelf: Shelf, name: str) -> None:
    shelf.put("mine")
    error = refused(shelf, name)
    assert error.message == f"there is no theme '{name}'"
    assert error.hint == "themes here: broadsheet, lite, mine"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('extends = "mine"', "theme 'mine' extends itself"),
        ('extends = "ring"', "theme 'mine' extends itself"),
        ('extends = "nobody"', "there is no theme 'nobody'"),
        ('extends = "../mine"', "there is no theme '../mine'"),
        ("extends = 3", "'extends' must be the name of a theme"),
        ("extends =", "is not TOML"),
        (b"\xff", "is not TOML"),
        ("a = " + "[" * 5000, "is not TOML"),
    ],
)
def test_a_broken_theme_toml_is_named(shelf: Shelf, toml: str | bytes, said: str) -> None:
    shelf.put("mine", toml)
    shelf.put("ring", 'extends = "mine"')
    error = refused(shelf)
    assert said in error.message
    assert "nobody" in said or "../" in said or error.where == str(shelf.root / "themes/mine/theme.toml")


def test_a_kept_environment_is_never_used_for_a_changed_theme(shelf: Shelf) -> None:
    assert shelf.render("one") == "one"
    assert shelf.render("two") == "two"


def test_files_of_themes_below_can_be_left_out(shelf: Shelf) -> None:
    shelf.put("mine", 'extends = "yours"\nwithout = ["a.css"]')
    shelf.put("yours", 'without = ["b.css"]')
    for path in ("mine/static/c.css", "yours/static/a.css", "yours/static/b.css"):
        (shelf.root / "themes" / path).parent.mkdir(exist_ok=True)
        (shelf.root / "themes" / path).write_text(path)
    assert list(theme.static_files(shelf.find())) == ["b.css", "c.css"]
    shelf.put("mine", "without = 3")
    assert "'without' must be a list of static files" in refused(shelf).message


# ------------------------------------------------------------------------------------------------ rendering


def test_one_block_is_overridden_by_naming_the_theme_below(shelf: Shelf) -> None:
    shelf.put(
        "mine", 'extends = "yours"', page='{% extends "yours/page.html" %}{% block a %}mine {{ super() }}{% endblock %}'
    )
    shelf.put("yours", 'extends = "ours"', other="other")
    shelf.put("ours", page="{% block a %}a{% endblock %}{% block b %}b{% include 'other.html' %}{% endblock %}")
    assert theme.render(shelf.find(), "page.html", {}) == "mine abother"
    before = shelf.digest()
    shelf.put("ours", page="{% block a %}A{% endblock %}")
    assert shelf.digest() != before
    before = shelf.digest()
    shelf.put("yours", 'extends = "ours"', page="{% block a %}nearer{% endblock %}")
    assert shelf.digest() != before
    assert theme.render(shelf.find(), "page.html", {}) == "mine nearer"


def test_every_value_is_escaped_whatever_the_template_is_called(shelf: Shelf) -> None:
    assert shelf.render("{{ x }}", x="<b>&\"'") == "&lt;b&gt;&amp;&#34;&#39;"
    assert shelf.render("{{ x }}", x=theme.Markup("<b>")) == "<b>"
    assert shelf.render("{{ '%s' | format(x) }}{{ x ~ '<' }}", x="<b>") == "&lt;b&gt;&lt;b&gt;&lt;"


def test_content_is_never_a_template(shelf: Shelf) -> None:
    assert shelf.render("{{ x }}", x="{{ 7 * 7 }}{% include 'page.html' %}").startswith("{{ 7 * 7 }}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n{{ nobody }}", "'nobody' is undefined"),
        ("\n{{ x.y.z }}", "has no attribute 'y'"),
        ("\n{{ 1 / 0 }}", "division by zero"),
        ("\n{{ x + 1 }}", "TypeError"),
        ("\n{{ [].pop() }}", "pop from empty list"),
        ("\n{% if %}", "Expected an expression"),
        ("\n{% include 'nobody.html' %}", "nobody.html"),
        ("\n{% include 'page.html' %}", "recursion"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_file_and_line(shelf: Shelf, text: str, said: str) -> None:
    with pytest.raises(SiteError) as caught:
        shelf.render(text, x={})
    assert said in caught.value.message
    assert caught.value.where == f"{shelf.root}/themes/mine/templates/page.html:2"


def test_a_template_that_does_not_exist_is_told_with_its_theme(shelf: Shelf) -> None:
    shelf.put("mine")
    for function in (lambda: theme.render(shelf.find(), "a.html", {}), lambda: shelf.digest("a.html")):
        with pytest.raises(SiteError, match=r"a\.html") as caught:
            function()
        assert "mine" in str(caught.value)


# -------------------------------------------------------------------------------------------------- digests


@pytest.mark.parametrize(
    "reference",
    [
        "{% include 'part.html' %}",
        '{%- include "part.html" -%}',
        "{% include 'part.html' ignore missing with context %}",
        "{% include ['other.html', 'part.html'] %}",
        "{% extends 'part.html' %}",
        "{% import 'part.html' as part %}",
        "{% from 'part.html' import x %}",
        "{{ shared('part.html') }}",
        "{% include 'between.html' %}",
    ],
)
def test_a_digest_follows_all_that_a_template_draws_in(shelf: Shelf, reference: str) -> None:
    shelf.put("mine", page=reference, part="one", other="one", unused="one", between="{% include 'part.html' %}")
    before = shelf.digest()
    shelf.put("mine", unused="two")
    assert shelf.digest() == before
    shelf.put("mine", part="two")
    assert shelf.digest() != before


def test_a_digest_follows_a_template_that_appears(shelf: Shelf) -> None:
    shelf.put("mine", page="{% include 'part.html' ignore missing %}")
    before = shelf.digest()
    shelf.put("mine", part="")
    assert shelf.digest() != before


def test_a_digest_follows_the_theme_that_wins(shelf: Shelf) -> None:
    shelf.put("mine", 'extends = "yours"')
    shelf.put("yours", page="yours")
    before = shelf.digest()
    shelf.put("mine", 'extends = "yours"', page="mine")
    assert shelf.digest() != before


def test_templates_that_include_each_other_have_a_digest(shelf: Shelf) -> None:
    shelf.put("mine", page="{% include 'part.html' %}", part="{% if x %}{% include 'page.html' %}{% endif %}")
    assert shelf.digest() == shelf.digest("part.html")


def test_a_comment_draws_nothing_in(shelf: Shelf) -> None:
    shelf.put("mine", page="{# {% include name %} #}{# {% include 'part.html' %} #}")
    before = shelf.digest()
    shelf.put("mine", part="new")
    assert shelf.digest() == before


@pytest.mark.parametrize("name", ["name", "'a' ~ name", "[name, 'a.html']", "'a.html' if x else name"])
def test_a_template_named_by_a_value_is_refused_with_its_line(shelf: Shelf, name: str) -> None:
    shelf.put("mine", page=f"\n\n{{% include {name} %}}")
    with pytest.raises(SiteError, match="names a template by a value") as caught:
        shelf.digest()
    assert caught.value.where.endswith("page.html:3")


def test_the_theme_that_comes_along_is_whole() -> None:
    from site_builder.views import VIEWS

    found = theme.find("broadsheet", Path("/nowhere"))
    for name in {view.template for view in VIEWS.values() if view.template}:
        assert len(templates.digest(found, name)) == 16


@given(st.text() | st.text("&<>'\"a;#39 "))
def test_texts_are_escaped_as_by_the_library(text: str) -> None:
    assert theme._Environment.escape(text) == str(escape(text))
