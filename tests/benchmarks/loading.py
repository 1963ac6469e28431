"""Load + check + store against DuckDB's plain copy of the same CSV to Parquet."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import material
from tests.benchmarks.timing import Line

LARGE = 5_000_000  # rows from which a try takes long enough to need few


def lines(rows: int) -> list[Line]:
    """Each side in a process of its own, so that peak memory is its own too.

    They take turns, so that whatever else the machine does disturbs both sides alike.
    """
    times = 3 if rows >= LARGE else 7
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = material.write_applications(folder / "applications.csv", rows)
        tries = [
            (_run("copy", source, folder / f"plain{n}"), _run("load", source, folder / f"ours{n}"))
            for n in range(times)
        ]
        plain, plain_memory = min(copied for copied, _ in tries)
        ours, our_memory = min(loaded for _, loaded in tries)
    return [
        Line(
            f"load, check and store {rows:,} applications",
            ours,
            "DuckDB COPY read_csv TO Parquet",
            plain,
            reach="at most 1.5, under 2 GiB",
            note=f"peak memory {our_memory:.0f} MiB, baseline {plain_memory:.0f} MiB; "
            f"best of {times}, in turn",
        )
    ]


def _run(side: str, source: Path, folder: Path) -> tuple[float, float]:
    """Seconds of the work itself and peak MiB of the process that did it."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.loading", side, str(source), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def _copy(source: Path, folder: Path) -> float:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        start = time.perf_counter()
        connection.execute(
            f"COPY (SELECT * FROM read_csv('{source}')) TO '{folder / 'plain.parquet'}'"
        )
        return time.perf_counter() - start


def _load(source: Path, folder: Path) -> float:
    from data.extracts.actions import load_extract
    from tests.benchmarks.houses import empty_house, steward

    workspace = empty_house(folder)
    by = steward(workspace)
    start = time.perf_counter()
    load_extract(
        workspace, by=by, path=source, file_name=source.name, profile_id="applications-native"
    )
    return time.perf_counter() - start


def main() -> None:
    side, source, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    seconds = {"copy": _copy, "load": _load}[side](source, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak)


if __name__ == "__main__":
    main()
