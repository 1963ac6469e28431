"""In which columns rows were refused, counted over loads; the rows themselves stay where they are.

Of a refused row only place, column, kind and reason are kept, so its office is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.access.actor import Actor
from data.access.permissions import Permission
from data.extracts.history import Load
from data.extracts.quality.rows import engine, fetched
from data.extracts.sql import listed
from data.store.batches import BatchStore
from data.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RefusedColumn:
    """Rows refused for one reason in one column."""

    reason: str
    column: str
    rows: int


def refused_columns(
    workspace: Workspace, *, by: Actor, loads: Sequence[Load]
) -> tuple[RefusedColumn, ...]:
    """The columns behind each reason, the commonest first; for those who may see the quarantine."""
    with workspace.read(by, Permission.QUARANTINE_VIEW):
        store = BatchStore(workspace.settings.extracts)
    paths = [store.quarantine_path(load.batch.contract, load.batch.id) for load in loads]
    kept = [str(path) for path in paths if path.exists()]
    if not kept:
        return ()
    with engine(workspace.settings) as connection:
        found = fetched(
            connection,
            'SELECT reason, "column", count(DISTINCT (file, row)) AS n '
            f"FROM read_parquet([{listed(kept)}]) GROUP BY ALL ORDER BY n DESC, 1, 2",
        )
    return tuple(RefusedColumn(reason, column, int(rows)) for reason, column, rows in found)
