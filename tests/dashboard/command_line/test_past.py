"""Commands as of an earlier load print what they printed then, to the letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from typer.testing import CliRunner

from dashboard.command_line.main import app
from data.access.actor import SYSTEM
from data.access.roles import Role
from data.people import add_first_administrator
from data.workspace import Workspace
from kpis.defining.actions import retire_kpi
from kpis.entering import approve_readings
from kpis.entries import Slot
from kpis.locks import lock_period
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import Loads, applications, founded, open_offices, settings_in
from tests.kpis.entering.house import FEB, JAN, OTHER, SCORE, SPECS, approved, define, submit

OWNER = "owner@example.org"
QUALITY = ["extract", "quality", "--period", "2025-03"]
CALLS = {
    "loads": ["extract", "list"],
    "loads, for programs": ["extract", "list", "--json"],
    "quality": QUALITY,
    "quality of one": [*QUALITY, "applications"],
    "quality of one, for programs": [*QUALITY, "applications", "--json"],
    "readings": ["reading", "list", SCORE],
    "readings, for programs": ["reading", "list", SCORE, "--json"],
    "definitions": ["kpi", "export"],
    "KPIs": ["kpi", "list"],
}


@dataclass(frozen=True)
class Told:
    """A house in which much was done since, and what the commands printed before."""

    house: Workspace
    before: dict[str, str]


def said(call: list[str]) -> str:
    result = CliRunner().invoke(app, [*call, "--as", OWNER])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    house = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("past"))))
    open_offices(house, ["O01", "O02", "O03"])
    add_first_administrator(house, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(house, OWNER, Role.KPI_OWNER)
    loads, rows = Loads(house), applications(300, seed=3)
    first = loads.load("applications", rows, cut_off=date(2025, 4, 20))
    define(house, SCORE, SPECS[SCORE])
    approved(house, Slot(SCORE, JAN), 2.0)
    waiting = submit(house, Slot(SCORE, FEB), 3.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRA_HOME", str(house.settings.home))
        before = {name: said(call) for name, call in CALLS.items()}
        loads.withdraw(first)
        loads.load("applications", rows.iloc[:200], cut_off=date(2025, 3, 10))
        approve_readings(house, by=OTHER, entries=[waiting])
        lock_period(house, by=SYSTEM, period=JAN)
        retire_kpi(house, by=SYSTEM, code="SD-05", reason="of no use")
        yield Told(house, before)
    house.database.dispose()


@pytest.mark.parametrize("name", CALLS)
def test_as_of_the_first_load_a_command_prints_what_it_printed(told: Told, name: str) -> None:
    assert said([*CALLS[name], "--as-of", "1"]) == told.before[name]
    assert said(CALLS[name]) != told.before[name]


def test_a_time_that_is_none_is_refused(told: Told) -> None:
    result = CliRunner().invoke(app, ["extract", "list", "--as-of", "soon", "--as", OWNER])
    assert result.exit_code == 1
