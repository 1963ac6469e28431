"""An incident as a frozen value: something that happened, what it cost, which risks came true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class IncidentWording:
    """What somebody says of an incident; `loss` in EUR, None where it is not known."""

    title: str
    description: str
    happened_on: date
    unit_code: str
    loss: float | None = None
    risks: tuple[str, ...] = ()  # codes


@dataclass(frozen=True, slots=True)
class Incident:
    id: str
    code: str
    title: str
    description: str
    happened_on: date
    unit_code: str
    loss: float | None
    demo: bool
    recorded_by: str
    recorded_at: datetime
    row_version: int = 1
    risks: tuple[str, ...] = ()  # codes, in their order
