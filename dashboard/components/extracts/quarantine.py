"""Rows that were not let in: the first of them, and all of them as a file."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

import streamlit as st

from dashboard.components.extracts.account import reason_name
from dashboard.components.extracts.names import text_or
from dashboard.components.messages import plain
from dashboard.components.tables import table
from dashboard.context import PageContext
from data.extracts.history import quarantine, quarantine_csv

FIRST = 10  # rows shown; the download holds all
SHOWN = ("file", "row", "column", "header", "kind", "shown", "reason", "fate")
SUFFIX = ".quarantine.csv"


def draw_batch(context: PageContext, batch_id: str, *, name: str) -> None:
    """The quarantine of a load, for those who may see it."""
    page = quarantine(context.workspace, by=context.actor, batch_id=batch_id, limit=FIRST)
    if not page.total:
        st.caption(context.texts.text("extracts_page.no_quarantine"))
        return

    def build() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            rows = Path(folder) / "rows.csv"
            quarantine_csv(context.workspace, by=context.actor, batch_id=batch_id, to=rows)
            return rows.read_bytes()

    _draw(context, page.columns, page.rows, total=page.total)
    _download(context, build, name)


def draw_file(context: PageContext, rows: Path, *, name: str) -> None:
    """The quarantine a check left behind."""
    with rows.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        columns = next(lines, [])
        first = [tuple(line) for line in islice(lines, FIRST)]
        total = len(first) + sum(1 for _ in lines)
    if total:
        _draw(context, columns, first, total=total)
        _download(context, rows.read_bytes, name)


def _draw(
    context: PageContext, columns: Sequence[str], rows: Iterable[Sequence[object]], *, total: int
) -> None:
    """The first rows in words; never the values of people."""
    texts, shown = context.texts, list(rows)
    st.subheader(texts.text("extracts_page.quarantine"), anchor=False)
    places = {name: list(columns).index(name) for name in SHOWN if name in columns}
    table(
        {
            texts.text(f"extracts_page.quarantine.{name}"): [
                _cell(context, name, row[place]) for row in shown
            ]
            for name, place in places.items()
        }
    )
    st.caption(plain(texts.text("extracts_page.quarantine_first", shown=len(shown), all=total)))


def _cell(context: PageContext, column: str, value: object) -> str:
    if value is None or value == "":
        return context.texts.value(None)
    if column == "reason":
        return reason_name(context, str(value))
    if column == "kind":
        return text_or(context.texts, f"extracts_page.kind.{value}", str(value))
    if column == "fate":
        return text_or(context.texts, f"extracts_page.row_fate.{value}", str(value))
    return str(value)


def _download(context: PageContext, build: Callable[[], bytes], name: str) -> None:
    st.download_button(
        context.texts.text("extracts_page.quarantine_download"),
        build,
        file_name=f"{Path(name).stem}{SUFFIX}",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"extracts.quarantine.{name}",
    )
