"""The catalogue's KPIs once more, in plain pandas from raw rows: nothing comes from the product.

Each line of a KPI names its rows, why some do not count, and what is read from those that do.
Values are exact fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from tests.kpis.in_pandas import PANDAS_FREQUENCY

UNSTATED = "not_stated"
Value = tuple[Fraction, int]  # value, cases
Place = tuple[date, tuple[str, ...]]  # first day of a period, member of each dimension asked for
Read = Callable[[pd.DataFrame], Value | None]
Reasons = list[tuple[str, pd.Series]]  # why a row does not count, and of which rows that is true


@dataclass(frozen=True)
class Line:
    """One line of a KPI: rows that carry `_day` and `_reason`, columns of its dimensions, and
    how a value is read from rows that count."""

    rows: pd.DataFrame
    columns: Mapping[str, str]
    read: Read
    fewest: int = 0

    @property
    def counted(self) -> pd.DataFrame:
        return self.rows[(self.rows["_reason"] == "") & self.rows["_day"].notna()]

    def values(self, frequency: str, by: tuple[str, ...]) -> dict[Place, Value]:
        """The value of every period and member that has one."""
        found = {}
        periods = self.counted["_day"].dt.to_period(PANDAS_FREQUENCY[frequency])
        for period, group in self.counted.groupby(periods):
            for members, part in self.parts(group, by):
                value = self.read(part)
                if value is not None:
                    found[period.start_time.date(), members] = value
        return found

    def parts(
        self, rows: pd.DataFrame, by: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
        """The rows of each combination of members."""
        if not by:
            yield (), rows
            return
        named = [rows[self.columns[name]] for name in by]
        stated = [column.astype(object).where(column.notna(), UNSTATED) for column in named]
        yield from ((tuple(map(str, key)), part) for key, part in rows.groupby(stated))

    def excluded(self, year: int) -> dict[str, int]:
        """Rows of a year that do not count, by reason."""
        inside = self.rows[self.rows["_day"].dt.year == year]
        counts = inside.loc[inside["_reason"] != "", "_reason"].value_counts()
        return {str(reason): int(count) for reason, count in counts.items()}


@dataclass(frozen=True)
class Stock(Line):
    """What is open at the end of each period, or at the cut-off; `_day` is the opening day."""

    first: date = date.max
    cut_off: date = date.max

    def values(self, frequency: str, by: tuple[str, ...]) -> dict[Place, Value]:
        found = {}
        rows = self.counted
        for period in pd.period_range(self.first, self.cut_off, freq=PANDAS_FREQUENCY[frequency]):
            end = min(period.end_time.normalize(), pd.Timestamp(self.cut_off))
            is_open = (rows["_day"] <= end) & ~(rows["_closed"] <= end)
            for members, part in self.parts(rows[is_open], by):
                found[period.start_time.date(), members] = (Fraction(len(part)), len(part))
        return found


def judged(rows: pd.DataFrame, day: pd.Series, reasons: Reasons) -> pd.DataFrame:
    """The rows with their day and the first reason that is true of them, '' where none is."""
    reason = pd.Series("", index=rows.index, dtype=object)
    for name, holds in reasons:
        reason = reason.mask((reason == "") & holds.fillna(False).astype(bool), name)
    return rows.assign(_day=day.dt.normalize(), _reason=reason)


def share(hits: Callable[[pd.DataFrame], pd.Series]) -> Read:
    """The percentage of rows that are hits."""

    def read(rows: pd.DataFrame) -> Value | None:
        found = int(hits(rows).fillna(False).astype(bool).sum())
        return (Fraction(100 * found, len(rows)), len(rows)) if len(rows) else None

    return read


def weighted(top: Callable[[pd.DataFrame], pd.Series], bottom: str) -> Read:
    """The percentage that one sum is of another, to the cent."""

    def read(rows: pd.DataFrame) -> Value | None:
        whole = sum((exact(value) for value in rows[bottom]), Fraction())
        part = sum((exact(value) for value in top(rows)), Fraction())
        return (100 * part / whole, int(whole)) if whole else None

    return read


def exact(value: float) -> Fraction:
    return Fraction(Decimal(str(value)))


def mean(seconds: str, per: int) -> Read:
    """The mean of whole seconds in a longer unit."""

    def read(rows: pd.DataFrame) -> Value | None:
        total = int(rows[seconds].sum())
        return (Fraction(total, per * len(rows)), len(rows)) if len(rows) else None

    return read


def spread(column: str, percent: int, per: int = 1) -> Read:
    """A percentile of whole numbers, in a longer unit; it is a whole number of tenths."""

    def read(rows: pd.DataFrame) -> Value | None:
        if rows.empty:
            return None
        found = np.percentile(rows[column].astype("int64").to_numpy(), percent)
        return Fraction(round(found * 10), 10 * per), len(rows)

    return read
