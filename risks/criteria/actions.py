"""Every write of risk criteria and categories: founded once, proposed, decided by somebody else.

A version in force is never changed: the next one replaces it. What was assessed by an older one
stays as it is; `risks.following` asks for it to be assessed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import col, func, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.agency.stating import checked_code, checked_names, checked_text
from data.audit.tags import AuditTag
from data.codec import build, digest, plain
from data.errors import Invalid
from data.store.tables import RiskCategory, RiskCriteria
from data.workspace import Change, Workspace, snapshot
from risks.criteria.checking import check_follows, checked
from risks.criteria.comparing import differences
from risks.criteria.reading import default_categories, default_criteria, in_force
from risks.criteria.scale import Criteria, CriteriaState

TICK = timedelta(microseconds=1)
FOUNDED = "The product's proposal, until the agency decides"


def found_register(workspace: Workspace, *, by: Actor) -> bool:
    """Give a house without risk criteria those of the product and its categories; True if so."""
    if has_register(workspace, by=by):
        return False
    with workspace.change(by, Permission.CRITERIA_DECIDE) as change:
        categories = default_categories()
        change.add(*(RiskCategory(**row) for row in categories))
        row = _row(change, default_criteria(), FOUNDED)
        row.state = CriteriaState.IN_FORCE.value
        row.decided_by, row.decided_at = by.email, change.now
        change.add(row)
        told = _told(row) | {"categories": [one["code"] for one in categories]}
        change.record(AuditTag.CRITERIA_DECIDED, row, new=told)
    return True


def has_register(workspace: Workspace, *, by: Actor) -> bool:
    """Whether there are criteria by which risks can be assessed."""
    with workspace.read(by, Permission.CRITERIA_DECIDE) as reader:
        return reader.first(select(RiskCriteria.version).limit(1)) is not None


def propose_criteria(workspace: Workspace, *, by: Actor, criteria: Criteria, reason: str) -> int:
    """Propose other criteria, with the reason; returns the number of the version.

    One proposal waits at a time. Criteria that are not whole, drop a level that is in use or say
    nothing new are Invalid.
    """
    with workspace.change(by, Permission.CRITERIA_PROPOSE) as change:
        change.require_unit(WHOLE_AGENCY)
        said = _reason(reason)
        standing = in_force(change)
        _require_none_waiting(change)
        made = checked(replace(criteria, version=_next_version(change)))
        check_follows(made, standing)
        if replace(made, version=standing.version) == standing:
            raise Invalid("risks.refused.nothing_changed")
        row = _row(change, made, said)
        change.add(row)
        cells = [plain(one) for one in differences(standing, made)]
        change.record(AuditTag.CRITERIA_PROPOSED, row, new=_told(row) | {"cells": cells})
        return row.version


def withdraw_criteria(workspace: Workspace, *, by: Actor, version: int, reason: str) -> None:
    """Take a proposal back, with the reason, so that another can be made."""
    with workspace.change(by, Permission.CRITERIA_PROPOSE) as change:
        change.require_unit(WHOLE_AGENCY)
        row = _waiting(change, version)
        _decide(change, row, CriteriaState.WITHDRAWN)
        told = _told(row) | {"because": _reason(reason)}
        change.record(AuditTag.CRITERIA_WITHDRAWN, row, new=told)


def decide_criteria(
    workspace: Workspace, *, by: Actor, version: int, approve: bool, note: str = ""
) -> None:
    """Put proposed criteria in force, or refuse them with the reason; not by who proposed them."""
    with workspace.change(by, Permission.CRITERIA_DECIDE) as change:
        change.require_unit(WHOLE_AGENCY)
        row = _waiting(change, version)
        if row.author == by.email:
            raise Invalid("risks.refused.own_request")
        said = note.strip() if approve else _reason(note)
        old = _standing(change) if approve else None
        if old is not None:
            _replace(change, old)
        _decide(change, row, CriteriaState.IN_FORCE if approve else CriteriaState.WITHDRAWN)
        told = _told(row) | ({"because": said} if said else {})
        change.record(AuditTag.CRITERIA_DECIDED, row, old=_told(old) if old else None, new=told)


def add_category(
    workspace: Workspace, *, by: Actor, code: str, names: Mapping[str, str], source: str
) -> None:
    """A category of the agency's own, last in the list, and where it is from."""
    code, named = checked_code(code), _named(names)
    source = checked_text(source, "reference.refused.no_source")
    with workspace.change(by, Permission.CRITERIA_PROPOSE) as change:
        change.require_unit(WHOLE_AGENCY)
        if change.find(RiskCategory, code) is not None:
            raise Invalid("risks.criteria.refused.category_taken", code=code)
        last = change.first(select(func.max(col(RiskCategory.position))))
        row = RiskCategory(
            code=code, position=0 if last is None else last + 1, source=source, **named
        )
        change.add(row)
        change.record(AuditTag.CATEGORY_KEPT, row, new=snapshot(row))


