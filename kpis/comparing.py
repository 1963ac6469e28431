"""One KPI compared between the members of a dimension: one read for page, command and interface.

    comparison = compare(reader, "SD-03", period, "office", {"service": "PASSPORT"})

Only what is published and masked enters it: a member whose figure is withheld, and one without
cases, is listed apart and counts neither in the funnel nor in what all reach together. Where there
can be no funnel, each member is compared with its own past instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from data.figure import Unit
from data.period import Period
from data.workspace import Reader
from kpis.comparison import Compared, Count, Difference, Funnel, NoFunnel, funnel
from kpis.definitions import HUNDRED, UNSTATED, Definition
from kpis.direction import Direction
from kpis.funnel_limits import Verdict
from kpis.judgement import SPAN, ScorecardRow, chart_of, judged_rows, notes_within
from kpis.notes import Note, read_notes
from kpis.notes.reading import rebases_among
from kpis.readings import Ask, values_of
from kpis.register import Kpi, read_kpi
from kpis.stored_readings import Cell, Reading
from kpis.variation import ControlChart, PointType

Read = Callable[[Reader, Kpi, Ask], Sequence[Reading]]
_VERDICTS = (Verdict.BEYOND_99_8, Verdict.BEYOND_95, Verdict.INSIDE)
_DIFFERENCES = (
    Difference.WORSE,
    Difference.HIGHER,
    Difference.LOWER,
    Difference.BETTER,
    Difference.NONE,
    None,
)
_FROM_ITSELF = {
    PointType.COMMON_CAUSE: Difference.NONE,
    PointType.IMPROVEMENT: Difference.BETTER,
    PointType.CONCERN: Difference.WORSE,
    PointType.HIGH: Difference.HIGHER,
    PointType.LOW: Difference.LOWER,
}


@dataclass(frozen=True, slots=True)
class ComparedMember:
    """A member with its reading: how it differs from the others in the funnel or, where there is
    none, from its own past. `difference` None is not judged; `compared` is its place in the funnel.
    """

    member: str
    reading: Reading
    difference: Difference | None = None
    compared: Compared | None = None

    @property
    def has_value(self) -> bool:
        return self.reading.figure.value is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The members of a dimension in one period; what differs most comes first.

    Either `funnel` or `why_none` is None: why there is no funnel, or the funnel.
    """

    kpi: Kpi
    row: ScorecardRow  # of all of them, and what was aimed at
    by: str
    members: tuple[ComparedMember, ...]
    funnel: Funnel | None
    why_none: NoFunnel | None

    @property
    def period(self) -> Period:
        return self.row.period

    @property
    def told(self) -> tuple[ComparedMember, ...]:
        """The members that are compared."""
        return tuple(each for each in self.members if _takes_part(each))

    @property
    def apart(self) -> tuple[ComparedMember, ...]:
        """The members that are not: without a value, or no member at all but 'not stated'."""
        return tuple(each for each in self.members if not _takes_part(each))


def compare(
    reader: Reader,
    code: str,
    period: Period,
    by: str,
    where: Mapping[str, str] | None = None,
    *,
    read: Read = values_of,
) -> Comparison:
    """The KPI of this code by this dimension, within some members of others.

    A KPI unknown is NotFound; a dimension it does not have is Invalid. `read` reads its values:
    a page comes with a reading that it keeps.
    """
    found, cell = read_kpi(reader, code), Cell.of(where or {})
    readings = read(reader, found, Ask(code, period, period, (by,), cell.members))
    (row,) = judged_rows(reader, {code: found}, period, cell)
    plain = [ComparedMember(each.cell.members[by], each) for each in readings]
    result = _funnel(found.definition, by, plain)
    if isinstance(result, Funnel):
        members = _in_funnel(plain, result)
    else:
        first = period.shift(1 - SPAN[period.frequency])
        series = read(reader, found, Ask(code, first, period, (by,), cell.members))
        notes = read_notes(reader, [code])[code]
        members = _in_their_ranges(found.definition, by, plain, series, notes)
    return Comparison(
        kpi=found,
        row=row,
        by=by,
        members=tuple(sorted(members, key=lambda one: _place(one, found.definition.direction))),
        funnel=result if isinstance(result, Funnel) else None,
        why_none=None if isinstance(result, Funnel) else result,
    )


def _in_funnel(members: Sequence[ComparedMember], found: Funnel) -> list[ComparedMember]:
    compared = {each.member: each for each in found.members}
    return [
        replace(each, compared=compared[each.member], difference=compared[each.member].difference)
        if each.member in compared
        else each
        for each in members
    ]


def _in_their_ranges(
    definition: Definition,
    by: str,
    members: Sequence[ComparedMember],
    readings: Sequence[Reading],
    notes: Sequence[Note],
) -> list[ComparedMember]:
    """Each member against its own past; one whose period is not judged stays without verdict."""
    series: dict[str, list[Reading]] = {}
    for each in readings:
        series.setdefault(each.cell.members[by], []).append(each)
    charts = {
        member: chart_of(definition, own, {}, rebases_among(notes_within(notes, own[0].cell, own)))
        for member, own in series.items()
    }
    return [replace(one, difference=_from_itself(charts.get(one.member), one)) for one in members]


def _from_itself(chart: ControlChart | None, each: ComparedMember) -> Difference | None:
    judged = chart.judged if chart else None
    if judged is None or judged.date != each.reading.period.start or not _takes_part(each):
        return None
    return _FROM_ITSELF.get(judged.point_type)


def _funnel(
    definition: Definition, by: str, members: Sequence[ComparedMember]
) -> Funnel | NoFunnel:
    headline = definition.formula.headline
    if headline.unit is not Unit.PERCENT or headline.factor != HUNDRED:
        return NoFunnel.NOT_A_SHARE
    if any(one.name == by and one.numerator_only for one in definition.dimensions):
        return NoFunnel.ONE_WHOLE
    counts = [_count(each) for each in members if _takes_part(each)]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        return NoFunnel.NOT_A_SHARE
    return funnel(known, definition.direction, multiplier=HUNDRED)


def _takes_part(each: ComparedMember) -> bool:
    return each.has_value and each.member != UNSTATED


def _count(each: ComparedMember) -> Count | None:
    """The counts behind a figure; None if it is not simply one of the other."""
    top, bottom = each.reading.numerator, each.reading.denominator
    value = each.reading.figure.value
    if top is None or bottom is None or value is None:
        return None
    same = math.isclose(value * bottom, top * HUNDRED, rel_tol=1e-9)
    return Count(each.member, top, bottom) if same else None


def _place(each: ComparedMember, direction: Direction) -> tuple[bool, int, int, float, str]:
    """What differs most first, within that the worst, then those that stand apart."""
    verdict = each.compared.verdict if each.compared else Verdict.INSIDE
    value = each.reading.figure.value or 0.0
    return (
        not _takes_part(each),
        _VERDICTS.index(verdict),
        _DIFFERENCES.index(each.difference),
        value if direction is Direction.HIGHER else -value,
        each.member,
    )
