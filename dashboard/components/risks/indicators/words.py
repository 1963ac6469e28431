"""Indicators in words: states as shape and word, values in the unit of their KPI."""

from __future__ import annotations

from collections.abc import Mapping

from data.figure import Figure, Missing
from data.language.texts import Texts
from kpis.measures import Measure
from risks.indicators.reading import EvaluatedReading
from risks.indicators.record import Indicator
from risks.indicators.thresholds import IndicatorState

SIGNS: Mapping[IndicatorState, str] = {
    IndicatorState.GREEN: "●",
    IndicatorState.AMBER: "▲",
    IndicatorState.RED: "■",
    IndicatorState.NO_DATA: "○",
    IndicatorState.STALE: "◷",
}


def state_text(texts: Texts, state: IndicatorState) -> str:
    """'■ Red'."""
    return f"{SIGNS[state]} {texts.word(state)}"


def reading_text(texts: Texts, one: EvaluatedReading, measure: Measure) -> str:
    """The value in its unit, why there is none, and that the period still goes on."""
    if one.value is not None:
        shown = number_text(texts, one.value, measure)
        return f"{shown} ({texts.text('indicators.partial')})" if one.is_partial else shown
    if one.missing in set(Missing):
        return texts.word(Missing(str(one.missing)))
    return texts.text("indicators.partial")


def number_text(texts: Texts, value: float, measure: Measure) -> str:
    """A number in the unit and with the decimals of a measure."""
    return texts.figure(Figure(value, measure.unit, measure.decimals))


def threshold_lines(texts: Texts, one: Indicator, measure: Measure) -> list[str]:
    """From where on it is amber and red, and how many periods in a row it takes."""
    amber, red = (number_text(texts, value, measure) for value in (one.amber, one.red))
    return [
        texts.text("indicators.limit", side=one.direction, amber=amber, red=red),
        texts.text("indicators.rule", periods=one.periods),
    ]
