"""What the register keeps records of."""

from __future__ import annotations

from enum import StrEnum


class Noun(StrEnum):
    RISK = "risk"
    CONTROL = "risk_control"
    INDICATOR = "risk_indicator"
    INCIDENT = "incident"
