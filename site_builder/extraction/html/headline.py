"""The article's title: what the page's headings, JSON-LD, Open Graph and `<title>` agree on, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from site_builder.extraction.html.blocks import HEADINGS, Block
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.statements import Statements, plain
from site_builder.vocabulary.lexicon import section_names

_CUTS = re.compile(r"\s+[-–—|·•*:»«>/]+\s+|\s*[｜|：]\s*|\s+--+\s+|--+")
_KICKER = re.compile(r"(?<=\S)\s+[-–—|·]\s+")
_WORD = re.compile(r"\w+")
LONGEST = 400
LABEL = 4
"""Words behind a headline in its own heading that the page's head leaves out (`/ Dec 2025`)."""
AGREES = 0.6
"""The share of words that two titles of one article have in common, at least; kickers and shortened forms allowed."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title, and the numbers of the blocks that show it; `source` says where it was read."""

    text: str
    blocks: tuple[int, ...] = ()
    source: str = ""


def find_title(root: Element, blocks: tuple[Block, ...], said: Statements, first: int) -> Title:
    """The title of a page; `first` is the index of its first body block. Empty where nothing is like one."""
    site = site_name(said)
    headed = [(index, block) for index, block in enumerate(blocks) if _level(block)]
    shown = {tuple(_WORD.findall(block.text.casefold())) for _, block in headed}
    stated = [
        cut
        for text in (
            plain(str(said.article.get("headline") or "")),
            *(plain(text) for text in said.all("og:title", "twitter:title", "headline", "parsely-title", "dc.title")),
            *(plain(text) for text in said.all("citation_title", "sailthru.title", "title")),
        )
        if len(text) <= LONGEST and (cut := without_site(text, site, shown))
    ]
    named = next((" ".join((element.text or "").split()) for element in root.iter("title")), "")
    if named and len(named) <= LONGEST:
        stated.append(without_site(named, site, shown))
    headings = [(index, block) for index, block in headed if _is_headline(block, index, first)]
    best, best_score, at = None, 0.0, 0
    for index, block in headings:
        score = max((agreement(block.text, one) for one in stated), default=0.0)
        score += 0.2 * (_level(block) == 1) + 0.05 * (index < first) - 0.05 * (block.linked > 0.5)
        if score > best_score:
            best, best_score, at = block, score, index
    if best is not None and best_score >= AGREES:
        return _with_kicker(_shown(best, stated, headed), blocks, at, stated)
    if stated:
        return Title(stated[0], _copies(stated[0], headed), "the page's head")
    for level in (1, 2):
        for index, block in headings:
            if _level(block) == level and index <= max(first, 0) and block.text != site:
                return Title(block.text, _copies(block.text, headed), f"h{level}")
    return Title("")


def likely_heading(blocks: tuple[Block, ...], stated: tuple[str, ...]) -> tuple[int, list[int]]:
    """The index of the heading that is most like what the page's head states, else of the first `h1`, -1 for none; and
    of each block how many other `h1` stand between that heading and it."""
    levels = [_level(block) for block in blocks]
    best, score = -1, 0.0
    for index, level in enumerate(levels):
        if level:
            found = max((agreement(blocks[index].text, one) for one in stated), default=0.0) + 0.2 * (level == 1)
            if found >= AGREES and found > score:
                best, score = index, found
    if best < 0 and 1 in levels:
        best = levels.index(1)
    own = _WORD.findall(blocks[best].text.casefold()) if best >= 0 else []
    counts, count = [], 0
    for index, level in enumerate(levels):
        count += level == 1 and index > best >= 0 and _WORD.findall(blocks[index].text.casefold()) != own
        counts.append(count)
    return best, counts


def _shown(best: Block, stated: list[str], headed: list[tuple[int, Block]]) -> Title:
    """The heading's text; of one with a kicker before it or a label behind it, what the page's head says word for word."""
    text = best.text
    for one in stated:
        words, whole = _WORD.findall(one.casefold()), _WORD.findall(text.casefold())
        start = text.casefold().rfind(one.casefold()) if 3 <= len(words) < len(whole) else -1
        if start > 0 and whole[-len(words) :] == words and re.search(r"[-–—|·]\s*$|\s:\s*$", text[:start]):
            text = text[start:]
            break
        if (cut := _KICKER.search(text)) and one.endswith(headline := text[cut.end() :]):
            kicker = one[: -len(headline)]  # another one than the heading's
            if len(_WORD.findall(headline)) > 3 and kicker.endswith(": ") and text[: cut.start()] not in kicker:
                text = headline
                break
        if one != text and one.replace(": ", " ") == text:
            text = one  # the page's own mark between kicker and headline is a new line
            break
        if not start and len(words) + LABEL >= len(whole) and re.match(r"\s+[|/·]\s", text[len(one) :]):
            text = text[: len(one)]
            break
    return Title(
        _without_label(text), tuple(dict.fromkeys((best.number, *_copies(text, headed)))), f"h{_level(best) or 1}"
    )


