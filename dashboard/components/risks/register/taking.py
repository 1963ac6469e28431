"""Taking the register along: the rows as a file, the whole of what was chosen as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.board_pack import XLSX
from dashboard.components.risks.register import arranging
from dashboard.components.risks.register.arranging import Layout
from dashboard.components.risks.register.looked import Looked
from dashboard.components.risks.register.written import as_file
from dashboard.context import PageContext
from data.agency.directory import the_agency
from reports.building import build_risk_register
from risks.register.choosing import Choice
from risks.register.record import Risk


def rows(looked: Looked, risks: Sequence[Risk], layout: Layout) -> None:
    """The risks and columns shown, in the same order, each risk once."""
    st.download_button(
        looked.texts.text("shell.download_csv"),
        lambda: as_file(looked, arranging.in_order(looked, risks, layout), layout.columns),
        file_name=f"risks-{looked.today.isoformat()}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="risks.download",
        on_click="ignore",
    )


def workbook(context: PageContext, looked: Looked, choice: Choice) -> None:
    """The register that the filters leave, made on the click."""
    agency = the_agency(context.workspace, by=context.actor)
    demo = "DEMO-" if agency is not None and agency.demo else ""

    def make() -> bytes:
        built = build_risk_register(
            context.workspace, by=context.actor, language=context.language, choice=choice
        )
        return built.content

    st.download_button(
        looked.texts.text("risk_register.workbook"),
        make,
        file_name=f"{demo}risk-register-{looked.today.isoformat()}-{context.language}.xlsx",
        mime=XLSX,
        icon=":material/table_view:",
        key="risks.workbook",
        on_click="ignore",
        help=looked.texts.text("risk_register.workbook_help"),
    )
