"""Photo captions: lines with a credit, lines printed twice, and alt texts before a caption, given to `images`."""

from __future__ import annotations

import re
from collections import Counter

from site_builder.extraction.text.lines import Draft, Line, Mark, marks_of
from site_builder.model import Image
from site_builder.vocabulary.lexicon import holds, openings, phrases, tokens_of
from site_builder.vocabulary.names import is_name
from site_builder.vocabulary.stamps import stamp

LONGEST = 90
"""A caption has fewer words than this; longer lines are the story, whatever they end with."""

END = 130
"""How far from a line's end, in characters, a credit after the caption is looked for."""

_PARENTHESIS = re.compile(r"^(?P<caption>.*?)\s*[(\[（](?P<credit>[^()\[\]（）]{2,90})[)\]）]\.?$")
_LABELS = (
    r"photo(?:graph|s)?(?: credit| courtesy(?: of)?| by)?|pictures?|images?(?: credit| source| by)?|credits?"
    r"|fotos?(?: de| di| von)?|bild(?:er|rechte|quelle|nachweis)?|imagen|imagem|immagine|cr[ée]dits?(?: photo)?"
    r"|fuente|fotograf[ií]a|beeld|фото|світлина|صورة|الصورة|تصوير|zdjęcie|fot\.|kuva|illustration|grafik|quelle"
    r"|source|courtesy of"
)
_BY = r"(?:photograph|photo|picture|foto|bild)s? (?:by|von|di|de|courtesy of) "
_SIDES = (
    r"l|r|m|c|left|right|cent(?:er|re)|links|rechts|mitte|li\.?(?: nach re\.?)?|à gauche|à droite|izquierda|derecha"
    r"|sinistra|destra|слева|справа|ліворуч|праворуч|second from (?:left|right)"
)
_LABELLED = re.compile(  # the sign before the label is part of it: `re` skips to it, but not to what stands behind one
    rf"[.!?…\"”»)\s](?:\b(?:{_LABELS})\s*[:：/]\s*|©\s*|{_BY})(?P<credit>[^:]{{2,90}})$",
    re.IGNORECASE,
)
_ONLY = re.compile(
    rf"^(?:(?:{_LABELS})\s*[:：/]\s*|©\s*(?!\d{{4}})|{_BY})(?P<credit>.{{2,110}})$",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"^(?P<caption>.*(?<!\b[A-Z])[.!?…][\"”»]?)\s*[|]?\s*(?P<credit>[^\W\d_a-z](?:[^.!?…]|(?<=\b[A-Z])\.){1,70})\.?$"
)
_GLUED = re.compile(
    r"(?<=[a-zß-öø-ÿ\d.!?)\"”»])(?:Bild|Foto|Photo|Image|Imagen|Credit|Crédit|Quelle)s?\s?:\s*(?P<credit>\S.{1,240})$"
)
_LABEL = re.compile("[BFPICQ](?:ild|oto|hoto|mage|redit|rédit|uelle)")
_SLASHED = re.compile(
    r"(?<=\S)\s(?P<credit>(?:[@A-ZÀ-Þ][\w.’'-]*\s)?[@A-ZÀ-Þ][\w.’'-]*\s?/\s?(?:via\s)?[A-ZÀ-Þ][\w.’'-]*(?:\s[A-ZÀ-Þ][\w.’'-]*){0,2})$"
)
_SENTENCES = re.compile("[.!?…]")
_CREDITED = re.compile("[.!?…/)]")
_TWICE = re.compile(r"(?<=\))\s+(?P<credit>[A-ZÀ-Þ][^.!?()]{1,30})$")
_POSITION = re.compile(rf"\((?:von )?(?:{_SIDES})\.?[,)]", re.IGNORECASE)
_POSITIONED = re.compile(r"pictured\b|from left\b", re.IGNORECASE)
_GENERIC = re.compile(r"\s+(?:photo|photos|foto|image|handout)$|/(?:handout|file|pool)$", re.IGNORECASE)
_KEPT = re.compile(r"^(?:staff|file|courtesy|archive|handout|pool|contributed|supplied|submitted)\b", re.IGNORECASE)
_ARTWORK = re.compile(
    r"\b(?:photo|foto|image|bild|picture|imagen|фото|صورة|الصورة|graphic|illustration|photograph|crédit|credit"
    r"|courtesy|handout)\b",
    re.IGNORECASE,
)


