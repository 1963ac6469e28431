"""What the agency's systems knew at a cut-off: rows of the extract contracts, nothing later."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.demo import agency
from dashboard.demo.cases import COMMUNITIES, SEXES, Cases, last_change
from dashboard.demo.clock import Ints
from dashboard.demo.columns import codes, days, moments, only
from dashboard.demo.demand import CHANNELS, PROCEDURES, SPEEDS, TRAITS
from dashboard.demo.production import DEFECTS, Attempts
from dashboard.demo.spec import DemoSpec
from dashboard.demo.timeline import DECISIONS

SERVICES = tuple(trait.code for trait in TRAITS)
PREFIXES = tuple(trait.prefix for trait in TRAITS)
REASONS = tuple(tuple(trait.reasons) for trait in TRAITS)
STATUSES = ("received", "returned", "in_review", "approved", "ready", "issued", "rejected",
            "withdrawn")  # fmt: skip
MOST_OFFICERS = 100
_MONTH_LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True)
class Snapshot:
    """Turns cases and attempts into tables as of a cut-off, in local seconds since 1970."""

    offices: tuple[str, ...]
    municipalities: tuple[str, ...]
    officers: tuple[str, ...]

    @classmethod
    def of(cls, spec: DemoSpec) -> Snapshot:
        offices = agency.offices(spec)
        known = tuple(office.code for office in offices)
        places = tuple(office.municipality_code for office in offices)
        staff = tuple(
            _keyed(spec.seed, f"{code}/{n}") for code in known for n in range(MOST_OFFICERS)
        )
        return cls(known, places, staff)

    def applications(self, cases: Cases, cut: int) -> pa.Table:
        """The latest state of each case at the cut-off, by the columns of the contract."""
        decided = cases["decided"] < cut
        complete = cases["complete"] < cut
        decision = np.where(decided, cases["decision"], -1)
        due = np.where(complete, cases["due"], cases["first_due"])
        identifiers = case_identifiers(cases)
        officer = cases["office"].astype(np.int64) * MOST_OFFICERS + cases["officer"]
        return pa.table({
            "application_id": identifiers,
            "service_code": codes(SERVICES, cases["service"]),
            "procedure_type": codes(PROCEDURES, cases["procedure"]),
            "speed": codes(SPEEDS, cases["speed"]),
            "channel": codes(CHANNELS, cases["channel"]),
            "office_code": codes(self.offices, cases["office"]),
            "municipality_code": codes(self.municipalities, cases["office"]),
            "submitted_at": moments(cases["submitted"], cut),
            "complete_at": moments(cases["complete"], cut),
            "suspended_days": pa.array(np.where(complete, cases["suspended"], 0)),
            "due_date": days(due),
            "original_due_date": days(cases["first_due"]),
            "decision": codes(DECISIONS, decision),
            "decided_at": moments(cases["decided"], cut),
            "rejection_reason": rejection_reasons(cases, decided),
            "returned_count": pa.array(np.where(cases["returned"] < cut, cases["returns"], 0)),
            "ready_at": moments(cases["ready"], cut),
            "issued_at": moments(cases["issued"], cut),
            "status": codes(STATUSES, _status(cases, cut)),
            "applicant_pseudo": pa.array(cases["applicant"].astype("U12")),
            "birth_year": pa.array(cases["birth_year"]),
            "sex": codes(SEXES, cases["sex"]),
            "community": codes(COMMUNITIES, cases["community"]),
            "officer_pseudo": codes(self.officers, officer),
            "appointment_id": _appointments(identifiers, cases["booked"]),
            "is_test": pa.array(cases["test"]),
            "updated_at": moments(last_change(cases, cut), cut),
            "extracted_at": moments(np.full(len(cases), cut), cut + 1),
        })  # fmt: skip


def production_rows(attempts: Attempts, cut: int) -> pa.Table:
    """Each attempt as known at the cut-off, by the columns of the contract."""
    printed = attempts["personalised"] < cut
    identifiers = case_identifiers(attempts)
    number = attempts["number"].astype(np.int64)
    result = np.where(printed, attempts["passed"], -1)
    return pa.table({
        "production_id": _attempt_identifiers(identifiers, number),
        "application_id": identifiers,
        "batch_id": _batches(attempts, printed),
        "document_type": codes(SERVICES, attempts["service"]),
        "sent_at": moments(attempts["sent"], cut),
        "personalised_at": moments(attempts["personalised"], cut),
        "quality_result": codes(("fail", "pass"), result),
        "defect_code": codes(DEFECTS, np.where(printed, attempts["defect"], -1)),
        "reprint_of": only(_attempt_identifiers(identifiers, number - 1), number > 1),
        "shipped_at": moments(attempts["shipped"], cut),
        "received_office_at": moments(attempts["received"], cut),
    })  # fmt: skip


def case_identifiers(rows: Any) -> pa.Array:
    """PA25C-000123: service, year, month as a letter, number; never ten digits, even joined."""
    names = [
        f"{prefix}{month // 12 % 100:02}{_MONTH_LETTERS[month % 12]}-"
        for prefix in PREFIXES
        for month in range(*_month_range(rows))
    ]
    first, end = _month_range(rows)
    position = rows["service"].astype(np.int64) * (end - first) + rows["month"] - first
    number = pc.utf8_lpad(pa.array(rows["serial"]).cast(pa.string()), 6, "0")
    return pc.binary_join_element_wise(codes(names, position), number, "")


def _month_range(rows: Any) -> tuple[int, int]:
    months = rows["month"]
    return (int(months.min()), int(months.max()) + 1) if len(months) else (0, 1)


def _attempt_identifiers(cases: pa.Array, number: Ints) -> pa.Array:
    return pc.binary_join_element_wise(cases, pa.array(number).cast(pa.string()), "-K")


def _batches(attempts: Attempts, printed: np.ndarray) -> pa.Array:
    """One batch for each document type and day."""
    printed_on = days(attempts["personalised"] // 86_400)
    day = pc.strftime(printed_on.cast(pa.timestamp("s")), format="%y-%m-%d")
    prefix = codes(PREFIXES, attempts["service"])
    return only(pc.binary_join_element_wise("B", prefix, day, "-"), printed)


def _appointments(identifiers: pa.Array, booked: np.ndarray) -> pa.Array:
    return only(pc.binary_join_element_wise("T", identifiers, "-"), booked)


def _status(cases: Cases, cut: int) -> Ints:
    """The position in STATUSES of the stage each case has reached."""
    decided = cases["decided"] < cut
    reached = [
        cases["issued"] < cut,
        cases["ready"] < cut,
        decided & (cases["decision"] == DECISIONS.index("rejected")),
        decided & (cases["decision"] == DECISIONS.index("withdrawn")),
        decided,
        (cases["complete"] < cut) & (cases["returned"] < cut),
        cases["returned"] < cut,
    ]
    names = ("issued", "ready", "rejected", "withdrawn", "approved", "in_review", "returned")
    return np.select(reached, [STATUSES.index(name) for name in names], 0).astype(np.int64)


def rejection_reasons(cases: Cases, decided: np.ndarray) -> pa.Array:
    """The reason of each rejection, numbered within its service."""
    names = [name for reasons in REASONS for name in reasons]
    first = np.cumsum([0, *(len(reasons) for reasons in REASONS)])
    position = first[cases["service"]] + cases["reason"]
    return codes(names, np.where(decided & (cases["reason"] >= 0), position, -1))


def _keyed(seed: int, text: str) -> str:
    """A pseudonym as a keyed hash, every fourth character a letter as in cases.pseudonyms."""
    digest = blake2b(text.encode(), key=str(seed).encode(), digest_size=6).hexdigest()
    lettered = (chr(ord("a") + int(c, 16) % 6) if n % 4 == 0 else c for n, c in enumerate(digest))
    return "".join(lettered)
