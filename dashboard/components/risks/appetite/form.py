"""The form that proposes how much risk of a category is sought and borne."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.components import drafted
from dashboard.components.drafted import DraftedForm
from dashboard.components.risks.appetite.known import Known
from dashboard.components.risks.words import level_text
from dashboard.context import PageContext
from risks.appetite.actions import propose_appetite
from risks.appetite.statement import Appetite

FORM, NEW = "appetite", "new"
POINTS = 3  # of the tolerance curve, as many as the form offers


def draw(context: PageContext, known: Known) -> None:
    """Category, words, levels, tolerance, days; what is typed is kept until it is sent."""
    form = drafted.begin(context, FORM, NEW, 0, _given(context, known))
    _category(context, form, known)
    _words(context, form)
    _levels(context, form, known)
    _tolerance(context, form)
    _days(context, form)
    form.say_kept()
    if st.button(context.texts.text("appetite.send"), key="appetite.send", type="primary"):
        _send(context, form)


def _given(context: PageContext, known: Known) -> dict[str, Any]:
    levels = [one.code for one in known.criteria.levels]
    points = {f"{name}{place}": None for place in range(POINTS) for name in ("chance", "loss")}
    return {
        "category": next(iter(known.categories), None),
        "statement": "",
        "optimal": levels[0],
        "tolerable": levels[min(1, len(levels) - 1)],
        "valid_from": context.today,
        "valid_to": None,
        "assumption": False,
        **points,
    }


def _category(context: PageContext, form: DraftedForm, known: Known) -> None:
    st.selectbox(
        context.texts.text("appetite.head.category"),
        list(known.categories),
        key=form.key("category"),
        format_func=lambda code: known.categories.get(code, code),
        on_change=form.keep,
    )


def _words(context: PageContext, form: DraftedForm) -> None:
    texts = context.texts
    st.text_area(
        texts.text("appetite.head.statement"),
        key=form.key("statement"),
        max_chars=2000,
        on_change=form.keep,
        help=texts.text("appetite.statement_help"),
    )
    st.checkbox(
        texts.text("appetite.is_assumption"), key=form.key("assumption"), on_change=form.keep
    )


def _levels(context: PageContext, form: DraftedForm, known: Known) -> None:
    for column, name in zip(st.columns(2), ("optimal", "tolerable"), strict=True):
        with column:
            st.selectbox(
                context.texts.text(f"appetite.head.{name}"),
                [one.code for one in known.criteria.levels],
                key=form.key(name),
                format_func=lambda code: level_text(context.texts, known.criteria, code),
                on_change=form.keep,
                help=context.texts.text(f"appetite.{name}_help"),
            )


def _tolerance(context: PageContext, form: DraftedForm) -> None:
    """Points of the tolerance curve; what is left empty is not stated."""
    texts = context.texts
    st.caption(texts.text("appetite.tolerance_help"))
    for place in range(POINTS):
        chance, loss = st.columns(2)
        with chance:
            st.number_input(
                texts.text("appetite.chance", number=place + 1),
                min_value=0.0,
                max_value=100.0,
                step=0.5,
                key=form.key(f"chance{place}"),
                on_change=form.keep,
                placeholder=texts.text("appetite.not_stated"),
            )
        with loss:
            st.number_input(
                texts.text("appetite.loss", number=place + 1),
                min_value=0.0,
                step=1000.0,
                format="%.0f",
                key=form.key(f"loss{place}"),
                on_change=form.keep,
                placeholder=texts.text("appetite.not_stated"),
            )


def _days(context: PageContext, form: DraftedForm) -> None:
    for column, name in zip(st.columns(2), ("valid_from", "valid_to"), strict=True):
        with column:
            st.date_input(
                context.texts.text(f"appetite.{name}"),
                key=form.key(name),
                format="DD.MM.YYYY",
                on_change=form.keep,
            )


def _send(context: PageContext, form: DraftedForm) -> None:
    if form["category"] is None or form["valid_from"] is None:
        st.warning(context.texts.text("appetite.incomplete"), icon=":material/info:")
        return
    said, workspace = appetite_of(form.values), context.workspace
    form.send(lambda: propose_appetite(workspace, by=context.actor, said=said), "appetite.sent")


def appetite_of(said: Mapping[str, Any]) -> Appetite:
    """The statement that the fields make up; a point half stated stays half and is refused."""
    points = [(said[f"chance{place}"], said[f"loss{place}"]) for place in range(POINTS)]
    stated = [pair for pair in points if pair != (None, None)]
    day: date = said["valid_from"]
    return Appetite(
        category=said["category"],
        statement=said["statement"],
        optimal=said["optimal"],
        tolerable=said["tolerable"],
        tolerance=tuple(((chance or 0.0) / 100, loss or 0.0) for chance, loss in stated),
        valid_from=day,
        valid_to=said["valid_to"],
        assumption=said["assumption"],
    )
