"""The pages of tags, people, places, organisations, authors and sections, and the A–Z index of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from .. import atlas, urls
from ..breadcrumbs import Step, trail
from ..context import Context, Draft, with_headlines
from ..theme import Markup, script_json


def term(context: Context) -> Draft:
    """A term: its timeline, what stands beside it, and all its articles, or its latest and the way to each year's."""
    data = context.data
    years = [
        {"year": year, "total": total, "url": urls.term(data["kind"], data["slug"], year or "undated")}
        for year, total in sorted(data["years"], key=lambda row: not row[0])  # what has no year is read last
    ]
    values = {
        **data,
        "years": years,
        "kind_title": context.said.text(data["kind"]),
        "folder": context.page.url,
        "cards": context.cards[: data["listed"]][::-1],
        "first": None if data["first"] is None else context.cards[data["first"]],
        "bars": _bars(context),
        "related": [
            {"name": name, "url": urls.term(kind, slug), "total": n} for kind, slug, name, n in data["related"]
        ],
        "see_also": [{"name": name, "url": urls.term(kind, slug), "total": 0} for kind, slug, name in data["see_also"]],
        "same_as": [{"url": address, "name": _host(address)} for address in data["same_as"]],
        "json_ld": _json_ld(context),
        **trail(context, [_kind(context)], data["name"]),
    }
    description = with_headlines(_told(context, data["name"]), values["cards"])
    return context.html("term.html", data["name"], description, **values)


FULL = 3
"""Articles of a year that a bar of full height means at least: else a term with one a year looked like a busy one."""
MAX_BARS = 80
"""Years that a timeline shows one by one; of a longer time it shows the decades, or the centuries."""


def _bars(context: Context) -> dict[str, Any] | None:
    """The timeline: a bar for each year from the first to the last, in a picture of 10 units a bar and 100 in height.

    None where there is nothing to compare. `first` and `last` are the years at its ends, `most` the highest bar's.
    """
    counts = {int(year): total for year, total in context.data["years"] if year}
    if len(counts) < 2:
        return None
    first, last = min(counts), max(counts)
    step = next((step for step in (1, 10) if last // step - first // step < MAX_BARS), 100)
    steps: dict[int, int] = {}
    for year, total in counts.items():
        steps[year // step] = steps.get(year // step, 0) + total
    most = max(steps.values())
    bars = []
    for place, number in enumerate(range(first // step, last // step + 1)):
        total = steps.get(number, 0)
        start, end = f"{number * step:04}", f"{number * step + step - 1:04}"
        height = max(2, round(100 * total / max(most, FULL))) if total else 0
        bars.append(
            {"x": 10 * place + 1, "height": height, "total": total, "name": start if step == 1 else f"{start}–{end}"}
        )
    peak = next(bar["name"] for bar in bars if bar["total"] == most)
    return {
        "bars": bars,
        "width": 10 * len(bars),
        "first": f"{first:04}",
        "last": f"{last:04}",
        "most": most,
        "peak": peak,
    }


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


_TYPES = {"people": "Person", "authors": "Person", "places": "Place", "organizations": "Organization"}


def _json_ld(context: Context) -> Markup:
    """schema.org CollectionPage about what the term names, with the other names and addresses that are known."""
    data = context.data
    about: dict[str, Any] = {
        "@type": _TYPES.get(data["kind"], "DefinedTerm"),
        "name": data["name"],
        "alternateName": data["variants"],
        "sameAs": data["same_as"],
    }
    if data["coordinates"]:
        north, east = data["coordinates"]
        about["geo"] = {"@type": "GeoCoordinates", "latitude": north, "longitude": east}
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": data["name"],
        "inLanguage": context.site.site.language,
        "url": context.absolute(context.page.url) if context.site.site.base_url else "",
        "about": {key: value for key, value in about.items() if value},
    }
    return script_json({key: value for key, value in values.items() if value})


def see(context: Context) -> Draft:
    """Where a variant's page would be: the way to that of its preferred name."""
    return context.html("see.html", context.data["variant"], **context.data)


def _told(context: Context, title: str) -> str:
    """What the page holds in one sentence, which no other page has: `Places: Moon. 3 articles.`"""
    named = context.said.text("kind_and_name", kind=context.said.text(context.data["kind"]), name=title)
    return f"{named}. {context.count(context.data['total'])}."


def _kind(context: Context) -> Step:
    """The index of the terms of a kind, which lies above them."""
    return context.said.text(context.data["kind"]), urls.index(context.data["kind"])


def year(context: Context) -> Draft:
    """A term's articles of one year."""
    data = context.data
    said = context.said
    title = said.text("term_of_year" if data["year"] else "term_undated", name=data["name"], year=data["year"])
    if data["part"]:
        title = said.text("part_title", title=title, part=data["part"])
    term_page = urls.term(data["kind"], data["slug"])
    way = trail(context, [_kind(context), (data["name"], term_page)], data["year"] or said.text("undated"))
    values = {**data, "kind_title": context.said.text(data["kind"]), "term_page": term_page, **way}
    cards = context.cards[::-1]
    return context.html("term_year.html", title, with_headlines(_told(context, title), cards), cards=cards, **values)


def index(context: Context) -> Draft:
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
                {
                    "name": name,
                    "url": urls.term(data["kind"], slug),
                    "total": total,
                    "see": see,
                    "see_also": [{"name": other, "url": urls.term(kind, place)} for kind, place, other in chain(*also)],
                }
                for name, slug, total, see, *also in terms
            ],
        }
        for initial, terms in data["groups"]
    ]
    kind = _kind(context)
    way = trail(context, [kind], data["initial"]) if data["initial"] else trail(context, [], title)
    told = context.said.counted("names", dict(data["initials"]).get(data["initial"], data["total"]))
    values = {
        **data,
        "initials": initials,
        "groups": groups,
        "kind_title": kind[0],
        "told": told,
        "maps": lambda: _maps(data["places"]),
        **way,
    }
    description = context.said.text("kind_and_name", kind=title, name=told)
    return context.html("term_index.html", title, description, **values)


def _maps(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The maps of these places and what is said below them. Made when a template asks: a theme may have none.

    `open` is the closest map that has most of the articles: of a local paper, its own region.
    """
    places: list[atlas.Place] = []
    for name, slug, total, variants, given in rows:
        spot = atlas.locate((name, *variants)) if given is None else atlas.Spot(*given) if given else None
        if spot:
            places.append(atlas.Place(name, urls.term("places", slug), total, spot.latitude, spot.longitude, spot.area))
    drawn = atlas.draw(places)
    articles = sum(place.total for place in places)
    most = [map for map in drawn[1:] if 2 * sum(dot.place.total for dot in map.dots) > articles]
    return {
        "width": atlas.WIDTH,
        "first": drawn[0] if drawn else None,
        "closer": drawn[1:],
        "shown": len(places),
        "asked": len(rows),
        "areas": any(place.area for place in places),
        "open": most[-1] if most else None,
    }
