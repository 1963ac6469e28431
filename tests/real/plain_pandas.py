"""The measures once more, in plain pandas from the rows of files: nothing here is the product's.

    kpis = measures(chicago(path), Rules.of_house(home))
    kpis["SD-01", "value"].told("month", ("office",))   # {(first day, member, ""): Told("4.0", 97)}
    kpis["SD-01", "value"].ids("2014-09", office="20")  # the cases behind one figure

What is shown is computed with whole numbers and fractions, and rounded half up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

CLOCK = "Europe/Belgrade"  # of the agency
FREQUENCIES = {"week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
NOT_STATED = "not_stated"
FEWEST_FOR_P90 = 10
MOMENTS = ("submitted_at", "complete_at", "decided_at", "ready_at", "issued_at")
DAYS = ("due_date", "original_due_date")
NUMBERS = ("suspended_days", "returned_count")
WORDS = (
    "application_id",
    "service_code",
    "office_code",
    "municipality_code",
    "channel",
    "speed",
    "decision",
    "rejection_reason",
)
COLUMN_OF = {
    "service": "service_code",
    "office": "office_code",
    "municipality": "municipality_code",
    "channel": "channel",
    "speed": "speed",
    "document_type": "document_type",
}


@dataclass(frozen=True)
class Source:
    """What files told: the cases that count, attempts at production, and the last day known."""

    cases: pd.DataFrame
    last_day: pd.Timestamp
    made: pd.DataFrame | None = None


def chicago(path: Path) -> Source:
    """Of a request number that comes again the later row holds; wards take the place of offices."""
    raw = pd.read_csv(path, dtype=str)
    opened, closed = pd.to_datetime(raw["Creation_Date"]), pd.to_datetime(raw["Completion_Date"])
    ward = raw["Ward"].str.removesuffix(".0")
    cases = pd.DataFrame(
        {
            "application_id": raw["Service_Request_Number"],
            "service_code": "OTHER",
            "office_code": ward.where(ward != "0"),
            "speed": "normal",
            "decision": raw["Status"].map({"Completed": "approved", "Completed - Dup": "withdrawn"}),
            "rejection_reason": raw["What_is_the_Nature_of_this_Code_Violation"],
            "submitted_at": opened,
            "complete_at": opened,
            "decided_at": closed,
            "ready_at": closed,
        }
    )
    cases = cases.drop_duplicates("application_id", keep="last")
    return Source(_typed(cases), max(opened.max(), closed.max()))


def permits(path: Path) -> Source:
    """Moments on the agency's clock; a case that has ended was approved, for nothing is refused."""
    raw = pd.read_csv(path, dtype=str)
    start, end, due, planned = (
        pd.to_datetime(raw[name], utc=True, format="ISO8601").dt.tz_convert(CLOCK).dt.tz_localize(None)
        for name in ("startdate", "enddate", "deadline", "enddate_planned")
    )
    channels = {"Internet": "online", "Post": "post", "e-mail": "email"}
    cases = pd.DataFrame(
        {
            "application_id": raw["case_id"],
            "service_code": "OTHER",
            "office_code": raw["department"],
            "channel": raw["channel"].map(channels).fillna("counter"),
            "speed": "normal",
            "decision": np.where(end.notna(), "approved", None),
            "submitted_at": start,
            "complete_at": start,
            "due_date": due.dt.normalize(),
            "original_due_date": planned.dt.normalize(),
            "decided_at": end,
            "ready_at": end,
        }
    )
    return Source(_typed(cases), max(start.max(), end.max()).normalize())


def native(applications: Sequence[Path], production: Sequence[Path], last_day: date) -> Source:
    """Files with the contracts' own columns, in load order: the newest word on a case holds."""
    told = pd.concat([pd.read_csv(path, dtype=str) for path in applications])
    told = told.sort_values("updated_at", na_position="first", kind="stable")
    told = told.drop_duplicates("application_id", keep="last")
    made = pd.concat([pd.read_csv(path, dtype=str) for path in production])
    made = made.drop_duplicates("production_id", keep="last")
    beside = told[["application_id", "service_code", "office_code", "is_test"]]
    made = made.merge(beside, on="application_id", how="left")
    made = made[made["is_test"] != "true"]
    made["personalised_at"] = pd.to_datetime(made["personalised_at"])
    cases = _typed(told[told["is_test"] != "true"])
    return Source(cases, pd.Timestamp(last_day), made.reset_index(drop=True))


