"""SQL that reads dates and timestamps: by one declared format, on one declared clock."""

from __future__ import annotations

from datetime import date

from data.extracts.column_parsing import Parsing
from data.extracts.contracts import ColumnType
from data.extracts.profile import ISO, Zone
from data.extracts.sql import listed, literal

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_CLOCKS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
)
_DAY = "%Y-%m-%d"


def in_range_sql(parsing: Parsing, value: str) -> str:
    """A date or timestamp within its possible range and no sentinel, else NULL."""
    sentinels = parsing.formats.sentinels
    inner = [day for day in sentinels if EARLIEST < day <= LATEST]
    low = max([EARLIEST, *(day for day in sentinels if day <= EARLIEST)])
    above = ">" if low in sentinels else ">="
    end = f"DATE '{LATEST}' + 1"
    fits = f"{value} {above} DATE '{low}' AND {value} < {end}"
    if above == ">" and parsing.column.type is ColumnType.TS:
        fits = f"{value} >= DATE '{low}' + 1 AND {value} < {end}"
    if inner:
        fits += f" AND CAST({value} AS DATE) NOT IN ({_dates(inner)})"
    return f"CASE WHEN {fits} THEN {value} END"


def is_sentinel_sql(parsing: Parsing, value: str) -> str:
    """Whether a parsed date is one that means "none"."""
    sentinels = parsing.formats.sentinels
    return f"CAST({value} AS DATE) IN ({_dates(sentinels)})" if sentinels else "false"


def instant_sql(parsing: Parsing, text: str, local: str) -> str:
    """The moment in UTC; an hour that comes twice counts as its second time."""
    if parsing.zone is Zone.LOCAL:
        return f"timezone('UTC', timezone({literal(parsing.agency_zone)}, {local}))"
    return f"CASE WHEN {local} IS NOT NULL THEN {_moment_sql(parsing, text)} END"


def _dates(days: tuple[date, ...] | list[date]) -> str:
    return ", ".join(f"DATE '{day}'" for day in days)


def time_sql(parsing: Parsing, text: str) -> str:
    plain = _local_sql(parsing, text)
    if parsing.formats.serial_dates:
        plain = f"coalesce({plain}, {_serial_sql(parsing, text)})"
    return f"CAST({plain} AS {parsing.column.type.sql})"


def _local_sql(parsing: Parsing, text: str) -> str:
    """The local wall clock of a text."""
    formats = _formats(parsing)
    if parsing.zone is Zone.LOCAL:
        return _strptime(text, _likely_first(parsing, formats))
    moved = (
        f"timezone({literal(parsing.agency_zone)}, timezone('UTC', {_moment_sql(parsing, text)}))"
    )
    days = _days(parsing) if parsing.column.type is ColumnType.DATE else []
    return f"coalesce({_strptime(text, days)}, {moved})" if days else moved


def _moment_sql(parsing: Parsing, text: str) -> str:
    """The TIMESTAMP in UTC of a text on a clock that is not the agency's."""
    formats = _formats(parsing)
    if parsing.zone is Zone.UTC:
        zulu = [f"{one}Z" for one in formats if parsing.format == ISO]
        return _strptime(text, [*formats, *zulu])
    offsets = [one if "%z" in one else f"{one}%z" for one in formats]
    zulu = [f"{one}Z" for one in formats if parsing.format == ISO]
    moment = f"timezone('UTC', {_strptime(text, offsets)})"
    return f"coalesce({moment}, {_strptime(text, zulu)})" if zulu else moment


def _formats(parsing: Parsing) -> list[str]:
    if parsing.format == ISO:
        return list(_CLOCKS)
    return [parsing.format, *(_CLOCKS if parsing.from_sheet else ())]


def _likely_first(parsing: Parsing, formats: list[str]) -> list[str]:
    """All formats in the order in which values most likely match, since each failure costs."""
    is_date = parsing.column.type is ColumnType.DATE
    return [*_days(parsing), *formats] if is_date else [*formats, *_days(parsing)]


def _days(parsing: Parsing) -> list[str]:
    return [_DAY] if parsing.format == ISO or parsing.from_sheet else []


def _strptime(text: str, formats: list[str]) -> str:
    return f"try_strptime({text}, [{listed(formats)}])"


def _serial_sql(parsing: Parsing, text: str) -> str:
    """Excel's day number, with the time of day as its fraction, to the second."""
    number = f"replace({text}, ',', '.')"
    seconds = f"CAST(round(CAST({number} AS DOUBLE) * 86400) AS BIGINT)"
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{1,6}}([.,][0-9]+)?') "
        f"THEN TIMESTAMP '{parsing.epoch} 00:00:00' + to_seconds({seconds}) END"
    )
