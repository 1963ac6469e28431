"""Definitions: what each KPI means, in versions; create, change, retire, import and export."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard.components.defining import choosing, draft, editor, importing, listing
from dashboard.components.messages import empty
from dashboard.context import PageContext
from data.access.permissions import Permission
from kpis.defining.reading import DefinedKpi, Offer, read_defined, read_offer


def draw(context: PageContext) -> None:
    """Choose one or begin a new one, write it, and see all there are."""
    texts = context.texts
    with context.workspace.read(context.actor, Permission.KPI_DEFINE) as reader:
        known, offer = read_defined(reader), read_offer(reader)
    by_code = {one.code: one for one in known}
    st.caption(texts.text("defining.about"))
    choosing.draw(context, by_code)
    if context.may(Permission.KPI_DEFINE):
        _write(context, by_code, offer)
    st.subheader(texts.text("defining.all"), anchor=False)
    if known:
        listing.draw(context, known)
    else:
        empty(texts, "kpi_page.no_kpis", "kpi_page.no_kpis_why")


def _write(context: PageContext, known: Mapping[str, DefinedKpi], offer: Offer) -> None:
    """The one being written, and the place for a file of many."""
    begun = draft.current()
    if begun is not None:
        with st.container(border=True):
            editor.draw(context, offer, known.get(begun.table["code"]) if begun.seen else None)
    with st.expander(context.texts.text("defining.import_title"), icon=":material/upload_file:"):
        importing.draw(context)
