"""Rebases and annotations: who may say them, where they hold, and what stays on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import fmean

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM, Actor, Grant
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.period import Period
from data.store.tables import AuditEntry, ChartNote
from data.workspace import Workspace
from kpis.judgement import ScorecardRow
from kpis.notes import Note, NoteKind, Place, add_note, read_notes, withdraw_note
from kpis.notes.actions import LONGEST, noted_days
from kpis.notes.reading import rebases_among
from kpis.readings import refresh
from kpis.scorecard import kpi as view_of
from kpis.scorecard import scorecard
from kpis.stored_readings import WHOLE, Cell
from tests.kpis.conftest import FIRST, Loads, applications, founded, open_offices, settings_in

CUT = date(2025, 4, 30)
APRIL = Period.parse("2025-04")
OCTOBER = date(2024, 10, 1)
AGENCY = Place("SD-06")
REASON = "New form"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Sixteen months of applications in three offices, published."""
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("noted"))))
    open_offices(workspace, ["O01", "O02", "O03"])
    Loads(workspace).load("applications", applications(2500, seed=3), cut_off=CUT)
    refresh(workspace, by=SYSTEM, codes=["SD-06"])
    yield workspace
    workspace.database.dispose()


@pytest.fixture
def house(told: Workspace) -> Iterator[Workspace]:
    """The house without any note standing before or after."""
    yield told
    for note in notes(told):
        if note.withdrawn_at is None:
            withdraw_note(told, by=SYSTEM, note_id=note.id)


def somebody(role: Role, units: frozenset[str] | None = None) -> Actor:
    return Actor("p@example.org", "P", "en", (Grant(role, "CRA", units),))


def notes(house: Workspace) -> tuple[Note, ...]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return read_notes(reader, ["SD-06"])["SD-06"]


def row(house: Workspace, office: str | None = None, period: Period = APRIL) -> ScorecardRow:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return view_of(reader, "SD-06", period, office=office).row


def rebase(house: Workspace, day: date = OCTOBER, place: Place = AGENCY, by: Actor = SYSTEM) -> int:
    return add_note(house, by=by, place=place, kind=NoteKind.REBASE, day=day, text=REASON)


def annotate(house: Workspace, day: date, text: str, place: Place = AGENCY) -> int:
    kind = NoteKind.ANNOTATION
    return add_note(house, by=SYSTEM, place=place, kind=kind, day=day, text=text)


# What it does


def test_a_rebase_gives_new_limits_from_its_day_on(house: Workspace) -> None:
    before = row(house)
    assert len(before.chart.groups) == 1
    rebase(house)
    chart = row(house).chart
    assert [group.start for group in chart.groups] == [FIRST, OCTOBER]
    values = [(p.date, p.value) for p in before.chart.points if p.value is not None]
    early = fmean(value for day, value in values if day < OCTOBER)
    late = fmean(value for day, value in values if day >= OCTOBER)
    means = [group.limits.mean for group in chart.groups]
    assert means == pytest.approx([early, late], rel=1e-12)
    said = [(r.date, r.reason, r.author) for r in chart.settings.rebases]
    assert said == [(OCTOBER, REASON, "SYSTEM")]


def test_a_rebase_within_a_month_takes_effect_with_the_next(house: Workspace) -> None:
    rebase(house, date(2024, 10, 15))
    assert [group.start for group in row(house).chart.groups] == [FIRST, date(2024, 11, 1)]


def test_an_annotation_leaves_the_limits_and_stands_beside_them(house: Workspace) -> None:
    before = row(house).chart
    annotate(house, date(2024, 7, 3), "  Strike   of the post ")
    after = row(house)
    assert after.chart == before
    assert [(n.day, n.text) for n in after.notes] == [(date(2024, 7, 3), "Strike of the post")]


def test_a_note_holds_for_what_lies_within_its_part(house: Workspace) -> None:
    rebase(house, place=Place("SD-06", office="O01"))
    annotate(house, date(2024, 8, 1), "Whole agency")
    starts = {office: len(row(house, office).chart.groups) for office in (None, "O01", "O02")}
    assert starts == {None: 1, "O01": 2, "O02": 1}
    assert [n.text for n in row(house, "O02").notes] == ["Whole agency"]
    assert [n.text for n in row(house, "O01").notes] == ["Whole agency", REASON]


def test_the_scorecard_is_judged_as_the_page_is(house: Workspace) -> None:
    rebase(house)
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        card = scorecard(reader, period=APRIL)
    assert card.row("SD-06").chart == row(house).chart


def test_what_was_not_yet_said_of_an_earlier_period_is_not_on_its_chart(house: Workspace) -> None:
    rebase(house)
    early = row(house, period=Period.parse("2024-08"))
    assert early.notes == ()
    assert len(early.chart.groups) == 1


def test_of_two_rebases_on_a_day_the_narrower_one_is_told(house: Workspace) -> None:
    rebase(house)
    place = Place("SD-06", office="O01")
    add_note(house, by=SYSTEM, place=place, kind=NoteKind.REBASE, day=OCTOBER, text="New hall")
    standing = [note for note in notes(house) if note.withdrawn_at is None]
    assert [one.reason for one in rebases_among(standing)] == ["New hall"]
    office = Cell("office", "O01")
    assert [note.holds_for(WHOLE) for note in standing] == [True, False]
    assert all(
        note.holds_for(Cell(*(*office.members.popitem(), "service", "X"))) for note in standing
    )


