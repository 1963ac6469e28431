"""The story the composed KPIs are tried on: loads on either side, corrections, loads taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM
from data.store.tables import Municipality, Office, OrgUnit, StandardMinutes
from data.store.tables.columns import Named
from data.workspace import Workspace
from kpis.readings import refresh
from tests.kpis.composed.story import (
    CUTS,
    EXTRACTS,
    MINUTES,
    OFFICE_PLACES,
    WITHDRAWN,
    Known,
    Story,
)
from tests.kpis.conftest import Loads, founded, settings_in

LINES = {
    "CS-05": ["value", "reachable"],
    "CS-06": ["value"],
    "CS-09": ["value", "upheld"],
    "CR-03": ["value"],
    "CR-05": ["value", "unknown_share"],
    "CR-06": ["value"],
    "DQ-01": ["value", "probable"],
    "DQ-02": ["value"],
    "DQ-03": ["value"],
    "IT-04": ["value"],
    "MG-01": ["value"],
    "MG-02": ["value"],
    "MG-03": ["value", "unreconciled"],
    "MG-04": ["value"],
}


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Each extract is loaded three times, the second load is taken back; published twice."""
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("composed"))))
    settle(workspace)
    yield told(Loads(workspace))
    workspace.database.dispose()


def settle(workspace: Workspace) -> None:
    """Offices in their municipalities, and the minutes of work a service stands for."""
    with workspace.database.writing() as session:
        for code, place in OFFICE_PLACES.items():
            named = Named(name_sq=code, name_sr=code, name_en=code).model_dump()
            unit = {"code": code, "parent_code": "CRA", "kind": "office", **named}
            session.add(OrgUnit.model_validate(unit))
            session.flush()
            office = {"code": code, "unit_code": code, "municipality_code": place, **named}
            session.add(Office.model_validate(office))
        for service, spans in MINUTES.items():
            for first, last, minutes in spans:
                row = {"service_code": service, "minutes": minutes, "source": "test"}
                row |= {"valid_from": first, "valid_to": last}
                session.add(StandardMinutes.model_validate(row))


def told(loads: Loads) -> Story:
    """The second round comes in the other order, so that either side of a join is loaded first."""
    versions = {
        name: [each.version(n) for n in range(len(CUTS))] for name, each in EXTRACTS.items()
    }
    known: dict[str, list[Known]] = {name: [] for name in EXTRACTS}
    taken_back: dict[str, int] = {}
    for number, cut_off in enumerate(CUTS):
        for name in list(EXTRACTS)[:: -1 if number == WITHDRAWN else 1]:
            extract, last = EXTRACTS[name], EXTRACTS[name].covered_to(number)
            event = loads.load(
                name, versions[name][number], cut_off=cut_off, first=extract.first, last=last
            )
            loaded = {n: versions[name][n] for n in range(number + 1)}
            known[name].append(Known(event, extract.latest(loaded), cut_off, last))
            if number == WITHDRAWN:
                taken_back[name] = event
        if number == WITHDRAWN:
            refresh(loads.workspace, by=SYSTEM, codes=list(LINES))
    for name, extract in EXTRACTS.items():
        event = loads.withdraw(taken_back[name])
        left = {n: rows for n, rows in enumerate(versions[name]) if n != WITHDRAWN}
        newest = known[name][-1]
        rows = extract.latest(left)
        known[name].append(Known(event, rows, newest.cut_off, newest.covered_to))
    refresh(loads.workspace, by=SYSTEM, codes=list(LINES))
    with loads.workspace.database.reading() as session:
        places = {row.code: row.district_code for row in session.exec(select(Municipality))}
    return Story(loads.workspace, known, places)
