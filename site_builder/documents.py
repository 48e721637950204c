"""Article ↔ Markdown file: front matter (YAML or TOML, also other generators') and body. No index, no rendering.

Reading is tolerant: what can't be used is a Problem that names file and line, and the rest of the article stands.
Front matter is data from strangers: YAML anchors, aliases and tags are refused, size and depth are bounded before
anything is built.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from . import dates
from .errors import Problem
from .front_matter import Refused, parse
from .model import Article, Image, Media, Note, Source

MAX_BYTES = 20_000_000

_FENCES = {"---": "yaml", "+++": "toml"}
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Control characters that XML 1.0 forbids or HTML calls an error: one of them stops a feed reader."""
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Direction controls, which can make a name or title read as another (CVE-2021-42574)."""


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
        if not text.strip():
            raise Refused("is empty", hint="write at least a title, or delete the file")
        front, start, first_line, kind = _split(text)
        table = parse(front, kind, first_line)
        values, extra = _values(table, path, _Reporter(path, front, first_line, problems))
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
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            raise Refused("is not text", hint="only Markdown belongs here; pictures go to media/") from None
        line = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(path, line, "is not UTF-8, read as Windows-1252", "save it as UTF-8"))
        text = raw.decode("cp1252", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    match = _UNWANTED.search(text)
    if match:
        line = text.count("\n", 0, match.start()) + 1
        text, count = _UNWANTED.subn("", text)
        problems.append(
            Problem(path, line, f"{count} control characters left out", "they are invisible; retype the place")
        )
    return text


def _split(text: str) -> tuple[str, int, int, str]:
    """Front matter, where the body starts, the front matter's first line, and its kind (`yaml`, `toml` or empty)."""
    head, newline, rest = text.partition("\n")
    kind = _FENCES.get(head.rstrip(), "")
    if not kind or not newline:
        return "", 0, 1, ""
    fence = head.rstrip()
    end = re.compile(rf"^{re.escape(fence)}[ \t]*$", re.MULTILINE).search(rest)
    if not end:
        if kind == "yaml" and not re.match(r"\s*[\w-]+\s*:", rest):
            return "", 0, 1, ""  # a rule at the top of a plain Markdown file
        raise Refused(f"front matter is not closed by a line of {fence}", 1, f"add {fence} below the last key")
    return rest[: end.start()], len(head) + 1 + end.end() + 1, 2, kind


# ------------------------------------------------------------------------------------- table to article


class _Reporter:
    """Collects Problems about keys of one front matter, and finds their lines."""

    def __init__(self, path: str, front: str, first_line: int, problems: list[Problem]) -> None:
        self.path, self._front, self._first_line, self._problems = path, front, first_line, problems

    def __call__(self, key: str, message: str, hint: str = "") -> None:
        found = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?\s*[:=]", self._front, re.MULTILINE)
        line = self._first_line + self._front.count("\n", 0, found.end()) if found else 0
        self._problems.append(Problem(self.path, line, message, hint))


ALIASES = {
    "author": "authors",
    "categories": "section",
    "category": "section",
    "sections": "section",
    "description": "summary",
    "excerpt": "summary",
    "lastmod": "updated",
    "modified": "updated",
    "last_modified_at": "updated",
    "lang": "language",
    "tag": "tags",
    "keywords": "tags",
    "organisations": "organizations",
}
"""Other generators' names for our keys."""

_LISTS = ("authors", "agencies", "tags", "people", "places", "organizations")
_RECORDS: dict[str, type[Image] | type[Media] | type[Note]] = {"images": Image, "media": Media, "notes": Note}
_MAIN = {"images": "src", "media": "src", "notes": "text"}
_DATES = ("date", "updated", "until")
STATUSES = ("published", "draft", "embargoed", "withdrawn")
_FIELDS = {f.name for f in fields(Article)} - {"body", "path", "extra"}
_JEKYLL = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")


def _values(table: dict[str, Any], path: str, report: _Reporter) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that a front matter sets, and what it holds beside them."""
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for raw_key, value in table.items():
        key = _text(raw_key)
        name = key if key in _FIELDS else ALIASES.get(key, key)
        if value is None:
            continue
        if name not in _FIELDS or (name != key and (name in table or name in values)):
            extra[key] = _plain(value)
        elif name == "section":
            _read_section(value, values, report)
        else:
            fitted = _fit(name, value, partial(report, key))
            if fitted is not None:
                values[name] = (*values.get(name, ()), *fitted) if name == "tags" else fitted
    if extra.get("draft") is True:
        values.setdefault("status", "draft")
    dated = _JEKYLL.fullmatch(_stem(path))
    if dated and "date" not in table and _is_date(dated[1]):
        values["date"] = dated[1]
    return values, extra


def _title_from(text: str, start: int, path: str) -> tuple[str, int]:
    """The title from a first heading, which then leaves the body, or else from the file's name."""
    heading = _FIRST_HEADING.match(text, start)
    title = _text(heading[1].rstrip(" \t#")) if heading else ""
    if heading and title:
        return title, heading.end()
    stem = _stem(path)
    dated = _JEKYLL.fullmatch(stem)
    return _text(re.sub(r"[-_]+", " ", dated[2] if dated else stem)) or "Untitled", start


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def _is_date(text: str) -> bool:
    try:
        return bool(dates.parse(text))
    except ValueError:
        return False


