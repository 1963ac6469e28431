"""Every line of the catalogue's KPIs from the raw rows that an analyst knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from tests.kpis.catalogue.conftest import ONLINE, Known
from tests.kpis.catalogue.in_pandas import (
    Line,
    Read,
    Reasons,
    Stock,
    judged,
    mean,
    share,
    spread,
    weighted,
)
from tests.kpis.conftest import FIRST

Lines = dict[tuple[str, str], Line]  # (KPI, line)
ELECTRONIC = ["card_pos", "online", "mobile"]
OFFICE_AND_SERVICE = {"office": "office_code", "service": "service_code"}


def lines(known: Mapping[str, Known], death_days: int | None = None) -> Lines:
    """The lines of all KPIs whose extracts are known."""
    found: Lines = {}
    rows = {name: each.rows for name, each in known.items()}
    if "applications" in rows:
        found |= _applications(rows["applications"])
    if "appointments" in rows:
        found |= _appointments(rows["appointments"], known["appointments"].cut_off)
    if "payments" in rows:
        found |= _payments(rows["payments"], rows["applications"])
    if "satisfaction" in rows:
        found |= _satisfaction(rows["satisfaction"])
    if "civil_events" in rows:
        found |= _civil_events(rows["civil_events"], death_days)
    if "register_exchange" in rows:
        found |= _register_exchange(rows["register_exchange"])
    return found | _information_technology(known)


def _is(column: pd.Series, *members: str) -> pd.Series:
    return column.isin(members)


def _test(rows: pd.DataFrame) -> tuple[str, pd.Series]:
    return "test", rows["is_test"].map(lambda test: test is True)


def _applications(rows: pd.DataFrame) -> Lines:
    day = rows["submitted_at"].dt.normalize()
    offered = [_offered(*pair) for pair in zip(rows["service_code"], day, strict=True)]
    closed = ~pd.Series(offered, index=rows.index)
    counted = judged(rows, day, [_test(rows), ("not_open_online", closed)])
    columns = {"service": "service_code", "municipality": "municipality_code"}
    columns |= {"community": "community"}
    return {
        ("CS-01", "value"): Line(counted, columns, share(lambda each: each["channel"] == "online"))
    }


def _offered(service: str, day: pd.Timestamp) -> bool:
    return any(
        pd.Timestamp(first) <= day and (last is None or day <= pd.Timestamp(last))
        for first, last in ONLINE.get(service, [])
    )


def _appointments(rows: pd.DataFrame, cut_off: date) -> Lines:
    booked = rows["booking_type"] == "appointment"
    lead = (rows["first_free_slot"].dt.normalize() - rows["booked_at"].dt.normalize()).dt.days
    free: Reasons = [
        _test(rows),
        ("not_appointment", ~booked),
        ("no_free_slot", rows["first_free_slot"].isna()),
    ]
    offered = judged(rows.assign(lead=lead), rows["booked_at"], free)
    slots: Reasons = [
        _test(rows),
        ("not_appointment", ~booked),
        ("cancelled", _is(rows["status"], "cancelled", "rescheduled")),
        ("still_booked", _is(rows["status"], "booked")),
        ("status_not_stated", rows["status"].isna()),
    ]
    held = judged(rows, rows["slot_start"], slots)
    held = held[held["_day"] <= pd.Timestamp(cut_off)]  # a slot to come is not a member yet
    missed = share(lambda each: each["status"] == "no_show")
    return {
        ("CS-02", "value"): Line(offered, OFFICE_AND_SERVICE, spread("lead", 50)),
        ("CS-03", "value"): _waiting(rows),
        ("CS-04", "value"): Line(held, OFFICE_AND_SERVICE, missed),
    }


def _waiting(rows: pd.DataFrame) -> Line:
    early = (rows["booking_type"] == "appointment") & (rows["ticket_at"] <= rows["slot_start"])
    start = rows["slot_start_utc"].where(early, rows["ticket_at_utc"])
    wait = (rows["called_at_utc"] - start).dt.total_seconds()
    reasons: Reasons = [
        _test(rows),
        ("not_attended", rows["status"] != "attended"),
        ("not_called", rows["called_at"].isna()),
        ("no_ticket", rows["ticket_at"].isna()),
        ("called_early", wait < 0),
        ("wait_over_480", wait > 480 * 60),
    ]
    hour = rows["called_at"].dt.hour.astype("Int64")
    counted = judged(rows.assign(wait=wait, hour=hour), rows["called_at"], reasons)
    columns = {"office": "office_code", "booking_type": "booking_type", "hour": "hour"}
    return Line(counted, columns, spread("wait", 90, per=60))


def _payments(payments: pd.DataFrame, apps: pd.DataFrame) -> Lines:
    beside = apps[["application_id", "office_code", "service_code"]]
    rows = payments.merge(beside, on="application_id", how="left")
    for name in ("office_code", "service_code"):
        rows[name] = rows[name].fillna("unknown")
    reasons: Reasons = [
        ("refund", rows["refund_of"].notna()),
        ("not_paid", rows["status"] != "paid"),
    ]
    unpriced = ("amount_not_stated", rows["amount_eur"].isna())
    columns = {**OFFICE_AND_SERVICE, "fee_code": "fee_code"}
    counted = judged(rows, rows["paid_at"], reasons)
    priced = judged(rows, rows["paid_at"], [*reasons, unpriced])
    paid_by = weighted(lambda each: each["amount_eur"][_electronic(each)], "amount_eur")
    return {
        ("CS-07", "value"): Line(counted, columns, share(_electronic)),
        ("CS-07", "by_amount"): Line(priced, columns, paid_by),
    }


def _electronic(rows: pd.DataFrame) -> pd.Series:
    return rows["method"].isin(ELECTRONIC)


def _satisfaction(rows: pd.DataFrame) -> Lines:
    counted = judged(rows, rows["answered_at"], [("score_not_stated", rows["score"].isna())])
    columns = {**OFFICE_AND_SERVICE, "channel": "channel", "language": "language"}
    satisfied = share(lambda each: each["score"] >= 4)
    return {("CS-08", "value"): Line(counted, columns, satisfied, fewest=30)}


def _civil_events(rows: pd.DataFrame, death_days: int | None) -> Lines:
    delay = (rows["registered_at"].dt.normalize() - rows["event_date"]).dt.days
    rows = rows.assign(delay=delay)
    abroad = rows["occurred_abroad"].map(lambda place: place is True)
    inside = rows["occurred_abroad"].map(lambda place: place is False)
    births: Reasons = [
        _test(rows),
        ("not_birth", rows["event_type"] != "birth"),
        ("not_registered", rows["registered_at"].isna()),
    ]
    unstated, backwards = ("abroad_not_stated", ~abroad & ~inside), ("before_event", delay < 0)
    day = rows["registered_at"]
    here = judged(rows, day, [*births, ("abroad", abroad), unstated, backwards])
    there = judged(rows, day, [*births, ("inside_country", inside), unstated, backwards])
    columns = {"municipality": "mother_municipality_code", "source": "source"}
    columns |= {"community": "community"}
    by_sex = {**columns, "sex": "sex"}
    return {
        ("CR-01", "value"): Line(here, by_sex, _between(0, 30)),
        ("CR-01", "abroad"): Line(there, by_sex, _between(0, 30)),
        ("CR-02", "value"): Line(here, columns, _between(31, np.inf)),
        ("CR-02", "late_within_year"): Line(here, columns, _between(31, 365)),
        ("CR-02", "late_after_year"): Line(here, columns, _between(366, np.inf)),
        ("CR-02", "abroad"): Line(there, columns, _between(31, np.inf)),
        ("CR-04", "value"): _deaths(rows, abroad, unstated, death_days),
    }


def _between(low: int, high: float) -> Read:
    return share(lambda rows: rows["delay"].between(low, high))


def _deaths(
    rows: pd.DataFrame, abroad: pd.Series, unstated: tuple[str, pd.Series], days: int | None
) -> Line:
    reasons: Reasons = [
        _test(rows),
        ("not_death", rows["event_type"] != "death"),
        ("not_registered", rows["registered_at"].isna()),
        ("abroad", abroad),
        unstated,
        ("deadline_not_set", pd.Series(days is None, index=rows.index)),
    ]
    counted = judged(rows, rows["registered_at"], reasons)
    columns = {"municipality": "municipality_code", "source": "source"}
    return Line(counted, columns, _between(0, days or 0))


def _register_exchange(rows: pd.DataFrame) -> Lines:
    counted = judged(rows, rows["day"], [])
    columns = {"consumer": "consumer_code", "exchange_service": "exchange_service"}
    answered = weighted(lambda each: each["ok_calls"], "calls")
    return {("DQ-04", "value"): Line(counted, columns, answered)}


def _information_technology(known: Mapping[str, Known]) -> Lines:
    found: Lines = {}
    if "it_availability" in known:
        rows = known["it_availability"].rows
        down = rows["unplanned_down_minutes"]
        counted = judged(
            rows.assign(down=down), rows["day"], [("downtime_not_stated", down.isna())]
        )
        up = weighted(lambda each: each["agreed_minutes"] - each["down"], "agreed_minutes")
        found["IT-01", "value"] = Line(counted, {"it_service": "service"}, up)
    if "it_incidents" in known:
        found |= _incidents(known["it_incidents"])
    if "backup_tests" in known:
        tests = known["backup_tests"]
        due = judged(tests.rows, tests.rows["planned_for"], [])
        due = due[due["_day"] <= pd.Timestamp(tests.cut_off)]
        found["IT-03", "value"] = Line(due, {"system": "system"}, share(_passed))
    return found


def _passed(rows: pd.DataFrame) -> pd.Series:
    return (rows["result"] == "pass") & (rows["rto_minutes"] <= rows["rto_target_minutes"])


def _incidents(known: Known) -> Lines:
    rows = known.rows
    minor = ("other_priority", ~_is(rows["priority"], "P1", "P2"))
    seconds = (rows["restored_at_utc"] - rows["opened_at_utc"]).dt.total_seconds()
    unrestored = ("not_restored", rows["restored_at"].isna())
    restored = judged(rows.assign(seconds=seconds), rows["restored_at"], [minor, unrestored])
    closed = rows[["restored_at", "closed_at"]].min(axis=1).dt.normalize()
    waiting = judged(rows.assign(_closed=closed), rows["opened_at"], [minor])
    columns = {"it_service": "service", "priority": "priority"}
    return {
        ("IT-02", "value"): Line(restored, columns, mean("seconds", 3600)),
        ("IT-02", "median"): Line(restored, columns, spread("seconds", 50, per=3600)),
        ("IT-02", "open_at_end"): Stock(
            waiting, columns, share(lambda each: each["_closed"].isna()), 0, FIRST, known.cut_off
        ),
    }
