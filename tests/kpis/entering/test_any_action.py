"""Random actions by random people: what two people did not touch is never published, what is
locked never changes, and what is approved never changes at all.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Refusal
from data.period import Period
from data.workspace import Workspace
from kpis.entering import (
    Written,
    approve_readings,
    attach_note,
    return_reading,
    save_reading,
    submit_reading,
    withdraw_reading,
)
from kpis.entries import Entry, EntryState, Slot
from kpis.locks import Lock, lock_over, lock_period, read_locks, unlock_period
from kpis.readings import Ask, values
from tests.kpis.entering.conftest import moved_in
from tests.kpis.entering.house import JAN, MANAGER, OTHER, OWNER, SCORE, entries_of, person

FEB = Period.parse("2024-02")
SLOTS = [Slot(SCORE, JAN), Slot(SCORE, FEB)]
PEOPLE = [OWNER, OTHER, MANAGER, person(Role.VIEWER, "viewer")]
STEPS = ["hand in", "save", "prove", "submit", "approve", "return", "withdraw", "lock", "unlock"]
step = st.tuples(
    st.sampled_from(STEPS),
    st.sampled_from(PEOPLE),
    st.integers(0, 1),
    st.integers(100, 500),
)


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=15, max_size=25))
def test_four_eyes_and_locks_hold_whatever_is_tried(template: Path, steps: list[Any]) -> None:
    folder = Path(tempfile.mkdtemp())
    house = moved_in(template, folder / "home")
    try:
        for each in steps:
            _try(house, *each)
    finally:
        house.database.dispose()
        shutil.rmtree(folder)


def _try(house: Workspace, name: str, by: Any, which: int, cents: int) -> None:
    """One action; then everything that must hold is looked at."""
    before, entries, locks = published(house), entries_of(house), _locks(house)
    try:
        act(house, name, by, SLOTS[which], cents / 100)
    except Refusal:
        assert name == "hand in" or entries_of(house) == entries
        assert _locks(house) == locks
    after = published(house)
    for slot in SLOTS:
        if after[slot] != before[slot]:
            assert lock_over(locks, slot.code, slot.period) is None
            _assert_two_pairs_of_hands(entries_of(house), slot, after[slot])
    done = {one.id: one for one in entries_of(house)}
    assert all(done[one.id] == one for one in entries if one.state is EntryState.APPROVED)


def act(house: Workspace, name: str, by: Any, slot: Slot, value: float) -> None:
    on_its_way = [one for one in entries_of(house) if one.slot == slot and one.is_open]
    entry: Any = on_its_way[-1] if on_its_way else None
    match name:
        case "hand in":
            for part in ("save", "prove", "submit"):
                act(house, part, by, slot, value)
        case "save":
            version = entry.row_version if entry else None
            written = Written(value)
            save_reading(
                house, by=by, slot=slot, written=written, reason="why", row_version=version
            )
        case "lock":
            lock_period(house, by=by, period=slot.period)
        case "unlock":
            held = [lock.id for lock in _locks(house) if lock.covers(slot.code, slot.period)]
            unlock_period(house, by=by, lock_id=held[0] if held else 99, reason="why")
        case _ if entry is not None:
            _on_its_way(house, name, by, entry)


def _on_its_way(house: Workspace, name: str, by: Any, entry: Entry) -> None:
    match name:
        case "prove":
            attach_note(house, by=by, entry=entry, note="page 1")
        case "submit":
            submit_reading(house, by=by, entry=entry, confirmed=True)
        case "approve":
            approve_readings(house, by=by, entries=[entry])
        case "return":
            return_reading(house, by=by, entry=entry, comment="no")
        case "withdraw":
            withdraw_reading(house, by=by, entry=entry)


def _assert_two_pairs_of_hands(entries: tuple[Entry, ...], slot: Slot, value: float | None) -> None:
    """Whatever is published was written by one and approved by another, with evidence."""
    behind = [one for one in entries if one.slot == slot and one.is_approved][-1]
    assert behind.numerator == value
    assert behind.decided_by
    assert behind.decided_by not in behind.writers | {behind.entered_by}
    assert behind.evidence


def published(house: Workspace) -> dict[Slot, float | None]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        try:
            found = values(reader, Ask(SCORE, JAN, FEB))
        except Refusal:  # nothing yet
            return dict.fromkeys(SLOTS)
    return {Slot(SCORE, each.period): each.figure.value for each in found}


def _locks(house: Workspace) -> tuple[Lock, ...]:
    with house.read(SYSTEM, Permission.READING_VIEW) as reader:
        return read_locks(reader)
