"""One of each chart, with names as hostile as data may be."""

from __future__ import annotations

from datetime import date

from dashboard.charts.age_bands import AgeBandsView, Band, age_bands
from dashboard.charts.breakdown import Bar, BreakdownView, breakdown
from dashboard.charts.canvas import Figure, Heading
from dashboard.charts.control_chart import control_chart
from dashboard.charts.control_chart_view import (
    ControlChartView,
    Dot,
    Mark,
    Moment,
    Names,
    Stretch,
)
from dashboard.charts.heat_map import Arrow, HeatMapView, MatrixCell, heat_map
from dashboard.charts.heat_map import Mark as RiskMark
from dashboard.charts.histogram import Bin, HistogramView, histogram
from dashboard.charts.indicator import IndicatorChartView, Limit, indicator_chart
from dashboard.charts.intervals import Interval, IntervalsView, Reference, intervals
from dashboard.charts.loss_curve import Curve, Level, LossCurveView, loss_curve
from dashboard.charts.multiples import MultiplesView, Panel, multiples
from dashboard.charts.risk_levels import (
    LevelLine,
    LevelPoint,
    RiskLevelsView,
    risk_levels,
)
from dashboard.charts.risk_levels import Mark as LevelMark
from dashboard.charts.target_path import Line, Start, TargetPathView, target_path
from dashboard.charts.tile_map import TileMapView, TileValue, tile_map
from dashboard.charts.tokens import Palette, Tone
from risks.register.kinds import Kind

ODD = "<b>Pejë</b> & %{x} $y$"
SAFE = "&lt;b&gt;Pejë&lt;/b&gt; &amp; %{x} &#36;y&#36;"
HEADING = Heading(ODD, ODD)
NAMES = Names("Mean", "Lower limit", "Upper limit", "Target", {Mark.CONCERN: "Concern"})


def dot(value: float | None, mark: Mark = Mark.COMMON, target: float | None = 10.0) -> Dot:
    texts = () if target is None else (f"{target:.1f}",)
    return Dot(value, mark, "May 2025", "May 25", (f"{value} days", ODD), None, target, texts)


def control_view(
    *dots: Dot,
    stretches: tuple[Stretch, ...] | None = None,
    moments: tuple[Moment, ...] = (Moment(1.5, ODD, ODD),),
) -> ControlChartView:
    shown = dots or (dot(98.0), dot(None), dot(99.0), dot(103.0, Mark.CONCERN))
    limits = stretches or (stretch(0, len(shown) - 1),)
    return ControlChartView(HEADING, shown, limits, NAMES, moments)


def stretch(first: int, last: int, *, provisional: bool = False) -> Stretch:
    return Stretch(first, last, 99.0, 96.0, 102.0, "99.0", "96.0", "102.0", provisional)


def every_chart(colours: Palette) -> dict[str, Figure]:
    three = (1.0, None, 3.0)
    words = ("1", "no data", "3")
    return {
        "control": control_chart(control_view(), colours),
        "target_path": target_path(
            TargetPathView(
                HEADING,
                ("a", "b", ODD),
                three,
                words,
                (
                    Line((2.0, 2.5, 3.0), ODD, "3.0"),
                    Line((1.0, 1.5, 2.0), "Far behind", "2.0", is_threshold=True),
                ),
                Start(0.0, 1.5, ODD),
            ),
            colours,
        ),
        "loss_curve": loss_curve(
            LossCurveView(
                HEADING,
                Curve(ODD, (0.0, 1e3, 1e6), (0.9, 0.5, 0.0), words),
                Curve("After", (0.0, 1e3, 1e6), (0.5, 0.2, 0.0), words),
                Curve("Tolerated", (1e3, 1e6), (0.1, 0.01), ("1", ODD)),
                Level(0.1, ODD),
                ((1e3, ODD), (1e6, "1 million")),
                ((0.1, "10%"),),
            ),
            colours,
        ),
        "breakdown": breakdown(
            BreakdownView(HEADING, (Bar(ODD, 3.0, "3.0"), Bar("Gjilan", None, "no data")), 2, ODD),
            colours,
        ),
        "intervals": intervals(
            IntervalsView(
                HEADING,
                (Interval(ODD, 90, 88, 92, "90.0"), Interval("Deçan", 97, 95, 99, "97.0")),
                (Reference(95, ODD), Reference(98.5, "Target", target=True)),
            ),
            colours,
        ),
        "histogram": histogram(
            HistogramView(
                HEADING, (Bin(0, 1, 5, ODD, ODD), Bin(1, 2, 1, "2", "1", True)), 1, ODD, ODD
            ),
            colours,
        ),
        "age_bands": age_bands(
            AgeBandsView(
                HEADING,
                (ODD, "b", "c"),
                ("a", "b", ODD),
                (Band(ODD, three, words), Band("old", three, words)),
            ),
            colours,
        ),
        "multiples": multiples(
            MultiplesView(
                HEADING, ("a", "b", ODD), (Panel(ODD, three, ODD, words, Tone.CONCERN),) * 4, 3, 2.0
            ),
            colours,
        ),
        "risk_levels": risk_levels(
            RiskLevelsView(
                HEADING,
                ("Low", ODD, "High"),
                (
                    LevelLine(
                        Kind.CURRENT,
                        (
                            LevelPoint(date(2025, 1, 7), 2, ODD),
                            LevelPoint(date(2025, 4, 1), 1, ODD),
                        ),
                        "Current",
                        ODD,
                    ),
                    LevelLine(Kind.TARGET, (LevelPoint(date(2025, 2, 1), 0, ODD),), ODD, "Low"),
                ),
                ((date(2025, 2, 1), ODD), (date(2025, 4, 1), "Apr 25")),
                date(2025, 6, 1),
                (LevelMark(ODD, rank=1.5), LevelMark(ODD, day=date(2025, 3, 1))),
            ),
            colours,
        ),
        "indicator": indicator_chart(
            IndicatorChartView(
                HEADING,
                ("a", "b", ODD),
                three,
                ("green", "no_data", "red"),
                (ODD, "no data", "3"),
                (Limit(2.0, ODD, "2", is_red=False), Limit(2.5, "Red", ODD, is_red=True)),
            ),
            colours,
        ),
        "heat_map": heat_map(
            HeatMapView(
                HEADING,
                ("Rare", ODD),
                ("1", ODD),
                ODD,
                ODD,
                (
                    MatrixCell(1, 1, ODD, 0.0, 2, "2", "+1", (ODD,)),
                    MatrixCell(2, 2, "High", 1.0, 1, "1", is_chosen=True),
                ),
                (Arrow((1, 1), (2, 2), ODD), Arrow((2, 2), (1, 1), is_aim=True)),
                (RiskMark((2, 2), "circle", ODD, hover=(ODD,)),),
            ),
            colours,
        ),
        "tile_map": tile_map(
            TileMapView(HEADING, (TileValue("19", ODD, ODD, 0.5), TileValue("17", "Pejë", "-"))),
            colours,
        ),
    }
