"""Exactly the rows behind a figure, as far as the person's units reach; pseudonymised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from dashboard.components.extracts.names import text_or
from dashboard.components.kpi_as_of import choose_as_of, explain_view
from dashboard.components.kpi_names import dimension_name, member_name, member_names
from dashboard.components.messages import empty, plain
from dashboard.components.tables import csv_file, height_of
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.language.texts import Texts
from kpis.drilling import CountedRows, rows
from kpis.measurement import SENSITIVE
from kpis.readings import MOST_DIMENSIONS
from kpis.scorecard import KpiView

PAGE = 50  # rows shown at once
LARGEST_FILE = 100_000  # rows in one file
ADDED = ("day", "value", "numerator", "denominator", "opened", "due", "closed", "overdue", "age")
Extra = tuple[tuple[str, str], ...]  # (dimension, member) chosen besides the filters of the page


def draw(context: PageContext, view: KpiView) -> None:
    """The rows of the period and the filters, for whoever may see rows."""
    if view.kpi.definition.formula.entered:
        empty(context.texts, "entering.no_rows", "entering.no_rows_why")
        return
    if not context.may(Permission.ROWS_VIEW):
        empty(context.texts, "kpi_page.rows_denied", "kpi_page.rows_denied_why")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        as_of = choose_as_of(context, view)
        extra = _member(context, view)
    number = int(st.session_state.get(_pages_key(view, extra), 1))
    found = _read(context, view, as_of, extra, limit=PAGE, offset=(number - 1) * PAGE)
    counted = explain_view(context, view, as_of, extra).counted
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(_how_many(context.texts, counted, found)))
        _download(context, view, as_of, extra)
    if not found.rows:
        empty(context.texts, "kpi_page.no_rows", "kpi_page.no_rows_why")
        return
    _table(context.texts, found)
    pages = (found.total - 1) // PAGE + 1
    if pages > 1:
        st.pagination(pages, key=_pages_key(view, extra))
    st.caption(plain(context.texts.text("kpi_page.rows_protected")))


def _pages_key(view: KpiView, extra: Extra) -> str:
    """Another question begins on its first page."""
    asked = [view.kpi.code, view.period.code, *view.cell.members.values(), *dict(extra).values()]
    return f"kpi.rows.{'.'.join(asked)}"


def _member(context: PageContext, view: KpiView) -> Extra:
    """One more member to look into, where the filters of the page leave room for it."""
    texts, where = context.texts, view.cell.members
    offered = [name for name in view.breakdowns if name not in where and name not in SENSITIVE]
    if len(where) >= MOST_DIMENSIONS or not offered:
        return ()
    dimension = st.selectbox(
        texts.text("kpi_page.only_of"),
        offered,
        index=None,
        key="kpi.rows.by",
        format_func=lambda name: dimension_name(texts, name),
        placeholder=texts.text("kpi_page.all_rows"),
        width=200,
    )
    if dimension is None:
        return ()
    names = member_names(context, dimension)
    members = [each.cell.members[dimension] for each in view.breakdowns[dimension]]
    chosen = st.selectbox(
        dimension_name(texts, dimension),
        members,
        key=f"kpi.rows.member.{dimension}",
        format_func=lambda member: member_name(texts, dimension, member, names),
        width=240,
    )
    return ((dimension, chosen),) if chosen else ()


def _read(
    context: PageContext,
    view: KpiView,
    as_of: int | None,
    extra: Extra,
    *,
    limit: int,
    offset: int = 0,
) -> CountedRows:
    where = {**view.cell.members, **dict(extra)}
    with context.workspace.read(context.actor, Permission.ROWS_VIEW) as reader:
        return rows(
            reader,
            view.kpi.code,
            view.period,
            where=where,
            as_of=as_of,
            limit=limit,
            offset=offset,
        )


def _how_many(texts: Texts, counted: int | None, found: CountedRows) -> str:
    if found.total == counted:
        return texts.text("kpi_page.rows_all", counted=counted)
    return texts.text("kpi_page.rows_some", counted=counted, seen=found.total)


def _table(texts: Texts, found: CountedRows) -> None:
    order = _in_order(found.columns)
    st.dataframe(
        {
            _header(texts, found.columns[place]): [_shown(texts, row[place]) for row in found.rows]
            for place in order
        },
        hide_index=True,
        height=height_of(len(found.rows)),
        alt=texts.text("kpi_part.rows"),
    )


def _in_order(columns: Sequence[str]) -> list[int]:
    """The key, then what the row adds to the figure, then everything else."""
    added = [place for place, name in enumerate(columns) if name in ADDED]
    others = [place for place in range(1, len(columns)) if place not in added]
    return [0, *added, *others]


def _header(texts: Texts, column: str) -> str:
    """What the row adds in words, the columns of the extract by the names its contract gives."""
    return text_or(texts, f"kpi_page.row.{column}", column) if column in ADDED else column


def _shown(texts: Texts, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return texts.value(value)
        case datetime():
            return f"{texts.day_short(value.date())} {value:%H:%M}"
        case date():
            return texts.day_short(value)
        case Decimal() | float():
            return texts.number(value)
    return str(value)


def _download(context: PageContext, view: KpiView, as_of: int | None, extra: Extra) -> None:
    """All rows that may be seen, as they are; read when the file is asked for."""

    def make() -> bytes:
        found = _read(context, view, as_of, extra, limit=LARGEST_FILE)
        order = _in_order(found.columns)
        return csv_file(
            [found.columns[place] for place in order],
            ([_written(row[place]) for place in order] for row in found.rows),
        )

    st.download_button(
        context.texts.text("shell.download_csv"),
        make,
        file_name=f"{view.kpi.code}-{view.period.code}-rows.csv",
        mime="text/csv",
        icon=":material/download:",
        key="kpi.rows.download",
        on_click="ignore",
    )


def _written(value: Any) -> str:
    """The value as programs read it."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
