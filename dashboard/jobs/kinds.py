"""The kinds of long work, one line a kind: who may ask for it, and its steps.

A step may be run again when the worker died half way through it, so each ends in the same state
however often it is begun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.jobs.extract_check import check_extract
from dashboard.jobs.steps import (
    Step,
    discard_upload,
    leave_as_is,
    load_extract,
    refresh_readings,
)
from data.access.actor import Actor
from data.access.permissions import Permission
from data.errors import Invalid
from data.jobs import queue_job
from data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: the permission to ask for it, its named steps, what to do once it is over."""

    permission: Permission
    steps: tuple[tuple[str, Step], ...]
    tidy_up: Callable[[Workspace, Mapping[str, Any]], None] = leave_as_is


KINDS: dict[str, Kind] = {
    "check_extract": Kind(Permission.EXTRACT_LOAD, (("check", check_extract),)),
    "load_extract": Kind(
        Permission.EXTRACT_LOAD,
        (("load", load_extract), ("refresh", refresh_readings)),
        tidy_up=discard_upload,
    ),
    "refresh_readings": Kind(Permission.KPI_PUBLISH, (("refresh", refresh_readings),)),
}


def queue(workspace: Workspace, *, by: Actor, kind: str, payload: dict[str, Any]) -> int:
    """Ask for work of a kind; returns the job's id. A kind nobody knows is Invalid."""
    if kind not in KINDS:
        raise Invalid("shell.unknown_job", kind=kind)
    permission = KINDS[kind].permission
    return queue_job(workspace, by=by, permission=permission, kind=kind, payload=payload)
