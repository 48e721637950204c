"""Pages that show one article: its own, a standing page, and what stands at an address that it has left."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

from .. import citations, dates, markup, urls, wording
from ..breadcrumbs import trail
from ..context import Context, Draft, machine, term_url
from ..model import Article, Card
from ..theme import Markup, escape, in_script, quoted


def article(context: Context) -> Draft:
    """The article's page, with its neighbours in time."""
    document = context.documents[0]
    shown = document.article
    card = context.cards[0]
    about = context.site.site
    date = dates.parse(shown.date)
    text = document.body
    words = text.count(" ") + text.count("\n") // 2 + 1 if text and not text.isspace() else 0
    pictures = [(image, context.target("src", image.src) if image.src else "") for image in shown.images]
    held = [(image, src) for image, src in pictures if src]
    rendered, plain = context.body(document, lead=not held)
    body, ran_in = _with_dateline(rendered if plain else _scrolling(context, rendered), shown.dateline)
    # A preview wants a full address, and none that the site would not load itself.
    social = context.target("src", held[0][0].src, context.absolute) if held and about.base_url else ""
    when = context.words(shown.date)
    original = shown.source.url if shown.source.url.startswith(("https://", "http://")) else ""
    neighbours = {
        name: context.cards[place] if place else None for name, place in context.data.items() if name in _WAYS
    }
    return context.html(
        "article.html",
        shown.title,
        _described(card, when),
        article=shown,
        card=card,
        when=when,
        mark=_mark(card),
        year="" if date.qualifier else date.year,
        body=body,
        coded=not plain and _CODE in body,
        dateline="" if ran_in else shown.dateline,
        authors=_terms(context, "authors", shown.authors),
        terms=[
            (kind, context.said.text(kind), _terms(context, kind, names))
            for kind, names in (
                ("tags", shown.tags),
                ("people", shown.people),
                ("places", shown.places),
                ("organizations", shown.organizations),
            )
            if names
        ],
        pictures=[(image, src, context.sizes(image.src)) for image, src in held],
        captions=[image for image, src in pictures if not src and (image.caption or image.alt)],
        minutes=max(1, round(words / 230)),
        json_ld=_json_ld(context, shown, card, words, social),
        social=social,
        social_size=context.parts.pictures.get(urls.medium(held[0][0].src)) if social else None,
        slashed=citations.slashed(shown.date),
        citations=_citations(context, shown, card, original),
        section_url=_address(context, "sections", shown.section)
        if shown.section and "sections" in context.facts.kinds
        else "",
        original=original,
        language=shown.language or about.language,
        says_correction=_says_correction,
        kinds_of_media={kind: context.said.text(kind) for kind in ("video", "audio")},
        clock=_clock,
        **trail(context, _crumbs(context, shown), shown.title),
        **neighbours,
    )


def _described(card: Card, when: str) -> str:
    """The summary for search engines, then outlet and date: two papers' cuts of one wire story begin alike."""
    known = ", ".join(part for part in (card.publication, when) if part)
    return " – ".join(part for part in (card.summary or card.title, known) if part)


def _mark(card: Card) -> str:
    """What tells an article from others of its day with its title: the number or id that its address ends with."""
    name = card.url.rpartition("/")[2].removesuffix(".html")
    # Nearly all end with a word: the title's path part, which is not kept by then, need not be made for them.
    if card.id not in name and not _NUMBER.fullmatch(name.rpartition("-")[2]):
        return ""
    rest = name.removeprefix(f"{urls.slugify(card.title)}-")
    return rest if rest != name and _NUMBER.fullmatch(rest.removeprefix(card.id)) else ""


_NUMBER = re.compile(r"\d{0,4}|[0-9a-f]{8}")


_CODE = 'class="highlight"'
"""What highlighted code begins with, which has a stylesheet of its own."""


