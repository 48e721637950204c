"""What went wrong is told with what, where, and one hint."""

from __future__ import annotations

import ast
import errno
import os
from pathlib import Path

import pytest

import site_builder
from site_builder.errors import system_error

PACKAGE = Path(site_builder.__file__).parent


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_told_without_a_hint(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or path.name == "output.py":
            continue  # the record of the output keeps what was wrong with a page as one text
        wanted = {"SiteError": 3, "Problem": 4}.get(call.func.id, 0)
        starred = any(isinstance(argument, ast.Starred) for argument in call.args)
        hint = any(word.arg == "hint" for word in call.keywords)
        assert starred or hint or len(call.args) >= wanted, f"line {call.lineno}: {ast.unparse(call)}"


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.EACCES, "look at its permissions"),
        (errno.ENOSPC, "is the disk full?"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EISDIR, "a folder stands where a file is wanted"),
        (errno.EIO, "is the disk sound?"),
    ],
)
def test_what_the_system_refuses(number: int, hint: str) -> None:
    error = system_error(OSError(number, os.strerror(number), "a/b"))
    assert str(error) == f"a/b: {os.strerror(number)} ({hint})"
    assert str(system_error(OSError(number, "no", "a/b"), "c", "can't be read")) == f"c: can't be read: no ({hint})"
