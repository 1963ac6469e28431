"""Commentary and actions as the domain knows them, page by page; hostile parameters are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.applications import Starlette

from dashboard.web import front_door
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.tokens import create_token
from data.workspace import Workspace
from kpis.commentary import assign_action, read_actions, read_history, write_commentary
from tests.dashboard.browser import serving
from tests.dashboard.web.api.conftest import Program
from tests.house import actor
from tests.kpis.commentary.house import CODE, HEAD, MANAGER, VIEWER, commented

MAY = Period.parse("2024-05")
DUE = datetime.now(UTC).date() + timedelta(days=9)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The house, with two versions of a commentary and three actions more."""
    house = commented(tmp_path_factory)
    by, seen = actor(house, MANAGER), None
    for text in ("First", "Second"):
        seen = write_commentary(
            house, by=by, code=CODE, period=MAY, happened=text, cause="New form", replaces=seen
        )
    for text in ("One", "Two", "Three"):
        assign_action(house, by=by, code=CODE, period=MAY, what=text, assignee=HEAD, due=DUE)
    return house


@pytest.fixture(scope="module")
def reader(spoken: Workspace) -> Iterator[Program]:
    """A program of somebody who may only look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRA_HOME", str(spoken.settings.home))
        app = Starlette(routes=front_door.ROUTES, middleware=front_door.MIDDLEWARE)
        with serving(app) as browser:
            key = create_token(spoken, by=actor(spoken, VIEWER), name="test", days=30).key
            yield Program(browser, key)


def test_every_version_is_told_the_newest_first(spoken: Workspace, reader: Program) -> None:
    told = reader.read(f"/kpis/{CODE.lower()}/commentary", period="2024-05")
    with spoken.read(SYSTEM, Permission.KPI_VIEW) as look:
        known = [one for one in read_history(look, CODE) if one.period == MAY]
    assert told["code"] == CODE
    assert [item["id"] for item in told["items"]] == [one.id for one in known]
    assert [item["happened"] for item in told["items"]] == ["Second", "First"]
    newest, oldest = told["items"]
    assert newest["replaced_at"] is None
    assert oldest["replaced_at"] is not None
    assert (newest["period"], newest["office"], newest["author"]) == ("2024-05", None, MANAGER)


def test_actions_come_page_by_page(spoken: Workspace, reader: Program) -> None:
    items = reader.every("/actions", limit=2)
    with spoken.read(SYSTEM, Permission.KPI_VIEW) as look:
        known = read_actions(look)
    assert [item["id"] for item in items] == [one.id for one in known]
    one = next(item for item in items if item["what"] == "Two")
    assert (one["kpi"], one["assignee"], one["state"]) == (CODE, "Head", "planned")
    assert (one["due"], one["first_due"], one["slipped_days"]) == (DUE.isoformat(),) * 2 + (0,)


def test_they_are_chosen_by_kpi_state_and_lateness(reader: Program) -> None:
    whole = reader.every("/actions")
    for state in ("planned", "done"):
        chosen = reader.every("/actions", state=state, kpi=CODE.lower())
        expected = [x["id"] for x in whole if (x["state"], x["kpi"]) == (state, CODE)]
        assert [x["id"] for x in chosen] == expected
    late = reader.every("/actions", overdue="true")
    assert [x["id"] for x in late] == [x["id"] for x in whole if x["overdue"]]


def test_they_are_as_described(reader: Program) -> None:
    described = reader.read("/openapi.json")["components"]["schemas"]
    for place, name in ((f"/kpis/{CODE}/commentary", "Commentary"), ("/actions", "Action")):
        validator = Draft202012Validator(described[name], format_checker=FormatChecker())
        for item in reader.every(place):
            assert [error.message for error in validator.iter_errors(item)] == []
            assert set(item) == set(described[name]["properties"])


@pytest.mark.parametrize(
    "asked", [{"state": "gone"}, {"overdue": "yes"}, {"kpi": "a b"}, {"period": "2024-05"}]
)
def test_nonsense_is_refused(reader: Program, asked: dict[str, str]) -> None:
    assert reader.ask("/actions", **asked).status == 400


def test_what_does_not_exist_is_not_found(reader: Program) -> None:
    assert reader.ask("/actions", kpi="XX-99").status == 404
    assert reader.ask("/kpis/XX-99/commentary").status == 404
