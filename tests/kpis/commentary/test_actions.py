"""Commentary and actions: who may say what, what stays on record, what no order can break."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict, Invalid, NotFound, PermissionDenied, Refusal
from data.people import disable_person
from data.period import Period
from data.store import tables
from data.store.tables import AuditEntry
from data.workspace import Then, Workspace
from kpis.commentary import (
    Action,
    ActionState,
    Commentary,
    Update,
    assign_action,
    read_actions,
    read_commentary,
    read_history,
    read_updates,
    update_action,
    write_commentary,
)
from kpis.commentary.actions import LONGEST_COMMENT
from tests.house import ADMIN, actor, join, version_of
from tests.kpis.commentary.house import CODE, HEAD, MANAGER, OTHER, OWNER, PEOPLE, VIEWER

MARCH, FEBRUARY = Period.parse("2025-03"), Period.parse("2025-02")
TODAY = datetime.now(UTC).date()
SOON, LATER = TODAY + timedelta(days=20), TODAY + timedelta(days=50)
DONE, CANCELLED = ActionState.DONE, ActionState.CANCELLED


@pytest.fixture
def house(commented_house: Workspace) -> Workspace:
    return commented_house


def write(
    house: Workspace,
    by: str = OWNER,
    *,
    period: Period = MARCH,
    office: str | None = None,
    happened: str = "Fewer than aimed at",
    replaces: int | None = None,
) -> int:
    return write_commentary(
        house,
        by=actor(house, by),
        code=CODE,
        period=period,
        office=office,
        happened=happened,
        cause="New staff",
        replaces=replaces,
    )


def give(house: Workspace, by: str = MANAGER, *, to: str = HEAD, office: str | None = None) -> int:
    return assign_action(
        house,
        by=actor(house, by),
        code=CODE,
        period=MARCH,
        office=office,
        what="Train the new staff",
        assignee=to,
        due=SOON,
    )


def read(house: Workspace, number: int) -> Action:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return next(one for one in read_actions(reader) if one.id == number)


def said(house: Workspace, number: int) -> tuple[Update, ...]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return read_updates(reader, [read(house, number)])[number]


def tell(
    house: Workspace,
    number: int,
    by: str,
    text: str = "Going well",
    state: ActionState | None = None,
    due: date | None = None,
    version: int | None = None,
) -> None:
    seen = read(house, number).row_version if version is None else version
    update_action(
        house,
        by=actor(house, by),
        action_id=number,
        version=seen,
        text=text,
        state=state,
        due=due,
    )


def history(house: Workspace) -> tuple[Commentary, ...]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return read_history(reader, CODE)


# Commentary


def test_a_new_version_replaces_the_old_one_which_stays(house: Workspace) -> None:
    first = write(house, period=FEBRUARY, happened="  First  ")
    second = write(house, period=FEBRUARY, happened="Second", replaces=first)
    versions = [one for one in history(house) if one.period == FEBRUARY]
    told = [(one.id, one.happened, one.cause, one.author) for one in versions]
    assert told == [(second, "Second", "New staff", OWNER), (first, "First", "New staff", OWNER)]
    assert versions[0].replaced_at is None
    assert versions[1].replaced_at is not None
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        standing = read_commentary(reader, [CODE], Period.parse("2025-Q1"), None)
    assert second in {one.id for one in standing}
    assert first not in {one.id for one in standing}


def test_who_did_not_see_the_standing_version_overwrites_nothing(house: Workspace) -> None:
    period = Period.parse("2025-01")
    first = write(house, period=period)
    for seen in (None, first + 10_000):
        with pytest.raises(Conflict) as refused:
            write(house, MANAGER, period=period, replaces=seen)
        assert refused.value.values["by"] == OWNER
    assert [one.id for one in history(house) if one.period == period] == [first]


def test_an_office_and_the_agency_are_told_apart(house: Workspace) -> None:
    period = Period.parse("2024-12")
    ours = write(house, HEAD, period=period, office="O01")
    whole = write(house, MANAGER, period=period)
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = [read_commentary(reader, [CODE], period, part) for part in ("O01", None, "O02")]
    assert [[one.id for one in each] for each in found] == [[ours], [whole], []]


@pytest.mark.parametrize(("happened", "cause"), [("", "Why"), ("What", " \n "), (" ", "")])
def test_both_parts_have_to_be_said(house: Workspace, happened: str, cause: str) -> None:
    before = history(house)
    with pytest.raises(Invalid, match="no_"):
        write_commentary(
            house,
            by=actor(house, OWNER),
            code=CODE,
            period=Period.parse("2024-03"),
            happened=happened,
            cause=cause,
            replaces=None,
        )
    assert history(house) == before


def test_what_cannot_be_commented_is_refused(house: Workspace) -> None:
    with pytest.raises(Invalid, match="too_long"):
        write(house, period=Period.parse("2024-03"), happened="x" * (LONGEST_COMMENT + 1))
    with pytest.raises(Invalid, match="not_told"):
        write(house, period=Period.parse("2099-01"))
    with pytest.raises(NotFound):
        write(house, period=MARCH, office="O99")


def test_rights_reach_as_far_as_the_unit(house: Workspace) -> None:
    period = Period.parse("2024-10")
    for by, office in ((HEAD, "O02"), (HEAD, None), (VIEWER, None), (ADMIN, None)):
        with pytest.raises(PermissionDenied):
            write(house, by, period=period, office=office)
    for by, office in ((HEAD, "O01"), (OTHER, "O02"), (MANAGER, None)):
        write(house, by, period=period, office=office)


# Actions


def test_an_action_tells_who_and_until_when_and_how_far_it_slipped(house: Workspace) -> None:
    number = give(house)
    action = read(house, number)
    assert (action.assignee, action.due, action.first_due) == ("Head", SOON, SOON)
    assert (action.state, action.period, action.slipped_days) == ("planned", MARCH, 0)
    tell(house, number, MANAGER, "Room not ready", due=LATER)
    tell(house, number, MANAGER, "Still not", due=LATER + timedelta(days=5))
    moved = read(house, number)
    assert (moved.first_due, moved.due) == (SOON, LATER + timedelta(days=5))
    assert moved.slipped_days == 35
    assert [(one.text, one.due) for one in said(house, number)] == [
        ("Still not", LATER + timedelta(days=5)),
        ("Room not ready", LATER),
    ]


def test_done_carries_its_result_and_is_the_end(house: Workspace) -> None:
    number = give(house)
    tell(house, number, HEAD, state=ActionState.IN_PROGRESS)
    with pytest.raises(Invalid, match="no_result"):
        tell(house, number, HEAD, " ", state=DONE)
    tell(house, number, HEAD, "All six are trained", state=DONE)
    action = read(house, number)
    assert (action.state, action.result, action.is_open) == (DONE, "All six are trained", False)
    assert not action.is_overdue(LATER)
    with pytest.raises(Invalid, match="closed"):
        tell(house, number, MANAGER, "Again", state=ActionState.IN_PROGRESS)


def test_whoever_it_was_given_to_tells_but_does_not_decide(house: Workspace) -> None:
    number = give(house)
    tell(house, number, HEAD)
    for state, due in ((CANCELLED, None), (None, LATER)):
        with pytest.raises(PermissionDenied, match="not_to_decide"):
            tell(house, number, HEAD, "I would rather not", state, due)
    for stranger in (OTHER, VIEWER, ADMIN):
        with pytest.raises(PermissionDenied, match="not_yours"):
            tell(house, number, stranger)
    for reason in ("", "  "):
        with pytest.raises(Invalid, match="no_reason"):
            tell(house, number, OWNER, reason, CANCELLED)
    tell(house, number, OWNER, "Not needed any more", CANCELLED)
    assert read(house, number).state is CANCELLED


def test_a_version_seen_too_long_ago_is_a_conflict(house: Workspace) -> None:
    number = give(house)
    seen = read(house, number).row_version
    tell(house, number, HEAD, version=seen)
    with pytest.raises(Conflict):
        tell(house, number, MANAGER, "At the same time", version=seen)
    assert len(said(house, number)) == 1


def test_nonsense_is_refused(house: Workspace) -> None:
    by = actor(house, MANAGER)

    def assign(what: str, who: str, due: date) -> None:
        assign_action(house, by=by, code=CODE, period=MARCH, what=what, assignee=who, due=due)

    with pytest.raises(Invalid, match="no_what"):
        assign(" ", HEAD, SOON)
    with pytest.raises(Invalid, match="day_over"):
        assign("Do it", HEAD, TODAY - timedelta(days=1))
    with pytest.raises(NotFound):
        assign("Do it", "nobody@example.org", SOON)
    number = give(house)
    with pytest.raises(Invalid, match="day_over"):
        tell(house, number, MANAGER, "Back in time", due=TODAY - timedelta(days=1))
    with pytest.raises(Invalid, match="due_of_closed"):
        tell(house, number, MANAGER, "Both", DONE, LATER)


def test_nobody_who_was_shut_out_is_given_anything(house: Workspace) -> None:
    gone = "gone@example.org"
    join(house, gone, PEOPLE[VIEWER][0])
    number, version = version_of(house, gone)
    disable_person(house, by=actor(house, ADMIN), person_id=number, version=version)
    with pytest.raises(Invalid, match="shut_out"):
        give(house, to=gone)


@pytest.mark.parametrize("by", [HEAD, OTHER, VIEWER, ADMIN])
def test_only_managers_and_owners_give_actions(house: Workspace, by: str) -> None:
    with pytest.raises(PermissionDenied):
        give(house, by)


def test_everything_is_on_record(house: Workspace) -> None:
    number = give(house, to=VIEWER)
    tell(house, number, VIEWER, "Begun", ActionState.IN_PROGRESS)
    statement = select(AuditEntry).where(
        AuditEntry.noun == "action", AuditEntry.noun_id == str(number)
    )
    with house.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        given, told = reader.all(statement.order_by(col(AuditEntry.number)))
    assert (given.tag, told.tag) == (
        AuditTag.ACTION_ASSIGNED.value,
        AuditTag.ACTION_UPDATED.value,
    )
    assert (given.actor, told.actor) == (MANAGER, VIEWER)
    assert given.new is not None
    assert told.new is not None
    assert (given.new["person"], given.new["kind"]) == (VIEWER, CODE)
    assert (told.new["state"], told.new["text"]) == ("in_progress", "Begun")


# Any order


LEGAL = {
    ("planned", "in_progress"),
    ("planned", "done"),
    ("planned", "cancelled"),
    ("in_progress", "done"),
    ("in_progress", "cancelled"),
}


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_anybodys_attempts_breaks_an_action(house: Workspace, seed: int) -> None:
    """Random people try random things; a model written down here a second time says who may."""
    chance = random.Random(seed)  # noqa: S311 - the same attempts in every run
    office = chance.choice([None, "O01", "O02"])
    assignee = chance.choice([HEAD, VIEWER])
    number = give(house, to=assignee, office=office)
    state, due, told = "planned", SOON, 0
    for _ in range(25):
        by = chance.choice([*PEOPLE, ADMIN])
        wanted = chance.choice([None, *ActionState])
        new_due = chance.choice([None, None, SOON, LATER, TODAY - timedelta(days=3)])
        text = chance.choice(["", "Words", "Words", "Words"])
        before = read(house, number)
        moves = new_due is not None and new_due != due
        decides = by in (MANAGER, OWNER)
        may = decides or (by == assignee and wanted is not CANCELLED and not moves)
        legal = state in ("planned", "in_progress") and (
            wanted is None or (state, wanted.value) in LEGAL
        )
        fits = not moves or (
            new_due != TODAY - timedelta(days=3) and wanted not in (DONE, CANCELLED)
        )
        try:
            tell(house, number, by, text, wanted, new_due)
        except Refusal:
            assert not (may and legal and fits and text)
            assert read(house, number) == before
            continue
        assert may
        assert legal
        assert fits
        assert text
        state, told = wanted.value if wanted else state, told + 1
        due = new_due if moves and new_due else due
        after = read(house, number)
        assert (after.state, after.due, after.first_due) == (state, due, SOON)
        assert (after.result is not None) == (state == "done")
        assert after.row_version > before.row_version
    assert len(said(house, number)) == told


def test_an_action_may_belong_to_no_kpi(house: Workspace) -> None:
    """Recommendations and initiatives are followed up in the same table."""
    person = actor(house, HEAD).person_id
    assert person is not None
    now = datetime.now(UTC)
    with house.change(SYSTEM, Permission.ACTION_ASSIGN) as change:
        row = tables.Action(
            what="Answer the recommendation",
            assignee_id=person,
            due=SOON,
            first_due=SOON,
            state="planned",
            author="SYSTEM",
            created_at=now,
            heard_at=now,
        )
        change.add(row)
        change.record(AuditTag.ACTION_ASSIGNED, row, new={"kind": ""})
        number = row.id or 0
    tell(house, number, HEAD, "Answered", DONE)
    action = read(house, number)
    assert (action.code, action.period, action.result) == (None, None, "Answered")


def as_shown(house: Workspace, number: int) -> tuple[object, ...] | None:
    """An action and the commentary of its period, as a page shows them."""
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = [one for one in read_actions(reader) if one.id == number]
        told = read_commentary(reader, [CODE], MARCH, None)
        if not found:
            return None
        one = found[0]
        updates = [update.text for update in read_updates(reader, found)[number]]
    words = [(each.happened, each.cause) for each in told]
    return one.state, one.due, one.first_due, one.result, one.heard_on, updates, words


def test_what_was_said_and_done_can_be_seen_as_it_stood(house: Workspace) -> None:
    before = datetime.now(UTC)
    number = give(house)
    steps: list[tuple[datetime, tuple[object, ...] | None]] = [(before, None)]
    acts = (
        lambda: tell(house, number, HEAD, "Begun", ActionState.IN_PROGRESS),
        lambda: tell(house, number, MANAGER, "Put off", due=LATER),
        lambda: write(house, replaces=_standing(house)),
        lambda: tell(house, number, HEAD, "All of them are trained", DONE),
    )
    for act in acts:
        steps.append((datetime.now(UTC), as_shown(house, number)))
        act()
    steps.append((datetime.now(UTC), as_shown(house, number)))
    assert len({str(shown) for _, shown in steps}) >= len(acts)
    for moment, shown in steps:
        assert as_shown(house.at(Then(event=1, until=moment)), number) == shown


def _standing(house: Workspace) -> int | None:
    """The commentary of March that another test may have left."""
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = read_commentary(reader, [CODE], MARCH, None)
    return found[0].id if found else None
