"""Places → maps of them: which part of the world each shows, where the dots lie, and which get their names beside them.

The first map fits all places. Where dots lie upon each other, a closer one follows, of that part alone. Values in units
of the picture, whose width is always `WIDTH`; sizes of dots are pixels of the screen, the same however small the
picture.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import labels, land, projections
from .labels import Label
from .land import Window
from .projections import Point, Projection

WIDTH = 720
SLIM, TALL = 2.1, 1.5
"""The widest and the highest shape of a map: its width by its height."""
ROOM = 0.09
"""Of a map's width, on each side of its places: room for a dot and a part of its name."""
LEAST, LEAST_CLOSER = 1600.0, 60.0
"""Kilometres across of the first map, and of closer ones."""
WORLD = 0.8
"""Of the whole width of the world: a map that shows so much shows all."""
NORTH, SOUTH = 84.0, -57.0
"""What a map of the world shows, if no place lies beyond."""
MOST_CLOSER = 8
CROWD, HIDDEN = 0.75, 6.0
"""Dots nearer than this, of the distance at which they touch, crowd if they are three; two if so many units apart."""
EDGE = 6.0
"""A place nearer to the side of a closer map is not on it."""
CLOSER, CLOSEST = 0.5, 0.125
"""How wide a closer map is, of the one in which it lies: more would tell nothing new, less would not say where."""
ONE, LARGEST, SMALLEST = 12.0, 34.0, 6.0
"""Pixels across of the dot for one article; of the largest; and of the smallest where the largest is full."""
INK = 15_000
"""Pixels that all dots may cover: six hundredths of the first map, or several hundred hide the land and each other."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place to be shown: its name, its page's site path, how many articles name it, and where it lies.

    `area` tells that it is a country, for which one point stands.
    """

    name: str
    url: str
    total: int
    latitude: float
    longitude: float
    area: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on a map: `size` is the dot's width in pixels of the screen."""

    place: Place
    x: int
    y: int
    size: float


@dataclass(frozen=True, slots=True)
class Map:
    """One map, with the name of the largest of the places that it is for.

    `dots` begin with the largest; `wide` and `narrow` are the names that fit on large and small screens. `land` is path
    data in halves of a unit. `bar` is a length in units that stands for `bar_km` kilometres; both are 0 on maps of the
    world, where no length is right everywhere. `across` are the map's kilometres from side to side.
    """

    name: str
    height: int
    land: str
    dots: tuple[Dot, ...]
    wide: tuple[Label, ...]
    narrow: tuple[Label, ...]
    bar: int = 0
    bar_km: int = 0
    across: int = 0


def draw(places: Sequence[Place]) -> list[Map]:
    """The maps of these places: one of all, and closer ones of where they crowd; none without places."""
    if not places:
        return []
    ordered = sorted(places, key=lambda place: (-place.total, place.url))
    projection = projections.fitting([(place.latitude, place.longitude) for place in ordered])
    one = min(ONE, LARGEST / math.sqrt(ordered[0].total), math.sqrt(INK / sum(place.total for place in ordered)))
    made = [(ordered[0].name, _window(projection, ordered, LEAST), projection, ordered)]
    for _, window, by, shown in made:
        for crowd in _crowds(window, by, shown, one):
            if len(made) > MOST_CLOSER:
                break
            around = projections.fitting([(place.latitude, place.longitude) for place in crowd])
            closer = _window(around, crowd, max(LEAST_CLOSER, window.width * CLOSEST))
            told = any(set(crowd) <= set(here) and other.width < window.width * CLOSER for _, other, _, here in made)
            if closer.width <= window.width * CLOSER and not told:
                here = [place for place in ordered if _shows(closer, around, place)]
                made.append((crowd[0].name, closer, around, here))
    return [_map(*values, one) for values in made]


def _spot(projection: Projection, place: Place) -> Point:
    return projection(place.latitude, place.longitude)


