"""The fronts: home, the archive overview, and the lists of a year, a month, a day and of what has no date."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any

from .. import dates, urls
from ..breadcrumbs import trail
from ..context import Context, Draft, with_headlines
from ..model import Image
from ..theme import Markup, script_json

MAX_GAPS = 20
"""Runs of years without articles that the front page names."""


def home(context: Context) -> Draft:
    """The front page: the latest, the sections, and what is held."""
    data = context.data
    return context.html(
        "home.html",
        context.site.site.title,
        cards=context.cards[: data["latest"]],
        picture=_picture(context),
        sections=[
            {
                "name": name,
                "url": urls.term("sections", slug),
                "total": total,
                "cards": [context.cards[i] for i in items],
            }
            for name, slug, total, items in data["sections"]
        ],
        years=data["years"],
        undated=data["undated"],
        total=data["total"],
        months=data["months"],
        most=_most(data["months"]),
        gaps=_gaps([int(year) for year, _ in data["years"]], context),
        days=data["days"],
        json_ld=_json_ld(context),
    )


def _picture(context: Context) -> tuple[Image, str, Markup] | None:
    """The lead story's first picture with its address and the attributes of its size; None where it has none."""
    for image in (image for document in context.documents for image in document.article.images if image.src):
        if src := context.target("src", image.src):
            return image, src, context.sizes(image.src)
    return None


def _json_ld(context: Context) -> Markup:
    """schema.org WebSite: what the archive says of itself; nothing where it has no address."""
    about = context.site.site
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": about.title,
        "url": context.absolute(""),
        "description": about.description or about.tagline,
        "inLanguage": about.language,
        "publisher": {"@type": "Organization", "name": about.publisher} if about.publisher else None,
    }
    return script_json({key: value for key, value in values.items() if value}) if about.base_url else Markup()


def _gaps(years: list[int], context: Context) -> str:
    """The years without articles between the first and the last, in words: `1958–1960, 1963`; the first twenty of them."""
    gaps = [(one + 1, other - 1) for one, other in pairwise(years) if other > one + 1]
    told = [f"{first:04}" if first == last else f"{first:04}–{last:04}" for first, last in gaps[:MAX_GAPS]]
    return context.said.text("gaps", years=", ".join(told) + (", …" if len(gaps) > MAX_GAPS else "")) if told else ""


def archive(context: Context) -> Draft:
    """All years with their months and counts."""
    title = context.said.text("archive")
    values = {"most": _most(context.data["years"]), **context.data, **trail(context, [], title)}
    return context.html("archive.html", title, _held(context), **values)


def _most(years: list[Any]) -> int:
    """The largest count of one month, or 20: what a table shades by."""
    counts = (number for _, _, months in years for _, number in months)
    return max(20, max(counts, default=0))


def _held(context: Context) -> str:
    years, articles = context.data["years"], context.count(context.data["total"])
    if not years:
        return f"{articles}."
    if len(years) == 1:
        return f"{context.said.text('held_one_year', articles=articles, year=years[0][0])}."
    return context.said.text("held_span", articles=articles, first=years[0][0], last=years[-1][0])


def year(context: Context) -> Draft:
    """One year: its twelve months and their days with counts, and the articles of which only the year is known."""
    (number,) = context.data["bucket"]
    held = {month: (total, dict(days)) for month, total, days in context.data["months"]}
    months = []
    for month in (f"{n:02}" for n in range(1, 13)):
        total, days = held.get(month, (0, {}))
        weeks = _weeks(number, month, days)
        months.append({"number": month, "name": context.month_name(month), "total": total, "weeks": weeks})
    most = max((day for _, days in held.values() for day in days.values()), default=0)
    way = trail(context, [(context.said.text("archive"), urls.ARCHIVE)], number)
    values = {"months": months, "most": most, **_list(context), **way}
    return context.html("year.html", number, _told(number, context), **values)


def _weeks(year: str, month: str, counts: dict[str, int]) -> list[list[tuple[str, int] | None]]:
    """A month as rows of seven days from Monday, each a day and its count; None where a week reaches out of it."""
    import calendar

    weeks = calendar.Calendar().monthdayscalendar(int(year), int(month)) if int(year) else []
    return [[(f"{day:02}", counts.get(f"{day:02}", 0)) if day else None for day in week] for week in weeks]


