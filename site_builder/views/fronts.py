"""The fronts: home, the archive overview, and the lists of a year, a month, a day and of what has no date."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from .. import dates, urls
from ..context import Context


def home(context: Context) -> bytes:
    """The front page: the latest, the sections, and what is held."""
    data = context.data
    return context.html(
        "home.html",
        context.site.site.title,
        cards=context.cards[: data["latest"]],
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
    )


def archive(context: Context) -> bytes:
    """All years with their months and counts."""
    return context.html(
        "archive.html", context.said.text("archive"), _held(context), most=_most(context), **context.data
    )


def _most(context: Context) -> int:
    """The largest count of one month, or 20: what a table shades by."""
    counts = (number for _, _, months in context.data["years"] for _, number in months)
    return max(20, max(counts, default=0))


def _held(context: Context) -> str:
    years, articles = context.data["years"], context.count(context.data["total"])
    if not years:
        return f"{articles}."
    return context.said.text("held_span", articles=articles, first=years[0][0], last=years[-1][0])


def year(context: Context) -> bytes:
    """One year: its twelve months and their days with counts, and the articles of which only the year is known."""
    (number,) = context.data["bucket"]
    held = {month: (total, dict(days)) for month, total, days in context.data["months"]}
    months = []
    for month in (f"{n:02}" for n in range(1, 13)):
        total, days = held.get(month, (0, {}))
        weeks = _weeks(number, month, days)
        months.append({"number": month, "name": context.month_name(month), "total": total, "weeks": weeks})
    most = max((day for _, days in held.values() for day in days.values()), default=0)
    values = {"months": months, "most": most, **_list(context)}
    return context.html("year.html", number, f"{context.count(context.data['total'])}.", **values)


def _weeks(year: str, month: str, counts: dict[str, int]) -> list[list[tuple[str, int] | None]]:
    """A month as rows of seven days from Monday, each a day and its count; None where a week reaches out of it."""
    import calendar

    weeks = calendar.Calendar().monthdayscalendar(int(year), int(month)) if int(year) else []
    return [[(f"{day:02}", counts.get(f"{day:02}", 0)) if day else None for day in week] for week in weeks]


def month(context: Context) -> bytes:
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
    values = {"groups": days, "weeks": weeks, "most": most, **context.data, **_ways(context)}
    return context.html("month.html", title, f"{context.count(context.data['total'])}.", **values)


def day(context: Context) -> bytes:
    """One day, as a paper's front page."""
    title = context.words("-".join(context.data["bucket"]))
    return context.html("day.html", _part(title, context), f"{context.count(context.data['total'])}.", **_list(context))


def undated(context: Context) -> bytes:
    """The articles whose year is not known."""
    return context.html("undated.html", _part(context.said.text("undated_articles"), context), **_list(context))


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
