"""The editions of the strategy, and two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.kpi_drawing import Sheet, download, draw_words
from dashboard.components.messages import empty, plain
from dashboard.components.strategy.known import Known
from dashboard.components.strategy.words import named, said
from data.language.texts import Texts
from kpis.strategy import Difference, Edition, compare
from kpis.strategy.comparing import ChangeKind, PartKind

ONE, OTHER = "strategy.compare.one", "strategy.compare.other"
HEADS = ("part", "change", "field", "before", "after")


def draw(known: Known) -> None:
    """All editions as a table, then the comparison of two."""
    texts = known.texts
    editions = [kept.value for kept in known.editions]
    if not editions:
        empty(texts, "strategy.empty", "strategy.empty_do")
        return
    st.subheader(texts.text("strategy.editions"), anchor=False)
    draw_words(_sheet(known, editions), alt=texts.text("strategy.editions"))
    st.subheader(texts.text("strategy.compare"), anchor=False)
    if len(editions) == 1:
        st.markdown(plain(texts.text("strategy.compare_alone")))
        return
    one, other = _chosen(texts, editions)
    _compared(known, one, other)


def _sheet(known: Known, editions: Sequence[Edition]) -> Sheet:
    texts = known.texts
    heads = ("edition", "years", "state", "adopted", "objectives")
    rows = tuple(
        (
            f"{one.code} {named(texts, one.names)}",
            f"{texts.day_short(one.first_day)} – {texts.day_short(one.last_day)}",
            texts.word(one.state),
            texts.value(
                one.adopted_at and texts.day_short(one.adopted_at.astimezone(texts.zone).date())
            ),
            texts.number(len(one.objectives)),
        )
        for one in editions
    )
    return Sheet(tuple(texts.text(f"strategy.head.{head}") for head in heads), rows)


def _chosen(texts: Texts, editions: Sequence[Edition]) -> tuple[Edition, Edition]:
    """The two looked at; at first the newest and the one before it."""
    by_code = {one.code: one for one in editions}
    codes = list(by_code)
    left, right = st.columns(2)
    with left:
        one = st.selectbox(texts.text("strategy.compare_one"), codes, index=1, key=ONE)
    with right:
        other = st.selectbox(texts.text("strategy.compare_other"), codes, index=0, key=OTHER)
    return by_code[one], by_code[other]


def _compared(known: Known, one: Edition, other: Edition) -> None:
    texts, found = known.texts, compare(one, other)
    if not found:
        st.markdown(plain(texts.text("strategy.compare_same")))
        return
    counts = {kind.value: sum(each.change is kind for each in found) for kind in ChangeKind}
    said_first = texts.text("strategy.compare_said", one=one.code, other=other.code, **counts)
    st.markdown(plain(said_first))
    sheet = Sheet(
        tuple(texts.text(f"strategy.head.{head}") for head in HEADS),
        tuple(_line(known, each, one, other) for each in found),
    )
    draw_words(sheet, alt=said_first)
    file = f"strategy-{one.code}-{other.code}"
    download(texts, "strategy.compare", lambda: sheet, file=file)


def _line(known: Known, each: Difference, one: Edition, other: Edition) -> tuple[str, ...]:
    texts = known.texts
    what = texts.word(each.part)
    if each.part is not PartKind.EDITION:
        what = f"{what} {each.code}"
    field = texts.text(f"strategy_field.{each.field}") if each.field else ""
    before, after = (
        _value(known, each, value, edition)
        for value, edition in ((each.before, one), (each.after, other))
    )
    return (what, texts.word(each.change), field, before, after)


def _value(known: Known, each: Difference, value: object, edition: Edition) -> str:
    """A value in words; a perspective by its name, a challenge by its own."""
    if value is None and each.change is not ChangeKind.CHANGED:
        return ""
    if each.field == "challenge":
        return known.texts.text(f"challenge.{value}")
    if each.field == "perspective":
        lanes = {one.code: named(known.texts, one.names) for one in edition.perspectives}
        return lanes.get(str(value), str(value))
    return said(known.texts, value, known.kpis, known.people)
