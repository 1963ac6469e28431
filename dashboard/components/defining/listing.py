"""Every KPI there ever was: its version, from when, by whom, and whether it is in use."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.kpi_drawing import Sheet, draw_sheet
from dashboard.components.kpis.figures import named
from dashboard.components.tables import moment_short
from dashboard.context import PageContext
from data.language.texts import Texts
from kpis.defining.document import write_documents
from kpis.defining.reading import DefinedKpi

HEAD = ("code", "name", "version", "valid_from", "state", "by", "at", "reason")


def draw(context: PageContext, known: Sequence[DefinedKpi]) -> None:
    """The table, and all definitions in use as a file."""
    texts = context.texts
    rows = tuple(_row(texts, one) for one in known)
    draw_sheet(
        Sheet(tuple(texts.text(f"defining.head.{name}") for name in HEAD), rows),
        alt=texts.text("defining.list_alt"),
    )
    in_use = [one.entry for one in known if one.retired_at is None]
    export(texts, "defining.export_all", "kpis", lambda: write_documents(in_use))


def _row(texts: Texts, one: DefinedKpi) -> tuple[str, ...]:
    return (
        one.code,
        named(texts, one.definition.names),
        str(one.version),
        texts.day_short(one.definition.valid_from),
        state(texts, one),
        one.author,
        moment_short(texts, one.created_at),
        one.reason,
    )


def state(texts: Texts, one: DefinedKpi) -> str:
    """In use, waiting for its day, kept off the scorecard, or retired."""
    if one.retired_at is not None:
        return texts.text("defining.state.retired", at=texts.day_short(one.retired_at.date()))
    if one.waits:
        return texts.text("defining.state.waits")
    return texts.text("defining.state.in_use" if one.entry.scorecard else "defining.state.aside")


def export(texts: Texts, label_key: str, name: str, build: object) -> None:
    """A file of definitions, made on the click."""
    st.download_button(
        texts.text(label_key),
        build,  # type: ignore[arg-type]
        file_name=f"{name}.yaml",
        mime="application/yaml",
        icon=":material/download:",
        key=f"define.export.{name}",
        on_click="ignore",
    )
