"""The story the catalogue's KPIs are tried on: loads, late corrections, and loads taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.store.tables import OnlineService
from data.workspace import Workspace
from kpis.readings import refresh
from tests.kpis.catalogue import raw_rows
from tests.kpis.conftest import Loads, founded, settings_in

LINES = {
    "CS-01": ["value"],
    "CS-02": ["value"],
    "CS-03": ["value"],
    "CS-04": ["value"],
    "CS-07": ["value", "by_amount"],
    "CS-08": ["value"],
    "CR-01": ["value", "abroad"],
    "CR-02": ["value", "late_within_year", "late_after_year", "abroad"],
    "CR-04": ["value"],
    "DQ-04": ["value"],
    "IT-01": ["value"],
    "IT-02": ["value", "median", "open_at_end"],
    "IT-03": ["value"],
}
CUTS = [date(2024, 9, 10), date(2025, 3, 20), date(2025, 5, 5)]
ONLINE: Mapping[str, list[tuple[date, date | None]]] = {
    "PASSPORT": [(date(2024, 3, 1), date(2024, 10, 15)), (date(2025, 1, 1), None)],
    "ID_CARD": [(date(2024, 6, 1), None)],
}


@dataclass(frozen=True)
class Extract:
    """How rows of an extract are made, told apart and known before they are complete."""

    make: Callable[[int], pd.DataFrame]
    key: list[str]
    opening: list[str]
    happened: list[str] = field(default_factory=list)  # moments that are empty until they come
    updated: str | None = None

    def known_at(self, seed: int, cut_off: date) -> pd.DataFrame:
        """A version of the rows as an extract of that day holds it."""
        rows = self.make(seed)
        end = pd.Timestamp(cut_off) + pd.Timedelta(days=1)
        for name in self.happened:
            later = rows[name] >= end
            for column in (name, f"{name}_utc"):
                if column in rows:
                    rows[column] = rows[column].mask(later)
        opened = rows[self.opening].bfill(axis=1).iloc[:, 0]
        return rows[opened < end].reset_index(drop=True)

    def latest(self, versions: list[pd.DataFrame]) -> pd.DataFrame:
        """The version of each key that counts: the newest, of equals the one loaded last."""
        stacked = pd.concat([rows.assign(_load=n) for n, rows in enumerate(versions)])
        order = [self.updated, "_load"] if self.updated else ["_load"]
        ordered = stacked.sort_values(order, na_position="first", kind="stable")
        return ordered.drop_duplicates(self.key, keep="last").reset_index(drop=True)


EXTRACTS: Mapping[str, Extract] = {
    "applications": Extract(
        raw_rows.applications, ["application_id"], ["submitted_at"], updated="updated_at"
    ),
    "appointments": Extract(
        raw_rows.appointments,
        ["appointment_id"],
        ["booked_at", "ticket_at"],
        ["ticket_at", "called_at"],
    ),
    "payments": Extract(raw_rows.payments, ["payment_id"], ["paid_at"]),
    "satisfaction": Extract(raw_rows.satisfaction, ["response_id"], ["answered_at"]),
    "civil_events": Extract(
        raw_rows.civil_events,
        ["event_id"],
        ["notified_at", "registered_at", "event_date"],
        ["registered_at"],
        "updated_at",
    ),
    "register_exchange": Extract(
        raw_rows.register_exchange, ["day", "consumer_code", "exchange_service"], ["day"]
    ),
    "it_availability": Extract(raw_rows.it_availability, ["service", "day"], ["day"]),
    "it_incidents": Extract(
        raw_rows.it_incidents, ["incident_id"], ["opened_at"], ["restored_at", "closed_at"]
    ),
    "backup_tests": Extract(raw_rows.backup_tests, ["test_id"], ["planned_for"]),
}
PLANNED = {"backup_tests"}  # extracts that hold days to come


@dataclass(frozen=True)
class Known:
    """What an honest analyst knows of an extract after an event."""

    event: int
    rows: pd.DataFrame
    cut_off: date


@dataclass
class Story:
    """What was loaded and taken back, extract by extract."""

    workspace: Workspace
    known: dict[str, list[Known]]

    @property
    def last(self) -> int:
        return max(each.event for states in self.known.values() for each in states)

    def at(self, event: int) -> dict[str, Known]:
        """What is known of each extract once this event has happened."""
        return {
            name: max((each for each in states if each.event <= event), key=lambda e: e.event)
            for name, states in self.known.items()
            if states[0].event <= event
        }


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Each extract is loaded three times, the second load is taken back; published twice."""
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("catalogue"))))
    offer_online(workspace)
    yield told(Loads(workspace))
    workspace.database.dispose()


def offer_online(workspace: Workspace) -> None:
    with workspace.database.writing() as session:
        for service, spans in ONLINE.items():
            for first, last in spans:
                row = {"service_code": service, "valid_from": first, "valid_to": last}
                session.add(OnlineService.model_validate({**row, "source": "test"}))


def told(loads: Loads) -> Story:
    known: dict[str, list[Known]] = {name: [] for name in EXTRACTS}
    versions = {name: _versions(name) for name in EXTRACTS}
    events: dict[str, int] = {}
    for number, cut_off in enumerate(CUTS):
        for name, extract in EXTRACTS.items():
            event = loads.load(name, versions[name][number], cut_off=cut_off)
            rows = extract.latest(versions[name][: number + 1])
            known[name].append(Known(event, rows, cut_off))
            if number == 1:
                events[name] = event
        if number == 1:
            refresh(loads.workspace, by=SYSTEM, codes=list(LINES))
    for name, extract in EXTRACTS.items():
        event = loads.withdraw(events[name])
        rows = extract.latest([versions[name][0], versions[name][2]])
        known[name].append(Known(event, rows, CUTS[2]))
    refresh(loads.workspace, by=SYSTEM, codes=list(LINES))
    return Story(loads.workspace, known)


def _versions(name: str) -> list[pd.DataFrame]:
    """A part of what there is, then two loads that bring the rest and correct what was there."""
    extract = EXTRACTS[name]
    seed = 10 * list(EXTRACTS).index(name)
    cuts = [date(2026, 1, 1)] * 3 if name in PLANNED else CUTS
    rows = [extract.known_at(seed + n, cut_off) for n, cut_off in enumerate(cuts)]
    shares = (0.8, 0.5, 0.7)
    return [
        part.sample(frac=share, random_state=n).sort_index().reset_index(drop=True)
        for n, (part, share) in enumerate(zip(rows, shares, strict=True))
    ]
