"""Published KPI values, each kept from the publication that wrote it to its correction."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from data.store.tables.columns import moment


class Publication(SQLModel, table=True):
    """One refresh of one KPI: everything needed to make the same numbers again."""

    __tablename__ = "publication"

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str = Field(foreign_key="kpi_definition.code", index=True)
    definition_version_id: int = Field(foreign_key="kpi_definition_version.id")
    event_number: int  # extract events up to this one are in it
    reference_version: str = Field(foreign_key="reference_snapshot.version")
    published_at: datetime = moment()
    readings_written: int = 0


class PublicationPointer(SQLModel, table=True):
    """Which publication of a KPI pages read; swapped in the transaction that completes it."""

    __tablename__ = "publication_pointer"

    kpi_code: str = Field(primary_key=True, foreign_key="kpi_definition.code")
    publication_id: int = Field(foreign_key="publication.id")


class StoredReading(SQLModel, table=True):
    """One published value of one KPI for a period and a slice of the agency.

    A slice is named by up to two dimensions: ("", "") is the whole agency, ("office", "O19") one
    office, ("office", "O19", "service", "PASSPORT") a service in an office. Current readings have
    no `replaced_in`; a correction closes the old row and adds a new one.
    """

    __tablename__ = "reading"
    __table_args__ = (
        # Every question of the pages is one seek in it, however long the history.
        Index(
            "reading_slice",
            "kpi_code",
            "frequency",
            "dimension",
            "dimension2",
            "period_start",
            "member",
            "member2",
            "measure",
            "replaced_in",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kpi_code: str
    measure: str = "value"  # or the name of a second line of the same KPI
    frequency: str
    period_start: date
    dimension: str = ""
    member: str = ""
    dimension2: str = ""
    member2: str = ""
    numerator: float | None = None  # raw, for kpis alone
    denominator: float | None = None
    cases: int = 0
    value: float | None = None  # masked: what may be shown
    missing: str | None = None  # data.figure.Missing
    partial: bool = False  # the period goes on after the cut-off or an extract is missing
    published_in: int = Field(foreign_key="publication.id")
    replaced_in: int | None = Field(default=None, foreign_key="publication.id")
