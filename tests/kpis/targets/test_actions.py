"""Targets are set, follow each other, end and are taken back; what was said is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.people import add_first_administrator
from data.period import Period
from data.store.tables import AuditEntry
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.register import read_kpi, read_kpis
from kpis.targets import Baseline, Course, Path, Stage, TargetEntry, read_targets, target_history
from kpis.targets.actions import end_target, set_target, set_targets, withdraw_target
from kpis.targets.listing import list_targets
from kpis.targets.trying import try_target
from kpis.targets.wishes import Wish
from tests.house import ADMIN, PASSWORD, join
from tests.kpis.conftest import OFFICES, founded, open_offices, settings_in

SINCE, NEW_YEAR, END = date(2025, 1, 1), date(2024, 12, 31), date(2025, 12, 31)
GOAL = Target(low=96.0, source="Board decision 12", tolerance=2.0)
STAIRS = Path(
    Course.STAGES,
    Baseline(91.0, NEW_YEAR, "yearbook"),
    END,
    (Stage(date(2025, 3, 31), low=93.0), Stage(date(2025, 6, 30), low=94.0)),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = founded(Workspace.open(settings_in(tmp_path_factory.mktemp("targets"))))
    open_offices(workspace, OFFICES)
    add_first_administrator(workspace, email=ADMIN, name="Arta", language="en", password=PASSWORD)
    yield workspace
    workspace.database.dispose()


@pytest.fixture
def owner(told: Workspace) -> Actor:
    """Somebody who may set targets in one office alone."""
    from data.signing_in import actor_by_email

    found = actor_by_email(told, "o01@example.org")
    return found or join(told, "o01@example.org", Role.KPI_OWNER, "O01")


def history(told: Workspace, code: str) -> tuple[TargetEntry, ...]:
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        return target_history(reader, code)


def low(
    told: Workspace,
    code: str,
    period: str,
    office: str | None = None,
    at: datetime | None = None,
) -> float | None:
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        aim = read_targets(reader, [code], at).in_force(code, Period.parse(period), office)
    return aim.low if aim else None


def aim_at(
    told: Workspace,
    code: str,
    target: Target = GOAL,
    *,
    since: date = SINCE,
    path: Path | None = None,
    office: str | None = None,
) -> int:
    return set_target(
        told,
        by=SYSTEM,
        code=code,
        target=target,
        valid_from=since,
        reason="plan",
        office_code=office,
        path=path or Path(),
    )


def test_a_path_in_stages_is_the_target_of_each_period(told: Workspace) -> None:
    aim_at(told, "SD-03", path=STAIRS)
    periods = ("2025-02", "2025-03", "2025-W10", "2025-Q2", "2025-11", "2025-12", "2025")
    aims = [low(told, "SD-03", period) for period in periods]
    assert aims == [91.0, 93.0, 91.0, 94.0, 94.0, 96.0, 96.0]


def test_a_line_has_the_decimals_the_kpi_is_shown_with(told: Workspace) -> None:
    path = Path(Course.LINEAR, Baseline(50.0, NEW_YEAR, "yearbook"), END)
    aim_at(told, "SD-06", replace(GOAL, low=80.0), path=path)
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        assert read_kpi(reader, "SD-06").definition.decimals == 1
    # 50 + 30 x 59/365 = 54.849...
    assert low(told, "SD-06", "2025-02") == 54.8


def test_what_stood_at_a_moment_can_be_asked(told: Workspace) -> None:
    before = datetime.now(UTC)
    aim_at(told, "CS-01", replace(GOAL, low=40.0))
    between = datetime.now(UTC)
    aim_at(told, "CS-01", replace(GOAL, low=45.0))
    assert low(told, "CS-01", "2025-05", at=before) == 30.0  # the catalogue's
    assert low(told, "CS-01", "2025-05", at=between) == 40.0
    assert low(told, "CS-01", "2025-05") == 45.0
    newest, replaced, first = history(told, "CS-01")
    assert (newest.replaced_at, first.replaced_at) == (None, None)
    assert (replaced.replaced_by, replaced.replaced_because) == (SYSTEM.email, "plan")


def test_an_end_is_said_and_an_office_then_goes_by_the_agency(told: Workspace) -> None:
    aim_at(told, "SD-03", replace(GOAL, low=99.0), office="O02")
    end_target(
        told,
        by=SYSTEM,
        code="SD-03",
        valid_from=date(2025, 7, 1),
        reason="merged",
        office_code="O02",
    )
    assert low(told, "SD-03", "2025-06", "O02") == 99.0
    assert low(told, "SD-03", "2025-07", "O02") == low(told, "SD-03", "2025-07")
    end_target(told, by=SYSTEM, code="CS-08", valid_from=SINCE, reason="no survey")
    assert low(told, "CS-08", "2024-Q4") == 80.0
    assert low(told, "CS-08", "2025-Q1") is None
    assert history(told, "CS-08")[0].target is None


def test_a_target_taken_back_gives_way_to_the_one_before(told: Workspace) -> None:
    mistaken = aim_at(told, "CS-06", replace(GOAL, low=6.0))
    withdraw_target(told, by=SYSTEM, target_id=mistaken, reason="a slip")
    assert low(told, "CS-06", "2025-05") == 60.0
    entry = next(one for one in history(told, "CS-06") if one.id == mistaken)
    assert entry.replaced_because == "a slip"
    with pytest.raises(Conflict):
        withdraw_target(told, by=SYSTEM, target_id=mistaken, reason="again")


def test_who_has_not_seen_what_he_replaces_is_told(told: Workspace) -> None:
    seen = aim_at(told, "CS-05", replace(GOAL, low=71.0))
    aim_at(told, "CS-05", replace(GOAL, low=72.0))
    with pytest.raises(Conflict):
        set_target(
            told,
            by=SYSTEM,
            code="CS-05",
            target=replace(GOAL, low=73.0),
            valid_from=SINCE,
            reason="plan",
            known=[seen],
        )
    assert low(told, "CS-05", "2025-05") == 72.0


@pytest.mark.parametrize(
    "wish",
    [
        Wish("SD-03", SINCE, Target(high=3.0, source="x")),
        Wish("SD-03", SINCE, replace(GOAL, source=" ")),
        Wish("SD-03", date(1025, 1, 1), GOAL),
        Wish("SD-03", date(2026, 1, 1), GOAL, STAIRS),  # reached before it holds
        Wish("SD-03", SINCE, GOAL, replace(STAIRS, baseline=Baseline(91.0, NEW_YEAR))),
        Wish("SD-03", SINCE, GOAL, replace(STAIRS, stages=(Stage(date(2025, 5, 1), high=3.0),))),
        Wish("CS-01", SINCE, GOAL, office="O01"),  # not told by office
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_with_it(told: Workspace, wish: Wish) -> None:
    before = len(history(told, "CS-07"))
    fine = Wish("CS-07", SINCE, replace(GOAL, low=55.0))
    with pytest.raises(Invalid):
        set_targets(told, by=SYSTEM, wishes=[fine, wish], reason="plan", origin={}, known=[])
    assert len(history(told, "CS-07")) == before
    with pytest.raises(Invalid):
        set_targets(told, by=SYSTEM, wishes=[fine], reason=" ", origin={}, known=[])


def test_rights_reach_as_far_as_the_unit(told: Workspace, owner: Actor) -> None:
    mine = replace(GOAL, low=97.0)
    made = set_target(
        told,
        by=owner,
        code="SD-03",
        target=mine,
        valid_from=SINCE,
        reason="own plan",
        office_code="O01",
    )
    for office in (None, "O02"):
        with pytest.raises(PermissionDenied):
            end_target(
                told,
                by=owner,
                code="SD-03",
                valid_from=SINCE,
                reason="no",
                office_code=office,
            )
    with pytest.raises(NotFound):
        end_target(told, by=owner, code="SD-03", valid_from=SINCE, reason="no", office_code="O99")
    with told.read(SYSTEM, Permission.AUDIT_VIEW) as reader:
        newest = select(AuditEntry).where(AuditEntry.tag == "kpis.target_set")
        entry = reader.first(newest.order_by(col(AuditEntry.number).desc()))
    assert entry is not None
    assert (entry.actor, entry.noun_id) == (owner.email, str(made))
    assert entry.new is not None
    assert (entry.new["low"], entry.new["reason"]) == (97.0, "own plan")


def test_the_list_holds_what_stands_and_what_comes(told: Workspace) -> None:
    aim_at(told, "SD-04", Target(high=120.0, source="intake"), office="O03")
    aim_at(told, "SD-04", Target(high=90.0, source="intake"), office="O03", since=date(2026, 1, 1))
    with told.read(SYSTEM, Permission.KPI_VIEW) as reader:
        kpis = read_kpis(reader, ["SD-04"])
        listed = list_targets(reader, kpis, date(2025, 6, 30), offices=["O01"])
    told_of = [
        (row.office, row.entry and row.entry.target and row.entry.target.high) for row in listed
    ]
    assert told_of == [(None, None), ("O01", None), ("O03", 120.0), ("O03", 90.0)]
    assert [row.period.code for row in listed] == ["2025-W26"] * 4


def test_a_trial_shows_the_aims_without_setting_them(told: Workspace) -> None:
    before = history(told, "SD-06")
    with told.read(SYSTEM, Permission.TARGET_SET) as reader:
        kpi = read_kpi(reader, "SD-06")
        wish = Wish("SD-06", SINCE, replace(GOAL, low=40.0), STAIRS)
        trial = try_target(reader, kpi, replace(wish, path=Path()), date(2025, 2, 28))
    assert {period.code: aim.low for period, aim in trial.aims.items()} == {
        "2025-02": 40.0,
        "2025-03": 40.0,
    }
    assert history(told, "SD-06") == before
