"""What a page and an article depend on beside content and settings: the program itself, Python, packages of others."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).parent


@lru_cache(maxsize=1)
def program_version() -> str:
    """Changes with the program's source, and with the versions of Python and of the packages that shape a page."""
    hasher = hashlib.blake2b(platform.python_version().encode(), digest_size=16)
    for file in sorted(PACKAGE.rglob("*")):
        if file.suffix in (".py", ".toml", ".json") and file.is_file():
            hasher.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
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
