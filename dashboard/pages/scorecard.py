"""Scorecard: every KPI by objective against its target and its own past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.kpis import figures, verdicts
from dashboard.components.kpis.choosing import choose, choose_statuses, grouped
from dashboard.components.kpis.data_notes import cut_offs
from dashboard.components.kpis.links import KPI
from dashboard.components.kpis.nothing import nothing_measured
from dashboard.components.kpis.table import file_headers, file_row, kpi_table
from dashboard.components.messages import empty, plain
from dashboard.components.tables import csv_file
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.commentary import Answer, read_answers
from kpis.register import Kpi, read_kpis
from kpis.scorecard import Scorecard, ScorecardRow, scorecard

OPEN, WITHOUT_ACTION = "scorecard.open", "scorecard.without_action"
Answers = Mapping[str, Answer]
Rows = Sequence[ScorecardRow]


def draw(context: PageContext) -> None:
    """Choose the KPIs, see them in one table, take it along."""
    verdicts.look()
    found, untold, answers = _read(context)
    st.caption(plain(cut_offs(context, found.clocks)))
    if not nothing_measured(context, found):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            left, order = choose(context.texts, found.rows)
            _open(context, left)
        rows = _above_table(context, left, answers)
        if rows:
            title = context.texts.text("scorecard.alt", period=context.period)
            kpi_table(context, grouped(context.texts, rows, order), answers, alt=title)
            _below_table(context, len(rows), len(found.rows))
        else:
            empty(context.texts, "scorecard.none", "scorecard.none_why")
    _untold(context, untold)


def _read(context: PageContext) -> tuple[Scorecard, Sequence[Kpi], Answers]:
    """The scorecard, the KPIs that cannot be told for what is looked at, and who acts."""
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        found = scorecard(
            reader, period=context.period, office=context.office, service=context.service
        )
        untold = read_kpis(reader, found.without) if found.without else {}
        answers = read_answers(reader, found.rows)
    return found, tuple(untold.values()), answers


def _above_table(context: PageContext, left: Rows, answers: Answers) -> Rows:
    """Which statuses, only those nobody acts on; the table as a file."""
    texts = context.texts
    with st.container(horizontal=True, vertical_alignment="center"):
        rows = _idle(context, choose_statuses(texts, left), answers)
        st.download_button(
            texts.text("shell.download_csv"),
            lambda: csv_file(
                file_headers(texts), (file_row(texts, row, answers[row.code]) for row in rows)
            ),
            file_name=f"scorecard-{context.period.code}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="scorecard.download",
        )
    return rows


def _idle(context: PageContext, rows: Rows, answers: Answers) -> Rows:
    """All the rows or, chosen, those behind on which nobody acts."""
    idle = [row for row in rows if answers[row.code].is_without_action]
    label = context.texts.text("scorecard.without_action", count=len(idle))
    return idle if st.checkbox(label, key=WITHOUT_ACTION) else rows


def _below_table(context: PageContext, shown: int, of_all: int) -> None:
    """How many are shown of how many, and how to read them."""
    said = context.texts.text("scorecard.shown", shown=shown, all=of_all)
    st.caption(plain(f"{said}. {context.texts.text('scorecard.legend')}"))


def _open(context: PageContext, rows: Rows) -> None:
    """Open a KPI in this tab: the links of the table open in another."""
    if KPI not in context.places:
        return
    names = {row.code: f"{row.code} {figures.named(context.texts, row.names)}" for row in rows}
    if st.session_state.get(OPEN) not in names:
        st.session_state[OPEN] = None
    chosen = st.selectbox(
        context.texts.text("scorecard.open_label"),
        list(names),
        index=None,
        key=OPEN,
        format_func=lambda code: names[code],
        placeholder=context.texts.text("scorecard.open_which"),
    )
    if chosen:
        link = context.link_with(kpi=chosen)
        st.switch_page(context.places[KPI], query_params=link.parameters())


def _untold(context: PageContext, kpis: Sequence[Kpi]) -> None:
    """KPIs that are not known for a period of this length, an office or a service; and why."""
    if not kpis:
        return
    texts = context.texts
    st.markdown(f"**{plain(texts.text('scorecard.untold'))}**")
    chosen = {"office": context.office, "service": context.service}
    for kpi in kpis:
        definition = kpi.definition
        lacks = [n for n, m in chosen.items() if m and not definition.has_dimension(n)]
        why = texts.text("scorecard.untold_longer", frequency=definition.frequency)
        if lacks:
            dimensions = [texts.text(f"shell.{name}") for name in lacks]
            why = texts.text("scorecard.untold_why", dimensions=dimensions)
        st.markdown(f"- {plain(f'{kpi.code} {figures.named(texts, definition.names)}: {why}')}")
