"""What an import would do, cell by cell, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass

from kpis.targets.wishes import Wish
from reports.exchange_faults import Fault, Reason, RowFate
from reports.targets_exchange.columns import TargetField, Value


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that says something else than what stands."""

    field: TargetField
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class RowPreview:
    """A row of the file and what becomes of it; `notes` are worth a second look."""

    number: int
    code: str
    office: str | None
    fate: RowFate
    changes: tuple[CellChange, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Reason, ...] = ()
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A whole file: nothing of it is taken in while a single row is refused or in conflict."""

    file_name: str
    sha256: str
    sheet: str
    rows: tuple[RowPreview, ...]
    known: frozenset[int]  # the targets the file was made from

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for row in self.rows for fault in row.faults)

    @property
    def wishes(self) -> tuple[Wish, ...]:
        return tuple(row.wish for row in self.rows if row.wish is not None)

    def count(self, *fates: RowFate) -> int:
        return sum(row.fate in fates for row in self.rows)

    @property
    def can_be_taken(self) -> bool:
        return not self.faults and bool(self.wishes)
