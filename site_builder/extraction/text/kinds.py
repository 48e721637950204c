"""What a line below a story is: credits, a biography, a notice, tags. Lines only; the tail's grammar is in `tail`."""

from __future__ import annotations

import re
from functools import lru_cache

from site_builder.extraction.text.lines import Draft, Line, Memory
from site_builder.vocabulary.lexicon import Holds, Openings, has_word, holds, openings, phrases
from site_builder.vocabulary.names import is_name, names_trade, opens_biography

_LABEL = re.compile(r"\W*([^:：]{2,30})[:：]\s*(\S.*)?$", re.DOTALL)


def kind_of(draft: Draft, index: int) -> str:
    """What a line of the tail is; empty if its words don't tell."""
    line = draft.lines[index]
    kind = _remembered.get(line.text)
    return (_remembered.keep(line.text, _by_words(line)) if kind is None else kind) or _about(draft, index)


_remembered: Memory[str] = Memory()


def _by_words(line: Line) -> str:
    """What a line is by itself."""
    _, text, key, _, words, _, _, _, closed, rule, _, _, cues, _, _ = line
    credits, credited, notices, headers, legal = _lists()
    opens, told = _may_tell()
    if words <= 70 and (key[:2] in opens or not cues.isdisjoint(told)):
        if credits.find(key) or credited.find(key, cues):
            return "credits"
        for kind, notice in notices:
            if notice.find(key) and _notice(key, kind):
                return kind
    if key in headers:
        return "author header"
    if rule == "copyright line" or "©" in text[:3] or (key.startswith("copyright") and words <= 12):
        return "copyright"
    if cues and legal.find(key, cues):
        return "legal"
    return "tags" if _tags(text, key, words, closed) is not None else ""


@lru_cache(maxsize=1)
def _lists() -> tuple[Openings, Holds, list[tuple[str, Openings]], frozenset[str], Holds]:
    """What a line is held against, by itself: asked for together, for a page below a story has a hundred lines."""
    return (
        openings("credits", "starts"),
        holds("credits", "holds"),
        [(kind, openings("notes", kind)) for kind in ("correction", "editor")],
        phrases("notes", "author_headers"),
        holds("legal", "holds"),
    )


@lru_cache(maxsize=1)
def _may_tell() -> tuple[frozenset[str], frozenset[str]]:
    """The first two signs of the openings in `_lists`, and the words of its phrases: few lines have one of them."""
    credits, credited, notices, _, legal = _lists()
    return credits.starts.union(*(notice.starts for _, notice in notices)), credited.words | legal.words


def _notice(key: str, kind: str) -> bool:
    """`Note` and `Correction` are notices with a colon behind them or alone; the longer openings always are."""
    opening = openings("notes", kind).find(key)
    return " " in opening or key == opening or key[len(opening) :].lstrip().startswith((":", "：", "-", "–", "—"))


def _about(draft: Draft, index: int) -> str:
    """`name` for the name above a biography, `biography` for one that starts with a name."""
    line = draft.lines[index]
    known = draft.article.authors
    if line.words >= 6 and index >= draft.start + 1:
        who = opens_biography(line.text, known)
        if who and (who in known or _is_headed(draft, index, who) or names_trade(line.text)):
            return "biography"
    if line.words <= 5 and " " in line.text:
        # Below the story, an author's name alone in its line is the box about her, whatever it says.
        named = line.text in known
        if not named:
            below = _below(draft, index)
            first, *_, last = line.text.split()
            named = below.startswith((line.text, last + " "))
            named = named or (first in below[:80] and has_word(below[:80], first) and names_trade(below))
        if named and is_name(line.text, caseless=line.text in known):  # asked last: so are all labels of a menu
            return "name"
    return ""


def _below(draft: Draft, index: int) -> str:
    """The first line of some length among the four below a line."""
    lines, marks = draft.lines, draft.marks
    for other in range(index + 1, min(index + 5, len(lines))):
        if lines[other].words >= 6 and other not in marks:
            return lines[other].text
    return ""


def _is_headed(draft: Draft, index: int, who: str) -> bool:
    """A name, a placeholder for a portrait or `About the author` stands within three lines above."""
    for above in range(max(index - 3, 0), index):
        line = draft.lines[above]
        if line.text == who or line.key in phrases("notes", "author_headers") or line.rule == "image placeholder":
            return True
    return bool(holds("notes", "biography_cues").find(draft.lines[index].key, draft.lines[index].tokens))


def tags_in(line: Line) -> tuple[str, ...] | None:
    """The tags of a `Tags: a, b` line, none for a line that is only the label; None for other lines."""
    return _tags(line.text, line.key, line.words, line.closed)


def _tags(text: str, key: str, words: int, closed: bool) -> tuple[str, ...] | None:
    if words > 60:
        return None
    if key in phrases("notes", "tags"):
        return ()
    match = _LABEL.fullmatch(text) if ":" in text or "：" in text else None
    if not match or match[1].strip().casefold() not in phrases("notes", "tags") or (closed and words > 20):
        return None
    values = [value.strip(" #.") for value in re.split(r"\s*[,،;|·、•]\s*|\s+#", match[2] or "")]
    return tuple(value for value in values if value)
