"""Loads side by side: what became of their rows, why rows stayed outside, how late each came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from zoneinfo import ZoneInfo

from data.extracts.history import Load
from data.extracts.loading import RowFates


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Why rows stayed outside: how many, and the loads they came with, the newest first.

    A row may have several reasons; it counts for each.
    """

    reason: str
    rows: int
    share: float  # of all the reasons named, 0 to 1
    up_to_here: float  # of this reason and those before it together
    loads: tuple[Load, ...]


@dataclass(frozen=True, slots=True)
class SourceCount:
    """What came in one way, by one profile: rows read and rows that stayed outside."""

    profile: str
    loads: int
    read: int
    quarantined: int

    @property
    def share(self) -> float | None:
        return self.quarantined / self.read if self.read else None


def fates(loads: Iterable[Load]) -> RowFates:
    """The rows of some loads by fate, added up."""
    listed = list(loads)
    names = [one.name for one in fields(RowFates)]
    sums = {name: sum(getattr(one.batch, f"rows_{name}") for one in listed) for name in names}
    return RowFates(**sums)


def reasons(loads: Sequence[Load]) -> tuple[ReasonCount, ...]:
    """The reasons in some loads, the commonest first: few of them usually make up most."""
    counted: dict[str, int] = {}
    for load in loads:
        for reason, rows in load.batch.quarantine_reasons.items():
            counted[reason] = counted.get(reason, 0) + rows
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    total = sum(counted.values())
    so_far = accumulate(rows for _reason, rows in ordered)
    return tuple(
        ReasonCount(reason, rows, rows / total, until / total, _with_reason(loads, reason))
        for (reason, rows), until in zip(ordered, so_far, strict=True)
    )


def sources(loads: Iterable[Load]) -> tuple[SourceCount, ...]:
    """Each way in which rows came, the one with the largest share outside first."""
    found: dict[str, list[Load]] = {}
    for load in loads:
        found.setdefault(load.batch.profile, []).append(load)
    counted = [
        SourceCount(
            profile,
            len(own),
            sum(load.batch.rows_read for load in own),
            sum(load.batch.rows_quarantined for load in own),
        )
        for profile, own in found.items()
    ]
    return tuple(sorted(counted, key=lambda one: (-(one.share or 0), one.profile)))


def delay_days(load: Load, zone: ZoneInfo) -> int | None:
    """Whole days from the last day a load speaks for until it came; None where it names none."""
    last = load.batch.coverage_to
    return None if last is None else (load.batch.loaded_at.astimezone(zone).date() - last).days


def is_of_its_time(load: Load) -> bool:
    """Whether its delay says anything: history, and demo data, were brought in later on purpose."""
    return not (load.batch.history or load.batch.demo)


def _with_reason(loads: Sequence[Load], reason: str) -> tuple[Load, ...]:
    found = [load for load in loads if reason in load.batch.quarantine_reasons]
    return tuple(sorted(found, key=lambda load: -load.event.number))
