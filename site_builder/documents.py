"""Article ↔ Markdown file: front matter (YAML or TOML, also other generators') and body. No index, no rendering.

Reading is tolerant: what can't be used is a Problem that names file and line, and the rest of the article stands.
Front matter is data from strangers: YAML anchors, aliases and tags are refused, size and depth are bounded before
anything is built.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from dataclasses import dataclass, fields
from typing import Any

from .decoding import may_have_controls
from .errors import Problem
from .front_matter import Refused, parse, split
from .front_values import DATED_NAME, UNWANTED, Reporter, plain, stem_of, values_of
from .model import Article, Source

MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: its article, and at which character of the decoded text its body starts."""

    article: Article
    start: int


def read(raw: bytes, path: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """The article in a file's bytes, and what was wrong with it; None if it can't be used at all.

    `path` is relative to the content folder and serves for the title where there is none, and for messages.
    """
    problems: list[Problem] = []
    try:
        text = _decode(raw, path, problems)
        if not text or text.isspace():
            raise Refused("is empty", hint="write at least a title, or delete the file")
        front, start, first_line, kind = split(text)
        table = parse(front, kind, first_line)
        values, extra = values_of(table, path, Reporter(path, front, first_line, problems))
        if not values.get("title"):
            values["title"], start = _title_from(text, start, path)
        return Document(Article(**values, body=text[start:], path=path, extra=extra), start), tuple(problems)
    except Refused as refused:
        return None, (*problems, Problem(path, refused.line, str(refused), refused.hint))


def body(raw: bytes, start: int) -> str:
    """The body alone of a file that `read` has accepted, so that a build parses no front matter twice."""
    return _decode(raw, "", [])[start:]


def _decode(raw: bytes, path: str, problems: list[Problem]) -> str:
    if len(raw) > MAX_BYTES:
        raise Refused(f"is larger than {MAX_BYTES // 1_000_000} MB", hint="an article is text; split it")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            raise Refused("is not text", hint="only Markdown belongs here; pictures go to media/") from None
        line = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(path, line, "is not UTF-8, read as Windows-1252", "save it as UTF-8"))
        text = raw.decode("cp1252", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # The second is the beginning of U+FFFE and U+FFFF.
    match = UNWANTED.search(text) if may_have_controls(raw) or (0xEF in raw and b"\xef\xbf" in raw) else None
    if match:
        line = text.count("\n", 0, match.start()) + 1
        text, count = UNWANTED.subn("", text)
        problems.append(
            Problem(path, line, f"{count} control characters left out", "they are invisible; retype the place")
        )
    return text


def _title_from(text: str, start: int, path: str) -> tuple[str, int]:
    """The title from a first heading, which then leaves the body, or else from the file's name."""
    heading = _FIRST_HEADING.match(text, start)
    title = plain(heading[1].rstrip(" \t#")) if heading else ""
    if heading and title:
        return title, heading.end()
    stem = stem_of(path)
    dated = DATED_NAME.fullmatch(stem)
    return plain(re.sub(r"[-_]+", " ", dated[2] if dated else stem)) or "Untitled", start


_FIRST_HEADING = re.compile(r"\s*#[ \t]+([^\n]+)(?:\n|\Z)")


# --------------------------------------------------------------------------------------------- writing

_ORDER = (
    "id title date updated authors section publication dateline language agencies tags people places organizations "
    "summary images media notes source other_sources slug aliases status until reason"
).split()
_PLAIN = re.compile(
    r"[^\W\d_][\w .'’-]*[\w.]|[^\W\d_]|\d{4}(?:-\d\d){0,2}(?:T[\d:]+(?:Z|[+-]\d\d:\d\d)?)?|[0-9a-f]{64}"
)
_KEYWORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def write(article: Article) -> str:
    """The Markdown file of an article: front matter with the keys in a fixed order, without empty ones, and body.

    What `read` gives for it is the same article.
    """
    lines = ["---", *front(article).values()]
    text = article.body.strip("\n")
    return "\n".join([*lines, "---", "", text, ""]) if text else "\n".join([*lines, "---", ""])


def front(article: Article) -> dict[str, str]:
    """Each key of an article's front matter with its lines as they are written, in their order, without empty ones."""
    lines: dict[str, str] = {}
    for name in _ORDER:
        value = getattr(article, name)
        if value and not (name == "status" and value == "published") and value != Source():
            lines[name] = f"{name}:{_yaml(value)}"
    for key, value in article.extra.items():
        lines[str(key)] = f"{_scalar(str(key))}: {_json(value)}"
    return lines


def sums(article: Article) -> dict[str, str]:
    """A short digest of each field that an article has, body included, but for its id: what `read` gives has the same.

    Keys that are not ours have a colon before their names.
    """
    texts = {name if name in _ORDER else f":{name}": text for name, text in front(article).items() if name != "id"}
    texts["body"] = article.body.strip("\n")
    return {name: hashlib.sha256(text.encode()).hexdigest()[:12] for name, text in texts.items() if text}


def _yaml(value: Any) -> str:
    if isinstance(value, str):
        return f" {_scalar(value)}"
    if isinstance(value, tuple) and isinstance(value[0], str):
        return f" [{', '.join(_scalar(item) for item in value)}]"
    if isinstance(value, tuple):
        return "".join(f"\n  - {_record_yaml(item, '    ')}" for item in value)
    return f"\n  {_record_yaml(value, '  ')}"


def _record_yaml(record: Any, indent: str) -> str:
    given = [(f.name, getattr(record, f.name)) for f in fields(record) if getattr(record, f.name)]
    return f"\n{indent}".join(f"{name}: {_scalar(text)}" for name, text in given) or "{}"


def _scalar(text: str) -> str:
    """A text as YAML: bare where nobody could read it as anything else, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _KEYWORDS:
        return text
    return _json(text)


def _json(value: Any) -> str:
    """JSON is YAML, but for three characters which YAML takes for line breaks, and pairs of surrogates (`\\ud83d…`)."""
    quoted = json.dumps(value, ensure_ascii=False)
    return quoted.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
