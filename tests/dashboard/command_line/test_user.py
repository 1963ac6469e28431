"""`cra user`: people let in, given roles and shut out from a terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line.user import app
from data.access.roles import Role
from data.language.compile import compile_catalogues
from data.signing_in import actor_by_email, sign_in
from data.tokens import holder_of
from data.workspace import Workspace
from tests.house import ADMIN, PASSWORD, actor, inhabit

Run = Callable[..., Result]


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    compile_catalogues()
    monkeypatch.setenv("CRA_HOME", str(workspace.settings.home))
    monkeypatch.delenv("CRA_AS", raising=False)

    def call(*arguments: str, password: str = PASSWORD) -> Result:
        return CliRunner().invoke(app, list(arguments), input=f"{password}\n")

    return call


def test_the_first_administrator_comes_into_an_empty_house_once(
    workspace: Workspace, run: Run
) -> None:
    first = ("add", ADMIN, "--name", "Arta", "--first-admin")
    assert run(*first).exit_code == 0
    assert sign_in(workspace, email=ADMIN, password=PASSWORD).token
    again = run("add", "other@example.org", "--name", "Other", "--first-admin")
    assert again.exit_code == 1
    assert "There are people already" in again.output
    assert actor_by_email(workspace, "other@example.org") is None


def test_a_person_is_added_given_another_role_and_shut_out(workspace: Workspace, run: Run) -> None:
    inhabit(workspace)
    by = ("--as", ADMIN)
    besa = "besa@example.org"
    added = run("add", besa, "--name", "Besa", "--role", "manager", "--language", "sq", *by)
    assert added.exit_code == 0, added.output
    assert run("role", besa, "--role", "unit_head", "--unit", "O01", *by).exit_code == 0
    held = {(grant.role, grant.unit_code) for grant in actor(workspace, besa).grants}
    assert held == {(Role.MANAGER, "CRA"), (Role.UNIT_HEAD, "O01")}
    assert run("role", besa, "--role", "manager", "--end", *by).exit_code == 0
    assert [grant.role for grant in actor(workspace, besa).grants] == [Role.UNIT_HEAD]
    assert run("role", besa, "--role", "manager", "--end", *by).exit_code == 1
    assert run("disable", besa, *by).exit_code == 0
    assert actor_by_email(workspace, besa) is None


def test_what_is_refused_ends_with_one_and_wrong_use_with_two(
    workspace: Workspace, run: Run
) -> None:
    inhabit(workspace)
    short = run("add", "b@example.org", "--name", "B", "--as", ADMIN, password="short")
    assert short.exit_code == 1
    assert "between 12 and 256 characters" in short.output
    assert run("disable", "nobody@example.org", "--as", ADMIN).exit_code == 1
    assert run("disable", "nobody@example.org").exit_code == 2
    assert run("role", ADMIN, "--role", "emperor", "--as", ADMIN).exit_code == 2
    assert run("add", "b@example.org", "--name", "B", "--password", "x").exit_code == 2


def test_a_token_is_made_listed_and_taken_back(workspace: Workspace, run: Run) -> None:
    inhabit(workspace)
    by = ("--as", ADMIN)
    made = run("token", "Power BI", "--days", "30", *by)
    assert made.exit_code == 0, made.output
    key = made.stdout.strip()
    assert holder_of(workspace, key) == actor(workspace, ADMIN)
    listed = run("token", *by).stdout
    assert "Power BI" in listed
    assert key[-4:] in listed
    assert key not in listed
    assert run("token", "--revoke", listed.split()[0], *by).exit_code == 0
    assert holder_of(workspace, key) is None
    assert run("token", "--revoke", listed.split()[0], *by).exit_code == 1
    assert run("token", "x", "--days", "31", *by).exit_code == 1