def rename_category(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    version: int,
    names: Mapping[str, str],
    reason: str,
) -> None:
    """Call a category otherwise; as of earlier times it is called what it was then."""
    named, said = _named(names), _reason(reason)
    with workspace.change(by, Permission.CRITERIA_PROPOSE) as change:
        change.require_unit(WHOLE_AGENCY)
        row = change.get_version(RiskCategory, code, version)
        old = snapshot(row)
        if all(old[name] == text for name, text in named.items()):
            raise Invalid("risks.refused.nothing_changed")
        for name, text in named.items():
            setattr(row, name, text)
        change.add(row)
        told = snapshot(row) | {"because": said}
        change.record(AuditTag.CATEGORY_KEPT, row, old=old, new=told)


def _row(change: Change, criteria: Criteria, reason: str) -> RiskCriteria:
    return RiskCriteria(
        version=criteria.version,
        content=plain(criteria),
        content_hash=digest(criteria),
        state=CriteriaState.DRAFT.value,
        reason=reason,
        author=change.by.email,
        created_at=change.now,
    )


def _next_version(change: Change) -> int:
    return (change.first(select(func.max(col(RiskCriteria.version)))) or 0) + 1


def _waiting(change: Change, version: int) -> RiskCriteria:
    """The proposal of this number, provided nobody decided on it yet."""
    row = change.get(RiskCriteria, version)
    change.now = max(change.now, row.created_at + TICK)
    if row.state != CriteriaState.DRAFT.value:
        raise Invalid("risks.criteria.refused.decided", version=version)
    return row


def _require_none_waiting(change: Change) -> None:
    statement = select(RiskCriteria).where(RiskCriteria.state == CriteriaState.DRAFT.value)
    row = change.first(statement)
    if row is not None:
        raise Invalid("risks.criteria.refused.waiting", version=row.version, author=row.author)


def _standing(change: Change) -> RiskCriteria | None:
    statement = select(RiskCriteria).where(RiskCriteria.state == CriteriaState.IN_FORCE.value)
    return change.first(statement)


def _replace(change: Change, old: RiskCriteria) -> None:
    """End what was in force; each was so for a while, however short."""
    change.now = max(change.now, (old.decided_at or old.created_at) + TICK)
    old.state, old.replaced_at = CriteriaState.REPLACED.value, change.now
    change.add(old)


def _decide(change: Change, row: RiskCriteria, state: CriteriaState) -> None:
    row.state, row.decided_by, row.decided_at = state.value, change.by.email, change.now
    change.add(row)


def _told(row: RiskCriteria) -> dict[str, Any]:
    said = build(Criteria, row.content)
    return {
        "version": row.version,
        "state": row.state,
        "reason": row.reason,
        "content_hash": row.content_hash,
        "assumption": said.assumption,
    }


def _named(names: Mapping[str, str]) -> dict[str, Any]:
    return {f"name_{language}": text for language, text in checked_names(names).items()}


def _reason(text: str) -> str:
    return checked_text(text, "risks.criteria.refused.no_reason")
