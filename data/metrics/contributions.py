"""What each event adds to the cells of a query, kept in Parquet beside the batches.

    <root>/<contract>/contributions/<query>-<reference>/event-<number>-<history>.parquet

An event contributes the cells of the rows it touches as they are after it, less the same as they
were before it. As of event k is therefore the sum of the contributions up to k. A row is touched
when its own batch, or a batch of a contract joined to it, comes or goes. The name of a file holds
a hash of everything that led to the event, so that a store put back to an earlier day and loaded
differently never meets contributions of the other history.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.metrics.cells import Relations, cells_sql, nothing_sql
from data.metrics.compilation import Measure
from data.metrics.history import Event, History, Shape
from data.metrics.query import Existence, Query
from data.metrics.reference import Reference
from data.metrics.runner import Runner, Session
from data.store.batches import BatchStore
from data.store.versions import (
    LiveBatch,
    known_keys_sql,
    touched_keys_sql,
    values_of_keys_sql,
    winners_sql,
)

LAYOUT = "1"  # raise it when cells change, so that older files are no longer found
SHORT = 16  # hex digits of a hash in a name

Needed = Mapping[str, tuple[str, ...]]  # contract -> columns


@dataclass(frozen=True, slots=True)
class Contributions:
    """The contributions of all queries over the batches of one store."""

    store: BatchStore
    runner: Runner

    def folder(self, query: Query, reference: Reference) -> Path:
        """Where the contributions of a query lie, as measured with this reference data."""
        name = _hash(LAYOUT, query.content_hash)
        counted = reference.for_counting(by_place_of_office=query.asks_place_of_office)
        version = counted.version[:SHORT]
        return self.store.root / query.contract / "contributions" / f"{name}-{version}"

    def paths(self, query: Query, reference: Reference, history: History) -> dict[Event, Path]:
        """The file of every event that concerns the query, made or not, in order."""
        folder, trail, paths = self.folder(query, reference), "", {}
        for event in history.touching(query.contracts):
            trail = _hash(trail, str(event.number), event.kind, event.contract, event.batch)
            paths[event] = folder / f"event-{event.number}-{trail}.parquet"
        return paths

    def make_missing(
        self, measures: Sequence[Measure], reference: Reference, history: History
    ) -> int:
        """Make every file that is not there yet; the number made.

        The measures share one contract, and have no joins if they are several: what an event
        changed in the rows is then found once for all of them.
        """
        waiting: dict[Event, list[tuple[Measure, Path]]] = {}
        for measure in measures:
            for event, path in self.paths(measure.query, reference, history).items():
                if not path.exists():
                    waiting.setdefault(event, []).append((measure, path))
            self.folder(measure.query, reference).mkdir(parents=True, exist_ok=True)
        if waiting:
            with self.runner.session() as session:
                session.register(reference.tables())
                for event in sorted(waiting, key=lambda each: each.number):
                    wanted = waiting[event]
                    sides = self._sides(session, [measure for measure, _ in wanted], event, history)
                    for measure, path in wanted:
                        _write(session, cells_sql(measure, sides), path)
        return sum(map(len, waiting.values()))

    def forget(self, query: Query, reference: Reference) -> None:
        """Remove what was kept, and what a killed refresh left, to have it made anew."""
        for path in self.folder(query, reference).glob("*event-*"):
            path.unlink(missing_ok=True)

    def relation(self, measure: Measure, reference: Reference, history: History) -> str:
        """A relation of all contributions up to the end of a history; all must have been made."""
        paths = self.paths(measure.query, reference, history)
        if not paths:
            return f"({nothing_sql(measure)})"
        return f"read_parquet([{', '.join(_text(str(path)) for path in paths.values())}])"

    def current(self, measure: Measure, history: History) -> Relations:
        """Contract -> a relation of the rows that count as of the end of a history."""
        needed = _needed([measure])
        return {name: self._winners(measure, name, history, needed) for name in needed}

    def _sides(
        self, session: Session, measures: Sequence[Measure], event: Event, history: History
    ) -> list[tuple[int, Relations]]:
        """The rows as they are after an event, and to be taken back, as they were before it."""
        measure, after = measures[0], history.as_of(event.number)
        before = after.as_of(event.number - 1)
        needed = _needed(measures)
        if not before.live(measure.query.contract):  # nothing to take back
            return [(1, {name: self._winners(measure, name, after, needed) for name in needed})]
        session.keep("touched", self._touched(session, measure, event, after))
        return [
            (sign, self._side(session, measure, name, known, needed))
            for sign, name, known in ((1, "after", after), (-1, "before", before))
        ]

    def _touched(self, session: Session, measure: Measure, event: Event, after: History) -> str:
        """SELECT of the keys of all rows the event can change, and perhaps of some it does not."""
        shape = measure.shapes[event.contract]
        (batch,) = (one for one in after.loaded(event.contract) if one.id == event.batch)
        keys = touched_keys_sql(self.store, batch, key=shape.key)
        if event.contract == measure.query.contract:
            return keys
        for join in measure.query.joins:
            if join.contract == event.contract:
                return self._roots_beside(session, measure, join.on, keys, after)
        (one,) = (one for one in measure.query.exists if one.contract == event.contract)
        session.keep("touched_many", keys)
        held = values_of_keys_sql(
            self.store,
            after.loaded(one.contract),
            key=shape.key,
            columns=list(one.on.values()),
            only="touched_many",
        )
        return self._roots_beside(session, measure, one.on, held, after)

    def _roots_beside(
        self, session: Session, measure: Measure, on: Mapping[str, str], held: str, after: History
    ) -> str:
        """SELECT of the keys of the root rows beside which any of the values held may lie."""
        ordered = ", ".join(f'"{other}" AS "_key{n}"' for n, other in enumerate(on.values()))
        session.keep("touched_beside", f"SELECT {ordered} FROM ({held}) AS held")
        root = measure.query.contract
        columns = ", ".join(f'"{column}"' for column in on)
        keys = ", ".join(f'"_key{n}"' for n in range(len(on)))
        touched = f"({columns}) IN (SELECT {keys} FROM touched_beside)"
        return known_keys_sql(
            self.store, after.live(root), key=measure.shapes[root].key, where=touched
        )

    def _side(
        self, session: Session, measure: Measure, name: str, history: History, needed: Needed
    ) -> dict[str, str]:
        """Contract -> a relation of what counted for the touched rows, as of the history."""
        root, rows = measure.query.contract, f"{name}_rows"
        found = self._winners(measure, root, history, needed, only="touched")
        session.keep(rows, f"SELECT * FROM {found} AS found")
        relations = {root: rows}
        for number, join in enumerate(measure.query.joins):
            wanted = f"{name}_keys{number}"
            pairs = ", ".join(f'"{column}" AS "{key}"' for column, key in join.on.items())
            session.keep(wanted, f"SELECT DISTINCT {pairs} FROM {rows}")
            beside = self._winners(measure, join.contract, history, needed, only=wanted)
            relations[join.contract] = beside
        for number, one in enumerate(measure.query.exists):
            relations[one.contract] = self._many(
                session, measure, one, history, needed, rows, f"{name}_many{number}"
            )
        return relations

    def _many(
        self,
        session: Session,
        measure: Measure,
        one: Existence,
        history: History,
        needed: Needed,
        rows: str,
        kept: str,
    ) -> str:
        """A relation of the rows of another contract that can lie beside some root rows."""
        pairs = ", ".join(f'"{column}" AS "{other}"' for column, other in one.on.items())
        session.keep(f"{kept}_values", f"SELECT DISTINCT {pairs} FROM {rows}")
        others = ", ".join(f'"{other}"' for other in one.on.values())
        beside = f"({others}) IN (SELECT {others} FROM {kept}_values)"
        live, key = history.live(one.contract), measure.shapes[one.contract].key
        session.keep(f"{kept}_keys", known_keys_sql(self.store, live, key=key, where=beside))
        return self._winners(measure, one.contract, history, needed, only=f"{kept}_keys")

    def _winners(
        self,
        measure: Measure,
        contract: str,
        history: History,
        needed: Needed,
        only: str | None = None,
    ) -> str:
        shape, batches = measure.shapes[contract], history.live(contract)
        return winners(self.store, shape, batches, needed[contract], only)


def _needed(measures: Sequence[Measure]) -> Needed:
    """Contract -> the columns that any of the measures looks at."""
    found: dict[str, dict[str, None]] = {}
    for measure in measures:
        for contract in measure.shapes:
            found.setdefault(contract, {}).update(dict.fromkeys(measure.columns[contract]))
    return {contract: tuple(columns) for contract, columns in found.items()}


def winners(
    store: BatchStore,
    shape: Shape,
    batches: tuple[LiveBatch, ...],
    columns: tuple[str, ...],
    only: str | None = None,
) -> str:
    """A relation of the winning version of each key; typed even when no batch holds a row."""
    if not any(store.has_rows(batch.contract, batch.id) for batch in batches):
        empty = [f'CAST(NULL AS {shape.sql_type(name)}) AS "{name}"' for name in columns]
        return f"(SELECT {', '.join([*empty, 'CAST(NULL AS BIGINT) AS _batch'])} WHERE 1 = 0)"
    found = winners_sql(
        store,
        batches,
        key=shape.key,
        updated=shape.updated,
        columns=columns,
        only_keys_relation=only,
    )
    return f"({found})"


def _write(session: Session, select: str, path: Path) -> None:
    """Write beside, flush, rename: a file is there as a whole or not at all."""
    beside = path.with_name(f".{path.stem}-{uuid.uuid4().hex}.tmp")
    try:
        session.write(select, beside)
        _flush(beside)
        beside.rename(path)
        _flush(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:SHORT]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
