"""Data sets: names of columns, values in many spellings, and every kind of broken row."""

from __future__ import annotations

import io
import json
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import documents, importers
from site_builder.errors import Problem
from site_builder.importers import tables
from site_builder.importers.tables import cells
from site_builder.importers.tables import rows as rows_module
from site_builder.model import Article, Image, Record, Skipped
from site_builder.settings import Fields

STORY = "The council voted on Tuesday to close the old bridge.\nIt will be rebuilt by spring."


def read(raw: str | bytes, max_bytes: int = 1_000_000, **named: str) -> tuple[list[Record], list[Problem]]:
    raw = raw.encode() if isinstance(raw, str) else raw
    found = list(tables.read(io.BufferedReader(io.BytesIO(raw)), "data", max_bytes, tuple(named.items())))
    records = [one for one in found if isinstance(one, Record)]
    for record in records:
        known = {key: value for key, value in record.meta.items() if key not in ("url", "retrieved")}
        article = Article(**{"title": "", **known}, body=record.text)
        document, problems = documents.read(documents.write(article).encode(), "articles/a.md")
        assert document
        assert not problems
        assert document.article.extra.keys() == record.meta.get("extra", {}).keys()
    return records, [one for one in found if isinstance(one, Problem)]


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def only(**values: Any) -> Record:
    (record,), problems = read(lines(values))
    assert not problems
    return record


@pytest.mark.parametrize(
    ("name", "head", "answer"),
    [
        ("a.jsonl", b'{"a"', True),
        ("a.JSON", b"\xef\xbb\xbf [", True),
        ("a.json", b'"text"', False),
        ("a.csv", b"a,b\n", True),
        ("a.tsv", "a\tb".encode("utf-16"), True),
        ("a.csv", b"PK\0\0", False),
        ("a.txt", b'{"a"', False),
        ("a.txt", b'{"a": "b"}', True),
        ("a.txt", b'{"Yes", he said: "no"}', False),
        ("a.txt", b"title,text,date\nBridge,It was closed,2017\n", True),
        ("a", b"\xef\xbb\xbfTitle;Text\r\nBridge;It was closed\r\n", True),
        ("a.txt", "title\ttext\nBridge\tIt was closed\n".encode("utf-16"), True),
        ("a.txt", b'url|body\n\nhttps://a.example/|"It was\nclosed"\n', True),
        ("a.txt", b'title,text\nBridge,"It was closed, ' + b"as the town said. " * 300, True),
        ("a.txt", b"title,text,url\nBridge,It was closed " + b"as the town said " * 300, True),
        ("a.txt", b"title,text,date\nBridge,It was closed\n", False),
        ("a.txt", b"title,text\n", False),
        ("a.txt", b"title,text\n" + b"It was closed as the town said. " * 300, False),
        ("a.txt", b'title,text\nBridge,"It was closed, they said.\n', False),
        ("a.txt", b"title,date\nBridge,2017\n", False),
        ("a.txt", b"text,words\nBridge,2017\n", False),
        ("a.txt", b"title,text,text\na,b,c\n", False),
        ("a.txt", b"title,,text\na,b,c\n", False),
        ("a.txt", b"Title, text and date were missing, the town said\nBridge, river, ferry\n", False),
        ("a.txt", b"The title, the text, the date\n\nOne, two, three\n", False),
        (
            "a.txt",
            b"Text, title, and a date that nobody had seen before in this town or in any other\na, b, c\n",
            False,
        ),
        ("a.md", b"title,text\nBridge,It was closed\n", False),
    ],
)
def test_detect(name: str, head: bytes, answer: bool) -> None:
    assert tables.detect(name, head) is answer


def test_c4() -> None:
    record = only(text=STORY, timestamp="2019-04-25T12:57:54Z", url="https://a.example/x")
    assert record.format == "text"
    assert record.text == STORY
    assert record.part == "line=1"
    assert record.meta == {"retrieved": "2019-04-25T12:57:54Z", "url": "https://a.example/x"}


