"""From the one who writes a value to the one who approves it: who may, when, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.figure import Missing
from data.period import Frequency, Period
from data.store.tables import AuditEntry
from data.workspace import Workspace
from kpis.entering import (
    Implausible,
    Line,
    Written,
    approve_readings,
    attach_note,
    remove_evidence,
    return_reading,
    save_reading,
    submit_lines,
    submit_reading,
    withdraw_reading,
)
from kpis.entries import EntryState, Slot
from kpis.lineage import explain
from kpis.locks import lock_period, read_locks, unlock_period
from kpis.readings import Ask, refresh, values
from kpis.restatements import causes_of
from kpis.scorecard import kpi as view_of
from tests.kpis.conftest import Loads, applications
from tests.kpis.entering.house import (
    FEB,
    HOURS,
    JAN,
    LOCAL,
    MANAGER,
    MAR,
    OTHER,
    OWNER,
    SCORE,
    SHARE,
    again,
    approved,
    entries_of,
    person,
    submit,
    told,
    write,
)


def tags(house: Workspace) -> list[str]:
    with house.database.reading() as session:
        return [str(row.tag) for row in session.exec(select(AuditEntry)).all()]


def test_a_value_two_people_touched_is_what_everybody_sees(house: Workspace) -> None:
    entry = submit(house, Slot(SCORE, JAN), 3.25)
    with pytest.raises(NotFound):
        told(house, SCORE, "2024-01")
    approve_readings(house, by=MANAGER, entries=[entry])
    assert told(house, SCORE, "2024-01").figure.value == 3.25
    found = again(house, entry)
    assert (found.state, found.entered_by, found.decided_by) == (
        EntryState.APPROVED,
        OWNER.email,
        MANAGER.email,
    )
    assert tags(house)[-5:-1] == [
        "kpis.reading_entered",
        "kpis.evidence_added",
        "kpis.reading_submitted",
        "kpis.reading_approved",
    ]


def test_nobody_approves_what_he_wrote_on(house: Workspace) -> None:
    entry = write(house, Slot(SCORE, JAN), 3.0)
    entry = save_reading(
        house, by=OTHER, slot=entry.slot, written=Written(3.5), row_version=entry.row_version
    )
    submit_reading(house, by=OWNER, entry=entry)
    entry = again(house, entry)
    for writer in (OWNER, OTHER):
        with pytest.raises(PermissionDenied, match="own"):
            approve_readings(house, by=writer, entries=[entry])
        with pytest.raises(PermissionDenied, match="own"):
            return_reading(house, by=writer, entry=entry, comment="no")
    approve_readings(house, by=MANAGER, entries=[entry])
    assert told(house, SCORE, "2024-01").figure.value == 3.5


def test_whoever_added_evidence_has_a_hand_in_it(house: Workspace) -> None:
    entry = write(house, Slot(SCORE, JAN), 3.0)
    attach_note(house, by=OTHER, entry=entry, note="also page 8")
    submit_reading(house, by=OWNER, entry=again(house, entry))
    with pytest.raises(PermissionDenied, match="own"):
        approve_readings(house, by=OTHER, entries=[again(house, entry)])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER, Role.UNIT_HEAD, Role.DATA_STEWARD])
def test_only_kpi_owners_enter(house: Workspace, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        write(house, Slot(SCORE, JAN), 3.0, by=person(role))


def test_a_right_in_one_office_is_none_in_another_or_for_the_agency(house: Workspace) -> None:
    entry = write(house, Slot(HOURS, JAN, "O01"), 10.0, by=LOCAL)
    assert entry.slot.office == "O01"
    for slot in (Slot(HOURS, JAN, "O02"), Slot(SCORE, JAN)):
        with pytest.raises(PermissionDenied, match="denied_in_unit"):
            write(house, slot, 3.0, by=LOCAL)
    other = submit(house, Slot(HOURS, JAN, "O02"), 8.0)
    with pytest.raises(PermissionDenied, match="denied_in_unit"):
        approve_readings(house, by=LOCAL, entries=[other])


def test_without_evidence_nothing_is_submitted(house: Workspace) -> None:
    slot = Slot(SCORE, JAN)
    entry = save_reading(house, by=OWNER, slot=slot, written=Written(3.0))
    with pytest.raises(Invalid, match="no_evidence"):
        submit_reading(house, by=OWNER, entry=entry)
    number = attach_note(house, by=OWNER, entry=entry, note="page 3")
    remove_evidence(house, by=OWNER, entry=again(house, entry), evidence_id=number)
    with pytest.raises(Invalid, match="no_evidence"):
        submit_reading(house, by=OWNER, entry=again(house, entry))


def test_what_is_approved_is_what_was_seen(house: Workspace) -> None:
    seen = submit(house, Slot(SCORE, JAN), 3.0)
    save_reading(
        house, by=OWNER, slot=seen.slot, written=Written(4.0), row_version=seen.row_version
    )
    with pytest.raises(Conflict):
        approve_readings(house, by=MANAGER, entries=[seen])
    with pytest.raises(Conflict, match="state"):
        approve_readings(house, by=MANAGER, entries=[again(house, seen)])


def test_two_people_do_not_begin_the_same_value_unseen(house: Workspace) -> None:
    write(house, Slot(SCORE, JAN), 3.0)
    with pytest.raises(Conflict, match="on_its_way"):
        write(house, Slot(SCORE, JAN), 4.0, by=OTHER)


def test_a_returned_value_comes_back_with_the_comment(house: Workspace) -> None:
    entry = submit(house, Slot(SCORE, JAN), 3.0)
    with pytest.raises(Invalid, match="no_reason"):
        return_reading(house, by=MANAGER, entry=entry, comment=" ")
    return_reading(house, by=MANAGER, entry=entry, comment="Which survey?")
    back = again(house, entry)
    assert (back.state, back.comment) == (EntryState.RETURNED, "Which survey?")
    entry = save_reading(
        house, by=OWNER, slot=entry.slot, written=Written(3.1), row_version=back.row_version
    )
    submit_reading(house, by=OWNER, entry=entry)
    approve_readings(house, by=MANAGER, entries=[again(house, entry)])
    assert told(house, SCORE, "2024-01").figure.value == 3.1


def test_a_withdrawn_value_makes_room_for_another(house: Workspace) -> None:
    first = write(house, Slot(SCORE, JAN), 3.0)
    withdraw_reading(house, by=OWNER, entry=first)
    second = write(house, Slot(SCORE, JAN), 4.0)
    assert second.id != first.id
    with pytest.raises(Conflict, match="state"):
        withdraw_reading(house, by=OWNER, entry=again(house, first))


def test_a_correction_needs_a_reason_and_shows_as_one(house: Workspace) -> None:
    slot = Slot(SCORE, JAN)
    first = approved(house, slot, 3.0)
    with pytest.raises(Invalid, match="no_reason"):
        save_reading(house, by=OWNER, slot=slot, written=Written(3.5))
    second = approved(house, slot, 3.5, reason="Late answers of two offices")
    assert second.replaces_id == first.id
    assert again(house, first).numerator == 3.0
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        view = view_of(reader, SCORE, JAN)
        (restated,) = view.restatements
        (cause,) = causes_of(reader, view.kpi, restated)
    assert (restated.first.figure.value, restated.now.figure.value) == (3.0, 3.5)
    assert cause.entry is not None
    assert cause.entry.reason == "Late answers of two offices"
    assert (cause.entry.entered_by, cause.entry.decided_by) == (OWNER.email, OTHER.email)


def test_offices_that_come_one_by_one_are_no_restatement_but_a_correction_is(
    house: Workspace,
) -> None:
    for office in ("O01", "O02", "O03"):
        approved(house, Slot(SHARE, JAN, office), 8, 10)
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert view_of(reader, SHARE, JAN).restatements == ()
    approved(house, Slot(SHARE, JAN, "O03"), 5, 10, reason="Counted twice")
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        (whole,) = view_of(reader, SHARE, JAN).restatements
        (third,) = view_of(reader, SHARE, JAN, office="O03").restatements
        assert view_of(reader, SHARE, JAN, office="O01").restatements == ()
    assert (whole.first.figure.value, whole.now.figure.value) == (80.0, 70.0)
    assert (third.first.figure.value, third.now.figure.value) == (80.0, 50.0)


def test_the_lineage_names_who_and_what_proves_it(house: Workspace) -> None:
    entry = approved(house, Slot(HOURS, JAN, "O01"), 12.5)
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = explain(reader, HOURS, JAN)
    assert found.entered is not None
    assert [one.id for one in found.entered.entries] == [entry.id]
    assert found.entered.entries[0].evidence[0].note == "Sheet 7 of the binder"
    assert [slot.office for slot in found.entered.lacking] == ["O02", "O03"]
    assert found.readings[0].figure.value == 12.5
    assert found.readings[0].partial


def test_what_nobody_entered_has_no_value_and_is_never_zero(house: Workspace) -> None:
    approved(house, Slot(HOURS, JAN, "O01"), 12.5)
    approved(house, Slot(HOURS, FEB, "O02"), 1.0)
    assert told(house, HOURS, "2024-01", office="O02").figure.missing is Missing.NOT_LOADED
    assert told(house, HOURS, "2024-02", office="O03").figure.missing is Missing.NOT_LOADED
    assert told(house, HOURS, "2024-03").figure.missing is Missing.NOT_LOADED


# Locks


def test_in_a_locked_period_nothing_takes_effect_until_it_is_unlocked(house: Workspace) -> None:
    slot = Slot(SCORE, JAN)
    approved(house, slot, 3.0)
    lock = lock_period(house, by=MANAGER, period=JAN, code=SCORE)
    request = submit(house, slot, 4.0, reason="A page was missing")
    with pytest.raises(Conflict, match="locked"):
        approve_readings(house, by=OTHER, entries=[request])
    assert told(house, SCORE, "2024-01").figure.value == 3.0
    with pytest.raises(Invalid, match="no_reason"):
        unlock_period(house, by=MANAGER, lock_id=lock, reason="")
    unlock_period(house, by=MANAGER, lock_id=lock, reason="Correction of the survey")
    approve_readings(house, by=OTHER, entries=[request])
    assert told(house, SCORE, "2024-01").figure.value == 4.0
    with house.read(SYSTEM, Permission.READING_VIEW) as reader:
        (kept,) = read_locks(reader)
    assert (kept.unlocked_by, kept.unlock_reason) == (MANAGER.email, "Correction of the survey")
    with pytest.raises(Conflict):
        unlock_period(house, by=MANAGER, lock_id=lock, reason="again")


def test_a_lock_of_a_quarter_for_all_locks_its_months(house: Workspace) -> None:
    entry = submit(house, Slot(SCORE, MAR), 3.0)
    other = submit(house, Slot(SCORE, Period.parse("2024-04")), 3.0)
    lock_period(house, by=MANAGER, period=Period.parse("2024-Q1"))
    with pytest.raises(Conflict, match="locked"):
        approve_readings(house, by=MANAGER, entries=[entry])
    approve_readings(house, by=MANAGER, entries=[other])
    with pytest.raises(Conflict, match="locked_already"):
        lock_period(house, by=MANAGER, period=Period.parse("2024-Q1"))


def test_only_a_manager_locks_and_only_what_is_over(house: Workspace) -> None:
    with pytest.raises(PermissionDenied):
        lock_period(house, by=OWNER, period=JAN)
    this_month = Period.covering(house.today, Frequency.MONTH)
    with pytest.raises(Invalid, match="not_over"):
        lock_period(house, by=MANAGER, period=this_month)


# Figures


@pytest.mark.parametrize(
    ("slot", "written", "why"),
    [
        (Slot(SCORE, JAN), Written(5.5), "out_of_range"),
        (Slot(SCORE, JAN), Written(0.5), "out_of_range"),
        (Slot(SCORE, JAN), Written(3.125), "decimals"),
        (Slot(SCORE, JAN), Written(float("nan")), "no_number"),
        (Slot(SCORE, JAN), Written(float("inf")), "no_number"),
        (Slot(SCORE, JAN), Written(3.0, 1.0), "one_number"),
        (Slot(SHARE, JAN, "O01"), Written(3.0), "two_numbers"),
        (Slot(SHARE, JAN, "O01"), Written(11, 10), "part_larger"),
        (Slot(SHARE, JAN, "O01"), Written(-1, 10), "negative"),
        (Slot(SHARE, JAN, "O01"), Written(1, 0), "of_nothing"),
        (Slot(SHARE, JAN, "O01"), Written(1.5, 10), "decimals"),
        (Slot(SHARE, JAN), Written(1, 10), "by_office"),
        (Slot(SCORE, JAN, "O01"), Written(3.0), "not_by_office"),
        (Slot(HOURS, JAN, "O01"), Written(-0.5), "out_of_range"),
        (Slot(SCORE, Period.parse("2023-12")), Written(3.0), "too_early"),
        (Slot(SCORE, Period.parse("2024-Q1")), Written(3.0), "frequency"),
        (Slot(SCORE, Period.parse("2099-01")), Written(3.0), "not_over"),
    ],
)
def test_figures_that_cannot_be_are_refused(
    house: Workspace, slot: Slot, written: Written, why: str
) -> None:
    with pytest.raises(Invalid, match=why):
        save_reading(house, by=OWNER, slot=slot, written=written)
    assert entries_of(house, codes=[slot.code]) == ()


def test_a_share_of_nothing_is_no_data(house: Workspace) -> None:
    approved(house, Slot(SHARE, JAN, "O01"), 0, 0)
    assert told(house, SHARE, "2024-01", office="O01").figure.missing is Missing.NO_DATA


def test_an_office_that_is_closed_enters_nothing(house: Workspace) -> None:
    with house.database.writing() as session:
        from data.store.tables import Office

        office = session.get(Office, "O03")
        assert office is not None
        office.closed = JAN.end
        session.add(office)
    with pytest.raises(Invalid, match="office_closed"):
        write(house, Slot(HOURS, FEB, "O03"), 1.0)


def test_a_kpi_computed_from_extracts_is_not_entered(house: Workspace) -> None:
    from kpis.defining.actions import define_catalogue

    define_catalogue(house, by=SYSTEM)
    with pytest.raises(Invalid, match="computed"):
        write(house, Slot("SD-01", JAN), 1.0)


def test_outside_what_the_series_has_been_somebody_has_to_say_it_is_right(
    house: Workspace,
) -> None:
    months = list(JAN.until(Period.parse("2025-03")))
    lines = [
        Line(Slot(SCORE, each), Written(3.0 + 0.1 * (n % 3)), note="survey")
        for n, each in enumerate(months)
    ]
    submit_lines(house, by=OWNER, lines=lines)
    approve_readings(house, by=OTHER, entries=entries_of(house, codes=[SCORE]))
    april = Slot(SCORE, Period.parse("2025-04"))
    strange = write(house, april, 4.9)
    with pytest.raises(Implausible) as refused:
        submit_reading(house, by=OWNER, entry=strange)
    low, high = refused.value.values["low"].value, refused.value.values["high"].value
    ranges = [abs(0.1 * (n % 3) - 0.1 * ((n - 1) % 3)) for n in range(1, 15)]
    mean = sum(3.0 + 0.1 * (n % 3) for n in range(15)) / 15
    width = 2.66 * sum(ranges) / len(ranges)
    assert (low, high) == (pytest.approx(mean - width), pytest.approx(mean + width))
    submit_reading(house, by=OWNER, entry=again(house, strange), confirmed=True)
    assert again(house, strange).confirmed


# Lists


def test_a_list_is_submitted_whole_or_not_at_all(house: Workspace) -> None:
    good = Line(Slot(SHARE, JAN, "O01"), Written(8, 10), note="page 1")
    bad = Line(Slot(SHARE, JAN, "O02"), Written(12, 10), note="page 2")
    with pytest.raises(Invalid, match="part_larger"):
        submit_lines(house, by=OWNER, lines=[good, bad])
    assert entries_of(house, codes=[SHARE]) == ()
    bare = Line(Slot(SHARE, JAN, "O02"), Written(7, 10))
    with pytest.raises(Invalid, match="no_evidence"):
        submit_lines(house, by=OWNER, lines=[good, bare])
    assert entries_of(house, codes=[SHARE]) == ()
    submit_lines(house, by=OWNER, lines=[good])
    (entry,) = entries_of(house, codes=[SHARE])
    assert (entry.state, entry.writers) == (EntryState.SUBMITTED, frozenset({OWNER.email}))


# As of, and again


def test_as_of_an_event_only_what_was_approved_by_then_is_known(house: Workspace) -> None:
    approved(house, Slot(SCORE, JAN), 3.0)
    event = Loads(house).load("applications", applications(30, seed=1), cut_off=JAN.last_day)
    approved(house, Slot(SCORE, JAN), 4.0, reason="A page was missing")
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        known = [values(reader, Ask(SCORE, JAN, JAN, as_of=at)) for at in (0, event)]
        lineage = explain(reader, SCORE, JAN, as_of=0)
    assert [found.figure.value for (found,) in known] == [3.0, 4.0]
    assert lineage.entered is not None
    assert [one.numerator for one in lineage.entered.entries] == [3.0]


def test_a_refresh_changes_nothing_and_a_rebuild_finds_the_same(house: Workspace) -> None:
    approved(house, Slot(SCORE, JAN), 3.0)
    assert refresh(house, by=SYSTEM, codes=[SCORE]).written == {}
    assert refresh(house, by=SYSTEM, codes=[SCORE], rebuild=True).written == {}


def test_the_moments_are_in_order(house: Workspace) -> None:
    entry = approved(house, Slot(SCORE, JAN), 3.0)
    assert entry.submitted_at is not None
    assert entry.decided_at is not None
    assert entry.entered_at <= entry.submitted_at <= entry.decided_at
    assert datetime.now(UTC) - entry.decided_at < timedelta(minutes=5)


def test_every_step_is_on_record(house: Workspace) -> None:
    assert {tag.value for tag in AuditTag if "reading_" in tag.value} == {
        "kpis.reading_entered",
        "kpis.reading_submitted",
        "kpis.reading_approved",
        "kpis.reading_returned",
        "kpis.reading_withdrawn",
    }
