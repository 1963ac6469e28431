"""Exposure: what a year of the register may cost, what treatments save, how good estimates were."""

from __future__ import annotations

from enum import StrEnum

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.parts import part_of
from dashboard.components.risks.exposure import calibration, losses, treatments
from dashboard.components.risks.exposure.choosing import choose
from dashboard.components.risks.exposure.known import Known, past_score, read
from dashboard.components.risks.money import euros
from dashboard.context import PageContext
from risks.exposure import TRIALS
from risks.portfolio import LeftOut


class ExposurePart(StrEnum):
    """The parts of the page."""

    LOSSES = "losses"
    TREATMENTS = "treatments"
    CALIBRATION = "calibration"


def draw(context: PageContext) -> None:
    """What is counted in a sentence, then the part that is looked at, then how it is counted."""
    part = part_of(context, ExposurePart, "exposure.part")
    if part is ExposurePart.CALIBRATION:
        calibration.draw(context.texts, past_score(context))
        return
    chosen = choose(context.texts, read(context))
    if chosen.found.estimated:
        st.markdown(plain(_sentence(context, chosen)))
    if part is ExposurePart.LOSSES:
        losses.draw(context, chosen)
    else:
        treatments.draw(context, chosen)
    _how(context)


def _sentence(context: PageContext, known: Known) -> str:
    """How many of the active risks are counted, and what a year of them is expected to cost."""
    counted = len(known.found.estimated)
    every = counted + sum(len(known.found.left_out.get(reason, ())) for reason in LeftOut)
    expected = euros(context.texts, known.exposure.before.expected)
    return context.texts.text("exposure.sentence", counted=counted, all=every, expected=expected)


def _how(context: PageContext) -> None:
    """By which laws, with how many years, what is assumed, and that the draws come out the same."""
    texts = context.texts
    with st.expander(texts.text("exposure.how"), icon=":material/calculate:"):
        for name in ("laws", "trials", "draws", "error", "assumed", "period"):
            st.markdown(f"- {plain(texts.text(f'exposure.how.{name}', trials=TRIALS))}")
