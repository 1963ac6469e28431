"""Every write of targets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Invalid
from data.store import tables
from data.store.tables import KpiDefinition, Office
from data.workspace import Change, Workspace
from kpis.assessment import Target
from kpis.direction import Direction
from kpis.register import read_versions


def set_target(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    target: Target,
    valid_from: date,
    reason: str,
    office_code: str | None = None,
) -> int:
    """Set what is aimed at from a day on, for the agency or one office; returns the target's id.

    It replaces the one that began on the same day. Bounds that do not fit the KPI's direction, or
    a target without source or reason, are Invalid.
    """
    with workspace.change(by, Permission.TARGET_SET) as change:
        unit = change.get(Office, office_code).unit_code if office_code else WHOLE_AGENCY
        change.require_unit(unit)
        _check_target(change, code, target, reason)
        old = _retire_target(change, code, office_code, valid_from)
        row = tables.Target(
            kpi_code=code,
            office_code=office_code,
            valid_from=valid_from,
            low=target.low,
            high=target.high,
            source=target.source,
            assumption=target.assumption,
            author=by.email,
            reason=reason,
            created_at=datetime.now(UTC),
        )
        change.add(row)
        change.record(AuditTag.TARGET_SET, row, old=old, new=row.model_dump(mode="json"))
        return row.id or 0


def _check_target(change: Change, code: str, target: Target, reason: str) -> None:
    change.get(KpiDefinition, code)
    direction = Direction(read_versions(change, code)[0].direction)
    if not target.fits(direction):
        raise Invalid("assessment.refused.target_unfit", direction=direction.value)
    if not (target.source.strip() and reason.strip()):
        raise Invalid("kpis.refused.target_unexplained", code=code)


def _retire_target(
    change: Change, code: str, office_code: str | None, valid_from: date
) -> dict[str, Any] | None:
    table = tables.Target
    statement = select(table).where(table.kpi_code == code, table.valid_from == valid_from)
    statement = statement.where(col(table.office_code).is_not_distinct_from(office_code))
    old = change.first(statement.where(col(table.replaced_at).is_(None)))
    if old is None:
        return None
    said: dict[str, Any] = old.model_dump(mode="json")
    old.replaced_at = datetime.now(UTC)
    change.add(old)
    return said
