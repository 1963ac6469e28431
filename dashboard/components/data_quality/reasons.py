"""Why rows stayed outside: the few reasons that make up most of them, and the way to the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.charts.breakdown import Bar, BreakdownView, breakdown
from dashboard.charts.canvas import Heading
from dashboard.components.data_quality import signs, words
from dashboard.components.extracts.account import reason_name
from dashboard.components.extracts.history import CHOSEN
from dashboard.components.kpi_drawing import Sheet, download, draw_chart, draw_sheet
from dashboard.components.kpis.links import EXTRACTS
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.extracts.history import Load
from data.extracts.quality import ReasonCount, RefusedColumn, SourceCount

MOST_COLUMNS, MOST_LOADS = 4, 6  # named for a reason
VIEW, LOADS_VIEW = "extracts.view", "loads"  # the part of the Extracts page that lists loads
HEAD = ("reason", "rows", "share_of_all", "up_to_here", "columns", "events")


def draw(
    context: PageContext,
    contract: str,
    found: Sequence[ReasonCount],
    columns: Sequence[RefusedColumn],
    sources: Sequence[SourceCount],
) -> None:
    """The reasons as bars and as a table, the sources, and the loads whose rows can be opened."""
    texts = context.texts
    st.subheader(texts.text("data_quality.reasons"), anchor=False)
    if not found:
        st.markdown(f"{signs.FRESH} {plain(texts.text('data_quality.no_reasons'))}")
        return
    draw_chart(pareto(context, found), breakdown, key="quality.reasons")
    table = sheet(context, found, columns)
    draw_sheet(table, alt=texts.text("data_quality.reasons"))
    st.caption(plain(texts.text("data_quality.reasons_how")))
    _sources(context, sources)
    with st.container(horizontal=True, vertical_alignment="center"):
        _open(context, found)
        download(texts, "quality.reasons", lambda: table, file=f"{contract}-reasons")


def pareto(context: PageContext, found: Sequence[ReasonCount]) -> BreakdownView:
    """The commonest reason first, each with what it and those above make up together."""
    texts, first = context.texts, found[0]
    title = texts.text(
        "data_quality.pareto",
        reason=reason_name(context, first.reason),
        share=texts.percent(words.HUNDRED * first.share),
    )
    bars = tuple(
        Bar(
            reason_name(context, one.reason),
            float(one.rows),
            texts.text(
                "data_quality.bar",
                rows=one.rows,
                up_to_here=texts.percent(words.HUNDRED * one.up_to_here, 0),
            ),
        )
        for one in found
    )
    return BreakdownView(Heading(title, texts.text("data_quality.pareto_what")), bars, alt=title)


def sheet(
    context: PageContext, found: Sequence[ReasonCount], columns: Sequence[RefusedColumn]
) -> Sheet:
    """The reasons as a table."""
    headers = {name: context.texts.text(f"data_quality.head.{name}") for name in HEAD}
    rows = tuple(tuple(_row(context, one, columns)) for one in found)
    return Sheet(tuple(headers.values()), rows, frozenset(headers[name] for name in HEAD[1:4]))


def _row(context: PageContext, one: ReasonCount, columns: Sequence[RefusedColumn]) -> Iterator[str]:
    texts = context.texts
    yield reason_name(context, one.reason)
    yield texts.number(one.rows)
    yield texts.percent(words.HUNDRED * one.share)
    yield texts.percent(words.HUNDRED * one.up_to_here)
    own = [f"{each.column}: {texts.number(each.rows)}" for each in columns]
    named = [text for text, each in zip(own, columns, strict=True) if each.reason == one.reason]
    yield ", ".join(named[:MOST_COLUMNS]) or texts.value(None)
    yield ", ".join(str(load.event.number) for load in one.loads[:MOST_LOADS])


def _sources(context: PageContext, sources: Sequence[SourceCount]) -> None:
    """By which way the rows came; offices of refused rows are not known."""
    texts = context.texts
    for one in sources:
        said = texts.text(
            "data_quality.source",
            profile=one.profile,
            loads=one.loads,
            read=one.read,
            quarantined=one.quarantined,
            share=words.share(texts, one.quarantined, one.read),
        )
        st.markdown(f"- {plain(said)}")


def _open(context: PageContext, found: Sequence[ReasonCount]) -> None:
    """To the rows of a load, for those who may see them."""
    if not context.may(Permission.QUARANTINE_VIEW) or EXTRACTS not in context.places:
        return
    loads: dict[str, Load] = {load.batch.id: load for one in found for load in one.loads}
    newest = sorted(loads.values(), key=lambda load: -load.event.number)
    for load in newest[:MOST_LOADS]:
        label = context.texts.text("data_quality.open_load", event=str(load.event.number))
        if st.button(label, icon=":material/arrow_forward:", key=f"quality.open.{load.batch.id}"):
            st.session_state[CHOSEN] = load.batch.id
            st.session_state[VIEW] = LOADS_VIEW
            st.switch_page(context.places[EXTRACTS], query_params=context.link.parameters())
