"""The forms of the catalogue: a new control, another wording, the end of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components import drafted
from dashboard.components.catching_up import catch_up
from dashboard.components.drafted import DraftedForm
from dashboard.components.existing_or_new import choose
from dashboard.components.messages import refusal
from dashboard.context import PageContext
from data.errors import Refusal
from risks.controls.actions import keep_control, retire_control
from risks.controls.record import Control, ControlKind, ControlWording
from risks.register.naming import Naming

FORM = "control"
LABELS = {
    "title": "controls.title",
    "description": "controls.description",
    "kind": "controls.head.kind",
    "owner": "controls.head.owner",
    "unit_code": "controls.unit",
    "evidence": "controls.evidence",
    "next_test": "controls.next_test",
    "test_every_days": "controls.every",
}


def draw(context: PageContext, controls: Sequence[Control], naming: Naming) -> None:
    """Choose a control or a new one, say what it is; what is typed is kept until it is sent."""
    texts = context.texts
    with st.expander(texts.text("controls.keep"), icon=":material/edit:"):
        by_code = {one.code: one for one in controls}
        code = choose(texts, "controls", {one.code: one.title for one in controls})
        control = by_code.get(code)
        version = control.row_version if control else 0
        given = _given(context, control)
        form = drafted.begin(context, FORM, code, version, given)
        catch_up(form, version, given, lambda name: texts.text(LABELS[name]))
        _fields(context, form, naming)
        form.say_kept()
        _send_button(context, form, control)
        if control is not None:
            _retire(context, control)


def _given(context: PageContext, control: Control | None) -> dict[str, Any]:
    names = ("title", "description", "owner", "unit_code", "evidence")
    said = {name: getattr(control, name) if control else "" for name in names}
    return {
        **said,
        "owner": control.owner if control else context.actor.email,
        "unit_code": control.unit_code if control else None,
        "kind": (control.kind if control else ControlKind.PREVENTIVE).value,
        "next_test": control.next_test if control else None,
        "test_every_days": control.test_every_days if control else None,
    }


def _fields(context: PageContext, form: DraftedForm, naming: Naming) -> None:
    texts = context.texts
    st.text_input(
        texts.text("controls.title"), key=form.key("title"), max_chars=200, on_change=form.keep
    )
    st.text_area(
        texts.text("controls.description"),
        key=form.key("description"),
        max_chars=2000,
        on_change=form.keep,
    )
    st.segmented_control(
        texts.text("controls.head.kind"),
        [one.value for one in ControlKind],
        key=form.key("kind"),
        required=True,
        format_func=lambda value: texts.word(ControlKind(value)),
        on_change=form.keep,
    )
    _whose(context, form, naming)
    st.text_area(
        texts.text("controls.evidence"),
        key=form.key("evidence"),
        max_chars=2000,
        on_change=form.keep,
        help=texts.text("controls.evidence_help"),
    )
    _when(context, form)


def _whose(context: PageContext, form: DraftedForm, naming: Naming) -> None:
    texts = context.texts
    owner, unit = st.columns(2)
    with owner:
        st.selectbox(
            texts.text("controls.head.owner"),
            list(naming.people),
            key=form.key("owner"),
            format_func=lambda email: naming.people.get(email, email),
            on_change=form.keep,
        )
    with unit:
        st.selectbox(
            texts.text("controls.unit"),
            list(naming.units),
            key=form.key("unit_code"),
            format_func=lambda code: texts.value(naming.units[code]),
            on_change=form.keep,
        )


def _when(context: PageContext, form: DraftedForm) -> None:
    texts = context.texts
    day, rhythm = st.columns(2)
    with day:
        st.date_input(
            texts.text("controls.next_test"),
            key=form.key("next_test"),
            format="DD.MM.YYYY",
            on_change=form.keep,
        )
    with rhythm:
        st.number_input(
            texts.text("controls.every"),
            min_value=1,
            max_value=3650,
            key=form.key("test_every_days"),
            on_change=form.keep,
        )


def _send_button(context: PageContext, form: DraftedForm, control: Control | None) -> None:
    label = context.texts.text("controls.save")
    if not st.button(label, key="controls.save", type="primary"):
        return
    if not form["unit_code"]:
        st.warning(context.texts.text("controls.no_unit"), icon=":material/info:")
        return
    wording = ControlWording(**form.values | {"kind": ControlKind(form["kind"])})
    form.send(lambda: _kept(context, form, wording, control), "controls.saved", "control")


def _kept(
    context: PageContext, form: DraftedForm, wording: ControlWording, control: Control | None
) -> str:
    return keep_control(
        context.workspace,
        by=context.actor,
        wording=wording,
        code=control.code if control else None,
        version=form.version if control else None,
    ).code


def _retire(context: PageContext, control: Control) -> None:
    texts = context.texts
    st.divider()
    reason = st.text_input(texts.text("controls.retire_reason"), key="controls.retire_reason")
    if not st.button(texts.text("controls.retire"), key="controls.retire"):
        return
    try:
        retire_control(
            context.workspace,
            by=context.actor,
            code=control.code,
            version=control.row_version,
            reason=reason or "",
        )
    except Refusal as refused:
        refusal(texts, refused)
        return
    session.say_next("controls.retired_done", control=control.code)
    st.rerun()
