"""The words of the interface: every language says all of them, in every plural form, with the same values filled in."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from site_builder import locales, theme, wording
from site_builder.errors import SiteError
from tests import sites

LANGUAGES = sorted(file.stem for file in wording.FOLDER.glob("*.toml"))
THEMES = Path(__file__).parents[1] / "themes"


def table(language: str) -> dict[str, Any]:
    return tomllib.loads((wording.FOLDER / f"{language}.toml").read_text("utf-8"))


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_six_languages_at_least() -> None:
    assert {"en", "es", "fr", "de", "ru", "ar"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_and_values(language: str) -> None:
    ours, english = table(language), table("en")
    assert list(wording.keys(ours)) == list(wording.keys(english)), "the same keys in the same order"
    for key, text in english["text"].items():
        assert values(ours["text"][key]) == values(text), key
        assert ours["text"][key].strip(), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_that_the_language_has_and_no_other(language: str) -> None:
    for key, forms in table(language)["plural"].items():
        assert set(forms) == locales.plural_categories(language), key
        wanted = values(table("en")["plural"][key]["other"])
        for form, text in forms.items():
            # "one article" need not show its number where the form is of no other number.
            assert values(text) <= wanted, (key, form)
            if form == "other" or language not in ("ar",):
                assert values(text) == wanted, (key, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_without_its_number_is_of_one_number(language: str) -> None:
    rule = locales.plural_rule(language)
    for key, forms in table(language)["plural"].items():
        for form, text in forms.items():
            if "{n}" not in text and "{n}" in table("en")["plural"][key]["other"]:
                assert sum(rule(number) == form for number in range(10_000)) == 1, (key, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_all_can_be_said(language: str) -> None:
    assert wording.problems(language) == []
    said = wording.spoken(language)
    for number in (0, 1, 2, 3, 5, 11, 21, 100, 1_000_000):
        assert said.counted("articles", number)


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("en", 1, "1 article"),
        ("en", 12345, "12,345 articles"),
        ("de", 12345, "12.345 Artikel"),
        ("fr", 0, "0 article"),
        ("ru", 21, "21 статья"),
        ("ru", 22, "22 статьи"),
        ("ru", 25, "25 статей"),
        ("ar", 1, "مقال واحد"),
        ("ar", 2, "مقالان"),
        ("ar", 5, "5 مقالات"),
        ("ar", 11, "11 مقالًا"),
        ("es", 2_000_000, "2.000.000 de artículos"),
        ("pt-BR", 1, "1 article"),
        ("pt-BR", 0, "0 articles"),
    ],
)
def test_numbers_choose_their_form(language: str, number: int, text: str) -> None:
    assert wording.spoken(language).counted("articles", number) == text


def test_a_language_without_a_file_speaks_english_and_says_so() -> None:
    (problem,) = wording.problems("pt-BR")
    assert "'pt-BR'" in problem.message and "words/pt.toml" in problem.hint
    assert wording.problems("en-GB") == [] and wording.problems("es-MX") == []


def test_a_theme_adds_a_language_with_one_file_and_what_it_lacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "pt.toml").write_text(
        '[text]\nfront_page = "Capa"\n[plural.articles]\none = "{n} artigo"\nother = "{n} artigos"\n'
    )
    (tmp_path / "en.toml").write_text('[text]\nskip = "Down"\n')
    said = wording.load("pt", (str(tmp_path),), "1")
    assert (said.text("front_page"), said.text("skip"), said.counted("articles", 2)) == ("Capa", "Down", "2 artigos")
    (problem,) = wording.problems("pt", (str(tmp_path),))
    assert problem.where == str(tmp_path / "pt.toml") and re.match(
        r"lacks \d+ words, which are in English", problem.message
    )
    assert wording.load("es", (str(tmp_path),), "1").text("skip") == "Ir al contenido", "Spanish goes before English"


@pytest.mark.parametrize(
    "text",
    [
        "[text",
        "[text]\nskip = 3",
        '[text]\nskip = "{"',
        '[text]\nskip = "{0.x}"',
        '[plural.articles]\none = "x"',
        "text = 3",
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "pt.toml").write_text(text)
    with pytest.raises(SiteError) as caught:
        wording.load("pt", (str(tmp_path),), text)
    assert caught.value.where == str(tmp_path / "pt.toml")


# ----------------------------------------------------------------------------------------------- templates


_WORDS = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize("template", sorted(THEMES.rglob("*.html")), ids=lambda path: path.stem)
def test_no_template_has_words_of_its_own(template: Path) -> None:
    """Texts between tags and in the attributes that people hear; names of formats are the same in every language."""
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text("utf-8"), flags=re.DOTALL)
    said = re.findall(r"(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"", text)
    said += re.findall(r">([^<>]+)<", re.sub(r"<!doctype html>|<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL))
    formats = {"RSS", "Atom", "JSON", "Feed", "SHA", "Chicago", "MLA", "APA", "BibTeX", "RIS"}
    assert [word for piece in said for word in _WORDS.findall(piece) if word not in formats] == []


def test_a_word_that_does_not_exist_is_told_with_its_line(tmp_path: Path) -> None:
    sites.write(tmp_path, {"themes/mine/theme.toml": "", "themes/mine/templates/page.html": '\n{{ t("nobody") }}'})
    with pytest.raises(SiteError, match="no text 'nobody'") as caught:
        theme.render(theme.find("mine", tmp_path), "page.html", {})
    assert caught.value.where.endswith("page.html:2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_speaks_its_language_and_an_article_its_own(tmp_path: Path, language: str) -> None:
    sites.write(
        tmp_path,
        {
            "content/site.toml": f'[site]\nlanguage = "{language}"\n',
            "content/articles/a.md": "---\ntitle: Hola\nlanguage: es\ndate: 1998~\nauthors: [Ana, Eva]\n---\n\nHola.\n",
            "content/articles/b.md": "---\ntitle: Hello\nlanguage: en\ndate: 2017-04-12\n---\n\nHello.\n",
        },
    )
    assert sites.build(tmp_path).problems == ()
    said = wording.spoken(language)
    pages = dict(sites.pages(tmp_path / "output"))
    home = pages["index.html"]
    (html,) = home.all("html")
    assert html["lang"] == language and html["dir"] == ("rtl" if language == "ar" else "ltr")
    assert said.counted("articles", 2) in "".join(home.texts["p"])
    (html,) = pages["1998/hola.html"].all("html")
    assert (html["lang"], html["dir"]) == ("es", "ltr")
    text = "".join(pages["1998/hola.html"].texts["p"])
    assert said.text("about", date="1998") in text
    assert f"Ana{said.text('by_last')}Eva" in text
    assert said.text("not_found") in pages["404.html"].texts["h1"]


def test_a_changed_file_of_words_makes_the_pages_anew(tmp_path: Path) -> None:
    """Law 1: those of a theme; the program's are part of what `program_version` covers."""
    words = {"themes/mine/theme.toml": 'extends = "broadsheet"', "themes/mine/words/en.toml": '[text]\nskip = "Down"\n'}
    sites.write(tmp_path, words | {"content/site.toml": '[site]\ntheme = "mine"\n'})
    sites.build(tmp_path)
    assert b">Down<" in (tmp_path / "output/404.html").read_bytes()
    sites.write(tmp_path, {"themes/mine/words/en.toml": '[text]\nskip = "To the text"\n'})
    assert sites.build(tmp_path).written
    assert b">To the text<" in (tmp_path / "output/404.html").read_bytes()
    assert sites.differences(sites.read(tmp_path / "output"), sites.clean(tmp_path, tmp_path / "clean")[0]) == []
