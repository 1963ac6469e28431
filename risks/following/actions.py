"""What follows for the risks when the criteria change: the system's doing, some risks at a time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from data.access.actor import SYSTEM, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.workspace import Change, UnrecordedChange, Workspace
from risks.criteria.reading import in_force
from risks.criteria.scale import Criteria
from risks.register import lifecycle
from risks.register.keeping import settle, take
from risks.register.reading import read_register
from risks.register.record import Risk
from risks.register.states import Status

AT_ONCE = 8  # risks in a transaction: nobody else waits longer than some tenths of a second
ENDED, REASSESS = "risks.ended.criteria", "risks.reassess.criteria"


def follow_criteria(workspace: Workspace, *, by: Actor = SYSTEM) -> int:
    """Ask for every active risk judged by criteria that were replaced to be assessed anew, and end
    acceptances by such criteria; returns how many risks it concerned.

    Cut off half way it goes on the next time; doing it twice does nothing more. What was assessed
    stays as it was.
    """
    with workspace.read(by, Permission.JOBS_RUN) as reader:
        criteria = in_force(reader)
        waiting = [one.code for one in read_register(reader) if _concerns(one, criteria)]
    begins = range(0, len(waiting), AT_ONCE)
    return sum(_follow(workspace, by, waiting[one : one + AT_ONCE]) for one in begins)


def _follow(workspace: Workspace, by: Actor, codes: Sequence[str]) -> int:
    followed = 0
    # Whoever was faster may have left nothing to do.
    with suppress(UnrecordedChange), workspace.change(by, Permission.JOBS_RUN) as change:
        criteria = in_force(change)
        for code in codes:
            followed += _follow_one(change, code, criteria)
    return followed


def _follow_one(change: Change, code: str, criteria: Criteria) -> bool:
    risk, _hand = take(change, code, None)
    if not _concerns(risk, criteria):
        return False
    asked = replace(risk, reassess=risk.reassess or REASSESS)
    cause = {"key": REASSESS, "version": criteria.version}
    if not _is_borne(risk, criteria):
        settle(change, risk, asked, AuditTag.REASSESSMENT_ASKED, cause)
        return True
    ended = lifecycle.acceptance_ended(asked, ENDED, now=change.now)
    settle(change, risk, ended, AuditTag.ACCEPTANCE_ENDED, cause | {"key": ENDED})
    return True


def _concerns(risk: Risk, criteria: Criteria) -> bool:
    """Whether a risk in the register stands on criteria that were replaced, and nobody said so."""
    if not risk.is_active or risk.current is None:
        return False
    is_old = risk.current.criteria_version != criteria.version
    return (is_old and risk.reassess is None) or _is_borne(risk, criteria)


def _is_borne(risk: Risk, criteria: Criteria) -> bool:
    """Whether it is accepted by criteria that were replaced."""
    borne = risk.acceptance
    return (
        risk.status is Status.ACCEPTED
        and borne is not None
        and borne.criteria_version != criteria.version
    )
