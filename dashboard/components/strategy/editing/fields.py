"""Fields that several forms of the draft share: texts in three languages, days, buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components.drafted import DraftedForm
from dashboard.components.messages import refusal
from data.errors import Refusal
from data.language.texts import Texts
from kpis.definitions import LANGUAGES, Words

NAME_LENGTH, TEXT_LENGTH = 200, 2000
NO_WORDS = Words("", "", "")


def label(texts: Texts, name: str) -> str:
    """What a field is called: 'names_sq' is 'Name, in Albanian'."""
    stem, _, language = name.rpartition("_")
    if stem and language in LANGUAGES:
        field = texts.text(f"strategy_field.{stem}")
        return f"{field}, {texts.text(f'strategy_field.{language}')}"
    return texts.text(f"strategy_field.{name}")


def given_words(stem: str, words: Words) -> dict[str, Any]:
    return {f"{stem}_{language}": getattr(words, language) for language in LANGUAGES}


def words_of(form: DraftedForm, stem: str) -> Words:
    """What was typed in the three languages."""
    return Words(*(str(form[f"{stem}_{language}"] or "") for language in LANGUAGES))


def three(form: DraftedForm, stem: str, *, long: bool = False) -> None:
    """One field a language, side by side."""
    texts = form.context.texts
    for column, language in zip(st.columns(3), LANGUAGES, strict=True):
        name = f"{stem}_{language}"
        draw = st.text_area if long else st.text_input
        with column:
            draw(
                label(texts, name),
                key=form.key(name),
                max_chars=TEXT_LENGTH if long else NAME_LENGTH,
                on_change=form.keep,
            )


def line(form: DraftedForm, name: str, *, longest: int = NAME_LENGTH) -> None:
    """A field of one line."""
    st.text_input(
        label(form.context.texts, name),
        key=form.key(name),
        max_chars=longest,
        on_change=form.keep,
    )


def days(form: DraftedForm) -> None:
    """The first and the last day."""
    for column, name in zip(st.columns(2), ("first_day", "last_day"), strict=True):
        with column:
            st.date_input(
                label(form.context.texts, name),
                key=form.key(name),
                format="DD.MM.YYYY",
                on_change=form.keep,
            )


def said_days(form: DraftedForm) -> bool:
    """Whether both days are said; a field left empty is said to be so."""
    if form["first_day"] and form["last_day"]:
        return True
    st.warning(form.context.texts.text("strategy.refused.days"), icon=":material/info:")
    return False


def act(texts: Texts, do: Callable[[], object], done: str, **values: Any) -> None:
    """Do something at once, and say that it is done or why it is not."""
    try:
        do()
    except Refusal as refused:
        refusal(texts, refused)
        return
    session.say_next(done, **values)
    st.rerun()
