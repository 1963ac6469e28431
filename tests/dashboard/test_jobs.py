"""Long work: asked for with a right, done with the asker's rights, and finished whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import update

from dashboard.jobs import kinds, queue, status, worker
from dashboard.jobs.kinds import Kind
from dashboard.jobs.steps import Work, discard_upload, extract_payload
from data import jobs
from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.access.roles import Role
from data.audit.tags import AuditTag
from data.auditing import Wanted, entries
from data.errors import Invalid, NotFound, PermissionDenied
from data.health import health
from data.jobs import ClaimLost, JobState, JobStatus, claim_job, finish_job, latest_jobs
from data.people import disable_person
from data.store.tables import Job
from data.workspace import Workspace
from tests.house import ADMIN, actor, inhabit, join, version_of

ROOT = Path(__file__).resolve().parents[2]
STEWARD = "steward@example.org"
DEADLINE = 60.0


@pytest.fixture
def steward(workspace: Workspace) -> Actor:
    inhabit(workspace)
    return join(workspace, STEWARD, Role.DATA_STEWARD)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Teach the worker of this process a kind of work for the test."""

    def teach(*steps: tuple[str, Callable[[Work], dict[str, Any]]]) -> None:
        monkeypatch.setitem(kinds.KINDS, "test", Kind(Permission.EXTRACT_LOAD, steps))

    return teach


def look(workspace: Workspace, by: Actor, job_id: int) -> JobStatus:
    with workspace.read(by, Permission.EXTRACT_LOAD) as reader:
        return status(reader, job_id)


def ask(workspace: Workspace, by: Actor, **payload: Any) -> int:
    return queue(workspace, by=by, kind="test", payload=payload)


