"""The table of service delivery: by service, by office, or both, sorted as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import pandas as pd
import streamlit as st

from dashboard.components.kpi_drawing import Sheet, download
from dashboard.components.kpi_names import cell_name, dimension_name, member_name, member_names
from dashboard.components.kpi_reading import delivery_of
from dashboard.components.kpis import figures
from dashboard.components.messages import empty, plain
from dashboard.context import PageContext
from data.access.permissions import Permission
from data.figure import Figure, Unit
from data.language.texts import Texts
from kpis.register import Kpi
from kpis.service_delivery import Delivery, DeliveryRow

SHOWN = (
    "intake",
    "output",
    "backlog",
    "up_to_15",
    "up_to_30",
    "up_to_60",
    "over_60",
    "overdue",
    "median",
    "p90",
    "within_deadline",
    "rejection",
)
ROWS_AT_ONCE, HEIGHT = 14, 620  # more rows scroll under their header; pixels


class DeliveryBy(StrEnum):
    """By what the table is told."""

    SERVICE = "service"
    OFFICE = "office"
    BOTH = "both"


DIMENSIONS = {
    DeliveryBy.SERVICE: ("service",),
    DeliveryBy.OFFICE: ("office",),
    DeliveryBy.BOTH: ("office", "service"),
}


def draw(context: PageContext, kpis: Mapping[str, Kpi]) -> None:
    """Choose the rows and their order, see them, take them along."""
    texts = context.texts
    st.subheader(texts.text("delivery.table"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = _by(context)
        order = _order(context)
        place = st.container(width="content")
    with context.workspace.read(context.actor, Permission.KPI_VIEW) as reader:
        found = delivery_of(
            reader, kpis, context.period, by, office=context.office, service=context.service
        )
    rows = _sorted(context, found.rows, order) if by else []  # the whole alone has no parts
    names = _names(context, by)
    with place:
        download(
            texts,
            "delivery.table",
            lambda: _sheet(context, found, by, rows, names),
            file=f"service-delivery-{context.period.code}",
        )
    if by and not rows:
        empty(texts, "delivery.no_rows", "delivery.no_rows_why")
    _table(context, found, by, rows, names)


def _by(context: PageContext) -> tuple[str, ...]:
    """What is not filtered already can be told apart."""
    filters = {"office": context.office, "service": context.service}
    taken = {dimension for dimension, member in filters.items() if member}
    offered = [by for by in DeliveryBy if taken.isdisjoint(DIMENSIONS[by])]
    if not offered:
        return ()
    if st.session_state.get("delivery.by") not in offered:
        st.session_state["delivery.by"] = offered[0]
    chosen = st.segmented_control(
        context.texts.text("delivery.by"),
        offered,
        required=True,
        format_func=context.texts.word,
        key="delivery.by",
    )
    return DIMENSIONS[chosen or offered[0]]


def _order(context: PageContext) -> str | None:
    """A column, the largest first; None for the order of the agency's own lists."""
    return st.selectbox(
        context.texts.text("delivery.order"),
        list(SHOWN),
        index=None,
        key="delivery.order",
        format_func=lambda name: context.texts.text(f"delivery.column.{name}"),
        placeholder=context.texts.text("delivery.own_order"),
        width=240,
    )


def _sorted(
    context: PageContext, rows: Sequence[DeliveryRow], order: str | None
) -> list[DeliveryRow]:
    places = {code: n for n, code in enumerate(member_names(context, "service"))}

    def own(row: DeliveryRow) -> tuple[str, int]:
        return row.office or "", places.get(row.service or "", len(places))

    if order is None:
        return sorted(rows, key=own)
    return sorted(rows, key=lambda row: (_largest_first(row, order), *own(row)))


def _largest_first(row: DeliveryRow, column: str) -> tuple[bool, float]:
    figure = row.figures.get(column)
    value = figure.value if figure else None
    return (True, 0.0) if value is None else (False, -value)


def _names(context: PageContext, by: Iterable[str]) -> dict[str, Mapping[str, str]]:
    return {dimension: member_names(context, dimension) for dimension in by}


def _heads(context: PageContext, found: Delivery) -> dict[str, str]:
    """Column to header."""
    named = [name for name in SHOWN if name in found.columns]
    return {name: context.texts.text(f"delivery.column.{name}") for name in named}


def _with_units(context: PageContext, found: Delivery) -> list[str]:
    """The headers as a file needs them, with the unit of what is no count."""
    texts = context.texts
    return [
        head
        if found.total.figures[name].unit is Unit.CASES
        else f"{head} ({texts.word(found.total.figures[name].unit)})"
        for name, head in _heads(context, found).items()
    ]


def _cells(context: PageContext, row: DeliveryRow, heads: Iterable[str]) -> list[str]:
    return [context.texts.figure_number(row.figures[name]) for name in heads]


def _drawn(texts: Texts, figure: Figure) -> str:
    """The number with its per cent sign, or in small why there is none."""
    shown = plain(figures.short(texts, figure))
    return f":small[:gray[{shown}]]" if figure.value is None else shown


def _named(
    context: PageContext, row: DeliveryRow, names: Mapping[str, Mapping[str, str]]
) -> list[str]:
    members = row.cell.members
    return [
        member_name(context.texts, dimension, members[dimension], known)
        for dimension, known in names.items()
    ]


def _table(
    context: PageContext,
    found: Delivery,
    by: tuple[str, ...],
    rows: Sequence[DeliveryRow],
    names: Mapping[str, Mapping[str, str]],
) -> None:
    """The whole first, in bold; then its parts."""
    heads = _heads(context, found)
    title = " · ".join(dimension_name(context.texts, dimension) for dimension in by)
    whole = [_drawn(context.texts, found.total.figures[name]) for name in heads]
    lines = [[f"**{cell}**" for cell in (plain(cell_name(context, found.total.cell)), *whole)]]
    for row in rows:
        named = plain(" · ".join(_named(context, row, names)))
        lines.append([named, *(_drawn(context.texts, row.figures[name]) for name in heads)])
    with st.container(key="delivery-table"):
        st.table(
            pd.DataFrame(lines, columns=[plain(head) for head in (title, *heads.values())]),
            border="horizontal",
            hide_index=True,
            height=HEIGHT if len(lines) > ROWS_AT_ONCE else "content",
            alt=context.texts.text("delivery.table_alt", period=context.period),
        )
    st.caption(plain(context.texts.text("delivery.table_units")))


def _sheet(
    context: PageContext,
    found: Delivery,
    by: tuple[str, ...],
    rows: Sequence[DeliveryRow],
    names: Mapping[str, Mapping[str, str]],
) -> Sheet:
    """The same as a file; the whole has nothing in the columns of the parts."""
    heads = _heads(context, found)
    lines = [[*_named(context, row, names), *_cells(context, row, heads)] for row in rows]
    whole = [*[figures.short(context.texts, None)] * len(by), *_cells(context, found.total, heads)]
    named = [dimension_name(context.texts, dimension) for dimension in by]
    headers = [*named, *_with_units(context, found)]
    return Sheet(tuple(headers), tuple(tuple(line) for line in [whole, *lines]))
