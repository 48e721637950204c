"""The single readings of a page: its title, dates, people, language, and JSON-LD as it comes."""

from __future__ import annotations

import pytest

from site_builder.extraction.html import dating, facts, headline, people
from site_builder.extraction.html.blocks import read_blocks
from site_builder.extraction.html.page import parse
from site_builder.extraction.html.statements import Statements, plain, prose, read_statements, texts
from site_builder.extraction.html.surroundings import Surroundings, meanings


def statements(head: str = "", url: str = "") -> Statements:
    return read_statements(parse(f"<html><head>{head}</head><body></body></html>").root, url)


def linked(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2017-04-12", "2017-04-12"),
        ("2017-04-12T18:05:00.123Z", "2017-04-12T18:05:00Z"),
        ("2017-04-12T18:05+0200", "2017-04-12T18:05:00+02:00"),
        ("2017-04-12 18:05:00", "2017-04-12T18:05:00"),
        ("20170412", "2017-04-12"),
        ("Wed, 12 Apr 2017 18:05:00 +0200", "2017-04-12T18:05:00+02:00"),
        ("April 12, 2017", "2017-04-12"),
        ("12. April 2017", "2017-04-12"),
        ("2017-13-45", ""),
        ("yesterday", ""),
        ("April 12", ""),
        ("", ""),
    ],
)
def test_dates_as_pages_write_them(stated: str, day: str) -> None:
    assert dating.normal(stated) == day


def test_a_date_in_the_address_is_the_last_resort() -> None:
    said = statements(url="https://paper.example/news/2017/04/12/bridge.html")
    root = parse("<body><p>Some text").root
    found = dating.find_dates(root, read_blocks(root), said, (0, 1), "")
    assert found.date == "2017-04-12"
    assert found.note == "address: 2017-04-12"


@pytest.mark.parametrize(
    ("other", "disagree"), [("2017-04-13T01:00:00Z", False), ("2011-04-12", True), ("soon", False)]
)
def test_two_dates_of_publication_that_are_days_apart_disagree(other: str, disagree: bool) -> None:
    said = statements(
        linked('{"@type": "NewsArticle", "headline": "Bridge", "datePublished": "2017-04-12"}')
        + f'<meta property="article:published_time" content="{other}">'
    )
    root = parse("<body><p>Some text").root
    found = dating.find_dates(root, read_blocks(root), said, (0, 1), "")
    assert (found.date, found.disagree) == ("2017-04-12", disagree)


@pytest.mark.parametrize(
    ("title", "site", "clean"),
    [
        ("Bridge to close - The Courier", "The Courier", "Bridge to close"),
        ("Bridge to close | News | The Courier", "The Courier", "Bridge to close | News"),
        ("The Courier: Bridge to close", "The Courier", "The Courier: Bridge to close"),
        ("The Courier | Bridge to close", "The Courier", "Bridge to close"),
        ("Bridge - an elegy", "", "Bridge - an elegy"),
        ("橋が閉鎖｜西港新聞", "西港新聞", "橋が閉鎖"),
    ],
)
def test_the_site_is_cut_off_a_title(title: str, site: str, clean: str) -> None:
    assert headline.without_site(title, site, set()) == clean


def test_a_heading_proves_where_the_title_ends() -> None:
    shown: set[tuple[str, ...]] = {("bridge", "to", "close", "at", "last")}
    assert headline.without_site("Bridge to close - at last – some name", "", shown) == "Bridge to close - at last"


def title_of(head: str, body: str) -> headline.Title:
    root = parse(f"<head>{head}</head><body>{body}<p>The council voted on Tuesday to close it.").root
    blocks = read_blocks(root)
    return headline.find_title(root, blocks, read_statements(root), len(blocks) - 1)


@pytest.mark.parametrize(
    ("stated", "body", "title", "lines"),
    [
        ("Westhaven: Bridge to close", "<p>Westhaven</p><h1>Bridge to close</h1>", "Westhaven: Bridge to close", (2, 1)),
        ("Bridge to close: A long farewell", "<h1>Bridge to close</h1><p>A long farewell</p>",
         "Bridge to close: A long farewell", (1, 2)),
        ("Westhaven: Bridge to close", "<h1>Bridge to close</h1><p>News</p>", "Bridge to close", (1,)),  # shown nowhere
        ("Bridge to close today", "<h1>Bridge to close today / Apr 2017</h1>", "Bridge to close today", (1,)),
        ("Bridge to close", "<h1>Bridge to close – a long farewell</h1>", "Bridge to close – a long farewell", (1,)),
        ("Bridge to close | Opinion", "<h1>Bridge to close | Opinion</h1>", "Bridge to close", (1,)),
        ("Bridge to close | Harbour", "<h1>Bridge to close | Harbour</h1>", "Bridge to close | Harbour", (1,)),
    ],
)  # fmt: skip
def test_kickers_and_labels_of_a_headline(stated: str, body: str, title: str, lines: tuple[int, ...]) -> None:
    found = title_of(f'<meta property="og:title" content="{stated}">', body)
    assert (found.text, found.blocks) == (title, lines)


