"""One line's shortcodes and template tags (Hugo, Jekyll's Liquid, Zola, Eleventy) → Markdown, or out under a rule.

What a generator's own codes mean stands in `codes.toml`. A code that is not known leaves the body where it is all of
its line, and stays as text where it stands in a sentence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files

_CODE = re.compile(
    r"\{\{[<%]\s*(?P<end>/?)\s*(?P<name>[\w/.-]+)(?P<given>[^{}]{0,2000}?)/?\s*[>%]\}\}"  # Hugo
    r"|\{\{\s*(?P<call>\w+)\((?P<args>[^{}]{0,2000}?)\)\s*\}\}"  # Zola
    r"|\{%-?\s*(?P<tag>\w+)(?P<rest>[^{}]{0,2000}?)-?%\}"  # Liquid, Nunjucks, Zola
    r"|\{\{-?\s*(?P<value>[^{}]{1,500}?)\s*-?\}\}"
)
_ARGUMENT = re.compile(
    r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`|([^\s,\"')]+))|\"([^\"]*)\"|'([^']*)'|([^\s,\"'=)]+)"
)
_PATH = re.compile(r"['\"]([^'\"]+)['\"]\s*\|\s*(?:relative_url|absolute_url|url|prepend:\s*site\.\w+)\b.*")
_SITE = re.compile(r"site\.(?:baseurl|url|github\.url)")
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}")
RAW, END_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}"), re.compile(r"\{%-?\s*endraw\s*-?%\}")
"""Between these stands what looks like codes and is text."""
_PELICAN = re.compile(r"(\]\(\s*<?|\]:\s*<?)[{|](?:(static|author|category|tag|index)|filename|attach|photo)[}|](/?)")
_CONTENTS = re.compile(r"\s*\{:\s*[^{}\n]{0,100}\btoc\b[^{}\n]{0,100}\}\s*")
_ITEM = re.compile(r"\s{0,3}(?:[*+-]|\d{1,3}[.)])\s+\S[^\n]{0,60}")
_TEASER = re.compile(r"\s*<!--\s*(?:more|excerpt|endexcerpt|readmore|end_excerpt)\s*-->\s*", re.IGNORECASE)
_KRAMDOWN = re.compile(r"\s*\{:\s?[^{}\n]{0,300}\}")
_OPENERS = {
    "<!--": "-->",
    "{% comment %}": "{% endcomment %}",
    "{/*": "*/}",
    "<script": "</script>",
    "<style": "</style>",
}
HIDERS = tuple(_OPENERS.values())
"""What ends a part that no reader of the former site saw."""


@lru_cache(maxsize=1)
def _codes() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads(files(__package__).joinpath("codes.toml").read_text("utf-8"))
    return table


def without_hidden(line: str, hidden: str, later: Collection[str]) -> tuple[str, str]:
    """A line without comments and scripts, and what ends one that goes on in the next line.

    `hidden` is what ends one that was open before. One that nothing ends is none: of `later` are the ends that come
    below this line.
    """
    if not hidden and _TEASER.fullmatch(line):
        return "", ""
    out = ""
    while True:
        if hidden:
            _, found, line = line.partition(hidden)
            if not found:
                return out, hidden
        starts = [(line.find(opener), opener) for opener in _OPENERS if opener in line]
        ended = [(at, one) for at, one in starts if _OPENERS[one] in later or line.find(_OPENERS[one], at) >= 0]
        code = line.find("`")
        if not ended or 0 <= code < min(ended)[0]:
            return out + line, ""
        at, opener = min(ended)
        out, line, hidden = out + line[:at], line[at + len(opener) :], _OPENERS[opener]


def is_seed_of_contents(line: str, below: str) -> bool:
    """Whether a list's item is only there for kramdown to put a table of contents in its place (`{:toc}`)."""
    return bool(_CONTENTS.fullmatch(below) and _ITEM.fullmatch(line))


