"""Fields that edits of reference data share: days, names, source and reason."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.context import PageContext
from data.agency.stating import LONGEST, Grounds
from data.language.languages import Language
from data.language.texts import Texts

FIRST, LAST = date(1990, 1, 1), date(2059, 12, 31)  # what the calendar knows


def grounds(texts: Texts, key: str) -> Grounds:
    """The source and the reason; that both are said is checked behind the door."""
    left, right = st.columns(2)
    with left:
        source = st.text_input(
            texts.text("reference.source"),
            max_chars=LONGEST,
            help=texts.text("reference.source_help"),
            key=f"{key}.source",
        )
    with right:
        reason = why(texts, key)
    return Grounds(source, reason)


def why(texts: Texts, key: str) -> str:
    """The reason of an edit."""
    return st.text_input(
        texts.text("reference.reason"),
        max_chars=LONGEST,
        help=texts.text("reference.reason_help"),
        key=f"{key}.reason",
    )


def day(texts: Texts, label_key: str, key: str) -> date | None:
    """A day; None until one is chosen."""
    chosen = st.date_input(
        texts.text(label_key),
        value=None,
        min_value=FIRST,
        max_value=LAST,
        format="DD.MM.YYYY",
        key=key,
    )
    return chosen if isinstance(chosen, date) else None


def names(texts: Texts, key: str) -> dict[str, str]:
    """A name in each of the three languages."""
    found = {}
    for language, column in zip(Language, st.columns(len(Language)), strict=True):
        with column:
            label = texts.text("reference.name_in", language=language)
            found[language.value] = st.text_input(label, max_chars=LONGEST, key=f"{key}.{language}")
    return found


def today(context: PageContext) -> date:
    """The agency's day, or the last one of the time looked at."""
    return context.today
