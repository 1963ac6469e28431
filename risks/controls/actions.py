"""Every write of controls: kept in the catalogue, tested, retired, and linked to the risks that
lean on them.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, func, select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.codec import plain
from data.errors import Conflict, Invalid, NotFound
from data.records import keep, last_hand, step_past
from data.store import tables
from data.workspace import Change, Workspace
from risks.controls.reading import leaning, read_rows
from risks.controls.record import Control, ControlWording
from risks.following.asking import as_system, ask_anew
from risks.register.keeping import because, new_id, settle, take
from risks.register.kinds import Part, Side
from risks.register.lifecycle import said
from risks.register.nouns import Noun
from risks.register.owners import require_person
from risks.register.reading import read_register
from risks.register.record import ControlLink, Risk
from risks.register.states import EDITABLE
from risks.register.tested import Verdict

LONGEST = {"title": 120, "description": 1000, "evidence": 1000}
MOST_DAYS = 731  # between two tests


def keep_control(
    workspace: Workspace,
    *,
    by: Actor,
    wording: ControlWording,
    code: str | None = None,
    version: int | None = None,
    demo: bool = False,
) -> Control:
    """Take a control into the catalogue, or say anew what it is.

    An existing one is named by its code with the row version that was seen; another one standing by
    now is a Conflict that carries what stands.
    """
    with workspace.change(by, Permission.CONTROL_KEEP) as change:
        values = _checked(change, wording)
        if code is None:
            row = _new(change, values, demo=demo)
        else:
            row = _taken(change, code, version)
            if all(getattr(row, name) == value for name, value in values.items()):
                raise Invalid("risks.refused.nothing_changed")
            for name, value in values.items():
                setattr(row, name, value)
        change.add(row)
        return _kept(change, row, AuditTag.CONTROL_KEPT)


def record_test(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    design: Verdict,
    operating: Verdict,
    note: str,
    next_test: date | None = None,
) -> Control:
    """Say whether a control is well made and works, and what shows it; not by whoever runs it.

    Without a day given the next test is due after the control's own interval. The risks in the
    register that lean on a control found not to work are to be assessed anew.
    """
    with workspace.change(by, Permission.CONTROL_KEEP) as change:
        row = _taken(change, code)
        if row.owner == by.email:
            raise Invalid("risks.controls.refused.own_control")
        if next_test is not None and next_test <= change.today:
            raise Invalid("risks.refused.day_over", day=next_test)
        worked = read_rows(change, row.id).works
        test = tables.RiskControlTest(
            id=new_id(),
            control_id=row.id,
            design=design.value,
            operating=operating.value,
            note=_short(said(note, Part.NOTE), "description", Part.NOTE),
            tested_by=by.email,
            tested_at=change.now,
        )
        row.next_test = next_test or _after_interval(change, row.test_every_days)
        change.add(test, row)
        kept = _kept(change, row, AuditTag.CONTROL_TESTED)
        if worked and not kept.works:
            _tell_risks(change, kept)
        return kept


def retire_control(
    workspace: Workspace, *, by: Actor, code: str, version: int, reason: str
) -> Control:
    """Use a control no longer, with the reason; while risks in the register lean on it, Invalid."""
    with workspace.change(by, Permission.CONTROL_KEEP) as change:
        row = _taken(change, code, version)
        cause = because(said(reason, Part.REASON))
        leaned = [one.code for one in _leaning(change, row.id)]
        if leaned:
            raise Invalid("risks.controls.refused.leaned_on", risks=leaned)
        row.retired_at, row.next_test = change.now, None
        change.add(row)
        return _kept(change, row, AuditTag.CONTROL_KEPT, cause)


def link_control(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    control: str,
    side: Side,
    reason: str = "",
) -> Risk:
    """Say that a risk leans on a control, before its event or after it."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        _require_editable(risk)
        row = _of_code(change, control)
        if row.retired_at is not None:
            raise Invalid("risks.controls.refused.retired", code=control)
        if any(one.control_id == row.id and one.side is side for one in risk.control_links):
            raise Invalid("risks.controls.refused.linked", code=control)
        link = ControlLink(new_id(), row.id, side, by.email, change.now)
        after = replace(risk, controls=(*risk.controls, link))
        return settle(change, risk, after, AuditTag.CONTROL_LINKED, because(reason))


