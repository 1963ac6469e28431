"""The members of a breakdown in the order in which they matter, and what charts show of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.charts.breakdown import Bar, BreakdownView
from dashboard.charts.canvas import Heading
from dashboard.charts.multiples import MultiplesView, Panel
from dashboard.components.kpi_drawing import marks, opening
from dashboard.components.kpi_names import cell_name, dimension_name, member_name
from dashboard.components.kpis import figures
from dashboard.context import PageContext
from data.figure import Missing
from data.language.texts import Texts
from kpis.direction import Direction
from kpis.scorecard import KpiView
from kpis.stored_readings import Reading


@dataclass(frozen=True, slots=True)
class Member:
    """A member with its readings in order of time, the last one of the period looked at."""

    code: str
    name: str
    series: tuple[Reading, ...]

    @property
    def now(self) -> Reading:
        return self.series[-1]

    @property
    def before(self) -> Reading | None:
        return self.series[-2] if len(self.series) > 1 else None


def members_of(
    texts: Texts,
    dimension: str,
    readings: Sequence[Reading],
    names: Mapping[str, str],
    direction: Direction,
) -> list[Member]:
    """The members, the worst first; those without a value at the end, offices not open left out."""
    series: dict[str, list[Reading]] = {}
    for each in readings:
        series.setdefault(each.cell.members[dimension], []).append(each)
    found = [
        Member(code, member_name(texts, dimension, code, names), tuple(each))
        for code, each in series.items()
        if each[-1].figure.missing is not Missing.NOT_OPEN
    ]
    return sorted(found, key=lambda member: _place(member, direction))


def _place(member: Member, direction: Direction) -> tuple[bool, float, str]:
    value = member.now.figure.value
    if value is None:
        return True, 0.0, member.name
    return False, value if direction is Direction.HIGHER else -value, member.name


def with_cases(texts: Texts, reading: Reading) -> str:
    """The figure with the number of cases it is of: '9.0 (n 312)'."""
    if reading.figure.value is None:
        return texts.figure(reading.figure)
    shown = figures.short(texts, reading.figure)
    return texts.text("kpi_page.with_cases", figure=shown, count=reading.cases)


def bars_view(
    context: PageContext, view: KpiView, dimension: str, found: Sequence[Member]
) -> BreakdownView:
    """The members as bars, compared with the whole they are parts of."""
    texts, row = context.texts, view.row
    whole = cell_name(context, view.cell)
    compared = f"{whole}: {figures.short(texts, row.figure)}"
    return BreakdownView(
        heading=_heading(context, view, dimension),
        bars=tuple(
            Bar(member.name, member.now.figure.value, with_cases(texts, member.now))
            for member in found
        ),
        line=row.figure.value,
        line_text=compared,
        alt=_alt(context, view, dimension, found),
    )


def panels_view(
    context: PageContext, view: KpiView, dimension: str, shown: Sequence[Member]
) -> MultiplesView:
    """The members as small lines over the same periods, with the target where it is one value."""
    texts, aim = context.texts, view.row.target
    first = texts.period(shown[0].series[0].period)
    unit = opening(texts.word(view.row.unit))
    subtitle = f"{unit}, {first} \N{EN DASH} {texts.period(view.period)}"
    return MultiplesView(
        heading=replace(_heading(context, view, dimension), subtitle=subtitle),
        periods=tuple(texts.period(each.period) for each in shown[0].series),
        panels=tuple(_panel(texts, member) for member in shown),
        line=aim.point if aim else None,
        alt=_alt(context, view, dimension, shown),
    )


def _panel(texts: Texts, member: Member) -> Panel:
    return Panel(
        name=member.name,
        values=tuple(each.figure.value for each in member.series),
        text=figures.short(texts, member.now.figure),
        texts=tuple(with_cases(texts, each) for each in member.series),
    )


def _heading(context: PageContext, view: KpiView, dimension: str) -> Heading:
    texts = context.texts
    title = texts.text(
        "kpi_page.by_title",
        kpi=figures.named(texts, view.row.names),
        dimension=dimension_name(texts, dimension),
    )
    unit = opening(texts.word(view.row.unit))
    return Heading(title, f"{unit}, {texts.period(view.period)}", marks(texts))


def _alt(context: PageContext, view: KpiView, dimension: str, found: Sequence[Member]) -> str:
    """The chart in a sentence: by what, how many, the first and the last that have a value."""
    texts = context.texts
    told = [member for member in found if member.now.figure.value is not None] or list(found)
    return texts.text(
        "kpi_page.by_alt",
        title=_heading(context, view, dimension).title,
        count=len(found),
        first=told[0].name,
        first_figure=told[0].now.figure,
        last=told[-1].name,
        last_figure=told[-1].now.figure,
    )
