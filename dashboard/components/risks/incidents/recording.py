"""The form of an incident: a new one, or one that is said anew with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.drafted import DraftedForm
from dashboard.components.existing_or_new import choose
from dashboard.context import PageContext
from data.access.permissions import Permission
from risks.incidents.actions import amend_incident, record_incident
from risks.incidents.record import Incident, IncidentWording
from risks.register.naming import Naming
from risks.register.record import Risk

FORM = "incident"
LABELS = {
    "title": "incidents.title",
    "description": "incidents.description",
    "happened_on": "incidents.head.day",
    "unit_code": "incidents.head.unit",
    "loss": "incidents.head.loss",
    "risks": "incidents.head.risks",
    "reason": "incidents.reason",
}


def draw(
    context: PageContext,
    incidents: Sequence[Incident],
    risks: Mapping[str, Risk],
    naming: Naming,
) -> None:
    """Choose an incident one recorded, or a new one; what is typed is kept until it is sent."""
    texts = context.texts
    with st.expander(texts.text("incidents.record"), icon=":material/edit:"):
        own = {one.code: one for one in incidents if _may_amend(context, one)}
        code = choose(texts, "incidents", {one.code: one.title for one in own.values()})
        incident = own.get(code)
        version = incident.row_version if incident else 0
        given = _given(context, incident)
        form = drafted.begin(context, FORM, code, version, given)
        catch_up(form, version, given, lambda name: texts.text(LABELS[name]))
        _fields(context, form, risks, naming)
        if incident is not None:
            st.text_input(
                texts.text("incidents.reason"), key=form.key("reason"), on_change=form.keep
            )
        form.say_kept()
        _send(context, form, incident)


def _may_amend(context: PageContext, one: Incident) -> bool:
    is_coordinator = context.may_in(Permission.RISK_COORDINATE, one.unit_code)
    return one.recorded_by == context.actor.email or is_coordinator


def _given(context: PageContext, one: Incident | None) -> dict[str, Any]:
    return {
        "title": one.title if one else "",
        "description": one.description if one else "",
        "happened_on": one.happened_on if one else context.today,
        "unit_code": one.unit_code if one else None,
        "loss": one.loss if one else None,
        "risks": list(one.risks) if one else [],
        "reason": "",
    }


def _fields(
    context: PageContext, form: DraftedForm, risks: Mapping[str, Risk], naming: Naming
) -> None:
    texts = context.texts
    st.text_input(
        texts.text("incidents.title"), key=form.key("title"), max_chars=200, on_change=form.keep
    )
    st.text_area(
        texts.text("incidents.description"),
        key=form.key("description"),
        max_chars=2000,
        on_change=form.keep,
        help=texts.text("incidents.description_help"),
    )
    day, unit, loss = st.columns(3)
    with day:
        st.date_input(
            texts.text("incidents.head.day"),
            key=form.key("happened_on"),
            format="DD.MM.YYYY",
            max_value=context.today,
            on_change=form.keep,
        )
    with unit:
        st.selectbox(
            texts.text("incidents.head.unit"),
            list(naming.units),
            key=form.key("unit_code"),
            format_func=lambda code: texts.value(naming.units[code]),
            on_change=form.keep,
        )
    with loss:
        st.number_input(
            texts.text("incidents.head.loss"),
            min_value=0.0,
            step=100.0,
            format="%.0f",
            key=form.key("loss"),
            on_change=form.keep,
            placeholder=texts.text("incidents.loss_unknown"),
        )
    st.multiselect(
        texts.text("incidents.head.risks"),
        list(risks),
        key=form.key("risks"),
        format_func=lambda code: f"{code} {risks[code].title}" if code in risks else code,
        on_change=form.keep,
        help=texts.text("incidents.risks_help"),
    )


def _send(context: PageContext, form: DraftedForm, incident: Incident | None) -> None:
    texts = context.texts
    if not st.button(texts.text("incidents.send"), key="incidents.send", type="primary"):
        return
    if form["unit_code"] is None or form["happened_on"] is None:
        st.warning(texts.text("incidents.incomplete"), icon=":material/info:")
        return
    form.send(lambda: _recorded(context, form, incident), "incidents.saved", "incident")


def _recorded(context: PageContext, form: DraftedForm, incident: Incident | None) -> str:
    said = form.values
    reason = said.pop("reason") or ""
    wording = IncidentWording(**said | {"risks": tuple(said["risks"])})
    if incident is None:
        return record_incident(context.workspace, by=context.actor, wording=wording).code
    return amend_incident(
        context.workspace,
        by=context.actor,
        code=incident.code,
        version=form.version,
        wording=wording,
        reason=reason,
    ).code
