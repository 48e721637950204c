"""Runs in, a table out: the median of each figure, and our figures over those of each other program, pair by pair."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.measure import Cost, Tree

HEAD = (
    "articles",
    "scenario",
    "program",
    "wall s",
    "min–max",
    "CPU s",
    "of it sys",
    "peak MB",
    "files",
    "MB",
    "written",
)
OURS = "ours"
RATIOS = ("wall", "CPU", "memory")


@dataclass(frozen=True, slots=True)
class Run:
    """One measured build; runs of one pair have the same size, scenario and round."""

    articles: int
    scenario: str
    program: str
    round: int
    cost: Cost
    tree: Tree


def table(runs: Sequence[Run]) -> str:
    """A row for each program in each scenario; those of others end in what ours took over what they took."""
    rows = [(*HEAD, *(f"{name} ours/it" for name in RATIOS))]
    for (articles, scenario, program), group in _groups(runs):
        good = [run for run in group if run.cost.exit_code == 0]
        start = (f"{articles:,}", scenario, program)
        if not good:
            rows.append((*start, f"failed ({group[0].cost.exit_code})", *[""] * (len(HEAD) + len(RATIOS) - 4)))
            continue
        walls = [run.cost.wall for run in good]
        rows.append(
            (
                *start,
                f"{median(walls):.2f}",
                f"{min(walls):.2f}–{max(walls):.2f}",
                f"{median(run.cost.cpu for run in good):.2f}",
                f"{median(run.cost.system for run in good):.2f}",
                f"{median(run.cost.memory for run in good) / 1e6:.0f}",
                f"{median(run.tree.files for run in good):,.0f}",
                f"{median(run.tree.bytes for run in good) / 1e6:.1f}",
                f"{median(run.tree.written for run in good):,.0f}",
                *_ratios(good, runs),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if at in (1, 2) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0].rstrip(), "-" * len(lines[0]), *(line.rstrip() for line in lines[1:])])


def failures(runs: Iterable[Run]) -> list[str]:
    """A line for each run that failed: such runs are in no median."""
    return [
        f"failed: {run.program}, {run.scenario} of {run.articles:,}, round {run.round + 1}: {run.cost.complaint}"
        for run in runs
        if run.cost.exit_code
    ]


def _groups(runs: Iterable[Run]) -> Iterator[tuple[tuple[int, str, str], list[Run]]]:
    groups: dict[tuple[int, str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.articles, run.scenario, run.program), []).append(run)
    yield from groups.items()


def _ratios(good: Iterable[Run], runs: Iterable[Run]) -> tuple[str, str, str]:
    ours = {
        (run.articles, run.scenario, run.round): run.cost
        for run in runs
        if run.program == OURS and run.cost.exit_code == 0
    }
    pairs = [
        (ours[key], run.cost)
        for run in good
        if run.program != OURS and (key := (run.articles, run.scenario, run.round)) in ours
    ]
    if not pairs:
        return ("", "", "")
    return (
        f"{median(a.wall / b.wall for a, b in pairs):.2f}",
        f"{median(a.cpu / b.cpu for a, b in pairs):.2f}",
        f"{median(a.memory / b.memory for a, b in pairs if b.memory):.3f}" if any(b.memory for _, b in pairs) else "",
    )
