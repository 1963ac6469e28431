"""Giving all that somebody answers for to somebody else, before he leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import col, or_, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.codec import plain
from data.errors import Invalid
from data.records import keep, step_past
from data.store import tables
from data.workspace import Change, Workspace
from risks.controls.reading import read_rows
from risks.register.keeping import because, settle, take
from risks.register.kinds import Part
from risks.register.lifecycle import said
from risks.register.nouns import Noun
from risks.register.owners import require_owner, require_person
from risks.register.record import OPEN_TREATMENTS, Risk
from risks.register.states import Status

Cause = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What changed hands, by code."""

    risks: tuple[str, ...]  # owned, or with a treatment of his
    controls: tuple[str, ...]


def hand_over(workspace: Workspace, *, by: Actor, owner: str, to: str, reason: str) -> HandedOver:
    """Give the risks, open treatments and controls of somebody within reach to another person, all
    together or none; closed risks too, as they may be open again any day.

    Nothing to give, or a risk that the other may not own, is Invalid.
    """
    with workspace.change(by, Permission.RISK_COORDINATE) as change:
        cause = because(said(reason, Part.REASON))
        require_person(change, to)
        if to == owner:
            raise Invalid("risks.handing.refused.same")
        risks = [_give_risk(change, code, owner, to, cause) for code in _risks(change, owner)]
        controls = [_give_control(change, row, to, cause) for row in _controls(change, owner)]
        if not (risks or controls):
            raise Invalid("risks.handing.refused.nothing", person=owner)
        return HandedOver(tuple(risks), tuple(controls))


def _risks(change: Change, owner: str) -> list[str]:
    """The risks within reach that he owns or treats, in their order."""
    risk, treatment = tables.Risk, tables.RiskTreatment
    treated = select(treatment.risk_id).where(
        treatment.owner == owner, col(treatment.state).in_([one.value for one in OPEN_TREATMENTS])
    )
    statement = select(risk).where(
        col(risk.status) != Status.REJECTED.value,
        or_(col(risk.owner) == owner, col(risk.id).in_(treated)),
    )
    found = change.all(statement.order_by(col(risk.number)))
    return [one.code for one in found if change.scope(one.unit_code)]


def _give_risk(change: Change, code: str, owner: str, to: str, cause: Cause) -> str:
    risk, hand = take(change, code, None)
    hand.require_coordination()
    after = _given(risk, owner, to)
    if risk.owner == owner:
        require_owner(change, to, risk.unit_code)
    settle(change, risk, after, AuditTag.RISK_ASSIGNED, cause)
    return code


def _given(risk: Risk, owner: str, to: str) -> Risk:
    treatments = tuple(
        replace(one, owner=to) if one.is_open and one.owner == owner else one
        for one in risk.treatments
    )
    return replace(risk, owner=to if risk.owner == owner else risk.owner, treatments=treatments)


def _controls(change: Change, owner: str) -> Sequence[tables.RiskControl]:
    """The controls in use within reach that he runs."""
    table = tables.RiskControl
    statement = select(table).where(table.owner == owner, col(table.retired_at).is_(None))
    found = change.all(statement.order_by(col(table.code)))
    return [one for one in found if change.scope(one.unit_code)]


def _give_control(change: Change, row: tables.RiskControl, to: str, cause: Cause) -> str:
    step_past(change, Noun.CONTROL, row.id)
    row.owner = to
    change.add(row)
    control = read_rows(change, row.id)
    keep(change, Noun.CONTROL, control.id, plain(control), AuditTag.CONTROL_KEPT, cause)
    return row.code
