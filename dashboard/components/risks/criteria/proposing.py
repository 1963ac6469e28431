"""The form that proposes other criteria: matrix, levels, days, and the words of the scales."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.components import drafted
from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import plain
from dashboard.components.risks.criteria.fields import LANGUAGES, criteria_of, fields_of
from dashboard.components.risks.criteria.showing import acceptor
from dashboard.components.risks.words import level_text
from dashboard.context import PageContext
from data.language.languages import Language
from risks.criteria.actions import propose_criteria
from risks.criteria.checking import ACCEPTORS
from risks.criteria.scale import SIZE, Criteria

FORM, NEXT = "criteria", "next"


def draw(context: PageContext, now: Criteria) -> None:
    """Everything as it is in force, to be changed; what is typed is kept until it is sent."""
    form = drafted.begin(context, FORM, NEXT, now.version, {"reason": "", **fields_of(now)})
    _matrix(context, form, now)
    _levels(context, form, now)
    _days(context, form)
    _words(context, form, now)
    st.text_area(
        context.texts.text("criteria.reason"),
        key=form.key("reason"),
        max_chars=2000,
        on_change=form.keep,
    )
    form.say_kept()
    if st.button(context.texts.text("criteria.send"), key="criteria.send", type="primary"):
        _send(context, form, now)


def _matrix(context: PageContext, form: DraftedForm, now: Criteria) -> None:
    texts = context.texts
    st.markdown(f"**{plain(texts.text('criteria.likelihood_by_impact'))}**")
    for row in reversed(range(SIZE)):
        name, *cells = st.columns((2, *[1] * SIZE), vertical_alignment="center")
        name.markdown(plain(f"{row + 1} {texts.value(now.likelihood[row].names)}"))
        for column, cell in enumerate(cells):
            with cell:
                st.selectbox(
                    texts.text("criteria.cell_of", likelihood=row + 1, impact=column + 1),
                    [one.code for one in now.levels],
                    key=form.key(f"matrix.{row}.{column}"),
                    format_func=lambda code: level_text(texts, now, code),
                    label_visibility="collapsed",
                    on_change=form.keep,
                )


def _levels(context: PageContext, form: DraftedForm, now: Criteria) -> None:
    texts = context.texts
    for place, one in reversed(list(enumerate(now.levels))):
        name, review, accept = st.columns(3, vertical_alignment="bottom")
        name.markdown(plain(level_text(texts, now, one.code)))
        with review:
            st.number_input(
                texts.text("criteria.review_days"),
                min_value=1,
                key=form.key(f"levels.{place}.review_days"),
                on_change=form.keep,
            )
        with accept:
            st.selectbox(
                texts.text("criteria.head.accept"),
                [*ACCEPTORS, None],
                key=form.key(f"levels.{place}.accepted_by"),
                format_func=lambda role: acceptor(texts, role),
                on_change=form.keep,
            )


def _days(context: PageContext, form: DraftedForm) -> None:
    names = ("acceptance_days", "late_review_days", "late_treatment_days")
    for column, name in zip(st.columns(3), names, strict=True):
        with column:
            st.number_input(
                context.texts.text(f"criteria.{name}"),
                min_value=1,
                key=form.key(name),
                on_change=form.keep,
            )
    st.checkbox(
        context.texts.text("criteria.is_assumption"),
        key=form.key("assumption"),
        on_change=form.keep,
    )


def _words(context: PageContext, form: DraftedForm, now: Criteria) -> None:
    """Names and steps in the three languages, and the chances that bound the likelihoods."""
    texts = context.texts
    with st.expander(texts.text("criteria.scales")):
        for step in range(SIZE):
            _named(
                context,
                form,
                f"likelihood.{step}",
                f"{texts.text('criteria.likelihood')} {step + 1}",
            )
            if step < SIZE - 1:
                st.number_input(
                    texts.text("criteria.chance_to"),
                    min_value=0.0,
                    max_value=100.0,
                    key=form.key(f"likelihood.{step}.high"),
                    on_change=form.keep,
                )
        for place, one in enumerate(now.dimensions):
            title = texts.value(one.names)
            _named(context, form, f"dimensions.{place}", title)
            for step in range(SIZE):
                _named(context, form, f"dimensions.{place}.{step}", f"{title} {step + 1}")
        for place, level in enumerate(now.levels):
            _named(context, form, f"levels.{place}", texts.value(level.names))


def _named(context: PageContext, form: DraftedForm, path: str, title: str) -> None:
    for column, language in zip(st.columns(len(LANGUAGES)), LANGUAGES, strict=True):
        with column:
            st.text_input(
                f"{title} · {context.texts.word(Language(language))}",
                key=form.key(f"{path}.{language}"),
                max_chars=200,
                on_change=form.keep,
            )


def _send(context: PageContext, form: DraftedForm, now: Criteria) -> None:
    said = replace(criteria_of(form.values, now), version=now.version)
    form.send(
        lambda: propose_criteria(
            context.workspace, by=context.actor, criteria=said, reason=form["reason"]
        ),
        "criteria.sent",
    )
