"""The register as of a moment, from its versions or from the trail, is the snapshot byte for byte
(invariant 9), and what does not hold is named.
"""

from __future__ import annotations

import hashlib
import json
import threading
import zlib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings

from data.access.permissions import Permission
from data.access.roles import Role
from data.auditing import verify_trail
from data.codec import canonical, plain
from data.errors import Invalid, NotFound, PermissionDenied
from data.workspace import Then, Workspace
from risks.controls.actions import keep_control, link_control
from risks.controls.record import Control, ControlKind, ControlWording
from risks.deciding import actions as deciding
from risks.incidents.actions import record_incident
from risks.incidents.record import IncidentWording
from risks.register.kinds import Kind, Side
from risks.register.reading import published_at, read_register
from risks.snapshots import actions
from risks.snapshots import content as content_module
from risks.snapshots.actions import take_snapshot
from risks.snapshots.proving import Proof, proved
from risks.snapshots.reading import Snapshot, list_snapshots, read_content, read_snapshot
from tests.house import join
from tests.risks.house import PEOPLE, RiskHouse, risk_house
from tests.risks.register.test_any_story import MOVES, OPENING, Move, new_house, step


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def take(house: RiskHouse, who: str = "coordinator", **said: Any) -> Snapshot:
    return take_snapshot(house.workspace, by=house[who], **({"label": "Q1"} | said))


def prove(house: RiskHouse, one: Snapshot) -> Proof:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return proved(reader, one.id)


def content(house: RiskHouse, one: Snapshot, who: str = "auditor") -> bytes:
    with house.workspace.read(house[who], Permission.RISK_VIEW_PUBLISHED) as reader:
        return read_content(reader, one.id)


def listed(house: RiskHouse, who: str = "auditor", then: Then | None = None) -> list[str]:
    with house.workspace.at(then).read(house[who], Permission.RISK_VIEW_PUBLISHED) as reader:
        return [one.label for one in list_snapshots(reader)]


def told(house: RiskHouse) -> Control:
    """A story in which there is something of each kind."""
    house.draft()
    house.judge("owner", Kind.CURRENT, 3, 2)
    house.do(deciding.propose_risk, "owner")
    house.do(deciding.decide_proposal, "coordinator", approve=True)
    owner = house["owner"].email
    wording = ControlWording("Count", "Weekly", ControlKind.DETECTIVE, owner, "O01")
    control = keep_control(house.workspace, by=house["coordinator"], wording=wording)
    house.do(link_control, "owner", control=control.code, side=Side.CAUSE)
    day = house.clock.now.date()
    said = IncidentWording("Late", "Blanks came late.", day, "O01", 100.0, ("R-0001",))
    record_incident(house.workspace, by=house["owner"], wording=said)
    return control


def test_a_snapshot_is_the_whole_register_and_proves_itself(house: RiskHouse) -> None:
    control = told(house)
    taken = take(house)
    kept = content(house, taken)
    assert hashlib.sha256(kept).hexdigest() == taken.sha256
    register = json.loads(kept)
    assert canonical(register["risk"]) == canonical([plain(house.risk())])
    assert canonical(register["risk_control"]) == canonical([plain(control)])
    assert [one["code"] for one in register["incident"]] == ["I-0001"]
    assert (taken.label, taken.risks, taken.taken_by) == ("Q1", 1, house["coordinator"].email)
    house.clock.pass_days(1)
    house.judge("owner", Kind.CURRENT, 5, 5)
    assert prove(house, taken) == Proof(True, True, True)
    assert content(house, take(house, label="Q2")) != kept
    assert listed(house) == ["Q2", "Q1"]
    assert verify_trail(house.workspace, by=house["auditor"]).holds


def test_what_is_done_at_the_same_moment_is_not_within_it(house: RiskHouse) -> None:
    """The clock of a story stands still: what comes after a snapshot is later all the same."""
    house.draft()
    first = take(house)
    house.draft()
    second = take(house)
    house.judge("owner", Kind.CURRENT, 2, 2)
    assert prove(house, first).holds
    assert prove(house, second).holds
    counts = [len(json.loads(content(house, one))["risk"]) for one in (first, second)]
    assert counts == [1, 2]


