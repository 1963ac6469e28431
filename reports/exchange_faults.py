"""What a workbook that comes back is told of its rows and cells, whatever it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class RowFate(StrEnum):
    """What becomes of a row."""

    REFUSED = "refused"
    CONFLICT = "conflict"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Reason:
    """A message key with its values."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: in which cell, and why; `field` is the column as a word."""

    sheet: str
    row: int
    column: str  # letter
    field: StrEnum
    why: Reason

    @property
    def key(self) -> str:
        return "targets.import.fault"

    @property
    def values(self) -> Mapping[str, Any]:
        return {
            "sheet": self.sheet,
            "row": str(self.row),
            "column": self.column,
            "header": self.field,
            "why": self.why,
        }
