"""WordPress's `[shortcodes]` → HTML: captions, galleries, players and embeds. What is not known is told, not lost.

Of an unknown pair of tags the text between them stays; an unknown tag alone that has attributes is taken out, since
it stands for what a plugin made; a bare word in brackets may be an editor's (`[sic]`), and is text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Attachment(NamedTuple):
    """A file of the site's library: its address, and what WordPress knows about it."""

    url: str
    alt: str = ""
    caption: str = ""
    title: str = ""
    parent: str = ""


class Library(NamedTuple):
    """Where galleries find their pictures: `find` by id; `of_post` those that were uploaded to this very post."""

    find: Callable[[str], Attachment | None]
    of_post: Sequence[str] = ()


_TAG = re.compile(r"\[(/?)([A-Za-z][\w-]{0,60})((?=[\s/=\]])[^\[\]]{0,4000})\]")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))|\"([^\"]*)\"|(\S+)")
_GIVEN = re.compile(r"(?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=]+))+\s*/?\s*")
"""Attributes as only programs write them: `[the president said]` is an editor's."""
_LINK = re.compile(r"https?://[^\s<>\"']+")
_ONLY_LINK = re.compile(r"\s*=?\s*https?://[^\s<>\"']+\s*/?")
_PICTURE = re.compile(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)
_SOURCES = ("src", "mp4", "m4v", "webm", "ogv", "flv", "wmv", "mp3", "m4a", "ogg", "wav", "wma", "url")
_MAX_TOLD = 200


def expand(text: str, library: Library) -> tuple[str, tuple[str, ...]]:
    """A text with its shortcodes as HTML, and in words what was taken out or could not be found."""
    tags = list(_TAG.finditer(text))
    pairs = _pairs(tags)
    told: list[str] = []
    out: list[str] = []
    at = skip = 0
    closers = set(pairs.values())
    for index, tag in enumerate(tags):
        start, end = tag.span()
        if start < skip:
            continue
        if start > at and text[start - 1] == "[" and text[end : end + 1] == "]":
            out += (text[at : start - 1], tag[0])  # [[name]] is how one writes about shortcodes
            at = end + 1
            continue
        closer = tags[pairs[index]] if index in pairs else None
        made, end = _expand_one(tag, closer, text, index in closers, library, told)
        if made is not None:
            out += (text[at:start], made)
            at = skip = end
    return "".join((*out, text[at:])), tuple(told)


def _pairs(tags: Sequence[re.Match[str]]) -> dict[int, int]:
    """Which tag closes which: for each that opens, the nearest free one of its name behind it."""
    pairs: dict[int, int] = {}
    free: dict[str, list[int]] = {}
    for index in range(len(tags) - 1, -1, -1):
        tag = tags[index]
        name = tag[2].lower()
        if tag[1]:
            free.setdefault(name, []).append(index)
        elif free.get(name) and not tag[3].rstrip().endswith("/"):
            pairs[index] = free[name].pop()
    return pairs


def _expand_one(
    tag: re.Match[str], closer: re.Match[str] | None, text: str, closes: bool, library: Library, told: list[str]
) -> tuple[str | None, int]:
    """What stands in place of a shortcode, and where the text goes on; None where the tag is text."""
    name = tag[2].lower()
    inner = text[tag.end() : closer.start()] if closer else ""
    end = closer.end() if closer else tag.end()
    if tag[1]:
        return ("", end) if closes else (None, end)
    plain = html.unescape(tag[3]).translate(_QUOTES)
    given = _attributes(plain)
    if name in ("caption", "wp_caption") and closer:
        return _caption(given, inner), end
    if name in ("gallery", "playlist"):
        return _gallery(name, given, library, tag[0], told), end
    if name in ("audio", "video", "embed"):
        made = _player(name, given, inner)
        if made:
            return made, end
    if closer:
        told.append(f"shortcode {_short(tag[0])} taken out, the text in it kept")
        return "", tag.end()
    if _GIVEN.fullmatch(plain) or _ONLY_LINK.fullmatch(plain):
        links = _LINK.findall(plain)
        told.append(f"shortcode {_short(tag[0])} " + ("became a link" if len(links) == 1 else "taken out"))
        return (_link(links[0]) if len(links) == 1 else ""), end
    return None, end


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_TOLD else f"{text[:_MAX_TOLD]}…"


_QUOTES = {0x201C: '"', 0x201D: '"', 0x2033: '"', 0x00A0: " "}
"""What the editor has made of straight quotes."""


def _attributes(plain: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for number, match in enumerate(_ATTRIBUTE.finditer(plain)):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        given.setdefault(match[1].lower() if match[1] else str(number), value)
    return given


def _caption(given: Mapping[str, str], inner: str) -> str:
    match = _PICTURE.search(inner)
    words = (given.get("caption") or (inner[: match.start()] + inner[match.end() :] if match else inner)).strip()
    picture = match[0] if match else ""
    return figure(picture, words) if picture else f"\n\n{words}\n\n"


def figure(content: str, caption: str = "") -> str:
    """A figure on lines of its own; `content` and `caption` are HTML."""
    words = f"<figcaption>{' '.join(caption.split())}</figcaption>" if caption.strip() else ""
    return f"\n\n<figure>{content}{words}</figure>\n\n"


def picture(found: Attachment) -> str:
    """A picture of the library as a figure."""
    source, alt = html.escape(found.url), html.escape(found.alt)
    return figure(f'<img src="{source}" alt="{alt}" />', found.caption)


def _gallery(name: str, given: Mapping[str, str], library: Library, tag: str, told: list[str]) -> str:
    ids = [one for one in re.split(r"[\s,]+", given.get("ids") or given.get("include") or "") if one]
    found = [(one, library.find(one)) for one in ids or library.of_post]
    lost = [one for one, attachment in found if attachment is None]
    if lost or not found:
        told.append(f"shortcode {_short(tag)}: " + (f"not in the export: {', '.join(lost)[:200]}" if lost else "empty"))
    kind = given.get("type", "audio") if name == "playlist" else ""
    made = [_media(kind, one.url, one.title) if kind else picture(one) for _, one in found if one is not None]
    return "".join(made)


def _player(name: str, given: Mapping[str, str], inner: str) -> str:
    source = next((given[key] for key in _SOURCES if given.get(key)), "") or inner.strip()
    source = html.unescape(source)
    if not re.fullmatch(r"(?:https?:)?//[^\s<>\"]+|/[^\s<>\"]+", source):
        return ""
    if name == "embed":
        return _link(source)
    return _media(name, source, given.get("title", ""))


def _media(kind: str, source: str, title: str) -> str:
    tag = "video" if kind == "video" else "audio"
    words = f' title="{html.escape(title)}"' if title else ""
    return figure(f'<{tag} src="{html.escape(source)}"{words} controls></{tag}>')


def _link(address: str) -> str:
    return f'\n\n<p><a href="{html.escape(address)}">{html.escape(address)}</a></p>\n\n'
