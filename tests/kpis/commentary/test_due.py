"""What is owed and what is overdue: golden cases, and a second computation from the bare facts."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.assessment import StatusKind
from kpis.commentary import Action, ActionState, Commentary, Late, read_answers
from kpis.commentary.due import Verdict, answer_to, most_pressing, overdue_updates
from kpis.scorecard import scorecard
from tests.house import actor
from tests.kpis.commentary.house import CODE, HEAD, MANAGER
from tests.kpis.commentary.test_actions import give, write

MARCH = Period.parse("2025-03")
TODAY = date(2025, 5, 20)
PUBLISHED = date(2025, 4, 10)
BEHIND = {"behind_improving", "behind_worsening"}


def days(number: int) -> timedelta:
    return timedelta(days=number)


def verdict(status: str = "behind_worsening", **more: Any) -> Verdict:
    usual = {"code": CODE, "period": MARCH, "office": None, "published": PUBLISHED}
    given: dict[str, Any] = usual | more
    return Verdict(status=StatusKind(status), **given)


def commentary(
    period: Period = MARCH, office: str | None = None, number: int = 1, *, replaced: bool = False
) -> Commentary:
    at = datetime(2025, 4, 12, tzinfo=UTC)
    return Commentary(
        number, CODE, period, office, "What", "Why", "o@x", at, at if replaced else None
    )


def action(
    due: date,
    *,
    number: int = 1,
    code: str = CODE,
    office: str | None = None,
    state: ActionState = ActionState.IN_PROGRESS,
    heard: date = TODAY,
) -> Action:
    at = datetime(2025, 4, 1, tzinfo=UTC)
    return Action(
        number, code, MARCH, office, "Do", 7, "Ana", due, due, state, None, "m@x", at, heard, 1
    )


# Golden cases


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2025, 4, 10), []),
        (date(2025, 4, 25), []),
        (date(2025, 4, 26), [Late.COMMENTARY]),
    ],
)
def test_commentary_is_owed_fifteen_days_after_publication(today: date, late: list[Late]) -> None:
    answer = answer_to(verdict(), [], [], today)
    assert answer.comment_due == date(2025, 4, 25)
    assert [one.kind for one in answer.late] == late


@pytest.mark.parametrize("status", list(StatusKind))
def test_only_who_is_behind_owes(status: StatusKind) -> None:
    answer = answer_to(verdict(status.value), [], [], TODAY)
    owes = status.value in BEHIND
    assert (answer.is_required, answer.is_without_action) == (owes, owes)
    assert (answer.comment_due is not None) == owes


def test_nothing_is_owed_of_a_period_that_goes_on_or_is_not_wholly_known() -> None:
    for facts in ({"partial": True}, {"period": Period.parse("2025-05")}):
        answer = answer_to(verdict(**facts), [], [], TODAY)
        assert not answer.is_required
        assert answer.late == ()


def test_of_a_quarter_the_last_month_within_it_speaks_unless_it_has_its_own() -> None:
    quarter = Period.parse("2025-Q1")
    months = [commentary(Period.parse(f"2025-0{n}"), number=n) for n in (1, 3, 2, 4)]
    asked = verdict(period=quarter)
    found = answer_to(asked, months, [], TODAY).commentary
    assert found is not None
    assert found.period == MARCH
    own = answer_to(asked, [*months, commentary(quarter, number=9)], [], TODAY).commentary
    assert own is not None
    assert own.period == quarter
    others = [commentary(office="O01"), commentary(replaced=True), commentary(quarter)]
    assert answer_to(verdict(), others, [], TODAY).commentary is None


def test_the_next_action_on_time_acts_and_one_overdue_does_not() -> None:
    late = action(TODAY - days(1), number=1)
    today, later = action(TODAY, number=2), action(TODAY + days(9), number=3)
    only_late = answer_to(verdict(), [], [late], TODAY)
    assert (only_late.acting, only_late.is_without_action) == (None, True)
    answer = answer_to(verdict(), [], [later, late, today], TODAY)
    assert answer.acting == today
    assert not answer.is_without_action
    done = action(TODAY + days(9), state=ActionState.DONE)
    assert answer_to(verdict(), [], [done], TODAY).is_without_action


def test_an_action_of_the_agency_serves_its_offices_and_not_the_other_way() -> None:
    whole, office = action(TODAY, number=1), action(TODAY, number=2, office="O01")
    ours = answer_to(verdict(office="O01"), [], [whole, office], TODAY)
    assert [one.id for one in ours.actions] == [1, 2]
    theirs = answer_to(verdict(office="O02"), [], [whole, office], TODAY)
    assert [one.id for one in theirs.actions] == [1]
    agency = answer_to(verdict(), [], [office], TODAY)
    assert agency.is_without_action
    assert [one.id for one in agency.within] == [2]


def test_word_is_overdue_after_thirty_days_and_an_overdue_action_is_told_once() -> None:
    def late(one: Action) -> list[tuple[Late, date]]:
        answer = answer_to(verdict("met"), [], [one], TODAY)
        return [(found.kind, found.since) for found in answer.late]

    assert late(action(TODAY, heard=TODAY - days(30))) == []
    assert late(action(TODAY, heard=TODAY - days(31))) == [(Late.UPDATE, TODAY - days(1))]
    both = action(TODAY - days(3), heard=TODAY - days(80))
    assert late(both) == [(Late.ACTION, TODAY - days(3))]


# A second computation


def facts(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Random verdicts, commentary and actions as bare rows."""
    chance = random.Random(seed)  # noqa: S311 - the same facts in every run
    codes = [f"K{n:02}" for n in range(12)]
    verdicts = [
        {
            "code": code,
            "status": chance.choice(list(StatusKind)).value,
            "partial": chance.random() < 0.1,
            "published": TODAY - days(chance.randint(0, 40)),
        }
        for code in codes
    ]
    said = [
        {"code": chance.choice(codes), "office": chance.choice([None, None, "O01"]),
         "replaced": chance.random() < 0.3}
        for _ in range(8)
    ]  # fmt: skip
    done = [
        {"id": n, "code": chance.choice([*codes, "X"]), "office": chance.choice([None, "O01"]),
         "state": chance.choice(list(ActionState)).value,
         "due": TODAY + days(chance.randint(-30, 60)),
         "heard": TODAY - days(chance.randint(0, 60))}
        for n in range(25)
    ]  # fmt: skip
    return verdicts, said, done


