"""What others propose of criteria and appetite, for the person who decides on it."""

from __future__ import annotations

import streamlit as st

from dashboard.components.kpis.links import page_link
from dashboard.components.messages import plain
from dashboard.components.risks.mine.known import Known
from dashboard.components.risks.words import APPETITE, KEEPING
from dashboard.context import PageContext


def draw(context: PageContext, known: Known) -> None:
    """Each with who proposes it since when; the link leads to where it is decided."""
    texts, count = context.texts, len(known.statements) + len(known.proposals)
    if not count:
        return
    st.subheader(f"{texts.text('mine.proposals')}: {texts.number(count)}", anchor=False)
    with st.container(border=True, gap="small", key="waits-proposals"):
        for stated in known.statements:
            code = stated.said.category
            name = texts.value(known.naming.categories.get(code, code))
            label = texts.text("mine.appetite_of", category=name)
            told = texts.text("mine.proposed", **_by(known, stated.proposed_by, stated.proposed_at))
            _one(context, APPETITE, "statements", label, told)
        for one in known.proposals:
            label = texts.text("mine.criteria_version", version=one.version)
            told = texts.text("mine.proposed", **_by(known, one.author, one.created_at))
            _one(context, KEEPING, "criteria", label, f"{told}: {one.reason}")


def _by(known: Known, email: str, at: object) -> dict[str, object]:
    return {"who": known.person(email), "at": at}


def _one(context: PageContext, path: str, part: str, label: str, told: str) -> None:
    with st.container(gap=None):
        page_link(context, path, plain(label), context.link_with(risk=None, part=part))
        st.markdown(plain(told))
