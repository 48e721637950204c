"""Law 9. Text is hostile: no page runs it, no feed breaks on it, no name leads out; a bad file costs one article."""

from __future__ import annotations

import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from site_builder import pipeline
from tests import sites

# ------------------------------------------------------------------------------------------ what is tried

MARKUP = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<!--><script>alert(1)</script>",
    "]]><script>alert(1)</script><![CDATA[",
    "<![CDATA[<script>alert(1)</script>]]>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "` onmouseover=`alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<IMG SRC=javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><animate xlink:href="#x" attributeName=href values=javascript:alert(1) /><a id=x>x</a></svg>',
    "<math><mtext></p><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    "<form action=javascript:alert(1)><button>x</button></form>",
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    "<details open ontoggle=alert(1)>x</details>",
    "<template><script>alert(1)</script></template>",
    "<plaintext>",
    "<xmp><script>alert(1)</script></xmp>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "{{ 7*7 }}{% include '/etc/passwd' %}{# x #}",
    "${alert(1)} <%= 7*7 %> #{7*7}",
    "\u2028alert(1)\u2029",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    '\\"};alert(1);//',
    "<\u0000script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<scr\nipt>alert(1)</script>",
    "<a\thref='javas\tcript:alert(1)'>x</a>",
    "=1+1|cmd",
    "a & b &amp; c &copy; d &nosuch; e < f > g",
]
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript:alert(1)",
    "%6aavascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,PHN2Zy8+",
    "vbscript:msgbox(1)",
    "feed:javascript:alert(1)",
    "blob:https://example.org/x",
    "file:///etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "http://[",
    "http://[::1",
    "http://a\u2100b/",
    "http://user@example.org:99999999/",
    'https://example.org/"onmouseover=alert(1)',
    "../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "media/../../x",
    "media/%00",
    "?q=<script>",
    '#"><script>alert(1)</script>',
]
PAYLOADS = MARKUP + ADDRESSES

BODY = """{p}

# {p}

A paragraph with {p} in it, **{p}**, `{p}`, <{p}>, [a link]({p}), [another](<{p}> "{p}"),
![{p}]({p} "{p}"), [third][ref].

[ref]: {p} "{p}"

> {p}

- {p}
- [{p}]({p})

| {p} | b |
|-----|---|
| {p} | c |

```{p}
{p}
```

    {p}

## [{p}]({p}) {p}
"""


def quoted(text: str) -> str:
    """A text in YAML's double quotes, with escapes for what could not stand there."""
    return sites.quoted(text).replace("\x7f", "\\x7f").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def hostile(payload: str, number: int, body: str = BODY) -> str:
    """An article that has a payload in every field."""
    q = quoted(payload)
    return (
        f"---\nid: {quoted(payload + str(number))}\ntitle: {q}\ndate: 2017-04-{1 + number % 28:02}\nauthors: [{q}]\n"
        f"section: {q}\npublication: {q}\ndateline: {q}\nlanguage: {q}\nagencies: [{q}]\ntags: [{q}]\npeople: [{q}]\n"
        f"places: [{q}]\norganizations: [{q}]\nsummary: {q}\n"
        f"images:\n  - src: {q}\n    caption: {q}\n    credit: {q}\n    alt: {q}\n  - caption: {q}\n"
        f"media:\n  - type: {q}\n    title: {q}\n    duration: {q}\n    src: {q}\n"
        f"notes:\n  - kind: {q}\n    text: {q}\n    about: {q}\n    date: {q}\n"
        f"  - kind: correction\n    text: {q}\n    date: {q}\n"
        f"source:\n  file: {q}\n  url: {q}\n  format: {q}\n  retrieved: {q}\n  sha256: {q}\n"
        f"slug: {q}\nextra_key: {q}\n{q}: {q}\nreason: {q}\n---\n\n" + body.replace("{p}", payload)
    )


