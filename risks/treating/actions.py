"""Every write of treatments: what is done about a risk, by whom, until when, and how it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlmodel import select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid, NotFound
from data.store.tables import Person
from data.workspace import Change, Workspace
from risks.register.keeping import because, new_id, settle, take
from risks.register.kinds import Part, TreatmentState
from risks.register.lifecycle import said
from risks.register.record import DueChange, Quantity, Risk, Treatment
from risks.register.states import EDITABLE

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, by whom (e-mail address), until when, for how much."""

    text: str
    owner: str
    due: date
    start: date | None = None
    cost: float | None = None  # EUR
    expected: Quantity | None = None  # how often and how costly the risk is once it is done


class Progress(StrEnum):
    """What can be said of a treatment."""

    BEGIN = "begin"
    FINISH = "finish"
    CANCEL = "cancel"


_STATES = {
    Progress.BEGIN: TreatmentState.UNDER_WAY,
    Progress.FINISH: TreatmentState.DONE,
    Progress.CANCEL: TreatmentState.CANCELLED,
}


def add_treatment(
    workspace: Workspace, *, by: Actor, code: str, version: int, plan: Plan, reason: str = ""
) -> Risk:
    """Plan something to be done about a risk."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        if risk.status not in EDITABLE:
            raise Invalid("risks.refused.not_editable", status=risk.status)
        made = _planned(change, plan)
        if plan.expected is not None:
            plan.expected.quantified(risk.number)
        after = replace(risk, treatments=(*risk.treatments, made))
        return settle(change, risk, after, AuditTag.TREATMENT_ADDED, because(reason))


def move_due(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    treatment_id: str,
    due: date,
    reason: str,
) -> Risk:
    """Promise another day, with the reason; the day first promised stays on record."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        after = due_moved(change, risk, treatment_id, due, reason)
        return settle(change, risk, after, AuditTag.TREATMENT_UPDATED, because(reason))


def due_moved(change: Change, risk: Risk, treatment_id: str, due: date, reason: str) -> Risk:
    """The risk with an open treatment promised for another day from today on, with the reason."""
    old = open_treatment(risk, treatment_id)
    if due == old.due:
        raise Invalid("risks.refused.nothing_changed")
    _require_ahead(change, due)
    moved = DueChange(old.due, due, said(reason, Part.REASON), change.by.email, change.now)
    new = replace(old, due=due, due_changes=(*old.due_changes, moved))
    return _with(risk, new)


def tell_treatment(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    treatment_id: str,
    progress: Progress,
    evidence: str = "",
    reason: str = "",
) -> Risk:
    """Begin, finish (with what proves it) or cancel a treatment (with the reason).

    Whoever it was given to may tell of it too.
    """
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        old = open_treatment(risk, treatment_id)
        if old.owner != by.email or progress is Progress.CANCEL:
            hand.require_work(reason or evidence)
        if progress is Progress.FINISH:
            said(evidence, Part.EVIDENCE)
        if progress is Progress.CANCEL:
            said(reason, Part.REASON)
        is_done = progress is Progress.FINISH
        new = replace(
            old,
            state=_STATES[progress],
            evidence=(evidence or reason).strip() or old.evidence,
            done_on=change.today if is_done else None,
            start=old.start or change.today,
        )
        return _kept(change, risk, new, reason)


def open_treatment(risk: Risk, treatment_id: str) -> Treatment:
    """The treatment of this id; none is NotFound, a finished one Invalid."""
    for one in risk.treatments:
        if one.id == treatment_id:
            if not one.is_open:
                raise Invalid("risks.refused.treatment_over", state=one.state)
            return one
    raise NotFound("risks.refused.no_such_treatment")


def _planned(change: Change, plan: Plan) -> Treatment:
    text = said(plan.text, Part.TREATMENT)
    if len(text) > LONGEST:
        raise Invalid("risks.refused.too_long", part=Part.TREATMENT, longest=LONGEST)
    _require_ahead(change, plan.due)
    if plan.start is not None and plan.start > plan.due:
        raise Invalid("risks.refused.start_after_due")
    if plan.cost is not None and plan.cost < 0:
        raise Invalid("risks.refused.cost")
    person = change.first(select(Person).where(Person.email == plan.owner))
    if person is None or not person.active:
        raise NotFound("risks.refused.no_person", person=plan.owner)
    return Treatment(
        id=new_id(),
        text=text,
        owner=plan.owner,
        start=plan.start,
        due=plan.due,
        original_due=plan.due,
        state=TreatmentState.PLANNED,
        done_on=None,
        evidence="",
        cost=plan.cost,
        expected=plan.expected,
        due_changes=(),
        created_by=change.by.email,
        created_at=change.now,
    )


def _kept(change: Change, risk: Risk, new: Treatment, reason: str) -> Risk:
    return settle(change, risk, _with(risk, new), AuditTag.TREATMENT_UPDATED, because(reason))


def _with(risk: Risk, new: Treatment) -> Risk:
    treatments = tuple(new if one.id == new.id else one for one in risk.treatments)
    return replace(risk, treatments=treatments)


def _require_ahead(change: Change, due: date) -> None:
    if due < change.today:
        raise Invalid("risks.refused.day_over", day=due)
