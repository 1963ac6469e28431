"""One objective: status, reason and rule in words; its KPIs and which decided; what it helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from dashboard.components.kpis import figures, verdicts
from dashboard.components.kpis.links import kpi_in_text
from dashboard.components.messages import plain
from dashboard.components.strategy.known import Known
from dashboard.components.strategy.words import (
    named,
    objective_link,
    owner_named,
    rule_in_words,
    why_in_words,
)
from dashboard.context import PageContext
from kpis.scorecard import ScorecardRow
from kpis.strategy import CauseLink, ObjectiveView, Strategy

HEADS = ("kpi", "value", "target", "status", "change")


def draw(context: PageContext, known: Known, strategy: Strategy, view: ObjectiveView) -> None:
    """How it stands and by which rule, then its KPIs, then what leads to it and from it."""
    _head(known, strategy, view)
    _status(known, view)
    _kpis(context, view)
    _links(context, strategy, view)


def _head(known: Known, strategy: Strategy, view: ObjectiveView) -> None:
    texts, one = known.texts, view.objective
    lanes = {lane.code: named(texts, lane.names) for lane in strategy.edition.perspectives}
    description = named(texts, one.description)
    if description:
        st.markdown(plain(description))
    facts = texts.text(
        "objective.facts",
        perspective=lanes.get(one.perspective, one.perspective),
        challenge=texts.text(f"challenge.{one.challenge}"),
        owner=owner_named(texts, one, known.people),
        first=texts.day_short(one.first_day),
        last=texts.day_short(one.last_day),
    )
    st.caption(plain(facts))


def _status(known: Known, view: ObjectiveView) -> None:
    """The status with its reason; which KPIs decided it; the rule in words."""
    texts, status = known.texts, view.status
    with st.container(border=True, gap="xsmall", key="objective-status"):
        st.markdown(f"**{plain(texts.text('objective.status'))}**")
        why = plain(why_in_words(texts, status))
        st.markdown(f"{verdicts.status(texts, status.kind)} · {why}")
        if status.decided_by:
            by = ", ".join(f"{code} {known.kpis.get(code, '')}" for code in status.decided_by)
            st.markdown(plain(f"{texts.text('objective.decided')}: {by}"))
        rule = rule_in_words(texts, view.objective.rule, known.kpis)
        st.caption(plain(texts.text("objective.rule", rule=rule)))
        st.caption(plain(texts.text("objective.never_average")))


def _kpis(context: PageContext, view: ObjectiveView) -> None:
    """Its KPIs as a table; each leads to its page, and those that decided are marked."""
    texts = context.texts
    st.subheader(texts.text("objective.kpis"), anchor=False)
    if not view.rows:
        st.markdown(plain(texts.text("strategy_why.no_kpi")))
        return
    lines = [_line(context, row, view.status.decided_by) for row in view.rows]
    heads = [texts.text(f"objective.head.{head}") for head in HEADS]
    with st.container(key="objective-kpis"):
        st.table(
            pd.DataFrame(lines, columns=heads),
            border="horizontal",
            hide_index=True,
            alt=texts.text("objective.kpis"),
        )


def _line(context: PageContext, row: ScorecardRow, deciding: Sequence[str]) -> list[str]:
    texts = context.texts
    name = kpi_in_text(context, row.code, f"{row.code} {figures.named(texts, row.names)}")
    status = verdicts.status_of(texts, row)
    if row.code in deciding:
        status += f" · {plain(texts.text('objective.decides'))}"
    return [
        name,
        plain(_value(context, row)),
        plain(figures.target(texts, row)),
        status,
        verdicts.variation(texts, row),
    ]


def _value(context: PageContext, row: ScorecardRow) -> str:
    """The figure; of a KPI told of longer periods alone, also of which period it is."""
    texts, said = context.texts, context.texts.figure(row.figure)
    return said if row.period == context.period else f"{said} ({texts.period(row.period)})"


def _links(context: PageContext, strategy: Strategy, view: ObjectiveView) -> None:
    """What helps it on the left, what it helps on the right, each with its status."""
    code, links = view.objective.code, strategy.edition.links
    if not any(code in (one.cause, one.effect) for one in links):
        st.caption(plain(context.texts.text("objective.no_links")))
        return
    sides: tuple[tuple[str, list[CauseLink], Callable[[CauseLink], str]], ...] = (
        ("helped_by", [one for one in links if one.effect == code], lambda one: one.cause),
        ("helps", [one for one in links if one.cause == code], lambda one: one.effect),
    )
    for column, (side, some, end) in zip(st.columns(2), sides, strict=True):
        with column:
            st.subheader(context.texts.text(f"objective.{side}"), anchor=False)
            if not some:
                st.markdown(context.texts.text("strategy.nothing"))
            for link in some:
                _neighbour(context, strategy.objectives[end(link)], link.note)


def _neighbour(context: PageContext, other: ObjectiveView, note: str) -> None:
    with st.container(gap=None):
        objective_link(context, other.objective)
        said = f" · {plain(note)}" if note else ""
        st.markdown(f"{verdicts.status(context.texts, other.status.kind)}{said}")
