"""The README's pictures: the main pages of the sample archive, wide beside narrow, light and dark. Run by hand:

    python -m tests.browser.screenshots

The sample is imported and built in a scratch folder; what `screenshots/` beside this file holds is then replaced.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from site_builder import imports, pipeline, settings
from tests.browser.conftest import Place, emulate, open_chromium, resize

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "screenshots"
PAGES = {
    "home": "",
    "article": "1969/07/21/men-walk-on-the-moon.html",
    "day": "1995/12/08/",
    "archive": "archive/",
    "organisation": "organizations/nasa/",
    "places": "places/",
    "search": "search/#q=mo",
}
"""By the names of their pictures; what stands after `#q=` is typed by the page itself."""
SCHEMES = ("light", "dark")
WIDE, NARROW, HEIGHT, GAP = 1280, 360, 900, 48
SCALE = 0.5
"""Of a picture's pixels to those of the screen: a README's column is about 900 wide, and headlines can still be read."""
FRAME = "#9a948a"
LIMIT = 400_000
"""Bytes that all pictures together may have."""


def build(scratch: Path) -> Place:
    """The sample archive as `python build.py` makes it, in a folder of its own."""
    shutil.copytree(ROOT / "content", scratch / "content", ignore=shutil.ignore_patterns(".cache"))
    site = settings.load(scratch / "content", scratch / "output", jobs=2)
    pipeline.import_sources(site, [], imports.Options())
    pipeline.build(site)
    return Place(f"{site.output.as_uri()}/")


def shot(browser: Chrome, address: str, width: int) -> Image.Image:
    """What a window so wide shows of a page."""
    resize(browser, width, HEIGHT)
    browser.get("about:blank")  # else a fragment of the same page would not load it anew
    browser.get(address)
    browser.execute_async_script("setTimeout(arguments[0], 300)")  # scripts have filled their places
    with Image.open(io.BytesIO(browser.get_screenshot_as_png())) as taken:
        return taken.convert("RGB")


def beside(wide: Image.Image, narrow: Image.Image) -> bytes:
    """Two shots as one small picture, each in a frame, on any ground."""
    size = (round((WIDE + GAP + NARROW) * SCALE), round(HEIGHT * SCALE))
    joined = Image.new("RGBA", size)
    for taken, left in ((wide, 0), (narrow, WIDE + GAP)):
        small = taken.resize((round(taken.width * SCALE), size[1]), Image.Resampling.LANCZOS)
        ImageDraw.Draw(small).rectangle((0, 0, small.width - 1, small.height - 1), outline=FRAME)
        joined.paste(small, (round(left * SCALE), 0))
    made = io.BytesIO()
    joined.save(made, "WEBP", quality=72, method=6)
    return made.getvalue()


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        place = build(Path(scratch))
        browser = open_chromium()
        try:
            made = {}
            for scheme in SCHEMES:
                emulate(browser, scheme)
                for name, url in PAGES.items():
                    path, _, fragment = url.partition("#")
                    address = place.address(path) + (f"#{fragment}" if fragment else "")
                    made[f"{name}-{scheme}.webp"] = beside(shot(browser, address, WIDE), shot(browser, address, NARROW))
        finally:
            browser.quit()
    total = sum(map(len, made.values()))
    if total > LIMIT:
        sys.exit(f"{total:,} bytes, more than {LIMIT:,}: take fewer pages, or smaller pictures")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name, content in made.items():
        (FOLDER / name).write_bytes(content)
    print(f"{len(made)} pictures, {total:,} bytes, in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
