"""`cra extract`: what it prints, what a program reads, and the exit codes that tell the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line.extract import app
from data.access.actor import WHOLE_AGENCY
from data.access.passwords import hash_password
from data.access.roles import Role
from data.language.compile import compile_catalogues
from data.settings import Settings
from data.store.tables import OrgUnit, Person, RoleGrant
from data.workspace import Workspace
from tests.data.extracts.loads import application, events, founded, statuses, written

STEWARD, VIEWER = "steward@example.org", "viewer@example.org"
DONE, REFUSED, WRONG_USE = 0, 1, 2
HISTORY = ("--history", "--reason", "from the register kept until 2024")
NAMES = ["read", "accepted", "added", "changed", "unchanged", "vanished", "duplicate"]
NAMES += ["excluded_test", "excluded_total", "quarantined"]


@pytest.fixture(scope="module", autouse=True)
def texts() -> None:
    compile_catalogues()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A house the command finds by its environment, with a steward and a viewer in it."""
    monkeypatch.setenv("CRA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CRA_DEMO", "0")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("CRA_AS", raising=False)
    workspace = Workspace.open(Settings.from_environment())
    workspace.database.upgrade()
    founded(workspace)
    moved_in(workspace, {STEWARD: (Role.DATA_STEWARD, "en"), VIEWER: (Role.VIEWER, "sq")})
    yield workspace
    workspace.database.dispose()


def moved_in(workspace: Workspace, people: dict[str, tuple[Role, str]]) -> None:
    now = datetime.now(UTC)
    with workspace.database.writing() as session:
        session.add(
            OrgUnit(code=WHOLE_AGENCY, kind="agency", name_sq="ARC", name_sr="ARC", name_en="CRA")
        )
        for email, (role, language) in people.items():
            person = Person(
                email=email,
                name=email,
                language=language,
                password_hash=hash_password("not used on this door"),
                created_at=now,
            )
            session.add(person)
            session.flush()
            session.add(
                RoleGrant(
                    person_id=person.id or 0,
                    role=role.value,
                    unit_code=WHOLE_AGENCY,
                    granted_at=now,
                    granted_by="test",
                )
            )


def run(*arguments: str, by: str = STEWARD) -> Result:
    return CliRunner().invoke(app, [*arguments, "--as", by], catch_exceptions=False)


def read(result: Result, code: int = DONE) -> Any:
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def file_of(folder: Path, name: str, count: int, status: str = "received", updated: int = 1) -> str:
    rows = [application(number, status, updated=updated) for number in range(count)]
    return str(written(folder / name, rows))


def test_check_says_what_a_load_would_do_and_does_not_do_it(
    house: Workspace, tmp_path: Path
) -> None:
    said = read(run("check", file_of(tmp_path, "a.csv", 3), "--json"))
    assert (said["event"], said["batch"], said["refused"]) == (None, None, None)
    assert (said["contract"], said["profile"]) == ("applications", "applications-native")
    assert list(said["rows"]) == NAMES
    assert (said["rows"]["read"], said["rows"]["added"], said["rows"]["quarantined"]) == (3, 3, 0)
    assert said["quarantine_reasons"] == {}
    assert len(said["sha256"]) == 64
    assert statuses(house) == {}


def test_load_takes_it_in_and_a_second_time_changes_nothing(
    house: Workspace, tmp_path: Path
) -> None:
    file = file_of(tmp_path, "a.csv", 3)
    first = read(run("load", file, "--json", "--yes"))
    again = read(run("load", file, "--json", "--yes"))
    assert first["event"] == again["event"] == 1
    assert first["batch"] == again["batch"]
    assert (first["nothing_new"], again["nothing_new"]) == (False, True)
    assert (again["rows"]["added"], again["rows"]["changed"], again["rows"]["unchanged"]) == (
        0,
        0,
        3,
    )
    assert [note["key"] for note in again["notes"]] == ["loading.note.same_file"]
    assert "a.csv" in again["notes"][0]["message"]
    assert len(statuses(house)) == 3


def test_a_person_reads_a_table(house: Workspace, tmp_path: Path) -> None:
    result = run("load", file_of(tmp_path, "a.csv", 3), "--yes")
    assert result.exit_code == DONE
    assert "a.csv is loaded as event 1" in result.stdout
    assert "Added" in result.stdout
    assert run("load", str(tmp_path / "a.csv"), "--yes").stdout.startswith(
        "a.csv brings nothing new"
    )


def test_what_is_declared_is_kept(house: Workspace, tmp_path: Path) -> None:
    declared = ("--coverage", "2025-03-01..2025-03-31", "--cut-at", "2025-04-30", "--scope", "full")
    said = read(run("load", file_of(tmp_path, "a.csv", 3), "--json", *HISTORY, *declared))
    assert said["coverage"] == {"from": "2025-03-01", "to": "2025-03-31"}
    assert said["cut_at"] == "2025-05-01T00:00:00+02:00"
    assert (said["scope"], said["scope_from"], said["scope_to"]) == (
        "full",
        "2025-03-01",
        "2025-03-31",
    )
    (listed,) = read(run("list", "--json"))
    assert listed["history"] is True
    assert listed["reason"] == HISTORY[-1]
    assert "back-filled" in run("list").stdout
    assert listed["cut_at"] == "2025-04-30T22:00:00+00:00"


