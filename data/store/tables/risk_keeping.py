"""How the register is kept: its past in versions, snapshots, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from data.store.tables.columns import document, moment


class RegisterVersion(SQLModel, table=True):
    """A risk, control, indicator or incident as a change left it, until the next change."""

    __tablename__ = "register_version"
    __table_args__ = (
        # The whole register, now or then, is read from an index alone.
        Index("register_version_now", "noun", "replaced_at", "sha256"),
        Index("register_version_then", "noun", "at", "replaced_at", "sha256"),
        Index("register_version_of", "noun", "noun_id", "version"),
    )

    id: int | None = Field(default=None, primary_key=True)
    noun: str  # risks.register.log.Noun
    noun_id: str
    version: int
    at: datetime = moment()
    replaced_at: datetime | None = moment(default=None)
    actor: str
    tag: str  # data.audit.tags.AuditTag
    cause: dict[str, Any] | None = document(default=None, nullable=True)  # key and values
    content: dict[str, Any] = document()
    sha256: str  # of the content; the audit entry of the change names it


class RegisterSnapshot(SQLModel, table=True):
    """The whole register at a moment, kept byte for byte."""

    __tablename__ = "register_snapshot"

    id: str = Field(primary_key=True)
    label: str
    as_of: datetime = moment()
    published: bool = False  # what those see who may only see what is published
    risks: int
    sha256: str
    content: bytes  # canonical JSON, compressed
    taken_by: str
    taken_at: datetime = moment()


class Delegation(SQLModel, table=True):
    """Somebody stands in for an owner of risks on some days."""

    __tablename__ = "delegation"

    id: str = Field(primary_key=True)
    owner: str = Field(foreign_key="person.email", index=True)
    deputy: str = Field(foreign_key="person.email", index=True)
    valid_from: date
    valid_to: date
    reason: str = ""
    created_by: str
    created_at: datetime = moment()
    ended_by: str | None = None
    ended_at: datetime | None = moment(default=None)
