"""Photo captions: lines with a credit, and what stands beside a line that is only one, given to `images`."""

from __future__ import annotations

import re
from collections import Counter

from site_builder import dates
from site_builder.extraction.text.credits import LONGEST, credit_behind, is_known, split_credit
from site_builder.extraction.text.lines import Draft, Line, Mark
from site_builder.model import Image
from site_builder.vocabulary.lexicon import phrases
from site_builder.vocabulary.names import byline, is_name
from site_builder.vocabulary.stamps import stamp

FAR = 20
"""How many lines above the story a credit is looked for."""
UNDER = 60
"""The same below the headline."""
LEAD = 12
"""How many lines of the story are asked again: it may have begun further down when they were first."""
PARAGRAPH = 2.0
"""Log odds over which a line below a credit is a paragraph, whatever stands above."""
SHORT = 8
"""Words of the shortest caption that ends on a day."""
DATED = 1.35
"""Log odds under which a sentence that ends on a day is a caption: five of five were, and none of four above it."""
WORDS = 40
"""Words of the longest line that a credit alone in its line may belong to."""

_HINTS = frozenset("/()[]（）:：©")
_SENTENCES = re.compile("[.!?…]")


def find_credited(draft: Draft) -> Draft:
    """Lines that carry a credit, near or in the story; an alt text right before one goes with it."""
    return _credited(draft, draft.free(max(0, draft.start - FAR), draft.end + 2))


def find_lead(draft: Draft) -> Draft:
    """The same between headline and story, which are known by now: a credit there may be of the line beside it."""
    if draft.title < 0:
        return draft
    far = min(draft.title + UNDER, draft.start + LEAD, draft.end)
    lines = draft.lines
    free = [index for index in draft.free(draft.title + 1, far) if not lines[index].prose]
    draft = _credited(draft, [index for index in free if not _HINTS.isdisjoint(lines[index].marks)])
    marks: dict[int, Mark] = {}
    images = list(draft.article.images)
    for index in range(max(0, min(draft.title, draft.start) - FAR), min(draft.title + UNDER, draft.end)):
        if index not in draft.marks or draft.marks[index].rule != "photo credit":
            continue
        found = split_credit(draft.lines[index].text, draft.lines[index].cues)
        image = Image(credit=found[1] if found else "")
        near = _beside(draft, index, marks) if image in images else -1
        if near >= 0:
            images[images.index(image)] = _captioned(draft, near, image.credit, marks)
    return draft.mark(marks).with_facts(images=tuple(images)) if marks else draft


def _credited(draft: Draft, free: list[int]) -> Draft:
    marks: dict[int, Mark] = {}
    images: list[Image] = []
    last = free[-1] if free else -1
    usual = _usual(draft, free)
    labels = phrases("captions", "labels")
    for index in free:
        line = draft.lines[index]
        if line.words > LONGEST or index in marks:
            continue
        found = split_credit(line.text, line.cues, usual, line.marks)
        if not found and index and draft.lines[index - 1].key in labels:
            found = line.text, ""  # `Image caption` in a line of its own
        if not found and draft.start <= index < draft.end and _ends_on_day(draft, index):
            found = line.text, ""
        if not found or (not found[0] and (index == last or index >= draft.end)):
            continue
        if line.sentences > 5 or _is_dated(line):  # asked last: nineteen of twenty lines have no credit
            continue
        if index >= draft.end - 1 and found[1] in usual and not is_known(found[1]):
            continue  # a story may be signed at its end
        caption, credit = found
        if not caption:
            _attach(draft, index, credit, images, marks)
            continue
        above = index - 1
        if above in marks and marks[above].rule == "caption" and draft.lines[above].key == line.key:
            marks[index] = Mark("removed", "caption printed twice")
            continue
        alt = _alt(draft, index, caption, marks)
        marks[index] = Mark("images", "caption")
        image = Image(caption=caption, credit=credit, alt=alt)
        if image not in images:
            images.append(image)
    return draft.mark(marks).with_facts(images=(*draft.article.images, *images)) if marks else draft


def _is_dated(line: Line) -> bool:
    """A date line, whose source is no photographer."""
    when = stamp(line.text) if line.marks and line.words <= 14 else None
    return bool(when and when.others <= 3)


def _ends_on_day(draft: Draft, index: int) -> bool:
    """`The mayor at the bridge in Westport, May 3, 2001.`, where it is not so surely the story's."""
    line = draft.lines[index]
    if not SHORT <= line.words <= WORDS or not line.text.rstrip(").")[-4:].isdecimal() or "@" in line.marks:
        return False
    if not draft.scores or draft.scores[index] >= DATED or line.sentences > 1 or line.text[0] == "(":
        return False
    day = next((one for one in dates.find(line.text) if one.end >= len(line.text) - 2), None)
    if day is None or not (day.date.day and day.date.year):
        return False
    return not line.text[: day.start].rstrip().endswith(("–", "-"))  # a name's or a quotation's day