def _typed(cases: pd.DataFrame) -> pd.DataFrame:
    """Every column there is, each of its type; what a file does not carry is empty."""
    typed = cases.reindex(columns=[*WORDS, *MOMENTS, *DAYS, *NUMBERS]).reset_index(drop=True)
    for name in (*MOMENTS, *DAYS):
        typed[name] = pd.to_datetime(typed[name]).astype("datetime64[us]")
    for name in NUMBERS:
        typed[name] = pd.to_numeric(typed[name])
    return typed


@dataclass(frozen=True)
class Rules:
    """Public holidays, and deadlines in working days, as a house keeps them."""

    holidays: np.ndarray[Any, Any]
    deadlines: Mapping[tuple[str, str], int]  # (service, speed) -> working days

    @classmethod
    def of_house(cls, home: Path) -> Rules:
        database = sqlite3.connect(home / "cra.db")
        days = database.execute("SELECT day FROM calendar_day WHERE kind = 'holiday'").fetchall()
        rules = database.execute(
            "SELECT service_code, speed, deadline_days FROM service_rule WHERE day_basis = 'working'"
        ).fetchall()
        database.close()
        holidays = np.array([day for (day,) in days], "datetime64[D]")
        return cls(holidays, {(service, speed): allowed for service, speed, allowed in rules})

    def worked(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Working days d with start < d <= end."""
        first, last = (_in_days(one) + np.timedelta64(1, "D") for one in (start, end))
        return pd.Series(np.busday_count(first, last, holidays=self.holidays), index=start.index)

    def due(self, cases: pd.DataFrame) -> pd.Series:
        """The file's due date, else the day on which the working days allowed have passed."""
        keys = zip(cases["service_code"], cases["speed"], strict=True)
        allowed = [self.deadlines[key] for key in keys]
        start = _in_days(cases["submitted_at"])
        start = np.busday_offset(start, 0, roll="backward", holidays=self.holidays)
        by_rule = np.busday_offset(start, allowed, holidays=self.holidays)
        return cases["due_date"].fillna(pd.Series(pd.to_datetime(by_rule), index=cases.index))


def _in_days(moments: pd.Series) -> np.ndarray[Any, Any]:
    return moments.to_numpy().astype("datetime64[D]")


class Told(NamedTuple):
    """A figure as shown, or the reason why there is none; and of how many cases it is."""

    shown: str
    cases: int


Cell = tuple[date, str, str]  # first day of the period, members of up to two dimensions
Value = Callable[[pd.DataFrame, pd.Timestamp], Fraction | None]


@dataclass(frozen=True)
class Counted:
    """The rows that count, each in the period of its `day`, and what they say together."""

    rows: pd.DataFrame
    value: Value
    decimals: int
    parts: Mapping[str, str] | None = None  # dimensions of the numerator alone -> their column

    def told(self, frequency: str, by: tuple[str, ...] = ()) -> dict[Cell, Told]:
        """Every cell in which anything was counted."""
        periods = self.rows["day"].dt.to_period(FREQUENCIES[frequency])
        found = {}
        for period, group in self.rows.groupby(periods):
            for members, part in _members(group, by):
                found[(period.start_time.date(), *members)] = self._told(part)
        return found

    def told_by_part(self, frequency: str, column: str) -> dict[Cell, Told]:
        """Each member's share of the numerator, of all that was counted."""
        periods = self.rows["day"].dt.to_period(FREQUENCIES[frequency])
        members = self.rows.loc[self.rows["value"], column].fillna(NOT_STATED).unique()
        found = {}
        for period, group in self.rows.groupby(periods):
            for member in members:
                is_part = group["value"] & (group[column].fillna(NOT_STATED) == member)
                told = self._told(group.assign(value=is_part))
                found[period.start_time.date(), str(member), ""] = told
        return found

    def ids(self, period: str, **where: str) -> set[str]:
        """The cases counted in a period, such as '2014-09', within some members."""
        span = pd.Period(period)
        return _ids(self.rows[self.rows["day"].dt.to_period(span.freq) == span], where)

    def _told(self, rows: pd.DataFrame) -> Told:
        value = self.value(rows, pd.NaT)
        return Told("too_few" if value is None else half_up(value, self.decimals), len(rows))


@dataclass(frozen=True)
class Standing:
    """Cases that stand open from `opened` until the day before `closed`."""

    rows: pd.DataFrame
    value: Value
    decimals: int
    first_day: pd.Timestamp
    last_day: pd.Timestamp

    def told(self, frequency: str, by: tuple[str, ...] = ()) -> dict[Cell, Told]:
        """Every cell with an open case at the end of a period, or on the last day known."""
        found = {}
        for period in pd.period_range(self.first_day, self.last_day, freq=FREQUENCIES[frequency]):
            end = min(period.end_time.normalize(), self.last_day)
            for members, part in _members(self._open(end), by):
                told = Told(half_up(self.value(part, end) or Fraction(0), self.decimals), len(part))
                found[(period.start_time.date(), *members)] = told
        return found

    def ids(self, period: str, **where: str) -> set[str]:
        """The cases open at the end of a period, within some members."""
        end = min(pd.Period(period).end_time.normalize(), self.last_day)
        return _ids(self._open(end), where)

    def _open(self, end: pd.Timestamp) -> pd.DataFrame:
        return self.rows[(self.rows["opened"] <= end) & ~(self.rows["closed"] <= end)]


def _members(rows: pd.DataFrame, by: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], Any]]:
    if not by:
        if len(rows):
            yield ("", ""), rows
        return
    columns = [rows[COLUMN_OF[name]].fillna(NOT_STATED) for name in by]
    for key, part in rows.groupby(columns):
        first, *second = (str(one) for one in key)
        yield (first, second[0] if second else ""), part


