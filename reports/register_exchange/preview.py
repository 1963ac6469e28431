"""What bringing a register back would do, cell by cell, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.exchange_faults import Fault, Reason, RowFate
from reports.register_columns import AnyColumn
from risks.importing.actions import RiskChange

Value = str | date | None


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that says something else than the register did when the file was made.

    `standing` is what the register says now, where the risk was changed since.
    """

    sheet: str
    row: int
    column: str  # letter
    field: AnyColumn
    old: Value
    new: Value
    standing: Value = None


@dataclass(frozen=True, slots=True)
class RiskPreview:
    """A risk of the file and what becomes of it; `notes` are worth a second look."""

    code: str
    fate: RowFate
    changes: tuple[CellChange, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Reason, ...] = ()
    change: RiskChange | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A whole file: nothing of it is taken in while a single cell is refused or in conflict."""

    file_name: str
    sha256: str
    risks: tuple[RiskPreview, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for risk in self.risks for fault in risk.faults)

    @property
    def changes(self) -> tuple[RiskChange, ...]:
        return tuple(risk.change for risk in self.risks if risk.change is not None)

    @property
    def cells(self) -> tuple[CellChange, ...]:
        return tuple(cell for risk in self.risks for cell in risk.changes)

    def count(self, *fates: RowFate) -> int:
        return sum(risk.fate in fates for risk in self.risks)

    @property
    def can_be_taken(self) -> bool:
        return not self.faults and bool(self.changes)
