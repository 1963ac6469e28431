"""A target tried out before it is set: the KPI's past beside the aims that would hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from data.figure import Figure
from data.period import Period
from data.workspace import Reader
from kpis.assessment import Target
from kpis.register import Kpi
from kpis.series import series_of
from kpis.targets.listing import cell_of, last_whole
from kpis.targets.path import Warned, doubts
from kpis.targets.reading import TargetEntry, Targets, read_targets
from kpis.targets.wishes import Wish, checked

PAST, MOST = 24, 96  # periods shown before the last whole one; and in all


@dataclass(frozen=True, slots=True)
class Trial:
    """Periods with what was measured and what would be aimed at, and what is doubtful."""

    periods: tuple[Period, ...]
    figures: Mapping[Period, Figure]
    aims: Mapping[Period, Target]
    doubts: tuple[Warned, ...] = ()


def try_target(reader: Reader, kpi: Kpi, wish: Wish, day: date) -> Trial:
    """What a target would look like; one that cannot stand is refused as when it is set."""
    wish = checked(reader, wish)
    last = last_whole(kpi, day)
    past = list(last.shift(1 - PAST).until(last))
    series = series_of(reader, {kpi.code: kpi}, past, cell_of(wish.office))[kpi.code]
    figures = {each.period: each.figure for each in series if each.loaded}
    periods = _periods(past, figures, wish)
    targets = with_wish(read_targets(reader, [kpi.code]), wish)
    found = {period: targets.in_force(kpi.code, period, wish.office) for period in periods}
    aims = {period: aim for period, aim in found.items() if aim is not None}
    doubtful = doubts(wish.path, wish.target, kpi.definition.direction) if wish.target else ()
    return Trial(periods, figures, aims, doubtful)


def with_wish(targets: Targets, wish: Wish) -> Targets:
    """The targets of a KPI as they would be with this one."""
    now = datetime.now(UTC)
    wanted = TargetEntry(
        wish.code, wish.office, wish.valid_from, wish.target, "", "", now, None, wish.path
    )
    others = [
        entry
        for entry in targets.entries(wish.code)
        if (entry.office, entry.valid_from) != (wish.office, wish.valid_from)
    ]
    return Targets([*others, wanted])


def _periods(
    past: Sequence[Period], figures: Mapping[Period, Figure], wish: Wish
) -> tuple[Period, ...]:
    """From the first that was measured to the one in which the aim is reached, and one more."""
    frequency = past[-1].frequency
    end = max(wish.path.due or wish.valid_from, wish.valid_from, past[-1].last_day)
    first = min(figures, default=past[-1])
    shown = list(first.until(Period.covering(end, frequency).shift(1)))
    return tuple(shown[:MOST])
