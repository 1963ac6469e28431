"""Incidents of the agency's systems, the outage and the personal data breaches among them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from dashboard.demo.clock import DAY, NEVER, Ints, moment
from dashboard.demo.columns import codes, numbered
from dashboard.demo.extracts.rows import Moments, Rows
from dashboard.demo.extracts.technology import BROKEN, OUTAGE_DAYS, SERVICES
from dashboard.demo.extracts.world import World
from dashboard.demo.streams import choose

HOUR = 3600
DAILY = 3_000 / 365  # assumption
PRIORITIES = ("P1", "P2", "P3", "P4")
PRIORITY_SHARES = np.array([0.012, 0.055, 0.333, 0.60])
SERVICE_SHARES = np.array([0.22, 0.16, 0.14, 0.22, 0.11, 0.15])
RESTORED_HOURS = np.array([2.0, 3.4, 14.0, 40.0])  # median
CAUSES = ("CHANGE", "HARDWARE", "NETWORK", "POWER", "SOFTWARE", "USER_ERROR", "SUPPLIER")
CAUSE_SHARES = np.array([0.20, 0.12, 0.14, 0.06, 0.26, 0.14, 0.08])
# Breaches: months before the end, hours until the authority was told, 0: it need not be told
BREACHES = ((27, 31), (20, 58), (15, 0), (11, 44), (2, 65))
LATE_HOURS = 131  # of the breach told too late
OUTAGE_HOURS = 41
INCIDENT = np.dtype([
    ("service", "i1"), ("priority", "i1"), ("opened", "i8"), ("restored", "i8"), ("cause", "i1"),
    ("breach", "?"), ("required", "?"), ("aware", "i8"), ("told", "i8"),
])  # fmt: skip


def it_incidents(world: World) -> Rows:
    """Acknowledged within minutes or hours, restored by priority, closed some days later."""
    rows = np.concatenate([_usual(world), _outage(world), _breaches(world)])
    rows = rows[np.argsort(rows["opened"], kind="stable")]
    rng, count = world.rng("incidents.closed"), len(rows)
    noticed = rng.uniform(0.01, 0.25, count) * (rows["restored"] - rows["opened"])
    acknowledged = _off_the_gap(rows["opened"] + noticed.astype(np.int64))
    closed = _off_the_gap(rows["restored"] + rng.integers(HOUR, 4 * DAY, count))
    return Rows(
        {
            "incident_id": numbered("IN", count),
            "service": codes(SERVICES, rows["service"]),
            "priority": codes(PRIORITIES, rows["priority"]),
            "opened_at": Moments(rows["opened"]),
            "acknowledged_at": Moments(acknowledged),
            "restored_at": Moments(rows["restored"]),
            "closed_at": Moments(closed),
            "root_cause": codes(CAUSES, rows["cause"]),
            "personal_data_breach": pa.array(rows["breach"]),
            "notification_required": pa.array(rows["required"]),
            "breach_aware_at": Moments(rows["aware"]),
            "authority_notified_at": Moments(rows["told"]),
        },
        (rows["opened"], acknowledged, rows["restored"], closed, rows["aware"], rows["told"]),
    )


def _off_the_gap(moments: Ints) -> Ints:
    """The same an hour later where the clock may jump over it in spring."""
    return np.where(moments % DAY // HOUR == 2, moments + HOUR, moments)


def _usual(world: World) -> np.ndarray:
    rng = world.rng("incidents")
    busy = np.where(world.clock.is_working(world.days), 1.25, 0.45)
    day = np.repeat(world.days, rng.poisson(DAILY * busy))
    rows = np.zeros(len(day), dtype=INCIDENT)
    rows["service"] = choose(rng, SERVICE_SHARES, len(day))
    rows["priority"] = choose(rng, PRIORITY_SHARES, len(day))
    rows["opened"] = _off_the_gap(day * DAY + rng.integers(6 * HOUR, 22 * HOUR, len(day)))
    hours = rng.lognormal(np.log(RESTORED_HOURS[rows["priority"]]), 0.6)
    rows["restored"] = _off_the_gap(rows["opened"] + (hours * HOUR).astype(np.int64))
    rows["cause"] = choose(rng, CAUSE_SHARES, len(day))
    rows["aware"] = rows["told"] = NEVER
    return rows


def _outage(world: World) -> np.ndarray:
    """The civil register is down from a morning until the night of the next day."""
    rows = np.zeros(1, dtype=INCIDENT)
    rows["service"], rows["priority"] = BROKEN, PRIORITIES.index("P1")
    rows["opened"] = moment(world.plot.outage) + (OUTAGE_DAYS[0] - 1) * DAY + 11 * HOUR
    rows["restored"] = rows["opened"] + OUTAGE_HOURS * HOUR
    rows["cause"] = CAUSES.index("HARDWARE")
    rows["aware"] = rows["told"] = NEVER
    return np.asarray(rows[rows["opened"] >= world.start])


def _breaches(world: World) -> np.ndarray:
    """Told to the authority in time, but for one; and one that need not be told."""
    story = [(world.spec.months_before_end(before), hours) for before, hours in BREACHES]
    rows = [
        _breach(month, hours) for month, hours in [*story, (world.plot.late_notice, LATE_HOURS)]
    ]
    found = np.concatenate(rows)
    return np.asarray(found[found["opened"] >= world.start])


def _breach(month: date, hours: int) -> np.ndarray:
    rows = np.zeros(1, dtype=INCIDENT)
    rows["service"], rows["priority"] = SERVICES.index("E_SERVICES"), PRIORITIES.index("P2")
    rows["opened"] = moment(month) + 8 * DAY + 9 * HOUR
    rows["restored"] = rows["opened"] + 7 * HOUR
    rows["cause"], rows["breach"], rows["required"] = CAUSES.index("USER_ERROR"), True, hours > 0
    rows["aware"] = rows["opened"] + 3 * HOUR
    rows["told"] = _off_the_gap(rows["aware"] + hours * HOUR) if hours else NEVER
    return rows
