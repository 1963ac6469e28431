"""Random rows of what composed KPIs are made from, dirty ones among them: one function an extract.

A case keeps its key and its opening day whatever the version; everything else is drawn anew by
`seed`, so that a later version corrects all it can correct. Runs, months and years of a place are
drawn whole, so that what lacks does so on one side only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from tests.kpis.catalogue.raw_rows import COMMUNITIES, SERVICES, TESTS, Drawn, in_both_clocks
from tests.kpis.conftest import FIRST

DAYS = 790  # from the first of 2024 into 2026
OFFICES = ["O01", "O02", "O03"]
PLACES = ["01", "04", "21"]
REGISTERS = ["CIVIL", "VEHICLES"]
MINORITY = ["ROMA", "ASHKALI", "EGYPTIAN"]
DOCUMENTS = 1500
_OPENING_SEED = 815


class Long(Drawn):
    """Columns of rows that open on any day of more than two years."""

    def __init__(self, key: str, count: int, seed: int) -> None:
        super().__init__(key, count, seed)
        minutes = np.random.default_rng(_OPENING_SEED).integers(0, DAYS * 1440, count)
        self.opening = pd.Series(pd.Timestamp(FIRST) + pd.to_timedelta(minutes, "min"))

    def days(self, members: Sequence[int | None]) -> pd.Series:
        """A number of days for each row, some of them not stated."""
        return pd.to_timedelta(self.of(members).astype("float64"), "D")


def whole_moments(column: pd.Series) -> pd.Series:
    return column.astype("datetime64[us]")


def expiring_documents(seed: int) -> pd.DataFrame:
    """Documents whose day of expiry stays; renewed before, on and after it, or not at all."""
    drawn = Long("document_pseudo", DOCUMENTS, seed)
    drawn.add(
        document_type=["PASSPORT", "ID_CARD", "ID_CARD", None],
        municipality_code=[*PLACES, "99", None],
        holder_status=["active"] * 10 + ["deceased", "emigrated", "renounced", None],
        phone_on_file=[True] * 8 + [False, None],
        sms_consent=[True] * 6 + [False, None],
        language=["sq", "sq", "sq", "sr", "tr", None],
    )
    expiry = drawn.opening.dt.normalize()
    renewed = expiry + drawn.days([-60, -20, -5, -1, 0, 0, 1, 2, 15, None, None])
    late = pd.to_timedelta(drawn.random.integers(0, 86_400, drawn.count), "s")
    return drawn.frame.assign(expiry_date=expiry, renewal_submitted_at=renewed + late)


def sms(seed: int) -> pd.DataFrame:
    """Two messages for each document, some of which a version says were about another one."""
    drawn = Long("sms_id", 2 * DOCUMENTS, seed)
    expiry = Long("document_pseudo", DOCUMENTS, 0).opening.dt.normalize()
    expiry = pd.concat([expiry, expiry], ignore_index=True)
    drawn.add(
        status=["delivered"] * 4 + ["failed", "pending", "unknown", None],
        template=["EXPIRY", None],
    )
    about = pd.Series([f"D{n % DOCUMENTS:05}" for n in range(drawn.count)], dtype=object)
    other = drawn.of([f"D{n:05}" for n in range(DOCUMENTS)] + ["STRAY"] * 100)
    astray = pd.Series(drawn.random.random(drawn.count) < 0.1)
    drawn.frame["document_pseudo"] = about.mask(astray, other)
    edges = [-200, -91, -90, -89, -60, -45, -30, -8, -7, -7, -6, -1, 3, None]
    second = pd.to_timedelta(drawn.random.integers(0, 86_400, drawn.count), "s")
    delivered = expiry + drawn.days(edges) + second
    return drawn.frame.assign(planned_for=expiry - pd.Timedelta(days=60), delivered_at=delivered)


def applications(seed: int) -> pd.DataFrame:
    drawn = Long("application_id", 2500, seed)
    drawn.add(
        service_code=[*SERVICES, "DRIVING_LICENCE"],
        office_code=[*OFFICES * 3, "O05", None],
        decision=["approved"] * 8 + ["rejected", "withdrawn", None],
        is_test=TESTS,
    )
    decided = drawn.later(drawn.opening, 200, empty=0.1)
    issued = drawn.later(decided, 150, empty=0.1)
    moments = {"submitted_at": drawn.opening, "decided_at": decided, "issued_at": issued}
    return drawn.frame.assign(**moments, updated_at=drawn.age())


def complaints(seed: int) -> pd.DataFrame:
    drawn = Long("complaint_id", 900, seed)
    drawn.add(
        category=["DELAY", "DELAY", "STAFF", "ERROR", None],
        office_code=[*OFFICES, "O09", None],  # nobody applies at O09
        service_code=[*SERVICES, None],
        application_id=[f"A{n:05}" for n in range(2500)] + [None] * 500,
        outcome=["upheld", "partly", "rejected", "withdrawn", None],
    )
    drawn.frame.loc[drawn.frame["category"] == "ERROR", "outcome"] = "rejected"  # never upheld
    return drawn.frame.assign(received_at=drawn.opening)


def payments(seed: int) -> pd.DataFrame:
    """Payments and refunds of applications known and unknown; refunds stated with either sign."""
    drawn = Long("payment_id", 1500, seed)
    drawn.add(
        application_id=[f"A{n:05}" for n in range(2500)] + ["STRAY"] * 100 + [None] * 100,
        fee_code=["F1", "F2", "F3", None],
        status=["paid"] * 8 + ["refunded", "failed", "pending", None],
        refund_of=[None] * 8 + ["P00007"],
    )
    amounts = pd.Series(drawn.random.integers(100, 5000, drawn.count) / 100)
    refund = drawn.frame["refund_of"].notna()
    amounts = amounts.where(~refund | (drawn.random.random(drawn.count) < 0.5), -amounts)
    reconciled = drawn.later(drawn.opening, 400, empty=0.2)
    return drawn.frame.assign(
        paid_at=drawn.opening, amount_eur=drawn.gaps(amounts, 0.05), reconciled_at=reconciled
    )


def staff_cost(seed: int) -> pd.DataFrame:
    """Months of offices; O04 has no applications, and no plan: an amount of nothing."""
    drawn = _Grid(seed, month=_months(), office_code=[*OFFICES, "O04"])
    frame = drawn.frame
    days = drawn.whole(100, 4000) / 10
    days = days.mask(frame["office_code"].eq("O02") & frame["month"].dt.month.eq(7), 0.0)
    plan = (drawn.whole(500, 3000) + 0.0).mask(frame["office_code"] == "O04", 0.0)
    return frame.assign(
        staff_days_worked=drawn.gaps(days, 0.08),
        direct_cost_eur=drawn.gaps(drawn.whole(100_000, 900_000) / 100, 0.04),
        shared_cost_eur=drawn.gaps(drawn.whole(10_000, 90_000) / 100, 0.04),
        revenue_plan_eur=drawn.gaps(plan, 0.08),
    )


def civil_events(seed: int) -> pd.DataFrame:
    """Births of many communities; in one place the community is often not stated."""
    drawn = Long("event_id", 7000, seed)
    known = [each for each in COMMUNITIES if each]
    drawn.add(
        event_type=["birth"] * 8 + ["death"],
        occurred_abroad=[False] * 14 + [True] * 2 + [None],
        mother_municipality_code=["01"] * 4 + ["04"] * 4 + ["21"] * 3 + ["05", "99", None],
        community=known + MINORITY * 4 + [None] * 3,
        is_test=TESTS,
    )
    frame = drawn.frame
    often_unknown = (frame["mother_municipality_code"] == "04") & (
        drawn.random.random(drawn.count) < 0.25
    )
    frame["community"] = frame["community"].mask(often_unknown, None)
    happened = drawn.opening.dt.normalize()
    edges = [0, 1, 20, 29, 30, 31, 32, 90, 365, 366, 367, -2, 400]
    often = [1, 3, 5, 8, 10, 14, 20, 25] * 8
    delay = pd.to_timedelta(drawn.of([*edges, *often]).astype(int), "D")
    registered = happened + delay + pd.Timedelta(hours=10)
    notified = drawn.opening
    return frame.assign(
        event_date=happened,
        notified_at=notified,
        registered_at=drawn.gaps(registered, 0.05),
        updated_at=drawn.age(),
    )


def population_reference(seed: int) -> pd.DataFrame:
    drawn = _Grid(seed, municipality_code=[*PLACES, "05", "30"], year=[2024, 2025])
    frame = drawn.frame
    births = drawn.gaps((drawn.whole(400, 900) + 0.0), 0.1)
    births = births.mask(frame["municipality_code"] == "05")  # never estimated
    births = births.mask(frame["municipality_code"] == "30", 0.0)
    return frame.assign(population=10_000, expected_births=births)


def outreach(seed: int) -> pd.DataFrame:
    drawn = Long("case_id", 700, seed)
    outcomes = ["registered"] * 3 + ["documented", "not_eligible", "lost_contact", "open", None]
    drawn.add(
        ngo_code=["N1", "N2", None],
        municipality_code=[*PLACES, None],
        need=["birth_reg", "id_card", "residence", "court_proof", None],
        outcome=outcomes,
    )
    identified = drawn.opening.dt.normalize() - pd.Timedelta(days=365)
    resolved = identified + drawn.days([10, 60, 120, 179, 180, 180, 181, 250, None])
    return drawn.frame.assign(identified_at=identified, resolved_at=resolved)


def address_matches(seed: int) -> pd.DataFrame:
    """Two or three runs a month; of the two on one day no load brings both."""
    drawn = _Grid(seed, run=_runs(), register=REGISTERS, municipality_code=PLACES)
    frame = _dated(drawn.frame)
    total = drawn.whole(0, 900).where(frame["municipality_code"] != "21", 0)
    exact = (total * drawn.random.uniform(0.7, 1, drawn.count)).astype(int)
    probable = ((total - exact) * drawn.random.uniform(0, 1, drawn.count)).astype(int)
    return frame.assign(
        persons_total=total,
        matched_exact=exact,
        matched_probable=drawn.gaps(probable + 0.0, 0.05),
    )


RULES = {
    "R1": ("completeness", 3.0),
    "R2": ("validity", 1.5),
    "R3": ("validity", 0.5),
    "R4": (None, 1.0),
}


def dq_checks(seed: int) -> pd.DataFrame:
    """Every run tries every rule; one checks nothing, one says two weights for one rule."""
    drawn = _Grid(seed, run=_runs(), register=REGISTERS, municipality_code=PLACES, rule_code=RULES)
    frame = _dated(drawn.frame)
    frame["dimension"] = frame["rule_code"].map(lambda rule: RULES[rule][0])
    weight = frame["rule_code"].map(lambda rule: RULES[rule][1])
    torn = frame["rule_code"].eq("R2") & frame["municipality_code"].eq("04")
    torn &= frame["run_date"].dt.year.eq(2024) & frame["run_date"].dt.month.isin([3, 9])
    checked = drawn.whole(0, 500)
    nothing = frame["rule_code"].eq("R3") & frame["register"].eq("VEHICLES")
    checked = checked.mask(nothing, 0)
    failed = (checked * drawn.random.uniform(0, 0.2, drawn.count)).astype(int)
    return frame.assign(
        weight=weight.mask(torn, 9.0), records_checked=checked, records_failed=failed
    )


def corrections(seed: int) -> pd.DataFrame:
    drawn = Long("correction_id", 1500, seed)
    causes = ["office_error"] * 3 + ["source_error"] * 2
    drawn.add(
        register=[*REGISTERS, "MARRIAGES", None],
        field_group=["NAME", "DATE", "PLACE", None],
        cause=[*causes, "citizen_change", "court", "bulk_cleanup", None],
        office_code=[*OFFICES, "O09", None],
    )
    completed = drawn.later(drawn.opening, 300, empty=0.1)
    return drawn.frame.assign(requested_at=drawn.opening, completed_at=completed)


def register_snapshot(seed: int) -> pd.DataFrame:
    """Month ends of registers; one is missing everywhere, and one register of nobody."""
    ends = [day for day in _month_ends() if day != pd.Timestamp("2024-11-30")]
    drawn = _Grid(
        seed,
        snapshot_date=ends,
        register=[*REGISTERS, "EMPTY"],
        municipality_code=PLACES,
    )
    records = drawn.whole(1000, 9000).where(drawn.frame["register"] != "EMPTY", 0)
    return drawn.frame.assign(active_records=records)


def it_incidents(seed: int) -> pd.DataFrame:
    """Breaches told the authority seconds before and after 72 hours, much later, or never."""
    drawn = Long("incident_id", 600, seed)
    drawn.add(
        service=["CIVIL", "PASSPORTS"],
        personal_data_breach=[True] * 4 + [False, None],
        notification_required=[True] * 4 + [False, None],
    )
    opened = whole_moments(drawn.opening)
    in_both_clocks(drawn.frame, "opened_at", opened)
    aware = whole_moments(drawn.later(opened, 20, empty=0.1))
    in_both_clocks(drawn.frame, "breach_aware_at", aware)
    limit = 72 * 3600
    seconds = drawn.of([3600, limit - 1, limit, limit, limit + 1, 2 * limit, None])
    told = aware + pd.to_timedelta(seconds.astype("float64"), "s")
    in_both_clocks(drawn.frame, "authority_notified_at", whole_moments(told))
    return drawn.frame


def strategy_actions(seed: int) -> pd.DataFrame:
    drawn = Long("action_id", 250, seed)
    drawn.add(objective_code=["1.1", "2.1", None], owner=["IT", "HR", None])
    due = drawn.opening.dt.normalize()
    done = due + drawn.days([-30, -1, 0, 0, 1, 30, None])
    return drawn.frame.assign(baseline_due_date=due, due_date=due, completed_at=done)


class _Grid:
    """A row for every combination, drawn from a seed."""

    def __init__(self, seed: int, **members: Iterable[Any]) -> None:
        self.frame = pd.DataFrame(list(product(*members.values())), columns=list(members))
        self.count, self.random = len(self.frame), np.random.default_rng(seed)

    def whole(self, low: int, high: int) -> pd.Series:
        return pd.Series(self.random.integers(low, high, self.count))

    def gaps(self, column: pd.Series, share: float) -> pd.Series:
        return column.where(self.random.random(self.count) >= share)


def _months() -> list[pd.Timestamp]:
    return list(pd.date_range(FIRST, periods=26, freq="MS"))


def _month_ends() -> list[pd.Timestamp]:
    return list(pd.date_range(FIRST, periods=26, freq="ME"))


def _runs() -> list[str]:
    """A run in the first half of each month, and two on one day later in two of three months."""
    first = [f"{month:%Y-%m}-07 A" for month in _months()]
    later = [month for number, month in enumerate(_months()) if number % 3 < 2]
    return first + [f"{month:%Y-%m}-21 {which}" for month in later for which in "BC"]


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    dated = frame.assign(run_id=frame["run"], run_date=pd.to_datetime(frame["run"].str[:10]))
    return dated.drop(columns="run")
