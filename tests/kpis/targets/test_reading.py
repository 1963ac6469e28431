"""Targets: which one is in force for a period and an office, and how they replace each other."""

from __future__ import annotations

from datetime import UTC, date, datetime

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.period import Period
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.targets import TargetEntry, Targets, read_targets, target_history
from kpis.targets.actions import set_target
from tests.kpis.conftest import open_offices


def entry(low: float, since: date, office: str | None = None, code: str = "SD-03") -> TargetEntry:
    return TargetEntry(
        code, office, since, Target(low=low), "a@example.org", "why", datetime.now(UTC), None
    )


TARGETS = Targets(
    (
        entry(90.0, date(2024, 1, 1)),
        entry(95.0, date(2025, 1, 15)),
        entry(99.0, date(2025, 3, 1), office="O01"),
        entry(10.0, date(2024, 1, 1), code="SD-06"),
    )
)


def low(period: str, office: str | None = None) -> float | None:
    found = TARGETS.in_force("SD-03", Period.parse(period), office)
    return found.low if found else None


def test_the_newest_that_has_begun_by_the_end_of_the_period_counts() -> None:
    assert low("2023-12") is None
    assert low("2024-06") == 90.0
    assert low("2025-01") == 95.0  # begun within the month
    assert low("2024") == 90.0
    assert low("2025") == 95.0


def test_an_office_falls_back_to_the_agency() -> None:
    assert low("2025-03", "O01") == 99.0
    assert low("2025-02", "O01") == 95.0
    assert low("2025-03", "O02") == 95.0


def test_each_period_gets_its_own() -> None:
    periods = list(Period.parse("2024-12").until(Period.parse("2025-02")))
    found = TARGETS.by_date("SD-03", periods)
    assert {day: target.low for day, target in found.items()} == {
        date(2024, 12, 1): 90.0,
        date(2025, 1, 1): 95.0,
        date(2025, 2, 1): 95.0,
    }


def test_a_target_of_the_same_day_is_replaced_and_kept_in_the_history(house: Workspace) -> None:
    since = date(2025, 1, 1)
    for value in (96.0, 97.0):
        target = Target(low=value, source="Board decision 12", assumption=False)
        set_target(house, by=SYSTEM, code="SD-03", target=target, valid_from=since, reason="plan")
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        now = read_targets(reader, ["SD-03"]).in_force("SD-03", Period.parse("2025-05"))
        history = target_history(reader, "SD-03")
    assert now == Target(low=97.0, source="Board decision 12", assumption=False)
    assert [each.target and each.target.low for each in history] == [97.0, 96.0, 98.5]
    assert [each.replaced_at is None for each in history] == [True, False, True]


def test_an_office_can_have_its_own(house: Workspace) -> None:
    open_offices(house, ["O01"])
    set_target(
        house,
        by=SYSTEM,
        code="SD-04",
        target=Target(high=120.0, source="Five days of intake", assumption=True),
        valid_from=date(2025, 1, 1),
        office_code="O01",
        reason="agreed with the office",
    )
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        targets = read_targets(reader, ["SD-04"])
    period = Period.parse("2025-W10")
    assert targets.in_force("SD-04", period) is None
    own = targets.in_force("SD-04", period, "O01")
    assert own is not None
    assert own.high == 120.0
