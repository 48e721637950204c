"""A command in, what it cost out: time, the peak memory of its process tree, what it left on disk.

Linux only, as it reads /proc. It does not judge the figures.
"""

import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PERIOD = 0.02  # seconds between two looks at the memory
LOAD = 0.05  # the most of a core that looking may take: a look walks the page tables, 1 GB takes milliseconds

_ARTICLE = re.compile(r"\d{4}/\d\d/\d\d/(?!index\.html$)[^/]+\.html$")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took.

    `wall`, `user` and `system` are seconds. The last two are CPU time, of the command and of all descendants whose
    parents waited for them. `memory` is in bytes: the highest sum, over all processes of the tree at
    one moment, of the proportional set size, in which a page shared by n processes counts as 1/n for each.
    `complaint` is the last line that a failed command printed, `said` the end of what any command did.
    """

    wall: float
    user: float
    system: float
    memory: int
    exit_code: int
    complaint: str = ""
    said: str = ""

    @property
    def cpu(self) -> float:
        """Seconds of CPU time, user and system."""
        return self.user + self.system


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies in an output folder; `written` counts the files younger than the start of the run."""

    files: int
    bytes: int
    articles: int
    written: int


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder, to its end; a non-zero exit code is reported, not raised."""
    os.sync()  # what the run before left to be written, this one must not pay for
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        with _Watch(process.pid) as watch:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        text = _end(said.fileno())
    complaint = _last_line(text) if process.returncode else ""
    return Cost(wall, usage.ru_utime, usage.ru_stime, watch.peak, process.returncode, complaint, text)


def set_aside(folder: Path, aside: Path) -> None:
    """Move a folder out of the way, if it is there, into `aside`.

    Not deleted, as ext4 passes over inodes that were freed in the last minutes, one by one: 15,000 new files took
    28 s of system time after the deletion of as many, and 4 s without.
    """
    if folder.exists():
        aside.mkdir(exist_ok=True)
        folder.rename(aside / f"{folder.name}-{len(os.listdir(aside))}")


def survey(folder: Path, since: float) -> Tree:
    """Count what lies under a folder; `since` is a time as `time.time()` gives it."""
    files = size = articles = written = 0
    pending = [str(folder)] if folder.is_dir() else []
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                    continue
                state = entry.stat(follow_symlinks=False)
                files += 1
                size += state.st_size
                written += state.st_mtime >= since
                articles += _ARTICLE.search(entry.path) is not None
    return Tree(files, size, articles, written)


class _Watch:
    """A thread that looks at the memory of one session: a process and its descendants, orphans included."""

    def __init__(self, leader: int) -> None:
        self.peak = 0
        self._leader = leader
        self._strangers: set[int] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            start = time.perf_counter()
            self.peak = max(self.peak, self._memory())
            pause = max(PERIOD, (time.perf_counter() - start) / LOAD)

    def _memory(self) -> int:
        total = 0
        for name in os.listdir("/proc"):
            if not name.isdigit() or (pid := int(name)) in self._strangers:
                continue
            try:
                if os.getsid(pid) == self._leader:
                    total += _proportional_set_size(pid)
                else:
                    self._strangers.add(pid)
            except OSError:  # it ended while we looked
                continue
        return total


def _proportional_set_size(pid: int) -> int:
    with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
        for line in file:
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _end(file: int) -> str:
    end = os.lseek(file, 0, os.SEEK_END)
    return os.pread(file, 4096, max(0, end - 4096)).decode("utf-8", "replace")


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
