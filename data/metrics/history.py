"""What the engine knows of extracts: the shape of a contract, and what happened up to when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from data.metrics.kinds import OF_TYPE, SQL_TYPE
from data.store.versions import LOAD, LiveBatch


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a contract as its batches hold them.

    `columns` maps name to contract type (id, str, code, date, ts, int, dec, bool); columns in
    `instants` have a companion `<name>_utc`; `updated` tells which version of a key is newer.
    """

    contract: str
    columns: Mapping[str, str] = field(hash=False)
    key: tuple[str, ...]
    updated: str | None = None
    instants: frozenset[str] = frozenset()

    def sql_type(self, column: str) -> str:
        """How batches store a column, or the UTC companion of one."""
        if column not in self.columns and column.removesuffix("_utc") in self.instants:
            return "TIMESTAMP"
        return SQL_TYPE[OF_TYPE[self.columns[column]]]


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A numbered load or withdrawal of a batch (`kind` as in data.store.versions)."""

    number: int
    kind: str
    contract: str
    batch: str


@dataclass(frozen=True, slots=True)
class History:
    """Every event up to the one as of which something is asked, in order of their numbers."""

    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, events: Iterable[Event]) -> History:
        """The history these events make, put in order."""
        return cls(tuple(sorted(events)))

    @property
    def number(self) -> int:
        """The last event's number; 0 when nothing has happened yet."""
        return self.events[-1].number if self.events else 0

    def as_of(self, number: int) -> History:
        """What was known once event `number` had happened."""
        return History(tuple(event for event in self.events if event.number <= number))

    def touching(self, contracts: frozenset[str]) -> tuple[Event, ...]:
        """The events that concern one of the contracts."""
        return tuple(event for event in self.events if event.contract in contracts)

    def last_touching(self, contracts: frozenset[str]) -> int:
        """The number of the last event that concerns one of the contracts; 0 without any."""
        return max((event.number for event in self.touching(contracts)), default=0)

    def live(self, contract: str) -> tuple[LiveBatch, ...]:
        """The batches of a contract that are loaded and not withdrawn, in load order."""
        batches: dict[str, LiveBatch] = {}
        for event in self.touching(frozenset({contract})):
            if event.kind == LOAD:
                batches[event.batch] = LiveBatch(event.batch, contract, event.number)
            else:
                batches.pop(event.batch, None)
        return tuple(batches.values())

    def loaded(self, contract: str) -> tuple[LiveBatch, ...]:
        """Every batch of a contract ever loaded, withdrawn or not, in load order."""
        return tuple(
            LiveBatch(event.batch, contract, event.number)
            for event in self.touching(frozenset({contract}))
            if event.kind == LOAD
        )
