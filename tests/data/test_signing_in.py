"""Signing in and out: sessions that last as long as they should, and locks that hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import pytest
from sqlmodel import select

from data import signing_in
from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import Wanted, entries
from data.errors import PermissionDenied
from data.signing_in import (
    actor_by_email,
    actor_of,
    sign_in,
    sign_in_vouched,
    sign_out,
    sign_out_everywhere,
)
from data.store.tables import SignInSession
from data.workspace import Workspace
from tests.house import ADMIN, PASSWORD, inhabit, join

Later = Callable[[timedelta], None]


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    inhabit(workspace)
    return workspace


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Move the clock that signing in reads."""

    def move(by: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                assert tz is UTC
                return cls.fromtimestamp(datetime.now(UTC).timestamp() + by.total_seconds(), UTC)

        monkeypatch.setattr(signing_in, "datetime", Clock)

    return move


def test_a_session_is_kept_hashed_and_found_by_its_token(house: Workspace) -> None:
    signed_in = sign_in(house, email=f"  {ADMIN.upper()} ", password=PASSWORD)
    found = actor_of(house, signed_in.token)
    assert found is not None
    assert found.email == ADMIN
    with house.database.reading() as session:
        kept = session.exec(select(SignInSession)).one()
    assert signed_in.token not in str(kept.model_dump())
    assert timedelta(hours=11) < signed_in.expires_at - datetime.now(UTC) <= timedelta(hours=12)


@pytest.mark.parametrize("token", [None, "", "unknown", "x" * 5000])
def test_an_unknown_cookie_is_nobody(house: Workspace, token: str | None) -> None:
    assert actor_of(house, token) is None
    sign_out(house, token)


def test_every_sign_in_is_a_session_of_its_own(house: Workspace) -> None:
    one = sign_in(house, email=ADMIN, password=PASSWORD).token
    other = sign_in(house, email=ADMIN, password=PASSWORD).token
    assert one != other
    sign_out(house, one)
    assert actor_of(house, one) is None
    assert actor_of(house, other) is not None


def test_signing_out_everywhere_ends_all_of_them(house: Workspace) -> None:
    tokens = [sign_in(house, email=ADMIN, password=PASSWORD).token for _ in range(3)]
    stranger = join(house, "besa@example.org", Role.VIEWER)
    others = sign_in(house, email=stranger.email, password=PASSWORD).token
    admin = actor_of(house, tokens[0])
    assert admin is not None
    assert sign_out_everywhere(house, admin) == 3
    assert [actor_of(house, token) for token in tokens] == [None] * 3
    assert actor_of(house, others) is not None


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(
    house: Workspace, later: Later
) -> None:
    for _ in range(5):
        with pytest.raises(PermissionDenied):
            sign_in(house, email=ADMIN, password="a wrong guess")
    with pytest.raises(PermissionDenied):
        sign_in(house, email=ADMIN, password=PASSWORD)
    later(timedelta(minutes=16))
    assert sign_in(house, email=ADMIN, password=PASSWORD).token


def test_a_sign_in_in_between_starts_the_count_anew(house: Workspace) -> None:
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(PermissionDenied):
                sign_in(house, email=ADMIN, password="a wrong guess")
        assert sign_in(house, email=ADMIN, password=PASSWORD).token


def test_an_unknown_address_is_refused_in_the_same_words(house: Workspace) -> None:
    said = []
    for email in (ADMIN, "nobody@example.org"):
        with pytest.raises(PermissionDenied) as refused:
            sign_in(house, email=email, password="a wrong guess")
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("pause", "alive"),
    [(timedelta(hours=1, minutes=59), True), (timedelta(hours=2, minutes=1), False)],
)
def test_two_idle_hours_end_a_session(
    house: Workspace, later: Later, pause: timedelta, *, alive: bool
) -> None:
    token = sign_in(house, email=ADMIN, password=PASSWORD).token
    later(pause)
    assert (actor_of(house, token) is not None) is alive


def test_work_keeps_a_session_alive_for_twelve_hours_and_no_longer(
    house: Workspace, later: Later
) -> None:
    token = sign_in(house, email=ADMIN, password=PASSWORD).token
    for hours in range(1, 12):
        later(timedelta(hours=hours))
        assert actor_of(house, token) is not None
    later(timedelta(hours=12, minutes=1))
    assert actor_of(house, token) is None


def test_somebody_else_may_vouch_for_a_person_but_our_database_decides(house: Workspace) -> None:
    besa = join(house, "besa@example.org", Role.MANAGER)
    token = sign_in_vouched(house, email="Besa@example.org").token
    found = actor_of(house, token)
    assert found is not None
    assert found.grants == besa.grants
    with pytest.raises(PermissionDenied):
        sign_in_vouched(house, email="unknown@example.org")


def test_a_role_in_a_unit_reaches_all_units_below_it(house: Workspace) -> None:
    assert join(house, "a@example.org", Role.UNIT_HEAD, "CRA").may_in(Permission.ROWS_VIEW, "O02")
    local = join(house, "b@example.org", Role.UNIT_HEAD, "O01")
    assert local.units_for(Permission.ROWS_VIEW) == frozenset({"O01"})


def test_coming_and_going_is_on_record(house: Workspace) -> None:
    with pytest.raises(PermissionDenied):
        sign_in(house, email=ADMIN, password="a wrong guess")
    sign_out(house, sign_in(house, email=ADMIN, password=PASSWORD).token)
    admin = actor_by_email(house, ADMIN)
    assert admin is not None
    written = entries(house, by=admin, wanted=Wanted(actor=ADMIN), limit=3)
    assert [entry.tag for entry in written] == [
        "access.signed_out",
        "access.signed_in",
        "access.sign_in_failed",
    ]
