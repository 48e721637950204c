"""Who took a picture: the credit that a line holds, behind a caption or alone. Text in, caption and credit out."""

from __future__ import annotations

import re

from site_builder.extraction.text.lines import marks_of
from site_builder.vocabulary.lexicon import holds, openings, phrases, tokens_of
from site_builder.vocabulary.names import is_name

END = 130
"""How far from a line's end, in characters, a credit after the caption is looked for."""

LONGEST = 90
"""A caption has fewer words than this; longer lines are the story, whatever they end with."""

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
_PICTURES = ("imag", "phot", "foto", "bild", "pict")
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


def split_credit(
    text: str, tokens: frozenset[str], usual: frozenset[str] = frozenset(), marks: str | None = None
) -> tuple[str, str] | None:
    """A line's caption and credit, either may be empty; None for a line that nothing shows to be a caption.

    `tokens` are its words, or those that lists have. `usual` are the credits that are known of the page's other captions.
    `marks` are those of the line, if known: nearly all lines lack what most patterns begin with.
    """
    if marks is None:
        marks = marks_of(text)
    cue = _opening_cue(text, marks)
    if cue:
        return cue
    labelled = ":" in marks or "：" in marks or "©" in marks
    only = _ONLY.match(text) if labelled or "/" in marks or text[0] in "pPfFbB" else None
    if only and len(only["credit"].split()) <= 12 and not only["credit"][0].islower():
        return (only["credit"], "") if _tells(text, only["credit"]) else ("", credit_in(only["credit"]))
    if (")" in marks or "]" in marks or "）" in marks) and text.rstrip(".")[-1:] in (")", "]", "）"):
        match = _PARENTHESIS.match(text)
        if match and _is_credit(match["credit"], after=match["caption"]):
            return match["caption"].strip(), credit_in(match["credit"])
    glued = _GLUED.search(text) if ":" in marks and _LABEL.search(text) else None
    if glued and glued.start() > 12:
        return text[: glued.start()].strip(), credit_in(glued["credit"])
    found = _ending_credit(text, tokens, labelled)
    if found or text[-1] in ".!?…" or not _CREDITED.search(marks):
        return found
    return _bare_credit(text, usual)


def _tells(text: str, behind: str) -> bool:
    """Whether what stands behind `Image:` tells what is to be seen, and not who took it."""
    words = behind.split()
    small = sum(word[0].islower() for word in words)
    return small >= 3 and small * 2 >= len(words) and text[:4].casefold() in _PICTURES and not is_known(behind)


def credit_behind(text: str) -> str:
    """What stands behind a line's last sentence if it is written like a name; empty for most lines."""
    match = _TRAILING.match(text[-END:])
    named = (
        match and len(match["credit"]) > 2 and len(match["credit"].split()) <= 6 and _is_capitalised(match["credit"])
    )
    return match["credit"].strip() if match and named else ""


def _bare_credit(text: str, usual: frozenset[str]) -> tuple[str, str] | None:
    """Credits without a bracket or a label: behind one in brackets, with a slash, or as on other lines of the page."""
    cut = max(0, len(text) - END)
    end = text[cut:]
    match = _TWICE.search(end) if ")" in end else None
    if match and is_known(match["credit"]):
        rest = text[: cut + match.start()]
        return split_credit(rest, tokens_of(rest.casefold()))
    match = _SLASHED.search(end) if "/" in end else None
    if match and is_known(match["credit"]) and cut + match.start() >= 12:
        return text[: cut + match.start()].strip(), credit_in(match["credit"])
    match = _TRAILING.match(end) if _SENTENCES.search(end) else None
    if match and match["caption"].count(" ") < 2:
        return None
    if match and (match["credit"].strip() in usual or _is_by_somebody(match["credit"])):
        return text[: cut + match.start("credit")].strip(), credit_in(match["credit"])
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
        return text[:before].strip(), credit_in(match["credit"])
    if not tokens or not holds("captions", "credits").may_be_in(tokens) or not is_known(end):
        return None
    glued = end.rpartition(".")[2]
    if glued.islower() and glued in phrases("agencies", "names"):
        return text[: -len(glued)], glued
    match = _TRAILING.match(end)
    if match and len(match["credit"].split()) <= 8 and is_known(match["credit"]) and _is_capitalised(match["credit"]):
        return text[: cut + match.start("credit")].strip(), credit_in(match["credit"])
    if len(text.split()) <= 7 and "/" in text and text[0].isupper():
        return "", credit_in(text)
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
    """`FILE PHOTO: ...`, `Image caption, ...`, `Image source, ...` and their like in other languages."""
    cues = openings("captions", "archive", "labels", "sources")
    opening = cues.find(text[:40].casefold()) if text[:2].casefold()[:2] in cues.starts else ""
    if opening in phrases("captions", "archive"):
        return text, ""
    if opening:
        behind = text[len(opening) :]
        rest = behind.lstrip(" ,:،：，")
        if rest and (behind[0] in ",:،：，" or (" " in opening and behind[0] == " ")):
            if opening in phrases("captions", "sources"):
                return ("", credit_in(rest)) if rest.count(" ") < 12 else None
            return split_credit(rest, tokens_of(rest.casefold())) or (rest, "")
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
        return is_known(credit) and "/" in credit
    if is_known(credit):
        return True
    words = credit.split()
    named = len(words) <= 4 and (len(words) > 1 or len(credit) > 3)
    return named and _is_capitalised(credit) and not any(map(str.isdigit, credit))


def _is_capitalised(credit: str) -> bool:
    """Every word with a capital, a caseless script or a particle, as in names."""
    small = ("via", "de", "for", "von", "of", "and", "für", "photo", "the", "to", "file", "pool", "handout")
    return all(word[:1] == word[:1].upper() or word.casefold() in small for word in credit.split())


def is_known(credit: str) -> bool:
    """Whether it names an agency or a collection of pictures."""
    key = credit.casefold()
    return bool(holds("captions", "credits").find(key, tokens_of(key))) or credit.strip("( )") in phrases(
        "agencies", "names"
    )


def credit_in(text: str) -> str:
    """The name alone: no label before it, no `photo` or `Handout` after it; `Staff photo` stays whole."""
    text = text.strip(" ()[]（）")
    only = re.match(rf"(?:{_LABELS})\s*[:：/]\s*(?P<credit>.+)$", text, re.IGNORECASE)
    if only:
        text = only["credit"].strip()
    if text.count(" ") < 14 and not _KEPT.match(text):
        text = _GENERIC.sub("", text)
    return text.strip(" .;,") or text
