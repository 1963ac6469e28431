"""What is loaded for the composed KPIs, extract by extract: versions, cut-offs, days covered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from data.workspace import Workspace
from tests.kpis.composed import raw_rows
from tests.kpis.conftest import FIRST

CUTS = [date(2024, 9, 10), date(2025, 8, 20), date(2026, 1, 25)]
WITHDRAWN = 1  # the load that is taken back in the end
SHARES = (0.8, 0.5, 0.7)  # how much of all there is each load holds
OFFICE_PLACES = {"O01": "01", "O02": "04", "O03": "21", "O04": "01", "O05": "04"}
MINUTES: Mapping[str, list[tuple[date, date | None, float]]] = {
    "PASSPORT": [(date(2024, 1, 1), date(2024, 10, 15), 30.0), (date(2024, 10, 16), None, 24.5)],
    "ID_CARD": [(date(2024, 3, 1), None, 20.0)],
    "CIVIL_CERT": [(date(2020, 1, 1), date(2025, 6, 30), 7.5)],
}
ZONE = ZoneInfo("Europe/Belgrade")


@dataclass(frozen=True)
class Extract:
    """How rows of an extract are made, told apart, and placed in time."""

    make: Callable[[int], pd.DataFrame]
    key: list[str]
    day: str | None  # rows open on it, and are known from it on; None: all are known at once
    happened: list[str] = field(default_factory=list)  # moments that are empty until they come
    updated: str | None = None
    first: date = FIRST
    together: list[str] = field(default_factory=list)  # what a load brings or leaves as a whole
    ahead: bool = False  # holds days to come
    spans: str = "day"  # what a row speaks for: a day, a month or a year

    def version(self, number: int) -> pd.DataFrame:
        """The rows of one load: a part of what there is on that day, all drawn anew."""
        rows = self.make(10 * list(EXTRACTS).index(self.name) + number)
        rows = self._known(rows, pd.Timestamp(CUTS[number]) + pd.Timedelta(days=1))
        if "run_id" in rows:  # of two runs on one day no load brings both
            rows = rows[~rows["run_id"].str.endswith("B" if number == WITHDRAWN else "C")]
        groups = rows[self.together or self.key].drop_duplicates()
        chosen = groups.sample(frac=SHARES[number], random_state=number)
        return rows.merge(chosen, on=list(chosen)).reset_index(drop=True)

    @property
    def name(self) -> str:
        return self.make.__name__

    def _known(self, rows: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
        for name in self.happened:
            later = rows[name] >= end
            for column in (name, f"{name}_utc"):
                if column in rows:
                    rows[column] = rows[column].mask(later)
        if self.day is None or self.ahead:
            return rows
        return rows[rows[self.day] < end]

    def latest(self, versions: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
        """The version of each key that counts: the newest, of equals the one loaded last."""
        stacked = pd.concat([rows.assign(_load=n) for n, rows in versions.items()])
        order = [self.updated, "_load"] if self.updated else ["_load"]
        ordered = stacked.sort_values(order, na_position="first", kind="stable")
        return ordered.drop_duplicates(self.key, keep="last").reset_index(drop=True)

    def covered_to(self, number: int) -> date:
        """The last day a load speaks for: the end of the last month or year it holds rows of."""
        cut_off = CUTS[number]
        if self.spans == "year":
            return date(2025, 12, 31)
        if self.spans == "month":
            last: pd.Timestamp = self._last_day(cut_off)
            return (last + pd.offsets.MonthEnd(0)).date()
        return cut_off

    def _last_day(self, cut_off: date) -> pd.Timestamp:
        days = self.make(0)[self.day or ""]
        found: pd.Timestamp = days[days <= pd.Timestamp(cut_off)].max()
        return found


RUN = ["run_id", "register", "municipality_code"]
_ALL = [
    Extract(raw_rows.expiring_documents, ["document_pseudo"], "expiry_date",
            ["renewal_submitted_at"], ahead=True),
    Extract(raw_rows.sms, ["sms_id"], "planned_for", ["delivered_at"]),
    Extract(raw_rows.applications, ["application_id"], "submitted_at",
            ["decided_at", "issued_at"], "updated_at"),
    Extract(raw_rows.complaints, ["complaint_id"], "received_at"),
    Extract(raw_rows.payments, ["payment_id"], "paid_at", ["reconciled_at"]),
    Extract(raw_rows.staff_cost, ["month", "office_code"], "month", spans="month"),
    Extract(raw_rows.civil_events, ["event_id"], "notified_at", ["registered_at"], "updated_at"),
    Extract(raw_rows.population_reference, ["municipality_code", "year"], None, spans="year"),
    Extract(raw_rows.outreach, ["case_id"], "identified_at", ["resolved_at"],
            first=date(2023, 1, 1)),
    Extract(raw_rows.address_matches, RUN, "run_date", spans="month"),
    Extract(raw_rows.dq_checks, [*RUN, "rule_code"], "run_date", together=RUN, spans="month"),
    Extract(raw_rows.corrections, ["correction_id"], "requested_at", ["completed_at"]),
    Extract(raw_rows.register_snapshot, ["snapshot_date", "register", "municipality_code"],
            "snapshot_date", spans="month"),
    Extract(raw_rows.it_incidents, ["incident_id"], "opened_at",
            ["breach_aware_at", "authority_notified_at"]),
    Extract(raw_rows.strategy_actions, ["action_id"], "baseline_due_date", ["completed_at"],
            ahead=True),
]  # fmt: skip
EXTRACTS = {extract.name: extract for extract in _ALL}


def first_day(name: str) -> date:
    """The first day an extract speaks for."""
    return EXTRACTS[name].first


@dataclass(frozen=True)
class Known:
    """What an honest analyst knows of an extract after an event."""

    event: int
    rows: pd.DataFrame
    cut_off: date
    covered_to: date

    @property
    def cut_at_utc(self) -> pd.Timestamp:
        """The end of the last day known, in UTC."""
        midnight = pd.Timestamp(self.cut_off + timedelta(days=1), tz=ZONE)
        return midnight.tz_convert("UTC").tz_localize(None)

    def whole(self, first: date, period: pd.Period) -> bool:
        """Whether every day of a period is covered and over."""
        start, end = period.start_time.date(), period.end_time.date()
        return first <= start and end <= min(self.cut_off, self.covered_to)


@dataclass
class Story:
    """What was loaded and taken back, extract by extract."""

    workspace: Workspace
    known: dict[str, list[Known]]
    districts: Mapping[str, str]

    @property
    def last(self) -> int:
        return max(each.event for states in self.known.values() for each in states)

    def at(self, event: int) -> dict[str, Known]:
        """What is known of each extract once this event has happened."""
        return {
            name: max((each for each in states if each.event <= event), key=lambda e: e.event)
            for name, states in self.known.items()
            if states and states[0].event <= event
        }
