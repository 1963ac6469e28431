"""Somebody else changed what a form is about while it was written: both sides, and the way on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain

Label = Callable[[str], str]


def catch_up(form: DraftedForm, version: int, standing: Mapping[str, Any], label: Label) -> None:
    """Where the form was begun on an older version: field by field what stands now and what was
    typed, and which of them to take; what is sent then carries the version that was now seen.
    """
    if form.saved_at is None or form.version >= version:
        return
    texts = form.context.texts
    with st.container(border=True, key=f"behind-{form.form}-{form.subject}".replace(".", "-")):
        st.markdown(f":material/sync_problem: {plain(texts.text('desk.behind'))}")
        other = [name for name in standing if form[name] != standing[name]]
        _sides(form, standing, other, label)
        theirs = st.multiselect(
            texts.text("desk.take_theirs"),
            other,
            format_func=label,
            key=f"{form.form}.{form.subject}|theirs",
        )
        st.button(
            texts.text("desk.go_on"),
            key=f"{form.form}.{form.subject}|go-on",
            on_click=form.rebase,
            args=(version, {name: standing[name] for name in theirs}),
        )


def _sides(
    form: DraftedForm, standing: Mapping[str, Any], names: Sequence[str], label: Label
) -> None:
    heads = [form.context.texts.text(f"desk.head.{name}") for name in ("field", "now", "mine")]
    lines = []
    for name in names:
        cells = (label(name), _said(form, standing[name]), _said(form, form[name]))
        lines.append([plain(cell) for cell in cells])
    st.table(pd.DataFrame(lines, columns=heads), border="horizontal", hide_index=True)


def _said(form: DraftedForm, value: Any) -> str:
    empty = value is None or value in ("", [])
    return form.context.texts.value(None if empty else value)
