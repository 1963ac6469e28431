"""The eight KPIs once more, in plain pandas from raw rows: nothing here comes from the product.

Every function takes the rows that count and gives, for each cell and period, an exact fraction
with the number of cases, or None where there is nothing to measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd

Value = tuple[Fraction, int]  # value, cases
Key = tuple[str, str]  # members of up to two dimensions
DIMENSIONS = {
    "service": "service_code",
    "office": "office_code",
    "municipality": "municipality_code",
    "channel": "channel",
    "speed": "speed",
    "district": "district",
}
PANDAS_FREQUENCY = {"week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


@dataclass
class World:
    """Holidays, deadlines (service, speed) -> days, and the district of each municipality."""

    holidays: list[date]
    deadlines: dict[tuple[str, str], int]
    districts: dict[str, str]

    def worked(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Working days d with start < d <= end."""
        first, last = (_days(column) + np.timedelta64(1, "D") for column in (start, end))
        counted = np.busday_count(first, last, holidays=np.array(self.holidays, "datetime64[D]"))
        return pd.Series(counted, index=start.index)

    def due(self, rows: pd.DataFrame) -> pd.Series:
        """The due date of the extract, else so many working days after submission."""
        rule = [
            self._by_rule(submitted, self.deadlines.get((service, speed)))
            for submitted, service, speed in zip(
                rows["submitted_at"], rows["service_code"], rows["speed"], strict=True
            )
        ]
        return rows["due_date"].fillna(pd.to_datetime(pd.Series(rule, index=rows.index)))

    def _by_rule(self, submitted: pd.Timestamp, days: int | None) -> pd.Timestamp | None:
        """The day on which so many working days have passed after the day of submission."""
        if days is None:
            return None
        holidays = np.array(self.holidays, "datetime64[D]")
        start = np.busday_offset(
            np.datetime64(submitted.date()), 0, roll="backward", holidays=holidays
        )
        return pd.Timestamp(np.busday_offset(start, days, holidays=holidays))


def _days(column: pd.Series) -> np.ndarray:
    return column.to_numpy().astype("datetime64[D]")


def latest(versions: Iterable[pd.DataFrame], key: str, updated: str | None) -> pd.DataFrame:
    """The version of each key that counts: the newest, of equals the one loaded last."""
    stacked = pd.concat([rows.assign(_load=n) for n, rows in enumerate(versions)])
    order = [updated, "_load"] if updated else ["_load"]
    ordered = stacked.sort_values(order, na_position="first", kind="stable")
    return ordered.drop_duplicates(key, keep="last").drop(columns="_load")


