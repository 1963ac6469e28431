"""Records kept whole: every version of each, and documents that stay what they were."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from data.store.tables.columns import document, moment


class RecordVersion(SQLModel, table=True):
    """A risk, an initiative, a report ... as a change left it, until the next change."""

    __tablename__ = "record_version"
    __table_args__ = (
        # All of a kind, now or then, are found from an index alone.
        Index("record_version_now", "noun", "replaced_at", "sha256"),
        Index("record_version_then", "noun", "at", "replaced_at", "sha256"),
        Index("record_version_of", "noun", "noun_id", "version", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    noun: str  # data.records.Noun
    noun_id: str
    version: int
    at: datetime = moment()
    replaced_at: datetime | None = moment(default=None)
    actor: str
    tag: str  # data.audit.tags.AuditTag
    cause: dict[str, Any] | None = document(default=None, nullable=True)  # key and values
    content: dict[str, Any] = document()
    sha256: str  # of the content; the audit entry of the change names it


class FrozenDocument(SQLModel, table=True):
    """What was approved or published, byte for byte. Append-only."""

    __tablename__ = "frozen_document"

    sha256: str = Field(primary_key=True)  # of the content before it was compressed
    noun: str
    noun_id: str = Field(index=True)
    content: bytes  # canonical JSON, compressed
    kept_by: str
    kept_at: datetime = moment()
