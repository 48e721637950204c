"""A headless Chromium, and a small archive to read with it: from the disk, and from a folder of a host."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from site_builder import pipeline, urls
from tests import sites

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SUB_PATH = "papers/archive/"

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ENGLISH = "2017/04/12/talks-in-moscow.html"
ARABIC = "2017/04/12/أخبار.html"
LONG = "2017/04/12/long.html"
PICTURES = "2017/04/28/pictures.html"
ADDRESSES = "2017/04/29/addresses.html"
THAI = "2017/04/30/thai.html"
JAPANESE = "2017/04/30/japanese.html"
PAGES = {
    "home": "",
    "article": ENGLISH,
    "arabic": ARABIC,
    "long": LONG,
    "standing": "about.html",
    "day": "2017/04/12/",
    "month": "2017/04/",
    "year": "2017/",
    "archive": "archive/",
    "on this day": "on-this-day/04-12.html",
    "days of the year": "on-this-day/",
    "term": "tags/syria/",
    "long term": urls.term("tags", urls.term_slug(LONG_WORD)),
    "person": "people/rex-tillerson/",
    "index": "tags/",
    "undated": "undated/",
    "search": "search/",
    "not found": "404.html",
}
HARD_PAGES = {
    "pictures": PICTURES,
    "addresses": ADDRESSES,
    "thai": THAI,
    "japanese": JAPANESE,
    "withdrawn": "2017/04/30/withdrawn.html",
}

ARCHIVE = {
    "content/site.toml": '[site]\ntitle = "The Morning Courier"\ntagline = "News since 1931"\n'
    'base_url = "https://courier.example"\n',
    "content/pages/about.md": f"---\ntitle: About\n---\n\nAll about it. {LONG_WORD}\n",
    "content/articles/talks.md": f"""---
title: Talks in Moscow
date: 2017-04-12
authors: [Carl Schreck]
section: World
publication: Herald
dateline: MOSCOW
tags: [Syria, Russia]
people: [Rex Tillerson]
summary: The ministers met for five hours and said little.
images: [{{caption: The ministers at the table, credit: AFP}}]
notes:
  - {{kind: correction, text: The ministry was misnamed., date: 2017-04-14}}
  - {{kind: author, text: Carl Schreck is a reporter.}}
source: {{file: talks.txt, url: "https://herald.example/{"x" * 120}.html"}}
---

{"Ministers talked about the war for hours and then went home. " * 12}

## Afterwards

| Side | {" | ".join(f"Column {n}" for n in range(9))} |
|{"---|" * 10}
| One | {" | ".join("value" for _ in range(9))} |

See [the report](https://herald.example/{"y" * 90}) and `code_{"z" * 90}`.
""",
    "content/articles/long.md": f"""---
title: "{"A headline that goes on and on, " * 9}{LONG_WORD}"
date: 2017-04-12
authors: [{LONG_WORD}]
section: {LONG_WORD}
tags: [Syria, {LONG_WORD}]
summary: {LONG_WORD} {LONG_WORD}
slug: long
---

{LONG_WORD} {LONG_WORD}
""",
    "content/articles/arabic.md": "---\ntitle: أخبار\ndate: 2017-04-12\nlanguage: ar\nauthors: [نادر]\nsection: علوم\n"
    "tags: [Syria]\n---\n\nأصبح رائد الفضاء أول عربي يسير في الفضاء.\n",
    "content/articles/undated.md": "---\ntitle: No year\ndate: XXXX-03-17\ntags: [Syria]\n---\n\nSomewhere in March.\n",
} | {
    f"content/articles/{n}.md": f"---\ntitle: Story number {n}\ndate: 2017-04-{12 if n < 12 else n:02}\n"
    f"section: {'World' if n % 2 else 'Home'}\ntags: [Syria]\n---\n\n{'Words of the story. ' * 20}\n"
    for n in range(1, 28)
}


ADDRESS = f"https://herald.example/{'path/to/' * 12}?{'and=more&' * 8}"
NO_SPACES = {
    "thai": "รัฐมนตรีต่างประเทศพบกันที่กรุงเจนีวาเมื่อวันพุธและหารือกันนานห้าชั่วโมงเกี่ยวกับสถานการณ์ในภูมิภาคนี้",
    "japanese": "外務大臣は水曜日にジュネーブで会談し、地域の情勢について五時間にわたり協議したが、合意には至らなかった。",
}
"""Sentences without a space in them, by the names of their articles."""


def picture(width: int, height: int) -> bytes:
    """A JPEG of one colour."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#7a8fa3").save(made, "JPEG")
    return made.getvalue()


