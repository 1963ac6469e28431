"""Tokens: shown once, kept as a hash, good for as long as they should be, dead at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.auditing import Wanted, entries, verify_trail
from data.errors import Invalid, NotFound, PermissionDenied
from data.people import disable_person, enable_person, end_role, list_people, reset_password
from data.people import grant_role as give
from data.store.tables import ApiToken
from data.tokens import (
    LIFETIMES,
    MOST_TOKENS,
    admission,
    create_token,
    holder_of,
    list_tokens,
    note_refused,
    revoke_token,
)
from data.workspace import Workspace
from tests.house import ADMIN, actor, inhabit, join, version_of

BESA = "besa@example.org"
Later = Callable[[timedelta], None]


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    inhabit(workspace)
    join(workspace, BESA, Role.MANAGER, "O01")
    return workspace


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Move the clock by which tokens are looked at."""

    def move(by: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                assert tz is UTC
                return cls.fromtimestamp(datetime.now(tz).timestamp() + by.total_seconds(), tz)

        monkeypatch.setattr(admission, "datetime", Clock)

    return move


def key_of(house: Workspace, email: str = BESA, days: int = 30) -> str:
    return create_token(house, by=actor(house, email), name="Power BI", days=days).key


def test_a_token_is_its_maker_with_the_same_roles_in_the_same_units(house: Workspace) -> None:
    assert holder_of(house, key_of(house)) == actor(house, BESA)


def test_a_token_can_be_told_by_its_beginning_and_no_two_are_alike(house: Workspace) -> None:
    keys = {key_of(house) for _ in range(5)}
    assert len(keys) == 5
    assert all(key.startswith("cra_") and len(key) == 47 for key in keys)


def test_the_token_itself_is_kept_nowhere(house: Workspace) -> None:
    token = create_token(house, by=actor(house, BESA), name="Power BI", days=30)
    holder_of(house, token.key)
    note_refused(house, token.key, address="192.0.2.1")
    revoke_token(house, by=actor(house, BESA), token_id=token.id)
    assert token.key not in repr(token)
    told = [one.model_dump(mode="json") for one in entries(house, by=SYSTEM, wanted=Wanted())]
    assert token.key not in json.dumps(told)
    house.database.dispose()  # writes what is still in the journal
    for file in Path(house.settings.home).rglob("*"):
        if file.is_file():
            assert token.key.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    "key", ["", "cra_", "cra_" + "x" * 43, "x" * 5000, "cra_' OR 1=1 --", "cra_" + "é" * 43, "\0"]
)
def test_what_nobody_holds_opens_nothing(house: Workspace, key: str) -> None:
    key_of(house)
    assert holder_of(house, key) is None


def test_a_changed_letter_opens_nothing(house: Workspace) -> None:
    key = key_of(house)
    for place in (0, 4, 20, 46):
        other = "A" if key[place] != "A" else "B"
        assert holder_of(house, key[:place] + other + key[place + 1 :]) is None
    assert holder_of(house, f" {key}") is None


def test_a_token_ends_on_its_day(house: Workspace, later: Later) -> None:
    key = key_of(house, days=90)
    later(timedelta(days=90) - timedelta(minutes=1))
    assert holder_of(house, key) is not None
    later(timedelta(days=90))
    assert holder_of(house, key) is None


def test_a_revoked_token_is_dead_and_the_others_are_not(house: Workspace) -> None:
    by, kept = actor(house, BESA), key_of(house)
    token = create_token(house, by=by, name="Script", days=30)
    revoke_token(house, by=by, token_id=token.id)
    assert holder_of(house, token.key) is None
    assert holder_of(house, kept) is not None
    with pytest.raises(NotFound):
        revoke_token(house, by=by, token_id=token.id)


def test_nobody_revokes_or_sees_the_tokens_of_somebody_else(house: Workspace) -> None:
    token = create_token(house, by=actor(house, BESA), name="Mine", days=30)
    assert list_tokens(house, by=actor(house, ADMIN)) == ()
    with pytest.raises(NotFound):
        revoke_token(house, by=actor(house, ADMIN), token_id=token.id)
    assert holder_of(house, token.key) is not None


def test_shutting_a_person_out_kills_the_tokens_for_good(house: Workspace) -> None:
    key, admin = key_of(house), actor(house, ADMIN)
    person, version = version_of(house, BESA)
    disable_person(house, by=admin, person_id=person, version=version)
    assert holder_of(house, key) is None
    person, version = version_of(house, BESA)
    enable_person(house, by=admin, person_id=person, version=version)
    assert holder_of(house, key) is None


