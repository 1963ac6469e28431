"""Rolling windows: what was counted in so many months or days up to the end of each period.

A window is computed from the cells when it is read; windows are never summed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from data.errors import Invalid
from data.metrics.asking import Asked, names_sql
from data.metrics.cells import places, sums_of
from data.metrics.query import Form
from data.period import Frequency, Period

WINDOWS = "windows"


@dataclass(frozen=True, slots=True)
class Window:
    """So many months, or days, up to the end of a period."""

    months: int = 0
    days: int = 0

    def check(self, form: Form) -> None:
        """Days need cells of single days, which cohorts alone keep; else it is Invalid."""
        fits = (form is Form.COHORT) if self.days else form in (Form.RATIO, Form.COHORT)
        if not fits or bool(self.days) == bool(self.months):
            raise Invalid("formulas.window_unfit", form=form)

    def first_day(self, period: Period) -> date:
        """The first day of the window that ends with a period."""
        if self.days:
            return period.end - timedelta(days=self.days)
        months = period.end.year * 12 + period.end.month - 1 - self.months
        return date(months // 12, months % 12 + 1, 1)


def windows_table(
    window: Window, frequencies: Sequence[Frequency], first: date, last: date
) -> pa.Table:
    """frequency, period_start, since, until (included) of every period that begins in a span."""
    rows = [
        {
            "frequency": frequency.value,
            "period_start": period.start,
            "since": window.first_day(period),
            "until": period.last_day,
        }
        for frequency in frequencies
        for period in Period.covering(first, frequency).until(Period.covering(last, frequency))
    ]
    days = {name: pa.date32() for name in ("period_start", "since", "until")}
    return pa.Table.from_pylist(rows, pa.schema({"frequency": pa.string(), **days}))


def windowed_sql(asked: Asked, segments: str, grouping: Sequence[str]) -> str:
    """SELECT of frequency, period_start, the grouping, n, numerator, denominator of each window."""
    types = sums_of(asked.measure)
    summed = ", ".join(
        f'CAST(SUM(s."_{name}") AS {types[f"_{name}"]}) AS "{name}"'
        for name in ("n", "numerator", "denominator")
    )
    keys = names_sql(["frequency", "period_start", *grouping])
    return f"""SELECT {keys}{summed}
FROM {segments} AS s
JOIN {WINDOWS} AS w ON s."_day" BETWEEN w."since" AND w."until"
GROUP BY {places(len(grouping) + 2)}"""
