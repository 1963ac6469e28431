"""What bears on an objective: risks that threaten it, what was said of its KPIs, what is done."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard.components.kpis import figures
from dashboard.components.kpis.links import kpi_link
from dashboard.components.messages import plain
from dashboard.components.risks.words import level_text, risk_link, status_text
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import NotFound
from data.workspace import Then
from kpis.commentary import Action, Commentary, read_actions, read_commentary
from kpis.strategy import ObjectiveView
from risks.criteria.reading import in_force
from risks.criteria.scale import Criteria
from risks.register.reading import published_at, read_register
from risks.register.record import Risk


@dataclass(frozen=True, slots=True)
class Threats:
    """The risks that name an objective, the highest first; criteria None before the first."""

    risks: tuple[Risk, ...]
    criteria: Criteria | None


def draw(context: PageContext, view: ObjectiveView) -> None:
    """Risks, then commentary and open actions."""
    _risks(context, view.objective.code)
    _said(context, view)


def _risks(context: PageContext, code: str) -> None:
    """The risks of the register that name it; for some, as it was last published."""
    texts = context.texts
    if not context.actor.may(Permission.RISK_VIEW_PUBLISHED):
        return
    st.subheader(texts.text("objective.risks"), anchor=False)
    found = _threats(context, code)
    if not found.risks:
        st.markdown(plain(texts.text("objective.no_risks")))
    for risk in found.risks:
        with st.container(gap=None):
            risk_link(context, risk)
            said = [status_text(texts, risk)]
            if found.criteria is not None:
                said.insert(0, level_text(texts, found.criteria, risk.level))
            st.caption(plain(" · ".join(said)))
    if not context.actor.may(Permission.RISK_VIEW):
        st.caption(plain(texts.text("objective.risks_published")))


def _threats(context: PageContext, code: str) -> Threats:
    """What is told of risks and the levels beside it are of the same moment."""
    permission, until = Permission.RISK_VIEW_PUBLISHED, None
    with context.workspace.read(context.actor, permission) as reader:
        risks = [one for one in read_register(reader) if code in one.objectives and one.is_active]
        if not context.actor.may(Permission.RISK_VIEW):
            until = published_at(reader)
    then = context.workspace.at(Then(0, until)) if until else context.workspace
    with then.read(context.actor, permission) as reader:
        try:
            criteria = in_force(reader)
        except NotFound:
            return Threats(tuple(risks), None)
    return Threats(tuple(sorted(risks, key=lambda one: _place(criteria, one))), criteria)


def _place(criteria: Criteria, risk: Risk) -> tuple[int, str]:
    return (-criteria.rank(risk.level) if risk.level else 1, risk.code)


def _said(context: PageContext, view: ObjectiveView) -> None:
    """By KPI: what happened and why in the period, and who does what until when."""
    texts = context.texts
    st.subheader(texts.text("objective.said"), anchor=False)
    codes = [row.code for row in view.rows]
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        said = read_commentary(reader, codes, context.period, None)
        actions = read_actions(reader, codes, open_only=True)
    if not said and not actions:
        st.markdown(plain(texts.text("objective.nothing_said")))
    for row in view.rows:
        words = [one for one in said if one.code == row.code]
        acts = [one for one in actions if one.code == row.code]
        if words or acts:
            with st.container(border=True, gap="xsmall", key=f"objective-said-{row.code}"):
                kpi_link(context, row.code, f"{row.code} {figures.named(texts, row.names)}")
                _lines(context, words, acts)


def _lines(context: PageContext, words: list[Commentary], acts: list[Action]) -> None:
    texts = context.texts
    for one in words:
        st.markdown(f"{plain(one.happened)} {plain(one.cause)}")
    for action in acts:
        day = texts.day_short(action.due)
        line = texts.text("objective.action", what=action.what, person=action.assignee, day=day)
        late = action.is_overdue(context.today)
        icon = ":material/assignment_late:" if late else ":material/task_alt:"
        st.markdown(f"{icon} {plain(line)}")
