"""The rows behind the questions of quality: read in place, by one engine, never copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from data.extracts.contracts import Contract
from data.extracts.engine import connect
from data.extracts.sql import literal
from data.settings import Settings
from data.store.batches import BatchStore
from data.store.versions import LiveBatch


@contextmanager
def engine(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads batches and reaches nothing else."""
    with connect(settings.home / "spill", settings.extracts) as connection:
        yield connection


def rows_sql(store: BatchStore, batches: Iterable[LiveBatch], years: Sequence[int]) -> str | None:
    """What all versions of the rows that open in some years are read from; None without any."""
    files = [
        str(file)
        for batch in batches
        for year in years
        for file in _files(store.folder(batch.contract, batch.id) / str(year))
    ]
    if not files:
        return None
    return f"read_parquet([{', '.join(literal(file) for file in files)}])"


def years_of(first: date, last: date) -> range:
    """The years that hold days from one to another."""
    return range(first.year, last.year + 1)


def in_span_sql(contract: Contract, first: date, last: date) -> str:
    """Whether a row opens between two days, both included."""
    return f"{contract.opening_date_sql} BETWEEN DATE '{first}' AND DATE '{last}'"


def fetched(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """Every row of a small answer."""
    return connection.execute(sql).fetchall()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))
