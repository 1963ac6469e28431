"""What holds on spans of days, as it stands: every row with its source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import select

from data.access.actor import Actor
from data.access.permissions import Permission
from data.agency.spans.kinds import KEYS, TABLES, SpanKind, SpanRow
from data.workspace import Workspace


def read_spans(workspace: Workspace, *, by: Actor, kind: SpanKind) -> tuple[SpanRow, ...]:
    """The rows of a kind by what they are of, the newest of each first."""
    table: Any = TABLES[kind]
    with workspace.read(by, Permission.REFERENCE_VIEW) as reader:
        rows: Iterable[SpanRow] = reader.all(select(table))
    newest = sorted(rows, key=lambda row: row.valid_from, reverse=True)
    return tuple(sorted(newest, key=lambda row: [getattr(row, name) for name in KEYS[kind]]))
