"""Incidents, availability and restore tests of the agency's systems, and who asks its registers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo.clock import DAY, NEVER, Ints, moment
from dashboard.demo.columns import codes, days, numbered
from dashboard.demo.extracts.rows import Known, Moments, Rows
from dashboard.demo.extracts.world import World

SERVICES = ("CIVIL_REGISTER", "DOCUMENT_PRODUCTION", "VEHICLE_REGISTER", "E_SERVICES",
            "APPOINTMENTS", "NETWORK")  # fmt: skip
BROKEN = 0  # the service of the outage
ROUND_THE_CLOCK = np.array([True, False, False, True, True, True])
HOURS = 3600
# Days with a failure (share), and its minutes (mean), by service; assumptions
FAILING = np.array([0.020, 0.025, 0.022, 0.040, 0.030, 0.024])
MINUTES = np.array([35.0, 25.0, 25.0, 40.0, 30.0, 30.0])
OUTAGE_DAYS = (11, 12, 13)  # of the month of the outage
OUTAGE_MINUTES = (780, 1_190, 460)
SYSTEMS = ("CIVIL_REGISTER", "DOCUMENT_REGISTER", "VEHICLE_REGISTER", "PRODUCTION")
TARGETS = (240, 240, 480, 480)  # minutes to have a system back
PARTNERS = (("TAX", "PERSON"), ("POLICE", "PERSON"), ("POLICE", "VEHICLE"), ("CUSTOMS", "VEHICLE"),
            ("ELECTIONS", "PERSON"), ("HEALTH", "PERSON"), ("EDUCATION", "PERSON"),
            ("PENSIONS", "LIFE_STATUS"), ("BANKS", "DOCUMENT"), ("MUNICIPALITIES", "ADDRESS"),
            ("COURTS", "PERSON"), ("INSURERS", "VEHICLE"))  # fmt: skip
LATECOMERS = {10: 18, 11: 9}  # partner to the months before the end in which it joins
CALLS = np.array([1900, 4200, 1500, 900, 120, 2600, 700, 800, 1500, 1100, 350, 600])


def _month_of_day(world: World) -> Ints:
    """The position of the month of each day."""
    starts = np.array([moment(month) // DAY for month in world.months])
    return np.searchsorted(starts, world.days, side="right") - 1


def it_availability(world: World) -> Rows:
    """Service by service and day by day; in one month a register is down for three days."""
    count, many = len(world.days), len(SERVICES)
    service, day = np.repeat(np.arange(many), count), np.tile(world.days, many)
    rng = world.rng("availability")
    working = world.clock.is_working(day)
    agreed = np.where(ROUND_THE_CLOCK[service], 1440, np.where(working, 600, 0))
    planned = np.where((day % 30 == 10) & ROUND_THE_CLOCK[service], 120, 0)
    fails = rng.random(len(day)) < FAILING[service]
    down = np.where(fails, rng.exponential(MINUTES[service]) + 3, 0).astype(np.int64)
    outage = moment(world.plot.outage) // DAY - 1
    for number, minutes in zip(OUTAGE_DAYS, OUTAGE_MINUTES, strict=True):
        down = np.where((service == BROKEN) & (day == outage + number), minutes, down)
    return Rows(
        {
            "service": codes(SERVICES, service),
            "day": days(day),
            "agreed_minutes": pa.array(agreed - planned),
            "planned_down_minutes": pa.array(planned),
            "unplanned_down_minutes": pa.array(np.minimum(down, agreed - planned)),
        },
        (day * DAY,),
    )


def backup_tests(world: World) -> Rows:
    """One restore for each system and month; one failed, and one was never made."""
    month, system = (each.ravel() for each in np.indices((len(world.months), len(SYSTEMS))))
    rng, count = world.rng("backups"), len(month)
    starts = np.array([moment(each) for each in world.months])[month]
    planned = world.clock.after(starts // DAY + 9 + 2 * system, np.zeros(count, np.int64))
    target = np.array(TARGETS)[system]
    took = (target * rng.uniform(0.35, 0.9, count)).astype(np.int64)
    failed = (starts == moment(world.plot.failed_restore)) & (system == 0)
    missed = (starts == moment(world.spec.months_before_end(19))) & (system == 3)
    result = np.select([missed, failed], [2, 1], 0)
    executed = np.where(missed, NEVER, planned * DAY + rng.integers(18, 22, count) * HOURS)
    told = np.where(missed, planned * DAY + DAY, executed)
    done = ~missed
    lost = pa.array(rng.integers(5, 60, count), mask=~done)
    return Rows(
        {
            "test_id": numbered("BT", count),
            "system": codes(SYSTEMS, system),
            "planned_for": days(planned),
            "executed_at": Moments(executed),
            "result": Known(codes(("pass", "fail", "not_run"), result), told),
            "rpo_minutes": Known(lost, told),
            "rto_minutes": Known(pa.array(took, mask=~done | failed), told),
            "rto_target_minutes": pa.array(target),
        },
        (planned * DAY, told),
    )


def register_exchange(world: World) -> Rows:
    """What other institutions ask the registers each day; in the outage many get no answer."""
    count, many = len(world.days), len(PARTNERS)
    partner, day = np.repeat(np.arange(many), count), np.tile(world.days, many)
    month = np.tile(_month_of_day(world), many)
    rng = world.rng("exchange")
    growth = 1 + 0.3 * month / max(len(world.months) - 1, 1)
    quiet = np.where(world.clock.is_working(day), 1.0, 0.12)
    calls = rng.poisson(CALLS[partner] * growth * quiet)
    outage = moment(world.plot.outage) // DAY - 1
    broken = np.isin(day - outage, OUTAGE_DAYS)
    answered = np.where(broken, 0.25, 0.993 - rng.exponential(0.002, len(day)))
    joined = np.zeros(many)
    for number, before in LATECOMERS.items():
        joined[number] = moment(world.spec.months_before_end(before)) // DAY
    asks = (day >= joined[partner]) & (calls > 0)
    consumers, services = zip(*PARTNERS, strict=True)
    names = (sorted(set(consumers)), sorted(set(services)))
    who = np.array([names[0].index(name) for name in consumers])[partner]
    what = np.array([names[1].index(name) for name in services])[partner]
    return Rows(
        {
            "day": days(day[asks]),
            "consumer_code": codes(names[0], who[asks]),
            "exchange_service": codes(names[1], what[asks]),
            "calls": pa.array(calls[asks]),
            "ok_calls": pa.array(rng.binomial(calls, answered)[asks]),
            "p95_ms": pa.array((rng.lognormal(np.log(420), 0.15, len(day)))[asks].astype(int)),
        },
        (day[asks] * DAY,),
    )
