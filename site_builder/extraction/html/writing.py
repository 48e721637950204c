"""Blocks of the body → our Markdown: subheads, paragraphs with links and emphasis, lists, quotations, tables, code.

What a reader sees of the Markdown is the text of the blocks, word for word. Marks are put in after escaping, so that no
sign of the text can become one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from site_builder import markup
from site_builder.extraction.html.blocks import BOLD, CODE, HEADINGS, ITALIC, Block, Piece
from site_builder.extraction.html.page import Element

Resolve = Callable[[str], str]

MAX_COLUMNS = 40
DEEPEST = 4
"""Levels of nested lists that are kept."""

_SLOT = re.compile("\x01(\\d+)\x04")
_URL_UNSAFE = {" ": "%20", "<": "%3C", ">": "%3E", "\\": "%5C", "`": "%60", "\n": "", "\t": "", '"': "%22", "|": "%7C"}
_URL_UNSAFE |= {"[": "%5B", "]": "%5D", "(": "%28", ")": "%29", "*": "%2A", "_": "_", "{": "%7B", "}": "%7D"}
_EDGES = re.compile(r"[\w*_]")


def write(blocks: list[Block], resolve: Resolve, subheads: frozenset[int] | None = None) -> str:
    """The Markdown of a body; `resolve` gives the absolute URL of a link, or nothing for one to be left out.

    `subheads`: the numbers of blocks that are subheads, other headings become bold lines; without it each heading is one.
    """
    parts: list[str] = []
    index = 0
    last, open_entries = _Shape("", "start"), list[Element]()
    numbers: dict[Element, int] = {}
    while index < len(blocks):
        block = blocks[index]
        table = _above(block.element, ("table",))
        if table is not None:
            end = index
            while end < len(blocks) and _above(blocks[end].element, ("table",)) is table:
                end += 1
            parts.append(_table(blocks[index:end], table, resolve))
            index, last = end, _Shape("", "table")
            continue
        index += 1
        shape = _shape(block, resolve, None if subheads is None else block.number in subheads)
        if not shape.text:
            continue
        text, goes_on = shape.text, shape.kind == last.kind and shape.group is last.group
        if shape.kind == "list":
            if last.kind != "list":
                open_entries = []
            while open_entries and not _is_inside(shape.entry, open_entries[-1]):
                open_entries.pop()
            numbers[shape.group] = numbers.get(shape.group, 0) + 1
            text = _entry(text, shape.group, numbers[shape.group], len(open_entries))
            goes_on = last.kind == "list" and (bool(open_entries) or goes_on)
            if len(open_entries) < DEEPEST:
                open_entries.append(shape.entry)
        if goes_on and shape.kind in ("list", "quote"):
            parts[-1] += f"\n{text}" if shape.kind == "list" else f"\n>\n{text}"
        else:
            parts.append(text)
        last = shape
    return "\n\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The Markdown of one block, what kind it is, and the element that joins it to others of its kind."""

    text: str
    kind: str
    group: Element | None = None
    entry: Element | None = None


def _shape(block: Block, resolve: Resolve, subhead: bool | None) -> _Shape:
    level = heading_level(block) or 2 * bool(subhead)
    if level and subhead is False:
        bold = tuple(piece._replace(style=piece.style | BOLD) for piece in block.pieces)
        return _Shape(inline(bold, resolve), "paragraph")
    if block.element.tag == "pre":
        return _Shape(_code(block), "code")
    text = inline(block.pieces, resolve, flat=bool(level))
    if level:
        return _Shape(markup.heading(text, min(max(level, 2), 4)), "subhead")
    quote = _above(block.element, ("blockquote",))
    if quote is not None:
        return _Shape("\n".join(f"> {line}" for line in text.split("\n")), "quote", quote)
    entry = _above(block.element, ("li",))
    if entry is not None and is_entry(block):
        return _Shape(text, "list", _above(entry, ("ul", "ol", "menu")), entry)
    return _Shape(text, "paragraph")


def _is_inside(element: Element, other: Element) -> bool:
    node = element.getparent()
    while node is not None and node is not other:
        node = node.getparent()
    return node is not None


def heading_level(block: Block) -> int:
    """2 to 6 for a block in a heading (an `h1` in the body is a subhead too), else 0."""
    node = block.element
    for _ in range(2):
        if node is None:
            break
        if node.tag in HEADINGS:
            return max(2, HEADINGS[node.tag])
        node = node.getparent()
    return 0


def is_bold_heading(block: Block) -> bool:
    """Whether a paragraph is a subhead in all but its element: few words, all of them bold, and no sentence."""
    text = block.text
    if block.element.tag not in ("p", "div") or not 1 <= block.words <= 12 or block.linked > 0.5:
        return False
    if not all(piece.style & BOLD for piece in block.pieces if piece.text.strip()):
        return False
    return bool(re.search(r"[^\W\d_]", text)) and not re.search(r"[.!:;,…。]$", text)


def is_entry(block: Block) -> bool:
    """Whether a block is a list's entry; a `li` around whole stories' paragraphs and headings is none."""
    entry = _above(block.element, ("li",))
    return entry is not None and len(list(islice(entry.iter("p", "h2", "h3", "h4"), 2))) <= 1


