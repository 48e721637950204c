"""Pictures: sizes on pages, smaller copies, and what is told of those that are missing, broken or gigantic."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from site_builder import pictures, urls
from tests import sites
from tests.laws.test_warm_equals_clean import compare


def picture(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """A picture with a slope of colours."""
    made = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(made, kind, **more)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG whose head says that it is very large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


STORY = """---
title: A
date: 2017-04-12
images: [{src: media/wide.jpg, caption: Wide}]
---

Text ![small](/media/a%20b,c.png) and ![gone](media/gone.jpg).
"""


def archive(root: Path, **more: str | bytes) -> Path:
    files: dict[str, str | bytes] = {
        "content/articles/a.md": STORY,
        "content/articles/b.md": "---\ntitle: B\ndate: 2018-01-01\n---\n\nNo picture.\n",
        "content/media/wide.jpg": picture(1200, 800),
        "content/media/a b,c.png": picture(300, 200, "PNG"),
        "content/media/unused.jpg": picture(1200, 800),
    }
    return sites.write(root, files | more)


def test_pages_say_how_large_pictures_are_and_name_copies(tmp_path: Path) -> None:
    root = archive(tmp_path)
    report = sites.build(root)
    made = sites.read(root / "output")
    first, second, *_ = sites.parse(made["2017/04/12/a.html"]).all("img")
    assert (first["width"], first["height"], first["alt"]) == ("1200", "800", "Wide")
    assert "loading" not in first
    up = "../../../media"
    assert first["srcset"] == f"{up}/480w/wide.jpg 480w, {up}/960w/wide.jpg 960w, {up}/wide.jpg 1200w"
    assert (second["width"], second["height"], second["loading"]) == ("300", "200", "lazy")
    assert "srcset" not in second
    for width in (480, 960):
        with Image.open(io.BytesIO(made[f"media/{width}w/wide.jpg"])) as image:
            assert (image.size, image.format) == ((width, width * 2 // 3), "JPEG")
    assert not [path for path in made if "1600w" in path or ("unused" in path and "w/" in path)]
    (problem,) = report.problems
    assert (problem.where, problem.message) == ("articles/a.md", "shows media/gone.jpg, which does not exist")
    assert "put the file there" in problem.hint


def test_fronts_show_the_picture_of_their_lead_story_alone(tmp_path: Path) -> None:
    root = archive(tmp_path)
    sites.write(root, {"content/articles/a.md": STORY.replace("2017-04-12", "2023-01-01")})
    sites.build(root)
    (shown,) = sites.parse((root / "output/index.html").read_bytes()).all("img")
    assert (shown["src"], shown["width"], shown["height"], shown["alt"]) == ("media/wide.jpg", "1200", "800", "Wide")
    assert shown["srcset"] == "media/480w/wide.jpg 480w, media/960w/wide.jpg 960w, media/wide.jpg 1200w"
    (shown,) = sites.parse((root / "output/2023/01/01/index.html").read_bytes()).all("img")
    assert shown["src"] == "../../../media/wide.jpg"
    sites.write(root, {"content/media/wide.jpg": picture(600, 400)})
    compare(root)
    for page in ("index.html", "2023/01/01/index.html"):
        (shown,) = sites.parse((root / "output" / page).read_bytes()).all("img")
        assert shown["width"] == "600", page
    sites.write(root, {"content/articles/later.md": "---\ntitle: Later\ndate: 2024-01-01\n---\n\nNo picture.\n"})
    compare(root)
    assert not [*sites.parse((root / "output/index.html").read_bytes()).all("img")]


def test_warm_equals_clean_when_pictures_come_change_and_go(tmp_path: Path) -> None:
    root = archive(tmp_path)
    compare(root)
    sites.write(root, {"content/media/gone.jpg": picture(500, 100)})
    report = compare(root, jobs=2)
    assert not report.problems
    # The picture, its copy and the one page that shows it; and nothing for the other article. The feeds have the text
    # as it was.
    assert report.written == 3
    sites.write(root, {"content/media/gone.jpg": picture(400, 100, quality=50)})
    compare(root)
    (root / "content/media/wide.jpg").unlink()
    assert "media/480w/wide.jpg" not in sites.read(root / "output") or compare(root)
    sites.write(root, {"content/articles/a.md": STORY.replace("media/wide.jpg", "media/unused.jpg")})
    compare(root)


def test_broken_and_gigantic_pictures_cost_themselves(tmp_path: Path) -> None:
    cut = picture(1200, 800)[:4000]
    root = archive(tmp_path)
    sites.write(
        root,
        {
            "content/media/wide.jpg": cut,
            "content/media/gone.jpg": bomb(60_000, 60_000),
            "content/media/a b,c.png": b"no picture",
        },
    )
    report = compare(root)
    told = {problem.where: problem.message for problem in report.problems}
    assert "it has too many pixels" in told["media/gone.jpg"]
    assert "no picture that can be read" in told["media/a b,c.png"]
    assert "can't be made smaller" in told["media/480w/wide.jpg"]
    assert str(tmp_path) not in str(told)
    made = sites.read(root / "output")
    assert made["media/480w/wide.jpg"] == cut  # what shows it stays whole
    assert made["media/gone.jpg"] == bomb(60_000, 60_000)


def test_a_picture_larger_than_any_camera_makes_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "large.png"
    file.write_bytes(bomb(10_000, 10_000))
    measured = pictures.measure(file)
    assert (measured.width, measured.widths) == (10_000, ())
    assert "10000 × 10000 pixels, which is too large to make smaller" in measured.problem
    with pytest.raises(ValueError, match="too large"):
        pictures.resized(file, 480)


def test_only_formats_of_the_web_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(picture(20, 10, "BMP"))
    assert "no picture that can be read" in pictures.measure(file).problem


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "RGBA"), ("WEBP", "RGB")]
)
def test_copies_of_every_kind_are_the_same_bytes_each_time(tmp_path: Path, kind: str, mode: str) -> None:
    file = tmp_path / "picture"
    file.write_bytes(picture(1000, 500, kind, mode))
    assert pictures.measure(file) == pictures.Picture(1000, 500, (480, 960))
    copy = pictures.resized(file, 480)
    assert copy == pictures.resized(file, 480)
    with Image.open(io.BytesIO(copy)) as image:
        assert (image.size, image.format) == ((480, 240), kind)


def test_a_picture_held_upright_is_measured_and_copied_so_and_loses_its_metadata(tmp_path: Path) -> None:
    file = tmp_path / "upright.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a camera"
    file.write_bytes(picture(1000, 500, exif=exif))
    assert pictures.measure(file) == pictures.Picture(500, 1000, (480,))
    with Image.open(io.BytesIO(pictures.resized(file, 480))) as image:
        assert image.size == (480, 960)
        assert not dict(image.getexif())


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("media/a.jpg", "media/a.jpg"),
        ("./media/a.jpg", "media/a.jpg"),
        ("../../media/a%20b.jpg", "media/a b.jpg"),
        ("/media/a.jpg?x=1#y", "media/a.jpg"),
        ("a.jpg", ""),
        ("https://example.org/media/a.jpg", ""),
        ("//example.org/media/a.jpg", ""),
        ("media/../../etc/passwd", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_the_picture_that_an_author_means(value: str, path: str) -> None:
    assert urls.medium(value) == path
