"""What a notice can be about, and a notice before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class NoticeKind(StrEnum):
    FILE_REFUSED = "file_refused"  # in the inbox
    EXTRACT_OVERDUE = "extract_overdue"
    KPI_BEHIND = "kpi_behind"
    KPI_SPECIAL_CAUSE = "kpi_special_cause"
    RISK_INDICATOR_RED = "risk_indicator_red"
    RISK_INDICATOR_STALE = "risk_indicator_stale"
    RISK_REOPENED = "risk_reopened"  # by the system
    RISK_ESCALATED = "risk_escalated"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A message key with its values, and what it is about."""

    kind: NoticeKind
    subject: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    contract: str | None = None
    span: tuple[date | None, date | None] = (None, None)
