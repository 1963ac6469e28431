"""Risk: one risk from every side; how it stands first, then what is done, then all of its past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

import streamlit as st

from dashboard.components.kpis import verdicts
from dashboard.components.parts import part_of
from dashboard.components.risks.risk import (
    acting,
    assessments,
    bow,
    choosing,
    head,
    history,
    indicators,
    records,
    reviewing,
    treatments,
)
from dashboard.components.risks.risk.forms import everything
from dashboard.components.risks.risk.known import Known, read
from dashboard.context import PageContext


class RiskPart(StrEnum):
    """What is looked at below the bow-tie."""

    ASSESSMENTS = "assessments"
    TREATMENTS = "treatments"
    INDICATORS = "indicators"
    REVIEWS = "reviews"
    ACCEPTANCES = "acceptances"
    ESCALATIONS = "escalations"
    COMMENTS = "comments"
    HISTORY = "history"


class PublishedPart(StrEnum):
    """What those are shown who see only what is published."""

    ASSESSMENTS = "assessments"
    TREATMENTS = "treatments"
    INDICATORS = "indicators"
    REVIEWS = "reviews"


PART = "risk.part"  # key of the widget
STYLE = Path(head.__file__).with_name("risk.css").read_text(encoding="utf-8")
DRAWN: Mapping[str, Callable[[Known], None]] = {
    RiskPart.ASSESSMENTS: assessments.draw,
    RiskPart.TREATMENTS: treatments.draw,
    RiskPart.INDICATORS: indicators.draw,
    RiskPart.REVIEWS: reviewing.draw,
    RiskPart.ACCEPTANCES: records.acceptances,
    RiskPart.ESCALATIONS: records.escalations,
    RiskPart.COMMENTS: records.comments,
    RiskPart.HISTORY: history.draw,
}


def draw(context: PageContext) -> None:
    """Choose the risk; say how it stands; what the person may do; the bow-tie; the parts."""
    verdicts.look()
    st.html(f"<style>{STYLE}</style>")
    code = choosing.choose(context)
    if code is None:
        return
    known = read(context, code)
    head.draw(known)
    acting.offer(known, acting.WHOLE, everything.OF_RISK)
    bow.draw(known)
    acting.offer(known, "controls", everything.OF_CONTROLS)
    parts = RiskPart if known.in_full else PublishedPart
    part = part_of(context, parts, PART)
    acting.offer(known, part.value, everything.OF_PARTS.get(part.value, {}))
    DRAWN[part](known)
