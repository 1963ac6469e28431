"""`cra target`: what is printed, and how a workbook goes out and comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from dashboard.command_line.target import app
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.people import add_first_administrator
from data.workspace import Workspace
from kpis.targets import Baseline, Course, target_history
from reports.targets_exchange.columns import TargetField
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import founded, settings_in

OWNER, VIEWER = "owner@example.org", "viewer@example.org"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("target"))))
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    join(workspace, OWNER, Role.KPI_OWNER)
    join(workspace, VIEWER, Role.VIEWER)
    yield workspace
    workspace.database.dispose()


@pytest.fixture(autouse=True)
def at_home(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRA_HOME", str(told.settings.home))
    monkeypatch.setenv("CRA_AS", OWNER)
    monkeypatch.setenv("CRA_LANGUAGE", "en")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_a_target_with_a_path_is_set_and_listed(told: Workspace) -> None:
    words = ["set", "cs-01", "--low", "30", "--from", "2025-01-01", "--source", "Board"]
    path = ["--baseline", "8", "--baseline-day", "2024-12-31", "--baseline-source", "yearbook"]
    more = ["--due", "2099-12-31", "--tolerance", "2", "--reason", "strategy"]
    assert run(*words, *path, *more).exit_code == 0
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        entry = target_history(reader, "CS-01")[0]
    assert entry.path.course is Course.LINEAR
    assert entry.path.baseline == Baseline(8.0, date(2024, 12, 31), "yearbook")
    (line,) = run("list", "CS-01").stdout.splitlines()
    assert line.startswith("CS-01  Whole agency  2025-01-01  30  In a straight line  2099-12-31")
    (listed,) = json.loads(run("list", "CS-01", "--json").stdout)
    assert (listed["low"], listed["due"], listed["tolerance"]) == (30.0, "2099-12-31", 2.0)
    assert run("list", "CS-01", "--assumptions").stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("--low", "30", "--from", "soon"),
        ("--high", "30", "--from", "2025-01-01"),
        ("--low", "30", "--from", "2025-01-01", "--due", "2026-01-01"),
        ("--low", "30", "--from", "2025-01-01", "--baseline", "3"),
        ("--low", "30", "--from", "2025-01-01", "--stages", "soon = 3"),
    ],
)
def test_a_target_that_cannot_stand_ends_with_1(words: tuple[str, ...]) -> None:
    found = run("set", "CS-08", *words, "--source", "Board", "--reason", "plan")
    assert found.exit_code == 1
    assert found.stderr.strip()


def test_a_workbook_goes_out_and_comes_back(told: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "targets.xlsx"
    assert run("export", "--out", str(file), "SD-03").exit_code == 0
    assert "Nothing in this file differs" in run("import", str(file)).stdout
    book = load_workbook(file)
    sheet = book.worksheets[0]
    sheet.cell(2, list(TargetField).index(TargetField.LOW) + 1).value = 97
    book.save(file)
    shown = run("import", str(file))
    assert "2  SD-03  Changed  At least: 98.5 → 97" in shown.stdout
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert len(target_history(reader, "SD-03")) == 1  # without a reason it is only shown
    assert run("import", str(file), "--reason", "revised").exit_code == 0
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        newest = target_history(reader, "SD-03")[0]
    assert newest.target is not None
    assert (newest.target.low, newest.author, newest.reason) == (97.0, OWNER, "revised")
    again = run("import", str(file), "--reason", "revised", "--json")
    assert again.exit_code == 1
    fates = {row["code"]: row["fate"] for row in json.loads(again.stdout)["rows"]}
    assert fates == {"SD-03": "conflict"}
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    assert run("import", str(broken)).exit_code == 1


def test_a_viewer_sees_but_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRA_AS", VIEWER)
    assert run("list").exit_code == 0
    words = ("set", "CS-08", "--low", "30", "--from", "2025-01-01", "--source", "x")
    assert run(*words, "--reason", "x").exit_code == 1
