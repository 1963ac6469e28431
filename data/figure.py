"""A number as people see it: value, unit, decimals, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Missing(StrEnum):
    """Why a figure has no value. No data is never 0 and never NaN."""

    NO_DATA = "no_data"  # nothing to count: the denominator is 0
    TOO_FEW = "too_few"  # too few cases for the statistic to mean anything
    SUPPRESSED = "suppressed"  # a small cell that could point at a person
    NOT_LOADED = "not_loaded"  # no extract covers the period
    NO_OPEN_ROWS = "no_open_rows"  # the source holds no open case, so a backlog would be a lie
    CONFLICTING = "conflicting"  # the source says two things about one, so it says nothing
    NOT_OPEN = "not_open"  # the office was not open yet in the period, or no longer
    TOO_MUCH_UNKNOWN = "too_much_unknown"  # too large a part is not stated to compare the rest


class Unit(StrEnum):
    """What a figure counts; percentages are held as 98.5, not as 0.985."""

    PERCENT = "percent"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    CASES = "cases"
    EUR = "eur"
    PER_1000 = "per_1000"
    PER_10000 = "per_10000"
    PER_STAFF_DAY = "per_staff_day"
    INDEX = "index"
    PERCENTAGE_POINTS = "percentage_points"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in its unit with the decimals to show, or the reason for its absence."""

    value: float | None
    unit: Unit
    decimals: int = 0
    missing: Missing | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError("a figure has either a value or a reason for having none")

    @property
    def shown(self) -> Decimal | None:
        """The value rounded half up to its decimals, as Excel would show it."""
        return None if self.value is None else round_half_up(self.value, self.decimals)


def round_half_up(value: float, decimals: int) -> Decimal:
    """Round the shortest decimal that stands for `value`; 0.125 becomes 0.13 as on paper."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
