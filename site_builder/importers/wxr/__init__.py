"""WordPress's export (WXR 1.0 to 1.2): each post and page one Record of HTML, with what WordPress knows of it as facts.

The file is gone through twice, since pictures, shared blocks, authors and the posts that a link leads to may stand
behind the posts that need them. Memory holds one post, and a line for each post and each picture of the library. Comments, menus, revisions and what is in the trash
are no articles: they are counted and told.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from typing import IO, Any, cast
from urllib.parse import unquote

from site_builder import stated
from site_builder.decoding import decode
from site_builder.errors import Problem
from site_builder.importers.wxr import blocks, shortcodes, values
from site_builder.importers.wxr.elements import Node, Piece, parse, pieces
from site_builder.importers.wxr.links import Links
from site_builder.importers.wxr.paragraphs import add_paragraphs
from site_builder.importers.wxr.shortcodes import Attachment, Library
from site_builder.model import Image, Record, Skipped

_NAMES = ("item", "wp:author", "wp:category", "title", "link", "language", "wp:base_blog_url")
_MACHINERY = re.compile(
    "nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request|wp_.*|acf-.*|feedback|"
    "shop_.*|scheduled-action|elementor_library|wpcf7_.*|jp_.*|jetpack_.*|.*[_-]form|.*_order|.*_submission|guest-author|"
    "et_(?:pb|theme|header|body|footer)_.*|fl-.*|vc_.*|amp_.*|mailpoet_.*|popup"
)
"""Post types that are how a site works, or what its readers typed into it; articles they are not."""
_NO_SECTION = "uncategorized"
_COAUTHORS = "author"
"""The taxonomy in which the usual plugin for several authors keeps their names."""
_LANGUAGES = "language"
"""The taxonomy in which a plugin for sites of several languages keeps a post's: `pt-br` is the short name of one."""
MAX_SWALLOWED = 4
MAX_SHARED = 2_000_000
"""Characters that shared blocks may add to one post."""


def detect(name: str, head: bytes) -> bool:
    """True for an RSS file with WordPress's own namespace; not for an archive that holds one unpacked.

    What a server's warnings have put before the XML is no hindrance.
    """
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    return b"wordpress.org/export/" in head and b"<rss" in head and (begins or b"\0" not in head)


@dataclass(slots=True)
class _Site:
    """What the whole file says: gathered in the first pass, read in the second."""

    title: str = ""
    base: str = ""
    language: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    of_post: dict[str, list[str]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    links: Links = field(default_factory=Links)


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem | Skipped]:
    """A Record for each post, page and other article, and a Problem for each that can't be read.

    `part` is `post=` and WordPress's number of it, which stays the same in every export. What is no article is counted.
    """
    left: Counter[str] = Counter()
    with _twice(stream) as (first, again):
        site = _survey(first, max_bytes)
        again()
        for piece, node, repairs in _nodes(first, file, max_bytes):
            if piece.name == "item":
                yield from [node] if isinstance(node, Problem) else _post(node, repairs, piece, site, file, left)
    if count := left.pop("?", 0):
        what = "1 post had an address" if count == 1 else f"{count:,} posts had addresses"
        hint = "they are kept under 'aliases'; a web server can redirect them, a folder of files can't"
        yield Problem(file, 0, f"{what} with a query string, like /?p=123", hint)
    yield from (Skipped(file, reason, count) for reason, count in sorted(left.items()) if count)


@contextmanager
def _twice(stream: BufferedReader) -> Iterator[tuple[BufferedReader, Any]]:
    """A stream that can be begun again, and the function that does it; one that can't be is copied first."""
    if stream.seekable():
        start = stream.tell()
        yield stream, lambda: stream.seek(start)
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, cast(IO[bytes], copy))
        copy.seek(0)
        yield cast(BufferedReader, copy), lambda: copy.seek(0)


_NEXT = re.compile(rb"\n[ \t]*(?=<item[\s>])")


