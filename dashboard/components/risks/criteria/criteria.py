"""The criteria: those in force, what waits to be decided, every version there was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.criteria import deciding, proposing, showing
from dashboard.components.risks.words import person_name
from dashboard.context import PageContext
from data.access.permissions import Permission
from risks.criteria.reading import CriteriaVersion, read_versions
from risks.criteria.scale import CriteriaState
from risks.register.naming import read_naming


def draw(context: PageContext) -> None:
    """What waits first, then what is in force, then the past, then the form."""
    texts = context.texts
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        versions, people = read_versions(reader), read_naming(reader).people
    now = next((one for one in versions if one.state is CriteriaState.IN_FORCE), None)
    if now is None:
        empty(texts, "criteria.none", "criteria.none_do")
        return
    for one in versions:
        if one.state is CriteriaState.DRAFT:
            deciding.draw(context, one, now)
    st.markdown(plain(_sentence(context, now, people)))
    showing.draw(texts, now.criteria)
    _past(context, [one for one in versions if one is not now])
    has_proposal = any(one.state is CriteriaState.DRAFT for one in versions)
    if context.may(Permission.CRITERIA_PROPOSE) and not has_proposal:
        with st.expander(texts.text("criteria.propose"), icon=":material/edit:"):
            proposing.draw(context, now.criteria)


def _sentence(context: PageContext, now: CriteriaVersion, people: Mapping[str, str]) -> str:
    """Which version is in force, since when and by whom, and whether the agency decided it."""
    said = context.texts.text(
        "criteria.sentence",
        version=now.version,
        since=(now.decided_at or now.created_at).astimezone(context.texts.zone).date(),
        person=person_name(context.texts, people, now.decided_by or now.author),
    )
    assumed = context.texts.text("criteria.assumption") if now.criteria.assumption else ""
    return f"{said} {assumed}".strip()


def _past(context: PageContext, versions: Sequence[CriteriaVersion]) -> None:
    """Replaced, refused and withdrawn versions, each as it was."""
    texts = context.texts
    for one in versions:
        if one.state is CriteriaState.DRAFT:
            continue
        title = texts.text(
            "criteria.version", version=one.version, state=one.state, at=one.created_at
        )
        with st.expander(title):
            st.caption(plain(f"{one.author}: {one.reason}"))
            showing.matrix(texts, one.criteria)
            showing.levels(texts, one.criteria)
