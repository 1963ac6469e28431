"""All targets in one list, each beside where the KPI stands: what pages and workbooks show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from data.period import Period
from data.workspace import Reader
from kpis.assessment import Target
from kpis.register import Kpi
from kpis.series import series_of
from kpis.stored_readings import WHOLE, Cell, Reading
from kpis.targets.reading import TargetEntry, Targets, read_targets


@dataclass(frozen=True, slots=True)
class Listed:
    """A KPI of the agency or an office, its last whole period, and one of its targets, if any."""

    kpi: Kpi
    office: str | None
    period: Period
    reading: Reading | None  # of the period
    entry: TargetEntry | None
    aim: Target | None  # of the period: by this target, else by whatever is in force


def list_targets(
    reader: Reader, kpis: Mapping[str, Kpi], day: date, *, offices: Collection[str] = ()
) -> tuple[Listed, ...]:
    """Every target that was not replaced and has not ended by a day, and KPIs without one.

    Of these offices also what has no target of its own is listed.
    """
    targets = read_targets(reader, list(kpis))
    owners = {code: _owners(kpi, targets, offices) for code, kpi in kpis.items()}
    cells = {owner: cell_of(owner) for own in owners.values() for owner in own}
    last = {code: last_whole(kpi, day) for code, kpi in kpis.items()}
    readings = {owner: _readings(reader, kpis, last, cell) for owner, cell in cells.items()}
    return tuple(
        Listed(kpi, owner, last[code], readings[owner].get(code), entry, aim)
        for code, kpi in kpis.items()
        for owner in owners[code]
        for entry, aim in _entries(targets, kpi, owner, last[code], day)
    )


def last_whole(kpi: Kpi, day: date) -> Period:
    """The newest period of the KPI's own length that is over on a day."""
    period = Period.covering(day, kpi.definition.frequency)
    return period if period.last_day <= day else period.shift(-1)


def cell_of(office: str | None) -> Cell:
    return WHOLE if office is None else Cell.of({"office": office})


def _owners(kpi: Kpi, targets: Targets, offices: Collection[str]) -> list[str | None]:
    """The agency, then the offices that have targets or are asked for."""
    own = {entry.office for entry in targets.entries(kpi.code) if entry.office is not None}
    if kpi.definition.has_dimension("office"):
        own |= set(offices)
    return [None, *sorted(own)]


def _entries(
    targets: Targets, kpi: Kpi, owner: str | None, period: Period, day: date
) -> Iterator[tuple[TargetEntry | None, Target | None]]:
    """What holds on the day or will hold later; what ended or was followed by another is over."""
    aim = targets.in_force(kpi.code, period, owner)
    now = targets.own_on(kpi.code, day, owner)
    later = [e for e in targets.entries(kpi.code) if e.office == owner and e.valid_from > day]
    standing = [entry for entry in (now, *later) if entry is not None and entry.target is not None]
    if not standing:
        yield None, aim
    for entry in standing:
        yield entry, entry.aim(period.last_day) if entry is now else aim


def _readings(
    reader: Reader, kpis: Mapping[str, Kpi], last: Mapping[str, Period], cell: Cell
) -> dict[str, Reading]:
    """The reading of each KPI in its last whole period, of a part of the agency."""
    found: dict[str, Reading] = {}
    for period in dict.fromkeys(last.values()):
        asked = {code: kpi for code, kpi in kpis.items() if last[code] == period}
        found |= _last_of(series_of(reader, asked, [period], cell).values())
    return found


def _last_of(series: Iterable[Sequence[Reading]]) -> dict[str, Reading]:
    return {own[-1].code: own[-1] for own in series if own}
