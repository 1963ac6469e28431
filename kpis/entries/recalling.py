"""Entered values as they were known earlier: by undoing what was done with them since."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import select

from data.recalling import Rows, as_rows, later_entries, put_back
from data.store.tables import AuditEntry, EnteredReading, Evidence
from data.workspace import Reader, noun_of

READING, EVIDENCE = noun_of(EnteredReading), noun_of(Evidence)
SEVERAL = "rows"  # under which an entry about many rows keeps what each was


def recalled_entries(
    reader: Reader, codes: Collection[str] | None, ids: Collection[int] | None
) -> Sequence[EnteredReading]:
    """The rows of these KPIs, or under these ids, as they were, in the order of their ids."""
    rows = as_rows(reader.all(select(EnteredReading)))
    for entry in later_entries(reader, READING, EVIDENCE):
        _undo(rows, entry)
    found = (EnteredReading.model_validate(values) for values in rows.values())
    wanted = (
        row
        for row in found
        if (codes is None or row.kpi_code in codes) and (ids is None or row.id in ids)
    )
    return sorted(wanted, key=lambda row: row.id or 0)


def _undo(rows: Rows, entry: AuditEntry) -> None:
    old = entry.old or {}
    if entry.noun == EVIDENCE:  # who adds or removes it writes on the value
        if was := old.get("reading"):  # the first entries of this kind did not keep it
            put_back(rows, str(was["id"]), was)
    elif SEVERAL in old:
        for number, was in old[SEVERAL].items():
            put_back(rows, number, was)
    else:
        put_back(rows, entry.noun_id, entry.old)
