"""What an import took, what it did not and why, which lines it set aside, and which articles a person should look at.

Of one run, counted while it goes on, or of a whole archive, from its ledger. Counts are whole, examples few, so that a
report is small whatever the archive is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import Problem
from .import_alike import Groups
from .import_ledger import LEDGER, Row, read_rows
from .import_state import State

EXAMPLES = 3
DOUBTFUL = 500
"""Articles that are named for each doubt."""
ALIKE = 20
"""Problems that say the same of one file are told singly up to this number."""
LONGEST = 120
SHORT = 60
"""Characters of an example that has room behind a count."""

OUTCOMES = {
    "taken": "imported",
    "refreshed": "brought up to date",
    "current": "up to date already",
    "copy": "the same as another",
    "edited": "left as somebody edited them",
    "deleted": "left deleted",
    "known": "known already",
}
"""What became of sources, in words that follow their number."""


@dataclass(slots=True)
class Tally:
    """What an import did. `outcomes` counts sources, `rules` lines set aside, `skipped` what was not taken, by why;
    `near` are articles that have nearly the same text.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    near: Groups = field(default_factory=Groups)
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _doubtful: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _alike: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, outcome: str, row: Row) -> None:
        """Count one source. A file of many Records that is known counts as many."""
        if outcome == "known" and row.records is not None:
            self.outcomes[outcome] += row.records
            return
        self.outcomes[outcome] += 1
        if outcome in ("taken", "edited", "refreshed"):
            self.add_row(row)

    def add_row(self, row: Row) -> None:
        """Count what the row of an article says of its lines, and of doubts."""
        for line in row.lines:
            if line.place == "removed":
                self.rules[line.rule] += 1
                examples = self._lines.setdefault(line.rule, [])
                text = line.text.strip()[:LONGEST]
                if len(examples) < EXAMPLES and all(text != one["text"] for one in examples):
                    examples.append({"source": row.source, "line": line.line, "text": text})
        self.repairs.update([_DETAILS.sub("", repair) for repair in row.repairs])
        for doubt in row.doubts:
            self.doubts[doubt] += 1
            named = self._doubtful.setdefault(doubt, [])
            if len(named) < DOUBTFUL:
                named.append({"source": row.source, "article": row.article})

    def tell(self, problem: Problem) -> None:
        """Keep a problem, and count it; of very many that say the same of one file's parts only the first are kept."""
        self.skipped[problem.message] += 1
        kind = (problem.where.partition("#")[0], problem.message)
        if "#" in problem.where or problem.line:
            self._alike[kind] += 1
        if self._alike[kind] <= ALIKE:
            self.problems.append(problem)

    def close(self) -> None:
        """Say how many problems were counted and not kept."""
        for (file, message), count in sorted(self._alike.items()):
            if count > ALIKE:
                more = Problem(file, 0, f"{count - ALIKE:,} more like it: {message}", "--report FILE has all counts")
                self.problems.append(more)
        self._alike.clear()

    def data(self) -> dict[str, Any]:
        """The report as JSON can carry it, in a fixed order: the commonest first, then by name."""
        return {
            "outcomes": dict(sorted(self.outcomes.items())),
            "skipped": [{"why": why, "count": count} for why, count in _ranked(self.skipped)],
            "removed": [
                {"rule": rule, "lines": count, "examples": self._lines.get(rule, [])}
                for rule, count in _ranked(self.rules)
            ],
            "doubts": [
                {"why": why, "articles": count, "examples": self._doubtful.get(why, [])}
                for why, count in _ranked(self.doubts)
            ],
            "near_duplicates": {
                "groups": self.near.count,
                "articles": self.near.articles,
                "examples": [
                    {"articles": group.articles, "members": [asdict(member) for member in group.members]}
                    for group in self.near.largest
                ],
            },
            "repairs": [{"what": what, "sources": count} for what, count in _ranked(self.repairs)],
        }

    def text(self, full: bool = False) -> Iterator[str]:
        """The report in lines for people; short without examples and with the commonest rules only."""
        few = None if full else 12
        for outcome, words in OUTCOMES.items() if full else ():
            if self.outcomes[outcome]:
                yield f"{self.outcomes[outcome]:7,} {words}"
        for rule, count in _ranked(self.rules)[:few]:
            said = f"{count:7,} {_plural('line', count)} set aside: {rule}"
            yield said if full else f"{said}{_such_as(self._lines.get(rule, []))}"
            for line in self._lines.get(rule, []) if full else ():
                yield f"           {line['source']}:{line['line']}: {line['text']}"
        for why, count in _ranked(self.doubts)[:few]:
            yield f"{count:7,} {_plural('article', count)} to look at: {why}"
            for one in self._doubtful.get(why, []) if full else ():
                yield f"           {one['source']} -> {one['article']}"
        yield from self._near_text(full)
        told = set() if full else {problem.message for problem in self.problems}
        for why, count in [item for item in _ranked(self.skipped) if item[0] not in told][:few]:
            yield f"{count:7,} not taken: {why}"
        for what, count in _ranked(self.repairs) if full else ():
            yield f"{count:7,} {_plural('source', count)} repaired: {what}"

    def _near_text(self, full: bool) -> Iterator[str]:
        if self.near.count:
            groups = f"{self.near.count:,} {_plural('group', self.near.count)}"
            yield f"{self.near.articles:7,} articles with nearly the same text as others, in {groups}: all kept"
        for group in self.near.largest if full else ():
            yield f"        {group.articles:,} articles:"
            for member in group.members:
                yield f"           {member.share:4.0%} {member.source} -> {member.article}"


def _such_as(examples: list[dict[str, Any]]) -> str:
    """The shortest example that has three letters or more, for a line of the report."""
    texts = [str(one["text"]) for one in examples]
    text = min((text for text in texts if sum(map(str.isalpha, text)) >= 3), key=len, default="")
    return f", such as “{text}”" if 0 < len(text) <= SHORT else ""


_DETAILS = re.compile(r"^[\d,]+ | \(.*\)$", re.DOTALL)
"""What one repair has that others of its kind have not: how many, and names."""


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def of_archive(content: Path) -> dict[str, Any]:
    """The report over all that was ever imported into an archive, from its ledger alone: same ledger, same report.

    Beside what `Tally.data` has it tells `formats`, with the number of articles, and `files` of many Records. Memory
    does not follow the ledger. Raises SiteError for a ledger that can't be read.
    """
    tally, formats, files = Tally(), Counter[str](), list[dict[str, Any]]()
    with State(content, None, []) as state:
        tally.near = state.sketches.all_groups()
        problems: list[Problem] = []
        for number, row in enumerate(read_rows(content / LEDGER, problems), 1):
            if not state.is_newest(row, number) or not row.sha256:
                continue
            if row.records is not None:
                if len(files) < DOUBTFUL:
                    files.append({"file": row.source, "records": row.records, "skipped": dict(row.skipped)})
                tally.skipped.update(row.skipped)
                continue
            tally.outcomes["copy" if row.same_as else row.kept or "taken"] += 1
            if row.kept == "refused":
                tally.skipped["could not be understood"] += 1
            if row.article and not row.same_as:
                formats[row.format or "unknown"] += 1
                tally.add_row(row)
    return {**tally.data(), "formats": dict(sorted(formats.items())), "files": files}
