"""Has the worker look into the inbox by itself, as often as CRA_TICK says."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from dashboard.jobs.evaluations import TICK
from dashboard.jobs.kinds import queue
from data.access.actor import SYSTEM
from data.access.permissions import Permission
from data.jobs import JobState, newest_job
from data.workspace import Workspace

PAUSE = 5.0  # seconds between looks at the clock of the last tick


class Schedule:
    """Queues a tick whenever the last one, by whomever it was asked for, is long enough ago."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._next_look = 0.0

    def queue_if_due(self) -> bool:
        """Whether a tick was queued; cheap to ask at every turn."""
        if self._workspace.settings.tick_every is None or time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + PAUSE
        if not self._is_due():
            return False
        queue(self._workspace, by=SYSTEM, kind=TICK, payload={})
        return True

    def _is_due(self) -> bool:
        with self._workspace.read(SYSTEM, Permission.JOBS_RUN) as reader:
            last = newest_job(reader, kind=TICK, states=tuple(JobState))
        every = self._workspace.settings.tick_every
        if last is None or every is None:
            return True
        return last.is_over and datetime.now(UTC) - last.queued_at >= every
