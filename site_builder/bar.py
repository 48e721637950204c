"""The bar that shows progress on a terminal. tqdm is imported here alone."""

from __future__ import annotations

from typing import Any, TextIO

IN_BYTES = ("looking for repeated lines", "importing")


class Bar:
    """Progress on a stream, only if that is a terminal and it is wanted: how far, how fast, how long still."""

    def __init__(self, stream: TextIO, wanted: bool) -> None:
        self._stream = stream
        self._wanted = wanted and stream.isatty()
        self._step = ""
        self._bar: Any = None
        self._taken = 0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show one step. The sources of an import are of all sizes, so that its steps are bytes."""
        if not self._wanted:
            return
        from tqdm import tqdm

        if step != self._step:
            self.close()
            self._step = step
            shape: dict[str, Any] = {"unit": "B", "unit_scale": True} if step in IN_BYTES else {"unit": ""}
            # The mean from the start: files are read in bursts, of which the usual mean of late makes a time left of seconds.
            self._bar = tqdm(total=total or None, desc=step, leave=False, file=self._stream, smoothing=0, **shape)
        self._bar.total = total or None  # files that are looked into once more begin anew; a plan may still grow
        if step == "importing":
            self._bar.set_postfix_str(f"{self._taken:,} articles", refresh=False)
        self._bar.update(done - self._bar.n)

    def count(self, outcome: str) -> None:
        """One source of an import was done."""
        self._taken += outcome in ("taken", "refreshed")

    def close(self) -> None:
        """Wipe the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
            self._step = ""
