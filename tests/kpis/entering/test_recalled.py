"""Entered values, their evidence and locks as of any moment: what was shown then, to the letter."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import NotFound, Refusal
from data.store.tables import AuditEntry
from data.workspace import Then, Workspace
from kpis.entering import Line, Written, attach_file, remove_evidence, submit_lines
from kpis.entering.waiting import read_expected
from kpis.entries import Slot, read_entries
from kpis.entries.recalling import EVIDENCE, _undo
from kpis.evidence import read_evidence_file
from kpis.locks import read_locks
from tests.kpis.entering.conftest import moved_in
from tests.kpis.entering.house import FEB, JAN, OWNER, SCORE, entries_of, write
from tests.kpis.entering.test_any_action import PEOPLE, SLOTS, act, published

SELDOM = ("save", "prove", "submit", "return", "withdraw", "lock", "unlock")
NAMES = SELDOM + 3 * ("hand in", "approve")
PLAYED = 30


def shown(house: Workspace) -> dict[str, Any]:
    """Everything that is told of entered values."""
    with house.read(SYSTEM, Permission.READING_VIEW) as reader:
        told = {
            "entries": read_entries(reader),
            "expected": read_expected(reader, [SCORE], periods=30),
            "locks": read_locks(reader),
        }
    return told | {"values": published(house)}


@pytest.mark.parametrize("seed", [3, 5])
def test_what_was_shown_at_a_moment_is_shown_as_of_it(
    template: Path, tmp_path: Path, seed: int
) -> None:
    house, dice = moved_in(template, tmp_path / "home"), random.Random(seed)  # noqa: S311
    told = [(datetime.now(UTC), shown(house))]
    while len(told) < PLAYED:
        name, by, slot = dice.choice(NAMES), dice.choice(PEOPLE), dice.choice(SLOTS)
        try:
            act(house, name, by, slot, dice.randrange(100, 500) / 100)
        except Refusal:
            continue
        told.append((datetime.now(UTC), shown(house)))
    states = {entry.state for _, then in told for entry in then["entries"]}
    assert len(states) > 3
    assert any(then["values"] != told[0][1]["values"] for _, then in told)
    for moment, then in told:
        assert shown(house.at(Then(0, moment))) == then
    house.database.dispose()


def test_a_list_of_values_is_not_known_before_it_came(template: Path, tmp_path: Path) -> None:
    house = moved_in(template, tmp_path / "home")
    draft = write(house, Slot(SCORE, JAN), 2.0)
    before = datetime.now(UTC)
    lines = [
        Line(Slot(SCORE, JAN), Written(3.0), row_version=draft.row_version),
        Line(Slot(SCORE, FEB), Written(4.0), note="Sheet 8"),
    ]
    submit_lines(house, by=OWNER, lines=lines, confirmed=True)
    assert [one.numerator for one in entries_of(house)] == [3.0, 4.0]
    with house.at(Then(0, before)).read(OWNER, Permission.READING_VIEW) as reader:
        assert read_entries(reader) == (draft,)
    house.database.dispose()


def test_a_file_is_handed_out_as_long_as_it_proved_the_value(
    template: Path, tmp_path: Path
) -> None:
    house = moved_in(template, tmp_path / "home")
    draft = write(house, Slot(SCORE, JAN), 2.0)
    before = datetime.now(UTC)
    number = attach_file(house, by=OWNER, entry=draft, name="a.pdf", content=b"%PDF-1.4 a")
    between, (draft,) = datetime.now(UTC), entries_of(house)
    remove_evidence(house, by=OWNER, entry=draft, evidence_id=number)
    for moment in (before, datetime.now(UTC)):
        past = house.at(Then(0, moment))
        with past.read(OWNER, Permission.READING_VIEW) as reader, pytest.raises(NotFound):
            read_evidence_file(reader, number)
    with house.at(Then(0, between)).read(OWNER, Permission.READING_VIEW) as reader:
        assert read_evidence_file(reader, number).content == b"%PDF-1.4 a"
    house.database.dispose()


def test_an_entry_of_evidence_that_kept_nothing_of_its_value_is_passed_over() -> None:
    entry = AuditEntry(
        number=1,
        at=datetime.now(UTC),
        actor=OWNER.email,
        tag=AuditTag.EVIDENCE_ADDED.value,
        noun=EVIDENCE,
        noun_id="1",
        old=None,
        new={"note": "Minutes"},
        previous_hash="",
        hash="",
    )
    rows = {"7": {"id": 7, "note": "as it stands"}}
    _undo(rows, entry)
    assert rows == {"7": {"id": 7, "note": "as it stands"}}
