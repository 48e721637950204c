"""WordPress's export: what becomes of posts, pictures, shortcodes, states and addresses, and what breaks nothing."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import documents
from site_builder.errors import Problem
from site_builder.importers import wxr
from site_builder.importers.wxr.elements import pieces
from site_builder.importers.wxr.paragraphs import add_paragraphs
from site_builder.importers.wxr.shortcodes import Attachment, Library, expand
from site_builder.model import Article, Image, Record, Skipped

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file. <item> in a comment is none. -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Harbour Post</title>
<link>https://harbour.example/news</link>
<language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://harbour.example</wp:base_site_url>
<wp:base_blog_url>https://harbour.example/news</wp:base_blog_url>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[ann]]></wp:author_login>
<wp:author_display_name><![CDATA[Ann Lee]]></wp:author_display_name></wp:author>
<wp:category><wp:term_id>9</wp:term_id><wp:cat_name><![CDATA[Ships]]></wp:cat_name></wp:category>
"""
TAIL = "</channel>\n</rss>\n"


def item(content: str = "Text.", number: int | str = 7, **fields: str) -> str:
    given = {
        "title": "<![CDATA[The Old Pier]]>",
        "link": "https://harbour.example/news/2017/04/old-pier/",
        "dc:creator": "<![CDATA[ann]]>",
        "excerpt:encoded": "<![CDATA[]]>",
        "wp:post_id": str(number),
        "wp:post_date": "2017-04-12 18:05:00",
        "wp:post_date_gmt": "2017-04-12 17:05:00",
        "wp:post_name": "old-pier",
        "wp:status": "publish",
        "wp:post_type": "post",
        "wp:post_password": "",
    } | {name.replace("__", ":"): value for name, value in fields.items() if name != "more"}
    inner = "\n".join(f"<{name}>{value}</{name}>" for name, value in given.items())
    return f"<item>\n{inner}\n<content:encoded><![CDATA[{content}]]></content:encoded>\n{fields.get('more', '')}\n</item>\n"


def attachment(number: int, address: str, caption: str = "", alt: str = "", parent: int = 0) -> str:
    meta = f"<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>{alt}</wp:meta_value></wp:postmeta>"
    fields = {
        "wp__post_type": "attachment",
        "wp__attachment_url": address,
        "excerpt__encoded": f"<![CDATA[{caption}]]>",
    }
    return item("", number, wp__post_parent=str(parent), wp__status="inherit", more=meta, **fields)


def meta(name: str, value: str) -> str:
    return f"<wp:postmeta><wp:meta_key>{name}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"


class Pipe(io.BufferedReader):
    """A stream that can't be begun again, as a member of an archive may be."""

    def seekable(self) -> bool:
        return False


def read(text: str | bytes, max_bytes: int = 1_000_000, kind: type[io.BufferedReader] = io.BufferedReader) -> list[Any]:
    raw = text.encode() if isinstance(text, str) else text
    return list(wxr.read(kind(io.BytesIO(raw)), "export.xml", max_bytes))


def export(*items: str) -> str:
    return HEAD + "".join(items) + TAIL


def only(*items: str) -> Record:
    found = read(export(*items))
    (record, *_) = [one for one in found if isinstance(one, Record)]
    known = {k: v for k, v in record.meta.items() if k not in ("url", "site_language")}
    article = Article(**{"title": "", **known}, body=record.text)
    document, problems = documents.read(documents.write(article).encode(), "articles/a.md")
    assert document
    assert not problems
    return record


def test_detect() -> None:
    assert wxr.detect("export.xml", HEAD.encode())
    assert wxr.detect("export.xml", b"Warning: something\n" + HEAD.encode())
    assert not wxr.detect("export.zip", b"PK\3\4\0\0" + HEAD.encode())
    assert not wxr.detect("feed.xml", b'<?xml version="1.0"?><rss version="2.0"><channel>')


