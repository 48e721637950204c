"""Feed files (RSS, Atom, JSON Feed) → a Record for each item, which says whether the feed had its text or a teaser.

A feed is read whole, since its readers want it so; what is too large is told. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from io import BufferedReader
from typing import Any

from site_builder import dates, stated
from site_builder.decoding import decode, read_up_to
from site_builder.errors import Problem
from site_builder.model import Image, Media, Note, Record, Skipped

_XML = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*|<\?[^>]*\?>\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*"
    rb"<(?:rss|rdf:RDF|(?:atom:)?feed)(?=[\s>])",
    re.DOTALL | re.IGNORECASE,
)
_NAMESPACE = re.compile(rb"w3\.org/2005/Atom|purl\.org/(?:rss|atom)|<rss[\s>]|netscape\.com/rdf", re.IGNORECASE)
_JSON = b"jsonfeed.org/version"
_ENDS = re.compile(rb"</(?:rss|rdf:RDF|(?:atom:)?feed)\s*>\s*(?:<!--.*?-->\s*)*\Z", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY\s")
PROLOGUE = 1 << 16
"""Bytes of a feed in which entities are looked for; they stand before its first element."""
_LONG_ID = 150
_EMPTY = "feed items without title and text"
_DATED_BY_UPDATE = "The feed tells only when this was last updated, which is taken for its date."


def detect(name: str, head: bytes) -> bool:
    """True for the root elements of RSS and Atom, and JSON Feed's version."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.lstrip()[:1] == b"{":
        return _JSON in head
    return bool(_XML.match(head) and _NAMESPACE.search(head))


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of any kind of feed. `text` is HTML; `whole` tells that the feed gave it as the text, not a teaser.

    `blogger` is what Blogger's export, an Atom feed of all that a site has, calls it: `post`, `comment`, `settings` …
    """

    id: str
    title: str
    text: str
    whole: bool
    summary: str
    url: str
    date: str
    updated: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    publication: str
    language: str
    site_language: str
    images: tuple[Image, ...]
    media: tuple[Media, ...]
    told: tuple[str, ...] = ()
    blogger: str = ""
    draft: bool = False


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem | Skipped]:
    """A Record for each item, and a Problem for a feed that is damaged.

    `part` is `item=` and the item's own id, its address, or its number where it has neither. The Record's digest is of
    what the item says, for a feed's bytes change with every item that is added.
    """
    raw = read_up_to(stream, max_bytes)
    if raw is None:
        yield Problem(file, 0, f"has more than {max_bytes:,} bytes", "split it, or raise [import] max_megabytes")
        return
    problems: list[Problem] = []
    found = _json_items(raw, file, problems) if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else None
    items = found if found is not None else _xml_items(raw, file, problems)
    if found is None and _ENTITY.search(raw, 0, PROLOGUE):
        what = "declares entities of its own, which are not filled in: what they stand for is missing"
        yield Problem(file, 0, what, "if the feed is yours, write it without a DTD")
    yield from problems
    if not items and not problems:
        yield Problem(file, 0, "is a feed without items", "is it the right file?")
    seen: dict[str, int] = {}
    left: Counter[str] = Counter()
    for number, item in enumerate(items, 1):
        if item.blogger not in ("", "post", "page") or not (item.title or item.text):
            left[f"Blogger entries of the kind {item.blogger}" if item.title or item.text else _EMPTY] += 1
            continue
        name = " ".join((item.id or item.url or str(number)).split())
        name = name if len(name) <= _LONG_ID else hashlib.sha256(name.encode()).hexdigest()[:20]
        seen[name] = seen.get(name, 0) + 1
        yield _record(item, file, f"item={name}" + (f" ({seen[name]})" if seen[name] > 1 else ""))
    yield from (Skipped(file, reason, count) for reason, count in sorted(left.items()))


def _record(item: _Item, file: str, part: str) -> Record:
    said = [item.id, item.title, item.text, item.summary, item.url, item.date, item.updated, item.authors, item.tags]
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()
    own: dict[str, Any] = {"id": item.id} if item.id else {}
    own |= {"kind": item.blogger} if item.blogger else {}
    own["text"] = "whole" if item.whole else "summary" if item.text else "none"
    text, images = stated.with_pictures(item.text, item.images)
    only_updated = bool(item.updated and not item.date)
    meta = {
        "title": item.title,
        "date": item.date or item.updated,
        "updated": item.updated if item.date and item.updated != item.date else "",
        "authors": item.authors,
        "publication": item.publication,
        "language": item.language,
        "site_language": item.site_language,
        "tags": item.tags,
        "summary": item.summary,
        "images": images,
        "media": item.media,
        "notes": (Note("date", _DATED_BY_UPDATE),) if only_updated else (),
        "url": item.url,
        "status": "draft" if item.draft else "",
        # Only an export is the whole of a site that may be gone; a feed's items live on where they are.
        "aliases": (stated.old_path(item.url),) if item.blogger and item.url and not item.draft else (),
        "extra": {"feed": own},
    }
    told = list(item.told)
    known = stated.within_bounds(meta, told)
    return Record(file, "fragment", text, digest, known, tuple(told), part)


def _why(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:100]


def _paragraphs(text: str, plain: bool) -> str:
    """A text as HTML: paragraphs at its line ends where it has no tags of its own."""
    text = text.strip()
    if stated.is_html(text) and not plain:
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(f"<p>{html.escape(line, quote=False) if plain else line}</p>" for line in lines)


def _date(value: Any, parsed: Any, told: list[str]) -> str:
    try:
        return stated.date_of(value)
    except ValueError:
        pass
    if parsed:  # feedparser knows dates that nobody else writes; it gives them in UTC
        return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6])
    told.append(f"date '{str(value)[:60]}' was not understood")
    return ""


def _language(*given: Any) -> str:
    for value in given:
        text = stated.line_of(value)
        if re.fullmatch("[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", text):
            return text.replace("_", "-")
    return ""


def _attached(address: Any, kind: Any, title: Any = "", duration: Any = "") -> tuple[Image | None, Media | None]:
    """A file that an item carries, as picture or recording, by its MIME type."""
    source, family = stated.web_address(address), stated.line_of(kind).partition("/")[0]
    if source and family == "image":
        return Image(source, stated.words_of(title)), None
    if source and family in ("audio", "video"):
        return None, Media(family, stated.words_of(title), dates.duration(stated.line_of(duration)), source)
    return None, None


# ------------------------------------------------------------------------------------------- RSS and Atom


def _xml_items(raw: bytes, file: str, problems: list[Problem]) -> list[_Item]:
    import feedparser  # 100 ms, which a build without feeds need not pay

    # As a stream: a text is taken for an address to fetch or a file to open. What sanitising drops it does not tell,
    # and the site has its own.
    try:
        found = feedparser.parse(io.BytesIO(raw), sanitize_html=False)
    except Exception as error:  # a damaged declaration of the encoding is one of the ways to any of them
        what = f"can't be read: {type(error).__name__}: {str(error)[:100]}"
        problems.append(Problem(file, 0, what, "fetch the feed again"))
        return []
    entries = list(found.entries)
    fault = found.get("bozo_exception")
    if found.bozo and not isinstance(fault, feedparser.CharacterEncodingOverride):
        whole = _ENDS.search(raw[-4096:])
        if not whole and entries:
            entries.pop()
        what = "is not well-formed" if whole else "breaks off before its end, its last item was left out"
        read = "1 item was read" if len(entries) == 1 else f"{len(entries):,} items were read"
        problems.append(Problem(file, _line(fault), f"{what}; {read}", "fetch the feed again"))
    return [_from_entry(entry, found.feed) for entry in entries]


def _line(error: Any) -> int:
    try:
        return max(0, int(error.getLineNumber()))
    except (AttributeError, TypeError, ValueError):
        return 0


def _own(entry: Mapping[str, Any], key: str) -> Any:
    """A value that the item has itself: feedparser answers for `updated` with `published`, and the reverse."""
    return dict.get(entry, key) if isinstance(entry, dict) else None


def _from_entry(entry: Any, feed: Any) -> _Item:
    told: list[str] = []
    contents = [one for one in _own(entry, "content") or () if str(one.get("value", "")).strip()]
    content = max(contents, key=lambda one: ("html" in str(one.get("type")), len(one["value"])), default=None)
    summary = _own(entry, "summary_detail") or {}
    chosen = content or summary
    text, repairs = decode(str(chosen.get("value", "")).replace("\0", "").encode("utf-8", "replace"))
    title, site = stated.words_of(_own(entry, "title")), stated.words_of(_own(feed, "title"))
    html_text = _without_footer(_paragraphs(text or "", chosen.get("type") == "text/plain"), title, site, told)
    teaser = stated.words_of(_without_footer(str(summary.get("value", "")), title, site, [])) if content else ""
    if teaser and teaser == stated.words_of(html_text):
        teaser = ""
    source = _own(entry, "source") or {}
    images, media = _enclosures(entry)
    tags = _own(entry, "tags") or ()
    kinds = [str(one.get("term")).rpartition("#")[2] for one in tags if str(one.get("scheme")).endswith("#kind")]
    link = stated.web_address(_own(entry, "feedburner_origlink")) or stated.web_address(_own(entry, "link"))
    return _Item(
        id=stated.line_of(_own(entry, "id")),
        title=title,
        text=html_text,
        whole=content is not None,
        summary=teaser,
        url=link or stated.web_address(_own(entry, "id")),
        date=_date(_own(entry, "published"), _own(entry, "published_parsed"), told),
        updated=_date(_own(entry, "updated"), _own(entry, "updated_parsed"), told),
        authors=stated.names_of(_names(entry)),
        tags=stated.terms_of(
            [one.get("label") or one.get("term") for one in tags if not str(one.get("scheme")).endswith("#kind")]
        ),
        publication=stated.words_of(source.get("title")) or site,
        language=_language(_own(entry, "language")),
        site_language=_language(content and content.get("language"), _own(feed, "language")),
        images=images,
        media=media,
        told=(*repairs, *told),
        blogger=stated.line_of(_own(entry, "blogger_type")).lower() or (kinds[0] if kinds else ""),
        draft=_own(entry, "app_draft") == "yes" or stated.line_of(_own(entry, "blogger_status")).upper() == "DRAFT",
    )


def _names(entry: Any) -> list[str]:
    authors, author = _own(entry, "authors") or (), _own(entry, "author")
    if isinstance(author, str) and "@" in author and len(authors) < 2:
        # `desk@paper.example (Ann Lee)`: feedparser (6.0) cuts addresses whose last part has more than four letters.
        authors = [{"name": parseaddr(author)[0]}]
    return [name for one in authors if (name := one.get("name"))] or ([author] if author and not authors else [])


_LINKED = r"[^<>]{0,200}<a\b[^<>]{0,2000}>(.{1,500}?)</a>"
_FOOTER = re.compile(rf"<p>{_LINKED}{_LINKED}[^<>]{{0,50}}</p>\s*\Z", re.DOTALL)


def _without_footer(text: str, title: str, site: str, told: list[str]) -> str:
    """A text without the last line that WordPress writes below each in a feed, in any language.

    `The post TITLE appeared first on SITE.`, with a link to either.
    """
    start = text.rfind("<p>")
    match = _FOOTER.match(text, start) if start >= 0 and title and site and len(text) - start < 6000 else None
    if not match or (stated.words_of(match[1]), stated.words_of(match[2])) != (title, site):
        return text
    told.append(f"line below the text taken out: {stated.words_of(match[0])}")
    return text[:start].rstrip()


def _enclosures(entry: Any) -> tuple[tuple[Image, ...], tuple[Media, ...]]:
    files = [
        (one.get("href"), one.get("type"), one.get("title"))
        for one in _own(entry, "links") or ()
        if one.get("rel") == "enclosure"
    ]
    for one in _own(entry, "media_content") or ():
        files.append((one.get("url"), one.get("type") or one.get("medium"), ""))
    if not any(str(kind).startswith("image") for _, kind, _ in files):
        files += [(one.get("url"), "image", "") for one in _own(entry, "media_thumbnail") or ()]
    pairs = [_attached(address, kind, title, _own(entry, "itunes_duration")) for address, kind, title in files]
    images = {image.src: image for image, _ in pairs if image}
    credits = [stated.words_of(one.get("content")) for one in _own(entry, "media_credit") or ()]
    if len(images) == 1 and credits:
        images = {src: replace(image, credit=", ".join(filter(None, credits))) for src, image in images.items()}
    media = {one.src: one for _, one in pairs if one}
    return tuple(images.values()), tuple(media.values())


# ----------------------------------------------------------------------------------------------- JSON Feed


def _json_items(raw: bytes, file: str, problems: list[Problem]) -> list[_Item]:
    text, repairs = decode(raw.replace(b"\0", b""))
    try:
        feed = json.loads(text or "", strict=False)
    except (ValueError, RecursionError) as error:
        problems.append(Problem(file, 0, f"is no JSON: {_why(error)}", "fetch the feed again"))
        return []
    entries = feed.get("items") if isinstance(feed, dict) else None
    entries = entries if isinstance(entries, list) else []
    items = [_from_json(entry, feed) for entry in entries if isinstance(entry, dict)]
    return [replace(item, told=(*repairs, *item.told)) for item in items]


def _from_json(entry: dict[str, Any], feed: dict[str, Any]) -> _Item:
    told: list[str] = []
    content, plain = stated.text_of(entry.get("content_html")), stated.text_of(entry.get("content_text"))
    text = _paragraphs(content or plain, plain=not content)
    summary = stated.words_of(entry.get("summary"))
    images: list[Image] = []
    media: list[Media] = []
    attachments = entry.get("attachments")
    for one in attachments if isinstance(attachments, list) else ():
        if isinstance(one, dict):
            seconds = stated.line_of(one.get("duration_in_seconds"))
            clock = f"{int(seconds) // 60}:{int(seconds) % 60:02}" if seconds.isdecimal() and len(seconds) < 7 else ""
            image, recording = _attached(one.get("url"), one.get("mime_type"), one.get("title"), clock)
            images += [image] if image else []
            media += [recording] if recording else []
    picture = stated.web_address(entry.get("image")) or stated.web_address(entry.get("banner_image"))
    return _Item(
        id=stated.line_of(entry.get("id")),
        title=stated.words_of(entry.get("title")),
        text=text or _paragraphs(summary, plain=True),
        whole=bool(text),
        summary=summary if text else "",
        url=stated.web_address(entry.get("url")) or stated.web_address(entry.get("external_url")),
        date=_date(entry.get("date_published"), None, told),
        updated=_date(entry.get("date_modified"), None, told),
        authors=stated.names_of(
            entry.get("authors") or entry.get("author") or feed.get("authors") or feed.get("author")
        ),
        tags=stated.terms_of(entry.get("tags")),
        publication=stated.words_of(feed.get("title")),
        language=_language(entry.get("language")),
        site_language=_language(feed.get("language")),
        images=tuple({one.src: one for one in [*([Image(picture)] if picture else []), *images]}.values()),
        media=tuple(media),
        told=tuple(told),
    )
