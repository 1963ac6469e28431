"""The steps of a tick: take in what lies in the inbox, bring readings up to date, evaluate."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dashboard.jobs.evaluations import evaluate_all
from dashboard.jobs.inbox import arrivals
from dashboard.jobs.inbox.looking import look
from dashboard.jobs.inbox.shelves import require_shelves
from dashboard.jobs.steps import Work, plain
from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.errors import Conflict, Invalid
from data.signing_in import actor_by_email
from data.workspace import Workspace

LOCK = "tick.lock"
_mine: set[str] = set()  # locks this process holds


@contextmanager
def one_at_a_time(workspace: Workspace) -> Iterator[None]:
    """Alone with the inbox; a Conflict while another process is at it. Ends with the process."""
    path = str(workspace.settings.home / LOCK)
    if path in _mine:
        yield  # taken by whoever called
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _mine.add(path)
        yield
    except BlockingIOError:
        raise Conflict("tick.refused.already_at_work") from None
    finally:
        _mine.discard(path)
        os.close(handle)


def take_in(work: Work) -> dict[str, Any]:
    """What became of each file in the inbox, and what was left there and why."""
    workspace = work.workspace
    by = in_whose_name(workspace)
    found = look(workspace.settings.inbox, quiet=workspace.settings.inbox_quiet)
    desk = arrivals.Desk(workspace, by, work.progress)
    require_shelves(desk.inbox, desk.today)
    files = [arrivals.take_in(desk, one) for one in found.arrived]
    return plain({"as": by.email, "files": files, "left": found.left})


def in_whose_name(workspace: Workspace) -> Actor:
    """Who is said to have loaded what lies in the inbox; refused where he may not load."""
    email = workspace.settings.inbox_as
    by = actor_by_email(workspace, email) if email else SYSTEM
    if by is None:
        raise Invalid("tick.refused.nobody", email=email)
    with workspace.read(by, Permission.EXTRACT_LOAD):
        return by


def evaluate(work: Work) -> dict[str, Any]:
    """Everything that is judged on schedule, and what of it is new since the last tick."""
    return plain(evaluate_all(work.workspace, work.progress))