HARD: dict[str, str | bytes] = {
    "content/articles/withdrawn.md": f"---\ntitle: {LONG_WORD}\ndate: 2017-04-30\nslug: withdrawn\nstatus: withdrawn\n"
    f"reason: {LONG_WORD}\n---\n\nIt was here.\n",
    "content/authorities.yaml": f"people:\n  Rex Tillerson:\n    variants: [{LONG_WORD}]\n",
    "content/media/wide.jpg": picture(2400, 600),
    "content/media/tall.jpg": picture(500, 1500),
    "content/articles/pictures.md": f"""---
title: Forty pictures
date: 2017-04-28
slug: pictures
images:
{"".join(f"  - {{src: media/{'tall' if n % 5 == 4 else 'wide'}.jpg, caption: Picture {n}, credit: AFP}}" + chr(10) for n in range(20))}
---

{"".join(f"Words before.{chr(10) * 2}![Picture {n}](media/wide.jpg){chr(10) * 2}" for n in range(20))}
""",
    "content/articles/addresses.md": f"""---
title: {ADDRESS}
date: 2017-04-29
slug: addresses
publication: {ADDRESS}
section: {LONG_WORD}
dateline: {ADDRESS}
summary: {ADDRESS}
images: [{{caption: {ADDRESS}, credit: {ADDRESS}}}]
media: [{{type: video, title: {ADDRESS}}}]
notes:
  - {{kind: correction, text: {ADDRESS}}}
source: {{file: {"folder/" * 30}a.html, url: "{ADDRESS}"}}
---

{ADDRESS}

## {ADDRESS}

> {ADDRESS}

- {LONG_WORD * 2}
    - {ADDRESS}

| {ADDRESS} | {LONG_WORD} |
|---|---|
| {LONG_WORD} | {ADDRESS} |

    code = "{ADDRESS}"
""",
    **{
        f"content/articles/{name}.md": f"---\ntitle: {text * 2}\ndate: 2017-04-30\nslug: {name}\n"
        f"language: {name[:2]}\nauthors: [{text[:40]}]\nsection: {text[:20]}\ntags: [{text[:30]}]\n"
        f"summary: {text * 3}\n---\n\n{text * 9}\n"
        for name, text in NO_SPACES.items()
    },
}
"""Articles that a page is not made for: forty pictures, long words and addresses everywhere, scripts without spaces."""


@dataclass(frozen=True)
class Place:
    """Where the archive can be read: the address of its root."""

    root: str

    def address(self, url: str) -> str:
        """The address of a site path, as the site's own links spell it."""
        return self.root + urls.encode(url, index_html=True)


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, built into a folder that is not the root of the host that shows it."""
    root = sites.write(tmp_path_factory.mktemp("archive"), {**ARCHIVE, **HARD})
    folder = root / "host" / SUB_PATH
    report = pipeline.build(sites.load(root, folder))
    assert not report.problems
    return folder


@pytest.fixture(scope="session")
def disk(output: Path) -> Place:
    """The archive as it opens by a double click."""
    return Place(f"{output.as_uri()}/")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def host(output: Path) -> Iterator[Place]:
    """The archive under a sub-path of a plain static server on the loopback."""
    folder = output.parents[SUB_PATH.count("/") - 1]
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Place(f"http://127.0.0.1:{server.server_port}/{SUB_PATH}")
        server.shutdown()
        thread.join()


def open_chromium() -> Chrome:
    """A headless Chromium; skips a test where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver")
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs chromium and chromedriver (Debian: chromium chromium-driver)")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars"):
        options.add_argument(f"--{argument}")
    options.add_argument("--disable-background-networking")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver: Chrome = webdriver.Chrome(options=options, service=Service(DRIVER))
    return driver


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    """One headless Chromium for all tests."""
    driver = open_chromium()
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: Chrome) -> Chrome:
    """The browser with a desktop window, light colours, the screen as medium, and an empty log."""
    resize(chromium, 1280)
    emulate(chromium)
    chromium.get_log("browser")  # type: ignore[no-untyped-call]
    return chromium


def resize(browser: Chrome, width: int, height: int = 900) -> None:
    """Give the page so many CSS pixels, fewer than a desktop window can be narrowed to."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def emulate(browser: Chrome, scheme: str = "light", media: str = "screen") -> None:
    """Choose light or dark colours, and screen or print."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