def test_cc_news() -> None:
    record = only(
        title="Bridge &amp; road",
        text=STORY,
        domain="www.paper.example",
        date="2017-04-12 00:00:00",
        description="A bridge",
        url="https://paper.example/a",
        image_url="https://paper.example/a.jpg",
        authors=["By Ann Lee", "Bo Ek and Cy Day"],
        id=5,
    )
    assert record.meta == {
        "title": "Bridge & road",
        "date": "2017-04-12",
        "publication": "paper.example",
        "summary": "A bridge",
        "url": "https://paper.example/a",
        "images": (Image("https://paper.example/a.jpg"),),
        "authors": ("Ann Lee", "Bo Ek", "Cy Day"),
        "extra": {"columns": {"id": 5}},
    }


def test_news_please_and_newsapi() -> None:
    record = only(
        maintext=STORY, date_publish="2017-04-12 18:05:00", date_download="2018-01-01 01:02:03", language="en"
    )
    assert record.meta == {"date": "2017-04-12T18:05:00", "retrieved": "2018-01-01T01:02:03", "language": "en"}
    answer = {
        "status": "ok",
        "totalResults": 2,
        "articles": [
            {
                "source": {"id": None, "name": "The Paper"},
                "author": "Lee, Ann",
                "publishedAt": "2017-04-12T18:05:00Z",
                "content": STORY + " [+120 chars]",
                "urlToImage": None,
            },
            {"content": STORY, "source": {"name": "Other"}},
        ],
    }
    (first, second), problems = read(json.dumps(answer, indent=2))
    assert first.meta == {"date": "2017-04-12T18:05:00Z", "authors": ("Lee, Ann",), "publication": "The Paper"}
    assert first.repairs == ("the row has only the beginning of the text: [+120 chars]",)
    assert (first.part, second.part, problems) == ("item=1", "item=2", [])


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2017-04-12", "2017-04-12"),
        ("2017-4-2", "2017-04-02"),
        ("20170412", "2017-04-12"),
        ("20170412180500", "2017-04-12T18:05:00"),
        ("2017/04/12 18:05", "2017-04-12T18:05:00"),
        ("2017-04-12T18:05:00.123456+02:00", "2017-04-12T18:05:00+02:00"),
        ("Wed, 12 Apr 2017 18:05:00 GMT", "2017-04-12T18:05:00+00:00"),
        ("Wed, 12 Apr 2017 18:05:00 -0500", "2017-04-12T18:05:00-05:00"),
        ("April 12, 2017", "2017-04-12"),
        (1492020300, "2017-04-12T18:05:00Z"),
        (1492020300000, "2017-04-12T18:05:00Z"),
        ("1492020300", "2017-04-12T18:05:00Z"),
        ("2017", "2017"),
        (20170412, "2017-04-12"),  # not the 242nd million second, a day of 1970
        (20170412180500, "2017-04-12T18:05:00"),
        (2017, "2017"),
        (["2017-04-12"], "2017-04-12"),
        ({"$date": "2017-04-12T18:05:00Z"}, "2017-04-12T18:05:00Z"),
        ({"$date": {"$numberLong": "1492020300000"}}, "2017-04-12T18:05:00Z"),
        ("12.04.2017 18:05", "2017-04-12T18:05:00"),
        ("04/13/2017 6:05 PM", "2017-04-13T18:05:00"),
        ("13-04-2017", "2017-04-13"),
        ("Wed Apr 12 18:05:00 +0000 2017", "2017-04-12T18:05:00+00:00"),
        ("Qua, 12 Abr 2017 18:05:00 -0300", "2017-04-12T18:05:00-03:00"),
        ("Ср, 12 апр 2017 18:05:00 +0300", "2017-04-12T18:05:00+03:00"),
        ("Wed, 12 Apr 2017 18:05:00 BRT", "2017-04-12T18:05:00"),  # a zone that is only a name is not UTC
        ("quarta-feira, 12 de abril de 2017", "2017-04-12"),
        ("None", ""),
        ("NaT", ""),
        (None, ""),
    ],
)
def test_dates(value: Any, date: str) -> None:
    record = only(text=STORY, date=value)
    assert record.meta.get("date", "") == date
    assert not record.repairs


