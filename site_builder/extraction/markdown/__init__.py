"""Markdown of other generators → an article: the body as it is, without the marks that only its generator understands.

Line for line: one that comes to nothing is removed under the name of what it was, every other is the body's. What
stands in fenced code is never looked at.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from site_builder.extraction.markdown import marks, tags
from site_builder.model import Article, Extraction, Record, Verdict

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*")
_RULED = re.compile(r" {0,3}(?:=+|-{2,})\s*")
_MARKS = re.compile(r"[*_`]+|\\(?=[^\w\s])|!?\[|\]\([^)]*\)")


def extract(record: Record, year: str = "", language: str = "") -> Extraction:
    """The article of a Markdown text whose facts came with it, and a verdict for each of its non-blank lines."""
    facts = {key: value for key, value in record.meta.items() if key not in ("url", "retrieved") and value}
    article = replace(Article(title=""), **facts)
    lines = record.text.split("\n")
    made = _clean(lines)
    verdicts = {number: ("body", "as it stands") for number, line in enumerate(lines) if line.strip()}
    for number, line in enumerate(lines):
        if line.strip() and not made[number][0].strip():
            verdicts[number] = ("removed", made[number][1] or "mark of its generator")
    out = [line for line, _ in made]
    article = _with_title(article, out, verdicts, record.file)
    if not article.language:
        article = replace(article, language=language)
    body = "\n".join(_joined(out, verdicts)).strip("\n").rstrip()
    told = tuple(Verdict(number + 1, lines[number].strip(), *verdict) for number, verdict in sorted(verdicts.items()))
    return Extraction(replace(article, body=body), told)


def _joined(out: list[str], verdicts: dict[int, tuple[str, str]]) -> Iterator[str]:
    """The body's lines; where some have gone, the blank lines around them become one."""
    blank = gone = True
    for number, line in enumerate(out):
        if verdicts.get(number, ("body",))[0] != "body":
            gone = True
        elif line.strip() or not (blank and gone):
            yield line
            blank, gone = not line.strip(), False


def _clean(lines: list[str]) -> list[tuple[str, str]]:
    """Each line without foreign marks, and by which rule it lost what it lost."""
    made: list[tuple[str, str]] = []
    ends = {end: max((n for n, line in enumerate(lines) if end in line), default=-1) for end in marks.HIDERS}
    fence = hidden = ""
    raw = False
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence or (mark and not hidden):
            if fence and mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
            elif mark and not fence:
                fence = mark[1]
            made.append((line, ""))
            continue
        if raw and not marks.END_RAW.search(line):
            made.append((line, ""))
            continue
        opened = list(marks.RAW.finditer(line))
        raw = bool(opened) and not marks.END_RAW.search(line, opened[-1].end())
        if number + 1 < len(lines) and marks.is_seed_of_contents(line, lines[number + 1]):
            made.append(("", "layout mark of its generator"))
            continue
        text, hidden = marks.without_hidden(line, hidden, [end for end, last in ends.items() if last > number])
        rule = "" if text == line else "comment or script"
        text, why = marks.translate(text)
        text, tag = tags.translate(text)
        made.append((text if text == line else text.rstrip(), why or tag or rule))
    return made


def _with_title(article: Article, out: list[str], verdicts: dict[int, tuple[str, str]], file: str) -> Article:
    """The title from a first heading where the facts have none; a heading that repeats the title leaves the body."""
    first = next((number for number, line in enumerate(out) if line.strip()), None)
    heading, ruled = "", False
    if first is not None:
        match = _HEADING.fullmatch(out[first])
        ruled = not match and first + 1 < len(out) and bool(_RULED.fullmatch(out[first + 1]))
        heading = _plain(match[1] if match else out[first] if ruled else "")
    if first is not None and heading and (not article.title or heading.casefold() == article.title.casefold()):
        for number in (first, first + 1) if ruled else (first,):
            out[number] = ""
            verdicts[number] = ("title", "first heading")
        return replace(article, title=article.title or heading)
    if article.title:
        return article
    stem = article.slug or PurePosixPath(file).stem
    return replace(article, title=" ".join(re.sub(r"[-_]+", " ", stem).split()) or "Untitled")


def _plain(text: str) -> str:
    return " ".join(html.unescape(_MARKS.sub("", text)).split())
