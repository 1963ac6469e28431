"""Which columns are not stated, is that getting better, and which KPIs lean on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from dashboard.components.data_quality import words
from dashboard.components.extracts.names import days
from dashboard.components.kpi_drawing import Sheet, download, draw_sheet
from dashboard.components.kpi_names import dimension_name
from dashboard.components.messages import plain
from dashboard.context import PageContext
from data.extracts.quality import ColumnGap, ColumnReport
from kpis.quality import Lean, Part

HEAD = ("column", "unstated", "year_before", "difference", "unstated_rows", "counted", "breakdown")
NUMBERS = HEAD[1:5]
MOST_NAMED = 3  # breakdowns of one KPI
Leans = Mapping[str, Sequence[Lean]]


def draw(context: PageContext, report: ColumnReport, leans: Leans) -> None:
    """The worst column in a sentence, then those with gaps, then those that may be empty."""
    texts = context.texts
    st.subheader(texts.text("data_quality.columns"), anchor=False)
    if not report.rows:
        st.markdown(plain(texts.text("data_quality.no_rows", days=days(texts, *report.span))))
        return
    st.markdown(plain(_sentence(context, report, leans)))
    told = [gap for gap in report.gaps if gap.unstated or gap.unstated_before]
    table = sheet(context, [gap for gap in told if not _rightly_empty(gap, leans)], leans)
    if table.rows:
        draw_sheet(table, alt=texts.text("data_quality.columns"))
    st.caption(
        plain(
            texts.text(
                "data_quality.columns_how",
                rows=report.rows,
                days=days(texts, *report.span),
                before=days(texts, *report.before),
            )
        )
    )
    _later(context, told, leans)
    everything = sheet(context, report.gaps, leans)
    download(texts, "quality.columns", lambda: everything, file=f"{report.contract}-columns")


def _sentence(context: PageContext, report: ColumnReport, leans: Leans) -> str:
    """'municipality_code is not stated in 3.1% of rows; it touches SD-01, CR-05.'"""
    texts = context.texts
    gaps = [gap for gap in report.gaps if gap.unstated and not _rightly_empty(gap, leans)]
    touching = [gap for gap in gaps if leans.get(gap.column)]
    if not touching:
        return texts.text("data_quality.columns_fine")
    worst = touching[0]
    return texts.text(
        "data_quality.columns_worst",
        column=worst.column,
        share=words.share(texts, worst.unstated, worst.rows),
        kpis=list(dict.fromkeys(lean.code for lean in leans[worst.column])),
    )


def _rightly_empty(gap: ColumnGap, leans: Leans) -> bool:
    """What may not have happened yet, or is there for some cases only, by all KPIs that ask it."""
    own = leans.get(gap.column, ())
    return gap.may_be_empty or (bool(own) and all(lean.of_some for lean in own))


def _later(context: PageContext, told: Sequence[ColumnGap], leans: Leans) -> None:
    """What may not have happened yet, one click away: its emptiness need not be a fault."""
    texts = context.texts
    table = sheet(context, [gap for gap in told if _rightly_empty(gap, leans)], leans)
    if table.rows:
        with st.expander(texts.text("data_quality.may_be_empty"), type="compact"):
            draw_sheet(table, alt=texts.text("data_quality.may_be_empty"))


def sheet(context: PageContext, gaps: Sequence[ColumnGap], leans: Leans) -> Sheet:
    """Columns as a table, in the order given."""
    headers = {name: context.texts.text(f"data_quality.head.{name}") for name in HEAD}
    rows = tuple(tuple(_row(context, gap, leans.get(gap.column, ()))) for gap in gaps)
    return Sheet(tuple(headers.values()), rows, frozenset(headers[name] for name in NUMBERS))


def _row(context: PageContext, gap: ColumnGap, leans: Sequence[Lean]) -> Iterator[str]:
    texts = context.texts
    yield gap.column
    yield words.share(texts, gap.unstated, gap.rows)
    yield words.share(texts, gap.unstated_before, gap.rows_before)
    change = gap.change
    yield texts.value(None) if change is None else texts.signed(words.HUNDRED * change, 1)
    yield texts.number(gap.unstated)
    counted = [lean.code for lean in leans if lean.part is Part.COUNTED]
    yield ", ".join(counted) or texts.value(None)
    split = [_split(context, lean) for lean in leans if lean.part is Part.BREAKDOWN]
    yield ", ".join(split) or texts.value(None)


def _split(context: PageContext, lean: Lean) -> str:
    """'SD-01 (municipality, district)'."""
    named = [dimension_name(context.texts, one) for one in lean.dimensions[:MOST_NAMED]]
    return f"{lean.code} ({', '.join(named)})"