@pytest.mark.parametrize(
    "value", ["04/05/2017", "04-05-2017", "last week", 12, True, {"a": 1}, "2017-02-31", "April 12"]
)
def test_a_date_that_is_not_understood_is_kept_as_it_was(value: Any) -> None:
    record = only(text=STORY, date=value)
    assert "date" not in record.meta
    assert record.meta["extra"]["columns"]["date"] == (value if isinstance(value, int) else str(value))
    assert len(record.repairs) == 1


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ann Lee", ("Ann Lee",)),
        ("By Ann Lee, Bo Ek and Cy Day", ("Ann Lee", "Bo Ek", "Cy Day")),
        ("Lee, Ann", ("Lee, Ann",)),
        ("John Smith, Jr.", ("John Smith, Jr.",)),
        ("Von Anna Lee und Bo Ek", ("Anna Lee", "Bo Ek")),
        ("Ana Ruiz y Luis Gil", ("Ana Ruiz", "Luis Gil")),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Ann Lee; Bo Ek", ("Ann Lee", "Bo Ek")),
        ("['Ann Lee', \"Flann O'Brien\"]", ("Ann Lee", "Flann O'Brien")),
        ('["Ann Lee", null]', ("Ann Lee",)),
        ([], ()),
        ("[]", ()),
        (["None", "nan"], ()),
        ([{"name": "Ann Lee"}, {"name": None}], ("Ann Lee",)),
        ("<a href='/x'>Ann Lee</a>", ("Ann Lee",)),
    ],
)
def test_authors(value: Any, names: tuple[str, ...]) -> None:
    assert only(text=STORY, authors=value).meta.get("authors", ()) == names


def test_sections_and_tags() -> None:
    meta = only(text=STORY, category=["World", "Europe"], keywords="a, b;c|a").meta
    assert (meta["section"], meta["tags"]) == ("World", ("Europe", "a", "b", "c"))
    assert only(text=STORY, category="Arts, Culture").meta["section"] == "Arts, Culture"
    assert only(text=STORY, category=3).meta == {"extra": {"columns": {"category": 3}}}
    assert only(text=STORY, category="3").meta == {"extra": {"columns": {"category": "3"}}}


def test_html_is_a_fragment_and_a_less_than_sign_is_not() -> None:
    assert only(html="<!DOCTYPE html>\n<html><body><p>One</p></body></html>").format == "html"
    assert only(body="<!-- saved --><HTML lang=en><p>One</p>").format == "html"
    assert only(content="<p>One</p><p>Two</p>").format == "fragment"
    assert only(text="if a < b and c > d then").format == "text"


def test_columns_of_no_field_are_kept_within_bounds() -> None:
    record = only(
        text=STORY, status="x", id="7", source="https://a.example", sentiment=0.5, deep={"a": [1]}, big="x" * 3000
    )
    columns = {"status": "x", "id": "7", "source": "https://a.example", "sentiment": 0.5, "deep": {"a": [1]}}
    assert record.meta["extra"] == {"columns": columns}
    assert any("'big' of 3,000 characters" in told for told in record.repairs)


def test_the_settings_can_name_columns(tmp_path: Path) -> None:
    assert [field.name for field in fields(Fields)] == list(tables._known())
    assert Fields(date="wann").named() == (("date", "wann"),)
    (tmp_path / "a.csv").write_text("wann,text\n2017-04-12,Story\n")
    (row,) = importers.read(tmp_path / "a.csv", "a.csv", 1000, fields=(("date", "wann"),))
    assert isinstance(row, Record)
    assert row.meta == {"date": "2017-04-12"}
    (record,), _ = read(lines({"text": "no", "Artikel": STORY, "wann": "2017-04-12"}), text="Artikel", date="wann")
    assert record.text == STORY
    assert record.meta["date"] == "2017-04-12"
    records, (problem,) = read(lines({"title": "A", "prose": STORY}, {"title": "B"}, {"title": "C"}))
    assert not records
    assert problem.message == "3 rows were left out: no text, the first in line 1"
    assert problem.hint == "which column has it? say so in [import.fields]: text = one of title, prose"


def test_broken_lines_are_counted_by_kind() -> None:
    text = lines({"text": STORY}) + "{broken}\n" * 2000 + "[1]\n\n" + lines({"text": "a\0b\x01c\u2028d"}, {"text": ""})
    records, problems = read(text)
    assert [record.part for record in records] == ["line=1", "line=2004"]
    assert records[1].text == "abc\nd"
    assert [(problem.line, problem.message) for problem in problems] == [
        (0, "2,000 rows were left out: not JSON, the first in line 2"),
        (2002, "1 row was left out: no object with named values"),
        (2005, "1 row was left out: no text"),
    ]


