"""Names of people and agencies in bylines and credits: text in, names as they stand there out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from site_builder import dates
from site_builder.vocabulary.lexicon import has_word, openings, ordered, phrases, renamed

_PLACE = re.compile(r"\s+(?:in|[Ff]or|at|from|aus|für|à|в|у|special to|, special)\s+(?=[^\W\d_]).*", re.DOTALL)
_NAMES_END = re.compile(r"\s[-–—|]\s(?=\D*\d)|\(|(?<=\w{4})\.\s")
_SPLIT = re.compile(r"\s*(?:[,;/|·•،、؛]|\s[-–—]\s)\s*")
_RUN = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_DATED = re.compile(
    r"\s*(?:(?:published|posted|updated|veröffentlicht|publié)\b|\d|(?<=[a-z])(?=Published|Updated|Posted))",
    re.IGNORECASE,
)
# Scraping often loses the space between two elements: `Ann LeeCorrespondent`; McLee and MacLee are whole names.
_GLUED = re.compile(
    r"(?<=[a-zß-öø-ÿ]{2})(?<!\bFitz)(?<!\b(?:Mac|Van|Von|Del|Des|San|Ter|Ten))(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{2})"
)
_PERHAPS_GLUED = re.compile(r"[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]")
"""What is in every text that `_GLUED` finds something in, for a tenth of its time."""
_GLUED_OPENER = re.compile(r"(?<=^By)(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+ [A-ZÀ-ÖØ-Þ])")


MAY_BE_NAME = 4
"""Letters of the longest weekday that may be somebody's name (`Sun`)."""
_NO_NAME = frozenset('&@#%$€()[]{}<>=+*_"“”«»:;!?…')


@dataclass(frozen=True, slots=True)
class Byline:
    """Whom a byline names."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def is_name(text: str, caseless: bool = False) -> bool:
    """Whether a text looks like one person's name: two to four capitalised words, particles between them allowed.

    `caseless`: words of a script without capitals count as well, for where something else says that a name stands.
    """
    tokens = text.split()
    if not 2 <= len(tokens) <= 5 or len(text) > 48 or text[-1] in ":;!?…" or portrayed(text):
        return False
    particles = phrases("byline", "particles")
    capitals = 0
    for position, token in enumerate(tokens):
        if token.casefold() in particles and (position or token.islower() or len(tokens) > 2):
            continue
        bare = token.strip(".,'’\"")
        if (
            not bare
            or not bare[0].isalpha()
            or not (token.isalpha() or not any(sign in _NO_NAME or sign.isdigit() for sign in token))
        ):
            return False
        if bare[0].isupper() or (caseless and bare[0].lower() == bare[0].upper()):
            capitals += 1
        else:
            return False
    return (
        capitals >= 2
        and not is_organisation(text)
        and tokens[0].casefold() not in ("the", "a", "der", "die", "el", "los", "le", "les", "by", "par", "por", "in")
        and not any(token.casefold() in phrases("byline", "offices") for token in tokens)
    )


def portrayed(text: str) -> str:
    """Whom a portrait's alt text names (`Headshot of Ann Lee`); empty for other texts."""
    key = text[:30].casefold()
    found = openings("byline", "portraits")
    opening = found.find(key) if key[:2] in found.starts else ""
    if not opening:
        return ""
    words = text[len(opening) :].split(",")[0].split()
    name = " ".join(words[: next((at for at, word in enumerate(words) if word[0].islower()), len(words))])
    return name if name and is_name(name) else ""


def is_organisation(text: str) -> bool:
    """Whether the words at its ends say that a name is no person's."""
    words = text.casefold().split()
    names = phrases("gazetteer", "organisations")
    if words and any(_ENDS.sub("", word) in names for word in (words[-1], words[0])):
        return True
    return text in phrases("agencies", "names")


_ENDS = re.compile(r"^\W+|\W+$")


@lru_cache(maxsize=1)
def _agency_pattern() -> re.Pattern[str]:
    names = sorted(phrases("agencies", "names"), key=lambda name: (-len(name), name))
    endings = "|".join(re.escape(ending) for ending in _endings())
    known = "|".join(re.escape(name) for name in names)
    return re.compile(rf"(?<![\w-])(?:{known}|(?:[A-Z][\w’'-]+ ){{1,3}}(?:{endings}))(?![\w-])")


@lru_cache(maxsize=1)
def _agency_words() -> frozenset[str]:
    """The first words of all that `_agency_pattern` may find; of the words with an ending, the ending's."""
    return frozenset(
        [_RUN.findall(name)[0] for name in (*phrases("agencies", "names"), *_endings()) if _RUN.search(name)]
    )


def _endings() -> tuple[str, ...]:
    return ordered("gazetteer", "endings")


