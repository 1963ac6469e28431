"""When the criteria change every risk in the register is asked anew, and acceptances end."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.auditing import Wanted, entries
from data.errors import PermissionDenied
from data.workspace import Workspace
from risks.criteria.actions import decide_criteria, propose_criteria
from risks.criteria.reading import default_criteria
from risks.deciding import actions as deciding
from risks.following import actions as following
from risks.following.actions import AT_ONCE, follow_criteria
from risks.register.kinds import AcceptanceState, Kind
from risks.register.reading import read_past, read_register
from risks.register.record import Risk
from risks.register.states import Status
from risks.watching.actions import watch_risks
from tests.risks.house import PEOPLE, RiskHouse, risk_house

DEFAULT = default_criteria()
STRICTER = replace(DEFAULT, matrix=(("low", "low", "low", "medium", "high"), *DEFAULT.matrix[1:]))


@pytest.fixture
def house(workspace: Workspace) -> RiskHouse:
    return risk_house(workspace)


def change_criteria(house: RiskHouse) -> None:
    version = propose_criteria(
        house.workspace, by=house["coordinator"], criteria=STRICTER, reason="Lessons"
    )
    decide_criteria(house.workspace, by=house["director"], version=version, approve=True)
    house.clock.pass_days(1)


def open_risk(house: RiskHouse) -> str:
    code = house.draft().code
    house.judge("owner", Kind.CURRENT, 3, 2, code=code)
    house.do(deciding.propose_risk, "owner", code=code)
    house.do(deciding.decide_proposal, "coordinator", code=code, approve=True)
    return code


def accept(house: RiskHouse, code: str) -> None:
    until = house.clock.now.date() + timedelta(days=90)
    house.do(deciding.request_acceptance, "owner", code=code, rationale="r", valid_until=until)
    house.do(deciding.decide_acceptance, "head", code=code, accept=True)


def register(house: RiskHouse) -> dict[str, Risk]:
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        return {one.code: one for one in read_register(reader)}


def test_each_risk_is_asked_once_with_its_cause(house: RiskHouse) -> None:
    opened, borne, draft = open_risk(house), open_risk(house), house.draft().code
    accept(house, borne)
    before = register(house)
    assert follow_criteria(house.workspace) == 0
    change_criteria(house)
    assert follow_criteria(house.workspace) == 2
    after = register(house)
    assert after[draft] == before[draft]
    for code in (opened, borne):
        assert after[code].reassess == "risks.reassess.criteria"
        assert after[code].assessments == before[code].assessments
        assert after[code].updated_by == SYSTEM.email
    assert after[opened].status is Status.OPEN
    assert (after[borne].status, after[borne].reopened_because) == (
        Status.OPEN,
        "risks.ended.criteria",
    )
    assert after[borne].acceptances[-1].state is AcceptanceState.ENDED
    assert follow_criteria(house.workspace) == 0
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        last = read_past(reader, after[opened])[-1]
        assert (last.tag, last.cause) == (
            "risks.reassessment_asked",
            {"key": "risks.reassess.criteria", "version": 2},
        )
        last = read_past(reader, after[borne])[-1]
        assert (last.tag, last.cause) == (
            "risks.acceptance_ended",
            {"key": "risks.ended.criteria", "version": 2},
        )
    assert watch_risks(house.workspace) == ()


def test_assessed_anew_it_is_asked_no_more(house: RiskHouse) -> None:
    code = open_risk(house)
    change_criteria(house)
    house.judge("owner", Kind.CURRENT, 3, 2, code=code)
    assert follow_criteria(house.workspace) == 0
    assert house.risk().reassess is None


def test_cut_off_it_goes_on_where_it_was(house: RiskHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [open_risk(house) for _ in range(5)]
    change_criteria(house)
    monkeypatch.setattr(following, "AT_ONCE", 2)
    halted = house.workspace.by_clock(_clock_that_stops(house, after=2))
    with pytest.raises(KeyboardInterrupt):
        follow_criteria(halted)
    asked = [code for code, risk in register(house).items() if risk.reassess]
    assert asked == codes[:2]
    assert follow_criteria(house.workspace) == 3
    assert all(risk.reassess for risk in register(house).values())
    told = entries(
        house.workspace, by=house["auditor"], wanted=Wanted(tag="risks.reassessment_asked")
    )
    assert len(told) == 5


def _clock_that_stops(house: RiskHouse, *, after: int):  # type: ignore[no-untyped-def]
    """A clock that breaks off whoever looks at it once too often: a read, then changes."""
    looks = iter(range(after))

    def clock():  # type: ignore[no-untyped-def]
        if next(looks, None) is None:
            raise KeyboardInterrupt
        return house.clock.now

    return clock


def test_some_risks_at_a_time_keep_others_waiting_but_shortly(house: RiskHouse) -> None:
    """Each transaction looks at the clock once: as many moments, as many transactions."""
    for _ in range(AT_ONCE + 2):
        open_risk(house)
    change_criteria(house)
    begin = house.clock.now
    ticks = (begin + timedelta(seconds=tick) for tick in count())
    assert follow_criteria(house.workspace.by_clock(lambda: next(ticks))) == AT_ONCE + 2
    told = entries(
        house.workspace, by=house["auditor"], wanted=Wanted(tag="risks.reassessment_asked")
    )
    assert sorted(Counter(one.at for one in told).values()) == [2, AT_ONCE]


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_nobody_but_the_system_does_it(house: RiskHouse, who: str) -> None:
    with pytest.raises(PermissionDenied):
        follow_criteria(house.workspace, by=house[who])
