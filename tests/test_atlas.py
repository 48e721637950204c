"""Where names lie, and maps of them: names and numbers in, values out."""

from __future__ import annotations

import gzip
import math
import re
from itertools import accumulate
from typing import Any

import pytest

from site_builder import atlas
from site_builder.atlas import gazetteer, labels, land, projections
from site_builder.atlas.maps import Map, Place
from tests.bench import gazetteer as script

KNOWN = {
    "Moscow": (55.75, 37.62),
    "moscow": (55.75, 37.62),
    "Москва": (55.75, 37.62),
    "دمشق": (33.51, 36.29),
    "Genève": (46.2, 6.15),
    "Geneve": (46.2, 6.15),
    "Prag": (50.09, 14.42),
    "New York": (40.71, -74.01),
    "Philadelphia": (39.95, -75.16),
    "Paris, Texas": (33.66, -95.56),
    "Springfield, Illinois": (39.8, -89.64),
    "Springfield, Ill.": (39.8, -89.64),
    "Sioux Falls, S.D": (43.55, -96.7),
    "Moscow, Russia": (55.75, 37.62),
}
OPEN = """Springfield|Georgia|Washington|Sion|Pasadena|Victoria|Ontario|Moon|Mars|Africa|Pacific Ocean|Columbia|Odessa
|Jezero Crater|Springfield, Nowhere|, Texas|,|Zzyzx|Crimea|Congo|Kashmir"""


@pytest.mark.parametrize("name", KNOWN)
def test_a_name_that_means_one_place(name: str) -> None:
    spot = atlas.locate([name])
    assert spot and not spot.area
    assert (spot.latitude, spot.longitude) == pytest.approx(KNOWN[name], abs=0.1)


@pytest.mark.parametrize("name", OPEN.replace("\n", "").split("|"))
def test_a_name_that_leaves_it_open_lies_nowhere(name: str) -> None:
    assert atlas.locate([name]) is None


@pytest.mark.parametrize("name", ["Russia", "Россия", "روسيا", "Russie", "UK", "Holland", "Singapore", "Mexico"])
def test_a_country_is_an_area(name: str) -> None:
    spot = atlas.locate([name])
    assert spot and spot.area


def test_the_first_name_that_is_known_decides() -> None:
    assert atlas.locate(["Nowhere at all", "Moscow", "Paris"]) == atlas.locate(["Moscow"])
    assert atlas.locate([]) is None


def test_the_file_is_sorted_and_sound() -> None:
    lines = gzip.decompress(gazetteer.FILE.read_bytes()).decode().splitlines()
    assert lines == sorted(lines, key=str.encode) and len(set(lines)) == len(lines) > 100_000
    alone = [line.split("\t")[0] for line in lines if line.endswith(gazetteer.ALONE)]
    assert len(alone) == len(set(alone)), "a name alone means one place"
    for line in lines:
        name, code, latitude, longitude, mark = line.split("\t")
        assert name == gazetteer.key(name) and re.fullmatch("[A-Z]{2}(-[A-Z]{2})?", code) and mark in ("", "*", "=")
        assert not latitude or (abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180)


def place(name: str, latitude: float, longitude: float, total: int = 1) -> Place:
    return Place(name, f"places/{name.lower()}/", total, latitude, longitude)


MOSCOW, HOUSTON, SYDNEY = place("Moscow", 55.75, 37.62, 5), place("Houston", 29.76, -95.36), place("Sydney", -33.9, 151)


def inside(drawn: Map) -> bool:
    return all(0 <= dot.x <= atlas.WIDTH and 0 <= dot.y <= drawn.height for dot in drawn.dots)


def test_no_places_no_map() -> None:
    assert atlas.draw([]) == []


def test_one_place_is_shown_with_the_land_around_it() -> None:
    (only,) = atlas.draw([MOSCOW])
    assert (only.across, only.bar_km) == (1600, 200)
    assert [dot.place for dot in only.dots] == [MOSCOW] and only.land.startswith("M") and inside(only)
    assert [label.text for label in only.wide] == [label.text for label in only.narrow] == ["Moscow"]


def test_the_largest_comes_first_and_areas_of_dots_follow_numbers() -> None:
    (only,) = atlas.draw([HOUSTON, place("A", 40, -80, 4), place("B", 30, -80, 16)])
    assert [dot.place.total for dot in only.dots] == [16, 4, 1]
    assert only.dots[0].size == pytest.approx(2 * only.dots[1].size, abs=0.1)


