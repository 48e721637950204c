"""The word lists of `words.toml` and `grammar.toml`, read once, with the few ways to ask them."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

MAX_WORDS = 80
"""Longer lines are no furniture, whatever they hold."""
_TOKEN = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")  # the same for case folded ASCII, in half the time
_BETWEEN_MARKS = re.compile(r"[^\s!\"#$%&'()*+,\-./:;<=>?@\[\\\]^`{|}~“”‘’«»„…–—·•©،؛؟。，、！？：；（）]+")
_OPENING = 60
"""The longest line, in words, that its first words may condemn."""


class Openings:
    """A set of line openings that answers which one a text starts with; an opening ends at a word's end."""

    def __init__(self, phrases: Iterable[str]) -> None:
        by_start: dict[str, list[str]] = {}
        for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)):
            by_start.setdefault(phrase[:2], []).append(phrase)
        self._by_start = {start: tuple(found) for start, found in by_start.items()}
        self.starts = frozenset(self._by_start)
        """The first two signs of each: a text with others has none."""

    def find(self, text: str) -> str:
        """The longest opening of `text` (already case folded), or an empty text."""
        candidates = self._by_start.get(text[:2])
        if not candidates or not text.startswith(candidates):
            return ""
        for phrase in candidates:
            if text.startswith(phrase):
                after = text[len(phrase) : len(phrase) + 1]
                if not (after.isalnum() and phrase[-1].isalnum()):
                    return phrase
        return ""


class Holds:
    """A set of phrases that answers which one stands in a text, as whole words.

    Each phrase is looked for only in texts that have its longest word: a set operation instead of a search.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        for phrase in sorted(set(phrases)):
            self._by_word.setdefault(max(_TOKEN.findall(phrase), key=len), []).append(phrase)
        self.words = frozenset(self._by_word)
        """A text with none of them has no phrase."""

    def may_be_in(self, tokens: frozenset[str]) -> bool:
        """False for a text that has none of the phrases; cheap, to ask first."""
        return not self.words.isdisjoint(tokens)

    def find(self, text: str, tokens: frozenset[str]) -> str:
        """A phrase that `text` (case folded) has, or an empty text; `tokens` are the text's words."""
        if self.words.isdisjoint(tokens):
            return ""
        for word in sorted(self.words & tokens):
            for phrase in self._by_word[word]:
                if phrase in text:
                    return phrase
        return ""


def tokens_of(text: str) -> frozenset[str]:
    """The words of a case folded text, for `Holds`."""
    return frozenset(_BETWEEN_MARKS.findall(text))


_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~"
_WIDE_MARKS = frozenset("“”‘’«»„…–—·•©،؛؟。，、！？：；（）")
_TO_SPACES = bytes.maketrans(_MARKS.encode(), b" " * len(_MARKS))
_ODD = frozenset("\u200e\u200f")


def spaced_lines(folded: str, signs: frozenset[str]) -> list[str]:
    """Each line of a case folded text, with a space for each mark: its words are `split` for a third of what
    `tokens_of` takes. `signs` are the text's signs but ASCII letters.

    Empty lines for a text with marks of direction, which are parts of words here and none of a key.
    """
    if not _ODD.isdisjoint(signs):
        return [""] * (folded.count("\n") + 1)
    if not folded.isascii():
        for mark in _WIDE_MARKS & signs:
            folded = folded.replace(mark, " ")
    return folded.encode(errors="surrogatepass").translate(_TO_SPACES).decode(errors="surrogatepass").split("\n")


def places_of(word: str, text: str) -> Iterator[int]:
    """Where a word stands in a text with no letter, digit or `_` right before or behind it.

    A pattern made for the word costs a hundred times as much, for it has to be compiled.
    """
    size = len(word)
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + size : at + size + 1]
        if not (before.isalnum() or after.isalnum() or before == "_" or after == "_"):
            yield at
        at = text.find(word, at + 1)


def has_word(text: str, word: str) -> bool:
    """Whether `places_of` finds a word anywhere."""
    return next(places_of(word, text), -1) >= 0


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _grammar() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("grammar.toml").read_text("utf-8"))


@lru_cache(maxsize=256)
def phrases(part: str, name: str) -> frozenset[str]:
    """One list of `grammar.toml` as a set."""
    return frozenset(_grammar()[part][name])


@lru_cache(maxsize=256)
def ordered(part: str, name: str) -> tuple[str, ...]:
    """One list of `grammar.toml` in its own order."""
    return tuple(_grammar()[part][name])


@lru_cache(maxsize=256)
def renamed(part: str, name: str) -> Mapping[str, str]:
    """One table of `grammar.toml`: a phrase, and the one that stands for it."""
    return MappingProxyType(dict(_grammar()[part][name]))


@lru_cache(maxsize=256)
def openings(part: str, *names: str) -> Openings:
    """Lists of `grammar.toml` as line openings."""
    return Openings(phrase for name in names for phrase in _grammar()[part][name])


@lru_cache(maxsize=256)
def holds(part: str, name: str) -> Holds:
    """One list of `grammar.toml` as phrases to find inside a line."""
    return Holds(_grammar()[part][name])


@lru_cache(maxsize=1)
def section_names() -> frozenset[str]:
    """Labels that news sites give their sections."""
    return frozenset(_words()["sections"]["names"])


Kind = tuple[str, bool]


