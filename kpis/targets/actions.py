"""Every write of targets. Rows are never changed: a new one replaces an old one, which is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from data.access.actor import WHOLE_AGENCY, Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import Conflict
from data.store import tables
from data.store.tables import Office
from data.workspace import Change, Reader, Workspace
from kpis.assessment import Target
from kpis.targets.path import AT_ONCE, Path
from kpis.targets.wishes import Wish, check_reason, checked


def set_target(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    target: Target,
    valid_from: date,
    reason: str,
    office_code: str | None = None,
    path: Path = AT_ONCE,
    known: Collection[int] | None = None,
) -> int:
    """Set what is aimed at from a day on, for the agency or one office; returns the target's id.

    It replaces the one that began on the same day: a Conflict, if that is not among the `known`
    ones. Bounds that do not fit the KPI's direction, a path that leads nowhere, or a target
    without source or reason, are Invalid.
    """
    wish = Wish(code, valid_from, target, path, office_code)
    with workspace.change(by, Permission.TARGET_SET) as change:
        return _set(change, wish, check_reason(reason), known)


def set_targets(
    workspace: Workspace,
    *,
    by: Actor,
    wishes: Sequence[Wish],
    reason: str,
    origin: dict[str, Any],
    known: Collection[int],
) -> list[int]:
    """Set many targets at once, all or none, from a file that `origin` describes."""
    with workspace.change(by, Permission.TARGET_SET) as change:
        why = check_reason(reason)
        made = [_set(change, wish, why, known) for wish in wishes]
        told = {"reason": why, "targets": made, **origin}
        change.record(AuditTag.TARGETS_IMPORTED, noun="target", noun_id="import", new=told)
        return made


def end_target(
    workspace: Workspace,
    *,
    by: Actor,
    code: str,
    valid_from: date,
    reason: str,
    office_code: str | None = None,
) -> int:
    """Aim at nothing from a day on; an office goes by the agency's target then."""
    wish = Wish(code, valid_from, None, office=office_code)
    with workspace.change(by, Permission.TARGET_SET) as change:
        return _set(change, wish, check_reason(reason), None)


def withdraw_target(workspace: Workspace, *, by: Actor, target_id: int, reason: str) -> None:
    """Take a target back as if it had never been set; it stays on record. Twice is a Conflict."""
    with workspace.change(by, Permission.TARGET_SET) as change:
        row = change.get(tables.Target, target_id)
        change.require_unit(unit_of(change, row.office_code))
        if row.replaced_at is not None:
            raise Conflict("targets.refused.replaced", by=row.replaced_by or "", at=row.replaced_at)
        old = _retired(change, row, check_reason(reason))
        new = row.model_dump(mode="json")
        change.record(AuditTag.TARGET_WITHDRAWN, row, old=old, new=new)


def unit_of(reader: Reader, office: str | None) -> str:
    """The unit whose rights a target needs; an office unknown is NotFound."""
    return reader.get(Office, office).unit_code if office else WHOLE_AGENCY


def _set(change: Change, wish: Wish, reason: str, known: Collection[int] | None) -> int:
    change.require_unit(unit_of(change, wish.office))
    wish = checked(change, wish)
    standing = standing_row(change, wish)
    if standing is not None and known is not None and standing.id not in known:
        raise Conflict("targets.refused.set_meanwhile", by=standing.author, at=standing.created_at)
    old = None if standing is None else _retired(change, standing, reason)
    row = _row(wish, change.by.email, reason)
    change.add(row)
    tag = AuditTag.TARGET_SET if wish.target else AuditTag.TARGET_ENDED
    change.record(tag, row, old=old, new=row.model_dump(mode="json"))
    return row.id or 0


def standing_row(reader: Reader, wish: Wish) -> tables.Target | None:
    """The row that a wish would replace: of the same KPI, unit and day."""
    table = tables.Target
    statement = select(table).where(
        table.kpi_code == wish.code, table.valid_from == wish.valid_from
    )
    statement = statement.where(col(table.office_code).is_not_distinct_from(wish.office))
    return reader.first(statement.where(col(table.replaced_at).is_(None)))


def _retired(change: Change, row: tables.Target, reason: str) -> dict[str, Any]:
    said: dict[str, Any] = row.model_dump(mode="json")
    row.replaced_at, row.replaced_because = datetime.now(UTC), reason
    row.replaced_by = change.by.email
    change.add(row)
    return said


def _row(wish: Wish, author: str, reason: str) -> tables.Target:
    target, path = wish.target, wish.path
    baseline = path.baseline
    stages = [
        {"day": stage.day.isoformat(), "low": stage.low, "high": stage.high}
        for stage in path.stages
    ]
    return tables.Target(
        kpi_code=wish.code,
        office_code=wish.office,
        valid_from=wish.valid_from,
        low=target.low if target else None,
        high=target.high if target else None,
        source=target.source.strip() if target else "",
        assumption=bool(target and target.assumption),
        tolerance=target.tolerance if target else None,
        course=path.course.value,
        due=path.due,
        baseline=baseline.value if baseline else None,
        baseline_day=baseline.day if baseline else None,
        baseline_source=baseline.source.strip() if baseline else None,
        stages=stages or None,
        decimals=path.decimals,
        author=author,
        reason=reason,
        created_at=datetime.now(UTC),
    )
