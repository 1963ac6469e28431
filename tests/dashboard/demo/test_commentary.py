"""What the demo agency says and does: labelled, consistent in itself, the same on every day."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from dashboard.demo import agency, commentary
from dashboard.demo.commentary import LABEL, DemoDays
from data.period import Period
from data.store.tables import Action, ActionUpdate
from kpis.commentary.actions import LONGEST_ACTION, LONGEST_COMMENT, LONGEST_UPDATE
from kpis.commentary.states import NEXT, ActionState

DAYS = DemoDays(Period.parse("2025-12"), date(2026, 1, 6), ZoneInfo("Europe/Belgrade"))
PEOPLE = {one.person.email: n for n, one in enumerate(agency.people(DAYS.moment(0)), start=1)}
KPIS = {charge.kpi_code for charge in agency.kpi_charges()}
EVERYTHING = {(code, period) for code in KPIS for period in commentary.periods(DAYS)}


def made() -> list[tuple[Action, list[ActionUpdate]]]:
    return list(commentary.actions(DAYS, PEOPLE, KPIS))


def test_everything_is_labelled_and_fits() -> None:
    said = list(commentary.commentary(DAYS, EVERYTHING))
    assert said
    assert all(one.happened.startswith(LABEL) for one in said)
    assert all(len(one.happened) <= LONGEST_COMMENT and one.cause for one in said)
    assert all(a.what.startswith(LABEL) and len(a.what) <= LONGEST_ACTION for a, _ in made())
    assert all(0 < len(one.text) <= LONGEST_UPDATE for _, updates in made() for one in updates)
    assert {one.author for one in said} | {a.author for a, _ in made()} <= set(PEOPLE)


def test_nothing_is_said_of_a_kpi_that_is_not_behind() -> None:
    december = Period.parse("2025-12")
    said = list(commentary.commentary(DAYS, {("SD-03", december)}))
    assert {(one.kpi_code, one.period_start) for one in said} == {("SD-03", december.start)}
    assert [one.replaced_at is None for one in said] == [False, True]
    assert said[0].replaced_at == said[1].created_at
    assert not list(commentary.actions(DAYS, PEOPLE, set()))


def test_every_action_went_a_legal_way() -> None:
    for action, updates in made():
        state, due = ActionState.PLANNED, action.first_due
        moments = [action.created_at, *(one.created_at for one in updates)]
        assert moments == sorted(moments)
        assert action.heard_at == moments[-1]
        for one in updates:
            if one.state:
                assert ActionState(one.state) in NEXT[state]
                state = ActionState(one.state)
            due = one.due or due
        assert (action.state, action.due) == (state.value, due)
        assert (action.result is not None) == (state is ActionState.DONE)


def test_some_are_overdue_some_silent_some_moved_and_some_over() -> None:
    actions = [action for action, _ in made()]
    live = [one for one in actions if one.state in ("planned", "in_progress")]
    assert any(one.due < DAYS.today for one in live)
    assert any(one.due >= DAYS.today for one in live)
    assert any((DAYS.today - one.heard_at.date()).days > 30 for one in live)
    assert any(one.due > one.first_due for one in live)
    assert {one.state for one in actions} == {state.value for state in ActionState}


def test_another_day_moves_everything_with_it() -> None:
    later = DemoDays(Period.parse("2026-03"), date(2026, 4, 6), DAYS.zone)
    moved = list(commentary.actions(later, PEOPLE, KPIS))
    gaps = {(b.due - a.due).days for (a, _), (b, _) in zip(made(), moved, strict=True)}
    assert gaps == {90}
