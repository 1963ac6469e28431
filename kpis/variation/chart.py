"""The control chart of one series: what it is made of, point by point and group by group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from kpis.assessment import Target
from kpis.direction import Direction
from kpis.variation.limits import Limits
from kpis.variation.rules import Fired
from kpis.variation.settings import ChartSettings

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """A message key and the typed values its text names, dates and numbers not yet formatted."""

    key: str
    values: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Point:
    """One row of a series: the first day of its period and its value, None where there is none."""

    date: date
    value: float | None

    def __post_init__(self) -> None:
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError("a missing value is None, never NaN or infinite")


class PointType(StrEnum):
    """What a point means for the KPI; HIGH and LOW where neither is good."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGH = "high"
    LOW = "low"
    NOT_JUDGED = "not_judged"  # missing, or in a group whose judgement is withheld


class VariationIcon(StrEnum):
    """Is it changing?"""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class AssuranceIcon(StrEnum):
    """Will it meet the target if nothing changes?"""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INCONSISTENT = "inconsistent"  # hit or miss


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """One row with the limits of its group and every rule that fires on it."""

    date: date
    value: float | None
    group: int
    limits: Limits
    side: int | None  # 1 above the mean, -1 below, 0 on it, None if missing
    outside: bool | None  # None where there is no value or no limits
    close: bool | None
    fired: tuple[Fired, ...]
    point_type: PointType
    target: Target | None

    @property
    def special_cause(self) -> Fired | None:
        """The strongest rule that fires."""
        return self.fired[0] if self.fired else None


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch between rebases that has limits of its own."""

    number: int
    start: date
    end: date
    rows: int
    values: int
    limits: Limits
    provisional: bool  # too few points: the limits still move with each new one
    withheld: Message | None  # why this stretch is not judged


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A judged series: is it changing, and would it meet the target if nothing changed?"""

    points: tuple[JudgedPoint, ...]
    groups: tuple[Group, ...]
    direction: Direction
    settings: ChartSettings
    judged: JudgedPoint | None  # the point the icons speak of
    variation: VariationIcon | None
    assurance: AssuranceIcon | None
    withheld: Message | None  # why there are no icons
    summary: Message
    adjusted: bool = False  # the values are without their season