@pytest.mark.parametrize("office", [None, "O01"])
@pytest.mark.parametrize("seed", range(6))
def test_the_lists_are_those_of_plain_tables(seed: int, office: str | None) -> None:
    verdicts, said, done = facts(seed)
    comments = [
        Commentary(
            n, row["code"], MARCH, row["office"], "W", "Y", "o@x",
            datetime(2025, 4, 12, tzinfo=UTC),
            datetime(2025, 4, 13, tzinfo=UTC) if row["replaced"] else None,
        )
        for n, row in enumerate(said)
    ]  # fmt: skip
    actions = [
        action(
            row["due"], number=row["id"], code=row["code"], office=row["office"],
            state=ActionState(row["state"]), heard=row["heard"],
        )
        for row in done
    ]  # fmt: skip
    answers = {
        row["code"]: answer_to(
            verdict(row["status"], code=row["code"], office=office, partial=row["partial"],
                    published=row["published"]),
            comments, actions, TODAY,
        )
        for row in verdicts
    }  # fmt: skip
    told = {
        (one.kind.value, one.code, one.since, one.action.id if one.action else None)
        for one in overdue_updates(answers)
    }
    without = {code for code, answer in answers.items() if answer.is_without_action}
    assert (told, without) == in_pandas(verdicts, said, done, office)