def test_bombs() -> None:
    started = time.monotonic()
    huge = b'{"text": "' + b"x" * 50_000_000 + b'"}\n' + lines({"text": STORY}).encode()
    records, problems = read(huge)
    assert [record.part for record in records] == ["line=2"]
    assert "more than 1,000,000 bytes" in problems[0].message
    deep = '{"text": ' + "[" * 100_000 + "\n" + lines({"text": STORY}) + '{"text": "a", "n": ' + "9" * 6000 + "}\n"
    records, problems = read('{"text": "a"}\n' + deep)
    assert [record.part for record in records] == ["line=1", "line=3"]
    assert "not JSON" in problems[0].message
    assert read("[" * 1_000_000)[0] == []
    assert read("[" + '{"a":' * 300_000)[0] == []
    assert read('[{"text": "' + "x" * 3_000_000)[0] == []
    records, _ = read("[" + ",".join(json.dumps({"text": STORY, "n": n}) for n in range(3000)) + "]")
    assert len(records) == 3000
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "part", ["<!--", "<a ", "<p>", "'\\'", "[", "['", " and ", ", ", " ", "&", "&amp;", "\n", '"', "[+", "{{", "1 Jan "]
)
def test_long_cells_end(part: str) -> None:
    cell = part * 60_000
    started = time.monotonic()
    read(lines({"text": f"a{cell}", **dict.fromkeys(("title", "date", "url", "authors", "tags", "summary"), cell)}))
    read(lines({"text": f"[{cell}]", **dict.fromkeys(("title", "authors", "section", "tags", "lang"), f"[{cell}]")}))
    assert time.monotonic() - started < 10


def test_lists_of_all_shapes() -> None:
    rows = [{"text": STORY, "title": str(n)} for n in range(3)]
    for text in (
        json.dumps(rows),
        json.dumps(rows, indent=1),
        json.dumps({"articles": rows}),
        json.dumps({"version": 1, "items": rows}, indent=2),
        json.dumps({"weird name": rows}),
        json.dumps({"weird name": rows}, indent=2),
        "\ufeff" + json.dumps(rows),
    ):
        records, problems = read(text.replace(STORY, STORY * 2) if "weird" in text else text)
        assert [record.meta["title"] for record in records] == ["0", "1", "2"]
        assert not problems
    (record,), _ = read(json.dumps({"title": "One", "text": STORY, "tags": []}, indent=4))
    assert (record.meta["title"], record.part) == ("One", "")


def test_a_json_file_that_is_no_data_set_is_counted() -> None:
    raw = json.dumps({"name": "theme", "version": "1.0", "scripts": {}}, indent=2).encode()
    (skipped,) = tables.read(io.BufferedReader(io.BytesIO(raw)), "package.json", 1000)
    assert skipped == Skipped("package.json", "JSON files without an article's text", 1)
    one_line = b'{"layout": "post", "tags": "news"}'
    (skipped,) = tables.read(io.BufferedReader(io.BytesIO(one_line)), "posts.json", 1000)
    assert skipped == Skipped("posts.json", "JSON files without an article's text", 1)


def test_a_text_in_pieces() -> None:
    row = {
        "title": "Old bridge closes",
        "publishing_date": "2017-04-12 18:05:00+02:00",
        "body": {
            "summary": ["It closes on Tuesday."],
            "sections": [
                {"headline": [], "paragraphs": ["The council voted.", "It was close."]},
                {"headline": ["What < next"], "paragraphs": ["It will be rebuilt."]},
            ],
        },
        "images": [{"versions": [{"url": "https://h.example/a.jpg"}], "caption": "The bridge", "authors": ["Bo Ek"]}],
        "html": {"requested_url": "https://h.example/a", "crawl_date": "2018-01-01"},
    }
    record = only(**row)
    assert record.format == "fragment"
    assert record.text.endswith(
        "<p>The council voted.</p>\n<p>It was close.</p>\n<h2>What &lt; next</h2>\n<p>It will be rebuilt.</p>"
    )
    assert "<figcaption>The bridge</figcaption>" in record.text
    assert record.meta["summary"] == "It closes on Tuesday."
    assert (record.meta["date"], record.meta["url"]) == ("2017-04-12T18:05:00+02:00", "https://h.example/a")
    assert record.meta["retrieved"] == "2018-01-01"
    assert only(text=["One.", "", "Two."]).text == "One.\n\nTwo."


