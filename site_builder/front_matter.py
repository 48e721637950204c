"""The text of a front matter → its table of plain values, YAML or TOML. What the keys mean, `documents` knows.

Front matter is data from strangers: anchors, aliases and tags are refused, size and depth are bounded before anything
is built.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from typing import Any

import yaml

MAX_FRONT_MATTER = 256_000
MAX_DEPTH = 12
_GIANT = re.compile(r"(?<![\w\"'])[-+]?\d[\w]{3000,}")
"""A number that Python would refuse to write out again."""


_FENCES = {
    "---": ("yaml", re.compile(r"^---[ \t]*$", re.MULTILINE)),
    "+++": ("toml", re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)),
}
"""The line above front matter → its kind, and the line below it."""
_FIRST_KEY = re.compile(r"\s*[\w-]+\s*:")


class Refused(Exception):
    """A file that can't be read as an article; message, line and hint for its Problem."""

    def __init__(self, message: str, line: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.line, self.hint = line, hint


def split(text: str) -> tuple[str, int, int, str]:
    """Front matter, where the body starts, the front matter's first line, and its kind (`yaml`, `toml` or empty)."""
    first = text.find("\n") + 1  # no copy of the rest is made, which takes as long as all else here
    fence = text[: max(0, first - 1)].rstrip()
    kind, closing = _FENCES.get(fence, ("", None))
    if not closing:
        return "", 0, 1, ""
    end = closing.search(text, first)
    if not end:
        if kind == "yaml" and not _FIRST_KEY.match(text, first):
            return "", 0, 1, ""  # a rule at the top of a plain Markdown file
        raise Refused(f"front matter is not closed by a line of {fence}", 1, f"add {fence} below the last key")
    return text[first : end.start()], end.end() + 1, 2, kind


def parse(front: str, kind: str, first_line: int) -> dict[str, Any]:
    """The table of a front matter of a `kind` (`yaml`, `toml` or empty). Raises Refused with the line in its file."""
    if len(front) > MAX_FRONT_MATTER:
        raise Refused(f"front matter is longer than {MAX_FRONT_MATTER // 1000} kB", first_line, "put the text below it")
    if kind == "toml":
        if giant := _GIANT.search(front):
            line = first_line + front.count("\n", 0, giant.start())
            raise Refused("has a number of thousands of digits", line, "put it in quotes")
        try:
            table = tomllib.loads(front)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = re.search(r"\(at line (\d+)", str(error))
            line = first_line - 1 + int(found[1]) if found else 2
            raise Refused(f"front matter is not TOML: {error}", line, "texts and dates of TOML: see toml.io") from None
        return table
    return _parse_yaml(front, first_line) if kind else {}


# -------------------------------------------------------------------------------------------------- YAML


class Number(str):
    """A number that stands bare in YAML, as it was written. In quotes the same is a text, and stays one: an id."""


DIGITS = 300
"""Of a number that is one; a longer one stays a text. A float has 309 before its point."""
_NUMBER = re.compile(rf"[-+]?(?:0|[1-9]\d{{0,{DIGITS - 1}}})(?:\.\d{{1,{DIGITS}}})?(?:[eE][-+]?\d{{1,3}})?")
_NUMBER_TAG = "tag:yaml.org,2002:float"


class _Loader(yaml.CSafeLoader):
    """Plain scalars stay the text they are, but for null, true and false; those that are numbers are told (`Number`).

    YAML 1.1 would make a boolean of the Norwegian language, an octal number of `id: 0123` and a number of an hour;
    and a date it would fill up with what nobody wrote.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012, as the base class has it
        **{c: [("tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"))] for c in "tTfF"},
        **{c: [("tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)$"))] for c in ("~", "n", "N", "")},
        **{c: [(_NUMBER_TAG, re.compile(rf"(?:{_NUMBER.pattern})$"))] for c in "+-0123456789"},
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            keys = [key for key, _ in node.value]
            first = {str(key.value): key for key in reversed(keys)}
            twice = next((key for key in keys if first[str(key.value)] is not key), node)
            raise yaml.MarkedYAMLError(problem=f"'{twice.value}' stands twice", problem_mark=twice.start_mark)
        return mapping


_Loader.add_constructor(_NUMBER_TAG, lambda loader, node: Number(node.value))

_SUSPICIOUS = re.compile(r"[&*!{]|\[.*\[|- -|\? |^ {12}", re.MULTILINE)


# The YAML that nearly all front matter is: one key a line, and its value plain, in quotes, or a list of such in
# brackets. Read directly, it takes 25 µs where libyaml and PyYAML's constructor take 200; whatever else a line has
# hands the whole front matter over. tests/test_documents.py holds the two equal.
_ITEM = r"(?:[A-Za-z\u00c0-\u1fff](?:[\w .’–()/+-]*[\w.’)+])?|\d[\w.:+-]*\w|\d|\"[^\"\\]*\"|'[^']*')"
_PLAIN_LINE = re.compile(
    rf"([A-Za-z_][\w-]*):(?:[ ]+(?:({_ITEM})|\[[ ]*(?:({_ITEM}(?:[ ]*,[ ]*{_ITEM})*)[ ]*)?\]))[ ]*"
)
_PLAIN_ITEM = re.compile(_ITEM)
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = {"null", "Null", "NULL"}


def _parse_plain(front: str) -> dict[str, Any] | None:
    """The table of a front matter in that subset, or None."""
    table: dict[str, Any] = {}
    for line in front.splitlines():
        match = _PLAIN_LINE.fullmatch(line)
        if not match or match[1] in table or match[1] in _CONSTANTS or match[1] in _NULLS:
            return None
        key, scalar, items = match.groups()
        if scalar:
            table[key] = _plain_scalar(scalar)
        else:
            table[key] = [_plain_scalar(item) for item in _PLAIN_ITEM.findall(items)] if items else []
    return table


def _plain_scalar(text: str) -> Any:
    if text[0] in "\"'":
        return text[1:-1]
    if text[0] <= "9" and _NUMBER.fullmatch(text):
        return Number(text)
    return None if text in _NULLS else _CONSTANTS.get(text, text)


def _parse_yaml(front: str, first_line: int) -> dict[str, Any]:
    plain = _parse_plain(front)
    if plain is not None:
        return plain
    try:
        if _SUSPICIOUS.search(front):
            _inspect(front, first_line)
        table = yaml.load(front, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + mark.line if mark else first_line
        message = error.problem or "can't be read"
        quotes = "mapping values" in message or "scalar" in message or "start any token" in message
        hint = (
            "put the value in quotes" if quotes else "look for a bracket, quote or indent that is wrong there or above"
        )
        raise Refused(f"front matter is not YAML: {message}", line, hint) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(f"front matter is not YAML: {error}", first_line, "put its values in quotes") from None
    if table is None:
        return {}
    if not isinstance(table, dict):
        raise Refused("front matter is not a list of keys and values", first_line, "write it as 'title: …'")
    return table


def _inspect(front: str, first_line: int) -> None:
    """Walk the events, which costs no depth of stack, and refuse what could grow or run when it is built."""
    depth = 0
    for event in yaml.parse(front, yaml.CSafeLoader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Refused("front matter has a YAML anchor or alias", line, "write the value out, or put it in quotes")
        tag = getattr(event, "tag", None)
        if tag and getattr(event, "implicit", True) in (False, (False, False)):
            raise Refused(f"front matter has a YAML tag '{tag}'", line, "put the value in quotes")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Refused(f"front matter is nested more than {MAX_DEPTH} deep", line, "write it flatter")


# ------------------------------------------------------------------------------------- a file of YAML alone


def parse_lines(text: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    """The table of a YAML file under the same rules, and the line of each value by the keys that lead to it.

    Its size is for the caller to bound. Raises Refused.
    """
    if not text.strip():
        return {}, {}
    with contextlib.suppress(yaml.YAMLError):  # the parser proper tells it with its line
        _inspect(text, 1)
    table = _parse_yaml(text, 1)
    lines: dict[tuple[str | int, ...], int] = {}

    def walk(node: Any, path: tuple[str | int, ...]) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                lines[*path, str(key.value)] = key.start_mark.line + 1
                walk(value, (*path, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for place, item in enumerate(node.value):
                lines[*path, place] = item.start_mark.line + 1
                walk(item, (*path, place))

    walk(yaml.compose(text, yaml.CSafeLoader), ())
    return table, lines
