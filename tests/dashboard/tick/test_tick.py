"""A tick: one at a time, killed at any moment, told to whoever asks; and by the worker's clock."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from dashboard.command_line.main import app
from dashboard.context import newest_period
from dashboard.jobs import JobState, worker
from dashboard.jobs.evaluations import EVALUATIONS, evaluate_all, turned_kpis
from dashboard.jobs.found import Watch
from dashboard.jobs.schedule import Schedule
from dashboard.jobs.tick import one_at_a_time
from dashboard.jobs.tick_now import last_tick, tick_now
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.errors import Conflict, Invalid
from data.jobs import claim_job, queue_job
from data.notices import NoticeKind, close_notices, write_notices
from data.period import Frequency
from data.settings import duration
from data.workspace import Workspace
from kpis.assessment import Target
from kpis.readings import refresh
from kpis.scorecard import ScorecardRow, scorecard
from kpis.standing import BEHIND, is_concern
from kpis.targets.actions import set_target
from tests.dashboard.tick.houses import (
    drop,
    environment,
    lying,
    march,
    notices,
    outcomes,
    refused,
    ticked,
)
from tests.dashboard.tick.ticker import Ticker, ticker
from tests.data.extracts.loads import audit, batches, events, on_disk, statuses
from tests.kpis.conftest import Loads, applications
from tests.kpis.conftest import founded as with_kpis

ROWS, KILLS = 1_000, 4
Cra = Callable[..., Result]


@pytest.fixture(scope="module")
def processes() -> Iterator[Ticker]:
    with ticker() as started:
        yield started


@pytest.fixture
def cra(house: Workspace, monkeypatch: pytest.MonkeyPatch) -> Cra:
    """The command, in the house of the test."""
    for name, value in environment(house.settings.home, CRA_INBOX_QUIET="1s").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("dashboard.jobs.inbox.looking.time.sleep", lambda _seconds: None)
    return lambda *arguments: CliRunner().invoke(app, ["tick", *arguments], catch_exceptions=False)


# The command


def test_the_exit_code_and_the_streams_tell_the_truth(house: Workspace, cra: Cra) -> None:
    assert cra("--last").exit_code == 2
    drop(house, "good.csv", march(1, 20))
    drop(house, "bad.csv", march(21, 40, submitted_at="never"))
    first = cra()
    assert first.exit_code == 1
    assert "good.csv is loaded as event 1 (Applications)." in first.stdout
    assert "bad.csv" not in first.stdout
    assert "bad.csv was refused. 20 of 20 rows" in first.stderr
    assert "put the file into the inbox again" in first.stderr
    second = cra("--json")
    document = json.loads(second.stdout)
    assert (second.exit_code, document["state"], document["files"]) == (0, "done", [])
    assert json.loads(cra("--last", "--json").stdout) == document
    assert "Nothing new." in cra("--once").stdout


@pytest.mark.parametrize("wrong", [("--every", "soon"), ("--every", "5m", "--once")])
def test_wrong_use_is_told_apart(wrong: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, ["tick", *wrong]).exit_code == 2


def test_again_and_again(house: Workspace, cra: Cra, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        if seconds < 60:
            return  # the second look of an inbox
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt
        drop(house, f"{len(pauses)}.csv", march(len(pauses) * 10, len(pauses) * 10 + 9))

    monkeypatch.setattr("dashboard.command_line.tick.time.sleep", pause)
    assert cra("--every", "15m").exit_code != 0
    assert pauses == [900.0] * 3
    assert lying(house, "loaded") == ["1.csv", "2.csv"]


def test_killed_at_any_moment_the_next_tick_ends_it_without_loading_twice(
    house: Workspace, processes: Ticker
) -> None:
    chance, home = random.Random(20250301), house.settings.home  # noqa: S311
    drop(house, "first.csv", march(1, ROWS))
    ticked(house)
    met = 0
    for kill in range(KILLS):
        known, before = statuses(house), len(events(house))
        drop(house, f"{kill}.csv", march((kill + 1) * ROWS + 1, (kill + 2) * ROWS))
        running = processes.start(home, halt=True)
        running.wait_until_halted()
        if kill:  # the first time just there, then somewhere on the way from there
            running.go_on()
            time.sleep(chance.random() * 0.3)
        running.kill()
        met += lying(house) != []
        assert {one.state for one in tick_now(house)} == {JobState.DONE}
        assert len(events(house)) == before + 1
        assert len(statuses(house)) == len(known) + ROWS
        assert lying(house) == []
        assert lying(house, "loaded").count(f"{kill}.csv") == 1
    assert met, "no kill came in the middle"
    assert on_disk(house) == {batch.id for batch in batches(house)}
    assert audit(house)


def test_of_two_at_once_one_works_and_the_other_says_so(
    house: Workspace, processes: Ticker, cra: Cra, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(house, "both.csv", march(1, 400))
    said = [one.said() for one in [processes.start(house.settings.home) for _ in range(3)]]
    assert len(events(house)) == 1
    assert said.count([{"both.csv": "loaded"}]) == 1
    assert {str(one) for one in said} <= {
        *("[{'both.csv': 'loaded'}]", "[{}]", "tick.refused.already_at_work")
    }
    with one_at_a_time(house):
        monkeypatch.setattr("dashboard.jobs.tick._mine", set[str]())  # as another process sees it
        busy = cra("--json")
    assert (busy.exit_code, json.loads(busy.stdout)["state"]) == (0, "busy")


# The account


def test_the_same_refusal_is_told_once_and_a_killed_refusal_again(house: Workspace) -> None:
    drop(house, "bad.csv", march(submitted_at="never"))
    ticked(house)
    drop(house, "bad.csv", march(submitted_at="never"))
    ticked(house)
    assert len(refused(house)) == 1
    assert [name for name in lying(house, "refused") if name.endswith(".csv")] == [
        "bad (2).csv",
        "bad.csv",
    ]


def test_what_a_killed_tick_left_is_ended_first(house: Workspace) -> None:
    drop(house, "march.csv", march())
    queue_job(house, by=SYSTEM, permission=Permission.JOBS_RUN, kind="tick", payload={})
    left, own = tick_now(house)
    assert (outcomes(left), outcomes(own)) == ({"march.csv": "loaded"}, {})
    last = last_tick(house, by=SYSTEM)
    assert last is not None
    assert last.id == own.id


def test_while_another_process_is_at_it_the_worker_is_refused(
    house: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one_at_a_time(house):
        monkeypatch.setattr("dashboard.jobs.tick._mine", set[str]())  # as another process sees it
        with pytest.raises(Conflict):
            tick_now(house)
        queue_job(house, by=SYSTEM, permission=Permission.JOBS_RUN, kind="tick", payload={})
        worker.work_once(house)
    last = last_tick(house, by=SYSTEM)
    assert last is not None
    assert last.refusal is not None
    assert last.refusal.key == "tick.refused.already_at_work"


# By the worker's clock


def test_the_worker_looks_by_itself_as_often_as_it_is_told(house: Workspace) -> None:
    assert not Schedule(house).queue_if_due()
    timed = Workspace(replace(house.settings, tick_every=timedelta(minutes=15)), house.database)
    assert Schedule(timed).queue_if_due()
    assert not Schedule(timed).queue_if_due()  # one waits
    drop(house, "march.csv", march())
    assert worker.work_once(timed)
    assert lying(house, "loaded") == ["march.csv"]
    assert not Schedule(timed).queue_if_due()  # done just now
    at_once = replace(house.settings, tick_every=timedelta(microseconds=1))
    schedule = Schedule(Workspace(at_once, house.database))
    assert schedule.queue_if_due()
    assert claim_job(house, kind="tick")
    assert not schedule.queue_if_due()


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        (" 6H ", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
        ("", None),
        ("0", None),
    ],
)
def test_durations(text: str, length: timedelta | None) -> None:
    assert duration(text) == length


@pytest.mark.parametrize("text", ["15", "m", "-5m", "1.5h", "0m", "15 minutes", "9999999d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        duration(text)


# What is evaluated


@pytest.fixture
def measured(workspace: Workspace) -> Workspace:
    """A house with random applications, in which two KPIs are measured, one with a high target."""
    house = with_kpis(workspace)
    loads = Loads(house)
    loads.load("applications", applications(200, seed=3), cut_off=date(2025, 4, 20))
    set_target(
        house,
        by=SYSTEM,
        code="SD-06",
        target=Target(low=99.9, source="Agreed", assumption=False),
        valid_from=date(2025, 1, 1),
        reason="for the test",
    )
    refresh(house, by=SYSTEM, codes=["SD-06", "SD-07"])
    return house


def test_kpis_that_turned_since_the_last_tick_are_written_once(measured: Workspace) -> None:
    first = evaluate_all(measured, lambda _key, _done: None)
    assert set(first["kept"]) == set(EVALUATIONS)
    assert notices(measured, NoticeKind.KPI_BEHIND) == []  # nothing can have turned since
    behind, worse = on_the_scorecard(measured)
    assert "SD-06" in behind
    kept = first["kept"]["kpis_turned"]
    assert (set(kept["behind"]), set(kept["special_cause"])) == (behind, worse)
    found = turned_kpis(Watch(measured, date(2025, 6, 1), {"behind": [], "special_cause": []}))
    assert {one.subject for one in found.notices if one.kind is NoticeKind.KPI_BEHIND} == behind
    assert len(write_notices(measured, found.notices)) == len(behind) + len(worse)
    assert write_notices(measured, found.notices) == ()
    close_notices(measured, kind=NoticeKind.KPI_BEHIND, still=behind - {"SD-06"})
    still = {one.subject for one in notices(measured, NoticeKind.KPI_BEHIND)}
    assert still == behind - {"SD-06"}


def on_the_scorecard(house: Workspace) -> tuple[set[str], set[str]]:
    """The KPIs that are behind, and those that really worsen, in the newest period that is over."""
    rows: dict[str, ScorecardRow] = {}
    with house.read(SYSTEM, Permission.KPI_VIEW) as reader:
        for frequency in ("year", "quarter", "month"):
            period = newest_period(house, SYSTEM, Frequency(frequency))
            rows |= {row.code: row for row in scorecard(reader, period=period).rows}
    behind = {row.code for row in rows.values() if row.status.kind in BEHIND}
    return behind, {row.code for row in rows.values() if is_concern(row)}


def test_an_extract_that_misses_its_rhythm_is_written_until_it_is_there(house: Workspace) -> None:
    today = datetime.now(house.settings.zone).date()
    drop(house, "march.csv", march())
    told = ticked(house).result["evaluate"]["notices"]
    assert [one["key"] for one in told] == ["tick.notice.overdue"]
    (notice,) = notices(house, NoticeKind.EXTRACT_OVERDUE)
    assert notice.contract == "applications"
    assert notice.span_from == date(2025, 3, 1)  # March is covered from its 2nd day on
    assert ticked(house).result["evaluate"]["notices"] == []
    everything = f"coverage_from = 2025-03-01\ncoverage_to = {today}\ncut_at = {today}\n"
    declared = drop(house, "now.csv", march(21, 30))
    declared.with_name("now.csv.toml").write_text(everything)
    ticked(house)
    assert notices(house, NoticeKind.EXTRACT_OVERDUE) == []
