"""What was published first and what stands now, with the load that made the difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.components.entering.lineage import cause_in_words
from dashboard.components.kpi_drawing import Sheet, download, draw_sheet, draw_words
from dashboard.components.messages import empty, plain
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.restatements import Cause, Restatement, restated
from kpis.scorecard import KpiView

HEAD = ("period", "first", "first_at", "now", "now_at", "event", "file")


def draw(context: PageContext, view: KpiView) -> None:
    """Every period of the series whose figure changed after it was first published."""
    texts = context.texts
    if not view.restatements:
        empty(texts, "kpi_page.no_restatements", "kpi_page.no_restatements_why")
        return
    st.markdown(
        plain(
            texts.text("kpi_page.restated", count=len(view.restatements), all=len(view.row.series))
        )
    )
    sheet = _sheet(context, view)
    entered = view.kpi.definition.formula.entered  # who and why are sentences, which wrap
    (draw_words if entered else draw_sheet)(sheet, alt=texts.text("kpi_part.restatements"))
    download(
        texts,
        "kpi.restatements",
        lambda: sheet,
        file=f"{view.kpi.code}-{view.period.code}-restatements",
    )


def _sheet(context: PageContext, view: KpiView) -> Sheet:
    texts = context.texts
    headers = {name: texts.text(f"kpi_page.head.{name}") for name in HEAD}
    if view.kpi.definition.formula.entered:
        headers["file"] = texts.text("entering.head.cause")
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        found = restated(reader, view.kpi, view.row.series)
    return Sheet(
        tuple(headers.values()),
        tuple(tuple(_row(context, each, causes)) for each, causes in reversed(found)),
        frozenset({headers["first"], headers["now"]}),
    )


def _row(context: PageContext, each: Restatement, causes: Sequence[Cause]) -> Iterator[str]:
    texts = context.texts
    yield texts.period(each.period)
    yield texts.figure(each.first.figure)
    yield moment_short(texts, each.first_published_at)
    yield texts.figure(each.now.figure)
    yield moment_short(texts, each.restated_at)
    yield ", ".join(str(cause.event) for cause in causes) or texts.value(None)
    yield ", ".join(cause_in_words(texts, cause) for cause in causes) or texts.value(None)
