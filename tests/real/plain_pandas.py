"""The measures once more, in plain pandas from the rows of files: nothing here is the product's.

    kpis = measures(chicago(path), Rules.of_house(home))
    kpis["SD-01", "value"].told("month", ("office",))   # {(first day, member): Told("4.0", 97)}
    kpis["SD-01", "value"].ids("2014-09", office="20")  # the cases behind one figure

What is shown is computed with whole numbers and fractions, and rounded half up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tests.real.sources import Source

FREQUENCIES = {"week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
FEWEST_FOR_P90 = 10
COLUMN_OF = {
    "service": "service_code",
    "office": "office_code",
    "municipality": "municipality_code",
    "channel": "channel",
    "speed": "speed",
    "document_type": "document_type",
    "rejection_reason": "rejection_reason",
    "defect_code": "defect_code",
}


@dataclass(frozen=True)
class Rules:
    """Public holidays, and deadlines in working days, as a house keeps them."""

    holidays: np.ndarray[Any, Any]
    deadlines: Mapping[tuple[str, str], tuple[int, str]]  # (service, speed) -> days, valid from

    @classmethod
    def of_house(cls, home: Path) -> Rules:
        database = sqlite3.connect(home / "cra.db")
        days = database.execute("SELECT day FROM calendar_day WHERE kind = 'holiday'").fetchall()
        rules = database.execute(
            "SELECT service_code, speed, deadline_days, valid_from FROM service_rule "
            "WHERE day_basis = 'working' AND valid_to IS NULL"
        ).fetchall()
        database.close()
        holidays = np.array([day for (day,) in days], "datetime64[D]")
        return cls(holidays, {(service, speed): tuple(rule) for service, speed, *rule in rules})

    def worked(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Working days d with start < d <= end."""
        first, last = (_in_days(one) + np.timedelta64(1, "D") for one in (start, end))
        return pd.Series(np.busday_count(first, last, holidays=self.holidays), index=start.index)

    def due(self, cases: pd.DataFrame) -> pd.Series:
        """The file's due date, else the day on which the working days allowed have passed."""
        keys = zip(cases["service_code"], cases["speed"], strict=True)
        allowed, since = zip(*(self.deadlines[key] for key in keys), strict=True)
        start = _in_days(cases["submitted_at"])
        worked = np.busday_offset(start, 0, roll="backward", holidays=self.holidays)
        by_rule = np.busday_offset(worked, allowed, holidays=self.holidays)
        by_rule[start < np.array(since, "datetime64[D]")] = "NaT"
        return cases["due_date"].fillna(pd.Series(pd.to_datetime(by_rule), index=cases.index))


def _in_days(moments: pd.Series) -> np.ndarray[Any, Any]:
    return moments.to_numpy().astype("datetime64[D]")


class Told(NamedTuple):
    """A figure as shown, or the reason why there is none; and of how many cases it is."""

    shown: str
    cases: int


Cell = tuple[date | str, ...]  # first day of the period, then the members
Values = np.ndarray[Any, Any]  # of one cell


@dataclass(frozen=True)
class Counted:
    """The rows that count, each in the period of its `day`, and what their values say."""

    rows: pd.DataFrame  # id, day, value, and the columns of the dimensions
    value: Callable[[Values], Fraction]
    decimals: int
    fewest: int  # cases of which there is a value

    def told(self, frequency: str, by: tuple[str, ...] = ()) -> dict[Cell, Told]:
        """Every cell in which anything was counted."""
        frame, keys = self._in_periods(frequency), ["period", *(COLUMN_OF[name] for name in by)]
        number = frame.groupby(keys, observed=True).ngroup().to_numpy()
        order = np.argsort(number, kind="stable")
        starts = np.flatnonzero(np.diff(number[order], prepend=-1))
        names = frame[keys].iloc[order[starts]].itertuples(index=False)
        values = np.split(frame["value"].to_numpy()[order], starts[1:])
        return {
            (start.date(), *map(str, members)): self._told(one)
            for (start, *members), one in zip(names, values, strict=False)
        }

    def told_by_part(self, frequency: str, dimension: str) -> dict[Cell, Told]:
        """What part of all that was counted each member of the numerator is."""
        column, hits = COLUMN_OF[dimension], self.rows["value"].astype(bool)
        return {
            (start, str(member)): told
            for member in self.rows.loc[hits, column].unique()
            for (start,), told in replace(
                self, rows=self.rows.assign(value=hits & (self.rows[column] == member))
            )
            .told(frequency)
            .items()
        }

    def ids(self, period: str, **where: str) -> set[str]:
        """The rows counted in a period, such as '2014-09', within some members."""
        span = pd.Period(period)
        rows = self.rows[self.rows["day"].between(span.start_time, span.end_time)]
        return _ids(rows, where)

    def _in_periods(self, frequency: str) -> pd.DataFrame:
        starts = self.rows["day"].dt.to_period(FREQUENCIES[frequency]).dt.start_time
        return self.rows.assign(period=starts)

    def _told(self, values: Values) -> Told:
        if len(values) < self.fewest:
            return Told("too_few", len(values))
        return Told(half_up(self.value(values), self.decimals), len(values))