def find_credited(draft: Draft) -> Draft:
    """Lines that carry a credit, near or in the story; an alt text right before one goes with it."""
    marks: dict[int, Mark] = {}
    images: list[Image] = []
    first = max(0, draft.start - 20)
    free = draft.free(first, draft.end + 2)
    last = free[-1] if free else -1
    usual = _usual(draft, free)
    for index in free:
        line = draft.lines[index]
        if line.words > LONGEST or index in marks:
            continue
        found = split_credit(line.text, line.cues, usual, line.marks)
        if not found or (not found[0] and (index == last or index >= draft.end)):
            continue
        if line.sentences > 5 or _is_dated(line):  # asked last: nineteen of twenty lines have no credit
            continue
        if index >= draft.end - 1 and found[1] in usual and not _known(found[1]):
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
    return draft.mark(marks).with_facts(images=(*draft.article.images, *images))


def _is_dated(line: Line) -> bool:
    """A date line, whose source is no photographer."""
    when = stamp(line.text) if line.marks and line.words <= 14 else None
    return bool(when and when.others <= 3)


def _usual(draft: Draft, free: list[int]) -> frozenset[str]:
    """What stands behind the last sentence of two or more of the page's lines: whoever takes its pictures."""
    counts: Counter[str] = Counter()
    for index in free:
        line = draft.lines[index]
        if line.closed or line.rule or not 4 <= line.words <= 60 or not _SENTENCES.search(line.marks):
            continue
        match = _TRAILING.match(line.text[-END:])
        if match and len(match["credit"].split()) <= 6 and _is_capitalised(match["credit"]) and not _is_dated(line):
            counts[match["credit"].strip()] += len(match["credit"]) > 2
    return frozenset(credit for credit, count in counts.items() if count > 1)


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
            _add(images, Image(caption=twin.text, credit=_credit(line.text[len(twin.text) :].strip(" /|.-–"))))
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
    lines = draft.lines
    marks[index] = Mark("images", "photo credit")
    if above in marks and marks[above].place == "images" and images:
        if not images[-1].credit:
            images[-1] = Image(images[-1].src, images[-1].caption, credit, images[-1].alt)
        elif credit != images[-1].credit:
            marks[index] = Mark("removed", "photo credit printed twice")
        return
    below = index + 1
    for near in (above, below):
        if near < 0 or near >= len(lines) or near in draft.marks or near in marks or near == draft.title:
            continue
        joined = not lines[index].gap if near == above else not lines[below].gap
        twice = lines[near].copies > 1 and near < len(lines) - 1
        if draft.blocks and joined and lines[near].words <= 60 and (lines[near].gap or twice or near == below):
            marks[near] = Mark("images", "caption")
            images.append(Image(caption=lines[near].text, credit=credit))
            return
    images.append(Image(credit=credit))


def split_credit(
    text: str, tokens: frozenset[str], usual: frozenset[str] = frozenset(), marks: str | None = None
) -> tuple[str, str] | None:
    """A line's caption and credit, either may be empty; None for a line that nothing shows to be a caption.

    `tokens` are its words, or those that lists have. `usual` are the credits that are known of the page's other captions. `marks` are those of the line, if known: nearly
    all lines lack what most patterns begin with.
    """
    if marks is None:
        marks = marks_of(text)
    cue = _opening_cue(text, marks)
    if cue:
        return cue
    labelled = ":" in marks or "：" in marks or "©" in marks
    only = _ONLY.match(text) if labelled or "/" in marks or text[0] in "pPfFbB" else None
    if only and len(only["credit"].split()) <= 12:
        return "", _credit(only["credit"])
    if (")" in marks or "]" in marks or "）" in marks) and text.rstrip(".")[-1:] in (")", "]", "）"):
        match = _PARENTHESIS.match(text)
        if match and _is_credit(match["credit"], after=match["caption"]):
            return match["caption"].strip(), _credit(match["credit"])
    glued = _GLUED.search(text) if ":" in marks and _LABEL.search(text) else None
    if glued and glued.start() > 12:
        return text[: glued.start()].strip(), _credit(glued["credit"])
    found = _ending_credit(text, tokens, labelled)
    if found or text[-1] in ".!?…" or not _CREDITED.search(marks):
        return found
    return _bare_credit(text, usual)


def _bare_credit(text: str, usual: frozenset[str]) -> tuple[str, str] | None:
    """Credits without a bracket or a label: behind one in brackets, with a slash, or as on other lines of the page."""
    cut = max(0, len(text) - END)
    end = text[cut:]
    match = _TWICE.search(end) if ")" in end else None
    if match and _known(match["credit"]):
        rest = text[: cut + match.start()]
        return split_credit(rest, tokens_of(rest.casefold()))
    match = _SLASHED.search(end) if "/" in end else None
    if match and _known(match["credit"]) and cut + match.start() >= 12:
        return text[: cut + match.start()].strip(), _credit(match["credit"])
    match = _TRAILING.match(end) if _SENTENCES.search(end) else None
    if match and match["caption"].count(" ") < 2:
        return None
    if match and (match["credit"].strip() in usual or _is_by_somebody(match["credit"])):
        return text[: cut + match.start("credit")].strip(), _credit(match["credit"])
    return None


