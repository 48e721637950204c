"""Names of people and agencies in bylines and credits: text in, names as they stand there out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from site_builder.wording.lexicon import openings, ordered, phrases

_PLACE = re.compile(r"\s+(?:in|for|at|from|aus|für|à|в|у|special to|, special)\s+(?=[^\W\d_]).*", re.DOTALL)
_SPLIT = re.compile(r"\s*(?:[,;/|·•،、؛]|\s[-–—]\s)\s*")
_DATED = re.compile(
    r"\s*(?:(?:published|posted|updated|veröffentlicht|publié)\b|(?<!\w)[^\W\d_]{3,10}\.?\s+\d|\d|(?<=[a-z])(?=Published|Updated|Posted))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Byline:
    """Whom a byline names."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def is_name(text: str, caseless: bool = False) -> bool:
    """Whether a text looks like one person's name: two to four capitalised words, particles between them allowed.

    `caseless`: words of a script without capitals count as well, for where something else says that a name stands.
    """
    tokens = text.split()
    if not 2 <= len(tokens) <= 5 or len(text) > 48 or text[-1] in ":;!?…":
        return False
    particles = phrases("byline", "particles")
    capitals = 0
    for token in tokens:
        if token.casefold() in particles:
            continue
        bare = token.strip(".,'’\"")
        if (
            not bare
            or not bare[0].isalpha()
            or any(sign in '&@#%$€()[]{}<>=+*_"“”«»:;!?…' or sign.isdigit() for sign in token)
        ):
            return False
        if bare[0].isupper() or (caseless and bare[0].lower() == bare[0].upper()):
            capitals += 1
        else:
            return False
    return (
        capitals >= 2
        and not is_organisation(text)
        and tokens[0].casefold() not in ("the", "a", "der", "die", "el", "los", "le", "les")
    )


def is_organisation(text: str) -> bool:
    """Whether the words at its ends say that a name is no person's."""
    words = [re.sub(r"^\W+|\W+$", "", word) for word in text.casefold().split()]
    names = phrases("gazetteer", "organisations")
    return (bool(words) and (words[-1] in names or words[0] in names)) or text in phrases("agencies", "names")


@lru_cache(maxsize=1)
def _agency_pattern() -> re.Pattern[str]:
    names = sorted(phrases("agencies", "names"), key=lambda name: (-len(name), name))
    endings = "|".join(re.escape(ending) for ending in ordered("gazetteer", "endings"))
    known = "|".join(re.escape(name) for name in names)
    return re.compile(rf"(?<![\w-])(?:{known}|(?:[A-Z][\w’'-]+ ){{1,3}}(?:{endings}))(?![\w-])")


def agencies_in(text: str) -> tuple[str, ...]:
    """The news agencies that a credit or dateline names, as it spells them, in its order."""
    found: dict[str, None] = {}
    for match in _agency_pattern().finditer(text):
        name = re.sub(r"^(?:With|By|From|And|Source|Via) ", "", match[0])
        if name not in phrases("agencies", "photo_only"):
            found.setdefault(name)
    return tuple(found)


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


@lru_cache(maxsize=4096)
def byline(text: str, publication: str = "") -> Byline | None:
    """Whom a line like `By Ann Lee and Bo Ek, Staff Writers` names; None for what is no byline.

    `publication` tells an affiliation (`By Ann Lee, Cape Ledger`) from a second author.
    """
    opener = _opener().match(text)
    if not opener or opener.end() >= len(text) or len(text) > 160:
        return None
    found = people(_DATED.split(text[opener.end() :], maxsplit=1)[0], publication)
    return found if found.people or found.agencies else None


def is_byline_word(key: str) -> bool:
    """Whether a line is only the word before a byline's names."""
    return key in phrases("byline", "labels") or key in ("by", "von", "par", "por", "di", "door", "av", "af", "by:")


def people(text: str, publication: str = "") -> Byline:
    """The people and agencies that a list of names holds, up to the first part that is neither."""
    text = re.split(r"\s[-–—|]\s(?=\D*\d)|\(|(?<=\w{4})\.\s", text.strip())[0].strip(" .,|·")
    found_people: dict[str, None] = {}
    found_agencies: dict[str, None] = {}
    closed = False
    for number, part in enumerate(_SPLIT.split(text)):
        chunks = _joined(part)
        if number and closed:
            break
        for chunk in chunks:
            name = _PLACE.sub("", chunk).strip(" .:")
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


def _joined(part: str) -> list[str]:
    pattern = "|".join(re.escape(join) for join in ordered("byline", "joins"))
    return [chunk for chunk in re.split(pattern, part) if chunk.strip()]


def _is_role(name: str) -> bool:
    key = name.casefold()
    return any(re.search(rf"(?<!\w){re.escape(role)}s?(?!\w)", key) for role in _roles() if role in key)


@lru_cache(maxsize=1)
def _roles() -> tuple[str, ...]:
    return ordered("byline", "roles")


def _belongs(name: str, publication: str) -> bool:
    return bool(publication) and len(name) > 2 and name.casefold() in publication.casefold() and not agencies_in(name)


def names_trade(text: str) -> bool:
    """Whether a paragraph's first sentence says that somebody is a journalist."""
    return _is_role(text[:120])


def opens_biography(text: str, known: tuple[str, ...] = ()) -> str:
    """The person whom a paragraph is a biography of: it starts with a name and goes on as biographies do."""
    tokens = text.split(maxsplit=7)
    for count in (4, 3, 2):
        rest = " ".join(tokens[count:]).casefold()
        if not openings("notes", "biography").find(rest):
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
