"""What people say on control charts: from when the limits are new, and what happened when."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from data.store.tables.columns import moment


class ChartNote(SQLModel, table=True):
    """A rebase or an annotation of a KPI's chart. Never changed: withdrawn, and written anew."""

    __tablename__ = "chart_note"

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str = Field(foreign_key="kpi_definition.code", index=True)
    office_code: str | None = Field(default=None, foreign_key="office.code")
    service_code: str | None = Field(default=None, foreign_key="service.code")
    day: date
    kind: str  # kpis.notes.NoteKind
    text: str  # the reason, or what happened
    author: str
    created_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)
    withdrawn_by: str | None = None
