"""Every write of an import: what a file says anew of risks, by the rules of each risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from data.access.actor import Actor
from data.access.permissions import Permission
from data.audit.tags import AuditTag
from data.errors import PermissionDenied
from data.workspace import Change, Workspace
from risks.register.actions import reworded
from risks.register.keeping import settle, take
from risks.register.kinds import Part
from risks.register.lifecycle import said
from risks.register.record import Risk
from risks.register.wording import Wording
from risks.treating.actions import due_moved


@dataclass(frozen=True, slots=True)
class RiskChange:
    """What a file says anew of one risk; `version` is the one that the file was made from."""

    code: str
    version: int
    wording: Wording | None = None
    dues: Mapping[str, date] = field(default_factory=dict)  # by the id of the treatment


def import_risks(
    workspace: Workspace,
    *,
    by: Actor,
    changes: Sequence[RiskChange],
    reason: str,
    origin: Mapping[str, str],
) -> tuple[Risk, ...]:
    """Change the wording and due days of many risks in one transaction, or of none.

    Of each risk only who may work on it may, as with every other change; `origin` says from which
    file it came and is kept with each.
    """
    with workspace.change(by, Permission.RISK_IMPORT) as change:
        why = said(reason, Part.REASON)
        return tuple(_imported(change, one, why, origin) for one in changes)


def _imported(change: Change, new: RiskChange, why: str, origin: Mapping[str, str]) -> Risk:
    risk, hand = take(change, new.code, new.version)
    if not change.by.may(Permission.RISK_WORK):
        raise PermissionDenied("risks.refused.not_yours")
    hand.require_work(why)
    after = risk if new.wording is None else reworded(change, risk, hand, new.wording)
    for treatment_id, due in new.dues.items():
        after = due_moved(change, after, treatment_id, due, why)
    return settle(change, risk, after, AuditTag.RISK_IMPORTED, {"reason": why, **origin})
