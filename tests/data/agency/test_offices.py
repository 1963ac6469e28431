"""The history of offices: what may be said of it, what is refused, and what stays on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.agency.actions import found_agency
from data.agency.directory import offices_today
from data.agency.offices import (
    close_office,
    date_opening,
    merge_office,
    open_office,
    read_offices,
    rename_office,
    withdraw_event,
)
from data.agency.offices.actions import Seen
from data.agency.stating import Grounds
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.store.tables import AuditEntry, Office, OfficeEvent, OrgUnit
from data.workspace import Workspace
from tests.kpis.conftest import settings_in

GROUNDS = Grounds("Decision 7/2025", "Network of 2025")
OPENED, LATER = date(2020, 1, 1), date(2024, 3, 1)


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    """Three offices, A, B and C."""
    return _with_offices(workspace)


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The same, for what changes nothing."""
    workspace = Workspace.open(settings_in(tmp_path_factory.mktemp("offices")))
    yield _with_offices(workspace)
    workspace.database.dispose()


def _with_offices(workspace: Workspace) -> Workspace:
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM)
    for code in "ABC":
        opened(workspace, code)
    return workspace


def opened(workspace: Workspace, code: str, day: date = OPENED, **more: Any) -> None:
    names = {"sq": f"Zyra {code}", "sr": f"Kancelarija {code}", "en": f"Office {code}"}
    given = {"code": code, "names": names, "municipality": "01", "opened": day, "grounds": GROUNDS}
    open_office(workspace, **{"by": SYSTEM, **given, **more})


def merge(workspace: Workspace, code: str, into: str, day: date = LATER) -> None:
    office = seen(workspace, code)
    merge_office(workspace, by=SYSTEM, office=office, into=into, day=day, grounds=GROUNDS)


def close(workspace: Workspace, code: str, day: date = LATER) -> None:
    close_office(workspace, by=SYSTEM, office=seen(workspace, code), day=day, grounds=GROUNDS)


def rename(workspace: Workspace, code: str, name: str, day: date = LATER) -> None:
    names = dict.fromkeys(("sq", "sr", "en"), name)
    office = seen(workspace, code)
    rename_office(workspace, by=SYSTEM, office=office, names=names, day=day, grounds=GROUNDS)


def seen(workspace: Workspace, code: str) -> Seen:
    return Seen(code, row(workspace, code).row_version)


def row(workspace: Workspace, code: str) -> Office:
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        return reader.get(Office, code)


def last_entry(workspace: Workspace) -> AuditEntry:
    with workspace.database.reading() as session:
        return session.exec(select(AuditEntry).order_by(AuditEntry.number.desc())).first()  # type: ignore[attr-defined, return-value]


def test_an_office_opens_with_a_unit_of_its_own(house: Workspace) -> None:
    opened(house, "D", parent="A")
    with house.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        unit = reader.get(OrgUnit, "D")
    assert (unit.parent_code, unit.kind, unit.name_en) == ("A", "office", "Office D")
    assert row(house, "D").opened == OPENED
    entry = last_entry(house)
    assert entry.new is not None
    assert (entry.noun, entry.noun_id, entry.new["reason"]) == ("office", "D", "Network of 2025")


def test_a_merger_is_told_of_both_and_resolves_chains(house: Workspace) -> None:
    merge(house, "A", "B")
    merge(house, "B", "C", LATER + timedelta(days=40))
    views = {view.code: view for view in read_offices(house, by=SYSTEM)}
    assert (views["A"].successor, views["B"].successor, views["C"].successor) == ("C", "C", None)
    assert [office.code for office in views["C"].stands_for] == ["A", "B"]
    assert [office.code for office in offices_today(house, by=SYSTEM)] == ["C"]
    entry = last_entry(house)
    assert entry.old is not None
    assert entry.new is not None
    assert (entry.old["merged_into"], entry.new["merged_into"]) == (None, "C")


def test_a_merger_to_come_does_not_count_yet(house: Workspace) -> None:
    today = datetime.now(house.settings.zone).date()
    merge(house, "A", "B", today + timedelta(days=3))
    assert {view.successor for view in read_offices(house, by=SYSTEM)} == {None}
    merge(house, "C", "B", today)
    assert [view.successor for view in read_offices(house, by=SYSTEM)] == [None, None, "B"]