def _usual(draft: Draft, free: list[int]) -> frozenset[str]:
    """What stands behind the last sentence of two or more of the page's lines: whoever takes its pictures."""
    counts: Counter[str] = Counter()
    for index in free:
        line = draft.lines[index]
        if line.closed or line.rule or not 4 <= line.words <= 60 or not _SENTENCES.search(line.marks):
            continue
        credit = credit_behind(line.text)
        if credit and not _is_dated(line):
            counts[credit] += 1
    return frozenset(credit for credit, count in counts.items() if count > 1)


def _alt(draft: Draft, index: int, caption: str, marks: dict[int, Mark]) -> str:
    """The line right above a caption when it is the same picture's alt text: in one block with it, or its beginning."""
    above = index - 1
    if above < 0 or above in marks or above in draft.marks or _is_dated(draft.lines[above]):
        return ""
    line, twin = draft.lines[above], draft.lines[index]
    begins = line.words >= 3 and caption.casefold().startswith(line.text.casefold().rstrip(". "))
    block = (
        line.gap
        and not twin.gap
        and draft.blocks
        and line.words <= 25
        and above != draft.title
        and not line.rule
        and not (line.prose and line.words > 14)
    )
    if line.text.casefold().strip(". ") == caption.casefold().strip(". "):
        marks[above] = Mark("removed", "caption printed twice")
        return ""
    if begins or (block and not is_name(line.text) and line.copies == 1):
        marks[above] = Mark("images", "alt text before a caption")
        return line.text
    return ""


def _attach(draft: Draft, index: int, credit: str, images: list[Image], marks: dict[int, Mark]) -> None:
    """A line that is only a credit belongs to the caption above it, in the same block or marked as a caption."""
    above = index - 1
    marks[index] = Mark("images", "photo credit")
    if above in marks and marks[above].place == "images" and images:
        if not images[-1].credit:
            images[-1] = Image(images[-1].src, images[-1].caption, credit, images[-1].alt)
        elif credit != images[-1].credit:
            marks[index] = Mark("removed", "photo credit printed twice")
        return
    near = _beside(draft, index, marks)
    images.append(_captioned(draft, near, credit, marks) if near >= 0 else Image(credit=credit))


def _captioned(draft: Draft, index: int, credit: str, marks: dict[int, Mark]) -> Image:
    """A picture whose caption is a line beside its credit; the line is marked, and its alt text or copy above it."""
    text = draft.lines[index].text
    marks[index] = Mark("images", "caption")
    return Image(caption=text, credit=credit, alt=_alt(draft, index, text, marks))


def _beside(draft: Draft, index: int, marks: dict[int, Mark]) -> int:
    """The line right above or below a credit that it belongs to; -1 if neither looks like a caption."""
    above, below = index - 1, index + 1
    lines = draft.lines
    free = [near for near in (above, below) if _may_be_caption(draft, near, marks)]
    if draft.scores and below in free:
        most = PARAGRAPH + (1.0 if draft.blocks and not lines[below].gap else 0.0)  # in one block with it
        if draft.scores[below] > most or lines[below].text[0] in "$£€(":
            free.remove(below)
    if draft.blocks:
        for near in free:
            joined = not lines[index].gap if near == above else not lines[below].gap
            twice = lines[near].copies > 1 and near < len(lines) - 1
            if joined and (lines[near].gap or twice or near == below):
                return near
    if not draft.scores or index >= draft.end or (draft.title < 0 and index < draft.start):
        return -1  # the line above may be the headline, which is not known yet
    if len(free) == 2 and not lines[above].closed and lines[above].words <= 6 and draft.scores[below] < 1:
        return below
    return min(free, key=lambda near: (draft.scores[near], near), default=-1)


def _may_be_caption(draft: Draft, index: int, marks: dict[int, Mark]) -> bool:
    if not 0 <= index < len(draft.lines) or index in draft.marks or index in marks or index == draft.title:
        return False
    line = draft.lines[index]
    if not 2 <= line.words <= WORDS or line.rule or line.text[0] == "©" or line.text[-1] in "?:":
        return False
    if line.text[0].isdecimal() or "|" in line.marks or (line.words == 2 and not line.closed and line.copies == 1):
        return False
    if (is_name(line.text) and line.copies == 1) or byline(line.text) or _is_dated(line):
        return False
    credited = split_credit(line.text, line.cues, marks=line.marks)
    return credited is None or bool(credited[0])
