"""What is said of a KPI's period and what is done about it: commentary, actions, updates."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from data.store.tables.columns import Versioned, moment


class Commentary(SQLModel, table=True):
    """What happened in a period and why. Never changed: a new version replaces the old one."""

    __tablename__ = "commentary"

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str = Field(foreign_key="kpi_definition.code", index=True)
    frequency: str  # data.period.Frequency
    period_start: date
    office_code: str | None = Field(default=None, foreign_key="office.code")
    happened: str
    cause: str
    author: str
    created_at: datetime = moment()
    replaced_at: datetime | None = moment(default=None)


class Action(Versioned, table=True):
    """Something somebody does until a day; of a KPI it names the period that it answers."""

    __tablename__ = "action"

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str | None = Field(default=None, foreign_key="kpi_definition.code", index=True)
    frequency: str | None = None
    period_start: date | None = None
    office_code: str | None = Field(default=None, foreign_key="office.code")
    what: str
    assignee_id: int = Field(foreign_key="person.id", index=True)
    due: date
    first_due: date  # as first promised, however often it was moved since
    state: str  # kpis.commentary.ActionState
    result: str | None = None  # what came of it, once done
    author: str
    created_at: datetime = moment()
    heard_at: datetime = moment()  # when anything was last said of it


class ActionUpdate(SQLModel, table=True):
    """What was said of an action, when and by whom; with what it changed, if anything."""

    __tablename__ = "action_update"

    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    text: str
    state: str | None = None  # the new state
    due: date | None = None  # the new due day
    author: str
    created_at: datetime = moment()