def real(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """Rows that are no tests, with every dimension stated or said not to be."""
    found = rows[rows["is_test"].fillna(False).astype(bool).map(lambda test: not test)].copy()
    found["district"] = found["municipality_code"].map(world.districts)
    return found


Values = dict[tuple[date, Key], Value]
Recomputed = Callable[[str, tuple[str, ...], date, date], Values]


def spread(day: pd.Series, rows: pd.DataFrame, values: pd.Series, share: float) -> Recomputed:
    """A percentile of values by the day's period."""

    def of(frequency: str, by: tuple[str, ...], _first: date, _last: date) -> Values:
        found: Values = {}
        for cell, group in _cells(rows.assign(_day=day, _value=values), frequency, by):
            exact = np.percentile(group["_value"].to_numpy(), share)
            found[cell] = (Fraction(round(exact * 10), 10), len(group))
        return found

    return of


def shares(day: pd.Series, rows: pd.DataFrame, success: pd.Series) -> Recomputed:
    """The percentage of rows that succeed by the day's period."""

    def of(frequency: str, by: tuple[str, ...], _first: date, _last: date) -> Values:
        found: Values = {}
        for cell, group in _cells(rows.assign(_day=day, _success=success), frequency, by):
            hits = int(group["_success"].sum())
            found[cell] = (Fraction(100 * hits, len(group)), len(group))
        return found

    return of


def parts(day: pd.Series, rows: pd.DataFrame, member: pd.Series) -> Recomputed:
    """The percentage of all rows that fall on each member (a numerator's own breakdown)."""

    def of(frequency: str, _by: tuple[str, ...], _first: date, _last: date) -> Values:
        found: Values = {}
        frame = rows.assign(_day=day, _member=member)
        everyone = [one for one in frame["_member"].unique() if one != ""]
        for (start, _), group in _cells(frame, frequency, ()):
            for one in everyone:
                hits = int((group["_member"] == one).sum())
                found[start, (one, "")] = (Fraction(100 * hits, len(group)), len(group))
        return found

    return of


def stock(
    opened: pd.Series,
    closed: pd.Series,
    rows: pd.DataFrame,
    measure: Callable[[pd.DataFrame, date], Value],
) -> Recomputed:
    """What `measure` says of the cases open at the end of each period, or at the last day."""

    def of(frequency: str, by: tuple[str, ...], first: date, last: date) -> Values:
        found: Values = {}
        frame = rows.assign(_opened=opened.dt.normalize(), _closed=closed.dt.normalize())
        for period in pd.period_range(first, last, freq=PANDAS_FREQUENCY[frequency]):
            end = min(period.end_time.normalize(), pd.Timestamp(last))
            is_open = (frame["_opened"] <= end) & ~(frame["_closed"] <= end)
            for key, group in _members(frame[is_open], by):
                found[period.start_time.date(), key] = measure(group, end.date())
        return found

    return of


def _cells(
    frame: pd.DataFrame, frequency: str, by: tuple[str, ...]
) -> Iterator[tuple[tuple[date, Key], pd.DataFrame]]:
    periods = frame["_day"].dt.to_period(PANDAS_FREQUENCY[frequency])
    for period, group in frame.groupby(periods):
        for key, part in _members(group, by):
            yield (period.start_time.date(), key), part


def _members(frame: pd.DataFrame, by: tuple[str, ...]) -> Iterator[tuple[Key, pd.DataFrame]]:
    if not by:
        if len(frame):
            yield ("", ""), frame
        return
    columns = [frame[DIMENSIONS[name]].fillna("not_stated").astype(str) for name in by]
    for key, part in frame.groupby(columns):
        members = key if isinstance(key, tuple) else (key,)
        yield (str(members[0]), str(members[1]) if len(members) > 1 else ""), part


def kpis(
    apps: pd.DataFrame, made: pd.DataFrame, world: World, cut_off: date
) -> dict[tuple[str, str], Recomputed]:
    """(KPI, line) -> how it is recomputed, from the rows that count."""
    rows = real(apps, world)
    cut = pd.Timestamp(cut_off) + pd.Timedelta(days=1)
    found: dict[tuple[str, str], Recomputed] = {}

    ready = rows[(rows["decision"] == "approved") & rows["ready_at"].notna()]
    ready = ready[ready["complete_at"].notna()]
    took = world.worked(ready["complete_at"], ready["ready_at"])
    took -= ready["suspended_days"].fillna(0).astype(int)
    ready, took = ready[took >= 0], took[took >= 0]
    found["SD-01", "value"] = spread(ready["ready_at"], ready, took, 50)
    found["SD-02", "value"] = spread(ready["ready_at"], ready, took, 90)

    by_rule = world.due(rows)
    for line, due in (("value", by_rule), ("original_due_date", rows["original_due_date"])):
        gone = (rows["decision"] == "withdrawn") & (rows["decided_at"].dt.normalize() <= due)
        member = due.notna() & (due < cut) & ~gone
        done = rows["ready_at"].where(rows["decision"] != "rejected", rows["decided_at"])
        success = done.dt.normalize() <= due
        found["SD-03", line] = shares(due[member], rows[member], success[member])

    closed = rows[["decided_at", "ready_at", "issued_at"]].min(axis=1)
    waiting = rows.assign(_due=by_rule)

    def how_many(group: pd.DataFrame, _end: date) -> Value:
        return Fraction(len(group)), len(group)

    def overdue(group: pd.DataFrame, end: date) -> Value:
        late = int((group["_due"] <= pd.Timestamp(end)).sum())
        return Fraction(100 * late, len(group)), len(group)

    def ages(group: pd.DataFrame, end: date) -> np.ndarray:
        ends = pd.Series(pd.Timestamp(end), index=group.index)
        return world.worked(group["submitted_at"], ends).to_numpy()

    def median_age(group: pd.DataFrame, end: date) -> Value:
        return Fraction(round(np.median(ages(group, end)) * 10), 10), len(group)

    def greatest_age(group: pd.DataFrame, end: date) -> Value:
        return Fraction(int(ages(group, end).max())), len(group)

    def between(low: int, high: float) -> Callable[[pd.DataFrame, date], Value]:
        def count(group: pd.DataFrame, end: date) -> Value:
            age = ages(group, end)
            return Fraction(int(((age >= low) & (age <= high)).sum())), len(group)

        return count

    for (code, line), measure in {
        ("SD-04", "value"): how_many,
        ("SD-05", "value"): overdue,
        ("SD-05", "age_median"): median_age,
        ("SD-05", "age_maximum"): greatest_age,
        ("SD-05", "up_to_15"): between(0, 15),
        ("SD-05", "up_to_30"): between(16, 30),
        ("SD-05", "up_to_60"): between(31, 60),
        ("SD-05", "over_60"): between(61, np.inf),
    }.items():
        found[code, line] = stock(waiting["submitted_at"], closed, waiting, measure)

    approved = rows[rows["decision"] == "approved"]
    approved = approved[approved["decided_at"].notna()]
    handed = approved[["ready_at", "issued_at"]].min(axis=1)
    found["SD-04", "approved_not_ready"] = stock(approved["decided_at"], handed, approved, how_many)

    decided = rows[rows["decision"].isin(["approved", "rejected"]) & rows["decided_at"].notna()]
    stated = decided[decided["returned_count"].notna()]
    found["SD-06", "value"] = shares(stated["decided_at"], stated, stated["returned_count"] == 0)
    rejected = decided["decision"] == "rejected"
    found["SD-07", "value"] = shares(decided["decided_at"], decided, rejected)
    reason = decided["rejection_reason"].fillna("not_stated").where(rejected, "")
    found["SD-07", "rejection_reason"] = parts(decided["decided_at"], decided, reason)

    beside = made.merge(apps, on="application_id", how="left", suffixes=("", "_app"))
    beside = beside[beside["is_test"].map(lambda test: test is not True).astype(bool)]
    again = (beside["quality_result"] == "fail") | beside["reprint_of"].notna()
    found["SD-08", "value"] = shares(beside["personalised_at"], beside, again)
    defect = beside["defect_code"].fillna("not_stated").where(again, "")
    found["SD-08", "defect_code"] = parts(beside["personalised_at"], beside, defect)
    return found
