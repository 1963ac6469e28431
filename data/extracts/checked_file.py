"""What checking a file yields: the rows that may come in, and an account of all the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.extracts.contracts import Contract
from data.extracts.profile import Profile

FULL = "full"
CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Declared:
    """What the sender says about a file; everything not said is taken from the file itself."""

    cut_at: datetime | None = None  # aware; the file knows nothing later
    coverage_from: date | None = None
    coverage_to: date | None = None  # included
    scope: str | None = None  # full | changes
    control_totals: Mapping[str, int | Decimal] = field(default_factory=dict)  # "rows" or a column


@dataclass(frozen=True, slots=True)
class Counts:
    """The fate of every row: read = accepted + duplicate + excluded_total + quarantined."""

    read: int
    accepted: int
    duplicate: int
    excluded_total: int
    quarantined: int
    excluded_test: int  # of the accepted

    def __post_init__(self) -> None:
        fates = self.accepted + self.duplicate + self.excluded_total + self.quarantined
        if self.read != fates or self.excluded_test > self.accepted:
            raise AssertionError(f"rows do not add up: {self}")


@dataclass(frozen=True, slots=True)
class Note:
    """Something noticed but not refused: a message key "extracts.note.*" and its values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The note as it is kept with the batch."""
        return {"key": self.key, **self.values}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be loaded. Its rows lie in `accepted`/<year of opening>/*.parquet."""

    contract: Contract
    profile: Profile
    file_name: str
    file_bytes: int
    encoding: str
    accepted: Path
    quarantine: Path | None  # Parquet: rows not let in, one line per row and reason
    held_back: Path | None  # Parquet: keys of rows not let in, where they can be read
    noted: Path | None  # Parquet: rows listed though accepted, or dropped for a newer version
    counts: Counts
    quarantine_reasons: Mapping[str, int]  # reason to rows; a row may have several
    notes: tuple[Note, ...]
    cut_at: datetime  # aware
    coverage_from: date
    coverage_to: date  # included
    scope: str  # full | changes
    scope_from: date | None  # opening dates a full file speaks for
    scope_to: date | None
    control_totals: Mapping[str, Any]  # what was compared: name to value
