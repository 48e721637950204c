"""Digests of all articles by row number, which the plan asks for a dozen times an article. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sums:
    """Digests of cards, files and terms by row number: 40 MB for a million articles, asked for twelve million times."""

    _cards: bytes
    _files: bytes
    _terms: bytes = b""
    pictures: str = ""
    """Changes with what pages show of any picture, which the digests of files cover."""

    def terms(self, numbers: Iterable[int]) -> bytes:
        """The digests of what terms these articles have, joined."""
        return b"".join([self._terms[8 * n : 8 * n + 8] for n in numbers])

    @property
    def all(self) -> tuple[bytes, bytes]:
        """The digests of all cards, and of all files."""
        return self._cards, self._files

    def of(self, cards: Sequence[int], files: Sequence[int] = ()) -> bytes:
        """The digests of these cards and files, joined."""
        slices = [self._cards[16 * n : 16 * n + 16] for n in cards]
        return b"".join(slices + [self._files[16 * n : 16 * n + 16] for n in files] if files else slices)