def test_a_headline_that_is_stated_as_it_stands_gets_no_kicker() -> None:
    head = '<meta property="og:title" content="Westhaven: Bridge to close"><title>Bridge to close</title>'
    assert title_of(head, "<p>Westhaven</p><h1>Bridge to close</h1>").text == "Bridge to close"


def test_the_date_that_is_said_to_be_the_publication_s() -> None:
    body = (
        "<p>Older: <time datetime=2017-04-01>1 April</time></p><h1>Bridge to close</h1>"
        "<p>Published on <time datetime=2017-04-12>12 April</time></p><p>The council voted on Tuesday.</p>"
    )
    root = parse(f"<body>{body}").root
    assert dating.find_dates(root, read_blocks(root), statements(), (3, 4), "", 1).date == "2017-04-12"


def found_people(head: str, body: str = "") -> people.Writers:
    page = parse(f"<head>{head}</head><body><h1>Bridge to close</h1>{body}<p>The council voted on Tuesday to close it.")
    blocks, said = read_blocks(page.root), read_statements(page.root)
    first = len(blocks) - 1
    return people.find_writers(page.root, blocks, said, (first, first + 1), "The Courier", Surroundings())


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (linked('{"@type": "NewsArticle", "headline": "x", "author": [{"@type": "Person", "name": "Ann Lee"}]}'), "", ("Ann Lee",)),
        (linked('{"@type": "Article", "headline": "x", "author": {"givenName": "Ann", "familyName": "Lee"}}'), "", ("Ann Lee",)),
        ('<meta name="author" content="By Ann Lee and Bo Ek">', "", ("Ann Lee", "Bo Ek")),
        ('<meta name="author" content="admin">', "<p class=byline>Von Anna Maier</p>", ("Anna Maier",)),
        ('<meta property="article:author" content="https://social.example/courier">', "<p>By Ann Lee</p>", ("Ann Lee",)),
        ("", "<p>April 12, 2017 | 14:07 | Von Eva Groß-Kern</p>", ("Eva Groß-Kern",)),
        ("", "<div class='post-author'>Ann Lee</div>", ("Ann Lee",)),
        ("", "<a rel=author href=/x>Ann Lee</a>", ("Ann Lee",)),
        ('<meta name="author" content="The Courier">', "", ("The Courier",)),
        ('<meta name="author" content="The Courier">', "<p>By Ann Lee</p>", ("Ann Lee",)),
        ("", "<p>Home</p>", ()),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">', "", ("Ann Lee",)),
        ('<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Ann Lee">', "", ()),
        (linked('{"@type": "Article", "headline": "x", "author": [{"@type": "Person", "name": "Ann Lee"}]}'),
         "<address><a rel=author href=/b>Bo Ek</a></address><address><a rel=author href=/a>Ann Lee</a></address>", ("Bo Ek", "Ann Lee")),
        (('<meta name="publisher" content="Westhaven Wave (www.westhaven.example)">'
         '<meta name="author" content="Westhaven Wave (www.westhaven.example)">'), "<p>By Ann Lee</p>", ("Ann Lee",)),
        (linked('{"@type": "Article", "headline": "x", "author": [{"@type": "Person", "name": "By Ann Lee"},'
         '{"@type": "Person", "name": "South Harbour Garden-based Learning Network on Facebook"}]}'), "", ("Ann Lee",)),
        ("", "<div class=byline>Ann Lee THE COURIER</div>", ("Ann Lee",)),
        ("", "<p>Ann Lee</p>", ("Ann Lee",)),  # all that stands between headline and story
        ("", "<p>News</p><p>Ann Lee</p>", ()),
        ("", "<p>Ann Lee</p><p>/</p><p>April 12, 2017</p><p>Print</p>", ("Ann Lee",)),
        (linked('{"@type": "Article", "headline": "x", "author": {"@type": "Person", "name": "Politik"}}'), "", ()),
    ],
)  # fmt: skip
def test_who_wrote_it(head: str, body: str, authors: tuple[str, ...]) -> None:
    assert found_people(head, body).authors == authors


STORY = "The council voted on Tuesday to close it."


