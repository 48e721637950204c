"""The map of places as a reader meets it: by keyboard, by finger, on paper, from right to left, and its twin in text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import sites
from tests.browser.conftest import Place, emulate, resize
from tests.browser.test_broadsheet import press, style

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser

INDEX = "places/"
TOWNS = ["Berlin", "Hamburg", "Munich", "Moscow", "Tokyo", "Springfield"]
RHINE = ["Cologne", "Düsseldorf", "Bonn", "Essen", "Wuppertal"]
"""So near to each other that they get a closer map."""


def build(root: Path, language: str) -> Place:
    names = TOWNS + RHINE
    files: dict[str, str | bytes] = {
        f"content/articles/{number}.md": f"---\ntitle: Story {number}\ndate: 2015-03-{number + 1:02}\n"
        f"places: [{', '.join(names[: number + 1])}]\n---\n\nText.\n"
        for number in range(len(names))
    }
    files["content/site.toml"] = f'[site]\ntitle = "The Courier"\nlanguage = "{language}"\n'
    assert not sites.build(sites.write(root, files)).problems
    return Place(f"{(root / 'output').as_uri()}/")


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return build(tmp_path_factory.mktemp("towns"), "en")


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return build(tmp_path_factory.mktemp("mirrored"), "ar")


def focused(browser: Chrome, expression: str) -> Any:
    return browser.execute_script(f"const at = document.activeElement; return {expression}")


def walk_to(browser: Chrome, selector: str, most: int = 60) -> None:
    """Press Tab until what matches has the focus, as a reader would."""
    from selenium.webdriver import Keys

    for _ in range(most):
        press(browser, Keys.TAB)
        if focused(browser, f"at.matches({selector!r})"):
            return
    raise AssertionError(f"{selector} is not reached by {most} presses of Tab")


def test_a_point_is_reached_by_keyboard_says_what_it_is_and_leads_to_its_page(browser: Chrome, towns: Place) -> None:
    from selenium.webdriver import Keys

    browser.get(towns.address(INDEX))
    walk_to(browser, ".map a")
    assert focused(browser, "at.querySelector('title').textContent") == "Berlin: 11 articles"
    dot = "getComputedStyle(at.querySelector('path:last-child')).stroke"
    assert focused(browser, dot) == style(browser, "body", "color")
    press(browser, Keys.TAB)
    assert focused(browser, "at.querySelector('title').textContent") == "Hamburg: 10 articles"
    press(browser, Keys.ENTER)
    assert browser.current_url == towns.address("places/hamburg/")
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


def test_the_map_can_be_skipped(browser: Chrome, towns: Place) -> None:
    from selenium.webdriver import Keys

    browser.get(towns.address(INDEX))
    walk_to(browser, "a[href='#names']")
    assert browser.execute_script("return document.activeElement.getBoundingClientRect().top >= 0"), "and is seen then"
    press(browser, Keys.ENTER)
    press(browser, Keys.TAB)
    assert focused(browser, "at.closest('.index') !== null")


def test_a_closer_map_opens_by_keyboard(browser: Chrome, towns: Place) -> None:
    from selenium.webdriver import Keys

    browser.get(towns.address(INDEX))
    browser.execute_script("for (const one of document.querySelectorAll('.atlas details')) one.open = false")
    walk_to(browser, ".atlas summary")
    press(browser, Keys.ENTER)
    assert focused(browser, "at.parentElement.open") is True
    walk_to(browser, ".atlas details a", most=1)
    named = browser.execute_script(
        "return [...document.querySelectorAll('.atlas details .map title')].map(e => e.textContent.split(':')[0])"
    )
    assert set(RHINE) <= set(named)


def test_the_list_below_says_the_same(browser: Chrome, towns: Place) -> None:
    """Each point's name, number and link stand in the index from A to Z; what is on no map stands there too."""
    browser.get(towns.address(INDEX))
    points, names = browser.execute_script(
        "const all = (selector, made) => [...document.querySelectorAll(selector)].map(made);"
        "return [all('.map a', e => [e.querySelector('title').textContent.replace(/ articles?$/, ''), e.href.baseVal]),"
        " all('.index li', e => [`${e.querySelector('a').textContent}: ${e.querySelector('.count').textContent}`,"
        " e.querySelector('a').getAttribute('href')])]"
    )
    assert len(names) == len(TOWNS + RHINE)
    assert {tuple(point) for point in points} < {tuple(name) for name in names}
    assert "Springfield" not in " ".join(name for name, _ in points)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_smallest_point_is_as_wide_as_a_finger_wants(browser: Chrome, towns: Place, width: int) -> None:
    """24 pixels, WCAG 2.2's least; names beside points take no presses away."""
    resize(browser, width)
    browser.get(towns.address(INDEX))
    hit = browser.execute_script(
        """
        const dots = [...document.querySelectorAll("figure .map a")], tokyo = dots.find(a => a.textContent.startsWith("Tokyo"));
        tokyo.scrollIntoView({ block: "center" });
        const box = tokyo.lastElementChild.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
        return [[0, 0], [10, 0], [-10, 0], [0, 10], [0, -10]].every(
          ([right, down]) => document.elementFromPoint(x + right, y + down).closest("a") === tokyo);
        """
    )
    assert hit is True
    assert browser.execute_script("return document.scrollingElement.scrollWidth") == width


def test_names_are_of_one_size_on_wide_screens_and_narrow_ones(browser: Chrome, towns: Place) -> None:
    heights = []
    for width, shown, hidden in ((1280, ".wide", ".narrow"), (320, ".narrow", ".wide")):
        resize(browser, width)
        browser.get(towns.address(INDEX))
        assert style(browser, f"figure .map {hidden}", "display") == "none"
        heights.append(
            browser.execute_script(
                f"return document.querySelector('figure .map {shown} text').getBoundingClientRect().height"
            )
        )
    assert all(9 <= height <= 24 for height in heights), heights


def test_east_is_on_the_right_whatever_the_page_reads_like(browser: Chrome, towns: Place, mirrored: Place) -> None:
    order = "return [...document.querySelectorAll('figure .map a')].map(a => a.lastElementChild.getAttribute('d'))"
    browser.get(towns.address(INDEX))
    there = browser.execute_script(order)
    browser.get(mirrored.address(INDEX))
    assert browser.execute_script(order) == there
    assert style(browser, "html", "direction") == "rtl"
    assert style(browser, ".map", "direction") == "ltr"
    places = browser.execute_script(
        "return ['Hamburg', 'Tokyo'].map(name => [...document.querySelectorAll('figure .map a')]"
        ".find(a => a.textContent.startsWith(name)).lastElementChild.getBoundingClientRect().x)"
    )
    assert places[0] < places[1]


def test_on_paper_the_map_is_whole_and_dark_screens_do_not_blacken_it(browser: Chrome, towns: Place) -> None:
    emulate(browser, "dark", media="print")
    browser.get(towns.address(INDEX))
    assert style(browser, "figure .map", "display") == "block"
    assert style(browser, "body", "background-color") == "rgb(255, 255, 255)"
    assert style(browser, "figure .map text", "fill") == "rgb(0, 0, 0)"
