"""CS-08 asks some for all: its 95 % interval is the same wherever its share is told."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner

from dashboard.command_line.kpi import app as command
from dashboard.web import front_door
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.figure import Missing
from data.people import add_first_administrator
from data.period import Period
from data.tokens import create_token
from data.workspace import Workspace
from kpis.readings import Ask, Reading, refresh, values
from tests.dashboard.browser import serving
from tests.dashboard.pages.measured import Tab
from tests.house import ADMIN, PASSWORD, actor, join
from tests.kpis.conftest import Loads, founded, open_offices, settings_in

VIEWER = "viewer@example.org"
QUARTER = Period.parse("2025-Q1")
Z = 1.959963984540054  # the standard normal quantile of 0.975
ANSWERS = {"O01": (60, 49), "O02": (29, 29), "O03": (41, 41)}  # how many, and how many satisfied


@dataclass(frozen=True)
class Asked:
    """A house in which people were asked, and its readings."""

    house: Workspace
    readings: dict[str, Reading]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    house = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("samples"))))
    open_offices(house, list(ANSWERS))
    add_first_administrator(house, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(house, VIEWER, Role.VIEWER)
    rows = [
        {"office_code": office, "score": 4 + number % 2 if number < satisfied else 1}
        for office, (count, satisfied) in ANSWERS.items()
        for number in range(count)
    ]
    answers = pd.DataFrame(rows).assign(
        response_id=[f"R{number}" for number in range(len(rows))],
        answered_at=pd.Timestamp("2025-02-03 10:00"),
        service_code="PASSPORT",
        channel="online",
        language="sq",
    )
    Loads(house).load("satisfaction", answers, cut_off=date(2025, 4, 20))
    refresh(house, by=SYSTEM, codes=["CS-08"])
    yield Asked(house, {**told(house), **told(house, "office")})
    house.database.dispose()


def told(house: Workspace, *by: str) -> dict[str, Reading]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = values(reader, Ask("CS-08", QUARTER, QUARTER, by, measures=("value",)))
    return {each.cell.member: each for each in found}


def expected(count: int, satisfied: int) -> tuple[float, float]:
    """The shares p from which what was seen lies no further than Z: (s - p)² n = Z² p (1 - p)."""
    share, square = satisfied / count, Z * Z / count
    roots = np.roots([1 + square, -(2 * share + square), share * share])
    low, high = sorted(100 * root.real for root in roots)
    return float(low), float(high)


def test_of_many_answers_the_interval_is_that_of_wilson(asked: Asked) -> None:
    count, satisfied = (sum(column) for column in zip(*ANSWERS.values(), strict=True))
    for office, seen in {"": (count, satisfied), "O01": (60, 49), "O03": (41, 41)}.items():
        interval = asked.readings[office].interval
        assert interval is not None
        bounds = [bound.value or 0.0 for bound in interval]
        assert np.allclose(bounds, expected(*seen), rtol=1e-12)
        assert all(bound.decimals == asked.readings[office].figure.decimals for bound in interval)


def test_of_few_answers_nothing_is_told(asked: Asked) -> None:
    few = asked.readings["O02"]
    assert few.figure.missing in (Missing.TOO_FEW, Missing.SUPPRESSED)
    assert few.interval is None


def test_the_command_prints_it(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRA_HOME", str(asked.house.settings.home))
    call = ["values", "CS-08", "--from", "2025-Q1", "--to", "2025-Q1", "--as", VIEWER]
    low, high = expected(130, 119)
    shown = f"95 % interval: {low:.1f}% to {high:.1f}%"
    assert shown in CliRunner().invoke(command, call).output
    document = json.loads(CliRunner().invoke(command, [*call, "--format", "json"]).output)
    (row,) = [one for one in document["values"] if one["measure"] == "value"]
    assert math.isclose(row["low"], low)
    assert math.isclose(row["high"], high)
    lines = csv.DictReader(
        io.StringIO(CliRunner().invoke(command, [*call, "--format", "csv"]).output)
    )
    assert math.isclose(float(next(iter(lines))["low"]), low)


def test_the_data_interface_tells_it(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRA_HOME", str(asked.house.settings.home))
    token = create_token(asked.house, by=actor(asked.house, VIEWER), name="script", days=30).key
    app = Starlette(routes=front_door.ROUTES, middleware=front_door.MIDDLEWARE)
    with serving(app) as browser:
        answer = browser.get(
            "/api/v1/kpis/CS-08/values",
            {"Authorization": f"Bearer {token}"},
            {"from": "2025-Q1", "to": "2025-Q1", "by": "office", "measure": "value"},
        )
    items: dict[str, Any] = {one["cell"]["office"]: one for one in answer.json()["items"]}
    low, high = expected(60, 49)
    told = items["O01"]["interval"]
    assert math.isclose(told["low"]["value"], low)
    assert told["high"]["text"] == f"{high:.1f}%"
    assert told["confidence"] == 0.95
    assert items["O02"]["interval"] is None


@pytest.mark.parametrize("page", ["scorecard", "kpi"])
def test_the_pages_show_it(asked: Asked, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    tab = Tab(asked.house, monkeypatch, page, email=VIEWER, period="2025-Q1", kpi="CS-08")
    low, high = expected(130, 119)
    tables = [str(one.value.to_dict()) for one in tab.page.table]
    shown = f"95 % interval: {low:.1f}% to {high:.1f}%"
    assert shown in tab.said + "".join(tables).replace("\\", "")
