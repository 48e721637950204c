"""Language codes of crawl files → BCP 47 tags."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


def language_tag(codes: str) -> str:
    """`deu,eng` → `de`: the first is that of most of the page. Nothing for what is no code, or `und`."""
    first = codes.partition(",")[0].strip().lower()
    if not re.fullmatch("[a-z]{2,3}", first) or first in ("und", "mul", "mis", "zxx"):
        return ""
    return _table().get(first, first)


@cache
def _table() -> dict[str, str]:
    rows = tomllib.loads(Path(__file__).with_name("languages.toml").read_text("utf-8"))
    return {name: str(tag) for name, tag in rows.items()}
