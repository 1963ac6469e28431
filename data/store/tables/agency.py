"""The agency itself and its rules: settings, calendar, services and their deadlines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from data.store.tables.columns import Named, Versioned, document, moment


class Agency(Named, Versioned, table=True):
    """The one row that says whose house this is."""

    __tablename__ = "agency"

    id: int = Field(default=1, primary_key=True)
    demo: bool = False  # every page and report says so
    demo_ready: bool = False  # the demo agency has been filled completely
    small_cell: int = 10  # counts of people below this are suppressed
    quarantine_limit: float = 0.05  # a file with a larger share of bad rows is refused


class CalendarDay(Versioned, table=True):
    """A day that is not what its weekday says: a holiday, or a weekend day made to work."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    kind: str  # holiday | working
    name: str
    source: str


class Service(Named, Versioned, table=True):
    __tablename__ = "service"

    code: str = Field(primary_key=True)
    position: int = 0
    active: bool = True


class ServiceRule(Versioned, table=True):
    """The legal deadline of a service at a speed, valid for a span of submission dates."""

    __tablename__ = "service_rule"

    id: int | None = Field(default=None, primary_key=True)
    service_code: str = Field(foreign_key="service.code", index=True)
    speed: str  # normal | accelerated
    deadline_days: int
    day_basis: str  # working | calendar
    valid_from: date
    valid_to: date | None = None
    source: str
    assumption: bool = False


class OnlineService(Versioned, table=True):
    """A span of days on which a service could be asked for online."""

    __tablename__ = "online_service"

    id: int | None = Field(default=None, primary_key=True)
    service_code: str = Field(foreign_key="service.code", index=True)
    valid_from: date
    valid_to: date | None = None
    source: str
    assumption: bool = False


class StandardMinutes(Versioned, table=True):
    """The working time an application of a service stands for, on a span of days."""

    __tablename__ = "standard_minutes"

    id: int | None = Field(default=None, primary_key=True)
    service_code: str = Field(foreign_key="service.code", index=True)
    minutes: float
    valid_from: date
    valid_to: date | None = None
    source: str
    assumption: bool = False


class Parameter(Versioned, table=True):
    """A number that law or the agency sets, from a day on; no value until it is known."""

    __tablename__ = "parameter"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    value: int | None = None
    valid_from: date
    source: str
    assumption: bool = False


class ReferenceSnapshot(SQLModel, table=True):
    """Reference data as it was when something was measured with it, found by its content hash."""

    __tablename__ = "reference_snapshot"

    version: str = Field(primary_key=True)  # sha256 of the content
    content: dict[str, Any] = document()
    recorded_at: datetime = moment()