def _entry(text: str, holder: Element | None, number: int, depth: int) -> str:
    mark = f"{number}." if holder is not None and holder.tag == "ol" and not depth else "-"
    pad = "    " * depth
    return f"{pad}{mark} " + text.replace("\n", f"\n{pad}    ")


def _above(element: Element, tags: tuple[str, ...]) -> Element | None:
    node = element
    while node is not None:
        if node.tag in tags:
            return node
        node = node.getparent()
    return None


def _code(block: Block) -> str:
    text = "".join(piece.text for piece in block.pieces).strip("\n")
    fence = "```"
    while fence in text:
        fence += "`"
    if "\n" not in text and not text.strip():
        return ""
    return f"{fence}\n{text}\n{fence}"


def inline(pieces: tuple[Piece, ...], resolve: Resolve, flat: bool = False) -> str:
    """The Markdown of a run of pieces; `flat` leaves out emphasis and line breaks, as headings want it."""
    slots: list[str] = []

    def slot(mark: str) -> str:
        slots.append(mark)
        return f"\x01{len(slots) - 1}\x04"

    out: list[str] = []
    merged = _merge(pieces)
    whole = "".join(piece.text for piece in merged)
    place, marked = 0, -1
    for piece in merged:
        text = piece.text.replace("\x01", "").replace("\x04", "")
        start, place = place, place + len(piece.text)
        core = text.strip()
        if not core or "\n" in core:
            out.append(" " if flat and not core else text)
            continue
        lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        url = resolve(piece.href) if piece.href else ""
        mark = "" if flat or start + len(lead) == marked else _mark(piece.style)
        if mark and not _stands_free(whole, start + len(lead), place - len(trail)):
            mark = ""
        marked = place - len(trail) if mark else -1
        inner = f"{slot(mark)}{core}{slot(mark)}" if mark else core
        if url:
            inner = f"{slot('[')}{inner}{slot('](' + _address(url) + ')')}"
        out.append(f"{lead}{inner}{trail}")
    text = "\n".join(" ".join(line.split()) for line in "".join(out).split("\n"))
    text = re.sub(r"\n+", "\n", text.strip("\n "))
    if flat:
        text = text.replace("\n", " ")
    escaped = markup.escape(text)
    if slots:
        escaped = re.sub(r"(?<!\\)([\[\]])", r"\\\1", escaped)
    escaped = _SLOT.sub(lambda match: slots[int(match[1])], escaped)
    return escaped.replace("\n", "  \n")


def _merge(pieces: tuple[Piece, ...]) -> list[Piece]:
    """Neighbours that look alike as one piece."""
    merged: list[Piece] = []
    for piece in pieces:
        before = merged[-1] if merged else Piece("\n")
        alike = (before.href, before.style) == (piece.href, piece.style)
        if alike and "\n" not in (before.text, piece.text):
            merged[-1] = Piece(before.text + piece.text, piece.href, piece.style)
        else:
            merged.append(piece)
    return merged


def _mark(style: int) -> str:
    if style & CODE:
        return ""
    if style & BOLD:
        return "**"
    return "*" if style & ITALIC else ""


def _stands_free(text: str, start: int, end: int) -> bool:
    """Whether emphasis from `start` to `end` has no letter or mark right outside it, where it would not be read."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    edges = text[start], text[end - 1]
    return not (_EDGES.match(before) or _EDGES.match(after)) and not any(edge in "*_\\`" for edge in edges)


def _address(url: str) -> str:
    return "".join(_URL_UNSAFE.get(sign, sign) for sign in url)


_ESCAPED_PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\\\|")
"""`\\|`, but not behind a backslash that is itself escaped."""


def _table(blocks: list[Block], table: Element, resolve: Resolve) -> str:
    """A table of short cells as Markdown's; one that lays out a page as paragraphs."""
    rows: dict[Element, None] = {}
    cells: dict[Element, list[Block]] = {}
    loose: list[Block] = []
    for block in blocks:
        cell = _above(block.element, ("td", "th"))
        row = _above(block.element, ("tr",))
        if cell is None or row is None or _above(cell.getparent(), ("td", "th", "li", "blockquote")) is not None:
            loose.append(block)
            continue
        cells.setdefault(cell, []).append(block)
        rows.setdefault(row)
    columns = max((sum(1 for _ in row.iterchildren("td", "th")) for row in rows), default=0)
    wide = any(len(found) > 3 or sum(block.words for block in found) > 60 for found in cells.values())
    if loose or wide or not 2 <= columns <= MAX_COLUMNS or len(rows) < 2:
        return "\n\n".join(text for block in blocks if (text := _cell_paragraph(block, resolve)))
    lines = []
    for number, row in enumerate(rows):
        texts = [
            _ESCAPED_PIPE.sub(
                r"\1|", " ".join(inline(block.pieces, resolve, flat=True) for block in cells.get(cell, ()))
            )
            for cell in row.iterchildren("td", "th")
        ]
        texts = [text.replace("|", "\\|") for text in texts] + [""] * (columns - len(texts))
        lines.append(f"| {' | '.join(texts)} |")
        if not number:
            lines.append(f"|{' --- |' * columns}")
    return "\n".join(lines)


def _cell_paragraph(block: Block, resolve: Resolve) -> str:
    level = heading_level(block)
    text = inline(block.pieces, resolve, flat=bool(level))
    return f"{'#' * min(level, 4)} {text}" if level else text
