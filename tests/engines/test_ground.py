"""The ground holds on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy
from sqlmodel import col, select

from data import signing_in
from data.access.actor import SYSTEM, WHOLE_AGENCY
from data.access.passwords import hash_password
from data.access.permissions import Permission
from data.access.roles import Role
from data.agency.actions import found_agency
from data.audit.tags import AuditTag
from data.auditing import verify_trail
from data.errors import PermissionDenied
from data.store.tables import AuditEntry, Municipality, Person, RoleGrant
from data.workspace import Workspace

PASSWORD = "correct horse battery"


def add_person(house: Workspace, email: str, role: Role) -> None:
    now = datetime.now(UTC)
    with house.change(SYSTEM, Permission.PEOPLE_MANAGE) as change:
        person = Person(
            email=email, name=email, password_hash=hash_password(PASSWORD), created_at=now
        )
        change.add(person)
        assert person.id is not None
        change.add(
            RoleGrant(
                person_id=person.id,
                role=role,
                unit_code=WHOLE_AGENCY,
                granted_by="SYSTEM",
                granted_at=now,
            )
        )
        change.record(AuditTag.PERSON_ADDED, person)


def test_a_founded_house_admits_its_people_and_refuses_what_they_may_not(house: Workspace) -> None:
    assert found_agency(house, by=SYSTEM)
    assert not found_agency(house, by=SYSTEM)
    add_person(house, "viewer@example.org", Role.VIEWER)
    session = signing_in.sign_in(house, email="Viewer@example.org ", password=PASSWORD)
    actor = signing_in.actor_of(house, session.token)
    assert actor is not None
    with house.read(actor, Permission.REFERENCE_VIEW) as reader:
        first = reader.first(select(Municipality.name_sq).order_by(col(Municipality.code)))
        assert first == "Deçan"
    with pytest.raises(PermissionDenied), house.change(actor, Permission.PEOPLE_MANAGE):
        raise AssertionError("came through the door")
    signing_in.sign_out(house, session.token)
    assert signing_in.actor_of(house, session.token) is None
    assert verify_trail(house, by=SYSTEM).holds


def test_a_reader_cannot_write_even_by_raw_sql(house: Workspace) -> None:
    found_agency(house, by=SYSTEM)
    with (
        house.database.reading() as session,
        pytest.raises((sqlalchemy.exc.OperationalError, sqlalchemy.exc.InternalError)),
    ):
        session.connection().execute(sqlalchemy.text("DELETE FROM service_rule"))


def test_many_writers_at_once_leave_one_whole_chain(house: Workspace) -> None:
    def write(n: int) -> None:
        for _ in range(5):
            with house.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
                change.record(AuditTag.REFERENCE_CHANGED, noun="test", noun_id=str(n))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify_trail(house, by=SYSTEM)
    assert verdict.holds
    assert verdict.entries == 40


def test_the_trail_refuses_edits_on_both_databases(house: Workspace) -> None:
    with house.change(SYSTEM, Permission.REFERENCE_CHANGE) as change:
        change.record(AuditTag.REFERENCE_CHANGED, noun="test", noun_id="1")
    with (
        pytest.raises(sqlalchemy.exc.DatabaseError, match="append-only"),
        house.database.writing() as session,
    ):
        session.connection().execute(sqlalchemy.text("UPDATE audit_entry SET actor = 'x'"))
    with house.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        assert reader.get(AuditEntry, 1).actor == "SYSTEM"