# Withdrawing


def test_a_withdrawn_rebase_leaves_the_limits_as_if_never_said(house: Workspace) -> None:
    before = row(house).chart
    number = rebase(house)
    withdraw_note(house, by=somebody(Role.MANAGER), note_id=number)
    assert row(house).chart == before
    assert row(house).notes == ()
    kept = next(note for note in notes(house) if note.id == number)
    assert (kept.text, kept.withdrawn_by) == (REASON, "p@example.org")
    with pytest.raises(Conflict, match="withdrawn"):
        withdraw_note(house, by=SYSTEM, note_id=number)
    with pytest.raises(NotFound):
        withdraw_note(house, by=SYSTEM, note_id=10_000)


# What is refused


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_without_a_reason_nothing_is_said(house: Workspace, reason: str) -> None:
    with pytest.raises(Invalid, match="no_reason"):
        annotate(house, OCTOBER, reason)
    assert row(house).notes == ()


def test_a_reason_has_to_fit(house: Workspace) -> None:
    annotate(house, OCTOBER, "x" * LONGEST)
    with pytest.raises(Invalid, match="too_long"):
        annotate(house, OCTOBER, "x" * (LONGEST + 1))


def test_a_day_outside_the_series_is_refused_with_its_ends(house: Workspace) -> None:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        days = noted_days(reader, AGENCY)
    assert days is not None
    assert days[0] == FIRST
    for day in (days[0] - timedelta(days=1), days[1] + timedelta(days=1)):
        with pytest.raises(Invalid, match="outside") as refused:
            rebase(house, day)
        assert refused.value.values == {"day": day, "first": days[0], "last": days[1]}
    for day in days:
        annotate(house, day, "at the end")


def test_a_series_nobody_published_cannot_be_written_on(house: Workspace) -> None:
    with pytest.raises(Invalid, match="no_series"):
        annotate(house, OCTOBER, "?", Place("SD-01"))
    for place in (Place("XX-99"), Place("SD-06", office="O99"), Place("SD-06", service="X")):
        with pytest.raises(NotFound):
            annotate(house, OCTOBER, "?", place)


def test_limits_begin_once_a_day(house: Workspace) -> None:
    rebase(house)
    with pytest.raises(Conflict, match="day_taken"):
        rebase(house)
    annotate(house, OCTOBER, "Also this")
    rebase(house, place=Place("SD-06", office="O01"))


# Who may


@pytest.mark.parametrize("role", list(Role))
def test_owners_managers_and_administrators_may(house: Workspace, role: Role) -> None:
    by = somebody(role)
    if role in (Role.KPI_OWNER, Role.MANAGER, Role.ADMINISTRATOR):
        withdraw_note(house, by=by, note_id=rebase(house, by=by))
        return
    number = rebase(house)
    with pytest.raises(PermissionDenied):
        rebase(house, date(2024, 9, 1), by=by)
    with pytest.raises(PermissionDenied):
        withdraw_note(house, by=by, note_id=number)


def test_a_right_in_one_office_does_not_reach_another_nor_the_agency(house: Workspace) -> None:
    local = somebody(Role.MANAGER, frozenset({"O01"}))
    own = rebase(house, place=Place("SD-06", office="O01"), by=local)
    withdraw_note(house, by=local, note_id=own)
    for place in (AGENCY, Place("SD-06", office="O02"), Place("SD-06", service="PASSPORT")):
        with pytest.raises(PermissionDenied):
            rebase(house, place=place, by=local)
    whole = rebase(house)
    with pytest.raises(PermissionDenied):
        withdraw_note(house, by=local, note_id=whole)


# On record


def test_both_are_on_record_with_what_was_said(house: Workspace) -> None:
    by = somebody(Role.KPI_OWNER)
    number = rebase(house, by=by)
    withdraw_note(house, by=by, note_id=number)
    statement = select(AuditEntry).where(
        AuditEntry.noun == "chart_note", AuditEntry.noun_id == str(number)
    )
    with house.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        added, withdrawn = sorted(reader.all(statement), key=lambda entry: entry.number)
    assert (added.tag, withdrawn.tag) == (
        AuditTag.CHART_NOTE_ADDED.value,
        AuditTag.CHART_NOTE_WITHDRAWN.value,
    )
    assert added.actor == withdrawn.actor == by.email
    assert added.new is not None
    assert (added.new["text"], added.new["day"]) == (REASON, "2024-10-01")
    assert withdrawn.old is not None
    assert withdrawn.new is not None
    assert (withdrawn.old["withdrawn_by"], withdrawn.new["withdrawn_by"]) == (None, by.email)


def test_a_refused_note_leaves_nothing_behind(house: Workspace) -> None:
    def count() -> int:
        with house.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
            return len(reader.all(select(ChartNote)))

    before = count()
    with pytest.raises(Invalid):
        rebase(house, date(1999, 1, 1))
    assert count() == before