def month(context: Context) -> Draft:
    """One month: its calendar, and its headlines by day."""
    number, part = context.data["bucket"]
    days = [
        {"day": day, "cards": list(cards), "total": dict(map(tuple, context.data["days"])).get(day, 0)}
        for day, cards in groupby(context.cards, key=lambda card: (*dates.parse(card.date).bucket, "", "")[2])
    ]
    title = context.words(f"{number}-{part}")
    counts = dict(context.data["days"])
    weeks = _weeks(number, part, counts)
    most = max(counts.values(), default=0)
    way = trail(context, [(number, urls.front(number))], context.month_name(part))
    values = {"groups": days, "weeks": weeks, "most": most, **context.data, **_ways(context), **way}
    return context.html("month.html", title, _told(title, context), **values)


def day(context: Context) -> Draft:
    """One day, as a paper's front page."""
    year, month, number = context.data["bucket"]
    title = _part(context.words(f"{year}-{month}-{number}"), context)
    above = [(year, urls.front(year)), (context.month_name(month), urls.front(year, month))]
    values = {**_list(context), **trail(context, above, _part(number.lstrip("0"), context))}
    return context.html("day.html", title, _told(title, context), picture=_picture(context), **values)


def undated(context: Context) -> Draft:
    """The articles whose year is not known."""
    title = _part(context.said.text("undated_articles"), context)
    return context.html("undated.html", title, _told(title, context), **_list(context), **trail(context, [], title))


def on_this_day(context: Context) -> Draft:
    """One day of the year in all years, the newest first, and last what is of no known year."""
    data = context.data
    groups: list[dict[str, Any]] = []
    place = 0
    for year, total, shown in data["years"]:
        cards = context.cards[place : place + shown]
        place += shown
        groups.insert(0, {"year": year, "total": total, "cards": cards, "url": _front(year, data["day"])})
    ways = {
        name: {"title": context.day_name(day), "url": urls.on_this_day(day)} if day else None
        for name, day in zip(("prev", "next"), data["ways"], strict=True)
    }
    title = context.said.text("on_day", day=context.day_name(data["day"]))
    total = sum(total for _, total, _ in data["years"])
    known = [year for year, _, _ in data["years"] if year]
    held = context.count(total)
    several = len(known) > 1
    told = context.said.text("held_span", articles=held, first=known[0], last=known[-1]) if several else f"{held}."
    description = with_headlines(context.said.text("kind_and_name", kind=title, name=told), context.cards[::-1])
    way = trail(context, [(context.said.text("days_of_year"), urls.ON_THIS_DAY)], context.day_name(data["day"]))
    return context.html("on_this_day.html", title, description, groups=groups, total=total, told=told, **ways, **way)


def _front(year: str, day: str) -> str:
    return urls.front(year, *day.split("-")) if year else urls.UNDATED


def days_of_year(context: Context) -> Draft:
    """All days of the year, with how many articles each has."""
    counts = dict(context.data["days"])
    months = [
        {
            "days": [(f"{day:02}", counts.get(f"{month:02}-{day:02}", 0)) for day in range(1, length + 1)],
            "number": f"{month:02}",
        }
        for month, length in enumerate((31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)
    ]
    most = max(20, max(counts.values(), default=0))
    said = context.said
    told, title = said.text("every_day"), said.text("days_of_year")
    return context.html("days_of_year.html", title, told, months=months, most=most, **trail(context, [], title))


def _told(title: str, context: Context) -> str:
    """What a front holds, which no other page has: `July 21, 1969: 2 articles. Men walk on the moon; …`"""
    held = context.said.text("kind_and_name", kind=title, name=context.count(context.data["total"]))
    return with_headlines(f"{held}.", context.cards[::-1])


def _part(title: str, context: Context) -> str:
    part = context.data["part"]
    return context.said.text("part_title", title=title, part=part) if part else title


def _list(context: Context) -> dict[str, Any]:
    """What the template of a list that may be split shows: newest first, and the way to its other parts."""
    shown = {key: value for key, value in context.data.items() if key != "months"}
    return {"cards": context.cards[::-1], **shown, **_ways(context)}


def _ways(context: Context) -> dict[str, Any]:
    """Title and site path of the bucket before and after this one."""
    ways: dict[str, Any] = {}
    for name in ("prev", "next"):
        bucket = context.data.get(name)
        ways[name] = {"title": context.words("-".join(bucket)), "url": urls.front(*bucket)} if bucket else None
    return ways
