"""A store of batches for tests: loads and withdrawals as they happen, every version remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.calendar import WorkingCalendar
from data.metrics.engine import Engine
from data.metrics.history import Event, History, Shape
from data.metrics.reference import Reference, Rule
from data.store.batches import BatchStore
from data.store.versions import LOAD, WITHDRAWAL

APPLICATIONS = Shape(
    contract="applications",
    columns={
        "application_id": "id",
        "service_code": "code",
        "speed": "code",
        "office_code": "code",
        "municipality_code": "code",
        "submitted_at": "ts",
        "complete_at": "ts",
        "suspended_days": "int",
        "due_date": "date",
        "decision": "code",
        "decided_at": "ts",
        "rejection_reason": "code",
        "ready_at": "ts",
        "issued_at": "ts",
        "is_test": "bool",
        "updated_at": "ts",
    },
    key=("application_id",),
    updated="updated_at",
    instants=frozenset({"submitted_at", "ready_at"}),
)
PRODUCTION = Shape(
    contract="production",
    columns={
        "production_id": "id",
        "application_id": "id",
        "document_type": "code",
        "personalised_at": "ts",
        "quality_result": "code",
        "defect_code": "code",
        "reprint_of": "id",
        "cost": "dec",
    },
    key=("production_id",),
)
CHECKS = Shape(
    contract="checks",
    columns={
        "check_id": "id",
        "run_date": "date",
        "register": "code",
        "place": "code",
        "rule": "code",
        "weight": "dec",
        "checked": "int",
        "failed": "int",
    },
    key=("check_id",),
)
DOCUMENTS = Shape(
    contract="documents",
    columns={"document_id": "id", "kind": "code", "expiry": "date", "active": "bool"},
    key=("document_id",),
)
MESSAGES = Shape(
    contract="messages",
    columns={"message_id": "id", "document_id": "id", "status": "code", "delivered_at": "ts"},
    key=("message_id",),
)
SHAPES = {
    shape.contract: shape for shape in (APPLICATIONS, PRODUCTION, CHECKS, DOCUMENTS, MESSAGES)
}
_ARROW = {
    "date": pa.date32(),
    "ts": pa.timestamp("us"),
    "int": pa.int64(),
    "dec": pa.decimal128(18, 4),
    "bool": pa.bool_(),
}

NEW_YEAR = date(2025, 1, 1)
REFERENCE = Reference(
    calendar=WorkingCalendar(
        holidays=frozenset({NEW_YEAR, date(2025, 1, 2), date(2024, 12, 25)}),
        working=frozenset({date(2024, 12, 28)}),
    ),
    rules=(
        Rule("PASSPORT", "normal", date(2020, 1, 1), 5, "working"),
        Rule("PASSPORT", "normal", NEW_YEAR, 3, "working"),
        Rule("ID_CARD", "normal", date(2020, 1, 1), 7, "calendar", date(2024, 12, 31)),
    ),
    districts=(("01", "D1"), ("02", "D1"), ("03", "D2")),
)

Row = Mapping[str, Any]


@dataclass
class Warehouse:
    """Batches in a folder, the events that brought them, and a copy of what they hold."""

    root: Path
    events: list[Event] = field(default_factory=list)
    batches: dict[str, tuple[list[Row], list[str]]] = field(default_factory=dict)

    @property
    def store(self) -> BatchStore:
        return BatchStore(self.root)

    @property
    def engine(self) -> Engine:
        return Engine(self.store, SHAPES, memory_limit="256MB", threads=2)

    @property
    def history(self) -> History:
        return History.of(self.events)

    def load(self, shape: Shape, rows: Iterable[Row] = (), tombstones: Iterable[str] = ()) -> str:
        """One batch of rows and buried keys; its id."""
        number = len(self.events) + 1
        batch, held, buried = f"b{number}", list(rows), list(tombstones)
        folder = self.store.folder(shape.contract, batch)
        if held:
            (folder / "2025").mkdir(parents=True)
            pq.write_table(_table(shape, held), folder / "2025" / "part.parquet")
        folder.mkdir(parents=True, exist_ok=True)
        if buried:
            keys = pa.table({shape.key[0]: pa.array(buried, pa.string())})
            pq.write_table(keys, self.store.tombstones_path(shape.contract, batch))
        self.batches[batch] = (held, buried)
        self.events.append(Event(number, LOAD, shape.contract, batch))
        return batch

    def withdraw(self, batch: str) -> None:
        """Take a batch back."""
        contract = next(event.contract for event in self.events if event.batch == batch)
        self.events.append(Event(len(self.events) + 1, WITHDRAWAL, contract, batch))

    def winners(self, shape: Shape, as_of: int) -> list[Row]:
        """The version of each key that counts, found one key at a time."""
        live: dict[str, int] = {}
        for event in self.events[:as_of]:
            if event.contract == shape.contract and event.kind == LOAD:
                live[event.batch] = event.number
            elif event.contract == shape.contract:
                del live[event.batch]
        best: dict[str, Row] = {}
        for batch in live:
            held, buried = self.batches[batch]
            for key in buried:
                best.pop(key, None)
            for row in held:
                key = row[shape.key[0]]
                if key not in best or not _older(row, best[key], shape.updated):
                    best[key] = row
        return list(best.values())


def _older(row: Row, than: Row, updated: str | None) -> bool:
    if updated is None or than.get(updated) is None:
        return False
    return row.get(updated) is None or row[updated] < than[updated]


def _table(shape: Shape, rows: list[Row]) -> pa.Table:
    """The rows with the types batches have."""
    columns = {name: _ARROW.get(kind, pa.string()) for name, kind in shape.columns.items()}
    columns |= {f"{name}_utc": pa.timestamp("us") for name in shape.instants}
    data = {name: pa.array([row.get(name) for row in rows], kind) for name, kind in columns.items()}
    return pa.table(data)
