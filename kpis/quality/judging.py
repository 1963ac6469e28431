"""Is the share of rows that stay outside changing? The loads of an extract as a control chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from data.extracts.history import Load
from data.period import Frequency
from kpis.direction import Direction
from kpis.variation import ChartSettings, ControlChart, Point, judge

HUNDRED = 100


def judged_loads(loads: Sequence[Load]) -> ControlChart:
    """The share (percent) of rows quarantined, by the last day the loads speak for.

    Loads that end on the same day are one point: a corrected file belongs to the one it corrects.
    """
    counted: dict[date, tuple[int, int]] = {}
    for load in loads:
        batch = load.batch
        day = batch.coverage_to or batch.cut_at.date()
        bad, read = counted.get(day, (0, 0))
        counted[day] = (bad + batch.rows_quarantined, read + batch.rows_read)
    points = [
        Point(day, HUNDRED * bad / read if read else None)
        for day, (bad, read) in sorted(counted.items())
    ]
    return judge(points, Direction.LOWER, ChartSettings(), {}, Frequency.MONTH)
