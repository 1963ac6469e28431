"""Small cases whose values anybody can work out on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
from sqlmodel import select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.figure import Missing
from data.period import Period
from data.store.tables import Parameter
from kpis.lineage import explain
from kpis.readings import Ask, Reading, refresh, values
from tests.kpis.catalogue.conftest import EXTRACTS, Known
from tests.kpis.catalogue.lines import lines
from tests.kpis.conftest import Loads

CUT = date(2024, 4, 15)
MARCH, APRIL = Period.parse("2024-03"), Period.parse("2024-04")


def table(key: str, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Rows with a key of their own; texts of moments are read as such."""
    frame = pd.DataFrame([{key: f"R{n}", **row} for n, row in enumerate(rows)])
    for name in frame.columns:
        if name.endswith(("_at", "_start", "_slot", "_date", "_for", "_utc")):
            frame[name] = pd.to_datetime(frame[name])
        else:
            frame[name] = frame[name].astype(object)
    return frame


def in_utc(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The rows with the UTC companions of local moments."""
    for name in names:
        moments = frame[name].dt.tz_localize("Europe/Belgrade").dt.tz_convert("UTC")
        frame[f"{name}_utc"] = moments.dt.tz_localize(None)
    return frame


def headline(loads: Loads, code: str, period: Period, **where: str) -> Reading:
    refresh(loads.workspace, by=SYSTEM, codes=[code])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (reading,) = values(reader, Ask(code, period, period, where=where))
    return reading


def left_out(loads: Loads, code: str, period: Period) -> dict[str, int]:
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return dict(explain(reader, code, period).excluded)


def visit(booking: str, slot: str | None, ticket: str | None, called: str) -> dict[str, Any]:
    day = "2024-04-02 "
    moments = {"slot_start": slot, "ticket_at": ticket, "called_at": called}
    placed = {name: day + each if each else None for name, each in moments.items()}
    return {"booking_type": booking, "status": "attended", "booked_at": "2024-03-30", **placed}


def test_the_wait_begins_with_the_slot_for_those_who_came_early(loads: Loads) -> None:
    rows = [
        visit("appointment", "09:00", "08:40", "09:10"),  # early: 10 minutes from the slot
        visit("appointment", "09:00", "09:20", "09:30"),  # late: 10 minutes from the ticket
        visit("walk_in", None, "09:00", "09:10"),  # 10 minutes from the ticket
        visit("walk_in", None, "09:00", "17:00"),  # exactly 480 minutes
        visit("walk_in", None, "08:59", "17:00"),  # a minute more
        visit("appointment", "09:00", "08:40", "08:50"),  # called before the slot
        visit("appointment", "09:00", None, "09:10"),
    ]
    frame = in_utc(table("appointment_id", rows), "slot_start", "ticket_at", "called_at")
    loads.load("appointments", frame, cut_off=CUT)
    found = headline(loads, "CS-03", APRIL)
    assert found.cases == 4
    assert found.figure.value == 10 + 0.7 * 470  # type 7 of 10, 10, 10, 480
    assert left_out(loads, "CS-03", APRIL) == {
        "wait_over_480": 1,
        "called_early": 1,
        "no_ticket": 1,
    }


def test_a_slot_to_come_is_no_member_and_a_past_one_still_booked_is_counted_apart(
    loads: Loads,
) -> None:
    statuses = ["attended", "attended", "attended", "no_show", "cancelled", "rescheduled", "booked"]
    rows = [{"slot_start": "2024-04-10 09:00", "status": status} for status in statuses]
    rows += [{"slot_start": "2024-04-25 09:00", "status": "booked"}] * 5
    frame = table("appointment_id", [{"booking_type": "appointment", **row} for row in rows])
    loads.load("appointments", frame.assign(booked_at=pd.Timestamp("2024-04-01")), cut_off=CUT)
    found = headline(loads, "CS-04", APRIL)
    assert (found.figure.value, found.cases) == (25.0, 4)
    assert left_out(loads, "CS-04", APRIL) == {"cancelled": 2, "still_booked": 1}


def test_births_at_the_edges_of_the_deadline(loads: Loads) -> None:
    delays = [0, 30, 31, 365, 366]
    rows = [
        {
            "event_type": "birth",
            "event_date": pd.Timestamp("2024-04-05") - pd.Timedelta(days=delay),
            "registered_at": "2024-04-05 23:59",
            "occurred_abroad": False,
        }
        for delay in delays
    ]
    loads.load("civil_events", table("event_id", rows), cut_off=CUT)
    assert headline(loads, "CR-01", APRIL).figure.value == 40.0
    refresh(loads.workspace, by=SYSTEM, codes=["CR-02"])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask("CR-02", APRIL, APRIL, measures=None))
    assert {each.measure: each.figure.value for each in found} == {
        "value": 60.0,
        "late_within_year": 40.0,
        "late_after_year": 20.0,
        "abroad": None,
    }


def test_deaths_have_no_value_until_the_deadline_is_set(loads: Loads) -> None:
    extract = EXTRACTS["civil_events"]
    rows = extract.known_at(5, CUT)
    loads.load("civil_events", rows, cut_off=CUT)
    assert headline(loads, "CR-04", MARCH).figure.missing is Missing.NO_DATA
    deaths = lines({"civil_events": Known(1, rows, CUT)})["CR-04", "value"].rows
    inside = (deaths["_reason"] == "deadline_not_set") & (deaths["_day"].dt.month == 3)
    inside &= deaths["_day"].dt.year == 2024
    assert left_out(loads, "CR-04", MARCH)["deadline_not_set"] == int(inside.sum()) > 0

    with loads.workspace.database.writing() as session:
        name = "death_registration_days"
        session.exec(select(Parameter).where(Parameter.name == name)).one().value = 20
    line = lines({"civil_events": Known(1, rows, CUT)}, death_days=20)["CR-04", "value"]
    value, cases = line.values("month", ())[MARCH.start, ()]
    found = headline(loads, "CR-04", MARCH)
    assert (found.figure.value, found.cases) == (float(value), cases)
    assert 0 < value < 100


def test_a_night_in_which_the_clock_goes_forward_has_an_hour_less(loads: Loads) -> None:
    span = {"opened_at": "2024-03-30 20:00", "restored_at": "2024-03-31 08:00"}
    rows = [{"service": "CIVIL", "priority": priority, **span} for priority in ("P1", "P3")]
    rows.append({"service": "CIVIL", "priority": "P2", "opened_at": "2024-03-30 20:00"})
    frame = in_utc(table("incident_id", rows), "opened_at", "restored_at")
    loads.load("it_incidents", frame, cut_off=CUT)
    refresh(loads.workspace, by=SYSTEM, codes=["IT-02"])
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask("IT-02", MARCH, MARCH, measures=None))
    assert {each.measure: each.figure.value for each in found} == {
        "value": 11.0,
        "median": 11.0,
        "open_at_end": 1.0,
    }


def test_a_restore_test_passes_only_within_its_time(loads: Loads) -> None:
    tests = {
        "IN_TIME": ("pass", 60),
        "TOO_SLOW": ("pass", 61),
        "TIME_UNSTATED": ("pass", None),
        "FAILED": ("fail", 10),
        "NOT_RUN": ("not_run", None),
        "RESULT_UNSTATED": (None, 10),
    }
    rows = [
        {"system": system, "result": result, "rto_minutes": took, "planned_for": day}
        for system, (result, took) in tests.items()
        for day in ("2024-04-15", "2024-04-16")  # the second has not come yet
    ]
    frame = table("test_id", rows).assign(rto_target_minutes=60)
    loads.load("backup_tests", frame, cut_off=CUT)
    refresh(loads.workspace, by=SYSTEM, codes=["IT-03"])
    quarter = Period.parse("2024-Q2")
    with loads.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask("IT-03", quarter, quarter, by=("system",)))
    passed = {each.cell.member: (each.figure.value, each.cases) for each in found}
    assert passed == {**dict.fromkeys(tests, (0.0, 1)), "IN_TIME": (100.0, 1)}


def test_a_payment_without_application_is_of_an_unknown_office(loads: Loads) -> None:
    paid = {"status": "paid", "paid_at": "2024-04-03 10:00", "amount_eur": 10.5}
    rows = [
        {"method": "cash", "application_id": "A1", **paid},
        {"method": "online", "application_id": "STRAY", **paid},
        {"method": "online", "application_id": None, **paid, "refund_of": "R1"},
    ]
    loads.load("payments", table("payment_id", rows), cut_off=CUT)
    known = {"service_code": "PASSPORT", "office_code": "O01", "submitted_at": "2024-04-01"}
    apps = table("none", [{"application_id": "A1", **known}])
    loads.load("applications", apps, cut_off=CUT)
    assert headline(loads, "CS-07", APRIL).figure.value == 50.0
    assert headline(loads, "CS-07", APRIL, office="O01").figure.value == 0.0
    assert headline(loads, "CS-07", APRIL, office="unknown").figure.value == 100.0
