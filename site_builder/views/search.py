"""The search page, and the lists that its script looks in: scripts themselves, so that they load from a disk too."""

from __future__ import annotations

import json

from .. import finding, locales, urls
from ..context import Context, Draft

# Nothing that could end a script element or a line of a script, wherever a theme may put the text.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def search(context: Context) -> Draft:
    """The page: a field where scripts run, and for everybody the ways to all indexes."""
    said, data = context.said, context.data
    ways = [{"title": said.text(kind), "url": urls.index(kind), "total": total} for kind, total in data["kinds"]]
    return context.html(
        "search.html",
        said.text("search"),
        said.text("search_scope"),
        **{**data, "kinds": context.facts.kinds, "ways": ways, "calendar": context.site.pages.calendar},
    )


def start(context: Context) -> bytes:
    """What the script must know before it looks: kinds, letters, scripts and names of months."""
    language = context.site.site.language
    kinds = [[kind, context.said.text(kind)] for kind in context.data["kinds"]]
    months = {finding.fold(name): number for name, number in _months(language).items()}
    fillers = [finding.fold(str(word)) for word in _fillers()]
    values = (
        kinds,
        finding.letters(),
        finding.NO_SPACES,
        months,
        fillers,
        context.data["dates"] and context.site.pages.calendar,
    )
    return _script("start", *values)


def listed(context: Context) -> bytes:
    """One list, under the name by which the script asks for it."""
    return _script(context.data["key"], *context.data["values"])


def _script(key: str, *values: object) -> bytes:
    told = ",".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in (key, *values))
    return f"finder({told.translate(_ESCAPES)})\n".encode()


def _months(language: str) -> dict[str, int]:
    """Names of months in many languages. What means two different months is that of the site's language, or nothing."""
    found: dict[str, int] = {}
    lost: set[str] = set()
    for other in locales.LANGUAGES:
        for number, name in locales.month_names(other):
            key = finding.fold(name)
            if found.setdefault(key, number) != number:
                lost.add(key)
    own = {finding.fold(name): number for number, name in locales.month_names(language)}
    kept = {name: number for name, number in found.items() if name not in lost}
    # `8月` and `J` are no names.
    return {name: n for name, n in sorted({**kept, **own}.items()) if len(name) > 1 and not name[0].isdigit()}


def _fillers() -> list[object]:
    words = finding.table()["dates"]["fillers"]
    return list(words) if isinstance(words, list) else []