def test_a_post_and_what_wordpress_knows_of_it() -> None:
    record = only(
        item(
            "One.\n\nTwo.",
            title="<![CDATA[Pier &#8217;closed&amp;#8217; &amp; <em>gone</em> 🚢]]>",
            excerpt__encoded="<![CDATA[A <b>short</b> one.]]>",
            wp__post_modified="2017-04-13 09:00:00",
            wp__post_modified_gmt="2017-04-13 08:00:00",
            guid="https://harbour.example/news/?p=7",
            more='<category domain="category" nicename="world"><![CDATA[World]]></category>'
            '<category domain="category" nicename="ships"><![CDATA[Ships]]></category>'
            '<category domain="post_tag" nicename="a-b"><![CDATA[A &amp; B]]></category>'
            '<category domain="region" nicename="north"><![CDATA[North]]></category>'
            + meta("_yoast_wpseo_primary_category", "9")
            + meta("_edit_last", "1")
            + meta("source_note", "From the paper")
            + meta("huge", "x" * 3000),
        )
    )
    assert record.part == "post=7"
    assert record.name == "export.xml#post=7"
    assert record.format == "fragment"
    assert record.text == "<p>One.</p>\n<p>Two.</p>"
    assert record.meta == {
        "title": "Pier ’closed&#8217; & gone 🚢",
        "date": "2017-04-12T18:05:00+01:00",
        "updated": "2017-04-13T09:00:00+01:00",
        "authors": ("Ann Lee",),
        "section": "Ships",
        "publication": "The Harbour Post",
        "site_language": "en-GB",
        "tags": ("World", "A & B"),
        "summary": "A short one.",
        "slug": "old-pier",
        "url": "https://harbour.example/news/2017/04/old-pier/",
        "aliases": ("/2017/04/old-pier/",),
        "extra": {
            "wordpress": {
                "id": 7,
                "guid": "https://harbour.example/news/?p=7",
                "taxonomies": {"region": ["North"]},
                "fields": {"source_note": "From the paper"},
            }
        },
    }
    assert "custom field 'huge' of 3,000 characters is not kept" in record.repairs
    assert "2 internal fields of WordPress not kept" in record.repairs


@pytest.mark.parametrize(
    ("local", "gmt", "date"),
    [
        ("2017-04-12 18:05:00", "2017-04-12 18:05:00", "2017-04-12T18:05:00+00:00"),
        ("2017-04-12 18:05:00", "2017-04-12 23:35:00", "2017-04-12T18:05:00-05:30"),
        ("2017-04-12 18:05:00", "0000-00-00 00:00:00", "2017-04-12T18:05:00"),
        ("2017-04-12 18:05:00", "2016-04-12 18:05:00", "2017-04-12T18:05:00"),
        ("2017-04-12 18:05:00", "2017-04-12 18:04:13", "2017-04-12T18:05:00"),
        ("0000-00-00 00:00:00", "2017-04-12 18:05:00", "2017-04-12T18:05:00Z"),
        ("0000-00-00 00:00:00", "0000-00-00 00:00:00", ""),
        ("2017-02-31 00:00:00", "", ""),
    ],
)
def test_dates(local: str, gmt: str, date: str) -> None:
    pub = "Mon, 30 Nov -0001 00:00:00 +0000"
    record = only(item(wp__post_date=local, wp__post_date_gmt=gmt, pubDate=pub))
    assert record.meta.get("date", "") == date


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {}),
        ({"wp__status": "draft"}, {"status": "draft"}),
        ({"wp__status": "pending"}, {"status": "draft"}),
        ({"wp__status": "private"}, {"status": "draft", "reason": "its status in WordPress was 'private'"}),
        ({"wp__status": "future"}, {"status": "embargoed", "until": "2017-04-12T18:05:00+01:00"}),
        ({"wp__post_password": "s3cret"}, {"status": "draft", "reason": "was protected by a password in WordPress"}),
    ],
)
def test_states(fields: dict[str, str], expected: dict[str, str]) -> None:
    record = only(item(**fields))
    assert {key: record.meta[key] for key in ("status", "until", "reason") if key in record.meta} == expected
    assert ("aliases" in record.meta) == (not expected)
    assert "s3cret" not in repr(record)


def test_addresses_with_a_query_string_are_told_once() -> None:
    link = "https://harbour.example/news/?p=7"
    found = read(export(*(item(number=n, link=link) for n in range(3)), item(number=4, link=link, wp__status="draft")))
    assert [one.message for one in found if isinstance(one, Problem)] == [
        "3 posts had addresses with a query string, like /?p=123"
    ]


