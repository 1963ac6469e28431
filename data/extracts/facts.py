"""What the accepted rows say about themselves: counts, first and last days, orders, open cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from data.extracts.contracts import ColumnType, Contract
from data.extracts.profile import Zone
from data.extracts.query import Query
from data.extracts.sql import literal, name

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Facts:
    """Of the accepted rows."""

    rows: int
    tests: int
    open: int
    first_opening: date | None
    last_opening: date | None
    latest: Mapping[str, datetime | date]  # column to its last value
    wrong_order: Mapping[tuple[str, str], int]
    out_of_order: int  # rows with any order wrong
    windows: tuple[Window, ...]  # the hours that come twice or never
    clock_changes: Mapping[str, int]  # column to values in them


def gather(
    connection: duckdb.DuckDBPyConnection, query: Query, accepted: Path, zone: ZoneInfo
) -> Facts:
    """One pass over the accepted rows, then one over the times near clock changes if any."""
    contract, source = query.contract, literal(str(accepted / "*" / "*.parquet"))
    if not any(accepted.glob("*/*.parquet")):
        return Facts(0, 0, 0, None, None, {}, {}, 0, (), {})
    times = [column.name for column in contract.columns if column.type.is_time]
    orders = {pair: order_sql(contract, *pair) for pair in contract.orders}
    terms = [
        "count(*)",
        f"count(*) FILTER (WHERE {name(contract.test)})" if contract.test else "0",
        f"count(*) FILTER (WHERE {_open_sql(contract)})",
        f"min({contract.opening_date_sql})",
        f"max({contract.opening_date_sql})",
        f"count(*) FILTER (WHERE {' OR '.join(orders.values()) or 'false'})",
        *(f"max({name(column)})" for column in times),
        *(f"count(*) FILTER (WHERE {test})" for test in orders.values()),
    ]
    row = connection.execute(f"SELECT {', '.join(terms)} FROM read_parquet({source})").fetchone()
    rows, tests, opened, first, last, disordered, *rest = row or ()
    latest = {c: found for c, found in zip(times, rest, strict=False) if found is not None}
    wrong = {pair: n for pair, n in zip(orders, rest[len(times) :], strict=True) if n}
    windows = clock_change_windows(zone, latest.values(), first)
    return Facts(
        rows=rows,
        tests=tests,
        open=opened,
        first_opening=first,
        last_opening=last,
        latest=latest,
        wrong_order=wrong,
        out_of_order=disordered,
        windows=windows,
        clock_changes=_near_changes(connection, query, source, windows),
    )


def order_sql(contract: Contract, earlier: str, later: str, prefix: str = "") -> str:
    """Whether the two are in the wrong order; days and times are compared as days."""
    first, second = name(prefix + earlier), name(prefix + later)
    kinds = {contract.column(earlier).type, contract.column(later).type}
    if kinds == {ColumnType.DATE, ColumnType.TS}:
        first, second = f"CAST({first} AS DATE)", f"CAST({second} AS DATE)"
    return f"coalesce({second} < {first}, false)"


def clock_change_windows(
    zone: ZoneInfo, days: Iterable[date | datetime], first: date
) -> tuple[Window, ...]:
    """The local hours that come twice or never from the first day to the last, ends excluded."""
    last = max((_day(day) for day in days), default=first)
    windows, day = [], datetime.combine(first, time()) - timedelta(days=1)
    while day.date() <= last:
        if _offset(zone, day) != _offset(zone, day + timedelta(days=1)):
            windows.append(_window(zone, day))
        day += timedelta(days=1)
    return tuple(windows)


def in_windows_sql(column: str, windows: Sequence[Window]) -> str:
    """Whether a timestamp lies in any of the windows."""
    tests = [
        f"({column} >= TIMESTAMP '{start}' AND {column} < TIMESTAMP '{end}')"
        for start, end in windows
    ]
    return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"


def uncertain_columns(query: Query) -> list[str]:
    """Timestamps that come on the agency's own clock, without an offset."""
    return [
        one.column.name
        for one in query.parsings.values()
        if one.column.type is ColumnType.TS and one.zone is Zone.LOCAL
    ]


def _near_changes(
    connection: duckdb.DuckDBPyConnection, query: Query, source: str, windows: Sequence[Window]
) -> dict[str, int]:
    columns = uncertain_columns(query)
    if not columns or not windows:
        return {}
    terms = [f"count(*) FILTER (WHERE {in_windows_sql(name(c), windows)})" for c in columns]
    row = connection.execute(f"SELECT {', '.join(terms)} FROM read_parquet({source})").fetchone()
    return {column: n for column, n in zip(columns, row or (), strict=True) if n}


def _open_sql(contract: Contract) -> str:
    if not contract.closing:
        return "false"
    return " AND ".join(f"{name(column)} IS NULL" for column in contract.closing)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.replace(tzinfo=zone).utcoffset() or timedelta()


def _window(zone: ZoneInfo, day: datetime) -> Window:
    """The changed hour of a day whose offset changes: found to the minute."""
    minutes = [day + timedelta(minutes=n) for n in range(24 * 60)]
    changed = [
        moment
        for moment in minutes
        if _offset(zone, moment) != _offset(zone, moment.replace(fold=1))
    ]
    return changed[0], changed[-1] + timedelta(minutes=1)
