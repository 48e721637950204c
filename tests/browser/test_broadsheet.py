"""The theme as a reader meets it: in a browser, wide and narrow, light and dark, by keyboard, on paper, from a disk."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import ARABIC, ENGLISH, LONG, PAGES, Place, emulate, resize

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser


def style(browser: Chrome, selector: str, name: str) -> str:
    """A computed property of the first element that matches."""
    return str(
        browser.execute_script(
            "return getComputedStyle(document.querySelector(arguments[0])).getPropertyValue(arguments[1])",
            selector,
            name,
        )
    )


@pytest.fixture(params=["disk", "host"])
def place(request: pytest.FixtureRequest) -> Place:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Place)
    return found


@pytest.mark.parametrize("url", ["", ENGLISH, ARABIC, "2017/04/12/", "tags/syria/"])
def test_stylesheet_applies_from_disk_and_under_a_sub_path(browser: Chrome, place: Place, url: str) -> None:
    browser.get(place.address(url))
    assert style(browser, ".masthead ul", "display") == "flex"
    assert style(browser, "body", "background-color") == "rgb(252, 250, 246)"
    assert style(browser, ".skip", "position") == "absolute"


# The page for missing addresses is shown anywhere on its host, so its links start at the root of `base_url`.
@pytest.mark.parametrize("name", [name for name in PAGES if name != "not found"])
def test_console_is_silent(browser: Chrome, place: Place, name: str) -> None:
    """A breach of the content security policy, a missing file or an error would each be a line there."""
    browser.get(place.address(PAGES[name]))
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_the_smallest_screen(browser: Chrome, disk: Place, name: str) -> None:
    resize(browser, 320)
    browser.get(disk.address(PAGES[name]))
    assert browser.execute_script("return document.scrollingElement.scrollWidth") == 320


def test_a_wide_table_scrolls_in_its_own_frame(browser: Chrome, disk: Place) -> None:
    resize(browser, 320)
    browser.get(disk.address(ENGLISH))
    frame = "const frame = document.querySelector('.body .scroll');"
    assert browser.execute_script(f"{frame} return frame.scrollWidth > frame.clientWidth && frame.tabIndex === 0")


# ------------------------------------------------------------------------------------------------ colours


def _luminance(colour: str) -> float:
    channels = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two CSS colours (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_dark_mode_changes_paper_and_ink(browser: Chrome, disk: Place) -> None:
    browser.get(disk.address(ENGLISH))
    light = style(browser, "body", "background-color")
    emulate(browser, "dark")
    dark = style(browser, "body", "background-color")
    assert _luminance(light) > 0.8
    assert _luminance(dark) < 0.05


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_paper(browser: Chrome, disk: Place, scheme: str) -> None:
    emulate(browser, scheme)
    browser.get(disk.address(ENGLISH))
    paper = style(browser, "body", "background-color")
    for selector in (".body p", ".standfirst", ".kicker a", ".dates", ".provenance", ".lost", ".notes p", ".crumbs a"):
        assert contrast(style(browser, selector, "color"), paper) >= 4.5, selector
    browser.get(disk.address("2017/"))
    held = style(browser, "[class^=held-]", "background-color")
    assert contrast(style(browser, "[class^=held-] a", "color"), held) >= 4.5


# ------------------------------------------------------------------------------------- keyboard, and touch


def _focused(browser: Chrome) -> dict[str, Any]:
    found = browser.execute_script(
        "const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);"
        "return {name: e.className || e.id, top: r.top, outline: s.outlineStyle, width: parseFloat(s.outlineWidth)}"
    )
    assert isinstance(found, dict)
    return found


def test_skip_link_comes_first_and_leads_to_the_text(browser: Chrome, disk: Place) -> None:
    from selenium.webdriver import ActionChains, Keys

    browser.get(disk.address(ENGLISH))
    ActionChains(browser).send_keys(Keys.TAB).perform()
    focused = _focused(browser)
    assert focused["name"] == "skip"
    assert focused["top"] >= 0
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    assert _focused(browser)["name"] == "main"


def test_focus_is_always_seen(browser: Chrome, disk: Place) -> None:
    from selenium.webdriver import ActionChains, Keys

    browser.get(disk.address(ENGLISH))
    for _ in range(14):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        focused = _focused(browser)
        assert focused["outline"] == "solid", focused
        assert focused["width"] >= 2, focused


@pytest.mark.parametrize("name", ["home", "article", "month", "year", "archive", "term", "index"])
def test_targets_are_large_enough_to_touch(browser: Chrome, disk: Place, name: str) -> None:
    """Links that do not stand in running text are 24 pixels or more each way (WCAG 2.2, 2.5.8)."""
    resize(browser, 360)
    browser.get(disk.address(PAGES[name]))
    small = browser.execute_script(
        "return [...document.querySelectorAll('nav a, .years a, .feeds a, td a, .terms a, .kicker a, .index a')]"
        ".map(e => [e.textContent, e.getBoundingClientRect()])"
        ".filter(([, r]) => r.height < 24 || r.width < 24).map(([text]) => text)"
    )
    assert small == []


# ------------------------------------------------------------------------------------------ type and page


def test_lines_are_of_60_to_70_characters(browser: Chrome, disk: Place) -> None:
    """Fonts differ from system to system, so a few more or fewer are as good."""
    browser.get(disk.address(ENGLISH))
    length = browser.execute_script(
        "const p = document.querySelector('.body p'), r = document.createRange(); r.selectNodeContents(p);"
        "const lines = new Set([...r.getClientRects()].map(b => Math.round(b.bottom / 12)));"
        "return p.textContent.length / lines.size"
    )
    assert 52 <= length <= 76


def test_arabic_page_reads_from_the_right_and_its_masthead_from_the_left(browser: Chrome, disk: Place) -> None:
    browser.get(disk.address(ARABIC))
    assert style(browser, "html", "direction") == "rtl"
    assert style(browser, ".paper h1", "direction") == "rtl"
    assert style(browser, ".masthead", "direction") == "ltr"
    assert browser.execute_script(
        "const r = document.createRange(); r.selectNodeContents(document.querySelector('.paper h1'));"
        "const text = r.getBoundingClientRect(); return text.left > innerWidth - text.right"
    )
    assert style(browser, ".kicker", "letter-spacing") in ("0px", "normal")


@pytest.mark.parametrize("name", PAGES)
def test_one_h1_and_no_level_skipped(browser: Chrome, disk: Place, name: str) -> None:
    browser.get(disk.address(PAGES[name]))
    levels = browser.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_a_headline_of_300_characters_stays_in_its_column(browser: Chrome, disk: Place) -> None:
    browser.get(disk.address(LONG))
    assert browser.execute_script(
        "const h = document.querySelector('h1').getBoundingClientRect();"
        "return h.right <= innerWidth && h.height < 700 && document.scrollingElement.scrollWidth <= innerWidth"
    )


def test_paper_gets_the_citation_and_not_the_navigation(browser: Chrome, disk: Place) -> None:
    emulate(browser, "dark", media="print")
    browser.get(disk.address(ENGLISH))
    assert style(browser, "body", "background-color") == "rgb(255, 255, 255)"
    assert style(browser, "nav", "display") == "none"
    assert style(browser, ".story-foot a", "text-decoration-line") == "none"
    assert "https://courier.example/2017/04/12/talks-in-moscow.html" in str(
        browser.execute_script("return document.querySelector('.provenance').innerText")
    )
    browser.get(disk.address("2017/04/12/"))
    assert style(browser, ".address", "display") == "block"