def test_what_is_no_article_is_counted() -> None:
    comment = "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>No!</wp:comment_content></wp:comment>"
    found = read(
        export(
            item(more=comment * 3),
            item(number=8, wp__status="trash"),
            item(number=9, wp__post_type="revision"),
            item(number=10, wp__post_type="nav_menu_item"),
            item(number=11, wp__post_type="page"),
            item(number=12, wp__post_type="event"),
            item("", number=13, title=""),
            attachment(14, "https://x.example/a.jpg"),
        )
    )
    records = [one for one in found if isinstance(one, Record)]
    assert [one.part for one in records] == ["post=7", "post=11", "post=12"]
    assert [one.meta["extra"]["wordpress"].get("type") for one in records] == [None, "page", "event"]
    assert [one for one in found if isinstance(one, Skipped)] == [
        Skipped("export.xml", "WordPress comments", 3),
        Skipped("export.xml", "WordPress media, which come along where posts show them", 1),
        Skipped("export.xml", "WordPress posts in the trash", 1),
        Skipped("export.xml", "WordPress posts of the type nav_menu_item", 1),
        Skipped("export.xml", "WordPress posts of the type revision", 1),
        Skipped("export.xml", "WordPress posts without title and text", 1),
    ]
    assert "No!" not in repr(records)


def test_several_authors_descriptions_and_fields_with_several_values() -> None:
    both = "".join(
        f'<category domain="author" nicename="cap-{n}"><![CDATA[{n}]]></category>' for n in ("Ann Lee", "Bo Ek")
    )
    fields = meta("place", "Pier") + meta("place", "Port") + meta("_yoast_wpseo_metadesc", "For engines")
    old = meta("_wp_old_slug", "pier") + meta("_wp_old_slug", "jetty")
    record = only(item(more=both + fields + old, wp__post_parent="3"))
    assert record.meta["authors"] == ("Ann Lee", "Bo Ek")
    assert record.meta["summary"] == "For engines"
    assert record.meta["extra"]["wordpress"]["fields"] == {"place": ["Pier", "Port"]}
    assert record.meta["extra"]["wordpress"]["parent"] == "3"
    assert record.meta["aliases"] == ("/2017/04/old-pier/", "/2017/04/pier/", "/2017/04/jetty/")
    assert "summary" not in only(item(more=meta("_yoast_wpseo_metadesc", "%%title%% %%sep%%"))).meta


def test_the_plugin_for_several_authors_keeps_logins() -> None:
    guest = item(
        "",
        8,
        title="Bo Ek",
        wp__post_type="guest-author",
        wp__post_name="cap-bo-ek",
        more=meta("cap-display_name", "Bo Ek") + meta("cap-user_login", "bo-ek"),
    )
    both = "".join(f'<category domain="author" nicename="cap-{n}"><![CDATA[{n}]]></category>' for n in ("ann", "bo-ek"))
    record, *left = read(export(item(more=both), guest))
    assert record.meta["authors"] == ("Ann Lee", "Bo Ek")
    assert left == [Skipped("export.xml", "WordPress posts of the type guest-author", 1)]


def test_a_posts_own_language_and_place() -> None:
    spoken = '<category domain="language" nicename="pt-br"><![CDATA[Português]]></category>'
    record = only(item(more=spoken, wp__is_sticky="1"))
    assert (record.meta["language"], record.meta["site_language"]) == ("pt-br", "en-GB")
    assert record.meta["extra"]["wordpress"] == {"id": 7, "sticky": True}


def test_the_button_beside_a_file() -> None:
    link = '<a href="https://harbour.example/plan.pdf"{}>{}</a>'
    button = link.format(' class="wp-block-file__button wp-element-button" download', "Download")
    record = only(item(f"<!-- wp:file --><div>{link.format('', 'The plan')}{button}</div><!-- /wp:file -->"))
    assert record.text == f"<div>{link.format('', 'The plan')}</div>"
    assert record.repairs == ("button taken out that led to the file before it",)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_versions_and_encodings(version: str) -> None:
    text = export(item("Süß.", title="Brücke")).replace("1.2", version)
    if version == "1.0":
        text = re.sub(r"<wp:author>.*?</wp:author>", "", text, flags=re.DOTALL)
    (record,) = read(text)
    assert record.meta["title"] == "Brücke"
    assert record.meta["authors"] == (("ann",) if version == "1.0" else ("Ann Lee",))
    old = text.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    (record,) = read(old)
    assert (record.meta["title"], record.text) == ("Brücke", "<p>Süß.</p>")
    assert any("guessed" in told for told in record.repairs)


