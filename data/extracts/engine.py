"""The engine for one check: bounded in memory, shut off from everything but its own folders."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.extracts.sql import listed

MEMORY = "1GB"
ROWS_BEFORE_WRITE = 40_000  # per year and thread; more costs memory and, here, time
LOOK_EVERY = 0.2  # seconds


@contextmanager
def connect(scratch: Path, *readable: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads `readable`, writes below `scratch` and reaches nothing else."""
    folders = listed(str(path.resolve()) for path in (scratch, *readable))
    with duckdb.connect(config={"autoload_known_extensions": "false"}) as connection:
        for setting in (
            f"memory_limit = '{MEMORY}'",
            f"temp_directory = {listed([str(scratch.resolve() / 'spill')])}",
            "preserve_insertion_order = false",
            "disabled_optimizers = 'in_clause'",  # joins for short lists of words; dozens of them
            f"partitioned_write_flush_threshold = {ROWS_BEFORE_WRITE}",
            "python_enable_replacements = false",
            "autoinstall_known_extensions = false",
            "TimeZone = 'UTC'",
            f"allowed_directories = [{folders}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        yield connection


@contextmanager
def watched(
    connection: duckdb.DuckDBPyConnection, stage: str, progress: Callable[[str, float], None] | None
) -> Iterator[None]:
    """Report how far the running query is, from 0 to 1, while the block runs."""
    if progress is None:
        yield
        return
    over = threading.Event()

    def report() -> None:
        while not over.wait(LOOK_EVERY):
            progress(stage, min(max(connection.query_progress(), 0.0) / 100, 1.0))

    progress(stage, 0.0)
    watcher = threading.Thread(target=report, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    progress(stage, 1.0)
