"""Every write of the reports."""

from __future__ import annotations

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.workspace import Workspace
from reports.packs.management import ManagementPack
from reports.packs.risk_register import RiskRegisterPack


def record_built(workspace: Workspace, *, by: Actor, pack: ManagementPack, language: str) -> None:
    """Put on record who took which snapshot out of the house."""
    cover = pack.cover
    with workspace.change(by, Permission.REPORT_BUILD) as change:
        change.record(
            AuditTag.REPORT_BUILT,
            noun="management_pack",
            noun_id=cover.snapshot_id,
            new={
                "period": cover.period.code,
                "language": language,
                "event": cover.event_number,
                "hash": cover.snapshot_hash,
            },
        )


def record_register_taken(
    workspace: Workspace, *, by: Actor, pack: RiskRegisterPack, language: str
) -> None:
    """Put on record who took the risk register, or what he may see of it, out of the house."""
    with workspace.change(by, Permission.RISK_VIEW_PUBLISHED) as change:
        change.record(
            AuditTag.REPORT_BUILT,
            noun="risk_register",
            noun_id=pack.cover.snapshot_id,
            new={
                "risks": len(pack.risks),
                "language": language,
                "as_of": pack.cover.as_of.isoformat(),
                "published": pack.published_as_of is not None,
                "hash": pack.cover.snapshot_hash,
            },
        )
