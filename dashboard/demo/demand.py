"""How much is asked for, when and where: real yearly figures, seasons, channels, offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from dashboard.demo import agency
from dashboard.demo.clock import WorkClock, day_number
from dashboard.demo.spec import DemoSpec
from dashboard.demo.story import ONLINE_SERVICE, office_merger, online_launch
from data.store import reference

# The codes of the applications contract, in the order in which the generator numbers them.
PROCEDURES = ("first", "renewal", "replacement", "data_change", "conversion")
SPEEDS = ("normal", "accelerated")
CHANNELS = ("counter", "online", "kiosk", "mobile_team", "consulate", "post", "email")
ONLINE = CHANNELS.index("online")

FIGURES_YEAR = 2024
GROWTH = 0.035  # a year, assumption
EVEN = (1.0,) * 12
FAMILIES_FROM_ABROAD = (0.95, 0.86, 0.92, 0.95, 0.96, 1.02, 1.46, 1.52, 0.96, 0.86, 0.80, 0.74)
SUMMER = (0.92, 0.92, 1.00, 1.02, 1.02, 1.04, 1.18, 1.14, 1.00, 0.96, 0.92, 0.88)
ONLINE_AT_BEST = 0.46  # share of the newly opened service that settles online
ONLINE_RAMP_MONTHS = 8


@dataclass(frozen=True, slots=True)
class Trait:
    """What marks a service. Durations are in working days, shares between 0 and 1."""

    code: str
    prefix: str
    completed_yearly: int  # in FIGURES_YEAR, at scale 1.0
    source: str
    months: tuple[float, ...]
    procedures: tuple[float, ...]  # by PROCEDURES
    channels: Mapping[str, float]  # the rest comes to the counter
    accelerated: float
    decision_days: float  # median
    making_days: float  # median, from decision to ready
    collected: float  # share of ready documents that are fetched
    returned: float  # share sent back to the applicant for completion
    rejected: float
    withdrawn: float
    suspended: float
    produced: bool  # personalised on a blank
    reasons: Mapping[str, float] = field(default_factory=dict)

    @property
    def submitted_yearly(self) -> float:
        """Applications that lead to `completed_yearly`."""
        return self.completed_yearly / ((1 - self.rejected - self.withdrawn) * self.collected)

    def intake(self, month: date, scale: float) -> float:
        """Applications expected in a month."""
        season = self.months[month.month - 1] / sum(self.months)
        growth = (1 + GROWTH) ** (month.year - FIGURES_YEAR)
        return self.submitted_yearly * season * growth * scale


KOHA = "koha.net, statement of the head of the agency; year 2024 inferred"
DOCUMENT_REASONS = {
    "MISSING_DOCUMENTS": 0.40,
    "IDENTITY_NOT_PROVEN": 0.22,
    "FEE_NOT_PAID": 0.10,
    "NOT_ENTITLED": 0.18,
    "PHOTO_NOT_COMPLIANT": 0.10,
}
TRAITS = (
    Trait(
        code="PASSPORT", prefix="PA", completed_yearly=411_489, source=KOHA,
        months=FAMILIES_FROM_ABROAD, procedures=(0.30, 0.55, 0.09, 0.06, 0.0),
        channels={"consulate": 0.06, "mobile_team": 0.005}, accelerated=0.08,
        decision_days=2.6, making_days=4.0, collected=0.985,
        returned=0.045, rejected=0.024, withdrawn=0.010, suspended=0.012, produced=True,
        reasons=DOCUMENT_REASONS,
    ),
    Trait(
        code="ID_CARD", prefix="ID", completed_yearly=248_000, source=KOHA,
        months=FAMILIES_FROM_ABROAD, procedures=(0.22, 0.58, 0.12, 0.08, 0.0),
        channels={"consulate": 0.02, "mobile_team": 0.02}, accelerated=0.04,
        decision_days=2.4, making_days=3.6, collected=0.985,
        returned=0.095, rejected=0.022, withdrawn=0.010, suspended=0.008, produced=True,
        reasons=DOCUMENT_REASONS,
    ),
    Trait(
        code="DRIVING_LICENCE", prefix="DL", completed_yearly=83_579, source=KOHA,
        months=SUMMER, procedures=(0.26, 0.52, 0.10, 0.03, 0.09),
        channels={"mobile_team": 0.003}, accelerated=0.03,
        decision_days=2.2, making_days=3.4, collected=0.99,
        returned=0.055, rejected=0.030, withdrawn=0.010, suspended=0.006, produced=True,
        reasons={
            "MEDICAL_CERTIFICATE": 0.42, "MISSING_DOCUMENTS": 0.28,
            "TEST_NOT_PASSED": 0.20, "FEE_NOT_PAID": 0.10,
        },
    ),
    Trait(
        code="VEHICLE_REG", prefix="VR", completed_yearly=282_000,
        source="lajmi.net quoting the statistical office, 2014; at least so many",
        months=SUMMER, procedures=(0.16, 0.74, 0.02, 0.08, 0.0), channels={}, accelerated=0.0,
        decision_days=0.35, making_days=0.0, collected=1.0,
        returned=0.060, rejected=0.034, withdrawn=0.006, suspended=0.002, produced=False,
        reasons={
            "INSURANCE_MISSING": 0.40, "TECHNICAL_CHECK_MISSING": 0.38,
            "CUSTOMS_NOT_CLEARED": 0.14, "FEE_NOT_PAID": 0.08,
        },
    ),
    Trait(
        code="CIVIL_CERT", prefix="CC", completed_yearly=150_000,
        source="assumption: two and a half certificates for each of about 60,000 civil events",
        months=SUMMER, procedures=(1.0, 0.0, 0.0, 0.0, 0.0),
        channels={"online": 0.20, "kiosk": 0.10, "post": 0.01, "email": 0.015}, accelerated=0.0,
        decision_days=0.2, making_days=0.0, collected=1.0,
        returned=0.020, rejected=0.012, withdrawn=0.004, suspended=0.001, produced=False,
        reasons={"RECORD_NOT_FOUND": 0.55, "NOT_ENTITLED": 0.30, "FEE_NOT_PAID": 0.15},
    ),
    Trait(
        code="OTHER", prefix="OT", completed_yearly=12_000, source="assumption",
        months=EVEN, procedures=(0.5, 0.0, 0.0, 0.5, 0.0),
        channels={"post": 0.05, "email": 0.05}, accelerated=0.0,
        decision_days=4.5, making_days=0.6, collected=0.99,
        returned=0.07, rejected=0.04, withdrawn=0.02, suspended=0.01, produced=False,
        reasons={"MISSING_DOCUMENTS": 0.70, "NOT_ENTITLED": 0.30},
    ),
)  # fmt: skip


def channel_shares(trait: Trait, month: date, spec: DemoSpec) -> np.ndarray:
    """Share of each channel in a month, by CHANNELS; the launched service climbs to its level."""
    shares = dict(trait.channels)
    if trait.code == ONLINE_SERVICE:
        shares["online"] = ONLINE_AT_BEST * _ramp(online_launch(spec).start, month)
    shares["counter"] = 1.0 - sum(shares.values())
    return np.array([shares.get(channel, 0.0) for channel in CHANNELS])


def _ramp(start: date, month: date) -> float:
    """0 before the start, then rising month by month to 1."""
    gone = (month.year - start.year) * 12 + month.month - start.month + 1
    return min(max(gone, 0) / ONLINE_RAMP_MONTHS, 1.0)


def office_shares(month: date, spec: DemoSpec) -> np.ndarray:
    """Share of each office in a month by population, in the order of agency.offices."""
    people = {row.code: float(row.population or 0) for row in reference.municipalities()}
    beside = agency.extra_shares()
    if month >= office_merger(spec).start:
        beside = {
            code: 0.0 if code == office_merger(spec).office else part
            for code, part in beside.items()
        }
    offices = agency.offices(spec)
    taken: dict[str, float] = {}
    for office in offices:
        share = beside.get(office.code, 0.0)
        taken[office.municipality_code] = taken.get(office.municipality_code, 0.0) + share
    return np.array(
        [
            people[office.municipality_code]
            * beside.get(office.code, 1.0 - taken[office.municipality_code])
            for office in offices
        ]
    )


def day_weights(clock: WorkClock, start: date, end: date, *, online: bool) -> np.ndarray:
    """Weight of each day from `start` up to `end`: the web never shuts, counters do."""
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    working = clock.is_working(np.arange(len(days), dtype=np.int64) + day_number(start))
    closed = 0.45 if online else 0.0
    weekday = np.array([_WEEKDAY[day.weekday()] for day in days])
    quiet = np.array([_QUIET.get((day.month, day.day), 1.0) for day in days])
    return np.asarray(np.where(working, weekday, closed) * quiet)


_WEEKDAY = (1.14, 1.05, 1.00, 0.97, 0.88, 0.60, 0.60)
_QUIET = {(12, day): 0.55 for day in range(23, 32)} | {(1, day): 0.65 for day in range(1, 13)}
