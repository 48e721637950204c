"""The land in a window of a map, as the path of an SVG: the coasts, cut to what can be seen and no finer than that.

Coasts are Natural Earth's (naturalearthdata.com, public domain): `land.json` at 1:110 million, right to ten or twenty
kilometres, and for closer maps `coasts.json.gz` at 1:50 million, right to one or two. `tests/bench/outlines.py` makes
both. There are no lakes and no borders.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .projections import RADIUS, Point, Projection

FILE = Path(__file__).with_name("land.json")
FINE_FILE = Path(__file__).with_name("coasts.json.gz")
STEPS = 100
"""Numbers a degree in both files: a kilometre."""
CLOSE = 8000.0
"""Kilometres across of a map below which rough coasts are seen to be so: twenty are two units of it."""
LEAST_COAST, LEAST_INLAND = 200.0, 800.0
"""Kilometres across below which nothing is drawn: fine coasts are then off by more than a dot; and where there is no
coast, all is land, and a lake would be missed."""
FINE = 2
"""Units of the path in one of the map."""
ROUGH = 1.1
"""How far a coast may be drawn from where it is, in units of the path: half a unit of the map."""
MARGIN = 4.0
"""Units of the map beyond its window to which land is drawn, so that no cut is seen."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a projection that a map shows, in kilometres, and how many units of the map a kilometre is."""

    left: float
    top: float
    width: float
    height: float
    scale: float

    def place(self, point: Point) -> Point:
        """Where a point of the projection lies on the map, in its units."""
        return (point[0] - self.left) * self.scale, (point[1] - self.top) * self.scale


@lru_cache(maxsize=1)
def _rings() -> list[list[Point]]:
    """Longitude and latitude."""
    flat = json.loads(FILE.read_text("utf-8"))["rings"]
    return [[(x / STEPS, y / STEPS) for x, y in zip(ring[::2], ring[1::2], strict=True)] for ring in flat]


@dataclass(frozen=True, slots=True)
class _Coast:
    """A ring of the fine coasts, and the degrees between which it lies."""

    west: float
    south: float
    east: float
    north: float
    ring: list[Point]


@lru_cache(maxsize=1)
def _coasts() -> list[_Coast]:
    """The file has the steps from point to point: 111 kB so, 190 with the points themselves."""
    found = []
    for steps in json.loads(gzip.decompress(FINE_FILE.read_bytes()))["rings"]:
        xs = [x / STEPS for x in itertools.accumulate(steps[::2])]
        ys = [y / STEPS for y in itertools.accumulate(steps[1::2])]
        found.append(_Coast(min(xs), min(ys), max(xs), max(ys), list(zip(xs, ys, strict=True))))
    return found


def path(projection: Projection, window: Window) -> str:
    """The land as path data in units of the map times `FINE`; empty where there is only sea, or nothing to be told."""
    if window.width < LEAST_COAST:
        return ""
    pieces = []
    wide, high = window.width * window.scale + MARGIN, window.height * window.scale + MARGIN
    close = window.width < CLOSE and projection.reach < 180
    for ring in _near(projection, window) if close else _around(projection):
        points = [window.place(projection.flat(latitude, longitude)) for longitude, latitude in ring]
        for axis, bound, keep_below in ((0, -MARGIN, False), (0, wide, True), (1, -MARGIN, False), (1, high, True)):
            points = _cut(points, axis, bound, keep_below)
        kept = _thin([(round(x * FINE), round(y * FINE)) for x, y in points])
        if len(kept) > 2:
            pieces.append(_written(kept))
    if window.width < LEAST_INLAND and all(piece.count(" ") + piece.count("-") < 10 for piece in pieces):
        return ""  # four corners: no coast is in sight
    return "".join(pieces)


