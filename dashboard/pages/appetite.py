"""Appetite: how much risk is sought and borne, what is above it, and what is done about that."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.parts import part_of
from dashboard.components.risks.appetite import above, escalations, statements
from dashboard.components.risks.appetite.known import Known, read
from dashboard.context import PageContext
from risks.appetite.above import Bound


class AppetitePart(StrEnum):
    """The parts of the page: what calls for an answer comes first."""

    ABOVE = "above"
    ESCALATIONS = "escalations"
    STATEMENTS = "statements"


DRAWN: dict[AppetitePart, Callable[[PageContext, Known], None]] = {
    AppetitePart.ABOVE: above.draw,
    AppetitePart.ESCALATIONS: escalations.draw,
    AppetitePart.STATEMENTS: statements.draw,
}


def draw(context: PageContext) -> None:
    """The answer in a sentence, then the part that is looked at."""
    known = read(context)
    st.markdown(plain(_sentence(context, known)))
    DRAWN[part_of(context, AppetitePart, "appetite.part")](context, known)


def _sentence(context: PageContext, known: Known) -> str:
    """How many risks are above what is borne, how many of them nobody is at, what is not said."""
    tolerable = [one for one in known.above if one.bound is Bound.TOLERABLE]
    said = [
        context.texts.text(
            "appetite.sentence",
            tolerable=len(tolerable),
            unattended=sum(one.is_unattended for one in tolerable),
            optimal=len(known.above) - len(tolerable),
        )
    ]
    if known.silent:
        said.append(context.texts.text("appetite.silent", count=len(known.silent)))
    return " ".join(said)
