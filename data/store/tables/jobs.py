"""Long work waiting, running or done, in steps that can be resumed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from data.store.tables.columns import Versioned, document, moment


class Job(Versioned, table=True):
    __tablename__ = "job"

    id: int | None = Field(default=None, primary_key=True)
    kind: str  # a name in dashboard.jobs
    payload: dict[str, Any] = document()
    state: str = Field(default="queued", index=True)  # queued | running | done | refused | failed
    step: str = ""
    progress: float = 0.0  # 0 to 1 within the step
    refusal: dict[str, Any] | None = document(default=None)  # key and values
    error_reference: str | None = None  # what to quote when asking for help
    result: dict[str, Any] | None = document(default=None)
    queued_at: datetime = moment()
    queued_by: str
    started_at: datetime | None = moment(default=None)
    heartbeat_at: datetime | None = moment(default=None)
    finished_at: datetime | None = moment(default=None)
