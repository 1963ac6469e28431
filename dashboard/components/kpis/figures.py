"""The numbers and names of a KPI as text, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.components.kpis import completeness
from data.figure import Figure, Unit
from data.language.languages import LocalText
from data.language.texts import Texts
from kpis.definitions import Words
from kpis.direction import Direction
from kpis.scorecard import ScorecardRow
from kpis.stored_readings import Reading

_LIMIT = {Direction.HIGHER: "≥", Direction.LOWER: "≤"}
_GAP, _BETWEEN = "\N{NO-BREAK SPACE}", "\N{EN DASH}"


def named(texts: Texts, words: Words) -> str:
    """A name that somebody gave in three languages."""
    return LocalText(words.sq, words.sr, words.en).within(texts.language)


def short(texts: Texts, figure: Figure | None) -> str:
    """'93.3%', '9.0', or why there is no value; other units stand beside the KPI's name."""
    if figure is None:
        return texts.value(None)
    return texts.figure(figure) if figure.unit is Unit.PERCENT else texts.figure_number(figure)


def earlier(texts: Texts, reading: Reading | None) -> str:
    """The figure of an earlier period, a dash where the series does not reach back so far."""
    return short(texts, reading.figure if reading and reading.loaded else None)


def target(texts: Texts, row: ScorecardRow) -> str:
    """'≥ 98.5%', '≤ 10.0', '1.0–5.0', or a dash."""
    return _target(texts, row, short) or texts.value(None)


def target_in_words(texts: Texts, row: ScorecardRow) -> str:
    """'≥ 98.5%', '≤ 10.0 working days (assumption)', or that there is none."""
    aimed = _target(texts, row, lambda speaker, figure: speaker.figure(figure))
    if row.target is None:
        return texts.text("kpi_row.no_target")
    key = "kpi_row.target_assumed" if row.target.assumption else "kpi_row.target"
    return texts.text(key, target=aimed)


def under_figure(texts: Texts, row: ScorecardRow) -> str:
    """What stands below a figure: the target, and which extract does not know the whole period."""
    aimed, partial = target_in_words(texts, row), completeness.in_few_words(texts, row.completeness)
    return f"{aimed} · {partial}" if partial else aimed


def interval(texts: Texts, bounds: tuple[Figure, Figure]) -> str:
    """'95 % interval: 65.1% to 78.6%': how sure a sample is of its share."""
    low, high = bounds
    return texts.text("kpi_page.interval", low=low, high=high)


def interval_short(texts: Texts, row: ScorecardRow) -> str:
    """'65.1%–78.6%', or a dash where nobody was asked."""
    bounds = row.reading.interval
    return _BETWEEN.join(map(texts.figure, bounds)) if bounds else texts.value(None)


def variance(texts: Texts, row: ScorecardRow) -> str:
    """How far better (+) or worse (−) than the target, in the KPI's unit or percentage points."""
    gap = row.variance
    if gap is None or gap.value is None:
        return texts.value(None)
    return texts.signed(gap.value, gap.decimals)


def _target(texts: Texts, row: ScorecardRow, write: Callable[[Texts, Figure], str]) -> str:
    aim = row.target
    if aim is None:
        return ""
    known = [bound for bound in (aim.low, aim.high) if bound is not None]
    bounds = [Figure(bound, row.unit, row.decimals) for bound in known]
    if row.direction in _LIMIT:
        return f"{_LIMIT[row.direction]}{_GAP}{write(texts, bounds[0])}"
    return f"{texts.figure_number(bounds[0])}{_BETWEEN}{write(texts, bounds[-1])}"
