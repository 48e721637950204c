"""Markdown files: tolerant reading, exact problems, the direct road through plain YAML, and writing."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import documents, front_matter
from site_builder.model import Article, Image, Media, Note, Source

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), max_size=30).map(
    lambda text: " ".join(text.split())
)
WORDS = st.text("abcXYZ 019.:-'\"[]{},#&*!|>%@`?~\\’é_/+()", max_size=14)
LINE = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["title", "tags", "a-b", "true", "null", " x", "9", ""]),
    st.sampled_from([": ", ":", " : ", ":  "]),
    st.one_of(
        WORDS,
        st.sampled_from(
            ["no", "null", "~", "1.10", "007", "2017-04-12", "12:30", "- a", "|", '"a b"', "'it''s'", "[]"]
        ),
        st.lists(WORDS, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    ),
    st.sampled_from(["", "", " ", " # note"]),
)


def read(text: str | bytes, path: str = "articles/file.md") -> tuple[Article | None, list[str]]:
    raw = text.encode() if isinstance(text, str) else text
    document, problems = documents.read(raw, path)
    if document:
        assert documents.body(raw, document.start) == document.article.body
    return document.article if document else None, [str(problem) for problem in problems]


@settings(max_examples=2000, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=4).map("\n".join))
def test_the_direct_road_equals_yaml(front: str) -> None:
    plain = front_matter._parse_plain(front)
    if plain is not None:
        assert repr(_typed(plain)) == repr(_typed(yaml.load(front, front_matter._Loader)))


def _typed(table: dict[str, object]) -> list[object]:
    """The values with their types: of two equal texts one may be a bare number."""
    return [
        (key, type(one), one) for key, value in table.items() for one in (value if type(value) is list else [value])
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        Article,
        title=TEXT.filter(bool),
        body=TEXT,
        date=st.sampled_from(["", "2017-04-12", "XXXX-04-12?", "1957~", "2017-04-12T18:05:00+02:00"]),
        authors=st.lists(TEXT.filter(bool), max_size=3, unique=True).map(tuple),
        section=TEXT,
        summary=TEXT,
        images=st.lists(st.builds(Image, TEXT, TEXT, TEXT), max_size=2).map(tuple),
        media=st.lists(st.builds(Media, st.just("video"), TEXT), max_size=2).map(tuple),
        notes=st.lists(st.builds(Note, st.just("legal"), TEXT.filter(bool)), max_size=2).map(tuple),
        source=st.builds(Source, TEXT, TEXT),
    )
)
def test_what_is_written_reads_back(article: Article) -> None:
    back, problems = read(documents.write(article))
    assert not problems and back
    for name in ("title", "date", "authors", "section", "summary", "images", "media", "notes", "source"):
        assert getattr(back, name) == getattr(article, name), name
    assert back.body.strip("\n") == article.body.strip("\n")


def test_a_day_of_publication_is_the_date_where_there_is_no_other() -> None:
    for key in ("publishDate", "publishdate", "pubDate", "pubdate"):
        document, problems = documents.read(f"---\ntitle: A\n{key}: 2017-01-02\n---\nB\n".encode(), "articles/a.md")
        assert document and document.article.date == "2017-01-02" and not problems
    document, _ = documents.read(b"---\ntitle: A\npublishDate: 2018-01-01\ndate: 2017-01-02\n---\nB\n", "articles/a.md")
    assert document and document.article.date == "2017-01-02"
    assert document.article.extra["publishDate"] == "2018-01-01"


def test_other_generators_names() -> None:
    article, problems = read(
        "---\nauthor: Ann Lee\ncategories: [World, Asia]\ndescription: D\ndraft: true\nlastmod: 2017-01-02\n"
        "weight: 3\nversion: 007\n---\n# Not the title\n"
    )
    assert article and not problems
    assert article.authors == ("Ann Lee",) and article.section == "World" and article.tags == ("Asia",)
    assert article.summary == "D" and article.status == "draft" and article.updated == "2017-01-02"
    assert article.extra["weight"] == 3 and article.extra["version"] == "007"
    assert article.title == "Not the title" and article.body == ""


def test_numbers_in_quotes_are_texts_and_bare_ones_are_kept_to_the_letter() -> None:
    article, problems = read(
        '---\nid: "7"\nweight: 7\nshare: 0.5\nversion: 1.10\nparams:\n  a: "0.5"\n  b: -3\n  c: [7, "7", 1e5, null]\n---\n'
    )
    assert article and not problems
    expected = {
        "weight": 7,
        "share": 0.5,
        "version": "1.10",
        "params": {"a": "0.5", "b": -3, "c": [7, "7", "1e5", None]},
    }
    assert article.extra == expected
    article, problems = read('+++\ncode = "7"\nweight = 7\n+++\n')
    assert article and article.extra == {"code": "7", "weight": 7}


def test_toml_bom_crlf_and_no_front_matter() -> None:
    article, _ = read(b'\xef\xbb\xbf+++\r\ntitle = "T"\r\ndate = 2017-04-12\r\n+++\r\nBody\r\n')
    assert article and (article.title, article.date, article.body) == ("T", "2017-04-12", "Body\n")
    article, _ = read("Only text.", "articles/2013-02-14-on-the-day.md")
    assert article and (article.title, article.date) == ("on the day", "2013-02-14")
    article, _ = read("---\n\nA rule first.\n")
    assert article and article.body.startswith("---")


def test_norway_is_no_boolean_and_dates_stay_text() -> None:
    article, _ = read("---\ntitle: 1.10\nlanguage: no\nsection: trueborn\ntags: [yes, 12:30, 1957, nullity]\n---\n")
    assert article and (article.title, article.language) == ("1.10", "no")
    assert article.tags == ("yes", "12:30", "1957", "nullity")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\ntitle: A\ntitle: B\n---\n", 3, "twice"),
        ("---\na: &x [1]\nb: *x\n---\n", 2, "anchor"),
        ("---\ntitle: !!python/object x\n---\n", 2, "tag"),
        ("---\na: " + "[" * 50 + "]" * 50 + "\n---\n", 2, "nested"),
        ("---\n" + "\n".join("- " * i + "a: b" for i in range(1, 40)) + "\n---\n", 0, ""),
        ("---\ntitle: a: b\n---\n", 2, "quotes"),
        ("---\ntitle: x\nbody\n", 1, "not closed"),
        ("---\n- a\n---\n", 2, "keys and values"),
        ('+++\ntitle = "a\n+++\n', 2, "TOML"),
        ("", 0, "empty"),
        ("---\ntitle: " + "x" * 300_000 + "\n---\n", 2, "longer"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    article, problems = read(text)
    assert article is None and len(problems) == 1
    assert problems[0].startswith("articles/file.md") and message in problems[0]
    assert not line or f"file.md:{line}:" in problems[0]


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ("title: T\ndate: 2017-02-31", 3, "not a day of the calendar"),
        ("title: T\nstatus: gone", 3, "not one of"),
        ("title: T\nauthors: [[a]]", 3, "list of texts"),
        ("title: T\nsummary: {a: b}", 3, "must be text"),
        ("title: T\nimages: [{src: a, size: 3}]", 3, "unknown key 'size'"),
    ],
)
def test_a_bad_value_costs_itself_and_not_the_article(front: str, line: int, message: str) -> None:
    article, problems = read(f"---\n{front}\n---\nBody")
    assert article and article.title == "T" and article.body == "Body"
    assert len(problems) == 1 and f"file.md:{line}:" in problems[0] and message in problems[0]


def test_bytes_that_are_no_text() -> None:
    article, problems = read(b"---\ntitle: Caf\xe9\n---\n")
    assert article and article.title == "Café" and "Windows-1252" in problems[0] and "file.md:2" in problems[0]
    assert read(b"\x89PNG\0\0\xff")[0] is None
    article, problems = read("---\ntitle: A\x07B\n---\nC\x00D")
    assert article and (article.title, article.body) == ("AB", "CD") and "2 control characters" in problems[0]


def test_direction_controls_leave_names_and_titles() -> None:
    article, _ = read("---\ntitle: safe \u202egnp.exe\n---\n")
    assert article and article.title == "safe gnp.exe"
