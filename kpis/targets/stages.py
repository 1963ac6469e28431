"""Aims in between as people write them: '2026-Q1 = 40; 2026-Q2 = 45', ranges as '1–5'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from data.errors import Invalid
from data.period import Frequency, Period
from kpis.direction import Direction
from kpis.targets.path import Stage

_NUMBER = r"-?\d{1,9}(?:[.,]\d{1,9})?"
_DAY = r"\d{4}(?:-(?:W\d{2}|Q\d|\d{2}(?:-\d{2})?))?"
_STAGE = re.compile(rf"({_DAY})\s*[=:]\s*({_NUMBER})(?:\s*(?:–|\.\.|-)\s*({_NUMBER}))?", re.I)


def stages_from_text(text: str, direction: Direction) -> tuple[Stage, ...]:
    """The stages a person wrote: each a period (its last day counts) or a day, and an aim."""
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    return tuple(_stage(part, direction) for part in parts)


def stages_as_text(stages: Sequence[Stage]) -> str:
    """The same as it can be read again."""
    return "; ".join(f"{_named(stage.day)} = {_aim(stage)}" for stage in stages)


def _stage(text: str, direction: Direction) -> Stage:
    match = _STAGE.fullmatch(text)
    if match is None:
        raise Invalid("targets.refused.stage_unreadable", text=text)
    first, second = _number(match[2]), match[3]
    if (second is not None) != (direction is Direction.RANGE):
        raise Invalid("targets.refused.stage_unreadable", text=text)
    day = _last_day(match[1], text)
    if direction is Direction.RANGE:
        return Stage(day, first, _number(second))
    return Stage(day, low=first) if direction is Direction.HIGHER else Stage(day, high=first)


def _last_day(code: str, text: str) -> date:
    try:
        is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", code) is not None
        return date.fromisoformat(code) if is_day else Period.parse(code).last_day
    except (ValueError, Invalid) as error:
        raise Invalid("targets.refused.stage_unreadable", text=text) from error


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _named(day: date) -> str:
    """The quarter or month that ends on the day, else the day."""
    for frequency in (Frequency.QUARTER, Frequency.MONTH):
        period = Period.covering(day, frequency)
        if period.last_day == day:
            return period.code
    return day.isoformat()


def _aim(stage: Stage) -> str:
    return "–".join(_plain(bound) for bound in (stage.low, stage.high) if bound is not None)


def _plain(value: float) -> str:
    return repr(value).removesuffix(".0")
