"""Who may let whom in, and what happens to those who are shut out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import Wanted, entries
from data.errors import Conflict, Invalid, PermissionDenied
from data.people import (
    add_first_administrator,
    add_person,
    change_password,
    disable_person,
    enable_person,
    end_role,
    grant_role,
    list_people,
    list_units,
    nobody_lives_here,
    reset_password,
    set_language,
)
from data.signing_in import actor_by_email, actor_of, sign_in
from data.workspace import Workspace
from tests.house import ADMIN, PASSWORD, actor, inhabit, join, version_of


@pytest.fixture
def admin(workspace: Workspace) -> Actor:
    return inhabit(workspace)


def test_the_first_administrator_is_let_in_once(workspace: Workspace) -> None:
    assert nobody_lives_here(workspace)
    first = inhabit(workspace)
    assert first.may(Permission.PEOPLE_MANAGE)
    assert not nobody_lives_here(workspace)
    with pytest.raises(Invalid) as refused:
        add_first_administrator(
            workspace, email="other@example.org", name="Other", language="en", password=PASSWORD
        )
    assert refused.value.key == "access.not_the_first"
    assert actor_by_email(workspace, "other@example.org") is None


def test_a_new_person_signs_in_with_the_role_given(workspace: Workspace, admin: Actor) -> None:
    join(workspace, " Besa@Example.org", Role.MANAGER, language="sq")
    token = sign_in(workspace, email="besa@example.org", password=PASSWORD).token
    besa = actor_of(workspace, token)
    assert besa is not None
    assert (besa.language, [grant.role for grant in besa.grants]) == ("sq", [Role.MANAGER])


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"email": "no address"}, "access.email_unreadable"),
        ({"email": f"{'a' * 250}@b.org"}, "access.email_unreadable"),
        ({"email": ADMIN.upper()}, "access.email_taken"),
        ({"name": "  "}, "access.name_missing"),
        ({"language": "de"}, "access.unknown_language"),
        ({"password": "short"}, "access.password_length"),
        ({"password": "x" * 257}, "access.password_length"),
    ],
)
def test_a_person_that_breaks_a_rule_is_not_added(
    workspace: Workspace, admin: Actor, changes: dict[str, str], key: str
) -> None:
    given: dict[str, Any] = {
        "email": "new@example.org",
        "name": "New",
        "language": "en",
        "password": PASSWORD,
    }
    before = len(list_people(workspace, by=admin))
    with pytest.raises(Invalid) as refused:
        add_person(workspace, by=admin, role=Role.VIEWER, unit_code="CRA", **(given | changes))
    assert refused.value.key == key
    assert len(list_people(workspace, by=admin)) == before


def test_shutting_out_ends_every_session_and_letting_in_does_not_revive_them(
    workspace: Workspace, admin: Actor
) -> None:
    join(workspace, "besa@example.org", Role.MANAGER)
    tokens = [sign_in(workspace, email="besa@example.org", password=PASSWORD).token] * 2
    person, version = version_of(workspace, "besa@example.org")
    disable_person(workspace, by=admin, person_id=person, version=version)
    assert [actor_of(workspace, token) for token in tokens] == [None, None]
    with pytest.raises(PermissionDenied):
        sign_in(workspace, email="besa@example.org", password=PASSWORD)
    _, version = version_of(workspace, "besa@example.org")
    enable_person(workspace, by=admin, person_id=person, version=version)
    assert [actor_of(workspace, token) for token in tokens] == [None, None]
    assert sign_in(workspace, email="besa@example.org", password=PASSWORD).token


def test_a_decision_about_a_person_somebody_else_changed_is_a_conflict(
    workspace: Workspace, admin: Actor
) -> None:
    join(workspace, "besa@example.org", Role.MANAGER)
    person, seen = version_of(workspace, "besa@example.org")
    set_language(workspace, by=actor(workspace, "besa@example.org"), language="sr")
    with pytest.raises(Conflict) as refused:
        disable_person(workspace, by=admin, person_id=person, version=seen)
    assert refused.value.values["current"]["language"] == "sr"
    assert "password_hash" not in refused.value.values["current"]
    assert actor_by_email(workspace, "besa@example.org") is not None


def test_a_role_counts_at_once_and_ends_at_once(workspace: Workspace, admin: Actor) -> None:
    join(workspace, "vera@example.org", Role.VIEWER, "O01")
    token = sign_in(workspace, email="vera@example.org", password=PASSWORD).token
    person, _ = version_of(workspace, "vera@example.org")
    grant_role(workspace, by=admin, person_id=person, role=Role.UNIT_HEAD, unit_code="O01")
    vera = actor_of(workspace, token)
    assert vera is not None
    assert vera.may_in(Permission.ROWS_VIEW, "O01")
    assert not vera.may_in(Permission.ROWS_VIEW, "O02")
    held = next(one for one in list_people(workspace, by=admin) if one.id == person).roles
    end_role(workspace, by=admin, grant_id=held[-1].grant_id)
    vera = actor_of(workspace, token)
    assert vera is not None
    assert not vera.may(Permission.ROWS_VIEW)
    with pytest.raises(Invalid):
        end_role(workspace, by=admin, grant_id=held[-1].grant_id)


def test_a_role_held_already_is_not_given_twice(workspace: Workspace, admin: Actor) -> None:
    join(workspace, "vera@example.org", Role.VIEWER, "O01")
    person, _ = version_of(workspace, "vera@example.org")
    with pytest.raises(Invalid) as refused:
        grant_role(workspace, by=admin, person_id=person, role=Role.VIEWER, unit_code="O01")
    assert refused.value.key == "access.role_already_held"


def test_nobody_changes_his_own_access(workspace: Workspace, admin: Actor) -> None:
    person, version = version_of(workspace, ADMIN)
    attempts: list[Callable[[], None]] = [
        lambda: grant_role(
            workspace, by=admin, person_id=person, role=Role.RISK_OWNER, unit_code="CRA"
        ),
        lambda: disable_person(workspace, by=admin, person_id=person, version=version),
        lambda: reset_password(
            workspace, by=admin, person_id=person, version=version, new=PASSWORD
        ),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied) as refused:
            attempt()
        assert refused.value.key == "access.not_for_oneself"


def test_the_last_administrator_stays(workspace: Workspace, admin: Actor) -> None:
    person, version = version_of(workspace, ADMIN)
    with pytest.raises(Invalid) as refused:
        disable_person(workspace, by=SYSTEM, person_id=person, version=version)
    assert refused.value.key == "access.last_administrator"
    held = list_people(workspace, by=admin)[0].roles[0]
    with pytest.raises(Invalid):
        end_role(workspace, by=admin, grant_id=held.grant_id)
    assert actor(workspace, ADMIN).may(Permission.PEOPLE_MANAGE)
    join(workspace, "second@example.org", Role.ADMINISTRATOR)
    disable_person(workspace, by=SYSTEM, person_id=person, version=version)
    assert actor_by_email(workspace, ADMIN) is None


def test_an_administrator_of_one_office_reaches_no_further(
    workspace: Workspace, admin: Actor
) -> None:
    local = join(workspace, "local@example.org", Role.ADMINISTRATOR, "O01")
    join(workspace, "besa@example.org", Role.MANAGER)
    join(workspace, "vera@example.org", Role.VIEWER, "O01")
    besa, besa_version = version_of(workspace, "besa@example.org")
    vera, vera_version = version_of(workspace, "vera@example.org")
    assert {one.email for one in list_people(workspace, by=local)} == {
        "local@example.org",
        "vera@example.org",
    }
    assert [unit.code for unit in list_units(workspace, by=local)] == ["O01"]
    with pytest.raises(PermissionDenied):
        grant_role(workspace, by=local, person_id=vera, role=Role.ADMINISTRATOR, unit_code="CRA")
    with pytest.raises(PermissionDenied):
        reset_password(
            workspace, by=local, person_id=besa, version=besa_version, new="taken over now"
        )
    disable_person(workspace, by=local, person_id=vera, version=vera_version)
    assert actor_by_email(workspace, "vera@example.org") is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_look_after_people(
    workspace: Workspace, admin: Actor, role: Role
) -> None:
    other = join(workspace, "other@example.org", role)
    with pytest.raises(PermissionDenied):
        add_person(
            workspace,
            by=other,
            email="new@example.org",
            name="New",
            language="en",
            password=PASSWORD,
            role=Role.VIEWER,
            unit_code="CRA",
        )


def test_changing_the_password_needs_the_old_one_and_ends_every_session(
    workspace: Workspace, admin: Actor
) -> None:
    token = sign_in(workspace, email=ADMIN, password=PASSWORD).token
    with pytest.raises(PermissionDenied) as refused:
        change_password(workspace, by=admin, current="a wrong guess", new="another long one")
    assert refused.value.key == "access.wrong_password"
    assert actor_of(workspace, token) is not None
    change_password(workspace, by=admin, current=PASSWORD, new="another long one")
    assert actor_of(workspace, token) is None
    with pytest.raises(PermissionDenied):
        sign_in(workspace, email=ADMIN, password=PASSWORD)
    assert sign_in(workspace, email=ADMIN, password="another long one").token


def test_a_new_password_from_the_administrator_lifts_a_lock(
    workspace: Workspace, admin: Actor
) -> None:
    join(workspace, "besa@example.org", Role.MANAGER)
    for _ in range(5):
        with pytest.raises(PermissionDenied):
            sign_in(workspace, email="besa@example.org", password="wrong")
    person, version = version_of(workspace, "besa@example.org")
    reset_password(
        workspace, by=admin, person_id=person, version=version, new="handed over in person"
    )
    assert sign_in(workspace, email="besa@example.org", password="handed over in person").token


def test_every_change_to_people_is_on_record_without_secrets(
    workspace: Workspace, admin: Actor
) -> None:
    join(workspace, "besa@example.org", Role.MANAGER)
    besa = actor(workspace, "besa@example.org")
    change_password(workspace, by=besa, current=PASSWORD, new="another long one")
    written = entries(workspace, by=admin, wanted=Wanted(actor="besa@example.org"))
    assert [entry.tag for entry in written] == ["access.password_changed"]
    everything = entries(workspace, by=admin, wanted=Wanted(), limit=1000)
    assert {"access.person_added", "access.role_granted"} <= {entry.tag for entry in everything}
    assert not any("argon2" in f"{entry.old}{entry.new}" for entry in everything)
    assert not any(PASSWORD in f"{entry.old}{entry.new}" for entry in everything)
