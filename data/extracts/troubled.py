"""The second pass, for files that need one: rows with a fault, and rows worth a remark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import duckdb

from data.extracts import reasons
from data.extracts.query import Query
from data.extracts.reasons import Reason
from data.extracts.sorting import Sorted, write_by_year
from data.extracts.sql import literal

TABLE = "troubled"  # row, _total, _bad, _findings and the columns of a batch
FINDINGS = "findings"  # one line per row and reason
QUARANTINED, ACCEPTED, DUPLICATE = "quarantined", "accepted", "duplicate"


@dataclass(frozen=True, slots=True)
class Troubled:
    """What the second pass found among the rows set aside by the first."""

    totals: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class Disorder:
    """Accepted rows with dates in the wrong order."""

    rows: int = 0
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (earlier, later) to rows

    @property
    def named(self) -> dict[str, int]:
        """'decided_at < submitted_at' to rows."""
        return {f"{later} < {earlier}": rows for (earlier, later), rows in self.pairs.items()}


def look_again(
    connection: duckdb.DuckDBPyConnection, query: Query, sorted_rows: Sorted
) -> Troubled:
    """Fill the tables TABLE and FINDINGS, and write the rows that are accepted after all."""
    connection.execute(
        f'CREATE TEMP TABLE {FINDINGS} (row BIGINT, "column" VARCHAR, header VARCHAR, '
        "kind VARCHAR, shown VARCHAR, reason VARCHAR, fate VARCHAR)"
    )
    if not sorted_rows.troubled:
        return Troubled()
    connection.execute(f"CREATE TABLE {TABLE} AS {_select(query)}")
    connection.execute(
        f"INSERT INTO {FINDINGS} SELECT row, f.c, f.h, f.k, f.s, f.r, f.f "
        f"FROM (SELECT row, unnest(_findings) AS f FROM {TABLE} WHERE NOT _total) "
        "WHERE f IS NOT NULL"
    )
    write_by_year(
        connection, query.contract, TABLE, "NOT _total AND NOT _bad", sorted_rows.accepted, "noted"
    )
    counts = connection.execute(
        f"SELECT count(*) FILTER (WHERE _total), count(*) FILTER (WHERE _bad AND NOT _total) "
        f"FROM {TABLE}"
    ).fetchone()
    return Troubled(*(counts or (0, 0)))


def count_disorder(
    connection: duckdb.DuckDBPyConnection, query: Query, sorted_rows: Sorted, dropped: str
) -> Disorder:
    """Accepted rows with dates in the wrong order; rows in the table `dropped` do not count."""
    pairs = query.contract.orders
    if not sorted_rows.troubled or not pairs:
        return Disorder()
    tests = [query.contract.order_sql(*pair) for pair in pairs]
    terms = [" OR ".join(tests), *tests]
    row = connection.execute(
        f"SELECT {', '.join(f'count(*) FILTER (WHERE {test})' for test in terms)} FROM {TABLE} "
        f"WHERE NOT _total AND NOT _bad AND row NOT IN (SELECT row FROM {dropped})"
    ).fetchone()
    rows, *counts = row or (0,)
    return Disorder(rows, {pair: n for pair, n in zip(pairs, counts, strict=True) if n})


def _select(query: Query) -> str:
    """Only troubled rows leave the unnesting: a filter would make the engine judge twice."""
    parts = [f"'row': row, '_total': _total, '_bad': _bad, '_findings': {_findings(query)}"]
    parts += [f"{literal(column)}: {value}" for column, value in query.stored()]
    judged = query.judged(query.table.numbered_sql, keep="row")
    return (
        "SELECT one.* FROM (SELECT unnest(CASE WHEN _troubled "
        f"THEN [{{{', '.join(parts)}}}] END) AS one FROM ({judged}))"
    )


def _findings(query: Query) -> str:
    """A list of what is wrong with a row, or else of what is remarkable; NULL where nothing is."""
    faults = ", ".join(f"CASE WHEN {test} THEN {one} END" for test, one in _bad(query))
    remarks = ", ".join(
        f"CASE WHEN {test} THEN {one} END" for test, one in (*_sentinels(query), *_orders(query))
    )
    return f"CASE WHEN _bad THEN [{faults}] {f'ELSE [{remarks}]' if remarks else ''} END"


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
        test = query.contract.order_sql(earlier, later, prefix="v_")
        yield test, _remark(query, later, Reason.WRONG_ORDER)


def _remark(query: Query, column: str, reason: Reason) -> str:
    one = query.parsings.get(column)
    text = "NULL" if one is None else reasons.shown_sql(one, query.terms(one).text)
    return _finding(query, column, "'date'", text, literal(reason), ACCEPTED)


def _finding(
    query: Query, column: str, kind: str, shown: str, reason: str, fate: str = QUARANTINED
) -> str:
    return (
        f"{{'c': {literal(column)}, 'h': {literal(query.header(column))}, "
        f"'k': CAST({kind} AS VARCHAR), 's': CAST({shown} AS VARCHAR), "
        f"'r': CAST({reason} AS VARCHAR), 'f': {literal(fate)}}}"
    )
