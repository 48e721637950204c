"""How much a line above a story stands where a headline does: a draft and a line in, a number out.

For pages whose headline has other words than their title: place and neighbours must tell it then.
"""

from __future__ import annotations

from site_builder.extraction.text.lines import Draft, Line
from site_builder.vocabulary.lexicon import is_label, section_names
from site_builder.vocabulary.names import byline, is_byline_word
from site_builder.vocabulary.stamps import stamp

ENOUGH = 2.9
"""From here on a line is the headline: on the development pages seven times rightly, and once it was the deck."""
SHARED = 0.25
"""The share of its words that the story has too, without which no line is."""


def standing(draft: Draft, index: int, told: float, alike: float) -> float:
    """`told` is the share of the line's words that the story has, `alike` the one of those that the page title has."""
    line = draft.lines[index]
    below = draft.lines[index + 1 : index + 3]
    deck = any(other.prose or other.words >= 12 for other in below)
    headed = any(_dated(draft, at) or _written(draft, at) for at in range(index + 1, index + 5))
    tokens = line.key.split()
    score = 1.0 if 4 <= line.words <= 20 else 0.0 if line.words <= 24 else -0.5
    score += 1.2 * told + 1.5 * alike + 0.7 * deck + 0.8 * headed + 0.5 * _dated(draft, index - 1)
    score += min(1.0, max(0.0, (draft.scores[index] + 4) / 4)) if draft.scores else 0.0
    score -= 0.03 * max(0, draft.start - index)
    if _ends_sentence(line):
        score -= 1.0
    if below and not deck and not headed and all(other.words <= 3 for other in below):
        score -= 0.7  # a line of a menu
    if any(is_label(" ".join(tokens[:count])) for count in (1, 2, 3) if count < len(tokens)):
        score -= 1.5
    if all(is_label(token) or token in section_names() for token in tokens):
        score -= 2.0
    return score


def _ends_sentence(line: Line) -> bool:
    return line.closed and not line.text.rstrip("\"'”’»").endswith(("?", "!"))


def _dated(draft: Draft, index: int) -> bool:
    if not 0 <= index < len(draft.lines) or draft.lines[index].words > 24:
        return False
    when = stamp(draft.lines[index].text, draft.day_first)
    return bool(when and when.others <= 4)


def _written(draft: Draft, index: int) -> bool:
    if not 0 <= index < len(draft.lines) or draft.lines[index].words > 24:
        return False
    return bool(byline(draft.lines[index].text)) or is_byline_word(draft.lines[index].key)
