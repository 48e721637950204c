"""The command line: parse, call one function, print what came of it. The only module that prints or exits."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .bar import Bar
from .errors import Problem, SiteError

if TYPE_CHECKING:
    from .imports import Item, Tally
    from .pipeline import Report
    from .settings import Site

EXIT_DONE, EXIT_PROBLEMS, EXIT_FAILED = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 done with problems under --strict, 2 could not be done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a title that a terminal has no letters for is no reason to stop
            stream.reconfigure(errors="backslashreplace")
    if argv is None:
        _speak_utf8()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "--version")):
        arguments.insert(0, "build")
    options = _parser().parse_args(arguments)
    if getattr(options, "cluster", ""):
        from .clusters import absolute

        options.__dict__ |= absolute(vars(options))
    try:
        return int(options.run(options))
    except SiteError as error:
        print(f"error: {_line(str(error))}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("stopped; the next build completes what this one began", file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        return EXIT_FAILED


def _speak_utf8() -> None:
    """Begin again with Python's UTF-8 mode where file names are taken for ASCII, as in a C locale without coercion."""
    if sys.getfilesystemencoding() != "utf-8" and "SITE_BUILDER_UTF8" not in os.environ:
        os.environ |= {"PYTHONUTF8": "1", "SITE_BUILDER_UTF8": "1"}  # the second, in case Python ignores the first
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py", description="Turn heaps of old news into an archive. Without a command: build."
    )
    parser.add_argument("--version", action="version", version=f"site-builder {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_build(commands)
    _add_join(commands)
    _add_import(commands)
    _add_serve(commands)
    _add_check(commands)
    _add_new(commands)
    return parser


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
    command.set_defaults(run=_build, parts=(), error=command.error)


def _add_join(commands: Any) -> None:
    command = commands.add_parser("join", help="make one site of years that were built apart")
    command.add_argument("parts", type=Path, nargs="+", metavar="PART", help="an output of build --only")
    _add_folders(command)
    command.add_argument("--clean", action="store_true", help="make every page anew that no part has")
    command.add_argument("--strict", action="store_true", help="exit with 1 if there are problems")
    command.add_argument("--explain", action="store_true", help="say of each page why it is made")
    command.add_argument("--profile", action="store_true", help="say where the time went")
    _add_output(command)
    command.set_defaults(run=_build, only=None, kinds=(), cluster="", error=command.error)


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
    command.set_defaults(run=_import, error=command.error)


def _add_serve(commands: Any) -> None:
    command = commands.add_parser("serve", help="build, watch and show the site with live reload")
    _add_folders(command)
    command.add_argument("--port", type=int, default=8000, metavar="N", help="8000")
    command.add_argument("--host", default="127.0.0.1", help="127.0.0.1")
    command.set_defaults(run=_serve)


def _add_check(commands: Any) -> None:
    command = commands.add_parser("check", help="look for broken links and files that are not as they were written")
    _add_folders(command)
    command.add_argument("--verify", action="store_true", help="also build anew elsewhere and compare every byte")
    _add_output(command)
    command.set_defaults(run=_check)


def _add_new(commands: Any) -> None:
    command = commands.add_parser("new", help="begin an article, or a theme")
    command.add_argument("title", nargs="?", default="")
    command.add_argument("--theme", default="", metavar="NAME", help="begin a theme in themes/NAME instead")
    command.add_argument("--content", type=Path, default=Path("content"), metavar="DIR", help="the archive (content/)")
    command.add_argument("--date", default="", help="as far as it is known: 2017-04-12, 2017-04, 1957~")
    command.set_defaults(run=_new, error=command.error)


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


def _site(options: argparse.Namespace) -> Site:
    from . import settings

    return settings.load(options.content, options.output, options.jobs, options.theme, options.base_url)


def _build(options: argparse.Namespace) -> int:
    from . import clusters, joining, pipeline, workers

    started = time.perf_counter()
    if options.kinds and not options.only:
        options.error("--kinds goes with --only")
    if options.cluster and options.only:
        options.error("--cluster is for whole sites, not for --only")
    workers.collect_seldom()
    site = _site(options)
    share = joining.chosen(options.parts, options.only, options.kinds)
    bar = Bar(sys.stderr, not options.quiet and not options.json)
    tally = None
    with clusters.crew(options.cluster) as crew:
        if not share.name:
            tally = pipeline.import_inbox(site, lambda item: bar.count(item.outcome), bar, crew)
        report = pipeline.build(site, options.clean, options.explain, progress=bar, crew=crew, share=share)
    bar.close()
    seconds = time.perf_counter() - started
    problems = (*(tally.problems if tally else ()), *report.problems)
    if options.json:
        report = replace(report, problems=problems)
        print(
            _json({**asdict(report), "imported": dict(tally.outcomes) if tally else {}, "seconds": round(seconds, 3)})
        )
    elif not options.quiet:
        for path, why in report.why:
            print(f"{path}: {why}")
        _print_problems(problems)
        if tally:
            _print_import(tally)
        _print_held(site, report)
        if options.profile:
            for name, spent in report.seconds:
                print(f"{spent:8.3f} s  {name}")
        print(_fact(report, seconds))
    return EXIT_PROBLEMS if options.strict and problems else EXIT_DONE


def _json(values: dict[str, Any]) -> str:
    unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return json.dumps(values, ensure_ascii=not unicode, default=str)


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _line(text: str) -> str:
    """A message on one line; what is in a file's name can neither command the terminal nor turn the text around."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"problem: {_line(str(problem))}", file=sys.stderr)


_OUTCOMES = {
    "taken": "imported",
    "refreshed": "brought up to date",
    "current": "up to date already",
    "copy": "copies of others",
    "edited": "left as somebody edited them",
    "deleted": "left deleted",
}


def _print_import(tally: Tally) -> None:
    done = [f"{tally.outcomes[key]:,} {words}" for key, words in _OUTCOMES.items() if tally.outcomes[key]]
    if done:
        removed = sum(tally.rules.values())
        lines = f"; {removed:,} lines set aside, all in {LEDGER}" if removed else ""
        print(f"inbox: {', '.join(done)}{lines}")


def _print_held(site: Site, report: Report) -> None:
    others = [f"{count:,} {status}" for status, count in report.statuses if status != "published"]
    if report.refused:
        others.append(f"{report.refused:,} refused")
    also = f" ({', '.join(others)})" if others else ""
    print(f"archive: {report.articles:,} articles{also}, {report.files:,} files, {report.bytes / 1e6:,.1f} MB")
    if not site.site.base_url:
        print(f"feeds and sitemaps use {site.address} until [site] base_url in site.toml says where the site will be")


LEDGER = "imports.jsonl"


def _import(options: argparse.Namespace) -> int:
    from . import clusters, imports, pipeline, settings, workers

    started = time.perf_counter()
    workers.collect_seldom()
    if not options.sources and not options.refresh:
        options.error("an import needs a file or folder; `build` imports the inbox by itself")
    if options.refresh and (options.into or options.force):
        options.error("--refresh goes neither with --into nor with --force")
    if options.cluster and options.dry_run:
        options.error("--dry-run is for one machine; it goes without --cluster")
    site = settings.load(options.content, Path(), options.jobs)
    wanted = imports.Options(
        into=options.into,
        year=options.year or "",
        force=options.force,
        dry_run=options.dry_run,
        kind=options.format,
        refresh=options.refresh,
    )
    bar = Bar(sys.stderr, not options.quiet and not options.json)
    rows: list[dict[str, Any]] = []

    def watch(item: Item) -> None:
        bar.count(item.outcome)
        if options.json:
            rows.append({"outcome": item.outcome, **asdict(item.row), **({"diff": item.diff} if item.diff else {})})
        elif item.diff and not options.quiet:
            print(item.diff)
        elif options.dry_run and item.article and not options.refresh:
            _print_item(item)

    with clusters.crew(options.cluster) as crew:
        tally = pipeline.import_sources(site, options.sources, wanted, watch, bar, crew)
    bar.close()
    if options.report:
        imports.write_report(options.report, tally)
    if options.json:
        problems = [asdict(problem) for problem in tally.problems]
        made = {"outcomes": tally.outcomes, "removed": tally.rules, "problems": problems, "report": tally.data()}
        print(_json({**made, "sources": rows}))
    elif not options.quiet:
        _print_problems(tally.problems)
        for line in tally.text(full=options.dry_run):
            print(_line(line))
        counts = {**tally.outcomes, "refused": len(tally.problems)}
        names = {**_OUTCOMES, "known": "known already", "refused": "with problems"}
        said = [f"{counts[key]:,} {words}" for key, words in names.items() if counts.get(key)]
        would = " (dry run, nothing written)" if options.dry_run else ""
        print(f"{', '.join(said) or 'no sources found'} in {time.perf_counter() - started:.1f} s{would}")
    return EXIT_PROBLEMS if options.strict and tally.problems else EXIT_DONE


def _print_item(item: Item) -> None:
    """One source of a dry run: the fields that it would get, and the lines that would not be in the body."""
    from . import documents

    article = item.article
    assert article is not None
    print(f"\n== {item.row.source} -> {item.row.article}")
    front = documents.write(replace(article, body="", source=type(article.source)()))
    print(front.removeprefix("---\n").removesuffix("---\n").rstrip())
    print(f"body: {article.body.count(chr(10) * 2) + 1} blocks, {len(article.body.split()):,} words")
    for repair in item.row.repairs:
        print(f"repaired: {repair}")
    for line in item.row.lines:
        print(f"{line.line:5}  {line.place}: {line.rule}: {line.text.strip()[:100]}")


def _serve(options: argparse.Namespace) -> int:
    from .serve import serve

    serve(_site(options), options.host, options.port, lambda text: print(text, flush=True), lambda: _site(options))
    return EXIT_DONE


def _check(options: argparse.Namespace) -> int:
    from . import check

    started = time.perf_counter()
    site = _site(options)
    report = check.check(site, options.verify)
    if options.json:
        print(_json(asdict(report)))
    elif not options.quiet:
        _print_problems(report.problems)
        found = len(report.problems)
        print(
            f"{found:,} problem{'' if found == 1 else 's'} in {report.pages:,} pages and {report.links:,} links "
            f"in {time.perf_counter() - started:.1f} s"
        )
    return EXIT_PROBLEMS if report.problems else EXIT_DONE


def _new(options: argparse.Namespace) -> int:
    from . import dates, imports

    if bool(options.title) == bool(options.theme):
        options.error("needs a title for an article, or --theme NAME for a theme")
    if options.theme:
        return _new_theme(options)
    try:
        date = dates.parse(options.date).text
    except ValueError as error:
        raise SiteError(str(error), "--date", "write it 2017-04-12, 2017-04 or 1957~") from error
    print(imports.begin(options.content, options.title, date))
    return EXIT_DONE


def _new_theme(options: argparse.Namespace) -> int:
    from . import settings, theme_new

    parent = settings.load(options.content, Path()).site.theme
    for file in theme_new.begin(options.content.parent, options.theme, parent):
        print(file)
    print(f'next: theme = "{options.theme}" under [site] in {options.content / settings.SETTINGS_FILE}, then run serve')
    return EXIT_DONE


def _fact(report: Report, seconds: float) -> str:
    return f"{report.written:,} written, {report.removed:,} removed, {report.kept:,} kept in {seconds:.1f} s"
