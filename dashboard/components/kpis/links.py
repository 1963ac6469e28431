"""Links from what is looked at to a KPI, keeping period, office, service and language."""

from __future__ import annotations

import streamlit as st

from dashboard.components.messages import plain
from dashboard.context import Link, PageContext

KPI, SCORECARD, EXTRACTS, ACTIONS = "kpi", "scorecard", "extracts", "actions"  # addresses of pages


def kpi_link(context: PageContext, code: str, label: str) -> None:
    """A link to a KPI's page, within this tab."""
    page_link(context, KPI, plain(label), context.link_with(kpi=code))


def page_link(context: PageContext, path: str, label: str, link: Link, icon: str = "") -> None:
    """A link to a page, within this tab; plain text where the page does not exist."""
    if path not in context.places:
        st.markdown(label)
        return
    st.page_link(
        context.places[path],
        label=label,
        icon=icon,
        query_params=link.parameters(),
    )


def kpi_in_text(context: PageContext, code: str, label: str) -> str:
    """A link to a KPI's page as Markdown, for a cell of a table; it opens in a new tab."""
    if KPI not in context.places:
        return plain(label)
    return f"[{plain(label)}]({KPI}{context.link_with(kpi=code).query()})"