def test_a_map_of_the_world_shows_all_of_it_in_few_bytes() -> None:
    (only,) = atlas.draw([MOSCOW, HOUSTON, SYDNEY, place("Honolulu", 21.3, -157.9)])
    assert only.across > 34_000 and only.bar == 0 and inside(only)
    assert 5_000 < len(only.land) < 15_000
    numbers = [int(number) for number in re.findall(r"-?\d+", only.land)]
    assert max(map(abs, numbers)) <= land.FINE * (atlas.WIDTH + land.MARGIN)


def test_a_map_of_a_part_of_the_world_is_not_torn_at_the_date_line() -> None:
    (only,) = atlas.draw([place("Suva", -18.1, 178.4), place("Apia", -13.8, -171.8)])
    assert only.across < 2500 and inside(only)
    assert only.dots[0].x > only.dots[1].x or only.dots[0].place.name == "Suva"


@pytest.mark.parametrize("latitude", [-90.0, -60.0, 0.0, 60.0, 90.0])
@pytest.mark.parametrize("longitude", [-180.0, -75.0, 0.0, 105.0, 180.0])
def test_any_place_on_earth_has_a_map(latitude: float, longitude: float) -> None:
    drawn = atlas.draw([place("Here", latitude, longitude), place("There", latitude * 0.9, longitude)])
    assert all(map(inside, drawn))
    assert len(drawn[0].land) < 15_000


def test_the_sea_between_continents_is_no_land() -> None:
    """From Peru, the other side of the Earth lies within Asia, whose outline must not be drawn inside out."""
    (peru,) = atlas.draw([place("Lima", -12, -77), place("Manaus", -3, -60), place("Callao", -11, -78)])
    corners = sum(int(x) <= 0 and int(y) <= 0 for x, y in re.findall(r"M(-?\d+) (-?\d+)", peru.land))
    assert corners == 0, "the Pacific in the corner is sea"


def test_where_places_crowd_a_closer_map_follows() -> None:
    towns = [place("Geneva", 46.2, 6.15, 9), place("Carouge", 46.18, 6.14, 4), place("Vernier", 46.21, 6.08, 2)]
    first, *closer = atlas.draw([MOSCOW, HOUSTON, *towns])
    assert len(first.dots) == 5 and closer
    assert all(near.name == "Geneva" and near.across < first.across / 2 and inside(near) for near in closer)
    assert {dot.place.name for dot in closer[-1].dots} == {"Geneva", "Carouge", "Vernier"}
    assert closer[-1].land == "", "so near, the outline would be wrong by more than a dot"
    assert [near.across for near in closer] == sorted((near.across for near in closer), reverse=True)


def holds(path: str, x: float, y: float) -> bool:
    """Whether a point, in units of the map, lies on land: the rings around it, counted along a line to the right."""
    crossed = 0
    for ring in path.split("z")[:-1]:
        numbers = [int(number) / land.FINE for number in re.findall(r"-?\d+", ring)]
        points = list(zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True))
        for (ax, ay), (bx, by) in zip(points, [*points[1:], points[0]], strict=True):
            crossed += (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay)
    return crossed % 2 == 1


def test_a_closer_map_has_islands_and_straits() -> None:
    """Between Volos and Chios lies the sea; each dot stands on its own side of it, to a few kilometres."""
    (aegean,) = atlas.draw(
        [place("Larissa", 39.64, 22.42, 2), place("Manisa", 38.61, 27.43), place("Sparta", 37.07, 22.43)]
    )
    assert aegean.across == 1600
    assert all(holds(aegean.land, dot.x, dot.y) for dot in aegean.dots)
    by_name = {dot.place.name: dot for dot in aegean.dots}
    between = (by_name["Larissa"].x + by_name["Manisa"].x) / 2
    assert not holds(aegean.land, between, by_name["Manisa"].y)
    assert aegean.land.count("M") > 20 and len(aegean.land) < 15_000


def test_where_no_coast_is_in_sight_a_closer_map_is_bare() -> None:
    """All land, it would tell nothing, and lakes would be missed."""
    towns = [place(name, 48 + n / 9, 9 + n / 9, 9) for n, name in enumerate(["Konstanz", "Ulm", "Aalen", "Crailsheim"])]
    assert atlas.draw(towns)[0].land
    assert {near.land for near in atlas.draw([MOSCOW, HOUSTON, *towns])[1:] if near.across < land.LEAST_INLAND} == {""}


def test_places_in_one_spot_end_in_no_endless_search() -> None:
    assert len(atlas.draw([place(f"P{number}", 46.2, 6.15) for number in range(20)])) <= 9


def test_the_same_places_in_any_order_give_the_same_maps() -> None:
    assert atlas.draw([MOSCOW, HOUSTON, SYDNEY]) == atlas.draw([SYDNEY, MOSCOW, HOUSTON])