def agencies_in(text: str) -> tuple[str, ...]:
    """The news agencies that a credit or dateline names, as it spells them, in its order."""
    found: dict[str, None] = {}
    if _agency_words().isdisjoint(_RUN.findall(text)):
        return ()
    for match in _agency_pattern().finditer(text):
        name = re.sub(r"^(?:With|By|From|And|Source|Via) ", "", match[0])
        if name not in phrases("agencies", "photo_only"):
            found.setdefault(name)
    return tuple(found)


def one_each(agencies: Iterable[str]) -> tuple[str, ...]:
    """Each agency once, under one name: `AP` and `The Associated Press` are the Associated Press."""
    same, short = renamed("agencies", "same"), renamed("agencies", "short")
    found = dict.fromkeys([same.get(name, name) for name in agencies])
    return tuple([name for name in found if short.get(name) not in found])


@lru_cache(maxsize=4)
def _opener() -> re.Pattern[str]:
    openers, labels = (
        "|".join(re.escape(phrase) for phrase in sorted(ordered("byline", name), key=lambda phrase: -len(phrase)))
        for name in ("openers", "labels")
    )
    return re.compile(
        rf"\W*(?:(?:{labels})\s*[:：]\s*|(?:{openers})(?:\s*[:：]\s*|\s+))",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _opener_starts() -> frozenset[str]:
    """The first two letters of what `_opener` finds."""
    words = (*ordered("byline", "openers"), *ordered("byline", "labels"))
    return frozenset([word[:2].lower() for word in words])


@lru_cache(maxsize=4096)
def byline(text: str, publication: str = "") -> Byline | None:
    """Whom a line like `By Ann Lee and Bo Ek, Staff Writers` names; None for what is no byline.

    `publication` tells an affiliation (`By Ann Lee, Cape Ledger`) from a second author.
    """
    if text.startswith("By"):
        text = _GLUED_OPENER.sub(" ", text, count=1)
    start = text[:2]
    if start.isalpha() and start.isascii() and start.lower() not in _opener_starts():
        return None
    opener = _opener().match(text)
    if not opener or opener.end() >= len(text) or len(text) > 160:
        return None
    found = people(_undated(text[opener.end() :]), publication)
    return found if found.people or found.agencies else None


def byline_within(text: str, publication: str = "") -> Byline:
    """Whom a date line names behind its date: `Posted on 18 December by Ann Lee`."""
    for opener in _opener_within().finditer(text):
        found = people(_undated(text[opener.end() :]), publication)
        if found.people:
            return found
    return Byline()


@lru_cache(maxsize=1)
def _opener_within() -> re.Pattern[str]:
    openers = "|".join(re.escape(phrase) for phrase in ordered("byline", "openers") if phrase not in ("from", "de"))
    return re.compile(rf"(?<=[\s|·,])(?:{openers})\s*[:：]?\s+(?=[^\W\d_])", re.IGNORECASE)


def _undated(text: str) -> str:
    """A text up to the date in it, its glued words apart."""
    if _PERHAPS_GLUED.search(text):
        text = _GLUED.sub(lambda glued: " " if _goes_on(text[: glued.start()]) else "", text)
    key = "" if _DIGIT.search(text) else text.casefold()
    if key and not ("publi" in key or "posted" in key or "updated" in key or "veröff" in key):
        return text
    match = _DATED.search(text)
    if not match:
        return text  # May is a surname too
    before = text[: match.start()].rstrip(" ,.|·•–-")
    cut, _, last = before.rpartition(" ")
    if cut and dates.is_month(last.strip(".,").casefold()):
        before = cut.rstrip(" ,.|·•–-")
        cut, _, last = before.rpartition(" ")
    return cut if len(last) > MAY_BE_NAME and cut and last.casefold() in phrases("dates", "weekdays") else before


def _goes_on(before: str) -> bool:
    """Whether the word at a text's end follows a name's other words, so that what is glued to it can be a role.

    A word that stands alone is left whole: it is as likely a product's name, written with two capitals.
    """
    words = _SPLIT.split(before)[-1].split()[:-1]
    while words and words[-1].islower() and words[-1] in phrases("byline", "particles"):
        words.pop()
    return bool(words) and words[-1][0].isupper()


def names_in(text: str, publication: str = "") -> tuple[str, ...]:
    """The people of a line that holds nothing but names, with their roles and a date: `Ann Lee, Bo Ek/Cy Ott, reporters`."""
    plain = _undated(text)
    tokens = plain.split()
    half = len(tokens) // 2
    if half >= 2 and tokens[:half] == tokens[half:]:
        tokens = tokens[:half]  # a portrait's alt text and the name
    second = tokens[1] if len(tokens) > 1 else ""
    if second[:1].islower() and second.casefold() not in phrases("byline", "particles") and tokens[0].isalpha():
        return ()  # no name has such a second word, and a line that begins with none has none
    found: dict[str, None] = {}
    for chunk in (chunk for part in _SPLIT.split(" ".join(tokens)) for chunk in _joined(part)):
        name = chunk.strip(" .:")
        name = _without_house(name) or name
        if is_name(name) and not _is_role(name):
            found.setdefault(name)
        elif _without_role(name):
            found.setdefault(_without_role(name))
        elif name and not (found and (_is_role(name) or _belongs(name, publication) or agencies_in(name))):
            return ()
    return tuple(found)


def _without_role(name: str) -> str:
    """The name before a role that no comma divides from it: `Ann Lee Political Correspondent`."""
    tokens = name.split()
    if len(tokens) < 3 or not _is_role(" ".join(tokens[2:])):
        return ""
    first = " ".join(tokens[:2])
    return first if is_name(first) and not _is_role(first) else ""


def _without_house(name: str) -> str:
    """The name before the name of a house in capitals: `Ann Lee THE POST`."""
    tokens = name.split()
    house = [token for token in tokens[2:] if token.isupper() and len(token) > 2]
    first = " ".join(tokens[:2])
    return first if house and house == tokens[2:] and not first.isupper() and is_name(first) else ""


def is_byline_word(key: str) -> bool:
    """Whether a line is only the word before a byline's names."""
    if key in phrases("byline", "labels") or key in ("by", "von", "par", "por", "di", "door", "av", "af", "by:"):
        return True
    return " " in key and key in phrases("byline", "openers")  # `Kommentar von`


def people(text: str, publication: str = "") -> Byline:
    """The people and agencies that a list of names holds, up to the first part that is neither."""
    text = _NAMES_END.split(text.strip(), maxsplit=1)[0].strip(" .,|·")
    found_people: dict[str, None] = {}
    found_agencies: dict[str, None] = {}
    closed = False
    for number, part in enumerate(_SPLIT.split(text)):
        chunks = _joined(part)
        if number and closed:
            break
        for chunk in chunks:
            name = _PLACE.sub("", chunk).strip(" .:")
            name = _without_role(name) or name
            if not name or _is_role(name) or _belongs(name, publication):
                continue
            agencies = agencies_in(name)
            if agencies or name == publication:
                found_agencies.update(dict.fromkeys(agencies))
            elif is_name(name, caseless=True):
                found_people.setdefault(name)
            elif not number:
                return Byline(tuple(found_people), tuple(found_agencies))
        closed = len(chunks) > 1
    return Byline(tuple(found_people), tuple(found_agencies))


@lru_cache(maxsize=1)
def _join_pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(join) for join in ordered("byline", "joins")))