def _with_dateline(body: Markup, dateline: str) -> tuple[Markup, bool]:
    """The body with its dateline at the start of the first paragraph, in an element of its own; whether it has one.

    Imported stories say it there already, in words that stay; to others it is added, with a dash.
    """
    place = html.escape(dateline, quote=False)
    if not place or not body.startswith("<p>"):
        return body, False
    start = len("<p>")
    end = start + len(place)
    said = body[start:end] == place and body[end : end + 2].strip()[:1] in tuple(",.:(-–—")
    shown, rest = (body[start:end], body[end:]) if said else (place, f" — {body[start:]}")
    return Markup(f'<p><span class="dateline">{shown}</span>{rest}'), True


def _scrolling(context: Context, body: Markup) -> Markup:
    """The body with each table in an element that scrolls by itself, by keyboard too, where a screen is too narrow."""
    if "<table>" not in body:
        return body
    name = html.escape(context.said.text("table"))
    start = f'<div class="scroll" role="group" aria-label="{name}" tabindex="0"><table>'
    return Markup(str(body).replace("<table>", start).replace("</table>", "</table></div>"))


def _says_correction(text: str) -> bool:
    """Whether a note begins with the word for a correction, in any language that the program speaks."""
    return text.casefold().startswith(wording.everywhere("correction"))


def _clock(duration: str) -> str:
    """`PT1M32S` → `1:32`, as players show it in every language."""
    parts = _DURATION.fullmatch(duration)
    if not parts:
        return duration
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


_DURATION = re.compile(r"PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?")


