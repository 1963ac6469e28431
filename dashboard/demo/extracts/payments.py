"""What people pay for their applications, how, and what they get back."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dashboard.demo.cases import Cases
from dashboard.demo.clock import DAY, NEVER, Ints
from dashboard.demo.columns import codes, joined, only
from dashboard.demo.demand import ONLINE, SPEEDS
from dashboard.demo.extracts.plot import TERMINALS_WAVES, grown
from dashboard.demo.extracts.rows import Known, Moments, Rows
from dashboard.demo.extracts.world import SERVICES, World
from dashboard.demo.snapshot import case_identifiers
from dashboard.demo.timeline import APPROVED

METHODS = ("cash", "bank_slip", "card_pos", "online", "mobile")
CASH, BANK_SLIP, CARD, WEB, MOBILE = range(5)
# Fees in euro and the accelerated surcharge are invented for the demo.
FEES = {"PASSPORT": 25.0, "ID_CARD": 5.0, "DRIVING_LICENCE": 22.5, "VEHICLE_REG": 114.0,
        "CIVIL_CERT": 1.0, "OTHER": 2.5}  # fmt: skip
SURCHARGE = 20.0
FEE_CODES = (*(f"FEE_{service}" for service in SERVICES), "FEE_ACCELERATED")
# Assumptions, shares between 0 and 1
EXEMPT = 0.03  # pay nothing
CASH_ONLY = 0.4  # of those at a counter without terminal; the others bring a slip of the bank
CARD_AT_BEST, CARD_DAYS = 0.52, 240  # of those at a counter; days until people know of it
MOBILE_SHARE = 0.12  # of those who pay online
FAILS = 0.012  # of payments by card, web or phone
REFUNDED = 0.3  # of payments for what was refused or withdrawn
UNRECONCILED = 0.006
PAYMENT = np.dtype([
    ("case", "i8"), ("fee", "i1"), ("method", "i1"), ("amount", "f8"), ("refund", "?"),
    ("paid", "i8"), ("fails", "?"), ("settled", "i8"), ("refunded", "i8"), ("reconciled", "i8"),
])  # fmt: skip


def payments(world: World) -> Rows:
    """One for each application that is not exempt, surcharges, and what is paid back."""
    paid = _paid(world)
    back = paid[paid["refunded"] < NEVER].copy()
    back["refund"], back["paid"], back["amount"] = True, back["refunded"], -back["amount"]
    back["settled"] = back["paid"]
    back["reconciled"] = back["paid"] + 2 * DAY
    rows = np.concatenate([paid, back])
    cases = world.known_cases[rows["case"]]
    letters = codes(("P", "Q", "R", "RQ"), rows["refund"] * 2 + (rows["fee"] == len(SERVICES)))
    identifiers = case_identifiers(cases)
    paid_as = only(joined(codes(("P", "Q"), rows["fee"] == len(SERVICES)), identifiers),
                   rows["refund"])  # fmt: skip
    return Rows(
        {
            "payment_id": joined(letters, identifiers),
            "application_id": identifiers,
            "fee_code": codes(FEE_CODES, rows["fee"]),
            "method": codes(METHODS, rows["method"]),
            "amount_eur": pa.array(rows["amount"]),
            "paid_at": Moments(rows["paid"]),
            "status": _status(rows),
            "refund_of": paid_as,
            "reconciled_at": Moments(rows["reconciled"]),
        },
        (rows["paid"], rows["settled"], rows["refunded"], rows["reconciled"]),
    )


def _status(rows: np.ndarray) -> Known:
    """A slip of the bank is pending until the money is there; what is paid may be refunded."""
    paid = codes(("paid", "failed"), rows["fails"])
    refunded = pa.array(["refunded"] * len(rows), pa.string())
    return Known(refunded, rows["refunded"], Known(paid, rows["settled"], "pending"))


def _paid(world: World) -> np.ndarray:
    """What people paid, the surcharge for speed as a payment of its own."""
    cases, rng = world.known_cases, world.rng("payments")
    count = len(cases)
    pays = rng.random(count) >= EXEMPT
    hurried = pays & (cases["speed"] == SPEEDS.index("accelerated"))
    of = np.concatenate([np.flatnonzero(pays), np.flatnonzero(hurried)])
    rows = np.zeros(len(of), dtype=PAYMENT)
    rows["case"] = of
    rows["fee"] = np.where(np.arange(len(of)) < pays.sum(), cases["service"][of], len(SERVICES))
    rows["amount"] = np.array([*(FEES[service] for service in SERVICES), SURCHARGE])[rows["fee"]]
    rows["method"] = _methods(world, cases)[of]
    _settle(world, rows, cases[of])
    return rows


def _methods(world: World, cases: Cases) -> Ints:
    """Cash or a slip of the bank at the counter; a card where there is a terminal by now."""
    rng, count = world.rng("payments.method"), len(cases)
    wave = world.rng("terminals").permutation(len(world.offices)) % TERMINALS_WAVES
    since_first = cases["submitted"] - wave[cases["office"]] * 30 * DAY
    card = rng.random(count) < CARD_AT_BEST * grown(since_first, world.plot.terminals, CARD_DAYS)
    cash = rng.random(count) < CASH_ONLY
    at_counter = np.where(card, CARD, np.where(cash, CASH, BANK_SLIP))
    on_web = np.where(rng.random(count) < MOBILE_SHARE, MOBILE, WEB)
    return np.where(cases["channel"] == ONLINE, on_web, at_counter)


def _settle(world: World, rows: np.ndarray, cases: Cases) -> None:
    """When it is paid, there, reconciled, and perhaps paid back."""
    rng, count = world.rng("payments.settled"), len(rows)
    slip, electronic = rows["method"] == BANK_SLIP, rows["method"] >= CARD
    at_bank = world.clock.move(cases["submitted"], rng.integers(0, 2, count), rng)
    rows["paid"] = np.where(slip, at_bank, cases["submitted"] + rng.integers(60, 900, count))
    rows["settled"] = rows["paid"] + np.where(slip, rng.integers(DAY, 3 * DAY, count), 0)
    rows["fails"] = electronic & (rng.random(count) < FAILS)
    lost = rows["fails"] | (rng.random(count) < UNRECONCILED)
    reconciled = world.clock.move(rows["settled"], rng.integers(1, 5, count), rng)
    rows["reconciled"] = np.where(lost, NEVER, reconciled)
    back = (cases["decision"] != APPROVED) & (rng.random(count) < REFUNDED) & ~rows["fails"]
    decided = np.maximum(cases["decided"], rows["reconciled"])
    refunded = world.clock.move(decided, rng.integers(3, 15, count), rng)
    rows["refunded"] = np.where(back & (rows["reconciled"] < NEVER), refunded, NEVER)
