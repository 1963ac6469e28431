"""Services: what the agency delivers, in the order in which it is listed everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.messages import plain
from dashboard.components.reference import draft, service_forms
from dashboard.components.reference.service_forms import PART
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.agency.services import read_services
from data.language.languages import Language
from data.store.tables import Service


def draw(context: PageContext) -> None:
    """Every service, retired ones among them; for those who may, what becomes of one."""
    rows = read_services(context.workspace, by=context.actor)
    active = sum(row.active for row in rows)
    count = {"active": active, "retired": len(rows) - active}
    st.markdown(plain(context.texts.text("reference.services.sentence", **count)))
    _table(context, rows)
    if context.may(Permission.REFERENCE_CHANGE):
        service_forms.draw(context, rows)
        draft.draw(context, PART)


def _table(context: PageContext, rows: Sequence[Service]) -> None:
    texts = context.texts
    names = {
        texts.text("reference.name_in", language=language): [
            getattr(row, f"name_{language}") for row in rows
        ]
        for language in Language
    }
    table(
        {
            texts.text("reference.head.position"): [str(n + 1) for n in range(len(rows))],
            texts.text("reference.head.code"): [row.code for row in rows],
            **names,
            texts.text("reference.head.in_use"): [
                texts.text("common.yes" if row.active else "common.no") for row in rows
            ],
        },
        key="reference.services",
    )