def shown(text: str) -> str:
    """A title as a page is to show it: one line, without control characters and marks of direction."""
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]", "", text)
    return " ".join(re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", text).split())


# ------------------------------------------------------------------------------------------- what is held

_ADDRESS_ATTRIBUTES = set(
    "href src action formaction xlink:href poster data background ping cite longdesc manifest srcset".split()
)
_DEAD = set("style iframe object embed base frame frameset applet portal math noembed xmp plaintext template".split())
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")


def residue(seen: sites.Seen, own_scripts: bool = True) -> Iterator[str]:
    """What could run, or load from elsewhere, in a page."""
    for tag, attributes in seen.tags:
        place = f"<{tag} {attributes}>"
        if tag in _DEAD:
            yield place
        if tag == "script" and attributes.get("type") != "application/ld+json":  # noqa: SIM102
            if not own_scripts or not re.fullmatch(
                r"(\.\./)*assets/[\w./-]+\.js|/assets/[\w.-]+", attributes.get("src", "")
            ):
                yield place
        if tag == "meta" and attributes.get("http-equiv", "").lower() not in ("", "content-security-policy", "refresh"):
            yield place
        if tag == "link" and not re.match(r"(\.\./)*\w|/", attributes.get("href", "x")):
            yield place
        for name, value in attributes.items():
            # Browsers drop blanks and control characters before an address, tabs and line breaks within it.
            plain = re.sub(r"[\t\n\r]", "", value.lstrip("".join(map(chr, range(33))))).lower()
            scheme = _SCHEME.match(plain)
            if name.startswith("on") or name in ("style", "srcdoc"):
                yield place
            if name in _ADDRESS_ATTRIBUTES and scheme and scheme[1] not in ("http", "https", "mailto"):
                yield place
            if tag == "meta" and name == "content" and "javascript:" in plain and "refresh" in attributes.values():
                yield place
        if tag == "img" and _SCHEME.match(attributes.get("src", "").removeprefix("http://localhost:8000/")):
            yield f"a picture from elsewhere: {place}"


@dataclass(frozen=True)
class Built:
    """A built archive of hostile articles."""

    root: Path
    report: pipeline.Report
    files: dict[str, bytes]
    titles: list[str]
    pages: dict[str, sites.Seen]


def assert_site_is_safe(built: Built) -> None:
    """What holds for every built site, whatever was in its content."""
    for path, content in built.files.items():
        if path.startswith("media/"):
            continue
        if path.endswith(".html"):
            seen = built.pages[path]
            assert not list(residue(seen)), path
            for text in seen.texts.get("script", ()):
                if text:
                    json.loads(text)
        elif path.endswith(".xml"):
            assert_feed_is_safe(path, content)
        elif path.endswith(".json"):
            for item in json.loads(content).get("items", ()) if "feed" in path else ():
                assert not list(residue(sites.parse(item.get("content_html", "")), own_scripts=False)), path


def assert_feed_is_safe(path: str, content: bytes) -> None:
    """Well-formed, and what a reader would show as HTML has nothing live in it."""
    for element in ElementTree.fromstring(content).iter():
        tag = element.tag.rpartition("}")[2]
        if tag in ("encoded", "description", "content"):
            assert not list(residue(sites.parse(element.text or ""), own_scripts=False)), (path, tag)
        if tag == "link" and (element.get("href") or element.text):
            assert re.match(r"https?://", element.get("href") or element.text or ""), path


_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
_FORBIDDEN = re.compile('[<>:"\\\\|?*\x00-\x1f\x7f]')


def bad_names(paths: Iterator[str] | list[str]) -> list[str]:
    """Output paths that some file system could not hold, or would take for one another."""
    bad: list[str] = []
    folded: dict[str, str] = {}
    for path in paths:
        for part in path.split("/"):
            if (
                len(part.encode()) > 255
                or part in ("", ".", "..")
                or _WINDOWS.fullmatch(part)
                or _FORBIDDEN.search(part)
                or part[-1] in ". "
                or part != unicodedata.normalize("NFC", part)
            ):
                bad.append(path)
        if len(path.encode()) > 400 or len(path) > 240:
            bad.append(f"long: {path}")
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
        if key in folded:
            bad.append(f"{path} and {folded[key]}")
        folded[key] = path
    return bad


def build(root: Path, articles: dict[str, str], titles: list[str], more: dict[str, str | bytes] | None = None) -> Built:
    """Write and build hostile articles."""
    sites.write(root, articles)
    sites.write(root, more or {})
    report = sites.build(root)
    return Built(root, report, sites.read(root / "output"), titles, dict(sites.pages(root / "output")))


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Every payload in every field of an article of its own."""
    articles = {f"content/articles/{n:03}.md": hostile(payload, n) for n, payload in enumerate(PAYLOADS)}
    ledger = "".join(
        json.dumps({"id": payload, "url": f"old/{payload.replace('/', '')}.html"}) + "\n" for payload in PAYLOADS
    )
    about = f"---\ntitle: {quoted(PAYLOADS[0])}\n---\n" + BODY.replace("{p}", PAYLOADS[8])
    more: dict[str, str | bytes] = {"content/urls.jsonl": ledger, "content/pages/about.md": about}
    more["content/articles/withdrawn.md"] = hostile(PAYLOADS[0], 999).replace("reason:", "status: withdrawn\nreason:")
    more["content/site.toml"] = "[pages]\nlist_size = 20\n[feeds]\nitems = 200\n"
    return build(tmp_path_factory.mktemp("hostile"), articles, PAYLOADS, more)


def test_payloads_are_dead(everywhere: Built) -> None:
    assert everywhere.report.articles == len(PAYLOADS)
    assert_site_is_safe(everywhere)


def test_titles_are_kept_as_text(everywhere: Built) -> None:
    found: set[str] = set()
    for seen in everywhere.pages.values():
        found.update(text.strip() for text in seen.texts.get("h1", ()))
        for text in seen.texts.get("script", ()):
            if headline := json.loads(text or "{}").get("headline"):
                assert headline in [shown(title) for title in everywhere.titles]
    missing = [title for title in everywhere.titles if shown(title) not in {" ".join(text.split()) for text in found}]
    assert not missing


def test_feeds_name_every_article(everywhere: Built) -> None:
    feed = json.loads(everywhere.files["feed.json"])
    assert len(feed["items"]) == len(PAYLOADS)
    assert {item["title"] for item in feed["items"]} == {shown(title) for title in everywhere.titles}
    for name in ("feed.xml", "atom.xml"):
        titles = [
            e.text or "" for e in ElementTree.fromstring(everywhere.files[name]).iter() if e.tag.endswith("title")
        ]
        assert {shown(title) for title in everywhere.titles} <= set(titles)


def test_names_of_hostile_pages(everywhere: Built) -> None:
    """The URL ledger may ask for any name that a file system takes; the program itself makes none but plain ones."""
    assert not bad_names([path for path in everywhere.files if not path.startswith("old/")])


def test_pages_have_a_policy_without_exceptions(everywhere: Built) -> None:
    for path, seen in everywhere.pages.items():
        (policy,) = [a["content"] for a in seen.all("meta") if "http-equiv" in a][:1]
        assert "unsafe" not in policy, path
        assert "default-src 'none'" in policy, path
        assert "script-src 'self'" in policy, path


def test_hostile_text_in_slugless_file_names(tmp_path: Path) -> None:
    """A title may come from the file's name, which can hold anything but a slash."""
    names = [re.sub(r"[/\x00]", "-", payload) for payload in MARKUP]
    articles = {f"content/articles/{name[:100]}.md": "Just a body.\n" for name in names}
    built = build(tmp_path, articles, names)
    assert built.report.articles == len(articles)
    assert_site_is_safe(built)
    assert not bad_names(list(built.files))


# --------------------------------------------------------------------------------------------- odd strings

ODD = [
    "",
    " ",
    ".",
    "..",
    "...",
    "/",
    "//",
    "\\",
    "../../../x",
    "a/b/c",
    "C:\\x",
    "CON",
    "con.md",
    "AUX",
    "NUL.html",
    "COM1",
    "COM¹",
    "LPT9",
    "conin$",
    "index",
    "Index.html",
    "part-1",
    "Part 2",
    "feed.xml",
    "a-z-a",
    "2017",
    "04",
    "-",
    "--help",
    "-rf",
    "~",
    "$HOME",
    "a\u0000b",
    "a\u0007b",
    "\ufeff",
    "\u200b",
    "\u00ad",
    "\u3164",
    "😀",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "שלום",
    "مرحبا بالعالم",
    "\u202egnp.exe",
    "e\u0301",
    "é",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031ealgo",
    "\u0301",
    "ſ",
    "ß",
    "SS",
    "İ",
    "ı",
    "ŉ",
    "\u0345\u0301",
    "ᾳ",
    "Å",
    "Å",
    "ﬁ",
    "①",
    "x" * 5000,
    "é" * 3000,
    "字" * 1000,
    "a " * 3000,
    "Aa",
    "aA",
    "a.",
    "a ",
    "a:b",
    "a*b?",
    "C++",
    "C#",
    "C",
    "null",
    "~null",
    "true",
    "0x10",
    "1e3",
    "NaN",
    "2017-04-12",
    "*alias",
    "&anchor",
    "!tag",
    "- dash",
    "? key",
    "%directive",
    "@at",
    "`tick`",
    "'single'",
    '"double"',
    "a: b",
    "a #b",
    "[x]",
    "{x}",
    "|",
    ">",
    "---",
    "+++",
    "\t",
    "line\nbreak",
    "\r",
    "\x85",
    "\x7f",
    "\ufffe",
    "\U0001f1e6",
    "\U000e0041",
    "𝕏",
    "ＡＢＣ",
    "٢٠١٧",
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Odd strings as title, author, tag, section and, in a second article, as slug and id."""
    articles: dict[str, str] = {}
    for n, text in enumerate(ODD):
        q = quoted(text)
        articles[f"content/articles/title-{n:03}.md"] = (
            f"---\nid: t{n}\ntitle: {q}\ndate: 2017-04-12\nauthors: [{q}]\ntags: [{q}, {q}]\nsection: {q}\n---\n"
            f"\n{text}\n"
        )
        articles[f"content/articles/slug-{n:03}.md"] = f"---\nid: {q}\ntitle: Slug {n}\nslug: {q}\n---\n\nText.\n"
    more: dict[str, str | bytes] = {"content/site.toml": "[pages]\nlist_size = 30\n[feeds]\nitems = 500\n"}
    return build(tmp_path_factory.mktemp("odd"), articles, ODD, more)


def test_no_page_is_lost_to_an_odd_string(odd: Built) -> None:
    assert odd.report.articles == 2 * len(ODD)
    assert odd.report.refused == 0
    pages = [path for path in odd.files if re.match(r"(2017/04/12|undated)/(?!index\.html|part-\d+\.html)", path)]
    assert len(pages) == 2 * len(ODD)
    # Problems are told of ids and slugs that clash, and of nothing else.
    assert all(
        "same id" in p.message or "same address" in p.message or "control" in p.message for p in odd.report.problems
    )


def test_names_of_odd_pages(odd: Built) -> None:
    assert not bad_names(list(odd.files))


def test_odd_pages_are_safe(odd: Built) -> None:
    assert_site_is_safe(odd)


def test_odd_strings_build_warm_as_clean(odd: Built, tmp_path: Path) -> None:
    report = sites.build(odd.root)
    assert (report.written, report.removed) == (0, 0)
    assert report.problems == odd.report.problems
    assert not sites.differences(odd.files, sites.clean(odd.root, tmp_path / "scratch")[0])


# --------------------------------------------------------------------------------------------- broken files

GOOD = "---\nid: good\ntitle: A good article\ndate: 2017-04-12\n---\n\nText.\n"


def front(text: str, body: str = "Text.") -> bytes:
    return f"---\n{text}\n---\n\n{body}\n".encode()


def toml(text: str) -> bytes:
    return f"+++\n{text}\n+++\n\nText.\n".encode()


def _bomb(levels: int) -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(["title: Bomb", *lines])


REFUSED: dict[str, bytes] = {
    "a bracket that is not closed": front("title: [unclosed"),
    "a tab for an indent": front("title: x\nsource:\n\tfile: y"),
    "no end of the front matter": b"---\ntitle: x\n\nText.\n",
    "an alias bomb": front(_bomb(9)),
    "an anchor": front("title: &a x\nsummary: *a"),
    "a recursive alias": front("title: x\nextra: &a [*a]"),
    "a tag that makes objects": front("title: !!python/object/apply:os.system ['touch /tmp/hacked']"),
    "a tag in a list": front("title: x\ntags: [!!binary aGVsbG8=]"),
    "nested a thousand deep": front("title: x\nextra: " + "[" * 1000 + "]" * 1000),
    "nested maps": front("title: x\nextra: " + "{a: " * 500 + "1" + "}" * 500),
    "a key twice": front("title: x\ntitle: y"),
    "a key twice at the end of twenty thousand": front("\n".join(f"{n}: 1" for n in range(20_000)) + "\n19999: 1"),
    "a list of blanks": front("title: x\ntags: [" + " " * 100_000),
    "a list for a front matter": front("- a\n- b"),
    "a text for a front matter": front("just text"),
    "a front matter of a megabyte": front("title: x\nsummary: " + "x" * 1_000_000),
    "broken TOML": toml("title = x"),
    "TOML with a number of 5000 digits": toml("title = 'x'\nn = " + "1" * 5000),
    "TOML with a hexadecimal giant": toml("title = 'x'\nn = 0x" + "f" * 5000),
    "TOML with a giant for a title": toml("title = 0x" + "f" * 5000),
    "a list for a key": front("title: x\n? [c, d]\n: e"),
    "an escape of half a character": front('title: "\\ud800"'),
    "binary": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 40,
    "UTF-16": "title: x".encode("utf-16"),
    "nothing": b"",
    "blanks": b" \n\n\t\n",
    "nothing but a mark": b"\xef\xbb\xbf",
    "60 MB in one line": b"x" * 60_000_000,
}
BUILT: dict[str, bytes] = {
    "not UTF-8": b"---\ntitle: Caf\xe9\n---\n\nd\xe9j\xe0 vu\n",
    "cut in a character": front("title: x", "Text é").rstrip()[:-1],
    "title is a list": front("title: [a, b]"),
    "title is a table": front("title: {a: b}"),
    "title is null": front("title: null"),
    "title is true": front("title: true"),
    "title is a day": front("title: 2017-04-12"),
    "no title": front("date: 2017-04-12", "No heading."),
    "authors are a table": front("title: x\nauthors: {a: {b: c}}"),
    "authors are lists": front("title: x\nauthors: [[a], [b]]"),
    "tags are a number": front("title: x\ntags: 5"),
    "tags are null": front("title: x\ntags: [null, ~, '']"),
    "images are a text": front("title: x\nimages: x.jpg"),
    "images are lists": front("title: x\nimages: [[1], [2]]"),
    "images are nested": front("title: x\nimages: [{src: {a: b}, caption: [c]}]"),
    "notes are null": front("title: x\nnotes: [null]"),
    "source is a list": front("title: x\nsource: [a, b]"),
    "a date that is none": front("title: x\ndate: yesterday"),
    "a day that is none": front("title: x\ndate: 2017-02-30"),
    "a date in other digits": front("title: x\ndate: ٢٠١٧-٠٤-١٢"),
    "the year 0": front("title: x\ndate: 0000-01-01"),
    "the year 1": front("title: x\ndate: 0001-01-01T00:00:00+14:00"),
    "the last moment": front("title: x\ndate: 9999-12-31T23:59:59-12:00"),
    "a year below zero": front("title: x\ndate: -0044-03-15"),
    "an interval": front("title: x\ndate: 2017-04-12/2017-05"),
    "a long year": front("title: x\ndate: Y170000002"),
    "a correction on no day": front("title: x\nnotes: [{kind: correction, text: y, date: yesterday}]"),
    "retrieved on no day": front("title: x\nsource: {retrieved: yesterday, url: 'http://['}"),
    "a status that is none": front("title: x\nstatus: live"),
    "embargoed until never": front("title: x\nstatus: embargoed\nuntil: never"),
    "a language that is none": front("title: x\nlanguage: '../../xx_YY@z'"),
    "keys that are no texts": front("title: x\n1: a\ntrue: b\n? c\n: d"),
    "a number as a key": front("title: x\n2017: a"),
    "escapes of control characters": front(
        'title: "a\\x00\\x07\\x1b\\uFFFEb"\nsummary: "\\u202egnp\\x08"\nauthors: ["\\x0b"]'
    ),
    "entities of control characters": front(
        "title: x &#7; y\nsummary: '&#8;'", "A &#1;&#8;&#11;&#x1f;&#xFFFE; b &#0; &#55296; c"
    ),
    "TOML with what is no number": toml(
        "title = 'x'\na = nan\nb = inf\nc = 1979-05-27T07:32:00Z\nd = [[1, [2]], {e = 1}]"
    ),
    "TOML with a day for a title": toml("title = 1979-05-27"),
    "carriage returns": b"---\rtitle: x\r---\r\rText.\r",
    "a rule at the top": b"---\n\nText after a rule.\n",
    "unknown keys everywhere": front("title: x\nimages: [{src: a, zoom: b}]\nzoom: {a: {b: [c]}}"),
    "an alias sign in a text": front("title: x & y *z\nsummary: '*a &b'"),
    "yes and no": front("title: no\nauthors: [yes, off]\nlanguage: no"),
    "a link that is no address": front("title: x", "[a](http://[) ![b](http://[) <http://[> [c](http://a℀b/)"),
    "a picture that is no address": front("title: x\nimages: [{src: 'http://[', caption: y}]"),
    "a hundred thousand brackets": front("title: x", "[" * 100_000),
    "a hundred thousand stars": front("title: x", "*" * 100_000),
    "ten thousand quotes": front("title: x", ">" * 10_000 + " x"),
    "a thousand lists": front("title: x", "\n".join("  " * n + "- x" for n in range(1000))),
    "a heading of signs": b"# a" + b"#" * 300_000 + b"b\n\nText.\n",
    "a front matter of blank lines": front("\n" * 200_000 + "title: x\ndate: yesterday"),
    "twenty thousand keys": front("title: x\n" + "\n".join(f"k{n}: 1" for n in range(20_000))),
    "a list of blanks that ends": front("title: x\ntags: [" + " " * 100_000 + "]"),
    "links in links": front("title: x", "![" * 3000 + "a" + "](b)" * 3000),
    "a long table": front("title: x", "|a" * 3000 + "\n" + "|-" * 3000 + "\n" + "|b" * 3000),
    "an unclosed code span": front("title: x", "`" * 5000 + " a " + "``" * 5000),
    "a comment that is not closed": front("title: x", "<!-- " * 5000),
    "a declaration that is not closed": front("title: x", "<!" * 5000 + "<![" * 5000),
    "entities": front("title: x", "&#" * 20_000 + "&a" * 20_000),
}


def one(root: Path, raw: bytes) -> tuple[pipeline.Report, float]:
    """Build a good article beside a bad file; how much processor time that took, which is bounded to find what hardly
    ends: a busy machine makes it longer by half.
    """
    sites.write(root, {"content/articles/good.md": GOOD, "content/articles/bad.md": raw})
    started = time.process_time()
    report = sites.build(root)
    seconds = time.process_time() - started
    assert (root / "output/2017/04/12/a-good-article.html").exists()
    built = Built(root, report, sites.read(root / "output"), [], dict(sites.pages(root / "output")))
    assert_site_is_safe(built)
    assert not bad_names([path for path in built.files if not path.startswith(("con.", "trailing."))])
    return report, seconds


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_refused_is_named(name: str, tmp_path: Path) -> None:
    report, seconds = one(tmp_path, REFUSED[name])
    assert report.articles == 1
    assert report.refused == 1
    (told,) = [problem for problem in report.problems if problem.where == "articles/bad.md"]
    assert told.hint
    assert len(str(told)) < 1000
    assert seconds < 10
    assert not Path("/tmp/hacked").exists()


@pytest.mark.parametrize("name", BUILT)
def test_an_odd_file_is_built(name: str, tmp_path: Path) -> None:
    report, seconds = one(tmp_path, BUILT[name])
    assert report.refused == 0, report.problems
    statuses = dict(report.statuses)
    assert sum(statuses.values()) == 2
    assert all(len(str(problem)) < 1000 for problem in report.problems)
    assert seconds < 30  # one article may take five; this machine may be six times as slow as the one that is meant


@pytest.mark.parametrize("kind", ["folder", "pipe", "link loop", "link to nothing", "link out", "unreadable", "socket"])
def test_what_is_no_file(kind: str, tmp_path: Path) -> None:
    """A name that ends in .md is no promise that reading it ends."""
    sites.write(tmp_path, {"content/articles/good.md": GOOD, "secret.md": "# Secret\n"})
    bad = tmp_path / "content/articles/bad.md"
    match kind:
        case "folder":
            bad.mkdir()
        case "pipe":
            os.mkfifo(bad)
        case "link loop":
            bad.symlink_to(bad)
            (tmp_path / "content/articles/loop").symlink_to(tmp_path / "content")
        case "link to nothing":
            bad.symlink_to(tmp_path / "nothing")
        case "link out":
            bad.symlink_to(tmp_path / "secret.md")
        case "socket":
            import socket

            with socket.socket(socket.AF_UNIX) as connection:
                os.chdir(bad.parent)
                connection.bind("bad.md")
        case "unreadable":
            if os.geteuid() == 0:
                pytest.skip("root reads everything")
            bad.write_text("# Bad\n")
            bad.chmod(0)
    report = sites.build(tmp_path)
    assert report.articles == 1
    assert not [path for path in sites.read(tmp_path / "output") if "secret" in path]
    if kind == "unreadable":
        assert "articles/bad.md" in {problem.where for problem in report.problems}


@pytest.mark.skipif(os.name == "nt", reason="such names can't be made there")
def test_file_names_that_are_no_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, line breaks, quotes, backslashes: built or told, and never a crash."""
    articles = tmp_path / "content" / "articles"
    media = tmp_path / "content" / "media"
    articles.mkdir(parents=True)
    media.mkdir()
    names = [b"caf\xe9", b"new\nline", b"back\\slash", b'quo"te', b"%2e%2e", b"a:b", b"CON", b"dot.", b"x" * 240]
    for name in names:
        (Path(os.fsdecode(os.fsencode(articles) + b"/" + name + b".md"))).write_text("# Title\n\nText.\n")
        (Path(os.fsdecode(os.fsencode(media) + b"/" + name + b".jpg"))).write_bytes(b"x")
    sites.write(tmp_path, {"content/articles/good.md": GOOD})
    report = sites.build(tmp_path)
    lost = len(names) + 1 - report.articles
    assert lost <= len([problem for problem in report.problems if problem.where.startswith("articles/")])
    made = [path for path in sites.read(tmp_path / "output") if path.startswith("media/")]
    told = [problem for problem in report.problems if "media/" in problem.where]
    assert len(made) + len(told) >= len(names)
    json.dumps([str(problem) for problem in report.problems]).encode("utf-8")


LEDGER_LINES = [
    b'{"id": "\\ud800", "url": "a.html"}',
    b'{"id": "x", "url": "\\ud800.html"}',
    b'{"id": "x", "url": "a\\u0000b.html"}',
    b'{"id": "x", "url": "' + b"x" * 300 + b'.html"}',
    b'{"id": "x", "url": ".site-builder/ledger.sqlite3"}',
    b'{"id": "x", "url": ".site-builder/"}',
    b'{"id": 5, "url": null}',
    b'["x"]',
    b"null",
    b"[" * 100_000,
    b"\xff\xfe",
    b'{"id": "x", "url": ""}',
    b'{"id": "x", "url": "feed.xml"}',
    b'{"id": "x", "url": "2017/"}',
    b'{"id": "x", "url": "con.html"}',
    b'{"id": "x", "url": "trailing./x.html"}',
]


@pytest.mark.parametrize("line", LEDGER_LINES, ids=range(len(LEDGER_LINES)))
def test_a_hostile_url_ledger(line: bytes, tmp_path: Path) -> None:
    """The ledger is a file that people edit and merge: a bad line is told, or stands for a page, and stops nothing."""
    sites.write(tmp_path, {"content/urls.jsonl": b'{"id": "gone", "url": "gone.html"}\n' + line + b"\n"})
    report, _ = one(tmp_path, GOOD.replace("good", "other").encode())
    assert report.articles == 2
    assert (tmp_path / "output/gone.html").exists()
    again = sites.build(tmp_path)
    assert (again.written, again.problems) == (0, report.problems)
