"""The person's own risks in a short list, and how good his estimates were."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components.messages import empty, plain
from dashboard.components.risks.exposure import calibration
from dashboard.components.risks.mine.known import Known
from dashboard.components.risks.words import risk_in_text, status_text
from dashboard.context import PageContext
from data.access.permissions import Permission
from risks.register.record import Risk

COLUMNS = ("risk", "level", "status", "review")
ROWS_AT_ONCE, HEIGHT = 12, 560  # more rows scroll under their header; pixels


def draw(context: PageContext, known: Known) -> None:
    """The list; nothing is said to be nothing to those who may own risks."""
    texts = context.texts
    if not (known.own or context.may(Permission.RISK_WORK)):
        return
    st.subheader(texts.text("mine.own", count=len(known.own)), anchor=False)
    if not known.own:
        empty(texts, "mine.no_own", "mine.no_own_do")
        return
    lines = [_line(context, known, one) for one in known.own]
    heads = [texts.text(f"mine.head.{name}") for name in COLUMNS]
    st.table(
        pd.DataFrame(lines, columns=heads),
        border="horizontal",
        hide_index=True,
        height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
        alt=texts.text("mine.own_alt"),
    )


def _line(context: PageContext, known: Known, risk: Risk) -> list[str]:
    texts, day = context.texts, risk.next_review
    review = texts.day_short(day) if day else texts.value(None)
    is_late = day is not None and day < known.today
    return [
        risk_in_text(context, risk),
        plain(known.level(texts, risk)),
        plain(status_text(texts, risk)),
        f"**▲ {plain(review)}**" if is_late else plain(review),
    ]


def draw_beside(context: PageContext, known: Known) -> None:
    """What the person's past estimates were worth, once he has risks of his own."""
    if known.own or known.score:
        st.subheader(context.texts.text("mine.calibration"), anchor=False)
        calibration.draw(context.texts, known.score)
