"""What was loaded: batches of rows, and the numbered events that brought or withdrew them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from data.store.tables.columns import document, moment


class Batch(SQLModel, table=True):
    """One accepted file. Its rows lie in Parquet beside the database and never change.

    Readers see the batch once this row is committed: the row is the commit point.
    """

    __tablename__ = "batch"

    id: str = Field(primary_key=True)
    contract: str = Field(index=True)
    contract_version: int = 1
    profile: str
    profile_hash: str
    file_name: str
    file_bytes: int = Field(sa_type=BigInteger)
    sha256: str = Field(index=True)  # of the file as it came
    scope: str  # full | changes
    scope_from: date | None = None  # the opening dates a full batch speaks for
    scope_to: date | None = None
    coverage_from: date | None = None  # the days the batch claims to cover, both included
    coverage_to: date | None = None
    cut_at: datetime = moment()  # the batch knows nothing later than this
    encoding: str = "utf-8"
    rows_read: int
    rows_accepted: int
    rows_added: int
    rows_changed: int
    rows_unchanged: int
    rows_vanished: int
    rows_duplicate: int
    rows_excluded_test: int
    rows_excluded_total: int
    rows_quarantined: int
    quarantine_reasons: dict[str, int] = document()
    notes: list[dict[str, Any]] = document()  # what was noticed but not refused
    control_totals: dict[str, Any] = document()
    history: bool = False  # of a period before the system
    demo: bool = False
    loaded_at: datetime = moment()
    loaded_by: str


class ExtractEvent(SQLModel, table=True):
    """A numbered change of what is known. As of event k = everything up to k."""

    __tablename__ = "extract_event"

    number: int = Field(primary_key=True)  # without gaps, in the order of commits
    kind: str  # load | withdrawal
    contract: str = Field(index=True)
    batch_id: str = Field(foreign_key="batch.id", index=True)
    at: datetime = moment()
    by: str
    reason: str = ""
