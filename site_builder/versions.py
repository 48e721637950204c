"""What a page is made with: the program, its packages, the settings and the theme, as digests that change with them."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from . import theme
from .entries import digest
from .settings import Site


@lru_cache(maxsize=1)
def program_version() -> str:
    """Changes with the program's source, and with the versions of Python and of the packages that shape a page."""
    hasher = hashlib.blake2b(platform.python_version().encode(), digest_size=16)
    for file in sorted(theme.PACKAGE.rglob("*")):
        if file.suffix in (".py", ".toml", ".json") and file.is_file():
            hasher.update(file.relative_to(theme.PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    hasher.update(repr(_package_versions()).encode())
    return hasher.hexdigest()


def _package_versions() -> list[str]:
    """Name and version of each package that shapes a page, read off the folders that pip leaves beside it.

    importlib.metadata says the same, and takes 80 ms to import.
    """
    found: list[str] = []
    for package in ("markdown", "jinja2", "markupsafe", "pygments", "nh3", "babel", "yaml", "PIL"):
        spec = importlib.util.find_spec(package)
        folder = Path(spec.origin).parent.parent if spec and spec.origin else Path()
        package = {"PIL": "pillow"}.get(package, package)
        names = [item.name.lower() for item in folder.iterdir() if item.name.endswith(".dist-info")]
        found += [name for name in names if f"{package}-" in name] or [package]
    return sorted(set(found))


def signs(site: Site, chosen: theme.Theme, templates: Iterable[str]) -> dict[str, str]:
    """What decides about all pages, so that parts can be told to be of one whole; `templates` are those of the views."""
    looks_of = [theme.template_digest(chosen, template) for template in templates]
    looks = repr((chosen.options, chosen.stylesheet)).encode()
    made = {"settings": site.digest(), "theme": digest(theme.words_digest(chosen), looks, *looks_of)}
    return {"program": program_version(), **{name: sign.hex() for name, sign in made.items()}}
