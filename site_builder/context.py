"""What a view gets, and what a template may use: the whole of what a page can show, and no way to anything else."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from . import dates, file_links, link_tags, locales, markup, originals, picture_tags, theme, urls
from .model import Article, Card, Facts, Page
from .pictures import Picture
from .settings import About, Site
from .theme import Markup, escape
from .wording import ENGLISH, Words, spoken

RIGHT_TO_LEFT = frozenset(("ar", "arc", "dv", "fa", "he", "ckb", "ks", "ps", "sd", "ug", "ur", "yi"))

CARD_TEMPLATE = "card.html"


NO_LEADS: Mapping[bytes, str] = {}


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its body, as Markdown and as HTML, for a page that shows it whole. `url` is its site path, `leads`
    the links of the body that lead to articles here: key of the original address (`originals`), and site path.
    """

    article: Article
    url: str
    body: str
    converted: markup.Converted
    leads: Mapping[bytes, str] = field(default_factory=lambda: NO_LEADS)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is the same on many pages of a batch. `linked` are the pages that the masthead links to, home among them;
    `made` has the finished parts by template, way to the root, and the linked page that they are on; `values` are
    those of all templates that depend on no page. `pictures` are those that the articles of the batch show.
    """

    linked: frozenset[str]
    values: Mapping[str, Any]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    made: dict[tuple[str, str, str | None], Markup] = field(default_factory=dict)
    said: Words = field(default_factory=lambda: spoken(ENGLISH))


class Draft(NamedTuple):
    """A page that has its template and all values, and waits to become a text."""

    theme: theme.Theme
    template: str
    values: dict[str, Any]
    common: Mapping[str, Any]

    def made(self) -> bytes:
        """The page. Raises SiteError naming template and line."""
        return theme.render(*self).encode()


@dataclass(frozen=True, slots=True)
class Context:
    """A page with its declared inputs, ready for a view. `problems` collects what the view wants to be told, `way` is
    that to the site's root, with which links begin.
    """

    site: Site
    theme: theme.Theme
    facts: Facts
    page: Page
    data: Mapping[str, Any]
    cards: tuple[Card, ...]
    documents: tuple[Document, ...]
    problems: list[str]
    parts: Parts
    way: str

    @property
    def said(self) -> Words:
        """The words of the interface."""
        return self.parts.said

    def link(self, path: str) -> str:
        """The link from this page to a site path."""
        return urls.link(self.way, path, self.site.urls.index_html)

    def term_link(self, kind: str, name: str) -> str:
        """The link from this page to a term's, by the name that an article has for it."""
        return self.way + _encoded_term(kind, name, self.site.urls.index_html)

    def absolute(self, path: str) -> str:
        """The full address of a site path, for feeds and sitemaps."""
        return urls.absolute(self.site.address, path)

    def body(self, document: Document, absolute: bool = False, lead: bool = True) -> tuple[Markup, bool]:
        """An article's body as safe HTML, with links that work from this page, or from anywhere; and whether it is
        plain, without pictures, tables and code. `lead` is whether its first picture is the first of the page.
        """
        address = self.absolute if absolute else self.link

        seen: dict[str, str] = {}

        def resolve(name: str, value: str) -> str:
            if document.leads and name == "href":  # a link to a file that lay beside the article's
                for key in file_links.keys(value, document.article.source):
                    if key in document.leads:
                        return address(document.leads[key])
            given = self.target(name, value, address)
            if name == "src":
                seen[given] = value
            return given

        converted = document.converted
        made = markup.finish(converted, resolve)
        if document.leads:
            made = link_tags.lead(made, self._archived(document.leads, address))
        if converted.problem:
            self.problems.append(converted.problem)
        if absolute or converted.plain:
            return Markup(made), converted.plain
        if self.parts.values["options"].get("pictures", True):
            return Markup(picture_tags.late(made, lead, lambda src: str(self.sizes(seen.get(src, ""))))), False
        said = html.escape(self.said.text("picture"))
        return Markup(picture_tags.as_links(made, lambda text: said.replace("{text}", text))), False

    def _archived(self, leads: Mapping[bytes, str], address: Callable[[str], str]) -> Callable[[str], tuple[str, str]]:
        """Of a link's address: that of the archive's copy, and what is said of it; empty if there is none."""

        def find(original: str) -> tuple[str, str]:
            there = leads.get(originals.key(original))
            return ("", "") if there is None else (address(there), self.said.text("archived_link", url=original))

        return find

    def sizes(self, value: str) -> Markup:
        """The attributes of a picture that an author named so: its size, and its smaller copies; empty if not known."""
        path = urls.medium(value)
        known = self.parts.pictures.get(path) or Picture()
        copies = [(self.link(urls.smaller(path, width)), width) for width in known.widths]
        return Markup(picture_tags.attributes(known.width, known.height, [*copies, (self.link(path), known.width)]))

    def target(self, name: str, value: str, address: Callable[[str], str] | None = None) -> str:
        """A link target or picture as an author wrote it → what the page carries; empty if it must not."""
        address = address or self.link
        try:
            parts = urlsplit(value)
        except ValueError:  # `http://[`
            return ""
        if parts.scheme not in ("", "http", "https", "mailto"):
            return ""
        if parts.scheme or parts.netloc:
            remote = name == "src" and not self.site.markup.remote_images
            return "" if remote else value
        if not parts.path:
            return value
        path = parts.path.removeprefix("./")
        while path.startswith("../"):
            path = path[3:]
        own = parts.path.startswith("/") or path.startswith("media/")
        if not own:
            return value
        # Values in Markdown may be percent-encoded already, and are judged by what they say when they are not.
        plain = unquote(path.lstrip("/"))
        try:
            urls.output_path(plain)
        except ValueError:
            return ""
        return address(plain) + (f"#{parts.fragment}" if parts.fragment else "")

    def html(self, template: str, title: str, description: str = "", **values: Any) -> Draft:
        """A page from a template. Every template gets the values that are described in README.md, and no others."""
        about = self.site.site
        own = {
            "title": title,
            "description": description or about.description or about.tagline,
            "url": self.page.url,
            "canonical": urls.absolute(about.base_url, self.page.url) if about.base_url else "",
            "root": urls.root(self.page.url),
            "data": self.data,
            "shared": self.shared,
            "listing": self.listing,
            "link": self.link,
            "target": self.target,
            **values,
        }
        return Draft(self.theme, template, own, self.parts.values)

    def shared(self, template: str) -> Markup:
        """A part that every page has, such as the masthead: made once for each depth and each page that it links to.

        Its template gets the settings and `here`, the site path of a page in the navigation (else `None`), and nothing
        of the page itself; `base.html` must name it in a comment so that the digests of pages follow it. Made anew
        for every page, masthead and foot took half of the time of an article's template.
        """
        page = self.page.url
        here = page if page in self.parts.linked else None
        key = (template, self.link(""), here)
        made = self.parts.made.get(key)
        if made is None:
            own = {"here": here, "link": self.link, "target": self.target}
            made = Markup(theme.render(self.theme, template, own, self.parts.values))
            self.parts.made[key] = made
        return made

    def listing(self, cards: Sequence[Card], look: str = "listing", level: int = 2, **shown: bool) -> Markup:
        """A list of cards as HTML. `look` is a class of the list, `level` that of its headings.

        `kicked`, `dated` and `told` show section, day and summary; all are true if they are not named. A card stands
        in a dozen lists at two or three depths, and is made once for each: lists took a third of a build before.
        """
        flags = tuple(shown.get(name, True) for name in ("kicked", "dated", "told"))
        kind = _kind_of_card(self.theme, self.said, self.site.site, self.site.urls.index_html, level, *flags)
        pieces = "".join([_card(kind, card) for card in cards]).replace(_ROOT, urls.root(self.page.url))
        return Markup(f'<ol class="cards {look} h-feed">\n{pieces}</ol>')

    def words(self, date: str) -> str:
        """An EDTF date in words, in the site's language; what is no date (in a note, say) as it stands."""
        return _words(date, self.said)

    def day_name(self, day: str) -> str:
        """A day of the year (`04-12`) in the site's language."""
        return dates.day_name(day, self.site.site.language)

    def month_name(self, month: str) -> str:
        """The name of a month in the site's language."""
        return locales.month_name(month, self.site.site.language)

    def count(self, number: int) -> str:
        """How many articles, in words: `1 article`, `1,234 articles`."""
        return self.said.counted("articles", number)


