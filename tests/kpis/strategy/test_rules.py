"""What a draft may say, when it may be adopted, and what two editions differ in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data.errors import Refusal
from kpis.definitions import Words
from kpis.strategy import adopting, drafting
from kpis.strategy.comparing import ChangeKind, PartKind, compare
from kpis.strategy.record import CauseLink, Edition, EditionState, Perspective
from kpis.strategy.rule import Rule, RuleKind
from tests.kpis.strategy.houses import FIRST, LAST, objective, words

NOW = datetime(2025, 1, 2, tzinfo=UTC)
BARE = drafting.first_draft(
    "2025", words("Strategy"), words("Served well"), FIRST, LAST, assumption=True
)
LANES = replace(
    BARE, perspectives=tuple(Perspective(code=one, names=words(one)) for one in ("P1", "P2"))
)
A, B, C = objective("1.1", "SD-01"), objective("1.2", "SD-02"), objective("1.3", "SD-03")
LINKS = (CauseLink(cause="1.1", effect="1.2"), CauseLink(cause="1.2", effect="1.3"))
SOUND = replace(LANES, objectives=(A, B, C), links=LINKS)
NAMELESS = Perspective(code="P3", names=Words("", "b", "c"))
LONG = words("x" * 2001)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.key.removeprefix("strategy.refused.")


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (lambda: drafting.checked_code("a b"), "code"),
        (lambda: drafting.copied(SOUND, "2026", words("S"), LAST, FIRST), "days"),
        (lambda: drafting.with_frame(SOUND, words("S"), LONG, FIRST, LAST, assumption=False),
         "too_long"),
        (lambda: drafting.with_perspective(SOUND, NAMELESS),
         "words"),
        (lambda: drafting.without_perspective(SOUND, "P1"), "not_empty"),
        (lambda: drafting.without_perspective(SOUND, "P9"), "no_part"),
        (lambda: drafting.with_objective(SOUND, objective("1.4", challenge=6)), "challenge"),
        (lambda: drafting.with_objective(SOUND, objective("1.4", first_day=LAST, last_day=FIRST)),
         "days"),
        (lambda: drafting.with_objective(SOUND, objective("1.4", description=LONG)), "too_long"),
        (lambda: drafting.with_objective(SOUND, objective("1.4", "SD-02")), "kpi_twice"),
        (lambda: drafting.with_objective(SOUND, objective("1.4", rule=Rule(kind=RuleKind.KEY))),
         "no_key"),
        (lambda: drafting.without_objective(SOUND, "9.9"), "no_part"),
        (lambda: drafting.with_link(SOUND, CauseLink(cause="1.1", effect="1.1")), "itself"),
        (lambda: drafting.with_link(SOUND, CauseLink(cause="1.1", effect="9.9")), "no_objective"),
        (lambda: drafting.with_link(SOUND, CauseLink(cause="1.1", effect="1.3", note="x" * 2001)),
         "too_long"),
        (lambda: drafting.without_link(SOUND, "1.3", "1.1"), "no_link"),
        (lambda: drafting.with_objective(replace(SOUND, state=EditionState.ADOPTED), A),
         "no_draft"),
        (lambda: adopting.withdrawn(replace(SOUND, state=EditionState.REPLACED)), "no_draft"),
        (lambda: adopting.adopted(replace(SOUND, state=EditionState.WITHDRAWN), "a", NOW),
         "no_draft"),
    ],
)  # fmt: skip
def test_a_draft_refuses(act: Callable[[], object], key: str) -> None:
    assert refused(act) == key


def faulty(edition: Edition) -> list[str]:
    return [one.key.removeprefix("strategy.refused.") for one in adopting.faults(edition)]


def test_what_keeps_a_draft_from_being_adopted() -> None:
    assert faulty(SOUND) == []
    assert faulty(LANES) == ["empty"]
    assert faulty(replace(SOUND, objectives=(replace(A, owner=""), B, C))) == ["no_owner"]
    assert faulty(replace(SOUND, objectives=(replace(A, kpis=()), B, C))) == ["no_kpi"]
    assert faulty(replace(SOUND, objectives=(replace(A, perspective="P9"), B, C))) == [
        "no_perspective"
    ]
    three = Rule(kind=RuleKind.AT_LEAST, least=3)
    assert faulty(replace(SOUND, objectives=(replace(A, rule=three), B, C))) == ["least"]
    circle = replace(SOUND, links=(*LINKS, CauseLink(cause="1.3", effect="1.1")))
    assert faulty(circle) == ["circle"]
    named = adopting.circle_of(circle)
    assert named[0] == named[-1]
    assert set(named) == {"1.1", "1.2", "1.3"}
    assert adopting.circle_of(SOUND) == ()


def test_a_copy_begins_with_what_was_and_runs_on() -> None:
    short = replace(B, last_day=date(2026, 6, 30))
    former = replace(
        SOUND, objectives=(A, short, C), state=EditionState.ADOPTED, adopted_by="a@example.org"
    )
    made = drafting.copied(former, "2026", words("Next"), date(2026, 1, 1), date(2028, 12, 31))
    assert (made.state, made.adopted_by, made.links) == (EditionState.DRAFT, None, LINKS)
    days = {one.code: (one.first_day, one.last_day) for one in made.objectives}
    assert days["1.1"] == (date(2026, 1, 1), date(2028, 12, 31))
    assert days["1.2"] == (date(2026, 1, 1), date(2026, 6, 30))


def test_without_an_objective_its_links_are_gone() -> None:
    assert drafting.without_objective(SOUND, "1.2").links == ()
    assert drafting.without_link(SOUND, "1.1", "1.2").links == LINKS[1:]
    assert drafting.without_perspective(SOUND, "P2").perspectives == LANES.perspectives[:1]


def test_two_editions_are_compared_field_by_field() -> None:
    assert compare(SOUND, SOUND) == ()
    changed = replace(B, owner="new@example.org", last_day=date(2026, 1, 1))
    later = replace(
        SOUND,
        code="2026",
        vision=words("Served better"),
        perspectives=LANES.perspectives[:1],
        objectives=(A, changed, objective("2.1", "SD-04")),
        links=(replace(LINKS[0], note="Known"),),
    )
    told = [(one.part, one.code, one.change, one.field) for one in compare(SOUND, later)]
    assert told == [
        (PartKind.EDITION, "2025", ChangeKind.CHANGED, "vision"),
        (PartKind.PERSPECTIVE, "P2", ChangeKind.REMOVED, ""),
        (PartKind.OBJECTIVE, "1.2", ChangeKind.CHANGED, "owner"),
        (PartKind.OBJECTIVE, "1.2", ChangeKind.CHANGED, "last_day"),
        (PartKind.OBJECTIVE, "1.3", ChangeKind.REMOVED, ""),
        (PartKind.OBJECTIVE, "2.1", ChangeKind.ADDED, ""),
        (PartKind.LINK, "1.1 → 1.2", ChangeKind.CHANGED, "note"),
        (PartKind.LINK, "1.2 → 1.3", ChangeKind.REMOVED, ""),
    ]
    (owner,) = [one for one in compare(SOUND, later) if one.field == "owner"]
    assert (owner.before, owner.after) == ("owner@example.org", "new@example.org")


def test_years_that_move_are_told_once() -> None:
    later = drafting.copied(SOUND, "2026", words("Strategy"), date(2026, 1, 1), date(2028, 1, 1))
    assert [(one.part, one.field) for one in compare(SOUND, later)] == [
        (PartKind.EDITION, "first_day"),
        (PartKind.EDITION, "last_day"),
    ]