def in_pandas(
    verdicts: list[dict[str, Any]],
    said: list[dict[str, Any]],
    done: list[dict[str, Any]],
    office: str | None,
) -> tuple[set[tuple[Any, ...]], set[str]]:
    """The same by joining tables: what is overdue, and who is behind without an action."""
    rows, notes, acts = pd.DataFrame(verdicts), pd.DataFrame(said), pd.DataFrame(done)
    rows["behind"] = rows["status"].isin(BEHIND)
    same = notes["office"].isna() if office is None else notes["office"].eq(office)
    spoken = set(notes[same & ~notes["replaced"]]["code"])
    owing = rows[rows["behind"] & ~rows["partial"] & ~rows["code"].isin(spoken)]
    due = pd.to_datetime(owing["published"]) + pd.Timedelta(days=15)
    missing = owing.assign(due=due)[due < pd.Timestamp(TODAY)]
    late: set[tuple[Any, ...]] = {
        ("commentary", code, day.date(), None)
        for code, day in zip(missing["code"], missing["due"], strict=True)
    }
    live = acts[acts["state"].isin(["planned", "in_progress"]) & acts["code"].isin(rows["code"])]
    here = live["office"].isna() | (live["office"] == office)
    records: list[dict[str, Any]] = live[here | (office is None)].to_dict("records")  # type: ignore[assignment]
    for row in records:
        if row["due"] < TODAY:
            late.add(("action", row["code"], row["due"], row["id"]))
        elif (TODAY - row["heard"]).days > 30:
            late.add(("update", row["code"], row["heard"] + days(30), row["id"]))
    acting = set(live[here & (live["due"] >= TODAY)]["code"])
    return late, set(rows[rows["behind"]]["code"]) - acting


# On what is published


def test_a_published_kpi_behind_asks_until_it_is_answered(commented_house: Workspace) -> None:
    period = Period.parse("2024-11")

    def answer() -> Any:
        with commented_house.read(SYSTEM, Permission.KPI_VIEW) as reader:
            rows = scorecard(reader, period=period).rows
            row = next(one for one in rows if one.code == CODE)
            assert row.published is not None
            day = row.published.published_at.astimezone(reader.settings.zone).date()
            return read_answers(reader, rows)[CODE], rows, day

    found, rows, published = answer()
    assert found.is_required
    assert found.comment_due == published + days(15)
    assert found.commentary is None
    with commented_house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        pressing = most_pressing(rows, read_answers(reader, rows), [])
    calls = found.is_without_action or bool(found.late)
    assert (CODE in [row.code for row in pressing]) == calls
    write(commented_house, MANAGER, period=period)
    give(commented_house, MANAGER, to=HEAD)
    found, _, _ = answer()
    assert found.comment_due is None
    assert found.commentary.author == MANAGER
    assert found.acting.assignee == actor(commented_house, HEAD).name


def test_without_action_comes_first_then_overdue_then_the_rest(commented_house: Workspace) -> None:
    with commented_house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        rows = scorecard(reader, period=Period.parse("2024-11")).rows[:4]
    a, b, c, d = rows
    on_time, late = TODAY + days(5), TODAY - days(31)

    def of(code: str, status: str, *actions: Action) -> Any:
        return answer_to(verdict(status, code=code, published=TODAY), [], actions, TODAY)

    answers = {
        a.code: of(a.code, "met", action(on_time, code=a.code)),
        b.code: of(b.code, "behind_improving", action(on_time, code=b.code, heard=late)),
        c.code: of(c.code, "behind_improving"),
        d.code: of(d.code, "met", action(late, code=d.code)),
    }
    listed = [row.code for row in most_pressing(rows, answers, [a])]
    assert listed == [c.code, b.code, d.code, a.code]
    assert [row.code for row in most_pressing(rows, answers, [])] == [c.code, b.code, d.code]
