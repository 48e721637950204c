"""The theme as a reader meets it: in a browser, wide and narrow, light and dark, by keyboard, on paper, from a disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import (
    ARABIC,
    ENGLISH,
    HARD_PAGES,
    JAPANESE,
    LONG,
    PAGES,
    PICTURES,
    THAI,
    Place,
    emulate,
    resize,
)

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser

ALL = PAGES | HARD_PAGES


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
@pytest.mark.parametrize("name", [name for name in ALL if name != "not found"])
def test_console_is_silent(browser: Chrome, place: Place, name: str) -> None:
    """A breach of the content security policy, a missing file or an error would each be a line there."""
    browser.get(place.address(ALL[name]))
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", ALL)
def test_nothing_scrolls_sideways_on_the_smallest_screen(browser: Chrome, disk: Place, name: str) -> None:
    """320 pixels are also what 400 % zoom leaves of 1280."""
    resize(browser, 320)
    browser.get(disk.address(ALL[name]))
    assert browser.execute_script("return document.scrollingElement.scrollWidth") == 320


def test_a_wide_table_scrolls_in_its_own_frame(browser: Chrome, disk: Place) -> None:
    resize(browser, 320)
    browser.get(disk.address(ENGLISH))
    frame = "const frame = document.querySelector('.body .scroll');"
    assert browser.execute_script(f"{frame} return frame.scrollWidth > frame.clientWidth && frame.tabIndex === 0")


@pytest.mark.parametrize("name", ["days of the year", "archive"])
def test_rows_of_a_calendar_are_of_one_height(browser: Chrome, disk: Place, name: str) -> None:
    browser.get(disk.address(PAGES[name]))
    heights = browser.execute_script(
        "return [...document.querySelectorAll('.months tbody tr')].map(row => row.getBoundingClientRect().height)"
    )
    assert heights
    assert max(heights) - min(heights) < 1


def test_scripts_without_capitals_have_their_room(browser: Chrome, disk: Place) -> None:
    """The lines of a headline stand close, and letters apart in kickers: not where letters join or have marks."""
    for url in (THAI, ARABIC, JAPANESE):
        browser.get(disk.address(url))
        size, line = (float(style(browser, "h1", name)[:-2]) for name in ("font-size", "line-height"))
        assert line / size >= 1.3
        assert style(browser, "h1", "letter-spacing") in ("0px", "normal")
        assert style(browser, ".kicker", "letter-spacing") in ("0px", "normal")


def test_what_stands_between_dates_is_where_the_page_reads_to(browser: Chrome, disk: Place) -> None:
    """A date in the interface's language within a page from right to left: the points stay between the items."""
    browser.get(disk.address(ARABIC))
    directions = browser.execute_script(
        "return [...document.querySelectorAll('.dates > *')].map(e => getComputedStyle(e, '::before').direction)"
    )
    assert directions == ["rtl"] * len(directions)
    assert len(directions) > 1


def test_forty_pictures_come_when_they_are_met(browser: Chrome, disk: Place) -> None:
    """All but the first wait, and each keeps its place until then."""
    browser.get(disk.address(PICTURES))
    pictures = browser.execute_script(
        "return [...document.querySelectorAll('.story-text img')].map(i => [i.loading === 'lazy', i.offsetWidth / i.offsetHeight])"
    )
    assert [late for late, _ in pictures] == [False] + [True] * 39
    assert all(shape == pytest.approx(4, 0.02) or shape == pytest.approx(1 / 3, 0.02) for _, shape in pictures)


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


def test_names_stand_beside_a_story_where_there_is_room_and_else_below_it(browser: Chrome, disk: Place) -> None:
    places = (
        "const at = s => document.querySelector(s).getBoundingClientRect();"
        "const [names, meta, text, foot] = ['.terms', '.story-meta', '.story-text', '.story-foot'].map(at);"
    )
    browser.get(disk.address(ENGLISH))
    resize(browser, 1280)
    assert browser.execute_script(
        f"{places} return names.right < text.left && names.top >= meta.bottom && names.top < text.top + 300"
        " && foot.top >= text.bottom && foot.left === text.left"
    )
    resize(browser, 360)
    assert browser.execute_script(f"{places} return names.top >= text.bottom && foot.top >= names.bottom")


