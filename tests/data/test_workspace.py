"""The door: nothing is seen or changed without a right, a record and one transaction."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit import trail
from data.audit.tags import AuditTag
from data.auditing import Wanted, entries, verify_trail
from data.errors import Conflict, NotFound, PermissionDenied
from data.store.tables import Agency, AuditEntry, Service
from data.workspace import UnrecordedChange, Workspace

VIEWER = Actor(
    email="vera@example.org",
    name="Vera",
    language="en",
    grants=(Grant(Role.VIEWER, "O01", frozenset({"O01"})),),
)


def service(code: str) -> Service:
    return Service(code=code, name_sq="Pasaportë", name_sr="Pasoš", name_en="Passport")


def add_service(workspace: Workspace, code: str) -> None:
    with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        added = service(code)
        change.add(added)
        change.record(AuditTag.REFERENCE_CHANGED, added, new={"code": code})


def services(workspace: Workspace) -> list[str]:
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        return list(reader.all(select(Service.code)))


def recorded(workspace: Workspace) -> list[str]:
    return [entry.tag for entry in entries(workspace, by=SYSTEM, wanted=Wanted())]


def test_a_change_and_its_record_become_true_together(workspace: Workspace) -> None:
    add_service(workspace, "PASSPORT")
    assert services(workspace) == ["PASSPORT"]
    entry = entries(workspace, by=SYSTEM, wanted=Wanted())[0]
    assert (entry.noun, entry.noun_id, entry.actor) == ("service", "PASSPORT", "SYSTEM")


def test_without_a_record_nothing_is_committed(workspace: Workspace) -> None:
    with (
        pytest.raises(UnrecordedChange),
        workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change,
    ):
        change.add(service("PASSPORT"))
    assert services(workspace) == []


def test_when_the_record_fails_nothing_is_committed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> AuditEntry:
        raise OSError("the disk is full")

    monkeypatch.setattr(trail, "append", fails)
    with pytest.raises(OSError, match="disk is full"):
        add_service(workspace, "PASSPORT")
    monkeypatch.undo()
    assert services(workspace) == []
    assert recorded(workspace) == []


def fail_after_the_record(workspace: Workspace) -> None:
    with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        added = service("PASSPORT")
        change.add(added)
        change.record(AuditTag.REFERENCE_CHANGED, added)
        raise ZeroDivisionError


def test_when_the_action_fails_its_record_goes_with_it(workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_the_record(workspace)
    assert services(workspace) == []
    assert recorded(workspace) == []


@pytest.mark.parametrize("way", ["read", "change"])
def test_whoever_may_not_is_refused_and_the_attempt_is_on_record(
    workspace: Workspace, way: str
) -> None:
    with (
        pytest.raises(PermissionDenied) as refused,
        getattr(workspace, way)(VIEWER, Permission.REFERENCE_CHANGE),
    ):
        pytest.fail("the door opened")
    assert refused.value.values == {"permission": "agency:reference:change"}
    entry = entries(workspace, by=SYSTEM, wanted=Wanted())[0]
    assert (entry.tag, entry.actor, entry.noun_id) == (
        "access.refused",
        "vera@example.org",
        "agency:reference:change",
    )


def test_a_right_in_one_unit_is_no_right_in_another(workspace: Workspace) -> None:
    with workspace.change(VIEWER, Permission.SELF_CHANGE) as change:
        assert change.scope("O01")
        change.require_unit("O01")
        with pytest.raises(PermissionDenied) as refused:
            change.require_unit("O02")
        change.record(AuditTag.LANGUAGE_CHANGED, noun="person", noun_id="1")
    assert refused.value.values["unit"] == "O02"


def rename(workspace: Workspace, name: str, *, seen: int) -> None:
    with workspace.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        row = change.get_version(Service, "PASSPORT", seen)
        row.name_en = name
        change.add(row)
        change.record(AuditTag.REFERENCE_CHANGED, row)


def test_a_stale_version_is_a_conflict_that_shows_what_is_there_now(workspace: Workspace) -> None:
    add_service(workspace, "PASSPORT")
    rename(workspace, "Passports", seen=1)
    with pytest.raises(Conflict) as conflict:
        rename(workspace, "Travel documents", seen=1)
    assert conflict.value.values["seen"] == 1
    assert conflict.value.values["current"]["row_version"] == 2
    assert conflict.value.values["current"]["name_en"] == "Passports"
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        assert reader.get(Service, "PASSPORT").name_en == "Passports"


def test_a_row_that_does_not_exist_is_not_found(workspace: Workspace) -> None:
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        assert reader.find(Agency, 1) is None
        with pytest.raises(NotFound):
            reader.get(Agency, 1)


def test_a_reading_session_cannot_write(workspace: Workspace) -> None:
    with workspace.database.reading() as session:
        session.add(service("PASSPORT"))
        with pytest.raises(OperationalError, match="readonly"):
            session.commit()
    assert services(workspace) == []


def test_changes_at_the_same_moment_come_one_after_the_other(workspace: Workspace) -> None:
    threads = [
        threading.Thread(target=add_service, args=(workspace, f"S{number}")) for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(services(workspace)) == 12
    verdict = verify_trail(workspace, by=SYSTEM)
    assert verdict.holds
    assert verdict.entries == 12
