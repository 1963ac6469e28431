"""The account of a load, read back from where it was kept: a finished job, or a batch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from data.errors import Refusal
from data.extracts.checked_file import Counts, Note
from data.extracts.history import Load
from data.extracts.loading import LoadReport, RowFates

_DAYS = ("scope_from", "scope_to", "coverage_from", "coverage_to")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T][\d:.]{5,15}(Z|[+-]\d\d:\d\d)")
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
            "counts": Counts(**known["counts"]) if known.get("counts") else None,
            "notes": tuple(message(note) for note in known.get("notes", ())),
            "refused": Refusal(refused["key"], **_typed(refused["values"])) if refused else None,
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


def message(kept: Mapping[str, Any]) -> Note:
    """A note as a job keeps it, its moments and days typed again."""
    return Note(kept["key"], _typed(kept["values"]))


def refusal_of(kept: Refusal) -> Refusal:
    """A refusal as a job keeps it, its moments and days typed again."""
    return Refusal(kept.key, **_typed(kept.values))


def _note(kept: Mapping[str, Any]) -> Note:
    """A note as a batch keeps it."""
    return Note(kept["key"], _typed({name: kept[name] for name in kept if name != "key"}))


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _moment_or_day(value) for name, value in values.items()}


def _moment_or_day(value: Any) -> Any:
    """What JSON keeps as text, as the language writes it; anything else stays as it is."""
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if _MOMENT.fullmatch(value) else value
