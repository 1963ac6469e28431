"""All targets in force in one table, to be narrowed down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from dashboard.components.kpi_drawing import Sheet, download, draw_sheet
from dashboard.components.kpis.figures import named
from dashboard.components.messages import plain
from dashboard.components.targets import words
from dashboard.components.targets.history import unit_name
from dashboard.components.targets.house import TargetHouse
from dashboard.context import PageContext
from data.language.texts import Texts
from kpis.targets.listing import Listed

KPI, UNIT, ASSUMED = "targets.list.kpi", "targets.list.unit", "targets.list.assumed"
AGENCY = ""  # stands for the whole agency among the codes of offices
HEAD = (
    "kpi",
    "unit",
    "final",
    "course",
    "due",
    "valid_from",
    "period",
    "actual",
    "aim",
    "assumption",
    "tolerance",
    "source",
    "by",
    "reason",
)
NUMBERS = frozenset({"final", "actual", "aim", "tolerance"})


def draw(context: PageContext, house: TargetHouse) -> None:
    """What to look at, and the targets that are left."""
    rows = [row for row in _chosen(context, house) if row.entry is not None]
    texts = context.texts
    if not rows:
        st.caption(texts.text("targets.none_left"))
        return
    sheet = _sheet(texts, house, rows)
    draw_sheet(sheet, alt=texts.text("targets.table_alt"))
    st.caption(plain(texts.text("targets.as_of", day=house.day)))
    download(texts, "targets.list", lambda: sheet, file=f"targets-{house.day.isoformat()}")


def _chosen(context: PageContext, house: TargetHouse) -> Iterator[Listed]:
    texts = context.texts
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            texts.text("targets.which_kpi"),
            list(house.kpis),
            index=None,
            placeholder=texts.text("targets.every_kpi"),
            format_func=lambda one: kpi_label(texts, house, one),
            key=KPI,
            width=360,
        )
        unit = st.selectbox(
            texts.text("targets.which_unit"),
            [AGENCY, *sorted({row.office for row in house.listed if row.office})],
            index=None,
            placeholder=texts.text("targets.every_unit"),
            format_func=lambda one: unit_name(texts, one or None, house.offices),
            key=UNIT,
            width=220,
        )
        assumed = st.toggle(texts.text("targets.only_assumptions"), key=ASSUMED)
    for row in house.listed:
        target = row.entry.target if row.entry else None
        fits = code in (None, row.kpi.code) and unit in (None, row.office or AGENCY)
        if fits and (not assumed or (target is not None and target.assumption)):
            yield row


def kpi_label(texts: Texts, house: TargetHouse, code: str) -> str:
    """'SD-01 · Median turnaround'."""
    return f"{code} · {named(texts, house.kpis[code].definition.names)}"


def _sheet(texts: Texts, house: TargetHouse, rows: Sequence[Listed]) -> Sheet:
    headers = {name: texts.text(f"targets.head.{name}") for name in HEAD}
    return Sheet(
        tuple(headers.values()),
        tuple(tuple(_cells(texts, house, row)) for row in rows),
        frozenset(headers[name] for name in NUMBERS),
    )


def _cells(texts: Texts, house: TargetHouse, row: Listed) -> Iterator[str]:
    definition, entry = row.kpi.definition, row.entry
    if entry is None or entry.target is None:
        return
    tolerance = entry.target.tolerance
    yield kpi_label(texts, house, row.kpi.code)
    yield unit_name(texts, row.office, house.offices)
    yield words.aim(texts, definition, entry.target)
    yield texts.word(entry.path.course)
    yield texts.day_short(entry.path.due) if entry.path.due else texts.value(None)
    yield texts.day_short(entry.valid_from)
    yield texts.period_short(row.period)
    yield texts.figure(row.reading.figure) if row.reading else texts.value(None)
    yield words.aim(texts, definition, row.aim)
    yield texts.value(entry.target.assumption)
    yield texts.value(None) if tolerance is None else words.gap(texts, definition, tolerance)
    yield entry.target.source
    yield entry.author
    yield entry.reason
