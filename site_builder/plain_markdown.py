"""The direct road from Markdown to HTML, for the blocks that nearly all news is: plain paragraphs, headings, lists.

What may mean more than it says is left to Python-Markdown, which takes 1,600 µs for a 5.8 kB article where this takes
25. `tests/test_markup.py` holds the two equal, byte for byte.
"""

from __future__ import annotations

import html
import re

# Syntax that reaches over blank lines, so that blocks can't be rendered apart: fences, link definitions, indents. Each
# with a sign of it that is looked for first: one sign takes 0.3 µs in a text of 6 kB, two take 6.
_DOCUMENT_SYNTAX = (("`", "```"), ("~", "~~~"), ("]", "]:"), *((sign, sign) for sign in "\t\r\x02\x03"))
_INDENT = "\n    "
BLANK_LINES = re.compile(r"\n(?:[ ]*\n)+")
_BLANK_START = re.compile(r"(?:[ ]*\n)+")
# A block is plain if no character in it can mean anything. Cautious: what is handed over costs only time. The last
# seventeen are spaces that str.strip() and Markdown treat alike only sometimes. Looking for each by `in` (a C loop
# over the text) takes 6 µs an article; one regular expression over every character took 300. That loop looks for the
# lower byte first, which for two of them every letter has in its upper one: they are counted, in a third of the time.
_SPECIAL = "\\`<|\v\f\x1c\x1d\x1e\x1f"
_SPACES = "\x85\xa0\u1680\u2001\u2002\u2003\u2007\u2009\u200a\u2028\u2029\u202f\u205f"
_WIDE_SPACES = "\u2000\u3000"
ENTITY = re.compile(r"&(?=#?\w+;)")
_START = " #>+=~:-"
_NUMBERED = re.compile(r"\d+[.)]")
_INNER_LINE = re.compile(r"\n(?:[ #>+=~:-]|\d+[.)])| \n")
_HEADING = re.compile(r"(#{2,6}) (?! )([^\n]*[^\n# ])")
_ITEM = re.compile(r"- ([^ \n#>+=~:-][^\n]*)")
# What in a block with `*` or `[` is plain all the same: links to web addresses, and emphasis of words without any
# other sign. Where a sign is left over, the block is handed over.
_SIMPLE = re.compile(
    r"""(?<![!\]])\[([^\n\[\]*_]*[^\s\[\]*_])\]\((https?://[\w./~%?=#:+-]+)\)(?![(\[])"""
    r"""|\*\*([^\s*\[\]_](?:[^*\[\]_\n]*[^\s*\[\]_])?)\*\*(?!\*)"""
    r"""|\*([^\s*\[\]_](?:[^*\[\]_\n]*[^\s*\[\]_])?)\*(?!\*)""",
    re.ASCII,
)


def split(text: str) -> tuple[list[str], dict[int, str]]:
    """A text's HTML in parts, to be joined by line ends; and by its place among them, each run of Markdown that is
    not plain, for which there is an empty part.
    """
    blank = _BLANK_START.match(text)
    text = text[blank.end() :] if blank else text
    if text.startswith("    ") or any(sign in text and mark in text for sign, mark in _DOCUMENT_SYNTAX):
        return [""], {0: text}
    special = [character for character in (_SPECIAL if text.isascii() else _SPECIAL + _SPACES) if character in text]
    special += [] if text.isascii() else [character for character in _WIDE_SPACES if text.count(character)]
    inline = "*" in text or "[" in text or "_" in text
    signs = "&" in text or ">" in text
    stripped = text.rstrip("\n")
    if not (special or inline) and (whole := _paragraphs(stripped.split("\n"), signs)):
        return [whole], {}
    blocks = stripped.split("\n\n")
    if any(map(_is_loose, blocks)):
        if _INDENT in text:
            return [""], {0: text}
        blocks = BLANK_LINES.split(stripped)
    easy = not (special or inline or signs)
    parts: list[str] = []
    waiting: list[str] = []
    others: dict[int, str] = {}  # what Python-Markdown has to do, by its place in `parts`
    for i, block in enumerate(blocks):
        if easy and block[:1].isalpha() and "\n" not in block and block[-1] != " ":
            direct: str | None = f"<p>{block}</p>"
        else:
            direct = _plain_block(block, special, inline, signs)
        # What comes before may end in a list or quotation that this one goes on with, unless it is plain itself.
        if direct is None and not waiting and block[:2] in ("- ", "> "):
            beside = blocks[i - 1 : i] + blocks[i + 1 : i + 2]
            direct = None if any(map(_joins, beside)) else _plain_list(block, special, inline, signs)
        if direct is None:
            waiting.append(block)
        elif waiting:
            others[len(parts)] = "\n\n".join(waiting)
            parts += "", direct
            waiting.clear()
        else:
            parts.append(direct)
    if waiting:
        others[len(parts)] = "\n\n".join(waiting)
        parts.append("")
    return parts, others