def _near(projection: Projection, window: Window) -> Iterator[list[Point]]:
    """The fine coasts around a window of an azimuthal projection, longitudes from its meridian."""
    right, down = window.left + window.width, window.top + window.height
    far = max(math.hypot(x, y) for x in (window.left, right) for y in (window.top, down)) * (1 + MARGIN / 100)
    angle = 2 * math.asin(min(1.0, far / (2 * RADIUS)))
    south, north = (projection.middle + side * math.degrees(angle) for side in (-1, 1))
    beside = math.sin(angle) / max(1e-6, math.cos(math.radians(projection.middle)))
    reach = math.degrees(math.asin(beside)) if beside < 1 and south > -90 and north < 90 else projection.reach
    for coast in _coasts():
        for turn in (-360, 0, 360):
            move = turn - projection.meridian
            if coast.north > south and coast.south < north and coast.east + move > -reach and coast.west + move < reach:
                part = [(x + move, y) for x, y in coast.ring]
                for axis, bound, keep_below in (
                    (0, -reach, False),
                    (0, reach, True),
                    (1, south, False),
                    (1, north, True),
                ):
                    part = _cut(part, axis, bound, keep_below)
                if len(part) > 2:
                    yield part


def _around(projection: Projection) -> Iterator[list[Point]]:
    """All rings with longitudes from the projection's meridian, cut at its reach; one may lie on both sides."""
    reach = projection.reach
    for ring in _rings():
        for turn in (-360, 0, 360):
            turned = [(x - projection.meridian + turn, y) for x, y in ring]
            if min(x for x, _ in turned) < reach and max(x for x, _ in turned) > -reach:
                part = _cut(_cut(turned, 0, -reach, False), 0, reach, True)
                if len(part) > 2:
                    yield part


def _cut(points: list[Point], axis: int, bound: float, keep_below: bool) -> list[Point]:
    """A ring without what lies beyond a bound (Sutherland and Hodgman's way)."""

    def inside(point: Point) -> bool:
        return (point[axis] <= bound) == keep_below or point[axis] == bound

    if all(map(inside, points)):
        return points
    kept: list[Point] = []
    for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
        if inside(before) != inside(point):
            share = (bound - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + share * (point[1 - axis] - before[1 - axis])
            kept.append((bound, other) if axis == 0 else (other, bound))
        if inside(point):
            kept.append(point)
    return kept


def _thin(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A ring without the points that would not be missed (Douglas and Peucker's way)."""
    points = [point for before, point in zip([*points[-1:], *points[:-1]], points, strict=True) if before != point]
    if len(points) < 4:
        return points if _large(points) else []
    far = max(range(len(points)), key=lambda i: _square(points[0], points[i]))
    keep = {0, far}
    ring = [*points, points[0]]
    waiting = [(0, far), (far, len(points))]
    while waiting:
        first, last = waiting.pop()
        away, most = max(
            ((_off(ring[first], ring[last], ring[i]), i) for i in range(first + 1, last)), default=(0.0, 0)
        )
        if away > ROUGH * ROUGH:
            keep.add(most)
            waiting += [(first, most), (most, last)]
    kept = [points[i] for i in sorted(keep)]
    return kept if _large(kept) else []


def _large(points: list[tuple[int, int]]) -> bool:
    """Whether a ring covers a unit of the map: less is a speck."""
    sides = zip(points, [*points[1:], *points[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in sides)) >= 2 * FINE * FINE


def _square(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _off(a: Point, b: Point, point: Point) -> float:
    """Squared distance of a point from a side."""
    long = _square(a, b)
    if not long:
        return _square(a, point)
    t = max(0.0, min(1.0, ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / long))
    return _square(point, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))


def _written(points: list[tuple[int, int]]) -> str:
    """A ring as path data: steps from point to point, with no more signs than needed."""
    (x, y), steps = points[0], []
    for before, point in itertools.pairwise(points):
        dx, dy = point[0] - before[0], point[1] - before[1]
        steps.append(f"{' ' if dx >= 0 else ''}{dx}{' ' if dy >= 0 else ''}{dy}")
    return f"M{x} {y}l{''.join(steps).lstrip()}z"
