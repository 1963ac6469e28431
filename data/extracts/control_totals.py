"""Control totals: what the sender says the rows add up to, against what they do add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from data.errors import ExtractRejected
from data.extracts.checked_file import Declared, Note
from data.extracts.query import Query
from data.extracts.reasons import Reason
from data.extracts.sorting import Sorted
from data.extracts.sql import literal, name
from data.extracts.troubled import FINDINGS, TABLE, Troubled

ROWS = "rows"
Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Column to sum: by the file's own rows of sums (its grand total), and over its rows."""

    expected: Mapping[str, Number]
    actual: Mapping[str, Number]


def compare(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    rows: int,
    sums: Sums,
    declared: Declared,
) -> tuple[dict[str, Any], list[Note]]:
    """The totals that were compared, and notes on those that could not be.

    Sums are over every row of the file, whatever its fate, as the sender summed them. A mismatch
    is ExtractRejected. A column with an unreadable number cannot be compared.
    """
    _refuse_unknown(declared, query)
    expected = {**sums.expected, **declared.control_totals}
    blind = _unreadable(connection) & set(expected)
    actual: dict[str, Number] = {ROWS: rows, **sums.actual}
    compared = {column: total for column, total in expected.items() if column not in blind}
    for column, total in compared.items():
        if Decimal(actual[column]) != Decimal(total):
            raise ExtractRejected(
                "extracts.refused.control_total",
                column=column,
                expected=total,
                found=actual[column],
            )
    columns = tuple(sorted(blind))
    return compared, [Note("extracts.note.total_not_compared", {"columns": columns})] * bool(blind)


def gather(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    sorted_rows: Sorted,
    troubled: Troubled,
    declared: Declared,
) -> Sums:
    """Sum what there is to compare; to be called while duplicates are still there."""
    columns = [one for one in query.contract.quantities if one in query.parsings]
    if not columns or not (troubled.totals or declared.control_totals):
        return Sums({}, {})
    accepted, bad, grand = dict[str, Number](), dict[str, Number](), dict[str, Number]()
    if any(sorted_rows.accepted.glob("*/*.parquet")):
        source = f"read_parquet({literal(sorted_rows.files)})"
        accepted = _terms(connection, columns, "sum", source)
    if troubled.bad:
        bad = _terms(connection, columns, "sum", f"{TABLE} WHERE _bad AND NOT _total")
    if troubled.totals:
        grand = _terms(connection, columns, "max", f"{TABLE} WHERE _total")
    actual = {column: accepted.get(column, 0) + bad.get(column, 0) for column in columns}
    return Sums(expected=grand, actual=actual)


def _refuse_unknown(declared: Declared, query: Query) -> None:
    known = (ROWS, *(one for one in query.contract.quantities if one in query.parsings))
    for column in declared.control_totals:
        if column not in known:
            raise ExtractRejected(
                "extracts.refused.unknown_control_total", column=column, known=known
            )


def _terms(
    connection: duckdb.DuckDBPyConnection, columns: list[str], function: str, source: str
) -> dict[str, Number]:
    terms = ", ".join(f"{function}({name(column)})" for column in columns)
    row = connection.execute(f"SELECT {terms} FROM {source}").fetchone() or ()
    return {c: value for c, value in zip(columns, row, strict=True) if value is not None}


def _unreadable(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Columns with a number that nobody could read, so that no sum is known."""
    found = connection.execute(
        f'SELECT DISTINCT "column" FROM {FINDINGS} WHERE reason = {literal(Reason.NOT_A_NUMBER)}'
    )
    return {column for (column,) in found.fetchall()}