_ROOT = "\0"
"""Stands in a card for the way to the site's root, so that one is made for all depths; no text of ours has this sign."""


@dataclass(frozen=True, slots=True, eq=False)
class _KindOfCard:
    """What the cards of a list have in common. Each is itself alone: as keys of `_card` they cost nothing."""

    theme: theme.Theme
    index_html: bool
    values: Mapping[str, Any]
    said: Words


@lru_cache(maxsize=64)
def _kind_of_card(
    chosen: theme.Theme, said: Words, site: About, index_html: bool, level: int, kicked: bool, dated: bool, told: bool
) -> _KindOfCard:
    shown = {"level": level, "kicked": kicked, "dated": dated, "told": told, "own": said.language}
    about = {"site": site, "direction": direction, "options": dict(chosen.options)}
    return _KindOfCard(chosen, index_html, {**speech(said), **shown, **about}, said)


@lru_cache(maxsize=32768)
def _card(kind: _KindOfCard, card: Card) -> str:
    """One card of a list, with `_ROOT` before its address."""
    own = kind.said.language
    values = {
        "card": card,
        "href": _ROOT + urls.encode(card.url, kind.index_html),
        "when": dates.words(card.date, own, kind.said),
        "known": machine(card.date),
        "foreign": card.language and card.language != own,
    }
    return theme.render(kind.theme, CARD_TEMPLATE, values, kind.values)


