"""The rows not let in, as a file a person can open: row, column, kind of value and reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
MANY = 10_000


def as_csv(source: Path, target: Path) -> int:
    """Write a list of rows for download and return how many lines it has.

    UTF-8 with a byte order mark, so that Excel shows the letters; a text that begins like a
    formula gets an apostrophe before it, so that nothing runs.
    """
    lines = 0
    with duckdb.connect() as connection, target.open("w", encoding="utf-8-sig", newline="") as file:
        rows = connection.execute("SELECT * FROM read_parquet(?)", [str(source)])
        writer = csv.writer(file)
        writer.writerow([column[0] for column in rows.description or ()])
        while some := rows.fetchmany(MANY):
            lines += len(some)
            writer.writerows([harmless(value) for value in row] for row in some)
    return lines


def harmless(value: Any) -> Any:
    """The value, unable to act as a formula in a spreadsheet."""
    starts = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if starts else value
