"""How long it takes: the distribution of turnaround, with the deadline where there is one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.charts.canvas import Heading
from dashboard.charts.histogram import Bin, HistogramView, histogram
from dashboard.components.kpi_drawing import Sheet, draw_chart, marks, table_behind
from dashboard.components.kpi_reading import distribution_of
from dashboard.components.messages import empty, plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.figure import Figure, Unit
from data.language.texts import Texts
from kpis.register import Kpi
from kpis.service_delivery import Distribution

NORMAL, WORKING = "normal", "working"
HALF = 0.5  # a whole day stands in the middle of its bar


def draw(context: PageContext, kpis: Mapping[str, Kpi]) -> None:
    """The cases that became ready in the period by the working days they took."""
    texts = context.texts
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        found = distribution_of(
            reader, kpis, context.period, office=context.office, service=context.service
        )
    if not found.counts:
        empty(texts, "delivery.no_turnaround", "delivery.no_turnaround_why")
        return
    deadline = _deadline(context, found)
    draw_chart(_view(context, found, deadline), histogram, key="delivery.turnaround")
    for note in _notes(context, found, deadline):
        st.caption(plain(note))
    table_behind(
        texts,
        "delivery.turnaround",
        lambda: _sheet(texts, found, deadline),
        file=f"turnaround-{context.period.code}",
    )


def _deadline(context: PageContext, found: Distribution) -> int | None:
    """The deadline of the one service looked at, in working days and at normal speed."""
    if context.service is None:
        return None
    normal = [rule for rule in found.deadlines if rule.speed == NORMAL and rule.basis == WORKING]
    return normal[0].days if len(normal) == 1 else None


def _notes(context: PageContext, found: Distribution, deadline: int | None) -> list[str]:
    """Why there is no line, or which other deadline there is."""
    texts = context.texts
    if context.service is None:
        return [texts.text("delivery.deadlines_differ")]
    others = [rule for rule in found.deadlines if rule.days != deadline or rule.basis != WORKING]
    return [
        texts.text(
            "delivery.other_deadline",
            speed=texts.text(f"kpi_member.speed.{rule.speed}"),
            days=_days(texts, rule.days, rule.basis),
        )
        for rule in others
    ]


def _days(texts: Texts, days: int, basis: str = WORKING) -> str:
    unit = Unit.WORKING_DAYS if basis == WORKING else Unit.DAYS
    return texts.figure(Figure(float(days), unit))


def _view(context: PageContext, found: Distribution, deadline: int | None) -> HistogramView:
    texts = context.texts
    title = texts.text("delivery.turnaround_title", median=found.median, p90=found.p90)
    subtitle = texts.text("delivery.turnaround_subtitle", period=context.period)
    line = None if deadline is None else deadline + HALF
    said = ""
    if deadline is not None:
        said = texts.text("delivery.deadline", days=_days(texts, deadline))
    return HistogramView(
        heading=Heading(title, subtitle, marks(texts)),
        bins=tuple(
            Bin(
                start=days - HALF,
                end=days + HALF,
                count=count,
                name=_days(texts, days),
                text=texts.figure(Figure(float(count), Unit.CASES)),
                late=deadline is not None and days > deadline,
            )
            for days, count in found.counts
        ),
        deadline=line,
        deadline_text=said,
        alt=texts.text("delivery.turnaround_alt", title=title, count=found.cases, deadline=said),
    )


def _sheet(texts: Texts, found: Distribution, deadline: int | None) -> Sheet:
    head = [texts.word(Unit.WORKING_DAYS), texts.word(Unit.CASES), texts.text("delivery.late")]
    late = [deadline is not None and days > deadline for days, _ in found.counts]
    rows = tuple(
        (str(days), texts.number(count), texts.value(is_late))
        for (days, count), is_late in zip(found.counts, late, strict=True)
    )
    shown = len(head) if deadline is not None else len(head) - 1
    return Sheet(tuple(head[:shown]), tuple(row[:shown] for row in rows), frozenset(head[:2]))