@dataclass(frozen=True)
class Standing(Counted):
    """Cases open from `opened` until the day before `closed`, judged as periods `end`."""

    first_day: pd.Timestamp
    last_day: pd.Timestamp
    judge: Callable[[pd.DataFrame], Any]

    def ids(self, period: str, **where: str) -> set[str]:
        """The cases open at the end of a period, within some members."""
        return _ids(self._open([pd.Period(period)]), where)

    def _in_periods(self, frequency: str) -> pd.DataFrame:
        span = pd.period_range(self.first_day, self.last_day, freq=FREQUENCIES[frequency])
        return self._open(list(span))

    def _open(self, periods: Sequence[pd.Period]) -> pd.DataFrame:
        ends = [min(period.end_time.normalize(), self.last_day) for period in periods]
        opened, closed = self.rows["opened"].to_numpy(), self.rows["closed"].to_numpy()
        places = [
            np.flatnonzero((opened <= end) & ~(closed <= end))
            for end in np.array(ends, "datetime64[us]")
        ]
        times = [len(one) for one in places]
        rows = self.rows.iloc[np.concatenate(places)].assign(
            period=np.repeat([period.start_time for period in periods], times),
            end=np.repeat(np.array(ends, "datetime64[us]"), times),
        )
        return rows.assign(value=self.judge(rows))


def _ids(rows: pd.DataFrame, where: Mapping[str, str]) -> set[str]:
    for name, member in where.items():
        rows = rows[rows[COLUMN_OF[name]] == member]
    return set(rows["id"])


def half_up(value: Fraction, decimals: int) -> str:
    """The value on paper: 12.25 with one decimal is 12.3."""
    scaled = value * 10**decimals + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    if not decimals:
        return str(whole)
    return f"{whole // 10**decimals}.{whole % 10**decimals:0{decimals}}"


def _quantile(share: Fraction) -> Callable[[Values], Fraction]:
    """Linear interpolation between order statistics (type 7)."""

    def value(values: Values) -> Fraction:
        ordered = np.sort(values)
        place = (len(ordered) - 1) * share
        low = place.numerator // place.denominator
        below, above = int(ordered[low]), int(ordered[min(low + 1, len(ordered) - 1)])
        return below + (place - low) * (above - below)

    return value


MEDIAN, P90 = _quantile(Fraction(1, 2)), _quantile(Fraction(9, 10))


def _share(values: Values) -> Fraction:
    return Fraction(100 * int(values.sum()), len(values))


def _sum(values: Values) -> Fraction:
    return Fraction(int(values.sum()))


def _greatest(values: Values) -> Fraction:
    return Fraction(int(values.max()))


Measures = dict[tuple[str, str], Counted]


def measures(source: Source, rules: Rules) -> Measures:
    """(KPI, line) -> what it counts and says; production only where the source tells of it."""
    cases = source.cases.assign(id=source.cases["application_id"])
    found: Measures = {
        **_turnaround(cases, rules),
        **_within_deadline(cases, rules, source.last_day),
        **_backlog(cases, rules, source),
        **_decisions(cases),
        ("IN-01", "value"): _number(cases, "submitted_at"),
    }
    if source.made is not None:
        found["SD-08", "value"] = _reprints(source.made)
    return found


