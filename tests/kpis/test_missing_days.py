"""Days an extract that should speak every day says nothing of are told, service by service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.lineage import explain
from kpis.readings import refresh
from tests.kpis.conftest import Loads, founded, settings_in

SERVICES = ("CIVIL_REGISTER", "NETWORK")
CUT = date(2025, 3, 20)
LEFT_OUT = {  # (service, day) that no file brings
    ("NETWORK", date(2025, 2, 3)),
    ("NETWORK", date(2025, 2, 28)),
    ("CIVIL_REGISTER", date(2025, 3, 20)),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("days"))))
    rows = [
        (service, day.date(), 1440, 0, 5)
        for service in SERVICES
        for day in pd.date_range("2025-01-01", CUT)
        if (service, day.date()) not in LEFT_OUT
    ]
    names = ["service", "day", "agreed_minutes", "planned_down_minutes", "unplanned_down_minutes"]
    frame = pd.DataFrame(rows, columns=names)
    Loads(workspace).load("it_availability", frame, cut_off=CUT, first=date(2025, 1, 1))
    refresh(workspace, by=SYSTEM, codes=["IT-01"])
    yield workspace
    workspace.database.dispose()


@pytest.mark.parametrize("period", ["2025-01", "2025-02", "2025-03", "2025-Q1", "2025"])
@pytest.mark.parametrize("service", [None, *SERVICES])
def test_the_days_are_those_left_out_up_to_the_cut_off(
    house: Workspace, period: str, service: str | None
) -> None:
    asked = Period.parse(period)
    where = {"it_service": service} if service else {}
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = explain(reader, "IT-01", asked, where=where)
    expected: dict[str, tuple[date, ...]] = {}
    for member in [service] if service else SERVICES:
        days = sorted(d for s, d in LEFT_OUT if s == member and asked.start <= d <= asked.last_day)
        expected |= {member: tuple(days)} if days else {}
    assert found.missing == expected


def test_they_are_not_counted_as_good(house: Workspace) -> None:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = explain(reader, "IT-01", Period.parse("2025-02"))
    agreed = 1440 * (2 * 28 - 2)
    assert (found.numerator, found.denominator) == (agreed - 5 * (2 * 28 - 2), agreed)