def test_authors_and_sections_that_are_not_there() -> None:
    record = only(
        item(
            dc__creator="<![CDATA[bo]]>",
            more='<category domain="category" nicename="uncategorized"><![CDATA[Ohne]]></category>',
        )
    )
    assert record.meta["authors"] == ("bo",)
    assert "section" not in record.meta
    assert "category 'Ohne' is WordPress's word for none" in record.repairs


@pytest.mark.parametrize(
    ("link", "old", "aliases"),
    [
        ("https://harbour.example/news/?p=7", "", ("/?p=7",)),
        ("https://www.harbour.example/news/a/old-pier/", "pier", ("/a/old-pier/", "/a/pier/")),
        ("https://other.example/a/", "", ()),
        ("https://harbour.example/news/", "", ()),
        ("", "", ()),
    ],
)
def test_old_addresses(link: str, old: str, aliases: tuple[str, ...]) -> None:
    record = only(item(link=link, more=meta("_wp_old_slug", old)))
    assert record.meta.get("aliases", ()) == aliases


def test_pictures_that_stand_behind_the_post() -> None:
    post = item('Text.\n\n[gallery ids="21,22,99"]\n\nMore.', more=meta("_thumbnail_id", "22"))
    pictures = [
        attachment(21, "https://harbour.example/a.jpg", "A <em>crane</em>", "crane", 7),
        attachment(22, "https://harbour.example/b.jpg", "A ship"),
    ]
    record = only(post, *pictures)
    assert record.text == (
        "<p>Text.</p>\n"
        '<figure><img src="https://harbour.example/a.jpg" alt="crane" /><figcaption>A <em>crane</em></figcaption></figure>\n'
        '<figure><img src="https://harbour.example/b.jpg" alt="" /><figcaption>A ship</figcaption></figure>\n'
        "<p>More.</p>"
    )
    assert "images" not in record.meta
    assert any("not in the export: 99" in told for told in record.repairs)
    assert "a.jpg" in only(item("[gallery]"), *pictures).text
    assert only(item('[gallery ids="21"]'), attachment(21, "https://harbour.example/a.jpg", alt="A &amp; B")).meta[
        "images"
    ] == (Image("https://harbour.example/a.jpg", alt="A & B"),)
    featured = meta("_thumbnail_id", "22")
    assert only(item("Text.", more=featured), *pictures).text == (
        '<figure><img src="https://harbour.example/b.jpg" alt="" /><figcaption>A ship</figcaption></figure>\n<p>Text.</p>'
    )
    assert (
        only(item('<img src="https://harbour.example/b-300x200.jpg">', more=featured), *pictures).text.count("<img")
        == 1
    )
    assert only(item("", more=featured), *pictures).meta["images"] == (
        Image("https://harbour.example/b.jpg", "A ship"),
    )
    assert read(export(post, *pictures), kind=Pipe) == read(export(post, *pictures))


def test_addresses_from_the_root_are_made_whole_everywhere() -> None:
    record = only(
        item('<img src="/up/a.jpg" srcset="/up/a.jpg 1x, /up/b.jpg 2x"> <a href="/x/">x</a> <a href="//y/">y</a>')
    )
    assert 'src="https://harbour.example/up/a.jpg"' in record.text
    assert 'srcset="https://harbour.example/up/a.jpg 1x, https://harbour.example/up/b.jpg 2x"' in record.text
    assert 'href="https://harbour.example/x/"' in record.text
    assert 'href="//y/"' in record.text


# ----------------------------------------------------------------------------------------- shortcodes, paragraphs

LIBRARY = Library({"1": Attachment("https://x.example/a.jpg", "alt", "Cap")}.get)


