"""What an extract must hold: contracts, read from the TOML files of the folder `contracts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from data.errors import Invalid, NotFound
from data.extracts import strict_toml
from data.extracts.strict_toml import Table
from data.period import Frequency, Period

FOLDER = Path(__file__).with_name("contracts")
SPANS = {"day": None, "month": Frequency.MONTH, "year": Frequency.YEAR}


class ColumnType(StrEnum):
    """The kinds of value a contract knows."""

    ID = "id"
    STR = "str"
    CODE = "code"
    DATE = "date"
    TS = "ts"
    INT = "int"
    DEC = "dec"
    BOOL = "bool"

    @property
    def sql(self) -> str:
        """The type it is stored as."""
        return _SQL_TYPES.get(self, "VARCHAR")

    @property
    def is_text(self) -> bool:
        return self in {ColumnType.ID, ColumnType.STR, ColumnType.CODE}

    @property
    def is_time(self) -> bool:
        return self in {ColumnType.DATE, ColumnType.TS}


_SQL_TYPES = {
    ColumnType.DATE: "DATE",
    ColumnType.TS: "TIMESTAMP",
    ColumnType.INT: "BIGINT",
    ColumnType.DEC: "DECIMAL(18,4)",
    ColumnType.BOOL: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract."""

    name: str
    type: ColumnType
    required: bool = False  # every row states it
    expected: bool = False  # the file has it, though a row may leave it empty
    codes: tuple[str, ...] = ()  # the closed list of values; empty = any
    empty: tuple[str, ...] = ()  # words that stand for "not stated" here
    dimension: str | None = None  # what a measure can be broken down by
    reference: str | None = None  # the reference list its codes must be in
    width: int | None = None  # digits of a code, so that 1 is read as 01
    instant: bool = False  # stored in UTC too, for durations in elapsed time
    planned: bool = False  # may lie after the cut-off
    quantity: bool = False  # can be summed, and compared with a control total
    protected: bool = False  # never shown row by row
    minimum: int | None = None
    maximum: int | None = None

    @property
    def utc_name(self) -> str:
        return f"{self.name}_utc"