def _without_label(text: str) -> str:
    """A title without the section's name that many papers put behind a bar (`Bridge to close | Opinion`)."""
    title, bar, label = text.rpartition(" | ")
    return title if bar and label.strip().casefold() in section_names() and len(title.split()) > 1 else text


def _with_kicker(title: Title, blocks: tuple[Block, ...], at: int, stated: list[str]) -> Title:
    """The title with the line beside the heading, where the page's head joins the two by a colon and never parts them."""
    own = _WORD.findall(title.text.casefold())
    for one in stated if all(_WORD.findall(one.casefold()) != own for one in stated) else ():
        words = _WORD.findall(one.casefold())
        if ":" not in one or not own or own not in (words[-len(own) :], words[: len(own)]) or own == words:
            continue
        kicker = words[: -len(own)] if words[-len(own) :] == own else words[len(own) :]
        for index in (at - 1, at + 1):
            if 0 <= index < len(blocks) and _WORD.findall(blocks[index].text.casefold()) in (kicker, words):
                return Title(one, (*title.blocks, blocks[index].number), title.source)
    return title


def _copies(text: str, headed: list[tuple[int, Block]]) -> tuple[int, ...]:
    """The headings with exactly these words: a headline that a page repeats is one."""
    key = _WORD.findall(text.casefold())
    return tuple(block.number for _, block in headed if _WORD.findall(block.text.casefold()) == key)


def _level(block: Block) -> int:
    """The level of the heading that a block stands in, 0 for none."""
    node, steps = block.element, 0
    while node is not None and steps < 3:
        if node.tag in HEADINGS:
            return HEADINGS[node.tag]
        if node.get("itemprop") == "headline":
            return 1
        node, steps = node.getparent(), steps + 1
    return 0


def _is_headline(block: Block, index: int, first: int) -> bool:
    return 1 <= block.words <= 60 and (index <= first + 3 or _level(block) == 1)


def agreement(one: str, other: str) -> float:
    """The share of words that two titles have in common, of the longer one; 1.0 for the same words."""
    left, right = _WORD.findall(one.casefold()), _WORD.findall(other.casefold())
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    if len(left) < 4 and len(right) < 4 and (one.casefold() in other.casefold() or other.casefold() in one.casefold()):
        return 0.9 * min(len(one), len(other)) / max(len(one), len(other))
    common = len(set(left) & set(right))
    return 0.97 * common / max(len(set(left)), len(set(right)))


def site_name(said: Statements) -> str:
    """What the page calls its site."""
    publisher = said.article.get("publisher")
    named = publisher.get("name") if isinstance(publisher, dict) else publisher if isinstance(publisher, str) else ""
    names = [plain(named)] if isinstance(named, str) and named and not named.startswith("http") else []
    names = [
        *said.all("og:site_name"),
        *names,
        *said.all("application-name", "citation_journal_title", "dc.publisher", "publisher"),
    ]
    return next((plain(name) for name in names if not name.startswith(("http", "@")) and len(name) <= 80), "")


def without_site(text: str, site: str, shown: AbstractSet[tuple[str, ...]]) -> str:
    """A title without the site's name and what else its template puts behind or before it.

    `shown` are the words of the page's headings.
    A heading that is the beginning of the text proves where it ends; else the known name does; the rest stays.
    """
    parts = [(match.start(), match.end()) for match in _CUTS.finditer(text)]
    if not parts:
        return text
    for start, end in parts:
        for piece in (text[:start], text[end:]):
            if tuple(_WORD.findall(piece.casefold())) in shown and len(_WORD.findall(piece)) > 1:
                return piece.strip()
    key = "".join(_WORD.findall(site.casefold()))
    if key:
        for start, end in reversed(parts):
            if _same_name("".join(_WORD.findall(text[end:].casefold())), key):
                return text[:start].strip()
        start, end = parts[0]
        if _same_name("".join(_WORD.findall(text[:start].casefold())), key):
            return text[end:].strip()
    return text


def _same_name(one: str, key: str) -> bool:
    return bool(one) and (one == key or (len(one) >= 3 and (one in key or (one.startswith(key) and len(key) >= 3))))
