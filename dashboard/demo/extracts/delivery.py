"""Writes the files of the other systems: all that was, and then month by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from dashboard.demo.clock import moment
from dashboard.demo.dirt import spoil
from dashboard.demo.extracts.appointments import appointments, satisfaction
from dashboard.demo.extracts.civil import civil_events
from dashboard.demo.extracts.complaints import complaints
from dashboard.demo.extracts.documents import blank_stock, driving_licences, vehicles
from dashboard.demo.extracts.incidents import it_incidents
from dashboard.demo.extracts.management import staff_cost, strategy_actions
from dashboard.demo.extracts.messages import expiring_documents, sms
from dashboard.demo.extracts.payments import payments
from dashboard.demo.extracts.people import outreach, population_reference
from dashboard.demo.extracts.registers import (
    address_matches,
    corrections,
    dq_checks,
    register_snapshot,
)
from dashboard.demo.extracts.rows import Rows
from dashboard.demo.extracts.technology import backup_tests, it_availability, register_exchange
from dashboard.demo.extracts.world import World
from dashboard.demo.spec import DemoFile, DemoSpec, local_midnight
from dashboard.demo.streams import Streams
from dashboard.demo.writing import write_native
from data.period import Period

SINGLE_MONTHS = 3  # the last ones have a file of their own; what was before comes in one
CHANGES = "changes"
EVERYTHING = 0  # a moment before all others
SYSTEMS: dict[str, Callable[[World], Rows]] = {
    "population_reference": population_reference,
    "staff_cost": staff_cost,
    "strategy_actions": strategy_actions,
    "appointments": appointments,
    "satisfaction": satisfaction,
    "payments": payments,
    "complaints": complaints,
    "expiring_documents": expiring_documents,
    "sms": sms,
    "driving_licences": driving_licences,
    "vehicles": vehicles,
    "blank_stock": blank_stock,
    "civil_events": civil_events,
    "outreach": outreach,
    "register_snapshot": register_snapshot,
    "corrections": corrections,
    "dq_checks": dq_checks,
    "address_matches": address_matches,
    "register_exchange": register_exchange,
    "it_availability": it_availability,
    "it_incidents": it_incidents,
    "backup_tests": backup_tests,
}
# The one untidy file: payments of the last month but one.
UNTIDY, UNTIDY_MONTHS_BEFORE_END = "payments", 2
DAMAGES = (("method", "cheque"), ("amount_eur", "25 euro"), ("paid_at", "0000-00-00 00:00:00"))

Progress = Callable[[int, int], None]  # systems written, of so many


def write_extracts(
    spec: DemoSpec, folder: Path, progress: Progress | None = None
) -> list[DemoFile]:
    """Write every file into the folder and describe them in the order in which they are loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World.of(spec)
    files: list[DemoFile] = []
    for done, (contract, system) in enumerate(SYSTEMS.items(), start=1):
        files.extend(_deliver(spec, folder, contract, system(world)))
        if progress is not None:
            progress(done, len(SYSTEMS))
    return files


def _deliver(spec: DemoSpec, folder: Path, contract: str, rows: Rows) -> Iterator[DemoFile]:
    """A file for each span in which anything changed; a silent one is covered by the next."""
    since: date | None = None
    for number, (start, last) in enumerate(_spans(spec)):
        since = since or start
        known_before = moment(start) if number else EVERYTHING
        table = rows.between(known_before, moment(last.end))
        if not len(table):
            continue
        path = folder / f"{contract}-{_name(since, last)}.csv"
        write_native(_as_sent(spec, contract, last, table), path)
        yield DemoFile(
            path=path,
            contract=contract,
            profile=f"{contract}-native",
            period=last,
            scope=CHANGES,
            coverage_from=since,
            coverage_to=last.end - timedelta(days=1),
            cut_at=local_midnight(last.end, spec.zone),
        )
        since = None


def _spans(spec: DemoSpec) -> Iterator[tuple[date, Period]]:
    """The first day and the last month of each file."""
    periods = list(spec.first.until(spec.last))
    if len(periods) > SINGLE_MONTHS:
        yield spec.first.start, periods[-SINGLE_MONTHS - 1]
    for period in periods[-SINGLE_MONTHS:]:
        yield period.start, period


def _name(since: date, last: Period) -> str:
    return last.code if since == last.start else f"{since:%Y-%m}-to-{last.code}"


def _as_sent(spec: DemoSpec, contract: str, last: Period, table: pa.Table) -> pa.Table:
    untidy = spec.months_before_end(UNTIDY_MONTHS_BEFORE_END)
    if spec.dirt and (contract, last.start) == (UNTIDY, untidy):
        return spoil(table, DAMAGES, Streams(spec.seed), "dirt.payments")
    return table
