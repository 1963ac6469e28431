"""The calendar: the days of a year that are not what their weekday says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard.components.messages import empty
from dashboard.components.reference import draft, fields
from dashboard.components.reference.draft import Edit
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.agency.calendar import DayKind, clear_day, mark_day, read_calendar
from data.store.tables import CalendarDay

PART = "calendar"
FIRST_YEAR, YEARS_AHEAD = 2000, 10


def draw(context: PageContext) -> None:
    """The days of a year; for those who may, another kind for one of them."""
    texts, this = context.texts, fields.today(context).year
    years = list(range(this + YEARS_AHEAD, FIRST_YEAR - 1, -1))
    year = st.selectbox(
        texts.text("reference.calendar.year"),
        years,
        index=years.index(this),
        format_func=str,
        key="reference.calendar.year",
        width=160,
    )
    days = read_calendar(context.workspace, by=context.actor, year=year or this)
    if days:
        _table(context, days)
    else:
        empty(texts, "reference.calendar.none", "reference.calendar.none_why")
    if context.may(Permission.REFERENCE_CHANGE):
        st.subheader(texts.text("reference.enter"), anchor=False)
        mark, clear = st.tabs(
            [texts.text("reference.calendar.mark"), texts.text("reference.calendar.clear")]
        )
        with mark:
            _mark(context)
        with clear:
            _clear(context, days)
        draft.draw(context, PART)


def _table(context: PageContext, days: Sequence[CalendarDay]) -> None:
    texts = context.texts
    table(
        {
            texts.text("reference.head.day"): [texts.day(row.day) for row in days],
            texts.text("reference.head.kind"): [texts.word(DayKind(row.kind)) for row in days],
            texts.text("reference.head.name"): [row.name for row in days],
            texts.text("reference.head.source"): [row.source for row in days],
        },
        key="reference.calendar",
    )


def _mark(context: PageContext) -> None:
    texts, key = context.texts, "reference.calendar.mark"
    with st.form(key, enter_to_submit=False):
        which, kinds, names = st.columns(3)
        with which:
            day = fields.day(texts, "reference.head.day", f"{key}.day")
        with kinds:
            kind = st.selectbox(
                texts.text("reference.head.kind"), list(DayKind), format_func=texts.word,
                key=f"{key}.kind",
            )  # fmt: skip
        with names:
            name = st.text_input(texts.text("reference.head.name"), key=f"{key}.name")
        grounds = fields.grounds(texts, key)
        if not st.form_submit_button(texts.text("reference.preview")):
            return
        if day is None or kind is None:
            st.warning(texts.text("reference.incomplete"), icon=":material/info:")
            return
        act = partial(
            mark_day, by=context.actor, day=day, kind=kind, name=name, grounds=grounds,
            version=_version(context, day),
        )  # fmt: skip
        values = {"day": day, "kind": kind, "name": name}
        draft.propose(context, Edit(PART, "reference.will.mark", values, act))


def _version(context: PageContext, day: date) -> int:
    """The version of the day as it is when it is previewed; 0 where it is not marked."""
    known = read_calendar(context.workspace, by=context.actor, year=day.year)
    return next((row.row_version for row in known if row.day == day), 0)


def _clear(context: PageContext, days: Sequence[CalendarDay]) -> None:
    texts, key = context.texts, "reference.calendar.clear"
    known = {row.day: row for row in days}
    with st.form(key, enter_to_submit=False):
        day = st.selectbox(
            texts.text("reference.head.day"),
            list(known),
            index=None,
            format_func=lambda one: f"{texts.day(one)} · {known[one].name}",
            placeholder=texts.text("reference.choose"),
            key=f"{key}.day",
        )
        reason = fields.why(texts, key)
        if not st.form_submit_button(texts.text("reference.preview")):
            return
        if day is None:
            st.warning(texts.text("reference.incomplete"), icon=":material/info:")
            return
        act = partial(
            clear_day, by=context.actor, day=day, version=known[day].row_version, reason=reason
        )
        values = {"day": day, "name": known[day].name}
        draft.propose(context, Edit(PART, "reference.will.clear", values, act))
