"""Captions that a page prints twice: alt text and caption, or the caption with and without its credit."""

from __future__ import annotations

from site_builder.extraction.text.credits import LONGEST, credit_in, split_credit
from site_builder.extraction.text.lines import Draft, Mark
from site_builder.model import Image


def find_doubled(draft: Draft) -> Draft:
    """Lines of the story that stand there twice in a row: the page printed alt text and caption."""
    marks: dict[int, Mark] = {}
    images = list(draft.article.images)
    lines = draft.lines
    for index in draft.free(draft.title + 1, draft.end):
        line = lines[index]
        following = index + 1
        if index in marks or following >= len(lines) or following in draft.marks or line.words > LONGEST:
            continue
        twin = lines[following]
        text = twin.text
        if not (twin.key.startswith(line.key[:3]) or line.text.startswith(text[:3]) or text.endswith("...")):
            continue  # nearly all lines: neither begins with the other
        if line.words >= 3 and line.key == twin.key:
            caption, credit = split_credit(line.text, line.cues) or (line.text, "")
            _add(images, Image(caption=caption or line.text, credit=credit if caption else ""))
            marks |= {index: Mark("images", "caption"), following: Mark("removed", "caption printed twice")}
        elif line.words >= 4 and twin.words >= 4 and not twin.gap and _is_credited(line.text, twin.text):
            _add(images, Image(caption=twin.text, credit=credit_in(line.text[len(twin.text) :].strip(" /|.-–"))))
            marks |= {index: Mark("images", "caption"), following: Mark("removed", "caption printed twice")}
        elif (
            line.words >= 3
            and not twin.gap
            and (len(line.key) >= 0.5 * len(twin.key) or _is_credited(twin.text, line.text))
            and twin.key.startswith(line.key)
        ):
            _add(images, Image(caption=twin.text, alt=line.text))
            marks |= {index: Mark("images", "alt text before a caption"), following: Mark("images", "caption")}
    return draft.mark(marks).with_facts(images=tuple(images))


def _is_credited(longer: str, shorter: str) -> bool:
    """Whether a line is another one with a credit behind it."""
    rest = longer[len(shorter) :].strip()
    return (
        longer.startswith(shorter.rstrip("."))
        and len(rest.split()) <= 10
        and (rest[:1].isupper() or rest[:1] in tuple("/|(©"))
    )


def _add(images: list[Image], image: Image) -> None:
    if not any(image.caption == known.caption for known in images):
        images.append(image)
