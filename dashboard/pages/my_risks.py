"""My risks: what waits for the person and nothing else; below it what is his."""

from __future__ import annotations

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.risks.mine import deputies, own, proposals, waiting
from dashboard.components.risks.mine.known import Known, read
from dashboard.components.risks.mine.look import look
from dashboard.context import PageContext


def draw(context: PageContext) -> None:
    """The answer in a sentence; what to do, each with its way; then the own risks."""
    look()
    known = read(context)
    with st.container(key="mine"):
        if known.count:
            with st.container(key="mine-answer"):
                st.markdown(plain(_sentence(context, known)))
        else:
            _calm(context, known)
        todo, beside = st.columns([3, 2], gap="large")
        with todo:
            waiting.draw(context, known)
            proposals.draw(context, known)
            own.draw(context, known)
        with beside:
            deputies.draw(context, known)
            own.draw_beside(context, known)


def _sentence(context: PageContext, known: Known) -> str:
    """How many things wait, and how many of them are late."""
    texts = context.texts
    said = texts.counted("mine.waiting", known.count)
    late = len(known.late)
    return f"{said} {texts.counted('mine.late', late) if late else texts.text('mine.none_late')}"


def _calm(context: PageContext, known: Known) -> None:
    """That nothing waits, and what comes next."""
    texts, coming = context.texts, known.next_review
    with st.container(border=True):
        st.markdown(f":material/check_circle: **{plain(texts.text('mine.nothing'))}**")
        if coming is not None:
            name, day = f"{coming.code} {coming.title}", coming.next_review
            said = texts.text("mine.next", risk=name, day=day)
        else:
            said = texts.text("mine.nothing_next")
        st.caption(plain(said))