@lru_cache(maxsize=1)
def _furniture() -> tuple[dict[str, Kind], Openings, dict[str, Kind], Holds, dict[str, str]]:
    exact: dict[str, Kind] = {}
    starts: dict[str, Kind] = {}
    inner: dict[str, str] = {}
    for row in _words()["furniture"]:
        kind = (row["rule"], row.get("soft", False))
        for phrase in row.get("exact", ()):
            exact.setdefault(_bare(phrase), kind)
        for phrase in row.get("starts", ()):
            starts.setdefault(phrase.strip(), kind)
        for phrase in row.get("holds", ()):
            inner.setdefault(phrase, row["rule"])
    return exact, Openings(starts), starts, Holds(inner), inner


def _bare(phrase: str) -> str:
    return re.sub(r"^[\W_]+|[\W_]+$", "", phrase)


def is_label(key: str) -> bool:
    """Whether a text is one of the whole lines that sites put beside their stories."""
    return key in _furniture()[0]


def furniture(key: str, words: int, tokens: frozenset[str]) -> Kind:
    """The rule that takes a line with this key, and whether only outside a story; an empty rule if none does."""
    exact, opened, starts, held, inner = _furniture()
    if key in exact:
        return exact[key]
    if words <= _OPENING and key[:2] in opened.starts:
        opening = opened.find(key)
        if opening:
            return starts[opening]
    if words <= MAX_WORDS and not held.words.isdisjoint(tokens):
        phrase = held.find(key, tokens)
        if phrase:
            return inner[phrase], False
    return "", False


@lru_cache(maxsize=1)
def listed_words() -> frozenset[str]:
    """The words that any list but the stop words' asks a line for: few lines have one, and each list asks these alone.

    To ask six lists for each word of a paragraph takes 3 µs, of which a line has some 50 in all.
    """
    held = (holds("captions", "credits"), holds("credits", "holds"), holds("legal", "holds"), _furniture()[3])
    cues = (phrases("cues", name) for name in ("reader", "site", "pictures", "speech"))
    return frozenset().union(*(one.words for one in held), *cues)


@lru_cache(maxsize=1)
def _stop_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in _words()["stop"].items()}


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """The commonest words of all languages that have a list."""
    return frozenset().union(*_stop_words().values())


def language_words(tokens: frozenset[str]) -> int:
    """How many of a line's words are among the commonest of some language."""
    return len(tokens & stop_words())


def language_of(text: str) -> str:
    """The language (ISO 639, as BCP 47 has it) that a text's script or its commonest words tell; empty unless plain.

    A word counts the less the more languages have it among their commonest: it is the few that differ which tell
    Danish from Norwegian.
    """
    text = text[:4000]
    script = _by_script(text[:SCRIPT].casefold())
    if script:
        return script
    if len(text) > 2 * SAMPLE:  # only both ends are folded: signs outside ASCII take their time
        first, last = text[:SAMPLE].casefold()[:SAMPLE], text[-SAMPLE:].casefold()[-SAMPLE:]
        language = _by_words(first.rpartition(" ")[0], SURE)
        if language and language == _by_words(last.partition(" ")[2], SURE):
            return language
    return _by_words(text.casefold(), 1.0)


def is_told_by_words(language: str) -> bool:
    """Whether `language_of` can tell this language, so that another answer means that a text is not in it."""
    return language in _stop_words() or language in _scripts()


def _by_words(text: str, surely: float) -> str:
    """The language that a text's commonest words tell `surely` times as plainly as they have to."""
    words = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    if len(words) < FEWEST:
        return ""
    weights = _weights()
    tokens = Counter(filter(weights.__contains__, words))
    scores: dict[str, float] = {}
    for word in sorted(tokens):  # sums of floats hang on their order
        languages = weights[word]
        share = tokens[word] / len(languages)
        for language in languages:
            scores[language] = scores.get(language, 0.0) + share
    if not scores:
        return ""
    ranked = sorted(((score, language) for language, score in scores.items()), reverse=True)
    (best, language), (second, _) = (*ranked, (0.0, ""))[:2]
    usual = _stop_words()[language]
    known = sum([count for word, count in tokens.items() if word in usual])
    return language if known >= surely * SHARE * len(words) and best >= surely * CLEAR * second else ""


_ASCII = bytes(range(128))
SAMPLE = 500
"""Signs at both ends of a text that tell its language where both plainly tell the same, as on 482 of 512 pages."""
SURE = 1.5
"""How many times as plainly as a whole text."""
SCRIPT = 800
"""Signs of a text that its script is read from."""
FEWEST = 12
"""Words from which a language can be told."""
SHARE = 0.12
"""The share of a text's words that are among its language's commonest."""
CLEAR = 1.25
"""How many times the next language's score the best must have."""


@lru_cache(maxsize=1)
def _weights() -> dict[str, tuple[str, ...]]:
    """For each of the commonest words, the languages that have it."""
    found: dict[str, list[str]] = {}
    for language, words in _stop_words().items():
        for word in words:
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


def _by_script(text: str) -> str:
    """The language of a script that is only its own, where at least half of the letters are of it."""
    text = text[:SCRIPT]
    # Most texts have a few signs outside ASCII; to look through them alone takes a tenth.
    others = text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")
    if not others or not _any_script().search(others):
        return ""
    letters = sum(map(str.isalpha, text))
    counts = {language: len(pattern.findall(text)) for language, pattern in _scripts().items()}
    if counts["ja"] + counts["zh"] >= 0.5 * letters and letters:
        return "ja" if counts["ja"] >= 0.05 * letters else "zh"
    return next((language for language, count in counts.items() if letters and count >= 0.5 * letters), "")


@lru_cache(maxsize=1)
def _any_script() -> re.Pattern[str]:
    return re.compile(f"[{''.join(_words()['scripts'].values())}]")


@lru_cache(maxsize=1)
def _scripts() -> dict[str, re.Pattern[str]]:
    return {language: re.compile(f"[{signs}]") for language, signs in _words()["scripts"].items()}
