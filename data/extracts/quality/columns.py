"""How often each column of an extract is not stated in the rows as they stand, and a year ago."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data.access.actor import Actor
from data.access.permissions import Permission
from data.extracts.contracts import Column, Contract, contract
from data.extracts.quality.rows import engine, fetched, in_span_sql
from data.extracts.sql import name
from data.period import Frequency, Period
from data.store.batches import BatchStore
from data.store.versions import live_batches, winners_sql
from data.workspace import Workspace

YEAR = 12  # months looked at, and as many before them
Span = tuple[date, date]  # both days included


@dataclass(frozen=True, slots=True)
class ColumnGap:
    """A column: of how many rows it is not stated, in the year looked at and in the one before.

    `may_be_empty` tells of what may not have happened yet, such as the day of a decision.
    """

    column: str
    rows: int
    unstated: int
    rows_before: int
    unstated_before: int
    may_be_empty: bool

    @property
    def share(self) -> float | None:
        """0 to 1; None without any row."""
        return self.unstated / self.rows if self.rows else None

    @property
    def share_before(self) -> float | None:
        return self.unstated_before / self.rows_before if self.rows_before else None

    @property
    def change(self) -> float | None:
        """How much larger the share is than a year before."""
        if self.share is None or self.share_before is None:
            return None
        return self.share - self.share_before


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """The columns of an extract, the largest gap first; those that may be empty come last."""

    contract: str
    span: Span  # opening days of the rows looked at
    before: Span
    gaps: tuple[ColumnGap, ...]

    @property
    def rows(self) -> int:
        return self.gaps[0].rows if self.gaps else 0


def column_report(workspace: Workspace, *, by: Actor, name_of: str, period: Period) -> ColumnReport:
    """The columns of an extract over the year up to the end of a period, test records left out."""
    found = contract(name_of)
    span, before = _years(period)
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        live = live_batches(reader, name_of, reader.then.event if reader.then else None)
    columns = [column for column in found.columns if not column.required]
    source = winners_sql(
        BatchStore(workspace.settings.extracts),
        live,
        key=found.key,
        updated=found.updated,
        columns=found.names,
    )
    with engine(workspace.settings) as connection:
        counted = fetched(connection, _counts_sql(found, columns, source, span, before))[0]
    gaps = sorted(_gaps(found, columns, counted), key=_worst_first)
    return ColumnReport(name_of, span, before, tuple(gaps))


def _years(period: Period) -> tuple[Span, Span]:
    """The twelve months that end with the period, and the twelve before those."""
    last = Period.covering(period.last_day, Frequency.MONTH)
    first = last.shift(1 - YEAR)
    day = timedelta(days=1)
    return (first.start, last.last_day), (first.shift(-YEAR).start, first.start - day)


def _counts_sql(
    found: Contract, columns: Sequence[Column], source: str, span: Span, before: Span
) -> str:
    """One pass: rows of both years, and of each column those that do not state it."""
    terms = []
    for within in (span, before):
        inside = in_span_sql(found, *within)
        terms.append(f"count(*) FILTER (WHERE {inside})")
        terms += [f"count(*) FILTER (WHERE {inside} AND {name(c.name)} IS NULL)" for c in columns]
    tested = f"NOT coalesce({name(found.test)}, false)" if found.test else "true"
    return f"SELECT {', '.join(terms)} FROM ({source}) AS current_rows WHERE {tested}"


def _gaps(
    found: Contract, columns: Sequence[Column], counted: Sequence[Any]
) -> Iterator[ColumnGap]:
    half = len(columns) + 1
    now, then = counted[:half], counted[half:]
    for place, column in enumerate(columns, start=1):
        yield ColumnGap(
            column.name,
            rows=int(now[0]),
            unstated=int(now[place]),
            rows_before=int(then[0]),
            unstated_before=int(then[place]),
            may_be_empty=_may_be_empty(found, column),
        )


def _may_be_empty(found: Contract, column: Column) -> bool:
    """Whether a row may rightly say nothing: later events, and marks of the source itself."""
    return column.type.is_time and column.name not in found.opening


def _worst_first(gap: ColumnGap) -> tuple[bool, float, str]:
    return gap.may_be_empty, -(gap.share or 0.0), gap.column