def _words(date: str, said: Words) -> str:
    try:
        return dates.words(date, said.language, said)
    except ValueError:
        return date


@lru_cache(maxsize=8)
def speech(said: Words) -> Mapping[str, Any]:
    """What templates speak with: values that depend on the language alone."""
    language = said.language

    @lru_cache(maxsize=256)
    def text(key: str) -> str:
        return str(escape(said.text(key)))

    @lru_cache(maxsize=4096)
    def form(key: str, number: int) -> str:
        return str(escape(said.form(key, number))).replace("{n}", said.number(number))

    # `Markup.format` does the same, and takes five times as long. Most pages say it of names that others have, too;
    # `typed`, since HTML and a text that looks like it are equal.
    @lru_cache(maxsize=8192, typed=True)
    def t(key: str, **values: Any) -> Markup:
        return Markup(text(key).format(**{name: escape(value) for name, value in values.items()}))

    @lru_cache(maxsize=8192, typed=True)
    def n(key: str, number: int, **values: Any) -> Markup:
        return Markup(form(key, number).format(**{name: escape(value) for name, value in values.items()}))

    return {
        "t": t,
        "n": n,
        "number": said.number,
        "words": lambda date: _words(date, said),
        "count": lambda number: said.counted("articles", number),
        "month_name": lambda month, width="wide": locales.month_name(month, language, width),
        "week_days": locales.week_days(language),
    }


DESCRIBED = 200
"""Letters of a list's description; search engines show some 160."""


def with_headlines(sentence: str, cards: Iterable[Card]) -> str:
    """What a list holds in a sentence, followed by its first headlines, as far as there is room for whole ones."""
    told = sentence
    for card in cards:
        told += f"{' ' if told == sentence else '; '}{card.title}"
        if len(told) > DESCRIBED:
            return told[: -len(card.title) - 1].rstrip(";")
    return told


def machine(date: str) -> str:
    """The value for `<time datetime>`, or an empty text where the date is not known to the day."""
    try:
        return dates.parse(date).machine
    except ValueError:
        return ""


def direction(language: str) -> str:
    """`rtl` or `ltr` by language."""
    return "rtl" if language.lower().replace("_", "-").split("-")[0] in RIGHT_TO_LEFT else "ltr"


def term_url(kind: str, name: str) -> str:
    """The site path of a term by the name that an article has for it."""
    return urls.term(kind, urls.term_slug(name))


@lru_cache(maxsize=16384)
def _encoded_term(kind: str, name: str, index_html: bool) -> str:
    return urls.encode(term_url(kind, name), index_html)


@lru_cache(maxsize=8)
def _csp(remote_images: bool) -> str:
    images = "'self' https: http:" if remote_images else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; media-src 'self'; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )


def csp(site: Site) -> str:
    """The content security policy of every page: nothing from elsewhere, nothing inline."""
    return _csp(site.markup.remote_images)


def source_file(context: Context) -> Path:
    """The file that a `static` or `media` page copies."""
    if context.page.view == "media":
        return context.site.content / str(context.data["path"])
    return theme.static_files(context.theme)[str(context.data["path"])]
