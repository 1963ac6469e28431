"""A value from an incomplete extract says so: which extract, and what it lacks."""

from __future__ import annotations

from typing import Any

from dashboard.components.extracts.names import days, extract_name
from data.language.texts import Texts
from kpis.completeness import Completeness, Lack

NAMED_AT_MOST, STRETCHES = 1, 3  # extracts, and stretches of days of one, before they are counted


def in_words(texts: Texts, found: Completeness) -> str:
    """'preliminary: Applications (known until 6 Jan 2026)'; '' where nothing is missing."""
    if found.is_full:
        return ""
    if not found.lacks:
        return texts.text("kpi_row.partial") if found.is_partial else ""
    key = "data_quality.partial" if found.is_partial else "data_quality.unknown"
    return texts.text(key, lacks=_lacks(texts, found))


def in_few_words(texts: Texts, found: Completeness) -> str:
    """The same for a narrow cell beside a value: of many extracts only their number."""
    if not found.is_partial:
        return ""
    if len(found.lacks) <= NAMED_AT_MOST:
        return in_words(texts, found)
    return texts.text("data_quality.partial_many", count=len(found.lacks))


def lacking(texts: Texts, found: Completeness) -> str:
    """'Incomplete: Applications (known until 6 Jan 2026)', as a sentence of its own."""
    return texts.text("data_quality.lacking", lacks=_lacks(texts, found))


def _lacks(texts: Texts, found: Completeness) -> list[str]:
    return [lack_in_words(texts, one) for one in found.lacks]


def lack_in_words(texts: Texts, lack: Lack) -> str:
    """'Applications (known until 6 Jan 2026)', 'Payments (missing: 3–9 Mar 2025)'."""
    name = extract_name(texts, lack.extract)
    if lack.known_until is None:
        return texts.text("data_quality.lack_all", extract=name)
    if lack.only_the_end or lack.missing[0][0] > lack.known_until:
        until = texts.day_short(lack.known_until)
        return texts.text("data_quality.lack_until", extract=name, day=until)
    return texts.text("data_quality.lack_days", extract=name, days=stretches(texts, lack.missing))


def stretches(texts: Texts, spans: Any) -> str:
    """'1–5 Mar 2025, 9 Mar 2025 ...': of many stretches the first ones."""
    told = [days(texts, *span) for span in spans[:STRETCHES]]
    return texts.value(told) + (" …" if len(spans) > STRETCHES else "")


def as_document(found: Completeness) -> dict[str, Any]:
    """The same for a program: the state, and of each extract that lacks days which ones."""
    return {
        "state": found.coverage.value,
        "extracts": [
            {
                "extract": lack.extract,
                "known_until": lack.known_until.isoformat() if lack.known_until else None,
                "missing": [
                    {"from": first.isoformat(), "to": last.isoformat()}
                    for first, last in lack.missing
                ],
            }
            for lack in found.lacks
        ],
    }


def incomplete_extracts(found: Completeness) -> str:
    """The same in one cell of a file: 'applications:2026-01-07..2026-01-31; payments:...'."""
    told = []
    for lack in found.lacks:
        spans = ",".join(f"{first}..{last}" for first, last in lack.missing)
        told.append(f"{lack.extract}:{spans}")
    return "; ".join(told)
