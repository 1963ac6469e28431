"""Which published values moved most since they were published first, and by which loads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from data.period import Period
from data.workspace import Reader
from kpis.judgement import SPAN
from kpis.register import Kpi
from kpis.restatements import Cause, Restatement, causes_of, read_restatements
from kpis.series import series_of
from kpis.stored_readings import WHOLE, Reading


@dataclass(frozen=True, slots=True)
class Moved:
    """A value that is no longer what was published first; `by` is how much larger it is now."""

    kpi: Kpi
    restated: Restatement
    by: float
    steps: float | None  # the same in the usual difference between one period and the next
    of: int = 1  # values of the KPI that changed
    causes: tuple[Cause, ...] = ()


def most_moved(
    reader: Reader, kpis: Mapping[str, Kpi], contract: str, period: Period, most: int
) -> tuple[Moved, ...]:
    """The value that moved most of each KPI that leans on an extract, up to a period, in order.

    Each is told in its KPI's own frequency, and measured against how much that series usually
    moves: so percentages and days can be put in one order.
    """
    leaning = (kpi for kpi in kpis.values() if contract in kpi.definition.formula.contracts)
    largest = [
        replace(max(moved, key=_how_far), of=len(moved))
        for kpi in leaning
        if kpi.published and (moved := _of_kpi(reader, kpi, period))
    ]
    largest.sort(key=_how_far, reverse=True)
    return tuple(_with_causes(reader, one) for one in largest[:most])


def _how_far(moved: Moved) -> float:
    return moved.steps or abs(moved.by)


def _of_kpi(reader: Reader, kpi: Kpi, period: Period) -> list[Moved]:
    last = Period.covering(period.last_day, kpi.definition.frequency)
    periods = list(last.shift(1 - SPAN[last.frequency]).until(last))
    series = series_of(reader, {kpi.code: kpi}, periods, WHOLE)[kpi.code]
    usual = _usual_step(series)
    return [
        Moved(kpi, each, by, abs(by) / usual if usual else None)
        for each in read_restatements(reader, kpi, series)
        if (by := _by(each)) is not None
    ]


def _by(each: Restatement) -> float | None:
    first, now = each.first.figure.value, each.now.figure.value
    return None if first is None or now is None else now - first


def _usual_step(series: tuple[Reading, ...]) -> float | None:
    """The mean difference between one period and the next, of those that are final."""
    values = [each.figure.value for each in series if not each.partial]
    known = [value for value in values if value is not None]
    steps = [abs(after - before) for before, after in pairwise(known)]
    return sum(steps) / len(steps) if steps else None


def _with_causes(reader: Reader, moved: Moved) -> Moved:
    return replace(moved, causes=causes_of(reader, moved.kpi, moved.restated))
