"""Lines that belong to the page and not to the story: phrases of `wording/words.toml`, and a few shapes.

Soft phrases (a story may have such a subhead) are taken later, where the story's ends are known.
"""

from __future__ import annotations

import re

from site_builder.extraction.text.lines import COPYRIGHT, Draft, Line, Mark, Memory
from site_builder.vocabulary.lexicon import furniture, is_label, phrases, section_names

_COUNT = re.compile(
    r"[(\[]?(?P<number>\d+(?:[.,]\d+)?(?:\s?[km](?=\W|$))?)[)\]]?\s*(?P<what>[^\d]{0,24}?)[)\].]?", re.IGNORECASE
)
_WEATHER = re.compile(r"[-−–]?\d{1,3}\s?°\s?[CF]?\b.{0,40}", re.IGNORECASE)
LONGEST = 40
"""Words of the longest line that a shape condemns."""
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d{1,2}[.)]\s+")
_URL = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w{2,}|@\w+|#\w+", re.IGNORECASE)
_MENU = re.compile(r"\s*[|·•‧／]\s*|\s{2,}")
_BETWEEN = re.compile(r"[|·•‧／]")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright\b).{0,12}(?:19|20)\d\d|^(?:©|\(c\)|copyright\b).*\b(?:rights|rechte|droits|derechos|direitos|diritti|rechten|права)\b|[@©]\s*(?:19|20)\d\d",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:window\.|function\s*\(|var\s+\w+\s*=|\{\s*\"|<\s*/?(?:script|div|iframe)|document\.|\.css\b).*", re.DOTALL
)


def mark_furniture(draft: Draft) -> Draft:
    """Every line that is furniture wherever it stands, marked with its rule."""
    marks: dict[int, Mark] = {}
    for index, line in enumerate(draft.lines):
        if index in draft.marks:
            continue
        if line.rule == "copyright line" and line.words > COPYRIGHT:
            continue
        if line.rule and not line.soft:
            rule = line.rule
        elif line.marks or "opyr" in line.key or line.words > LONGEST or is_spaced(line):
            rule = _rule_of(line)
        else:
            continue  # more than half of a crawl's lines: no shape has nothing but letters
        if rule:
            marks[index] = Mark("removed", rule)
    return draft.mark(_with_neighbours(draft, marks))


def _rule_of(line: Line) -> str:
    """The rule that a line's shape falls under; long lines are no furniture but for program code."""
    if line.words > LONGEST:
        return "program code" if _is_code(line.text) else ""
    if len(line.parts) > 1:
        return _numbered(line) or _shape(line)
    raw = line.parts[0][1]
    rule = _remembered.get(raw)
    return _remembered.keep(raw, _numbered(line) or _shape(line)) if rule is None else rule


_remembered: Memory[str] = Memory()


def _numbered(line: Line) -> str:
    """The rule of an entry in a numbered list of skip links or menu entries."""
    match = _NUMBER.match(line.key) if line.key[:1].isdigit() and line.words <= 12 else None
    if not match:
        return ""
    key = line.key[match.end() :]
    rule, soft = furniture(key, line.words, line.tokens)
    return "" if soft else rule


def _shape(line: Line) -> str:
    text = line.text
    marks = line.marks
    if (not marks or marks.isalpha()) and line.words <= LONGEST and not is_spaced(line):
        # Three of four lines of menus: only a copyright line's shape has nothing but letters.
        return "copyright line" if line.words <= 24 and _has_copyright(line) else ""
    if not any(map(str.isalnum, text)):
        return "decoration"
    digits = bool(_DIGIT.search(marks))
    if line.words <= 5 and digits:
        count = _COUNT.fullmatch(text)
        if count and count["what"].strip(" .").casefold() in phrases("sources", "counts"):
            return "counter"
    if line.words <= 8 and digits and _WEATHER.fullmatch(text):
        return "weather line"
    if line.words <= 2 and _URL.fullmatch(text):
        return "web address or handle"
    if line.words <= 40 and is_menu(line):
        return "site menu"
    if line.words <= 24 and _has_copyright(line):
        return "copyright line"
    return "program code" if _is_code(text) else ""


def _is_code(text: str) -> bool:
    return text[0] in "wfv{<d." and bool(_CODE.match(text))


def _has_copyright(line: Line) -> bool:
    # Few lines have one of these signs or the middle of the word, and the search costs as much as all other shapes.
    text, marks = line.text, line.marks
    likely = "opyr" in line.key or "©" in marks or "@" in marks or "(c" in text or "(C" in text
    return likely and bool(_COPYRIGHT.search(text))


def is_spaced(line: Line) -> bool:
    """Whether its words had more than one space between them, as entries of a menu have."""
    return line.parts[0][1] != line.text


def is_menu(line: Line) -> bool:
    """Three or more short entries in one line: `Home | News | Business`, `About  Contact  Privacy`."""
    if line.closed:
        return False
    raw = line.parts[0][1]
    if not (is_spaced(line) or _BETWEEN.search(line.marks)):
        return False  # one entry
    entries = [entry.strip() for entry in _MENU.split(raw) if entry.strip()]
    if (
        len(entries) < 2
        or any(len(entry.split()) > 5 for entry in entries)
        or any(len(entry) > 40 for entry in entries)
    ):
        return False
    known = sum(entry.casefold() in section_names() or is_label(entry.casefold()) for entry in entries)
    return known * 2 >= len(entries) if len(entries) > 2 else known == 2


def _with_neighbours(draft: Draft, marks: dict[int, Mark]) -> dict[int, Mark]:
    """A short line in a block of which all the rest is furniture goes with it: the heading of a newsletter box."""
    found = dict(marks)
    lines = draft.lines
    start = 0
    for index in range(1, len(lines) + 1):
        if index < len(lines) and not lines[index].gap:
            continue
        block = range(start, index)
        start = index
        if not 3 <= len(block) <= 10:
            continue
        rest = [inside for inside in block if inside not in marks and inside not in draft.marks]
        if len(rest) == 1 and rest[0] == block[0]:
            line = lines[rest[0]]
            rule = next((marks[inside].rule for inside in block if inside in marks), "")
            if line.words <= 8 and not line.prose and "prompt" in rule:
                found[rest[0]] = Mark("removed", rule)
    return found
