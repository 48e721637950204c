"""Who wrote an article: JSON-LD, meta elements, marked bylines, lines like a byline; agencies and outlets are no authors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from site_builder.extraction.html.blocks import HEADINGS, Block
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.statements import Statements, plain, types
from site_builder.extraction.html.surroundings import Surroundings
from site_builder.vocabulary.lexicon import is_label, phrases, section_names
from site_builder.vocabulary.names import (
    Byline,
    agencies_in,
    byline,
    is_byline_word,
    is_name,
    is_organisation,
    names_in,
    people,
)
from site_builder.vocabulary.stamps import stamp

META = (
    "author", "parsely-author", "article:author", "article:author_name", "og:article:author", "sailthru.author",
    "cxenseparse:author", "dc.creator", "dcterms.creator", "citation_author", "byl", "mrf:authors", "article.author",
    "twitter:creator:name",
)  # fmt: skip
FEW = 4
"""Writers that a byline may mark beside those stated."""
FOOT = 16
"""How many blocks below the body a labelled byline is looked for."""
MOST = 12
"""More authors than this are a list of a site's staff."""

_OPENER = re.compile(
    r"^\s*(?:by|von|par|por|di|door|av|af|od|text|autor(?:in)?|author|words|written by|story by)\s*[:：]?\s+", re.I
)
_AFTER = re.compile(r"\s*(?:[(|/•·]|\s[-–—]\s|,\s*(?=(?:in|for|for the)\s)).*$", re.DOTALL)
_BAD = re.compile(r"[@<>{}\[\]=#]|https?:|www\.|\.(?:com|net|org|de|co|tv)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NICKNAMED = re.compile(r"([^\W\d_]+) (?:\([^\W\d_]+\)|[\"“'‘][^\W\d_]+[\"”'’]) ([^\W\d_][\w'’-]+)")
"""`Ann (Lee) Berg`, `Bo “Skip” Ek`."""
_INITIALS = re.compile(r"[^\W\d_A-ZÀ-Þ]{2,5}(?:/[^\W\d_A-ZÀ-Þ]{2,5})?")
"""`abc`, `abc/xyz`, as German papers sign what is short."""
_INITIAL = re.compile(r"\s+\w\.?$")
_SEVERAL = re.compile(r"[,;]|\s(?:and|und|et|y|e|en|och|og|&)\s")
_BARS = re.compile(r"\s*[|•·/]\s*")
_NOBODY = frozenset(
    "admin administrator webmaster editor author guest unknown null none root info web user test desk team".split()
)
HOLD_NAMES = ("a", "span", "div", "p", "address", "li", "strong", "b")
_WORD = re.compile(r"\w")
_UPPER = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Writers:
    """Names as the page spells them, and the numbers of the blocks that only name the authors."""

    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    blocks: tuple[int, ...] = ()


def find_writers(
    root: Element, blocks: tuple[Block, ...], said: Statements, span: tuple[int, int], site: str, around: Surroundings,
    top: int = 0,
) -> Writers:  # fmt: skip
    """The authors and agencies of the article whose body is `blocks[span[0]:span[1]]`; `top`: the headline's index."""
    authors: dict[str, None] = {}
    agencies: dict[str, None] = {}
    wires: dict[str, None] = {}
    spare: dict[str, None] = {}
    houses = _houses(said, site)
    marks = [element for element in root.iter(*HOLD_NAMES) if _is_mark(element)]
    for sources in (_stated(said), _named(said), _marked(marks, blocks, (span[0], span[1] + 6))):
        for text, sure in sources:
            _take(text, sure, houses, authors, agencies, spare)
        if authors:
            break
    head = (span[0], span[0] + 1)  # other stories' writers stand below
    authors = _signed(blocks, span, houses) or _with_marked(authors, _marked(marks, blocks, head), houses)
    lines = _lines(blocks, span, around, authors, houses, top)
    if not authors:
        for index in lines:
            for part in _BARS.split(blocks[index].text):
                found = byline(part, site) or Byline(_alone(part, site))
                if not found.people and _is_labelled(blocks, index) and is_organisation(part):
                    wires.update(dict.fromkeys(agencies_in(part)))
                    spare.update({} if agencies_in(part) else {part: None})
                for name in found.people if found else ():
                    if not _is_outlet(name, houses):
                        authors.setdefault(name)
                agencies.update(dict.fromkeys(found.agencies if found else ()))
    if not authors and not agencies:
        authors = spare  # the outlet or a desk, and the page says so
    if len(authors) > MOST:
        authors = {}
    agencies |= {wire: None for wire in wires if wire not in agencies}
    return Writers(tuple(authors), tuple(agencies), tuple(blocks[index].number for index in lines))


def _stated(said: Statements) -> list[tuple[str, bool]]:
    """JSON-LD's authors; `sure` where it says that one is a person."""
    found: list[tuple[str, bool]] = []
    waiting: list[Any] = [said.article.get("author") or said.article.get("creator")]
    by_id = {str(node["@id"]): node for node in said.nodes if "@id" in node and node.get("name")}
    while waiting and len(found) < 50:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one[:50]
        elif isinstance(one, str):
            found.append((plain(one), False))
        elif isinstance(one, dict):
            if not one.get("name") and one.get("@id") in by_id:
                one = by_id[str(one["@id"])]
            names = one.get("name") or " ".join(
                str(part) for part in (one.get("givenName"), one.get("familyName")) if isinstance(part, str)
            )
            for name in names if isinstance(names, list) else [names]:
                if isinstance(name, str):
                    kind = types(one)
                    found.append((plain(name), "Person" in kind or any("Organization" in one for one in kind)))
    return found


def _with_marked(authors: dict[str, None], marked: list[tuple[str, bool]], houses: tuple[str, ...]) -> dict[str, None]:
    """All that the page marks as its authors, where they are those stated and a few more: some state only the first."""
    found: dict[str, None] = {}
    for text, sure in marked:
        _take(text, sure, houses, found, {}, {})
    return found if authors and set(authors) < set(found) and len(found) <= FEW else authors


def _signed(blocks: tuple[Block, ...], span: tuple[int, int], houses: tuple[str, ...]) -> dict[str, None]:
    """Whom the story's own first lines name as its author: the page's head may name who put it there."""
    for block in blocks[span[0] : min(span[0] + 2, span[1])]:
        if block.words <= 25 and _OPENER.match(block.text) and (found := byline(block.text, houses[0])):
            return dict.fromkeys(name for name in found.people if not _is_outlet(name, houses))
    return {}


def _named(said: Statements) -> list[tuple[str, bool]]:
    found = [(plain(content[:400]), False) for name in META for content in said.meta.get(name, ())[:50]]
    for name in ("twitter:label1", "twitter:label2"):  # `Written by`, as a plugin of many WordPress sites has it
        if any(is_byline_word(label.casefold()) for label in said.meta.get(name, ())[:1]):
            found += [(plain(content[:400]), False) for content in said.meta.get(name.replace("label", "data"), ())[:1]]
    return found


def _is_mark(element: Element) -> Any:
    """Whether the page marks an element as its author by `rel`, `itemprop` or microformats."""
    get = element.get
    return (
        ((kind := get("itemprop")) and "author" in kind.lower().split())
        or ((kind := get("rel")) and "author" in kind.lower().split())
        or ((kind := get("class")) and "p-author" in kind and "p-author" in kind.split())
    )


def _marked(marks: list[Element], blocks: tuple[Block, ...], span: tuple[int, int]) -> list[tuple[str, bool]]:
    """The names in marked elements near the article."""
    near = {block.element for block in blocks[max(0, span[0] - 25) : span[1]]}
    found: list[tuple[str, bool]] = []
    for element in marks:
        if len(found) > 50:
            break
        if not any(one in near for one in (element, *element.iterancestors(), *element.iter("*"))):
            continue
        inner = next((one for one in element.iter("*") if one.get("itemprop") == "name"), element)
        text = " ".join((inner.get("content") or inner.text_content()).split())
        if 0 < len(text) <= 120:
            found.append((text, False))
    return found


def _take(
    text: str,
    sure: bool,
    houses: tuple[str, ...],
    authors: dict[str, None],
    agencies: dict[str, None],
    spare: dict[str, None],
) -> None:
    text = _OPENER.sub("", text).strip(" .,;|·•")
    if not text or len(text) > 200 or text.casefold() in _NOBODY or text.casefold() in section_names():
        return
    found = agencies_in(text)
    if found and not people(text, houses[0]).people:
        agencies.update(dict.fromkeys(found))
        return
    if initials := _initials(text):
        spare.update(dict.fromkeys(initials))
        return
    one = _AFTER.sub("", text).strip(" ,")
    single = 1 < len(one) <= 60 and not _BAD.search(one) and not _SEVERAL.search(one) and len(one.split()) <= 5
    if single and (_is_outlet(one, houses) or is_organisation(one)):
        spare.setdefault(one)
    elif (nick := _NICKNAMED.fullmatch(text)) and is_name(f"{nick[1]} {nick[2]}"):
        authors.setdefault(text)
    elif single and sure and not _DIGIT.search(one):
        authors.setdefault(one)
    elif sure and not _SEVERAL.search(text):
        return  # a slogan in a name's place
    elif not _BAD.search(names := re.sub(r"\([^)]*\)", "", text)) and not _DIGIT.search(names):
        named = people(text, houses[0])
        agencies.update(dict.fromkeys(named.agencies))
        for name in named.people:
            (spare if _is_outlet(name, houses) else authors).setdefault(name)
        if single and not spare and one.isalpha() and one.istitle():
            spare.setdefault(one)  # as blogs call their only writer


def _initials(text: str) -> tuple[str, ...]:
    """What a text signs with that holds nothing but initials."""
    parts = tuple(part.strip() for part in re.split("[;,]", text))
    return parts if all(_INITIALS.fullmatch(part) and part not in _NOBODY for part in parts) else ()


def _houses(said: Statements, site: str) -> tuple[str, ...]:
    """The names of the outlet: the publication's first, then those that it calls its publisher."""
    publisher = said.article.get("publisher")
    named = publisher.get("name") if isinstance(publisher, dict) else publisher
    names = [named] if isinstance(named, str) else []
    return (site, *[plain(name)[:200] for name in (*names, *said.all("publisher", "dc.publisher", "application-name"))])


def _is_outlet(text: str, houses: tuple[str, ...]) -> bool:
    own = _INITIAL.sub("", text)  # an outlet's account may have one for its surname
    one, *others = ("".join(re.findall(r"\w+", part.casefold())) for part in (own, *houses))
    return any(other and (one in other or other in one) for other in others)


def _lines(
    blocks: tuple[Block, ...],
    span: tuple[int, int],
    around: Surroundings,
    authors: dict[str, None],
    houses: tuple[str, ...],
    top: int,
) -> list[int]:
    """The blocks above and right below the body that name authors and say little else."""
    site = houses[0]
    found: list[int] = []
    above = range(max(0, min(top, span[0]) if span[0] - top < 60 else span[0] - 25), min(span[0] + 3, len(blocks)))
    listed = False
    opening = range(span[0], span[0] + 3)  # a line of the body that holds only a name
    for index in [*above, *range(span[1], min(span[1] + FOOT, len(blocks)))]:
        block = blocks[index]
        labelled = _is_labelled(blocks, index) or (listed and _goes_on(blocks, index))
        listed = labelled and block.element.tag == "li"
        if index >= span[1] and found and not (authors or listed):
            continue  # whoever is named below the story wrote the next one
        if index >= span[1] + 4 and (authors or not (labelled or _labels_itself(block.text))):
            continue
        if block.words > 25 or len(block.text) > 200 or index == top:
            continue
        rest = block.text
        for name in sorted(authors, key=len, reverse=True):
            rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
        holders = [block.element, *block.element.iterancestors()][:3]
        marked = any("writer" in around.own(one) for one in holders)
        if (level := HEADINGS.get(block.element.tag)) and (level < 3 or not marked):
            continue
        if authors:
            if rest != block.text and len(_UPPER.findall(rest)) <= 4:
                found.append(index)
            continue
        if (
            block.words > 16
            or around.words(block).furniture
            or any("caption" in around.own(one) for one in holders[:2])
        ):
            continue
        likely = marked or labelled or _dated(blocks, index)
        likely = likely or (index in opening and _is_untold(blocks, index, span))
        likely = likely or top + 1 == index == span[0] - 1  # all that stands between the headline and the story
        parts = [part for part in _BARS.split(block.text) if part]
        likely = likely and (index < span[1] or len(parts) == 1)
        names = [name for part in parts for name in _alone(part, site)] if likely else []
        house = labelled and is_organisation(block.text)
        if house or any(byline(part, site) for part in parts) or any(not _is_outlet(name, houses) for name in names):
            found.append(index)
    return found if authors or len(found) <= 4 else found[:1]


def _is_untold(blocks: tuple[Block, ...], index: int, span: tuple[int, int]) -> bool:
    """Whether the story has no word of a line above it, and no word of it is a label's (`Show Caption`)."""
    words = [word for word in re.findall(r"\w+", blocks[index].text) if len(word) > 3]
    if any(is_label(word.casefold()) for word in words):
        return False
    others = [blocks[at].text for at in range(*span) if at != index]
    return not any(word in text for text in others for word in words)


def _labels_itself(text: str) -> bool:
    """`Autorin/Autor Ann Lee`, `Author: Ann Lee`: no teaser below a story says so."""
    first = text.split(maxsplit=1)[0].casefold() if text.strip() else ""
    return first.rstrip(":：") in phrases("byline", "labels") - phrases("byline", "sources") - {"by"}


def _is_labelled(blocks: tuple[Block, ...], index: int) -> bool:
    """Whether the line above is only the label of a byline (`By`, `Author(s)`)."""
    return index > 0 and is_byline_word(blocks[index - 1].text.casefold().strip(" :：)"))


def _goes_on(blocks: tuple[Block, ...], index: int) -> bool:
    """Whether a block is the next entry of the list that the one above is in."""
    here, above = blocks[index].element, blocks[index - 1].element
    return here.tag == above.tag == "li" and here.getparent() is above.getparent()


def _alone(text: str, site: str) -> tuple[str, ...]:
    """The one name that a text holds, with no more than its role or house (`Ann Lee THE POST`)."""
    names = names_in(text, site) or ((text,) if "," not in text and is_name(text, caseless=True) else ())
    return names if len(names) == 1 else ()


def _dated(blocks: tuple[Block, ...], index: int) -> bool:
    """Whether the line above or below is a date line; a line of marks alone parts nothing."""
    for step in (-1, 1):
        place = index + step
        if 0 <= place < len(blocks) and not _WORD.search(blocks[place].text):
            place += step
        if 0 <= place < len(blocks) and (when := stamp(blocks[place].text)) is not None and when.others <= 2:
            return True
    return False
