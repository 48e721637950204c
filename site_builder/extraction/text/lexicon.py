"""The word lists of `words.toml` and `grammar.toml`, read once, with the few ways to ask them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

MAX_WORDS = 80
"""Longer lines are no furniture, whatever they hold."""
_OPENING = 45
"""The longest line, in words, that its first words may condemn."""


class Openings:
    """A set of line openings that answers which one a text starts with; an opening ends at a word's end."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)):
            self._by_start.setdefault(phrase[:2], []).append(phrase)

    def find(self, text: str) -> str:
        """The longest opening of `text` (already case folded), or an empty text."""
        for phrase in self._by_start.get(text[:2], ()):
            if text.startswith(phrase):
                after = text[len(phrase) : len(phrase) + 1]
                if not (after.isalnum() and phrase[-1].isalnum()):
                    return phrase
        return ""


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
def openings(part: str, *names: str) -> Openings:
    """Lists of `grammar.toml` as line openings."""
    return Openings(phrase for name in names for phrase in _grammar()[part][name])


@lru_cache(maxsize=1)
def section_names() -> frozenset[str]:
    """Labels that news sites give their sections."""
    return frozenset(_words()["sections"]["names"])


@lru_cache(maxsize=1)
def _furniture() -> tuple[
    dict[str, tuple[str, bool]], Openings, dict[str, tuple[str, bool]], tuple[tuple[str, str], ...]
]:
    exact: dict[str, tuple[str, bool]] = {}
    starts: dict[str, tuple[str, bool]] = {}
    holds: list[tuple[str, str]] = []
    for row in _words()["furniture"]:
        kind = (row["rule"], row.get("soft", False))
        for phrase in row.get("exact", ()):
            exact.setdefault(_bare(phrase), kind)
        for phrase in row.get("starts", ()):
            starts.setdefault(phrase.strip(), kind)
        holds += [(phrase, row["rule"]) for phrase in row.get("holds", ())]
    return exact, Openings(starts), starts, tuple(holds)


def _bare(phrase: str) -> str:
    return re.sub(r"^[\W_]+|[\W_]+$", "", phrase)


@lru_cache(maxsize=65536)
def furniture(key: str, words: int) -> tuple[str, bool]:
    """The rule that takes a line with this key, and whether only outside a story; an empty rule if none does."""
    exact, opened, starts, holds = _furniture()
    if key in exact:
        return exact[key]
    if words <= _OPENING:
        opening = opened.find(key)
        if opening:
            return starts[opening]
    if words <= MAX_WORDS:
        for phrase, rule in holds:
            if phrase in key:
                return rule, False
    return "", False


@lru_cache(maxsize=1)
def _stop_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in _words()["stop"].items()}


def language_of(text: str) -> str:
    """The language whose commonest words make up most of the text; empty unless it is plain."""
    tokens = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text[:6000].casefold())
    if len(tokens) < 40:
        return ""
    counts = sorted(
        ((sum(token in words for token in tokens), language) for language, words in _stop_words().items()), reverse=True
    )
    (best, language), (second, _) = counts[:2]
    return language if best >= 0.15 * len(tokens) and best >= 1.3 * second else ""
