"""What an evaluation would change: readings that are new or no longer so, and whether it turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from data.period import Period
from data.store.tables import RiskIndicatorReading
from data.workspace import Reader
from risks.indicators.judging import (
    Judged,
    judged,
    last_day,
    newest_judged,
    newest_red,
    read_published,
)
from risks.indicators.keeping import plain_value
from risks.indicators.record import Indicator, Standing
from risks.indicators.thresholds import IndicatorState

VALUES = ("value", "missing", "signal", "state", "publication_id", "event_number")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An indicator as what is published now makes it; `standing` is as of this moment."""

    indicator: Indicator
    new: tuple[Judged, ...]
    gone: tuple[RiskIndicatorReading, ...]
    standing: Standing

    @property
    def is_turned(self) -> bool:
        """Whether it stands otherwise than when it last turned."""
        before, now = self.indicator.standing, self.standing
        return before is None or (before.state, before.alarm, before.episode) != (
            now.state,
            now.alarm,
            now.episode,
        )

    @property
    def is_new(self) -> bool:
        return bool(self.new or self.gone or self.is_turned)

    def rows(self, now: datetime) -> list[RiskIndicatorReading]:
        """The readings that are new, as rows evaluated at a moment."""
        return [
            RiskIndicatorReading(
                indicator_id=self.indicator.id,
                period_start=one.period_start,
                evaluated_at=now,
                **{name: plain_value(getattr(one, name)) for name in VALUES},
            )
            for one in self.new
        ]


def evaluated(reader: Reader, indicator: Indicator) -> Evaluated:
    """What the published values say to an indicator today, beside what was kept of it."""
    series = judged(indicator, read_published(reader, indicator))
    kept = {row.period_start: row for row in _kept(reader, indicator)}
    same = {
        one.period_start
        for one in series
        if (row := kept.get(one.period_start)) and _said(row) == _said(one)
    }
    return Evaluated(
        indicator,
        tuple(one for one in series if one.period_start not in same),
        tuple(row for start, row in kept.items() if start not in same),
        _standing(reader, indicator, series),
    )


def _kept(reader: Reader, indicator: Indicator) -> Sequence[RiskIndicatorReading]:
    table = RiskIndicatorReading
    statement = select(table).where(
        table.indicator_id == indicator.id, col(table.replaced_at).is_(None)
    )
    return reader.all(statement)


def _said(one: Judged | RiskIndicatorReading) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in VALUES)


def _standing(reader: Reader, indicator: Indicator, series: Sequence[Judged]) -> Standing:
    """How it stands today, with the newest value; while it is red, with the newest red one."""
    newest = newest_judged(series)
    state = series[-1].state if series else IndicatorState.NO_DATA
    alarm = state is IndicatorState.RED
    standing = Standing(
        state=indicator.thresholds.shown(state, last_day(indicator, newest), reader.today),
        alarm=alarm,
        episode=_episode(indicator.standing, series, alarm=alarm),
        turned_at=reader.now,
    )
    told = newest_red(series) if alarm else newest
    if told is None:
        return standing
    return replace(
        standing,
        period=Period(told.period_start, indicator.frequency).code,
        value=told.value,
        missing=told.missing,
        publication_id=told.publication_id,
        event_number=told.event_number,
    )


def _episode(before: Standing | None, series: Sequence[Judged], *, alarm: bool) -> int:
    """How often it has been red by now: once more where it was not, last time or since."""
    if before is None:
        return int(alarm)
    is_same = before.alarm and not _has_calmed(before, series)
    return before.episode if is_same or not alarm else before.episode + 1


def _has_calmed(before: Standing, series: Sequence[Judged]) -> bool:
    """Whether it was not red in a period after the one that it was told of last."""
    if before.period is None:
        return False
    told = Period.parse(before.period).start
    return any(one.period_start > told and one.state is not IndicatorState.RED for one in series)
