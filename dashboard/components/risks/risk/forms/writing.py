"""The fields that many forms of a risk have: texts, people, days, reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.risks.conflict import Field
from data.language.texts import Texts

LONGEST = 2000
ROW = 24  # pixels of a line of a text field


def text(
    form: DraftedForm,
    name: str,
    *,
    longest: int = LONGEST,
    rows: int = 3,
    helped: bool = False,
) -> None:
    """A text of several lines; `helped` says in a hint what belongs into it."""
    texts = form.context.texts
    st.text_area(
        texts.text(f"risk_page.field.{name}"),
        key=form.key(name),
        max_chars=longest,
        height=20 + rows * ROW,
        on_change=form.keep,
        help=texts.text(f"risk_page.help.{name}") if helped else None,
    )


def line(form: DraftedForm, name: str, *, longest: int = 120) -> None:
    """A text of one line."""
    st.text_input(
        form.context.texts.text(f"risk_page.field.{name}"),
        key=form.key(name),
        max_chars=longest,
        on_change=form.keep,
    )


def day(form: DraftedForm, name: str) -> None:
    """A day, or none."""
    st.date_input(
        form.context.texts.text(f"risk_page.field.{name}"),
        key=form.key(name),
        format="DD.MM.YYYY",
        on_change=form.keep,
    )


def euros(form: DraftedForm, name: str) -> None:
    """A sum of money, or none."""
    st.number_input(
        form.context.texts.text(f"risk_page.field.{name}"),
        key=form.key(name),
        min_value=0.0,
        step=1000.0,
        format="%.0f",
        placeholder=form.context.texts.text("risk_page.not_stated"),
        on_change=form.keep,
    )


def one_of(
    form: DraftedForm,
    name: str,
    options: Mapping[str, str],
    *,
    label: str | None = None,
    disabled: bool = False,
    helped: str | None = None,
) -> None:
    """One of the options, by their names, or none yet."""
    texts = form.context.texts
    if form[name] not in options:
        st.session_state[form.key(name)] = None
    st.selectbox(
        label or texts.text(f"risk_page.field.{name}"),
        list(options),
        index=None,
        key=form.key(name),
        format_func=lambda code: options.get(code, code),
        placeholder=texts.text("risk_page.choose"),
        on_change=form.keep,
        disabled=disabled,
        help=helped,
    )


def some_of(form: DraftedForm, name: str, options: Mapping[str, str]) -> None:
    """Any of the options, by their names."""
    texts = form.context.texts
    kept = [one for one in form[name] or () if one in options]
    if kept != list(form[name] or ()):
        st.session_state[form.key(name)] = kept
    st.multiselect(
        texts.text(f"risk_page.field.{name}"),
        list(options),
        key=form.key(name),
        format_func=lambda code: options.get(code, code),
        placeholder=texts.text("risk_page.choose"),
        on_change=form.keep,
    )


def pick(form: DraftedForm, name: str, options: Mapping[str, str]) -> None:
    """One of a few options that are all in sight."""
    if form[name] not in options:
        st.session_state[form.key(name)] = next(iter(options))
    st.radio(
        form.context.texts.text(f"risk_page.field.{name}"),
        list(options),
        key=form.key(name),
        format_func=lambda code: options.get(code, code),
        horizontal=True,
        on_change=form.keep,
    )


def quoted(text: str) -> str:
    """What somebody wrote, set apart, line by line."""
    return "> " + plain(text).replace("\n", "  \n> ")


def field(texts: Texts, name: str, show: Callable[[Any], str] | None = None) -> Field:
    """A field as it is merged."""
    return Field(name, texts.text(f"risk_page.field.{name}"), show or _written(texts))


def listed(options: Mapping[str, str]) -> Callable[[Any], str]:
    """Codes in words, one or several."""

    def show(value: Any) -> str:
        codes: Sequence[str] = [value] if isinstance(value, str) else list(value or ())
        return ", ".join(options.get(code, code) for code in codes)

    return show


def _written(texts: Texts) -> Callable[[Any], str]:
    def show(value: Any) -> str:
        if isinstance(value, date):
            return texts.day_short(value)
        return "" if value in (None, "") else texts.value(value)

    return show
