"""One line's HTML tags → Markdown: this program's Markdown has none, and would show them as text.

Emphasis, links, pictures and line breaks become Markdown; players become links; of all other tags the words stay.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(
    r"<(/?)(a|abbr|article|aside|audio|b|big|blockquote|br|center|cite|code|del|details|div|em|embed|figcaption|figure|font|"
    r"footer|h[1-6]|header|hr|i|iframe|img|ins|kbd|li|mark|nav|object|ol|p|param|picture|q|s|section|small|source|span|"
    r"strike|strong|style|script|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|time|tr|track|u|ul|video|wbr)"
    r"((?:\s+[\w:@.-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*/?>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LINK_END = re.compile(r"</a\s*>", re.IGNORECASE)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "code": "`", "kbd": "`"}
_BEGINNINGS = {"li": "- ", "blockquote": "> "}
_BLOCKS = set("p div h1 h2 h3 h4 h5 h6 blockquote figure figcaption table ul ol section tr".split())
_PLAYERS = {"iframe", "video", "audio", "embed", "source", "object"}


def translate(line: str) -> tuple[str, str]:
    """A line without HTML tags, and the rule by which one that is now empty came to nothing."""
    if "<" not in line or line.startswith("    ") or "`" in line:
        return line, ""
    links: list[str] = []
    out: list[str] = []
    at, filled, end = 0, False, len(line.rstrip())
    for match in _TAG.finditer(line):
        text = line[at : match.start()]
        filled = filled or bool(text.strip())
        out += (text, _translate(match, links, filled, match.end() < end))
        at = match.end()
    made = "".join((*out, line[at:]))
    return made, "tag without words" if made != line and not made.strip() else ""


def _translate(match: re.Match[str], links: list[str], filled: bool, more: bool) -> str:
    """What stands for a tag; `filled` and `more` tell whether the line has text before it, and anything behind it."""
    closes, name = bool(match[1]), match[2].lower()
    given = {one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(match[3])}
    source = given.get("src") or given.get("data-src") or given.get("data") or ""
    source = "" if re.search(r"[\s<>()]", source) else source
    if name in _MARKS:
        return _MARKS[name]
    if name == "br":
        return "  \n" if more else ""
    if name == "hr":
        return "---"
    if name == "img":
        label = re.sub(r"([\[\]])", r"\\\1", " ".join(given.get("alt", "").split()))
        return f"![{label}]({source})" if source else ""
    if name == "a":
        if closes:
            return f"]({links.pop()})" if links else ""
        address = given.get("href", "")
        if (
            not address
            or re.search(r"[\s<>()]", address)
            or not _LINK_END.search(match.string, match.end(), match.end() + 5000)
        ):
            return ""
        links.append(address)
        return "["
    if name in _PLAYERS and not closes and re.match(r"(?:https?:)?//|/|[\w.-]+/", source):
        return f"[{source}]({source})"
    if name in ("td", "th"):
        return " "
    return _block(name, closes, filled, more)


def _block(name: str, closes: bool, filled: bool, more: bool) -> str:
    """What stands for a block's tag: a mark for its kind, and a gap between two blocks that share a line."""
    if closes:
        return "\n\n" if name in _BLOCKS and more else ""
    mark = f"{'#' * max(2, int(name[1]))} " if re.fullmatch("h[1-6]", name) else _BEGINNINGS.get(name, "")
    return f"\n{mark}" if mark and filled else mark
