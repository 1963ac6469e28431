"""What is measured and aimed at: objectives, KPI definitions in versions, targets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from data.store.tables.columns import Named, Versioned, document, moment


class Objective(Named, Versioned, table=True):
    __tablename__ = "objective"

    code: str = Field(primary_key=True)
    challenge: int  # 1 to 5, the challenges of the twinning project
    position: int = 0
    demo: bool = False


class KpiDefinition(Versioned, table=True):
    """A KPI through all its versions."""

    __tablename__ = "kpi_definition"

    code: str = Field(primary_key=True)
    challenge: int
    objective_code: str | None = Field(default=None, foreign_key="objective.code")
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    position: int = 0
    scorecard: bool = True  # false: an indicator only, kept off the scorecard
    retired_at: datetime | None = moment(default=None)


class KpiDefinitionVersion(Named, table=True):
    """What the KPI means from a date on. Never changed once written."""

    __tablename__ = "kpi_definition_version"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(foreign_key="kpi_definition.code", index=True)
    version: int
    content_hash: str
    valid_from: date
    explanation_sq: str
    explanation_sr: str
    explanation_en: str
    unit: str  # data.figure.Unit
    decimals: int
    direction: str  # higher | lower | range
    frequency: str  # data.period.Frequency at which it is judged
    formula: dict[str, Any] = document()  # kpis.definitions.Formula
    judgement: dict[str, Any] = document()  # settings of its control chart
    author: str
    reason: str
    created_at: datetime = moment()


class Target(SQLModel, table=True):
    """What is aimed at from a day on, for the agency or an office; new rows replace old ones.

    A row without bounds says that nothing is aimed at from that day on.
    """

    __tablename__ = "target"

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str = Field(foreign_key="kpi_definition.code", index=True)
    office_code: str | None = Field(default=None, foreign_key="office.code")
    valid_from: date
    low: float | None = None  # a point target has only one of the two, a range both
    high: float | None = None
    source: str
    assumption: bool
    tolerance: float | None = None  # short of it by more is far behind
    course: str = "at_once"  # kpis.targets.Course
    due: date | None = None
    baseline: float | None = None
    baseline_day: date | None = None
    baseline_source: str | None = None
    stages: list[dict[str, Any]] | None = document(default=None)  # day, low, high
    decimals: int = 0  # of the aims in between
    author: str
    reason: str
    created_at: datetime = moment()
    replaced_at: datetime | None = moment(default=None)
    replaced_by: str | None = None
    replaced_because: str | None = None
