"""What a template draws in, and the digest by which the pages follow it: of its own text and of all that it names."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from .errors import SiteError, system_error
from .theme import Theme

_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_REFERENCE = re.compile(r"{%[-+]?\s*(?:extends|include|import|from)\s+(.*?)[-+]?%}", re.DOTALL)
_SHARED = re.compile(r"\bshared\(\s*[\"']([^\"']+)[\"']")
_LISTING = re.compile(r"\blisting\(")
_QUOTED = re.compile(r"\"([^\"]+)\"|'([^']+)'")
_NAMES = re.compile(
    r"(\"[^\"]+\"|'[^']+'|[\[(](?:\s*(?:\"[^\"]+\"|'[^']+')\s*,?)+\s*[\])])\s*(?:$|ignore\s|with|as\s|import\s)"
)


def digest(chosen: Theme, template: str) -> bytes:
    """Changes when the template or anything that it extends, includes or imports changes, or moves in the chain."""
    if not _find(chosen, template):
        raise SiteError(f"theme {chosen.name} has no template '{template}'", hint="let it extend broadsheet or lite")
    made = hashlib.blake2b(digest_size=16)
    for name in sorted(closure(chosen, template)):
        made.update(f"{name}\0{_text(chosen, name)}\0{_find(chosen, name) is None}\0".encode())
    return made.digest()


def closure(chosen: Theme, template: str) -> set[str]:
    """A template and all that it draws in, and these in turn."""
    seen: set[str] = set()
    waiting = [template]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(_references(chosen, name))
    return seen


@lru_cache(maxsize=512)
def _references(chosen: Theme, name: str) -> tuple[str, ...]:
    """The templates that one draws in; kept, as most draw in the same. Raises SiteError for one that is named by a value and not in quotes.

    What a page is made of must be known without making it, or a change would not be seen.
    """
    path = _find(chosen, name)
    found: list[str] = []
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), _text(chosen, name))
    for reference in _REFERENCE.finditer(text):
        names = _NAMES.match(reference[1])
        if not names:
            line = text.count("\n", 0, reference.start()) + 1
            raise SiteError("names a template by a value", f"{path}:{line}", "write the template's name in quotes")
        found += [quoted[1] or quoted[2] for quoted in _QUOTED.finditer(names[1])]
    found += _SHARED.findall(text)
    if _LISTING.search(text):
        found.append("card.html")
    return tuple(found)


@lru_cache(maxsize=512)
def _text(chosen: Theme, name: str) -> str:
    """A template's text; empty for one that does not exist, which may be drawn in with `ignore missing`."""
    path = _find(chosen, name)
    try:
        return path.read_text("utf-8") if path else ""
    except OSError as error:
        raise system_error(error, path or "", "can't be read") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"is not UTF-8: {error}", str(path), "save it as UTF-8") from error


@lru_cache(maxsize=512)
def _find(chosen: Theme, name: str) -> Path | None:
    candidates = [folder / "templates" / name for folder in chosen.folders]
    named, _, rest = name.partition("/")
    for i, folder in enumerate(chosen.folders):
        if rest and folder.name == named:  # `broadsheet/home.html`: from that theme on
            candidates += [below / "templates" / rest for below in chosen.folders[i:]]
    return next((path for path in candidates if path.is_file()), None)
