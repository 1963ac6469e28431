"""Where the agency works: districts, municipalities, organisational units and offices."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from data.store.tables.columns import Named, Versioned, document


class District(Named, Versioned, table=True):
    __tablename__ = "district"

    code: str = Field(primary_key=True)
    source: str
    assumption: bool = False


class Municipality(Named, Versioned, table=True):
    __tablename__ = "municipality"

    code: str = Field(primary_key=True)  # two digits, kept as text: 01 is not 1
    district_code: str = Field(foreign_key="district.code")
    population: int | None = None
    population_year: int | None = None
    source: str
    note: str = ""


class OrgUnit(Named, Versioned, table=True):
    """A place in the organisation; rights are given for a unit and all below it."""

    __tablename__ = "org_unit"

    code: str = Field(primary_key=True)
    parent_code: str | None = Field(default=None, foreign_key="org_unit.code")
    kind: str  # agency | department | office


class Office(Named, Versioned, table=True):
    """A local office; its unit of the same code carries the rights.

    It is open from `opened` on and no longer on `closed`; None is always.
    """

    __tablename__ = "office"

    code: str = Field(primary_key=True)
    unit_code: str = Field(foreign_key="org_unit.code")
    municipality_code: str = Field(foreign_key="municipality.code")
    opened: date | None = None
    closed: date | None = None
    merged_into: str | None = Field(default=None, foreign_key="office.code")
    demo: bool = False


class OfficeEvent(Versioned, table=True):
    """What happened to an office on a day, and who says so; `withdrawn` was entered by mistake."""

    __tablename__ = "office_event"

    id: int | None = Field(default=None, primary_key=True)
    office_code: str = Field(foreign_key="office.code", index=True)
    kind: str  # opened | closed | merged | renamed
    day: date
    into_code: str | None = Field(default=None, foreign_key="office.code")  # of a merger
    names: dict[str, str] | None = document(
        default=None, nullable=True
    )  # of a renaming, from then on
    former: dict[str, str] | None = document(default=None, nullable=True)  # until then
    source: str
    withdrawn: bool = False
