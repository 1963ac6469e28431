"""The kinds of long work, one line a kind: who may ask for it, and its steps.

A step may be run again when the worker died half way through it, so each ends in the same state
however often it is begun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from dashboard.jobs.evaluations import TICK
from dashboard.jobs.extract_check import check_extract
from dashboard.jobs.risk_watch import ask_anew, watch_indicators
from dashboard.jobs.steps import (
    Step,
    discard_upload,
    leave_as_is,
    load_extract,
    measure_anew,
    no_lock,
    refresh_readings,
)
from dashboard.jobs.tick import evaluate, one_at_a_time, take_in
from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid
from data.jobs import queue_job
from data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: the permission to ask for it, its named steps, what to do once it is over.

    `during` is held while the steps are done.
    """

    permission: Permission
    steps: tuple[tuple[str, Step], ...]
    tidy_up: Callable[[Workspace, Mapping[str, Any]], None] = leave_as_is
    during: Callable[[Workspace], AbstractContextManager[None]] = no_lock


INDICATORS = ("indicators", watch_indicators)  # wherever values were published
KINDS: dict[str, Kind] = {
    "check_extract": Kind(Permission.EXTRACT_LOAD, (("check", check_extract),)),
    "load_extract": Kind(
        Permission.EXTRACT_LOAD,
        (("load", load_extract), ("refresh", refresh_readings), INDICATORS),
        tidy_up=discard_upload,
    ),
    "refresh_readings": Kind(Permission.KPI_PUBLISH, (("refresh", refresh_readings), INDICATORS)),
    "measure_anew": Kind(Permission.REFERENCE_CHANGE, (("refresh", measure_anew), INDICATORS)),
    "follow_criteria": Kind(Permission.CRITERIA_DECIDE, (("follow", ask_anew),)),
    TICK: Kind(
        Permission.JOBS_RUN,
        (
            ("inbox", take_in),
            ("refresh", refresh_readings),
            INDICATORS,
            ("evaluate", evaluate),
        ),
        during=one_at_a_time,
    ),
}


def queue(workspace: Workspace, *, by: Actor, kind: str, payload: dict[str, Any]) -> int:
    """Ask for work of a kind; returns the job's id. A kind nobody knows is Invalid."""
    if kind not in KINDS:
        raise Invalid("shell.unknown_job", kind=kind)
    permission = KINDS[kind].permission
    return queue_job(workspace, by=by, permission=permission, kind=kind, payload=payload)
