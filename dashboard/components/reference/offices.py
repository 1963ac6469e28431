"""Offices: which there are, and what happened to each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard.components.kpi_names import member_names
from dashboard.components.messages import plain
from dashboard.components.reference import draft, fields, office_forms
from dashboard.components.reference.draft import Edit
from dashboard.components.reference.office_forms import PART, name_of
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.agency.offices import OfficeView, read_offices, withdraw_event
from data.language.languages import LocalText
from data.store.tables import OfficeEvent


def draw(context: PageContext) -> None:
    """Every office; for those who may, what happened to one of them."""
    views = read_offices(context.workspace, by=context.actor)
    now = fields.today(context)
    count = {
        "open": sum(view.is_open(now) for view in views),
        "merged": sum(view.successor is not None for view in views),
        "closed": sum(not view.is_open(now) and view.successor is None for view in views),
    }
    st.markdown(plain(context.texts.text("reference.offices.sentence", **count)))
    _mergers(context, views)
    _table(context, views)
    _history(context, views)
    if context.may(Permission.REFERENCE_CHANGE):
        office_forms.draw(context, views)
        draft.draw(context, PART)


def _mergers(context: PageContext, views: Sequence[OfficeView]) -> None:
    """Which offices count at another one today."""
    known = {view.code: view.office for view in views}
    for view in views:
        if view.successor:
            values = {"office": name_of(context, view.office), "code": view.code}
            into = name_of(context, known[view.successor])
            said = context.texts.text(
                "reference.offices.counts_at", into=into, day=view.office.closed, **values
            )
            st.caption(plain(said))


def _table(context: PageContext, views: Sequence[OfficeView]) -> None:
    texts, places = context.texts, member_names(context, "municipality")
    head = ("code", "office", "municipality", "opened", "closed", "stands_for")
    names = {name: texts.text(f"reference.head.{name}") for name in head}
    table(
        {
            names["code"]: [view.code for view in views],
            names["office"]: [name_of(context, view.office) for view in views],
            names["municipality"]: [
                places.get(view.office.municipality_code, view.office.municipality_code)
                for view in views
            ],
            names["opened"]: [_day(context, view.office.opened) for view in views],
            names["closed"]: [_closing(context, view) for view in views],
            names["stands_for"]: [
                ", ".join(name_of(context, one) for one in view.stands_for) for view in views
            ],
        },
        key="reference.offices",
    )


def _closing(context: PageContext, view: OfficeView) -> str:
    """When it closed, and into which office it was merged."""
    closed, texts = _day(context, view.office.closed), context.texts
    if view.office.merged_into is None:
        return closed
    return texts.text("reference.offices.into", day=closed, into=view.office.merged_into)


def _day(context: PageContext, day: date | None) -> str:
    return context.texts.day_short(day) if day else ""


def _history(context: PageContext, views: Sequence[OfficeView]) -> None:
    """What happened, the newest first, each with its source and the way to take it back."""
    happened = [(event, view) for view in views for event in view.events]
    happened.sort(key=lambda one: one[0].day, reverse=True)
    if not happened:
        return
    with st.expander(context.texts.text("reference.offices.history")):
        for event, view in happened:
            _event(context, event, view)


def _event(context: PageContext, event: OfficeEvent, view: OfficeView) -> None:
    texts, former = context.texts, LocalText(**event.former) if event.former else None
    said = texts.text(
        f"reference.offices.happened.{event.kind}",
        office=name_of(context, view.office),
        code=view.code,
        day=event.day,
        into=event.into_code or "",
        former=former.within(context.language) if former else "",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(plain(said))
            st.caption(plain(texts.text("reference.source_said", source=event.source)))
        may = context.may(Permission.REFERENCE_CHANGE) and event.kind != "opened"
        if may and st.button(texts.text("reference.take_back"), key=f"reference.undo.{event.id}"):
            _take_back(context, event, said)


def _take_back(context: PageContext, event: OfficeEvent, said: str) -> None:
    texts = context.texts

    @st.dialog(texts.text("reference.take_back_title"))
    def dialog() -> None:
        st.markdown(plain(said))
        st.caption(plain(texts.text("reference.take_back_will")))
        reason = fields.why(texts, "reference.undo")
        if st.button(texts.text("reference.preview"), type="primary", key="reference.undo.do"):
            act = partial(
                withdraw_event,
                by=context.actor,
                event_id=event.id or 0,
                version=event.row_version,
                reason=reason,
            )
            edit = Edit(PART, "reference.will.take_back", {"what": said}, act)
            if draft.propose(context, edit):
                st.rerun()

    dialog()
