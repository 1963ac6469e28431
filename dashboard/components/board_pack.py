"""The board pack of the period looked at, as a workbook made on the click."""

from __future__ import annotations

import streamlit as st

from dashboard.context import PageContext
from data.access.permissions import Permission
from data.agency.directory import the_agency
from data.period import Frequency
from reports.building import build_management_pack, file_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(context: PageContext) -> None:
    """Offered to whoever may build reports, for periods a board meets on."""
    if not context.may(Permission.REPORT_BUILD) or context.period.frequency is Frequency.WEEK:
        return
    agency = the_agency(context.workspace, by=context.actor)

    def make() -> bytes:
        report = build_management_pack(
            context.workspace, by=context.actor, period=context.period, language=context.language
        )
        return report.content

    st.download_button(
        context.texts.text("overview.board_pack", period=context.period),
        make,
        file_name=file_name(
            context.period,
            context.language,
            demo=agency is not None and agency.demo,
            then=context.workspace.then,
        ),
        mime=XLSX,
        icon=":material/download:",
        key="board-pack",
        on_click="ignore",
        help=context.texts.text("overview.board_pack_help"),
    )
