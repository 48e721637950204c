"""Law 3 for sources that state facts: every word of a row, a post, an item or a front matter is in the Record or told.

Words are made so that no other text holds them; wherever one is put, it has to come out again.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import extraction
from site_builder.errors import Problem
from site_builder.importers import feeds, markdown, tables, wxr
from site_builder.model import Record, Skipped
from tests.importers.test_feeds import ATOM, RSS
from tests.importers.test_wxr import export, item, meta

WORD = st.integers(0, 999_999).map(lambda n: f"wq{n}z")
PHRASE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


def read(reader: Callable[..., Iterator[Record | Problem | Skipped]], text: str, file: str) -> str:
    """All that a reader gives for a text, in one."""
    found = reader(io.BufferedReader(io.BytesIO(text.encode())), file, 1_000_000)
    return json.dumps([_plain(asdict(one)) for one in found], ensure_ascii=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def missing(source: str, result: str) -> set[str]:
    return set(re.findall(r"wq\d+z", source)) - set(re.findall(r"wq\d+z", result))


COLUMN = st.sampled_from(
    [*(name for names in tables._known().values() for name in names), "id", "label", "status", "extra", "Other Name"]
)
CELL = st.one_of(
    PHRASE, st.lists(PHRASE, max_size=3), st.dictionaries(WORD, PHRASE, max_size=2), PHRASE.map(lambda p: f"<p>{p}</p>")
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(COLUMN, CELL, max_size=6), PHRASE)
def test_rows(row: dict[str, Any], text: str) -> None:
    row = {"text": text, **row}
    source = json.dumps(row)
    if isinstance(row["text"], str):
        assert not missing(source, read(tables.read, f"{source}\n", "a.jsonl"))
        assert not missing(source, read(tables.read, f"[{source}]", "a.json"))


CONTENT = st.lists(
    st.one_of(
        PHRASE,
        st.sampled_from(
            ["\n", "\n\n", "<p>", "</p>", "<div>", "</div>", "[", "]", "[sic]", "<!--more-->", "<b>", "</b>"]
        ),
        PHRASE.map(lambda p: f"[caption id='x']<img src='a.jpg' alt='{p}' /> {p}[/caption]"),
        PHRASE.map(lambda p: f"[box title='{p}']{p}[/box]"),
        PHRASE.map(lambda p: f'[form name="{p}"]'),
        PHRASE.map(lambda p: f"[the {p}]"),
        PHRASE.map(lambda p: f"<!-- wp:paragraph -->\n<p>{p}</p>\n<!-- /wp:paragraph -->\n"),
        PHRASE.map(lambda p: f"<pre>{p}\n\n{p}</pre>"),
        WORD.map(lambda w: f"[embed]https://x.example/{w}[/embed]"),
        WORD.map(lambda w: f'[video src="https://x.example/{w}.mp4"]'),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(CONTENT, PHRASE, PHRASE, PHRASE, WORD)
def test_posts(content: str, title: str, excerpt: str, term: str, word: str) -> None:
    more = f'<category domain="post_tag" nicename="x"><![CDATA[{term}]]></category>' + meta(word, term)
    source = export(
        item(content, title=title, excerpt__encoded=excerpt, wp__post_name=word, more=more, guid=f"x?{word}")
    )
    assert not missing(source, read(wxr.read, source, "a.xml"))


@settings(max_examples=100, deadline=None)
@given(PHRASE, PHRASE, PHRASE, PHRASE, WORD)
def test_items(title: str, text: str, summary: str, term: str, word: str) -> None:
    source = RSS % (
        f"<item><title>{title}</title><description>{summary}</description><content:encoded>&lt;p&gt;{text}&lt;/p&gt;"
        f"</content:encoded><category>{term}</category><guid>{word}</guid><dc:creator>{term}</dc:creator>"
        f'<enclosure url="https://x.example/{word}.mp3" type="audio/mpeg"/></item>'
    )
    assert not missing(source, read(feeds.read, source, "a.xml"))
    source = (
        ATOM
        % f"<entry><id>{word}</id><title>{title}</title><summary>{summary}</summary><category term='{word}'/></entry>"
    )
    assert not missing(source, read(feeds.read, source, "a.xml"))


KEY = st.sampled_from(
    "title date updated lastmod publishDate url permalink aliases redirect_from image images cover author authors tags "
    "categories category keywords description summary slug layout draft status published weight params id source path "
    "language".split()
)
VALUE = st.one_of(
    WORD, PHRASE, st.lists(PHRASE, min_size=1, max_size=2), st.dictionaries(WORD, PHRASE, min_size=1, max_size=2)
)
BODY = st.lists(
    st.one_of(
        PHRASE,
        st.sampled_from(
            ["\n", "\n\n", "`", "\n```\n", "<b>", "</b>", "<!--", "-->", "# ", "{{<", ">}}", "{% raw %}", "<br>"]
        ),
        PHRASE.map(lambda p: f'\n{{{{< box "{p}" >}}}}\n'),
        PHRASE.map(lambda p: f"text {{{{< box {p} >}}}} text"),
        PHRASE.map(lambda p: f'<img src="{p.split()[0]}.jpg" alt="{p}">'),
        PHRASE.map(lambda p: f"\n{{% include {p} %}}\n"),
    ),
    max_size=10,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEY, VALUE, max_size=5), BODY, st.sampled_from(["posts/a.md", "_posts/2017-04-12-a.md"]))
def test_front_matters_and_bodies(table: dict[str, Any], body: str, file: str) -> None:
    front = "".join(f"{key}: {json.dumps(value)}\n" for key, value in table.items())
    source = f"---\n{front}---\n{body}"
    if not source.strip("-\n"):
        return
    result = read(markdown.read, source, file)
    assert not missing(source, result)
    for record in markdown.read(io.BufferedReader(io.BytesIO(source.encode())), file, 1_000_000):
        if isinstance(record, Record):
            found = extraction.extract(record)
            out = found.article.body + found.article.title
            out += "".join(one.text for one in found.verdicts if one.place == "removed")
            text = "\n".join(line for line in record.text.split("\n") if not re.search(r"<[a-z!]|\{", line))
            assert not missing(text, out)
