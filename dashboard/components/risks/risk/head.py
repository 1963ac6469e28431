"""The head of a risk: what it is called, how it stands, whose it is, when it is looked at next."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.risks.risk.known import Known
from dashboard.components.risks.risk.sentence import movements, sentence
from dashboard.components.risks.words import level_text, status_text
from dashboard.components.tables import moment_short

NEWLINE = "  \n"


def draw(known: Known) -> None:
    """Code and title; the answer in a sentence; the facts beside each other."""
    texts, risk = known.texts, known.risk
    st.subheader(plain(f"{risk.code} {risk.title}"), anchor=False)
    with st.container(key="risk-answer"):
        st.markdown(plain(sentence(known)))
    moved = movements(known)
    if moved:
        st.markdown(plain(" · ".join(moved)))
    if known.published is not None:
        at = moment_short(texts, known.published)
        st.caption(plain(texts.text("risk_page.as_published", at=at)))
    if risk.demo:
        st.caption(plain(texts.text("risk_page.demo")))
    with st.container(horizontal=True, gap="medium", key="risk-facts"):
        for label, value in _facts(known):
            with st.container(width="content", gap=None):
                st.markdown(f":small[:gray[{plain(label)}]]{NEWLINE}{value}")
    st.caption(NEWLINE.join(plain(line) for line in _notes(known)))


def _facts(known: Known) -> Iterator[tuple[str, str]]:
    """What stands beside each other, each under its name."""
    texts, risk = known.texts, known.risk
    yield texts.text("risk_page.fact.status"), plain(status_text(texts, risk))
    yield texts.text("risk_page.fact.level"), _level(known)
    if risk.response is not None:
        yield texts.text("risk_page.fact.response"), plain(texts.word(risk.response))
    if risk.owner:
        yield texts.text("risk_page.fact.owner"), plain(known.person(risk.owner))
    yield texts.text("risk_page.fact.unit"), plain(known.unit(risk.unit_code))
    yield texts.text("risk_page.fact.category"), plain(known.category(risk.category_code))
    if risk.next_review is not None:
        yield texts.text("risk_page.fact.next_review"), plain(texts.day_short(risk.next_review))


def _level(known: Known) -> str:
    """The level with its sign."""
    current = known.risk.current
    if current is None or current.level is None:
        return plain(known.texts.text("risk.not_assessed"))
    shown = level_text(known.texts, known.measured(current), current.level)
    return f"**{plain(shown)}**"


def _notes(known: Known) -> Iterator[str]:
    """By which criteria, what it threatens, and why it is open again."""
    texts, risk = known.texts, known.risk
    current = risk.current
    if current is not None:
        criteria = known.measured(current)
        said = texts.text("risk_page.by_criteria", version=current.criteria_version)
        assumed = texts.text("risk_page.criteria_assumed") if criteria.assumption else ""
        yield f"{said} {assumed}".strip()
    objectives = [texts.value(known.naming.objectives.get(one, one)) for one in risk.objectives]
    if objectives:
        yield texts.text("risk_page.threatens", objectives=", ".join(objectives))
    if risk.kpis:
        yield texts.text("risk_page.shows_in", kpis=", ".join(risk.kpis))
    if risk.reassess:
        yield keyed(known, risk.reassess)
    if risk.reopened_because:
        because = keyed(known, risk.reopened_because)
        yield texts.text("risk_page.reopened", because=because)
    if risk.close_reason:
        yield texts.text("risk_page.close_reason", reason=risk.close_reason)


def keyed(known: Known, text: str) -> str:
    """What somebody wrote as it is; what the system says by a key in the reader's words."""
    return known.texts.text(text) if text.startswith("risks.") else text
