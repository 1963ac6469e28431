"""From a file to the risk it touches, by the real worker: load, measure, evaluate, act, tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, update

from dashboard.components.extracts.tick_words import sentences
from dashboard.jobs import JobState, JobStatus, kinds, queue, status, worker
from dashboard.jobs.approving import approve_and_follow
from dashboard.jobs.steps import Work, extract_payload
from dashboard.jobs.tick_now import tick_now
from data import jobs
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.auditing import Wanted, entries
from data.extracts.checked_file import Declared
from data.language.compile import compile_catalogues
from data.language.languages import Language
from data.language.texts import Texts
from data.notices import NoticeKind, open_notices
from data.period import Frequency, Period
from data.store.tables import Job, KpiDefinition
from data.workspace import Workspace
from kpis.entries import Slot
from risks.indicators.actions import Said, keep_indicator
from risks.indicators.thresholds import DangerSide, IndicatorState, Thresholds
from risks.register.kinds import Effect
from risks.register.states import Status
from tests.data.extracts.loads import written
from tests.house import actor, join
from tests.kpis.entering import house as entering
from tests.risks.indicators.houses import (
    BAD,
    CASES,
    GOOD,
    KPI,
    WatchedHouse,
    decided,
    watched_house,
)

STEWARD = "steward@example.org"
RISK_NOTICES = [kind for kind in NoticeKind if kind.value.startswith("risk_")]


@pytest.fixture(scope="module", autouse=True)
def texts() -> None:
    compile_catalogues()


@pytest.fixture
def house(workspace: Workspace) -> WatchedHouse:
    """A good January, an indicator over it, and a risk that is accepted while it stays so."""
    house = watched_house(workspace)
    join(workspace, STEWARD, Role.DATA_STEWARD)
    with workspace.database.writing() as session:  # one KPI is measured, to be quick
        others = update(KpiDefinition).where(col(KpiDefinition.code) != KPI)
        session.connection().execute(others.values(retired_at=house.clock.now))
    done(house, load(house, {"2025-01": GOOD}))
    house.watch()
    house.accepted()
    house.link(Effect.ESCALATE)
    return house


def load(house: WatchedHouse, months: dict[str, int]) -> int:
    """Ask for a load of a file with these months, as the steward; it is a few days later."""
    periods = [Period.parse(month) for month in months]
    last = max(periods)
    house.clock.now = max(
        house.clock.now, datetime(last.end.year, last.end.month, 5, 9, tzinfo=UTC)
    )
    rows: list[dict[str, Any]] = []
    for period in periods:
        frame = decided(period, months[period.code], CASES)
        frame["status"], frame["ready_at"] = "decided", ""
        texts = frame.drop(columns="is_test").astype(str)
        rows += [
            dict(zip(map(str, texts), row, strict=True)) for row in texts.itertuples(index=False)
        ]
    path = written(house.workspace.settings.home / f"{last.code}.csv", rows)
    declared = Declared(
        coverage_from=periods[0].start,
        coverage_to=last.last_day,
        cut_at=datetime(last.end.year, last.end.month, 1, tzinfo=house.workspace.settings.zone),
    )
    payload = extract_payload(path, file_name=path.name, declared=declared)
    by = actor(house.workspace, STEWARD)
    return queue(house.workspace, by=by, kind="load_extract", payload=payload)


def done(house: WatchedHouse, job: int) -> JobStatus:
    """The job, done by the worker."""
    assert worker.work_once(house.workspace)
    with house.workspace.read(SYSTEM, Permission.EXTRACT_LOAD) as reader:
        ended = status(reader, job)
    assert ended.state is JobState.DONE, ended.refusal
    return ended


def notices(house: WatchedHouse) -> set[tuple[str, str]]:
    """Kind and subject's first word of the open notices on risks."""
    with house.workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        found = open_notices(reader, RISK_NOTICES)
    return {(one.kind, one.subject.partition(" ")[0]) for one in found}


def test_a_loaded_extract_turns_the_indicator_and_reopens_the_risk(house: WatchedHouse) -> None:
    ended = done(house, load(house, {"2025-02": BAD}))
    assert ended.result["indicators"]["acted"] == []
    assert (house.view().state, house.risk().status) == (IndicatorState.AMBER, Status.ACCEPTED)
    assert notices(house) == set()
    told = done(house, load(house, {"2025-03": BAD})).result["indicators"]
    assert told["turned"] == [
        {"indicator": "KRI-001", "before": "amber", "state": "red", "period": "2025-03"}
    ]
    assert [(one["risk"], one["step"]) for one in told["acted"]] == [
        ("R-0001", "end_acceptance"),
        ("R-0001", "escalate"),
    ]
    risk = house.risk()
    assert (risk.status, risk.reopened_because) == (Status.OPEN, "risks.ended.indicator")
    assert house.view().newest is not None
    assert house.view().newest.value == 100 * (CASES - BAD) / CASES  # type: ignore[union-attr]
    assert notices(house) == {
        ("risk_indicator_red", "KRI-001"),
        ("risk_reopened", "R-0001"),
        ("risk_escalated", "R-0001"),
    }
    trail = entries(house.workspace, by=SYSTEM, wanted=Wanted(), limit=30)
    by_system = [one.tag for one in trail if one.actor == "SYSTEM"]
    assert {AuditTag.ACCEPTANCE_ENDED, AuditTag.RISK_ESCALATED} <= set(by_system)