def _terms(context: Context, kind: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Names with the links to their pages, which are empty where the kind has none."""
    if kind not in context.facts.kinds:
        return [(name, "") for name in names]
    if kind in context.data.get("preferred", ()):
        return [(name, context.link(_address(context, kind, name))) for name in names]
    return [(name, context.term_link(kind, name)) for name in names]


def _address(context: Context, kind: str, name: str) -> str:
    """The site path of a term's page; of a variant that of the name which stands for it."""
    preferred = context.data.get("preferred", {}).get(kind)  # of few articles, so that the others' slugs are asked once
    slug = preferred.get(urls.term_slug(name)) if preferred else None
    return urls.term(kind, slug) if slug else term_url(kind, name)


_WAYS = ("prev", "next", "section_prev", "section_next")


def _crumbs(context: Context, shown: Article) -> list[tuple[str, str]]:
    """Name and site path of the fronts above an article: year, month, day as far as they are known."""
    date = dates.parse(shown.date)
    if not date.bucket:
        return [(context.said.text("undated"), urls.UNDATED)]
    if not context.site.pages.calendar:
        return []
    names = [date.year, context.month_name(date.month) if date.month else "", date.day.lstrip("0")]
    return [(names[i], urls.front(*date.bucket[: i + 1])) for i in range(len(date.bucket))]


def _citations(context: Context, shown: Article, card: Card, original: str) -> dict[str, Any]:
    """Name of each style and how it cites the article: `styles` as HTML, `files` as texts to be saved."""
    about = context.site.site
    here = context.absolute(card.url) if about.base_url else ""
    own = about.title == shown.publication  # a paper's archive of itself: its address is the original one
    work = citations.Work(
        shown.title,
        card.id,
        shown.authors,
        shown.agencies,
        shown.publication,
        dates.without_time(shown.date),
        (here or original) if own else original,
        "" if own else here,
        "" if own else about.title,
        shown.section,
        shown.language or about.language,
        card.summary,
        shown.tags,
    )
    said = context.said
    texts = [citations.chicago(work, said), citations.mla(work, said), citations.apa(work, said)]
    return {
        "styles": list(zip(("Chicago", "MLA", "APA"), _cited(texts), strict=True)),
        "files": [("BibTeX", citations.bibtex(work)), ("RIS", citations.ris(work))],
    }


def _cited(texts: list[str]) -> list[Markup]:
    """Citations as HTML: escaped in one piece, with a sign between them that no text of ours has."""
    escaped = str(escape("\0".join(texts))).replace(citations.ITALICS, "<cite>").replace(citations.UPRIGHT, "</cite>")
    return [Markup(text) for text in escaped.split("\0")]


def _json_ld(context: Context, shown: Article, card: Card, words: int, image: str) -> Markup:
    """schema.org NewsArticle, with what is known and nothing else.

    Put together here, since a general encoder takes twice as long over the same twenty texts.
    """
    about = context.site.site
    publisher = shown.publication or about.publisher
    address = context.absolute(card.url) if about.base_url else ""
    mentions = [
        f'{{"@type":"{kind}","name":{quoted(name)}}}'
        for kind, names in (("Person", shown.people), ("Place", shown.places), ("Organization", shown.organizations))
        for name in names
    ]
    authors = [_person(context, name) for name in shown.authors] or [_organization(name) for name in _group(shown)]
    values = (
        ("headline", shown.title and quoted(shown.title)),
        ("description", card.summary and quoted(card.summary)),
        ("datePublished", _quoted_moment(shown.date)),
        ("dateModified", shown.updated and _quoted_moment(shown.updated)),
        ("dateline", shown.dateline and quoted(shown.dateline)),
        ("articleSection", shown.section and quoted(shown.section)),
        ("wordCount", str(words)),
        ("inLanguage", quoted(shown.language or about.language)),
        ("keywords", shown.tags and f"[{','.join(map(quoted, shown.tags))}]"),
        ("author", authors and f"[{','.join(authors)}]"),
        ("mentions", mentions and f"[{','.join(mentions)}]"),
        ("publisher", publisher and _organization(publisher)),
        ("provider", _organization(about.title)),
        ("isBasedOn", shown.source.url and quoted(shown.source.url)),
        ("identifier", quoted(card.id)),
        ("image", image and quoted(image)),
        ("url", address and quoted(address)),
        ("mainEntityOfPage", address and quoted(address)),
        ("isAccessibleForFree", "true"),
    )
    known = ",".join([f'"{key}":{text}' for key, text in values if text])
    return in_script(f'{{"@context":"https://schema.org","@type":"NewsArticle",{known}}}')


def _quoted_moment(date: str) -> str:
    moment = machine(date)
    return moment and quoted(moment)


def _person(context: Context, name: str) -> str:
    """An author, with the page of what the archive has of theirs."""
    page = context.site.site.base_url and "authors" in context.facts.kinds
    url = f',"url":{quoted(context.absolute(_address(context, "authors", name)))}' if page else ""
    return f'{{"@type":"Person","name":{quoted(name)}{url}}}'


@lru_cache(maxsize=8192)
def _organization(name: str) -> str:
    return f'{{"@type":"Organization","name":{quoted(name)}}}'


def _group(shown: Article) -> tuple[str, ...]:
    """Who stands for an unsigned article, as in its citations: the agencies, or the paper."""
    return shown.agencies or ((shown.publication,) if shown.publication else ())


def standing(context: Context) -> Draft:
    """A standing page, such as the one about the archive."""
    document = context.documents[0]
    shown = document.article
    body, plain = context.body(document)
    return context.html(
        "page.html",
        shown.title,
        shown.summary or markup.opening(document.body),
        article=shown,
        body=_scrolling(context, body),
        coded=not plain and _CODE in body,
        language=shown.language or context.site.site.language,
    )


def redirect(context: Context) -> Draft:
    """At a former address: the way to the present one, which works without a server."""
    card = context.cards[0]
    return context.html("redirect.html", card.title, card=card, to=context.data["to"])


def tombstone(context: Context) -> Draft:
    """At the address of an article that is withdrawn or gone: that it was here, and why it is not, if that is known."""
    shown = context.documents[0].article if context.documents else None
    return context.html("tombstone.html", shown.title if shown else context.said.text("gone"), article=shown)
