"""What waits to be entered: which KPI, which period and office, and the form for it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.entering import exchange, history, writing
from dashboard.components.entering.known import (
    BY_VALUE,
    Names,
    expected_of,
    first_where,
    names_of,
    of_code,
    state_of,
)
from dashboard.components.messages import empty, plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.entering.waiting import Expected
from kpis.entries.reading import EDITABLE

MOST_NAMED = 6
KPI, SLOT = "entering.kpi", "entering.slot"


def draw(context: PageContext) -> None:
    """How much is missing of each KPI; then one value after the other."""
    rows = expected_of(context, Permission.READING_ENTER)
    if not rows:
        empty(context.texts, "entering.nothing_expected", "entering.nothing_expected_why")
        return
    names = names_of(context)
    _missing(context, names, rows)
    row = _chosen(context, names, rows)
    form, beside = st.columns([3, 2], gap="large")
    with beside:
        history.draw_of(context, row.slot, row.definition)
    if context.may(Permission.READING_ENTER):
        with form:
            writing.draw(context, names, row)
        exchange.draw(context, names, rows)


def _missing(context: PageContext, names: Names, rows: Sequence[Expected]) -> None:
    """What lacks, KPI by KPI; the oldest periods first."""
    texts = context.texts
    for code in dict.fromkeys(row.slot.code for row in rows):
        own = of_code(rows, code)
        lacking = [row for row in own if row.is_missing or _is_mine(row)]
        kpi = plain(names.kpi(own[0].definition))
        if not lacking:
            st.markdown(f"● **{kpi}** {plain(texts.text('entering.all_there'))}")
            continue
        periods = list(dict.fromkeys(texts.period(row.slot.period) for row in lacking))
        shown = ", ".join(periods[:MOST_NAMED]) + (" …" if len(periods) > MOST_NAMED else "")
        said = texts.text("entering.lacking", count=len(lacking), periods=shown)
        st.markdown(f"○ **{kpi}** {plain(said)}")


def _is_mine(row: Expected) -> bool:
    """Whether whoever enters has the next step."""
    return row.on_its_way is not None and row.on_its_way.state in EDITABLE


def _chosen(context: PageContext, names: Names, rows: Sequence[Expected]) -> Expected:
    texts = context.texts
    kinds = {row.slot.code: row.definition for row in rows}
    with st.container(horizontal=True):
        code = st.selectbox(
            texts.text("entering.kpi"),
            list(kinds),
            format_func=lambda one: names.kpi(kinds[one]),
            key=KPI,
        )
        own = of_code(rows, code or next(iter(kinds)))
        slots = {row.slot: row for row in own}
        start = first_where(own, lambda row: row.is_missing or _is_mine(row))
        slot = st.selectbox(
            texts.text("entering.period_and_office"),
            list(slots),
            index=start,
            format_func=lambda one: BY_VALUE.join(
                (names.slot(one), texts.text(state_of(slots[one])))
            ),
            key=f"{SLOT}.{code}",
        )
    return slots.get(slot, own[start]) if slot else own[start]
