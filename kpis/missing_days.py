"""Days of which an extract that speaks day by day says nothing: reported, never assumed good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from data.extracts.contracts import Contract, contract
from data.metrics.engine import Engine
from data.metrics.query import Query
from data.period import Period
from kpis.counting import Where
from kpis.sources import Sources

DAY = timedelta(days=1)
KNOWN_SINCE = timedelta(days=365)  # who spoke within a year before is expected to speak every day
EVERY_ROW = 10_000_000
MissingDays = Mapping[str, tuple[date, ...]]


def missing_days(
    engine: Engine, query: Query, known: Sources, period: Period, where: Where
) -> MissingDays:
    """Member of the daily extract -> the days of the period, up to the cut-off, without its row."""
    shape = contract(query.contract)
    column, cut_off = _member_column(shape), known.clock(query.contract).cut_off
    if column is None or cut_off is None:
        return {}
    told = engine.rows(
        replace(query, inclusions=(), numerator="TRUE", denominator=None),
        known.reference,
        known.history,
        first=period.start - KNOWN_SINCE,
        last=period.last_day,
        where=where,
        limit=EVERY_ROW,
    )
    day = told.schema.get_all_field_indices("day")[-1]  # the key may have a column of this name too
    pairs = set(zip(told[column].to_pylist(), told.column(day).to_pylist(), strict=True))
    days = _days(period, min(period.last_day, cut_off))
    lacking = {
        member: tuple(day for day in days if (member, day) not in pairs)
        for member in sorted({member for member, _ in pairs})
    }
    return {member: missing for member, missing in lacking.items() if missing}


def speaks_daily(query: Query) -> bool:
    """Whether the extract has a row for each member and day."""
    return _member_column(contract(query.contract)) is not None


def _member_column(shape: Contract) -> str | None:
    """The other half of the key of an extract with a row for each member and day, if it is one."""
    opening = shape.opening[0]
    rest = [name for name in shape.key if name != opening]
    if shape.spans != "day" or opening not in shape.key or len(rest) != 1:
        return None
    return rest[0] if shape.column(rest[0]).dimension else None


def _days(period: Period, last: date) -> list[date]:
    return [period.start + n * DAY for n in range((last - period.start).days + 1)]