def test_no_line_of_a_card_begins_with_a_dot(browser: Chrome, disk: Place) -> None:
    """What parts day, author and paper hangs before them, outside of what is shown where they begin a line."""
    resize(browser, 320)
    browser.get(disk.address(ARABIC))
    for side in ("right", "left"):
        assert browser.execute_script(
            "const edge = document.querySelector('.dates').parentElement.getBoundingClientRect()[arguments[0]];"
            "const items = [...document.querySelectorAll('.dates > *')].map(e => [e, getComputedStyle(e)]);"
            "return items.filter(([e, s]) => {const box = e.getBoundingClientRect();"
            "const pad = parseFloat(arguments[0] === 'right' ? s.paddingRight : s.paddingLeft);"
            "const text = arguments[0] === 'right' ? box.right - pad : box.left + pad;"
            "return pad && Math.abs(text - edge) < 1}).length > 0",
            side,
        )
        browser.get(disk.address(ENGLISH))


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


@pytest.mark.parametrize("name", ALL)
def test_one_h1_and_no_level_skipped(browser: Chrome, disk: Place, name: str) -> None:
    browser.get(disk.address(ALL[name]))
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
        browser.execute_script("return document.querySelector('.cite').innerText")
    )
    browser.get(disk.address("2017/04/12/"))
    assert style(browser, ".address", "display") == "block"


# ------------------------------------------------------------------------------------------------- scripts


def press(browser: Chrome, *keys: str) -> None:
    """Type on the keyboard, wherever the focus is."""
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def root(browser: Chrome, expression: str) -> Any:
    return browser.execute_script(f"return document.documentElement.{expression}")


@pytest.fixture
def forgotten(browser: Chrome, place: Place) -> Iterator[Chrome]:
    """The browser at an article, with nothing remembered; and nothing afterwards."""
    browser.get(place.address(ENGLISH))
    browser.execute_script("localStorage.clear()")
    browser.refresh()
    yield browser
    browser.execute_script("localStorage.clear()")
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


def click(browser: Chrome, selector: str) -> None:
    browser.execute_script("document.querySelector(arguments[0]).click()", selector)


def test_colours_are_chosen_and_remembered(forgotten: Chrome, place: Place) -> None:
    assert _luminance(style(forgotten, "body", "background-color")) > 0.8
    click(forgotten, "[data-colours=dark]")
    assert _luminance(style(forgotten, "body", "background-color")) < 0.05
    assert forgotten.execute_script("return document.querySelector('[data-colours=dark]').ariaPressed") == "true"
    forgotten.get(place.address(""))
    assert _luminance(style(forgotten, "body", "background-color")) < 0.05
    click(forgotten, "[data-colours='']")
    assert _luminance(style(forgotten, "body", "background-color")) > 0.8
    emulate(forgotten, "dark")
    click(forgotten, "[data-colours=light]")
    assert _luminance(style(forgotten, "body", "background-color")) > 0.8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chosen_colours_are_as_readable(forgotten: Chrome, scheme: str) -> None:
    emulate(forgotten, "light" if scheme == "dark" else "dark")
    click(forgotten, f"[data-colours={scheme}]")
    paper = style(forgotten, "body", "background-color")
    for selector in (".body p", ".age", ".cite p", "button", "summary", ".ways span"):
        assert contrast(style(forgotten, selector, "color"), paper) >= 4.5, selector


def test_text_grows_to_an_end_and_stays_so(forgotten: Chrome, place: Place) -> None:
    before = float(style(forgotten, ".body", "font-size")[:-2])
    for _ in range(9):
        click(forgotten, "[data-size='1']")
    assert float(style(forgotten, ".body", "font-size")[:-2]) == pytest.approx(before * 1.4)
    forgotten.get(place.address(LONG))
    assert float(style(forgotten, ".body", "font-size")[:-2]) == pytest.approx(before * 1.4)
    for _ in range(9):
        click(forgotten, "[data-size='-1']")
    assert float(style(forgotten, ".body", "font-size")[:-2]) == pytest.approx(before * 0.8)