def _ids(rows: pd.DataFrame, where: Mapping[str, str]) -> set[str]:
    for name, member in where.items():
        rows = rows[rows[COLUMN_OF[name]].fillna(NOT_STATED) == member]
    return set(rows["id"])


def half_up(value: Fraction, decimals: int) -> str:
    """The value on paper: 12.25 with one decimal is 12.3."""
    scaled = value * 10**decimals + Fraction(1, 2)
    whole = scaled.numerator // scaled.denominator
    if not decimals:
        return str(whole)
    return f"{whole // 10**decimals}.{whole % 10**decimals:0{decimals}}"


def _quantile(share: Fraction, fewest: int = 1) -> Value:
    """Linear interpolation between order statistics (type 7)."""

    def value(rows: pd.DataFrame, _end: pd.Timestamp) -> Fraction | None:
        if len(rows) < fewest:
            return None
        ordered = np.sort(rows["value"].to_numpy())
        place = (len(ordered) - 1) * share
        low = place.numerator // place.denominator
        below, above = int(ordered[low]), int(ordered[min(low + 1, len(ordered) - 1)])
        return below + (place - low) * (above - below)

    return value


def _share(rows: pd.DataFrame, _end: pd.Timestamp) -> Fraction:
    return Fraction(100 * int(rows["value"].sum()), len(rows))


def _cases(rows: pd.DataFrame, _end: pd.Timestamp) -> Fraction:
    return Fraction(len(rows))


def _overdue(rows: pd.DataFrame, end: pd.Timestamp) -> Fraction:
    return Fraction(100 * int((rows["due"] <= end).sum()), len(rows))


Measures = dict[tuple[str, str], Counted | Standing]


