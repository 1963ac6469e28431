"""A tick done here and now, for the command line, with the same account as the worker's."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.jobs.evaluations import TICK
from dashboard.jobs.kinds import queue
from dashboard.jobs.tick import one_at_a_time
from dashboard.jobs.worker import do
from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.jobs import Claim, JobState, JobStatus, claim_job, job_status, newest_job
from data.workspace import Workspace

OVER = (JobState.DONE, JobState.REFUSED, JobState.FAILED)


def tick_now(workspace: Workspace) -> tuple[JobStatus, ...]:
    """End what a killed tick left, then tick; how each ended. A Conflict while another is at it."""
    with one_at_a_time(workspace):
        return tuple(_done(workspace, claim) for claim in _claims(workspace))


def last_tick(workspace: Workspace, *, by: Actor) -> JobStatus | None:
    """How the last tick that is over ended; None before the first."""
    with workspace.read(by, Permission.EXTRACT_VIEW) as reader:
        return newest_job(reader, kind=TICK, states=OVER)


def _claims(workspace: Workspace) -> Iterator[Claim]:
    while left := claim_job(workspace, kind=TICK):
        yield left
    number = queue(workspace, by=SYSTEM, kind=TICK, payload={})
    while own := claim_job(workspace, job_id=number):
        yield own


def _done(workspace: Workspace, claim: Claim) -> JobStatus:
    do(workspace, claim)
    with workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
        return job_status(reader, claim.job_id)
