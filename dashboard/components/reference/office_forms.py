"""The forms in which is entered what happened to an office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial

import streamlit as st

from dashboard.components.kpi_names import member_names
from dashboard.components.reference import draft, fields
from dashboard.components.reference.draft import Edit
from dashboard.context import PageContext
from data.agency.directory import units
from data.agency.offices import (
    OfficeView,
    close_office,
    date_opening,
    merge_office,
    open_office,
    rename_office,
)
from data.agency.offices.actions import Seen
from data.language.languages import LocalText
from data.store.tables import Office

PART = "offices"
Offices = Mapping[str, Office]


class OfficeDeed(StrEnum):
    """What can be entered."""

    MERGE = "merge"
    CLOSE = "close"
    RENAME = "rename"
    OPEN = "open"
    DATE = "date"


def draw(context: PageContext, views: Sequence[OfficeView]) -> None:
    """Choose what happened, say it, and see what it will change."""
    texts = context.texts
    st.subheader(texts.text("reference.enter"), anchor=False)
    deed = st.segmented_control(
        texts.text("reference.offices.what"),
        list(OfficeDeed),
        default=OfficeDeed.MERGE,
        required=True,
        format_func=texts.word,
        label_visibility="collapsed",
        key="reference.offices.deed",
    )
    forms = {
        OfficeDeed.MERGE: _merge,
        OfficeDeed.CLOSE: _close,
        OfficeDeed.RENAME: _rename,
        OfficeDeed.OPEN: _open,
        OfficeDeed.DATE: _date,
    }
    chosen = deed or OfficeDeed.MERGE
    with st.form(f"reference.offices.{chosen}", enter_to_submit=False):
        edit = forms[chosen](context, {view.code: view.office for view in views})
        if st.form_submit_button(texts.text("reference.preview")):
            if edit is None:
                st.warning(texts.text("reference.incomplete"), icon=":material/info:")
            else:
                draft.propose(context, edit)


def _merge(context: PageContext, offices: Offices) -> Edit | None:
    one, into, day = st.columns(3)
    with one:
        office = _office(context, offices, "office", "merge", still_open=True)
    with into:
        other = _office(context, offices, "into", "merge", still_open=True)
    with day:
        on = fields.day(context.texts, "reference.offices.from_day", "reference.merge.day")
    grounds = fields.grounds(context.texts, "reference.merge")
    if office is None or other is None or on is None:
        return None
    values = {"office": name_of(context, office), "into": name_of(context, other), "day": on}
    act = partial(
        merge_office, by=context.actor, office=_seen(office), into=other.code, day=on,
        grounds=grounds,
    )  # fmt: skip
    return Edit(PART, "reference.will.merge", values, act)


def _close(context: PageContext, offices: Offices) -> Edit | None:
    office, on = _one_and_day(context, offices, "close", still_open=True)
    grounds = fields.grounds(context.texts, "reference.close")
    if office is None or on is None:
        return None
    act = partial(close_office, by=context.actor, office=_seen(office), day=on, grounds=grounds)
    values = {"office": name_of(context, office), "day": on}
    return Edit(PART, "reference.will.close", values, act)


def _rename(context: PageContext, offices: Offices) -> Edit | None:
    office, on = _one_and_day(context, offices, "rename")
    names = fields.names(context.texts, "reference.rename")
    grounds = fields.grounds(context.texts, "reference.rename")
    if office is None or on is None:
        return None
    act = partial(
        rename_office, by=context.actor, office=_seen(office), names=names, day=on, grounds=grounds
    )
    new = LocalText(**names).within(context.language)
    values = {"office": name_of(context, office), "name": new, "day": on}
    return Edit(PART, "reference.will.rename", values, act)


def _date(context: PageContext, offices: Offices) -> Edit | None:
    office, on = _one_and_day(context, offices, "date")
    grounds = fields.grounds(context.texts, "reference.date")
    if office is None or on is None:
        return None
    act = partial(date_opening, by=context.actor, office=_seen(office), opened=on, grounds=grounds)
    values = {"office": name_of(context, office), "day": on}
    return Edit(PART, "reference.will.date", values, act)


def _open(context: PageContext, _offices: Offices) -> Edit | None:
    texts, places = context.texts, member_names(context, "municipality")
    above = {unit.code: unit for unit in units(context.workspace, by=context.actor)}
    columns = st.columns(4)
    with columns[0]:
        code = st.text_input(texts.text("reference.head.code"), key="reference.open.code")
    with columns[1]:
        place = st.selectbox(
            texts.text("reference.head.municipality"),
            list(places),
            index=None,
            format_func=lambda one: places[one],
            key="reference.open.place",
        )
    with columns[2]:
        parent = st.selectbox(
            texts.text("reference.offices.above"),
            [one for one, unit in above.items() if unit.kind != "office"],
            format_func=lambda one: LocalText.name_of(above[one]).within(context.language),
            key="reference.open.parent",
        )
    with columns[3]:
        on = fields.day(texts, "reference.offices.from_day", "reference.open.day")
    names = fields.names(texts, "reference.open")
    grounds = fields.grounds(texts, "reference.open")
    if place is None or parent is None or on is None:
        return None
    act = partial(
        open_office, by=context.actor, code=code, names=names, municipality=place, opened=on,
        grounds=grounds, parent=parent,
    )  # fmt: skip
    values = {"office": LocalText(**names).within(context.language), "code": code, "day": on}
    return Edit(PART, "reference.will.open", values, act)


def _one_and_day(
    context: PageContext, offices: Offices, deed: str, *, still_open: bool = False
) -> tuple[Office | None, date | None]:
    one, day = st.columns(2)
    with one:
        office = _office(context, offices, "office", deed, still_open=still_open)
    with day:
        on = fields.day(context.texts, "reference.offices.from_day", f"reference.{deed}.day")
    return office, on


def _office(
    context: PageContext, offices: Offices, which: str, deed: str, *, still_open: bool = False
) -> Office | None:
    listed = [code for code, office in offices.items() if not (still_open and office.closed)]
    code = st.selectbox(
        context.texts.text(f"reference.offices.{which}_field"),
        listed,
        index=None,
        format_func=lambda one: f"{name_of(context, offices[one])} ({one})",
        placeholder=context.texts.text("reference.choose"),
        key=f"reference.{deed}.{which}",
    )
    return offices[code] if code else None


def _seen(office: Office) -> Seen:
    return Seen(office.code, office.row_version)


def name_of(context: PageContext, office: Office) -> str:
    return LocalText.name_of(office).within(context.language)