@dataclass(frozen=True, slots=True)
class Contract:
    """What one kind of extract holds, and how its rows are told apart and placed in time."""

    name: str
    version: int
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    opening: tuple[str, ...]  # the first stated one dates the row for good
    period: tuple[str, ...]  # the dates measures count by
    closing: tuple[str, ...]  # a row with none of these is open; empty = rows do not close
    orders: tuple[tuple[str, str], ...]  # (earlier, later)
    updated: str | None
    extracted: str | None
    test: str | None
    spans: str = "day"  # each row speaks for the day it opens on, or for its month or year

    def column(self, name: str) -> Column:
        """The column of that name; NotFound when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound("extracts.contract.no_column", contract=self.name, column=name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """(name, SQL type) of everything a batch file holds, in order."""
        plain = [(column.name, column.type.sql) for column in self.columns]
        instants = [(column.utc_name, "TIMESTAMP") for column in self.columns if column.instant]
        return (*plain, *instants)

    @property
    def content(self) -> tuple[str, ...]:
        """The columns whose change makes a new version: all but key and time of extraction."""
        left_out = {*self.key}
        if self.extracted:
            left_out |= {self.extracted, self.column(self.extracted).utc_name}
        return tuple(name for name, _kind in self.stored if name not in left_out)

    @property
    def dimensions(self) -> dict[str, str]:
        """Dimension name to column name."""
        return {column.dimension: column.name for column in self.columns if column.dimension}

    @property
    def quantities(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.quantity)

    @property
    def opening_date_sql(self) -> str:
        """SQL for the opening DATE of a stored row: local, never NULL in accepted rows."""
        dates = [self._date_sql(self.column(name)) for name in self.opening]
        return dates[0] if len(dates) == 1 else f"coalesce({', '.join(dates)})"

    def spoken_for(self, first: date, last: date) -> tuple[date, date]:
        """The days that rows opening from one day to another speak for, both included."""
        frequency = SPANS[self.spans]
        if frequency is None:
            return first, last
        return Period.covering(first, frequency).start, Period.covering(last, frequency).last_day

    def order_sql(self, earlier: str, later: str, prefix: str = "") -> str:
        """SQL that tells two dates in the wrong order; a day and a time are compared as days.

        `prefix` goes before the column names.
        """
        first, second = f'"{prefix}{earlier}"', f'"{prefix}{later}"'
        kinds = {self.column(earlier).type, self.column(later).type}
        if kinds == {ColumnType.DATE, ColumnType.TS}:
            first, second = f"CAST({first} AS DATE)", f"CAST({second} AS DATE)"
        return f"coalesce({second} < {first}, false)"

    def _date_sql(self, column: Column) -> str:
        if column.type is ColumnType.INT:  # a year
            return f'make_date("{column.name}", 1, 1)'
        return f'CAST("{column.name}" AS DATE)'


def contract(name: str) -> Contract:
    """The contract of that name; NotFound when there is none."""
    try:
        return _contracts()[name]
    except KeyError:
        known = tuple(_contracts())
        raise NotFound("extracts.contract.unknown", contract=name, known=known) from None


def all_contracts() -> tuple[Contract, ...]:
    """Every contract, by name."""
    return tuple(_contracts().values())


@cache
def _contracts() -> dict[str, Contract]:
    return {path.stem: read_contract(path) for path in sorted(FOLDER.glob("*.toml"))}


def read_contract(path: Path) -> Contract:
    """Read one contract file; anything unknown, missing or contradictory is Invalid."""
    table = strict_toml.read(path)
    found = Contract(
        name=table.choice("name", [path.stem]),
        version=table.number("version"),
        grain=table.text("grain"),
        columns=tuple(_column(name, part) for name, part in table.tables("columns").items()),
        key=table.texts("key"),
        opening=table.texts("opening"),
        period=table.texts("period"),
        closing=table.texts("closing"),
        orders=table.pairs("orders"),
        updated=table.optional_text("updated"),
        extracted=table.optional_text("extracted"),
        test=table.optional_text("test"),
        spans=table.choice("spans", [*SPANS], "day"),
    )
    table.finish()
    _verify(found, table)
    return found


def _column(name: str, table: Table) -> Column:
    column = Column(
        name=name,
        type=ColumnType(table.choice("type", [kind.value for kind in ColumnType])),
        required=table.flag("required"),
        expected=table.flag("expected"),
        codes=table.texts("codes"),
        empty=table.texts("empty"),
        dimension=table.optional_text("dimension"),
        reference=table.optional_text("reference"),
        width=table.optional_number("width"),
        instant=table.flag("instant"),
        planned=table.flag("planned"),
        quantity=table.flag("quantity"),
        protected=table.flag("protected"),
        minimum=table.optional_number("minimum"),
        maximum=table.optional_number("maximum"),
    )
    table.finish()
    return column


def _verify(found: Contract, table: Table) -> None:
    named = {
        "key": found.key,
        "opening": found.opening,
        "period": found.period,
        "closing": found.closing,
        "orders": tuple(name for pair in found.orders for name in pair),
        "updated": (found.updated,) if found.updated else (),
        "extracted": (found.extracted,) if found.extracted else (),
        "test": (found.test,) if found.test else (),
    }
    for where, names in named.items():
        for name in names:
            if name not in found.names:
                raise table.fault("extracts.definition.unknown_column", where, column=name)
    for where in ("key", "opening"):
        if not named[where]:
            raise table.fault("extracts.definition.missing_key", where)
    if not all(found.column(name).required for name in found.key):
        raise Invalid("extracts.definition.key_not_required", file=table.file, setting="key")
