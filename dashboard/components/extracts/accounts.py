"""The account of a load, read back from where it was kept: a finished job, or a batch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from data.errors import Refusal
from data.extracts.checked_file import Note
from data.extracts.history import Load
from data.extracts.loading import LoadReport, RowFates

_DAYS = ("scope_from", "scope_to", "coverage_from", "coverage_to")
_FATES = tuple(RowFates.__dataclass_fields__)


def from_result(kept: Mapping[str, Any]) -> LoadReport:
    """The account a job gave, as the queue kept it."""
    known = {name: kept[name] for name in LoadReport.__dataclass_fields__ if name in kept}
    refused, cut_at = known.get("refused"), known.get("cut_at")
    return LoadReport(
        **known
        | {name: date.fromisoformat(known[name]) for name in _DAYS if known.get(name)}
        | {
            "cut_at": datetime.fromisoformat(cut_at) if cut_at else None,
            "rows": RowFates(**known["rows"]) if known.get("rows") else None,
            "notes": tuple(Note(**note) for note in known.get("notes", ())),
            "refused": Refusal(refused["key"], **refused["values"]) if refused else None,
        }
    )


def from_load(load: Load) -> LoadReport:
    """The account of a load when it was made, as its batch tells it."""
    batch = load.batch
    return LoadReport(
        file_name=batch.file_name,
        sha256=batch.sha256,
        contract=batch.contract,
        profile=batch.profile,
        event=load.event.number,
        batch=batch.id,
        rows=RowFates(**{fate: getattr(batch, f"rows_{fate}") for fate in _FATES}),
        quarantine_reasons=batch.quarantine_reasons,
        notes=tuple(_note(note) for note in batch.notes),
        scope=batch.scope,
        scope_from=batch.scope_from,
        scope_to=batch.scope_to,
        coverage_from=batch.coverage_from,
        coverage_to=batch.coverage_to,
        cut_at=batch.cut_at,
        encoding=batch.encoding,
        control_totals=batch.control_totals,
    )


def _note(kept: Mapping[str, Any]) -> Note:
    return Note(kept["key"], {name: value for name, value in kept.items() if name != "key"})
