"""The README's pictures: all that the script takes are there and shown, and no others; and they are small."""

from __future__ import annotations

import re

from PIL import Image

from tests.browser.screenshots import FOLDER, LIMIT, PAGES, ROOT, SCHEMES


def test_the_readme_shows_every_picture_with_words_for_it() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+\.webp)\)", readme)
    wanted = [f"{FOLDER.relative_to(ROOT).as_posix()}/{name}-{scheme}.webp" for name in PAGES for scheme in SCHEMES]
    assert [path for _, path in shown] == wanted
    assert len({words for words, _ in shown}) == len(wanted)
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(path.rpartition("/")[2] for path in wanted)


def test_the_pictures_are_small_and_of_one_size() -> None:
    files = sorted(FOLDER.iterdir())
    assert sum(file.stat().st_size for file in files) < LIMIT
    sizes = set()
    for file in files:
        with Image.open(file) as image:
            sizes.add(image.size)
    assert len(sizes) == 1
