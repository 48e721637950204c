"""Site paths: slugs that are safe everywhere, values ↔ paths, and links that lead where they say."""

from __future__ import annotations

import posixpath
import unicodedata
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import urls

ANY = st.text(max_size=120)
DEVICES = ("CON", "prn", "Aux", "NUL", "com1", "COM9", "lpt0", "LPT1", "com¹", "LPT³")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Moon Landing!", "moon-landing"),
        ("It's O'Neil’s", "its-oneils"),
        ("Été à Paris", "été-à-paris"),
        ("E\u0301te\u0301", "été"),
        ("月面着陸", "月面着陸"),
        ("هبوط على القمر", "هبوط-على-القمر"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\0b\\c:d", "a-b-c-d"),
        ("safe \u202egnp.exe", "safe-gnp-exe"),
        ("C++", "c"),
        ("", "untitled"),
        ("???", "untitled"),
        ("😀", "untitled"),
    ],
)
def test_slugs_keep_letters_of_every_script(text: str, slug: str) -> None:
    assert urls.slugify(text) == slug


@given(ANY)
def test_every_slug_is_a_safe_path_part(text: str) -> None:
    slug = urls.slugify(text)
    assert 0 < len(slug.encode()) <= urls.MAX_SLUG_BYTES
    assert slug == unicodedata.normalize("NFC", slug)
    assert not set(slug) & set('/\\:*?"<>|.% #&\0\n\t')
    assert all(unicodedata.category(c)[0] in "LNM" for c in slug.replace("-", "x"))
    assert urls.slugify(slug) == slug
    assert urls.output_path(f"{slug}.html") == f"{slug}.html"


@given(st.text("aé月-_ ", max_size=200))
def test_long_titles_are_cut_between_characters_and_rather_between_words(text: str) -> None:
    slug = urls.slugify(text)
    assert len(slug.encode()) <= urls.MAX_SLUG_BYTES and not slug.startswith("-") and not slug.endswith("-")


@pytest.mark.parametrize("name", DEVICES)
def test_names_of_windows_devices_are_changed(name: str) -> None:
    assert urls.slugify(name) == f"{name.casefold()}-"
    assert urls.slugify(f"{name} news") == f"{name.casefold()}-news"


def test_terms_whose_slugs_fall_together_are_told_apart() -> None:
    names = ["C", "C++", "C#", "C*", "", "?", "!", "x" * 90, "x" * 91, "😀 smile", "smile"]
    slugs = [urls.term_slug(name) for name in names]
    assert len({*slugs}) == len(slugs)
    assert urls.term_slug("Syria") == urls.term_slug("syria") == "syria"
    assert urls.term_slug("É+") == urls.term_slug("E\u0301+")


@given(ANY)
def test_every_term_has_a_folder(name: str) -> None:
    folder = urls.term("tags", urls.term_slug(name))
    assert urls.output_path(folder) == f"{folder}index.html"
    assert len(urls.term_slug(name).encode()) <= urls.MAX_SLUG_BYTES + 7


@pytest.mark.parametrize(
    ("bucket", "path"),
    [
        (("2017", "04", "12"), "2017/04/12/slug.html"),
        (("2017", "04"), "2017/04/slug.html"),
        (("2017",), "2017/slug.html"),
        ((), "undated/slug.html"),
    ],
)
def test_the_path_of_an_article_is_as_long_as_its_date_is_known(bucket: tuple[str, ...], path: str) -> None:
    assert urls.article(bucket, "slug") == path
    assert urls.parse_article(path) == (bucket, "slug")


@pytest.mark.parametrize("path", ["", "2017/04/12/", "tags/syria/index.html", "about.html", "2017/4/12/x.html", "a/b"])
def test_what_is_no_article_is_none(path: str) -> None:
    assert urls.parse_article(path) is None


def test_every_kind_of_page_has_its_place() -> None:
    assert urls.front("2017", "04") == "2017/04/"
    assert urls.chunk("tags/syria/2017/", 2) == "tags/syria/2017/part-2.html"
    assert urls.term("tags", "syria", "2017") == "tags/syria/2017/"
    assert (urls.index("tags"), urls.index("tags", "É")) == ("tags/", "tags/a-z-é.html")
    assert (urls.standing("about.md"), urls.standing("help/How To.md")) == ("about.html", "help/how-to.html")
    assert (urls.sitemap(), urls.sitemap("2017-04")) == ("sitemap.xml", "sitemap-2017-04.xml")


# ------------------------------------------------------------------------------------------- files and links


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/etc/passwd",
            "../x.html",
            "a/../../x.html",
            "a/..",
            "a/./b.html",
            "a//b.html",
            "a\\..\\b",
            "//host/x",
            "..",
        ),
        *("a\0b.html", "a\nb.html", "a\x7f.html", "a\ud800.html", "x" * 256, f"a/{'é' * 128}.html"),
        *(".site-builder/ledger.sqlite3", ".SITE-BUILDER/x.html", ".site-builder", "a/" * 600),
    ],
)
def test_no_path_leaves_the_site_or_is_none(path: str) -> None:
    with pytest.raises(ValueError, match="no path inside the site"):
        urls.output_path(path)


@given(ANY)
def test_a_path_is_refused_or_stays_inside(path: str) -> None:
    try:
        file = urls.output_path(path)
    except ValueError:
        return
    assert posixpath.normpath(file) == file
    assert not file.startswith(("/", "../")) and "\\" not in file


def test_folders_are_served_by_their_index() -> None:
    assert urls.output_path("") == "index.html"
    assert urls.output_path("2017/04/") == "2017/04/index.html"


@pytest.mark.parametrize(
    ("one", "other"), [("A.html", "a.html"), ("é.html", "e\u0301.html"), ("STRASSE", "straße"), ("ſ", "s")]
)
def test_paths_that_some_file_systems_take_for_one_fold_together(one: str, other: str) -> None:
    assert urls.fold(one) == urls.fold(other)


PATHS = st.lists(st.text("ab é月%#?&+ ", min_size=1, max_size=5), min_size=0, max_size=4).flatmap(
    lambda parts: st.sampled_from(["/".join(parts) + "/" if parts else "", "/".join([*parts, "x.html"])])
)


@given(PATHS, PATHS, st.booleans())
def test_a_relative_link_leads_to_its_page_from_any_page_under_any_path(here: str, there: str, index: bool) -> None:
    base = "https://example.org/sub/path/"
    link = urls.link(urls.root(here), there, index)
    reached = urljoin(base + urls.encode(here, False), link)
    assert unquote(reached.removeprefix(base)).removesuffix("index.html" if index else "") == there
    assert "://" not in link and not link.startswith("/")


def test_a_full_address_needs_one_slash() -> None:
    assert urls.absolute("https://example.org/sub/", "été/") == "https://example.org/sub/%C3%A9t%C3%A9/"
    assert urls.absolute("https://example.org", "") == "https://example.org/"
    assert urls.absolute("https://example.org", "a/", index_html=True) == "https://example.org/a/index.html"