@pytest.mark.parametrize(
    ("text", "html", "told"),
    [
        ("He said [sic] and [the mayor said] so [...]", None, 0),
        ("[[gallery]] shows pictures", "[gallery] shows pictures", 0),
        ("a [foo] b", None, 0),
        ('a [foo x="1"] b', "a  b", 1),
        ("a [su_box title=“T” x=1]in[/su_box] b", "a in b", 1),
        ("[youtube https://v.example/1]", '<p><a href="https://v.example/1">https://v.example/1</a></p>', 1),
        ("[youtube=https://v.example/1]", '<p><a href="https://v.example/1">https://v.example/1</a></p>', 1),
        ("[embed]https://v.example/1[/embed]", '<p><a href="https://v.example/1">https://v.example/1</a></p>', 0),
        ('[audio mp3="/a.mp3"][/audio]', '<figure><audio src="/a.mp3" controls></audio></figure>', 0),
        ('[video src="https://x/v.mp4"]', '<figure><video src="https://x/v.mp4" controls></video></figure>', 0),
        (
            '[caption id="x" align="left"]<a href="u"><img src="a.jpg" /></a> The <b>pier</b>\nin May[/caption]',
            '<figure><a href="u"><img src="a.jpg" /></a><figcaption>The <b>pier</b> in May</figcaption></figure>',
            0,
        ),
        (
            '[caption caption="Old way"]<img src="a.jpg" />[/caption]',
            '<figure><img src="a.jpg" /><figcaption>Old way</figcaption></figure>',
            0,
        ),
        ("[caption]only words[/caption]", "only words", 0),
        ('[gallery ids="7"]', "", 1),
        ("[/foo] [x", None, 0),
    ],
)
def test_shortcodes(text: str, html: str | None, told: int) -> None:
    made, notes = expand(text, LIBRARY)
    assert made.strip() == (text if html is None else html)
    assert len(notes) == told


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["[", "]", "[[", "]]", "word", " ", "/", "[caption]", "[/caption]", '[x a="1"]', "[/x]", "\n\n"]
        )
    ).map("".join)
)
def test_any_brackets_keep_their_words(text: str) -> None:
    made, _ = expand(text, LIBRARY)
    assert made.count("word") == text.count("word")


def test_paragraphs() -> None:
    text = (
        "One\ntwo <em\nclass='x'>three</em>\n\nFour <div>in\n\ndiv</div> after\n<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>\n"
        "<pre>x\n\ny</pre>\nhttps://x.example/a?b=1&c\n\n<p>open\n\nnot closed\n<h2>Head\nline</h2>\nEnd<!-- a\n\nb -->"
    )
    assert add_paragraphs(text) == (
        "<p>One<br />\ntwo <em\nclass='x'>three</em></p>\n<p>Four</p>\n<div>\n<p>in</p>\n<p>div</p>\n</div>\n"
        "<p>after</p>\n<ul>\n<li>a</li>\n<li>b<br />\nc</li>\n</ul>\n<pre>x\n\ny</pre>\n"
        '<p><a href="https://x.example/a?b=1&c">https://x.example/a?b=1&c</a></p>\n<p>open</p>\n<p>not closed'
        "<h2>Head<br />\nline</h2>\n<p>End</p>\n<!-- a\n\nb -->"
    )


def test_blocks() -> None:
    record = only(
        item(
            '<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:image {"id":5} -->\n'
            '<figure class="wp-block-image"><img src="https://x.example/a.jpg" alt=""/><figcaption>Cap</figcaption></figure>\n'
            '<!-- /wp:image -->\n<!-- wp:embed {"url":"https://v.example/1","type":"video"} -->\n'
            '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\nhttps://v.example/1\n</div><figcaption>Seen <b>so</b></figcaption></figure>\n'
            '<!-- /wp:embed -->\n<!-- wp:block {"ref":30} /-->\n<!-- wp:latest-posts {"postsToShow":3} /-->\n'
            "<!-- wp:more --><!--more--><!-- /wp:more -->\n\nLoose words\nhere\n\n"
            '<!-- wp:cover {"url":"https://x.example/c.jpg"} --><div><p>Over</p></div><!-- /wp:cover -->'
        ),
        item("Shared\n\nwords", 30, wp__post_type="wp_block"),
    )
    assert "wp:" not in record.text
    assert "<p>One.</p>" in record.text
    assert "<figcaption>Cap</figcaption>" in record.text
    assert '<p><a href="https://v.example/1">https://v.example/1</a></p>\n<p>Seen <b>so</b></p>' in record.text
    assert "<p>Shared</p>\n<p>words</p>" in record.text
    assert "<p>Loose words<br />\nhere</p>" in record.text
    assert '<img src="https://x.example/c.jpg" alt="" />' in record.text
    assert [told for told in record.repairs if "latest-posts" in told]


