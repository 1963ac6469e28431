"""What waits, by age: the bands of the backlog over time, the oldest the loudest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.charts.age_bands import AgeBandsView, Band, age_bands
from dashboard.charts.canvas import Heading
from dashboard.components.kpi_drawing import Sheet, draw_chart, marks, opening, table_behind
from dashboard.components.kpi_names import line_name
from dashboard.components.kpi_reading import series_of
from dashboard.components.messages import empty
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from kpis.readings import Ask
from kpis.register import Kpi
from kpis.scorecard import cell_of
from kpis.stored_readings import Reading

BACKLOG = "SD-05"
BANDS = ("up_to_15", "up_to_30", "up_to_60", "over_60")
PERIODS = 24
Lines = Mapping[str, Sequence[Reading]]


def draw(context: PageContext, kpis: Mapping[str, Kpi]) -> None:
    """The backlog at the end of each period, stacked by age."""
    texts, kpi = context.texts, kpis[BACKLOG]
    where = cell_of(context.office, context.service).members
    ask = Ask(BACKLOG, context.period.shift(1 - PERIODS), context.period, (), where, BANDS)
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        found = series_of(reader, kpi, ask)
    lines = _since_known({band: [one for one in found if one.measure == band] for band in BANDS})
    if not any(one.figure.value for readings in lines.values() for one in readings):
        empty(texts, "delivery.no_backlog", "delivery.no_backlog_why")
        return
    draw_chart(_view(context, lines), age_bands, key="delivery.backlog")
    table_behind(
        texts,
        "delivery.backlog",
        lambda: _sheet(texts, lines),
        file=f"backlog-{context.period.code}",
    )


def _since_known(lines: Lines) -> dict[str, list[Reading]]:
    """The lines from the first period of which anything is loaded."""
    start = min(
        (n for readings in lines.values() for n, one in enumerate(readings) if one.loaded),
        default=0,
    )
    return {band: list(readings[start:]) for band, readings in lines.items()}


def _view(context: PageContext, lines: Lines) -> AgeBandsView:
    texts = context.texts
    periods = [one.period for one in lines[BANDS[0]]]
    title = texts.text(
        "delivery.backlog_title", old=lines[BANDS[-1]][-1].figure, period=periods[-1]
    )
    subtitle = texts.text("delivery.backlog_subtitle", first=periods[0], last=periods[-1])
    return AgeBandsView(
        heading=Heading(title, subtitle, marks(texts)),
        periods=tuple(texts.period(period) for period in periods),
        tick_names=tuple(texts.period_short(period) for period in periods),
        bands=tuple(
            Band(
                name=opening(line_name(texts, band)),
                counts=tuple(one.figure.value for one in readings),
                texts=tuple(texts.figure(one.figure) for one in readings),
            )
            for band, readings in lines.items()
        ),
        alt=texts.text("delivery.backlog_alt", title=title, subtitle=subtitle),
    )


def _sheet(texts: Texts, lines: Lines) -> Sheet:
    names = [opening(line_name(texts, band)) for band in lines]
    rows = zip(*lines.values(), strict=True)
    return Sheet(
        (texts.text("kpi_page.head.period"), *names),
        tuple(
            (texts.period(row[0].period), *(texts.figure_number(one.figure) for one in row))
            for row in reversed(list(rows))
        ),
        frozenset(names),
    )
