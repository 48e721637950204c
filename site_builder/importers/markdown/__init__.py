"""Markdown of other generators (Hugo, Jekyll, Zola, Eleventy, Pelican …): one file, one Record, its facts read.

Facts are what the front matter says in whatever dialect, and what the file's name and folder say by a generator's
habits. The body stays as it is, at its own line numbers; what is in it, `extraction.markdown` understands.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from io import BufferedReader
from pathlib import PurePosixPath
from typing import Any

from site_builder import dates, front_matter, stated
from site_builder.decoding import decode, read_up_to
from site_builder.errors import Problem
from site_builder.front_values import DATED_NAME, Reporter, values_of
from site_builder.importers.markdown.dialects import lost, normal
from site_builder.model import Record, Skipped

ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
_HTML = (".html", ".htm")
_FENCED = re.compile(rb"(?:\xef\xbb\xbf)?(?:---|\+\+\+)[ \t]*\r?\n\s*(?:[\w-]+[ \t]*[:=]|\[|#)")


MAX_FRONT = 200_000
MAX_DEPTH = 10
"""What of a foreign front matter can stand in ours, which has bounds of its own when it is read."""


def detect(name: str, head: bytes) -> bool:
    """True for Markdown's endings, and for HTML that begins with a front matter."""
    ending = PurePosixPath(name).suffix.lower()
    if b"\0" in head:
        return False
    return ending in ENDINGS or (ending in _HTML and bool(_FENCED.match(head)))


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem | Skipped]:
    """One Record, `markdown` or (for HTML with a front matter) `fragment`; and a Problem for each key that can't be read.

    A front matter that can't be read at all holds the file back: its title and date would be lost.
    """
    raw = read_up_to(stream, max_bytes)
    if raw is None:
        yield Problem(file, 0, f"has more than {max_bytes:,} bytes", "an article is text; split it")
        return
    text, repairs = decode(raw)
    if text is None or not text.strip():
        yield Problem(
            file, 0, "has no text in it" if text is not None else "is no text: it holds NUL bytes", "delete it"
        )
        return
    problems: list[Problem] = []
    told = list(repairs)
    try:
        meta, start = _facts(text, file, problems, told)
    except front_matter.Refused as refused:
        if "archetypes" in PurePosixPath(file).parts:
            yield Skipped(file, _PATTERNS, 1)
            return
        yield Problem(file, refused.line, str(refused), refused.hint)
        return
    body = text[start:]
    if why := _no_article(PurePosixPath(file).stem, meta, start > 0, body):
        yield Skipped(file, why, 1)
        return
    yield from problems
    kind = "fragment" if PurePosixPath(file).suffix.lower() in _HTML else "markdown"
    if kind == "fragment" and "images" in meta:
        body, _ = stated.with_pictures(body, meta.pop("images")) if body.strip() else (body, ())
    # Blank lines in the front matter's place, so that the ledger's line numbers are those of the file.
    padded = "\n" * text.count("\n", 0, start) + body
    yield Record(file, kind, padded, hashlib.sha256(raw).hexdigest(), meta, tuple(told))


_PATTERNS = "patterns for new articles, whose title is a template"
_ABOUT = {"readme", "license", "licence", "contributing", "changelog", "code_of_conduct", "security"}


# None goes over the beginning of another: each of many that nobody closed would be looked for to the end of the file.
_CODES = re.compile(r"\{\{(?![<%])(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}|<[^<>]*>", re.DOTALL)
FEW = 5
"""Words beside its codes: a page of `_LISTS` with so few of them, and without a date, is one that fills itself."""
_LISTS = frozenset(
    "index _index all home blog news posts archive archives tag tags category categories authors search feed sitemap "
    "pagination".split()
)


def _no_article(stem: str, meta: dict[str, Any], has_facts: bool, body: str) -> str:
    """What a file of a generator's folder is if it is no article."""
    title = str(meta.get("title", ""))
    if "{{" in title or "{%" in title:
        return _PATTERNS
    lists = stem.lower() in _LISTS and has_facts and not meta.get("date")
    if not body.strip() and (stem == "_index" or (lists and not title)):
        return "lists' own pages without a text"
    if has_facts and stem == "404":
        return "pages for addresses that there are not"
    if lists and ("{%" in body or "{{" in body) and len(body) < MAX_FRONT:
        kept = _CODES.sub(" ", body)
        if kept != body and "{{" not in kept and len(kept.split()) < FEW:
            return "templates without a text of their own"
    return "files about a folder, without a front matter" if stem.lower() in _ABOUT and not has_facts else ""


