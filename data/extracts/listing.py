"""The lists a person works through: rows not let in, and rows worth a look, by row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from data.extracts import facts, reasons
from data.extracts.duplicates import DROPPED
from data.extracts.query import Query
from data.extracts.reasons import Reason
from data.extracts.sql import listed, literal

QUARANTINED, ACCEPTED, DUPLICATE = "quarantined", "accepted", "duplicate"


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """The table `findings`, one line per row and reason."""
    connection.execute(
        'CREATE TEMP TABLE findings (row BIGINT, "column" VARCHAR, header VARCHAR, '
        "kind VARCHAR, shown VARCHAR, reason VARCHAR, fate VARCHAR)"
    )


def write_findings(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    """Add what is wrong or remarkable: a second pass over the file, for its troubled rows only."""
    faults, remarks = dict(_bad(query)), [*_sentinels(query), *_orders(query)]
    tests = [test for test, _finding in remarks]
    troubled = " OR ".join(["_bad", *tests])
    wrong = ", ".join(f"CASE WHEN {test} THEN {one} END" for test, one in faults.items())
    remarked = ", ".join(f"CASE WHEN {test} THEN {one} END" for test, one in remarks)
    nothing = (
        "CAST([] AS STRUCT(c VARCHAR, h VARCHAR, k VARCHAR, s VARCHAR, r VARCHAR, f VARCHAR)[])"
    )
    found = f"CASE WHEN _bad THEN [{wrong}] ELSE {f'[{remarked}]' if remarked else nothing} END"
    judged = query.judged(query.table.numbered_sql, keep="row")
    connection.execute(
        "INSERT INTO findings SELECT row, found.c, found.h, found.k, found.s, found.r, found.f "
        f"FROM (SELECT row, unnest({found}) AS found "
        f"FROM ({judged}) WHERE NOT _total AND ({troubled})) "
        f"WHERE found IS NOT NULL AND row NOT IN (SELECT row FROM {DROPPED})"
    )


def write_dropped(connection: duckdb.DuckDBPyConnection, query: Query) -> None:
    """Add the rows that duplicates took out."""
    key = query.contract.key[0]
    connection.execute(
        f"INSERT INTO findings SELECT row, {literal(key)}, {literal(_header(query, key))}, 'key', "
        f"NULL, reason, CASE reason WHEN '{Reason.CONFLICTING_DUPLICATE}' "
        f"THEN '{QUARANTINED}' ELSE '{DUPLICATE}' END FROM {DROPPED}"
    )


def save(
    connection: duckdb.DuckDBPyConnection, path: Path, file_name: str, fates: Iterable[str]
) -> Path | None:
    """Write the findings of these fates in file order; None where there are none."""
    wanted = listed(fates)
    found = connection.execute(f"SELECT count(*) FROM findings WHERE fate IN ({wanted})")
    if not (row := found.fetchone()) or not row[0]:
        return None
    connection.execute(
        f"COPY (SELECT {literal(file_name)} AS file, * FROM findings WHERE fate IN ({wanted}) "
        f'ORDER BY row, "column", reason) TO {literal(str(path))} (FORMAT parquet)'
    )
    return path


def counts(connection: duckdb.DuckDBPyConnection, fate: str) -> dict[str, int]:
    """Reason to number of rows, the commonest first."""
    found = connection.execute(
        f"SELECT reason, count(DISTINCT row) AS n FROM findings WHERE fate = {literal(fate)} "
        "GROUP BY reason ORDER BY n DESC, reason"
    )
    return {reason: int(rows) for reason, rows in found.fetchall()}


def by_column(connection: duckdb.DuckDBPyConnection, reason: Reason) -> dict[str, int]:
    """Column to number of rows with this finding."""
    found = connection.execute(
        f'SELECT "column", count(*) FROM findings WHERE reason = {literal(reason)} '
        "GROUP BY ALL ORDER BY ALL"
    )
    return dict(found.fetchall())


def _bad(query: Query) -> Iterator[tuple[str, str]]:
    """(test, finding) of each column that can be bad."""
    for column, test in query.bad_by_column().items():
        one = query.parsings.get(column)
        if one is None:
            yield test, _finding(query, column, "'empty'", "NULL", f"'{Reason.MISSING_VALUE}'")
            continue
        terms = query.terms(one)
        kind, shown = reasons.kind_sql(terms.text), reasons.shown_sql(one, terms.text)
        yield test, _finding(query, column, kind, shown, reasons.reason_sql(one, terms))


def _sentinels(query: Query) -> Iterator[tuple[str, str]]:
    for column, test in query.noted_by_column().items():
        yield test, _remark(query, column, Reason.SENTINEL_DATE)


def _orders(query: Query) -> Iterator[tuple[str, str]]:
    for earlier, later in query.contract.orders:
        test = facts.order_sql(query.contract, earlier, later, prefix="v_")
        yield test, _remark(query, later, Reason.WRONG_ORDER)


def _remark(query: Query, column: str, reason: Reason) -> str:
    one = query.parsings.get(column)
    text = "NULL" if one is None else reasons.shown_sql(one, query.terms(one).text)
    return _finding(query, column, "'date'", text, literal(reason), ACCEPTED)


def _finding(
    query: Query, column: str, kind: str, shown: str, reason: str, fate: str = QUARANTINED
) -> str:
    return (
        f"{{'c': {literal(column)}, 'h': {literal(_header(query, column))}, "
        f"'k': CAST({kind} AS VARCHAR), 's': CAST({shown} AS VARCHAR), 'r': {reason}, "
        f"'f': {literal(fate)}}}"
    )


def _header(query: Query, column: str) -> str:
    """What the file calls the column."""
    position = query.table.headers.sources.get(column)
    return "" if position is None else query.table.headers.headers[position]
