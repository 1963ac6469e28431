"""Decisions on risks: proposed and taken in, borne for a time, laid before others, closed.

Whoever asks never decides. Each step is one transaction by the table of states.
"""

from __future__ import annotations

from datetime import date

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.workspace import Workspace
from risks.appetite.statement import read_appetite
from risks.criteria.reading import in_force
from risks.register import lifecycle
from risks.register.hands import require_role
from risks.register.keeping import because, new_id, settle, take
from risks.register.kinds import EscalationCause, Part, Response
from risks.register.owners import require_owner
from risks.register.record import Risk

ESCALATES_TO = ("unit_head", "manager")  # roles that hold RISK_ANSWER


def propose_risk(workspace: Workspace, *, by: Actor, code: str, version: int) -> Risk:
    """Hand a draft to the coordinator; its author or owner may."""
    with workspace.change(by, Permission.RISK_DRAFT) as change:
        risk, hand = take(change, code, version)
        if not hand.is_author:
            hand.require_own()
        require_owner(change, risk.owner, risk.unit_code)
        return settle(change, risk, lifecycle.proposed(risk), AuditTag.RISK_PROPOSED)


def decide_proposal(
    workspace: Workspace, *, by: Actor, code: str, version: int, approve: bool, reason: str = ""
) -> Risk:
    """Take a proposed risk into the register, or reject it with a reason; not by its author."""
    with workspace.change(by, Permission.RISK_DECIDE) as change:
        risk, hand = take(change, code, version)
        change.require_unit(risk.unit_code)
        hand.require_other()
        if not approve:
            after = lifecycle.rejected(risk, reason)
            return settle(change, risk, after, AuditTag.RISK_REJECTED, because(reason))
        require_owner(change, risk.owner, risk.unit_code)
        after = lifecycle.approved(risk, in_force(change), change.today)
        return settle(change, risk, after, AuditTag.RISK_APPROVED)


def begin_treatment(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    response: Response,
    reason: str = "",
) -> Risk:
    """Say that something is done about a risk, and what kind of thing."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        after = lifecycle.in_treatment(risk, response)
        return settle(change, risk, after, AuditTag.RISK_TREATED, because(reason))


def request_acceptance(
    workspace: Workspace, *, by: Actor, code: str, version: int, rationale: str, valid_until: date
) -> Risk:
    """Ask to bear a risk as it is until a day; the owner's, not the coordinator's to ask."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_own()
        after = lifecycle.acceptance_requested(
            risk,
            rationale,
            valid_until,
            in_force(change),
            acceptance_id=new_id(),
            by=by.email,
            now=change.now,
            today=change.today,
        )
        return settle(change, risk, after, AuditTag.ACCEPTANCE_REQUESTED)


def decide_acceptance(
    workspace: Workspace, *, by: Actor, code: str, version: int, accept: bool, note: str = ""
) -> Risk:
    """Bear a risk, or refuse to: the role that the criteria name for its level, in its unit."""
    with workspace.change(by, Permission.RISK_ACCEPT) as change:
        risk, _hand = take(change, code, version)
        criteria = in_force(change)
        level = criteria.level_of(lifecycle.requested(risk).level)
        if level.accepted_by is None:
            raise Invalid("risks.refused.never_accepted", level=level.names)
        require_role(change, level.accepted_by, risk.unit_code)
        after = lifecycle.acceptance_decided(
            risk, criteria, note, accept=accept, by=by.email, now=change.now, today=change.today
        )
        tag = AuditTag.RISK_ACCEPTED if accept else AuditTag.ACCEPTANCE_REFUSED
        return settle(change, risk, after, tag)


def escalate_risk(
    workspace: Workspace, *, by: Actor, code: str, version: int, to_role: str, reason: str
) -> Risk:
    """Lay a risk before a role above, which owes an answer."""
    if to_role not in ESCALATES_TO:
        raise Invalid("risks.refused.escalates_to", role=to_role)
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        after = lifecycle.escalated(
            risk,
            to_role,
            EscalationCause.BY_HAND,
            reason,
            escalation_id=new_id(),
            by=by.email,
            now=change.now,
        )
        return settle(change, risk, after, AuditTag.RISK_ESCALATED)


def answer_escalation(
    workspace: Workspace, *, by: Actor, code: str, version: int, escalation_id: str, answer: str
) -> Risk:
    """Answer what was laid before one's role."""
    with workspace.change(by, Permission.RISK_ANSWER) as change:
        risk, _hand = take(change, code, version)
        after = lifecycle.answered(risk, escalation_id, answer, by=by.email, now=change.now)
        asked = next(one for one in risk.escalations if one.id == escalation_id)
        require_role(change, asked.to_role, risk.unit_code)
        return settle(change, risk, after, AuditTag.ESCALATION_ANSWERED)


def request_close(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    reason: str,
    evidence: str,
    source_gone: bool = False,
) -> Risk:
    """Ask to close a risk: why, and what proves it."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_own()
        after = lifecycle.close_requested(risk, reason, evidence, source_gone=source_gone)
        return settle(change, risk, after, AuditTag.CLOSE_REQUESTED)


def decide_close(
    workspace: Workspace, *, by: Actor, code: str, version: int, close: bool, note: str = ""
) -> Risk:
    """Close a risk, or leave it in the register; not by its owner or author."""
    with workspace.change(by, Permission.RISK_CLOSE) as change:
        risk, hand = take(change, code, version)
        change.require_unit(risk.unit_code)
        hand.require_other()
        if not close:
            cause = because(lifecycle.said(note, Part.REASON))
            return settle(
                change, risk, lifecycle.close_refused(risk), AuditTag.CLOSE_REFUSED, cause
            )
        said = read_appetite(change).get(risk.category_code or "")
        after = lifecycle.closed(
            risk, in_force(change), said.optimal if said else None, change.today
        )
        return settle(change, risk, after, AuditTag.RISK_CLOSED)


def reopen_risk(workspace: Workspace, *, by: Actor, code: str, version: int, reason: str) -> Risk:
    """Take a closed risk back into the register, with the reason: its owner, or who may close."""
    decides = by.may(Permission.RISK_CLOSE)
    with workspace.change(by, Permission.RISK_CLOSE if decides else Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        if not (decides and change.scope(risk.unit_code)):
            hand.require_own()
        after = lifecycle.reopened(risk, reason, today=change.today)
        return settle(change, risk, after, AuditTag.RISK_REOPENED, because(reason))
