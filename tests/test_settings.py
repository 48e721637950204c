"""`site.toml` → `Site`: every mistake is told at once, with the nearest valid name; what is not set has a default."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import settings
from site_builder.errors import SiteError
from site_builder.settings import MenuItem, Site


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return tmp_path


def load(content: Path, text: str | bytes) -> Site:
    (content / "site.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return settings.load(content, Path("out"), 1)


def mistakes(content: Path, text: str | bytes) -> str:
    with pytest.raises(SiteError) as caught:
        load(content, text)
    assert caught.value.where == str(content / "site.toml")
    assert "\n" not in caught.value.message
    return caught.value.message


def test_without_a_file_all_is_default(content: Path) -> None:
    site = settings.load(content, Path("out"), 3)
    assert site == Site(content, Path("out"), 3)
    assert settings.load(content, Path("out")).jobs >= 1


def test_an_empty_file_is_no_file(content: Path) -> None:
    assert load(content, "") == load(content, b"\xef\xbb\xbf# only a comment\n") == Site(content, Path("out"), 1)


def test_every_table_is_read(content: Path) -> None:
    site = load(
        content,
        '[site]\ntitle = "Été"\nbase_url = "https://example.org/sub/"\n[urls]\nindex_html = false\n'
        '[pages]\nterms = ["tags"]\nlist_size = 7\n[feeds]\nformats = []\n[markup]\nremote_images = true\n'
        '[import]\nyear = "2017"\n[robots]\nrights = "disallow"\n'
        '[[menu]]\ntitle = "About"\nurl = "about.html"\n[extra]\nanything = {a = [1, 2]}\n',
    )
    assert (site.site.title, site.site.base_url, site.address) == ("Été", *("https://example.org/sub",) * 2)
    assert (site.urls.index_html, site.markup.remote_images, site.robots.rights) == (False, True, "disallow")
    assert (site.pages.terms, site.pages.list_size, site.feeds.formats) == (("tags",), 7, ())
    assert (site.import_.year, site.menu) == ("2017", (MenuItem("About", "about.html"),))
    assert site.extra == {"anything": {"a": [1, 2]}}
    assert site.pages.home_size == 24, "what a table does not name keeps its default"


def test_the_command_line_wins(content: Path) -> None:
    (content / "site.toml").write_text('[site]\ntheme = "a"\nbase_url = "https://a.example"\n')
    site = settings.load(content, Path("out"), 2, "b", "https://b.example/")
    assert (site.site.theme, site.site.base_url, site.jobs) == ("b", "https://b.example", 2)


def test_all_mistakes_are_told_at_once_with_the_nearest_name(content: Path) -> None:
    said = mistakes(
        content,
        'colour = 1\n[site]\ntitel = "x"\ntagline = 3\n[pages]\nlist_sise = 3\ncalendar = "yes"\nlist_size = 0\n'
        'terms = ["tag"]\n[feeds]\nformats = "rss"\n[robot]\nindex = true\n',
    ).split("; ")
    assert sorted(said) == [
        "'feeds.formats' must be a list of texts, like [\"a\", \"b\"], not 'rss'",
        "'pages.calendar' must be true or false, not 'yes'",
        "'pages.list_size' must be from 1 to 10000, not 0",
        "'pages.terms' can be tags, people, places, organizations, authors, sections, not 'tag'",
        "'site.tagline' must be text in quotes, not 3",
        "unknown setting 'colour'",
        "unknown setting 'pages.list_sise', did you mean 'pages.list_size'?",
        "unknown setting 'robot', did you mean 'robots'?",
        "unknown setting 'site.titel', did you mean 'site.title'?",
    ]


@pytest.mark.parametrize("name", ["content", "output", "jobs", "import_"])
def test_names_of_the_program_are_no_settings(content: Path, name: str) -> None:
    assert f"unknown setting '{name}'" in mistakes(content, f'{name} = "x"')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("site = 3", "'site' must be a table"),
        ("extra = 3", "'extra' must be a table"),
        ('[[site]]\ntitle = "x"', "'site' must be a table"),
        ("[pages]\nlist_size = true", "'pages.list_size' must be a whole number"),
        ("[pages]\nlist_size = 1.5", "'pages.list_size' must be a whole number"),
        ("[import]\nyear = 2017", "'import.year' must be text in quotes"),
        ('[import]\nyear = "17"', "'import.year' must be four digits"),
        ('[import]\nyear = "٢٠١٧"', "'import.year' must be four digits"),
        ('[import]\nlanguage = "klingon language"', "'import.language' must be a language tag"),
        ('[site]\nlanguage = ""', "'site.language' must be a language tag"),
        ("[site]\nlanguage = 'en\"><script>'", "'site.language' must be a language tag"),
        ('[site]\ntitle = "a\\u0000b"', "'site.title' holds a control character"),
        ('[[menu]]\ntitle = "a\\u0007"\nurl = "b"', "'menu' holds a control character"),
        ('[[menu]]\ntitle = "a"', "'menu' must be a list of tables with title and url"),
        ('[[menu]]\ntitle = "a"\nurl = "b"\nicon = "c"', "'menu' must be a list of tables with title and url"),
        ('[robots]\nrights = "maybe"', "'robots.rights' can be allow, disallow, not 'maybe'"),
        ('[feeds]\nformats = ["rss", "rss"]', "'feeds.formats' names one of its values twice"),
        ('[pages]\nterms = ["tags", "tags"]', "'pages.terms' names one of its values twice"),
        ("[import.fields]\ntxt = 'a'", "unknown setting 'import.fields.txt', did you mean 'import.fields.text'?"),
        ("[import.fields]\ntext = 3", "'import.fields.text' must be text in quotes"),
        ("[import]\nfields = 'text'", "'import.fields' must be a table"),
        ("[import]\nmax_megabytes = 99999", "'import.max_megabytes' must be from 1 to 10000"),
    ],
)
def test_values_that_can_not_be_are_refused(content: Path, text: str, said: str) -> None:
    assert said in mistakes(content, text)


@pytest.mark.parametrize(
    "address",
    [
        *("example.org", "//example.org", "javascript:alert(1)", "ftp://example.org", "https://", "https:///path"),
        *("https://example.org/?q", "https://example.org/#f", "https://[::1", "https://example.org:99999999"),
        *("https://example.org/a b", 'https://example.org/\\"><script>', "https://example.org/a\\nb"),
    ],
)
def test_a_base_url_must_be_a_web_address(content: Path, address: str) -> None:
    assert "'site.base_url' must be a web address" in mistakes(content, f'[site]\nbase_url = "{address}"')


@pytest.mark.parametrize(
    "address", ["https://example.org", "http://localhost:8000", "https://user.example/a/b", "HTTPS://[::1]:80/x"]
)
def test_a_base_url_loses_its_last_slash_and_nothing_else(content: Path, address: str) -> None:
    assert load(content, f'[site]\nbase_url = "{address}//"').site.base_url == address


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[site]\ntitle = x", "is not TOML"),
        (b"[site]\ntitle = 'a'\ntitle = 'b'", "is not TOML"),
        (b"[site]\ntitle = 'Caf\xe9'", "is not UTF-8"),
        (b"\x00", "is not TOML"),
        (b"a = " + b"[" * 5000, "nested too deep"),
    ],
)
def test_a_file_that_is_no_toml_is_named(content: Path, raw: bytes, said: str) -> None:
    assert said in mistakes(content, raw)


def test_a_folder_in_the_place_of_the_file_is_named(content: Path) -> None:
    (content / "site.toml").mkdir()
    with pytest.raises(SiteError, match=r"site\.toml: is not a plain file"):
        settings.load(content, Path("out"))


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_file_gives_settings_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    try:
        load(tmp_path_factory.getbasetemp(), text.encode("utf-8", "replace") if isinstance(text, str) else text)
    except SiteError as error:
        assert error.message


def test_the_digest_follows_what_pages_show_and_nothing_else(content: Path) -> None:
    site = Site(content, Path("out"))
    same = [
        replace(site, output=Path("elsewhere"), jobs=9, content=Path("moved")),
        replace(site, import_=settings.Import(year="2017")),
    ]
    assert {one.digest() for one in same} == {site.digest()}
    other = [
        replace(site, site=settings.About(title="x")),
        replace(site, extra={"a": 1}),
        replace(site, extra={"a": {"b": 1}}),
        replace(site, menu=(MenuItem("a", "b"),)),
        replace(site, markup=settings.Markup(True)),
    ]
    assert len({one.digest() for one in [site, *other]}) == len(other) + 1
    one_way, other_way = ({"a": 1, "b": {"c": 1, "d": 2}}, {"b": {"d": 2, "c": 1}, "a": 1})
    assert replace(site, extra=one_way).digest() == replace(site, extra=other_way).digest()


def test_every_setting_has_a_default_of_its_own_type() -> None:
    site = Site(Path(), Path())
    for table in ("site", "urls", "pages", "feeds", "markup", "import_", "robots"):
        for field in fields(getattr(site, table)):
            value = getattr(getattr(site, table), field.name)
            assert type(value).__name__ in str(field.type)
