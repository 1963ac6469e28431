"""Loads in processes of their own: a parent that has imported everything forks one for each order.

Run as a module it reads orders, one JSON document a line (the home, the file, where to leave the
report, the scope, and the point at which to halt), and answers each with the number of the process
that carries it out.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from data.extracts.checked_file import Declared
from data.settings import Settings
from data.store.batches import STAGING
from data.workspace import Workspace
from tests.data.extracts.loads import load
from tests.halting import Elsewhere, halt_once

ROOT = Path(__file__).resolve().parents[3]
MARCH = date(2025, 3, 1), date(2025, 3, 31)
Count = Callable[[Settings], int]


def staged(pattern: str) -> Count:
    return lambda settings: len(list((settings.extracts / STAGING).glob(pattern)))


def in_place(settings: Settings) -> int:
    return len(list(settings.extracts.glob("applications/batch-*")))


def catalogued(settings: Settings) -> int:
    with closing(sqlite3.connect(settings.home / "cra.db", timeout=60)) as connection:
        found: int = connection.execute("SELECT count(*) FROM extract_event").fetchone()[0]
        return found


# Points every load passes, in their order: each is reached when there is more of it than before.
BEFORE_COMMIT: dict[str, Count] = {
    "staging folder made": staged("*/accepted"),
    "file being read": staged("*/scratch"),
    "rows laid out by year": staged("*/accepted/2025/*.parquet"),
    "tombstones written": staged("*/accepted/tombstones.parquet"),
    "rows in place": in_place,
}
POINTS = {**BEFORE_COMMIT, "catalogued": catalogued}


class Loader:
    """Starts loads elsewhere."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, home: Path, file: Path, *, scope: str = "changes", halt: str = "") -> Running:
        """A load at work in a process of its own, which halts at one of the POINTS if told to."""
        report = file.with_suffix(f".{os.urandom(4).hex()}.json")
        order = {"home": home, "file": file, "report": report, "scope": scope, "halt": halt}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order, default=str) + "\n")
        self._process.stdin.flush()
        return Running(int(self._process.stdout.readline()), report)


class Running(Elsewhere):
    """A load in another process."""

    def __init__(self, pid: int, report: Path) -> None:
        super().__init__(pid)
        self._report = report

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
    if order["halt"]:
        _halt_at(POINTS[order["halt"]], settings)
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


def _halt_at(point: Count, settings: Settings) -> None:
    before = point(settings)
    halt_once(lambda: point(settings) > before)


if __name__ == "__main__":
    main()
