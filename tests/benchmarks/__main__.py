"""`make bench`: every ratio in one run, printed and kept in docs/benchmarks.md."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import loading, measuring, registering, showing, simulating
from tests.benchmarks.timing import table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
ABOUT = """# Benchmarks

Made by `make bench` on {day} with {rows:,} rows. Seconds depend on the machine (here: {cores}
cores); the ratios, both sides taken in the same run, say more. The best of some runs counts.

"""


def main() -> None:
    import os

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--only", choices=["loading", "measuring", "showing", "simulating", "registering"]
    )
    given = parser.parse_args()
    parts = {
        "loading": lambda: loading.lines(given.rows),
        "measuring": lambda: measuring.lines(min(given.rows, 1_000_000)),
        "showing": showing.lines,
        "simulating": simulating.lines,
        "registering": registering.lines,
    }
    lines = []
    for name, part in parts.items():
        if given.only in (None, name):
            lines += part()
    print(table(lines))
    if given.only is None:
        head = ABOUT.format(day=datetime.now(UTC).date(), rows=given.rows, cores=os.cpu_count())
        DOCUMENT.write_text(head + table(lines))


if __name__ == "__main__":
    main()