@pytest.mark.parametrize(
    ("first", "foot", "authors"),
    [
        ("Ann Maier/Bo Ekman", "", ("Ann Maier", "Bo Ekman")),  # above the first paragraph, with no date beside it
        ("Show Caption", "", ()),
        ("Ida Brandt", "", ()),  # of whom the story tells
        ("", "".join(f"<p>Line {one} of the foot</p>" for one in range(6)) + "<p>Autorin/Autor Ann Maier</p>", ("Ann Maier",)),
        ("", "".join(f"<p>Line {one} of the foot</p>" for one in range(6)) + "<p>By Ann Maier</p>", ()),  # a teaser's
        ("Ann Maier", "<ul class=author><li>Cy Dahl</li></ul>", ("Ann Maier",)),  # the next story's
        ("", "<div class=author>Cy Dahl</div>", ("Cy Dahl",)),
        ("", "<div class=author>Follow Cy: Email | Cy Dahl</div>", ()),
    ],
)  # fmt: skip
def test_who_opens_or_signs_the_story(first: str, foot: str, authors: tuple[str, ...]) -> None:
    body = f"<p>{first or STORY}</p><p>{STORY}</p><p>“We had no choice,” said Ida Brandt, the mayor.</p>"
    page = parse(f"<head></head><body><h1>Bridge to close</h1>{body}{foot}")
    blocks, said = read_blocks(page.root), read_statements(page.root)
    found = people.find_writers(page.root, blocks, said, (1, 4), "The Courier", Surroundings())
    assert found.authors == authors


def test_agencies_are_no_authors() -> None:
    found = found_people(
        linked('{"@type": "Article", "headline": "x", "author": {"@type": "Person", "name": "Reuters"}}')
    )
    assert (found.authors, found.agencies) == ((), ("Reuters",))


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "Bridge"}',
        '[{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "Bridge"}]',
        '{"@graph": [{"@type": "WebPage"}, {"@type": ["Thing", "ReportageNewsArticle"], "headline": "Bridge"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "https://schema.org/BlogPosting", "headline": "Bridge"}}',
        '<!-- {"@type": "Article", "headline": "Bridge",} -->',
        '//<![CDATA[\n{"@type": "Article", "headline": "Bri\ndge"}\n//]]>;'.replace("Bri\ndge", "Bridge"),
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Bridge&quot;}",
    ],
)
def test_linked_data_in_many_shapes(text: str) -> None:
    assert statements(linked(text)).article.get("headline") == "Bridge"


def test_the_article_of_the_page_and_not_of_its_neighbours() -> None:
    both = linked(
        '[{"@type": "NewsArticle", "headline": "Other", "author": "A", "datePublished": "2017-01-01", "url": "https://c.example/b"},'
        ' {"@type": "NewsArticle", "headline": "Mine", "url": "https://c.example/a"}]'
    )
    assert statements(both, "https://c.example/a").article["headline"] == "Mine"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://c.example/a">', "https://c.example/a"),
        (
            '<link rel="canonical" href="/a"><meta property="og:url" content="https://c.example/b">',
            "https://c.example/b",
        ),
        ("<!-- saved from url=(0021)https://c.example/c -->", "https://c.example/c"),
        ("", ""),
    ],
)
def test_the_address_that_a_page_has_by_its_own_word(head: str, url: str) -> None:
    assert statements(head).url == url


def test_links_are_absolute_or_not_there() -> None:
    said = statements("<base href='/2017/'>", "https://c.example/x/y.html")
    assert said.resolve("a.html") == "https://c.example/2017/a.html"
    assert said.resolve("mailto:a@c.example") == "mailto:a@c.example"
    for link in (
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "http://[bad",
        "file:///etc/passwd",
    ):
        assert said.resolve(link) == ""
    assert statements().resolve("a.html") == ""


def test_texts_without_what_pages_leave_in_them() -> None:
    assert plain("Law &amp;amp; <b>order</b> &#8211; now") == "Law & order – now"
    assert texts([{"name": "A"}, "B", {"@value": "C"}, 4, None, ["D"]]) == ["A", "B", "C", "D"]
    assert prose("<p>One.</p><p>Two &amp; three.</p>") == "One.\nTwo & three."


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ('<meta property="og:locale" content="de_AT">', "de-AT"),
        (linked('{"@type": "Article", "headline": "x", "inLanguage": "FR"}'), "fr"),
        ('<meta name="language" content="not a language">', ""),
    ],
)
def test_the_language_by_the_page(head: str, language: str) -> None:
    assert facts.language_of_page(statements(head)) == language


def test_the_section_by_the_trail_of_breadcrumbs() -> None:
    trail = (
        '{"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home"},'
        ' {"@type": "ListItem", "position": 2, "item": {"name": "Local"}}, {"position": 3, "name": "Bridge"}]}'
    )
    assert facts.section_of(statements(linked(trail))) == "Local"