# ---------------------------------------------------------------------------------------------- what is broken


def test_a_broken_post_costs_itself_alone() -> None:
    broken = [
        item(number=1, title="a & b &nbsp;c"),
        item(number=2, title="<b>not closed"),
        item(number=3).replace("</item>", ""),
        item(number=4, title="control \x01\x0b\x1f signs"),
        item(number=5, title="<![CDATA[NUL \0]]>"),
        item("x" * 5000, number=6),
        item("]]]]><![CDATA[> and </item> and <item> in CDATA", number=7),
        item(number=8, title="&undefined; &#xFFFFFF;"),
        item(number=9),
        item(number=10)[:100],
    ]
    found = read(HEAD + "".join(broken), max_bytes=4000)
    records = {one.part: one for one in found if isinstance(one, Record)}
    assert list(records) == ["post=1", "post=4", "post=5", "post=7", "post=9"]
    assert records["post=1"].meta["title"] == "a & b c"
    assert records["post=4"].meta["title"] == "control signs"
    assert "]]> and &lt;/item>" in records["post=7"].text.replace("</item>", "&lt;/item>")
    problems = [one for one in found if isinstance(one, Problem)]
    assert [problem.message.split(":")[0] for problem in problems] == [
        "a post is not well-formed",
        "a post is not closed before the next one begins",
        "a post has more than 4,000 bytes",
        "a post is not well-formed",
        "a post breaks off before its end",
    ]
    assert all(problem.line > 17 for problem in problems)
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_a_section_that_is_never_closed_costs_what_it_swallows() -> None:
    swallower = item(number=1).replace("]]></content", "</content")
    found = read(export(swallower, *(item(number=n) for n in range(2, 50))), max_bytes=5000)
    records = [one.part for one in found if isinstance(one, Record)]
    assert len([one for one in found if isinstance(one, Problem)]) == 1 or "post=49" in records
    assert "post=49" in records
    assert "post=2" in records


def test_bombs_do_not_go_off() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    lol = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = HEAD.replace('<?xml version="1.0" encoding="UTF-8" ?>', lol) + item("x", title="&a11; &f;") + TAIL
    started = time.monotonic()
    found = read(text)
    assert time.monotonic() - started < 2
    assert "root:" not in repr(found)
    assert "lollol" not in repr(found)

    deep = item(number=1, more="<a>" * 100_000 + "</a>" * 100_000)
    found = read(export(deep, item(number=2)))
    assert isinstance(found[0], Problem)
    assert "nested" in found[0].message
    assert isinstance(found[1], Record)

    ring = item('<!-- wp:block {"ref":30} /-->' * 50, 30, wp__post_type="wp_block")
    started = time.monotonic()
    read(export(item('<!-- wp:block {"ref":30} /-->'), ring))
    for hostile in (
        "[a]" * 100_000,
        "[caption]" * 100_000,
        "<!--" * 100_000,
        "<!-- wp:x {" * 50_000,
        "[[" * 100_000,
        "<p>" * 100_000,
    ):
        read(export(item(hostile)), max_bytes=10_000_000)
    assert time.monotonic() - started < 20


def test_a_line_of_fifty_megabytes() -> None:
    found = read(export(item("x" * 50_000_000, number=1), item(number=2)), max_bytes=1_000_000)
    assert [type(one) for one in found] == [Problem, Record]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 3000))
def test_any_damage(junk: bytes, at: int) -> None:
    raw = export(item(number=1), item(number=2), item(number=3)).encode()
    for one in read(raw[:at] + junk + raw[at:]):
        assert isinstance(one, (Record, Problem, Skipped))
    assert read(raw[: at + 500] + junk) is not None


@given(
    st.lists(st.sampled_from([b"<item>", b"</item>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"\n", b"x"])),
    st.integers(1, 7),
)
def test_cutting_does_not_depend_on_the_chunks(parts: list[bytes], size: int) -> None:
    raw = b"".join(parts)

    class Slow(io.BufferedReader):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    whole = list(pieces(io.BufferedReader(io.BytesIO(raw)), ("item",), 10_000))
    slow = list(pieces(Slow(io.BytesIO(raw)), ("item",), 10_000))
    assert whole == slow