@given(moves=MOVES)
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_snapshot_of_any_story_proves_itself(tmp_path: Path, moves: list[Move]) -> None:
    house = new_house(tmp_path)
    house.draft()
    taken = [take(house)]
    for count, move in enumerate(OPENING + moves):
        step(house, move)
        if count % 4 == 0:
            taken.append(take(house, label=f"after {count}"))
        house.clock.pass_days(1)
    for one in taken:
        assert prove(house, one) == Proof(True, True, True)
        with house.workspace.at(Then(0, one.as_of)).read(
            house["auditor"], Permission.RISK_VIEW
        ) as reader:
            seen = read_register(reader)
        assert canonical(json.loads(content(house, one))["risk"]) == canonical(plain(seen))


TAMPERED = {
    "stored bytes": (
        "UPDATE register_snapshot SET content = :bytes",
        Proof(False, False, False, ("R-0001",)),
    ),
    "a version": (
        "UPDATE record_version SET content = replace(content, 'Blank', 'Other')",
        Proof(True, False, True, ("R-0001",)),
    ),
    "a version taken away": (
        "DELETE FROM record_version",
        Proof(True, False, True, ("R-0001",)),
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_named(house: RiskHouse, what: str) -> None:
    house.draft()
    taken = take(house)
    register = json.loads(content(house, taken))
    register["risk"][0]["title"] = "Nothing to see"
    statement, found = TAMPERED[what]
    with house.workspace.database.writing() as session:
        said = {"bytes": zlib.compress(canonical(register))} if ":bytes" in statement else {}
        session.connection().execute(sqlalchemy.text(statement), said)
    assert prove(house, taken) == found


def test_bytes_that_cannot_be_read_prove_nothing(house: RiskHouse) -> None:
    house.draft()
    taken = take(house)
    with house.workspace.database.writing() as session:
        session.connection().execute(
            sqlalchemy.text("UPDATE register_snapshot SET content = :bytes"), {"bytes": b"?"}
        )
    assert not prove(house, taken).holds
    with pytest.raises(NotFound, match="unreadable"):
        content(house, taken)


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "coordinator"])
def test_only_the_coordinator_takes_snapshots(house: RiskHouse, who: str) -> None:
    with pytest.raises(PermissionDenied):
        take(house, who)
    assert listed(house) == []


def test_a_coordinator_of_one_unit_publishes_nothing(house: RiskHouse) -> None:
    local = join(house.workspace, "local@example.org", Role.RISK_COORDINATOR, "O01")
    house.people["local"] = local
    with pytest.raises(PermissionDenied, match="unit"):
        take(house, "local")


@pytest.mark.parametrize("label", [" ", "x" * 121])
def test_a_snapshot_has_a_label(house: RiskHouse, label: str) -> None:
    with pytest.raises(Invalid):
        take(house, label=label)


def test_published_it_is_what_everybody_sees_and_lists(house: RiskHouse) -> None:
    told(house)
    inside = take(house)
    house.clock.pass_days(1)
    outside = take(house, label="Published", published=True)
    house.clock.pass_days(1)
    house.draft()
    assert listed(house, "viewer") == ["Published"]
    assert listed(house) == ["Published", "Q1"]
    assert listed(house, then=Then(0, outside.as_of)) == ["Q1"]
    with house.workspace.read(house["viewer"], Permission.RISK_VIEW_PUBLISHED) as reader:
        assert published_at(reader) == outside.as_of
        assert [one.code for one in read_register(reader)] == ["R-0001"]
        with pytest.raises(NotFound):
            read_snapshot(reader, inside.id)
    for who in ("viewer", "owner", "head"):
        with pytest.raises(PermissionDenied):
            content(house, outside, who)


def test_a_change_that_comes_between_is_within_it(
    house: RiskHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the bytes are made nobody waits; whoever wrote meanwhile is in the snapshot too."""
    house.draft()
    once = iter([True])

    def packed(made: bytes) -> bytes:
        if next(once, False):
            house.draft()
        return content_module.packed(made)

    monkeypatch.setattr(actions, "packed", packed)
    taken = take(house)
    assert taken.risks == 2
    assert prove(house, taken).holds


def test_a_change_is_of_the_moment_in_which_it_may_write(house: RiskHouse) -> None:
    """Whoever waited for the lock is not of the moment in which he began to wait."""
    waits, moments = threading.Event(), []

    def another() -> None:
        waits.set()
        with house.workspace.change(house["coordinator"], Permission.RISK_DRAFT) as change:
            moments.append(change.now)
            change.leave_unrecorded()

    thread = threading.Thread(target=another)
    with house.workspace.database.writing():
        thread.start()
        assert waits.wait(5)
        thread.join(0.3)
        assert moments == []
        house.clock.pass_days(1)
    thread.join(10)
    assert moments == [house.clock.now]
