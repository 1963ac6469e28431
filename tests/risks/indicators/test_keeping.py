"""Who keeps indicators and links them to risks, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import col, delete

from data.access.permissions import Permission
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.period import Frequency
from data.store.tables import KpiDefinition, StoredReading
from data.workspace import Workspace
from risks.indicators.actions import (
    Said,
    keep_indicator,
    link_indicator,
    retire_indicator,
    unlink_indicator,
)
from risks.indicators.reading import indicators_of, read_indicators, read_turns
from risks.indicators.thresholds import DangerSide, Thresholds
from risks.register.kinds import Effect
from tests.risks.house import PEOPLE
from tests.risks.indicators.houses import GOOD, KPI, RULE, WatchedHouse, watched_house

SAID = Said("Applications returned", KPI, Frequency.MONTH, RULE)


@pytest.fixture
def house(workspace: Workspace) -> WatchedHouse:
    house = watched_house(workspace)
    house.load({"2025-01": GOOD})
    return house


def test_owners_and_coordinators_keep_indicators_and_nobody_else(house: WatchedHouse) -> None:
    kept: list[str] = []
    for name in PEOPLE:
        try:
            kept.append(keep_indicator(house.workspace, by=house[name], said=SAID).author)
        except PermissionDenied:
            continue
    assert kept == ["owner@example.org", "other@example.org", "coordinator@example.org"]
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        codes = [view.indicator.code for view in read_indicators(reader)]
    assert codes == ["KRI-001", "KRI-002", "KRI-003"]


def test_its_author_or_a_coordinator_changes_it_and_its_past_stays(house: WatchedHouse) -> None:
    first = keep_indicator(house.workspace, by=house["owner"], said=SAID)
    then = house.clock.now
    house.clock.pass_days(1)
    changed = replace(SAID, title="Returns", thresholds=replace(RULE, amber=97, periods=3))
    asked: dict[str, Any] = {"said": changed, "code": "KRI-001", "version": first.row_version}
    with pytest.raises(PermissionDenied):
        keep_indicator(house.workspace, by=house["other"], **asked)
    second = keep_indicator(house.workspace, by=house["coordinator"], **asked)
    assert (second.title, second.amber, second.periods, second.author) == (
        "Returns",
        97,
        3,
        "owner@example.org",
    )
    assert house.view().indicator == second
    past = house.view(then=then.replace(hour=23))
    assert past.indicator == first
    with pytest.raises(Conflict) as conflict:
        keep_indicator(house.workspace, by=house["owner"], **asked)
    assert conflict.value.values["current"]["title"] == "Returns"
    assert conflict.value.values["by"] == "coordinator@example.org"
    asked["version"] = second.row_version
    with pytest.raises(Invalid, match="nothing_changed"):
        keep_indicator(house.workspace, by=house["owner"], **asked)
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        assert [one.actor for one in read_turns(reader, "KRI-001")] == [
            "owner@example.org",
            "coordinator@example.org",
        ]


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"kpi_code": "XX-99"}, "no_kpi"),
        ({"kpi_code": "SD-01"}, "not_published"),
        ({"measure": "other"}, "not_published"),
        ({"office_code": "O99"}, "door.not_found"),
        ({"service_code": "FLIGHT"}, "door.not_found"),
        ({"thresholds": Thresholds(DangerSide.BELOW, 90, 95)}, "amber_beyond_red"),
        ({"thresholds": replace(RULE, stale_after_days=7)}, "stale"),
        ({"frequency": Frequency.QUARTER}, "stale"),  # 45 days are less than a quarter
        ({"title": "  "}, "empty"),
        ({"title": "x" * 201}, "too_long"),
    ],
)
def test_what_cannot_be_watched_is_refused(
    house: WatchedHouse, wrong: dict[str, Any], key: str
) -> None:
    with pytest.raises((Invalid, NotFound), match=key):
        keep_indicator(house.workspace, by=house["owner"], said=replace(SAID, **wrong))


def test_a_retired_kpi_and_a_frequency_without_values_are_refused(house: WatchedHouse) -> None:
    monthly = Said("Returns", "SD-06", Frequency.MONTH, RULE)
    with house.workspace.database.writing() as session:
        table = StoredReading
        session.connection().execute(delete(table).where(col(table.frequency) == "week"))
    with pytest.raises(Invalid, match="no_frequency") as refused:
        keep_indicator(
            house.workspace, by=house["owner"], said=replace(monthly, frequency=Frequency.WEEK)
        )
    assert refused.value.values["known"] == (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)
    with house.workspace.database.writing() as session:
        row = session.get(KpiDefinition, KPI)
        assert row is not None
        row.retired_at = house.clock.now
    with pytest.raises(NotFound, match="no_kpi"):
        keep_indicator(house.workspace, by=house["owner"], said=monthly)


def test_what_it_watches_stays_what_it_is(house: WatchedHouse) -> None:
    house.watch()
    for other in ({"frequency": Frequency.WEEK}, {"service_code": "PASSPORT"}):
        with pytest.raises(Invalid, match="watches"):
            keep_indicator(
                house.workspace,
                by=house["coordinator"],
                said=replace(SAID, **other),
                code="KRI-001",
                version=1,
            )


def test_a_risk_leans_on_indicators_and_lets_go_of_them_with_a_reason(house: WatchedHouse) -> None:
    house.watch()
    house.opened()
    with pytest.raises((PermissionDenied, NotFound)):
        house.do(link_indicator, "director", indicator="KRI-001", effect=Effect.REVIEW)
    with pytest.raises(Invalid, match="reason_of_coordinator"):
        house.do(link_indicator, "coordinator", indicator="KRI-001", effect=Effect.REVIEW)
    with pytest.raises(NotFound, match=r"indicators\.refused\.none"):
        house.do(link_indicator, "owner", indicator="KRI-009", effect=Effect.REVIEW)
    risk = house.link(Effect.ESCALATE)
    with pytest.raises(Invalid, match="linked_already"):
        house.link(Effect.REVIEW)
    assert [(one.code, one.effect) for one in house.view().links] == [("R-0001", Effect.ESCALATE)]
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        ((link, view),) = indicators_of(reader, risk)
    assert (link.effect, view.indicator.code) == (Effect.ESCALATE, "KRI-001")
    asked = {"link_id": link.id}
    with pytest.raises(Invalid, match="linked_still"):
        retire_indicator(house.workspace, by=house["coordinator"], code="KRI-001", version=1)
    with pytest.raises(Invalid, match="empty"):
        house.do(unlink_indicator, "owner", **asked, reason=" ")
    house.do(unlink_indicator, "owner", **asked, reason="Another one says it better.")
    assert house.risk().indicator_links == ()
    assert house.risk().indicators[0].ended_by == "owner@example.org"
    assert house.view().links == ()
    with pytest.raises(NotFound, match="not_linked"):
        house.do(unlink_indicator, "owner", **asked, reason="Again.")


def test_a_retired_indicator_is_kept_and_watches_no_more(house: WatchedHouse) -> None:
    house.watch()
    house.evaluate()
    house.opened()
    retire_indicator(house.workspace, by=house["coordinator"], code="KRI-001", version=1)
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        assert read_indicators(reader) == ()
        assert [one.indicator.code for one in read_indicators(reader, retired=True)] == ["KRI-001"]
    with pytest.raises(Invalid, match="retired"):
        house.link(Effect.REVIEW)
    with pytest.raises(Invalid, match="retired"):
        retire_indicator(house.workspace, by=house["coordinator"], code="KRI-001", version=2)
    before = house.view().readings
    house.load({"2025-02": GOOD})
    house.evaluate()
    assert house.view().readings == before


def test_of_risks_one_may_not_see_no_link_is_told(house: WatchedHouse) -> None:
    house.watch()
    house.opened()
    house.link(Effect.REVIEW)
    with house.workspace.read(house["other"], Permission.RISK_VIEW) as reader:
        (view,) = read_indicators(reader)
    assert view.links == ()
