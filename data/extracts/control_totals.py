"""Control totals: what the sender says the rows add up to, against what they do add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb

from data.errors import ExtractRejected
from data.extracts.checked_file import Declared, Note
from data.extracts.query import BAD, TOTAL, Query
from data.extracts.reasons import Reason
from data.extracts.sorting import Sorted
from data.extracts.sql import literal, name

ROWS = "rows"
Number = int | Decimal


def compare(
    connection: duckdb.DuckDBPyConnection, query: Query, sorted_rows: Sorted, declared: Declared
) -> tuple[dict[str, Any], list[Note]]:
    """The totals that were compared, and notes on those that could not be.

    Sums are over every row of the file, whatever its fate, as the sender summed them. A mismatch
    is ExtractRejected. A column with an unreadable number cannot be compared.
    """
    quantities = [one for one in query.contract.quantities if one in query.parsings]
    _refuse_unknown(declared, quantities)
    expected = _from_total_row(connection, sorted_rows, quantities) | dict(declared.control_totals)
    if not expected:
        return {}, []
    actual = _actual(connection, sorted_rows, quantities)
    blind = _unreadable(connection, query, sorted_rows, quantities)
    for column, total in expected.items():
        if column not in blind and Decimal(actual[column]) != Decimal(total):
            raise ExtractRejected(
                "extracts.refused.control_total",
                column=column,
                expected=total,
                found=actual[column],
            )
    compared = {column: total for column, total in expected.items() if column not in blind}
    notes = [Note("extracts.note.total_not_compared", {"columns": tuple(sorted(blind))})]
    return compared, notes if blind & set(expected) else []


def _refuse_unknown(declared: Declared, quantities: list[str]) -> None:
    known = (ROWS, *quantities)
    for column in declared.control_totals:
        if column not in known:
            raise ExtractRejected(
                "extracts.refused.unknown_control_total", column=column, known=known
            )


def _from_total_row(
    connection: duckdb.DuckDBPyConnection, sorted_rows: Sorted, quantities: list[str]
) -> dict[str, Number]:
    """The grand total: the greatest sum of each column among the rows of sums."""
    if not sorted_rows.totals or not quantities:
        return {}
    return _aggregate(connection, [sorted_rows.files(TOTAL)], quantities, "max")


def _actual(
    connection: duckdb.DuckDBPyConnection, sorted_rows: Sorted, quantities: list[str]
) -> dict[str, Number]:
    files = (
        [sorted_rows.accepted_files]
        if sorted_rows.read > sorted_rows.totals + sorted_rows.bad
        else []
    )
    files += [sorted_rows.files(BAD)] if sorted_rows.bad else []
    sums = dict.fromkeys(quantities, Decimal(0)) | _aggregate(connection, files, quantities, "sum")
    return {ROWS: sorted_rows.read - sorted_rows.totals, **sums}


def _aggregate(
    connection: duckdb.DuckDBPyConnection, files: list[str], columns: list[str], function: str
) -> dict[str, Number]:
    if not files or not columns:
        return {}
    listed = ", ".join(literal(file) for file in files)
    terms = ", ".join(f"{function}({name(column)})" for column in columns)
    row = connection.execute(f"SELECT {terms} FROM read_parquet([{listed}])").fetchone() or ()
    return {c: value for c, value in zip(columns, row, strict=True) if value is not None}


def _unreadable(
    connection: duckdb.DuckDBPyConnection,
    query: Query,
    sorted_rows: Sorted,
    quantities: list[str],
) -> frozenset[str]:
    """Columns with a number that nobody could read, so that no sum is known."""
    if not sorted_rows.bad or not quantities:
        return frozenset()
    found = connection.execute(
        f"SELECT DISTINCT \"column\" FROM findings WHERE reason = '{Reason.NOT_A_NUMBER}'"
    )
    return frozenset(column for (column,) in found.fetchall()) & frozenset(quantities)
