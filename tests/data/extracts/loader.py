"""Loads in processes of their own: a parent that has imported everything forks one for each order.

Run as a module it reads orders, one JSON document a line (the home, the file, where to leave the
report, and the scope), and answers each with the number of the process that carries it out.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from data.extracts.checked_file import Declared
from data.settings import Settings
from data.workspace import Workspace
from tests.data.extracts.loads import load

ROOT = Path(__file__).resolve().parents[3]
MARCH = date(2025, 3, 1), date(2025, 3, 31)


class Loader:
    """Starts loads elsewhere."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, home: Path, file: Path, *, scope: str = "changes") -> Running:
        """A load at work in a process of its own."""
        report = file.with_suffix(f".{os.urandom(4).hex()}.json")
        order = {"home": str(home), "file": str(file), "report": str(report), "scope": scope}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Running(int(self._process.stdout.readline()), report)


class Running:
    """A load in another process."""

    def __init__(self, pid: int, report: Path) -> None:
        self.pid, self._report = pid, report

    @property
    def is_alive(self) -> bool:
        """Whether it still runs; its parent reaps it as soon as it has ended."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.wait()

    def wait(self) -> None:
        while self.is_alive:
            os.sched_yield()

    def report(self) -> dict[str, Any]:
        """What the load said at its end."""
        self.wait()
        said: dict[str, Any] = json.loads(self._report.read_text())
        return said


@contextmanager
def loader() -> Iterator[Loader]:
    """A parent ready to fork; it ends with the block."""
    command = [sys.executable, "-m", "tests.data.extracts.loader"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Loader(process)
        assert process.stdin is not None
        process.stdin.close()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system reaps what was killed
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _carry_out(json.loads(line))
            os._exit(0)
        print(pid, flush=True)


def _carry_out(order: dict[str, str]) -> None:
    home = Path(order["home"])
    settings = Settings.from_environment({"CRA_HOME": str(home), "CRA_DEMO": "0"})
    first, last = MARCH
    report = load(
        Workspace.open(settings),
        Path(order["file"]),
        declared=Declared(coverage_from=first, coverage_to=last, scope=order["scope"]),
    )
    said = {
        "event": report.event,
        "batch": report.batch,
        "nothing_new": report.nothing_new,
        "rows": report.rows.as_dict() if report.rows else None,
    }
    part = Path(order["report"] + ".part")
    part.write_text(json.dumps(said))
    part.replace(order["report"])


if __name__ == "__main__":
    main()
