"""Ticks in processes of their own: a parent that has imported everything forks one for each order.

Run as a module it reads orders, one JSON document a line (the home, and whether to halt as soon as
a file is being read), and answers each with the number of the process that ticks there. What the
tick says lies in <home>/said-<number>.json afterwards.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from dashboard.jobs.tick_now import tick_now
from data.errors import Conflict
from data.store.batches import STAGING
from data.workspace import Workspace
from tests.dashboard.tick.houses import AT_ONCE, outcomes, settings_of
from tests.halting import Elsewhere, halt_once

ROOT = Path(__file__).resolve().parents[3]


class Ticker:
    """Starts ticks elsewhere."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, home: Path, *, halt: bool = False) -> Ticking:
        """A tick at work in a process of its own."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"home": str(home), "halt": halt}) + "\n")
        self._process.stdin.flush()
        return Ticking(int(self._process.stdout.readline()), home)


class Ticking(Elsewhere):
    """A tick in another process."""

    def __init__(self, pid: int, home: Path) -> None:
        super().__init__(pid)
        self._home = home

    def said(self) -> Any:
        """What became of each file, or the refusal of the tick."""
        self.wait()
        return json.loads((self._home / f"said-{self.pid}.json").read_text())


@contextmanager
def ticker() -> Iterator[Ticker]:
    """A parent ready to fork; it ends with the block."""
    command = [sys.executable, "-m", "tests.dashboard.tick.ticker"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Ticker(process)
        assert process.stdin is not None
        process.stdin.close()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system reaps what was killed
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _tick(**json.loads(line))
            os._exit(0)
        print(pid, flush=True)


def _tick(home: str, *, halt: bool) -> None:
    house = Workspace.open(replace(settings_of(Path(home)), inbox_quiet=AT_ONCE))
    if halt:
        halt_once(lambda: any((house.settings.extracts / STAGING).glob("*/accepted")))
    try:
        said: Any = [outcomes(one) for one in tick_now(house)]
    except Conflict as busy:
        said = busy.key
    (house.settings.home / f"said-{os.getpid()}.json").write_text(json.dumps(said))


if __name__ == "__main__":
    main()
