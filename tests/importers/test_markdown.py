"""Markdown of other generators: each one's front matter and habits, and bodies with its codes."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import documents, extraction
from site_builder.errors import Problem
from site_builder.importers import markdown
from site_builder.model import Article, Extraction, Image, Record, Skipped


def read(text: str | bytes, file: str = "content/posts/old-pier.md") -> list[Record | Problem | Skipped]:
    raw = text.encode() if isinstance(text, str) else text
    return list(markdown.read(io.BufferedReader(io.BytesIO(raw)), file, 1_000_000))


def made(text: str, file: str = "content/posts/old-pier.md") -> tuple[Article, Extraction, Record]:
    (record,) = read(text, file)
    assert isinstance(record, Record)
    found = extraction.extract(record)
    lines = [(n, line.strip()) for n, line in enumerate(record.text.split("\n"), 1) if line.strip()]
    assert [(one.line, one.text) for one in found.verdicts] == lines
    assert all(one.rule for one in found.verdicts)
    document, problems = documents.read(documents.write(found.article).encode(), "articles/a.md")
    assert document
    assert not problems
    return found.article, found, record


def facts(text: str, file: str = "content/posts/old-pier.md") -> dict[str, Any]:
    (record,) = read(text, file)
    assert isinstance(record, Record)
    return dict(record.meta)


@pytest.mark.parametrize(
    ("name", "head", "answer"),
    [
        ("a.md", b"text", True),
        ("a.MARKDOWN", b"text", True),
        ("a.html", b"---\ntitle: A\n---\n<p>", True),
        ("a.html", b"<!doctype html>", False),
        ("a.html", b"---\n<p>", False),
        ("a.md", b"\0", False),
        ("a.txt", b"---\ntitle: A\n", False),
    ],
)
def test_detect(name: str, head: bytes, answer: bool) -> None:
    assert markdown.detect(name, head) is answer


# ---------------------------------------------------------------------------------------------- front matter


def test_hugo_toml() -> None:
    text = (
        '+++\ntitle = "The Old Pier"\ndate = 2017-04-12T18:05:00+02:00\nlastmod = 2017-04-13\ndraft = true\n'
        'aliases = ["/old/pier/", "/b.html"]\nurl = "/port/pier/"\ntags = ["a", "b"]\ncategories = ["World", "Ships"]\n'
        'featured_image = "/img/a.jpg"\nweight = 3\n[params]\nx = 1\n+++\n\nText.\n'
    )
    assert facts(text) == {
        "title": "The Old Pier",
        "date": "2017-04-12T18:05:00+02:00",
        "updated": "2017-04-13",
        "status": "draft",
        "aliases": ("/old/pier/", "/b.html", "/port/pier/"),
        "section": "World",
        "tags": ("a", "b", "Ships"),
        "images": (Image("/img/a.jpg"),),
        "slug": "old-pier",
        "extra": {"weight": 3, "params": {"x": 1}},
    }


def test_hugo_json_and_bundles() -> None:
    text = '{\n  "title": "Pier",\n  "publishDate": "2017-04-12",\n  "author": {"name": "Ann Lee"}\n}\n\nText.\n'
    assert facts(text, "content/news/2017/the-pier/index.fr.md") == {
        "title": "Pier",
        "date": "2017-04-12",
        "authors": ("Ann Lee",),
        "slug": "the-pier",
        "language": "fr",
    }
    assert read("---\ntitle: News\n---\n", "content/news/_index.md") == [
        Skipped("content/news/_index.md", "lists' own pages without a text", 1)
    ]
    assert facts("---\ntitle: News\n---\nWords.", "content/news/_index.md")["slug"] == "news"


def test_files_that_are_no_articles() -> None:
    for text, file in (
        ('---\ntitle: "{{ replace .Name }}"\ndate: {{ .Date }}\n---\n', "archetypes/default.md"),
        ("+++\ntitle = '{{ replace .Name }}'\ndate = '{{ .Date }}'\n+++\n", "archetypes/default.md"),
        ("# My site\n\nRun it so.", "README.md"),
        ("---\nlayout: home\n---\n", "index.md"),
        ("---\nlayout: base\n---\n<h1>404</h1><p>Not here.</p>", "404.html"),
        (
            "---\nlayout: home\n---\n{% for p in site.posts %}<a href='{{ p.url }}'>{{ p.title }}</a>{% endfor %}",
            "all.html",
        ),
    ):
        (skipped,) = read(text, file)
        assert isinstance(skipped, Skipped)
    assert facts("---\nlayout: post\ndate: 2017-04-12\n---\n{% include video.html %}", "clip.md")  # a post has a date
    assert facts("---\ntitle: Clip\n---\n{{< youtube w7Ft2ymGmfc >}}", "clip.md")
    assert facts("---\ntitle: Read me\n---\nText.", "README.md")["title"] == "Read me"


def test_jekyll() -> None:
    text = (
        "---\nlayout: post\ntitle: Pier\ncategories: world ships\ntags: [a]\nredirect_from:\n  - /x/\n"
        "permalink: /2017/pier/\nimage:\n  path: /a.jpg\n  caption: The pier\nlast_modified_at: 2017-04-13 10:00:00 +0200\n"
        "---\nText.\n"
    )
    assert facts(text, "blog/_posts/2017-04-12-old-pier.md") == {
        "title": "Pier",
        "date": "2017-04-12",
        "updated": "2017-04-13T10:00:00+02:00",
        "section": "world",
        "tags": ("ships", "a"),
        "aliases": ("/x/", "/2017/pier/"),
        "images": (Image("/a.jpg", "The pier"),),
        "slug": "old-pier",
        "extra": {"layout": "post"},
    }
    meta = facts("---\ntitle: A\npublished: false\npermalink: /:year/:title/\n---\n", "_posts/2017-04-12-a.markdown")
    assert (meta["date"], meta["slug"], meta["status"]) == ("2017-04-12", "a", "draft")
    assert meta["extra"] == {"front_matter": {"permalink": "/:year/:title/"}}
    assert facts("---\ntitle: A\n---\n", "_drafts/a.md")["status"] == "draft"
    assert facts("---\ntitle: A\n---\n", "x/blog.tar.gz#_drafts/a.md")["status"] == "draft"


def test_zola() -> None:
    text = (
        '+++\ntitle = "Pier"\ndate = 2017-04-12\nupdated = 2017-04-13\npath = "port/pier"\n[taxonomies]\ntags = ["a"]\n'
        'categories = ["World"]\nseries = ["S"]\n[extra]\nauthor = "Ann Lee"\ntoc = true\n+++\nText.'
    )
    meta = facts(text, "content/pier.md")
    assert (meta["date"], meta["updated"], meta["section"], meta["tags"]) == (
        "2017-04-12",
        "2017-04-13",
        "World",
        ("a",),
    )
    assert (meta["authors"], meta["aliases"]) == (("Ann Lee",), ("/port/pier",))
    assert meta["extra"] == {"series": ["S"], "toc": True}


def test_eleventy() -> None:
    meta = facts("---\ntitle: A\npermalink: false\ntags:\n  - posts\n---\nText.", "posts/a.md")
    assert meta["extra"] == {"front_matter": {"permalink": False}}
    meta = facts('---\ntitle: A\npermalink: "/p/{{ page.fileSlug }}/"\n---\nText.', "posts/a.md")
    assert "aliases" not in meta
    assert facts('---\ntitle: A\npermalink: "/p/a/index.html"\n---\nText.')["aliases"] == ("/p/a/index.html",)


def test_pelican() -> None:
    text = (
        "Title: The Pier: a story\nDate: 2010-12-03 10:20\nModified: 2010-12-05 19:30\nCategory: World\n"
        "Tags: one, two words\nAuthors: Ann Lee, Bo Ek\nSlug: pier\nSummary: It is old\n    and long.\nStatus: hidden\n"
        "Lang: en\nSave_as: port/pier.html\n\nText.\n"
    )
    article, _, record = made(text)
    assert record.meta == {
        "title": "The Pier: a story",
        "date": "2010-12-03T10:20:00",
        "updated": "2010-12-05T19:30:00",
        "section": "World",
        "tags": ("one", "two words"),
        "authors": ("Ann Lee", "Bo Ek"),
        "slug": "pier",
        "summary": "It is old and long.",
        "status": "draft",
        "reason": "its status was 'hidden'",
        "language": "en",
        "aliases": ("/port/pier.html",),
    }
    assert article.body == "Text."
    for prose in ("Note: this is\na text.\n\nMore.", "Title: A\nand prose that goes on\n\nMore.", "Date: 2010\n\nA"):
        assert made(prose)[0].body.startswith(prose.split(":")[0])


def test_line_numbers_are_those_of_the_file() -> None:
    _, found, _ = made("---\ntitle: A\nx: 1\n---\n\nFirst.\n\nSecond.\n")
    assert [one.line for one in found.verdicts] == [6, 8]


def test_a_date_that_nobody_can_read_is_told_and_kept() -> None:
    problem, record = read("---\ntitle: A\ndate: someday\n---\nText.")
    assert isinstance(problem, Problem)
    assert isinstance(record, Record)
    assert problem.line == 3
    assert record.meta["extra"] == {"front_matter": {"date": "someday"}}


def test_keys_of_ours_that_are_not_an_importers_to_give() -> None:
    meta = facts("---\ntitle: A\nid: 77\nsource: https://a.example/x\nstatus: publish\n---\nText.")
    assert meta["extra"] == {"front_matter": {"id": "77"}}
    assert meta["url"] == "https://a.example/x"
    assert "source" not in meta
    assert facts("---\ntitle: A\nurl: https://a.example/x\n---\nText.")["url"] == "https://a.example/x"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\ntitle: [\n---\nText", "not YAML"),
        ("+++\ntitle = \n+++\nText", "not TOML"),
        ("---\ntitle: A\n", "not closed"),
        ("---\na: &x 1\nb: *x\n---\nText", "anchor"),
        (" \n\n", "no text"),
        ("x\0y", "NUL"),
        ("x" * 1_000_001, "more than"),
        ('{"title": "A", "x": ' + "[" * 20 + "]" * 20 + "}\nText", "too deep"),
        ('+++\ntitle = "A"\nx = ' + "[" * 20 + "]" * 20 + "\n+++\nText", "too deep"),
        ('{"title": "A", "x": ' + "[" * 100_000 + "}\nText", None),
    ],
)
def test_what_cannot_be_read_is_named(text: str, words: str | None) -> None:
    (problem,) = read(text)
    if words:
        assert isinstance(problem, Problem)
        assert words in problem.message


# ----------------------------------------------------------------------------------------------------- bodies


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("Plain *text* with [a link](x.html).", None),
        ('{{< figure src="/a.jpg" caption="The [old] pier" alt="Pier" >}}', '![Pier](/a.jpg "The [old] pier")'),
        (
            "{{< youtube w7Ft2ymGmfc >}}",
            "[https://www.youtube.com/watch?v=w7Ft2ymGmfc](https://www.youtube.com/watch?v=w7Ft2ymGmfc)",
        ),
        (
            '{{< figure src="/a.jpg" title="Pier" caption="At dusk." attr="Photo: Bo Ek" >}}',
            '![At dusk.](/a.jpg "Pier. At dusk. Photo: Bo Ek")',
        ),
        (
            '{{< tweet user="harbour" id="145" >}}',
            "[https://twitter.com/harbour/status/145](https://twitter.com/harbour/status/145)",
        ),
        ("{{< gist spf13 7896402 >}}", "[https://gist.github.com/7896402](https://gist.github.com/7896402)"),
        ("![a]({static}/images/a.jpg) and [b]({filename}/2013/b.md)", "![a](/images/a.jpg) and [b](2013/b.md)"),
        ("[c](|filename|c.md) and {filename} as such", "[c](c.md) and {filename} as such"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ('{{ vimeo(id="123") }}', "[https://vimeo.com/123](https://vimeo.com/123)"),
        ('{{< audio url="https://x.example/a.mp3" >}}', "[https://x.example/a.mp3](https://x.example/a.mp3)"),
        ("{{% notice info %}}", ""),
        ("{% include nav.html %}", ""),
        ("{% raw %}", ""),
        ("{{ content }}", ""),
        ("Text with {{ a value }} in it.", None),
        ('See [this]({{< ref "b.md" >}}) too.', "See [this](b.md) too."),
        ("![a]({{ site.baseurl }}/a.jpg)", "![a](/a.jpg)"),
        ("![a]({{ '/a.jpg' | relative_url }}){: width=\"300\"}", "![a](/a.jpg)"),
        ("{: .lead}", ""),
        ("`{{< figure >}}` is a shortcode, `<b>` a tag", None),
        ("a <!-- hidden --> b", "a  b"),
        ("<!--more-->", ""),
        ("a <!-- never closed", None),
        ('<img src="a.jpg" alt="A pier" width=300>', "![A pier](a.jpg)"),
        ('<a href="https://x.example/">A <b>bold</b> link</a>', "[A **bold** link](https://x.example/)"),
        ('<iframe width="5" src="https://x.example/v"></iframe>', "[https://x.example/v](https://x.example/v)"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<div class='x'>", ""),
        ("one<br>two", "one  \ntwo"),
        ("5 < 6 and <unknown> and a<b", None),
    ],
)
def test_lines(line: str, body: str | None) -> None:
    article, found, _ = made(f"---\ntitle: A\n---\nBefore.\n\n{line}\n\nAfter.\n")
    wanted = line if body is None else body
    assert article.body == (f"Before.\n\n{wanted}\n\nAfter." if wanted else "Before.\n\nAfter.")
    assert [one.place for one in found.verdicts] == ["body", "body" if wanted else "removed", "body"]


def test_codes_that_nobody_closed_are_not_looked_for_to_the_end_of_the_file() -> None:
    before = time.process_time()
    for code in ("{{ ", "{% ", "<"):
        read("---\nlayout: base\n---\n" + code * 50_000, "index.md")
    made("{% raw %}{{ name }}{% endraw %}" + "{% raw %}" * 10_000)
    assert time.process_time() - before < 8  # 40 s and 9 s


def test_raw_is_text_over_several_lines() -> None:
    article, _, _ = made("One.\n\n{% raw %}\n{{ name }}\n{% endraw %}\n\n{{ gone }}\n\nTwo.")
    assert article.body == "One.\n\n{{ name }}\n\nTwo."


def test_a_table_of_contents_leaves_no_item_behind() -> None:
    article, found, _ = made("* TOC\n{:toc}\n\n* One\n* Two")
    assert article.body == "* One\n* Two"
    assert [one.rule for one in found.verdicts if one.place == "removed"] == ["layout mark of its generator"] * 2


def test_code_is_left_alone() -> None:
    code = "```go\n{{< figure >}}\n<b>x</b>\n\n\n\n<!-- y -->\n~~~\n```"
    assert made(f"---\ntitle: A\n---\n{code}\n")[0].body == code
    text = "{% highlight ruby %}\nputs 1\n{% endhighlight %}\n"
    assert made(f"---\ntitle: A\n---\n{text}")[0].body == "```ruby\nputs 1\n```"


def test_what_no_reader_saw_is_out() -> None:
    text = "One.\n<!-- a\nb\n-->\nTwo.\n<script>\nx()\n</script>\nThree.\n{% comment %}c{% endcomment %}\nFour.\n"
    article, found, _ = made(f"---\ntitle: A\n---\n{text}")
    assert article.body == "One.\nTwo.\nThree.\nFour."
    assert {one.rule for one in found.verdicts if one.place == "removed"} == {"comment or script"}


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# The *Old* Pier #\n\nText.", "The Old Pier", "Text."),
        ("The Old Pier\n====\n\nText.", "The Old Pier", "Text."),
        ("---\ntitle: The Old Pier\n---\n# The old pier\n\nText.", "The Old Pier", "Text."),
        ("---\ntitle: The Old Pier\n---\n# Another\n\nText.", "The Old Pier", "# Another\n\nText."),
        ("Text.\n\n# Later", "old pier", "Text.\n\n# Later"),
        ("---\ndate: 2017\n---\nText.", "old pier", "Text."),
    ],
)
def test_titles(text: str, title: str, body: str) -> None:
    article, _, _ = made(text)
    assert (article.title, article.body) == (title, body)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["word", " ", "\n", "\n\n", "{{<", ">}}", "{%", "%}", "{{", "}}", "<!--", "-->", "<b>", "</b>", "`", "```\n", "{:", "}",
             "<script>", "</script>", "# ", "<a href='x'>", "</a>", "[", "](", ")", "{% comment %}", "<p>", "figure"]
        ),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_every_line_has_a_verdict(text: str) -> None:
    if text.strip():
        article, found, _ = made(f"---\ntitle: Title\n---\n{text}")
        body = sum(len(re.findall("word", one.text)) for one in found.verdicts if one.place == "body")
        assert article.body.count("word") <= body


def test_long_lines_end() -> None:
    started = time.monotonic()
    for part in (
        "{{<",
        "{%",
        "<!--",
        "<a ",
        "<a href=x>",
        "[",
        "![",
        "{:",
        "`",
        "<b",
        "{{< a=",
        '<b a="',
        "|",
        "<p>x</p>",
    ):
        made(f"---\ntitle: A\n---\n{part * 60_000}\n")
    assert time.monotonic() - started < 30


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"---\n", b"+++\n", b"{", b"Title: "]))
def test_any_bytes(junk: bytes, fence: bytes) -> None:
    for one in read(fence + junk + b"\n" + fence + b"Text"):
        if isinstance(one, Record):
            document, _ = documents.read(documents.write(extraction.extract(one).article).encode(), "articles/a.md")
            assert document
