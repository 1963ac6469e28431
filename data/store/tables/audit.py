"""The audit trail: append-only, each entry hashed with the one before, free of foreign keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from data.store.tables.columns import document, moment


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    number: int = Field(primary_key=True)
    at: datetime = moment()
    actor: str = Field(index=True)
    tag: str = Field(index=True)
    noun: str
    noun_id: str
    old: dict[str, Any] | None = document(default=None)
    new: dict[str, Any] | None = document(default=None)
    previous_hash: str
    hash: str
