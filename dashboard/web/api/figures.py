"""Figures, readings and targets as JSON: the value, what is shown of it, or why there is none."""

from __future__ import annotations

from typing import Any

from dashboard.components.kpis.completeness import as_document
from data.figure import Figure, Missing
from data.language.languages import LocalText
from data.language.texts import Texts
from kpis.assessment import Target
from kpis.completeness import Completeness
from kpis.definitions import Words
from kpis.stored_readings import Reading

# Here the reading carries no number of cases: it would give a hidden value away, or is none.
WITHOUT_CASES = frozenset({Missing.SUPPRESSED, Missing.NOT_LOADED})


def named(words: Words | None, texts: Texts) -> str | None:
    """A text in three languages, in the one spoken."""
    return LocalText(words.sq, words.sr, words.en).within(texts.language) if words else None


def figure_of(figure: Figure, texts: Texts) -> dict[str, Any]:
    """A figure in full, as it is shown, and in words."""
    return {
        "value": figure.value,
        "shown": None if figure.shown is None else str(figure.shown),
        "text": texts.figure(figure),
        "unit": figure.unit.value,
        "decimals": figure.decimals,
        "missing": figure.missing.value if figure.missing else None,
    }


def reading_of(reading: Reading, known: Completeness, texts: Texts) -> dict[str, Any]:
    """A reading: of which period and part of the agency, what it is, on how many cases it rests.

    `known` says how much of the period its extracts know.
    """
    hidden = reading.figure.missing in WITHOUT_CASES
    return {
        "period": reading.period.code,
        "period_start": reading.period.start.isoformat(),
        "period_end": reading.period.last_day.isoformat(),
        "measure": reading.measure,
        "cell": dict(reading.cell.members),
        **figure_of(reading.figure, texts),
        "cases": None if hidden else reading.cases,
        "interval": _interval(reading, texts),
        "partial": reading.partial,
        "completeness": as_document(known),
    }


def _interval(reading: Reading, texts: Texts) -> dict[str, Any] | None:
    """Of a sample: between what the share of all lies, with 95 % confidence."""
    if reading.interval is None:
        return None
    low, high = reading.interval
    return {"low": figure_of(low, texts), "high": figure_of(high, texts), "confidence": 0.95}


def target_of(target: Target | None) -> dict[str, Any] | None:
    """What is aimed at, and on whose word."""
    if target is None:
        return None
    return {
        "low": target.low,
        "high": target.high,
        "source": target.source,
        "assumption": target.assumption,
        "tolerance": target.tolerance,
    }
