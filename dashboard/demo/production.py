"""Personalisation: one row for each attempt to print a document, spoiled ones included."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from dashboard.demo.cases import Cases
from dashboard.demo.clock import DAY, NEVER, Ints, WorkClock
from dashboard.demo.demand import TRAITS
from dashboard.demo.streams import Streams, choose

Attempts: TypeAlias = np.ndarray[Any, np.dtype[np.void]]

# As in cases: moments in local seconds, codes as positions.
ATTEMPT = np.dtype([
    ("service", "i1"), ("month", "i4"), ("serial", "i4"), ("number", "i1"),
    ("sent", "i8"), ("personalised", "i8"), ("passed", "?"), ("defect", "i1"),
    ("shipped", "i8"), ("received", "i8"),
])  # fmt: skip
EVENTS = ("sent", "personalised", "shipped", "received")
DEFECTS = ("PRINT_FAULT", "CHIP_FAULT", "LAMINATE_FAULT", "PHOTO_FAULT", "DATA_FAULT")
DEFECT_SHARES = np.array([0.34, 0.26, 0.20, 0.12, 0.08])
_PRODUCED = np.array([trait.produced for trait in TRAITS])


def attempts_for(cases: Cases, clock: WorkClock, streams: Streams) -> Attempts:
    """Every attempt for the approved cases, in order; the last one of each case passes."""
    made = cases[_PRODUCED[cases["service"]] & (cases["ready"] < NEVER)]
    of = np.repeat(np.arange(len(made)), made["fails"].astype(np.int64) + 1)
    attempts = np.zeros(len(of), dtype=ATTEMPT)
    for name in ("service", "month", "serial"):
        attempts[name] = made[name][of]
    attempts["number"] = np.arange(len(of)) - np.searchsorted(of, of) + 1
    attempts["passed"] = attempts["number"] == made["fails"][of] + 1
    drawn = choose(streams.of("defect"), DEFECT_SHARES, len(of))
    attempts["defect"] = np.where(attempts["passed"], -1, drawn)
    _schedule(attempts, made[of], clock, streams)
    return attempts


def _schedule(attempts: Attempts, made: Cases, clock: WorkClock, streams: Streams) -> None:
    """Printed the working day before the office has it; a spoiled print two days before the next.

    The data are sent once the case is decided, and again after each spoiled print.
    """
    rng, count = streams.of("production"), len(attempts)
    decided, ready = made["decided"], made["ready"]
    reprints = made["fails"] + 1 - attempts["number"]
    day = clock.before(ready // DAY, 1 + 2 * reprints.astype(np.int64))
    printed = day * DAY + rng.integers(7 * 3600, 14 * 3600, count)
    earliest = decided + 600 * attempts["number"].astype(np.int64)
    attempts["personalised"] = np.maximum(printed, earliest)
    waited = rng.uniform(0.02, 0.2, count) * (attempts["personalised"] - decided)
    attempts["sent"] = decided + waited.astype(np.int64)
    shipped = day * DAY + rng.integers(15 * 3600, 17 * 3600, count)
    attempts["shipped"] = _if_passed(attempts, np.maximum(shipped, attempts["personalised"] + 900))
    attempts["received"] = _if_passed(attempts, ready)


def _if_passed(attempts: Attempts, moments: Ints) -> Ints:
    return np.where(attempts["passed"], moments, NEVER)