def test_names_do_not_lie_upon_each_other_or_over_the_side() -> None:
    dots = [(float(x), float(y), 10.0, "A long name") for x in range(0, 720, 30) for y in range(0, 400, 30)]
    found = labels.beside(dots, labels.WIDE, 720, 400, ())
    assert len(found) < len(dots)
    assert labels.beside([(5.0, 200.0, 10.0, "West")], labels.WIDE, 720, 400, ())[0].anchor == "start"
    assert labels.beside([(715.0, 200.0, 10.0, "East")], labels.WIDE, 720, 400, ())[0].anchor == "end"
    assert labels.beside([(50.0, 50.0, 10.0, "x" * 40)], labels.WIDE, 720, 400, ()) == ()


def test_both_projections_keep_areas_true() -> None:
    def area(flat: projections.Projection, latitude: float, longitude: float) -> float:
        corners = [flat(latitude + y, longitude + x) for x, y in ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1))]
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)) / 2)

    for flat in (projections.fitting([(50, 10), (40, 20)]), projections.fitting([(50, -120), (0, 0), (-30, 150)])):
        for latitude, longitude in ((0.0, 11.0), (45.0, 20.0), (60.0, 30.0), (30.0, -10.0)):
            true = (
                6371.0**2
                * math.radians(0.1)
                * (math.sin(math.radians(latitude + 0.1)) - math.sin(math.radians(latitude)))
            )
            assert area(flat, latitude, longitude) == pytest.approx(true, rel=1e-3)


def claim(name: str, people: int, latitude: float, **more: Any) -> dict[str, Any]:
    """A town as the gazetteer's script gets it."""
    town = {"name": name, "population": people, "latitude": latitude, "longitude": 10.0, "countrycode": "DE"}
    return {**town, "admin1code": "", "alternatenames": [], **more}


COUNTRIES = {
    "DE": {"name": "Germany", "iso3": "DEU", "capital": "Berlin"},
    "FR": {"name": "France", "iso3": "FRA", "capital": "Paris"},
    "US": {"name": "United States", "iso3": "USA", "capital": "Washington"},
}


def known(*towns: dict[str, Any]) -> dict[str, str]:
    """The code of the country that each name alone means by the script's rule."""
    lines = [line.split("\t") for line in script.lines(towns, COUNTRIES, {"DEU": (51.0, 10.0)})]
    return {name: code for name, code, _, _, mark in lines if mark == gazetteer.ALONE}


def test_a_name_alone_needs_a_town_that_is_large_enough() -> None:
    assert known(claim("Big", 15_000, 50), claim("Small", 14_999, 50)) == {"big": "DE"}


def test_a_name_alone_needs_one_place_ten_times_as_large_as_any_other() -> None:
    assert known(claim("Twin", 300_000, 50), claim("Twin", 30_000, 40, countrycode="FR")) == {"twin": "DE"}
    assert known(claim("Twin", 300_000, 50), claim("Twin", 30_001, 40, countrycode="FR")) == {}
    assert known(claim("Twin", 300_000, 50), claim("Twin", 90_000, 50.3)) == {"twin": "DE"}, "its own suburb"


def test_a_former_name_of_a_metropolis_takes_no_name_from_a_large_town() -> None:
    amman = claim("Amman", 4_000_000, 30, alternatenames=["Phila"])
    assert known(claim("Phila", 1_500_000, 50, countrycode="FR"), amman)["phila"] == "FR"
    assert "phila" not in known(claim("Phila", 30_000, 50), amman)


def test_another_name_needs_to_be_nobody_elses() -> None:
    zion = claim("Jerusalem", 900_000, 31, alternatenames=["Sion"])
    assert known(zion)["sion"] == "DE"
    assert "sion" not in known(zion, claim("Sion", 30_000, 46))
    assert "sion" not in known(zion, claim("Sitten", 30_000, 46, alternatenames=["Sion"]))
    namesake = claim("Jerusalem", 30_000, 46, alternatenames=["Sion"])
    assert known(zion, namesake)["sion"] == "DE", "a namesake has the other names too"
    assert "kleinort" not in known(claim("Town", 99_999, 50, alternatenames=["Kleinort"]))


def test_a_larger_area_of_the_name_has_to_hold_the_town() -> None:
    assert known(claim("Georgia", 90_000, 50)) == {}
    town = claim("New York", 8_000_000, 40, countrycode="US", admin1code="NY")
    assert known(town) == {"new-york": "US-NY"}
    assert known({**town, "admin1code": "TX"}) == {}
