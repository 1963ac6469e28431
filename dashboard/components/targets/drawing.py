"""From a target tried out to what its chart shows, in the reader's language."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from dashboard.charts.canvas import Heading
from dashboard.charts.target_path import Line, Start, TargetPathView
from dashboard.components.kpi_drawing import marks, opening
from dashboard.components.kpis.figures import named
from dashboard.components.targets import words
from dashboard.context import PageContext
from data.figure import Figure
from data.language.texts import Texts
from kpis.assessment import Target
from kpis.register import Kpi
from kpis.targets import Baseline
from kpis.targets.trying import Trial
from kpis.targets.wishes import Wish

LINE = 72  # characters of a title line


def path_view(context: PageContext, kpi: Kpi, wish: Wish, trial: Trial) -> TargetPathView:
    """The series, the aims of each period, the threshold and the baseline."""
    texts, definition = context.texts, kpi.definition
    title = words.aim(texts, definition, wish.target)
    subtitle = texts.text(
        "targets.chart_subtitle",
        kpi=named(texts, definition.names),
        unit=opening(texts.word(definition.unit)),
    )
    return TargetPathView(
        heading=Heading(title, subtitle, marks(texts), LINE),
        ticks=tuple(texts.period_short(period) for period in trial.periods),
        measured=tuple(_value(trial.figures.get(period)) for period in trial.periods),
        hover=tuple(_hover(texts, kpi, trial)),
        lines=tuple(_lines(texts, kpi, trial)),
        start=_start(texts, kpi, wish.path.baseline, trial),
        alt=_alt(texts, kpi, wish),
    )


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value


def _alt(texts: Texts, kpi: Kpi, wish: Wish) -> str:
    if wish.target is None:
        return ""
    return words.path(texts, kpi.definition, wish.target, wish.path)


def _hover(texts: Texts, kpi: Kpi, trial: Trial) -> Iterator[str]:
    for period in trial.periods:
        figure, aim = trial.figures.get(period), trial.aims.get(period)
        measured = texts.figure(figure) if figure else texts.value(None)
        aimed = words.aim(texts, kpi.definition, aim)
        yield texts.text("targets.chart_hover", period=period, figure=measured, aim=aimed)


def _lines(texts: Texts, kpi: Kpi, trial: Trial) -> Iterator[Line]:
    """The lower and the upper aim, and beyond each where far behind begins."""
    for side, sign in (("low", -1), ("high", 1)):
        aims = [_bound(trial.aims.get(period), side) for period in trial.periods]
        if any(aim is not None for aim in aims):
            yield Line(tuple(aims), texts.text("chart.target"), _end(texts, kpi, aims))
        far = [_threshold(trial.aims.get(period), side, sign) for period in trial.periods]
        if any(value is not None for value in far):
            name = texts.text("targets.far_behind")
            yield Line(tuple(far), opening(name), _end(texts, kpi, far), is_threshold=True)


def _bound(aim: Target | None, side: str) -> float | None:
    found: float | None = getattr(aim, side, None)
    return found


def _threshold(aim: Target | None, side: str, sign: int) -> float | None:
    bound = _bound(aim, side)
    if bound is None or aim is None or aim.tolerance is None:
        return None
    return bound + sign * aim.tolerance


def _end(texts: Texts, kpi: Kpi, values: list[float | None]) -> str:
    last = next(value for value in reversed(values) if value is not None)
    return texts.number(last, kpi.definition.decimals)


def _start(texts: Texts, kpi: Kpi, baseline: Baseline | None, trial: Trial) -> Start | None:
    """The baseline where its day lies within the periods shown, else at their beginning."""
    if baseline is None:
        return None
    starts = [period.start for period in trial.periods]
    place = max(bisect_right(starts, baseline.day) - 1, 0)
    value = words.number(texts, kpi.definition, baseline.value)
    said = texts.text("targets.chart_baseline", value=value, day=texts.day_short(baseline.day))
    return Start(float(place), baseline.value, said)
