"""The command line: parse, call one function, print what came of it. The only module that prints or exits."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .errors import Problem, SiteError

if TYPE_CHECKING:
    from .pipeline import Report
    from .settings import Site

EXIT_DONE, EXIT_PROBLEMS, EXIT_FAILED = 0, 1, 2
COMMANDS = ("build", "import", "serve", "check", "new")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 done with problems under --strict, 2 could not be done."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "--version")):
        arguments.insert(0, "build")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except SiteError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("stopped; the next build completes what this one began", file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        return EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py", description="Turn heaps of old news into an archive. Without a command: build."
    )
    parser.add_argument("--version", action="version", version=f"site-builder {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_build(commands)
    return parser


def _add_build(commands: Any) -> None:
    command = commands.add_parser("build", help="import what is new in the inbox, then make the site (default)")
    _add_folders(command)
    command.add_argument("--clean", action="store_true", help="make every page anew")
    command.add_argument("--strict", action="store_true", help="exit with 1 if there are problems")
    command.add_argument("--explain", action="store_true", help="say of each page why it is made")
    command.add_argument("--profile", action="store_true", help="say where the time went")
    _add_output(command)
    command.set_defaults(run=_build)


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
    if not text.isdigit() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError("must be a number from 1 to 1024")
    return int(text)


def _site(options: argparse.Namespace) -> Site:
    from . import settings

    return settings.load(options.content, options.output, options.jobs, options.theme, options.base_url)


def _build(options: argparse.Namespace) -> int:
    from . import pipeline

    started = time.perf_counter()
    site = _site(options)
    report = pipeline.build(site, options.clean, options.explain)
    seconds = time.perf_counter() - started
    if options.json:
        print(json.dumps({**asdict(report), "seconds": round(seconds, 3)}, ensure_ascii=False))
    elif not options.quiet:
        for path, why in report.why:
            print(f"{path}: {why}")
        _print_problems(report.problems)
        print(_fact(report, seconds))
    return EXIT_PROBLEMS if options.strict and report.problems else EXIT_DONE


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"problem: {problem}", file=sys.stderr)


def _fact(report: Report, seconds: float) -> str:
    return f"{report.written:,} written, {report.removed:,} removed, {report.kept:,} kept in {seconds:.1f} s"
