"""The first pass over a file: rows without fault are written in one go, the others counted.

A row that needs a second look is written with an empty key, which costs nothing and shows in the
statistics of the Parquet file; `troubled` then reads such rows again. Nearly all files have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.errors import ExtractRejected
from data.extracts.contracts import Contract
from data.extracts.engine import watched
from data.extracts.query import PERSONAL, Query
from data.extracts.sql import listed, literal, name, names

TOGETHER = 30_720  # rows of a file; few, so that few files span the turn of a year
SIDE_BY_SIDE = 2  # years written at once
# Version 2 packs times as differences: half the bytes, and quicker to write.
PARQUET = "FORMAT parquet, PARQUET_VERSION V2"
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_COLUMNS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@dataclass(frozen=True, slots=True)
class Sorted:
    """What the first pass left: rows in yearly folders, and how many need a second look."""

    accepted: Path
    read: int
    troubled: int

    @property
    def files(self) -> str:
        return str(self.accepted / "*" / "*.parquet")


@dataclass(frozen=True, slots=True)
class _Written:
    """A Parquet file of the first pass, by its own statistics."""

    path: Path
    rows: int
    troubled: int
    years: tuple[str | None, str | None]


def sort_rows(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    scratch: Path,
    accepted: Path,
    progress: Callable[[str, float], None] | None,
) -> Sorted:
    """Read, judge and write every row; ExtractRejected when the file cannot be read to its end."""
    target = scratch / "rows"
    target.mkdir()
    judged = query.judged(query.table.sql)
    with watched(connection, "reading", progress), _faults_named(connection, query):
        connection.execute(
            f"COPY (SELECT {query.kept()} FROM ({judged})) TO {literal(str(target))} "
            f"({PARQUET}, ROW_GROUP_SIZE {TOGETHER}, ROW_GROUPS_PER_FILE 1, PER_THREAD_OUTPUT)"
        )
    written = list(_statistics(connection, query.contract, target))
    mixed = [file for file in written if file.troubled or not _one_year(file)]
    for number, file in enumerate(one for one in written if one not in mixed):
        _move(file.path, accepted / str(file.years[0])[:4] / f"part-{number}.parquet")
    _split(connection, query.contract, [file.path for file in mixed], accepted)
    return Sorted(
        accepted, sum(file.rows for file in written), sum(file.troubled for file in written)
    )


def _statistics(
    connection: duckdb.DuckDBPyConnection, contract: Contract, folder: Path
) -> Iterator[_Written]:
    """Rows, empty keys and first and last opening of each file, without reading its rows."""
    if not any(folder.glob("*.parquet")):
        return
    key, opening = contract.key[0], contract.opening[0]
    one_opening = len(contract.opening) == 1
    of_key, of_opening = (
        f"FILTER (WHERE path_in_schema = {literal(column)})" for column in (key, opening)
    )
    found = connection.execute(
        f"SELECT file_name, sum(row_group_num_rows) {of_key}, sum(stats_null_count) {of_key}, "
        f"min(stats_min_value) {of_opening}, max(stats_max_value) {of_opening} "
        f"FROM parquet_metadata({literal(str(folder / '*.parquet'))}) GROUP BY ALL ORDER BY ALL"
    )
    for path, rows, troubled, first, last in found.fetchall():
        years = (first, last) if one_opening else (None, None)
        yield _Written(Path(path), int(rows), int(troubled), years)


def _one_year(file: _Written) -> bool:
    first, last = file.years
    return first is not None and last is not None and first[:4] == last[:4]


def _split(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    files: list[Path],
    accepted: Path,
) -> None:
    """Write the good rows of these files again, each year by itself."""
    if not files:
        return
    source = f"read_parquet([{listed(str(file) for file in files)}])"
    good = f"{name(contract.key[0])} IS NOT NULL"
    write_by_year(connection, contract, source, good, accepted, "split")
    for file in files:
        file.unlink()


def write_by_year(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    source: str,
    where: str,
    accepted: Path,
    prefix: str,
) -> None:
    """Write rows of a relation to the folder of the year they opened in.

    A pass over the relation for each year, side by side: they are few, and together they take a
    fraction of the time of a partitioned write.
    """
    year, columns = f"year({contract.opening_date_sql})", names(one for one, _ in contract.stored)

    def write(one: int) -> None:
        folder = accepted / str(one)
        folder.mkdir(exist_ok=True)
        with connection.cursor() as own:
            own.execute(
                f"COPY (SELECT {columns} FROM {source} WHERE {where} AND {year} = {one}) "
                f"TO {literal(str(folder / f'{prefix}-0.parquet'))} ({PARQUET})"
            )

    found = connection.execute(f"SELECT DISTINCT {year} FROM {source} WHERE {where}").fetchall()
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        list(pool.map(write, sorted(one for (one,) in found)))


def _move(file: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    file.rename(target)


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
