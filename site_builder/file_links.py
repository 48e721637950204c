"""Links from one source's file to another's, as Markdown and saved pages have them: which file a link means.

In come an article's source and links as they stand in its text (`../2014/storm.html`, `storm.md`, `@/blog/storm.md`),
out come keys like those of `originals`: 16 bytes, equal for an article's own file and for what leads to it. No I/O, and
no knowledge of which articles there are.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from urllib.parse import unquote

from .model import Source
from .originals import plain_address

_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
_PAGES = (*_MARKDOWN, ".html", ".htm", ".xhtml", ".xht", ".shtml", ".mhtml", ".mht")
_LINK = re.compile(r"\]\(\s*(?:<([^<>\n:]{1,1000})>|((?![/#<])(?:[^\s()<>\\:]|\\.|\([^\s():]*\)){1,1000}))")
_INDEX = re.compile(r"(?:^|/)_?index$")
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-.")
_LANGUAGE = re.compile(r"\.[a-z]{2}$")


def own(source: Source) -> tuple[bytes, ...]:
    """The keys of an article's own file: by its place, and for Markdown by its name, which generators link by."""
    path = _path_of(source)
    if not path:
        return ()
    place, name = _place(path), _name(path, path)
    return (_key(place), _key(name)) if name and path.lower().endswith(_MARKDOWN) else (_key(place),)


def keys(link: str, source: Source) -> tuple[bytes, ...]:
    """The keys of the file that a link in an article's text means, the surest first; none for a link of another kind."""
    path = _path_of(source)
    target = unquote(link.partition("#")[0].partition("?")[0]).strip()
    if not path or not target or ":" in target or target.startswith("/"):
        return ()
    found = [_key(_place(posixpath.join(posixpath.dirname(path), target)))]
    if path.lower().endswith(_MARKDOWN) and (target.lower().endswith(_MARKDOWN) or _DATED.match(target)):
        found.append(_key(_name(target, path)))
    return tuple(found)


def linked(body: str, source: Source) -> tuple[bytes, ...]:
    """The keys of all files that a Markdown text may link to."""
    if "](" not in body or not _path_of(source):
        return ()
    found: set[bytes] = set()
    for match in _LINK.finditer(body):
        found.update(keys(plain_address(match[1] or match[2]), source))
    return tuple(sorted(found))


def _path_of(source: Source) -> str:
    """Where a source's page lay, an archive being a folder; empty for what is no file that others could link to."""
    path = f"{source.file}/{source.part.replace('!', '/')}" if source.part else source.file
    return path if path.lower().endswith(_PAGES) else ""


def _place(path: str) -> str:
    """A page's path without its ending and language, and without `index`, which stands for its folder."""
    path = posixpath.normpath(path)
    stem, ending = posixpath.splitext(path)
    if ending.lower() in _PAGES:  # a recording `storm.rm` beside `storm.html` is another file
        path = _LANGUAGE.sub("", stem)
    return unicodedata.normalize("NFC", _INDEX.sub("", path))


def _name(path: str, within: str) -> str:
    """A file's name in the whole of the folder or archive that was imported."""
    name = _place(path).rpartition("/")[2]
    return f"{within.partition('/')[0]}//{name}" if name else ""


def _key(text: str) -> bytes:
    return hashlib.sha256(f"file:{text}".encode("utf-8", "replace")).digest()[:16]
