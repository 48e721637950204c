"""The command line: parse, call one function, print what came of it. The only module that prints or exits."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .arguments import parser
from .bar import Bar
from .errors import Problem, SiteError, system_error

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
    try:
        options = parser(_program()).parse_args(arguments)
        if getattr(options, "cluster", ""):
            from .clusters import absolute

            options.__dict__ |= absolute(vars(options))
        return COMMANDS[options.command](options)
    except SiteError as error:
        print(f"error: {_line(str(error))}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("stopped; the next build completes what this one began", file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        return EXIT_FAILED
    except OSError as error:  # what no stage knows better
        print(f"error: {_line(str(system_error(error)))}", file=sys.stderr)
        return EXIT_FAILED


def _program() -> str:
    """What the user called, for the help and for hints."""
    name = os.path.basename(sys.argv[0])
    return name if name == "build.py" else "site-builder"


def _speak_utf8() -> None:
    """Begin again with Python's UTF-8 mode where file names are taken for ASCII, as in a C locale without coercion."""
    if sys.getfilesystemencoding() != "utf-8" and "SITE_BUILDER_UTF8" not in os.environ:
        os.environ |= {"PYTHONUTF8": "1", "SITE_BUILDER_UTF8": "1"}  # the second, in case Python ignores the first
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


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
            _print_profile(report)
        print(_fact(report, seconds))
    return EXIT_PROBLEMS if options.strict and problems else EXIT_DONE


def _json(values: dict[str, Any]) -> str:
    unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return json.dumps(values, ensure_ascii=not unicode, default=str)


def _print_profile(report: Report) -> None:
    """Where the time went: by step, and that of all workers together by view and template."""
    for name, spent in report.seconds:
        print(f"{spent:8.3f} s  {name}")
    if report.spent:
        print("   pages      values    template     writing  of all workers together")
    for view, template, pages, *times in report.spent:
        shown = "  ".join(f"{time:8.3f} s" for time in times)
        print(f"{pages:8,}  {shown}  {view}{f' ({template})' if template else ''}")


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _line(text: str) -> str:
    """A message on one line; what is in a file's name can neither command the terminal nor turn the text around."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"problem: {_line(str(problem))}", file=sys.stderr)


def _print_import(tally: Tally) -> None:
    from .import_report import OUTCOMES

    new = {key: count for key, count in tally.outcomes.items() if key != "known"}
    done = [f"{new[key]:,} {words}" for key, words in OUTCOMES.items() if new.get(key)]
    if done:
        removed = sum(tally.rules.values())
        lines = f"; {removed:,} line{_s(removed)} set aside, all in {LEDGER}" if removed else ""
        print(f"inbox: {', '.join(done)}{lines}")


def _print_held(site: Site, report: Report) -> None:
    others = [f"{count:,} {status}" for status, count in report.statuses if status != "published"]
    if report.refused:
        others.append(f"{report.refused:,} refused")
    also = f" ({', '.join(others)})" if others else ""
    print(
        f"archive: {report.articles:,} article{_s(report.articles)}{also}, {report.files:,} file{_s(report.files)}, {report.bytes / 1e6:,.1f} MB"
    )
    if not site.site.base_url:
        print(f"feeds and sitemaps use {site.address} until [site] base_url in site.toml says where the site will be")


def _s(count: int) -> str:
    return "" if count == 1 else "s"


LEDGER = "imports.jsonl"


def _import(options: argparse.Namespace) -> int:
    from . import clusters, import_report, imports, pipeline, settings, workers

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
    rows = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115  # all rows of a crawl are more than memory

    def watch(item: Item) -> None:
        bar.count(item.outcome)
        if options.json:
            row = {"outcome": item.outcome, **asdict(item.row), **({"diff": item.diff} if item.diff else {})}
            row["lines"] = [line._asdict() for line in item.row.lines]
            rows.write(f"{json.dumps(row)}\n")
        elif item.diff and not options.quiet:
            print(item.diff)
        elif options.dry_run and item.article and not options.refresh:
            _print_item(item)

    with rows, clusters.crew(options.cluster) as crew:
        tally = pipeline.import_sources(site, options.sources, wanted, watch, bar, crew)
        bar.close()
        if options.json:
            _print_rows(tally, rows)
    if options.report:
        imports.write_report(options.report, tally)
    if not options.quiet and not options.json:
        _print_problems(tally.problems)
        lines = [_line(line) for line in tally.text(full=options.dry_run and not options.refresh)]
        print("".join(f"{line}\n" for line in lines), end="")
        if lines and not options.report and not options.dry_run:
            print("  --report FILE writes all of this, with examples and names")
        counts = {**tally.outcomes, "refused": len(tally.problems)}
        names = {**import_report.OUTCOMES, "refused": "with problems"}
        said = [f"{counts[key]:,} {words}" for key, words in names.items() if counts.get(key)]
        would = " (dry run, nothing written)" if options.dry_run else ""
        print(f"{', '.join(said) or 'no sources found'} in {time.perf_counter() - started:.1f} s{would}")
    return EXIT_PROBLEMS if options.strict and tally.problems else EXIT_DONE


def _print_rows(tally: Tally, rows: IO[str]) -> None:
    """One JSON object, whose last value is what became of each source: a row of JSON in each line of `rows`."""
    problems = [asdict(problem) for problem in tally.problems]
    made = {"outcomes": tally.outcomes, "removed": tally.rules, "problems": problems, "report": tally.data()}
    print(_json(made)[:-1], end=', "sources": [')
    rows.seek(0)
    for number, row in enumerate(rows):
        print(", " if number else "", row.rstrip("\n"), sep="", end="")
    print("]}")


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
    for doubt in item.row.doubts:
        print(f"look at it: {doubt}")
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
            f"{found:,} problem{_s(found)} in {report.pages:,} pages and {report.links:,} links "
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


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "join": _build,
    "import": _import,
    "serve": _serve,
    "check": _check,
    "new": _new,
}