def test_a_password_set_by_somebody_else_kills_the_tokens(house: Workspace) -> None:
    key = key_of(house)
    person, version = version_of(house, BESA)
    new = "another good passphrase"
    reset_password(house, by=actor(house, ADMIN), person_id=person, version=version, new=new)
    assert holder_of(house, key) is None


def test_a_role_given_or_ended_counts_at_the_next_request(house: Workspace) -> None:
    key, admin = key_of(house), actor(house, ADMIN)
    person = next(one for one in list_people(house, by=admin) if one.email == BESA)
    give(house, by=admin, person_id=person.id, role=Role.DATA_STEWARD, unit_code="O02")
    held = holder_of(house, key)
    assert held is not None
    assert {grant.role for grant in held.grants} == {Role.MANAGER, Role.DATA_STEWARD}
    end_role(house, by=admin, grant_id=person.roles[0].grant_id)
    held = holder_of(house, key)
    assert held is not None
    assert {grant.role for grant in held.grants} == {Role.DATA_STEWARD}


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\0b", "a\x1bb", "\u202egnp"])
def test_a_token_needs_a_name_people_can_read(house: Workspace, name: str) -> None:
    with pytest.raises(Invalid, match=r"tokens\.refused\.name"):
        create_token(house, by=actor(house, BESA), name=name, days=30)


@pytest.mark.parametrize("days", [0, -1, 1, 366, 10**9])
def test_a_token_cannot_be_good_for_as_long_as_one_likes(house: Workspace, days: int) -> None:
    assert days not in LIFETIMES
    with pytest.raises(Invalid, match=r"tokens\.refused\.days"):
        create_token(house, by=actor(house, BESA), name="x", days=days)


def test_there_is_an_end_to_how_many(house: Workspace) -> None:
    by = actor(house, BESA)
    made = [create_token(house, by=by, name=str(n), days=30) for n in range(MOST_TOKENS)]
    with pytest.raises(Invalid, match=r"tokens\.refused\.too_many"):
        create_token(house, by=by, name="one more", days=30)
    revoke_token(house, by=by, token_id=made[0].id)
    assert create_token(house, by=by, name="one more", days=30).key
    assert len(list_tokens(house, by=by)) == MOST_TOKENS


def test_when_a_token_was_last_used_is_told_to_the_minute(house: Workspace, later: Later) -> None:
    by, key = actor(house, BESA), key_of(house)
    assert list_tokens(house, by=by)[0].last_used_at is None
    holder_of(house, key)
    first = list_tokens(house, by=by)[0].last_used_at
    later(timedelta(seconds=30))
    holder_of(house, key)
    assert list_tokens(house, by=by)[0].last_used_at == first
    later(timedelta(minutes=5))
    holder_of(house, key)
    second = list_tokens(house, by=by)[0].last_used_at
    assert first is not None
    assert second is not None
    assert second - first > timedelta(minutes=4)


def test_making_revoking_and_refusing_are_on_record(house: Workspace) -> None:
    by = actor(house, BESA)
    token = create_token(house, by=by, name="Power BI", days=30)
    revoke_token(house, by=by, token_id=token.id)
    note_refused(house, token.key, address="192.0.2.7")
    note_refused(house, "cra_guessed", address="192.0.2.8")
    tags = (AuditTag.TOKEN_CREATED, AuditTag.TOKEN_REVOKED, AuditTag.TOKEN_REFUSED)
    found = {tag: entries(house, by=SYSTEM, wanted=Wanted(tag=tag)) for tag in tags}
    (made,), (taken,) = found[AuditTag.TOKEN_CREATED], found[AuditTag.TOKEN_REVOKED]
    assert (made.actor, made.new and made.new["token"]) == (BESA, "Power BI")
    assert (taken.actor, taken.old and taken.old["ending"]) == (BESA, token.key[-4:])
    guessed, known = found[AuditTag.TOKEN_REFUSED]
    assert (known.actor, known.noun_id) == (BESA, "192.0.2.7")
    assert (guessed.actor, guessed.noun_id, guessed.new) == ("UNKNOWN", "192.0.2.8", None)
    assert verify_trail(house, by=SYSTEM).holds


def test_somebody_without_a_role_makes_no_token(house: Workspace) -> None:
    besa = next(one for one in list_people(house, by=SYSTEM) if one.email == BESA)
    end_role(house, by=actor(house, ADMIN), grant_id=besa.roles[0].grant_id)
    with pytest.raises(PermissionDenied):
        create_token(house, by=actor(house, BESA), name="x", days=30)


def test_only_the_hash_is_in_the_row(house: Workspace) -> None:
    key = key_of(house)
    with house.database.reading() as session:
        row = session.exec(select(ApiToken)).one()
    assert key not in str(row.model_dump())
    assert row.ending == key[-4:]
