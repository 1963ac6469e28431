"""Which entered values a reading is made of, which still lack, and which of them changed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.period import Period
from data.workspace import Reader
from kpis.definitions import Definition
from kpis.entered import OFFICE
from kpis.entries.reading import Entry, Slot, read_entries, standing
from kpis.entries.values import expected_slots, read_sites


@dataclass(frozen=True, slots=True)
class MadeOf:
    """The entered values behind a reading, and those that were expected and are not there."""

    entries: tuple[Entry, ...] = ()
    lacking: tuple[Slot, ...] = ()


def made_of(
    reader: Reader,
    definition: Definition,
    period: Period,
    where: Mapping[str, str],
    as_of: int | None = None,
) -> MadeOf:
    """What the reading of a period and part of the agency was pooled from."""
    office = where.get(OFFICE)
    holds = standing(read_entries(reader, codes=[definition.code]), as_of)
    there = [one for slot, one in holds.items() if _is_in(slot, period, office)]
    last = Period.covering(period.last_day, definition.frequency)
    expected = expected_slots(definition, read_sites(reader), last)
    lacking = [slot for slot in expected if _is_in(slot, period, office) and slot not in holds]
    ordered = sorted(there, key=lambda one: (one.slot.period.start, one.slot.office or ""))
    return MadeOf(tuple(ordered), tuple(lacking))


def approved_between(
    reader: Reader,
    definition: Definition,
    period: Period,
    where: Mapping[str, str],
    span: tuple[datetime, datetime],
) -> tuple[Entry, ...]:
    """What was approved after one publication up to another, and counts in the reading."""
    after, until = span
    return tuple(
        entry
        for entry in read_entries(reader, codes=[definition.code])
        if entry.is_approved
        and entry.decided_at is not None
        and after < entry.decided_at <= until
        and _is_in(entry.slot, period, where.get(OFFICE))
    )


def _is_in(slot: Slot, period: Period, office: str | None) -> bool:
    inside = period.start <= slot.period.start and slot.period.end <= period.end
    return inside and office in (None, slot.office)