def test_the_steps_are_done_in_order_and_hand_on_what_they_gave(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    kind(
        ("first", lambda work: {"rows": work.payload["rows"]}),
        ("second", lambda work: {"twice": work.results["first"]["rows"] * 2}),
    )
    job = ask(workspace, steward, rows=21)
    assert look(workspace, steward, job).state is JobState.QUEUED
    assert worker.work_once(workspace)
    done = look(workspace, steward, job)
    assert done.state is JobState.DONE
    assert done.is_over
    assert done.result == {"first": {"rows": 21}, "second": {"twice": 42}}
    assert not worker.work_once(workspace)
    tags = [entry.tag for entry in entries(workspace, by=SYSTEM, wanted=Wanted(), limit=2)]
    assert tags == [AuditTag.JOB_FINISHED, AuditTag.JOB_QUEUED]


def test_whoever_may_not_do_it_may_not_ask_for_it(workspace: Workspace, steward: Actor) -> None:
    viewer = join(workspace, "vera@example.org", Role.VIEWER)
    with pytest.raises(PermissionDenied):
        queue(workspace, by=viewer, kind="load_extract", payload={})
    with pytest.raises(Invalid):
        queue(workspace, by=steward, kind="format_the_disk", payload={})


def test_a_job_is_seen_by_the_one_who_asked_for_it(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    kind(("only", lambda _work: {}))
    job = ask(workspace, steward)
    other = join(workspace, "other@example.org", Role.DATA_STEWARD)
    with pytest.raises(NotFound):
        look(workspace, other, job)
    with workspace.read(steward, Permission.EXTRACT_LOAD) as reader:
        assert [one.id for one in latest_jobs(reader, kind="test")] == [job]


def test_the_work_has_the_rights_the_person_has_when_it_is_done(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    seen: list[Actor] = []

    def note(work: Work) -> dict[str, Any]:
        seen.append(work.by)
        with work.workspace.read(work.by, Permission.AUDIT_VIEW):
            return {}

    kind(("only", note))
    job = ask(workspace, steward)
    worker.work_once(workspace)
    refused = look(workspace, steward, job)
    assert seen == [steward]
    assert refused.state is JobState.REFUSED
    assert refused.refusal is not None
    assert refused.refusal.key == "door.denied"


def test_the_work_of_somebody_shut_out_meanwhile_is_refused(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    kind(("only", lambda _work: pytest.fail("it was begun")))
    job = ask(workspace, steward)
    person, version = version_of(workspace, STEWARD)
    disable_person(workspace, by=actor(workspace, ADMIN), person_id=person, version=version)
    worker.work_once(workspace)
    refused = look(workspace, SYSTEM, job)
    assert refused.state is JobState.REFUSED
    assert refused.refusal is not None
    assert refused.refusal.key == "shell.job_person_gone"


def test_a_bug_fails_the_job_with_a_reference_that_is_in_the_log(
    workspace: Workspace,
    steward: Actor,
    kind: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    kind(("only", lambda _work: {"share": 1 // 0}))
    job = ask(workspace, steward)
    worker.work_once(workspace)
    failed = look(workspace, steward, job)
    assert failed.state is JobState.FAILED
    assert failed.error_reference
    assert failed.error_reference in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_progress_is_seen_while_the_work_goes_on(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    may_end = threading.Event()

    def slow(work: Work) -> dict[str, Any]:
        work.progress("job_step.load", 0.4)
        assert may_end.wait(DEADLINE)
        return {}

    kind(("load", slow))
    job = ask(workspace, steward)
    at_work = threading.Thread(target=worker.work_once, args=(workspace,))
    at_work.start()
    until(lambda: look(workspace, steward, job).progress == 0.4)
    running = look(workspace, steward, job)
    may_end.set()
    at_work.join()
    assert (running.state, running.step, running.doing) == (
        JobState.RUNNING,
        "load",
        "job_step.load",
    )
    assert look(workspace, steward, job).progress == 1.0


def test_a_silent_worker_loses_its_job_and_cannot_finish_it(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    kind(("only", lambda _work: {"by": "the second"}))
    job = ask(workspace, steward)
    first = claim_job(workspace)
    assert first is not None
    assert claim_job(workspace) is None
    fall_silent(workspace)
    assert worker.work_once(workspace)
    with pytest.raises(ClaimLost):
        finish_job(workspace, first, {"by": "the first"})
    assert look(workspace, steward, job).result == {"only": {"by": "the second"}}


def test_a_job_taken_again_goes_on_where_it_was_left(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    begun: list[str] = []

    def step(name: str) -> tuple[str, Callable[[Work], dict[str, Any]]]:
        def do(_work: Work) -> dict[str, Any]:
            begun.append(name)
            return {"name": name}

        return name, do

    kind(step("first"), step("second"), step("third"))
    job = ask(workspace, steward)
    dead = claim_job(workspace)
    assert dead is not None
    jobs.finish_step(workspace, dead, next_step="second", results={"first": {"name": "first"}})
    jobs.beat(workspace, dead, step="second", doing="job_step.load", progress=0.5)
    fall_silent(workspace)
    worker.work_once(workspace)
    assert begun == ["second", "third"]
    assert list(look(workspace, steward, job).result) == ["first", "second", "third"]


def test_work_that_kills_its_worker_again_and_again_is_given_up(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    kind(("only", lambda _work: pytest.fail("it was begun once more")))
    job = ask(workspace, steward)
    for _ in range(worker.ATTEMPTS):
        assert claim_job(workspace) is not None
        fall_silent(workspace)
    worker.work_once(workspace)
    assert look(workspace, steward, job).state is JobState.FAILED


def test_two_workers_never_take_the_same_job(
    workspace: Workspace, steward: Actor, kind: Callable[..., None]
) -> None:
    kind(("only", lambda _work: {}))
    asked = {ask(workspace, steward) for _ in range(12)}
    taken: list[int] = []

    def take() -> None:
        while (claim := claim_job(workspace)) is not None:
            taken.append(claim.job_id)

    workers = [threading.Thread(target=take) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(taken) == sorted(asked)


def test_an_upload_is_removed_once_its_work_is_over_and_nothing_else_is(
    workspace: Workspace,
) -> None:
    uploads = workspace.settings.home / "uploads"
    uploads.mkdir()
    mine, other = uploads / "extract.csv", workspace.settings.home / "kept.csv"
    for file in (mine, other):
        file.write_text("case_id\n1\n", encoding="utf-8")
        discard_upload(workspace, extract_payload(file, file_name=file.name))
    assert not mine.exists()
    assert other.exists()


WORKER = """
    import os, sys, time
    from pathlib import Path
    from dashboard.jobs import kinds, worker
    from dashboard.jobs.kinds import Kind
    from data.access.permissions import Permission

    def first(work):
        with open(work.payload["log"], "a") as log:
            log.write("first\\n")
        return {"first": True}

    def second(work):
        with open(work.payload["log"], "a") as log:
            log.write(f"second {os.getpid()}\\n")
        if not Path(work.payload["go"]).exists():
            time.sleep(600)
        return {"pid": os.getpid()}

    kinds.KINDS["test"] = Kind(Permission.EXTRACT_LOAD, (("first", first), ("second", second)))
    worker.main()
"""


@pytest.fixture
def start_worker(workspace: Workspace) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start real worker processes that know the kind of work above."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        settings = {"CRA_HOME": str(workspace.settings.home), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WORKER)], env={**os.environ, **settings}
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_ends_the_job(
    workspace: Workspace,
    steward: Actor,
    kind: Callable[..., None],
    start_worker: Callable[[], subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    kind(("first", lambda _work: {}), ("second", lambda _work: {}))
    log, go = tmp_path / "log", tmp_path / "go"
    job = ask(workspace, steward, log=str(log), go=str(go))
    doomed = start_worker()
    until(lambda: log.exists() and "second" in log.read_text())
    assert health(workspace).worker
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    assert look(workspace, steward, job).state is JobState.RUNNING
    go.touch()
    fall_silent(workspace)
    follower = start_worker()
    until(lambda: look(workspace, steward, job).is_over)
    done = look(workspace, steward, job)
    assert done.state is JobState.DONE
    assert done.result == {"first": {"first": True}, "second": {"pid": follower.pid}}
    assert log.read_text().split() == [
        *("first", "second", str(doomed.pid)),
        *("second", str(follower.pid)),
    ]


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def fall_silent(workspace: Workspace) -> None:
    """Put the last sign of life of every running job so far back that it counts as abandoned."""
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    with workspace.database.writing() as session:
        session.connection().execute(update(Job).values(heartbeat_at=long_ago))
