"""The pages of tags, people, places, organisations, authors and sections, and the A–Z index of each kind."""

from __future__ import annotations

from .. import urls
from ..context import Context


def term(context: Context) -> bytes:
    """A term: all its articles, or its latest and the way to each year's."""
    data = context.data
    years = [
        {"year": year, "total": total, "url": urls.term(data["kind"], data["slug"], year or "undated")}
        for year, total in data["years"]
    ]
    values = {**data, "years": years, "kind_title": context.said.text(data["kind"]), "folder": context.page.url}
    description = f"{context.count(data['total'])}: {data['name']}."
    return context.html("term.html", data["name"], description, cards=context.cards[::-1], **values)


def year(context: Context) -> bytes:
    """A term's articles of one year."""
    data = context.data
    said = context.said
    title = said.text("term_of_year" if data["year"] else "term_undated", name=data["name"], year=data["year"])
    if data["part"]:
        title = said.text("part_title", title=title, part=data["part"])
    values = {**data, "kind_title": context.said.text(data["kind"]), "term_page": urls.term(data["kind"], data["slug"])}
    return context.html("term_year.html", title, cards=context.cards[::-1], **values)


def index(context: Context) -> bytes:
    """The A–Z index of a kind of terms, whole or of one initial."""
    data = context.data
    title = context.said.text(data["kind"])
    if data["initial"]:
        title = context.said.text("kind_and_name", kind=title, name=data["initial"])
    initials = [
        {
            "initial": initial,
            "total": total,
            "url": urls.index(data["kind"], initial) if data["split"] else "",
        }
        for initial, total in data["initials"]
    ]
    groups = [
        {
            "initial": initial,
            "terms": [
                {"name": name, "url": urls.term(data["kind"], slug), "total": total} for name, slug, total in terms
            ],
        }
        for initial, terms in data["groups"]
    ]
    values = {**data, "initials": initials, "groups": groups, "kind_title": context.said.text(data["kind"])}
    return context.html("term_index.html", title, context.said.counted("names", data["total"]), **values)
