"""What a page and an article depend on beside content and settings: the program itself, Python, packages of others."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import re
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).parent
ROOTS = tuple(
    "babel brotli charset-normalizer distributed feedparser jinja2 lxml lxml-html-clean markdown nh3 pillow pygments "
    "pyyaml trafilatura webencodings zstandard".split()
)
"""Distributions that shape an article or a page, or carry it to a worker and back."""


@lru_cache(maxsize=1)
def program_version() -> str:
    """Changes with the program's source, and with the versions of Python and of the packages that shape a page."""
    hasher = hashlib.blake2b(platform.python_version().encode(), digest_size=16)
    for file in sorted(PACKAGE.rglob("*")):
        if file.suffix in (".py", ".toml", ".json", ".gz") and file.is_file():
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


@lru_cache(maxsize=1)
def all_versions() -> tuple[tuple[str, str], ...]:
    """Name and version of Python, of the program (its `program_version`), and of all packages that it stands on.

    Kept for the life of a process: one that was alive when the program was renewed still runs the old one.
    """
    from importlib import metadata

    found: dict[str, str] = {}
    waiting = list(ROOTS)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = metadata.version(name)
            needs = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:
            found[name] = ""
            continue
        waiting += [re.split(r"[^\w.-]", need.strip())[0] for need in needs if "extra ==" not in need]
    own = {"Python": platform.python_version(), "site-builder": program_version()}
    return tuple(sorted({**found, **own}.items()))
