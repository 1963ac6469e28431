"""Actions: what is mine to do, and what everybody does; how it goes is said in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.components.commentary import listing
from dashboard.components.commentary.cards import card
from dashboard.components.commentary.choosing import ActionKind, choose, of_kind
from dashboard.components.commentary.listing import Names
from dashboard.components.kpi_choice import follow
from dashboard.components.kpi_names import member_names
from dashboard.components.kpis import figures, verdicts
from dashboard.components.kpis.acting import overdue_line
from dashboard.components.kpis.links import KPI, page_link
from dashboard.components.messages import empty, plain
from dashboard.components.tables import csv_file
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.commentary import (
    Action,
    Late,
    Overdue,
    Update,
    read_actions,
    read_answers,
    read_updates,
)
from kpis.commentary.due import overdue_updates
from kpis.register import read_kpis
from kpis.scorecard import scorecard

OPENED = "actions.opened"
Actions = Sequence[Action]


@dataclass(frozen=True, slots=True)
class Found:
    """Every action there is, what was said of those that are open, and the day."""

    actions: tuple[Action, ...]
    updates: dict[int, tuple[Update, ...]]
    names: Names
    today: date
    silent: tuple[Overdue, ...]  # commentary of the period looked at that is overdue


def draw(context: PageContext) -> None:
    """How it stands in a sentence; mine; everybody's, and one of them opened."""
    verdicts.look()
    found = _read(context)
    if found.actions:
        st.markdown(plain(_sentence(context, found)))
    _silent(context, found)
    if not found.actions:
        empty(context.texts, "actions.empty", "actions.empty_do")
        return
    _mine(context, found)
    _all(context, found)


def _read(context: PageContext) -> Found:
    texts = context.texts
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        actions = read_actions(reader)
        updates = read_updates(reader, actions)
        kpis = read_kpis(reader)
        rows = scorecard(reader, period=context.period).rows
        late = overdue_updates(read_answers(reader, rows))
    named = {code: figures.named(texts, kpi.definition.names) for code, kpi in kpis.items()}
    names = Names(named, member_names(context, "office"))
    silent = tuple(one for one in late if one.kind is Late.COMMENTARY)
    return Found(actions, updates, names, context.today, silent)


def _silent(context: PageContext, found: Found) -> None:
    """The KPIs behind whose commentary is overdue, each with the way to write it."""
    if not found.silent:
        return
    texts = context.texts
    title = texts.text("actions.silent", period=context.period, count=len(found.silent))
    st.subheader(title, anchor=False)
    for one in found.silent:
        code = one.code or ""
        said = f"{code} {found.names.kpis.get(code, '')} · {overdue_line(texts, one)}"
        link = listing.commentary_link(context, code, context.period, None)
        page_link(context, KPI, plain(said), link, ":material/edit_note:")


def _sentence(context: PageContext, found: Found) -> str:
    """How many are open, how many of them overdue, of how many nothing is heard."""
    counts = {
        kind: len(of_kind(found.actions, kind, found.today))
        for kind in (ActionKind.OPEN, ActionKind.OVERDUE, ActionKind.NO_WORD)
    }
    return context.texts.text(
        "actions.sentence",
        open=counts[ActionKind.OPEN],
        overdue=counts[ActionKind.OVERDUE],
        silent=counts[ActionKind.NO_WORD],
    )


def _mine(context: PageContext, found: Found) -> None:
    """The reader's own open actions, the first due first."""
    texts, me = context.texts, context.actor.person_id
    mine = [one for one in found.actions if one.is_open and one.assignee_id == me]
    st.subheader(texts.text("actions.mine", count=len(mine)), anchor=False)
    if not mine:
        st.caption(texts.text("actions.none_mine"))
    columns = st.columns(2, gap="medium") if mine else []
    for number, one in enumerate(mine):
        with columns[number % 2]:
            _card(context, found, one)


def _all(context: PageContext, found: Found) -> None:
    """Everybody's: chosen, listed, taken along, one of them opened."""
    texts = context.texts
    st.subheader(texts.text("actions.all"), anchor=False)
    chosen = choose(texts, found.actions, found.names.kpis, found.today)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        opened = _opened(context, found, chosen)
        _file(context, found, chosen)
    if opened is not None:
        _card(context, found, opened, expanded=True)
    if chosen:
        listing.action_table(context, chosen, found.names, found.today)
    else:
        empty(texts, "actions.none", "actions.none_why")


def _is_mine(context: PageContext, one: Action) -> bool:
    """Whether it stands among the reader's own already."""
    return one.is_open and one.assignee_id == context.actor.person_id


def _opened(context: PageContext, found: Found, chosen: Actions) -> Action | None:
    """The action the link names; choosing another one changes the link. Mine are open above."""
    linked = [one for one in found.actions if str(one.id) == context.link.part]
    offered = [one for one in [*chosen, *linked] if not _is_mine(context, one)]
    by_id = {str(one.id): one for one in offered}
    named = context.link.part if context.link.part in by_id else None
    st.session_state[OPENED] = named

    def change() -> None:
        follow(context.link_with(part=st.session_state[OPENED]))

    st.selectbox(
        context.texts.text("actions.open"),
        list(by_id),
        index=None,
        key=OPENED,
        format_func=lambda number: f"№{number} {by_id[number].what}",
        placeholder=context.texts.text("actions.open_which"),
        on_change=change,
    )
    return by_id[named] if named else None


def _file(context: PageContext, found: Found, chosen: Actions) -> None:
    texts = context.texts
    st.download_button(
        texts.text("shell.download_csv"),
        lambda: csv_file(
            listing.file_headers(texts),
            (listing.file_row(texts, one, found.names, found.today) for one in chosen),
        ),
        file_name=f"actions-{found.today.isoformat()}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="actions.download",
    )


def _card(context: PageContext, found: Found, one: Action, *, expanded: bool = False) -> None:
    card(
        context,
        one,
        found.updates[one.id],
        about=listing.about(context.texts, one, found.names),
        today=found.today,
        expanded=expanded,
    )
