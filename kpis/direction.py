"""Which way of a KPI is the good one."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """HIGHER or LOWER is better, or a RANGE to stay in, where neither high nor low is good."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"
