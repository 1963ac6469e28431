"""The queries the tests measure, and the same judgements written once more in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.metrics.query import Dimension, Form, Inclusion, Join, Query
from data.period import Frequency, Period
from tests.data.metrics.warehouse import APPLICATIONS, PRODUCTION, REFERENCE, Warehouse

Row = Mapping[str, Any]
OFFICE, SERVICE = Dimension("office", "office_code"), Dimension("service", "service_code")
DISTRICT = Dimension("district", "district(municipality_code)")
NO_TEST = Inclusion("test", "NOT coalesce(is_test, FALSE)")
DUE = "coalesce(due_date, deadline(submitted_at, service_code, speed))"
TAKEN = "working_days(complete_at, ready_at) - coalesce(suspended_days, 0)"

TURNAROUND = Query(
    contract="applications",
    form=Form.HISTOGRAM,
    inclusions=(
        NO_TEST,
        Inclusion("not_approved", "decision = 'approved'"),
        Inclusion("negative", f"{TAKEN} >= 0"),
    ),
    day="ready_at",
    value=TAKEN,
    dimensions=(OFFICE, SERVICE, DISTRICT),
)
ON_TIME = Query(
    contract="applications",
    form=Form.COHORT,
    inclusions=(
        NO_TEST,
        Inclusion(
            "withdrawn_in_time",
            f"NOT coalesce(decision = 'withdrawn' AND date(decided_at) <= {DUE}, FALSE)",
        ),
    ),
    day=DUE,
    numerator=f"date(CASE WHEN decision = 'rejected' THEN decided_at ELSE ready_at END) <= {DUE}",
    dimensions=(OFFICE, SERVICE, DISTRICT),
)
BACKLOG = Query(
    contract="applications",
    form=Form.STOCK,
    inclusions=(NO_TEST,),
    opened="submitted_at",
    due=DUE,
    closed="least(decided_at, ready_at, issued_at)",
    dimensions=(OFFICE, SERVICE, DISTRICT),
)
REJECTED = Query(
    contract="applications",
    form=Form.RATIO,
    inclusions=(NO_TEST, Inclusion("not_decided", "decision IN ('approved', 'rejected')")),
    day="decided_at",
    numerator="decision = 'rejected'",
    dimensions=(OFFICE, SERVICE, Dimension("why", "rejection_reason", numerator_only=True)),
)
REPRINTED = Query(
    contract="production",
    form=Form.RATIO,
    inclusions=(Inclusion("test", "NOT coalesce(applications.is_test, FALSE)"),),
    day="personalised_at",
    numerator="coalesce(quality_result = 'fail', FALSE) OR reprint_of IS NOT NULL",
    dimensions=(
        Dimension("office", "applications.office_code"),
        Dimension("service", "document_type"),
        Dimension("why", "defect_code", numerator_only=True),
    ),
    joins=(Join("applications", {"application_id": "application_id"}),),
)
PERIODS = (REJECTED, REPRINTED, ON_TIME, TURNAROUND)


@dataclass(frozen=True)
class Judged:
    """What one row comes to, worked out without the engine."""

    reason: str | None
    office: str
    service: str
    why: str = "not_stated"
    district: str = "not_stated"
    day: date | None = None
    numerator: int = 0
    value: int | None = None
    opened: date | None = None
    due: date | None = None
    closed: date | None = None


def judge(query: Query, warehouse: Warehouse, as_of: int) -> list[Judged]:
    """Every row that counts as of an event, judged in plain Python."""
    if query is REPRINTED:
        beside = {row["application_id"]: row for row in warehouse.winners(APPLICATIONS, as_of)}
        rows = warehouse.winners(PRODUCTION, as_of)
        return [_reprinted(row, beside.get(row.get("application_id", ""), {})) for row in rows]
    return [_JUDGES[query.content_hash](row) for row in warehouse.winners(APPLICATIONS, as_of)]


def expected(
    query: Query,
    judged: list[Judged],
    frequency: Frequency,
    by: tuple[str, ...],
    cut_off: date | None = None,
) -> list[dict[str, Any]]:
    """period_start, by, n and numerator and denominator, or median and p90, by pandas."""
    frame = pd.DataFrame([vars(one) for one in judged if one.reason is None])
    if frame.empty:
        return []
    if query.form is Form.COHORT and cut_off is not None:
        frame = frame[[day <= cut_off for day in frame["day"]]]
    frame = frame.assign(period_start=[Period.covering(d, frequency).start for d in frame["day"]])
    carried = [name for name in by if name == "why"]
    whole = ["period_start", *(name for name in by if name != "why")]
    rows = []
    for key, group in frame.groupby(whole, sort=True):
        named = dict(zip(whole, key, strict=True))
        if not carried:
            rows.append({**named, **_summary(query, group)})
            continue
        same = frame
        for name in whole[1:]:
            same = same[same[name] == named[name]]
        for why in sorted(set(same.loc[same["numerator"] > 0, "why"])):
            inside = group[(group["why"] == why) & (group["numerator"] > 0)]
            counts = {"n": len(group), "numerator": len(inside), "denominator": len(group)}
            rows.append({**named, "why": why, **counts})
    return rows


def in_stock(judged: list[Judged], end: date, cut_off: date | None = None) -> list[Judged]:
    """The cases open at the end of a day."""
    at = min(end, cut_off or end)
    return [
        one
        for one in judged
        if one.reason is None
        and one.opened is not None
        and one.opened <= at
        and (one.closed is None or one.closed > at)
    ]


def spread(values: list[int]) -> dict[str, float]:
    """Median and 90th percentile as numpy interpolates them."""
    return {
        "median": round(float(np.quantile(values, 0.5)), 9),
        "p90": round(float(np.quantile(values, 0.9)), 9),
    }


def _summary(query: Query, group: pd.DataFrame) -> dict[str, Any]:
    if query.form is Form.HISTOGRAM:
        return {"n": len(group), **spread(group["value"].astype(int).tolist())}
    return {"n": len(group), "numerator": int(group["numerator"].sum()), "denominator": len(group)}


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _due(row: Row) -> date | None:
    if row.get("due_date"):
        return row["due_date"]  # type: ignore[no-any-return]
    submitted = _day(row.get("submitted_at"))
    rules = [
        rule
        for rule in REFERENCE.rules
        if submitted
        and (rule.service, rule.speed) == (row.get("service_code"), row.get("speed"))
        and rule.valid_from <= submitted
    ]
    if not rules or submitted is None:
        return None
    rule = max(rules, key=lambda one: one.valid_from)
    if rule.valid_to and submitted > rule.valid_to:
        return None
    if rule.basis == "calendar":
        return submitted + timedelta(days=rule.days)
    return REFERENCE.calendar.add_working_days(submitted, rule.days)


def _places(row: Row) -> dict[str, Any]:
    places = dict(REFERENCE.districts)
    return {
        "office": row.get("office_code") or "not_stated",
        "service": row.get("service_code") or "not_stated",
        "district": places.get(row.get("municipality_code") or "", "not_stated"),
    }


def _turnaround(row: Row) -> Judged:
    complete, ready = _day(row.get("complete_at")), _day(row.get("ready_at"))
    value = None
    if complete and ready:
        taken = REFERENCE.calendar.working_days(complete, ready)
        value = taken - (row.get("suspended_days") or 0)
    reason = "test" if row.get("is_test") else None
    if reason is None and row.get("decision") != "approved":
        reason = "not_approved"
    if reason is None and (value is None or value < 0):
        reason = "negative"
    return Judged(reason, **_places(row), day=ready, value=value)


def _on_time(row: Row) -> Judged:
    due, decided = _due(row), _day(row.get("decided_at"))
    done = decided if row.get("decision") == "rejected" else _day(row.get("ready_at"))
    reason = "test" if row.get("is_test") else None
    withdrawn = row.get("decision") == "withdrawn" and decided and due and decided <= due
    if reason is None and withdrawn:
        reason = "withdrawn_in_time"
    if reason is None and due is None:
        reason = "no_day"
    in_time = bool(done and due and done <= due)
    return Judged(reason, **_places(row), day=due, numerator=int(in_time))


def _backlog(row: Row) -> Judged:
    ends = [_day(row.get(name)) for name in ("decided_at", "ready_at", "issued_at")]
    closed = min((day for day in ends if day), default=None)
    opened = _day(row.get("submitted_at"))
    reason = "test" if row.get("is_test") else None if opened else "no_day"
    return Judged(reason, **_places(row), opened=opened, due=_due(row), closed=closed)


def _rejected(row: Row) -> Judged:
    reason = "test" if row.get("is_test") else None
    if reason is None and row.get("decision") not in ("approved", "rejected"):
        reason = "not_decided"
    day = _day(row.get("decided_at"))
    if reason is None and day is None:
        reason = "no_day"
    why = row.get("rejection_reason") or "not_stated"
    numerator = int(row.get("decision") == "rejected")
    return Judged(reason, **_places(row), why=why, day=day, numerator=numerator)


def _reprinted(row: Row, application: Row) -> Judged:
    day = _day(row.get("personalised_at"))
    reason = "test" if application.get("is_test") else None if day else "no_day"
    failed = row.get("quality_result") == "fail" or row.get("reprint_of") is not None
    return Judged(
        reason,
        office=application.get("office_code") or "not_stated",
        service=row.get("document_type") or "not_stated",
        why=row.get("defect_code") or "not_stated",
        day=day,
        numerator=int(failed),
    )


_JUDGES: dict[str, Callable[[Row], Judged]] = {
    TURNAROUND.content_hash: _turnaround,
    ON_TIME.content_hash: _on_time,
    BACKLOG.content_hash: _backlog,
    REJECTED.content_hash: _rejected,
}
