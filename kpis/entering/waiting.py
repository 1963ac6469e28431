"""What waits to be entered or approved: every value that is expected, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import select

from data.access.actor import WHOLE_AGENCY
from data.period import Period
from data.store.tables import Office
from data.workspace import Reader
from kpis.definitions import Definition
from kpis.entries.reading import Entry, EntryState, Slot, read_entries, standing
from kpis.entries.values import expected_slots, read_sites
from kpis.locks.reading import Lock, lock_over, read_locks
from kpis.register import Kpi, read_kpis


@dataclass(frozen=True, slots=True)
class Expected:
    """A value that is expected: what is approved of it, what is on its way, and who locked it."""

    slot: Slot
    definition: Definition
    approved: Entry | None
    on_its_way: Entry | None
    lock: Lock | None

    @property
    def is_missing(self) -> bool:
        return self.approved is None and self.on_its_way is None

    @property
    def is_submitted(self) -> bool:
        return self.on_its_way is not None and self.on_its_way.state is EntryState.SUBMITTED


def entered_kpis(reader: Reader, codes: Collection[str] | None = None) -> dict[str, Kpi]:
    """The KPIs whose values people enter."""
    kpis = read_kpis(reader, codes)
    return {code: kpi for code, kpi in kpis.items() if kpi.definition.formula.entered}


def read_expected(
    reader: Reader, codes: Collection[str] | None = None, *, periods: int | None = None
) -> tuple[Expected, ...]:
    """Every value expected of these KPIs in the actor's units; only of the last so many periods."""
    kpis = entered_kpis(reader, codes)
    entries = read_entries(reader, codes=list(kpis))
    holds, locks = standing(entries), read_locks(reader)
    open_now = {entry.slot: entry for entry in entries if entry.is_open}
    units = units_of_offices(reader)
    return tuple(
        Expected(
            slot,
            kpis[slot.code].definition,
            holds.get(slot),
            open_now.get(slot),
            lock_over(locks, slot.code, slot.period),
        )
        for slot in _slots(reader, kpis.values(), {*holds, *open_now}, periods)
        if reader.scope(units.get(slot.office or "", WHOLE_AGENCY))
    )


def units_of_offices(reader: Reader) -> Mapping[str, str]:
    """The unit of each office."""
    rows: Iterable[Office] = reader.all(select(Office))
    return {row.code: row.unit_code for row in rows}


def last_over(reader: Reader, definition: Definition) -> Period:
    """The last period of a KPI's frequency that is over."""
    return Period.covering(reader.today, definition.frequency).shift(-1)


def _slots(
    reader: Reader, kpis: Iterable[Kpi], known: Collection[Slot], periods: int | None
) -> Iterator[Slot]:
    """Slots in order, also those filled though nobody expected them."""
    sites = read_sites(reader)
    for kpi in kpis:
        last = last_over(reader, kpi.definition)
        first = last.shift(1 - periods) if periods else None
        slots = {*expected_slots(kpi.definition, sites, last)}
        slots |= {slot for slot in known if slot.code == kpi.code}
        ordered = sorted(slots, key=lambda slot: (slot.period.start, slot.office or ""))
        yield from (slot for slot in ordered if first is None or slot.period.start >= first.start)
