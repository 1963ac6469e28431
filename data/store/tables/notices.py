"""What needs somebody's attention, written by the system when nobody was looking."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from data.store.tables.columns import document, moment


class Notice(SQLModel, table=True):
    """One thing to see to; open until it is closed, or until what follows settles it."""

    __tablename__ = "notice"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)  # a data.notices.NoticeKind
    subject: str  # what it is about: a file, an extract, a KPI
    text_key: str
    text_values: dict[str, Any] = document()
    contract: str | None = None  # of a file, where it was recognised
    span_from: date | None = None  # the days it is about, both included
    span_to: date | None = None
    at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
    closed_by: str | None = None