def _joined(part: str) -> list[str]:
    return [chunk for chunk in _join_pattern().split(part) if chunk.strip()]


def _is_role(name: str) -> bool:
    key = name.casefold()
    if _role_words().isdisjoint(_RUN.findall(key)):
        return False
    return any(has_word(key, role) or has_word(key, f"{role}s") for role in _roles() if role in key)


@lru_cache(maxsize=1)
def _role_words() -> frozenset[str]:
    """The first words of all roles, and of several people who have one."""
    return frozenset([word for role in _roles() for word in (_RUN.findall(role)[0], f"{role}s")])


@lru_cache(maxsize=1)
def _roles() -> tuple[str, ...]:
    return ordered("byline", "roles")


def _belongs(name: str, publication: str) -> bool:
    return bool(publication) and len(name) > 2 and name.casefold() in publication.casefold() and not agencies_in(name)


def names_trade(text: str) -> bool:
    """Whether a paragraph's first sentence says that somebody is a journalist."""
    return _is_role(text[:120])


BEGINNING = 160
"""Characters of a paragraph that a name of up to 48 and the opening of a biography behind it have room in."""


def opens_biography(text: str, known: tuple[str, ...] = ()) -> str:
    """The person whom a paragraph is a biography of: it starts with a name and goes on as biographies do."""
    tokens = text[:BEGINNING].split(maxsplit=7)
    second = tokens[1] if len(tokens) > 1 else ""
    small = second[:1].islower() and second.casefold() not in phrases("byline", "particles")
    opened = openings("notes", "biography")
    for count in () if small else (4, 3, 2):  # no name has such a second word: most paragraphs end here
        following = tokens[count] if count < len(tokens) else ""
        if len(following) > 1 and following[:2].casefold()[:2] not in opened.starts:
            continue
        rest = " ".join(tokens[count:])
        if not opened.find(rest.casefold()) and not (following == "is" and names_trade(rest)):
            continue
        name = " ".join(tokens[:count]).rstrip(",")
        if is_name(name, caseless=name in known):
            return name
    for name in known:
        surname = name.split()[-1]
        if text.startswith(name) or (
            text.startswith(surname + " ") and openings("notes", "biography").find(text[len(surname) + 1 :].casefold())
        ):
            return name
    return ""
