"""What the accepted rows say about themselves: counts, first and last days, orders, open cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from data.extracts.contracts import ColumnType, Contract
from data.extracts.profile import Zone
from data.extracts.query import Query
from data.extracts.sql import listed, literal, name, names

Window = tuple[datetime, datetime]
Span = tuple[datetime, datetime] | tuple[date, date]


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
    keys_repeat: bool = False  # fewer hashes of keys than rows: some may come twice


def gather(
    connection: duckdb.DuckDBPyConnection, query: Query, accepted: Path, zone: ZoneInfo
) -> Facts:
    """Read the accepted rows once; what the statistics of their files tell is not read at all."""
    contract, files = query.contract, literal(str(accepted / "*" / "*.parquet"))
    if not any(accepted.glob("*/*.parquet")):
        return Facts()
    spans = _spans(connection, contract, files)  # column to its first and last value
    windows = _windows(query, spans, zone)
    near = [column for column in uncertain_columns(query) if column in spans] if windows else []
    terms = [
        "count(*)",
        f"count(*) FILTER (WHERE {name(contract.test)})" if contract.test else "0",
        f"min({contract.opening_date_sql})",
        f"max({contract.opening_date_sql})",
        f"count(DISTINCT hash({names(contract.key)}))",
        *(f"count(*) FILTER (WHERE {in_windows_sql(name(c), windows)})" for c in near),
    ]
    source = f"read_parquet({files})"
    row = connection.execute(f"SELECT {', '.join(terms)} FROM {source}").fetchone()
    rows, tests, first, last, keys, *counts = row or ()
    return Facts(
        rows=rows,
        tests=tests,
        any_open=_any_open(connection, contract, source),
        first_opening=first,
        last_opening=last,
        latest={column: last for column, (_first, last) in spans.items()},
        clock_changes={column: n for column, n in zip(near, counts, strict=True) if n},
        keys_repeat=keys < rows,
    )


def _spans(
    connection: duckdb.DuckDBPyConnection, contract: Contract, files: str
) -> dict[str, Span]:
    """First and last value of each date and timestamp, from the statistics of the files."""
    kinds = {one.name: one.type for one in contract.columns if one.type.is_time}
    found = connection.execute(
        f"SELECT path_in_schema, min(CAST(stats_min_value AS TIMESTAMP)), "
        f"max(CAST(stats_max_value AS TIMESTAMP)) FROM parquet_metadata({files}) "
        f"WHERE path_in_schema IN ({listed(kinds)}) AND stats_max_value IS NOT NULL GROUP BY ALL"
    )
    known = {column: (first, last) for column, first, last in found.fetchall()}
    return {
        column: _as_days(known[column]) if kind is ColumnType.DATE else known[column]
        for column, kind in kinds.items()
        if column in known
    }


def _as_days(span: tuple[datetime, datetime]) -> Span:
    return span[0].date(), span[1].date()


def _any_open(connection: duckdb.DuckDBPyConnection, contract: Contract, source: str) -> bool:
    if not contract.closing:
        return False
    still = " AND ".join(f"{name(column)} IS NULL" for column in contract.closing)
    found = connection.execute(f"SELECT 1 FROM {source} WHERE {still} LIMIT 1")
    return found.fetchone() is not None


def _windows(query: Query, spans: Mapping[str, Span], zone: ZoneInfo) -> tuple[Window, ...]:
    """The uncertain hours among the timestamps that come on the agency's own clock."""
    local = [spans[column] for column in uncertain_columns(query) if column in spans]
    if not local:
        return ()
    first, last = min(span[0] for span in local), max(span[1] for span in local)
    return clock_change_windows(zone, _day(first), _day(last))


def clock_change_windows(zone: ZoneInfo, first: date, last: date) -> tuple[Window, ...]:
    """The local hours that come twice or never from the first day to the last, ends excluded."""
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


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.replace(tzinfo=zone).utcoffset() or timedelta()


def _window(zone: ZoneInfo, day: datetime) -> Window:
    """The changed hour of a day whose offset changes: clocks are changed at whole quarters."""
    quarter = timedelta(minutes=15)
    changed = [
        moment
        for moment in (day + quarter * n for n in range(24 * 4))
        if _offset(zone, moment) != _offset(zone, moment.replace(fold=1))
    ]
    return changed[0], changed[-1] + quarter
