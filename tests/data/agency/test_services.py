"""What the agency delivers: who may say so, what is refused, what the trail keeps, what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.agency.actions import found_agency
from data.agency.directory import services
from data.agency.services import (
    add_service,
    move_service,
    read_services,
    reinstate_service,
    rename_service,
    retire_service,
)
from data.agency.stating import Grounds
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.store.tables import AuditEntry, Service
from data.workspace import Workspace
from tests.kpis.conftest import settings_in

GROUNDS = Grounds("Decision 9/2025", "New service")
NAMES = {"sq": "Vulë", "sr": "Pečat", "en": "Seal"}
FOUNDED = ["PASSPORT", "ID_CARD", "DRIVING_LICENCE", "VEHICLE_REG", "CIVIL_CERT", "OTHER"]
Act = Callable[..., None]


def holder(role: Role, unit: str = "CRA") -> Actor:
    units = None if unit == "CRA" else frozenset({unit})
    return Actor(f"{role}@example.org", "Somebody", "en", (Grant(role, unit, units),))


ADMIN = holder(Role.ADMINISTRATOR)


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    found_agency(workspace, by=SYSTEM)
    return workspace


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A house for what changes nothing; OTHER is retired in it."""
    workspace = Workspace.open(settings_in(tmp_path_factory.mktemp("services")))
    workspace.database.upgrade()
    found_agency(workspace, by=SYSTEM)
    do(workspace, retire_service, "OTHER")
    yield workspace
    workspace.database.dispose()


def do(workspace: Workspace, act: Act, code: str, **more: Any) -> None:
    """Do something to a service as it stands, as an administrator unless told otherwise."""
    seen = {"code": code, "version": row(workspace, code).row_version}
    act(workspace, **{"by": ADMIN, "grounds": GROUNDS, **seen, **more})


def add(workspace: Workspace, code: str, **more: Any) -> None:
    add_service(workspace, **{"by": ADMIN, "names": NAMES, "grounds": GROUNDS, **more}, code=code)


def row(workspace: Workspace, code: str) -> Service:
    with workspace.read(SYSTEM, Permission.REFERENCE_VIEW) as reader:
        return reader.get(Service, code)


def listed(workspace: Workspace) -> list[str]:
    return [one.code for one in read_services(workspace, by=SYSTEM)]