def test_values_within_values() -> None:
    page = {
        "id": 7,
        "date": "2017-04-12T18:05:00",
        "link": "https://h.example/a",
        "author": 3,
        "title": {"rendered": "Pier &#8217;closed&#8217;"},
        "content": {"rendered": "<p>One.</p>", "protected": False},
        "excerpt": {"rendered": "<p>Short.</p>"},
    }
    (record,), _ = read(json.dumps([page]))
    assert (record.text, record.meta["title"], record.meta["summary"]) == ("<p>One.</p>", "Pier ’closed’", "Short.")
    assert "authors" not in record.meta  # a user's number is nobody's name
    assert record.meta["extra"]["columns"]["author"] == 3

    deep = {"response": {"status": "ok", "results": [{"webTitle": "A", "fields": {"bodyText": STORY * 2, "by": "x"}}]}}
    (record,), problems = read(json.dumps(deep, indent=1))
    assert not problems
    assert (record.meta["title"], record.text) == ("A", STORY * 2)
    assert record.meta["extra"]["columns"] == {"fields": {"by": "x"}}

    rows = lines({"a": {"B": {"c d": STORY}, "e": 1}})
    (record,), _ = read(rows, text="a.B.c d")
    assert (record.text, record.meta["extra"]["columns"]) == (STORY, {"a": {"B": {}, "e": 1}})
    (problem,) = read(rows)[1]
    assert problem.hint.endswith("text = one of a.B, a.e")


def test_an_object_of_any_depth_is_weighed() -> None:
    picture = f'"images": [{{"caption": "{STORY * 2}", "more": %s}}]'.replace("\n", " ")
    for depth in range(900, 1000):
        deep = "[" * depth + "]" * depth
        for more in (f'"more": {deep}', picture % deep):
            records, problems = read(json.dumps({"title": "Bridge", "text": STORY})[:-1] + f", {more}}}")
            assert len(records) + len(problems) == 1


def test_an_articles_own_lists_are_no_rows() -> None:
    pictures = [{"caption": "A long caption of the kind that a picture in a newspaper has under it, on and on and on."}]
    records, _ = read(lines({"text": STORY * 3, "images": pictures}, {"text": STORY}))
    assert [record.part for record in records] == ["line=1", "line=2"]


@pytest.mark.parametrize(("value", "language"), [("English", "en"), ("german", "de"), ("pt_BR", "pt-BR"), ("?", "")])
def test_languages_have_names(value: str, language: str) -> None:
    assert only(text=STORY, language=value).meta.get("language", "") == language


def test_a_table_without_rows_is_told() -> None:
    assert read("2014-05-06,A headline,Some text of an article\n")[1][0].message == "is a table without rows"


def test_a_list_with_a_hole() -> None:
    rows = [json.dumps({"text": STORY, "n": n}) for n in range(5)]
    rows[2] = '{"text": "broken" "n": 2}'
    records, problems = read("[" + ",\n".join([*rows, '"text"', "null", "7", rows[0]]))
    assert [record.meta["extra"]["columns"]["n"] for record in records] == [0, 1, 3, 4, 0]
    assert [problem.message for problem in problems] == [
        "1 row was left out: not JSON",
        "3 rows were left out: no object with named values, the first in line 6",
        "1 row was left out: the list breaks off before its end",
    ]


@given(st.lists(st.dictionaries(st.sampled_from(["text", "title", "x"]), st.text(max_size=40), max_size=3), max_size=6))
@settings(deadline=None)
def test_a_list_and_lines_give_the_same(rows: list[dict[str, str]]) -> None:
    as_lines, _ = read(lines(*rows))
    as_list, _ = read(json.dumps(rows))
    assert [(one.text, one.meta) for one in as_lines] == [(one.text, one.meta) for one in as_list]


