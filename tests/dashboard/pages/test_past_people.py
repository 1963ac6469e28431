"""Who was there, with which roles, and what the trail told, as of an earlier time."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from data.access.roles import Role
from data.auditing import Wanted, count, entries
from data.people import disable_person, end_role, grant_role, list_people
from data.workspace import Then, Workspace
from tests.dashboard.pages.measured import Tab
from tests.house import ADMIN, actor, inhabit, join, version_of

BESA = "besa@example.org"
Told = dict[str, tuple[bool, list[str]]]


def told(workspace: Workspace) -> Told:
    """Everybody with whether he may come in and which roles he holds."""
    people = list_people(workspace, by=actor(workspace, ADMIN))
    return {one.email: (one.active, sorted(held.role for held in one.roles)) for one in people}


def moment() -> datetime:
    time.sleep(0.002)  # what comes next is of a later moment
    return datetime.now(UTC)


def test_people_and_trail_are_told_as_they_were(workspace: Workspace) -> None:
    admin = inhabit(workspace)
    seen: list[tuple[datetime, Told, int]] = []

    def remember() -> None:
        number = count(workspace, by=admin, wanted=Wanted())
        seen.append((moment(), told(workspace), number))
        time.sleep(0.002)

    remember()
    join(workspace, BESA, Role.VIEWER)
    remember()
    besa, _version = version_of(workspace, BESA)
    grant_role(workspace, by=admin, person_id=besa, role=Role.MANAGER, unit_code="CRA")
    remember()
    held = {one.email: one.roles for one in list_people(workspace, by=admin)}[BESA]
    viewer = next(one.grant_id for one in held if one.role is Role.VIEWER)
    end_role(workspace, by=admin, grant_id=viewer)
    remember()
    besa, version = version_of(workspace, BESA)
    disable_person(workspace, by=admin, person_id=besa, version=version)
    remember()

    assert [BESA in people for _at, people, _count in seen] == [False, True, True, True, True]
    for at, people, number in seen:
        then = workspace.at(Then(0, at))
        assert told(then) == people
        assert count(then, by=admin, wanted=Wanted()) == number
        assert all(one.at < at for one in entries(then, by=admin, wanted=Wanted()))


@pytest.mark.parametrize("page", ["people", "audit"])
def test_the_page_says_so_and_offers_nothing_to_change(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    inhabit(workspace)
    tab = Tab(workspace, monkeypatch, page, email=ADMIN, as_of="2020-01-01")
    assert BESA not in tab.said
    assert not tab.page.tabs
