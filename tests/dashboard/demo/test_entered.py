"""The demo's entered values: plainly invented, through two people, with something left to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.demo.actions import settle
from dashboard.demo.entered import fill_entered
from dashboard.demo.entered.filling import COUNTERS, HOURS, LATE, definitions
from dashboard.demo.spec import DemoSpec
from dashboard.founding import prepare
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.workspace import Workspace
from kpis.catalogue import catalogue
from kpis.entering.waiting import Expected, read_expected
from kpis.entries import EntryState, read_entries
from kpis.scorecard import kpi as view_of
from tests.kpis.conftest import settings_in

SPEC = DemoSpec(months=4)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = Workspace.open(settings_in(tmp_path_factory.mktemp("entered")))
    prepare(workspace, demo=True)
    settle(workspace, SPEC)
    fill_entered(workspace, SPEC)
    yield workspace
    workspace.database.dispose()


def expected(house: Workspace) -> list[Expected]:
    """The values of the months of the demo."""
    with house.read(SYSTEM, Permission.READING_VIEW) as reader:
        found = read_expected(reader)
    return [row for row in found if row.slot.period.start <= SPEC.last.start]


def test_they_are_called_demo_and_stand_beside_the_catalogue() -> None:
    for entry in definitions(SPEC):
        names = entry.definition.names
        assert all("(demo)" in name for name in (names.sq, names.sr, names.en))
        assert entry.definition.code not in {one.definition.code for one in catalogue()}


def test_all_months_are_approved_but_for_what_a_visitor_goes_on_with(house: Workspace) -> None:
    rows = expected(house)
    assert {row.slot.code for row in rows} == {HOURS, COUNTERS}
    missing = [row.slot for row in rows if row.is_missing]
    assert len(missing) == LATE
    assert {(slot.code, slot.period) for slot in missing} == {(COUNTERS, SPEC.last)}
    waiting = [row.slot for row in rows if row.is_submitted]
    assert [(slot.code, slot.period) for slot in waiting] == [(HOURS, SPEC.last)]


def test_everything_was_written_by_one_and_approved_by_another_with_evidence(
    house: Workspace,
) -> None:
    with house.read(SYSTEM, Permission.READING_VIEW) as reader:
        entries = read_entries(reader)
    done = [entry for entry in entries if entry.state is EntryState.APPROVED]
    assert len(done) > 150
    assert all(entry.decided_by and entry.decided_by not in entry.writers for entry in done)
    assert all("DEMO" in entry.evidence[0].note for entry in entries)


def test_one_correction_shows_as_a_restatement(house: Workspace) -> None:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (restated,) = view_of(reader, HOURS, SPEC.last.shift(-1)).restatements
    assert restated.now.figure.value == (restated.first.figure.value or 0) + 24


def test_a_second_installation_changes_nothing(house: Workspace) -> None:
    before = expected(house)
    fill_entered(house, SPEC)
    assert expected(house) == before
