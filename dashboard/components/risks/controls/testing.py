"""The form that says whether a control is well made and works; a test stays as it was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from dashboard.components import drafted
from dashboard.components.drafted import DraftedForm
from dashboard.context import PageContext
from risks.controls.actions import record_test
from risks.controls.reading import Verdict
from risks.controls.record import Control

FORM, ANY = "control-test", "any"


def draw(context: PageContext, controls: Sequence[Control]) -> None:
    """Offered for the controls that somebody else runs."""
    texts = context.texts
    testable = {one.code: one for one in controls if one.owner != context.actor.email}
    if not testable:
        return
    with st.expander(texts.text("controls.test"), icon=":material/rule:"):
        form = drafted.begin(context, FORM, ANY, 0, _given(testable))
        _fields(context, form, testable)
        form.say_kept()
        if st.button(texts.text("controls.test_send"), key="controls.test_send", type="primary"):
            _send(context, form)


def _given(testable: dict[str, Control]) -> dict[str, object]:
    return {
        "control": next(iter(testable)),
        "design": Verdict.EFFECTIVE.value,
        "operating": Verdict.EFFECTIVE.value,
        "note": "",
        "next_test": None,
    }


def _fields(context: PageContext, form: DraftedForm, testable: dict[str, Control]) -> None:
    texts = context.texts
    st.selectbox(
        texts.text("controls.head.control"),
        list(testable),
        key=form.key("control"),
        format_func=lambda code: f"{code} {testable[code].title}" if code in testable else code,
        on_change=form.keep,
    )
    for column, name in zip(st.columns(2), ("design", "operating"), strict=True):
        with column:
            st.segmented_control(
                texts.text(f"controls.{name}"),
                [one.value for one in Verdict],
                key=form.key(name),
                required=True,
                format_func=lambda value: texts.word(Verdict(value)),
                on_change=form.keep,
                help=texts.text(f"controls.{name}_help"),
            )
    st.text_area(
        texts.text("controls.note"), key=form.key("note"), max_chars=2000, on_change=form.keep
    )
    st.date_input(
        texts.text("controls.next_test"),
        key=form.key("next_test"),
        format="DD.MM.YYYY",
        min_value=context.today + timedelta(days=1),
        on_change=form.keep,
    )


def _send(context: PageContext, form: DraftedForm) -> None:
    def test() -> str:
        return record_test(
            context.workspace,
            by=context.actor,
            code=form["control"],
            design=Verdict(form["design"]),
            operating=Verdict(form["operating"]),
            note=form["note"],
            next_test=form["next_test"],
        ).code

    form.send(test, "controls.tested", "control")
