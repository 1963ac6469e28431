"""The table of KPIs: a real table that is read, searched and walked through like any text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.components import kpi_projection
from dashboard.components.kpis import completeness, figures, verdicts
from dashboard.components.kpis.acting import who_acts
from dashboard.components.kpis.links import kpi_in_text
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.figure import Unit
from data.language.texts import Texts
from kpis.commentary import Answer
from kpis.scorecard import ScorecardRow

NEWLINE = "  \n"
ROWS_AT_ONCE, HEIGHT = 12, 640  # more rows scroll under their header; pixels
TREND = (64, 28)  # pixels
Cell = Callable[[PageContext, ScorecardRow], str]


def kpi_table(
    context: PageContext,
    groups: Mapping[str, Sequence[ScorecardRow]],
    answers: Mapping[str, Answer],
    *,
    alt: str,
) -> None:
    """The KPIs row by row, each group under its name; a group without a name has no row for it."""
    cells: Mapping[str, Cell] = {**CELLS, "status": partial(_status, answers)}
    headers = [context.texts.text(f"scorecard.head.{name}") for name in CELLS]
    lines = [line for name, rows in groups.items() for line in _group(context, name, rows, cells)]
    with st.container(key="kpi-table"):
        st.table(
            pd.DataFrame(lines, columns=headers),
            border="horizontal",
            hide_index=True,
            height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
            alt=alt,
        )


def _group(
    context: PageContext, name: str, rows: Sequence[ScorecardRow], cells: Mapping[str, Cell]
) -> list[list[str]]:
    lines = [[cell(context, row) for cell in cells.values()] for row in rows]
    heading = [[f"**{plain(name)}**", *[""] * (len(CELLS) - 1)]] if name else []
    return heading + lines


def _name(context: PageContext, row: ScorecardRow) -> str:
    texts = context.texts
    link = kpi_in_text(context, row.code, figures.named(texts, row.names))
    unit = () if row.unit is Unit.PERCENT else (texts.word(row.unit),)
    below = " · ".join((row.code, *unit, owner_name(texts, row)))
    partial = completeness.in_few_words(texts, row.completeness)
    return NEWLINE.join([link, _small(below), *([_small(partial)] if partial else [])])


def _actual(context: PageContext, row: ScorecardRow) -> str:
    figure = plain(figures.short(context.texts, row.figure))
    lines = [figure if row.figure.value is None else f"**{figure}**"]
    if row.reading.interval is not None:
        lines.append(_small(figures.interval(context.texts, row.reading.interval)))
    if row.completeness.is_partial:
        lines.append(_small(context.texts.text("kpi_row.partial")))
    return NEWLINE.join(lines)


def _target(context: PageContext, row: ScorecardRow) -> str:
    shown = plain(figures.target(context.texts, row))
    if row.target is None or not row.target.assumption:
        return shown
    return f"{shown}{NEWLINE}{_small(context.texts.text('kpi_row.assumption'))}"


def _status(answers: Mapping[str, Answer], context: PageContext, row: ScorecardRow) -> str:
    """Does it meet the target; below it who acts and until when, where that is called for."""
    shown = verdicts.status_of(context.texts, row)
    acts = who_acts(context.texts, answers[row.code])
    return f"{shown}{NEWLINE}{_small(acts)}" if acts else shown


def _year_end(context: PageContext, row: ScorecardRow) -> str:
    """What is expected, its interval below."""
    figure, ends = kpi_projection.parts(context.texts, row)
    return f"{plain(figure)}{NEWLINE}{_small(ends)}" if ends else plain(figure)


def _small(text: str) -> str:
    return f":small[:gray[{plain(text)}]]"


CELLS: Mapping[str, Cell] = {
    "name": _name,
    "actual": _actual,
    "target": _target,
    "variance": lambda context, row: plain(figures.variance(context.texts, row)),
    "status": lambda context, row: verdicts.status_of(context.texts, row),
    "variation": lambda context, row: verdicts.variation(context.texts, row),
    "assurance": lambda context, row: verdicts.assurance(context.texts, row),
    "trend": lambda context, row: verdicts.trend(context.texts, row, *TREND),
    "previous": lambda context, row: plain(figures.earlier(context.texts, row.previous)),
    "year_ago": lambda context, row: plain(figures.earlier(context.texts, row.year_ago)),
    "year_end": _year_end,
}


def objective_name(texts: Texts, row: ScorecardRow) -> str:
    """'3.1 Documents are ready ...', or that the KPI serves none."""
    if row.objective is None:
        return texts.text("kpi_row.no_objective")
    return f"{row.objective_code} {figures.named(texts, row.objective)}"


def owner_name(texts: Texts, row: ScorecardRow) -> str:
    """Who answers for the KPI, or that nobody is named."""
    return row.owner or texts.text("kpi_row.no_owner")


Text = Callable[[Texts, ScorecardRow], str]
_IN_FILE: Mapping[str, Text] = {
    "code": lambda _, row: row.code,
    "name": lambda texts, row: figures.named(texts, row.names),
    "objective": objective_name,
    "unit": lambda texts, row: texts.word(row.unit),
    "period": lambda _, row: row.period.code,
    "partial": lambda texts, row: (
        completeness.in_words(texts, row.completeness) or texts.value(row.partial)
    ),
    "actual": lambda texts, row: figures.short(texts, row.figure),
    "interval": figures.interval_short,
    "target": figures.target,
    "assumption": lambda texts, row: texts.value(bool(row.target and row.target.assumption)),
    # A spreadsheet would take a leading + for a formula.
    "variance": lambda texts, row: figures.variance(texts, row).removeprefix("+"),
    "status": verdicts.status_in_words,
    "variation": verdicts.variation_in_words,
    "assurance": verdicts.assurance_in_words,
    "summary": lambda texts, row: texts.said(row.chart.summary),
    "previous": lambda texts, row: figures.earlier(texts, row.previous),
    "year_ago": lambda texts, row: figures.earlier(texts, row.year_ago),
    "year_end": kpi_projection.short,
    "owner": owner_name,
}


def file_headers(texts: Texts) -> list[str]:
    """The headers of the table as a file."""
    names = [texts.text(f"scorecard.head.{name}") for name in _IN_FILE]
    return [*names, texts.text("actions.head.acts")]


def file_row(texts: Texts, row: ScorecardRow, answer: Answer) -> list[str]:
    """A KPI as the table shows it, in plain text, with what the page says around the table."""
    return [*(text(texts, row) for text in _IN_FILE.values()), who_acts(texts, answer)]