def _turnaround(cases: pd.DataFrame, rules: Rules) -> Measures:
    done = cases[(cases["decision"] == "approved") & cases["ready_at"].notna()]
    done = done[done["complete_at"].notna()]
    days = rules.worked(done["complete_at"], done["ready_at"])
    days -= done["suspended_days"].fillna(0).astype(int)
    done = done.assign(day=done["ready_at"], value=days)[days >= 0]
    return {
        ("SD-01", "value"): Counted(done, MEDIAN, 1, 1),
        ("SD-02", "value"): Counted(done, P90, 1, FEWEST_FOR_P90),
    }


def _within_deadline(cases: pd.DataFrame, rules: Rules, last_day: pd.Timestamp) -> Measures:
    found: Measures = {}
    by_line = {"value": rules.due(cases), "original_due_date": cases["original_due_date"]}
    for line, due in by_line.items():
        decided = cases["decided_at"].dt.normalize() <= due
        ready = cases["ready_at"].dt.normalize() <= due
        success = ready.where(cases["decision"] != "rejected", decided)
        member = (due <= last_day) & ~((cases["decision"] == "withdrawn") & decided)
        found["SD-03", line] = Counted(cases.assign(day=due, value=success)[member], _share, 1, 1)
    return found


def _backlog(cases: pd.DataFrame, rules: Rules, source: Source) -> Measures:
    opened = cases["submitted_at"].dt.normalize()
    closed = cases[["decided_at", "ready_at", "issued_at"]].min(axis=1).dt.normalize()
    rows = cases.assign(opened=opened, closed=closed, due=rules.due(cases))
    waiting = rows[(rows["decision"] == "approved") & rows["decided_at"].notna()]
    handed = waiting[["ready_at", "issued_at"]].min(axis=1).dt.normalize()
    waiting = waiting.assign(opened=waiting["decided_at"].dt.normalize(), closed=handed)

    def age(rows: pd.DataFrame) -> pd.Series:
        return rules.worked(rows["opened"], rows["end"])

    def aged(low: int, high: float) -> Standing:
        return replace(number, judge=lambda rows: age(rows).between(low, high))

    days = (source.first_day, source.last_day)
    number = Standing(rows, _sum, 0, 1, *days, judge=lambda rows: rows["id"].notna())
    return {
        ("SD-04", "value"): number,
        ("SD-04", "approved_not_ready"): replace(number, rows=waiting),
        ("SD-05", "value"): replace(
            number, value=_share, decimals=1, judge=lambda rows: rows["due"] <= rows["end"]
        ),
        ("SD-05", "age_median"): replace(number, value=MEDIAN, decimals=1, judge=age),
        ("SD-05", "age_maximum"): replace(number, value=_greatest, judge=age),
        ("SD-05", "up_to_15"): aged(0, 15),
        ("SD-05", "up_to_30"): aged(16, 30),
        ("SD-05", "up_to_60"): aged(31, 60),
        ("SD-05", "over_60"): aged(61, np.inf),
    }


def _decisions(cases: pd.DataFrame) -> Measures:
    decided = cases[cases["decision"].isin(["approved", "rejected"]) & cases["decided_at"].notna()]
    decided = decided.assign(day=decided["decided_at"])
    right, rejected = decided["returned_count"] == 0, decided["decision"] == "rejected"
    return {
        ("IN-02", "value"): _number(decided, "decided_at"),
        ("SD-06", "value"): Counted(
            decided.assign(value=right)[decided["returned_count"].notna()], _share, 1, 1
        ),
        ("SD-07", "value"): Counted(decided.assign(value=rejected), _share, 1, 1),
    }


def _number(cases: pd.DataFrame, moment: str) -> Counted:
    return Counted(cases.assign(day=cases[moment], value=True), _sum, 0, 1)


def _reprints(made: pd.DataFrame) -> Counted:
    made = made[made["personalised_at"].notna()]
    again = (made["quality_result"] == "fail") | made["reprint_of"].notna()
    rows = made.assign(id=made["production_id"], day=made["personalised_at"], value=again)
    return Counted(rows, _share, 1, 1)
