"""The answer before everything else: how many differ, which, and what has to be known first."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.components.comparison.words import Told
from dashboard.components.kpi_drawing import opening
from dashboard.components.kpis import figures
from dashboard.components.messages import plain
from kpis.comparing import ComparedMember
from kpis.comparison import Difference
from kpis.funnel_limits import Verdict

SPOKEN = (Difference.WORSE, Difference.HIGHER, Difference.LOWER, Difference.BETTER)


def draw(told: Told) -> None:
    """One sentence; below it which members, and what has to be known first."""
    st.markdown(f"#### {plain(_sentence(told))}", anchors=False)
    for line in _outside(told):
        st.markdown(plain(line))
    for note in _notes(told):
        st.markdown(f":material/info: {plain(note)}")


def _sentence(told: Told) -> str:
    """'Ready within the deadline, March 2025: 2 of 45 offices differ ...'."""
    texts, row = told.texts, told.comparison.row
    key = "comparison.answer" if told.comparison.funnel else "comparison.ranges"
    count = sum(_is_outside(each) for each in told.comparison.told)
    of = {"all": len(told.comparison.told), "members": told.members}
    said = texts.counted(key, count, **of) if count else texts.text(f"{key}_none", **of)
    return f"{figures.named(texts, row.names)}, {texts.period(row.period)}: {said}"


def _is_outside(each: ComparedMember) -> bool:
    """Beyond the outer limits of the funnel; without one, outside its own usual range."""
    if each.compared is not None:
        return each.compared.verdict is Verdict.BEYOND_99_8
    return each.difference in SPOKEN


def _outside(told: Told) -> Iterator[str]:
    """Those that differ by what it means; those between the two limits with a warning."""
    texts, members = told.texts, told.comparison.told
    for difference in SPOKEN:
        alike = [one for one in members if _is_outside(one) and one.difference is difference]
        if alike:
            said = opening(texts.word(difference))
            yield texts.text("comparison.which", difference=said, members=told.listed(alike))
    near = [one for one in members if one.difference in SPOKEN and not _is_outside(one)]
    if near:
        yield texts.text("comparison.near", members=told.listed(near))


def _notes(told: Told) -> Iterator[str]:
    """What has to be known before the comparison is believed."""
    texts, comparison = told.texts, told.comparison
    if comparison.why_none is not None:
        yield texts.word(comparison.why_none)
    if comparison.row.partial:
        yield texts.text("kpi_page.partial", period=comparison.period)
    if comparison.apart and comparison.funnel is not None:  # ranges name them themselves
        apart = [
            f"{told.name(one.member)} ({texts.figure(one.reading.figure)})"
            for one in comparison.apart
        ]
        yield texts.text("comparison.apart", members=apart)
