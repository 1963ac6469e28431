"""The bow-tie of a risk on its page: drawn for wide and for narrow screens, and as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from dashboard.charts.bow_tie import Barrier, BowTieView, Holds, bow_tie, bow_tie_stacked
from dashboard.charts.svg import data_uri
from dashboard.components.kpis.verdicts import colours
from dashboard.components.messages import plain
from dashboard.components.risks.risk.known import Known
from data.language.texts import Texts
from risks.controls.record import Control
from risks.register.kinds import Side
from risks.register.tested import Verdict

HEADS = ("cause", "before", "event", "after", "consequence")


def draw(known: Known) -> None:
    """Two drawings of which the screen shows one, and the same as text one click away."""
    texts, view = known.texts, view_of(known)
    st.markdown(f"**{plain(texts.text('risk_page.bow_tie'))}**")
    with st.container(key="bow-tie"):
        for key, build in (("wide", bow_tie), ("narrow", bow_tie_stacked)):
            with st.container(key=f"bow-tie-{key}"):
                st.markdown(f"![{plain(view.alt)}]({data_uri(build(view, colours()))})")
    with st.expander(texts.text("risk_page.bow_tie_text"), type="compact", icon=":material/notes:"):
        for head, lines in in_words(view):
            st.markdown(f"**{plain(head)}**")
            st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def view_of(known: Known) -> BowTieView:
    """Causes and consequences line by line, controls by the side on which they stand."""
    texts, risk = known.texts, known.risk
    view = BowTieView(
        causes=_lines(risk.cause),
        before=_barriers(known, Side.CAUSE),
        event=risk.event.strip(),
        after=_barriers(known, Side.CONSEQUENCE),
        consequences=_lines(risk.consequence),
        headings=tuple(texts.text(f"risk_page.bow.{head}") for head in HEADS),  # type: ignore[arg-type]
        no_control=texts.text("risk_page.bow.no_control"),
        not_said=texts.text("risk_page.bow.not_said"),
    )
    parts = (f"{head}: {'; '.join(lines)}" for head, lines in in_words(view))
    alt = texts.text("risk_page.bow_tie_alt", risk=f"{risk.code} {risk.title}")
    return replace(view, alt=f"{alt} {'. '.join(parts)}.")


def in_words(view: BowTieView) -> list[tuple[str, list[str]]]:
    """The five columns as text, nothing shortened."""
    columns = (
        list(view.causes) or [view.not_said],
        [f"{one.title}: {one.said}" for one in view.before] or [view.no_control],
        [view.event or view.not_said],
        [f"{one.title}: {one.said}" for one in view.after] or [view.no_control],
        list(view.consequences) or [view.not_said],
    )
    return list(zip(view.headings, columns, strict=True))


def holds(control: Control) -> Holds:
    """Whether a control holds, by its last test."""
    test = control.last_test
    if test is None:
        return Holds.UNTESTED
    if not control.is_in_use or Verdict.INEFFECTIVE in (test.design, test.operating):
        return Holds.NO
    return Holds.YES if test.is_good else Holds.PARTLY


def control_said(texts: Texts, control: Control) -> str:
    """'Works, tested 12 Mar 2025'; of one that is used no longer, that it is."""
    if not control.is_in_use:
        return texts.text("risk_page.control.retired")
    said = texts.text(f"risk_page.control.{holds(control).value}")
    if control.last_test is None:
        return said
    day = texts.day_short(control.last_test.tested_at.astimezone(texts.zone).date())
    return texts.text("risk_page.control.tested", said=said, day=day)


def _barriers(known: Known, side: Side) -> tuple[Barrier, ...]:
    found: Iterable[Control | None] = (
        known.controls.get(link.control_id)
        for link in known.risk.control_links
        if link.side is side
    )
    return tuple(
        Barrier(f"{one.code} {one.title}", holds(one), control_said(known.texts, one))
        for one in found
        if one is not None
    )


def _lines(text: str) -> tuple[str, ...]:
    """Each line that somebody wrote is a cause, or a consequence, of its own."""
    return tuple(line.strip(" -•") for line in text.splitlines() if line.strip(" -•"))