def _window(projection: Projection, places: Sequence[Place], least: float) -> Window:
    """The part of a projection that has these places with room around them, in a shape that a page can show."""
    spots = [_spot(projection, place) for place in places]
    left, right = min(x for x, _ in spots), max(x for x, _ in spots)
    top, bottom = min(y for _, y in spots), max(y for _, y in spots)
    width = max((right - left) / (1 - 2 * ROOM), (bottom - top) / (1 - 2 * ROOM) * TALL, least)
    height = max((bottom - top) / (1 - 2 * ROOM), width / SLIM)
    middle = (left + right) / 2
    if projection.reach == 180:
        edge = projection.flat(0, 180)[0]
        highest, lowest = projection.flat(NORTH, 0)[1], projection.flat(SOUTH, 0)[1]
        if width >= 2 * edge * WORLD:
            width, middle = 2 * edge, 0.0
            top, bottom = min(top, highest), max(bottom, lowest)
            height = bottom - top
        else:
            middle = max(-edge + width / 2, min(edge - width / 2, middle))
        # Beyond the poles there is nothing to see: rather the whole south than an empty north.
        up = min(top, max((top + bottom) / 2 - height / 2, highest))
    else:
        up = (top + bottom) / 2 - height / 2
    return Window(middle - width / 2, up, width, height, WIDTH / width)


def _shows(window: Window, projection: Projection, place: Place) -> bool:
    if math.cos(math.radians(place.longitude - projection.meridian)) < 0 and projection.reach < 180:
        return False  # on the other side of the Earth, where the projection is of no use
    x, y = window.place(_spot(projection, place))
    return EDGE < x < WIDTH - EDGE and EDGE < y < window.height * window.scale - EDGE


def _crowds(window: Window, projection: Projection, places: Sequence[Place], one: float) -> Iterator[list[Place]]:
    """Places whose dots lie upon each other, those of most articles first. Two in one spot stay so on any map."""
    dots = _dots(window, projection, places, one)
    group = list(range(len(dots)))
    hidden: set[int] = set()

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = i = group[group[i]]
        return i

    for i, dot in enumerate(dots):
        for j, other in enumerate(dots[:i]):
            away = math.hypot(dot.x - other.x, dot.y - other.y)
            if away < CROWD * (dot.size + other.size) / 2:
                group[root(i)] = root(j)
            if away < HIDDEN:
                hidden.add(i)
    found: dict[int, list[int]] = {}
    for i in range(len(dots)):
        found.setdefault(root(i), []).append(i)
    crowds = [[dots[i].place for i in crowd] for crowd in found.values() if len(crowd) > 2 or hidden & {*crowd}]
    yield from sorted(crowds, key=lambda crowd: (-sum(place.total for place in crowd), crowd[0].url))


def _dots(window: Window, projection: Projection, places: Sequence[Place], one: float) -> list[Dot]:
    """`one` is the width of the dot for one article."""
    found = []
    for place in places:
        x, y = window.place(_spot(projection, place))
        found.append(Dot(place, round(x), round(y), round(max(SMALLEST, one * math.sqrt(place.total)), 1)))
    return found


def _map(name: str, window: Window, projection: Projection, places: Sequence[Place], one: float) -> Map:
    dots = _dots(window, projection, places, one)
    height = round(window.height * window.scale)
    whole = projection.reach == 180
    bar_km = 0 if whole else _round_length(window.width / 5)
    bar = round(bar_km * window.scale)
    boxes = [(dot.x, dot.y, dot.size, unicodedata.normalize("NFC", dot.place.name)) for dot in dots]
    taken = [(0.0, height - 30.0, bar + 20.0, float(height))] if bar else []
    return Map(
        name,
        height,
        land.path(projection, window),
        tuple(dots),
        labels.beside(boxes, labels.WIDE, WIDTH, height, taken),
        labels.beside(boxes, labels.NARROW, WIDTH, height, taken),
        bar,
        bar_km,
        round(window.width),
    )


def _round_length(most: float) -> int:
    """The longest of 1, 2, 5, 10, 20 … that is not longer."""
    power = 10 ** math.floor(math.log10(most))
    return int(next(step for step in (5, 2, 1) if step * power <= most) * power)
