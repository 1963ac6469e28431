"""As of each earlier load everything is what was seen before the next one came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Conflict, Invalid
from data.extracts.past import past
from data.period import Period
from data.workspace import Reader, Workspace
from kpis.assessment import Target
from kpis.comparing import compare
from kpis.notes import NoteKind, Place, add_note
from kpis.readings import refresh
from kpis.scorecard import kpi, scorecard
from kpis.service_delivery import delivery, turnaround_distribution
from kpis.targets.actions import set_target
from tests.kpis.conftest import Loads, applications, founded, production, settings_in

MONTH, QUARTER = Period.parse("2025-01"), Period.parse("2025-Q1")
CODE = "SD-03"


def seen(reader: Reader) -> dict[str, Any]:
    """What pages show of a month, a quarter, one KPI, the offices and the services."""
    shown: dict[str, Any] = {}
    for period in (MONTH, QUARTER):
        for row in scorecard(reader, period=period).rows:
            notes = [(note.kind, note.day, note.text) for note in row.notes]
            known = (row.reading, row.target, row.status, row.chart.variation, notes)
            shown[f"{row.code} {period}"] = known
    one = kpi(reader, CODE, MONTH, office="O01")
    shown["of an office"] = (one.row.reading, one.lines, one.breakdowns, one.clock)
    shown["restated"] = [(each.period, each.first.figure, each.now.figure)
                         for each in kpi(reader, CODE, MONTH).restatements]  # fmt: skip
    shown["services"] = delivery(reader, MONTH)
    shown["in offices"] = delivery(reader, MONTH, by=("office", "service"))
    shown["turnaround"] = turnaround_distribution(reader, MONTH, service="PASSPORT")
    found = compare(reader, CODE, MONTH, "office")
    shown["compared"] = [(each.member, each.reading, each.difference) for each in found.members]
    return shown


@dataclass(frozen=True)
class Story:
    """A house, and what was seen in it after each load."""

    workspace: Workspace
    after: dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("past"))))
    loads, after = Loads(workspace), {}
    rows = applications(700, seed=41)
    later = applications(700, seed=42).head(300)  # the same cases, known better
    for number, (name, frame) in enumerate(
        [
            ("applications", rows),
            ("production", production(rows, seed=43)),
            ("applications", later),
        ]
    ):
        event = loads.load(name, frame, cut_off=date(2025, 4, 20))
        refresh(workspace, by=SYSTEM)
        said(workspace, number)
        with workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
            after[event] = seen(reader)
    yield Story(workspace, after)
    workspace.database.dispose()


def said(workspace: Workspace, number: int) -> None:
    """Between two loads somebody sets a target and says something on a chart."""
    set_target(
        workspace,
        by=SYSTEM,
        code=CODE,
        target=Target(low=60.0 + 10 * number, source="a decision"),
        valid_from=date(2024, 1, 1),
        reason="a trial",
    )
    day = date(2025, 1, 10 + number)
    add_note(
        workspace, by=SYSTEM, place=Place(CODE), kind=NoteKind.ANNOTATION, day=day, text="moved"
    )


def test_after_each_load_the_past_is_what_was_seen_then(story: Story) -> None:
    different = [story.after[one][f"{CODE} {MONTH}"][0] for one in story.after]
    assert len(set(different)) > 1
    for event, before in story.after.items():
        with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
            then = past(reader, str(event))
        with story.workspace.at(then).read(SYSTEM, Permission.KPI_VIEW) as reader:
            again = seen(reader)
        assert again.keys() == before.keys()
        for name, shown in before.items():
            assert again[name] == shown, (event, name)


def test_before_the_first_load_nothing_is_known(story: Story) -> None:
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        then = past(reader, "2020-01-01")
    with story.workspace.at(then).read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert not scorecard(reader, period=MONTH).rows


def test_the_past_is_looked_at_and_not_changed(story: Story) -> None:
    with story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader:
        then = past(reader, "1")
    with pytest.raises(Conflict, match="past"):
        said(story.workspace.at(then), 5)


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01", "-1", ""])
def test_what_is_no_time_is_refused(story: Story, text: str) -> None:
    with (
        story.workspace.read(SYSTEM, Permission.KPI_VIEW) as reader,
        pytest.raises(Invalid, match="as_of"),
    ):
        past(reader, text)
