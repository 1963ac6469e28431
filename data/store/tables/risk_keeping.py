"""How the register is kept: snapshots, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from data.store.tables.columns import moment


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
