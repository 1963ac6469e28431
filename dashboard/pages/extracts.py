"""Extracts: bring a file in, see what is complete, what was loaded, and what can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

import streamlit as st

from dashboard.components.extracts import arrival, calendar, history, inbox, kinds
from dashboard.components.extracts.account import YES
from dashboard.components.extracts.known import Known, known_to
from dashboard.components.extracts.names import extract_name
from dashboard.components.messages import empty, plain
from dashboard.components.parts import choose_part
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.extracts.completeness import ContractCalendar, overdue
from data.extracts.history import Load

LATE_MONTHS = 4  # named for an extract; the calendar shows all


class ExtractsView(StrEnum):
    """What of the page is looked at."""

    BRING = "bring"
    COMPLETENESS = "completeness"
    LOADS = "loads"
    KINDS = "kinds"


def draw(context: PageContext) -> None:
    """Where the extracts stand in a sentence, what is late, then what the person chose to see."""
    now = context.workspace.now
    known = known_to(context.workspace, by=context.actor)
    _sentence(context, known)
    inbox.draw(context)
    _late(context, known.calendars, now)
    draw_view: dict[ExtractsView, Callable[[], None]] = {
        ExtractsView.BRING: lambda: arrival.draw(context),
        ExtractsView.COMPLETENESS: lambda: _completeness(context, known.calendars, now),
        ExtractsView.LOADS: lambda: _loads(context, known.loads),
        ExtractsView.KINDS: lambda: kinds.draw(context),
    }
    draw_view[_view(context)]()


def _view(context: PageContext) -> ExtractsView:
    """One of the parts of the page; bringing a file is offered to those who may.

    Profiles lie in a folder that knows no earlier time.
    """
    hidden = set() if context.may(Permission.EXTRACT_LOAD) else {ExtractsView.BRING}
    if context.in_past:
        hidden.add(ExtractsView.KINDS)
    offered = [view for view in ExtractsView if view not in hidden]
    return choose_part(context.texts, "extracts_page.view", offered, key="extracts.view")


def _sentence(context: PageContext, known: Known) -> None:
    texts = context.texts
    live = [load for load in known.loads if load.is_live]
    if not live:
        return
    st.markdown(
        plain(
            texts.text(
                "extracts_page.sentence",
                live=len(live),
                extracts=len({load.batch.contract for load in live}),
                event=str(known.event),
                cut_at=max(load.batch.cut_at for load in live),
            )
        )
    )


def _late(context: PageContext, known: Sequence[ContractCalendar], now: datetime) -> None:
    """What has not arrived and should have: this needs action."""
    texts = context.texts
    today = now.astimezone(context.workspace.settings.zone).date()
    late = [(one.contract, overdue(one, today)) for one in known]
    said = [
        texts.text(
            "extracts_page.late",
            extract=extract_name(texts, contract),
            months=[month.period for month in months[-LATE_MONTHS:]],
            count=len(months),
        )
        for contract, months in late
        if months
    ]
    if said:
        st.warning(
            f"**{texts.text('extracts_page.late_title')}**\n"
            + "\n".join(f"- {plain(one)}" for one in said),
            icon=":material/schedule:",
        )
    elif any(one.live_loads for one in known):
        st.markdown(f"{YES} {plain(texts.text('extracts_page.all_here'))}")


def _completeness(context: PageContext, known: Sequence[ContractCalendar], now: datetime) -> None:
    if not any(one.live_loads for one in known):
        empty(context.texts, "extracts_page.nothing_loaded", "extracts_page.nothing_loaded_why")
    calendar.draw(context, known, now)


def _loads(context: PageContext, found: Sequence[Load]) -> None:
    if found:
        history.draw(context, found)
    else:
        empty(context.texts, "extracts_page.nothing_loaded", "extracts_page.nothing_loaded_why")