def test_the_age_is_told_in_the_language_of_the_interface(forgotten: Chrome, place: Place) -> None:
    import datetime as dt

    years = int((dt.datetime.now(dt.UTC) - dt.datetime(2017, 4, 12, tzinfo=dt.UTC)).days // 365.2425)
    for url in (ENGLISH, ARABIC):
        forgotten.get(place.address(url))
        told = forgotten.execute_script("return document.querySelector('.age').textContent")
        assert told == f"Published {years} years ago"


def test_a_citation_is_copied_and_said_so(forgotten: Chrome) -> None:
    forgotten.execute_script(
        "window.copied = []; navigator.clipboard.writeText = async (text) => { window.copied.push(text); }"
    )
    click(forgotten, "[data-copy]")
    wait(forgotten, "return document.querySelector('[data-copy]').textContent === 'Copied'")
    (copied,) = forgotten.execute_script("return window.copied")
    assert copied.startswith("Schreck, Carl. “Talks in Moscow.” Herald, April 12, 2017. https://herald.example/")


def test_a_citation_is_copied_without_a_clipboard_too(forgotten: Chrome) -> None:
    forgotten.execute_script("navigator.clipboard.writeText = async () => { throw new Error('no'); }")
    forgotten.execute_script(
        "document.execCommand = () => { window.taken = document.activeElement.value; return true; }"
    )
    click(forgotten, "[data-copy]")
    wait(forgotten, "return document.querySelector('[data-copy]').textContent === 'Copied'")
    assert str(forgotten.execute_script("return window.taken")).startswith("Schreck, Carl.")
    assert forgotten.execute_script("return document.querySelector('textarea') === null")


def wait(browser: Chrome, expression: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 5).until(lambda found: found.execute_script(expression))


def test_sharing_is_offered_where_the_browser_can(forgotten: Chrome, place: Place) -> None:
    can = forgotten.execute_script("return 'share' in navigator")
    assert forgotten.execute_script("return document.querySelector('[data-share]').hidden") is not can


def test_keys_lead_from_article_to_article_and_from_headline_to_headline(forgotten: Chrome, place: Place) -> None:
    ways = {
        rel: forgotten.execute_script(f"return document.querySelector('[rel={rel}]').href") for rel in ("next", "prev")
    }
    for key, rel in (("j", "next"), ("k", "prev"), ("n", "next"), ("p", "prev")):
        forgotten.get(place.address(ENGLISH))
        press(forgotten, key)
        wait(forgotten, f"return location.href === {ways[rel]!r}")
    forgotten.get(place.address(""))
    headlines = forgotten.execute_script(
        "return [...document.querySelectorAll('.card .u-url')].map(e => e.textContent)"
    )
    press(forgotten, "j")
    press(forgotten, "j")
    assert forgotten.execute_script("return document.activeElement.textContent") == headlines[1]
    press(forgotten, "k")
    assert forgotten.execute_script("return document.activeElement.textContent") == headlines[0]


def test_keys_are_left_alone_in_fields_and_with_modifiers(forgotten: Chrome) -> None:
    from selenium.webdriver import ActionChains, Keys

    here = forgotten.current_url
    for tag in ("input", "textarea", "select"):
        forgotten.execute_script(
            "const e = document.createElement(arguments[0]); document.querySelector('main').append(e); e.focus()", tag
        )
        press(forgotten, "j", "n", "?")
    for modifier in (Keys.CONTROL, Keys.ALT, Keys.META):
        forgotten.execute_script("document.activeElement.blur()")
        event = {Keys.CONTROL: "ctrlKey", Keys.ALT: "altKey", Keys.META: "metaKey"}[modifier]
        forgotten.execute_script(
            f"document.dispatchEvent(new KeyboardEvent('keydown', {{key: 'n', {event}: true, bubbles: true}}))"
        )
    ActionChains(forgotten).pause(0.2).perform()
    assert forgotten.current_url == here
    assert forgotten.execute_script("return document.querySelector('#keys').open") is False


def test_help_opens_and_closes_by_key_and_by_button(forgotten: Chrome) -> None:
    from selenium.webdriver import Keys

    opened = "return document.querySelector('#keys').open"
    press(forgotten, "?")
    assert forgotten.execute_script(opened) is True
    here = forgotten.current_url
    press(forgotten, "n")
    assert forgotten.current_url == here, "other keys wait until the panel is closed"
    press(forgotten, Keys.ESCAPE)
    assert forgotten.execute_script(opened) is False
    click(forgotten, "[data-keys]")
    assert forgotten.execute_script(opened) is True
    click(forgotten, "#keys [data-keys]")
    assert forgotten.execute_script(opened) is False


def test_a_slash_leads_into_the_search_field(forgotten: Chrome, place: Place) -> None:
    press(forgotten, "/")
    wait(forgotten, "return document.activeElement.id === 'q'")
    press(forgotten, "s", "y", "r", "/")
    assert forgotten.execute_script("return document.activeElement.value") == "syr/"
    wait(forgotten, "return document.querySelector('.finds a') !== null")


def test_keys_can_be_switched_off_and_stay_so(forgotten: Chrome, place: Place) -> None:
    """WCAG 2.1.4: who speaks to the computer presses letters without meaning to."""
    opened = "return document.querySelector('#keys').open"
    press(forgotten, "?")
    assert "/" in forgotten.execute_script("return [...document.querySelectorAll('kbd')].map(e => e.textContent)")
    click(forgotten, "[data-off]")
    click(forgotten, "#keys [data-keys]")
    forgotten.refresh()
    here = forgotten.current_url
    press(forgotten, "?", "n", "/")
    assert forgotten.execute_script(opened) is False and forgotten.current_url == here
    click(forgotten, "[data-off]")
    press(forgotten, "?")
    assert forgotten.execute_script(opened) is True


@pytest.mark.parametrize("name", ["home", "archive", "days of the year"])
@pytest.mark.parametrize("width", [360, 1280])
def test_whoever_walks_back_through_a_table_sees_where_they_are(
    browser: Chrome, disk: Place, name: str, width: int
) -> None:
    """The head and the first column of a long table stay in sight, and never lie upon the link that has the focus."""
    from selenium.webdriver import ActionChains, Keys

    resize(browser, width, 500)
    browser.get(disk.address(PAGES[name]))
    browser.execute_script("document.querySelector('#foot').focus()")
    for _ in range(30):
        ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        assert browser.execute_script(
            "const at = document.activeElement, box = at.getBoundingClientRect();"
            "const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 20) / 2);"
            "return !at.matches('a') || top !== null && (at.contains(top) || top.contains(at))"
        )


def test_a_table_of_many_links_can_be_skipped(browser: Chrome, disk: Place) -> None:
    from selenium.webdriver import Keys

    browser.get(disk.address(""))
    browser.execute_script("document.querySelector('.held .skip').focus()")
    assert browser.execute_script("return document.activeElement.getBoundingClientRect().top") >= 0
    press(browser, Keys.ENTER)
    press(browser, Keys.TAB)
    assert "on-this-day/" in browser.execute_script("return document.activeElement.href")


@pytest.mark.parametrize("url", [ENGLISH, "", "search/"])
def test_scripts_move_nothing(browser: Chrome, place: Place, url: str) -> None:
    """The heights of all that stands on a page are the same before and after."""
    browser.get(place.address(url))
    shifts = browser.execute_async_script(
        "const done = arguments[0]; let sum = 0;"
        "new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; })"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300)"
    )
    assert shifts == 0


def test_without_scripts_nothing_is_offered_that_needs_them(browser: Chrome, place: Place) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(place.address(ENGLISH))
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert root(browser, "className") == ""
    assert style(browser, "[data-copy]", "visibility") == "hidden"
    assert style(browser, ".citation", "visibility") == "visible"


def test_style_and_script_are_small() -> None:
    static = Path(__file__).parents[2] / "themes/broadsheet/static"
    assert (static / "broadsheet.css").stat().st_size < 18_500
    assert (static / "fronts.css").stat().st_size < 5_000
    assert (static / "broadsheet.js").stat().st_size < 15_000
