"""Pictures in `media/`: how large they are, and smaller copies of them for small screens. Pillow is imported here alone.

Sizes are read from a file's head and kept by its signature, so that a build opens only what is new. A picture that
can't be read, or is so large that it could be a bomb, is a Problem of its own and stays as it is.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Problem

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = (".jpg", ".jpeg", ".png", ".webp", ".gif")
WIDTHS = (480, 960, 1600)
"""Of the copies, in pixels; a story's column is 600 wide, and dense screens take twice that."""
MAX_PIXELS = 60_000_000
"""A camera's largest; as much takes 180 MB to open."""
QUALITY = 80
_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
"""Formats that copies are made of, and in which. Animations would lose their movement, and so stay alone.

WebP copies of photographs would be 12 to 31 % smaller and take twice as long. But for browsers without it they need a
`<source>` of that type, in which a JPEG can't stand as the largest choice: a copy at full size would be made as well,
which is larger than what was saved hard before.
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """What pages may know of a picture: its size as it is shown, the widths of its copies, or what is wrong with it."""

    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()
    problem: str = ""


def measure(file: Path) -> Picture:
    """What the head of a file says. Never raises for what is in it."""
    try:
        with _open(file) as image:
            width, height = image.size
            # The camera was held upright. A PNG would be read whole to know that, and no camera makes them.
            if image.format != "PNG" and image.getexif().get(0x0112, 1) >= 5:
                width, height = height, width
            still = image.format == "MPO" or not getattr(image, "is_animated", False)
            still = still and image.format in _FORMATS
        if width * height > MAX_PIXELS:
            return Picture(width, height, problem=f"has {width} × {height} pixels, which is too large to make smaller")
        return Picture(width, height, tuple(w for w in WIDTHS if w < width) if still else ())
    except Exception as error:  # decoders raise whatever their formats make them stumble over
        return Picture(problem=f"is no picture that can be read: {_said(error, file)}")


def _said(error: Exception, file: Path) -> str:
    """An error without the folders of this machine."""
    return str(error).replace(os.fspath(file), file.name)[:100]


def _open(file: Path) -> Image:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # By name: a file that calls itself .jpg never reaches the readers of PostScript and other programs.
            return Image.open(file, formats=("JPEG", "PNG", "WEBP", "GIF"))
        except Image.DecompressionBombError as error:
            raise ValueError("it has too many pixels") from error


def resized(file: Path, width: int) -> bytes:
    """A copy `width` pixels wide, in the format of the file, without its metadata. Raises ValueError if it can't be."""
    import io

    from PIL import Image, ImageOps

    made = io.BytesIO()
    try:
        with _open(file) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError("too large")
            kind = _FORMATS[image.format or ""]
            image.draft("RGB", (width, width)) if kind == "JPEG" and image.mode == "RGB" else None
            upright = image.copy() if kind == "PNG" else ImageOps.exif_transpose(image)
        if upright.mode == "P" or (kind == "JPEG" and upright.mode not in ("RGB", "L")):
            upright = upright.convert("RGBA" if kind != "JPEG" else "RGB")
        height = max(1, round(upright.height * width / upright.width))
        small = upright.resize((width, height), Image.Resampling.LANCZOS)
        small.save(made, kind, quality=QUALITY, optimize=kind == "PNG")
    except Exception as error:
        raise ValueError(f"can't be made smaller: {_said(error, file)}") from error
    return made.getvalue()


# --------------------------------------------------------------------------------------------- what is known


def look(content: Path, cache: Path, media: Mapping[str, str], version: str) -> dict[str, Picture]:
    """Every picture of `media` (path → signature) with what its head says; `cache` keeps that
    between builds of one version of the program.
    """
    try:
        # A pipe in its place would be read for ever.
        kept = json.loads(cache.read_text("utf-8"))[version] if cache.is_file() else {}
        known = {path: (sign, Picture(w, h, tuple(ws), text)) for path, (sign, w, h, ws, text) in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        known = {}
    found: dict[str, tuple[str, Picture]] = {}
    for path, sign in media.items():
        if path.lower().endswith(KINDS):
            old = known.get(path)
            found[path] = old if old and old[0] == sign else (sign, measure(content / path))
    if found != known:
        rows = {path: [sign, *asdict(picture).values()] for path, (sign, picture) in found.items()}
        temporary = cache.with_name(f"{cache.name}.tmp")
        temporary.write_text(json.dumps({version: rows}), "utf-8")
        os.replace(temporary, cache)
    return {path: picture for path, (_, picture) in found.items()}


def signs(known: Mapping[str, Picture], media: Mapping[str, str]) -> dict[str, str]:
    """What a page shows of each picture, as text: a size that stays the same touches no page."""
    return {path: repr(known.get(path)) for path in media}


def problems(known: Mapping[str, Picture], media: Mapping[str, str], showing: list[tuple[str, str]]) -> list[Problem]:
    """Pictures that can't be used, and those that an article (path, picture) shows and nobody has."""
    found = [Problem(path, 0, picture.problem, "save it anew") for path, picture in known.items() if picture.problem]
    for article, picture in showing:
        if picture not in media:
            hint = "put the file there, or take the picture out of the article"
            found.append(Problem(article, 0, f"shows {picture}, which does not exist", hint))
    return found
