"""Where a value comes from: formula, loads, how many rows were counted and left out; never rows."""

from __future__ import annotations

from typing import Any

from dashboard.web.api.answers import Document
from dashboard.web.api.figures import reading_of
from dashboard.web.api.question import Question
from dashboard.web.api.values import newest_known
from data.access.permissions import Permission
from kpis.completeness import completeness_of_all
from kpis.lineage import BatchUse, Explanation, explain
from kpis.readings import Ask, values_of
from kpis.register import read_kpi


def explained(question: Question) -> Document:
    """Everything behind the readings of one period and part of the agency."""
    with question.workspace.read(question.actor, Permission.KPI_VIEW) as reader:
        kpi = read_kpi(reader, question.kpi)
        event, part = question.event(reader), question.part()
        frequency = question.frequency() or kpi.definition.frequency
        period = question.period("period")
        period = period or newest_known(reader, kpi, event, frequency, question)
        asked = Ask(kpi.code, period, period, where=part, as_of=event)
        values_of(reader, kpi, asked)  # refuses what cannot be told
        found = explain(reader, kpi.code, period, where=part, as_of=event)
        known = completeness_of_all(reader, kpi, found.readings, event)
    return {
        "code": kpi.code,
        "definition_version": found.definition.version,
        "period": found.period.code,
        "where": dict(found.where),
        "values": [
            reading_of(each, one, question.texts)
            for each, one in zip(found.readings, known, strict=True)
        ],
        "formula": [
            {"role": line.role, "text": line.text, "reason": line.reason or None}
            for line in found.formula
        ],
        **_counts(found),
        "event": found.event,
        "reference_version": found.reference_version,
        "batches": [_batch(one) for one in found.batches],
        "gaps": {name: coverage.value for name, coverage in found.gaps.items()},
        "missing_days": {
            member: [day.isoformat() for day in days] for member, days in found.missing.items()
        },
    }


def _counts(found: Explanation) -> dict[str, Any]:
    """Rows counted and left out; none where a value is hidden, which they would give away."""
    if found.is_suppressed:
        return {"rows": None, "numerator": None, "denominator": None, "excluded": None}
    return {
        "rows": found.counted,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "excluded": dict(found.excluded),
    }


def _batch(batch: BatchUse) -> dict[str, Any]:
    first, last = batch.coverage_from, batch.coverage_to
    return {
        "id": batch.id,
        "extract": batch.contract,
        "file_name": batch.file_name,
        "loaded_at": batch.loaded_at.isoformat(timespec="seconds"),
        "cut_at": batch.cut_at.isoformat(timespec="seconds"),
        "coverage_from": first.isoformat() if first else None,
        "coverage_to": last.isoformat() if last else None,
        "rows": batch.rows,
        "history": batch.history,
    }