def unlink_control(
    workspace: Workspace, *, by: Actor, code: str, version: int, link_id: str, reason: str = ""
) -> Risk:
    """Say that a risk leans on a control no longer; that it did stays on record."""
    with workspace.change(by, Permission.RISK_WORK) as change:
        risk, hand = take(change, code, version)
        hand.require_work(reason)
        _require_editable(risk)
        if all(one.id != link_id for one in risk.control_links):
            raise NotFound("risks.controls.refused.no_link")
        kept = tuple(
            replace(one, ended_by=by.email, ended_at=change.now) if one.id == link_id else one
            for one in risk.controls
        )
        after = replace(risk, controls=kept)
        return settle(change, risk, after, AuditTag.CONTROL_LINKED, because(reason))


def _checked(change: Change, wording: ControlWording) -> dict[str, Any]:
    """What is said, trimmed and possible; who runs it is active, its unit within reach."""
    values = {one.name: getattr(wording, one.name) for one in fields(wording)}
    for name, part in (("title", Part.TITLE), ("description", Part.DESCRIPTION)):
        values[name] = _short(said(values[name], part), name, part)
    values["evidence"] = _short(values["evidence"].strip(), "evidence", Part.EVIDENCE)
    values["kind"] = wording.kind.value
    change.get(tables.OrgUnit, wording.unit_code)
    change.require_unit(wording.unit_code)
    require_person(change, wording.owner)
    days = wording.test_every_days
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid("risks.controls.refused.interval", most=MOST_DAYS)
    values["next_test"] = wording.next_test or _after_interval(change, days)
    return values


def _new(change: Change, values: dict[str, Any], *, demo: bool) -> tables.RiskControl:
    count = change.first(select(func.count()).select_from(tables.RiskControl)) or 0
    return tables.RiskControl(
        id=new_id(),
        code=f"C-{count + 1:04}",
        demo=demo,
        created_by=change.by.email,
        created_at=change.now,
        **values,
    )


def _of_code(change: Change, code: str) -> tables.RiskControl:
    row = change.first(select(tables.RiskControl).where(col(tables.RiskControl.code) == code))
    if row is None:
        raise NotFound("risks.controls.refused.no_control", code=code)
    return row


def _taken(change: Change, code: str, version: int | None = None) -> tables.RiskControl:
    """The control in use within the actor's reach; a version seen that is not current: Conflict."""
    row = _of_code(change, code)
    change.require_unit(row.unit_code)
    step_past(change, Noun.CONTROL, row.id)
    if version is not None and row.row_version != version:
        who, stands = last_hand(change, Noun.CONTROL, row.id), plain(read_rows(change, row.id))
        raise Conflict("risks.refused.conflict", code=code, by=who, current=stands)
    if row.retired_at is not None:
        raise Invalid("risks.controls.refused.retired", code=code)
    return row


def _kept(change: Change, row: tables.RiskControl, tag: AuditTag, cause: Any = None) -> Control:
    control = read_rows(change, row.id)
    keep(change, Noun.CONTROL, control.id, plain(control), tag, cause)
    return control


def _leaning(change: Change, control_id: str) -> list[Risk]:
    """The risks in the register that lean on a control, whoever may see them."""
    with as_system(change):
        links = leaning(one for one in read_register(change) if one.is_active)
    return [one.risk for one in links.get(control_id, ())]


def _tell_risks(change: Change, control: Control) -> None:
    key = "risks.reassess.control"
    for code in sorted({one.code for one in _leaning(change, control.id)}):
        ask_anew(change, code, key, {"key": key, "control": control.code})


def _after_interval(change: Change, days: int | None) -> date | None:
    return change.today + timedelta(days=days) if days else None


def _require_editable(risk: Risk) -> None:
    if risk.status not in EDITABLE:
        raise Invalid("risks.refused.not_editable", status=risk.status)


def _short(text: str, name: str, part: Part) -> str:
    if len(text) > LONGEST[name]:
        raise Invalid("risks.refused.too_long", part=part, longest=LONGEST[name])
    return text