def last_entry(workspace: Workspace) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What the trail says was and is, of the newest entry, which is about a service."""
    with workspace.database.reading() as session:
        entries = session.exec(select(AuditEntry)).all()
    entry = max(entries, key=lambda one: one.number)
    assert (entry.noun, entry.actor) == ("service", ADMIN.email)
    assert entry.new is not None
    assert (entry.new["source"], entry.new["reason"]) == (GROUNDS.source, GROUNDS.reason)
    return entry.old, entry.new


def test_a_service_is_added_last_and_offered(house: Workspace) -> None:
    add(house, " SEAL_2 ")
    assert listed(house) == [*FOUNDED, "SEAL_2"]
    assert [one.code for one in services(house, by=SYSTEM)] == [*FOUNDED, "SEAL_2"]
    old, new = last_entry(house)
    assert old is None
    assert (new["code"], new["name_sr"], new["active"]) == ("SEAL_2", "Pečat", True)


def test_a_service_is_renamed_in_three_languages(house: Workspace) -> None:
    do(house, rename_service, "PASSPORT", names=NAMES)
    said = row(house, "PASSPORT")
    assert (said.name_sq, said.name_sr, said.name_en) == ("Vulë", "Pečat", "Seal")
    old, new = last_entry(house)
    assert old is not None
    assert (old["name_en"], new["name_en"]) == ("Passport", "Seal")


def test_a_service_is_listed_elsewhere(house: Workspace) -> None:
    before = FOUNDED
    for code, place, after in (
        ("OTHER", 1, ["OTHER", *FOUNDED[:-1]]),
        ("OTHER", 6, FOUNDED),
        ("ID_CARD", 3, ["PASSPORT", "DRIVING_LICENCE", "ID_CARD", *FOUNDED[3:]]),
    ):
        do(house, move_service, code, place=place)
        assert listed(house) == after
        old, new = last_entry(house)
        assert old is not None
        assert (old["order"], new["order"]) == (before, after)
        before = after


def test_a_retired_service_is_offered_no_longer_and_stays_known(house: Workspace) -> None:
    do(house, retire_service, "ID_CARD")
    assert "ID_CARD" not in {one.code for one in services(house, by=SYSTEM)}
    assert listed(house) == FOUNDED
    old, new = last_entry(house)
    assert old is not None
    assert (old["active"], new["active"]) == (True, False)
    do(house, reinstate_service, "ID_CARD")
    assert [one.code for one in services(house, by=SYSTEM)] == FOUNDED
    old, new = last_entry(house)
    assert old is not None
    assert (old["active"], new["active"]) == (False, True)


SAME = {"sq": "Pasaportë", "sr": "Pasoš", "en": "Passport"}
REFUSED: dict[str, tuple[Callable[[Workspace], None], str]] = {
    "taken": (partial(add, code="PASSPORT"), "known"),
    "taken by a retired one": (partial(add, code="OTHER"), "known"),
    "a zero for an O": (partial(add, code="PASSP0RT"), "code_lookalike"),
    "an L for an I": (partial(add, code="LD_CARD"), "code_lookalike"),
    "no underscore": (partial(add, code="IDCARD"), "code_lookalike"),
    "small letters": (partial(add, code="passport"), "service_code"),
    "a letter of another script": (partial(add, code="РASSPORT"), "service_code"),
    "a digit first": (partial(add, code="1A"), "service_code"),
    "a hyphen": (partial(add, code="A-B"), "service_code"),
    "a line break": (partial(add, code="A\nB"), "service_code"),
    "nothing": (partial(add, code=" "), "service_code"),
    "too long": (partial(add, code="A" * 21), "service_code"),
    "a name lacking": (partial(add, code="SEAL", names={**NAMES, "sr": " "}), "no_name"),
    "no source": (partial(add, code="SEAL", grounds=Grounds(" ", "why")), "no_source"),
    "no reason": (partial(add, code="SEAL", grounds=Grounds("law", " ")), "no_reason"),
    "the same names": (
        partial(do, act=rename_service, code="PASSPORT", names=SAME),
        "service_same_name",
    ),
    "its own place": (partial(do, act=move_service, code="ID_CARD", place=2), "service_same_place"),
    "no such place": (partial(do, act=move_service, code="ID_CARD", place=7), "out_of_bounds"),
    "place none": (partial(do, act=move_service, code="ID_CARD", place=0), "out_of_bounds"),
    "retired already": (partial(do, act=retire_service, code="OTHER"), "service_retired"),
    "in use": (partial(do, act=reinstate_service, code="PASSPORT"), "service_in_use"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_and_changes_nothing(refusing: Workspace, case: str) -> None:
    act, key = REFUSED[case]
    before = [one.model_dump() for one in read_services(refusing, by=SYSTEM)]
    with pytest.raises(Invalid) as refused:
        act(refusing)
    assert refused.value.key == f"reference.refused.{key}"
    assert [one.model_dump() for one in read_services(refusing, by=SYSTEM)] == before


EVERY: dict[str, Act] = {
    "add": lambda house, **more: add(house, "SEAL", **more),
    "rename": partial(do, act=rename_service, code="PASSPORT", names=NAMES),
    "move": partial(do, act=move_service, code="PASSPORT", place=2),
    "retire": partial(do, act=retire_service, code="PASSPORT"),
    "reinstate": partial(do, act=reinstate_service, code="OTHER"),
}


@pytest.mark.parametrize("deed", EVERY)
def test_only_administrators_of_the_agency_do_it(refusing: Workspace, deed: str) -> None:
    for by in (holder(Role.MANAGER), holder(Role.ADMINISTRATOR, "O01")):
        with pytest.raises(PermissionDenied):
            EVERY[deed](refusing, by=by)


@pytest.mark.parametrize("deed", [one for one in EVERY if one != "add"])
def test_a_later_version_is_not_overwritten_unseen(refusing: Workspace, deed: str) -> None:
    with pytest.raises(Conflict):
        EVERY[deed](refusing, version=99)


def test_a_service_unknown_is_not_found(refusing: Workspace) -> None:
    with pytest.raises(NotFound):
        retire_service(refusing, by=ADMIN, code="SEAL", version=1, grounds=GROUNDS)
