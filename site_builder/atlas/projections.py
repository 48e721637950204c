"""Degrees → kilometres on a flat map, x to the east and y to the south. Both projections keep areas true.

A part of the world is drawn by Lambert's azimuthal projection around its own middle, which is the least bent there;
more than that by Equal Earth (B. Šavrič, T. Patterson, B. Jenny: "The Equal Earth map projection", 2018).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

RADIUS = 6371.0
WHOLE = 65.0
"""Degrees from the middle of its places up to which a map is one of a part of the world."""
MERIDIAN = 11.0
"""The middle of a map of the world, so that its sides run through the Bering Strait and part no country."""
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection around a meridian. `reach` is how many degrees to each side of it can be drawn; `middle` is the
    latitude of its own middle.
    """

    meridian: float
    reach: float
    flat: Callable[[float, float], Point]
    middle: float = 0.0

    def __call__(self, latitude: float, longitude: float) -> Point:
        """Where a place is drawn."""
        return self.flat(latitude, (longitude - self.meridian + 180) % 360 - 180)


def equal_earth(latitude: float, longitude: float) -> Point:
    """Equal Earth; the longitude counts from the map's meridian."""
    t = math.asin(_M * math.sin(math.radians(latitude)))
    t2, t6 = t * t, t**6
    slope = _A[0] + 3 * _A[1] * t2 + t6 * (7 * _A[2] + 9 * _A[3] * t2)
    x = math.radians(longitude) * math.cos(t) / (_M * slope)
    return RADIUS * x, -RADIUS * t * (_A[0] + _A[1] * t2 + t6 * (_A[2] + _A[3] * t2))


def azimuthal(middle: float) -> Callable[[float, float], Point]:
    """Lambert's azimuthal equal-area projection around a place of latitude `middle`."""
    sine, cosine = math.sin(math.radians(middle)), math.cos(math.radians(middle))

    def flat(latitude: float, longitude: float) -> Point:
        b, a = math.radians(latitude), math.radians(longitude)
        near = sine * math.sin(b) + cosine * math.cos(b) * math.cos(a)
        k = RADIUS * math.sqrt(2 / max(1e-6, 1 + near))
        return k * math.cos(b) * math.sin(a), -k * (cosine * math.sin(b) - sine * math.cos(b) * math.cos(a))

    return flat


def fitting(places: Sequence[Point]) -> Projection:
    """The projection for a map of these places, of which there is one at least (latitude, longitude)."""
    latitudes = [latitude for latitude, _ in places]
    latitude = (min(latitudes) + max(latitudes)) / 2
    longitude = _middle(longitude for _, longitude in places)
    if max(_apart(latitude, longitude, *place) for place in places) > WHOLE:
        return Projection(MERIDIAN, 180, equal_earth)
    return Projection(longitude, 120, azimuthal(latitude), latitude)


def _middle(longitudes: Iterable[float]) -> float:
    """The middle of the shortest arc with all of these in it: that beside the widest gap."""
    around = sorted({longitude % 360 for longitude in longitudes})
    gaps = [(after - before, before) for before, after in zip(around, [*around[1:], around[0] + 360], strict=True)]
    gap, before = max(gaps)
    return (before + gap + (360 - gap) / 2 + 180) % 360 - 180


def _apart(latitude: float, longitude: float, other: float, beside: float) -> float:
    """Degrees between two places."""
    a, b = math.radians(latitude), math.radians(other)
    near = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(math.radians(longitude - beside))
    return math.degrees(math.acos(max(-1.0, min(1.0, near))))
