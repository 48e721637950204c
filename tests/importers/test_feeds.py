"""Feed files: what each kind of feed says of an item, and feeds that are broken, huge or hostile."""

from __future__ import annotations

import io
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.errors import Problem
from site_builder.extraction import extract
from site_builder.importers import feeds
from site_builder.model import Image, Media, Note, Record, Skipped

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>The Harbour Post</title><link>https://h.example/</link><language>en-gb</language>
%s</channel></rss>
"""
ATOM = '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Die Post</title>%s</feed>'


def read(text: str | bytes, max_bytes: int = 1_000_000) -> tuple[list[Record], list[Problem]]:
    raw = text.encode() if isinstance(text, str) else text
    found = list(feeds.read(io.BufferedReader(io.BytesIO(raw)), "feed.xml", max_bytes))
    return [one for one in found if isinstance(one, Record)], [one for one in found if isinstance(one, Problem)]


def only(text: str) -> Record:
    (record,), problems = read(text)
    assert not problems
    return record


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (RSS.encode(), True),
        (ATOM.encode(), True),
        (b"\xef\xbb\xbf<!-- made by x -->\n<rss version='0.91'>", True),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', True),
        (b'{"version": "https://jsonfeed.org/version/1.1"', True),
        (b"<!DOCTYPE html><html><p>&lt;rss&gt; <rss ", False),
        (b'<?xml version="1.0"?><urlset>', False),
        (b'{"a": 1}', False),
        (b"text", False),
    ],
)
def test_detect(head: bytes, answer: bool) -> None:
    assert feeds.detect("any", head) is answer


def test_rss_with_the_whole_text() -> None:
    record = only(
        RSS
        % """<item><title>Pier &amp;amp; &lt;em&gt;port&lt;/em&gt;</title><link>https://h.example/a</link>
        <guid isPermaLink="false">tag:7</guid><pubDate>Wed, 12 Apr 2017 18:05:00 +0200</pubDate>
        <dc:creator>Ann Lee and Bo Ek</dc:creator><category>World</category><category>A, B</category>
        <description>A teaser &amp;lt;x&amp;gt;.</description>
        <content:encoded><![CDATA[<p>One <script>x()</script></p><p><img src="/a.jpg"></p>]]></content:encoded>
        <enclosure url="https://h.example/a.mp3" type="audio/mpeg" length="1"/>
        <itunes:duration>1:32</itunes:duration>
        <media:thumbnail url="https://h.example/t.jpg"/></item>"""
    )
    assert record.part == "item=tag:7"
    assert record.format == "fragment"
    assert record.text == (
        '<figure><img src="https://h.example/t.jpg" alt="" /></figure>\n'
        '<p>One <script>x()</script></p><p><img src="/a.jpg" /></p>'
    )
    assert record.meta == {
        "title": "Pier & port",
        "date": "2017-04-12T18:05:00+02:00",
        "authors": ("Ann Lee", "Bo Ek"),
        "publication": "The Harbour Post",
        "site_language": "en-gb",
        "tags": ("World", "A, B"),
        "summary": "A teaser <x>.",
        "media": (Media("audio", "", "PT1M32S", "https://h.example/a.mp3"),),
        "url": "https://h.example/a",
        "extra": {"feed": {"id": "tag:7", "text": "whole"}},
    }


def test_rss_with_a_teaser_or_less() -> None:
    record = only(RSS % "<item><description>One &amp;amp; two.\nThree.</description></item>")
    assert record.text == "<p>One &amp; two.</p>\n<p>Three.</p>"
    assert record.part == "item=1"
    assert record.meta["extra"] == {"feed": {"text": "summary"}}
    assert "summary" not in record.meta
    record = only(RSS % "<item><title>Only a title</title><link>https://h.example/a</link></item>")
    assert (record.text, record.part) == ("", "item=https://h.example/a")
    assert record.meta["extra"] == {"feed": {"text": "none"}}


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("desk@paper.example (Ann Lee)", ("Ann Lee",)),
        ("Ann Lee &lt;ann@paper.press&gt;", ("Ann Lee",)),
        ("ann@paper.online", ()),
        ("Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek")),
    ],
)
def test_authors_with_addresses(author: str, names: tuple[str, ...]) -> None:
    assert only(RSS % f"<item><title>A</title><author>{author}</author></item>").meta.get("authors", ()) == names


def test_a_picture_and_who_took_it() -> None:
    picture = (
        '<media:content url="https://h.example/a.jpg" medium="image"><media:credit>Bo Ek</media:credit></media:content>'
    )
    record = only(RSS % f"<item><title>A</title>{picture}<description>One sentence.</description></item>")
    assert extract(record).article.images == (Image("https://h.example/a.jpg", credit="Bo Ek"),)


def test_what_wordpress_writes_below_each_text_is_taken_out() -> None:
    links = '<a href="https://h.example/a">{}</a> erschien zuerst auf <a href="https://h.example">{}</a>.'
    item = "<item><title>Pier &amp; port</title><description><![CDATA[<p>One.</p>\n<p>Der Beitrag {}</p>]]></description></item>"
    record = only(RSS % item.format(links.format("Pier &amp; port", "The Harbour Post")))
    assert record.text == "<p>One.</p>"
    line = "Der Beitrag Pier & port erschien zuerst auf The Harbour Post."
    assert record.repairs == (f"line below the text taken out: {line}",)
    other = only(RSS % item.format(links.format("Another", "The Harbour Post")))
    assert other.text.count("<p>") == 2


def test_atom() -> None:
    record = only(
        ATOM
        % """<entry><id>urn:1</id><title type="html">A &amp;amp; B</title><link href="https://h.example/a"/>
        <published>2017-04-12T18:05:00.5+02:00</published><updated>2017-04-13T01:00:00Z</updated>
        <author><name>Ann Lee</name></author><author><name>Bo Ek</name></author>
        <category term="w" label="World"/><summary>Kurz.</summary>
        <content type="text">5 &lt; 6 &amp; so.</content></entry>"""
    )
    assert record.text == "<p>5 &lt; 6 &amp; so.</p>"
    assert record.meta["title"] == "A & B"
    assert record.meta["date"] == "2017-04-12T18:05:00+02:00"
    assert record.meta["updated"] == "2017-04-13T01:00:00Z"
    assert record.meta["authors"] == ("Ann Lee", "Bo Ek")
    assert record.meta["tags"] == ("World",)
    assert record.meta["site_language"] == "de"
    assert record.meta["summary"] == "Kurz."


def test_bloggers_export() -> None:
    kind = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#%s'/>"
    post = (
        f"<entry><id>1</id>{kind % 'post'}<category scheme='http://www.blogger.com/atom/ns#' term='News'/><title>T</title>"
        "<content type='html'>&lt;p&gt;x&lt;/p&gt;</content><link rel='alternate' href='http://b.example/2010/01/t.html'/>"
    )
    draft = "<app:control xmlns:app='http://purl.org/atom/app#'><app:draft>yes</app:draft></app:control></entry>"
    comment = f"<entry><id>2</id>{kind % 'comment'}<title>C</title><content>c</content></entry>"
    new = (
        "<entry xmlns:blogger='http://schemas.google.com/blogger/2018'><id>3</id><blogger:type>%s</blogger:type>"
        "<blogger:status>LIVE</blogger:status><title>N</title><content type='html'>n</content></entry>"
    )
    raw = (ATOM % (post + "</entry>" + post + draft + comment * 3 + new % "POST" + new % "COMMENT")).encode()
    found = list(feeds.read(io.BufferedReader(io.BytesIO(raw)), "blog.xml", 100_000))
    records = [one for one in found if isinstance(one, Record)]
    assert [record.meta["title"] for record in records] == ["T", "T", "N"]
    assert [record.meta.get("status") for record in records] == [None, "draft", None]
    assert records[0].meta["tags"] == ("News",)
    assert [record.meta.get("aliases") for record in records] == [("/2010/01/t.html",), None, None]
    assert found[-1] == Skipped("blog.xml", "Blogger entries of the kind comment", 4)


def test_a_date_that_is_only_an_update_says_so() -> None:
    record = only(ATOM % "<entry><id>1</id><title>A</title><updated>2017-04-13T01:00:00Z</updated></entry>")
    assert record.meta["date"] == "2017-04-13T01:00:00Z"
    assert "updated" not in record.meta
    assert record.meta["notes"] == (
        Note("date", "The feed tells only when this was last updated, which is taken for its date."),
    )


def test_dates_that_are_none() -> None:
    record = only(RSS % "<item><title>A</title><pubDate>yesterday</pubDate></item>")
    assert "date" not in record.meta
    assert record.repairs == ("date 'yesterday' was not understood",)


def test_ids_that_come_twice_or_are_long() -> None:
    item = "<item><title>A</title><guid>%s</guid></item>"
    records, _ = read(RSS % (item % "x" + item % "x" + item % ("y" * 500)))
    assert [record.part for record in records][:2] == ["item=x", "item=x (2)"]
    assert len(records[2].part) < 40
    assert records[2].meta["extra"]["feed"]["id"] == "y" * 500


def test_the_digest_is_the_items() -> None:
    item = "<item><title>%s</title><guid>%s</guid></item>"
    (first,), _ = read(RSS % (item % ("A", "a")))
    (_, again), _ = read(RSS % (item % ("New", "b") + item % ("A", "a")))
    (changed,), _ = read(RSS % (item % ("A!", "a")))
    assert first.sha256 == again.sha256 != changed.sha256


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Post",
        "language": "en",
        "authors": [{"name": "Staff"}],
        "items": [
            {
                "id": 7,
                "url": "https://h.example/a",
                "title": "A & B",
                "content_html": "<p>One</p>",
                "summary": "Short",
                "date_published": "2017-04-12T18:05:00+02:00",
                "date_modified": "2017-04-13",
                "authors": [{"name": "Ann Lee"}],
                "tags": ["World", "A, B"],
                "image": "https://h.example/a.jpg",
                "attachments": [
                    {"url": "https://h.example/v.mp4", "mime_type": "video/mp4", "duration_in_seconds": 92}
                ],
            },
            {"id": "8", "content_text": "5 < 6\n\nTwo"},
            {"id": "9"},
            "no object",
        ],
    }
    (first, second), problems = read(json.dumps(feed))
    assert not problems
    assert first.meta == {
        "title": "A & B",
        "date": "2017-04-12T18:05:00+02:00",
        "updated": "2017-04-13",
        "authors": ("Ann Lee",),
        "publication": "The Post",
        "site_language": "en",
        "tags": ("World", "A, B"),
        "summary": "Short",
        "media": (Media("video", "", "PT1M32S", "https://h.example/v.mp4"),),
        "url": "https://h.example/a",
        "extra": {"feed": {"id": "7", "text": "whole"}},
    }
    assert (first.text, second.text) == (
        '<figure><img src="https://h.example/a.jpg" alt="" /></figure>\n<p>One</p>',
        "<p>5 &lt; 6</p>\n<p>Two</p>",
    )
    assert second.meta["authors"] == ("Staff",)
    found = list(feeds.read(io.BufferedReader(io.BytesIO(json.dumps(feed).encode())), "a.json", 10_000))
    assert found[-1] == Skipped("a.json", "feed items without title and text", 1)


def test_broken_feeds() -> None:
    item = "<item><title>T%d</title><description>Text & more</description></item>\n"
    records, (problem,) = read(RSS % (item % 1 + item % 2))
    assert [record.meta["title"] for record in records] == ["T1", "T2"]
    assert problem.message == "is not well-formed; 2 items were read"
    cut = (RSS % "".join(item % n for n in range(5))).replace(" & ", " ")[:-60]
    records, (problem,) = read(cut)
    assert [record.meta["title"] for record in records] == ["T0", "T1", "T2", "T3"]
    assert problem.message == "breaks off before its end, its last item was left out; 4 items were read"
    assert read(RSS % "")[1][0].message == "is a feed without items"
    assert "more than 10 bytes" in read(RSS % "", max_bytes=10)[1][0].message
    assert "no JSON" in read('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 50_000)[1][0].message


def test_bombs_do_not_go_off() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE rss [<!ENTITY a0 "lol">{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    started = time.monotonic()
    for title in ("&a11;", "&f;"):
        text = RSS.replace("?>", f"?>{doctype}", 1) % f"<item><title>{title}</title><description>x</description></item>"
        found = repr(read(text))
        assert "root:" not in found
        assert "lollol" not in found
    read(RSS % ("<item>" + "<a>" * 20_000))
    read(RSS % ("<item><description>" + "x" * 5_000_000 + "</description></item>"), 20_000_000)
    read(b"https://h.example/feed.xml")
    assert read(b"/etc/passwd")[0] == []
    assert time.monotonic() - started < 20


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 600))
def test_any_damage(junk: bytes, at: int) -> None:
    raw = (RSS % "<item><title>A</title><pubDate>x</pubDate><author>a@b (C)</author></item>").encode()
    read(raw[:at] + junk + raw[at:])
    raw = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "A"}]}).encode()
    read(raw[: at % 100] + junk + raw[at % 100 :])


def test_entities_of_its_own_are_not_filled_in_and_it_is_told() -> None:
    head, _, rest = RSS.partition("<rss")
    entity = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    item = "<item><title>Bridge</title><description>before &a; after</description></item>"
    records, problems = read(f"{head}{entity}<rss{rest}" % item)
    assert [record.meta["title"] for record in records] == ["Bridge"]
    assert any("entities" in problem.message for problem in problems)
