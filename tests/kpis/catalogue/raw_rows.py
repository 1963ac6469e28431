"""Random rows as extracts hold them, dirty ones among them: one function an extract.

A case keeps its key and its opening day whatever the version; everything else is drawn anew by
`seed`, so that a later version corrects all it can correct.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tests.kpis.conftest import DAYS, FIRST

ZONE = "Europe/Belgrade"
OFFICES = ["O01", "O02", "O03", None]
SERVICES = ["PASSPORT", "ID_CARD", "CIVIL_CERT"]
MUNICIPALITIES = ["01", "04", "21", "99", None]
COMMUNITIES = ["ALBANIAN"] * 40 + ["SERB"] * 6 + ["ROMA"] * 3 + ["ASHKALI", None]
TESTS = [False] * 20 + [True, None]
_OPENING_SEED = 4_711


class Drawn:
    """Columns of `count` rows, drawn one after the other from a seed."""

    def __init__(self, key: str, count: int, seed: int) -> None:
        self.count, self.random = count, np.random.default_rng(seed)
        self.frame = pd.DataFrame({key: [f"{key[0].upper()}{n:05}" for n in range(count)]})
        minutes = np.random.default_rng(_OPENING_SEED).integers(0, DAYS * 1440, count)
        self.opening = pd.Series(pd.Timestamp(FIRST) + pd.to_timedelta(minutes, "min"))

    def of(self, members: Sequence[Any]) -> pd.Series:
        """One of the members for each row."""
        chosen = self.random.integers(0, len(members), self.count)
        return pd.Series([members[place] for place in chosen], dtype=object)

    def add(self, **members: Sequence[Any]) -> None:
        """Columns of any of the members."""
        for name, each in members.items():
            self.frame[name] = self.of(each)

    def later(self, start: pd.Series, hours: float, *, empty: float = 0.0) -> pd.Series:
        """Moments after others, to the second, some of them not stated."""
        seconds = self.random.exponential(hours * 3600, self.count).astype(int)
        return self.gaps(start + pd.to_timedelta(seconds, "s"), empty)

    def gaps(self, column: pd.Series, share: float) -> pd.Series:
        """The column with a share of it not stated."""
        return column.where(self.random.random(self.count) >= share)

    def age(self) -> pd.Series:
        """When a version was written: of most rows known, and not always in the order of loads."""
        days = pd.to_timedelta(self.random.integers(0, 400, self.count), "D")
        return self.gaps(self.opening + days, 0.1)


def in_both_clocks(frame: pd.DataFrame, name: str, utc: pd.Series) -> None:
    """A column of local moments, and beside it the same moments in UTC."""
    local = utc.dt.tz_localize("UTC").dt.tz_convert(ZONE).dt.tz_localize(None)
    frame[name], frame[f"{name}_utc"] = local, utc


def applications(seed: int) -> pd.DataFrame:
    drawn = Drawn("application_id", 1500, seed)
    drawn.add(
        service_code=SERVICES,
        channel=["counter", "online", "online", "kiosk", None],
        office_code=OFFICES,
        municipality_code=MUNICIPALITIES,
        community=COMMUNITIES,
        is_test=TESTS,
    )
    return drawn.frame.assign(submitted_at=drawn.opening, updated_at=drawn.age())


def appointments(seed: int) -> pd.DataFrame:
    """Bookings and walk-ins; clocks go forward and back among them."""
    drawn = Drawn("appointment_id", 1500, seed)
    statuses = ["attended"] * 6 + ["no_show", "cancelled", "rescheduled", "booked", None]
    drawn.add(office_code=OFFICES, service_code=SERVICES, status=statuses, is_test=TESTS)
    frame = drawn.frame
    kinds = np.random.default_rng(_OPENING_SEED).integers(0, 10, drawn.count)
    walked_in = pd.Series(kinds < 3)
    frame["booking_type"] = np.where(walked_in, "walk_in", "appointment")
    frame["booking_type"] = frame["booking_type"].astype(object).mask(pd.Series(kinds == 9), None)
    frame["booked_at"] = drawn.opening.mask(walked_in)
    frame["first_free_slot"] = drawn.later(frame["booked_at"], 100, empty=0.05)
    slot = drawn.later(drawn.opening, 200).dt.floor("min")
    in_both_clocks(frame, "slot_start", slot.mask(walked_in))
    early = pd.to_timedelta(drawn.random.integers(-60, 60, drawn.count), "min")
    ticket = (slot - early).where(~walked_in, drawn.opening)
    in_both_clocks(frame, "ticket_at", drawn.gaps(ticket, 0.05).where(~walked_in, ticket))
    called = drawn.later(ticket, 0.4, empty=0.1)
    stuck = drawn.random.random(drawn.count) < 0.04  # nobody closed the ticket that day
    in_both_clocks(frame, "called_at", called + pd.to_timedelta(np.where(stuck, 9, 0), "h"))
    return frame


def payments(seed: int) -> pd.DataFrame:
    drawn = Drawn("payment_id", 1200, seed)
    drawn.add(
        application_id=[f"A{n:05}" for n in range(1500)] + ["STRAY"] * 60 + [None] * 60,
        fee_code=["F1", "F2", "F3", None],
        method=["cash", "cash", "bank_slip", "card_pos", "online", "mobile", None],
        status=["paid"] * 8 + ["refunded", "failed", "pending"],
        refund_of=[None] * 15 + ["P00007"],
    )
    amounts = pd.Series(drawn.random.integers(100, 5000, drawn.count) / 100)
    return drawn.frame.assign(paid_at=drawn.opening, amount_eur=drawn.gaps(amounts, 0.05))


def satisfaction(seed: int) -> pd.DataFrame:
    drawn = Drawn("response_id", 1500, seed)
    drawn.add(
        office_code=OFFICES,
        service_code=[*SERVICES, None],
        channel=["counter", "counter", "online", None],
        language=["sq"] * 6 + ["sr", "tr", None],
    )
    scores = pd.Series(drawn.random.integers(1, 6, drawn.count), dtype="float64")
    return drawn.frame.assign(answered_at=drawn.opening, score=drawn.gaps(scores, 0.1))


def civil_events(seed: int) -> pd.DataFrame:
    """Births and deaths; delays at the edges of the deadline and of a year among them."""
    drawn = Drawn("event_id", 2500, seed)
    drawn.add(
        event_type=["birth"] * 7 + ["death"] * 3 + ["marriage"],
        occurred_abroad=[False] * 14 + [True] * 5 + [None],
        municipality_code=MUNICIPALITIES,
        mother_municipality_code=MUNICIPALITIES,
        source=["hospital", "hospital", "parent", "court", "ngo", None],
        sex=["F", "M", "F", "M", None],
        community=COMMUNITIES,
        is_test=TESTS,
    )
    edges = [0, 1, 5, 20, 29, 30, 31, 32, 90, 364, 365, 366, 9000, -2]
    often = [1, 3, 5, 8, 10, 14, 20, 25] * 8
    happened = drawn.opening.dt.normalize()
    days = drawn.of([*edges, *often]).astype(int)
    late = happened + pd.to_timedelta(days.clip(upper=366), "D") + pd.Timedelta(hours=10)
    frame = drawn.frame
    frame["event_date"] = happened.mask(days == 9000, pd.Timestamp("1999-05-04"))
    frame["registered_at"] = drawn.gaps(late, 0.05)
    frame["notified_at"] = drawn.opening.where(drawn.opening.dt.day % 2 == 0)
    return frame.assign(updated_at=drawn.age())


def register_exchange(seed: int) -> pd.DataFrame:
    """Every institution and service on most days; one never calls."""
    random = np.random.default_rng(seed)
    days = pd.Series(pd.date_range(FIRST, periods=DAYS, freq="D"), name="day")
    consumers = pd.Series(["TAX", "POLICE", "ASLEEP"], name="consumer_code")
    services = pd.Series(["PERSON", "ADDRESS"], name="exchange_service")
    frame = days.to_frame().merge(consumers, how="cross").merge(services, how="cross")
    calls = np.where(frame["consumer_code"] == "ASLEEP", 0, random.integers(0, 40, len(frame)))
    return frame.assign(calls=calls, ok_calls=(calls * random.uniform(0.9, 1, len(frame))).round())


def it_availability(seed: int) -> pd.DataFrame:
    """Every IT service on every day; for one nothing was agreed."""
    random = np.random.default_rng(seed)
    days = pd.Series(pd.date_range(FIRST, periods=DAYS, freq="D"), name="day")
    services = pd.Series(["CIVIL", "PASSPORTS", "ARCHIVE"], name="service")
    frame = days.to_frame().merge(services, how="cross")
    frame["agreed_minutes"] = np.where(frame["service"] == "ARCHIVE", 0, 1440)
    down = pd.Series(random.integers(0, 300, len(frame)) * (random.random(len(frame)) < 0.1))
    down = down.where(frame["service"] != "ARCHIVE", 0)
    return frame.assign(unplanned_down_minutes=down.where(random.random(len(frame)) > 0.03))


def it_incidents(seed: int) -> pd.DataFrame:
    drawn = Drawn("incident_id", 900, seed)
    drawn.add(service=["CIVIL", "PASSPORTS"], priority=["P1", "P2", "P2", "P3", "P4", None])
    in_both_clocks(drawn.frame, "opened_at", drawn.opening)
    in_both_clocks(drawn.frame, "restored_at", drawn.later(drawn.opening, 30, empty=0.15))
    in_both_clocks(drawn.frame, "closed_at", drawn.later(drawn.opening, 60, empty=0.4))
    return drawn.frame


def backup_tests(seed: int) -> pd.DataFrame:
    drawn = Drawn("test_id", 150, seed)
    drawn.add(
        system=["CIVIL", "PASSPORTS", None],
        result=["pass"] * 6 + ["fail", "not_run", None],
        rto_minutes=[30, 60, 90, None],
        rto_target_minutes=[60, 60, 90],
    )
    return drawn.frame.assign(planned_for=drawn.opening.dt.normalize())
