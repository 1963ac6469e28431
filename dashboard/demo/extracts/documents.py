"""Driving licences, vehicles, and the stock of blanks: what follows from the applications."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo.cases import Cases
from dashboard.demo.clock import DAY, NEVER, Ints, moment
from dashboard.demo.columns import codes, days
from dashboard.demo.demand import PROCEDURES, TRAITS
from dashboard.demo.extracts.rows import Known, Moments, Rows
from dashboard.demo.extracts.world import SERVICES, World, ids_of
from dashboard.demo.snapshot import case_identifiers, rejection_reasons
from dashboard.demo.story import SHORTAGE_SERVICE, blank_shortage
from dashboard.demo.streams import choose
from dashboard.demo.timeline import DECISIONS

VALID_DAYS = 3652  # ten years, assumption
CATEGORIES = ("B", "B+C1", "B+C", "A+B", "B+D", "AM")
CATEGORY_SHARES = np.array([0.74, 0.05, 0.09, 0.06, 0.03, 0.03])
VEHICLES = ("M1", "N1", "N2", "N3", "L", "O")
VEHICLE_SHARES = np.array([0.83, 0.08, 0.02, 0.02, 0.03, 0.02])
OWNERS = ("person", "company", "state")
OWNER_SHARES = np.array([0.87, 0.12, 0.01])
# Which transaction an application for a vehicle is, by its procedure.
TRANSACTIONS = ("first", "renewal", "plate_conversion", "transfer", "deregistration")
STOCK_DAYS = 56  # of average use, after a delivery
BARE = 0.012  # share of a full stock that is left in drawers when nothing comes


def driving_licences(world: World) -> Rows:
    """One case for each application for a driving licence."""
    cases = _of(world, "DRIVING_LICENCE")
    rng, count = world.rng("licences"), len(cases)
    examined = cases["submitted"] // DAY - rng.integers(1, 120, count)
    expiry = days(cases["issued"] // DAY + VALID_DAYS)
    return Rows(
        {
            "licence_case_id": ids_of(cases, "L"),
            "application_id": case_identifiers(cases),
            "transaction_type": codes(PROCEDURES, cases["procedure"]),
            "categories": codes(CATEGORIES, choose(rng, CATEGORY_SHARES, count)),
            "submitted_at": Moments(cases["submitted"]),
            "decided_at": Moments(cases["decided"]),
            "issued_at": Moments(cases["issued"]),
            "expiry_date": Known(expiry, cases["issued"]),
            "office_code": codes(world.offices, cases["office"]),
            "medical_cert_date": days(examined),
        },
        (cases["submitted"], cases["decided"], cases["issued"]),
    )


def vehicles(world: World) -> Rows:
    """One transaction for each application to register a vehicle."""
    cases = _of(world, "VEHICLE_REG")
    rng, count = world.rng("vehicles"), len(cases)
    kind = cases["procedure"].astype(np.int64)
    left = rng.random(count) < 0.25
    kind = np.where((kind == TRANSACTIONS.index("transfer")) & left, kind + 1, kind)
    plates = np.isin(kind, [TRANSACTIONS.index(name) for name in ("first", "plate_conversion")])
    decision = codes(DECISIONS, cases["decision"])
    return Rows(
        {
            "transaction_id": ids_of(cases, "V"),
            "transaction_type": codes(TRANSACTIONS, kind),
            "vehicle_category": codes(VEHICLES, choose(rng, VEHICLE_SHARES, count)),
            "submitted_at": Moments(cases["submitted"]),
            "completed_at": Moments(cases["decided"]),
            "plates_issued_at": Moments(np.where(plates, cases["issued"], NEVER)),
            "decision": Known(decision, cases["decided"]),
            "rejection_reason": Known(
                rejection_reasons(cases, np.ones(count, dtype=bool)), cases["decided"]
            ),
            "office_code": codes(world.offices, cases["office"]),
            "municipality_code": codes(world.places, world.place_of_office[cases["office"]]),
            "owner_type": codes(OWNERS, choose(rng, OWNER_SHARES, count)),
            "is_test": pa.array(np.zeros(count, dtype=bool)),
        },
        (cases["submitted"], cases["decided"], np.where(plates, cases["issued"], NEVER)),
    )


def _of(world: World, service: str) -> Cases:
    found: Cases = world.cases[world.cases["service"] == SERVICES.index(service)]
    return found


def blank_stock(world: World) -> Rows:
    """Each day what is left of the last delivery; none comes in the weeks of the shortage."""
    kinds = [trait.code for trait in TRAITS if trait.produced]
    parts = [_stock_of(world, kind) for kind in kinds]
    kind = np.repeat(np.arange(len(kinds)), len(world.days))
    day = np.tile(world.days, len(kinds))
    on_hand, reserved, spoiled = (np.concatenate(list(each)) for each in zip(*parts, strict=True))
    return Rows(
        {
            "document_type": codes(kinds, kind),
            "stock_date": days(day),
            "on_hand": pa.array(on_hand),
            "reserved": pa.array(reserved),
            "spoiled": pa.array(spoiled),
        },
        (day * DAY,),
    )


def _stock_of(world: World, kind: str) -> tuple[Ints, Ints, Ints]:
    """On hand, reserved and spoiled, by day; what is used follows from what was made."""
    made = _of(world, kind)
    made = made[made["ready"] < world.end]
    first, count = world.days[0], len(world.days)
    day = np.maximum(made["ready"] // DAY - 1, first) - first
    spoiled = np.bincount(day, made["fails"], count)[:count].astype(np.int64)
    used = np.cumsum(np.bincount(day, minlength=count)[:count] + spoiled)
    full = STOCK_DAYS * max(used[-1] / count, 1.0)
    delivered = _last_delivery(world, kind)
    left = full - (used - used[np.maximum(delivered, 0)])
    on_hand = np.maximum(left, BARE * full * (1 + np.arange(count) % 5 / 5)).astype(np.int64)
    return on_hand, (on_hand * 0.1).astype(np.int64), spoiled


def _last_delivery(world: World, kind: str) -> Ints:
    """The position of the day of the last delivery before each day: the first of a month."""
    deliveries = np.array([moment(month) // DAY for month in world.months])
    if kind == SHORTAGE_SERVICE:
        story = blank_shortage(world.spec)
        start, end = (moment(each) // DAY for each in (story.start, story.end or story.start))
        missing = (deliveries > start - STOCK_DAYS) & (deliveries < end)
        deliveries = np.sort(np.append(deliveries[~missing], end))
    deliveries = np.maximum(deliveries, world.days[0])
    found = np.searchsorted(deliveries, world.days, side="right") - 1
    return np.asarray(deliveries[np.maximum(found, 0)] - world.days[0], dtype=np.int64)
