"""`cra reading`: a value from the terminal to everybody's eyes, through two people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line.main import app
from data.access.roles import Role
from data.language.compile import compile_catalogues
from data.people import add_first_administrator
from data.workspace import Workspace
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.entering.house import SCORE, settled, told

Run = Callable[..., Result]
WRITER, SECOND, BOSS = (f"{name}@example.org" for name in ("owner", "other", "boss"))


@pytest.fixture
def house(tmp_path: Path) -> Workspace:
    workspace = settled(tmp_path / "home")
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    for email, role in ((WRITER, Role.KPI_OWNER), (SECOND, Role.KPI_OWNER), (BOSS, Role.MANAGER)):
        join(workspace, email, role)
    return workspace


@pytest.fixture
def run(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    compile_catalogues()
    monkeypatch.setenv("CRA_HOME", str(house.settings.home))

    def call(by: str, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--as", by])

    return call


def test_a_value_is_entered_approved_locked_and_explained(
    house: Workspace, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "survey.txt"
    file.write_text("Survey of January")
    entering = ("reading", "enter", SCORE, "2024-01", "--value", "3.25", "--file", str(file))
    entered = run(WRITER, *entering)
    assert entered.exit_code == 0, entered.output
    number = re.findall(r"\d+", entered.output)[-1]
    own = run(WRITER, "reading", "approve", number)
    assert (own.exit_code, "a second person" in own.output) == (1, True)
    listed = json.loads(run(BOSS, "reading", "list", SCORE, "--only", "submitted", "--json").output)
    assert [(row["period"], row["on_its_way"]["id"]) for row in listed] == [
        ("2024-01", int(number))
    ]
    assert run(SECOND, "reading", "approve", number).exit_code == 0
    assert told(house, SCORE, "2024-01").figure.value == 3.25
    explained = run(BOSS, "kpi", "explain", SCORE, "--period", "2024-01")
    assert explained.exit_code == 0, explained.output
    assert "entered by owner@example.org, approved by other@example.org" in explained.output
    assert "survey.txt" in explained.output
    locked = run(BOSS, "reading", "lock", "2024-01", "--kpi", SCORE)
    assert locked.exit_code == 0, locked.output
    more = ("--note", "again", "--reason", "A late answer")
    again = run(WRITER, "reading", "enter", SCORE, "2024-01", "--value", "3.5", *more)
    number = re.findall(r"\d+", again.output)[-1]
    refused = run(SECOND, "reading", "approve", number)
    assert (refused.exit_code, "locked" in refused.output) == (1, True)
    assert run(BOSS, "reading", "unlock", "1", "--reason", "A late answer").exit_code == 0
    assert run(SECOND, "reading", "approve", number).exit_code == 0
    printed = run(BOSS, "kpi", "values", SCORE, "--from", "2024-01", "--to", "2024-01")
    assert "3.50" in printed.output


def test_the_list_shows_what_is_missing_and_a_return_says_why(run: Run) -> None:
    listed = run(WRITER, "reading", "list", SCORE, "--only", "missing")
    assert "2024-01" in listed.output
    assert "not entered" in listed.output
    run(WRITER, "reading", "enter", SCORE, "2024-01", "--value", "3", "--note", "page 1")
    assert run(BOSS, "reading", "return", "1", "--comment", "Which page?").exit_code == 0
    assert "returned" in run(WRITER, "reading", "list", SCORE).output
    assert run(BOSS, "reading", "approve", "99").exit_code == 1