def _nodes(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[tuple[Piece, Node | Problem, list[str]]]:
    """The elements with their trees and what had to be mended in them, or with what is wrong with them."""
    hint = "export the site again, or mend the file there; the other posts are imported"
    for whole in pieces(stream, _NAMES, max_bytes):
        piece: Piece | None = whole
        for _ in range(MAX_SWALLOWED):
            if piece is None:
                break
            try:
                node, repairs = _node(piece)
                if piece is whole or node.get("wp:post_id"):
                    yield piece, node, repairs
                break
            except ValueError as error:
                yield piece, Problem(file, piece.line, f"a post {error}", hint), []
            piece = _swallowed(piece)


def _swallowed(piece: Piece) -> Piece | None:
    """The post that may stand in a broken one: a section that nobody closed runs on into the next."""
    found = _NEXT.search(piece.raw, 1)
    if not found or b"<wp:post_id>" not in piece.raw[found.end() :]:
        return None
    return Piece(piece.name, piece.line + piece.raw.count(b"\n", 0, found.end()), piece.raw[found.end() :])


def _node(piece: Piece) -> tuple[Node, list[str]]:
    """An element's tree, and what had to be mended. Raises ValueError with what is wrong with it."""
    if piece.fault:
        raise ValueError(piece.fault)
    raw = piece.raw.replace(b"\0", b"")
    text, repairs = decode(raw)
    told = [*repairs, *(["NUL bytes dropped"] if len(raw) < len(piece.raw) else [])]
    node, mended = parse(text or "")
    return node, [*told, *(["ampersands that XML does not allow were read as such"] if mended else [])]


# ---------------------------------------------------------------------------------------------- first pass


def _survey(stream: BufferedReader, max_bytes: int) -> _Site:
    """The site's own facts, and what posts refer to by number."""
    site = _Site()
    for piece, node, _ in _nodes(stream, "", max_bytes):
        if isinstance(node, Problem):
            continue  # told by the second pass
        match piece.name:
            case "title":
                site.title = site.title or stated.words_of(node.text)
            case "link":
                site.base = site.base or stated.web_address(node.text)
            case "wp:base_blog_url":
                site.base = stated.web_address(node.text) or site.base
            case "language":
                site.language = stated.line_of(node.text)
            case "wp:author":
                _add_author(site, node)
            case "wp:category":
                site.terms[node.get("wp:term_id")] = stated.words_of(node.get("wp:cat_name"))
            case _:
                _add_item(site, node)
    return site


def _add_author(site: _Site, node: Node) -> None:
    login = stated.line_of(node.get("wp:author_login"))
    whole = f"{node.get('wp:author_first_name')} {node.get('wp:author_last_name')}"
    name = stated.words_of(node.get("wp:author_display_name")) or stated.words_of(whole)
    if login and name:
        site.authors[login] = name


def _add_item(site: _Site, node: Node) -> None:
    kind, number = node.get("wp:post_type") or "post", node.get("wp:post_id").strip()
    if kind == "guest-author":  # whom the plugin for several authors knows without a login
        meta = _meta(node)
        name = stated.words_of(meta.get("cap-display_name", [""])[0]) or stated.words_of(node.get("title"))
        for login in (*meta.get("cap-user_login", []), node.get("wp:post_name").removeprefix("cap-")):
            site.authors.setdefault(stated.line_of(login), name)
    elif kind == "wp_block" and node.get("wp:status") != "trash":
        site.shared[number] = node.get("content:encoded")
    elif kind == "attachment":
        alts = _meta(node).get("_wp_attachment_image_alt", [""])
        address = stated.web_address(node.get("wp:attachment_url")) or stated.web_address(node.get("guid"))
        if address:
            alt = stated.words_of(alts[0])
            caption, title = node.get("excerpt:encoded").strip(), stated.words_of(node.get("title"))
            parent = node.get("wp:post_parent").strip()
            site.attachments[number] = Attachment(address, alt, caption, title, parent)
            if parent not in ("", "0") and re.search(r"\.(?:jpe?g|png|gif|webp|avif|svg)$", address, re.IGNORECASE):
                site.of_post.setdefault(parent, []).append(number)
    elif site.base and not _is_left_out(kind, status := node.get("wp:status") or "publish"):
        state, _ = values.state_of(status, bool(node.get("wp:post_password")))
        if node.get("title").strip() or node.get("content:encoded").strip():
            site.links.add(number, _addresses(node, _meta(node).get("_wp_old_slug", []), state, site.base)[1])


def _is_left_out(kind: str, status: str) -> bool:
    """Whether an item that is no picture and no shared block is none that readers were to see."""
    return status in ("trash", "inherit") or bool(_MACHINERY.fullmatch(kind))


# --------------------------------------------------------------------------------------------- second pass


def _post(node: Node, repairs: list[str], piece: Piece, site: _Site, file: str, left: Counter[str]) -> Iterator[Record]:
    """The Record of one item; none for what is no article, which is counted."""
    kind, status = node.get("wp:post_type") or "post", node.get("wp:status") or "publish"
    number = node.get("wp:post_id").strip()
    if kind == "attachment" or (kind == "wp_block" and status != "trash"):
        left[
            "WordPress media, which come along where posts show them"
            if kind == "attachment"
            else "WordPress shared blocks"
        ] += 1
        return
    if _is_left_out(kind, status):
        left["WordPress posts in the trash" if status == "trash" else f"WordPress posts of the type {kind}"] += 1
        return
    if comments := len(node.all("wp:comment")):
        left["WordPress comments"] += comments
    text, told = _body(node.get("content:encoded"), number, site)
    title = stated.words_of(node.get("title"))
    if not title and not text:
        left["WordPress posts without title and text"] += 1
        return
    facts = {"title": title, **_facts(node, number, kind, status, site, told)}
    text, facts["images"] = stated.with_pictures(text, facts["images"])
    left["?"] += any("?" in old for old in facts["aliases"])
    known = stated.within_bounds(facts, told)
    if links := site.links.of(text, site.base):
        known["links"] = links
    part = f"post={number}" if number.isdigit() else f"line={piece.line}"
    sha256 = hashlib.sha256(piece.raw).hexdigest()
    yield Record(file, "fragment", text, sha256, known, tuple(dict.fromkeys([*repairs, *told])), part)


def _facts(node: Node, number: str, kind: str, status: str, site: _Site, told: list[str]) -> dict[str, Any]:
    many = _meta(node)
    meta = {name: given[0] for name, given in many.items()}
    date = values.date_of(node.get("wp:post_date"), node.get("wp:post_date_gmt")) or _pub_date(node)
    updated = values.date_of(node.get("wp:post_modified"), node.get("wp:post_modified_gmt"))
    section, tags, others = _terms(node, site.terms.get(meta.get("_yoast_wpseo_primary_category", ""), ""), told)
    login = stated.line_of(node.get("dc:creator"))
    # What shows as the byline where there are several; the plugin for it keeps logins, others keep names.
    named = tuple(site.authors.get(name, name) for name in others.pop(_COAUTHORS, ()))
    others.pop(_LANGUAGES, None)
    languages = [one.attributes.get("nicename", "") for one in node.all("category") if _is_language(one)]
    state, reason = values.state_of(status, bool(node.get("wp:post_password")))
    link, old = _addresses(node, many.get("_wp_old_slug", []), state, site.base)
    own: dict[str, Any] = {
        "id": int(number) if number.isdigit() and len(number) < 16 else number,
    }
    own |= {"guid": guid} if (guid := node.get("guid").strip()) else {}
    own |= {"type": kind} if kind != "post" else {}
    own |= {"sticky": True} if node.get("wp:is_sticky").strip() == "1" else {}
    own |= {"parent": parent} if (parent := node.get("wp:post_parent").strip()) not in ("", "0") else {}
    own |= {"taxonomies": others} if others else {}
    fields_ = values.custom_fields(many, told)
    own |= {"fields": fields_} if fields_ else {}
    picture = site.attachments.get(meta.get("_thumbnail_id", ""))
    if meta.get("_thumbnail_id") and picture is None:
        told.append(f"featured picture {meta['_thumbnail_id'][:20]} is not in the export")
    return {
        "date": date,
        "updated": updated if updated != date else "",
        "authors": named or ((site.authors.get(login, login),) if login else ()),
        "section": section,
        "publication": site.title,
        "language": languages[0] if languages else "",
        "site_language": site.language,
        "tags": tags,
        "summary": stated.words_of(node.get("excerpt:encoded")) or values.description_of(meta),
        "images": (_image(picture),) if picture else (),
        "slug": unquote(stated.line_of(node.get("wp:post_name"))),
        "status": state if state != "published" else "",
        "until": date if state == "embargoed" else "",
        "reason": reason,
        "url": link,
        "aliases": old,
        "extra": {"wordpress": own},
    }


def _is_language(one: Node) -> bool:
    short = one.attributes.get("nicename", "")
    return one.attributes.get("domain") == _LANGUAGES and bool(re.fullmatch("[a-z]{2,3}(?:-[A-Za-z]{2,4})?", short))


def _meta(node: Node) -> dict[str, list[str]]:
    """A post's fields of its own; one name may have several values."""
    many: dict[str, list[str]] = {}
    for one in node.all("wp:postmeta"):
        many.setdefault(one.get("wp:meta_key"), []).append(one.get("wp:meta_value"))
    return many


def _image(picture: Attachment) -> Image:
    return Image(picture.url, stated.words_of(picture.caption), "", picture.alt)


def _pub_date(node: Node) -> str:
    try:
        return stated.date_of(node.get("pubDate"))
    except ValueError:
        return ""


def _terms(node: Node, primary: str, told: list[str]) -> tuple[str, tuple[str, ...], dict[str, list[str]]]:
    """Section, tags, and the terms of other taxonomies."""
    categories: list[str] = []
    tags: list[str] = []
    others: dict[str, list[str]] = {}
    for one in node.all("category"):
        domain, name = one.attributes.get("domain", ""), stated.words_of(one.text)
        if not name:
            continue
        if domain == "category" and one.attributes.get("nicename") == _NO_SECTION:
            told.append(f"category '{name}' is WordPress's word for none")
        elif domain == "category":
            categories.append(name)
        elif domain in ("post_tag", "tag"):
            tags.append(name)
        elif domain:
            others.setdefault(domain, []).append(name)
    section = primary if primary in categories else categories[0] if categories else ""
    rest = [name for name in categories if name != section]
    return section, tuple(dict.fromkeys([*rest, *tags])), others


def _addresses(node: Node, before: list[str], state: str, base: str) -> tuple[str, tuple[str, ...]]:
    """The post's own address, and what led to it: its permalink, and the one before its name was changed."""
    link = stated.web_address(node.get("link"))
    old = stated.old_path(link, base) if link and state == "published" else ""
    if not old:
        return link, ()
    head, found, tail = old.rpartition(node.get("wp:post_name").strip() or "\0")
    former = [f"{head}{name.strip()}{tail}" for name in before if name.strip()] if found and "?" not in old else []
    return link, tuple(dict.fromkeys([old, *former]))


# ---------------------------------------------------------------------------------------------------- body

_MORE = re.compile(r"<!--\s*(?:more\b.{0,500}?|nextpage|noteaser)\s*-->", re.DOTALL)


def _body(content: str, number: str, site: _Site) -> tuple[str, list[str]]:
    """The HTML that a reader of the site got for a post, and what could not be in it."""
    content = _MORE.sub("\n\n", content.replace("\r\n", "\n")).strip()
    budget = MAX_SHARED

    def shared(number: str) -> str:
        nonlocal budget
        text = site.shared.get(number, "")
        budget -= len(text) + 100
        return text if budget > 0 else ""

    library = Library(site.attachments.get, site.of_post.get(number, ()))
    if blocks.MARK in content:
        text, told = blocks.unwrap(content, shared, add_paragraphs)
        text, more = shortcodes.expand(text, library)
        return values.with_whole_addresses(text, site.base), [*told, *more]
    text, told = shortcodes.expand(content, library)
    return values.with_whole_addresses(add_paragraphs(text), site.base), list(told)