# ---------------------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_and_encodings(sign: str, encoding: str) -> None:
    text = f'title{sign}text{sign}date\r\n"Pièce, x; y|z"{sign}"Été à Orléans, où\nl’on dit ""non"" déjà."{sign}2017-04-12\r\n'
    (record,), problems = read(text.encode(encoding))
    assert not problems
    assert record.meta["title"] == "Pièce, x; y|z"
    assert record.text == 'Été à Orléans, où\nl’on dit "non" déjà.'
    assert record.part == "line=2"
    assert bool(record.repairs) == (encoding == "cp1252")


def test_broken_rows() -> None:
    text = (
        "title,text\n"
        "One,Text one\n"
        "too,many,cells\n"
        "few\n"
        "\n"
        'Two,"never closed\n'
        "Three,Text three\n"
        "Four,Te\0xt four\n"
        'Five,"closed"\n'
        'Six,a 5" pipe\n'
    )
    records, problems = read(text)
    assert [record.meta["title"] for record in records] == ["One", "Three", "Four", "Five", "Six"]
    assert [problem.message for problem in problems] == [
        "2 rows were left out: not as many cells as the header has, the first in line 3",
        "1 row was left out: a quotation mark that is not closed",
    ]
    assert records[-1].text == 'a 5" pipe'
    assert read('title,text\nA,"B" and C\n')[0][0].text == "B and C"


def test_an_open_quotation_mark_swallows_nothing() -> None:
    body = "".join(f"T{n},Text {n}\n" for n in range(500))
    records, problems = read(f'title,text\nBad,"open\n{body}', max_bytes=2000)
    assert [record.meta["title"] for record in records] == [f"T{n}" for n in range(500)]
    assert [problem.message for problem in problems] == ["1 row was left out: a quotation mark that is not closed"]
    records, problems = read(f'title,text\nBad,"open\n{body}')
    assert len(records) == 500
    assert len(problems) == 1


def test_a_table_that_is_none() -> None:
    assert read("just words\nand more\n")[1][0].message == "1 row was left out: the first line does not name columns"
    assert read(b"x" * 5_000_000)[1][0].message == "1 row was left out: more than 1,000,000 bytes"
    started = time.monotonic()
    records, problems = read(b"title,text\n" + b'a,"' + b"x" * 50_000_000 + b"\nb,Text\n")
    assert [record.meta["title"] for record in records] == ["b"]
    assert len(problems) == 1
    assert read("title,text\n" + 'a,"b\n' * 100_000)[0] is not None
    assert time.monotonic() - started < 20


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(junk: bytes) -> None:
    read(junk)
    read(b"title,text\n" + junk)
    read(b'[{"text":"a"},' + junk)
    read(b'{"text":"a"}\n' + junk)


def test_rows_of_far_too_many_columns_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rows_module, cells):
        monkeypatch.setattr(module, "MAX_COLUMNS", 20)
    wide = {f"k{n}": n for n in range(30)}
    records, problems = read(lines({"title": "Wide", "text": STORY, **wide}, {"title": "Bridge", "text": STORY}))
    assert [record.meta["title"] for record in records] == ["Bridge"]
    assert ["columns" in problem.message for problem in problems] == [True]
    records, problems = read("title,text," + ",".join(wide) + "\nBridge,x\n")
    assert not records and ["columns" in problem.message for problem in problems] == [True]


def test_a_table_in_a_text_file_is_read_as_one(tmp_path: Path) -> None:
    file = tmp_path / "news.txt"
    file.write_text('headline,body\nBridge,"It was closed.\n\nSo was the ferry."\nFerry,"It, too, was closed."\n')
    titles = [item.meta["title"] for item in importers.read(file, "news.txt", 10_000) if isinstance(item, Record)]
    assert titles == ["Bridge", "Ferry"]


def test_of_lines_on_end_that_are_no_rows_only_so_many_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "MAX_NO_ROWS", 50)
    good = "2017-04-12,Bridge,It was closed.\n"
    records, problems = read("date,title,text\n" + good + '2017,Bridge,"It was\n' + "closed\n" * 200 + good)
    assert len(records) == 1 and problems[-1].line == 3
    assert problems[-1].message == (
        "has a quotation mark that is not closed, and 50 lines on end that are no rows: it was not read further"
    )
    some = ("closed\n" * 49 + good) * 5
    records, problems = read("date,title,text\n" + some)
    assert len(records) == 5 and [problem.message[:13] for problem in problems] == ["245 rows were"]
