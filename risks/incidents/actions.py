"""Every write of incidents, and what follows for the risks that came true in them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col, delete, func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.codec import plain
from data.errors import Conflict, Invalid, NotFound, PermissionDenied
from data.records import keep, last_hand, step_past
from data.store import tables
from data.workspace import Change, Workspace
from risks.exposure.severity import LARGEST_LOSS
from risks.following.asking import ask_anew, open_again
from risks.incidents.reading import read_rows
from risks.incidents.record import Incident, IncidentWording
from risks.register.keeping import because, find, new_id
from risks.register.kinds import Part
from risks.register.lifecycle import said
from risks.register.nouns import Noun

LONGEST = {Part.TITLE: 120, Part.DESCRIPTION: 2000}
ENDED, REASSESS = "risks.ended.incident", "risks.reassess.incident"


def record_incident(
    workspace: Workspace, *, by: Actor, wording: IncidentWording, demo: bool = False
) -> Incident:
    """Record what happened in a unit, what it cost and which risks came true.

    In the same transaction the system opens those of them that are closed or accepted, and asks for
    the others in the register to be assessed anew.
    """
    with workspace.change(by, Permission.INCIDENT_RECORD) as change:
        values = _checked(change, wording)
        risks = {code: find(change, code).id for code in wording.risks}
        row = _new(change, values, demo=demo)
        change.add(row)
        change.add(
            *(tables.IncidentRisk(incident_id=row.id, risk_id=one) for one in risks.values())
        )
        incident = _kept(change, row, AuditTag.INCIDENT_RECORDED)
        _follow(change, incident, risks)
        return incident


def amend_incident(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    wording: IncidentWording,
    reason: str,
) -> Incident:
    """Say anew what happened, with the reason: who recorded it, or a coordinator.

    Links to risks the actor cannot see stay. What follows from a link that is new follows now.
    """
    with workspace.change(by, Permission.INCIDENT_RECORD) as change:
        row, before = _taken(change, code, version)
        cause = because(said(reason, Part.REASON))
        values = _checked(change, wording)
        risks = {one: find(change, one).id for one in wording.risks} | _unseen(change, before)
        after = replace(before, **values, risks=tuple(sorted(risks)))
        if after == before:
            raise Invalid("risks.refused.nothing_changed")
        for name, value in values.items():
            setattr(row, name, value)
        flag_modified(row, "title")  # its version rises also where only the links are others
        change.add(row)
        _link(change, row.id, risks)
        incident = _kept(change, row, AuditTag.INCIDENT_AMENDED, cause)
        _follow(change, incident, set(risks) - set(before.risks))
        return incident


def _checked(change: Change, wording: IncidentWording) -> dict[str, Any]:
    texts = {Part.TITLE: wording.title, Part.DESCRIPTION: wording.description}
    values: dict[str, Any] = {}
    for part, longest in LONGEST.items():
        values[part.value] = said(texts[part], part)
        if len(values[part.value]) > longest:
            raise Invalid("risks.refused.too_long", part=part, longest=longest)
    if wording.happened_on > change.today:
        raise Invalid("risks.incidents.refused.ahead", day=wording.happened_on)
    loss = wording.loss
    if loss is not None and not (math.isfinite(loss) and 0 <= loss <= LARGEST_LOSS):
        raise Invalid("risks.incidents.refused.loss", most=LARGEST_LOSS)
    change.get(tables.OrgUnit, wording.unit_code)
    change.require_unit(wording.unit_code)
    return values | {
        "happened_on": wording.happened_on,
        "unit_code": wording.unit_code,
        "loss": None if loss is None else float(loss),
    }


def _new(change: Change, values: dict[str, Any], *, demo: bool) -> tables.Incident:
    count = change.first(select(func.count()).select_from(tables.Incident)) or 0
    return tables.Incident(
        id=new_id(),
        code=f"I-{count + 1:04}",
        demo=demo,
        recorded_by=change.by.email,
        recorded_at=change.now,
        **values,
    )


def _taken(change: Change, code: str, version: int) -> tuple[tables.Incident, Incident]:
    """The incident as it was seen, by whoever may amend it; another one standing: Conflict."""
    row = change.first(select(tables.Incident).where(tables.Incident.code == code))
    if row is None:
        raise NotFound("risks.incidents.refused.no_incident", code=code)
    coordinates = change.by.may_in(Permission.RISK_COORDINATE, row.unit_code)
    if row.recorded_by != change.by.email and not coordinates:
        raise PermissionDenied("risks.incidents.refused.not_yours")
    step_past(change, Noun.INCIDENT, row.id)
    stands = read_rows(change, row.id)
    if row.row_version != version:
        who = last_hand(change, Noun.INCIDENT, row.id)
        raise Conflict("risks.refused.conflict", code=code, by=who, current=plain(stands))
    return row, stands


def _unseen(change: Change, incident: Incident) -> dict[str, str]:
    """The linked risks that the actor may not see, by code."""
    found = {}
    for code in incident.risks:
        try:
            find(change, code)
        except NotFound:
            risk_id = change.first(select(tables.Risk.id).where(tables.Risk.code == code))
            found[code] = risk_id or ""
    return found


def _link(change: Change, incident_id: str, risks: dict[str, str]) -> None:
    table = tables.IncidentRisk
    of_this = col(table.incident_id) == incident_id
    known = set(change.all(select(table.risk_id).where(of_this)))
    gone = known - set(risks.values())
    if gone:
        change.execute(delete(table).where(of_this, col(table.risk_id).in_(sorted(gone))))
    new = sorted(set(risks.values()) - known)
    change.add(*(table(incident_id=incident_id, risk_id=one) for one in new))


def _kept(change: Change, row: tables.Incident, tag: AuditTag, cause: Any = None) -> Incident:
    incident = read_rows(change, row.id)
    keep(change, Noun.INCIDENT, incident.id, plain(incident), tag, cause)
    return incident


def _follow(change: Change, incident: Incident, codes: Collection[str]) -> None:
    """What an incident brings about for the risks that came true in it."""
    for code in sorted(codes):
        told = {"incident": incident.code}
        if not open_again(change, code, ENDED, REASSESS, {"key": ENDED} | told):
            ask_anew(change, code, REASSESS, {"key": REASSESS} | told)
