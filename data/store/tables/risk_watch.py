"""What watches over risks: controls and their tests, indicators and their readings, incidents."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from data.store.tables.columns import Versioned, moment


class RiskControl(Versioned, table=True):
    """A control of the catalogue; many risks may lean on one."""

    __tablename__ = "risk_control"

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    title: str
    description: str
    kind: str  # preventive | detective | corrective
    owner: str = Field(foreign_key="person.email")
    unit_code: str = Field(foreign_key="org_unit.code")
    evidence: str = ""
    next_test: date | None = None
    test_every_days: int | None = None
    retired_at: datetime | None = moment(default=None)
    demo: bool = False
    created_by: str
    created_at: datetime = moment()


class RiskControlTest(SQLModel, table=True):
    """Whether a control is well made and works. Append-only."""

    __tablename__ = "risk_control_test"

    id: str = Field(primary_key=True)
    control_id: str = Field(foreign_key="risk_control.id", index=True)
    design: str  # effective | partial | ineffective
    operating: str
    note: str
    tested_by: str
    tested_at: datetime = moment()


class RiskIndicator(Versioned, table=True):
    """A threshold over the readings of a KPI: a key risk indicator."""

    __tablename__ = "risk_indicator"

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    title: str
    kpi_code: str = Field(foreign_key="kpi_definition.code", index=True)
    measure: str = "value"
    office_code: str | None = Field(default=None, foreign_key="office.code")
    service_code: str | None = Field(default=None, foreign_key="service.code")
    frequency: str  # data.period.Frequency
    direction: str  # above | below: on which side it is dangerous
    amber: float
    red: float
    periods: int = 2  # in a row, to turn red and to be no longer red
    min_cases: int = 0
    stale_after_days: int = 45
    author: str
    demo: bool = False
    retired_at: datetime | None = moment(default=None)
    created_at: datetime = moment()


class RiskIndicatorReading(SQLModel, table=True):
    """What an indicator said of a period when it was evaluated; a later evaluation replaces it."""

    __tablename__ = "risk_indicator_reading"

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: str = Field(foreign_key="risk_indicator.id", index=True)
    period_start: date
    value: float | None = None
    missing: str | None = None  # data.figure.Missing
    signal: str  # of the period alone: green | amber | red | no_data
    state: str  # of the indicator with this period: green | amber | red | no_data | stale
    publication_id: int | None = Field(default=None, foreign_key="publication.id")
    event_number: int | None = None
    evaluated_at: datetime = moment()
    replaced_at: datetime | None = moment(default=None)


class Incident(Versioned, table=True):
    """Something that happened, and what it cost."""

    __tablename__ = "incident"

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    title: str
    description: str
    happened_on: date
    unit_code: str = Field(foreign_key="org_unit.code")
    loss: float | None = None  # EUR
    demo: bool = False
    recorded_by: str
    recorded_at: datetime = moment()


class IncidentRisk(SQLModel, table=True):
    """An incident was a risk coming true."""

    __tablename__ = "incident_risk"

    incident_id: str = Field(primary_key=True, foreign_key="incident.id")
    risk_id: str = Field(primary_key=True, foreign_key="risk.id", index=True)