def _read_section(value: Any, values: dict[str, Any], report: _Reporter) -> None:
    names = (_text(value),) if isinstance(value, str) else _texts(value)  # "Arts, Culture" is one name
    if names is None:
        report("section", f"'section' must be text, not {value!r}")
    elif names:
        values["section"] = names[0]
        values["tags"] = (*values.get("tags", ()), *names[1:])


def _fit(name: str, value: Any, report: Any) -> Any:
    """A value in the type of its field, or None after a report."""
    if name in _LISTS:
        texts = _texts(value)
        if texts is None:
            report(f"'{name}' must be a list of texts, not {_short(value)}")
        return texts
    if name in _RECORDS:
        return _records(name, value, report)
    if name == "source":
        return _record(Source, value, report) if isinstance(value, dict) else Source(url=_text(value))
    if name in _DATES:
        return _date(_text(value) if not hasattr(value, "isoformat") else value.isoformat(), report)
    if isinstance(value, (dict, list)):
        report(f"'{name}' must be text, not {_short(value)}")
        return None
    text = _text(value)
    if name == "status" and text not in STATUSES:
        report(f"status '{text}' is not one of {', '.join(STATUSES)}", "it is kept as a draft")
        return "draft"
    return text


def _date(text: str, report: Any) -> str | None:
    try:
        return dates.parse(text).text
    except ValueError as error:
        report(str(error), "dates are written 2017-04-12, 2017-04 or 1957~; the article is listed as undated")
        return None


def _texts(value: Any) -> tuple[str, ...] | None:
    """A list of names; a text with commas is taken apart, `{name: …}` stands for its name; None if it is neither."""
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return (_text(value),)
    names = [item.get("name") or item.get("title") if isinstance(item, dict) else item for item in value]
    if any(isinstance(name, (dict, list)) for name in names):
        return None
    return tuple(dict.fromkeys(text for name in names if name is not None and (text := _text(name))))


def _records(name: str, value: Any, report: Any) -> tuple[Any, ...] | None:
    items = value if isinstance(value, list) else [value]
    kind, main = _RECORDS[name], _MAIN[name]
    if any(isinstance(item, list) for item in items):
        report(f"'{name}' must be a list of tables, not {_short(value)}")
        return None
    return tuple(_record(kind, item if isinstance(item, dict) else {main: item}, report) for item in items)


def _record(kind: Any, table: Mapping[str, Any], report: Any) -> Any:
    known = {f.name for f in fields(kind)}
    unknown = [str(key) for key in table if key not in known]
    if unknown:
        report(f"unknown key '{unknown[0]}'", f"known here: {', '.join(sorted(known))}")
    given = {key: value for key, value in table.items() if key in known and value is not None}
    return kind(
        **{key: _prose(value) if kind is Note and key == "text" else _text(value) for key, value in given.items()}
    )


def _text(value: Any) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return " ".join(_BIDI.sub("", _UNWANTED.sub("", text)).split())  # YAML and TOML have escapes for them


def _prose(value: Any) -> str:
    """A text of several paragraphs, which stay apart."""
    return "\n\n".join(text for part in re.split(r"\n\s*\n", str(value)) if (text := _text(part)))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:57]}…"


_NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d{0,15})")


def _plain(value: Any) -> Any:
    """An extra value as JSON can carry it; whole numbers, which our YAML leaves as text, become numbers."""
    if isinstance(value, dict):
        return {_text(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return int(value) if _NUMBER.fullmatch(value) else _UNWANTED.sub("", value)
    if isinstance(value, (bool, int)) or (isinstance(value, float) and value == value and abs(value) != float("inf")):
        return value
    return str(value)


_FIRST_HEADING = re.compile(r"\s*#[ \t]+([^\n]+)(?:\n|\Z)")


# --------------------------------------------------------------------------------------------- writing

_ORDER = (
    "id title date updated authors section publication dateline language agencies tags people places organizations "
    "summary images media notes source slug status until reason"
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
    texts = {name if name in _FIELDS else f":{name}": text for name, text in front(article).items() if name != "id"}
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
