"""What the audit trail holds about one thing of the register."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from data.access.permissions import Permission
from data.store.tables import AuditEntry
from risks.register.nouns import Noun
from tests.risks.house import RiskHouse

Entry = tuple[dict[str, Any] | None, dict[str, Any] | None]


def entries_about(house: RiskHouse, noun: Noun, noun_id: str) -> list[Entry]:
    """Old and new of each entry, in their order."""
    about = select(AuditEntry).where(AuditEntry.noun == noun.value, AuditEntry.noun_id == noun_id)
    with house.workspace.read(house["auditor"], Permission.AUDIT_VIEW) as reader:
        found = sorted(reader.all(about), key=lambda entry: entry.number)
    return [(entry.old, entry.new) for entry in found]
