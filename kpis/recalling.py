"""KPIs as they were known earlier: place, objective, owner, retirement; by undoing what came since.

Versions of definitions are never changed, so that they are dated by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import select

from data.recalling import as_rows, later_entries, put_back
from data.store.tables import KpiDefinition, KpiDefinitionVersion
from data.workspace import Reader, noun_of

KPI, VERSION = noun_of(KpiDefinition), noun_of(KpiDefinitionVersion)


def recalled_kpis(reader: Reader) -> Mapping[str, KpiDefinition]:
    """Every KPI there is, or was at the time looked at, by its code."""
    found, entries = reader.all(select(KpiDefinition)), later_entries(reader, KPI, VERSION)
    if not entries:
        return {row.code: row for row in found}
    rows = as_rows(found)
    for entry in entries:
        if entry.noun == KPI:
            put_back(rows, entry.noun_id, entry.old)
        elif entry.old is None:  # its first version was written
            put_back(rows, str((entry.new or {}).get("code")), None)
    return {code: KpiDefinition.model_validate(values) for code, values in rows.items()}
