"""Files read in plain pandas by the rules of their profiles: the rows that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

CLOCK = "Europe/Belgrade"  # of the agency
NOT_STATED = "not_stated"
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
STATED = ("office_code", "municipality_code", "channel", "rejection_reason")  # or said not to be


@dataclass(frozen=True)
class Source:
    """What files told: the cases that count, attempts at production, the days they tell of."""

    cases: pd.DataFrame
    first_day: pd.Timestamp
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
            "decision": raw["Status"].map(
                {"Completed": "approved", "Completed - Dup": "withdrawn"}
            ),
            "rejection_reason": raw["What_is_the_Nature_of_this_Code_Violation"],
            "submitted_at": opened,
            "complete_at": opened,
            "decided_at": closed,
            "ready_at": closed,
        }
    )
    cases = cases.drop_duplicates("application_id", keep="last")
    return Source(_typed(cases), opened.min(), max(opened.max(), closed.max()))


def permits(path: Path) -> Source:
    """Moments on the agency's clock; a case that has ended was approved, for nothing is refused."""
    raw = pd.read_csv(path, dtype=str)
    start, end, due, planned = (
        pd.to_datetime(raw[name], utc=True, format="ISO8601")
        .dt.tz_convert(CLOCK)
        .dt.tz_localize(None)
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
            "decision": end.notna().map({True: "approved"}),
            "submitted_at": start,
            "complete_at": start,
            "due_date": due.dt.normalize(),
            "original_due_date": planned.dt.normalize(),
            "decided_at": end,
            "ready_at": end,
        }
    )
    days = (start.min().normalize(), max(start.max(), end.max()).normalize())
    return Source(_typed(cases), *days)


def native(applications: Sequence[Path], production: Sequence[Path], *days: date) -> Source:
    """Files with the contracts' own columns, in load order: the newest word on a case holds.

    `days` are the first and the last one the files tell of.
    """
    told = pd.concat([pd.read_csv(path, dtype=str) for path in applications])
    told = told.sort_values("updated_at", na_position="first", kind="stable")
    told = told.drop_duplicates("application_id", keep="last")
    made = pd.concat([pd.read_csv(path, dtype=str) for path in production])
    made = made.drop_duplicates("production_id", keep="last")
    beside = told[["application_id", "service_code", "office_code", "is_test"]]
    made = made.merge(beside, on="application_id", how="left")
    made = made[made["is_test"] != "true"]
    made["personalised_at"] = pd.to_datetime(made["personalised_at"])
    for name in ("office_code", "defect_code"):
        made[name] = made[name].fillna(NOT_STATED)
    cases = _typed(told[told["is_test"] != "true"])
    first, last = map(pd.Timestamp, days)
    return Source(cases, first, last, made.reset_index(drop=True))


def _typed(cases: pd.DataFrame) -> pd.DataFrame:
    """Every column there is, each of its type; what a file does not carry is empty."""
    typed = cases.reindex(columns=[*WORDS, *MOMENTS, *DAYS, *NUMBERS]).reset_index(drop=True)
    for name in (*MOMENTS, *DAYS):
        typed[name] = pd.to_datetime(typed[name]).astype("datetime64[us]")
    for name in NUMBERS:
        typed[name] = pd.to_numeric(typed[name])
    for name in STATED:
        typed[name] = typed[name].astype("str").fillna(NOT_STATED)
    return typed
