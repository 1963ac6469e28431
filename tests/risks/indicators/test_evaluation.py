"""Indicators over real published values: what turns them, and what they keep of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.auditing import verify_trail
from data.errors import PermissionDenied
from data.figure import Missing
from data.store.tables import AuditEntry, Office, Publication, RiskIndicatorReading, StoredReading
from data.workspace import Workspace
from kpis.readings import refresh
from risks.indicators.evaluating.actions import Evaluation, evaluate_indicators
from risks.indicators.reading import IndicatorView, read_turns
from risks.indicators.thresholds import DangerSide, IndicatorState, Thresholds
from tests.risks.indicators.houses import BAD, CASES, GOOD, KPI, WEAK, WatchedHouse, watched_house

RED, AMBER, GREEN = IndicatorState.RED, IndicatorState.AMBER, IndicatorState.GREEN
NO_DATA, STALE = IndicatorState.NO_DATA, IndicatorState.STALE
NOTHING = Evaluation()


@pytest.fixture
def house(workspace: Workspace) -> WatchedHouse:
    return watched_house(workspace)


def told(view: IndicatorView) -> list[tuple[str, float | None, str, str]]:
    """Period, value, signal and state of each reading."""
    return [
        (one.period.code, one.value, one.signal.value, one.state.value) for one in view.readings
    ]


def test_every_period_is_judged_and_red_needs_two_in_a_row(house: WatchedHouse) -> None:
    months = {"2025-01": BAD, "2025-02": GOOD, "2025-03": BAD, "2025-04": BAD, "2025-05": WEAK}
    house.load(months)
    house.watch()
    done = house.evaluate()
    assert [(one.before, one.state, one.period) for one in done.turned] == [(None, RED, "2025-04")]
    assert done.readings == 5
    shares = {month: 100 * (CASES - returned) / CASES for month, returned in months.items()}
    assert told(house.view()) == [
        ("2025-01", shares["2025-01"], "red", "amber"),
        ("2025-02", shares["2025-02"], "green", "amber"),
        ("2025-03", shares["2025-03"], "red", "amber"),
        ("2025-04", shares["2025-04"], "red", "red"),
        ("2025-05", shares["2025-05"], "amber", "red"),
    ]
    house.load({"2025-06": GOOD})
    house.evaluate()
    assert (house.view().state, house.view().red_since) == (AMBER, None)
    house.load({"2025-07": GOOD})
    house.evaluate()
    assert house.view().state is GREEN


def test_done_twice_nothing_is_done_again(house: WatchedHouse) -> None:
    house.load({"2025-01": BAD, "2025-02": BAD})
    house.watch()
    assert house.evaluate() != NOTHING
    before, entries = house.view(), entries_of(house)
    assert house.evaluate() == NOTHING
    assert (house.view(), entries_of(house)) == (before, entries)
    assert verify_trail(house.workspace, by=house["auditor"]).holds


def entries_of(house: WatchedHouse) -> list[tuple[str, str]]:
    """Who did what, by the trail."""
    with house.workspace.database.reading() as session:
        rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
        return [(row.actor, row.tag) for row in rows]


def test_a_value_leads_to_the_publication_that_says_it(house: WatchedHouse) -> None:
    house.load({"2025-01": GOOD})
    house.load({"2025-02": BAD})
    house.watch()
    house.evaluate()
    with house.workspace.database.reading() as session:
        events = {row.id: row.event_number for row in session.exec(select(Publication))}
    january, february = house.view().readings
    assert (january.event_number, february.event_number) == (1, 2)
    assert events[january.publication_id] == 1
    assert events[february.publication_id] == 2


def test_an_office_or_a_service_is_watched_by_its_own_values(house: WatchedHouse) -> None:
    house.load({"2025-01": BAD, "2025-02": BAD})
    open_office(house, "O01")
    house.watch(office_code="O01")
    house.watch(office_code="O01", service_code="PASSPORT")
    house.evaluate()
    odd = [number for number in range(CASES) if number % 2]  # those of O01
    share = 100 * sum(number >= BAD for number in odd) / len(odd)
    assert [one.value for one in house.view("KRI-001").readings] == [share, share]
    assert [one.value for one in house.view("KRI-002").readings] == [share, share]


def open_office(house: WatchedHouse, code: str) -> None:
    with house.workspace.database.writing() as session:
        named = {f"name_{language}": code for language in ("sq", "sr", "en")}
        office = {"code": code, "unit_code": code, "municipality_code": "01", **named}
        session.add(Office.model_validate(office))


def test_a_period_that_goes_on_is_shown_and_not_judged(house: WatchedHouse) -> None:
    house.load({"2025-01": GOOD, "2025-02": GOOD, "2025-03": BAD})
    house.clock.now = house.clock.now.replace(month=3, day=20)
    house.watch()
    house.evaluate()
    *_, march = house.view().readings
    assert (march.value, march.missing, march.is_judged) == (75.0, "partial", False)
    assert house.view().state is GREEN
    house.clock.now = house.clock.now.replace(day=31)
    assert house.evaluate() == NOTHING
    house.clock.pass_days(1)
    house.evaluate()
    assert told(house.view())[-1] == ("2025-03", 75.0, "red", "amber")


def test_of_months_to_come_nothing_is_known(house: WatchedHouse) -> None:
    house.load({"2025-01": GOOD, "2025-02": BAD, "2025-03": BAD})
    house.clock.now = house.clock.now.replace(month=2, day=10)
    house.watch()
    house.evaluate()
    assert [one.period.code for one in house.view().readings] == ["2025-01", "2025-02"]
    assert house.view().state is GREEN


def test_without_fresh_values_it_is_stale_and_never_green(house: WatchedHouse) -> None:
    house.load({"2025-01": GOOD, "2025-02": GOOD})
    house.watch()
    house.evaluate()
    assert house.view().state is GREEN
    house.clock.now = house.clock.now.replace(month=4, day=14)  # 45 days after the last one
    assert (house.evaluate(), house.view().state) == (NOTHING, GREEN)
    seen = house.clock.now
    house.clock.pass_days(1)
    assert house.view().state is STALE  # the page does not wait for an evaluation
    (turn,) = house.evaluate().turned
    assert (turn.before, turn.state) == (GREEN, STALE)
    assert house.view(then=seen).state is GREEN
    house.load({"2025-03": GOOD, "2025-04": GOOD})
    house.evaluate()
    assert house.view().state is GREEN


def test_few_cases_say_nothing_and_leave_nothing_green(house: WatchedHouse) -> None:
    rule = Thresholds(DangerSide.BELOW, 95, 90, min_cases=20)
    house.load({"2025-01": GOOD, "2025-02": GOOD})
    house.load({"2025-03": BAD}, cases=19)
    house.watch(rule)
    house.evaluate()
    march = house.view().readings[-1]
    assert (march.missing, march.signal.value) == (Missing.TOO_FEW.value, "no_data")
    assert house.view().state is NO_DATA


def test_what_is_suppressed_for_pages_is_no_data(house: WatchedHouse) -> None:
    house.load({"2025-01": GOOD, "2025-02": GOOD})
    table = StoredReading
    hidden = update(table).values(value=None, missing=Missing.SUPPRESSED.value)
    with house.workspace.database.writing() as session:
        session.connection().execute(hidden.where(col(table.period_start) == "2025-02-01"))
    house.watch()
    house.evaluate()
    assert told(house.view())[-1] == ("2025-02", None, "no_data", "no_data")
    assert house.view().readings[-1].missing == Missing.SUPPRESSED.value
    assert house.view().state is NO_DATA


def test_nothing_published_is_no_data(house: WatchedHouse) -> None:
    house.load({"2025-01": GOOD})
    house.watch()
    house.loads.withdraw(1)
    refresh(house.workspace, by=SYSTEM, codes=[KPI])
    house.evaluate()
    assert (house.view().state, house.view().newest) == (NO_DATA, None)


def test_a_restated_value_turns_it_back_and_the_past_stays(house: WatchedHouse) -> None:
    house.load({"2025-01": BAD, "2025-02": BAD})
    house.watch()
    house.evaluate()
    then, before = house.clock.now, house.view()
    assert before.state is RED
    house.load({"2025-01": GOOD, "2025-02": GOOD}, edition=3)  # the same cases, known better
    (turn,) = house.evaluate().turned
    assert (turn.before, turn.state) == (RED, GREEN)
    assert [one.value for one in house.view().readings] == [100.0, 100.0]
    past = house.view(then=then + timedelta(minutes=1))
    assert (past.state, past.readings, past.indicator) == (RED, before.readings, before.indicator)
    with house.workspace.database.reading() as session:
        kept = session.exec(select(RiskIndicatorReading)).all()
    assert [row.value for row in kept if row.replaced_at] == [75.0, 75.0]


def test_every_turn_is_kept_with_its_cause_as_the_systems(house: WatchedHouse) -> None:
    house.load({"2025-01": BAD, "2025-02": BAD})
    house.watch()
    house.evaluate()
    with house.workspace.read(house["auditor"], Permission.RISK_VIEW) as reader:
        kept, turned = read_turns(reader, "KRI-001")
    assert (kept.actor, kept.tag, kept.indicator.standing) == (
        "coordinator@example.org",
        "risks.indicator_kept",
        None,
    )
    assert (turned.actor, turned.tag) == ("SYSTEM", "risks.indicator_turned")
    assert turned.cause == {
        "key": "risks.indicators.because_turned",
        "indicator": "KRI-001",
        "title": "Applications returned",
        "kpi": KPI,
        "threshold": 90,
        "state": "red",
        "period": "2025-02",
        "value": 75.0,
        "publication": 1,
        "event": 1,
    }


def test_nobody_but_the_system_evaluates(house: WatchedHouse) -> None:
    with pytest.raises(PermissionDenied):
        evaluate_indicators(house.workspace, by=house["coordinator"])
