"""Native Excel charts, each over a data sheet and each with a text for those who cannot see it."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart

from data.figure import Figure
from data.language.texts import Texts
from kpis.assessment import StatusKind
from reports import styles
from reports.packs.management import Finding, ScorecardRow, SeriesPoint
from reports.sheets import series as columns
from reports.sheets import wording
from reports.sheets.book import Book
from reports.sheets.data import StatusCounts
from reports.sheets.series import SeriesRange

TICKS = 13
_HATCHING = {
    StatusKind.NO_DATA: "light_horizontal",
    StatusKind.NO_TARGET: "percent_20",
    StatusKind.STALE: "light_vertical",
}


def control_chart(book: Book, row: ScorecardRow, place: SeriesRange) -> Chart:
    """An XmR chart: values, mean, limits, target, and the special points by colour and shape."""
    chart = book.add_chart("line")
    _line(chart, place, columns.VALUE, book.text("reports.head.value"), _points())
    references = _references(row, row.series[-1])
    for column, key, value, look in references:
        if value is not None:
            label = f"{book.text(key)} {book.texts.figure_number(value)}"
            _line(chart, place, column, book.text(key), look | _last_label(label, row, look))
    for column, finding in _marked(row):
        _line(chart, place, column, wording.word(book, finding), _marks(finding))
    labelled = list(range(1, 1 + sum(value is not None for _, _, value, _ in references)))
    chart.set_legend({"position": "bottom", "font": _font(), "delete_series": labelled})
    _axes(chart, row, book.texts)
    return chart


def control_chart_text(book: Book, row: ScorecardRow) -> str:
    """The chart in words."""
    last = row.series[-1]
    limits = [_as_figure(row, value) for value in (last.mean, last.lower, last.upper)]
    mean, lower, upper = (book.texts.value(limit) for limit in limits)
    special = sum(point.finding is not Finding.COMMON for point in row.series)
    return book.text(
        "reports.chart.control",
        name=row.name,
        first=row.series[0].period,
        last=last.period,
        actual=row.actual,
        mean=mean,
        lower=lower,
        upper=upper,
        target=wording.target_phrase(book, row.target),
        special=special,
        variation=wording.word(book, row.variation),
    )


def status_chart(book: Book, counts: StatusCounts) -> Chart:
    """KPIs by status for each objective, as one stacked bar an objective."""
    chart = book.add_chart("bar", "stacked")
    for status in StatusKind:
        if counts.totals[status]:
            chart.add_series(
                {
                    "name": wording.word(book, status),
                    "categories": counts.categories(),
                    "values": counts.column(status),
                    "fill": {"color": styles.STATUS_COLOUR[status]},
                    "pattern": _pattern(status),
                    "gap": 45,
                }
            )
    chart.set_x_axis(
        _axis(major_gridlines=True) | {"min": 0, "major_unit": 1, "label_position": "high"}
    )
    chart.set_y_axis(_axis(major_gridlines=False) | {"reverse": True})
    chart.set_legend({"position": "bottom", "font": _font()})
    _frameless(chart)
    return chart


def deadline_chart(book: Book, sheet: str, first: int, last: int, column: int) -> Chart:
    """The share within the deadline for each service, from zero."""
    chart = book.add_chart("bar")
    chart.add_series(
        {
            "name": book.text("reports.head.within_deadline"),
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, column, last, column],
            "fill": {"color": styles.MET},
            "gap": 45,
            "data_labels": {"value": True, "font": _font(), "num_format": "0.0"},
        }
    )
    chart.set_x_axis(
        _axis(major_gridlines=True)
        | {"min": 0, "max": 100, "num_format": "0", "label_position": "high"}
    )
    chart.set_y_axis(_axis(major_gridlines=False) | {"reverse": True})
    chart.set_legend({"none": True})
    _frameless(chart)
    return chart


def _pattern(status: StatusKind) -> dict[str, str] | None:
    """Hatching tells apart the three that share the grey of absence."""
    if status not in _HATCHING:
        return None
    colour = styles.STATUS_COLOUR[status]
    return {"pattern": _HATCHING[status], "fg_color": colour, "bg_color": styles.WHITE}


def _marked(row: ScorecardRow) -> list[tuple[int, Finding]]:
    """The kinds of special points this chart has."""
    kinds = [(columns.IMPROVEMENT, Finding.IMPROVEMENT), (columns.CONCERN, Finding.CONCERN)]
    found = {point.finding for point in row.series}
    return [(column, finding) for column, finding in kinds if finding in found]


def _references(
    row: ScorecardRow, last: SeriesPoint
) -> list[tuple[int, str, Figure | None, dict[str, Any]]]:
    """Mean, limits and target lines with their values at the end of the series."""
    target, high = wording.bounds(last.target)
    mean, lower, upper = (_as_figure(row, one) for one in (last.mean, last.lower, last.upper))
    solid = _stroke(styles.COMMON, 1, "solid")
    thin = _stroke(styles.COMMON, 1, "dash")
    aimed = _stroke(styles.TARGET, 1.5, "long_dash")
    return [
        (columns.MEAN, "reports.head.mean", mean, solid),
        (columns.LOWER, "reports.head.lower", lower, thin),
        (columns.UPPER, "reports.head.upper", upper, thin),
        (columns.TARGET, "reports.head.target", target, aimed),
        (columns.TARGET_HIGH, "reports.head.target_high", high, aimed),
    ]


def _as_figure(row: ScorecardRow, value: float | None) -> Figure | None:
    return None if value is None else Figure(value, row.unit, row.actual.decimals)


def _line(chart: Chart, place: SeriesRange, column: int, name: str, look: dict[str, Any]) -> None:
    series = {
        "name": name,
        "categories": place.column(columns.LABEL),
        "values": place.column(column),
    }
    chart.add_series(series | look)


def _stroke(colour: str, width: float, dash: str) -> dict[str, Any]:
    return {
        "line": {"color": colour, "width": width, "dash_type": dash},
        "marker": {"type": "none"},
    }


def _points() -> dict[str, Any]:
    dot = {"type": "circle", "size": 5} | _paint(styles.COMMON)
    return {"line": {"color": styles.COMMON, "width": 1.75}, "marker": dot}


def _marks(finding: Finding) -> dict[str, Any]:
    """Special points: large marks without a line, a diamond for concern."""
    shape = "circle" if finding is Finding.IMPROVEMENT else "diamond"
    mark = {"type": shape, "size": 9} | _paint(styles.FINDING_COLOUR[finding])
    return {"line": {"none": True}, "marker": mark}


def _paint(colour: str) -> dict[str, Any]:
    return {"fill": {"color": colour}, "border": {"color": colour}}


def _last_label(label: str, row: ScorecardRow, look: dict[str, Any]) -> dict[str, Any]:
    """A label at the last point only: the lines name themselves."""
    custom: list[dict[str, Any]] = [{"delete": True}] * (len(row.series) - 1)
    font = _font() | {"color": look["line"]["color"]}
    shown = {"value": label, "font": font}
    return {"data_labels": {"value": True, "position": "right", "custom": [*custom, shown]}}


def _axes(chart: Chart, row: ScorecardRow, texts: Texts) -> None:
    step = max(1, -(-len(row.series) // TICKS))
    chart.set_x_axis(
        _axis(major_gridlines=False)
        | {"interval_unit": step, "interval_tick": step, "label_position": "low"}
    )
    number_format = styles.number_format(row.unit, row.actual.decimals)
    unit = texts.word(row.unit)
    chart.set_y_axis(
        _axis(major_gridlines=True)
        | {"num_format": number_format, "name": unit, "name_font": _font()}
        | _span(row)
    )
    chart.show_blanks_as("gap")
    _frameless(chart)
    chart.set_plotarea({"layout": {"x": 0.07, "y": 0.04, "width": 0.76, "height": 0.74}})


def _span(row: ScorecardRow) -> dict[str, float]:
    """From the lowest to the highest thing drawn with some air: never forced to zero."""
    drawn = [value for point in row.series for value in _heights(point)]
    if not drawn:
        return {}
    low, high = min(drawn), max(drawn)
    air = (high - low) * 0.08 or max(abs(high) * 0.1, 1.0)
    bottom = max(0.0, low - air) if low >= 0 else low - air
    step = 10.0 ** (len(str(int(max(high - low, 1)))) - 1) / 2
    return {"min": bottom // step * step, "max": -(-(high + air) // step) * step}


def _heights(point: SeriesPoint) -> list[float]:
    target, high = wording.bounds(point.target)
    figures = [figure.value for figure in (point.value, target, high) if figure is not None]
    return [one for one in (*figures, point.mean, point.lower, point.upper) if one is not None]


def _axis(*, major_gridlines: bool) -> dict[str, Any]:
    grid: dict[str, Any] = {"visible": major_gridlines}
    if major_gridlines:
        grid["line"] = {"color": styles.LINE, "width": 0.5}
    return {
        "num_font": _font(),
        "line": {"color": styles.LINE},
        "major_gridlines": grid,
        "major_tick_mark": "none",
    }


def _font() -> dict[str, Any]:
    return {"name": styles.FONT, "size": styles.SMALL, "color": styles.MUTED, "bold": False}


def _frameless(chart: Chart) -> None:
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": styles.WHITE}})
    chart.set_title({"none": True})
