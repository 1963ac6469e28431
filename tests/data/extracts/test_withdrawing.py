"""Taking a load back: a new event that puts the right version back, and never a deletion."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.audit.tags import AuditTag
from data.errors import Invalid, NotFound, PermissionDenied
from data.extracts.actions import withdraw_load
from data.extracts.checked_file import Declared
from data.extracts.history import loads
from data.store.tables import ExtractEvent
from data.workspace import Workspace
from tests.data.extracts.loads import (
    STEWARD,
    VIEWER,
    application,
    audit,
    events,
    founded,
    load,
    on_disk,
    statuses,
    stock,
    winners,
    written,
)

MARCH = Declared(coverage_from=date(2025, 3, 1), coverage_to=date(2025, 3, 31), scope="full")


@pytest.fixture
def house(workspace: Workspace) -> Workspace:
    return founded(workspace)


def take_back(house: Workspace, batch_id: str | None, reason: str = "by mistake") -> ExtractEvent:
    assert batch_id is not None
    return withdraw_load(house, by=STEWARD, batch_id=batch_id, reason=reason)


def three_versions(house: Workspace, folder: Path) -> list[str]:
    """Version after version of one case; returns the batches."""
    ids = []
    for number, status in enumerate(("received", "decided", "issued"), 1):
        file = written(folder / f"{number}.csv", [application(1, status, updated=number)])
        ids.append(load(house, file).batch or "")
    return ids


def test_withdrawing_the_middle_version_changes_nothing_seen(
    house: Workspace, tmp_path: Path
) -> None:
    ids = three_versions(house, tmp_path)
    assert take_back(house, ids[1]).number == 4
    assert statuses(house) == {"A-0001": "issued"}
    take_back(house, ids[2])
    assert statuses(house) == {"A-0001": "received"}
    take_back(house, ids[0])
    assert statuses(house) == {}


def test_every_earlier_state_stays_readable(house: Workspace, tmp_path: Path) -> None:
    ids = three_versions(house, tmp_path)
    take_back(house, ids[2])
    seen = [statuses(house, number).get("A-0001") for number in range(5)]
    assert seen == [None, "received", "decided", "issued", "decided"]
    assert on_disk(house) == set(ids)


def test_withdrawing_a_full_load_brings_back_what_it_made_vanish(
    house: Workspace, tmp_path: Path
) -> None:
    load(house, written(tmp_path / "a.csv", [application(1), application(2)]))
    fewer = written(tmp_path / "b.csv", [application(1, "issued", updated=2)])
    report = load(house, fewer, declared=MARCH, accept_vanished=True)
    assert statuses(house) == {"A-0001": "issued"}
    take_back(house, report.batch)
    assert statuses(house) == {"A-0001": "received", "A-0002": "received"}


def test_what_two_full_loads_lack_stays_gone_when_the_first_is_withdrawn(
    house: Workspace, tmp_path: Path
) -> None:
    load(house, written(tmp_path / "a.csv", [application(1), application(2)]))
    without = [
        load(
            house,
            written(tmp_path / f"{n}.csv", [application(1, "issued", updated=n)]),
            declared=MARCH,
            accept_vanished=True,
        )
        for n in (2, 3)
    ]
    take_back(house, without[0].batch)
    assert statuses(house) == {"A-0001": "issued"}
    take_back(house, without[1].batch)
    assert statuses(house) == {"A-0001": "received", "A-0002": "received"}


def test_later_loads_are_whole_without_the_first(house: Workspace, tmp_path: Path) -> None:
    """A batch holds its unchanged rows too, so nothing goes missing with the batch before it."""
    first = load(house, written(tmp_path / "a.csv", [stock(1, 500), stock(2, 400)]))
    load(house, written(tmp_path / "b.csv", [stock(1, 500), stock(2, 390)]))
    take_back(house, first.batch)
    found = winners(house, "blank_stock", "on_hand")
    assert {key[1].day: value for key, value in found.items()} == {1: 500, 2: 390}


def test_the_event_says_who_when_and_why(house: Workspace, tmp_path: Path) -> None:
    report = load(house, written(tmp_path / "a.csv", [application(1)]))
    event = take_back(house, report.batch, "  the office sent the wrong month ")
    assert events(house)[-1] == event
    assert (event.kind, event.by, event.reason) == (
        "withdrawal",
        STEWARD.email,
        "the office sent the wrong month",
    )
    entry = audit(house)[-1]
    assert (entry.tag, entry.noun_id) == (AuditTag.EXTRACT_WITHDRAWN, report.batch)
    (one,) = loads(house, by=STEWARD)
    assert not one.is_live
    assert one.withdrawal == event


def test_what_cannot_be_withdrawn_is_refused(house: Workspace, tmp_path: Path) -> None:
    report = load(house, written(tmp_path / "a.csv", [application(1)]))
    with pytest.raises(NotFound):
        take_back(house, "000000000000")
    with pytest.raises(Invalid, match="no_reason"):
        take_back(house, report.batch, "   ")
    with pytest.raises(PermissionDenied):
        withdraw_load(house, by=VIEWER, batch_id=report.batch or "", reason="because")
    assert len(events(house)) == 1
    take_back(house, report.batch)
    with pytest.raises(Invalid, match="already_withdrawn"):
        take_back(house, report.batch)
    assert len(events(house)) == 2