# -------------------------------------------------------------------------------------------- dialects

_ARCHIVE = re.compile(r".*\.(?:zip|wacz|tar|tgz|gz|bz2|xz|zst)[#!]")
"""What comes before a file's own path when it lies in an archive."""
_HEADER = re.compile(r"([A-Za-z][\w-]{0,40}):[ \t]*(.*)")
_PELICAN = {"title", "date", "author", "authors", "category", "tags", "slug", "summary", "modified", "status", "lang"}


def _table(text: str) -> tuple[dict[str, Any], str, int, int, str]:
    """The table of a front matter, its text, where the body starts, its first line, and the dialect."""
    front, start, first_line, kind = front_matter.split(text)
    if kind:
        return front_matter.parse(front, kind, first_line), front, start, first_line, kind
    if re.match(r"\{\s*(?:\"|\n)", text):
        try:
            table, end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            table, end = None, 0
        if isinstance(table, dict) and ("title" in table or "date" in table):
            return table, text[:end], end, 1, "json"
    table, end = _headers(text)
    return table, text[:end], end, 1, "headers" if table else ""


def _headers(text: str) -> tuple[dict[str, Any], int]:
    """`Title: …` lines up to the first blank one, as Pelican and Python-Markdown write them."""
    table: dict[str, Any] = {}
    at, last = 0, ""
    for line in text.split("\n", 200)[:200]:
        match = _HEADER.match(line)
        if match and match[1].lower() not in table:
            last = match[1].lower()
            table[last] = match[2].strip()
        elif last and line[:4].isspace() and line.strip():
            table[last] += f" {line.strip()}"
        elif line.strip():
            return {}, 0
        else:
            break
        at += len(line) + 1
    return (table, min(at, len(text))) if "title" in table and table.keys() & _PELICAN else ({}, 0)


def _facts(text: str, file: str, problems: list[Problem], told: list[str]) -> tuple[dict[str, Any], int]:
    """What front matter, name and folder say, under our names; and where the body starts."""
    table, front, start, first_line, kind = _table(text)
    if _depth(table) > MAX_DEPTH or len(front) > MAX_FRONT:
        raise front_matter.Refused("front matter is too deep or too large to be kept", first_line)
    path = PurePosixPath(_ARCHIVE.sub("", file))
    jekyll = "_posts" in path.parts or "_drafts" in path.parts
    kept: dict[str, Any] = {}
    given = table
    table = normal(table, jekyll, kept)
    name = path.with_suffix(".md").as_posix()
    values, extra = values_of(table, name, Reporter(file, front, first_line, problems))
    _from_name(path, values, slugs=kind not in ("", "headers") or bool(DATED_NAME.fullmatch(path.stem)))
    if "_drafts" in path.parts:
        values.setdefault("status", "draft")
    source = values.pop("source", None)
    if source is not None and source.url:
        values["url"] = source.url
    if own := values.pop("id", ""):
        kept["id"] = own
    if values.pop("other_sources", ()):  # those of another archive; ours come from the import ledger
        kept["other_sources"] = given["other_sources"]
    if isinstance(extra.get("draft"), bool) and extra.pop("draft"):
        values.setdefault("status", "draft")
    kept |= {key: value for key, value in lost(given, [values, extra, kept]).items() if key not in kept}
    if kept:  # TOML has moments, which JSON has not
        extra["front_matter"] = json.loads(json.dumps(kept, default=str))
    values["extra"] = extra
    return stated.within_bounds(values, told), start


def _depth(value: Any) -> int:
    """How deep tables and lists are nested."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        depth += 1
        tables = [one for one in level if isinstance(one, (dict, list))]
        level = [inner for one in tables for inner in (one.values() if isinstance(one, dict) else one)]
    return depth


_LANGUAGE = re.compile(r"(.+)\.([a-z]{2}(?:-[A-Za-z]{2,4})?)")


def _from_name(path: PurePosixPath, values: dict[str, Any], slugs: bool) -> None:
    """The slug, and a language (`story.fr.md`), that a file's name or its bundle's folder says."""
    stem = path.stem
    if (match := _LANGUAGE.fullmatch(stem)) and match[2][:2] in dates.LANGUAGES:
        stem = match[1]
        values.setdefault("language", match[2])
    if stem in ("index", "_index"):
        stem = path.parent.name
    if dated := DATED_NAME.fullmatch(stem):
        if "date" not in values:
            values["date"] = dated[1]
        stem = dated[2]
    if slugs and stem:
        values.setdefault("slug", stem)