def measures(source: Source, rules: Rules) -> Measures:
    """(KPI, line) -> what it counts and says; production only where the source tells of it."""
    cases = source.cases.assign(id=source.cases["application_id"])
    found: Measures = {
        **_turnaround(cases, rules),
        **_within_deadline(cases, rules, source.last_day),
        **_backlog(cases, rules, source.last_day),
        **_decisions(cases),
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
        ("SD-01", "value"): Counted(done, _quantile(Fraction(1, 2)), 1),
        ("SD-02", "value"): Counted(done, _quantile(Fraction(9, 10), FEWEST_FOR_P90), 1),
    }


def _within_deadline(cases: pd.DataFrame, rules: Rules, last_day: pd.Timestamp) -> Measures:
    found: Measures = {}
    for line, due in (("value", rules.due(cases)), ("original_due_date", cases["original_due_date"])):
        in_time = cases["decided_at"].dt.normalize() <= due
        member = (due <= last_day) & ~((cases["decision"] == "withdrawn") & in_time)
        success = (cases["ready_at"].dt.normalize() <= due).where(
            cases["decision"] != "rejected", in_time
        )
        found["SD-03", line] = Counted(cases.assign(day=due, value=success)[member], _share, 1)
    return found


def _backlog(cases: pd.DataFrame, rules: Rules, last_day: pd.Timestamp) -> Measures:
    opened, first_day = cases["submitted_at"].dt.normalize(), cases["submitted_at"].min()
    closed = cases[["decided_at", "ready_at", "issued_at"]].min(axis=1).dt.normalize()
    rows = cases.assign(opened=opened, closed=closed, due=rules.due(cases))

    def ages(rows: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
        ends = pd.Series(end, index=rows.index)
        return pd.DataFrame({"value": rules.worked(rows["opened"], ends)})

    def between(low: int, high: int) -> Value:
        return lambda rows, end: Fraction(int(ages(rows, end)["value"].between(low, high).sum()))

    median = _quantile(Fraction(1, 2))
    lines: dict[tuple[str, str], tuple[Value, int]] = {
        ("SD-04", "value"): (_cases, 0),
        ("SD-05", "value"): (_overdue, 1),
        ("SD-05", "age_median"): (lambda rows, end: median(ages(rows, end), end), 1),
        ("SD-05", "age_maximum"): (
            lambda rows, end: Fraction(int(ages(rows, end)["value"].max())),
            0,
        ),
        ("SD-05", "up_to_15"): (between(0, 15), 0),
        ("SD-05", "up_to_30"): (between(16, 30), 0),
        ("SD-05", "up_to_60"): (between(31, 60), 0),
        ("SD-05", "over_60"): (between(61, 10**6), 0),
    }
    found: Measures = {
        key: Standing(rows, value, decimals, first_day, last_day)
        for key, (value, decimals) in lines.items()
    }
    waiting = cases[(cases["decision"] == "approved") & cases["decided_at"].notna()]
    handed = waiting[["ready_at", "issued_at"]].min(axis=1).dt.normalize()
    waiting = waiting.assign(opened=waiting["decided_at"].dt.normalize(), closed=handed)
    found["SD-04", "approved_not_ready"] = Standing(waiting, _cases, 0, first_day, last_day)
    return found


def _decisions(cases: pd.DataFrame) -> Measures:
    decided = cases[cases["decision"].isin(["approved", "rejected"]) & cases["decided_at"].notna()]
    decided = decided.assign(day=decided["decided_at"])
    right, rejected = decided["returned_count"] == 0, decided["decision"] == "rejected"
    return {
        ("SD-06", "value"): Counted(decided.assign(value=right), _share, 1),
        ("SD-07", "value"): Counted(decided.assign(value=rejected), _share, 1),
    }


def _reprints(made: pd.DataFrame) -> Counted:
    made = made[made["personalised_at"].notna()]
    again = (made["quality_result"] == "fail") | made["reprint_of"].notna()
    rows = made.assign(id=made["production_id"], day=made["personalised_at"], value=again)
    return Counted(rows, _share, 1)