def _paragraphs(lines: list[str], signs: bool) -> str | None:
    """The HTML of a text that is nothing but paragraphs of one line each, as most news is, or None if it may be more.

    By lines, since one sign is found in a tenth of the time of two: a text in blocks takes 16 µs to be taken apart alone.
    """
    shown = lines[::2]
    if any(lines[1::2]) or not all(shown):
        return None
    firsts, lasts = "".join([line[0] for line in shown]), "".join([line[-1] for line in shown])
    if " " in lasts or (not firsts.isalpha() and any(first in _START or first.isdigit() for first in firsts)):
        return None
    made = "</p>\n<p>".join(shown)
    if signs:
        if "&" in made and ENTITY.search(made):
            return None
        made = "</p>\n<p>".join([html.escape(line, quote=False) for line in shown])
    return f"<p>{made}</p>"


def _is_loose(block: str) -> bool:
    """Whether there is a space at an end of one of its lines, or there were more than two line ends beside it."""
    return not block or block[0] in " \n" or block[-1] == " " or ("\n" in block and (" \n" in block or "\n " in block))


def _plain_block(block: str, special: list[str], inline: bool, signs: bool) -> str | None:
    if not block:
        return ""
    if block[0] not in _START:
        shown = _plain(block, special, inline, signs)
        return f"<p>{shown}</p>" if shown is not None else None
    heading = _HEADING.fullmatch(block)
    shown = _plain(heading[2], special, inline, signs) if heading else None
    if heading and shown is not None:
        level = len(heading[1])
        return f"<h{level}>{shown}</h{level}>"
    return None


def _joins(block: str) -> bool:
    """Whether a block beside a list or quotation may be one with it."""
    return block[:1] in " *+->" or block[:1].isdigit()


def _plain_list(block: str, special: list[str], inline: bool, signs: bool) -> str | None:
    """A list or quotation that stands alone, each line of it plain."""
    if block[0] == ">":
        lines = block.split("\n")
        if not all(line.startswith("> ") and line[2:].strip() for line in lines):
            return None
        inner = "\n".join(line[2:] for line in lines)
        shown = _plain_block(inner, special, inline, signs) if inner[:1] not in _START else None
        return f"<blockquote>\n{shown}\n</blockquote>" if shown is not None else None
    items: list[str] = []
    for line in block.split("\n"):
        item = _ITEM.fullmatch(line)
        shown = _plain(item[1], special, inline, signs) if item else None
        if shown is None:
            return None
        items.append(f"<li>{shown}</li>\n")
    return f"<ul>\n{''.join(items)}</ul>"


def _plain(block: str, special: list[str], inline: bool, signs: bool) -> str | None:
    """The text of a block as HTML, or None where it may mean more than it says."""
    if (
        (special and any(character in block for character in special))
        or block[-1] == " "
        or (block[0].isdigit() and _NUMBERED.match(block))
        or ("&" in block and ENTITY.search(block))
        or ("\n" in block and _INNER_LINE.search(block))
    ):
        return None
    shown = html.escape(block, quote=False) if signs else block
    if not inline or not ("*" in block or "[" in block or "_" in block):
        return shown
    pieces: list[str] = []
    end = 0
    for match in _SIMPLE.finditer(shown):
        pieces += shown[end : match.start()], _simple(match)
        end = match.end()
    pieces.append(shown[end:])
    left = "".join(pieces[::2])
    return None if "*" in left or "[" in left or "_" in left else "".join(pieces)


def _simple(match: re.Match[str]) -> str:
    name, address, strong, emphasis = match.groups()
    if name:
        return f'<a href="{address}">{name}</a>'
    return f"<strong>{strong}</strong>" if strong else f"<em>{emphasis}</em>"
