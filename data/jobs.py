"""The queue of long work: who asked for what, who is at it, how far it is, how it ended.

What the kinds of work do is not known here. Whoever takes a job holds a claim on it: the row
version at that moment. A worker that was thought dead and comes back finds its claim outdated.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, or_, select

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import NotFound, Refusal
from data.store.tables import Job
from data.workspace import Reader, Workspace

BEAT = timedelta(seconds=1)  # how often a worker says that it is alive
STALE = timedelta(seconds=15)  # after this silence somebody else takes the job


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job stands; `progress` runs from 0 to 1 within `step`."""

    id: int
    kind: str
    state: JobState
    step: str
    doing: str  # the message key of what goes on within the step
    progress: float
    refusal: Refusal | None
    error_reference: str | None
    result: dict[str, Any]
    payload: dict[str, Any]
    queued_by: str
    queued_at: datetime
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.state not in {JobState.QUEUED, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class Claim:
    """A job somebody is at, from the step where it was left, with the results so far."""

    job_id: int
    version: int
    kind: str
    payload: dict[str, Any]
    queued_by: str
    step: str
    results: dict[str, Any]


class ClaimLost(Exception):
    """Somebody else took the job meanwhile; whoever sees this leaves it alone."""


def queue_job(
    workspace: Workspace, *, by: Actor, permission: Permission, kind: str, payload: dict[str, Any]
) -> int:
    """Ask for work that needs this permission; returns the job's id."""
    with workspace.change(by, permission) as change:
        job = Job(
            kind=kind,
            payload=payload,
            state=JobState.QUEUED,
            queued_at=datetime.now(UTC),
            queued_by=by.email,
        )
        change.add(job)
        change.record(AuditTag.JOB_QUEUED, job, new={"kind": kind})
        return job.id or 0


def job_status(reader: Reader, job_id: int) -> JobStatus:
    """How this job stands, for whoever asked for it or runs jobs; NotFound for all others."""
    job = reader.get(Job, job_id)
    if job.queued_by != reader.by.email and not reader.by.may(Permission.JOBS_RUN):
        raise NotFound("door.not_found", noun="job", id=str(job_id))
    return _status(job)


def latest_jobs(reader: Reader, *, kind: str, limit: int = 20) -> list[JobStatus]:
    """The newest jobs of this kind that the actor asked for, newest first."""
    statement = select(Job).where(Job.kind == kind, Job.queued_by == reader.by.email)
    rows = reader.all(statement.order_by(col(Job.id).desc()).limit(limit))
    return [_status(job) for job in rows]


def newest_job(reader: Reader, *, kind: str, states: Collection[JobState]) -> JobStatus | None:
    """The newest job of a kind in one of these states, whoever asked for it.

    At an earlier time: of those that were over by then.
    """
    wanted = [state.value for state in states]
    statement = select(Job).where(Job.kind == kind, col(Job.state).in_(wanted))
    if reader.then is not None:
        statement = statement.where(col(Job.finished_at) <= reader.then.until)
    job = reader.first(statement.order_by(col(Job.id).desc()).limit(1))
    return None if job is None else _status(job)


def has_work(workspace: Workspace) -> bool:
    """Whether there is anything to take; asked often, hence without the write lock."""
    with workspace.database.reading() as session:
        return session.exec(_takeable()).first() is not None


def claim_job(
    workspace: Workspace, *, kind: str | None = None, job_id: int | None = None
) -> Claim | None:
    """Take the oldest waiting job, or one whose worker fell silent; None when there is none.

    With `kind` or `job_id` only one of that kind, or that job.
    """
    now, wanted = datetime.now(UTC), _takeable()
    if kind is not None:
        wanted = wanted.where(Job.kind == kind)
    if job_id is not None:
        wanted = wanted.where(Job.id == job_id)
    with workspace.database.writing() as session:
        job = session.exec(wanted).first()
        if job is None:
            return None
        job.state, job.heartbeat_at = JobState.RUNNING, now
        job.started_at = job.started_at or now
        job.row_version += 1
        session.add(job)
        session.flush()
        return _claim(job)


def beat(workspace: Workspace, claim: Claim, *, step: str, doing: str, progress: float) -> None:
    """Say that the work goes on and how far it is; ClaimLost when it is somebody else's now."""
    with workspace.database.writing() as session:
        job = _held(session, claim)
        job.heartbeat_at = datetime.now(UTC)
        job.step, job.progress = f"{step}:{doing}", progress
        session.add(job)


def finish_step(
    workspace: Workspace, claim: Claim, *, next_step: str, results: dict[str, Any]
) -> None:
    """Keep what the steps gave so far; a job taken again goes on from `next_step`."""
    with workspace.database.writing() as session:
        job = _held(session, claim)
        job.step, job.progress, job.result = next_step, 0.0, results
        job.heartbeat_at = datetime.now(UTC)
        session.add(job)


def finish_job(workspace: Workspace, claim: Claim, results: dict[str, Any]) -> None:
    """The work is done."""
    _end(workspace, claim, state=JobState.DONE, progress=1.0, result=results)


def refuse_job(workspace: Workspace, claim: Claim, refusal: Refusal) -> None:
    """The work was refused for a reason people can read."""
    values = json.loads(json.dumps(refusal.values, default=str))
    _end(workspace, claim, state=JobState.REFUSED, refusal={"key": refusal.key, "values": values})


def fail_job(workspace: Workspace, claim: Claim) -> str:
    """The work met a bug; returns the reference to log it under, which people are shown."""
    reference = secrets.token_hex(4).upper()
    _end(workspace, claim, state=JobState.FAILED, error_reference=reference)
    return reference


def _takeable() -> Any:
    silent_since = datetime.now(UTC) - STALE
    abandoned = (col(Job.state) == JobState.RUNNING) & (col(Job.heartbeat_at) < silent_since)
    return (
        select(Job)
        .where(or_(col(Job.state) == JobState.QUEUED, abandoned))
        .order_by(col(Job.id))
        .limit(1)
    )


def _held(source: Session | Reader, claim: Claim) -> Job:
    """The claimed job, provided nobody took it over."""
    job = source.get(Job, claim.job_id)
    if job is None or job.row_version != claim.version or job.state != JobState.RUNNING:
        raise ClaimLost(claim.job_id)
    return job


def _end(workspace: Workspace, claim: Claim, *, state: JobState, **values: Any) -> None:
    with workspace.change(SYSTEM, Permission.JOBS_RUN) as change:
        job = _held(change, claim)
        job.state, job.finished_at = state, datetime.now(UTC)
        for name, value in values.items():
            setattr(job, name, value)
        change.add(job)
        change.record(
            AuditTag.JOB_FINISHED,
            job,
            new={"kind": job.kind, "state": state.value, "queued_by": job.queued_by},
        )


def _claim(job: Job) -> Claim:
    return Claim(
        job_id=job.id or 0,
        version=job.row_version,
        kind=job.kind,
        payload=dict(job.payload),
        queued_by=job.queued_by,
        step=job.step.partition(":")[0],
        results=dict(job.result or {}),
    )


def _status(job: Job) -> JobStatus:
    said = job.refusal
    step, _, doing = job.step.partition(":")
    return JobStatus(
        id=job.id or 0,
        kind=job.kind,
        state=JobState(job.state),
        step=step,
        doing=doing or (f"job_step.{step}" if step else "job_state.queued"),
        progress=job.progress,
        refusal=Refusal(said["key"], **said["values"]) if said else None,
        error_reference=job.error_reference,
        result=dict(job.result or {}),
        payload=dict(job.payload),
        queued_by=job.queued_by,
        queued_at=job.queued_at,
        finished_at=job.finished_at,
    )
