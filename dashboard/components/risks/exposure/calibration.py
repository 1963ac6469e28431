"""How good past probabilities were: the score against a base rate, and band by band; or too few."""

from __future__ import annotations

import streamlit as st

from dashboard.components.kpi_drawing import Sheet, draw_words
from dashboard.components.messages import empty, plain
from data.language.texts import Texts
from risks.calibration import (
    FEWEST_EITHER,
    FEWEST_FORECASTS,
    Band,
    CalibrationVerdict,
    Score,
)

HEADS = ("band", "forecast", "happened", "verdict")
SIGNS = {
    CalibrationVerdict.IN_LINE: "●",
    CalibrationVerdict.MORE_OFTEN: "▲",
    CalibrationVerdict.LESS_OFTEN: "▽",
    CalibrationVerdict.TOO_FEW: "○",
}


def draw(texts: Texts, score: Score | None) -> None:
    """What may be said of these forecasts, and nothing more."""
    if score is None:
        empty(texts, "calibration.nothing", "calibration.nothing_why")
        return
    st.markdown(plain(sentence(texts, score)))
    if score.too_few is None:
        st.markdown(plain(scored(texts, score)))
    draw_words(bands(texts, score), alt=texts.text("calibration.bands"))
    st.caption(plain(texts.text("calibration.how")))


def sentence(texts: Texts, score: Score) -> str:
    """How many happened of how many forecast; that so few tell nothing, or what they tell."""
    counts = {
        "forecasts": score.forecasts,
        "happened": score.happened,
        "expected": texts.number(score.expected, 1),
    }
    if score.too_few is None:
        return texts.text("calibration.told", **counts, verdict=score.verdict)
    least = {"fewest": FEWEST_FORECASTS, "either": FEWEST_EITHER}
    return texts.text("calibration.too_few", **counts, **least, why=score.too_few)


def scored(texts: Texts, score: Score) -> str:
    """The Brier score against that of saying the base rate each time."""
    said = texts.text(
        "calibration.brier",
        brier=texts.number(score.brier, 3),
        base=texts.number(score.parts.uncertainty, 3),
        rate=texts.percent(100 * score.base_rate),
    )
    is_better = score.skill is not None and score.skill > 0
    return f"{said} {texts.text('calibration.better' if is_better else 'calibration.no_better')}"


def bands(texts: Texts, score: Score) -> Sheet:
    """The estimates by how high they were, against what came of them."""
    heads = tuple(texts.text(f"calibration.head.{head}") for head in HEADS)
    return Sheet(heads, tuple(_row(texts, score, one) for one in score.bands))


def _row(texts: Texts, score: Score, one: Band) -> tuple[str, ...]:
    """Counts and shares; no verdict on a band where there is none on the whole."""
    verdict = one.verdict if score.too_few is None else CalibrationVerdict.TOO_FEW
    low, high, start, end = (
        texts.percent(100 * share, 0) for share in (one.low, one.high, one.start, one.end)
    )
    count = texts.text("calibration.of", happened=one.happened, forecasts=one.forecasts)
    return (
        f"{start} – {end}",
        texts.percent(100 * one.forecast),
        f"{count} · {texts.percent(100 * one.observed)} ({low} – {high})",
        f"{SIGNS[verdict]} {texts.word(verdict)}",
    )
