"""Districts and municipalities: which lies where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.reference import draft, fields
from dashboard.components.reference.draft import Edit
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.agency.places import move_municipality, read_districts, read_municipalities
from data.language.languages import LocalText, Named
from data.store.tables import District, Municipality

PART = "places"


def draw(context: PageContext) -> None:
    """Every municipality with its district; for those who may, another district for one."""
    texts = context.texts
    places = read_municipalities(context.workspace, by=context.actor)
    districts = {row.code: row for row in read_districts(context.workspace, by=context.actor)}
    st.markdown(
        plain(texts.text("reference.places.sentence", count=len(places), districts=len(districts)))
    )
    _table(context, places, districts)
    if any(row.assumption for row in districts.values()):
        st.caption(plain(texts.text("reference.places.assumed")))
    if context.may(Permission.REFERENCE_CHANGE):
        st.subheader(texts.text("reference.enter"), anchor=False)
        _move(context, places, districts)
        draft.draw(context, PART)


def _table(
    context: PageContext, places: Sequence[Municipality], districts: Mapping[str, District]
) -> None:
    texts = context.texts
    table(
        {
            texts.text("reference.head.code"): [row.code for row in places],
            texts.text("reference.head.municipality"): [_name(context, row) for row in places],
            texts.text("reference.head.district"): [
                _name(context, districts[row.district_code]) for row in places
            ],
            texts.text("reference.head.population"): [
                texts.value(row.population) for row in places
            ],
            texts.text("reference.head.year"): [
                str(row.population_year) if row.population_year else "" for row in places
            ],
            texts.text("reference.head.source"): [row.source for row in places],
        },
        key="reference.places",
    )


def _move(
    context: PageContext, places: Sequence[Municipality], districts: Mapping[str, District]
) -> None:
    texts, key = context.texts, "reference.places.move"
    known = {row.code: row for row in places}
    with st.form(key, enter_to_submit=False):
        which, where = st.columns(2)
        with which:
            code = st.selectbox(
                texts.text("reference.head.municipality"),
                list(known),
                index=None,
                format_func=lambda one: _name(context, known[one]),
                placeholder=texts.text("reference.choose"),
                key=f"{key}.code",
            )
        with where:
            district = st.selectbox(
                texts.text("reference.head.district"),
                list(districts),
                index=None,
                format_func=lambda one: _name(context, districts[one]),
                placeholder=texts.text("reference.choose"),
                key=f"{key}.district",
            )
        grounds = fields.grounds(texts, key)
        if not st.form_submit_button(texts.text("reference.preview")):
            return
        if code is None or district is None:
            st.warning(texts.text("reference.incomplete"), icon=":material/info:")
            return
        row = known[code]
        act = partial(
            move_municipality, by=context.actor, code=code, version=row.row_version,
            district=district, grounds=grounds,
        )  # fmt: skip
        values = {"place": _name(context, row), "district": _name(context, districts[district])}
        draft.propose(context, Edit(PART, "reference.will.move", values, act))


def _name(context: PageContext, named: Named) -> str:
    return LocalText.name_of(named).within(context.language)