def translate(line: str) -> tuple[str, str]:
    """A line without foreign codes, and the rule by which one that is now empty came to nothing."""
    if "](|" in line or "]: |" in line:
        line = _PELICAN.sub(_without_mark, line)
    if "{" not in line:
        return line, ""
    line = _PELICAN.sub(_without_mark, line)
    last = max((match.end() for match in END_RAW.finditer(line)), default=0) if "raw" in line else 0
    # Not behind the last end: many beginnings there would each be looked through to the end of the line.
    if last and _RAW.search(line, 0, last):
        parts = enumerate([*_RAW.split(line[:last]), "", line[last:]])
        return "".join([part if number % 2 else translate(part)[0] for number, part in parts]), ""
    alone = not _CODE.sub("", line).strip()
    rule = ""
    if "{:" in line and "`" not in line:
        kept = _KRAMDOWN.sub("", line)
        rule = "layout mark of its generator" if not kept.strip() else ""
        line = kept
    if "`" in line and not alone:
        return line, rule  # an inline code may be about these very signs
    made = _CODE.sub(lambda match: _translate(match, alone), line)
    return made, rule or ("shortcode of its generator" if alone and not made.strip() else "")


def _without_mark(match: re.Match[str]) -> str:
    """Pelican's `{static}/x.jpg` is a path from the root of the site, `{filename}/x.md` one among its sources."""
    return f"{match[1]}{match[3] if match[2] else ''}"


def _translate(match: re.Match[str], alone: bool) -> str:
    if match["value"]:
        path = _PATH.fullmatch(match["value"].strip())
        return path[1] if path else "" if alone or _SITE.fullmatch(match["value"].strip()) else match[0]
    name = match["name"] or match["call"] or match["tag"] or ""
    given = match["given"] or match["args"] or match["rest"] or ""
    name = name.rpartition("/")[2].removesuffix(".html")
    if match["end"] or (match["tag"] and name.startswith("end")):
        return _codes()["end"].get(name.removeprefix("end"), "" if alone or match["end"] else match[0])
    arguments = _arguments(given)
    if name in _codes()["drop"]:
        return ""
    if name in _codes()["begin"]:
        return _codes()["begin"][name].format(arguments.get("0", ""))
    if name in _codes()["picture"]:
        return _picture(arguments) or ("" if alone else match[0])
    if name in _codes()["reference"]:
        return arguments.get("0") or arguments.get("path", "")
    if name in _codes()["address"]:
        key = arguments.get("id") or arguments.get("1" if name in _codes()["second"] else "0") or arguments.get("0", "")
        if re.fullmatch(r"[\w-]{1,100}(?:/[\w-]{1,100})?", key):
            address = _codes()["address"][name].format(key)
            if re.fullmatch(r"\w{1,30}", user := arguments.get("user", ""), re.ASCII):
                address = address.replace("/i/status/", f"/{user}/status/")
            return f"[{address}]({address})"
    address = next((value for value in arguments.values() if re.fullmatch(r"https?://[^\s<>()]+", value)), "")
    if alone and address:
        return f"[{address}]({address})"
    return "" if alone else match[0]


def _arguments(given: str) -> dict[str, str]:
    """Named arguments by name, the others by their number."""
    found: dict[str, str] = {}
    number = 0
    for match in _ARGUMENT.finditer(given):
        name, *values = match.groups()
        text = next((value for value in values if value is not None), "")
        if name:
            found.setdefault(name, text)
        else:
            found.setdefault(str(number), text)
            number += 1
    return found


def _picture(arguments: dict[str, str]) -> str:
    source = next((arguments[key] for key in ("src", "url", "path", "image", "0") if arguments.get(key)), "")
    if not source or re.search(r"[\s<>()]", source):
        return ""
    words = [" ".join(arguments.get(key, "").split()) for key in ("title", "caption", "attr")]
    caption = ""
    for text in dict.fromkeys(filter(None, words)):
        caption += f"{' ' if caption[-1:] in '.!?…' else '. '}{text}" if caption else text
    alt = " ".join((arguments.get("alt") or words[1] or words[0] or arguments.get("1", "")).split())
    quoted = caption.replace('"', "&quot;")
    title = f' "{quoted}"' if caption else ""
    label = re.sub(r"([\[\]])", r"\\\1", alt)
    return f"![{label}]({source}{title})"
