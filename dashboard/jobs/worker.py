"""The worker: one process that does queued work. It may be killed at any moment.

Run as `python -m dashboard.jobs.worker` or `cra worker`. With `--with-parent` it ends when the
process that started it does.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from dashboard.jobs.kinds import KINDS
from dashboard.jobs.schedule import Schedule
from dashboard.jobs.steps import Work
from data.access.actor import SYSTEM, Actor
from data.errors import NotFound, Refusal
from data.health import sign_of_life
from data.jobs import (
    BEAT,
    Claim,
    ClaimLost,
    beat,
    claim_job,
    fail_job,
    finish_job,
    finish_step,
    has_work,
    refuse_job,
)
from data.settings import Settings
from data.signing_in import actor_by_email
from data.workspace import Workspace

PAUSE = 0.4  # seconds between looks at an empty queue
ATTEMPTS = 3  # work that killed its worker so often is not begun again
LOST_CLAIM = 75  # exit code: somebody else is at this process's job
log = logging.getLogger("cra.worker")


def main() -> None:
    """Work until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    if "--with-parent" in sys.argv:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    workspace = Workspace.open(Settings.from_environment())
    threading.Thread(target=_show_life, args=(workspace,), daemon=True).start()
    schedule = Schedule(workspace)
    while True:
        schedule.queue_if_due()
        if not work_once(workspace):
            time.sleep(PAUSE)


def work_once(workspace: Workspace) -> bool:
    """Do one job if one is waiting; whether there was one."""
    claim = claim_job(workspace) if has_work(workspace) else None
    if claim is None:
        return False
    do(workspace, claim)
    return True


def do(workspace: Workspace, claim: Claim) -> None:
    """Do a job that was taken, to its end, whatever that is."""
    log.info("job %s (%s) taken", claim.job_id, claim.kind)
    if claim.version - 1 > ATTEMPTS:
        _failed(workspace, claim, None)
    else:
        _attempt(workspace, claim)
    if claim.kind in KINDS:
        KINDS[claim.kind].tidy_up(workspace, claim.payload)


@dataclass
class _Gauge:
    """How far the work is, written by it and read by the heartbeat."""

    step: str
    doing: str = ""  # a message key
    progress: float = 0.0

    def begin(self, step: str) -> None:
        self.step, self.doing, self.progress = step, "", 0.0

    def show(self, doing: str, progress: float) -> None:
        self.doing, self.progress = doing, min(max(progress, 0.0), 1.0)


def _attempt(workspace: Workspace, claim: Claim) -> None:
    """Work in a thread of its own, so that the heartbeat goes on whatever the work does."""
    gauge = _Gauge(claim.step)
    with ThreadPoolExecutor(1, thread_name_prefix="job") as pool:
        future = pool.submit(_steps, workspace, claim, gauge)
        try:
            while not wait([future], timeout=BEAT.total_seconds()).done:
                beat(
                    workspace,
                    claim,
                    step=gauge.step,
                    doing=gauge.doing,
                    progress=gauge.progress,
                )
            _conclude(workspace, claim, future)
        except ClaimLost:
            log.warning("job %s is somebody else's now", claim.job_id)
            os._exit(LOST_CLAIM)  # a thread cannot be stopped, and must not go on


def _steps(workspace: Workspace, claim: Claim, gauge: _Gauge) -> dict[str, Any]:
    """The steps that are still to do, each kept when it is done; what all of them gave."""
    by = _on_behalf_of(workspace, claim.queued_by)
    steps = KINDS[claim.kind].steps
    names = [name for name, _ in steps]
    results = dict(claim.results)
    begun = names.index(claim.step) if claim.step in names else 0
    with KINDS[claim.kind].during(workspace):
        for name, step in steps[begun:]:
            gauge.begin(name)
            results[name] = step(Work(workspace, by, claim.payload, dict(results), gauge.show))
            following = names[names.index(name) + 1 :]
            finish_step(
                workspace, claim, next_step=following[0] if following else name, results=results
            )
    return results


def _on_behalf_of(workspace: Workspace, email: str) -> Actor:
    """Who asked for the work, with the rights he has now."""
    if email == SYSTEM.email:
        return SYSTEM
    actor = actor_by_email(workspace, email)
    if actor is None:
        raise NotFound("shell.job_person_gone", email=email)
    return actor


def _conclude(workspace: Workspace, claim: Claim, future: Future[dict[str, Any]]) -> None:
    error = future.exception()
    if error is None:
        finish_job(workspace, claim, future.result())
        log.info("job %s done", claim.job_id)
    elif isinstance(error, ClaimLost):
        raise error
    elif isinstance(error, Refusal):
        refuse_job(workspace, claim, error)
        log.info("job %s refused: %s", claim.job_id, error)
    else:
        _failed(workspace, claim, error)


def _failed(workspace: Workspace, claim: Claim, error: BaseException | None) -> None:
    reference = fail_job(workspace, claim)
    log.error("job %s failed, reference %s", claim.job_id, reference, exc_info=error)


def _show_life(workspace: Workspace) -> None:
    while True:
        sign_of_life(workspace)
        time.sleep(BEAT.total_seconds())


def _end_with_parent() -> None:
    """The parent holds the other end of our standard input; it closes when the parent is gone."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
