"""Makes `atlas/land.json` and `coasts.json.gz`: `python -m tests.bench.outlines [--write] [--fine land-50m.json]`.

For the first it needs geopandas 0.14, unimported, which carries Natural Earth's countries at 1:110 million (public
domain). Sides that two countries share cancel, which leaves the coasts. Borders are not kept: at that scale they are
rough, and whose they are is not ours to say. For the second it reads the land at 1:50 million out of the npm package
world-atlas 2.0.2 (the same source, as TopoJSON), and makes nothing else.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import itertools
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from site_builder import atlas

TARGET = Path(atlas.__file__).with_name("land.json")
FINE = Path(atlas.__file__).with_name("coasts.json.gz")
FOLDER = "datasets/naturalearth_lowres"
STEPS = 100
"""Numbers a degree in the file: a kilometre, where the outline itself is off by ten and more."""

Point = tuple[float, float]
Ring = list[Point]
Node = tuple[int, int]


def countries() -> Iterator[tuple[str, str, list[Ring]]]:
    """ISO code of three letters, name, and rings (longitude and latitude) of each country."""
    spec = importlib.util.find_spec("geopandas")
    if not spec or not spec.origin:
        raise SystemExit("pip install --no-deps 'geopandas<1'")
    file = Path(spec.origin).parent / FOLDER / "naturalearth_lowres.shp"
    rows = _rows(file.with_suffix(".dbf").read_bytes())
    shapes = _shapes(file.read_bytes())
    for row, rings in zip(rows, shapes, strict=True):
        yield row["iso_a3"], row["name"], rings


def _rows(data: bytes) -> Iterator[dict[str, str]]:
    """The table of a dBASE file."""
    count, start, width = struct.unpack("<IHH", data[4:12])
    fields = [(data[i : i + 11].strip(b"\0").decode(), data[i + 16]) for i in range(32, start - 1, 32)]
    for number in range(count):
        place, row = start + number * width + 1, {}
        for name, size in fields:
            row[name] = data[place : place + size].decode("latin-1").strip()
            place += size
        yield row


def _shapes(data: bytes) -> Iterator[list[Ring]]:
    """The polygons of a shapefile."""
    place = 100
    while place < len(data):
        (words,) = struct.unpack(">i", data[place + 4 : place + 8])
        parts, points = struct.unpack("<2i", data[place + 44 : place + 52])
        body = place + 52
        starts = [*struct.unpack(f"<{parts}i", data[body : body + 4 * parts]), points]
        flat = struct.unpack(f"<{2 * points}d", data[body + 4 * parts : body + 4 * parts + 16 * points])
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        yield [pairs[a:b] for a, b in itertools.pairwise(starts)]
        place += 8 + 2 * words


def coasts() -> list[list[Node]]:
    """Rings of land, in hundredths of a degree; each starts where it lies furthest west."""
    sides: set[tuple[Node, Node]] = set()
    for _, _, rings in countries():
        for ring in rings:
            points = [(round(x * STEPS), round(y * STEPS)) for x, y in ring]
            for side in itertools.pairwise(points):
                if side[::-1] in sides:
                    sides.remove(side[::-1])
                elif side[0] != side[1]:
                    sides.add(side)
    return sorted(ring for ring in joined(sides) if len(ring) > 2)


def fine(topology: dict[str, Any]) -> list[list[Node]]:
    """Rings of land out of a TopoJSON: arcs of whole steps, which rings share and run through either way."""
    (dx, dy), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        xs, ys = itertools.accumulate(x for x, _ in steps), itertools.accumulate(y for _, y in steps)
        arcs.append([(round((x * dx + x0) * STEPS), round((y * dy + y0) * STEPS)) for x, y in zip(xs, ys, strict=True)])
    shapes = [shape["arcs"] for shape in topology["objects"]["land"]["geometries"] if shape["type"] == "MultiPolygon"]
    found = []
    for polygon in itertools.chain.from_iterable(shapes):
        for numbers in polygon:
            points = itertools.chain.from_iterable(arcs[n] if n >= 0 else reversed(arcs[~n]) for n in numbers)
            ring = [point for point, _ in itertools.groupby(points)]
            if len(ring) > 3:
                found.append(ring)
    return sorted(found)


def packed(rings: list[list[Node]]) -> bytes:
    """Rings as steps from point to point, which take three quarters less than the points."""
    flat = []
    for ring in rings:
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(ring)]
        flat.append([value for point in (ring[0], *steps) for value in point])
    about = "Coasts of Natural Earth at 1:50 million (public domain): longitude and latitude in 1/100 degree, as steps."
    text = json.dumps({"about": about, "rings": flat}, separators=(",", ":"))
    return gzip.compress(text.encode(), 9, mtime=0)


def joined(sides: set[tuple[Node, Node]]) -> Iterator[list[Node]]:
    """Sides put together to rings."""
    after: dict[Node, list[Node]] = {}
    for start, end in sorted(sides):
        after.setdefault(start, []).append(end)
    while after:
        ring = [min(after)]
        while ring[-1] in after:
            ends = after[ring[-1]]
            step = ends.pop()
            if not ends:
                del after[ring[-1]]
            if step == ring[0]:
                break
            ring.append(step)
        yield ring


def inside_points() -> dict[str, Point]:
    """By ISO code of three letters (or name, where it has none): latitude and longitude of a place well inside."""
    found: dict[str, Point] = {}
    for code, name, rings in countries():
        ring = max(rings, key=lambda points: abs(_area(points)))
        found[name if code.startswith("-") else code] = _well_inside(ring)
    return found


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def _well_inside(ring: Ring, steps: int = 40) -> Point:
    """The point of a grid that lies furthest from the outline, of those inside."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    best, width = (-1.0, 0.0, 0.0), (max(xs) - min(xs), max(ys) - min(ys))
    for i in range(steps):
        for j in range(steps):
            x, y = min(xs) + (i + 0.5) * width[0] / steps, min(ys) + (j + 0.5) * width[1] / steps
            if _inside(ring, x, y):
                best = max(best, (min(_away(a, b, x, y) for a, b in itertools.pairwise(ring)), y, x))
    return best[1], best[2]


def _inside(ring: Ring, x: float, y: float) -> bool:
    crossed = [
        (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for a, b in itertools.pairwise(ring)
    ]
    return sum(crossed) % 2 == 1


def _away(a: Point, b: Point, x: float, y: float) -> float:
    """Squared distance from a point to a side."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / long)) if long else 0.0
    return (x - a[0] - t * dx) ** 2 + (y - a[1] - t * dy) ** 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--fine", type=Path)
    given = parser.parse_args()
    if given.fine:
        rings = fine(json.loads(given.fine.read_text("utf-8")))
        data = packed(rings)
        print(f"{len(rings)} rings, {sum(map(len, rings))} points, {len(data)} bytes")
        if given.write:
            FINE.write_bytes(data)
        return
    rings = coasts()
    about = "Coasts of Natural Earth at 1:110 million (public domain): longitude and latitude in 1/100 degree."
    flat = [[value for point in ring for value in point] for ring in rings]
    lines = ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in flat)
    text = f'{{"about": {json.dumps(about)},\n"rings": [\n{lines}\n]}}\n'
    print(f"{len(rings)} rings, {sum(map(len, rings))} points, {len(text)} bytes")
    if given.write:
        TARGET.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
