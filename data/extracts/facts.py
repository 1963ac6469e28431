"""What the accepted rows say about themselves: counts, first and last days, orders, open cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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

    rows: int = 0
    tests: int = 0
    any_open: bool = False
    first_opening: date | None = None
    last_opening: date | None = None
    latest: Mapping[str, datetime | date] = field(default_factory=dict)  # column to its last value
    clock_changes: Mapping[str, int] = field(default_factory=dict)  # values in uncertain hours


def gather(
    connection: duckdb.DuckDBPyConnection, query: Query, accepted: Path, zone: ZoneInfo
) -> Facts:
    """Read as little of the accepted rows as tells."""
    if not any(accepted.glob("*/*.parquet")):
        return Facts()
    contract, source = query.contract, f"read_parquet({literal(str(accepted / '*' / '*.parquet'))})"
    times = [column.name for column in contract.columns if column.type.is_time]
    terms = [
        "count(*)",
        f"count(*) FILTER (WHERE {name(contract.test)})" if contract.test else "0",
        f"min({contract.opening_date_sql})",
        f"max({contract.opening_date_sql})",
        *(f"max({name(column)})" for column in times),
    ]
    row = connection.execute(f"SELECT {', '.join(terms)} FROM {source}").fetchone()
    rows, tests, first, last, *lasts = row or ()
    latest = {c: found for c, found in zip(times, lasts, strict=True) if found is not None}
    windows = clock_change_windows(zone, latest.values(), first)
    return Facts(
        rows=rows,
        tests=tests,
        any_open=_any_open(connection, contract, source),
        first_opening=first,
        last_opening=last,
        latest=latest,
        clock_changes=_near_changes(connection, query, source, windows),
    )


def _any_open(connection: duckdb.DuckDBPyConnection, contract: Contract, source: str) -> bool:
    if not contract.closing:
        return False
    still = " AND ".join(f"{name(column)} IS NULL" for column in contract.closing)
    found = connection.execute(f"SELECT 1 FROM {source} WHERE {still} LIMIT 1")
    return found.fetchone() is not None


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
    """Whether a timestamp lies in any of the windows; the hour of the day rules out nearly all."""
    hours = ", ".join(str(hour) for hour in sorted({start.hour for start, _end in windows}))
    tests = " OR ".join(
        f"({column} >= TIMESTAMP '{start}' AND {column} < TIMESTAMP '{end}')"
        for start, end in windows
    )
    return f"CASE WHEN hour({column}) IN ({hours}) THEN {tests} ELSE false END"


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
    row = connection.execute(f"SELECT {', '.join(terms)} FROM {source}").fetchone()
    return {column: n for column, n in zip(columns, row or (), strict=True) if n}


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
