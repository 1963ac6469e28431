"""How entered values are printed: as a table, as JSON, and in an explanation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from data.language.texts import Texts
from kpis.definitions import Definition
from kpis.entering.waiting import Expected
from kpis.entries.reading import Entry
from kpis.entries.values import figure_of
from kpis.lineage import Explanation

HEAD = ("entry", "kpi", "period", "office", "state", "value", "entered")


def entry_as_dict(entry: Entry) -> dict[str, Any]:
    """An entered value in full."""
    return {
        "id": entry.id,
        "kpi": entry.slot.code,
        "period": entry.slot.period.code,
        "office": entry.slot.office,
        "numerator": entry.numerator,
        "denominator": entry.denominator,
        "state": entry.state.value,
        "reason": entry.reason or None,
        "replaces": entry.replaces_id,
        "entered_by": entry.entered_by,
        "writers": sorted(entry.writers),
        "decided_by": entry.decided_by,
        "decided_at": entry.decided_at.isoformat() if entry.decided_at else None,
        "evidence": [
            {"note": item.note or None, "file": item.file_name, "sha256": item.sha256}
            for item in entry.evidence
        ],
    }


def expected_as_dict(row: Expected) -> dict[str, Any]:
    """A value that is expected, with what is approved of it and on its way."""
    return {
        "kpi": row.slot.code,
        "period": row.slot.period.code,
        "office": row.slot.office,
        "approved": entry_as_dict(row.approved) if row.approved else None,
        "on_its_way": entry_as_dict(row.on_its_way) if row.on_its_way else None,
        "locked": row.lock is not None,
    }


def table_of(rows: Iterable[Expected], texts: Texts) -> tuple[list[str], list[list[str]]]:
    """Headers and lines, one a value."""
    heads = [texts.text(f"entering.head.{name}") for name in HEAD]
    return heads, [_line(row, texts) for row in rows]


def said_entries(found: Explanation, texts: Texts) -> Iterator[str]:
    """Who entered and approved what a reading is made of, and what proves it."""
    for entry in found.entered.entries if found.entered else ():
        office = f" {entry.slot.office}" if entry.slot.office else ""
        proofs = [item.note or f"{item.file_name} {item.sha256}" for item in entry.evidence]
        yield texts.text(
            "entering.made_of_line",
            slot=f"{texts.period(entry.slot.period)}{office}",
            value=_value(found.definition, entry, texts),
            by=entry.entered_by,
            decided=entry.decided_by,
            at=entry.decided_at,
            evidence="; ".join(proofs),
        )


def _line(row: Expected, texts: Texts) -> list[str]:
    entry = row.on_its_way or row.approved
    state = texts.word(entry.state) if entry else texts.text("entering.missing")
    return [
        str(entry.id) if entry else "",
        row.slot.code,
        row.slot.period.code,
        row.slot.office or "",
        state,
        _value(row.definition, entry, texts) if entry else "",
        entry.entered_by if entry else "",
    ]


def _value(definition: Definition, entry: Entry, texts: Texts) -> str:
    return texts.figure(figure_of(definition, entry.numerator, entry.denominator))
