"""What happened to a risk since it was last reviewed, in lines that are read at a glance."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.risks.indicators.words import state_text
from dashboard.components.risks.money import euros
from dashboard.components.risks.review.known import Known, Watched
from dashboard.context import PageContext
from data.language.texts import Texts
from risks.incidents.record import Incident
from risks.indicators.reading import IndicatorView
from risks.indicators.thresholds import IndicatorState
from risks.register.record import Risk
from risks.register.reviewing import Changed, ReviewChange, changes_since, last_looked_at

SHOWN = 6  # lines before the rest is one click away
LOUD = frozenset({ReviewChange.TREATMENT_LATE, ReviewChange.ESCALATED})
KEYED = frozenset({ReviewChange.ESCALATED, ReviewChange.ACCEPTANCE_ENDED})


def draw(context: PageContext, known: Known, risk: Risk, around: Watched) -> None:
    """Since when, then line after line; nothing is said to be nothing."""
    texts, since = context.texts, last_looked_at(risk)
    day = since.astimezone(texts.zone).date()
    st.caption(plain(texts.text("risk_review.since", day=texts.day_short(day))))
    lines = [
        *_reassess(texts, risk),
        *(_incident(texts, one) for one in around.incidents if one.recorded_at > since),
        *(_indicator(texts, one) for one in around.indicators),
        *(_changed(texts, one) for one in changes_since(risk, since, known.today, texts.zone)),
    ]
    _list(lines[:SHOWN])
    if len(lines) > SHOWN:
        more = texts.text("risk_review.more", count=len(lines) - SHOWN)
        with st.expander(more, type="compact"):
            _list(lines[SHOWN:])
    if not lines:
        st.markdown(plain(texts.text("risk_review.no_change")))


def _list(lines: list[str]) -> None:
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))


def _reassess(texts: Texts, risk: Risk) -> Iterator[str]:
    if risk.reassess:
        yield f"**▲ {plain(texts.text(risk.reassess))}**"


def _incident(texts: Texts, one: Incident) -> str:
    day = texts.day_short(one.happened_on)
    said = texts.text("risk_review.incident", title=one.title, day=day)
    loss = f" · {euros(texts, one.loss)}" if one.loss is not None else ""
    return f"**▲ {plain(said + loss)}**"


def _indicator(texts: Texts, view: IndicatorView) -> str:
    """How it stands, and since when if it is red; a stale one is stale, whatever it was."""
    is_red = view.state is IndicatorState.RED
    key = "risk_review.indicator_red" if is_red else "risk_review.indicator"
    said = texts.text(
        key,
        title=view.indicator.title,
        state=state_text(texts, view.state),
        since=view.red_since or "",
    )
    line = plain(said)
    return f"**{line}**" if is_red else line


def _changed(texts: Texts, one: Changed) -> str:
    """The system's own reasons are keys, those of people their words."""
    is_key = one.kind in KEYED and one.text.startswith("risks.")
    text = texts.text(one.text) if is_key else one.text
    day = texts.day_short(one.day)
    line = plain(texts.text(f"risk_review.change.{one.kind.value}", text=text, day=day))
    return f"**▲ {line}**" if one.kind in LOUD else line
