"""Begins a theme: a folder in `themes/` that extends another and overrides one block of it. Never touches one that exists."""

from __future__ import annotations

import re
from pathlib import Path

from . import theme
from .errors import SiteError, system_error

_NAME = re.compile("[a-z0-9][a-z0-9_-]{0,63}")

_TOML = """\
name = "{name}"
extends = "{parent}"

# Other defaults for options of {parent}, which site.toml can still set; README.md lists them.
# [options.accent]
# default = ["#00507a", "#8fc7ea"]
"""

_HEAD = """\
{{# This overrides one block of head.html and keeps the rest: name the theme below in `extends`, then write the block.
   `super()` is what stood there. A template without `extends` of its own name replaces the whole file.
   What templates get stands in README.md and themes/README.md; the templates of {parent} are the best examples. #}}
{{% extends "{parent}/head.html" %}}
{{% block assets %}}
{{{{ super() }}}}<link rel="stylesheet" href="{{{{ link("assets/{name}.css") }}}}">
{{% endblock %}}
"""

_CSS = """\
/* Comes after the stylesheet of {parent}. Inline styles do not work: the content security policy forbids them. */
.nameplate {{ font-style: italic; }}
"""


def begin(beside: Path, name: str, parent: str) -> list[Path]:
    """Write a theme `name` that extends `parent` into `themes/` in the folder `beside`; gives the files it wrote.

    Raises SiteError for a name that is none, or is taken by a folder there or by a theme that came with the program;
    and where there is no theme `parent`.
    """
    if not _NAME.fullmatch(name):
        raise SiteError(f"{name!r} can be no theme's name", hint="use small letters, digits and hyphens")
    folder = beside / "themes" / name
    if folder.exists() or folder.is_symlink():
        raise SiteError("exists already", str(folder), "choose another name")
    if any((place / "themes" / name / "theme.toml").is_file() for place in (theme.PACKAGE, theme.PACKAGE.parent)):
        raise SiteError(f"theme '{name}' comes with the program", hint="choose another name")
    theme.find(parent, beside)
    written: list[Path] = []
    for path, text in (
        ("theme.toml", _TOML),
        ("templates/head.html", _HEAD),
        (f"static/{name}.css", _CSS),
    ):
        file = folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.format(name=name, parent=parent), "utf-8", newline="\n")
        except OSError as error:
            raise system_error(error, file, "can't be written") from error
        written.append(file)
    return written