def test_class_names_are_read_by_their_parts() -> None:
    assert {"writer", "body"} <= meanings("articleAuthor")
    assert "navigation" in meanings("site-main_nav")
    assert "advert" not in meanings("headline") and not meanings("css-1xyz")


def test_a_date_that_only_its_element_divides_from_a_bylines_other_words() -> None:
    line = "<p>Ann Lee and Bo Ek <span class='date'>02 Feb 2017</span> in local affairs and town matters</p>"
    root = parse(f"<h1>Bridge</h1>{line}<p>Some text of the story.").root
    found = dating.find_dates(root, read_blocks(root), statements(), (2, 3), "")
    assert found.date == "2017-02-02"


def test_a_page_that_tells_only_when_it_was_changed() -> None:
    root = parse("<h1>Bridge</h1><p>Last updated on May 3, 2017</p><p>Some text of the story.").root
    found = dating.find_dates(root, read_blocks(root), statements(), (2, 3), "")
    assert (found.date, found.updated) == ("", "2017-05-03")


@pytest.mark.parametrize(
    ("shown", "told", "title"),
    [
        ("Quarrel in the council - Bridge to be closed at once", "Westhaven: Bridge to be closed at once", "Bridge to be closed at once"),
        ("Old bridge - and what will become of it", "Westhaven: Old bridge - and what will become of it", "Old bridge - and what will become of it"),
        ("Quarrel in the council Bridge to be closed", "Quarrel in the council: Bridge to be closed", "Quarrel in the council: Bridge to be closed"),
    ],
)  # fmt: skip
def test_kickers_that_page_and_head_join_in_other_ways(shown: str, told: str, title: str) -> None:
    root = parse(f"<h1>{shown}</h1><p>Some text of the story.").root
    said = statements(f'<meta property="og:title" content="{told}">')
    assert headline.find_title(root, read_blocks(root), said, 1).text == title


@pytest.mark.parametrize(
    ("href", "url", "canonical", "own"),
    [
        ("https://paper.example/a", "https://m.paper.example/a?x=1", "https://paper.example/a", "https://m.paper.example/a?x=1"),
        ("https://paper.example/a", "", "https://paper.example/a", "https://paper.example/a"),
        ("/b", "https://paper.example/a", "https://paper.example/b", "https://paper.example/a"),
        ("/b", "", "", ""),
        ("javascript:1", "https://paper.example/a", "", "https://paper.example/a"),
        ("https://paper.example/" + "x" * 2000, "", "", ""),
        ("http://[x/", "https://paper.example/a", "http://[x/", "https://paper.example/a"),
    ],
)  # fmt: skip
def test_the_address_that_a_page_calls_its_own(href: str, url: str, canonical: str, own: str) -> None:
    said = statements(f'<link rel="shortcut Canonical" href="{href}">', url)
    assert (said.canonical, said.url) == (canonical, own)


@pytest.mark.parametrize(
    ("stated", "url", "tags"),
    [
        (
            "Bridges, Category: Travel, NLP Entity Tokens: Old Town, topic/floods",
            "",
            ("Bridges", "Travel", "Old Town", "floods"),
        ),
        ("ferry, 100312362, 8f507083-bac4-423a-9015-2eb31e1bce50, ferry", "", ("ferry",)),
        ("ferry, post.example, orbit.example", "https://www.post.example/a.html", ("ferry", "orbit.example")),
        ("AER, AIRS08, INDG, NP, ASIA, Bird strikes", "", ("Bird strikes",)),
        ("NATO, EU, UN, Treaties, Baltic", "", ("NATO", "EU", "UN", "Treaties", "Baltic")),
        ("ferry", "https://[broken/", ("ferry",)),
    ],
)
def test_tags_are_those_that_readers_can_use(stated: str, url: str, tags: tuple[str, ...]) -> None:
    said = statements(f'<meta name="keywords" content="{stated}">', url)
    assert facts.tags_of(said) == tags


@pytest.mark.parametrize(
    ("stated", "section"),
    [
        ('"Uncategorized"', "Town"), ('["The Harbour Post", "Sport"]', "Sport"), ('"www.post.example"', "Town"),
        ('"culture_culture-lifestyle"', "Town"), ('"Harbour,News,Westport"', "Harbour"), ('"Arts, Culture"', "Arts, Culture"),
        ('"News"', "News"),
    ],
)  # fmt: skip
def test_the_section_is_one_that_readers_know(stated: str, section: str) -> None:
    head = '<meta property="og:site_name" content="The Harbour Post"><meta property="article:section" content="Town">'
    article = f'{{"@type": "NewsArticle", "headline": "x", "articleSection": {stated}}}'
    assert facts.section_of(statements(head + linked(article), "https://www.post.example/a.html")) == section
