"""Every write of the reports."""

from __future__ import annotations

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.workspace import Workspace
from reports.packs.management import ManagementPack


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
