"""Values that people enter: who wrote them, who approved them, what proves them, what is locked."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from data.store.tables.columns import Versioned, document, moment


class EnteredReading(Versioned, table=True):
    """A value of one KPI, place and period as somebody entered it.

    Never changed once approved: a correction is a row of its own that names the one it replaces.
    """

    __tablename__ = "entered_reading"

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str = Field(foreign_key="kpi_definition.code", index=True)
    office_code: str | None = Field(default=None, foreign_key="office.code")  # None: the agency
    frequency: str
    period_start: date
    numerator: float  # or the value itself, where there is no denominator
    denominator: float | None = None
    state: str  # kpis.entries.EntryState
    reason: str = ""  # why it is not what was approved before
    replaces_id: int | None = Field(default=None, foreign_key="entered_reading.id")
    confirmed: bool = False  # its writer said that it is right although it is unusual
    entered_by: str
    entered_at: datetime = moment()
    writers: list[str] = document()  # everybody who wrote on it: none of them may approve it
    changed_at: datetime = moment()
    submitted_by: str | None = None
    submitted_at: datetime | None = moment(default=None)
    decided_by: str | None = None  # approved or returned it
    decided_at: datetime | None = moment(default=None)
    comment: str = ""  # of whoever returned it
    event_number: int | None = None  # the last event of the extracts when it was approved


class Evidence(SQLModel, table=True):
    """What proves an entered value: a file, kept under its hash, or a reference in words."""

    __tablename__ = "evidence"

    id: int | None = Field(default=None, primary_key=True)
    reading_id: int = Field(foreign_key="entered_reading.id", index=True)
    note: str = ""
    file_name: str | None = None
    sha256: str | None = None
    file_bytes: int | None = None
    media_type: str | None = None
    added_by: str
    added_at: datetime = moment()
    removed_by: str | None = None
    removed_at: datetime | None = moment(default=None)


class PeriodLock(SQLModel, table=True):
    """A period, with every shorter one in it, in which nothing entered takes effect any more."""

    __tablename__ = "period_lock"

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str | None = Field(default=None, foreign_key="kpi_definition.code")  # None: all
    frequency: str
    period_start: date
    locked_by: str
    locked_at: datetime = moment()
    unlocked_by: str | None = None
    unlocked_at: datetime | None = moment(default=None)
    unlock_reason: str | None = None