REFUSED: dict[str, tuple[Callable[[Workspace], None], str]] = {
    "into itself": (lambda house: merge(house, "A", "A"), "circle"),
    "before it opened": (lambda house: merge(house, "A", "B", date(2019, 1, 1)), "before_opening"),
    "closed before it opened": (
        lambda house: close(house, "A", date(2019, 12, 31)),
        "before_opening",
    ),
    "named before it opened": (
        lambda house: rename(house, "A", "X", date(2019, 1, 1)),
        "before_opening",
    ),
    "a day to come": (lambda house: rename(house, "A", "X", date(2999, 1, 1)), "renamed_ahead"),
    "code in use": (lambda house: opened(house, "A"), "known"),
    "code of a unit": (lambda house: opened(house, "CRA"), "known"),
    "no code": (lambda house: opened(house, "a b"), "code"),
    "a name lacking": (lambda house: rename(house, "A", "  "), "no_name"),
    "no source": (
        lambda house: opened(house, "D", grounds=Grounds(" ", "why")),
        "no_source",
    ),
    "no reason": (lambda house: opened(house, "D", grounds=Grounds("law", "")), "no_reason"),
    "endless": (lambda house: opened(house, "D", grounds=Grounds("x" * 501, "why")), "too_long"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_have_happened_is_refused_and_changes_nothing(
    refusing: Workspace, case: str
) -> None:
    act, key = REFUSED[case]
    with pytest.raises(Invalid) as refused:
        act(refusing)
    assert refused.value.key == f"reference.refused.{key}"
    assert [view.successor for view in read_offices(refusing, by=SYSTEM)] == [None] * 3


def test_no_merger_leads_back(house: Workspace) -> None:
    merge(house, "A", "B")
    with house.database.writing() as session:  # as if somebody had edited the row by hand
        office = session.get(Office, "B")
        assert office is not None
        office.merged_into = "C"
    with pytest.raises(Invalid, match="circle"):
        merge(house, "C", "A")


def test_nothing_is_merged_into_what_is_closed(house: Workspace) -> None:
    close(house, "B")
    with pytest.raises(Invalid, match="into_closed"):
        merge(house, "A", "B")
    merge(house, "A", "B", LATER - timedelta(days=1))  # it was still open then
    with pytest.raises(Invalid, match="already_closed"):
        close(house, "B")


def test_an_office_closes_after_what_was_merged_into_it(house: Workspace) -> None:
    merge(house, "A", "B")
    with pytest.raises(Invalid, match="closed_before_merger"):
        close(house, "B", LATER - timedelta(days=1))
    with pytest.raises(Invalid, match="opened_late"):
        date_opening(house, by=SYSTEM, office=seen(house, "B"), opened=LATER, grounds=GROUNDS)
    close(house, "B")


def test_names_are_kept_with_the_day_they_changed(house: Workspace) -> None:
    rename(house, "A", "Second")
    rename(house, "A", "Third", LATER + timedelta(days=10))
    view = read_offices(house, by=SYSTEM)[0]
    assert view.office.name_en == "Third"
    assert view.names_until(LATER - timedelta(days=1)) == (
        {"sq": "Zyra A", "sr": "Kancelarija A", "en": "Office A"},
        LATER,
    )
    assert view.names_until(LATER) == (
        dict.fromkeys(("sq", "sr", "en"), "Second"),
        LATER + timedelta(days=10),
    )
    assert view.names_until(LATER + timedelta(days=10)) is None
    with pytest.raises(Invalid, match="renamed_later"):
        rename(house, "A", "Fourth", LATER)
    with pytest.raises(Invalid, match="same_name"):
        rename(house, "A", "Third", LATER + timedelta(days=20))


def test_what_was_entered_by_mistake_is_taken_back_and_stays_on_record(house: Workspace) -> None:
    rename(house, "A", "Second")
    merge(house, "A", "B")
    merged, renamed = read_offices(house, by=SYSTEM)[0].events[:2]
    if merged.kind != "merged":
        merged, renamed = renamed, merged
    for event in (merged, renamed):
        withdraw_event(
            house, by=SYSTEM, event_id=event.id or 0, version=event.row_version, reason="Typo"
        )
    office = row(house, "A")
    assert (office.closed, office.merged_into, office.name_en) == (None, None, "Office A")
    with house.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        kept = reader.all(select(OfficeEvent).where(OfficeEvent.office_code == "A"))
    assert sorted((event.kind, event.withdrawn) for event in kept) == [
        ("merged", True),
        ("opened", False),
        ("renamed", True),
    ]
    with pytest.raises(Conflict):
        withdraw_event(
            house, by=SYSTEM, event_id=merged.id or 0, version=merged.row_version, reason="Typo"
        )


def test_a_later_version_is_not_overwritten_unseen(house: Workspace) -> None:
    stale = seen(house, "A")
    rename(house, "A", "Second")
    with pytest.raises(Conflict):
        close_office(house, by=SYSTEM, office=stale, day=LATER, grounds=GROUNDS)


def test_only_who_may_change_reference_data_does(house: Workspace) -> None:
    manager = Actor("m@example.org", "M", "en", (Grant(Role.MANAGER, "CRA", None),))
    with pytest.raises(PermissionDenied):
        opened(house, "D", by=manager)
    local = Actor("a@example.org", "A", "en", (Grant(Role.ADMINISTRATOR, "A", frozenset({"A"})),))
    with pytest.raises(PermissionDenied):
        close_office(house, by=local, office=seen(house, "B"), day=LATER, grounds=GROUNDS)
    with pytest.raises(NotFound):
        opened(house, "D", municipality="99")
