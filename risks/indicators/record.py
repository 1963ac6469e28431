"""An indicator as a frozen value: a threshold over the published values of a KPI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.period import Frequency
from risks.indicators.thresholds import DangerSide, IndicatorState, Thresholds


@dataclass(frozen=True, slots=True)
class Standing:
    """How an indicator stood when it last turned, and the value that turned it."""

    state: IndicatorState
    alarm: bool  # red by its values, also while they are stale
    episode: int  # how often it has been red; 0 before the first time
    turned_at: datetime
    period: str | None = None  # the code of it
    value: float | None = None
    missing: str | None = None
    publication_id: int | None = None
    event_number: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is watched and from where on it warns; `standing` is None until it was evaluated."""

    id: str
    code: str
    title: str
    kpi_code: str
    measure: str
    office_code: str | None
    service_code: str | None
    frequency: Frequency
    direction: DangerSide
    amber: float
    red: float
    periods: int
    min_cases: int
    stale_after_days: int
    author: str
    demo: bool
    created_at: datetime
    retired_at: datetime | None = None
    row_version: int = 1
    standing: Standing | None = None

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(
            self.direction,
            self.amber,
            self.red,
            self.periods,
            self.min_cases,
            self.stale_after_days,
        )

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def is_red(self) -> bool:
        """Whether it stood red when it last turned: stale is not red."""
        return self.standing is not None and self.standing.state is IndicatorState.RED
