"""The arguments of every command, and what they may be. Nothing is done here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from . import __version__
from .errors import SiteError


class Parser(argparse.ArgumentParser):
    """Tells a mistake as all others are told: in one line with a hint. Raises SiteError."""

    def error(self, message: str) -> NoReturn:
        raise SiteError(message.removeprefix("argument "), hint=f"{self.prog} --help lists what there is")


def parser(program: str = "build.py") -> argparse.ArgumentParser:
    """What the command line may say; `command` of what is parsed names the command, `error` ends it with a message."""
    whole = Parser(prog=program, description="Turn heaps of old news into an archive. Without a command: build.")
    whole.add_argument("--version", action="version", version=f"site-builder {__version__}")
    commands = whole.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    _add_build(commands)
    _add_join(commands)
    _add_import(commands)
    _add_serve(commands)
    _add_check(commands)
    _add_new(commands)
    return whole


def _add_build(commands: Any) -> None:
    command = commands.add_parser("build", help="import what is new in the inbox, then make the site (default)")
    _add_folders(command)
    command.add_argument("--clean", action="store_true", help="make every page anew")
    command.add_argument("--strict", action="store_true", help="exit with 1 if there are problems")
    command.add_argument("--explain", action="store_true", help="say of each page why it is made")
    command.add_argument("--profile", action="store_true", help="say where the time went")
    command.add_argument("--cluster", default="", metavar="ADDRESS", help="work on a Dask cluster (tcp://HOST:8786)")
    command.add_argument("--only", type=_part, metavar="YEAR", help="one year alone, for join; or undated")
    command.add_argument("--kinds", type=_kinds, default=(), metavar="KINDS", help="with --only: terms of other years")
    _add_output(command)
    command.set_defaults(parts=(), error=command.error)


def _add_join(commands: Any) -> None:
    command = commands.add_parser("join", help="make one site of years that were built apart")
    command.add_argument("parts", type=Path, nargs="+", metavar="PART", help="an output of build --only")
    _add_folders(command)
    command.add_argument("--clean", action="store_true", help="make every page anew that no part has")
    command.add_argument("--strict", action="store_true", help="exit with 1 if there are problems")
    command.add_argument("--explain", action="store_true", help="say of each page why it is made")
    command.add_argument("--profile", action="store_true", help="say where the time went")
    _add_output(command)
    command.set_defaults(only=None, kinds=(), cluster="", error=command.error)


def _add_import(commands: Any) -> None:
    command = commands.add_parser("import", help="turn sources into Markdown")
    command.add_argument("sources", type=Path, nargs="*", metavar="SOURCE", help="a file or a folder of them")
    command.add_argument("--content", type=Path, default=Path("content"), metavar="DIR", help="the archive (content/)")
    command.add_argument("--into", type=Path, metavar="DIR", help="write the Markdown there and touch nothing else")
    command.add_argument("--format", default="", metavar="F", help="take every source for this kind")
    command.add_argument("--year", type=_year, metavar="YYYY", help="the year of days that have none")
    command.add_argument("--jobs", type=_count, default=0, metavar="N", help="worker processes (all cores)")
    command.add_argument("--force", action="store_true", help="import again; deleted articles come back")
    command.add_argument("--refresh", action="store_true", help="bring what nobody edited in old articles up to date")
    command.add_argument("--dry-run", action="store_true", help="write nothing; show what would become of each line")
    command.add_argument("--report", type=Path, metavar="FILE", help="write all that was set aside or is doubtful")
    command.add_argument("--strict", action="store_true", help="exit with 1 if there are problems")
    command.add_argument("--cluster", default="", metavar="ADDRESS", help="work on a Dask cluster (tcp://HOST:8786)")
    _add_output(command)
    command.set_defaults(error=command.error)


def _add_serve(commands: Any) -> None:
    command = commands.add_parser("serve", help="build, watch and show the site with live reload")
    _add_folders(command)
    command.add_argument("--port", type=int, default=8000, metavar="N", help="8000")
    command.add_argument("--host", default="127.0.0.1", help="127.0.0.1")


def _add_check(commands: Any) -> None:
    command = commands.add_parser("check", help="look for broken links and files that are not as they were written")
    _add_folders(command)
    command.add_argument("--verify", action="store_true", help="also build anew elsewhere and compare every byte")
    _add_output(command)


def _add_new(commands: Any) -> None:
    command = commands.add_parser("new", help="begin an article, or a theme")
    command.add_argument("title", nargs="?", default="")
    command.add_argument("--theme", default="", metavar="NAME", help="begin a theme in themes/NAME instead")
    command.add_argument("--content", type=Path, default=Path("content"), metavar="DIR", help="the archive (content/)")
    command.add_argument("--date", default="", help="as far as it is known: 2017-04-12, 2017-04, 1957~")
    command.set_defaults(error=command.error)


def _year(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError("must be four digits, like 2017")
    return text


def _part(text: str) -> str:
    return text if text == "undated" else _year(text)


def _kinds(text: str) -> tuple[str, ...]:
    from .urls import KINDS

    kinds = tuple(text.split(","))
    if not {*kinds} <= {*KINDS}:
        raise argparse.ArgumentTypeError(f"must be some of {','.join(KINDS)}")
    return kinds


def _add_folders(command: argparse.ArgumentParser) -> None:
    command.add_argument("--content", type=Path, default=Path("content"), metavar="DIR", help="the archive (content/)")
    command.add_argument("--output", type=Path, default=Path("output"), metavar="DIR", help="the site (output/)")
    command.add_argument("--theme", default="", metavar="NAME", help="instead of the theme in site.toml")
    command.add_argument("--jobs", type=_count, default=0, metavar="N", help="worker processes (all cores)")
    command.add_argument("--base-url", default="", metavar="URL", help="instead of base_url in site.toml")


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quiet", action="store_true", help="print nothing but errors")
    command.add_argument("--json", action="store_true", help="print the report as JSON")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError("must be a number from 1 to 1024")
    return int(text)
