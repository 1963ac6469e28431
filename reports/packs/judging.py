"""From a judged KPI of the scorecard to the row of a pack."""

from __future__ import annotations

from data.figure import Figure
from kpis.assessment import Target as Aim
from kpis.completeness import Lack
from kpis.judgement import ScorecardRow as Judged
from kpis.projection import Projection
from kpis.stored_readings import Reading
from kpis.variation import AssuranceIcon, ControlChart, JudgedPoint, PointType
from reports.packs.common import Wording, message
from reports.packs.documenting import words
from reports.packs.management import (
    Assurance,
    Finding,
    Objective,
    ScorecardRow,
    SeriesPoint,
    Target,
    Variation,
    YearEnd,
)

_FINDINGS = {
    PointType.IMPROVEMENT: Finding.IMPROVEMENT,
    PointType.CONCERN: Finding.CONCERN,
    PointType.HIGH: Finding.NEUTRAL,
    PointType.LOW: Finding.NEUTRAL,
}
_ASSURANCES = {
    AssuranceIcon.PASS: Assurance.PASS,
    AssuranceIcon.FAIL: Assurance.FAIL,
    AssuranceIcon.INCONSISTENT: Assurance.HIT_OR_MISS,
}


def judged_row(row: Judged, charted: Judged) -> ScorecardRow:
    """The row: `row` gives the figures of the period, `charted` the series they are judged in."""
    objective = words(row.objective) if row.objective else words(row.names)
    return ScorecardRow(
        code=row.code,
        name=words(row.names),
        objective=Objective(row.objective_code or "", objective),
        unit=row.unit,
        direction=row.direction,
        frequency=row.period.frequency,
        period=row.period,
        actual=row.figure,
        target=_target(row.target, row.figure),
        variance=row.status.difference,
        status=row.status.kind,
        variation=variation_of(charted.chart),
        assurance=_assurance_of(charted.chart),
        previous=_figure(row.previous, row),
        year_ago=_figure(row.year_ago, row),
        series=tuple(_series(charted)),
        owner=row.owner,
        partial=row.completeness.is_partial,
        lacks=tuple(map(_lack, row.completeness.lacks)) if row.reading.loaded else (),
        interval=row.reading.interval,
        year_end=_year_end(charted.projection),
        far_behind=row.status.far_behind,
    )


def _lack(lack: Lack) -> Wording:
    """'Applications (known until 6 January 2026)', as the pages say it."""
    name = message(f"extract_name.{lack.extract}")
    if lack.known_until is None:
        return message("data_quality.lack_all", extract=name)
    if lack.only_the_end or lack.missing[0][0] > lack.known_until:
        return message("data_quality.lack_until", extract=name, day=lack.known_until)
    spans = [message("data_quality.span", first=first, last=last) for first, last in lack.missing]
    return message("data_quality.lack_days", extract=name, days=spans)


def _year_end(projection: Projection | None) -> YearEnd | None:
    expected = projection.expected if projection else None
    return None if expected is None else YearEnd(expected.figure, expected.low, expected.high)


def variation_of(chart: ControlChart) -> Variation:
    """The icon; without one, whether there were too few points or the series cannot be judged."""
    if chart.variation is not None:
        return Variation(chart.variation.value)
    too_few = chart.withheld is not None and chart.withheld.key.endswith("not_enough")
    return Variation.NOT_ENOUGH if too_few else Variation.WITHHELD


def _assurance_of(chart: ControlChart) -> Assurance:
    return _ASSURANCES[chart.assurance] if chart.assurance else Assurance.NOT_JUDGED


def _target(aim: Aim | None, figure: Figure) -> Target | None:
    if aim is None:
        return None
    low, high = (
        None if bound is None else Figure(bound, figure.unit, figure.decimals)
        for bound in (aim.low, aim.high)
    )
    return Target(low, high)


def _figure(reading: Reading | None, row: Judged) -> Figure:
    from data.figure import Missing

    if reading is None:
        return Figure(None, row.unit, row.decimals, Missing.NOT_LOADED)
    return reading.figure


def _series(row: Judged) -> list[SeriesPoint]:
    judged = {point.date: point for point in row.chart.points}
    return [_point(reading, judged.get(reading.period.start), row) for reading in row.series]


def _point(reading: Reading, judged: JudgedPoint | None, row: Judged) -> SeriesPoint:
    if judged is None:
        return SeriesPoint(reading.period, reading.figure)
    fired = [message(f"variation.rule.{one.rule.value}.{one.side.value}") for one in judged.fired]
    return SeriesPoint(
        period=reading.period,
        value=reading.figure,
        mean=judged.limits.mean,
        lower=judged.limits.lower,
        upper=judged.limits.upper,
        target=_target(judged.target, Figure(0.0, row.unit, row.decimals)),
        finding=_FINDINGS.get(judged.point_type, Finding.COMMON),
        note=fired[0] if fired else None,
    )
