"""WordPress's block editor: the comments that mark blocks (`<!-- wp:image {"id":7} -->`) go, what they hold stays.

Blocks that live in their comment alone are found again where that is possible: reusable blocks, embeds, covers.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

MARK = "<!-- wp:"
_BLOCK = re.compile(r"\s*(/?)wp:([a-z][a-z0-9_/-]{0,100})\s*(\{.*\})?\s*(/?)\s*", re.DOTALL)
_EMBED = re.compile(
    r"(?:<figure\b[^<>]*>\s*)?<div class=\"wp-block-embed__wrapper\">\s*(https?://[^\s<>\"]+)\s*</div>"
    r"(?:\s*<figcaption\b[^<>]*>(.{0,2000}?)</figcaption>)?(?:\s*</figure>)?",
    re.DOTALL,
)
_BUTTON = re.compile(r"<a\b[^<>]*\bclass=\"wp-block-file__button\b[^<>]*>[^<>]{0,200}</a>")
_MAX_INSIDE = 4


def unwrap(
    text: str, reusable: Callable[[str], str], loose: Callable[[str], str], depth: int = 0
) -> tuple[str, tuple[str, ...]]:
    """A text of blocks as plain HTML, and in words what had no content of its own.

    `reusable` gives the text of a shared block by its id; `loose` makes paragraphs of what stands outside of blocks.
    """
    out: list[str] = []
    told: list[str] = []
    at = level = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        piece = text[at:start]
        match = _BLOCK.fullmatch(text[start + 4 : end])
        at = end + 3
        if match is None:
            out.append(_content(piece) if level else _loose(piece, loose))
            continue
        if "wp-block-file__button" in piece and _BUTTON.search(piece):
            piece = _BUTTON.sub("", piece)
            told.append("button taken out that led to the file before it")
        out.append(_content(piece) if level else _loose(piece, loose))
        name = match[2].removeprefix("core/")
        given = _attributes(match[3])
        if match[1]:
            level = max(0, level - 1)
        elif match[4]:
            out.append(_void(name, given, reusable, loose, depth, told))
        else:
            level += 1
            address = given.get("url")
            if name == "cover" and isinstance(address, str) and text.find(html.escape(address), at) < 0:
                out.append(f'<figure><img src="{html.escape(address)}" alt="" /></figure>')
    rest = text[at:]
    out.append(_content(rest) if level else _loose(rest, loose))
    return "".join(out).strip(), tuple(told)


def _loose(text: str, loose: Callable[[str], str]) -> str:
    return loose(text) + "\n" if text.strip() else "\n"


def _content(text: str) -> str:
    """A block's HTML, an embedded page as a link in the text: a figure without a picture would be a caption."""
    return _EMBED.sub(_link, text) if "wp-block-embed__wrapper" in text else text


def _link(match: re.Match[str]) -> str:
    words = f"\n<p>{match[2].strip()}</p>" if match[2] and match[2].strip() else ""
    return f'<p><a href="{match[1]}">{match[1]}</a></p>{words}'


def _attributes(text: str | None) -> dict[str, Any]:
    try:
        given = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


_SILENT = {"more", "nextpage", "separator", "spacer", "post-title", "post-date", "post-content", "post-author"}


def _void(
    name: str,
    given: dict[str, Any],
    reusable: Callable[[str], str],
    loose: Callable[[str], str],
    depth: int,
    told: list[str],
) -> str:
    """What stands for a block without content in the text."""
    if name == "block":
        shared = reusable(str(given.get("ref", ""))) if depth < _MAX_INSIDE else ""
        if not shared:
            told.append(f"shared block {given.get('ref', '')} is not in the export")
            return ""
        inner, more = unwrap(shared, reusable, loose, depth + 1) if MARK in shared else (loose(shared), ())
        told.extend(more)
        return inner
    address = given.get("url")
    if isinstance(address, str) and re.fullmatch(r"https?://[^\s<>\"]+", address):
        return f'<p><a href="{html.escape(address)}">{html.escape(address)}</a></p>'
    if name not in _SILENT:
        told.append(f"block '{name}' holds no text: WordPress made it anew for each reader")
    return ""
