"""Section, tags, summary, publication and language, as a page states them for machines."""

from __future__ import annotations

import re

from site_builder.extraction.html.headline import site_name
from site_builder.extraction.html.statements import Statements, plain, texts, types
from site_builder.vocabulary.lexicon import phrases

TAGS = 40
CODES = 5
"""How many tags like `AERO` or `INDS08` are an agency's codes, where three of four are."""
_LABEL = re.compile(
    r"(?:nlp )?(?:categor(?:y|ies)|sections?|topics?|tags?|keywords?|subjects?|organi[sz]ations?|persons?|people"
    r"|places?|locations?|entity tokens)(?:: +|/)",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"\w+:\S|\d{5,}$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,8}$")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_SECTIONS = (
    "article:section", "parsely-section", "og:article:section", "section", "cxenseparse:section", "dc.subject.section",
    "sailthru.section", "category",
)  # fmt: skip
_TAGS = ("article:tag", "og:article:tag", "parsely-tags", "news_keywords", "sailthru.tags", "keywords")


def publication_of(said: Statements) -> str:
    """The outlet's name."""
    return site_name(said)


def section_of(said: Statements) -> str:
    """The section that the page says its article is in: the first of JSON-LD's, or a meta element's."""
    stated = [*texts(said.article.get("articleSection")), *(plain(said.first(name)) for name in _SECTIONS)]
    names = [name.split(",")[0].strip() if "," in name and ", " not in name else name for name in stated]
    return next((name for name in names if _is_section(name, said)), "") or _trail(said)


def _is_section(name: str, said: Statements) -> bool:
    """Whether readers would know it as one: not the site itself, its front page, or a system's word for all it has."""
    if not 0 < len(name) <= 60 or name.startswith("http") or ("_" in name and " " not in name):
        return False
    folded = name.casefold()
    return folded not in phrases("sources", "no_sections") and folded not in (site_name(said).casefold(), _host(said))


def _host(said: Statements) -> str:
    """The site's host as the page's address has it; empty without one. `urlsplit` would refuse a broken address."""
    return said.url.partition("://")[2].partition("/")[0].lower()


def _trail(said: Statements) -> str:
    """The first step below the home page of JSON-LD's trail of breadcrumbs."""
    own = {plain(str(said.article.get("headline") or "")), said.first("og:title"), site_name(said)}
    for node in said.nodes:
        steps = node.get("itemListElement")
        if "BreadcrumbList" not in types(node) or not isinstance(steps, list):
            continue
        names = [
            name
            for step in steps[:20]
            if isinstance(step, dict)
            for name in texts(step.get("name") or step.get("item"))
        ]
        names = [name for name in names if name.casefold() not in phrases("sources", "home") and name not in own]
        names = [name for name in names if _is_section(name, said)]
        if len(steps) > 1 and names and len(names[0]) <= 40:
            return names[0]
    return ""


def tags_of(said: Statements) -> tuple[str, ...]:
    """Keywords for readers: those of JSON-LD, else of the first meta element that has any."""
    host = _host(said)
    found = _readable(_split(texts(said.article.get("keywords"))), host)
    for name in () if found else _TAGS:
        found = _readable(_split([plain(text) for text in said.all(name)]), host)
        if found:
            break
    return found[:TAGS]


def _readable(stated: list[str], host: str) -> tuple[str, ...]:
    """Tags without the labels, numbers, desk codes and the site's own name that systems put there for each other."""
    tags = [_LABEL.sub("", tag) for tag in stated if not ("." in tag and host.endswith(tag.lower()))]
    tags = [tag for tag in tags if 1 < len(tag) <= 60 and not _MACHINE.match(tag)]
    coded = sum(bool(_CODE.match(tag)) for tag in tags)
    if coded >= CODES and coded * 4 >= len(tags) * 3:  # a page about the EU and NATO has two or three
        tags = [tag for tag in tags if not _CODE.match(tag)]
    return tuple(dict.fromkeys(tags))


def _split(stated: list[str]) -> list[str]:
    if len(stated) != 1:
        return [text.strip() for text in stated if text.strip()]
    parts = re.split(r"[,;|]", stated[0])
    return [part.strip() for part in parts if part.strip()]


def summaries_of(said: Statements) -> tuple[str, ...]:
    """What the page says that the article is about, the fullest statement first."""
    names = ("description", "og:description", "twitter:description", "sailthru.description", "dc.description")
    stated = [plain(text) for name in names for text in said.all(name)]
    stated = [*texts(said.article.get("description")), *stated]
    return tuple(sorted(dict.fromkeys(text for text in stated if len(text) >= 30), key=lambda text: -len(text)))


def language_of_page(said: Statements) -> str:
    """The language as BCP 47, as the page's root, JSON-LD or a meta element has it; empty for what is no tag."""
    stated = (
        said.language, str(said.article.get("inLanguage") or ""), said.first("language", "dc.language", "content-language"),
        said.first("og:locale"),
    )  # fmt: skip
    for text in stated:
        if _LANGUAGE.match(text.strip()) and text.lower() not in ("mul", "und", "zxx"):
            parts = re.split(r"[-_]", text.strip())
            return "-".join([parts[0].lower(), *(part.upper() if len(part) == 2 else part for part in parts[1:])])
    return ""
