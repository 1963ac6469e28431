"""The register in a sentence: how many risks, how many too high, escalated, and what moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.risks.register.looked import Looked
from risks.register.moving import Movement


def draw(looked: Looked) -> None:
    """The sentence; below it as of when it was published, for those who see no more."""
    with st.container(key="risks-answer"):
        st.markdown(plain(" ".join(sentences(looked))))
    if looked.published is not None:
        said = looked.texts.text("risk_register.published", at=looked.published)
        st.info(plain(said), icon=":material/public:")


def sentences(looked: Looked) -> Iterator[str]:
    """How it stands, then what moved since the day compared with."""
    texts = looked.texts
    active = [risk for risk in looked.risks if risk.is_active]
    key = "risk_register.answer.risks" if looked.is_whole else "risk_register.answer.own"
    yield texts.counted(key, len(active))
    if looked.appetite:
        yield texts.text("risk_register.answer.above", count=len(looked.above))
    if looked.tells_people:
        escalated = sum(risk.is_escalated for risk in active)
        yield texts.text("risk_register.answer.escalated", count=escalated)
    unassessed = sum(risk.level is None for risk in active)
    if unassessed:
        yield texts.text("risk_register.answer.unassessed", count=unassessed)
    yield _moved(looked)


def _moved(looked: Looked) -> str:
    """Of those in the register on either day."""
    texts, day = looked.texts, looked.since
    if not looked.then:
        return nothing_then(looked)
    counts = Counter(looked.movement(risk) for risk in looked.risks if risk.is_active)
    now = {risk.id for risk in looked.risks if risk.is_active}
    return texts.text(
        "risk_register.answer.moved",
        day=day,
        risen=counts[Movement.RISEN],
        fallen=counts[Movement.FALLEN],
        new=counts[Movement.NEW],
        gone=sum(one.is_active and one.id not in now for one in looked.then.values()),
    )


def nothing_then(looked: Looked) -> str:
    """That there is nothing to compare with."""
    told = "nothing_then" if looked.published is None else "unpublished_then"
    return looked.texts.text(f"risk_register.answer.{told}", day=looked.since)
