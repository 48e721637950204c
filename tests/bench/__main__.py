"""`python -m tests.bench`: make articles, build them with this program and with Hugo, print one table.

Every round of a scenario changes the articles once, then all programs build them, each first in its turn.
A million articles take 51 GB of a disk (13 of them the articles, 32 the site), and 3.5 million inodes, of which a build
in which little changes needs most in the system's cache, some 5 GB: run such scenarios twice.

All runs count; what pip and `build.py` install beforehand does not. Memory is the proportional set size (PSS) summed
over the process tree, looked at every 20 ms, or less often where a look takes over 1 ms.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from tests.bench import corpus, hugo, measure
from tests.bench.corpus import Corpus
from tests.bench.ours import Ours, interpreter
from tests.bench.report import Run, failures, table

_STEP = re.compile(r" *\d+\.\d{3} s  ")  # of a program that says where its time went
EDITS = ("edit", "title", "new", "backdated", "retag")
SCENARIOS = ("cold", "nochange", *EDITS, "settings", "template")


class Program(Protocol):
    """A site generator that can be measured; `ours` and `hugo` have one each."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> Path: ...
    @property
    def output(self) -> Path: ...
    def command(self) -> list[str]: ...
    def prepare(self) -> None: ...
    def forget(self) -> None: ...
    def change_settings(self, title: str) -> None: ...
    def change_template(self, words: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    articles: list[int]
    runs: int
    scenarios: list[str]
    seed: int
    work: Path | None
    keep: bool
    no_hugo: bool
    no_ours: bool
    theme: list[str]
    real: Path | None
    settings: Path | None
    json: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 if a program failed."""
    options = _parse(arguments)
    binary = None if options.no_hugo else hugo.install()
    runs: list[Run] = []
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=options.work)).resolve()
    try:
        for size in [0] if options.real else options.articles:
            made = _articles(options, folder / str(size) / "content", size)
            runs.extend(_measure(options, made, _programs(options, folder / str(size), made, binary)))
    finally:  # and not between two sizes: see measure.set_aside
        if options.keep:
            _say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print("\n".join([table(runs), *failures(runs), f"Python: {interpreter()}"]))
    if options.json:
        options.json.write_text(json.dumps(_facts(options, runs), indent=1) + "\n", encoding="utf-8")
    return int(any(run.cost.exit_code for run in runs))


def _programs(options: Options, folder: Path, made: Corpus, binary: Path | None) -> list[Program]:
    programs: list[Program] = []
    if not options.no_ours:
        settings = options.settings.read_text(encoding="utf-8") if options.settings else ""
        programs.append(Ours(folder, made, settings))
    if binary:
        themes = [hugo.THEMES[name]() for name in options.theme]
        programs += [hugo.Hugo(binary, folder / theme.program, made, theme) for theme in themes]
    return programs


def _articles(options: Options, content: Path, size: int) -> Corpus:
    start = time.perf_counter()
    made = corpus.adopt(options.real, content) if options.real else corpus.make(content, size, options.seed)
    left_out = f", {made.left_out:,} left out" if made.left_out else ""
    _say(f"{made.articles:,} articles{left_out}, in {time.perf_counter() - start:.1f} s")
    return made


def _measure(options: Options, made: Corpus, programs: Sequence[Program]) -> Iterator[Run]:
    """All scenarios over one corpus. A program that fails is told once, and takes no further part."""
    running = list(programs)
    for program in programs:
        program.prepare()
    if options.scenarios[0] != "cold":  # something to change must be there
        for program in programs:
            measure.run(program.command(), program.folder)
    for scenario in options.scenarios:
        for turn in range(options.runs):
            if scenario in EDITS:
                corpus.edit(made, scenario, random.Random(f"{options.seed}/{scenario}/{turn}"))
            first = turn % len(running) if running else 0
            for program in [*running[first:], *running[:first]]:
                run = _one(program, made, scenario, turn)
                step = f"{scenario} {turn + 1}/{options.runs} {program.name}"
                _say(f"{step}: {run.cost.wall:.2f} s {run.cost.complaint}")
                for line in filter(_STEP.match, run.cost.said.splitlines()):
                    _say(line)
                if run.cost.exit_code:
                    running.remove(program)
                elif scenario == "cold" and turn == 0 and run.tree.articles != made.articles:
                    _say(f"{step}: {run.tree.articles:,} pages of {made.articles:,} articles")
                yield run


def _one(program: Program, made: Corpus, scenario: str, turn: int) -> Run:
    try:
        match scenario:
            case "cold":
                program.forget()
            case "settings":
                program.change_settings(f"Benchmark News {turn}")
            case "template":
                program.change_template(f"Changed {turn}")
        since = time.time()
        cost = measure.run(program.command(), program.folder)
    except OSError as error:
        since, cost = time.time(), measure.Cost(0, 0, 0, 0, -1, str(error))
    return Run(made.articles, scenario, program.name, turn, cost, measure.survey(program.output, since))


def _facts(options: Options, runs: Sequence[Run]) -> dict[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "machine": {
            "cores": os.cpu_count(),
            "memory": memory,
            "system": platform.system(),
            "cpu": platform.machine(),
        },
        "python": interpreter(),
        "hugo": None if options.no_hugo else hugo.VERSION,
        "seed": options.seed,
        "real": options.real is not None,
        "runs": [asdict(run) for run in runs],
    }


def _parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add(
        "--articles",
        type=_positive,
        nargs="+",
        default=[10_000],
        metavar="N",
        help="sizes to make (default: 10000)",
    )
    add("--runs", type=_positive, default=3, metavar="N", help="rounds of each scenario (default: 3)")
    add(
        "--scenarios",
        type=lambda text: _names(text, SCENARIOS),
        default=list(SCENARIOS),
        metavar="A,B",
        help=f"of {','.join(SCENARIOS)}",
    )
    add("--seed", type=int, default=1, help="another seed, other articles (default: 1)")
    add("--work", type=Path, metavar="DIR", help="where to work (default: the system's temporary folder)")
    add("--keep", action="store_true", help="leave articles and sites there")
    add("--no-hugo", action="store_true", help="measure this program alone")
    add("--no-ours", action="store_true", help="measure Hugo alone")
    add(
        "--theme",
        type=lambda text: _names(text, list(hugo.THEMES)),
        default=["bare"],
        metavar="A,B",
        help="Hugo's themes: bare (the default), full (pages with the contents of ours at equal pages)",
    )
    add("--real", type=Path, metavar="FOLDER", help="real articles: copies of those in this content folder")
    add(
        "--settings",
        type=Path,
        metavar="FILE",
        help="added to our site.toml; with tests/bench/equal_pages.toml we make just the pages that Hugo makes",
    )
    add("--json", type=Path, metavar="FILE", help="also write every run's figures there")
    options = Options(**vars(parser.parse_args(arguments)))
    if options.no_hugo and options.no_ours:
        parser.error("--no-hugo and --no-ours leave nothing to measure")
    if options.real and not options.real.is_dir():
        parser.error(f"--real: no folder {options.real}")
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    return options


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("must be a whole number from 1")
    return int(text)


def _names(text: str, known: Sequence[str]) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
    return names


def _say(text: str) -> None:
    print(text.rstrip(), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
