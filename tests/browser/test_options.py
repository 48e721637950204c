"""Options of a theme, the theme `lite` and pictures as a browser shows them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests import sites
from tests.browser.conftest import ARCHIVE, PAGES, Place, emulate, resize
from tests.browser.test_broadsheet import contrast, style

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser
PICTURED = "2018/01/01/pictured.html"
OPTIONS = '[theme.options]\naccent = ["#00507a", "#8fc7ea"]\ntext_font = "sans"\ncolumns = 2\n'


def build(root: Path, settings: str) -> Place:
    made = io.BytesIO()
    Image.new("RGB", (1200, 600), "#456").save(made, "JPEG")
    files: dict[str, str | bytes] = dict(ARCHIVE)
    files["content/site.toml"] = ARCHIVE["content/site.toml"] + settings
    files["content/media/wide.jpg"] = made.getvalue()
    files["content/articles/pictured.md"] = (
        "---\ntitle: Pictured\ndate: 2018-01-01\nsection: World\nimages: [{src: media/wide.jpg, alt: Wide}]\n---\n\nText.\n"
    )
    sites.write(root, files)
    assert not sites.build(root).problems
    return Place(f"{(root / 'output').as_uri()}/")


@pytest.fixture(scope="module")
def blue(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A site with options of its own."""
    return build(tmp_path_factory.mktemp("blue"), OPTIONS)


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A site in text alone."""
    return build(tmp_path_factory.mktemp("lite"), 'theme = "lite"\n')


def test_options_colour_light_dark_and_not_paper(browser: Chrome, blue: Place) -> None:
    browser.get(blue.address(PICTURED))
    assert style(browser, ".kicker", "color") == "rgb(0, 80, 122)"
    assert "system-ui" in style(browser, ".body", "font-family")
    emulate(browser, "dark")
    assert style(browser, ".kicker", "color") == "rgb(143, 199, 234)"
    emulate(browser, "light", media="print")
    assert style(browser, ".kicker", "color") == "rgb(0, 0, 0)"
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shades_of_an_accent_leave_text_readable(browser: Chrome, blue: Place, scheme: str) -> None:
    emulate(browser, scheme)
    browser.get(blue.address("2017/"))
    browser.execute_script("document.querySelector('[class^=held-]').className = 'held-4'")
    shade = browser.execute_script(
        "const c = document.createElement('canvas').getContext('2d', {willReadFrequently: true});"
        "c.fillStyle = getComputedStyle(document.querySelector('.held-4')).backgroundColor; c.fillRect(0, 0, 1, 1);"
        "return 'rgb(' + [...c.getImageData(0, 0, 1, 1).data].slice(0, 3).join(', ') + ')'"
    )
    assert contrast(style(browser, ".held-4 a", "color"), str(shade)) >= 4.5


def test_a_picture_has_its_place_before_it_comes(browser: Chrome, blue: Place) -> None:
    browser.get(blue.address(PICTURED))
    width, height, chosen = browser.execute_script(
        "const i = document.querySelector('figure img'), chosen = i.currentSrc; i.srcset = ''; i.src = 'data:,';"
        "const r = i.getBoundingClientRect(); return [r.width, r.height, chosen]"
    )
    assert width == pytest.approx(2 * height, abs=1)
    assert width > 300
    assert "media/960w/wide.jpg" in chosen


@pytest.mark.parametrize("name", [name for name in PAGES if name != "not found"])
def test_lite_fits_the_smallest_screen_in_silence(browser: Chrome, lite: Place, name: str) -> None:
    resize(browser, 320)
    browser.get(lite.address(PAGES[name]))
    assert browser.execute_script("return document.scrollingElement.scrollWidth") == 320
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", ["home", "archive", "days of the year", "year"])
def test_what_lite_has_in_tables_is_large_enough_to_touch(browser: Chrome, lite: Place, name: str) -> None:
    resize(browser, 360)
    browser.get(lite.address(PAGES[name]))
    sizes = browser.execute_script(
        "return [...document.querySelectorAll('td a')].map(a => a.getBoundingClientRect()).map(r => [r.width, r.height])"
    )
    assert sizes
    assert min(min(size) for size in sizes) >= 24


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lite_can_be_read(browser: Chrome, lite: Place, scheme: str) -> None:
    emulate(browser, scheme)
    browser.get(lite.address(PAGES["article"]))
    paper = style(browser, "body", "background-color")
    for selector in (".body p", ".masthead a", ".dates", ".provenance", ".kicker a", ".crumbs a"):
        assert contrast(style(browser, selector, "color"), paper) >= 4.5, selector
