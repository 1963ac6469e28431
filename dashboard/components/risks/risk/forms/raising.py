"""Raising a risk: what it is, in which unit, whose it is to be."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.components import drafted
from dashboard.components.drafted import DraftedForm
from dashboard.components.kpi_choice import follow
from dashboard.components.messages import plain, refusal
from dashboard.components.risks.risk.forms import wording, writing
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.errors import Refusal
from risks.register.actions import draft_risk
from risks.register.naming import Naming
from risks.register.owners import possible_owners

FORM, NEW = "risk.raise", "new"


def draw(context: PageContext, naming: Naming) -> None:
    """Unit and owner, then the words; the draft is the person's own until it is sent."""
    form = drafted.begin(context, FORM, NEW, 0, _given(context, naming))
    refused = _sent(context, form)
    st.caption(plain(context.texts.text("risk_page.raise_says")))
    units = {code: context.texts.value(names) for code, names in naming.units.items()}
    for column, name in zip(st.columns(2), ("unit", "owner"), strict=True):
        with column:
            offered = _units(context, units) if name == "unit" else _owners(context, form["unit"])
            writing.one_of(form, name, offered)
    wording.draw_fields(context, form, naming)
    st.button(
        context.texts.text("risk_page.do.raise"),
        key=f"{FORM}|send",
        type="primary",
        on_click=_note,
    )
    form.say_kept()
    if refused is not None:
        refusal(context.texts, refused)


def _given(context: PageContext, naming: Naming) -> dict[str, object]:
    """The person's first unit, and himself as the owner."""
    units = list(_units(context, dict.fromkeys(naming.units, "")))
    own = next((unit for unit in _held(context) if unit in units), units[0] if units else None)
    return {"unit": own, "owner": context.actor.email, **wording.given_of(None)}


def _held(context: PageContext) -> list[str]:
    """Where the person holds his roles, for most are at home in one unit."""
    return [grant.unit_code for grant in context.actor.grants]


def _units(context: PageContext, units: dict[str, str]) -> dict[str, str]:
    reach = context.actor.units_for(Permission.RISK_DRAFT)
    return {code: name for code, name in units.items() if reach is None or code in reach}


def _owners(context: PageContext, unit: str | None) -> dict[str, str]:
    if unit is None:
        return {}
    with context.workspace.read(context.actor, Permission.RISK_VIEW) as reader:
        return {one.email: one.name for one in possible_owners(reader, unit)}


def _note() -> None:
    st.session_state[f"{FORM}|sent"] = True


def _sent(context: PageContext, form: DraftedForm) -> Refusal | None:
    """Raise what was clicked; then the page is that of the new risk."""
    if not st.session_state.pop(f"{FORM}|sent", False):
        return None
    values = form.values
    try:
        risk = draft_risk(
            context.workspace,
            by=context.actor,
            wording=wording.wording_of(values),
            unit=values["unit"] or "",
            owner=values["owner"],
        )
    except Refusal as refused:
        return refused
    form.done()
    session.say_next("risk_page.done.raise", risk=risk.code)
    follow(context.link_with(risk=risk.code, part=None))
    st.rerun()
    return None
