"""What people complain about: delay above all, and waiting where it is long."""

from __future__ import annotations

import numpy as np

from dashboard.demo.cases import Cases
from dashboard.demo.clock import DAY, NEVER, Ints
from dashboard.demo.columns import codes, only
from dashboard.demo.demand import ONLINE
from dashboard.demo.extracts.plot import WAITING_OFFICE, grown
from dashboard.demo.extracts.rows import Known, Moments, Rows
from dashboard.demo.extracts.world import SERVICES, World, ids_of
from dashboard.demo.snapshot import case_identifiers
from dashboard.demo.streams import choose

RATE = 1_500 / 1_190_000  # complaints for each application: both are yearly, at scale 1.0
CATEGORIES = ("DELAY", "WAITING", "STAFF_CONDUCT", "FEE", "ERROR_IN_DOCUMENT", "ONLINE_SERVICE")
DELAY, WAITING = 0, 1
OTHERS = np.array([0.10, 0.16, 0.28, 0.18, 0.28, 0.0])  # when nothing went wrong
OTHERS_ONLINE = np.array([0.10, 0.0, 0.04, 0.16, 0.25, 0.45])
OUTCOMES = ("upheld", "partly", "rejected", "withdrawn")
OUTCOME_SHARES = np.array([0.34, 0.22, 0.38, 0.06])
UNREFERRED = 0.08  # complain without naming their application
LATE_WEIGHT, WAIT_WEIGHT = 9.0, 4.0  # times as many complaints


def complaints(world: World) -> Rows:
    """About an application that was handed in before."""
    cases, category, received = _made(world)
    rng, count = world.rng("complaints.handled"), len(cases)
    took = rng.lognormal(np.log(11), 0.6, count).astype(np.int64)
    resolved = world.clock.move(received, 1 + took, rng)
    named = rng.random(count) >= UNREFERRED
    outcome = codes(OUTCOMES, choose(rng, OUTCOME_SHARES, count))
    return Rows(
        {
            "complaint_id": ids_of(cases, "C"),
            "received_at": Moments(received),
            "category": codes(CATEGORIES, category),
            "office_code": codes(world.offices, cases["office"]),
            "service_code": codes(SERVICES, cases["service"]),
            "application_id": only(case_identifiers(cases), named),
            "resolved_at": Moments(resolved),
            "outcome": Known(outcome, resolved),
        },
        (received, resolved),
    )


def _made(world: World) -> tuple[Cases, Ints, Ints]:
    """Who complains about what, and when: sooner or later, once a deadline has passed."""
    rng, cases = world.rng("complaints"), world.known_cases
    end = np.where(cases["ready"] < NEVER, cases["ready"], cases["decided"]) // DAY
    late = end > cases["due"]
    waited = (cases["office"] == world.offices.index(WAITING_OFFICE)) & (cases["channel"] != ONLINE)
    waiting = grown(cases["submitted"], world.plot.long_waits, 60) * waited
    chance = RATE * 0.9 * (1 + (LATE_WEIGHT - 1) * late + (WAIT_WEIGHT - 1) * waiting)
    drawn = rng.random(len(cases))
    chosen = drawn < chance
    mine, ratio = cases[chosen], drawn[chosen] / RATE
    count = len(mine)
    usual = np.where(mine["channel"] == ONLINE, choose(rng, OTHERS_ONLINE, count),
                     choose(rng, OTHERS, count))  # fmt: skip
    category = np.select(
        [late[chosen] & (ratio > 1), (waiting[chosen] > 0) & (ratio > 1)], [DELAY, WAITING], usual
    )
    after = mine["submitted"] // DAY + rng.integers(1, 30, count)
    overdue = mine["due"] + rng.integers(1, 12, count)
    day = np.where(category == DELAY, np.where(late[chosen], overdue, after), after)
    return mine, category, day * DAY + rng.integers(8 * 3600, 20 * 3600, count)
