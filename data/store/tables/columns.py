"""Column kinds shared by the tables: UTC moments, JSON documents, texts in three languages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone: it is taken off going in and put back coming out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def moment(**options: Any) -> Any:
    """A column for a moment in time."""
    return Field(sa_type=UtcDateTime, **options)


def document(**options: Any) -> Any:
    """A column for a JSON document."""
    return Field(sa_type=JSON, **options)


class Named(SQLModel):
    """A name in each of the three languages."""

    name_sq: str
    name_sr: str
    name_en: str


class Versioned(SQLModel):
    """A row that people edit: its version rises with every change; nobody overwrites unseen."""

    row_version: int = Field(default=1)
