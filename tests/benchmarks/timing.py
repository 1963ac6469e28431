"""How things are timed: the best of some runs, and a table of ratios."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement beside its baseline, in seconds; `reach` is the ratio or time aimed at."""

    what: str
    ours: float
    baseline_name: str = ""
    baseline: float | None = None
    reach: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.baseline if self.baseline else None


def best(run: Callable[[], Any], times: int = 3) -> float:
    """The seconds of the fastest of some runs: what disturbs a run can only make it slower."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def table(lines: list[Line]) -> str:
    """The lines as a Markdown table."""
    head = "| what | ours | baseline | ratio | reach | note |\n|---|---:|---|---:|---|---|"
    return "\n".join([head, *(_row(line) for line in lines)]) + "\n"


def _row(line: Line) -> str:
    baseline = f"{line.baseline_name}: {_time(line.baseline)}" if line.baseline else ""
    ratio = f"{line.ratio:.2f}" if line.ratio else ""
    return (
        f"| {line.what} | {_time(line.ours)} | {baseline} | {ratio} | {line.reach} | {line.note} |"
    )


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
