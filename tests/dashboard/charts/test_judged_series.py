"""A judged series becomes a chart in each of the three languages."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go
import pytest

from dashboard.charts.canvas import Heading
from dashboard.charts.control_chart import control_chart
from dashboard.charts.control_chart_view import Mark
from dashboard.charts.judged_series import (
    Scale,
    control_chart_view,
    settings_in_words,
    sparkline_view,
)
from dashboard.charts.tokens import LIGHT
from data.figure import Unit
from data.language.compile import compile_catalogues
from data.language.languages import Language
from data.language.texts import Texts
from data.period import Frequency, Period
from kpis.assessment import StatusKind, Target
from kpis.variation import (
    AssuranceIcon,
    ChartSettings,
    ControlChart,
    Direction,
    Point,
    PointType,
    Rebase,
    Rule,
    Side,
    VariationIcon,
    judge,
)

FIRST = Period(date(2023, 1, 1), Frequency.MONTH)
CALM = [50.0, 52, 49, 51, 50, 53, 48, 51, 49, 52, 50, 51, 49, 50, 52, 48, 51, 50]
SCALE = Scale(Unit.PERCENT, 1, Frequency.MONTH)
REBASE = Rebase(date(2024, 7, 1), "online applications", "A. B.")


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_catalogues()


def judged() -> ControlChart:
    values = [*CALM, *[v + 10 for v in CALM[:-2]], None, 90.0]
    points = [Point(FIRST.shift(i).start, v) for i, v in enumerate(values)]
    targets = {p.date: Target(low=48 if i < 24 else 55.5) for i, p in enumerate(points)}
    return judge(points, Direction.HIGHER, ChartSettings(rebases=(REBASE,)), targets)


@pytest.mark.parametrize("language", list(Language))
def test_a_chart_is_drawn_in_every_language(language: Language) -> None:
    texts = Texts(language)
    events = {date(2023, 9, 12): "<b>flood</b>", date(1999, 1, 1): "before our time"}
    view = control_chart_view(judged(), SCALE, texts, Heading("T"), events)
    go.Figure(control_chart(view, LIGHT))
    assert view.dots[-1].mark is Mark.IMPROVEMENT
    assert view.dots[-1].target_texts == (texts.number(55.5, 1),)
    assert view.dots[-2].value is None
    assert [moment.position for moment in view.moments] == [8, 17.5]
    assert "A. B." in view.moments[1].hover


def test_the_hover_tells_value_kind_and_every_rule() -> None:
    view = control_chart_view(judged(), SCALE, Texts(Language.EN), Heading())
    assert view.dots[-1].period == "December 2025"
    assert view.dots[-1].hover == ("90.0%", "Improvement", "Above the upper limit")
    assert view.dots[0].hover == ("50.0%",)


def test_the_sentence_stands_in_for_the_picture() -> None:
    texts = Texts(Language.EN)
    assert control_chart_view(judged(), SCALE, texts, Heading()).alt == (
        "better than usual in December 2025"
    )


def test_the_sparkline_shows_the_latest_periods() -> None:
    view = sparkline_view(judged(), Texts(Language.SQ), last=12)
    assert len(view.values) == 12
    assert (view.last, view.target) == (Mark.IMPROVEMENT, 55.5)
    empty = judge([], Direction.HIGHER)
    assert sparkline_view(empty, Texts(Language.SR)).values == ()


def test_settings_are_printed_as_they_are() -> None:
    points = [Point(FIRST.shift(i).start, v) for i, v in enumerate(CALM[:12])]
    settings = ChartSettings(
        trend_length=6, outside_counts_as_close=True, screening=False, baseline=12
    )
    words = settings_in_words(judge(points, Direction.LOWER, settings), Texts(Language.EN))
    assert "Points in a trend: 6" in words
    assert "Provisional limits" in words
    assert len(words) == 7


@pytest.mark.parametrize("language", list(Language))
def test_everything_judged_has_a_word(language: Language) -> None:
    texts = Texts(language)
    for kind in (StatusKind, VariationIcon, AssuranceIcon, PointType, Direction):
        words = [texts.word(member) for member in kind]
        assert len(set(words)) == len(words)
    for status in StatusKind:
        assert texts.text(f"status_help.{status.value}")
    for rule in Rule:
        for side in Side:
            assert texts.text(f"variation.rule.{rule.value}.{side.value}")
