"""The strategy through the door: drafted, adopted, followed by the next; who may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Conflict, Invalid, NotFound, PermissionDenied, Refusal
from data.people import disable_person
from data.period import Frequency, Period
from data.recalling import recalled
from data.records import read_past
from data.store.tables import Objective
from data.workspace import Then, Workspace
from kpis.defining.actions import assign_kpi
from kpis.register import read_kpis
from kpis.strategy import actions
from kpis.strategy.reading import draft_of, in_force, own_period, read_editions, read_strategy
from kpis.strategy.record import EDITION, CauseLink, Edition, EditionState, Perspective
from tests.house import ADMIN, actor, version_of
from tests.kpis.conftest import settings_in
from tests.kpis.strategy.houses import (
    LAST,
    MANAGER,
    OWNER,
    VIEWER,
    do,
    drafted,
    edition_of,
    objective,
    people_house,
    words,
)


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = people_house(Workspace.open(settings_in(tmp_path_factory.mktemp("strategy"))))
    yield workspace
    workspace.database.dispose()


def serving(house: Workspace) -> dict[str, str]:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        found = read_kpis(reader)
    return {code: kpi.objective_code for code, kpi in found.items() if kpi.objective_code}


def test_an_edition_is_drafted_and_adopted(house: Workspace) -> None:
    assert drafted(house).is_draft
    assert serving(house) == {}
    made = do(house, actions.adopt_edition, "2025")
    assert (made.state, made.adopted_by) == (EditionState.ADOPTED, MANAGER)
    assert serving(house) == {"SD-01": "3.1", "SD-02": "3.1", "SD-06": "3.2", "DQ-01": "4.1"}
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        rows = reader.all(select(Objective).order_by(col(Objective.position)))
        told = [(row.code, row.challenge, row.name_en, row.name_sq) for row in rows]
        found = in_force(reader)
        strategy = read_strategy(reader, Period.parse("2025-03"))
    assert told[0] == ("3.1", 3, "Objective 3.1", "Objective 3.1 sq")
    assert [code for code, *_ in told] == ["3.1", "4.1", "3.2"]  # by position, then by code
    assert found is not None
    assert found.value == made
    assert {code: len(one.rows) for code, one in strategy.objectives.items()} == {
        "3.1": 2,
        "4.1": 1,
        "3.2": 1,
    }


def test_the_next_edition_replaces_it_and_the_past_is_what_it_was(house: Workspace) -> None:
    drafted(house)
    do(house, actions.adopt_edition, "2025")
    assign_kpi(house, by=SYSTEM, code="SD-03", objective_code="3.1", owner_email=OWNER)
    before = datetime.now(UTC)
    manager = actor(house, MANAGER)
    copy: dict[str, Any] = {
        "names": words("Next"),
        "first_day": date(2026, 1, 1),
        "last_day": date(2028, 12, 31),
    }
    made = actions.copy_edition(house, by=manager, code="2026", **copy)
    assert made.by_code["3.1"].kpis == ("SD-01", "SD-02", "SD-03")  # as it serves by now
    with pytest.raises(Conflict, match="one_draft"):
        actions.copy_edition(house, by=manager, code="2027", **copy)
    renamed = replace(made.by_code["3.1"], names=words("On time"), kpis=("SD-01",))
    do(house, actions.keep_objective, "2026", objective=renamed)
    do(house, actions.drop_objective, "2026", objective="4.1")
    do(house, actions.adopt_edition, "2026")
    assert edition_of(house, "2025").value.state is EditionState.REPLACED
    assert serving(house) == {"SD-01": "3.1", "SD-06": "3.2"}
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        assert reader.get(Objective, "3.1").name_en == "On time"
        assert reader.find(Objective, "4.1") is not None  # risks may refer to it
        assert [one.id for one in read_editions(reader)] == ["2026", "2025"]
    with house.at(Then(0, before)).read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        then = in_force(reader)
        assert then is not None
        assert then.id == "2025"
        names = {row.code: row.name_en for row in recalled(reader, Objective)}
        assert names["3.1"] == "Objective 3.1"
        assert read_kpis(reader)["DQ-01"].objective_code == "4.1"
        strategy = read_strategy(reader, Period.parse("2025-03"))
        assert len(strategy.objectives["3.1"].rows) == 3


def test_parts_of_a_draft_come_and_go(house: Workspace) -> None:
    drafted(house)
    do(
        house,
        actions.keep_perspective,
        "2025",
        perspective=Perspective(code="P3", names=words("c")),
    )
    do(house, actions.drop_perspective, "2025", perspective="P3")
    do(house, actions.drop_link, "2025", cause="3.2", effect="3.1")
    frame: dict[str, Any] = {
        "names": words("Strategy"),
        "vision": words("Near"),
        "assumption": True,
    }
    do(house, actions.keep_frame, "2025", first_day=date(2025, 2, 1), last_day=LAST, **frame)
    found = edition_of(house, "2025").value
    assert [one.code for one in found.perspectives] == ["P1", "P2"]
    assert found.links == (CauseLink(cause="4.1", effect="3.2", note="Clean data"),)
    assert (found.vision.en, found.first_day) == ("Near", date(2025, 2, 1))
    do(house, actions.withdraw_edition, "2025")
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        assert (draft_of(reader), read_editions(reader)) == (None, ())
        past = read_past(reader, EDITION, "2025", Edition)
        with pytest.raises(NotFound, match="refused"):
            read_strategy(reader, Period.parse("2025-03"))
    assert (past[0].version, past[-1].tag) == (1, "kpis.strategy_kept")


def test_who_is_gone_or_unknown_owns_nothing(house: Workspace) -> None:
    drafted(house)

    def keep(**said: str) -> None:
        do(house, actions.keep_objective, "2025", objective=objective("5.1", "CR-01", **said))

    with pytest.raises(Invalid, match="nobody"):
        keep(owner="ghost@example.org")
    with pytest.raises(NotFound, match="no_kpi"):
        do(house, actions.keep_objective, "2025", objective=objective("5.1", "ZZ-99"))
    keep(owner=OWNER.upper())
    assert edition_of(house, "2025").value.by_code["5.1"].owner == OWNER
    number, version = version_of(house, OWNER)
    admin = actor(house, ADMIN)
    disable_person(house, by=admin, person_id=number, version=version)
    with pytest.raises(Invalid, match="nobody"):
        do(house, actions.adopt_edition, "2025")
    assert edition_of(house, "2025").value.is_draft


def test_nothing_half_is_adopted_and_a_stale_hand_is_a_conflict(house: Workspace) -> None:
    drafted(house)
    seen = edition_of(house, "2025").version
    do(house, actions.keep_link, "2025", link=CauseLink(cause="3.1", effect="4.1"))
    manager = actor(house, MANAGER)
    with pytest.raises(Conflict, match="conflict"):
        actions.withdraw_edition(house, by=manager, code="2025", version=seen)
    with pytest.raises(Invalid, match="circle"):
        do(house, actions.adopt_edition, "2025")
    assert serving(house) == {}
    with house.read(SYSTEM, Permission.STRATEGY_VIEW) as reader:
        assert reader.all(select(Objective)) == []


def test_only_who_keeps_the_strategy_changes_it(house: Workspace) -> None:
    drafted(house)
    lane, link = Perspective(code="P9", names=words("x")), CauseLink(cause="3.1", effect="3.2")
    frame: dict[str, Any] = {"names": words("S"), "first_day": LAST, "last_day": LAST}
    whole: dict[str, Any] = frame | {"vision": words("V")}
    tries: list[tuple[Any, dict[str, Any]]] = [
        (actions.keep_frame, whole | {"assumption": False}),
        (actions.keep_perspective, {"perspective": lane}),
        (actions.drop_perspective, {"perspective": "P1"}),
        (actions.keep_objective, {"objective": objective("3.9", "CR-01")}),
        (actions.drop_objective, {"objective": "3.1"}),
        (actions.keep_link, {"link": link}),
        (actions.drop_link, {"cause": "3.2", "effect": "3.1"}),
        (actions.adopt_edition, {}),
        (actions.withdraw_edition, {}),
    ]
    for who in (VIEWER, OWNER):
        for action, said in tries:
            with pytest.raises(PermissionDenied):
                do(house, action, "2025", who=who, **said)
        by = actor(house, who)
        with pytest.raises(PermissionDenied):
            actions.draft_edition(house, by=by, code="2030", **whole)
        with pytest.raises(Refusal):
            actions.copy_edition(house, by=by, code="2030", **frame)
    assert edition_of(house, "2025").value.is_draft


def test_a_kpi_told_of_longer_periods_alone_is_judged_in_the_last_one_that_is_over(
    house: Workspace,
) -> None:
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpis = read_kpis(reader)
    told = {"2025-03": "2025-Q1", "2025-04": "2025-Q1", "2025-05": "2025-Q1", "2025-06": "2025-Q2"}
    quarterly = next(
        kpi
        for kpi in kpis.values()
        if kpi.definition.frequencies(kpi.definition.formula.headline)[0] is Frequency.QUARTER
    )
    for month, quarter in told.items():
        assert own_period(quarterly, Period.parse(month)).code == quarter
    assert own_period(kpis["SD-01"], Period.parse("2025-04")).code == "2025-04"
