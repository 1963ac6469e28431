"""Where a KPI is expected at the end of the year, with its interval, or why nothing is said."""

from __future__ import annotations

from data.language.texts import Texts
from kpis.scorecard import ScorecardRow

OVER = "projection.withheld.year_over"  # what nobody asks of a finished year


def in_words(texts: Texts, row: ScorecardRow) -> str | None:
    """A sentence for the page of the KPI; None where the year is over or nothing was asked."""
    projected = row.projection
    if projected is None or not row.reading.loaded:
        return None
    if projected.expected is not None:
        return texts.text(
            "projection.year_end",
            period=projected.period,
            figure=projected.expected.figure,
            low=texts.figure_number(projected.expected.low),
            high=texts.figure_number(projected.expected.high),
        )
    if projected.withheld is None or projected.withheld.key == OVER:
        return None
    return texts.text("projection.not_said", reason=texts.said(projected.withheld))


def short(texts: Texts, row: ScorecardRow) -> str:
    """'96.2 (95.1–97.0)' for a file; a dash where nothing is said."""
    figure, ends = parts(texts, row)
    return f"{figure} ({ends})" if ends else figure


def parts(texts: Texts, row: ScorecardRow) -> tuple[str, str]:
    """The expected number and the ends of its interval; a dash and nothing where none is said."""
    expected = row.projection.expected if row.projection and row.reading.loaded else None
    if expected is None:
        return texts.value(None), ""
    low, high = texts.figure_number(expected.low), texts.figure_number(expected.high)
    return texts.figure_number(expected.figure), f"{low}\N{EN DASH}{high}"
