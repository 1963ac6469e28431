"""`cra action list` and `cra kpi comment`: what is printed, what is written, how refusals end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line.main import app
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.commentary import Commentary, assign_action, read_actions, read_history
from tests.house import actor
from tests.kpis.commentary.house import CODE, HEAD, MANAGER, OTHER, OWNER, VIEWER, commented

APRIL = Period.parse("2024-04")
DUE = datetime.now(UTC).date() + timedelta(days=4)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return commented(tmp_path_factory)


@pytest.fixture
def run(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CRA_HOME", str(house.settings.home))
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def comment(run: CliRunner, by: str, *more: str, what: str = "Fewer", why: str = "Snow") -> Result:
    given = ["--period", "2024-04", "--what", what, "--why", why, "--as", by]
    return run.invoke(app, ["kpi", "comment", CODE.lower(), *given, *more])


def said(house: Workspace, office: str | None = None) -> list[Commentary]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        history = read_history(reader, CODE)
    return [one for one in history if (one.period, one.office) == (APRIL, office)]


def test_a_comment_is_written_and_written_anew(house: Workspace, run: CliRunner) -> None:
    first = comment(run, OWNER)
    assert first.exit_code == 0, first.output
    assert "Commentary on SD-06, April 2024, is saved." in first.output
    second = comment(run, MANAGER, "--json", what="Fewer still")
    newest, oldest = said(house)
    assert json.loads(second.output) == {"id": newest.id, "replaces": oldest.id}
    assert [(one.happened, one.cause, one.author) for one in (newest, oldest)] == [
        ("Fewer still", "Snow", MANAGER),
        ("Fewer", "Snow", OWNER),
    ]


def test_refusals_end_with_one_and_write_nothing(house: Workspace, run: CliRunner) -> None:
    for result in (
        comment(run, VIEWER, "--office", "O02"),
        comment(run, HEAD, "--office", "O02"),
        comment(run, OTHER, "--office", "O02", why=" "),
    ):
        assert result.exit_code == 1
    assert said(house, "O02") == []
    assert comment(run, OTHER, "--office", "O02").exit_code == 0
    assert len(said(house, "O02")) == 1


def test_actions_are_listed_for_people_and_for_programs(house: Workspace, run: CliRunner) -> None:
    by = actor(house, MANAGER)
    assign_action(house, by=by, code=CODE, period=APRIL, what="Clear", assignee=HEAD, due=DUE)
    shown = run.invoke(app, ["action", "list", "--as", VIEWER])
    assert shown.exit_code == 0
    line = next(line for line in shown.output.splitlines() if "Clear" in line)
    assert all(part in line for part in (CODE, "Head", DUE.isoformat(), "Planned"))
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        known = read_actions(reader)
    told = json.loads(run.invoke(app, ["action", "list", "--all", "--json", "--as", VIEWER]).output)
    assert [one["id"] for one in told] == [one.id for one in known]
    late = run.invoke(app, ["action", "list", "--overdue", "--json", "--as", VIEWER])
    assert [one["id"] for one in json.loads(late.output)] == [
        one["id"] for one in told if one["overdue"]
    ]