def test_a_worker_that_dies_before_the_indicators_is_followed_by_one_that_ends_it(
    house: WatchedHouse,
) -> None:
    job = load(house, {"2025-02": BAD, "2025-03": BAD})
    claim = jobs.claim_job(house.workspace)
    assert claim is not None
    results: dict[str, Any] = {}
    steps = dict(kinds.KINDS["load_extract"].steps)
    for name, following in (("load", "refresh"), ("refresh", "indicators")):
        work = Work(
            house.workspace,
            actor(house.workspace, STEWARD),
            claim.payload,
            results,
            lambda *_: None,
        )
        results[name] = steps[name](work)
        jobs.finish_step(house.workspace, claim, next_step=following, results=dict(results))
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    with house.workspace.database.writing() as session:
        session.connection().execute(update(Job).values(heartbeat_at=long_ago))
    assert house.risk().status is Status.ACCEPTED
    done(house, job)
    assert house.risk().status is Status.OPEN
    assert len(house.risk().escalations) == 1


def test_what_is_no_longer_so_is_no_longer_told(house: WatchedHouse) -> None:
    done(house, load(house, {"2025-02": BAD, "2025-03": BAD}))
    assert ("risk_indicator_red", "KRI-001") in notices(house)
    done(house, load(house, {"2025-04": GOOD, "2025-05": GOOD}))
    assert notices(house) == {("risk_reopened", "R-0001"), ("risk_escalated", "R-0001")}


def said_by(ended: JobStatus, language: Language = Language.EN) -> list[str]:
    return list(sentences(Texts(language), ended))


def test_a_tick_does_what_time_brings_about_and_says_so(house: WatchedHouse) -> None:
    house.clock.pass_days(60)
    (ended,) = tick_now(house.workspace)
    assert house.view().state is IndicatorState.STALE
    assert "Risk indicator KRI-001 is out of date: no fresh values of SD-06." in said_by(ended)
    assert notices(house) == {("risk_indicator_stale", "KRI-001")}
    house.clock.pass_days(130)
    (ended,) = tick_now(house.workspace)
    assert house.risk().reopened_because == "risks.ended.expired"
    assert "Risk R-0001 is open again. The acceptance ran out." in said_by(ended)
    kept = ended.result["evaluate"]["kept"]["risks"]
    assert kept["done"] == [{"risk": "R-0001", "because": "risks.ended.expired"}]
    (again,) = tick_now(house.workspace)
    assert again.result["evaluate"]["kept"]["risks"]["done"] == []
    assert not [line for line in said_by(again) if "R-0001" in line or "KRI-001" in line]


def test_a_tick_says_in_every_language_what_turned(house: WatchedHouse) -> None:
    done(house, load(house, {"2025-02": BAD, "2025-03": BAD}))
    house.load({"2025-04": GOOD, "2025-05": GOOD})  # published, and not evaluated yet
    (ended,) = tick_now(house.workspace)
    assert "Risk indicator KRI-001 turned: Green." in said_by(ended)
    for language in Language:
        assert any("KRI-001" in line for line in said_by(ended, language))


def test_values_that_people_enter_turn_it_as_soon_as_they_are_approved(
    workspace: Workspace,
) -> None:
    house = watched_house(workspace)
    entering.define(house.workspace, entering.SCORE, entering.SPECS[entering.SCORE])
    house.clock.now = datetime(2024, 7, 5, 9, tzinfo=UTC)
    for month, score in (("2024-03", 4.5), ("2024-04", 1.5)):
        approve(house, month, score)
    rule = Thresholds(DangerSide.BELOW, amber=3, red=2, stale_after_days=90)
    said = Said("Satisfaction falls", entering.SCORE, Frequency.MONTH, rule)
    keep_indicator(house.workspace, by=house["coordinator"], said=said)
    house.evaluate()
    assert house.view().state is IndicatorState.AMBER
    approve(house, "2024-05", 1.25)
    assert [one.value for one in house.view().readings] == [4.5, 1.5, 1.25]
    assert house.view().state is IndicatorState.RED
    assert notices(house) == {("risk_indicator_red", "KRI-001")}


def approve(house: WatchedHouse, month: str, score: float) -> None:
    """A score that one person enters and another one approves."""
    slot = Slot(entering.SCORE, Period.parse(month))
    entry = entering.submit(house.workspace, slot, score)
    approve_and_follow(house.workspace, by=entering.OTHER, entries=[entry])
