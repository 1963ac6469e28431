"""The one pass over a file: every row is written where its fate sends it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.errors import ExtractRejected
from data.extracts.engine import watched
from data.extracts.query import BAD, NOTED, PERSONAL, TOTAL, Query
from data.extracts.sql import literal

_LINE = re.compile(r"CSV Error on Line: (\d+)")
_COLUMNS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows of a file by fate, as Parquet: accepted ones in yearly folders."""

    accepted: Path
    set_aside: Path  # rows of sums and bad rows, for the control totals only
    rows: Mapping[str, int]  # fate to number of rows

    @property
    def read(self) -> int:
        return sum(self.rows.values())

    @property
    def totals(self) -> int:
        return self.rows.get(TOTAL, 0)

    @property
    def bad(self) -> int:
        return self.rows.get(BAD, 0)

    @property
    def noted(self) -> int:
        """Rows with something to count, though they are accepted."""
        return sum(rows for fate, rows in self.rows.items() if fate.startswith(NOTED))

    def files(self, fate: str) -> str:
        return str(self.set_aside / f"_fate={fate}" / "*.parquet")

    @property
    def accepted_files(self) -> str:
        return str(self.accepted / "*" / "*.parquet")


def sort_rows(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    scratch: Path,
    accepted: Path,
    progress: Callable[[str, float], None] | None,
) -> Sorted:
    """Read, judge and write every row; ExtractRejected when the file cannot be read to its end."""
    aside = scratch / "sorted"
    aside.mkdir()
    judged = query.judged(query.table.sql)
    with watched(connection, "reading", progress), _faults_named(connection, query):
        connection.execute(
            f"COPY (SELECT {query.stored()}, {query.fate()} AS _fate FROM ({judged})) "
            f"TO {literal(str(aside))} (FORMAT parquet, PARTITION_BY (_fate), OVERWRITE_OR_IGNORE)"
        )
    rows = {
        folder.name.removeprefix("_fate="): _count(connection, folder)
        for folder in sorted(aside.iterdir())
    }
    for folder in sorted(aside.iterdir()):
        fate = folder.name.removeprefix("_fate=")
        if fate not in {TOTAL, BAD}:
            _accept(folder, accepted / fate.removeprefix(NOTED), fate)
    return Sorted(accepted, aside, rows)


@contextmanager
def _faults_named(connection: duckdb.DuckDBPyConnection, query: Query) -> Iterator[None]:
    """Turn the engine's complaints about a file into refusals that name line or column."""
    try:
        yield
    except duckdb.InvalidInputException as error:
        complaint = str(error)
    else:
        return
    if PERSONAL in complaint and "CSV Error" not in complaint:
        raise _personal_data(connection, query)
    raise _unreadable(complaint)


def _personal_data(connection: duckdb.DuckDBPyConnection, query: Query) -> ExtractRejected:
    """What was found by column and count; the values stay where they are."""
    found = query.personal_by_column()
    sums = ", ".join(f"count(*) FILTER (WHERE {test})" for test in found.values())
    judged = query.judged(query.table.sql)
    counts = connection.execute(f"SELECT {sums} FROM ({judged})").fetchone() or ()
    columns = {name: n for name, n in zip(found, counts, strict=True) if n}
    named = tuple(f"{name}: {n}" for name, n in columns.items())
    return ExtractRejected("extracts.refused.personal_values", columns=named, counts=columns)


def _unreadable(text: str) -> ExtractRejected:
    line = _LINE.search(text)
    if line is None:
        return ExtractRejected("extracts.refused.not_a_table")
    number = int(line[1])
    columns = _COLUMNS.search(text)
    if columns:
        return ExtractRejected(
            "extracts.refused.column_count",
            line=number,
            expected=int(columns[1]),
            found=int(columns[2]),
        )
    if "unterminated quote" in text:
        return ExtractRejected("extracts.refused.open_quote", line=number)
    return ExtractRejected("extracts.refused.unreadable_line", line=number)


def _count(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    files = literal(str(folder / "*.parquet"))
    found = connection.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata({files})")
    row = found.fetchone()
    return int(row[0]) if row else 0


def _accept(folder: Path, year: Path, fate: str) -> None:
    year.mkdir(parents=True, exist_ok=True)
    prefix = "noted" if fate.startswith(NOTED) else "part"
    for number, file in enumerate(sorted(folder.glob("*.parquet"))):
        shutil.move(file, year / f"{prefix}-{number}.parquet")
    shutil.rmtree(folder)
