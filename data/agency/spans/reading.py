"""What holds on spans of days, as it stands, or stood: every row with its source."""

from __future__ import annotations

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.spans.kinds import KEYS, TABLES, SpanKind, SpanRow
from data.recalling import recalled
from data.workspace import Workspace


def read_spans(workspace: Workspace, *, by: Actor, kind: SpanKind) -> tuple[SpanRow, ...]:
    """The rows of a kind by what they are of, the newest of each first."""
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        rows = recalled(reader, TABLES[kind])
    newest = sorted(rows, key=lambda row: row.valid_from, reverse=True)
    return tuple(sorted(newest, key=lambda row: [getattr(row, name) for name in KEYS[kind]]))