def _is_by_somebody(credit: str) -> bool:
    """`Ann Lee for the Post`, `Bo Ek via Orbit`."""
    name, _, house = credit.partition(" for ") if " for " in credit else credit.partition(" via ")
    return bool(house) and is_name(name) and _is_capitalised(house) and len(house.split()) <= 5


def _ending_credit(text: str, tokens: frozenset[str], labelled: bool) -> tuple[str, str] | None:
    """`Caption. Photo: NAME` and `Caption. NAME/Agency`, looked for in the line's last `END` characters."""
    cut = max(0, len(text) - END)
    end = text[cut:]
    labelled = (labelled and (":" in end or "：" in end or "©" in end)) or _may_say_by(end)
    match = _LABELLED.search(end) if labelled else None
    before = cut + match.start() + 1 if match else 0
    if match and not any(map(str.isalpha, text[:before])):
        return None  # a numbered list's entry
    if match and len(match["credit"].split()) <= 10 and _looks_like_source(match["credit"]):
        return text[:before].strip(), _credit(match["credit"])
    if not tokens or not holds("captions", "credits").may_be_in(tokens) or not _known(end):
        return None
    match = _TRAILING.match(end)
    if match and len(match["credit"].split()) <= 8 and _known(match["credit"]) and _is_capitalised(match["credit"]):
        return text[: cut + match.start("credit")].strip(), _credit(match["credit"])
    if len(text.split()) <= 7 and "/" in text and text[0].isupper():
        return "", _credit(text)
    return None


def _may_say_by(end: str) -> bool:
    """Whether `_LABELLED` may find `picture by` and its like: most sentences with a `by` have none of its words."""
    if not (" by " in end or " von " in end):
        return False
    if "/" in end or not end.isascii():  # behind a label; and `re` takes `bıld` for `bild`
        return True
    small = end.lower()
    return "photo" in small or "picture" in small or "foto" in small or "bild" in small


def _opening_cue(text: str, marks: str) -> tuple[str, str] | None:
    """`FILE PHOTO: ...` and its like in other languages."""
    archive = openings("captions", "archive")
    if text[:2].casefold()[:2] in archive.starts and archive.find(text[:40].casefold()):
        return text, ""
    if text[0] in "pPfF" and _POSITIONED.match(text) and text.count(" ") < 45:
        return text, ""
    return (text, "") if "(" in marks and text.count(" ") < 45 and _POSITION.search(text) else None


def _looks_like_source(credit: str) -> bool:
    """A label in the middle of a sentence is no label: what follows is to look like a name or an agency."""
    first = credit.strip()[:1]
    return (
        bool(first)
        and not first.islower()
        and "?" not in credit
        and "://" not in credit
        and not (credit.rstrip().endswith((".", "!", "?")) and len(credit.split()) > 6)
    )


def _is_credit(credit: str, after: str) -> bool:
    if len(credit.split()) > 9 or re.fullmatch(r"[\d\s.,:/–-]+", credit) or "://" in credit:
        return False
    if _ARTWORK.search(credit):
        return True
    if not after.rstrip("\"'”’»").endswith((".", "!", "?", "…", "؟")):
        return _known(credit) and "/" in credit
    if _known(credit):
        return True
    words = credit.split()
    named = len(words) <= 4 and (len(words) > 1 or len(credit) > 3)
    return named and _is_capitalised(credit) and not any(map(str.isdigit, credit))


def _is_capitalised(credit: str) -> bool:
    """Every word with a capital, a caseless script or a particle, as in names."""
    small = ("via", "de", "for", "von", "of", "and", "für", "photo", "the", "to", "file", "pool", "handout")
    return all(word[:1] == word[:1].upper() or word.casefold() in small for word in credit.split())


def _known(credit: str) -> bool:
    """Whether it names an agency or a collection of pictures."""
    key = credit.casefold()
    return bool(holds("captions", "credits").find(key, tokens_of(key))) or credit.strip("( )") in phrases(
        "agencies", "names"
    )


def _credit(text: str) -> str:
    """The name alone: no label before it, no `photo` or `Handout` after it; `Staff photo` stays whole."""
    text = text.strip(" ()[]（）")
    only = re.match(rf"(?:{_LABELS})\s*[:：/]\s*(?P<credit>.+)$", text, re.IGNORECASE)
    if only:
        text = only["credit"].strip()
    if text.count(" ") < 14 and not _KEPT.match(text):
        text = _GENERIC.sub("", text)
    return text.strip(" .;,") or text
