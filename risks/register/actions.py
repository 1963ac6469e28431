"""Writes on a risk by those who work on it: raise, word, assign, judge, review, speak.

Every one takes the row version that was seen (`version`); another one standing by now is a
Conflict that carries what stands. A coordinator working on somebody else's risk gives a reason.
"""

from __future__ import annotations

from dataclasses import replace

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.store import tables
from data.workspace import Change, Workspace
from risks.criteria.reading import in_force
from risks.register import assessing, lifecycle
from risks.register.assessing import Judged
from risks.register.hands import Hand
from risks.register.keeping import because, new_id, next_number, settle, take
from risks.register.kinds import EscalationCause, Outcome, Part
from risks.register.owners import require_owner
from risks.register.record import Comment, Review, Risk
from risks.register.states import ACTIVE, EDITABLE, Status
from risks.register.tested import working_controls
from risks.register.wording import Wording, changed, checked

LONGEST_COMMENT = 2000


def draft_risk(
    workspace: Workspace,
    *,
    by: Actor,
    wording: Wording,
    unit: str,
    owner: str | None = None,
    demo: bool = False,
) -> Risk:
    """Begin a risk in a unit of the actor's; without an owner named it is the actor's own."""
    with workspace.change(by, Permission.RISK_DRAFT) as change:
        change.get(tables.OrgUnit, unit)
        change.require_unit(unit)
        said = checked(wording)
        _require_known(change, said)
        require_owner(change, owner or by.email, unit)
        number = next_number(change)
        risk = Risk(
            id=new_id(),
            number=number,
            code=f"R-{number:04}",
            unit_code=unit,
            owner=owner or by.email,
            author=by.email,
            status=Status.DRAFT,
            status_before=None,
            response=None,
            next_review=None,
            reassess=None,
            opened_on=None,
            closed_on=None,
            close_reason=None,
            close_evidence=None,
            source_gone=False,
            reopened_because=None,
            demo=demo,
            created_by=by.email,
            created_at=change.now,
            updated_by=by.email,
            updated_at=change.now,
            **said,
        )
        return settle(change, None, risk, AuditTag.RISK_DRAFTED)


def word_risk(
    workspace: Workspace, *, by: Actor, code: str, version: int, wording: Wording, reason: str = ""
) -> Risk:
    """Say anew what a risk is; once it is in the register its category is the coordinator's."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        after = reworded(change, risk, hand, wording)
        return settle(change, risk, after, AuditTag.RISK_EDITED, because(reason))


def reworded(change: Change, risk: Risk, hand: Hand, wording: Wording) -> Risk:
    """The risk in other words, where state and hand allow it; the same words are Invalid."""
    _require_editable(risk)
    said = checked(wording)
    _require_known(change, said)
    if risk.status is not Status.DRAFT and risk.category_code != said["category_code"]:
        hand.require_coordination()
    if not changed(risk, said):
        raise Invalid("risks.refused.nothing_changed")
    return replace(risk, **said)


def assign_risk(
    workspace: Workspace, *, by: Actor, code: str, version: int, owner: str, reason: str
) -> Risk:
    """Give a risk to another owner, somebody who may work on risks of its unit."""
    with workspace.change(by, Permission.RISK_COORDINATE) as change:
        risk, hand = take(change, code, version)
        hand.require_coordination()
        require_owner(change, owner, risk.unit_code)
        cause = because(lifecycle.said(reason, Part.REASON))
        return settle(change, risk, replace(risk, owner=owner), AuditTag.RISK_ASSIGNED, cause)


def assess_risk(
    workspace: Workspace, *, by: Actor, code: str, version: int, judged: Judged, reason: str = ""
) -> Risk:
    """Judge a risk by the criteria in force; a current level above the accepted one re-opens it."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        after = _assessed(change, risk, judged)
        return settle(change, risk, after, AuditTag.RISK_ASSESSED, because(reason))


def review_risk(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    outcome: Outcome,
    note: str,
    judged: Judged | None = None,
    to_role: str = "unit_head",
) -> Risk:
    """Look at a risk at its time: it is as it was, judged anew, laid before others, or to close.

    A score that is confirmed is an assessment of its own by the criteria in force.
    """
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(note)
        if risk.status not in ACTIVE:
            raise Invalid("risks.refused.not_active", status=risk.status)
        reviewed = _scored(change, risk, outcome, note, judged)
        if outcome is Outcome.ESCALATE:
            reviewed = lifecycle.escalated(
                reviewed,
                to_role,
                EscalationCause.BY_HAND,
                note,
                escalation_id=new_id(),
                by=by.email,
                now=change.now,
            )
        entry = Review(new_id(), risk.next_review, outcome, note.strip(), by.email, change.now)
        after = replace(reviewed, reviews=(*reviewed.reviews, entry))
        return settle(change, risk, after, AuditTag.RISK_REVIEWED)


def comment_on(workspace: Workspace, *, by: Actor, code: str, text: str) -> Risk:
    """Leave a note on a risk one may see."""
    with workspace.change(by, Permission.RISK_COMMENT) as change:
        risk, _hand = take(
            change, code, None
        )  # a note stands beside whatever was changed meanwhile
        kept = lifecycle.said(text, Part.COMMENT)
        if len(kept) > LONGEST_COMMENT:
            raise Invalid("risks.refused.too_long", part=Part.COMMENT, longest=LONGEST_COMMENT)
        note = Comment(new_id(), kept, by.email, change.now)
        after = replace(risk, comments=(*risk.comments, note))
        return settle(change, risk, after, AuditTag.RISK_COMMENTED)


def _scored(change: Change, risk: Risk, outcome: Outcome, note: str, judged: Judged | None) -> Risk:
    """The risk as the review leaves its score; confirmed is said by the criteria in force."""
    if outcome is Outcome.RESCORE:
        if judged is None:
            raise Invalid("risks.refused.not_assessed")
        return _assessed(change, risk, judged)
    last = risk.current
    if outcome is not Outcome.CONFIRM or last is None:
        lifecycle.said(note, Part.NOTE)
        return risk
    same = Judged(
        kind=last.kind,
        likelihood=last.likelihood,
        impacts=last.impacts,
        rationale=note.strip() or last.rationale,
        confidence=last.confidence,
        exception=last.exception,
        quantity=last.quantity,
    )
    return _assessed(change, risk, same)


def _assessed(change: Change, risk: Risk, judged: Judged) -> Risk:
    criteria = in_force(change)
    after = assessing.assessed(
        risk,
        judged,
        criteria,
        working_controls(change, [link.control_id for link in risk.control_links]),
        assessment_id=new_id(),
        by=change.by.email,
        now=change.now,
        today=change.today,
    )
    ends = lifecycle.why_acceptance_ends(after, criteria, change.today)
    return after if ends is None else lifecycle.acceptance_ended(after, ends, now=change.now)


def _require_editable(risk: Risk) -> None:
    if risk.status not in EDITABLE:
        raise Invalid("risks.refused.not_editable", status=risk.status)


def _require_known(change: Change, said: dict[str, object]) -> None:
    if said["category_code"] is not None:
        change.get(tables.RiskCategory, said["category_code"])
    for name, table in (("objectives", tables.Objective), ("kpis", tables.KpiDefinition)):
        codes: tuple[str, ...] = said[name]  # type: ignore[assignment]
        for code in codes:
            change.get(table, code)
