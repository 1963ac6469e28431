"""As first published against now, with the batch: the command and the data interface tell both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner

from dashboard.command_line.main import app as command
from dashboard.web import front_door
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.people import add_first_administrator
from data.period import Period
from data.tokens import create_token
from data.workspace import Workspace
from kpis.readings import Ask, refresh, values
from tests.dashboard.browser import Browser, serving
from tests.house import ADMIN, PASSWORD, actor, join
from tests.kpis.conftest import OFFICES, Loads, applications, founded, open_offices, settings_in

VIEWER = "viewer@example.org"
FIRST, LAST, CUT = Period.parse("2024-01"), Period.parse("2025-03"), date(2025, 4, 20)
SPAN = {"from": FIRST.code, "to": LAST.code}
Figures = dict[str, float | None]


@dataclass(frozen=True)
class Corrected:
    """A house whose second load was published and then taken back; a program's way in."""

    house: Workspace
    batch: str
    browser: Browser
    key: str

    def restated(self, **asked: str) -> list[dict[str, Any]]:
        answer = self.browser.get(
            "/api/v1/kpis/SD-01/restatements",
            {"Authorization": f"Bearer {self.key}"},
            {**SPAN, **asked},
        )
        assert answer.status == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corrected]:
    house = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("restated"))))
    open_offices(house, OFFICES)
    add_first_administrator(house, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(house, VIEWER, Role.VIEWER)
    rows, loads = applications(300, seed=5), Loads(house)
    loads.load("applications", rows.iloc[:200], cut_off=CUT)
    second = loads.load("applications", rows.iloc[200:], cut_off=CUT)
    refresh(house, by=SYSTEM, codes=["SD-01"])
    loads.withdraw(second)
    refresh(house, by=SYSTEM, codes=["SD-01"])
    key = create_token(house, by=actor(house, VIEWER), name="script", days=30).key
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRA_HOME", str(house.settings.home))
        app = Starlette(routes=front_door.ROUTES, middleware=front_door.MIDDLEWARE)
        with serving(app) as browser:
            yield Corrected(house, loads.batches[second], browser, key)
    house.database.dispose()


def counted(house: Workspace, event: int, **where: str) -> Figures:
    """What is counted from the rows known after an event, whatever was published."""
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        ask = Ask("SD-01", FIRST, LAST, where=where, measures=("value",), as_of=event)
        return {each.period.code: each.figure.value for each in values(reader, ask)}


@pytest.mark.parametrize("where", [{}, {"office": "O01"}])
def test_the_data_interface_tells_both_and_the_batch(
    corrected: Corrected, where: dict[str, str]
) -> None:
    before, after = (counted(corrected.house, event, **where) for event in (2, 3))
    differ = [code for code in before if before[code] != after[code]]
    found = corrected.restated(**where)
    assert [item["period"] for item in found] == differ
    assert differ
    for item in found:
        assert item["first"]["value"] == before[item["period"]]
        assert item["now"]["value"] == after[item["period"]]
        assert [(one["event"], one["batch"]) for one in item["causes"]] == [(3, corrected.batch)]


def test_before_it_was_taken_back_nothing_was_restated(corrected: Corrected) -> None:
    assert corrected.restated(as_of="2") == []
    assert corrected.restated(as_of="3") == corrected.restated()


def test_the_command_says_the_same(corrected: Corrected) -> None:
    call = ["kpi", "restated", "SD-01", "--from", FIRST.code, "--to", LAST.code, "--as", VIEWER]
    found = json.loads(CliRunner().invoke(command, [*call, "--json"]).output)
    told = corrected.restated()
    for one, other in zip(found, told, strict=True):
        assert one["period"] == other["period"]
        for name in ("first", "now"):
            assert one[name]["value"] == other[name]["value"]
        assert one["causes"][0]["batch"] == corrected.batch
    table = CliRunner().invoke(command, call).output
    assert f"applications-{corrected.batch}.csv" in table
    assert len(table.splitlines()) == len(found) + 1
    nothing = CliRunner().invoke(command, [*call, "--as-of", "2"]).output
    assert "No value of this series was restated" in nothing
