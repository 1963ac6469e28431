"""Key risk indicators through the data interface: the same state and values as everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.applications import Starlette

from dashboard.web import front_door
from data.tokens import create_token
from data.workspace import Workspace
from risks.register.kinds import Effect
from tests.dashboard.browser import serving
from tests.dashboard.web.api.conftest import Program
from tests.kpis.conftest import settings_in
from tests.risks.indicators.houses import BAD, CASES, GOOD, WEAK, WatchedHouse, watched_house

MONTHS = {"2025-01": GOOD, "2025-02": WEAK, "2025-03": BAD, "2025-04": BAD}
THEN = "2025-05-10"  # soon after the extract


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> WatchedHouse:
    house = watched_house(Workspace.open(settings_in(tmp_path_factory.mktemp("watched"))))
    house.opened()
    house.load(MONTHS)
    house.watch()
    house.link(Effect.ESCALATE)
    house.evaluate()
    return house


@pytest.fixture(scope="module")
def programs(watched: WatchedHouse) -> Iterator[dict[str, Program]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRA_HOME", str(watched.workspace.settings.home))
        app = Starlette(routes=front_door.ROUTES, middleware=front_door.MIDDLEWARE)
        with serving(app) as browser:
            workspace = Workspace.open(watched.workspace.settings)
            keys = {
                name: create_token(workspace, by=watched[name], name="test", days=30).key
                for name in ("auditor", "viewer")
            }
            yield {name: Program(browser, key) for name, key in keys.items()}


def test_the_readings_are_what_was_loaded(programs: dict[str, Program]) -> None:
    told = programs["auditor"].read("/risk-indicators/kri-001")
    found = {one["period"]: (one["value"], one["signal"]) for one in told["readings"]}
    for month, returned in MONTHS.items():
        share = 100 * (CASES - returned) / CASES
        signal = "green" if share > 95 else "amber" if share > 90 else "red"
        assert found[month] == (pytest.approx(share), signal)
    newest = told["newest"]
    assert (newest["period"], newest["shown"], newest["text"]) == ("2025-04", "75.0", "75.0%")
    assert (told["unit"], told["dangerous"], told["red_since"]) == ("percent", "below", "2025-04")
    assert [(one["code"], one["effect"]) for one in told["risks"]] == [("R-0001", "escalate")]


def test_what_is_old_is_stale_and_never_green(programs: dict[str, Program]) -> None:
    (one,) = programs["auditor"].every("/risk-indicators")
    assert (one["code"], one["state"]) == ("KRI-001", "stale")  # today is long after the extract
    (then,) = programs["auditor"].every("/risk-indicators", as_of=THEN)
    assert (then["state"], then["newest"]["value"]) == ("red", pytest.approx(75.0))
    assert programs["auditor"].every("/risk-indicators", as_of="2025-01-20") == []


def test_who_sees_only_what_is_published_learns_nobody(programs: dict[str, Program]) -> None:
    told = programs["viewer"].read("/risk-indicators/KRI-001")
    assert (told["author"], told["risks"]) == (None, [])  # nothing was published yet
    assert programs["auditor"].read("/risk-indicators/KRI-001")["author"]


def test_one_that_is_not_there_is_not_found(programs: dict[str, Program]) -> None:
    for code in ("KRI-999", "nonsense", "KRI-1 OR 1"):
        assert programs["auditor"].ask(f"/risk-indicators/{code}").status == 404


def test_answers_are_as_described(programs: dict[str, Program]) -> None:
    auditor = programs["auditor"]
    schemas: dict[str, Any] = auditor.read("/openapi.json")["components"]["schemas"]
    (item,) = auditor.every("/risk-indicators")
    whole = auditor.read("/risk-indicators/KRI-001")
    for name, document in (("RiskIndicator", item), ("RiskIndicatorInFull", whole)):
        schema = {**schemas[name], "components": {"schemas": schemas}}
        checks = Draft202012Validator(schema, format_checker=FormatChecker())
        assert [error.message for error in checks.iter_errors(document)] == []
        assert set(document) == set(schema["properties"])
