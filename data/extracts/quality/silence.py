"""Who is silent: offices and working days without any row, where rows are usual.

A file can cover a month by its own word and still lack an office. That shows in what it usually
holds: an office is silent when it has no case now, had some in each of the six periods before, and
so many of them that none at all would by chance come less than once in a thousand times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.calendar import WorkingCalendar
from data.extracts.contracts import Contract
from data.extracts.quality.rows import engine, fetched, in_span_sql, rows_sql, years_of
from data.extracts.sql import name, names
from data.period import Frequency, Period
from data.settings import Settings
from data.store.batches import BatchStore
from data.store.versions import LiveBatch

USUAL_PERIODS = 6  # an office that had rows in each of so many periods usually reports
USUAL_CASES = 7  # a period, on average: e to the power of -7 is less than one in a thousand
USUAL_DAYS = 0.95  # rows on this share of working days before make a day without any remarkable
OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Silence:
    """Offices without a row in a part of the period, and working days without any row at all."""

    offices: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Closings:
    """What explains silence: days off, and the day from which an office no longer works."""

    calendar: WorkingCalendar
    offices: Mapping[str, date]


Counted = Mapping[tuple[date, str], int]  # cases by opening day and office ('' where not stated)


def silence_of(
    settings: Settings,
    contract: Contract,
    live: Sequence[LiveBatch],
    period: Period,
    known: Collection[date],
    closings: Closings,
) -> Silence:
    """Silence within the days of a period that the loads claim to know."""
    parts = [part for part in _parts(period) if _is_known(part, known)]
    if not parts or not live:
        return Silence()
    first = parts[0].shift(-USUAL_PERIODS).start
    counted = _counted(settings, contract, live, first, period.last_day)
    return Silence(
        _offices(counted, parts, closings) if OFFICE in contract.dimensions else (),
        _days(counted, parts, first, closings) if contract.spans == "day" else (),
    )


def _parts(period: Period) -> list[Period]:
    """The months of a longer period; a month or a week as it is."""
    if period.frequency in (Frequency.WEEK, Frequency.MONTH):
        return [period]
    first = Period.covering(period.start, Frequency.MONTH)
    return list(first.until(Period.covering(period.last_day, Frequency.MONTH)))


def _is_known(part: Period, known: Collection[date]) -> bool:
    days = (part.end - part.start).days
    return all(part.start + timedelta(days=n) in known for n in range(days))


def _counted(
    settings: Settings, contract: Contract, live: Sequence[LiveBatch], first: date, last: date
) -> Counted:
    """Cases by opening day and office, whichever of their versions says so."""
    source = rows_sql(BatchStore(settings.extracts), live, years_of(first, last))
    if source is None:
        return {}
    column = contract.dimensions.get(OFFICE)
    office = f"coalesce({name(column)}, '')" if column else "''"
    with engine(settings) as connection:
        found = fetched(
            connection,
            f"SELECT {contract.opening_date_sql} AS day, {office} AS office, "
            f"count(DISTINCT hash({names(contract.key)})) "
            f"FROM {source} WHERE {in_span_sql(contract, first, last)} GROUP BY ALL",
        )
    return {(day, code): int(rows) for day, code, rows in found}


def _offices(counted: Counted, parts: Iterable[Period], closings: Closings) -> tuple[str, ...]:
    """Offices that usually report and are silent in any part."""
    silent: set[str] = set()
    for part in parts:
        before = [_cases(counted, part.shift(-n)) for n in range(1, USUAL_PERIODS + 1)]
        silent |= {
            office
            for office in set.intersection(*map(set, before)) - _cases(counted, part).keys()
            if sum(cases[office] for cases in before) >= USUAL_CASES * USUAL_PERIODS
            and closings.offices.get(office, date.max) > part.last_day
        }
    return tuple(sorted(silent - {""}))


def _cases(counted: Counted, part: Period) -> dict[str, int]:
    """Office to its cases in a part."""
    found: dict[str, int] = {}
    for (day, office), cases in counted.items():
        if part.start <= day <= part.last_day:
            found[office] = found.get(office, 0) + cases
    return found


def _days(
    counted: Counted, parts: Sequence[Period], first: date, closings: Closings
) -> tuple[date, ...]:
    """Working days without a row in an extract that has rows on nearly every working day."""
    active = {day for day, _office in counted}
    before = _working(closings.calendar, first, parts[0].start)
    if not before or len(active.intersection(before)) < USUAL_DAYS * len(before):
        return ()
    inside = (day for part in parts for day in _working(closings.calendar, part.start, part.end))
    return tuple(day for day in inside if day not in active)


def _working(calendar: WorkingCalendar, first: date, end: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((end - first).days))
    return [day for day in days if calendar.is_working(day)]