def test_many_vanished_cases_are_refused_with_their_number(
    house: Workspace, tmp_path: Path
) -> None:
    full = ("--coverage", "2025-03-01..2025-03-31", "--scope", "full", "--json")
    read(run("load", file_of(tmp_path, "a.csv", 10), *full))
    half = file_of(tmp_path, "b.csv", 5)
    for verb in ("check", "load"):
        said = read(run(verb, half, *full), REFUSED)
        assert said["refused"]["key"] == "loading.refused.vanished"
        assert said["refused"]["values"]["vanished"] == said["rows"]["vanished"] == 5
        assert "5 of 10" in said["refused"]["message"]
    assert len(statuses(house)) == 10
    accepted = read(run("load", half, *full, "--accept-vanished"))
    assert accepted["rows"]["vanished"] == 5
    lenient = read(run("load", file_of(tmp_path, "c.csv", 3), *full, "--threshold", "0.5"))
    assert lenient["rows"]["vanished"] == 2


def test_a_file_of_bad_rows_is_refused_with_the_reasons(house: Workspace, tmp_path: Path) -> None:
    rows = [application(n, submitted_at="never") for n in range(3)]
    file = str(written(tmp_path / "bad.csv", [*rows, application(9)]))
    said = read(run("load", file, "--json", "--profile", "applications-native"), REFUSED)
    assert said["event"] is None
    assert said["refused"]["message"]
    assert sum(said["quarantine_reasons"].values()) == 3
    assert (said["rows"]["read"], said["rows"]["accepted"]) == (4, 1)
    assert (said["rows"]["quarantined"], said["rows"]["added"]) == (3, None)
    kept = house.settings.home / "refused" / f"{said['sha256']}.csv"
    assert len(kept.read_text(encoding="utf-8-sig").splitlines()) == 4
    assert "never" not in kept.read_text(encoding="utf-8-sig")
    result = run("load", file)
    assert result.exit_code == REFUSED
    assert result.stdout == ""
    assert said["refused"]["message"][:20] in result.stderr


def test_control_totals_are_compared(house: Workspace, tmp_path: Path) -> None:
    file = file_of(tmp_path, "a.csv", 3)
    said = read(run("check", file, "--json", "--control", "rows=4"), REFUSED)
    assert said["refused"]["message"]
    assert read(run("check", file, "--json", "--control", "rows=3"))["refused"] is None


def test_list_and_withdraw(house: Workspace, tmp_path: Path) -> None:
    loaded = read(run("load", file_of(tmp_path, "a.csv", 3), "--json"))
    said = read(run("withdraw", loaded["batch"], "--reason", "wrong office", "--json"))
    assert said == {"event": 2, "batch": loaded["batch"], "contract": "applications"}
    (listed,) = read(run("list", "--json"))
    assert listed["rows"] == loaded["rows"]
    assert listed["withdrawn"]["reason"] == "wrong office"
    assert "withdrawn (event 2)" in run("list").stdout
    assert run("withdraw", loaded["batch"], "--reason", "again").exit_code == REFUSED
    assert run("withdraw", "nothing", "--reason", "again").exit_code == REFUSED
    assert len(events(house)) == 2


def test_profiles_are_listed(house: Workspace) -> None:
    found = {one["profile"]: one["contract"] for one in read(run("profiles", "--json"))}
    assert found["applications-native"] == "applications"
    assert "applications-native" in run("profiles").stdout


def test_who_may_not_load_is_refused_in_his_language(house: Workspace, tmp_path: Path) -> None:
    file = file_of(tmp_path, "a.csv", 1)
    said = read(run("load", file, "--json", by=VIEWER), REFUSED)
    assert said["refused"]["key"] == "door.denied"
    assert said["rows"] == dict.fromkeys(NAMES)
    for command in (("list",), ("profiles",), ("check", file)):
        assert run(*command, by=VIEWER).exit_code == REFUSED
    assert run("list", by="nobody@example.org").exit_code == REFUSED


@pytest.mark.parametrize(
    "wrong",
    [
        ("--cut-at", "yesterday"),
        ("--coverage", "2025-03-01"),
        ("--coverage", "2025-03-31..2025-03-01"),
        ("--scope", "some"),
        ("--control", "rows"),
        ("--control", "rows=many"),
        ("--control", "rows=NaN"),
        ("--threshold", "5"),
    ],
)
def test_wrong_use_is_told_apart(house: Workspace, tmp_path: Path, wrong: tuple[str, str]) -> None:
    result = run("check", file_of(tmp_path, "a.csv", 1), *wrong)
    assert result.exit_code == WRONG_USE
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_wrong_use(house: Workspace) -> None:
    assert run("load", "nowhere.csv").exit_code == WRONG_USE


def test_nobody_in_particular_is_wrong_use(house: Workspace) -> None:
    assert CliRunner().invoke(app, ["list"]).exit_code == WRONG_USE
