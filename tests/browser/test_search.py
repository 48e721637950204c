"""The search page and the front page's ways to dates, in a browser: with scripts and without, from a disk and a host."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import finding
from tests.browser.conftest import Place, emulate, resize

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "themes" / "broadsheet" / "static"


@pytest.fixture(params=["disk", "host"])
def place(request: pytest.FixtureRequest) -> Place:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Place)
    return found


def search(browser: Chrome, query: str) -> list[list[str]]:
    """What is found: the text of each link and the site path that it leads to."""
    browser.execute_script("document.querySelector('ol.finds').replaceChildren()")
    found = browser.execute_async_script(
        """
        const [query, done] = arguments, field = document.querySelector("#q");
        const told = document.querySelector("[role=status]");
        told.textContent = "";
        field.value = query;
        field.dispatchEvent(new Event("input"));
        const wait = (left) => told.textContent || !left
          ? done([...document.querySelectorAll(".finds a")].map((a) => [a.textContent, a.href]))
          : setTimeout(() => wait(left - 1), 20);
        wait(100);
        """,
        query,
    )
    assert isinstance(found, list)
    return found


def told(browser: Chrome) -> str:
    return str(browser.execute_script("return document.querySelector('[role=status]').textContent"))


def silent(browser: Chrome) -> bool:
    return not browser.get_log("browser")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("query", "name", "url"),
    [
        ("syr", "Syria", "tags/syria/"),
        ("TILLERSON", "Rex Tillerson", "people/rex-tillerson/"),
        ("till rex", "Rex Tillerson", "people/rex-tillerson/"),
        ("نادر", "نادر", "authors/نادر/"),
        ("wórld", "World", "sections/world/"),
        ("2017", "2017", "2017/"),
        ("20", "2017", "2017/"),
        ("2017-04", "April 2017", "2017/04/"),
        ("04/2017", "April 2017", "2017/04/"),
        ("2017-04-12", "April 12, 2017", "2017/04/12/"),
        ("12.04.2017", "April 12, 2017", "2017/04/12/"),
        ("4/12/2017", "April 12, 2017", "2017/04/12/"),
        ("April 2017", "April 2017", "2017/04/"),
        ("April 12th, 2017", "April 12, 2017", "2017/04/12/"),
        ("12 avril 2017", "April 12, 2017", "2017/04/12/"),
        ("12 апреля 2017 г.", "April 12, 2017", "2017/04/12/"),
        ("١٢ أبريل ٢٠١٧", "April 12, 2017", "2017/04/12/"),
        ("2017年4月12日", "April 12, 2017", "2017/04/12/"),
        ("31.04.2017", "April 2017", "2017/04/"),
        ("Mai 2017", "2017", "2017/"),
        ("12 April", "April 12", "on-this-day/04-12.html"),
    ],
)
def test_it_finds_names_and_dates(browser: Chrome, place: Place, query: str, name: str, url: str) -> None:
    browser.get(place.address("search/"))
    found = search(browser, query)
    assert found[0] == [name, place.address(url)]
    assert told(browser) == f"Found: {len(found)}"
    browser.find_element("css selector", ".finds a").click()
    assert browser.execute_script("return document.querySelector('h1').textContent")
    assert silent(browser)


@pytest.mark.parametrize(
    "query", ["xyzzy", "Apollo 11", "99.99.2017", "33.04.", "1016-04-12", "__proto__", "constructor", "'\"<b>"]
)
def test_what_is_not_there_is_told(browser: Chrome, disk: Place, query: str) -> None:
    browser.get(disk.address("search/"))
    assert search(browser, query) == []
    assert told(browser).startswith("Nothing found") or not finding.fold(query)
    assert silent(browser)


def test_the_query_stands_in_the_address(browser: Chrome, place: Place) -> None:
    browser.get(place.address("search/") + "#q=syr")
    wait = "const done = arguments[0], t = setInterval(() => { const a = document.querySelector('.finds a'); if (a) { "
    assert browser.execute_async_script(wait + "clearInterval(t); done(a.textContent); } }, 20)") == "Syria"
    search(browser, "a & b")
    assert browser.execute_script("return location.hash") == "#q=a%20%26%20b"
    browser.get(place.address("search/") + "#q=%")  # nobody's query
    assert silent(browser)


def test_keys_lead_from_the_field_to_the_page(browser: Chrome, disk: Place) -> None:
    from selenium.webdriver import ActionChains, Keys

    browser.get(disk.address("search/"))
    search(browser, "s")
    browser.execute_script("document.querySelector('#q').focus()")

    def press(*keys: str) -> str:
        ActionChains(browser).send_keys(*keys).perform()
        return str(browser.execute_script("return document.activeElement.id || document.activeElement.textContent"))

    names = [link.text for link in browser.find_elements("css selector", ".finds a")]
    assert press(Keys.ARROW_DOWN) == names[0]
    assert press(Keys.ARROW_DOWN) == names[1]
    assert press(Keys.ARROW_UP, Keys.ARROW_UP) == "q"
    assert press(Keys.ARROW_DOWN, Keys.ESCAPE) == "q"
    search(browser, "rex")
    press(Keys.ENTER)
    assert browser.current_url == disk.address("people/rex-tillerson/")


def test_without_scripts_there_are_the_ways_to_all_lists(browser: Chrome, disk: Place) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(disk.address("search/"))
        assert not browser.find_element("id", "q").is_displayed()
        ways = [link.get_attribute("href") for link in browser.find_elements("css selector", ".lists a")]
        wanted = ["archive/", "on-this-day/", "tags/", "people/", "authors/", "sections/", "undated/"]
        assert ways == [disk.address(url) for url in wanted]
        browser.get(disk.address(""))
        link = browser.find_element("css selector", "a[data-days]")
        assert link.get_attribute("href") == disk.address("on-this-day/")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize(
    "text",
    [
        "Ærø Straße",
        "İstanbul ISPARTA ışık",
        "ΟΔΥΣΣΕΥΣ ς",
        "Ёлка й",
        "إسلام آباد ٢٠١٧",
        "ﬁﬂ Ⅷ ½ Å",
        "O’Brien-C++",
        "한국 北京 ไทย",
    ],
)
def test_letters_are_folded_alike_on_both_sides(browser: Chrome, disk: Place, text: str) -> None:
    """Under the folded text, in the script's own way, stands what is under the text in ours."""
    browser.get(disk.address("search/"))
    script = (STATIC / "search.js").read_text("utf-8")
    fold = script[script.index("const fold") : script.index("/* The list of")]
    letters = json.dumps(finding.letters())
    found = browser.execute_script(f"const letters = {letters}; {fold} return fold(arguments[0])", text)
    assert found == finding.fold(text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_fits_and_its_targets_are_large_enough(browser: Chrome, disk: Place, scheme: str, width: int) -> None:
    resize(browser, width)
    emulate(browser, scheme)
    browser.get(disk.address("search/"))
    assert search(browser, "donau")
    assert browser.execute_script("return document.scrollingElement.scrollWidth") == width
    small: Any = browser.execute_script(
        "return [...document.querySelectorAll('main a, main input')].map(e => [e.textContent, e.getBoundingClientRect()])"
        ".filter(([, r]) => r.height < 24 || r.width < 24).map(([text]) => text)"
    )
    assert small == []


@pytest.mark.parametrize(("today", "url"), [("2031-04-12", "on-this-day/04-12.html"), ("2031-12-24", "on-this-day/")])
def test_the_front_page_leads_to_today(browser: Chrome, place: Place, today: str, url: str) -> None:
    """To the day's page where there is one, by the reader's own clock."""
    browser.get(place.address(""))
    script = (STATIC / "today.js").read_text("utf-8")
    _, m, d = map(int, today.split("-"))
    # The script once more, on the link as it was made, with another clock.
    found = browser.execute_script(
        f"const link = document.querySelector('a[data-days]'); link.href = {json.dumps(place.address('on-this-day/'))};"
        f"const Date = class {{ getMonth() {{ return {m - 1}; }} getDate() {{ return {d}; }} }};"
        "const document_ = { addEventListener: (_, run) => run(), querySelector: () => link };"
        f"((document) => {{ {script} }})(document_); return link.href"
    )
    assert found == place.address(url)


def test_scripts_and_styles_are_small() -> None:
    assert len((STATIC / "search.js").read_bytes()) < 6_000
    assert len((STATIC / "today.js").read_bytes()) < 1_000
    assert len((STATIC / "finder.css").read_bytes()) < 2_000


def test_the_slash_key_leads_to_the_field(browser: Chrome, disk: Place) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(disk.address("2017/"))
    ActionChains(browser).send_keys("/").perform()
    WebDriverWait(browser, 10).until(lambda shown: shown.current_url.partition("#")[0] == disk.address("search/"))
    WebDriverWait(browser, 10).until(lambda shown: shown.find_element("id", "q").is_displayed())
    assert browser.execute_script("return document.activeElement.id") == "q"
    browser.execute_script("document.activeElement.blur()")
    ActionChains(browser).send_keys("/").perform()
    assert browser.execute_script("return document.activeElement.id") == "q"
    assert browser.execute_script("return document.querySelector('#q').value") == ""
